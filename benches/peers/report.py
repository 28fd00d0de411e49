"""Results as tables in Markdown; `python3 report.py RESULTS.json ...` prints those of earlier runs."""
import json
import statistics
import sys

from questions import QUESTIONS, WORDS

# Below this, either way, two figures count as equal.
EQUAL = 1.3


def number(value):
    if value is None:
        return "-"
    digits = 3 if value < 0.1 else 2 if value < 10 else 0
    return f"{value:,.{digits}f}"


def cell(entry, what):
    """Least wall time, then least and median of processor time, in ms."""
    if entry is None:
        return "-"
    if "error" in entry:
        return "failed"
    if "wrong" in entry:
        return "WRONG"
    walls, cpus = entry.get(what) or [], entry.get(f"{what}_cpu") or []
    if not walls:
        return "-"
    text = number(min(walls) * 1e3)
    if cpus:
        text += f" ({number(min(cpus) * 1e3)} to {number(statistics.median(cpus) * 1e3)})"
    return text


def best(results, question, what, names):
    """The least time of some peers, and whose it is: of the processor for whole processes, of the clock for calls, which are too
    short to be counted otherwise."""
    times = "cold_cpu" if what == "cold" else "warm"
    found = []
    for name in names:
        entry = results["peers"].get(name, {}).get("questions", {}).get(question, {})
        if entry.get(times) and "error" not in entry and "wrong" not in entry:
            found.append((min(entry[times]) * 1e3, name))
    return min(found, default=None)


def ratio(results, question, what, others):
    own, other = best(results, question, what, ["purvey"]), best(results, question, what, others)
    if not own or not other:
        return "-"
    times = other[0] / max(own[0], 1e-6)
    if 1 / EQUAL < times < EQUAL:
        return f"equal to {other[1]}"
    return f"{times:,.1f} times faster than {other[1]}" if times > 1 else f"{1 / times:,.1f} times slower than {other[1]}"


def tables(results):
    asked = [it for it in QUESTIONS if any(it in peer["questions"] for peer in results["peers"].values())]
    names = list(results["peers"])
    stores = [it for it in names if results["peers"][it].get("load") and it != "purvey"]
    libraries = [it for it in names if it not in ("purvey", "duckdb-cli", "sqlite-cli")]
    lines = [f"## {results['facts']:,} supplies ({results.get('all_facts', 0):,} facts in all, {results.get('csv_mb', 0):.1f} MB of CSV)", "",
             f"{results['started']}, {results.get('cores')} cores, load average after each round {results.get('load_average')}", "",
             "| | load, s | processor, s | peak of load, MB | on disk, MB | peak of an answer, MB |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name in names:
        peer = results["peers"][name]
        load = peer.get("load", {})
        peaks = [max(it["peak_mb"]) for it in peer["questions"].values() if it.get("peak_mb")]
        told = peer.get("error", "")
        lines.append(f"| {name} | {number(load.get('wall'))} | {number(load.get('cpu'))} | {number(load.get('peak_mb'))} | {number(load.get('store_mb'))} | "
                     f"{number(max(peaks, default=None))} {told}|")
    for what, title in (("cold", "Cold: a process from its start to the last byte of its answer"), ("warm", "Warm: further calls in one process")):
        lines += ["", f"{title}; least time in ms, in brackets processor time (least to median)", "",
                  "| | " + " | ".join(f"{it}: {WORDS[it]}" for it in asked) + " |", "| --- |" + " ---: |" * len(asked)]
        for name in names:
            cells = [cell(results["peers"][name]["questions"].get(it), what) for it in asked]
            if any(it != "-" for it in cells):
                lines.append(f"| {name} | " + " | ".join(cells) + " |")
        others = stores if what == "cold" else libraries
        kind = "with a store, processor time" if what == "cold" else "in one process, least time"
        lines.append(f"| **purvey beside the best {kind}** | " + " | ".join(ratio(results, it, what, others) for it in asked) + " |")
    answers = "; ".join(f"{it} {results['answers'][it]['answer'][0]:,}" for it in asked if it in results["answers"])
    lines += ["", f"Answers: {answers}."]
    for name, why in results["skipped"].items():
        lines.append(f"- SKIPPED {name}: {why}")
    for name in names:
        for question, it in results["peers"][name]["questions"].items():
            for what in ("error", "wrong"):
                if what in it:
                    lines.append(f"- {name} {question}, {what}: {it[what]}")
    lines.append(f"- Versions: {', '.join(f'{name} {version}' for name, version in results.get('versions', {}).items())}")
    return "\n".join(lines)


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path) as file:
            print(tables(json.load(file)), end="\n\n")
