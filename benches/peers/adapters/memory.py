"""Libraries that hold a graph in memory: networkx, rustworkx, igraph. They have no store: each process reads the tables."""
import bisect
import datetime
from collections import Counter

EPOCH = datetime.date(1970, 1, 1)
COLUMNS = ["id", "src", "dst", "item", "qty_low", "qty_high", "unit", "source"]


def day(text):
    return (datetime.date.fromisoformat(text) - EPOCH).days


class Tables:
    """The supplies as lists, the country of each entity, the children of each class."""

    def __init__(self, data):
        import pyarrow as pa
        import pyarrow.compute as compute
        import pyarrow.csv as csv

        facts = csv.read_csv(f"{data}/facts.csv")
        facts = facts.filter(compute.equal(facts["kind"], "supply"))
        self.columns = {it: facts[it].to_pylist() for it in COLUMNS}
        for it in ("start", "end"):
            self.columns[it] = facts[it].cast(pa.date32()).cast(pa.int32()).to_pylist()
        self.country = csv.read_csv(f"{data}/entities.csv")["country"].to_pylist()
        items = csv.read_csv(f"{data}/items.csv")
        self.below = {}
        for child, parent in zip(items["id"].to_pylist(), items["parent"].to_pylist()):
            self.below.setdefault(parent, []).append(child)

    def tree(self, cls):
        found, open_ = set(), [cls]
        while open_:
            it = open_.pop()
            found.add(it)
            open_.extend(self.below.get(it, ()))
        return found


def folded(sides):
    """[(direction, [(counterpart, unit, low, high)])] -> rows of q2"""
    sums = {}
    for direction, facts in sides:
        for other, unit, low, high in facts:
            it = sums.setdefault((direction, other, unit), [0, 0, 0])
            it[0] += 1
            it[1] += low
            it[2] += high
    return [(*key, *sum_) for key, sum_ in sums.items()]


def chains(a, b, first, middle, last):
    """Counts of chains in time by meeting in the middle. first: {x: [start]} of supplies a -> x; last: {y: [end]} of y -> b;
    middle(x): (y, start, end) of supplies of x."""
    ends = {y: sorted(it) for y, it in last.items()}

    def later(y, limit):
        return len(ends[y]) - bisect.bisect_left(ends[y], limit)

    one, two, three = len(last.get(a, ())), 0, 0
    for x, starts in first.items():
        if x == b:
            continue
        if x in ends:
            two += sum(later(x, it) for it in starts)
        for y, since, until in middle(x):
            if y != a and y in ends:
                three += sum(later(y, max(it, since)) for it in starts if until >= it)
    return (one, two, three)


def grouped(pairs):
    found = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def ranked(counts, k):
    return sorted(counts.items(), key=lambda it: (-it[1], it[0]))[:k]


class Networkx:
    def open(self, data, store):
        import networkx

        self.networkx, self.tables = networkx, Tables(data)
        c = self.tables.columns
        self.graph = networkx.MultiDiGraph()
        self.graph.add_nodes_from(range(len(self.tables.country)))
        self.graph.add_edges_from(
            (src, dst, fact, {"item": item, "low": low, "high": high, "unit": unit, "start": start, "end": end, "source": source})
            for src, dst, fact, item, low, high, unit, start, end, source in zip(
                c["src"], c["dst"], c["id"], c["item"], c["qty_low"], c["qty_high"], c["unit"], c["start"], c["end"], c["source"]))

    def q1(self, p):
        tree, a, b = self.tables.tree(p["item"]), day(p["a"]), day(p["b"])
        to = [it for it, country in enumerate(self.tables.country) if country == p["country"]]
        return [(fact, src, dst, e["item"], e["low"], e["high"], e["unit"], e["start"], e["end"], e["source"])
                for src, dst, fact, e in self.graph.in_edges(to, keys=True, data=True)
                if e["start"] <= b and e["end"] >= a and e["item"] in tree]

    def q2(self, p):
        def side(edges, end):
            return ((it[end], it[2]["unit"], it[2]["low"], it[2]["high"]) for it in edges)
        return folded([("out", side(self.graph.out_edges(p["hub"], data=True), 1)), ("in", side(self.graph.in_edges(p["hub"], data=True), 0))])

    def q3(self, p):
        return self.networkx.bidirectional_shortest_path(self.graph, p["a"], p["b"])

    def q4(self, p):
        def middle(x):
            return ((y, it["start"], it["end"]) for _, y, it in self.graph.out_edges(x, data=True))
        first = grouped((x, it["start"]) for _, x, it in self.graph.out_edges(p["a"], data=True))
        last = grouped((y, it["end"]) for y, _, it in self.graph.in_edges(p["b"], data=True))
        return chains(p["a"], p["b"], first, middle, last)

    def q5(self, p):
        a, b = day(p["a"]), day(p["b"])
        return ranked(Counter(src for src, _, it in self.graph.edges(data=True) if it["start"] <= b and it["end"] >= a), p["k"])


