"""Runs the statements of `purvey plan` over exported tables on DuckDB: python plans.py FOLDER

FOLDER has `tables`, `plans.json` (a list of {"plan": SQL, "facts": ids of the facts in the answer}), `documented.json` (ids of the facts that
the example of docs/tables.md must find) and what the manifest says.
Each statement must run; all facts of the answer must be among the facts of the records that a plan gives; statements of numbers
must give as many rows as the plan says; each table must add up to what the manifest says; and no statement may hold a text.
"""

import json
import os
import re
import sys

import duckdb

folder = os.path.abspath(sys.argv[1])
with open(f"{folder}/tables/tables.json", encoding="utf-8") as file:
    manifest = json.load(file)
with open(f"{folder}/plans.json", encoding="utf-8") as file:
    plans = json.load(file)
db = duckdb.connect()
for table in manifest["tables"]:
    db.sql(f"CREATE VIEW {table['name']} AS SELECT * FROM '{folder}/tables/{table['name']}-*.parquet'")
for table in manifest["tables"]:
    rows = db.sql(f"SELECT COUNT(*) FROM {table['name']}").fetchall()[0][0]
    assert rows == table["rows"], (table["name"], rows)
    sums = db.sql(table["check"]).fetchall()[0]
    assert list(sums[1:]) == table["sums"] or rows == 0, (table["name"], sums)
of_body = dict(db.sql("SELECT body, record FROM records").fetchall())
assert len(of_body) == manifest["records"]
ids = {}
some = 0
for record, id_ in db.sql("SELECT record, id FROM ids").fetchall():
    ids.setdefault(record, set()).add(id_)
for it in plans:
    statements = [line for line in it["plan"].splitlines() if line and not line.startswith("--")]
    assert statements, it["plan"]
    records = set()
    numbers = 0
    for statement in statements:
        # One hint, which is a comment to others, and else no comments and no texts.
        assert re.fullmatch(r"[A-Za-z0-9_ ().,;=<>*-]+", statement.replace("/*+ BROADCAST(w) */ ", "")), statement
        rows = db.sql(statement.rstrip(";")).fetchall()
        if rows and isinstance(rows[0][0], bytes):
            records.update(of_body[body] for (body,) in rows)
        else:
            assert all(value is None or isinstance(value, int) for row in rows for value in row), statement
            numbers += len(rows)
    assert f"rows of numbers: {numbers}." in it["plan"], (numbers, it["plan"])
    known = set().union(set(), *(ids[record] for record in records))
    assert set(it["facts"]) <= known, (it["plan"], set(it["facts"]) - known)
    some += len(records) < manifest["records"]
# The statements of docs/tables.md, as they stand there, find what the program finds.
os.chdir(folder)
documented = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "tables.md")
with open(documented, encoding="utf-8") as file:
    statements = re.search(r"```sql\n(.*?)```", file.read(), re.DOTALL).group(1).split(";")
own = duckdb.connect()
for statement in filter(str.strip, statements):
    last = own.sql(statement)
with open("documented.json", encoding="utf-8") as file:
    assert [row[0] for row in last.fetchall()] == sorted(json.load(file)), last
# Most questions need a part only; some look at everything.
assert some > len(plans) / 2, some
print(f"duckdb agrees: {len(plans)} plans")
