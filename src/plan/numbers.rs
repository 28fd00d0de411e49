//! Statements that give rows of numbers instead of records: how many plain facts there are of each key, and the steps of a
//! walk.

#[cfg(test)]
mod tests;

use std::fmt;

use super::sql::{MOST_VALUES, Words, and, in_list, values};
use crate::graph::Want;
use crate::model::{KindIx, NodeIx};
use crate::query::{ReducedChains, ReducedCounts, ReducedPlain, ReducedWalk, TopOf};

/// What is to be had as rows of numbers, none of which is missing where not said so.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// Plain facts on from nodes: number, kind, source, object, target (each may be missing), 1 if its days are stated, how
    /// many relations its record has, first and last day (each may be missing).
    Steps(&'a ReducedWalk, &'a [Want]),
    /// The same of those that may stand in a chain.
    Chains(&'a ReducedChains),
    /// The keys with most plain facts: the nodes of the key, how many facts, the first of them.
    Largest(&'a ReducedCounts),
    /// The same of the keys that are wanted.
    Groups(&'a ReducedCounts, &'a [Want]),
    /// One row: how many keys there are, how many plain facts, how many of them without a key, how many that may lie
    /// outside the days.
    Sums(&'a ReducedCounts),
}

impl Rows<'_> {
    /// How many columns a row has.
    pub fn columns(&self) -> usize {
        match self {
            Rows::Steps(..) | Rows::Chains(_) => 9,
            Rows::Sums(_) => 4,
            Rows::Largest(counts) | Rows::Groups(counts, _) => keys(counts.by).len() + 2,
        }
    }
}

/// What it is, in a few words without names.
impl fmt::Display for Rows<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rows::Steps(_, wants) => {
                let is_step = |it: &&Want| WALKS.iter().any(|(pick, ..)| pick(it).is_some());
                write!(out, "steps of a walk from nodes ({})", wants.iter().filter(is_step).count())
            }
            Rows::Chains(_) => out.write_str("plain facts that can stand in a chain"),
            Rows::Largest(_) => out.write_str("those with most facts, counted"),
            Rows::Groups(_, wants) => {
                let is_group = |it: &&Want| matches!(it, Want::Group(_));
                write!(out, "counts of others ({})", wants.iter().filter(is_group).count())
            }
            Rows::Sums(_) => out.write_str("what all of them add up to"),
        }
    }
}

/// The columns of a plain fact.
const COLUMNS: &str = "f.fact, f.kind, f.source, f.object, f.target, f.is_stated, f.relations, f.first_day, f.last_day";

/// What stands for no key.
const NO_KEY: i64 = -1;

/// Engines take no larger limit.
const MOST_ROWS: usize = i32::MAX as usize;

/// Whose steps are wanted, and the columns of the near and the far end.
pub(super) const WALKS: [Walked; 2] = [
    (|it| if let Want::WalkOut(it) = it { Some(*it) } else { None }, "source", "target"),
    (|it| if let Want::WalkIn(it) = it { Some(*it) } else { None }, "target", "source"),
];

type Walked = (fn(&Want) -> Option<NodeIx>, &'static str, &'static str);

/// That a fact is plain enough, or that it is not.
pub(super) fn is_plain(plain: bool, which: ReducedPlain) -> String {
    let is = |column: &str, value: i32| format!("f.{column} = {value}");
    let mut conditions = vec![is("is_plain", i32::from(plain))];
    conditions.extend(which.only_stated.then(|| is("is_stated", i32::from(plain))));
    conditions
        .extend(which.only_unrelated.then(|| if plain { is("relations", 0) } else { "f.relations > 0".to_owned() }));
    if plain { and(&conditions) } else { format!("({})", conditions.join(" OR ")) }
}

/// The columns that make a key.
fn keys(by: TopOf) -> &'static [&'static str] {
    match by {
        TopOf::From => &["source"],
        TopOf::What => &["object"],
        TopOf::To => &["target"],
        TopOf::Pairs | TopOf::Central => &["source", "target"],
    }
}

