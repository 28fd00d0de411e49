"""object_storage.py OUT --cluster C --server S [--questions N]: DataFusion reads the tables from object storage, and says what is wrong with it.

OUT       the folder of check.py, with its tables and the answers of DataFusion over local files
--cluster purvey-cluster, built with --features object-storage
--server  s3s-fs (cargo install s3s-fs --features binary): S3 over a folder, which checks who asks; it listens on 127.0.0.1
--questions  so many of the questions of check.py, all if not given
Exit code 1 if an answer differs or something bad passes.
"""
import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("--cluster", required=True)
parser.add_argument("--server", required=True)
parser.add_argument("--questions", type=int)
options = parser.parse_args()
TABLES, EXPECTED = f"{options.out}/tables", f"{options.out}/embedded"
# A folder whose name must be written otherwise in an address.
FOLDER, AT = "exports/July 2026 (2)", "s3://purvey-tables/exports/July%202026%20(2)"
failed = 0


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def until_it_listens(port, server):
    for _ in range(100):
        with socket.socket() as it:
            if it.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit(f"{options.server} does not listen")


def ask(*words, **changed):
    environment = {it: value for it, value in os.environ.items() if not it.startswith("AWS_")}
    environment.update(AWS_ENDPOINT=f"http://127.0.0.1:{port}", AWS_ALLOW_HTTP="true", AWS_REGION="us-east-1",
                       AWS_ACCESS_KEY_ID="reader", AWS_SECRET_ACCESS_KEY="a secret of tests")
    environment.update(changed)
    return subprocess.run([options.cluster, "--tables", TABLES, *words], capture_output=True, text=True, timeout=600, env=environment)


def bad(name, words, *argv, **changed):
    global failed
    done = ask(*(argv or ("--at", AT, "who", "--to", "Country 30")), **changed)
    is_right = done.returncode == 2 and not done.stdout and all(word in done.stderr for word in words) and "panicked" not in done.stderr
    is_right = is_right and "a secret of tests" not in done.stderr
    failed += not is_right
    print(f"{'refused' if is_right else 'WRONG  '} {name}: {done.stderr.strip()[:260]}", flush=True)


with tempfile.TemporaryDirectory() as root:
    place = f"{root}/purvey-tables/{FOLDER}"
    # The client has the manifest and the nodes; the storage has the rest.
    shutil.copytree(TABLES, place, ignore=lambda _, names: [it for it in names if not it.endswith(".parquet")])
    port = free_port()
    server = subprocess.Popen(
        [options.server, "--host", "127.0.0.1", "--port", str(port), "--access-key", "reader", "--secret-key", "a secret of tests", root],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_it_listens(port, server)
        answers, asked = f"{root}/answers", f"{root}/questions.jsonl"
        with open(f"{options.out}/questions.jsonl") as file, open(asked, "w") as some:
            some.writelines(file.readlines()[:options.questions])
        done = ask("--at", AT, "--questions", asked, "--answers", answers)
        names = sorted(os.listdir(EXPECTED))[:options.questions]
        read = lambda folder, name: open(f"{folder}/{name}").read() if os.path.exists(f"{folder}/{name}") else None
        equal = sum(read(answers, it) == read(EXPECTED, it) for it in names)
        print(f"{len(names)} questions: {equal} equal to those of local files", flush=True)
        if equal != len(names) or not names or done.returncode:
            failed += 1
            print(f"WRONG   {done.stderr.strip()[:500]}")
        whole = ask("--at", AT, "--verify")
        if whole.returncode or "what was exported" not in whole.stderr:
            failed += 1
            print(f"WRONG   good tables with --verify: {whole.stderr.strip()[:500]}")
        bad("a wrong secret", ["facts-0000.parquet", "credentials"], AWS_SECRET_ACCESS_KEY="another")
        bad("a bucket that is not there", ["s3://elsewhere/x/facts-0000.parquet", "not there"], "--at", "s3://elsewhere/x", "who", "--to", "Country 30")
        bad("no storage at that address", ["facts-0000.parquet"], AWS_ENDPOINT=f"http://127.0.0.1:{free_port()}")
        for value in ("127.0.0.1:1", "nonsense", "http://", "http://127.0.0.1:1 "):
            bad(f"the endpoint {value!r}", ["AWS_ENDPOINT"], AWS_ENDPOINT=value)
        bad("an endpoint without TLS, not allowed", ["AWS_ALLOW_HTTP=true"], AWS_ALLOW_HTTP="")
        bad("a key with a line break", ["AWS_ACCESS_KEY_ID"], AWS_ACCESS_KEY_ID="reader\n")
        bad("a folder", ["--tables"], "--at", "/tmp", "who", "--to", "Country 30")
        bad("another scheme", ["ftp://host/x", "s3://BUCKET/FOLDER"], "--at", "ftp://host/x", "who", "--to", "Country 30")
        kept = f"{root}/kept"
        shutil.copy(f"{place}/records-0001.parquet", kept)
        os.remove(f"{place}/records-0001.parquet")
        bad("a file that is not there", ["records-0001.parquet", "not there"])
        shutil.copy(kept, f"{place}/records-0001.parquet")
        os.truncate(f"{place}/records-0001.parquet", 2000)
        bad("a file cut off", ["records-0001.parquet", "cut off"])
        shutil.copy(kept, f"{place}/records-0001.parquet")
        with open(f"{place}/records-0001.parquet", "r+b") as file:
            file.seek(1500)
            byte = file.read(1)
            file.seek(1500)
            file.write(bytes([byte[0] ^ 0x55]))
        bad("a changed byte, with --verify", ["records-0001.parquet", "SHA-256"], "--at", AT, "--verify", "who", "--to", "Country 30")
    finally:
        server.terminate()
        server.wait(timeout=20)
sys.exit(1 if failed else 0)
