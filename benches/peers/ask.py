"""One process of a peer that is a Python library: builds its store, or answers questions. Started by run.py."""
import argparse
import importlib
import json
import os
import resource
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import questions

CLASSES = {
    "duckdb": ("engines", "Duckdb"), "sqlite": ("engines", "Sqlite"), "ladybug": ("engines", "Ladybug"),
    "oxigraph": ("engines", "Oxigraph"), "networkx": ("memory", "Networkx"), "rustworkx": ("memory", "Rustworkx"),
    "igraph": ("memory", "Igraph"),
}


def usage():
    it = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": it.ru_utime + it.ru_stime, "peak_mb": it.ru_maxrss / 1024}


def say(**values):
    print(json.dumps(values), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer")
    parser.add_argument("data")
    parser.add_argument("store")
    parser.add_argument("--build", action="store_true")
    parser.add_argument("--questions", default="")
    parser.add_argument("--repeat", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20)
    args = parser.parse_args()
    module, name = CLASSES[args.peer]
    peer = getattr(importlib.import_module(f"adapters.{module}"), name)()
    begin = time.perf_counter()
    if args.build:
        peer.build(args.data, args.store)
        return say(wall=time.perf_counter() - begin, **usage())
    peer.open(args.data, args.store)
    say(opened=time.perf_counter() - begin, **usage())
    for question in args.questions.split(","):
        p = questions.params(args.data)[question]
        answer = getattr(peer, question[:2])
        raw = answer(p)
        say(question=question, answer=questions.canonical(question, raw), path=list(raw) if question == "q3" else None, **usage())
        walls, cpus, start = [], [], time.perf_counter()
        while len(walls) < args.repeat and time.perf_counter() - start < args.seconds:
            wall, cpu = time.perf_counter(), time.process_time()
            # The rows are objects of the caller when the clock stops.
            answer(p)
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        say(question=question, warm=walls, warm_cpu=cpus, **usage())


main()
