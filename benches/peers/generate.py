"""generate.py FACTS SEED OUT: made-up supplies, always the same for the same FACTS and SEED.

entities.csv  id,kind,name,country        country | organisation | person; the id of the country (a country names itself)
items.csv     id,parent,depth,name        2,000 classes in four levels: 8, 40, 280, 1,672; a root has no parent
facts.csv     id,kind,src,dst,item,qty_low,qty_high,unit,start,end,source
              FACTS supplies, a tenth as many sanctions and a twentieth as many memberships, shuffled together
params.json   what the questions ask about, chosen from the data

Suppliers are drawn with a weight of rank^-0.8, recipients rank^-0.6, each in an order of its own; a quarter of the supplies
goes to somebody near the supplier instead. So there are hubs, a long tail, and some distance. Sanctions and memberships are
what every peer must step around.
"""
import json
import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

UNITS = np.array(["pieces", "rounds", "tonnes", "barrels", "containers", "usd", "vehicles", "litres"])
FIRST, LAST = np.datetime64("1990-01-01"), np.datetime64("2024-12-31")
COUNTRIES, LEVELS = 200, [8, 40, 280, 1672]


def skewed(count, power):
    """Cumulated weights of ranks."""
    weights = np.arange(1, count + 1, dtype=float) ** -power
    return np.cumsum(weights / weights.sum())


def draw(random, weights, count):
    return np.searchsorted(weights, random.random(count))


