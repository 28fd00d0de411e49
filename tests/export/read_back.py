"""Reads exports with tools that we did not write, and compares what they find with answers of purvey (JSON).

Usage: read_back.py TOOL FOLDER. The folder holds the exports and the answers; tests/foreign_readers.rs makes it.
"""

import json
import os
import sys
import tempfile

FOLDER = sys.argv[2]
P = "https://purvey.example/ns#"
E = "https://purvey.example/id/entity/"
F = "https://purvey.example/id/fact/"
PROV = "http://www.w3.org/ns/prov#"


def path(*parts):
    return os.path.join(FOLDER, *parts)


def answer(name):
    with open(path(name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def same(what, found, expected):
    assert found == expected, f"{what}: found {found!r}, and purvey says {expected!r}"


def networkx():
    import networkx

    who, stats = answer("who"), answer("stats")["counts"]
    for file, read in (("all.graphml", networkx.read_graphml), ("all.gexf", networkx.read_gexf)):
        graph = read(path(file))
        written = answer(file)["written"]
        same(f"{file}: nodes", graph.number_of_nodes(), written["nodes"])
        same(f"{file}: edges", graph.number_of_edges(), written["edges"])
        edges = {data["fact"]: (source, target, data) for source, target, data in graph.edges(data=True)}
        same(f"{file}: facts", len(edges), written["edges"])
        assert written["edges"] <= stats["facts"]
        for row in who["rows"]:
            if not row["from"] or not row["to"]:
                assert row["fact"] not in edges
                continue
            source, target, data = edges[row["fact"]]
            for node, end in ((source, row["from"]), (target, row["to"])):
                same(f"{file}: {row['fact']}", graph.nodes[node]["label"], end["name"])
            assert data["weight"] >= 1 and data["label"], data
            period = row["period"] or {}
            same(f"{file}: {row['fact']} period", data.get("period"), period.get("edtf"))
            if file.endswith("gexf"):
                same(f"{row['fact']} start", data.get("start"), period.get("earliest"))
                same(f"{row['fact']} end", data.get("end"), period.get("latest"))
            quantity = row["quantity"] or {}
            same(f"{file}: {row['fact']} low", data.get("low"), quantity.get("low"))
            same(f"{file}: {row['fact']} words", data.get("quantity"), quantity.get("text"))
    for file, read in (("nodes.graphml", networkx.read_graphml), ("nodes.gexf", networkx.read_gexf)):
        graph = read(path(file))
        facts = [node for node, data in graph.nodes(data=True) if data["kind"] == "fact"]
        same(f"{file}: facts", len(facts), stats["facts"])


def pyoxigraph():
    import pyoxigraph as ox

    who, stats = answer("who"), answer("stats")["counts"]
    formats = {"all.ttl": ox.RdfFormat.TURTLE, "star.ttl": ox.RdfFormat.TURTLE, "all.nq": ox.RdfFormat.N_QUADS}
    for file, form in formats.items():
        store = ox.Store()
        store.load(path=path(file), format=form)

        def ask(query):
            found = store.query(f"PREFIX p: <{P}> PREFIX e: <{E}> PREFIX prov: <{PROV}> " + query)
            names = [it.value for it in found.variables]
            value = lambda it: None if it is None or isinstance(it, ox.BlankNode) else it.value
            return [tuple(value(row[name]) for name in names) for row in found]

        ids = " ".join(f"<{F}{row['fact']}>" for row in who["rows"])
        # Who supplied what?
        end = lambda ref: None if not ref or not ref["id"] else E + ref["id"] + (f"~{ref['of']}" if ref.get("of") else "")
        found = ask(
            f"SELECT ?f ?from ?what ?to {{ VALUES ?f {{ {ids} }} ?f a p:Fact . OPTIONAL {{ ?f p:from ?from }} "
            "OPTIONAL { ?f p:what ?what } OPTIONAL { ?f p:to ?to } }"
        )
        expected = {(F + row["fact"], end(row["from"]), end(row["what"]), end(row["to"])) for row in who["rows"]}
        same(f"{file}: who", set(found), expected)
        if os.path.exists(path("russia.json")):
            found = ask("SELECT ?f { ?f p:to e:russia ; a <https://purvey.example/kind#Supply> }")
            rows = answer("russia")["rows"]
            same(f"{file}: supplies to Russia", {it[0] for it in found}, {F + row["fact"] for row in rows})
        # Who claims it, who denies it?
        by = lambda claim: E + claim["by"]["id"] if claim["by"]["id"] else None
        for role, is_denial in (("claim", False), ("denial", True)):
            found = ask(
                f"SELECT ?f ?by ?d {{ VALUES ?f {{ {ids} }} ?f p:{role} ?c . ?c prov:wasAttributedTo ?by ; "
                "prov:wasDerivedFrom ?d }"
            )
            expected = [
                (F + row["fact"], by(claim), E + claim["document"]["id"])
                for row in who["rows"]
                for claim in row["claims"]
                if (claim["stance"] == "denies") == is_denial
            ]
            order = lambda rows: sorted(rows, key=str)
            same(f"{file}: {role}", order(found), order(expected))
        # How many, and how much?
        for name, kind in (("facts", "Fact"), ("claims", "Claim"), ("unnamed participants", "Unnamed")):
            found = ask(f"SELECT (COUNT(?x) AS ?n) {{ ?x a p:{kind} }}")
            same(f"{file}: {name}", int(found[0][0]), stats[name])
        for total in answer("total").get("totals", []):
            ids = " ".join(f"<{F}{it}>" for it in total["counted_low"])
            found = ask(
                f"SELECT (SUM(?low) AS ?n) {{ VALUES ?f {{ {ids} }} ?f p:figure ?x . "
                f"?x p:name '{total['figure']}' ; p:unit '{total['unit']}' ; p:low ?low }}"
            )
            same(f"{file}: sum", float(found[0][0]), float(total["low"]))
        # The bare statement is spoken of, never made.
        kinds = ask("SELECT DISTINCT ?p { ?s ?p ?o FILTER(STRSTARTS(STR(?p), 'https://purvey.example/kind#')) }")
        same(f"{file}: bare statements", kinds, [])
        patterns = {
            "all.ttl": "?f <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> ?s",
            "star.ttl": "?f <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( ?s ?p ?o )>>",
            "all.nq": "GRAPH ?f { ?s ?p ?o }",
        }
        found = ask(f"SELECT (COUNT(DISTINCT ?f) AS ?n) {{ {patterns[file]} }}")
        same(f"{file}: statements spoken of", int(found[0][0]), answer("all.graphml")["written"]["edges"])
        if os.path.exists(path("names.json")):
            found = ask("SELECT ?n { e:alpha <https://schema.org/alternateName> ?n }")
            names = answer("names")["subject"]["names"]
            expected = {it["name"] for it in names if it["kind"] == "alias"}
            same(f"{file}: names", {it[0] for it in found}, expected)


def duckdb():
    import duckdb

    stats, who = answer("stats")["counts"], answer("who")
    db = duckdb.connect()
    for folder in ("neo4j", "ladybug"):
        for file in sorted(os.listdir(path(folder))):
            table, dot, rest = file.partition(".")
            if rest != "csv":
                continue
            if folder == "neo4j":
                with open(path(folder, table + ".header.csv"), encoding="utf-8") as header:
                    names = header.read().strip().split(",")
            else:
                with open(path(folder, file), encoding="utf-8") as header:
                    names = header.readline().strip().split(",")
            columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in names) + "}"
            options = f"auto_detect=false, header={folder == 'ladybug'}, delim=',', quote='\"', escape='\"', columns={columns}"
            source = path(folder, file)
            db.execute(f"CREATE TABLE {folder}_{table} AS SELECT * FROM read_csv('{source}', {options})")
        count = lambda table: db.execute(f"SELECT count(*) FROM {folder}_{table}").fetchone()[0]
        same(f"{folder}: facts", count("Fact"), stats["facts"])
        same(f"{folder}: records", count("Record"), stats["records"])
        same(f"{folder}: claims", count("Claim"), stats["claims"])
        same(f"{folder}: claimants", count("CLAIMED_BY"), stats["claims"])
        same(f"{folder}: edges", count("FLOW"), answer("all.graphml")["written"]["edges"])
        written = answer(folder)["written"]
        same(f"{folder}: entities", count("Entity"), written["entities"])
    # The same facts with the same figures, hedges and periods.
    found = db.execute("SELECT id, low, high, low_open, earliest, period FROM ladybug_Fact").fetchall()
    found = {row[0]: row[1:] for row in found}
    number = lambda it: None if it is None else float(it)
    for row in who["rows"]:
        quantity, period = row["quantity"] or {}, row["period"] or {}
        low, high, low_open, earliest, edtf = found[row["fact"]]
        same(row["fact"], (number(low), number(high)), (number(quantity.get("low")), number(quantity.get("high"))))
        same(row["fact"], low_open, str(quantity["low_open"]).lower() if quantity else None)
        same(row["fact"], (earliest, edtf), (period.get("earliest"), period.get("edtf")))
    # No cell begins like a formula; one apostrophe less gives the names back.
    names = {row[0] for row in db.execute("SELECT name FROM ladybug_Entity").fetchall()}
    assert not any(it[:1] in "=+-@" for it in names), names
    if os.path.exists(path("names.json")):
        subject = answer("names")["subject"]["name"]
        assert subject in {it.removeprefix("'") for it in names}, names
    if os.path.isdir(path("parquet")):
        for table, key in (("Fact", "facts"), ("Claim", "claims"), ("Record", "records")):
            found = db.execute(f"SELECT count(*) FROM '{path('parquet', table + '.parquet')}'").fetchone()[0]
            same(f"parquet: {key}", found, stats[key])
        rows = db.execute(f"SELECT id, low, earliest FROM '{path('parquet', 'Fact.parquet')}'").fetchall()
        rows = {row[0]: row[1:] for row in rows}
        for row in who["rows"]:
            low, earliest = rows[row["fact"]]
            same(row["fact"], number(low), number((row["quantity"] or {}).get("low")))
            same(row["fact"], earliest and str(earliest), (row["period"] or {}).get("earliest"))


def ladybug():
    import real_ladybug

    stats = answer("stats")["counts"]
    os.chdir(path("ladybug"))
    with tempfile.TemporaryDirectory() as folder:
        connection = real_ladybug.Connection(real_ladybug.Database(os.path.join(folder, "db")))
        for file in ("schema.cypher", "copy.cypher"):
            with open(file, encoding="utf-8") as statements:
                lines = [it for it in statements.read().splitlines() if not it.startswith("//")]
            for statement in filter(str.strip, "\n".join(lines).split(";\n")):
                connection.execute(statement.removesuffix(";"))
        one = lambda query: connection.execute(query).get_next()[0]
        for name, table in (("facts", "Fact"), ("records", "Record"), ("claims", "Claim")):
            same(name, one(f"MATCH (n:{table}) RETURN count(n)"), stats[name])
        same("edges", one("MATCH ()-[e:FLOW]->() RETURN count(e)"), answer("all.graphml")["written"]["edges"])
        if os.path.exists(path("names.json")):
            shown = answer("names")["subject"]
            same("name", one("MATCH (n:Entity {id: 'alpha'}) RETURN n.name"), shown["name"])
            found = connection.execute("MATCH (:Entity {id: 'alpha'})-[:NAMED]->(n {kind: 'alias'}) RETURN n.text")
            names = set()
            while found.has_next():
                names.add(found.get_next()[0])
            same("names", names, {it["name"] for it in shown["names"] if it["kind"] == "alias"})


def igraph():
    import igraph

    for file in ("all.graphml", "nodes.graphml"):
        graph = igraph.Graph.Read_GraphML(path(file))
        written = answer(file)["written"]
        same(f"{file}: nodes", graph.vcount(), written["nodes"])
        same(f"{file}: edges", graph.ecount(), written["edges"])
        assert graph.is_directed()
        labels = dict(zip(graph.vs["id"], graph.vs["label"]))
        for row in answer("who")["rows"]:
            for end in filter(lambda it: it and it["id"] and not it.get("of"), (row["from"], row["to"])):
                if end["id"] in labels:
                    same(f"{file}: {end['id']}", labels[end["id"]], end["name"])
    graph = igraph.Graph.Read_GraphML(path("all.graphml"))
    edges = {it["fact"]: it for it in graph.es}
    for row in answer("who")["rows"]:
        if row["from"] and row["to"]:
            edge, quantity = edges[row["fact"]], row["quantity"] or {}
            assert edge["weight"] >= 1 and edge["label"], edge
            low = quantity.get("low")
            # What is not there is not a number.
            same(f"{row['fact']} low", None if edge["low"] != edge["low"] else edge["low"], low and float(low))
            same(f"{row['fact']} words", edge["quantity"], quantity.get("text", ""))


def neo4j():
    """Neo4j itself is not to be had: its files by the rules of its manual, its statements by a grammar of openCypher."""
    import csv
    import re

    from antlr4 import CommonTokenStream, InputStream
    from antlr4.error.ErrorListener import ErrorListener
    from antlr4_cypher import CypherLexer, CypherParser

    class Strict(ErrorListener):
        def syntaxError(self, recognizer, symbol, line, column, message, error):
            raise SyntaxError(f"{column}: {message}")

    def parses(statement):
        lexer = CypherLexer(InputStream(statement))
        parser = CypherParser(CommonTokenStream(lexer))
        for it in (lexer, parser):
            it.removeErrorListeners()
            it.addErrorListener(Strict())
        try:
            parser.script()
        except SyntaxError as error:
            raise AssertionError(f"{statement}: {error}")

    headers, ids, loaded = {}, {}, []
    kinds = {None, "string", "double", "long", "boolean", "date"}
    tables = sorted(it.removesuffix(".header.csv") for it in os.listdir(path("neo4j")) if it.endswith(".header.csv"))

    def rows(table):
        with open(path("neo4j", table + ".csv"), encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    for table in tables:
        with open(path("neo4j", table + ".header.csv"), encoding="utf-8") as file:
            headers[table] = file.read().rstrip("\n").split(",")
        groups = {}
        for at, field in enumerate(headers[table]):
            found = re.fullmatch(r"([A-Za-z_]\w*)?(?::(\w+)(?:\((\w+)\))?)?", field)
            assert found, f"{table}: {field} is no field of a header"
            name, kind, group = found.groups()
            if kind in ("ID", "START_ID", "END_ID"):
                groups[kind] = (at, group)
                assert group in tables, f"{table}: no nodes of the group {group}"
            else:
                assert name and kind in kinds and group is None, f"{table}: {field}"
        assert set(groups) in ({"ID"}, {"START_ID", "END_ID"}), f"{table}: {groups}"
        if "ID" in groups:
            column, group = groups["ID"]
            found = [row[column] for row in rows(table)]
            same(f"{table}: ids", len(set(found)), len(found))
            ids[group] = set(found)
        else:
            loaded.append((table, groups))
    for table in tables:
        for row in rows(table):
            same(f"{table}: columns of {row[0]}", len(row), len(headers[table]))
            for field, cell in zip(headers[table], row):
                kind = field.partition(":")[2]
                if cell and kind in ("double", "long"):
                    float(cell) if kind == "double" else int(cell)
                elif cell and kind == "boolean":
                    assert cell in ("true", "false"), cell
                elif cell and kind == "date":
                    assert re.fullmatch(r"\d{4}-\d\d-\d\d", cell), cell
    for table, groups in loaded:
        for row in rows(table):
            for column, group in groups.values():
                assert row[column] in ids[group], f"{table}: {row[column]} is no {group}"
    with open(path("neo4j", "import.sh"), encoding="utf-8") as file:
        named = re.findall(r"--(nodes|relationships)=(\w+)=(\w+)\.header\.csv,(\w+)\.csv", file.read())
    same("tables of import.sh", sorted(it[1] for it in named), tables)
    assert all(it[1] == it[2] == it[3] for it in named), named
    same("nodes of import.sh", {it[1] for it in named if it[0] == "nodes"}, set(ids))
    statements = lambda name: [
        it for it in open(path("neo4j", name), encoding="utf-8").read().splitlines() if it and not it.startswith("//")
    ]
    for it in statements("after-import.cypher"):
        parses(it.removesuffix(";"))
    for it in statements("load.cypher"):
        # openCypher has neither LOAD CSV nor subqueries in transactions: these words are held against the manual of Neo4j 5.
        found = re.fullmatch(
            r"LOAD CSV FROM 'file:///(\w+)\.csv' AS row CALL \(row\) \{ (.*) \} IN TRANSACTIONS OF \d+ ROWS;", it
        )
        assert found and found[1] in tables, it
        parses("UNWIND $rows AS row " + found[2])
        cells = [int(at) for at in re.findall(r"row\[(\d+)\]", found[2])]
        same(f"{found[1]}: cells", set(cells), set(range(len(headers[found[1]]))))
    for it in statements("constraints.cypher"):
        assert re.fullmatch(r"CREATE CONSTRAINT \w+ IF NOT EXISTS FOR \(n:(\w+)\) REQUIRE n\.id IS UNIQUE;", it), it


TOOLS = {"networkx": networkx, "igraph": igraph, "pyoxigraph": pyoxigraph, "duckdb": duckdb, "ladybug": ladybug, "neo4j": neo4j}
TOOLS[sys.argv[1]]()
print(f"{sys.argv[1]} agrees")
