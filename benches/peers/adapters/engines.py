"""Engines with a store on disk, through their Python libraries: DuckDB, SQLite, Ladybug (the successor of Kuzu), Oxigraph."""
import csv
import os

from . import sql

WEB = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def table(path):
    """Rows of a table without its header; None for what is blank."""
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            yield [it if it != "" else None for it in row]


class Duckdb:
    def build(self, data, store):
        import duckdb

        with duckdb.connect(f"{store}/peers.duckdb") as it:
            it.execute(sql.DUCKDB_LOAD.format(data=data))

    def open(self, data, store):
        import duckdb

        self.connection = duckdb.connect(f"{store}/peers.duckdb", read_only=True)

    def rows(self, question, p):
        return self.connection.execute(sql.DUCKDB[question].format(**p)).fetchall()

    def q1(self, p):
        return self.rows("q1", p)

    def q2(self, p):
        return self.rows("q2", p)

    def q3(self, p):
        return [it for it, in self.rows("q3", p)]

    def q4(self, p):
        return self.rows("q4", p)[0]

    def q5(self, p):
        return self.rows("q5", p)


class Sqlite:
    def build(self, data, store):
        import sqlite3

        it = sqlite3.connect(f"{store}/peers.sqlite")
        it.executescript("pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-400000;" + sql.SQLITE_TABLES)
        it.execute("begin")
        for name, marks in (("entity", 4), ("item", 4), ("fact", 11)):
            file = {"entity": "entities", "item": "items", "fact": "facts"}[name]
            it.executemany(f"insert into {name} values({','.join('?' * marks)})", table(f"{data}/{file}.csv"))
        it.commit()
        it.executescript(sql.SQLITE_INDEXES)
        it.close()

    def open(self, data, store):
        import sqlite3

        self.connection = sqlite3.connect(f"file:{store}/peers.sqlite?mode=ro", uri=True)
        self.connection.execute("pragma mmap_size=8000000000")
        self.connection.execute("pragma temp_store=memory")

    def rows(self, question, p):
        return self.connection.execute(sql.SQLITE[question].format(**p)).fetchall()

    def q1(self, p):
        return self.rows("q1", p)

    def q2(self, p):
        return self.rows("q2", p)

    def q3(self, p):
        it = self.connection
        it.execute("drop table if exists temp.seen")
        for statement in sql.SQLITE_PATH["begin"].format(**p).split(";"):
            it.execute(statement)
        level = 0
        # A library can look after each level, which a script cannot.
        while not it.execute("select 1 from seen where node=?", (p["b"],)).fetchone():
            if it.execute(sql.SQLITE_PATH["level"].format(d=level, **p)).rowcount <= 0:
                return []
            level += 1
        return [node for node, in it.execute(sql.SQLITE_PATH["way"].format(**p))]

    def q4(self, p):
        return self.rows("q4", p)[0]

    def q5(self, p):
        return self.rows("q5", p)


