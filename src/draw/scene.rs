//! What a picture of an answer says: who stands in it, which arrows with which lines, and the small print. No format.

use std::collections::BTreeMap;

use super::wrap::unbroken;
use super::{DrawOptions, Items};
use crate::model::{EntityKind, LineStyle, Outcome, Per, Stance};
use crate::query::{
    Answer, ClaimValue, Note, PeriodValue, Ref, Row, Status, join, label, outcome_in_words, quantity_in_words,
    tells_figure,
};

/// A picture before it has a format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scene {
    /// What stands above it.
    pub(crate) title: String,
    /// Who and what stands in it, in the order in which arrows name them.
    pub(crate) nodes: Vec<SceneNode>,
    /// What leads from one to another, in the order of the rows.
    pub(crate) arrows: Vec<Arrow>,
    /// What stands below it, a sentence each: sources, what a mark means, what is not drawn.
    pub(crate) small_print: Vec<String>,
}

/// A shape with text in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SceneNode {
    /// What it is.
    pub(crate) shape: Shape,
    /// Its name, or the facts whose items it lists.
    pub(crate) text: Text,
}

/// What a node is, for the choice of its outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// Somebody or something of a kind.
    Entity(EntityKind),
    /// Somebody whom the source does not name.
    Unnamed,
    /// What a fact is about, where no entity says it.
    Plain,
}

/// What is written in a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Text {
    /// A name.
    Name(String),
    /// Items of facts, one line a fact.
    Facts(Vec<Line>),
}

/// An arrow, or a line without a direction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrow {
    /// Position of the node where it begins.
    pub(crate) from: usize,
    /// Position of the node where it ends.
    pub(crate) to: usize,
    /// Whether it has a head.
    pub(crate) directed: bool,
    /// Its line: that of its kind, or of several kinds the lightest.
    pub(crate) style: LineStyle,
    /// Whether it stands for what happened; what is only planned, called for, or denied by all is drawn apart.
    pub(crate) happened: bool,
    /// One line a fact; none if a node lists the items.
    pub(crate) lines: Vec<Line>,
}

/// A fact in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The id of the fact.
    pub(crate) fact: String,
    /// What it says, with no-break spaces where a line must not be broken.
    pub(crate) text: String,
}

/// The mark of what a source does not say itself.
const INFERRED: &str = "*";

impl Scene {
    /// The scene of an answer.
    ///
    /// Facts that lack an end are not drawn, but counted. If that would leave nothing, what they are about stands in a
    /// box beside the end that they have: then there is something to see, and still no link that nobody claimed.
    pub(crate) fn new(answer: &Answer, options: &DrawOptions) -> Scene {
        let ends = |row: &Row| usize::from(row.from.is_some()) + usize::from(row.to.is_some());
        let least = if answer.rows.iter().any(|it| ends(it) == 2) { 2 } else { 1 };
        let drawn: Vec<&Row> = answer.rows.iter().filter(|it| ends(it) >= least).collect();
        let mut stage = Stage::default();
        for bundle in bundles(answer, &drawn, options) {
            stage.put(answer, &bundle);
        }
        Scene {
            title: title(answer, options),
            nodes: stage.nodes,
            arrows: stage.arrows,
            small_print: small_print(answer, &drawn),
        }
    }
}

/// Facts drawn as one.
struct Bundle<'a> {
    rows: Vec<&'a Row>,
    key: Key,
}

/// What facts have in common that are drawn as one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    from: Option<NodeKey>,
    to: Option<NodeKey>,
    directed: bool,
    happened: bool,
    /// The shape of the box with the items, if they stand in one: people and things never share it.
    item: Option<Shape>,
    /// Tells facts apart that are drawn apart.
    separate: usize,
}

/// One somebody in an answer, with whose people they are.
type NodeKey = (u32, Option<String>);

fn node_key(it: &Ref) -> NodeKey {
    (it.key, it.of.clone())
}

/// Facts of one ordered pair together, in the order in which the rows name the pairs.
fn bundles<'a>(answer: &Answer, drawn: &[&'a Row], options: &DrawOptions) -> Vec<Bundle<'a>> {
    let mut found: Vec<Bundle<'a>> = Vec::new();
    let mut position: BTreeMap<Key, usize> = BTreeMap::new();
    for (at, row) in drawn.iter().enumerate() {
        let key = key(answer, row, if options.separate { at } else { 0 }, options.items);
        let bundle = *position.entry(key.clone()).or_insert(found.len());
        match found.get_mut(bundle) {
            Some(bundle) => bundle.rows.push(row),
            None => found.push(Bundle { rows: vec![row], key }),
        }
    }
    found
}

