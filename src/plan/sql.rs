//! What is wanted, as SQL that DuckDB, DataFusion and Spark run unchanged.
//!
//! Statements are made of numbers alone: names are looked up before, and no text of a user or of the data is part of one.
//! What a statement gives is one column, `body`: the bytes of records. Those that give numbers stand in `numbers.rs`.

use jiff::civil::Date;

use super::numbers::{WALKS, is_plain};
use super::places::Places;
use super::tables::id_hash;
use crate::graph::Want;
use crate::model::{KindIx, NodeIx, Outcome};
use crate::query::{ReducedChains, ReducedFacts, Reduction};

/// So many numbers stand in one statement.
pub(super) const MOST_VALUES: usize = 20_000;

/// So many stand in a list; more are joined.
const MOST_LISTED: usize = 64;

/// What is said of nodes and kinds by a graph, as far as statements need it.
#[derive(Clone, Copy, Debug)]
pub struct Words<'p> {
    /// Places of classes.
    pub classes: &'p Places,
    /// Places of wholes.
    pub wholes: &'p Places,
    /// Kinds of fact without direction.
    pub symmetric: &'p [KindIx],
    /// How many entities there are; nodes from there on are unnamed.
    pub entities: usize,
    /// So many records may be in memory at most. Statements give one more of them, so that it is seen where there are more.
    pub most: usize,
}

