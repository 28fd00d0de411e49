"""growth.py OUT [OUT ...] --purvey P --cluster C [--spark]: what the questions of the comparison cost as the tables grow.

OUT     folders of check.py with their tables, one for each size
--spark asks the local cluster (local.sh) beside DataFusion, and reads in its log of events what its executors moved
Each question is asked by a process of its own, of tables that count as checked; each answer must be the JSON of the snapshot.
A row of output: seconds from the question to the answer (without making the tables known), the largest memory of the process in MB,
rounds, records fetched, rows of numbers; by Spark also how many tasks, what they read from files and what they
wrote for each other, in MB. Exit code 1 if an answer differs.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LOCAL = os.path.join(HERE, "local.sh")
HOME = os.environ.get("PURVEY_SPARK_HOME", os.path.join(HERE, "target", "spark"))
SIX = ["class, country, period", "a hub as supplier, summed", "a hub as recipient, summed", "shortest chain", "chains in time, counted",
       "chains in time between hubs", "top suppliers in a period"]
EVENTS = os.path.join(HOME, "events")
MB = 1e6


def local(*words):
    conf = f"spark.eventLog.enabled=true spark.eventLog.dir=file://{EVENTS} spark.eventLog.compress=false spark.eventLog.rolling.enabled=false"
    # What is read in several pieces at once is not counted.
    conf += " spark.hadoop.parquet.hadoop.vectored.io.enabled=false"
    done = subprocess.run([LOCAL, *words], capture_output=True, text=True, timeout=300, env={**os.environ, "PURVEY_SPARK_CONF": conf})
    if done.returncode:
        sys.exit(f"local.sh {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def measured(argv, out):
    """Runs a command; its exit code, what it told, seconds, and its largest memory in MB."""
    with open(out, "wb") as answer, tempfile.TemporaryFile() as told:
        begun = time.monotonic()
        process = subprocess.Popen(argv, stdout=answer, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - begun
        told.seek(0)
        return process.returncode, told.read().decode(errors="replace"), took, usage.ru_maxrss * 1024 / MB


def moved(begun, ended):
    """What the tasks that ended between two moments read and wrote, from the log of events of Spark."""
    tasks = read = shuffled = spilled = 0
    for name in os.listdir(EVENTS):
        with open(f"{EVENTS}/{name}") as file:
            for line in file:
                if '"SparkListenerTaskEnd"' not in line[:60]:
                    continue
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                if not begun <= event["Task Info"]["Finish Time"] / 1000 <= ended:
                    continue
                metrics = event.get("Task Metrics") or {}
                tasks += 1
                read += metrics.get("Input Metrics", {}).get("Bytes Read", 0)
                shuffled += metrics.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
                spilled += metrics.get("Disk Bytes Spilled", 0)
    return tasks, read / MB, shuffled / MB, spilled / MB


def executors():
    """The largest memory that an executor ever had, in MB."""
    largest = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                if "CoarseGrainedExecutorBackend" not in file.read():
                    continue
            with open(f"/proc/{pid}/status") as file:
                largest = max(largest, int(re.search(r"VmHWM:\s*(\d+)", file.read()).group(1)) * 1024 / MB)
        except (OSError, AttributeError):
            continue
    return largest


def ask(options, folder, question, remote, out):
    argv = [options.cluster, "--tables", f"{folder}/tables", "--checked", "--progress", "--time-limit", "3600"]
    argv += ["--remote", remote] if remote else []
    return measured([*argv, *question, "--format", "json"], out)


def rows(options, folder, engine, remote, questions, expected):
    """Asks all by one engine and prints a row each; how many are wrong."""
    wrong = 0
    with tempfile.TemporaryDirectory() as place:
        out = f"{place}/answer.json"
        for name, question, right in zip(SIX, questions, expected):
            begun = time.time()
            code, told, _, memory = ask(options, folder, question, remote, out)
            with open(out, "rb") as file:
                is_right = code == 0 and file.read() == right
            wrong += not is_right
            cost = re.search(r"(\d+) rounds, (\d+) records, (\d+) rows of numbers, ([0-9.]+) s", told)
            if not cost:
                print(f"| {name} | {engine} | no answer: {told.strip().splitlines()[-1][:200]} |", flush=True)
                continue
            rounds, records, numbers, seconds = cost.groups()
            # Making the tables known, which comes before, is left out here too.
            ready = re.search(r"tables ready after ([0-9.]+) s", told)
            more = ""
            if remote:
                time.sleep(1)
                tasks, read, shuffled, spilled = moved(begun + float(ready.group(1)), time.time())
                more = f" {tasks} | {read:,.1f} | {shuffled:,.2f} | {spilled:,.1f} |"
            print(f"| {name} | {engine} | {'equal' if is_right else 'DIFFERS'} | {seconds} | {memory:,.0f} | {rounds} | {records} | {numbers} |{more}",
                  flush=True)
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", nargs="+")
    parser.add_argument("--purvey", required=True)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--spark", action="store_true")
    options = parser.parse_args()
    wrong = 0
    for folder in options.out:
        with open(f"{folder}/tables/tables.json") as file:
            manifest = json.load(file)
        size = sum(os.path.getsize(f"{folder}/tables/{it}") for it in os.listdir(f"{folder}/tables"))
        with open(f"{folder}/questions.jsonl") as file:
            questions = [json.loads(it) for it, _ in zip(file, SIX)]
        print(f"\n{folder}: {manifest['facts']:,} facts, tables of {size / MB:,.0f} MB, snapshot of {os.path.getsize(f'{folder}/peers.purvey') / MB:,.0f} MB")
        expected = []
        with tempfile.TemporaryDirectory() as place:
            for name, question in zip(SIX, questions):
                runs = [measured([options.purvey, *question, "--data", f"{folder}/peers.purvey", "--format", "json"], f"{place}/answer.json")
                        for _ in range(3)]
                with open(f"{place}/answer.json", "rb") as file:
                    expected.append(file.read())
                seconds = min(it[2] for it in runs)
                print(f"| {name} | snapshot, a process each | | {seconds:.3f} | {runs[-1][3]:,.0f} |", flush=True)
        wrong += rows(options, folder, "DataFusion", None, questions, expected)
        if options.spark:
            local("stop")
            os.makedirs(EVENTS, exist_ok=True)
            for it in os.listdir(EVENTS):
                os.remove(f"{EVENTS}/{it}")
            remote = local("start", "cluster")
            code, told, took, _ = measured([options.cluster, "--tables", f"{folder}/tables", "--remote", remote, "--time-limit", "3600"], os.devnull)
            print(f"| the tables made known and added up | Spark | {'right' if code == 0 else told.strip()[-200:]} | {took:.1f} |", flush=True)
            wrong += code != 0
            wrong += rows(options, folder, "Spark", remote, questions, expected)
            print(f"largest executor: {executors():,.0f} MB", flush=True)
            local("stop")
    sys.exit(1 if wrong else 0)


main()