impl Words<'_> {
    /// The statements that give rows of numbers.
    pub fn rows(&self, rows: &Rows<'_>) -> Vec<String> {
        match rows {
            Rows::Steps(walk, wants) => self.steps(walk, wants),
            Rows::Chains(chains) => {
                let facts = self.chains(chains, "fact", true);
                vec![format!("{facts} SELECT {COLUMNS} FROM facts f WHERE f.fact IN (SELECT fact FROM chosen)")]
            }
            Rows::Largest(counts) => {
                let names = names(counts.by);
                let limit = counts.limit.min(MOST_ROWS);
                vec![format!(
                    "SELECT {names}, g.facts, g.first_fact FROM ({}) g WHERE g.a >= 0 ORDER BY g.facts DESC, {names} LIMIT {limit}",
                    self.groups(counts)
                )]
            }
            Rows::Groups(counts, wants) => {
                let names = names(counts.by);
                let on = if keys(counts.by).len() == 1 { "g.a = v.a" } else { "g.a = v.a AND g.b = v.b" };
                let columns: &[&str] = if keys(counts.by).len() == 1 { &["a"] } else { &["a", "b"] };
                let key = |it: &Want| match it {
                    Want::Group((a, b)) => Some([*a].into_iter().chain(*b).map(|it| i64::from(it.0)).collect()),
                    _ => None,
                };
                let wanted: Vec<Vec<i64>> = wants.iter().filter_map(key).collect();
                let of = |chunk: &[Vec<i64>]| {
                    let (groups, values) = (self.groups(counts), values(chunk, columns));
                    format!("SELECT {names}, g.facts, g.first_fact FROM ({groups}) g JOIN {values} ON {on}")
                };
                wanted.chunks(MOST_VALUES).map(of).collect()
            }
            Rows::Sums(counts) => vec![format!(
                "SELECT CAST(COALESCE(SUM(CASE WHEN g.a >= 0 THEN 1 ELSE 0 END), 0) AS BIGINT), \
                 CAST(COALESCE(SUM(g.facts), 0) AS BIGINT), \
                 CAST(COALESCE(SUM(CASE WHEN g.a >= 0 THEN 0 ELSE g.facts END), 0) AS BIGINT), \
                 CAST(COALESCE(SUM(g.possible), 0) AS BIGINT) FROM ({}) g",
                self.groups(counts)
            )],
        }
    }

    /// Plain facts by key: `a` and, of a pair, `b`, or for all without a key one group of its own.
    fn groups(&self, counts: &ReducedCounts) -> String {
        let mut conditions = self.facts(&counts.facts);
        conditions.push(is_plain(true, counts.plain()));
        let mut possible = "0".to_owned();
        if let Some(certain) = &counts.certain {
            let is_certain = self.is_certain(counts);
            possible = format!("CASE WHEN {is_certain} THEN 0 ELSE 1 END");
            if certain.only {
                conditions.push(is_certain);
            }
        }
        let columns = keys(counts.by);
        let is_named: Vec<String> = columns.iter().map(|it| format!("f.{it} < {}", self.entities)).collect();
        let is_named = and(&is_named);
        // Where there is no direction, both ways are one.
        let kinds: Vec<i64> = counts.facts.symmetric.iter().map(|it| i64::from(it.0)).collect();
        let turned = (columns.len() > 1 && !kinds.is_empty())
            .then(|| format!("{} AND f.target < f.source", in_list("f.kind", &kinds)));
        let key = |column: &str, other: &str| {
            let turned =
                turned.as_ref().map_or(String::new(), |it| format!("WHEN {is_named} AND {it} THEN f.{other} "));
            format!("CASE {turned}WHEN {is_named} THEN f.{column} ELSE {NO_KEY} END")
        };
        let (selected, grouped) = match columns {
            [a, b] => (format!("{} AS a, {} AS b", key(a, b), key(b, a)), "p.a, p.b"),
            [a, ..] => (format!("{} AS a", key(a, a)), "p.a"),
            [] => (format!("{NO_KEY} AS a"), "p.a"),
        };
        format!(
            "SELECT {grouped}, CAST(COUNT(*) AS BIGINT) AS facts, MIN(p.fact) AS first_fact, \
             CAST(SUM(p.possible) AS BIGINT) AS possible \
             FROM (SELECT {selected}, f.fact AS fact, {possible} AS possible FROM facts f WHERE {}) p GROUP BY {grouped}",
            and(&conditions)
        )
    }

    /// That a fact whose days are stated certainly lies within the days that are asked for, which it overlaps.
    fn is_certain(&self, counts: &ReducedCounts) -> String {
        let Some(certain) = counts.certain.as_ref().filter(|it| it.any) else { return "1 = 0".to_owned() };
        let [first, last] = counts.facts.days.unwrap_or_default().map(|it| it.map(super::days));
        let begins = first.map(|it| format!("f.first_day >= {it}"));
        let ends = last.map(|it| format!("f.last_day <= {it}"));
        let within: Vec<String> = begins.into_iter().chain(ends).collect();
        let states: Vec<i64> = certain.states.iter().map(|it| i64::from(it.0)).collect();
        format!("({} OR ({}))", in_list("f.kind", &states), and(&within))
    }

    fn steps(&self, walk: &ReducedWalk, wants: &[Want]) -> Vec<String> {
        let mut statements = Vec::new();
        for (pick, near, far) in WALKS {
            let nodes: Vec<Vec<i64>> = wants.iter().filter_map(pick).map(|it| vec![i64::from(it.0)]).collect();
            for nodes in nodes.chunks(MOST_VALUES) {
                statements.push(self.walked(COLUMNS, near, far, &values(nodes, &["n"]), walk, true));
            }
        }
        statements
    }

    /// Columns of the steps that lead on from these nodes: of plain facts, or of all others.
    pub(super) fn walked(
        &self,
        columns: &str,
        near: &str,
        far: &str,
        values: &str,
        walk: &ReducedWalk,
        plain: bool,
    ) -> String {
        let mut conditions = walk.facts.as_ref().map_or_else(Vec::new, |it| self.common(it));
        conditions.push(is_plain(plain, walk.plain));
        let along = format!(
            "SELECT {columns} FROM facts f JOIN {values} ON f.{near} = v.n WHERE f.{far} IS NOT NULL AND {}",
            and(&conditions)
        );
        let symmetric = |it: &&KindIx| walk.facts.as_ref().is_none_or(|facts| facts.kinds.contains(it));
        let symmetric: Vec<i64> = walk.symmetric.iter().filter(symmetric).map(|it| i64::from(it.0)).collect();
        if symmetric.is_empty() {
            return along;
        }
        let both_ways = in_list("f.kind", &symmetric);
        format!(
            "{along} UNION ALL SELECT {columns} FROM facts f JOIN {values} ON f.{far} = v.n \
             WHERE f.{near} IS NOT NULL AND {both_ways} AND {}",
            and(&conditions)
        )
    }
}

/// The columns of a key in a statement over groups.
fn names(by: TopOf) -> &'static str {
    if keys(by).len() == 1 { "g.a" } else { "g.a, g.b" }
}