def entities(random, facts):
    organisations, people = max(facts // 20, 10), max(facts // 50, 5)
    count = COUNTRIES + organisations + people
    country = np.empty(count, np.int64)
    country[:COUNTRIES] = np.arange(COUNTRIES)
    order = random.permutation(COUNTRIES)
    country[COUNTRIES:] = order[draw(random, skewed(COUNTRIES, 0.9), count - COUNTRIES)]
    kinds = np.array(["country"] * COUNTRIES + ["organisation"] * organisations + ["person"] * people)
    names = [f"{what} {at}" for what, many in
             (("Country", COUNTRIES), ("Organisation", organisations), ("Person", people)) for at in range(many)]
    table = pa.table({"id": np.arange(count), "kind": kinds, "name": np.array(names), "country": country})
    return table, country, organisations, count


def items(random):
    # Ids are shuffled, so that nobody gets an order of the tree for nothing.
    count = sum(LEVELS)
    ids = random.permutation(count)
    parent, depth, levels, at = np.full(count, -1), np.zeros(count, np.int64), [], 0
    for level, size in enumerate(LEVELS):
        members = ids[at:at + size]
        at += size
        depth[members] = level
        if level:
            above = levels[-1]
            parent[members] = np.concatenate([above, above[draw(random, skewed(len(above), 0.3), size - len(above))]])
        levels.append(members)
    table = pa.table({
        "id": np.arange(count),
        "parent": pa.array([None if it < 0 else int(it) for it in parent], pa.int64()),
        "depth": depth,
        "name": [f"Item class {it}" for it in range(count)],
    })
    return table, parent, depth, levels


def climb(parent, start, keep):
    """Follows parents from where `keep` says so."""
    for _ in LEVELS[1:]:
        start = np.where(keep(start), parent[start], start)
    return start


def facts_table(random, facts, country, organisations, count, parent, levels):
    sellers, buyers = random.permutation(count), random.permutation(count)
    by_seller, by_buyer = skewed(count, 0.8), skewed(count, 0.6)
    src = sellers[draw(random, by_seller, facts)]
    dst = buyers[draw(random, by_buyer, facts)]
    near = random.random(facts) < 0.25
    dst = np.where(near, (src + random.integers(1, 40, facts)) % count, dst)
    dst = np.where(dst == src, (dst + 1) % count, dst)
    leaf = random.random(facts) < 0.9
    item = np.where(leaf, levels[3][draw(random, skewed(LEVELS[3], 0.5), facts)], levels[2][random.integers(0, LEVELS[2], facts)])
    low = np.floor(10 ** (random.random(facts) * 5)).astype(np.int64)
    high = low + np.floor(low * random.random(facts) * 0.5).astype(np.int64)
    root = climb(parent, np.arange(sum(LEVELS)), lambda it: parent[it] >= 0)
    number = {int(it): at for at, it in enumerate(levels[0])}
    unit = UNITS[np.array([number[int(it)] for it in root])[item]]
    days = int((LAST - FIRST).astype(int))
    start = (days * random.random(facts) ** 0.7).astype(np.int64)
    end = np.minimum(start + np.floor(random.exponential(400, facts)).astype(np.int64), days)
    source = random.integers(0, max(facts // 10, 1), facts)

    sanctions, memberships = facts // 10, facts // 20
    others = sanctions + memberships
    imposer = random.permutation(COUNTRIES)[draw(random, skewed(COUNTRIES, 1.1), sanctions)]
    target = sellers[draw(random, by_seller, sanctions)]
    target = np.where(target == imposer, (target + 1) % count, target)
    member = random.integers(COUNTRIES, count, memberships)
    group = COUNTRIES + random.permutation(organisations)[draw(random, skewed(organisations, 0.7), memberships)]
    group = np.where(group == member, COUNTRIES + (group - COUNTRIES + 1) % organisations, group)
    since = (days * random.random(others)).astype(np.int64)
    until = np.minimum(since + np.floor(random.exponential(2000, others)).astype(np.int64), days)
    running = random.random(others) < np.where(np.arange(others) < sanctions, 0.3, 0.6)

    total = facts + others
    order = random.permutation(total)
    no_supply = np.arange(total) >= facts
    blank = np.zeros(others, np.int64)

    def column(values, missing=None):
        return pa.array(np.asarray(values)[order], mask=None if missing is None else missing[order])

    def days_column(values):
        return FIRST + np.concatenate(values).astype("timedelta64[D]")

    table = pa.table({
        "id": np.arange(total),
        "kind": column(np.concatenate([np.full(facts, "supply"), np.full(sanctions, "sanction"), np.full(memberships, "member")])),
        "src": column(np.concatenate([src, imposer, member])),
        "dst": column(np.concatenate([dst, target, group])),
        "item": column(np.concatenate([item, blank]), no_supply),
        "qty_low": column(np.concatenate([low, blank]), no_supply),
        "qty_high": column(np.concatenate([high, blank]), no_supply),
        "unit": column(np.concatenate([unit, np.full(others, "")]), no_supply),
        "start": column(days_column([start, since])),
        "end": column(days_column([end, until]), np.concatenate([np.zeros(facts, bool), running])),
        "source": column(np.concatenate([source, random.integers(0, max(facts // 10, 1), others)])),
    })
    return table, src, dst, item


def farthest(src, dst, outdegree, count):
    """A pair that is far apart, from one who supplied once."""
    order = np.argsort(src, kind="stable")
    begins, towards = np.concatenate([[0], np.cumsum(outdegree)]), dst[order]
    best = (0, 0, 0)
    for start in np.where(outdegree == 1)[0][:12]:
        distance = np.full(count, -1)
        distance[start], frontier, steps = 0, np.array([start]), 0
        while len(frontier):
            steps += 1
            reached = np.unique(np.concatenate([towards[begins[it]:begins[it + 1]] for it in frontier]))
            frontier = reached[distance[reached] < 0]
            distance[frontier] = steps
        if distance.max() > best[0]:
            best = (int(distance.max()), int(start), int(np.where(distance == distance.max())[0][0]))
    return best


def parameters(facts, seed, total, count, country, parent, depth, levels, src, dst, item):
    outdegree, indegree = np.bincount(src, minlength=count), np.bincount(dst, minlength=count)
    sellers, buyers = np.argsort(-outdegree, kind="stable"), np.argsort(-indegree, kind="stable")
    # A class of the second level with a subtree of ordinary size; the country that most arrives in.
    hits = np.bincount(climb(parent, np.arange(len(parent)), lambda it: depth[it] > 1)[item], minlength=len(parent))
    cls = levels[1][np.argsort(-hits[levels[1]], kind="stable")[5]]
    hops, far, target = farthest(src, dst, outdegree, count)
    seller = int(sellers[9])
    return {
        "facts": facts, "seed": seed, "entities": count, "all_facts": total,
        "q1": {"item": int(cls), "country": int(np.argmax(np.bincount(country[dst], minlength=COUNTRIES))), "a": "2010-01-01", "b": "2014-12-31"},
        "q2": {"hub": int(sellers[0])},
        "q3": {"a": far, "b": target, "hops": hops},
        "q4": {"a": seller, "b": int(next(it for it in buyers[9:] if it != seller))},
        "q4h": {"a": int(sellers[0]), "b": int(next(it for it in buyers if it != sellers[0]))},
        "q5": {"a": "2005-01-01", "b": "2009-12-31", "k": 20},
    }


def main():
    facts, seed, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    os.makedirs(out, exist_ok=True)
    random = np.random.Generator(np.random.PCG64(seed))
    who, country, organisations, count = entities(random, facts)
    what, parent, depth, levels = items(random)
    table, src, dst, item = facts_table(random, facts, country, organisations, count, parent, levels)
    for name, it in (("entities", who), ("items", what), ("facts", table)):
        csv.write_csv(it, f"{out}/{name}.csv", csv.WriteOptions(quoting_style="none"))
    params = parameters(facts, seed, len(table), count, country, parent, depth, levels, src, dst, item)
    # Last: whoever finds it finds whole tables.
    with open(f"{out}/params.json", "w") as file:
        json.dump(params, file, indent=1)


if __name__ == "__main__":
    main()