class Ladybug:
    """A table of relations for each kind of fact, and one for the tree of classes."""

    def build(self, data, store):
        import ladybug

        connection = ladybug.Connection(ladybug.Database(f"{store}/peers.lbug"))
        dates = "since DATE, till DATE, source INT64"
        head = f"(id INT64, kind STRING, src INT64, dst INT64, item INT64, low INT64, high INT64, unit STRING, {dates})"
        facts = f"LOAD WITH HEADERS {head} FROM '{data}/facts.csv' (HEADER=true)"
        items = f"LOAD WITH HEADERS (id INT64, parent INT64, depth INT64, name STRING) FROM '{data}/items.csv' (HEADER=true)"
        for statement in (
            "CREATE NODE TABLE Entity(id INT64, kind STRING, name STRING, country INT64, PRIMARY KEY(id))",
            "CREATE NODE TABLE Item(id INT64, depth INT64, name STRING, PRIMARY KEY(id))",
            "CREATE REL TABLE Parent(FROM Item TO Item)",
            f"CREATE REL TABLE Supply(FROM Entity TO Entity, fact INT64, item INT64, low INT64, high INT64, unit STRING, {dates})",
            f"CREATE REL TABLE Sanction(FROM Entity TO Entity, fact INT64, {dates})",
            f"CREATE REL TABLE Member(FROM Entity TO Entity, fact INT64, {dates})",
            f"COPY Entity FROM '{data}/entities.csv' (HEADER=true)",
            f"COPY Item FROM ({items} RETURN id, depth, name)",
            f"COPY Parent FROM ({items} WHERE parent IS NOT NULL RETURN id, parent)",
            f"COPY Supply FROM ({facts} WHERE kind='supply' RETURN src,dst,id,item,low,high,unit,since,till,source)",
            f"COPY Sanction FROM ({facts} WHERE kind='sanction' RETURN src,dst,id,since,till,source)",
            f"COPY Member FROM ({facts} WHERE kind='member' RETURN src,dst,id,since,till,source)",
            "CHECKPOINT",
        ):
            connection.execute(statement)
        connection.close()

    def open(self, data, store):
        import ladybug

        self.database = ladybug.Database(f"{store}/peers.lbug", read_only=True)
        self.connection = ladybug.Connection(self.database)

    def rows(self, query, p):
        return [tuple(it) for it in self.connection.execute(query, p).get_all()]

    def q1(self, p):
        return self.rows(
            "MATCH (c:Item {id:$item})<-[:Parent*0..4]-(i:Item) WITH collect(i.id) AS items "
            "MATCH (s:Entity)-[f:Supply]->(r:Entity) "
            "WHERE r.country=$country AND f.since<=date($b) AND f.till>=date($a) AND list_contains(items, f.item) "
            "RETURN f.fact,s.id,r.id,f.item,f.low,f.high,f.unit,f.since,f.till,f.source", p)

    def q2(self, p):
        sums = "o.id,f.unit,count(*),sum(f.low),sum(f.high)"
        return (self.rows(f"MATCH (e:Entity {{id:$hub}})-[f:Supply]->(o:Entity) RETURN 'out',{sums}", p)
                + self.rows(f"MATCH (e:Entity {{id:$hub}})<-[f:Supply]-(o:Entity) RETURN 'in',{sums}", p))

    def q3(self, p):
        ends = {"a": p["a"], "b": p["b"]}
        found = self.rows("MATCH q=(a:Entity {id:$a})-[:Supply* SHORTEST 1..30]->(b:Entity {id:$b}) RETURN properties(nodes(q),'id')", ends)
        return list(found[0][0])

    def q4(self, p):
        one = self.rows("MATCH (a:Entity {id:$a})-[f:Supply]->(b:Entity {id:$b}) RETURN count(*)", p)
        two = self.rows("MATCH (a:Entity {id:$a})-[f:Supply]->(x:Entity)-[g:Supply]->(b:Entity {id:$b}) WHERE g.till>=f.since RETURN count(*)", p)
        # In two parts: version 0.22.0 loses the comparison of two relations where all three stand in one pattern.
        three = self.rows(
            "MATCH (a:Entity {id:$a})-[f:Supply]->(x:Entity)-[m:Supply]->(y:Entity) "
            "WHERE m.till>=f.since AND x.id<>$b AND y.id<>$a "
            "WITH CASE WHEN m.since>f.since THEN m.since ELSE f.since END AS latest, y "
            "MATCH (y)-[g:Supply]->(b:Entity {id:$b}) WHERE g.till>=latest RETURN count(*)", p)
        return (one[0][0], two[0][0], three[0][0])

    def q5(self, p):
        return self.rows(
            "MATCH (s:Entity)-[f:Supply]->(:Entity) WHERE f.since<=date($b) AND f.till>=date($a) "
            f"RETURN s.id,count(*) AS n ORDER BY n DESC, s.id LIMIT {p['k']}", {"a": p["a"], "b": p["b"]})


