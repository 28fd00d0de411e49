//! What a picture of an answer says: who stands in it, which arrows with which lines, and the small print. No format.

mod foot;
mod parts;
mod together;
pub(crate) mod words;

pub(crate) use parts::{Arrow, INFERRED, Line, Print, PrintKind, Scene, SceneNode, Sentence, Shape, Text};

use std::collections::BTreeMap;

use super::reduce::{BoxKey, Members};
use super::status_style::weakness;
use super::{DrawOptions, Group, Items, Together};
use crate::model::{LineStyle, Outcome, Stance};
use crate::query::{Answer, Ref, Row, sentence};

impl Scene {
    /// The scene of an answer.
    ///
    /// What a fact with one end is about stands in a box beside it: then there is something to see, and still no link that
    /// nobody claimed. Facts that lack both ends are not drawn, but counted.
    pub(crate) fn new(answer: &Answer, options: &DrawOptions) -> Scene {
        Scene::with_ends(answer, options, 1)
    }

    /// The scene of the facts with both ends, where the others are too much; `None` if that is no less, or nothing.
    pub(crate) fn of_links(answer: &Answer, options: &DrawOptions) -> Option<Scene> {
        let with = |count: usize| answer.rows.iter().any(|it| ends(it) == count);
        (with(1) && with(2)).then(|| Scene::with_ends(answer, options, 2))
    }

    fn with_ends(answer: &Answer, options: &DrawOptions, least: usize) -> Scene {
        let drawn: Vec<&Row> = answer.rows.iter().filter(|it| ends(it) >= least).collect();
        let mut stage = Stage::new(answer, options);
        for bundle in bundles(answer, &drawn, options, &stage.members) {
            stage.put(&bundle);
        }
        let mut path: Vec<usize> = Vec::new();
        for step in answer.chains.iter().flatten().flat_map(|it| &it.steps) {
            for at in [&step.from, &step.to].into_iter().filter_map(|it| stage.position.get(&stage.members.box_of(it)))
            {
                if !path.contains(at) {
                    path.push(*at);
                }
            }
        }
        Scene { path, ..Scene::of_parts(answer, &drawn, stage.nodes, stage.arrows, options) }
    }

    /// The scene of these facts, with parts that are made already.
    pub(super) fn of_parts(
        answer: &Answer,
        drawn: &[&Row],
        nodes: Vec<SceneNode>,
        arrows: Vec<Arrow>,
        options: &DrawOptions,
    ) -> Scene {
        Scene {
            title: title(answer, options),
            subtitle: options.subtitle.clone(),
            small_print: foot::small_print(answer, drawn, &nodes, &arrows, options),
            nodes,
            arrows,
            path: Vec::new(),
            sentences: drawn.iter().flat_map(|it| sentences(answer, it)).collect(),
        }
    }
}

fn ends(row: &Row) -> usize {
    usize::from(row.from.is_some()) + usize::from(row.to.is_some())
}

/// Facts drawn as one.
struct Bundle<'a> {
    rows: Vec<&'a Row>,
    key: Key,
}

/// What facts have in common that are drawn as one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    from: Option<BoxKey>,
    to: Option<BoxKey>,
    directed: bool,
    happened: bool,
    /// The shape of the box with the items, if they stand in one: people and things never share it.
    item: Option<Shape>,
    /// Tells facts apart that are drawn apart.
    separate: usize,
}

/// Facts of one ordered pair together, in the order in which the rows name the pairs.
fn bundles<'a>(answer: &Answer, drawn: &[&'a Row], options: &DrawOptions, members: &Members) -> Vec<Bundle<'a>> {
    let mut found: Vec<Bundle<'a>> = Vec::new();
    let mut position: BTreeMap<Key, usize> = BTreeMap::new();
    for (at, row) in drawn.iter().enumerate() {
        let key = key(answer, row, if options.separate { at } else { 0 }, options.items, members);
        let bundle = *position.entry(key.clone()).or_insert(found.len());
        match found.get_mut(bundle) {
            Some(bundle) => bundle.rows.push(row),
            None => found.push(Bundle { rows: vec![row], key }),
        }
    }
    found
}

fn key(answer: &Answer, row: &Row, separate: usize, items: Items, members: &Members) -> Key {
    let end = |it: &Option<Ref>| it.as_ref().map(|it| members.box_of(it));
    let (mut from, mut to) = (end(&row.from), end(&row.to));
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
pub(super) fn happened(row: &Row) -> bool {
    row.outcome == Outcome::Happened
        && (row.claims.is_empty() || row.current_claims().any(|it| it.stance != Stance::Denies))
}

fn shape(it: &Ref) -> Shape {
    it.kind.map_or(Shape::Unnamed, Shape::Entity)
}

/// The nodes and arrows so far.
struct Stage<'a> {
    answer: &'a Answer,
    options: &'a DrawOptions,
    focus: Vec<&'a str>,
    nodes: Vec<SceneNode>,
    arrows: Vec<Arrow>,
    position: BTreeMap<BoxKey, usize>,
    members: Members,
}