impl Words<'_> {
    /// The statement that gives the records of a reduction, if it has any before something is asked for.
    pub fn reduction(&self, reduction: &Reduction) -> Option<String> {
        let of = |conditions: &[String]| {
            self.bodies(&format!("SELECT f.record AS record FROM facts f WHERE {}", and(conditions)))
        };
        match reduction {
            Reduction::Facts(facts) => Some(of(&self.facts(facts))),
            Reduction::Chains(chains) => {
                let others = chains.plain.map(|it| is_plain(false, it));
                let records = self.chains(chains, "record", others.as_deref());
                let bodies = self.bodies("SELECT c.record AS record FROM chosen c");
                Some(format!("{records} {bodies}"))
            }
            Reduction::Counts(counts) => {
                let mut conditions = self.facts(&counts.facts);
                conditions.push(is_plain(false, counts.plain()));
                Some(of(&conditions))
            }
            Reduction::Walk(_) => None,
        }
    }

    /// The statements that give the records of what is wanted, while that reduction is at hand.
    pub fn wants(&self, wants: &[Want], reduction: Option<&Reduction>) -> Vec<String> {
        if wants.contains(&Want::All) {
            return vec!["SELECT body FROM records".to_owned()];
        }
        let mut statements = Vec::new();
        let mut of = |pick: &dyn Fn(&Want) -> Option<Vec<i64>>, select: &dyn Fn(&[Vec<i64>]) -> String| {
            let rows: Vec<Vec<i64>> = wants.iter().filter_map(pick).collect();
            statements.extend(rows.chunks(MOST_VALUES).map(select));
        };
        let one = |it: u32| Some(vec![i64::from(it)]);
        of(&|it| if let Want::Record(it) = it { one(it.0) } else { None }, &|rows| {
            format!("SELECT r.body FROM records r WHERE r.record IN (SELECT v.n FROM {})", values(rows, &["n"]))
        });
        let by_column = |table: &str, column: &str, rows: &[Vec<i64>]| {
            self.bodies(&format!("SELECT t.record AS record FROM {table} t{}", among(&format!("t.{column}"), rows)))
        };
        of(&|it| if let Want::Fact(it) = it { one(it.0) } else { None }, &|it| by_column("facts", "fact", it));
        of(&|it| if let Want::Claim(it) = it { one(it.0) } else { None }, &|it| by_column("claims", "claim", it));
        of(&|it| if let Want::Id(it) = it { Some(vec![id_hash(it)]) } else { None }, &|it| {
            by_column("ids", "id_hash", it)
        });
        of(&|it| if let Want::From(it) = it { one(it.0) } else { None }, &|it| by_column("facts", "source", it));
        of(&|it| if let Want::To(it) = it { one(it.0) } else { None }, &|it| by_column("facts", "target", it));
        of(&|it| if let Want::With(it) = it { one(it.0) } else { None }, &|it| by_column("facts", "object", it));
        of(&|it| if let Want::Of(it) = it { one(it.0) } else { None }, &|it| by_column("roles", "node", it));
        of(&|it| if let Want::By(it) = it { one(it.0) } else { None }, &|it| by_column("claims", "claimant", it));
        of(&|it| if let Want::Carried(it) = it { one(it.0) } else { None }, &|it| by_column("carried", "document", it));
        of(&|it| if let Want::Kind(it) = it { one(it.0.into()) } else { None }, &|it| by_column("facts", "kind", it));
        if let Some(Reduction::Walk(walk)) = reduction {
            for (pick, near, far) in WALKS {
                of(&|it| one(pick(it)?.0), &|rows| {
                    let values = values(rows, &["n"]);
                    self.bodies(&self.walked(
                        "f.record AS record",
                        near,
                        far,
                        &values,
                        walk,
                        Some(is_plain(false, walk.plain)),
                    ))
                });
            }
        }
        let step = |near: &str, far: &str, rows: &[Vec<i64>]| {
            let both_ways = self.both_ways("t");
            let [along, against] = [near, far].map(|it| among(&format!("t.{it}"), rows));
            self.bodies(&format!(
                "SELECT t.record AS record FROM facts t{along} AND t.{far} IS NOT NULL \
                 UNION ALL SELECT t.record AS record FROM facts t{against} AND {both_ways}"
            ))
        };
        of(&|it| if let Want::Out(it) = it { one(it.0) } else { None }, &|it| step("source", "target", it));
        of(&|it| if let Want::In(it) = it { one(it.0) } else { None }, &|it| step("target", "source", it));
        let pair = |it: &Want| match it {
            Want::Pair(from, to) => Some(vec![i64::from(from.0), i64::from(to.0)]),
            _ => None,
        };
        of(&pair, &|rows| {
            let both_ways = self.both_ways("t");
            let [along, against] = [["source", "target"], ["target", "source"]].map(|it| among_pairs(it, rows));
            self.bodies(&format!(
                "SELECT t.record AS record FROM facts t{along} \
                 UNION ALL SELECT t.record AS record FROM facts t{against} AND {both_ways}"
            ))
        });
        statements
    }

    /// The bodies of records whose numbers a statement gives in its column `record`.
    fn bodies(&self, select: &str) -> String {
        format!("SELECT r.body FROM records r WHERE {}", self.given("r.record", "record", select))
    }

    /// That a column is among what a statement gives in a column: each once, and no more than one beyond what may be in
    /// memory. So it is small beside the table that it is looked up in, which Spark is told by a hint; other engines take
    /// that for a comment. Without it Spark sends all of the table to where its numbers are looked up.
    pub(super) fn given(&self, column: &str, name: &str, select: &str) -> String {
        // Engines take no larger limit, and beyond it nothing may be left out.
        let limit = i32::try_from(self.most).ok().and_then(|it| it.checked_add(1));
        let limit = limit.map_or(String::new(), |it| format!(" LIMIT {it}"));
        among_few(column, name, &format!("({select})"), &limit)
    }

    /// The condition that a fact has no direction.
    pub(super) fn both_ways(&self, facts: &str) -> String {
        in_list(&format!("{facts}.kind"), &self.symmetric.iter().map(|it| i64::from(it.0)).collect::<Vec<_>>())
    }

    pub(super) fn facts(&self, facts: &ReducedFacts) -> Vec<String> {
        let mut conditions = self.common(facts);
        let source = |nodes: &Option<Vec<NodeIx>>| self.at("source", nodes.as_deref(), self.wholes);
        let target = |nodes: &Option<Vec<NodeIx>>| self.at("target", nodes.as_deref(), self.wholes);
        let along: Vec<String> = source(&facts.from).into_iter().chain(target(&facts.to)).collect();
        if !along.is_empty() && facts.symmetric.is_empty() {
            conditions.extend(along);
        } else if !along.is_empty() {
            let kinds: Vec<i64> = facts.symmetric.iter().map(|it| i64::from(it.0)).collect();
            let against = std::iter::once(in_list("f.kind", &kinds));
            let against: Vec<String> = against.chain(target(&facts.from)).chain(source(&facts.to)).collect();
            conditions.push(format!("(({}) OR ({}))", and(&along), and(&against)));
        }
        for (role, nodes) in &facts.with {
            let is_there = self.at_column("x.node", None, nodes, self.wholes);
            let role = role.map_or(String::new(), |it| format!(" AND x.role = {}", it.0));
            conditions.push(format!("f.fact IN (SELECT x.fact FROM roles x WHERE {is_there}{role})"));
        }
        conditions
    }

    /// Kinds, items, days and outcomes.
    pub(super) fn common(&self, facts: &ReducedFacts) -> Vec<String> {
        let kinds: Vec<i64> = facts.kinds.iter().map(|it| i64::from(it.0)).collect();
        let mut conditions = vec![in_list("f.kind", &kinds)];
        conditions.extend(self.at("object", facts.what.as_deref(), self.classes));
        if let Some([first, last]) = facts.days {
            conditions.extend(overlaps(first.map(days), last.map(days)));
        }
        if !facts.outcomes.is_empty() {
            let outcomes: Vec<i64> = facts.outcomes.iter().map(|it| number(*it)).collect();
            conditions.push(in_list("f.outcome", &outcomes));
        }
        conditions
    }

    /// That one of these nodes is at an end.
    fn at(&self, end: &str, nodes: Option<&[NodeIx]>, places: &Places) -> Option<String> {
        Some(self.at_column(&format!("f.{end}"), Some(&format!("f.{end}_at")), nodes?, places))
    }

    fn at_column(&self, column: &str, place: Option<&str>, nodes: &[NodeIx], places: &Places) -> String {
        let ranges = place.filter(|_| nodes.len() > 2).and_then(|it| Some((it, places.ranges(nodes)?)));
        // Where hardly any stand side by side, numbers are as good.
        if let Some((place, ranges)) = ranges.filter(|(_, it)| it.len() * 2 <= nodes.len() && it.len() <= MOST_VALUES) {
            let between = ranges.iter().map(|(lo, hi)| format!("{place} BETWEEN {lo} AND {hi}"));
            return format!("({})", between.collect::<Vec<_>>().join(" OR "));
        }
        in_list(column, &nodes.iter().map(|it| i64::from(it.0)).collect::<Vec<_>>())
    }

    /// The beginning of a statement that calls a column `chosen`: of facts out of the one end, into the other, and from
    /// whoever the first reach to whoever the second come from; of them only those of which a condition holds.
    pub(super) fn chains(&self, chains: &ReducedChains, column: &str, only: Option<&str>) -> String {
        let common = and(&self.common(&chains.facts));
        let kinds: Vec<i64> = chains.facts.symmetric.iter().map(|it| i64::from(it.0)).collect();
        let both_ways = in_list("f.kind", &kinds);
        let ends = |nodes: &[NodeIx], column: &str| {
            in_list(column, &nodes.iter().map(|it| i64::from(it.0)).collect::<Vec<_>>())
        };
        let (from, to) = (ends(&chains.from, "s.near"), ends(&chains.to, "s.far"));
        // Whatever leads on must be among the steps; which of them are given is told at the end.
        let (given, first, then) = match only {
            Some(it) => {
                (format!(", CASE WHEN {it} THEN 1 ELSE 0 END AS given"), " WHERE t.given = 1", "s.given = 1 AND ")
            }
            None => (String::new(), "", ""),
        };
        let passed = if only.is_some() { ", s.given AS given" } else { "" };
        format!(
            "WITH steps AS (\
             SELECT f.{column} AS {column}, f.source AS near, f.target AS far{given} FROM facts f \
             WHERE {common} AND f.source IS NOT NULL AND f.target IS NOT NULL \
             UNION ALL SELECT f.{column} AS {column}, f.target AS near, f.source AS far{given} FROM facts f \
             WHERE {common} AND {both_ways} AND f.source IS NOT NULL AND f.target IS NOT NULL), \
             first_steps AS (SELECT s.{column} AS {column}, s.far AS node{passed} FROM steps s WHERE {from}), \
             last_steps AS (SELECT s.{column} AS {column}, s.near AS node{passed} FROM steps s WHERE {to}), \
             chosen AS (SELECT t.{column} AS {column} FROM first_steps t{first} \
             UNION ALL SELECT t.{column} AS {column} FROM last_steps t{first} \
             UNION ALL SELECT s.{column} AS {column} FROM steps s \
             WHERE {then}{} AND {})",
            among_few("s.near", "node", "first_steps", ""),
            among_few("s.far", "node", "last_steps", "")
        )
    }
}