class Rustworkx:
    """Each edge holds (fact, item, low, high, unit, start, end, source)."""

    def open(self, data, store):
        import rustworkx

        self.rustworkx, self.tables = rustworkx, Tables(data)
        c = self.tables.columns
        self.graph = rustworkx.PyDiGraph()
        self.graph.add_nodes_from(range(len(self.tables.country)))
        names = ["id", "item", "qty_low", "qty_high", "unit", "start", "end", "source"]
        self.graph.add_edges_from(list(zip(c["src"], c["dst"], zip(*(c[it] for it in names)))))

    def q1(self, p):
        tree, a, b = self.tables.tree(p["item"]), day(p["a"]), day(p["b"])
        return [(it[0], src, dst, *it[1:]) for node, country in enumerate(self.tables.country) if country == p["country"]
                for src, dst, it in self.graph.in_edges(node) if it[5] <= b and it[6] >= a and it[1] in tree]

    def q2(self, p):
        def side(edges, end):
            return ((it[end], it[2][4], it[2][2], it[2][3]) for it in edges)
        return folded([("out", side(self.graph.out_edges(p["hub"]), 1)), ("in", side(self.graph.in_edges(p["hub"]), 0))])

    def q3(self, p):
        return list(self.rustworkx.dijkstra_shortest_paths(self.graph, p["a"], p["b"])[p["b"]])

    def q4(self, p):
        def middle(x):
            return ((y, it[5], it[6]) for _, y, it in self.graph.out_edges(x))
        first = grouped((x, it[5]) for _, x, it in self.graph.out_edges(p["a"]))
        last = grouped((y, it[6]) for y, _, it in self.graph.in_edges(p["b"]))
        return chains(p["a"], p["b"], first, middle, last)

    def q5(self, p):
        a, b = day(p["a"]), day(p["b"])
        return ranked(Counter(src for src, _, it in self.graph.weighted_edge_list() if it[5] <= b and it[6] >= a), p["k"])


class Igraph:
    """The attributes of its edges are read from the lists that they were made of: a sequence of its own is copied at each use."""

    def open(self, data, store):
        import igraph

        self.tables = Tables(data)
        c = self.tables.columns
        self.graph = igraph.Graph(n=len(self.tables.country), edges=list(zip(c["src"], c["dst"])), directed=True)
        for name in COLUMNS + ["start", "end"]:
            self.graph.es[name] = c[name]

    def edges(self, node, mode):
        return self.graph.incident(node, mode=mode)

    def q1(self, p):
        tree, a, b, c = self.tables.tree(p["item"]), day(p["a"]), day(p["b"]), self.tables.columns
        start, end, item = c["start"], c["end"], c["item"]
        return [(c["id"][it], c["src"][it], node, item[it], c["qty_low"][it], c["qty_high"][it], c["unit"][it], start[it], end[it], c["source"][it])
                for node, country in enumerate(self.tables.country) if country == p["country"]
                for it in self.edges(node, "in") if start[it] <= b and end[it] >= a and item[it] in tree]

    def q2(self, p):
        c = self.tables.columns

        def side(mode, other):
            return ((c[other][it], c["unit"][it], c["qty_low"][it], c["qty_high"][it]) for it in self.edges(p["hub"], mode))
        return folded([("out", side("out", "dst")), ("in", side("in", "src"))])

    def q3(self, p):
        return self.graph.get_shortest_path(p["a"], p["b"], mode="out", output="vpath")

    def q4(self, p):
        c = self.tables.columns

        def middle(x):
            return ((c["dst"][it], c["start"][it], c["end"][it]) for it in self.edges(x, "out"))
        first = grouped((c["dst"][it], c["start"][it]) for it in self.edges(p["a"], "out"))
        last = grouped((c["src"][it], c["end"][it]) for it in self.edges(p["b"], "in"))
        return chains(p["a"], p["b"], first, middle, last)

    def q5(self, p):
        a, b, c = day(p["a"]), day(p["b"]), self.tables.columns
        return ranked(Counter(s for s, x, y in zip(c["src"], c["start"], c["end"]) if x <= b and y >= a), p["k"])