impl<'a> Stage<'a> {
    fn new(answer: &'a Answer, options: &'a DrawOptions) -> Self {
        let mut focus: Vec<&str> = options.focus.iter().map(String::as_str).collect();
        if focus.is_empty() {
            focus.extend(answer.subject.iter().filter_map(|it| it.entity.id.as_deref()));
        }
        let members = Members::of(&options.together);
        Stage { answer, options, focus, nodes: Vec::new(), arrows: Vec::new(), position: BTreeMap::new(), members }
    }

    fn put(&mut self, bundle: &Bundle<'_>) {
        let Some(first) = bundle.rows.first() else { return };
        let answer = self.answer;
        let wording = &self.options.wording;
        let lines = bundle.rows.iter().map(|it| (*it, words::line(answer, it, wording.get(&it.fact))));
        let lines = together::lines(lines, &self.options.together, &self.members);
        let facts: Vec<String> = bundle.rows.iter().map(|it| it.fact.clone()).collect();
        let style = bundle.rows.iter().map(|it| style(answer, it)).min_by_key(|it| weight(*it)).unwrap_or_default();
        let arrow = |from, to, directed, end: &str| Arrow {
            id: format!("arrow-{}{end}", id_part(&first.fact)),
            from,
            to,
            directed,
            style,
            status: bundle.rows.iter().map(|it| it.status).max_by_key(|it| weakness(*it)).flatten(),
            happened: bundle.key.happened,
            outcome: Some(first.outcome).filter(|it| bundle.rows.iter().all(|row| row.outcome == *it)),
            facts: facts.clone(),
            lines: Vec::new(),
        };
        let from = first.from.as_ref().map(|it| self.node(it, &facts));
        let Some(item) = bundle.key.item else {
            if let (Some(from), Some(to)) = (from, first.to.as_ref().map(|it| self.node(it, &facts))) {
                self.arrows.push(Arrow { lines, ..arrow(from, to, bundle.key.directed, "") });
            }
            return;
        };
        self.nodes.push(SceneNode {
            id: format!("items-{}", id_part(&first.fact)),
            entity: None,
            shape: item,
            text: Text::Facts(lines),
            badge: None,
            focus: false,
            facts: facts.clone(),
        });
        let between = self.nodes.len() - 1;
        let to = first.to.as_ref().map(|it| self.node(it, &facts));
        // The head stands where the thing arrives; without an arrival, at the thing itself.
        let ends = if from.is_some() && to.is_some() { "-from" } else { "" };
        self.arrows.extend(from.map(|from| arrow(from, between, bundle.key.directed && to.is_none(), ends)));
        self.arrows.extend(to.map(|to| arrow(between, to, bundle.key.directed, "")));
    }

    fn node(&mut self, it: &Ref, facts: &[String]) -> usize {
        let key = self.members.box_of(it);
        let at = match self.position.get(&key) {
            Some(at) => *at,
            None => {
                let several = self.members.position(it).and_then(|it| self.options.together.get(it));
                let node = several.map_or_else(|| self.new_node(it), node_of_several);
                self.nodes.push(node);
                self.position.insert(key, self.nodes.len() - 1);
                self.nodes.len() - 1
            }
        };
        if let Some(node) = self.nodes.get_mut(at) {
            let new: Vec<String> = facts.iter().filter(|it| !node.facts.contains(it)).cloned().collect();
            node.facts.extend(new);
        }
        at
    }

    fn new_node(&self, it: &Ref) -> SceneNode {
        let id = match (&it.id, &it.of) {
            (Some(id), None) => format!("entity-{}", id_part(id)),
            (Some(id), Some(of)) => format!("entity-{}-of-{}", id_part(id), id_part(of)),
            (None, _) => format!("unnamed-{}", it.key),
        };
        SceneNode {
            id,
            entity: it.id.clone(),
            shape: shape(it),
            text: Text::Name(it.name.clone()),
            badge: self.badge(it),
            focus: it.id.as_deref().is_some_and(|it| self.focus.contains(&it)),
            facts: Vec::new(),
        }
    }

    fn badge(&self, it: &Ref) -> Option<String> {
        let name = match self.options.group {
            Group::None => return None,
            Group::Kind => it.kind?.as_str().to_owned(),
            Group::Country => self.answer.wholes.get(it.id.as_ref()?)?.name.clone(),
        };
        (name != it.name).then_some(name)
    }
}

fn node_of_several(it: &Together) -> SceneNode {
    SceneNode {
        id: format!("together-{}", it.members.first().map_or(String::new(), |it| id_part(&it.id))),
        entity: None,
        shape: it.kind.map_or(Shape::Plain, Shape::Entity),
        text: Text::Name(it.name.clone()),
        badge: None,
        focus: false,
        facts: Vec::new(),
    }
}

/// An id of the data as part of an XML id: the `/` between a record and its member becomes a dot, which no id holds.
pub(crate) fn id_part(id: &str) -> String {
    id.chars().map(|it| if it.is_ascii_alphanumeric() || it == '-' || it == '_' { it } else { '.' }).collect()
}

/// What the claims of a row say, a sentence each.
fn sentences(answer: &Answer, row: &Row) -> Vec<Sentence> {
    let told = row.current_claims().map(|claim| format!("{} [{}].", sentence(answer, row, claim), claim.note));
    told.map(|text| Sentence { fact: row.fact.clone(), text }).collect()
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

/// What stands above it.
pub(super) fn title(answer: &Answer, options: &DrawOptions) -> String {
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
