"""bad_tables.py OUT --cluster C [--remote sc://127.0.0.1:15002]: tables that are not what they should be give an error that names the thing,
and no answer.

OUT       the folder of check.py with its tables
--remote  a Spark Connect server that sees the same files; without it DataFusion reads them
A column of another type is written by DuckDB, by the Python that PURVEY_PYTHON names or by this one; else that is left out, and said.
Exit code 1 if something bad passes.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("--cluster", required=True)
parser.add_argument("--remote")
options = parser.parse_args()
failed = 0


def ask(folder, *more):
    engine = ["--remote", options.remote] if options.remote else []
    return subprocess.run([options.cluster, "--tables", folder, *engine, *more], capture_output=True, text=True, timeout=300)


def bad(name, damage, words, more=("who", "--to", "Country 30"), by_spark=None):
    """Damages a copy of the tables; the question must be refused with all of the words. Spark may say it with others."""
    global failed
    words = by_spark if options.remote and by_spark else words
    with tempfile.TemporaryDirectory() as place:
        folder = os.path.join(place, "tables")
        shutil.copytree(f"{options.out}/tables", folder)
        damage(folder)
        done = ask(folder, *more)
        is_right = done.returncode == 2 and not done.stdout and all(word in done.stderr for word in words) and "panicked" not in done.stderr
        failed += not is_right
        print(f"{'refused' if is_right else 'WRONG  '} {name}: {done.stderr.strip()[:200]}")


def manifest(change):
    def damage(folder):
        with open(f"{folder}/tables.json") as file:
            data = json.load(file)
        change(data)
        with open(f"{folder}/tables.json", "w") as file:
            json.dump(data, file)
    return damage


def cut(folder):
    os.truncate(f"{folder}/facts-0001.parquet", 3000)


def cut_in_silence(folder):
    """Cut, with a manifest that agrees."""
    cut(folder)
    manifest(lambda it: [file.update(bytes=3000) for table in it["tables"] for file in table["files"] if file["file"] == "facts-0001.parquet"])(folder)


def swapped(folder):
    """One table's file under another's name."""
    shutil.copy(f"{folder}/roles-0000.parquet", f"{folder}/facts-0000.parquet")
    size = os.path.getsize(f"{folder}/facts-0000.parquet")
    manifest(lambda it: [file.update(bytes=size) for table in it["tables"] for file in table["files"] if file["file"] == "facts-0000.parquet"])(folder)


def lost_part(folder):
    manifest(lambda it: [table["files"].pop() for table in it["tables"] if table["name"] == "records"])(folder)


def flipped(folder):
    with open(f"{folder}/records-0000.parquet", "r+b") as file:
        file.seek(2000)
        byte = file.read(1)
        file.seek(2000)
        file.write(bytes([byte[0] ^ 0x55]))


def other_type(folder):
    """A column of numbers as text."""
    path = f"{folder}/facts-0000.parquet"
    sql = f"COPY (SELECT * REPLACE (CAST(kind AS VARCHAR) AS kind) FROM '{path}') TO '{path}.new' (FORMAT parquet)"
    subprocess.run([PYTHON, "-c", "import duckdb, sys; duckdb.sql(sys.argv[1])", sql], check=True)
    os.replace(f"{path}.new", path)
    size = os.path.getsize(path)
    manifest(lambda it: [file.update(bytes=size) for table in it["tables"] for file in table["files"] if file["file"] == "facts-0000.parquet"])(folder)


PYTHON = os.environ.get("PURVEY_PYTHON", sys.executable)
has_duckdb = subprocess.run([PYTHON, "-c", "import duckdb"], capture_output=True).returncode == 0


def no_nodes(folder):
    with open(f"{folder}/nodes.purvey", "r+b") as file:
        file.seek(500)
        file.write(b"\0" * 40)


bad("no manifest", lambda it: os.remove(f"{it}/tables.json"), ["tables.json", "cannot be read"])
bad("a manifest of something else", lambda it: open(f"{it}/tables.json", "w").write("{}"), ["tables.json", "format"])
bad("a later version", manifest(lambda it: it.update(version=99)), ["99", "export them again"])
bad("a file outside of the folder", manifest(lambda it: it["nodes"].update(file="../x")), ["nodes.purvey"])
bad("a missing file", lambda it: os.remove(f"{it}/records-0002.parquet"), ["records-0002.parquet"], by_spark=["records", "rows"])
bad("a file cut off", cut, ["facts-0001.parquet", "cut off"], by_spark=["facts-0001.parquet"])
bad("a file cut off, unknown to the manifest", cut_in_silence, ["facts", "facts-0001.parquet"])
bad("a file of another table", swapped, ["facts", "no column"], by_spark=["facts"])
if not options.remote:
    # Spark takes all files of that name, whatever the manifest says.
    bad("a part that is lost", lost_part, ["records", "rows"])
if has_duckdb:
    bad("a column of another type", other_type, ["facts", "kind"])
else:
    print("left out: a column of another type, since there is no DuckDB to write it")
bad("other values", manifest(lambda it: it["tables"][0]["sums"].__setitem__(3, 7)), ["facts", "other values"])
bad("records of another export", manifest(lambda it: it.update(tag="0123456789abcdef")), ["records", "another export"])
bad("a changed byte, with --verify", flipped, ["records-0000.parquet", "SHA-256"], ("--verify", "who", "--to", "Country 30"))
bad("damaged nodes", no_nodes, ["nodes.purvey"])
bad("too many records", lambda it: None, ["--most-records"], ("--most-records", "5", "disputes"))
# As many records as a question needs are enough, and one less is not.
QUESTION = ["who", "--from", "Country 0", "--kind", "supply", "--format", "json"]
whole = ask(f"{options.out}/tables", "--progress", *QUESTION)
records = int(re.search(r"(\d+) records", whole.stderr.splitlines()[-1]).group(1))
exact = ask(f"{options.out}/tables", "--most-records", str(records), *QUESTION)
if exact.returncode or exact.stdout != whole.stdout or records < 10:
    failed += 1
    print(f"WRONG   no answer with exactly the {records} records that it needs: {exact.stderr.strip()}")
bad("one record too many", lambda it: None, ["--most-records"], ("--most-records", str(records - 1), *QUESTION))
bad("more time than there is", lambda it: None, ["--time-limit"], ("--time-limit", "18446744073709551615", "stats"))

# Of many questions each has an answer or an error, and none of an earlier time stays.
with tempfile.TemporaryDirectory() as place:
    def many(*lines):
        with open(f"{place}/questions", "w") as file:
            file.writelines(f"{it}\n" for it in lines)
        done = ask(f"{options.out}/tables", "--questions", f"{place}/questions", "--answers", f"{place}/answers")
        return done, sorted(os.listdir(f"{place}/answers")) if os.path.isdir(f"{place}/answers") else []
    done, found = many('["who", "--to", "Country 30"]', "", '["path"]', '["draw", "who"]')
    is_right = done.returncode == 2 and found == ["0001.json", "0003.error", "0004.error"] and ":3: no answer" in done.stderr
    done, found = many('["path"]', "", '["stats"]')
    is_right = is_right and done.returncode == 2 and found == ["0001.error", "0003.json", "0004.error"]
    done, _ = many('["who"]', '["who", "--out", "x"]')
    is_right = is_right and done.returncode == 2 and ":2: `--out`" in done.stderr
    failed += not is_right
    print(f"{'right  ' if is_right else 'WRONG  '} many questions: {done.stderr.strip()}")

# Whoever closes standard error does not want to know.
with open("/dev/full", "w") as full:
    unheard = subprocess.run([options.cluster, "--tables", "nowhere"], stderr=full)
if unheard.returncode != 2:
    failed += 1
    print(f"WRONG   a full standard error: exit code {unheard.returncode}")
bad("no question", lambda it: None, ["only questions"], ("check",))
done = ask(f"{options.out}/tables")
if done.returncode != 0 or "what was exported" not in done.stderr:
    failed += 1
    print(f"WRONG   good tables: {done.stderr.strip()}")
if failed:
    sys.exit(1)
