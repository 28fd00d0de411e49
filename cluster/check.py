"""check.py OUT: the same questions to the snapshot and to the tables; every answer must be the same JSON.

    python cluster/check.py OUT --purvey P --cluster C [--facts N] [--questions N] [--remote sc://127.0.0.1:15002] [--kills HOME]

OUT       a folder for data, tables and answers; what is there already is used again
--purvey  the main program, built with --features parquet
--cluster purvey-cluster
--facts   how many made-up supplies (benches/peers/generate.py): 1000000 for the big check
--remote  a Spark Connect server that sees the same files; without it DataFusion answers
More than 50,000 supplies are made by benches/peers/generate.py, which needs numpy and pyarrow; fewer are made here.
Exit code 1 if an answer differs or there is none.
"""
import argparse
import csv
import datetime
import json
import os
import random
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(os.path.dirname(HERE), "benches", "peers")
HOSTILE = ["'; DROP TABLE facts; --", '" OR "1"="1', "a\tb\nc\r", "\u0000", "\\' \\\" `x` $(id)", "/* */ -- x", "名前\u202e", "%s{0}", "x" * 5000]


def run(argv, **more):
    done = subprocess.run(argv, capture_output=True, text=True, **more)
    return done.returncode, done.stdout, done.stderr


def need(argv):
    code, _, told = run(argv)
    if code:
        sys.exit(f"{' '.join(argv)}: {told.strip()[-2000:]}")


