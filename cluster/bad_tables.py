"""bad_tables.py OUT --cluster C: tables that are not what they should be give an error that names the thing, and no answer.

OUT is the folder of check.py with its tables. Exit code 1 if something bad passes.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("--cluster", required=True)
options = parser.parse_args()
failed = 0


def ask(folder, *more):
    return subprocess.run([options.cluster, "--tables", folder, *more], capture_output=True, text=True, timeout=300)


def bad(name, damage, words, more=("who", "--to", "Country 30")):
    """Damages a copy of the tables; the question must be refused with all of the words."""
    global failed
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


def no_nodes(folder):
    with open(f"{folder}/nodes.purvey", "r+b") as file:
        file.seek(500)
        file.write(b"\0" * 40)


bad("no manifest", lambda it: os.remove(f"{it}/tables.json"), ["tables.json", "cannot be read"])
bad("a manifest of something else", lambda it: open(f"{it}/tables.json", "w").write("{}"), ["tables.json", "format"])
bad("a later version", manifest(lambda it: it.update(version=99)), ["99", "export them again"])
bad("a file outside of the folder", manifest(lambda it: it["nodes"].update(file="../x")), ["nodes.purvey"])
bad("a missing file", lambda it: os.remove(f"{it}/records-0002.parquet"), ["records-0002.parquet"])
bad("a file cut off", cut, ["facts-0001.parquet", "cut off"])
bad("a file cut off, unknown to the manifest", cut_in_silence, ["facts", "facts-0001.parquet"])
bad("a file of another table", swapped, ["facts", "no column"])
bad("a part that is lost", lost_part, ["records", "rows"])
bad("other values", manifest(lambda it: it["tables"][0]["sums"].__setitem__(3, 7)), ["facts", "other values"])
bad("records of another export", manifest(lambda it: it.update(tag="0123456789abcdef")), ["records", "another export"])
bad("a changed byte, with --verify", flipped, ["records-0000.parquet", "SHA-256"], ("--verify", "who", "--to", "Country 30"))
bad("damaged nodes", no_nodes, ["nodes.purvey"])
bad("too many records", lambda it: None, ["--most-records"], ("--most-records", "5", "disputes"))
bad("no question", lambda it: None, ["only questions"], ("check",))
done = ask(f"{options.out}/tables")
if done.returncode != 0 or "what was exported" not in done.stderr:
    failed += 1
    print(f"WRONG   good tables: {done.stderr.strip()}")
if failed:
    sys.exit(1)
