//! What a diagram spec names, looked up in the graph and in the answer that it draws.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, Ref, Row};
use super::resolve;
use super::reworded::wording_problems;
use crate::diagnostic::Code;
use crate::graph::{GraphView, NameRank};
use crate::model::{DiagramSpec, Place, SpecPart, nearest, printable};

/// What is wrong with a part of a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecProblem {
    /// Where.
    pub part: SpecPart,
    /// What about.
    pub code: Code,
    /// Names the value found.
    pub message: String,
    /// The next step, if one is known.
    pub help: Option<String>,
}

/// What a spec names, as ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpecNames {
    /// Entities to emphasise.
    pub highlight: Vec<String>,
    /// Entities in their order.
    pub order: Vec<String>,
    /// Boxes with their places.
    pub pins: Vec<Place>,
    /// Facts in other words.
    pub wordings: BTreeMap<String, String>,
}

/// Looks up what a spec names.
///
/// Names are forgiving, as in questions. A name that is unknown, a place outside the drawing and words that say something else
/// than their fact are errors; what exists and does not stand in the answer is a warning and left out.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::model::DiagramSpec;
/// use purvey::query::{Question, answer, spec_names};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let answer = answer(&graph, &Question::Show { name: "a11".to_owned() })?;
/// let spec = DiagramSpec { highlight: vec!["DPRK".to_owned(), "Atlantis".to_owned()], ..DiagramSpec::default() };
/// let (names, problems) = spec_names(&graph, &spec, &answer);
/// assert_eq!(names.highlight, ["north-korea"]);
/// assert_eq!(problems[0].message, "nothing is called `Atlantis`");
/// # Ok::<(), purvey::query::QueryError>(())
/// ```
pub fn spec_names<G: GraphView>(graph: &G, spec: &DiagramSpec, answer: &Answer) -> (SpecNames, Vec<SpecProblem>) {
    let mut lookup = Lookup { graph, answer, drawn: drawn_ids(answer), problems: Vec::new() };
    let mut names = SpecNames::default();
    for (at, name) in spec.highlight.iter().enumerate() {
        names.highlight.extend(lookup.entity(name, SpecPart::Highlight(at)));
    }
    for (at, name) in spec.order.iter().enumerate() {
        names.order.extend(lookup.entity(name, SpecPart::Order(at)));
    }
    for (at, pin) in spec.pins.iter().enumerate() {
        let entity = lookup.entity(&pin.entity, SpecPart::PinEntity(at));
        if pin.x > 100 || pin.y > 100 {
            let message = format!("{}, {} lies outside the drawing", pin.x, pin.y);
            let help = "per cent from the left and from the top, 0 to 100".to_owned();
            lookup.report(SpecPart::PinPlace(at), Code::OutsideDrawing, message, Some(help));
        } else if let Some(entity) = entity {
            if names.pins.iter().any(|it| it.entity == entity) {
                let message = format!("`{entity}` is pinned twice");
                lookup.report(SpecPart::PinEntity(at), Code::DuplicateId, message, Some("keep one".to_owned()));
            } else {
                names.pins.push(Place { entity, ..*pin });
            }
        }
    }
    for (at, wording) in spec.wordings.iter().enumerate() {
        let Some(row) = lookup.fact(&wording.fact, SpecPart::WordingFact(at)) else { continue };
        for (message, help) in wording_problems(graph, answer, row, &wording.text) {
            lookup.report(SpecPart::WordingText(at), Code::WordingChangesFact, message, help);
        }
        if names.wordings.insert(row.fact.clone(), wording.text.clone()).is_some() {
            let message = format!("`{}` has two wordings", row.fact);
            lookup.report(SpecPart::WordingFact(at), Code::DuplicateId, message, Some("keep one".to_owned()));
        }
    }
    (names, lookup.problems)
}

/// Ids of all that stands at an end of a fact.
fn drawn_ids(answer: &Answer) -> BTreeSet<&str> {
    let ends = answer.rows.iter().flat_map(|it| [&it.from, &it.what, &it.to]).flatten();
    ends.filter_map(|it: &Ref| it.id.as_deref()).collect()
}

struct Lookup<'a, G> {
    graph: &'a G,
    answer: &'a Answer,
    drawn: BTreeSet<&'a str>,
    problems: Vec<SpecProblem>,
}

impl<'a, G: GraphView> Lookup<'a, G> {
    fn report(&mut self, part: SpecPart, code: Code, message: String, help: Option<String>) {
        self.problems.push(SpecProblem { part, code, message, help });
    }

    /// The id of an entity that stands in the answer.
    fn entity(&mut self, name: &str, part: SpecPart) -> Option<String> {
        let id = match resolve::entity(self.graph, name, "entity", |_| true) {
            Ok((entity, rank, _)) => {
                let view = self.graph.entity(entity);
                // "Moscow" stands for its country too.
                let country = view.part_of.map(|it| self.graph.entity(it).id).filter(|_| rank == NameRank::Metonym);
                let drawn = [Some(view.id), country].into_iter().flatten().find(|it| self.drawn.contains(it));
                drawn.unwrap_or(view.id).to_owned()
            }
            Err(error) => {
                self.report(part, Code::UnknownEntity, error.to_string(), error.help());
                return None;
            }
        };
        if self.drawn.contains(id.as_str()) {
            return Some(id);
        }
        let message = format!("`{id}` does not stand in this diagram");
        self.report(part, Code::NotInDiagram, message, Some("leave it out, or ask for it".to_owned()));
        None
    }

    fn fact(&mut self, id: &str, part: SpecPart) -> Option<&'a Row> {
        let answer = self.answer;
        let found = answer.rows.iter().find(|it| it.fact == id);
        if found.is_some() {
            return found;
        }
        if self.graph.fact_by_id(id).is_some() {
            let message = format!("the fact `{id}` does not stand in this diagram");
            self.report(part, Code::NotInDiagram, message, Some("leave it out, or ask for it".to_owned()));
            return None;
        }
        let of_record: Vec<String> =
            answer.rows.iter().filter(|it| it.record == id).map(|it| format!("`{}`", it.fact)).collect();
        let help = match of_record.as_slice() {
            [] => nearest(id, answer.rows.iter().map(|it| it.fact.as_str())).map(|it| format!("did you mean `{it}`?")),
            facts => Some(format!("it is several facts, each with words of its own: {}", facts.join(", "))),
        };
        self.report(part, Code::UnknownRecord, format!("no fact has the id `{}`", printable(id)), help);
        None
    }
}
