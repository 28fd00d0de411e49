//! How well a fact is supported: the rules of `docs/claims.md`.

use super::origins::{independent, origins};
use crate::graph::{FigureView, GraphView, entity_of};
use crate::model::{Amount, ClaimIx, EntityIx, FactIx, FlowEnd, Interval, Meaning, NodeIx, Stance};

/// How well a fact is supported: derived from its claims, never typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// A claim denies it, or two claims give figures that cannot both hold.
    Disputed,
    /// The side that it comes from says so itself.
    Admitted,
    /// Two independent origins say so.
    Corroborated,
    /// Only origins say so that are not named.
    Unnamed,
    /// One origin says so, or several that are not independent.
    SingleSource,
}

impl Status {
    /// All, in the order in which they are tried.
    pub const ALL: [Status; 5] =
        [Status::Disputed, Status::Admitted, Status::Corroborated, Status::Unnamed, Status::SingleSource];

    /// The word on the command line and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Disputed => "disputed",
            Status::Admitted => "admitted",
            Status::Corroborated => "corroborated",
            Status::Unnamed => "unnamed",
            Status::SingleSource => "single-source",
        }
    }

    /// The status of that word.
    ///
    /// ```
    /// use purvey::query::Status;
    ///
    /// assert_eq!(Status::from_word("single-source"), Some(Status::SingleSource));
    /// ```
    pub fn from_word(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// In words, for people: "single source".
    pub fn in_words(self) -> &'static str {
        match self {
            Status::Disputed => "disputed",
            Status::Admitted => "admitted",
            Status::Corroborated => "corroborated",
            Status::Unnamed => "unnamed source",
            Status::SingleSource => "single source",
        }
    }
}

/// What the rules say of a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The first status that fits; none if no claim counts.
    pub status: Option<Status>,
    /// All that fit, in their order.
    pub reasons: Vec<Status>,
    /// Whether figures cannot both hold, or one is at least twice another.
    pub diverging: bool,
}

/// Judges a fact by those of its claims that count.
pub(crate) fn judge<G: GraphView>(graph: &G, fact: FactIx, claims: &[ClaimIx]) -> Judgement {
    let denies = |it: &ClaimIx| graph.claim_state(*it).stance == Stance::Denies;
    let saying: Vec<ClaimIx> = claims.iter().copied().filter(|it| !denies(it)).collect();
    let apart = Apart::new(graph, &saying);
    let origins = origins(graph, saying.iter().copied());
    let corroborated = origins
        .iter()
        .enumerate()
        .any(|(at, a)| origins.get(at + 1..).unwrap_or_default().iter().any(|b| independent(graph, *a, *b)));
    let reasons: Vec<Status> = Status::ALL
        .into_iter()
        .filter(|status| match status {
            Status::Disputed => apart.disjoint || claims.iter().any(denies),
            Status::Admitted => saying.iter().any(|it| admits(graph, fact, *it)),
            Status::Corroborated => corroborated,
            Status::Unnamed => !origins.is_empty() && origins.iter().all(|it| entity_of(graph, *it).is_none()),
            Status::SingleSource => !origins.is_empty() && !corroborated,
        })
        .collect();
    Judgement { status: reasons.first().copied(), reasons, diverging: apart.diverging }
}

/// Whether a claim is an admission, or a statement of the side that the fact comes from: the source, all that it is part
/// of, and their parts. Whoever does something by saying so, as one imposes a sanction, admits nothing by it.
fn admits<G: GraphView>(graph: &G, fact: FactIx, claim: ClaimIx) -> bool {
    let claim = graph.claim(claim);
    if claim.stance == Stance::Admits {
        return true;
    }
    let view = graph.fact_ends(fact);
    let kind = graph.vocabulary().kind(view.kind);
    if kind.is_some_and(|it| matches!(it.meaning, Some(Meaning::Announcement | Meaning::Measure))) {
        return false;
    }
    let both_ways = kind.is_some_and(|it| it.symmetric);
    let ends = [Some(FlowEnd::Source), both_ways.then_some(FlowEnd::Target)];
    ends.into_iter().flatten().filter_map(|end| view.ends.get(end)).any(|it| one_side(graph, it.node, claim.by))
}