def small(data, facts):
    """The tables of generate.py, in small and without anything beside Python: 300 entities, 200 classes in three levels."""
    draw = random.Random(7)
    os.makedirs(data, exist_ok=True)
    kind = lambda at: "country" if at < 40 else "organisation" if at < 240 else "person"
    label = {"country": "Country", "organisation": "Organisation", "person": "Person"}

    def table(name, header, rows):
        with open(f"{data}/{name}.csv", "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])

    table("entities", ["id", "kind", "name", "country"],
          [[at, kind(at), f"{label[kind(at)]} {at}", at if at < 40 else draw.randrange(40)] for at in range(300)])
    parent = lambda at: "" if at < 5 else (at - 5) % 5 if at < 40 else 5 + (at - 40) % 35
    depth = lambda at: 0 if at < 5 else 1 if at < 40 else 2
    table("items", ["id", "parent", "depth", "name"], [[at, parent(at), depth(at), f"Item class {at}"] for at in range(200)])
    skewed = lambda count: min(int(count * draw.random() ** 2), count - 1)
    rows = []
    for at in range(facts):
        sort = draw.choices(["supply", "sanction", "member"], [20, 2, 1])[0]
        first = datetime.date(1990, 1, 1) + datetime.timedelta(days=draw.randrange(12000))
        source, target, low = skewed(300), 299 - skewed(300), draw.randrange(1, 5000)
        target = skewed(40) if sort == "member" else target if target != source else (target + 1) % 300
        item = skewed(200) if sort == "supply" else ""
        amount = [low, low + draw.randrange(500), "pieces"] if sort == "supply" else ["", "", ""]
        rows.append([at, sort, source, target, item, *amount, first,
                     first + datetime.timedelta(days=draw.randrange(90)), draw.randrange(5)])
    table("facts", ["id", "kind", "src", "dst", "item", "qty_low", "qty_high", "unit", "start", "end", "source"], rows)
    supplies = [it for it in rows if it[1] == "supply"]
    ends = lambda it: {"a": it[2], "b": it[3]}
    params = {
        "q1": {"item": 1, "country": 30, "a": "2000-01-01", "b": "2019-12-31"}, "q2": {"hub": 0},
        "q3": {"a": supplies[5][2], "b": supplies[11][3]}, "q4": ends(supplies[3]), "q4h": {"a": 0, "b": 299},
        "q5": {"a": "2005-01-01", "b": "2009-12-31", "k": 20},
    }
    with open(f"{data}/params.json", "w") as file:
        json.dump(params, file)


def prepare(options):
    """Data, snapshot and tables."""
    data, store, tables = (os.path.join(options.out, it) for it in ("data", "peers.purvey", "tables"))
    os.makedirs(options.out, exist_ok=True)
    if not os.path.exists(os.path.join(data, "params.json")):
        if options.facts > 50000:
            need([sys.executable, os.path.join(PEERS, "generate.py"), str(options.facts), "1", data])
        else:
            small(data, options.facts)
    if not os.path.exists(store):
        argv = [options.purvey, "import", "csv", "--quiet", "--out", store]
        argv += [f"{data}/{it}.csv" for it in ("entities", "items", "facts")]
        for it in ("entities", "items", "facts"):
            argv += ["--mapping", f"{PEERS}/mappings/{it}.ron"]
        need(argv + ["--vocabulary", f"{PEERS}/mappings/units.ron"])
    if not os.path.exists(os.path.join(tables, "tables.json")):
        begun = time.monotonic()
        need([options.purvey, "export", "parquet", "--data", store, "--partition", str(options.parts), "--out", tables])
        print(f"tables written in {time.monotonic() - begun:.1f} s")
    return data, store, tables


def sample(data, draw):
    """Source, target and item of some supplies, so that most questions find something."""
    with open(f"{data}/facts.csv", newline="") as file:
        rows = [it for it, _ in zip(csv.reader(file), range(20000))]
    supplies = [it for it in rows[1:] if it[1] == "supply"]
    return [(int(it[2]), int(it[3]), f"Item class {it[4]}") for it in draw.sample(supplies, min(500, len(supplies)))]


def questions(data, count):
    """The six of the comparison, and generated ones."""
    with open(f"{data}/params.json") as file:
        p = json.load(file)
    with open(f"{data}/entities.csv", newline="") as file:
        names = {int(row["id"]): row["name"] for row in csv.DictReader(file)}
    name = names.__getitem__
    q1, q3, q4, q4h, q5 = (p[it] for it in ("q1", "q3", "q4", "q4h", "q5"))
    hub = name(p["q2"]["hub"])
    counted = ["--kind", "supply", "--in-time", "--count", "--max-hops", "3"]
    six = [
        ["who", "--kind", "supply", "--what", f"Item class {q1['item']}", "--to", name(q1["country"]), "--include-parts",
         "--during", f"{q1['a']}/{q1['b']}"],
        ["who", "--kind", "supply", "--from", hub, "--total", "--by", "to", "--limit", "1"],
        ["who", "--kind", "supply", "--to", hub, "--total", "--by", "from", "--limit", "1"],
        ["path", name(q3["a"]), name(q3["b"]), "--kind", "supply", "--max-hops", "30"],
        ["path", name(q4["a"]), name(q4["b"]), *counted],
        ["path", name(q4h["a"]), name(q4h["b"]), *counted],
        ["top", "from", "--kind", "supply", "--during", f"{q5['a']}/{q5['b']}", "--limit", str(q5["k"])],
    ]
    draw = random.Random(11)
    some = lambda: name(draw.randrange(len(names)))
    item = lambda: draw.choice(facts)[2]
    facts = sample(data, draw)
    when = lambda: draw.choice(["2024", "2020-03/2020-10", "1999", "2001/2004", "../1991", "2023-12-24", "2030"])
    kinds = [
        lambda: ["who", "--from", some()],
        lambda: ["who", "--to", some(), "--during", when()],
        lambda: (lambda it: ["who", "--what", it[2], "--to", name(it[1]), "--during", when()])(draw.choice(facts)),
        lambda: (lambda it: ["who", "--what", it[2], "--from", name(it[0]), "--certainly", "--during", "1990/2024"])(draw.choice(facts)),
        lambda: (lambda it: ["who", "--from", name(it[0]), "--to", name(it[1]), "--total"])(draw.choice(facts)),
        lambda: ["who", "--about", some(), "--sort", "from", "--limit", "20"],
        lambda: ["who", "--kind", "sanction", "--to", some()],
        lambda: ["who", "--kind", "membership", "--from", some(), "--whether"],
        lambda: ["show", some()],
        lambda: ["path", some(), some(), "--kind", "supply", "--max-hops", "4"],
        lambda: ["path", some(), some(), "--in-time", "--count", "--max-hops", "3"],
        lambda: ["top", "to", "--what", item(), "--during", when()],
        lambda: ["top", "pairs", "--from", some()],
        lambda: ["top", "what", "--to", some(), "--by", "quantity"],
        lambda: (lambda it: ["support", "who", "--from", name(it[0]), "--to", name(it[1])])(draw.choice(facts)),
        lambda: ["timeline", "who", "--from", some(), "--limit", "5"],
        lambda: ["disputes", some()],
        lambda: ["measures", some()],
        lambda: ["who", "--to", draw.choice(HOSTILE)],
        lambda: ["show", draw.choice(HOSTILE)],
    ]
    return six + [kinds[at % len(kinds)]() for at in range(count)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--purvey", required=True)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--facts", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--remote")
    options = parser.parse_args()
    data, store, tables = prepare(options)
    asked = questions(data, options.questions)
    # No argument of a program may hold a zero byte.
    asked = [[word.replace("\0", "\x01") for word in it] for it in asked]
    listed, folder = os.path.join(options.out, "questions.jsonl"), os.path.join(options.out, "spark" if options.remote else "embedded")
    with open(listed, "w") as file:
        file.writelines(json.dumps(it) + "\n" for it in asked)
    os.makedirs(folder, exist_ok=True)
    for it in os.listdir(folder):
        os.remove(os.path.join(folder, it))
    engine = ["--remote", options.remote] if options.remote else []
    begun = time.monotonic()
    code, _, told = run([options.cluster, "--tables", tables, *engine, "--progress", "--questions", listed, "--answers", folder])
    took = time.monotonic() - begun
    with open(os.path.join(options.out, "progress.log"), "w") as file:
        file.write(told)
    differ, errors, empty, whole_s = [], [], 0, 0.0
    for number, words in enumerate(asked, 1):
        begun = time.monotonic()
        expected = run([options.purvey, *words, "--data", store, "--format", "json"])[1]
        whole_s += time.monotonic() - begun
        path = os.path.join(folder, f"{number:04}.json")
        if not os.path.exists(path):
            why = os.path.join(folder, f"{number:04}.error")
            errors.append((words, open(why).read().strip() if os.path.exists(why) else told.strip()[-300:]))
            continue
        with open(path) as file:
            found = file.read()
        empty += not json.loads(expected).get("rows")
        if found != expected:
            differ.append(words)
    print(f"{len(asked)} questions: {len(asked) - len(differ) - len(errors)} equal, {len(differ)} differ, {len(errors)} without an answer; "
          f"{empty} of them without rows; {took:.1f} s by the tables, {whole_s:.1f} s by the snapshot, a process each")
    for words in differ:
        print("DIFFERS", json.dumps(words)[:300])
    for words, why in errors:
        print("NO ANSWER", json.dumps(words)[:300], why[:300])
    sys.exit(1 if differ or errors or code == 2 else 0)


main()