fn key(answer: &Answer, row: &Row, separate: usize, items: Items) -> Key {
    let (mut from, mut to) = (row.from.as_ref().map(node_key), row.to.as_ref().map(node_key));
    let whole = from.is_some() && to.is_some();
    let words = answer.kinds.get(&row.kind);
    let directed = !words.is_some_and(|it| it.symmetric);
    if !directed && from > to {
        // A kind without direction has one bundle, whichever of the two is written first.
        std::mem::swap(&mut from, &mut to);
    }
    // The box shows the object only if the label speaks of it: "43 camps" are not the children in them.
    let names_object = words.is_some_and(|it| it.label.fields().iter().any(|it| matches!(*it, "what" | "object")));
    let object = row.what.as_ref().filter(|_| names_object).map(shape);
    // An arrow from one to itself has no place for text: beside a loop, layouts put it over other text.
    let needs_box = !whole || from == to;
    let item = match items {
        _ if needs_box => Some(object.unwrap_or(Shape::Plain)),
        Items::Labels => None,
        Items::Nodes => object,
    };
    Key { from, to, directed, happened: happened(row), item, separate }
}

/// Whether somebody says that it happened: what is planned did not, and of what all deny nobody says so.
fn happened(row: &Row) -> bool {
    row.outcome == Outcome::Happened
        && (row.claims.is_empty() || row.current_claims().any(|it| it.stance != Stance::Denies))
}

fn shape(it: &Ref) -> Shape {
    it.kind.map_or(Shape::Unnamed, Shape::Entity)
}

/// The nodes and arrows so far.
#[derive(Default)]
struct Stage {
    nodes: Vec<SceneNode>,
    arrows: Vec<Arrow>,
    position: BTreeMap<NodeKey, usize>,
}

impl Stage {
    fn put(&mut self, answer: &Answer, bundle: &Bundle<'_>) {
        let Some(first) = bundle.rows.first() else { return };
        let lines: Vec<Line> = bundle.rows.iter().map(|it| line(answer, it)).collect();
        let style = bundle.rows.iter().map(|it| style(answer, it)).min_by_key(|it| weight(*it)).unwrap_or_default();
        let arrow =
            |from, to, directed| Arrow { from, to, directed, style, happened: bundle.key.happened, lines: Vec::new() };
        let from = first.from.as_ref().map(|it| self.node(it));
        let Some(item) = bundle.key.item else {
            if let (Some(from), Some(to)) = (from, first.to.as_ref().map(|it| self.node(it))) {
                self.arrows.push(Arrow { lines, ..arrow(from, to, bundle.key.directed) });
            }
            return;
        };
        self.nodes.push(SceneNode { shape: item, text: Text::Facts(lines) });
        let between = self.nodes.len() - 1;
        let to = first.to.as_ref().map(|it| self.node(it));
        // The head stands where the thing arrives; without an arrival, at the thing itself.
        self.arrows.extend(from.map(|from| arrow(from, between, bundle.key.directed && to.is_none())));
        self.arrows.extend(to.map(|to| arrow(between, to, bundle.key.directed)));
    }

    fn node(&mut self, it: &Ref) -> usize {
        *self.position.entry(node_key(it)).or_insert_with(|| {
            self.nodes.push(SceneNode { shape: shape(it), text: Text::Name(it.name.clone()) });
            self.nodes.len() - 1
        })
    }
}

fn style(answer: &Answer, row: &Row) -> LineStyle {
    answer.kinds.get(&row.kind).map_or(LineStyle::default(), |it| it.style)
}

/// How much a line claims for itself; several kinds together take the lightest, so that none is overstated.
fn weight(style: LineStyle) -> u8 {
    match style {
        LineStyle::Dotted => 0,
        LineStyle::Dashed => 1,
        LineStyle::Solid => 2,
        LineStyle::Bold => 3,
    }
}