fn one_side<G: GraphView>(graph: &G, source: NodeIx, claimant: NodeIx) -> bool {
    match (entity_of(graph, source), entity_of(graph, claimant)) {
        (Some(source), Some(claimant)) => graph.is_part(claimant, whole(graph, source)),
        _ => source == claimant,
    }
}

/// The outermost whole of which an entity is part.
pub(crate) fn whole<G: GraphView>(graph: &G, entity: EntityIx) -> EntityIx {
    let mut whole = entity;
    // The loader lets no circle through; a damaged file could have one.
    for _ in 0..graph.entity_count() {
        match graph.above(whole) {
            [Some(above), _] => whole = above,
            [None, _] => break,
        }
    }
    whole
}

/// Two figures of different claims that are far apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair<'g> {
    /// The claim and its figure that is the lower one.
    pub(crate) lower: (ClaimIx, FigureView<'g>),
    /// The other.
    pub(crate) higher: (ClaimIx, FigureView<'g>),
    /// Whether no amount can be both.
    pub(crate) disjoint: bool,
    /// Whether one stated figure is at least twice the other.
    pub(crate) twofold: bool,
    /// Whether the two claims say that they cover different things.
    pub(crate) scopes_differ: bool,
}

/// Pairs of figures that are far apart, in the order of the claims. Figures whose units do not convert into each other
/// are never compared.
pub(crate) fn pairs_apart<'g, G: GraphView>(graph: &'g G, claims: &[ClaimIx]) -> Vec<Pair<'g>> {
    let vocabulary = graph.vocabulary();
    let margin = vocabulary.terms.margin();
    let figures: Vec<(ClaimIx, FigureView<'_>)> =
        claims.iter().flat_map(|claim| graph.figures(*claim).map(|it| (*claim, it))).collect();
    let mut found = Vec::new();
    for (at, (claim, a)) in figures.iter().enumerate() {
        for (other, b) in figures.get(at + 1..).unwrap_or_default() {
            if claim == other || a.at != b.at {
                continue;
            }
            let Some(unit) = vocabulary.common_unit(&[a.unit, b.unit]) else { continue };
            let in_unit = |it: &FigureView<'_>| vocabulary.convert(&it.interval, it.unit, unit);
            let (Some(x), Some(y)) = (in_unit(a), in_unit(b)) else { continue };
            let disjoint = x.disjoint_from(&y, margin);
            let (x_twice, y_twice) = (is_twofold(&x, &y), is_twofold(&y, &x));
            if disjoint || x_twice || y_twice {
                let first_is_lower = y_twice || (!x_twice && stated_high(&x) < stated_high(&y));
                let (a, b) = ((*claim, *a), (*other, *b));
                let (lower, higher) = if first_is_lower { (a, b) } else { (b, a) };
                let scopes_differ = graph.claim(*claim).scope != graph.claim(*other).scope;
                found.push(Pair { lower, higher, disjoint, twofold: x_twice || y_twice, scopes_differ });
            }
        }
    }
    found
}

/// The figure as stated, from above: that of "about 8,000" is 8,000, and that of "at least 35,000" is 35,000.
pub(crate) fn stated_high(interval: &Interval) -> Option<Amount> {
    interval.high.or(interval.low)
}

/// The same from below.
pub(crate) fn stated_low(interval: &Interval) -> Option<Amount> {
    interval.low.or(interval.high)
}

/// Whether the one figure is at least twice the other. Words such as "dozens" state no figure.
fn is_twofold(large: &Interval, small: &Interval) -> bool {
    let twice = stated_high(small).and_then(|it| it.checked_mul(Amount::from(2)));
    let states = !large.vague && !small.vague;
    states && matches!((stated_low(large), twice), (Some(large), Some(twice)) if large >= twice && large > Amount::ZERO)
}

/// Whether figures contradict each other, and whether some are far apart.
struct Apart {
    disjoint: bool,
    diverging: bool,
}

impl Apart {
    fn new<G: GraphView>(graph: &G, claims: &[ClaimIx]) -> Apart {
        if claims.len() < 2 {
            return Apart { disjoint: false, diverging: false };
        }
        let pairs = pairs_apart(graph, claims);
        // Figures that say they cover different things are far apart, and yet no contradiction.
        Apart { disjoint: pairs.iter().any(|it| it.disjoint && !it.scopes_differ), diverging: !pairs.is_empty() }
    }
}
