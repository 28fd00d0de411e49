//! Pairs of entities that may be one, each with what speaks for and against it.

mod candidates;
mod facts;
mod forms;
mod profile;
mod score;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::answer::Ref;
use super::build::node_ref;
use crate::graph::GraphView;
use crate::model::{DecisionKind, EntityIx, EntityKind};
use profile::{Profile, profile};
use score::{Common, identifies, reasons};

pub use facts::{SameFacts, same_facts};

/// How likely two entities are one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchLevel {
    /// They share an identifier, and nothing speaks against it.
    Sure,
    /// They share a name and more.
    Likely,
    /// Their names are alike.
    #[default]
    Possible,
}

impl MatchLevel {
    /// All levels, the surest first.
    pub const ALL: [MatchLevel; 3] = [MatchLevel::Sure, MatchLevel::Likely, MatchLevel::Possible];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchLevel::Sure => "sure",
            MatchLevel::Likely => "likely",
            MatchLevel::Possible => "possible",
        }
    }

    /// The least points of a pair at this level.
    pub fn least(self) -> i32 {
        match self {
            MatchLevel::Sure => 90,
            MatchLevel::Likely => 60,
            MatchLevel::Possible => 28,
        }
    }
}

/// Something that speaks for or against a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchReason {
    /// Points; below zero it speaks against.
    pub points: i32,
    /// What it is.
    pub text: String,
}

/// Two entities that may be one.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchPair {
    /// The one whose id comes first.
    pub a: Ref,
    /// The other.
    pub b: Ref,
    /// How likely.
    pub level: MatchLevel,
    /// The sum of the points.
    pub score: i32,
    /// What the sum is made of.
    pub reasons: Vec<MatchReason>,
    /// What was decided about them before, if that was asked for too.
    pub decided: Option<DecisionKind>,
}

/// What to propose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchOptions {
    /// The least level.
    pub level: MatchLevel,
    /// Entities of one kind only.
    pub kind: Option<EntityKind>,
    /// Pairs of one entity only.
    pub about: Option<EntityIx>,
    /// Also pairs that somebody looked at and left undecided.
    pub undecided: bool,
}

/// What is proposed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// The surest first, then by points, then by ids.
    pub pairs: Vec<MatchPair>,
    /// How many entities there are.
    pub entities: usize,
    /// How many pairs were compared.
    pub compared: usize,
    /// How many names and identifiers so many entities have that these were not compared with each other.
    pub crowded: usize,
    /// How many pairs were left out since they are decided.
    pub decided: usize,
}

/// Proposes pairs of entities that may be one. Nothing is changed.
///
/// Compared are pairs that share an identifier, a form of a name, a rare word or a name but for a letter. Time n log n in the
/// names, and linear in the pairs compared, of which an entity has a bounded number.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{MatchOptions, matches};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let found = matches(&KnowledgeGraph::new(&dataset), &MatchOptions::default());
/// assert!(found.pairs.iter().all(|it| it.a.id < it.b.id));
/// ```
pub fn matches<G: GraphView>(graph: &G, options: &MatchOptions) -> Matches {
    let count = u32::try_from(graph.entity_count()).unwrap_or(u32::MAX);
    let entities: Vec<EntityIx> =
        (0..count).map(EntityIx).filter(|it| options.kind.is_none_or(|kind| graph.entity(*it).kind == kind)).collect();
    let profiles: Vec<Profile> = entities.iter().map(|it| profile(graph, *it)).collect();
    let mut common: Common = HashMap::new();
    for profile in &profiles {
        let names: HashSet<String> = profile.names.iter().map(forms::NameForm::sorted).collect();
        for name in names.into_iter().collect::<std::collections::BTreeSet<_>>() {
            *common.entry((profile.kind, name)).or_default() += 1;
        }
    }
    let candidates = candidates::candidates(&profiles);
    let decided = decided(graph);
    let mut found = Matches { entities: entities.len(), crowded: candidates.crowded, ..Matches::default() };
    for (one, other) in candidates.pairs {
        let at = |it: u32| Some((*entities.get(it as usize)?, profiles.get(it as usize)?));
        let (Some((a, first)), Some((b, second))) = (at(one), at(other)) else { continue };
        if options.about.is_some_and(|it| it != a && it != b) {
            continue;
        }
        found.compared += 1;
        let reasons = reasons(first, second, &common);
        let score: i32 = reasons.iter().map(|it| it.points).sum();
        let Some(level) = level(score, &reasons).filter(|it| *it <= options.level) else { continue };
        let before = decided.get(&(a, b)).copied();
        match before {
            Some(DecisionKind::Undecided) if options.undecided => {}
            None => {}
            Some(_) => {
                found.decided += 1;
                continue;
            }
        }
        let (a, b) = (node_ref(graph, a.into()), node_ref(graph, b.into()));
        found.pairs.push(MatchPair { a, b, level, score, reasons, decided: before });
    }
    found.pairs.sort_by(|a, b| {
        (a.level, std::cmp::Reverse(a.score), &a.a.id, &a.b.id).cmp(&(
            b.level,
            std::cmp::Reverse(b.score),
            &b.a.id,
            &b.b.id,
        ))
    });
    found
}

/// The level of so many points for these reasons; only an identifier makes sure, and only if nothing speaks against it.
fn level(score: i32, reasons: &[MatchReason]) -> Option<MatchLevel> {
    let level = MatchLevel::ALL.into_iter().find(|it| score >= it.least())?;
    let sure = reasons.iter().any(identifies) && reasons.iter().all(|it| it.points > -20);
    Some(if sure { level } else { level.max(MatchLevel::Likely) })
}

/// What is decided about pairs, the one with the smaller id first. Who stands as one with another is meant by its id too.
fn decided<G: GraphView>(graph: &G) -> BTreeMap<(EntityIx, EntityIx), DecisionKind> {
    let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let merged = (0..number(graph.merged_count())).map(|it| graph.merged(it));
    let merged: HashMap<&str, EntityIx> = merged.map(|it| (it.id, it.into)).collect();
    let entity = |id: &str| merged.get(id).copied().or_else(|| graph.entity_by_id(id));
    let decisions = (0..number(graph.decision_count())).map(|it| graph.decision(it));
    decisions
        .filter_map(|it| {
            let (a, b) = (entity(it.a)?, entity(it.b)?);
            Some(((a.min(b), a.max(b)), it.kind))
        })
        .collect()
}
