"""The questions, and the form in which answers are compared: (count, checksum).

Only supplies count. A supply is "during [a, b]" if it begins by b and ends no earlier than a.

q1   supplies of whatever is in the class C (all of its tree) to the country R or to one of it, during a period.
     Rows: (fact, src, dst, item, low, high, unit, start, end, source)
q2   all that one hub supplied or received, by counterpart and unit.
     Rows: ("out" | "in", counterpart, unit, facts, sum of low, sum of high)
q3   a shortest chain of supplies from A to B, whatever the time: [A, ..., B]
q4   chains in time of 1, 2 and 3 supplies from A to B, counted: (n1, n2, n3). Nobody stands in a chain twice. There must be
     days t1 <= t2 <= t3, each in its supply: no supply may end before the latest beginning of those before it.
q4h  the same between the largest supplier and the largest recipient
q5   the k suppliers with most supplies during a period: [(entity, facts)], of equals the smaller id first
"""
import csv
import json

QUESTIONS = ["q1", "q2", "q3", "q4", "q4h", "q5"]
WORDS = {
    "q1": "class, country, period", "q2": "a hub by counterpart", "q3": "shortest chain",
    "q4": "chains in time", "q4h": "chains in time, hubs", "q5": "top suppliers",
}
MASK = (1 << 61) - 1


def params(data):
    with open(f"{data}/params.json") as file:
        return json.load(file)


def canonical(question, raw):
    """Whatever the order of its rows, an answer is one count and one checksum."""
    if question == "q1":
        return [len(raw), sum(r[0] + 3 * int(r[4]) + 5 * int(r[5]) + 7 * int(r[9]) + 11 * r[1] + 13 * r[2] for r in raw) & MASK]
    if question == "q2":
        ends = {"out": 1, "in": 2}
        return [len(raw), sum((r[1] + 1) * ends[r[0]] + 3 * int(r[3]) + 5 * int(r[4]) + 7 * int(r[5]) for r in raw) & MASK]
    if question == "q3":
        return [len(raw) - 1, len(raw) - 1]
    if question in ("q4", "q4h"):
        return [sum(raw), raw[0] + 31 * raw[1] + 997 * raw[2]]
    return [len(raw), sum((at + 1) * (int(e) + 1000003 * int(n)) for at, (e, n) in enumerate(raw)) & MASK]


class Facts:
    """The tables themselves, to hold answers against them."""

    def __init__(self, data):
        self.data = data
        self._ids = self._steps = self._supplies = None

    def _names(self):
        if self._ids is None:
            with open(f"{self.data}/entities.csv", newline="") as file:
                self._ids = {row["name"]: int(row["id"]) for row in csv.DictReader(file)}
            self._of = {id_: name for name, id_ in self._ids.items()}
            self._slugs = {name.lower().replace(" ", "-"): id_ for name, id_ in self._ids.items()}
        return self._ids

    def entity(self, name):
        """The id of a name."""
        return self._names()[name]

    def name_of(self, entity):
        self._names()
        return self._of[entity]

    def slug(self, text):
        """The id of what purvey calls so."""
        self._names()
        return self._slugs[text]

    def supplies(self):
        """(low, high) by the id of a supply."""
        if self._supplies is None:
            self._read()
        return self._supplies

    def _read(self):
        self._steps, self._supplies = set(), {}
        with open(f"{self.data}/facts.csv", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            for row in rows:
                if row[1] == "supply":
                    self._steps.add((int(row[2]), int(row[3])))
                    self._supplies[row[0]] = (int(row[5]), int(row[6]))

    def is_path(self, path, p):
        """Whether each step of a path is a supply."""
        if self._steps is None:
            self._read()
        ends = len(path) > 1 and (path[0], path[-1]) == (p["a"], p["b"])
        return ends and all(step in self._steps for step in zip(path, path[1:]))