/// That a column is among the different values of a column of something, which are few beside what they are looked up in.
fn among_few(column: &str, name: &str, of: &str, limit: &str) -> String {
    format!(
        "{column} IN (SELECT /*+ BROADCAST(w) */ w.{name} FROM (SELECT DISTINCT g.{name} AS {name} FROM {of} g{limit}) w)"
    )
}

pub(super) fn and(conditions: &[String]) -> String {
    if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") }
}

/// `(VALUES (1), (2)) v(n)`.
pub(super) fn values(rows: &[Vec<i64>], columns: &[&str]) -> String {
    let row = |it: &Vec<i64>| format!("({})", it.iter().map(i64::to_string).collect::<Vec<_>>().join(", "));
    format!("(VALUES {}) v({})", rows.iter().map(row).collect::<Vec<_>>().join(", "), columns.join(", "))
}

/// What comes behind a table so that a column is one of these numbers. A few stand in a list, by which rows are left out while
/// files are read; more are joined.
fn among(column: &str, rows: &[Vec<i64>]) -> String {
    if rows.len() > MOST_LISTED {
        return format!(" JOIN {} ON {column} = v.n WHERE 1 = 1", values(rows, &["n"]));
    }
    let numbers: Vec<i64> = rows.iter().flatten().copied().collect();
    format!(" WHERE {}", in_list(column, &numbers))
}