/// A fact in words: its label with every figure, when, what became of it, who denies it, and the numbers of its
/// sources. Nothing is added up.
fn line(answer: &Answer, row: &Row) -> Line {
    let whole = |it: &Row| label(answer, it);
    // Figures that differ and the outcome are written here, with more about each than a label has.
    let mut text = whole(&Row { differs: false, outcome: Outcome::Happened, ..row.clone() });
    let worked_out = inferred_ends(row);
    if !worked_out.is_empty() {
        text = format!("{text} ({} inferred)", worked_out.join(", "));
    }
    let in_label = answer.kinds.get(&row.kind).map_or(Vec::new(), |it| it.label.fields());
    for (name, quantity) in &row.quantities {
        let words = quantity_in_words(answer, quantity);
        let speaks_of_it = tells_figure(&in_label, row, name);
        match find_words(&text, &words).filter(|_| speaks_of_it) {
            Some(at) => text.replace_range(at..at + words.len(), &unbroken(&words)),
            None => text = format!("{text}, {}", named(name, &words)),
        }
    }
    if let Some(per) = row.per {
        text.push_str(match per {
            Per::Year => " a\u{a0}year",
            Per::Month => " a\u{a0}month",
            Per::Total => " in\u{a0}total",
        });
    }
    let own_figures: Vec<String> = row.current_claims().filter_map(|it| own_figures(answer, row, it)).collect();
    if !own_figures.is_empty() {
        text = format!("{text}: {}", own_figures.join("; "));
    }
    for period in periods(row) {
        text = format!("{text}, {period}");
    }
    if let Some(outcome) = outcome_in_words(row.outcome) {
        text = format!("{text} ({})", unbroken(outcome));
    }
    let denied = row.current_claims().filter(|it| it.stance == Stance::Denies).map(|it| it.by.name.clone());
    let denied: Vec<String> = denied.collect();
    if !denied.is_empty() {
        text = format!("{text} (denied by {})", join(denied.into_iter(), "and"));
    }
    // What only unnamed sources say must not look like what the others found.
    if row.status == Some(Status::Unnamed) {
        let mut names: Vec<&str> = row.current_claims().map(|it| it.by.short_name()).collect();
        names.dedup();
        text = format!("{text}, says {}", names.join(", "));
    }
    if let Some(marks) = support_marks(row) {
        text = format!("{text} ({marks})");
    }
    let notes: Vec<String> = row.note_numbers().iter().map(usize::to_string).collect();
    if !notes.is_empty() {
        // A number never stands alone on a line.
        text = format!("{text}\u{a0}[{}]", notes.join(",\u{a0}"));
    }
    Line { fact: row.fact.clone(), text }
}

/// How well a fact is supported, unless the words beside it say so or it rests on a single source as most do.
fn support_marks(row: &Row) -> Option<String> {
    let status = row.status.filter(|it| !matches!(it, Status::SingleSource | Status::Unnamed));
    let far_apart = row.diverging.then(|| unbroken("figures far apart"));
    let marks: Vec<String> = status.map(|it| unbroken(it.in_words())).into_iter().chain(far_apart).collect();
    (!marks.is_empty()).then(|| marks.join(", "))
}

