"""kills.py OUT: a heavy question on the local cluster, and something of the cluster killed in the middle of it.

    python cluster/kills.py OUT --purvey P --cluster C [--moments 0.2,0.5,0.8] [--limit SECONDS]

OUT is the folder of check.py with its tables. For each moment, as a share of the time that the question takes undisturbed once
the tables are known, one by one: an executor killed; a worker with its executors killed and its folders deleted; all executors; the Connect
server; the master. Each time the cluster is started anew, with joins by shuffling, so that there are stages to lose. The answer must be that of the snapshot, or there must be an error; another
answer, or none within the limit, fails. The driver's log is read for stages that were computed again.
At last the same question is asked with a disk for what one worker writes, and then both, that is soon full (a file system of 64 kB in memory, which
takes root to mount; else that is left out, and said).
Exit code 1 if one fails.
"""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LOCAL = os.path.join(HERE, "local.sh")
HOME = os.environ.get("PURVEY_SPARK_HOME", os.path.join(HERE, "target", "spark"))
KILLS = ["executor", "worker with its folders", "all executors", "Connect server", "master"]

os.environ["PURVEY_SPARK_CONF"] = "spark.sql.autoBroadcastJoinThreshold=-1"


def local(*words):
    done = subprocess.run([LOCAL, *words], capture_output=True, text=True, timeout=300)
    if done.returncode:
        sys.exit(f"local.sh {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def processes(word):
    """Processes of the local cluster whose command line has a word, by who started them."""
    groups = set()
    for it in os.listdir(f"{HOME}/run"):
        with open(f"{HOME}/run/{it}") as file:
            groups.add(int(file.read()))
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(pid)) in groups and word in open(f"/proc/{pid}/cmdline").read():
                found.append(int(pid))
        except OSError:
            continue
    return sorted(found)


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def strike(what):
    executors = processes("CoarseGrainedExecutorBackend")
    if what == "executor":
        kill(executors[:1])
    elif what == "all executors":
        kill(executors)
    elif what == "Connect server":
        kill(processes("SparkConnectServer"))
    elif what == "master":
        kill(processes("deploy.master.Master"))
    else:
        with open(f"{HOME}/run/worker1") as file:
            group = int(file.read())
        # The whole group of one worker: itself and its executors.
        os.killpg(group, signal.SIGKILL)
        for it in ("worker1", "local1"):
            shutil.rmtree(f"{HOME}/{it}", ignore_errors=True)
    return len(executors)


def log():
    with open(f"{HOME}/log/connect", errors="replace") as file:
        return file.read()


def ask(options, words, out):
    argv = [options.cluster, "--tables", f"{options.out}/tables", "--remote", options.remote, "--checked", "--progress",
            "--time-limit", str(options.limit), *words, "--format", "json"]
    return subprocess.Popen(argv, stdout=open(out, "w"), stderr=open(out + ".told", "w"))


def until_ready(asked, out, limit):
    """Waits until the tables are known to the cluster."""
    begun = time.monotonic()
    while asked.poll() is None and time.monotonic() - begun < limit:
        with open(out + ".told") as file:
            if "tables ready" in file.read():
                return
        time.sleep(0.1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--purvey", required=True)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--moments", default="0.2,0.5,0.8")
    parser.add_argument("--limit", type=int, default=240)
    options = parser.parse_args()
    with open(f"{options.out}/questions.jsonl") as file:
        words = [json.loads(it) for it in file][options_question(options)]
    expected = subprocess.run([options.purvey, *words, "--data", f"{options.out}/peers.purvey", "--format", "json"],
                              capture_output=True, text=True).stdout
    found = f"{options.out}/kill.json"
    failed = 0
    local("stop")
    options.remote = local("start", "cluster")
    asked = ask(options, words, found)
    until_ready(asked, found, options.limit)
    begun = time.monotonic()
    asked.wait()
    whole = time.monotonic() - begun
    undisturbed = open(found).read()
    if undisturbed != expected:
        sys.exit(f"undisturbed, the answer is another: {open(found + '.told').read()[-500:]}")
    print(f"undisturbed {whole:.1f} s: {' '.join(words)}", flush=True)
    for what in KILLS:
        for moment in [float(it) for it in options.moments.split(",") if it]:
            local("stop")
            options.remote = local("start", "cluster")
            asked = ask(options, words, found)
            until_ready(asked, found, options.limit)
            begun = time.monotonic()
            time.sleep(whole * moment)
            count = strike(what)
            code = ended(asked, options.limit)
            took = time.monotonic() - begun
            verdict, is_wrong = judged(code, found, expected)
            failed += is_wrong
            print(f"{what}, at {moment:.0%} ({count} executors): {verdict}; {took:.1f} s; {seen()}", flush=True)
    for workers in ([1], [1, 2]):
        local("stop")
        places = [f"{HOME}/local{it}" for it in workers]
        if not small_disks(places):
            print("left out: a full disk, since no file system can be mounted here")
            break
        try:
            options.remote = local("start", "cluster")
            asked, begun = ask(options, words, found), time.monotonic()
            code = ended(asked, options.limit)
            took = time.monotonic() - begun
            full = len(re.findall("No space left on device", log()))
            verdict, is_wrong = judged(code, found, expected)
            failed += is_wrong
            print(f"a full disk on {len(workers)} of 2 workers: {verdict}; {took:.1f} s; told in the log {full} times; {seen()}", flush=True)
        finally:
            local("stop")
            for it in places:
                subprocess.run(["umount", it], check=False)
    local("stop")
    sys.exit(1 if failed else 0)


def ended(asked, limit):
    """The exit code of a question; none if it has none a minute after its limit."""
    try:
        return asked.wait(timeout=limit + 60)
    except subprocess.TimeoutExpired:
        asked.kill()
        return None


def judged(code, found, expected):
    """What came of a question, and whether that fails."""
    with open(found) as answer, open(found + ".told") as file:
        text, told = answer.read(), file.read()
    if code == 0 and text == expected:
        return "right", False
    if code == 2 and not text:
        return "error: " + told.strip().splitlines()[-1][:160], False
    return f"WRONG (exit {code})", True


def seen():
    """What the driver says when it lost something that it had."""
    lost = len(re.findall(r"Executor lost|Lost executor|ExecutorLost", log()))
    again = len(re.findall(r"Resubmitting \w+MapStage|failed due to a fetch failure|Shuffle files lost", log()))
    return f"executors lost {lost}, stages again {again}"


def small_disks(places):
    """Puts a small file system at each place."""
    for it in places:
        os.makedirs(it, exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", it], capture_output=True).returncode:
            return False
    return True


def options_question(options):
    """The sum over all supplies of a hub, which moves most records."""
    with open(f"{options.out}/questions.jsonl") as file:
        return next(at for at, it in enumerate(file) if "--total" in json.loads(it))


main()
