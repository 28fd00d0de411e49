"""Peers that are asked by their own command lines: DuckDB, SQLite, and purvey. Each question is one command or more, of which
each prints JSON; what it says is read when the clock has stopped."""
import json
import os

from . import sql


class Command:
    def __init__(self, argv, source=None):
        self.argv, self.source = argv, source


class DuckdbCommand:
    store = "peers.duckdb"

    def __init__(self, tools):
        self.program = tools["duckdb"]

    def build(self, data, store):
        return [Command([self.program, f"{store}/{self.store}", "-c", sql.DUCKDB_LOAD.format(data=data)])]

    def ask(self, question, p, store, _):
        query = sql.DUCKDB[question[:2]].format(**p)
        return [Command([self.program, "-readonly", "-json", f"{store}/{self.store}", "-c", query])]

    def read(self, question, p, texts, _):
        return read_rows(question, texts[0])


class SqliteCommand:
    store = "peers.sqlite"

    def __init__(self, tools):
        self.program = tools["sqlite3"]

    def build(self, data, store):
        lines = ["pragma journal_mode=off;", "pragma synchronous=off;", "pragma cache_size=-400000;", sql.SQLITE_TABLES.strip()]
        lines += [f".import --csv --skip 1 {data}/{file}.csv {table}" for file, table in
                  (("entities", "entity"), ("items", "item"), ("facts", "fact"))]
        return [Command([self.program, f"{store}/{self.store}"], "\n".join(lines + [sql.SQLITE_INDEXES]))]

    def ask(self, question, p, store, _):
        query = sql.sqlite_path(p) if question == "q3" else sql.SQLITE[question[:2]].format(**p) + ";"
        return [Command([self.program, "-readonly", "-json", f"{store}/{self.store}"], "pragma temp_store=memory;\n" + query)]

    def read(self, question, p, texts, _):
        return read_rows(question, texts[0])


def read_rows(question, text):
    rows = [list(it.values()) for it in json.loads(text or "[]")]
    if question == "q3":
        return [it for it, in rows]
    # DuckDB writes sums, which are wider than its integers, as texts or with a point.
    whole = [[int(float(it)) if isinstance(it, (int, float)) or (isinstance(it, str) and it.replace(".", "").isdigit()) else it
              for it in row] for row in rows]
    return whole[0] if question in ("q4", "q4h") else whole


class Purvey:
    store = "peers.purvey"

    def __init__(self, tools):
        self.program, self.library = tools["purvey"], tools["purvey-library"]
        self.mappings = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "mappings")

    def build(self, data, store):
        argv = [self.program, "import", "csv", "--quiet", "--out", f"{store}/{self.store}"]
        argv += [f"{data}/{it}.csv" for it in ("entities", "items", "facts")]
        for it in ("entities", "items", "facts"):
            argv += ["--mapping", f"{self.mappings}/{it}.ron"]
        return [Command(argv + ["--vocabulary", f"{self.mappings}/units.ron"])]

    def words(self, question, p, facts):
        """The question as words of the command line, one list a command."""
        name = facts.name_of
        if question == "q1":
            return [["who", "--kind", "supply", "--what", f"Item class {p['item']}", "--to", name(p["country"]), "--include-parts",
                     "--during", f"{p['a']}/{p['b']}"]]
        if question == "q2":
            return [["who", "--kind", "supply", f"--{end}", name(p["hub"]), "--total", "--by", other, "--limit", "1"]
                    for end, other in (("from", "to"), ("to", "from"))]
        if question == "q3":
            return [["path", name(p["a"]), name(p["b"]), "--kind", "supply", "--max-hops", "30"]]
        if question in ("q4", "q4h"):
            return [["path", name(p["a"]), name(p["b"]), "--kind", "supply", "--in-time", "--count", "--max-hops", "3"]]
        return [["top", "from", "--kind", "supply", "--during", f"{p['a']}/{p['b']}", "--limit", str(p["k"])]]

    def ask(self, question, p, store, facts):
        more = ["--data", f"{store}/{self.store}", "--format", "json"]
        return [Command([self.program, *words, *more]) for words in self.words(question, p, facts)]

    def warm(self, question, p, store, facts, repeat):
        """The same questions put to the library, which builds the same answers."""
        return [Command([self.library, f"{store}/{self.store}", str(repeat), *words]) for words in self.words(question, p, facts)]

    def read(self, question, p, texts, facts):
        answers = [json.loads(it) for it in texts]
        for answer in answers:
            check_sources(answer)
        if question == "q1":
            return [purvey_row(it, facts) for it in answers[0]["rows"]]
        if question == "q2":
            return [row for direction, answer in zip(("out", "in"), answers) for row in purvey_sums(direction, answer, facts)]
        if question == "q3":
            steps = answers[0]["chains"][0]["steps"]
            return [facts.entity(it["name"]) for it in [steps[0]["from"]] + [step["to"] for step in steps]]
        if question in ("q4", "q4h"):
            counts = answers[0]["counts"]
            return [counts["chains of 1 step"], counts["chains of 2 steps"], counts["chains of 3 steps"]]
        ranked = [(facts.entity(it["from"]["name"]), it["facts"]) for it in answers[0]["ranking"]["ranked"]]
        # Its equals stand in the order of their names.
        return sorted(ranked, key=lambda it: (-it[1], it[0]))


def check_sources(answer):
    """Each row has its names and claims, and each claim a note: less would be another answer than the one that is timed."""
    notes = {it["number"] for it in answer["notes"]}
    for row in answer["rows"]:
        if not row["from"]["name"] or not row["to"]["name"] or not row["claims"]:
            raise ValueError(f"{row['fact']} lacks a name or a claim")
        if any(it["note"] not in notes or not it["by"]["name"] for it in row["claims"]):
            raise ValueError(f"a claim of {row['fact']} lacks its note or claimant")


def purvey_row(row, facts):
    start, end = (row["period"][it] for it in ("earliest", "latest"))
    quantity = row["quantity"]
    return (int(row["fact"].removeprefix("f-")), facts.entity(row["from"]["name"]), facts.entity(row["to"]["name"]),
            int(row["what"]["name"].removeprefix("Item class ")), quantity["low"], quantity["high"], quantity["unit"], start, end,
            int(row["extra"]["source"][0]))


def purvey_sums(direction, answer, facts):
    """A lower bound adds up only what cannot be the same, so it may be less than a sum of all: it is held against the very facts
    that it says it adds up, and with those that it leaves out it comes to the sum of the others."""
    supplies = facts.supplies()
    for it in answer["totals"]:
        low = sum(supplies[fact.removeprefix("f-")][0] for fact in it["counted_low"])
        if low != it["low"]:
            raise ValueError(f"the facts of the lower bound to {it['group']} come to {low} and not to {it['low']}")
        left_out = {fact["fact"] for fact in it["left_out"]} - set(it["counted_low"])
        every = set(it["counted"]) | left_out
        whole = low + sum(supplies[fact.removeprefix("f-")][0] for fact in every - set(it["counted_low"]))
        yield (direction, facts.slug(it["group"]), it["unit"], len(every), whole, it["high"])