/// Where `words` stand in `text` as words: "1" is not in "100".
fn find_words(text: &str, words: &str) -> Option<usize> {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(words).map(|(at, _)| at).find(|at| {
        let (before, after) = (text.get(..*at).unwrap_or(""), text.get(at + words.len()..).unwrap_or(""));
        !words.is_empty() && !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

/// The figures of a claim on which claims differ, with who gives them, for what and when: "at least 35,000 (New York
/// Post, since 2022)".
fn own_figures(answer: &Answer, row: &Row, claim: &ClaimValue) -> Option<String> {
    let figures = claim
        .quantities
        .iter()
        .filter(|(name, _)| row.figure(name).is_none())
        .map(|(name, quantity)| named(name, &quantity_in_words(answer, quantity)));
    let figures: Vec<String> = figures.collect();
    if figures.is_empty() {
        return None;
    }
    let mut about = vec![claim.by.name.clone()];
    about.extend(claim.scope.clone());
    about.extend(own_period(row, claim).map(period_in_words));
    Some(format!("{} ({})", figures.join(", "), about.join(", ")))
}

/// When: the period of the row, then periods of claims that are others and do not stand beside a figure already.
fn periods(row: &Row) -> Vec<String> {
    let mut found: Vec<String> = row.period.map(period_in_words).into_iter().collect();
    for claim in row.current_claims() {
        let beside_figure = claim.quantities.iter().any(|(name, _)| row.figure(name).is_none());
        if let Some(period) = own_period(row, claim).filter(|_| !beside_figure) {
            let words = period_in_words(period);
            found.push(match row.claims.len() {
                1 => words,
                _ => format!("{words} ({})", claim.by.name),
            });
        }
    }
    found
}

fn own_period(row: &Row, claim: &ClaimValue) -> Option<PeriodValue> {
    claim.period.filter(|it| row.period.map(|it| it.period) != Some(it.period))
}

fn period_in_words(it: PeriodValue) -> String {
    format!("{}{}", unbroken(&it.period.to_words()), if it.inferred { INFERRED } else { "" })
}

/// Names of ends and of the object that are worked out. The row knows these by place, all other roles by name.
fn inferred_ends(row: &Row) -> Vec<String> {
    let elsewhere = |field: &String| {
        matches!(field.as_str(), "period" | "made" | "quantity")
            || row.roles.iter().any(|(name, _)| name == field)
            || row.quantities.iter().any(|(name, _)| name == field)
    };
    row.inferred.iter().filter(|it| !elsewhere(it)).map(|it| it.replace('_', " ")).collect()
}

/// A figure with its name, in one piece: "wounded: 50". An amount needs no name, it is that of the thing.
fn named(name: &str, words: &str) -> String {
    match name {
        "amount" => unbroken(words),
        _ => unbroken(&format!("{}: {words}", name.replace('_', " "))),
    }
}

fn title(answer: &Answer, options: &DrawOptions) -> String {
    if let Some(title) = &options.title {
        return title.clone();
    }
    let steps = answer.chains.iter().flatten().next().map(|it| it.steps.as_slice());
    match (steps, &answer.subject) {
        (Some([first, .., last]), _) => format!("From {} to {}", first.from.prose, last.to.prose),
        (Some([only]), _) => format!("From {} to {}", only.from.prose, only.to.prose),
        (_, Some(subject)) => subject.entity.name.clone(),
        _ if answer.title.is_empty() => answer.question.clone(),
        _ => answer.title.clone(),
    }
}

/// Sources of what is drawn, what a mark means, and what is not drawn.
fn small_print(answer: &Answer, drawn: &[&Row]) -> Vec<String> {
    let mut numbers: Vec<usize> = drawn.iter().flat_map(|it| it.note_numbers()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let cited: Vec<String> =
        answer.notes.iter().filter(|it| numbers.binary_search(&it.number).is_ok()).map(source).collect();
    let mut found = Vec::new();
    match cited.as_slice() {
        [] => {}
        [only] => found.push(format!("Source: {only}")),
        several => found.push(format!("Sources: {}", several.join("; "))),
    }
    let marks = |row: &&&Row| {
        let in_claim = |it: &ClaimValue| it.period.is_some_and(|it| it.inferred);
        row.period.is_some_and(|it| it.inferred) || row.claims.iter().any(in_claim)
    };
    if drawn.iter().any(|it| marks(&it)) {
        found.push(format!("{INFERRED} inferred, not said by the source"));
    }
    let single = drawn.iter().filter(|it| it.status == Some(Status::SingleSource)).count();
    match (single, drawn.len()) {
        (0, _) => {}
        (1, 1) => found.push("It rests on a single source.".to_owned()),
        (some, all) if some == all => found.push("Each fact rests on a single source.".to_owned()),
        _ => found.push("Facts without a mark of support rest on a single source each.".to_owned()),
    }
    let is_are = |count: usize, one: &str, several: &str| match count {
        1 => format!("1 fact {one} is not drawn"),
        _ => format!("{count} facts {several} are not drawn"),
    };
    let left_out = answer.rows.len() - drawn.len();
    if left_out > 0 {
        found.push(is_are(left_out, "without both ends", "without both ends"));
    }
    if let (Some(subject), claimed @ 1..) = (&answer.subject, answer.claimed.len()) {
        let whose = format!("that {} only speaks about", subject.entity.prose);
        found.push(is_are(claimed, &whose, &whose));
    }
    found
}

/// "1 UPI, “…”, 29 May 2025", the number in brackets.
fn source(note: &Note) -> String {
    let mut parts: Vec<String> = note.publisher.iter().map(|it| it.name.clone()).collect();
    parts.push(format!("“{}”", note.title.as_deref().unwrap_or(&note.document.name)));
    parts.extend(note.date.map(|it| unbroken(&it.to_words())));
    if !note.citing.is_empty() {
        parts.push(format!("citing {}", join(note.citing.iter().map(|it| it.prose.clone()), "and")));
    }
    format!("[{}]\u{a0}{}", note.number, parts.join(", "))
}
