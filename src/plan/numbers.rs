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
    /// Facts on from nodes that a walk may take: number, record, kind, source, object, target (each may be missing), 1 if it
    /// needs no record, 1 if its days are stated, how many relations its record has, first and last day (each may be
    /// missing).
    Steps(&'a ReducedWalk, &'a [Want]),
    /// The same of those that may stand in a chain.
    Chains(&'a ReducedChains),
    /// One row of sums: 1, how many keys there are, how many plain facts, how many of them without a key, how many that may
    /// lie outside the days, how many other facts fit. And a row for each of the keys with most plain facts: 0, its nodes
    /// (the second is missing where there is one), how many facts, the first of them, 0.
    Counts(&'a ReducedCounts),
    /// The rows of the keys that are wanted, if they have a plain fact.
    Groups(&'a ReducedCounts, &'a [Want]),
}

impl Rows<'_> {
    /// How many columns a row has.
    pub fn columns(&self) -> usize {
        match self {
            Rows::Steps(..) | Rows::Chains(_) => 11,
            Rows::Counts(_) | Rows::Groups(..) => 6,
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
            Rows::Chains(_) => out.write_str("facts that can stand in a chain"),
            Rows::Counts(_) => out.write_str("sums, and those with most facts"),
            Rows::Groups(_, wants) => {
                let is_group = |it: &&Want| matches!(it, Want::Group(_));
                write!(out, "counts of others ({})", wants.iter().filter(is_group).count())
            }
        }
    }
}

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
                let columns = columns(chains.plain);
                let facts = self.chains(chains, "fact", None);
                let chosen = self.given("f.fact", "fact", "SELECT c.fact AS fact FROM chosen c");
                vec![format!("{facts} SELECT {columns} FROM facts f WHERE {chosen}")]
            }
            Rows::Counts(counts) => {
                let (groups, group) = (self.groups(counts), group(counts.by));
                let order = if keys(counts.by).len() == 1 { "g.a" } else { "g.a, g.b" };
                let limit = counts.limit.min(MOST_ROWS);
                let sum = |of: &str| format!("CAST(COALESCE(SUM({of}), 0) AS BIGINT)");
                let has_key = sum("CASE WHEN g.a >= 0 AND g.facts > 0 THEN 1 ELSE 0 END");
                let has_none = sum("CASE WHEN g.a >= 0 THEN 0 ELSE g.facts END");
                let (facts, possible, others) = (sum("g.facts"), sum("g.possible"), sum("g.others"));
                vec![format!(
                    "WITH counted AS ({groups}) \
                     SELECT CAST(1 AS BIGINT) AS part, {has_key} AS a, {facts} AS b, {has_none} AS facts, {possible} AS first_fact, \
                     {others} AS others FROM counted g \
                     UNION ALL SELECT t.part, t.a, t.b, t.facts, t.first_fact, t.others FROM (SELECT {group} FROM counted g \
                     WHERE g.a >= 0 AND g.facts > 0 ORDER BY g.facts DESC, {order} LIMIT {limit}) t"
                )]
            }
            Rows::Groups(counts, wants) => {
                let is_single = keys(counts.by).len() == 1;
                let on = if is_single { "g.a = v.a" } else { "g.a = v.a AND g.b = v.b" };
                let columns: &[&str] = if is_single { &["a"] } else { &["a", "b"] };
                let key = |it: &Want| match it {
                    Want::Group((a, b)) => Some([*a].into_iter().chain(*b).map(|it| i64::from(it.0)).collect()),
                    _ => None,
                };
                let wanted: Vec<Vec<i64>> = wants.iter().filter_map(key).collect();
                let of = |chunk: &[Vec<i64>]| {
                    let (groups, values) = (self.groups(counts), values(chunk, columns));
                    let group = group(counts.by);
                    format!("SELECT {group} FROM ({groups}) g JOIN {values} ON {on} WHERE g.facts > 0")
                };
                wanted.chunks(MOST_VALUES).map(of).collect()
            }
        }
    }

    /// Facts by key: `a` and, of a pair, `b`, or for all without a key one group of its own; how many are plain, how many
    /// are not.
    fn groups(&self, counts: &ReducedCounts) -> String {
        let mut conditions = self.facts(&counts.facts);
        let is_plain = is_plain(true, counts.plain());
        let mut possible = "0".to_owned();
        if let Some(certain) = &counts.certain {
            let is_certain = self.is_certain(counts);
            possible = format!("CASE WHEN {is_plain} THEN CASE WHEN {is_certain} THEN 0 ELSE 1 END ELSE 0 END");
            if certain.only {
                conditions.push(format!("(CASE WHEN {is_plain} THEN 0 ELSE 1 END = 1 OR {is_certain})"));
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
            "SELECT {grouped}, CAST(SUM(p.plain) AS BIGINT) AS facts, \
             MIN(CASE WHEN p.plain = 1 THEN p.fact END) AS first_fact, \
             CAST(SUM(p.possible) AS BIGINT) AS possible, CAST(SUM(1 - p.plain) AS BIGINT) AS others \
             FROM (SELECT {selected}, f.fact AS fact, CASE WHEN {is_plain} THEN 1 ELSE 0 END AS plain, \
             {possible} AS possible FROM facts f WHERE {}) p GROUP BY {grouped}",
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
        let columns = columns(Some(walk.plain));
        let mut statements = Vec::new();
        for (pick, near, far) in WALKS {
            let nodes: Vec<Vec<i64>> = wants.iter().filter_map(pick).map(|it| vec![i64::from(it.0)]).collect();
            for nodes in nodes.chunks(MOST_VALUES) {
                statements.push(self.walked(&columns, near, far, &values(nodes, &["n"]), walk, None));
            }
        }
        statements
    }

    /// Columns of the steps that lead on from these nodes, if a further condition holds.
    pub(super) fn walked(
        &self,
        columns: &str,
        near: &str,
        far: &str,
        values: &str,
        walk: &ReducedWalk,
        only: Option<String>,
    ) -> String {
        let mut conditions = walk.facts.as_ref().map_or_else(Vec::new, |it| self.common(it));
        conditions.extend(only);
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

/// The columns of a row that is a fact.
fn columns(plain: Option<ReducedPlain>) -> String {
    let is_plain = plain.map_or_else(|| "1 = 0".to_owned(), |it| is_plain(true, it));
    format!(
        "f.fact, f.record, f.kind, f.source, f.object, f.target, CAST(CASE WHEN {is_plain} THEN 1 ELSE 0 END AS BIGINT) AS plain, \
         f.is_stated, f.relations, f.first_day, f.last_day"
    )
}

/// The columns of a row that is a group.
fn group(by: TopOf) -> String {
    let second = if keys(by).len() == 1 { "CAST(NULL AS BIGINT)" } else { "g.b" };
    format!(
        "CAST(0 AS BIGINT) AS part, g.a AS a, {second} AS b, g.facts AS facts, g.first_fact AS first_fact, \
         CAST(0 AS BIGINT) AS others"
    )
}