/// The same of two columns of `t`.
fn among_pairs([a, b]: [&str; 2], rows: &[Vec<i64>]) -> String {
    if rows.len() > MOST_LISTED {
        return format!(" JOIN {} ON t.{a} = v.a AND t.{b} = v.b WHERE 1 = 1", values(rows, &["a", "b"]));
    }
    let pair = |row: &Vec<i64>| match row.as_slice() {
        [first, second] => Some(format!("(t.{a} = {first} AND t.{b} = {second})")),
        _ => None,
    };
    let pairs: Vec<String> = rows.iter().filter_map(pair).collect();
    format!(" WHERE ({})", if pairs.is_empty() { "1 = 0".to_owned() } else { pairs.join(" OR ") })
}

/// That a column is one of these numbers; of none, never.
pub(super) fn in_list(column: &str, numbers: &[i64]) -> String {
    let listed = || numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    match numbers {
        [] => "1 = 0".to_owned(),
        [only] => format!("{column} = {only}"),
        _ if numbers.len() <= MOST_LISTED => format!("{column} IN ({})", listed()),
        _ => {
            let rows: Vec<Vec<i64>> = numbers.iter().map(|it| vec![*it]).collect();
            format!("{column} IN (SELECT v.n FROM {})", values(&rows, &["n"]))
        }
    }
}

/// That a fact may lie within these days. What has no day on a side may lie anywhere there.
fn overlaps(first: Option<i32>, last: Option<i32>) -> Vec<String> {
    let begins = last.map(|it| format!("(f.first_day IS NULL OR f.first_day <= {it})"));
    let ends = first.map(|it| format!("(f.last_day IS NULL OR f.last_day >= {it})"));
    begins.into_iter().chain(ends).collect()
}

/// Days since the beginning of 1970.
///
/// ```
/// assert_eq!(purvey::plan::days(jiff::civil::date(1970, 2, 1)), 31);
/// ```
pub fn days(day: Date) -> i32 {
    let since = Date::constant(1970, 1, 1).until(day).map(|it| it.get_days());
    since.unwrap_or_default()
}

/// The day of such a number; none beyond all dates.
pub(super) fn date(days: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The number of an outcome in the tables.
fn number(outcome: Outcome) -> i64 {
    i64::from(outcome as u8)
}