class Oxigraph:
    """RDF: a node for each fact, and a plain statement from supplier to recipient to walk along."""

    def build(self, data, store):
        import pyoxigraph

        path = f"{store}/all.nt"
        with open(path, "w", buffering=1 << 20) as out:
            self.statements(data, out.write)
        it = pyoxigraph.Store(f"{store}/oxigraph")
        it.bulk_load(path=path, format=pyoxigraph.RdfFormat.N_TRIPLES)
        it.optimize()
        it.flush()
        os.remove(path)

    @staticmethod
    def statements(data, write):
        def number(value):
            return f'"{value}"^^<{XSD}integer>'

        def day(value):
            return f'"{value}"^^<{XSD}date>'
        for id_, kind, name, country in table(f"{data}/entities.csv"):
            it = f"<{WEB}e/{id_}> <{WEB}"
            write(f'{it}kind> "{kind}" .\n{it}name> "{name}" .\n{it}country> <{WEB}e/{country}> .\n')
        for id_, parent, _, name in table(f"{data}/items.csv"):
            write(f'<{WEB}i/{id_}> <{WEB}name> "{name}" .\n')
            if parent:
                write(f"<{WEB}i/{id_}> <{WEB}parent> <{WEB}i/{parent}> .\n")
        ends = {"supply": ("src", "dst"), "sanction": ("imposer", "target"), "member": ("member", "of")}
        for id_, kind, src, dst, item, low, high, unit, start, end, source in table(f"{data}/facts.csv"):
            one, other = ends[kind]
            it = f"<{WEB}f/{id_}> <{WEB}"
            write(f"{it}{one}> <{WEB}e/{src}> .\n{it}{other}> <{WEB}e/{dst}> .\n{it}start> {day(start)} .\n{it}source> {number(source)} .\n")
            if end:
                write(f"{it}end> {day(end)} .\n")
            if kind == "supply":
                write(f'{it}item> <{WEB}i/{item}> .\n{it}low> {number(low)} .\n{it}high> {number(high)} .\n{it}unit> "{unit}" .\n'
                      f"<{WEB}e/{src}> <{WEB}supplied> <{WEB}e/{dst}> .\n")

    def open(self, data, store):
        import pyoxigraph

        self.pyoxigraph, self.store = pyoxigraph, pyoxigraph.Store.read_only(f"{store}/oxigraph")

    def query(self, text):
        return self.store.query(f"PREFIX x: <{WEB}> PREFIX xsd: <{XSD}> {text}")

    def count(self, pattern):
        return int(next(iter(self.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")))[0].value)

    @staticmethod
    def id(term):
        return int(term.value.rsplit("/", 1)[1])

    def q1(self, p):
        rows = self.query(
            f"SELECT ?f ?s ?d ?i ?lo ?hi ?u ?a ?b ?so WHERE {{ ?d x:country <{WEB}e/{p['country']}> . ?f x:dst ?d ; x:item ?i . "
            f"?i x:parent* <{WEB}i/{p['item']}> . ?f x:start ?a ; x:end ?b . "
            f"FILTER(?a <= \"{p['b']}\"^^xsd:date && ?b >= \"{p['a']}\"^^xsd:date) ?f x:src ?s ; x:low ?lo ; x:high ?hi ; x:unit ?u ; x:source ?so }}")
        return [(*(self.id(it[at]) for at in range(4)), int(it[4].value), int(it[5].value), *(it[at].value for at in (6, 7, 8)), int(it[9].value))
                for it in rows]

    def q2(self, p):
        found = []
        for direction, one, other in (("out", "src", "dst"), ("in", "dst", "src")):
            rows = self.query(f"SELECT ?o ?u (COUNT(*) AS ?n) (SUM(?lo) AS ?a) (SUM(?hi) AS ?b) WHERE {{ "
                              f"?f x:{one} <{WEB}e/{p['hub']}> ; x:{other} ?o ; x:unit ?u ; x:low ?lo ; x:high ?hi }} GROUP BY ?o ?u")
            found += [(direction, self.id(it[0]), it[1].value, *(int(it[at].value) for at in (2, 3, 4))) for it in rows]
        return found

    def q3(self, p):
        """SPARQL says whether there is a path and not which, so the search is ours over its statements."""
        supplied, start, goal = (self.pyoxigraph.NamedNode(WEB + it) for it in ("supplied", f"e/{p['a']}", f"e/{p['b']}"))
        before, frontier = {start: None}, [start]
        while frontier and goal not in before:
            reached = []
            for node in frontier:
                for quad in self.store.quads_for_pattern(node, supplied, None):
                    if quad.object not in before:
                        before[quad.object] = node
                        reached.append(quad.object)
            frontier = reached
        path, node = [], goal
        while node is not None:
            path.append(self.id(node))
            node = before[node]
        return path[::-1]

    def q4(self, p):
        a, b = f"<{WEB}e/{p['a']}>", f"<{WEB}e/{p['b']}>"
        return (
            self.count(f"?f x:src {a} ; x:dst {b}"),
            self.count(f"?f x:src {a} ; x:dst ?x ; x:start ?fs . ?g x:dst {b} ; x:src ?x ; x:end ?ge . FILTER(?ge >= ?fs)"),
            self.count(f"?f x:src {a} ; x:dst ?x ; x:start ?fs . FILTER(?x != {b}) ?m x:src ?x ; x:dst ?y . FILTER(?y != {a}) "
                       f"?g x:src ?y ; x:dst {b} ; x:end ?ge . ?m x:end ?me ; x:start ?ms . FILTER(?me >= ?fs && ?ge >= ?ms && ?ge >= ?fs)"),
        )

    def q5(self, p):
        rows = self.query(f"SELECT ?s (COUNT(*) AS ?n) WHERE {{ ?f x:src ?s ; x:start ?a ; x:end ?b . "
                          f"FILTER(?a <= \"{p['b']}\"^^xsd:date && ?b >= \"{p['a']}\"^^xsd:date) }} "
                          f"GROUP BY ?s ORDER BY DESC(?n) xsd:integer(SUBSTR(STR(?s),{len(WEB) + 3})) LIMIT {p['k']}")
        return [(self.id(it[0]), int(it[1].value)) for it in rows]
