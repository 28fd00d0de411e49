#!/usr/bin/env python3
"""Asks purvey and what one would use instead the same questions about the same made-up supplies, and prints tables.

    python3 benches/peers/run.py --facts 100000 --out target/peers

makes a virtual environment in the folder, generates the data, loads every peer, checks that all answers agree (one that does
not is reported as wrong and not timed), and measures in rounds, each of which runs every peer once. A peer that cannot be had
here is skipped, and that is told. purvey must be built before: cargo build --release --bins --examples.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import report
from adapters.commands import DuckdbCommand, Purvey, SqliteCommand
from questions import Facts, QUESTIONS, canonical, params

# Name, whether it has a store, and its packages. The first column of tables has this order.
PEERS = {
    "purvey": ("command", []),
    "duckdb-cli": ("command", ["duckdb-cli"]),
    "sqlite-cli": ("command", []),
    "duckdb": ("store", ["duckdb"]),
    "sqlite": ("store", []),
    "ladybug": ("store", ["ladybug"]),
    "oxigraph": ("store", ["pyoxigraph"]),
    "igraph": ("memory", ["igraph", "numpy", "pyarrow"]),
    "rustworkx": ("memory", ["rustworkx", "numpy", "pyarrow"]),
    "networkx": ("memory", ["networkx", "numpy", "pyarrow"]),
}


class Run:
    def __init__(self, args):
        self.args = args
        self.out = os.path.abspath(args.out)
        self.data = f"{self.out}/{args.facts}"
        self.python = f"{self.out}/venv/bin/python"
        self.results = {"facts": args.facts, "seed": args.seed, "peers": {}, "answers": {}, "skipped": {}, "started": time.strftime("%FT%TZ", time.gmtime())}
        self.commands = {}

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def skip(self, peer, why):
        self.results["skipped"][peer] = why
        self.say(f"SKIPPED {peer}: {why}")

    def peer(self, name):
        return self.results["peers"].setdefault(name, {"questions": {}})

    # The environment

    def environment(self):
        os.makedirs(self.out, exist_ok=True)
        if not os.path.exists(self.python):
            subprocess.run([sys.executable, "-m", "venv", f"{self.out}/venv"], check=True)
        pinned = dict(line.strip().split("==") for line in open(f"{HERE}/requirements.txt") if "==" in line)
        listed = subprocess.run([self.python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"], check=True, capture_output=True)
        there = {it["name"].lower(): it["version"] for it in json.loads(listed.stdout)}
        missing = {}
        for name, version in pinned.items():
            if there.get(name) == version:
                continue
            # One by one: what cannot be had must not keep the others away.
            got = subprocess.run([self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", f"{name}=={version}"], capture_output=True, text=True)
            if got.returncode:
                missing[name] = (got.stderr.strip().splitlines() or ["pip failed"])[-1]
        for needed in ("numpy", "pyarrow"):
            if needed in missing:
                raise SystemExit(f"the data cannot be made without {needed}: {missing[needed]}")
        self.results["versions"] = {name: version for name, version in pinned.items() if name not in missing}
        wanted = [it for it in (self.args.peers or ",".join(PEERS)).split(",") if it]
        for name in wanted:
            lacking = [it for it in PEERS[name][1] if it in missing]
            if lacking:
                self.skip(name, f"{lacking[0]} cannot be installed: {missing[lacking[0]]}")
        self.wanted = [it for it in wanted if it not in self.results["skipped"]]
        self.tools()

    def tools(self):
        target = self.args.target or f"{ROOT}/target/release"
        tools = {
            "duckdb": f"{self.out}/venv/bin/duckdb", "sqlite3": shutil.which("sqlite3"), "purvey": f"{target}/purvey",
            "purvey-library": f"{target}/examples/peers",
        }
        makers = {"purvey": (Purvey, "purvey"), "duckdb-cli": (DuckdbCommand, "duckdb"), "sqlite-cli": (SqliteCommand, "sqlite3")}
        for name, (make, tool) in makers.items():
            if name not in self.wanted:
                continue
            if not tools[tool] or not os.path.exists(tools[tool]):
                self.skip(name, f"there is no program {tools[tool] or tool}")
                self.wanted.remove(name)
                continue
            self.commands[name] = make(tools)
            if name == "purvey" and not os.path.exists(tools["purvey-library"]):
                self.skip("purvey, warm", f"there is no program {tools['purvey-library']}")
            version = subprocess.run([tools[tool], "--version"], capture_output=True, text=True).stdout.split("\n")[0]
            self.results["versions"][name] = version

    def generate(self):
        if not os.path.exists(f"{self.data}/params.json"):
            self.say(f"making {self.args.facts} supplies")
            subprocess.run([self.python, f"{HERE}/generate.py", str(self.args.facts), str(self.args.seed), self.data], check=True)
        self.params = params(self.data)
        if self.params["seed"] != self.args.seed:
            raise SystemExit(f"{self.data} was made with the seed {self.params['seed']}: name another folder with --out")
        self.facts = Facts(self.data)
        self.results["csv_mb"] = sum(os.path.getsize(f"{self.data}/{it}.csv") for it in ("entities", "items", "facts")) / 1e6
        self.results["all_facts"] = self.params["all_facts"]

    # Processes

    def measured(self, command, keep):
        """What a command took; what it prints is in the file `keep`."""
        source = []
        if command.source is not None:
            with open(f"{keep}.in", "w") as file:
                file.write(command.source)
            source = [f"{keep}.in"]
        argv = [sys.executable, "-S", "-I", f"{HERE}/measure.py", keep, *source, "--", *command.argv]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=self.args.timeout)
        it = json.loads(done.stdout)
        # purvey says 1 where it has told something beside the answer.
        if it["code"] not in (0, 1):
            with open(f"{keep}.err") as file:
                raise RuntimeError((file.read().strip().splitlines() or [f"exit code {it['code']}"])[-1][:300])
        return it

    def library(self, peer, *more):
        """Lines of JSON of one process of a Python library, each with the seconds since it began."""
        argv = [self.python, f"{HERE}/ask.py", peer, self.data, self.store(peer), *more]
        begin = time.perf_counter()
        with open(f"{self.data}/{peer}.err", "w+") as errors:
            process = subprocess.Popen(["timeout", str(self.args.timeout), *argv], stdout=subprocess.PIPE, stderr=errors, text=True)
            lines = [{**json.loads(line), "since": time.perf_counter() - begin} for line in process.stdout]
            code = process.wait()
            if code:
                errors.seek(0)
                why = (errors.read().strip().splitlines() or [f"exit code {code}"])[-1][:300]
                raise RuntimeError(f"no answer within {self.args.timeout} s" if code == 124 else why)
        return lines

    def store(self, peer):
        return f"{self.data}/store-{peer}"

    # What is measured

    def load(self, peer):
        store = self.store(peer)
        done = f"{store}/done.json"
        if os.path.exists(done) and not self.args.rebuild:
            with open(done) as file:
                self.peer(peer)["load"] = json.load(file)
            return
        shutil.rmtree(store, ignore_errors=True)
        os.makedirs(store)
        self.say(f"loading {peer}")
        if peer in self.commands:
            taken = [self.measured(it, f"{self.data}/{peer}-load.txt") for it in self.commands[peer].build(self.data, store)]
            it = {"wall": sum(it["wall"] for it in taken), "cpu": sum(it["cpu"] for it in taken), "peak_mb": max(it["peak_mb"] for it in taken)}
        else:
            it = self.library(peer, "--build")[0]
        it["store_mb"] = sum(os.path.getsize(f"{folder}/{name}") for folder, _, names in os.walk(store) for name in names) / 1e6
        it["load_average"] = os.getloadavg()[0]
        with open(done, "w") as file:
            json.dump(it, file)
        self.peer(peer)["load"] = it

    def note(self, peer, question, answer, path=None, **taken):
        entry = self.peer(peer)["questions"].setdefault(question, {"cold": [], "cold_cpu": [], "warm": [], "warm_cpu": [], "peak_mb": []})
        if answer is not None:
            known = entry.setdefault("answer", answer)
            if known != answer:
                entry["error"] = f"answers {answer} and {known} to the same question"
            if path is not None and not self.facts.is_path(path, self.params[question]):
                entry["error"] = "a step of its path is no supply"
        for name, value in taken.items():
            entry[name] += value if isinstance(value, list) else [value]

    def fail(self, peer, question, why):
        self.peer(peer)["questions"].setdefault(question, {})["error"] = str(why)[:300]
        self.say(f"{peer} {question}: {why}")

    def ask_command(self, peer, question):
        it, p = self.commands[peer], self.params[question]
        commands = it.ask(question, p, self.store(peer), self.facts)
        keep = [f"{self.data}/{peer}-{question}-{at}.json" for at in range(len(commands))]
        taken = [self.measured(command, file) for command, file in zip(commands, keep)]
        texts = []
        for file in keep:
            with open(file) as text:
                texts.append(text.read())
        raw = it.read(question, p, texts, self.facts)
        self.note(peer, question, canonical(question, raw), list(raw) if question == "q3" else None, cold=sum(t["wall"] for t in taken),
                  cold_cpu=sum(t["cpu"] for t in taken), peak_mb=max(t["peak_mb"] for t in taken))
        self.peer(peer)["questions"][question]["printed_kb"] = sum(map(len, texts)) / 1e3
        if hasattr(it, "warm") and "purvey, warm" not in self.results["skipped"]:
            lines = []
            for at, command in enumerate(it.warm(question, p, self.store(peer), self.facts, self.args.repeat)):
                self.measured(command, f"{keep[0]}.warm-{at}")
                with open(f"{keep[0]}.warm-{at}") as file:
                    lines.append(json.load(file))
            times = {name: [sum(t) for t in zip(*(line[name] for line in lines))] for name in ("warm", "warm_cpu")}
            self.note(peer, question, None, **times)

    def ask_library(self, peer, asked):
        """One process answers all of the questions given; the first of them is asked cold."""
        lines = self.library(peer, "--questions", ",".join(asked), "--repeat", str(self.args.repeat))
        opened = lines[0]
        at = 1
        for question in asked:
            first, again = lines[at], lines[at + 1]
            before = lines[at - 1]
            at += 2
            # Where the tables are read in each process, cold is that and the answer.
            cold, cpu = opened["since"] + first["since"] - before["since"], opened["cpu"] + first["cpu"] - before["cpu"]
            self.note(peer, question, first["answer"], first["path"], cold=cold, cold_cpu=cpu, peak_mb=first["peak_mb"], warm=again["warm"], warm_cpu=again["warm_cpu"])

    def round(self, number):
        asked = self.args.questions.split(",")
        for question in asked:
            for peer in self.wanted:
                if PEERS[peer][0] == "memory" or "error" in self.peer(peer)["questions"].get(question, {}) or "error" in self.peer(peer):
                    continue
                try:
                    self.ask_command(peer, question) if peer in self.commands else self.ask_library(peer, [question])
                except (RuntimeError, ValueError, KeyError, TypeError, IndexError, subprocess.TimeoutExpired) as error:
                    self.fail(peer, question, f"{type(error).__name__}: {error}" if not isinstance(error, RuntimeError) else error)
        for peer in self.wanted:
            if PEERS[peer][0] == "memory" and number < self.args.memory_rounds:
                try:
                    self.ask_library(peer, asked)
                except RuntimeError as error:
                    for question in asked:
                        self.fail(peer, question, error)

    def judge(self):
        """What most peers answer is right; who answers otherwise is wrong and is not timed."""
        for question in QUESTIONS:
            given = {name: tuple(it["questions"][question]["answer"]) for name, it in self.results["peers"].items()
                     if "answer" in it["questions"].get(question, {})}
            if not given:
                continue
            answer, count = Counter(given.values()).most_common(1)[0]
            self.results["answers"][question] = {"answer": answer, "given_by": count}
            for name, it in given.items():
                if it != answer:
                    self.peer(name)["questions"][question]["wrong"] = f"{it} where {count} peers answer {answer}"

    def main(self):
        self.environment()
        self.generate()
        for peer in list(self.wanted):
            if PEERS[peer][0] != "memory":
                try:
                    self.load(peer)
                except (RuntimeError, subprocess.TimeoutExpired) as error:
                    shutil.rmtree(self.store(peer), ignore_errors=True)
                    self.peer(peer)["error"] = str(error)[:300]
                    self.say(f"{peer} cannot load: {error}")
        loads = []
        for number in range(self.args.rounds):
            self.say(f"round {number + 1} of {self.args.rounds}")
            self.round(number)
            loads.append(round(os.getloadavg()[0], 1))
        self.judge()
        self.results.update(load_average=loads, cores=os.cpu_count())
        with open(f"{self.data}/results.json", "w") as file:
            json.dump(self.results, file, indent=1)
        print(report.tables(self.results))
        wrong = [name for name, it in self.results["peers"].items() if any("wrong" in q for q in it["questions"].values())]
        return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=100_000, help="how many supplies")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", default=f"{ROOT}/target/peers", help="folder for the environment, the data and the results")
    parser.add_argument("--peers", help=f"some of {','.join(PEERS)}")
    parser.add_argument("--questions", default=",".join(QUESTIONS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory-rounds", type=int, default=1, help="rounds of the peers that read the tables in each process")
    parser.add_argument("--repeat", type=int, default=7, help="warm calls in each process")
    parser.add_argument("--timeout", type=int, default=600, help="seconds for one process")
    parser.add_argument("--rebuild", action="store_true", help="load again what is loaded")
    parser.add_argument("--target", help="where purvey and examples/peers are; by default target/release")
    sys.exit(Run(parser.parse_args()).main())


if __name__ == "__main__":
    main()
