//! The one place where an [`Answer`] is made out of facts of a graph.

use std::collections::BTreeMap;

use petgraph::graph::{DiGraph, NodeIndex};

use super::answer::{
    Answer, ClaimValue, KindWords, LocatorValue, Note, PeriodValue, QuantityValue, Ref, RelationValue, Row,
};
use super::judged::Total;
use super::lens::{Lens, Standing};
use super::resolve::prose;
use super::rules::Judgement;
use super::rules::status::{judge, whole};
use crate::graph::{ExtraView, FigureView, GraphView, entity_of};
use crate::model::{
    Certainty, ClaimIx, EntityIx, EntityKind, FactIx, FlowEnd, Kind, NameKind, NodeIx, Participant, RecordIx,
    RelationTarget, RoleIx,
};

/// Gathers rows and numbers their sources.
pub(crate) struct Builder<'l, 'g, G> {
    graph: &'g G,
    lens: &'l Lens<'g, G>,
    notes: Vec<(EntityIx, Vec<EntityIx>)>,
    /// Positions in `notes`.
    noted: BTreeMap<(EntityIx, Vec<EntityIx>), usize>,
}

impl<'l, 'g, G: GraphView> Builder<'l, 'g, G> {
    pub(crate) fn new(lens: &'l Lens<'g, G>) -> Self {
        Builder { graph: lens.graph, lens, notes: Vec::new(), noted: BTreeMap::new() }
    }

    /// The number of the note for a document and the documents that relayed a claim to it: claims that came another way
    /// have another note.
    pub(crate) fn note(&mut self, document: EntityIx, via: &[EntityIx]) -> usize {
        let key = (document, via.to_vec());
        let at = *self.noted.entry(key).or_insert_with_key(|key| {
            self.notes.push(key.clone());
            self.notes.len() - 1
        });
        at + 1
    }

    /// The number of the note for a claim.
    pub(crate) fn note_of(&mut self, claim: ClaimIx) -> usize {
        let view = self.graph.claim(claim);
        self.note(view.document, view.via)
    }

    /// A row for each fact, in the order given.
    pub(crate) fn rows(&mut self, facts: &[(FactIx, Option<Certainty>)]) -> Vec<Row> {
        facts.iter().map(|(fact, matched)| self.row(*fact, *matched)).collect()
    }

    /// A row for a fact.
    pub(crate) fn row(&mut self, fact: FactIx, matched: Option<Certainty>) -> Row {
        let graph = self.graph;
        let view = graph.fact(fact);
        let record = graph.record(view.record);
        let vocabulary = graph.vocabulary();
        let kind = vocabulary.kind(view.kind);
        let inferred: Vec<String> = graph.inferred(view.record).map(str::to_owned).collect();
        let period = self
            .lens
            .period(view.record)
            .map(|period| PeriodValue { period, inferred: inferred.iter().any(|it| it == "period") });
        // A claim without a period has that of the record, but never one that the record has from another claim.
        let own = record.claims.clone().filter_map(|it| graph.claim(ClaimIx(it)).period);
        let lent = period.filter(|it| own.into_iter().all(|own| own != it.period));
        let seen = self.lens.claims(view.record);
        let claims: Vec<ClaimValue> =
            seen.iter().map(|(it, standing)| self.claim(*it, *standing, view.kind, lent)).collect();
        let (quantities, differs) = agreed(&claims);
        let current: Vec<ClaimIx> =
            seen.into_iter().filter(|(_, it)| *it == Standing::Current).map(|(claim, _)| claim).collect();
        let Judgement { status, reasons, diverging } = judge(graph, fact, &current);
        let end = |end: FlowEnd| view.ends.get(end).map(|it| participant(graph, it));
        let mut roles: Vec<(String, Vec<Ref>)> = Vec::new();
        for fill in graph.roles(fact) {
            if kind.and_then(|it| it.role(fill.role)).is_some_and(|it| it.flow.is_some()) {
                continue;
            }
            let name = role_name(graph, fill.role);
            let value = participant(graph, fill.participant);
            match roles.last_mut().filter(|(last, _)| *last == name) {
                Some((_, list)) => list.push(value),
                None => roles.push((name, vec![value])),
            }
        }
        Row {
            fact: view.id.to_owned(),
            record: record.id.to_owned(),
            kind: kind.map_or(String::new(), |it| it.id.to_string()),
            from: end(FlowEnd::Source),
            what: end(FlowEnd::Object),
            to: end(FlowEnd::Target),
            roles,
            outcome: record.outcome,
            status,
            reasons,
            diverging,
            per: record.per,
            draft: record.draft,
            first_figure: kind.and_then(|it| it.figures.first()).map(|it| it.name.to_string()),
            quantities,
            differs,
            period,
            matched,
            inferred,
            relations: self.relations(view.record, view.kind),
            extra: extra(graph.extra_of_record(view.record)),
            claims,
        }
    }

    fn relations(&mut self, record: RecordIx, kind: crate::model::KindIx) -> Vec<RelationValue> {
        let graph = self.graph;
        graph
            .relations(record)
            .filter(|relation| {
                relation.claims.is_empty() || relation.claims.clone().any(|it| self.lens.sees(ClaimIx(it)))
            })
            .collect::<Vec<_>>()
            .into_iter()
            .map(|relation| {
                let (to, name) = match relation.target {
                    RelationTarget::Record(record) => {
                        let id = graph.record(record).id.to_owned();
                        (id, record_in_words(graph, record))
                    }
                    RelationTarget::Fact(fact) => (graph.fact(fact).id.to_owned(), fact_in_words(graph, fact)),
                    RelationTarget::Entity(entity) => (graph.entity(entity).id.to_owned(), prose(graph, entity)),
                };
                let claims = relation.claims.clone().map(ClaimIx).filter(|it| self.lens.sees(*it)).collect::<Vec<_>>();
                let claims = claims.into_iter().map(|it| self.claim(it, Standing::Current, kind, None)).collect();
                let is_record = !matches!(relation.target, RelationTarget::Entity(_));
                RelationValue { kind: relation.kind.as_str(), to, is_record, name, claims }
            })
            .collect()
    }

    fn claim(
        &mut self,
        claim: ClaimIx,
        standing: Standing,
        kind: crate::model::KindIx,
        of_record: Option<PeriodValue>,
    ) -> ClaimValue {
        let graph = self.graph;
        let view = graph.claim(claim);
        let inferred: Vec<String> = graph.inferred_in_claim(claim).map(str::to_owned).collect();
        let figures = graph.vocabulary().kind(kind).map(|it| it.figures.as_slice()).unwrap_or(&[]);
        ClaimValue {
            by: node_ref(graph, view.by),
            says: entity_of(graph, view.by).and_then(|it| graph.entity(it).says).map(str::to_owned),
            via: view.via.iter().map(|it| node_ref(graph, (*it).into())).collect(),
            stance: view.stance,
            made: view.made,
            document: node_ref(graph, view.document.into()),
            note: self.note(view.document, view.via),
            locator: view.at.map(|it| LocatorValue { paragraph: it.paragraph, length: it.length, sha256: it.sha256 }),
            quantities: graph
                .figures(claim)
                .filter_map(|it| Some((figures.get(usize::from(it.at))?.name.to_string(), quantity(graph, &it))))
                .collect(),
            period: view
                .period
                .map(|period| PeriodValue { period, inferred: inferred.iter().any(|it| it == "period") })
                .or(of_record),
            scope: view.scope.map(str::to_owned),
            inferred,
            standing,
        }
    }

    /// The answer: rows with their notes, kinds, units and graph.
    pub(crate) fn finish(self, question: String, rows: Vec<Row>, claimed: Vec<Row>) -> Answer {
        let graph = self.graph;
        let notes =
            self.notes.iter().zip(1..).map(|((document, citing), number)| note(graph, *document, citing, number));
        let question = format!("{question}{}", self.lens.words());
        let remarks = self.lens.remarks.clone();
        let mut answer =
            Answer { question, notes: notes.collect(), remarks, graph: small_graph(&rows), ..Answer::default() };
        for row in rows.iter().chain(&claimed) {
            if let Some(kind) = graph.vocabulary().kind_ix(&row.kind).and_then(|it| graph.vocabulary().kind(it)) {
                answer.kinds.entry(row.kind.clone()).or_insert_with(|| kind_words(graph, kind));
            }
            for unit in row.claims.iter().flat_map(|it| &it.quantities).map(|(_, it)| &it.unit) {
                add_unit(graph, &mut answer, unit);
            }
        }
        answer.wholes = wholes(graph, &rows);
        answer.rows = rows;
        answer.claimed = claimed;
        answer
    }
}

/// How a kind is put into words and drawn.
pub(crate) fn kind_words<G: GraphView>(graph: &G, kind: &Kind) -> KindWords {
    KindWords {
        noun: kind.noun.to_string(),
        label: kind.label.clone(),
        sentences: kind.sentences.clone(),
        infinitives: kind.infinitives.clone(),
        roles: kind.roles.iter().map(|it| (role_name(graph, it.role), it.flow)).collect(),
        aspect: kind.aspect,
        style: kind.style,
        symmetric: kind.symmetric,
        meaning: kind.meaning,
    }
}

/// Figures on which all claims that give one agree, and whether some disagree.
fn agreed(claims: &[ClaimValue]) -> (Vec<(String, QuantityValue)>, bool) {
    let mut found: BTreeMap<&str, (&QuantityValue, bool)> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    let current = claims.iter().filter(|it| it.standing == Standing::Current);
    for (name, quantity) in current.flat_map(|it| &it.quantities) {
        let entry = found.entry(name).or_insert_with(|| {
            order.push(name);
            (quantity, true)
        });
        entry.1 &= entry.0.interval == quantity.interval && entry.0.unit == quantity.unit;
    }
    let differs = found.values().any(|(_, same)| !same);
    let kept = order.iter().filter_map(|name| {
        let (quantity, same) = found.get(name)?;
        same.then(|| ((*name).to_owned(), (*quantity).clone()))
    });
    (kept.collect(), differs)
}

/// A figure as it stands in an answer.
pub(crate) fn quantity<G: GraphView>(graph: &G, figure: &FigureView<'_>) -> QuantityValue {
    let unit = graph.vocabulary().terms.unit(figure.unit);
    QuantityValue {
        interval: figure.interval,
        unit: unit.map_or(String::new(), |it| it.id.to_string()),
        text: figure.text.to_owned(),
        names_unit: figure.unit_named,
    }
}

/// What the model has no field for, by name.
pub(crate) fn extra<'g>(pairs: impl Iterator<Item = ExtraView<'g>>) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for ExtraView { name, value } in pairs {
        // Of entities that are one, each may have values of a name.
        match found.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value.to_owned()),
            None => found.push((name.to_owned(), vec![value.to_owned()])),
        }
    }
    found
}

fn role_name<G: GraphView>(graph: &G, role: RoleIx) -> String {
    graph.vocabulary().role_name(role).to_owned()
}

/// Somebody or something as it stands in an answer.
pub(crate) fn participant<G: GraphView>(graph: &G, participant: Participant) -> Ref {
    let mut value = node_ref(graph, participant.node);
    if let Some(of) = participant.of {
        let whose = graph.entity(of);
        value.of = Some(whose.id.to_owned());
        // "Ukrainian children", or "children of Kyiv" where no demonym is known.
        let demonym = graph.names(of).find(|it| it.kind == NameKind::Demonym).map(|it| it.text);
        let put = |name: &str| match demonym {
            Some(demonym) => format!("{demonym} {name}"),
            None => format!("{name} of {}", prose(graph, of)),
        };
        value.plural = value.plural.as_deref().map(put);
        value.name = put(&value.name);
        value.prose = value.name.clone();
    }
    value
}

/// A node as it stands in an answer.
pub(crate) fn node_ref<G: GraphView>(graph: &G, node: NodeIx) -> Ref {
    let key = node.0;
    match (entity_of(graph, node), graph.unnamed_of(node)) {
        (Some(entity), _) => {
            let view = graph.entity(entity);
            Ref {
                id: Some(view.id.to_owned()),
                name: view.name.to_owned(),
                kind: Some(view.kind),
                unnamed_of: None,
                of: None,
                prose: prose(graph, entity),
                plural: view.plural.map(str::to_owned),
                short: view.short.map(str::to_owned),
                key,
            }
        }
        (None, group) => {
            let one_of = |group: EntityIx, name: String| {
                let member = graph.entity(group).member.unwrap_or("member");
                if graph.is_several(node) {
                    format!("unnamed {member}s of {name}")
                } else {
                    format!("an unnamed {member} of {name}")
                }
            };
            let name = group.map_or_else(|| "an unnamed party".to_owned(), |group| one_of(group, prose(graph, group)));
            let short = group.and_then(|group| {
                let view = graph.entity(group);
                let the = if view.the { "the " } else { "" };
                view.short.map(|short| one_of(group, format!("{the}{short}")))
            });
            Ref {
                id: None,
                prose: name.clone(),
                name,
                kind: None,
                unnamed_of: group.map(|it| graph.entity(it).id.to_owned()),
                of: None,
                plural: None,
                short,
                key,
            }
        }
    }
}

/// A record in a few words, for relations: "artillery, missiles and combat vehicles".
pub(crate) fn record_in_words<G: GraphView>(graph: &G, record: RecordIx) -> String {
    let facts: Vec<FactIx> = graph.record(record).facts.map(FactIx).collect();
    match facts.as_slice() {
        [only] => fact_in_words(graph, *only),
        several => super::wording::join(several.iter().map(|it| fact_in_words(graph, *it)), "and"),
    }
}

fn fact_in_words<G: GraphView>(graph: &G, fact: FactIx) -> String {
    let view = graph.fact(fact);
    let object = view.ends.get(FlowEnd::Object).map(|it| participant(graph, it));
    let object = object.map(|it| it.plural.unwrap_or(it.name));
    let Some(kind) = graph.vocabulary().kind(view.kind) else { return object.unwrap_or_default() };
    match object {
        // What flowed says enough; of other facts the kind is the point.
        Some(object) if kind.flow => object,
        Some(object) => format!("{}: {object}", kind.noun),
        None => kind.noun.to_string(),
    }
}

fn note<G: GraphView>(graph: &G, document: EntityIx, citing: &[EntityIx], number: usize) -> Note {
    let view = graph.document(document);
    Note {
        number,
        document: node_ref(graph, document.into()),
        title: view.title.map(str::to_owned),
        publisher: view.publisher.map(|it| node_ref(graph, it.into())),
        date: view.date,
        address: view.address.map(str::to_owned),
        pages: view.pages,
        citing: citing.iter().map(|it| node_ref(graph, (*it).into())).collect(),
    }
}

/// The note of a document that is asked about itself.
pub(crate) fn own_note<G: GraphView>(graph: &G, document: EntityIx) -> Option<Note> {
    (graph.entity(document).kind == EntityKind::Document).then(|| note(graph, document, &[], 0))
}

/// Who stands at an end of a row and is part of something: the outermost whole.
fn wholes<G: GraphView>(graph: &G, rows: &[Row]) -> BTreeMap<String, Ref> {
    let ends = rows.iter().flat_map(|it| [&it.from, &it.to]).flatten();
    let found = ends.filter_map(|it| {
        let entity = entity_of(graph, NodeIx(it.key))?;
        let whole = whole(graph, entity);
        (whole != entity).then(|| Some((it.id.clone()?, node_ref(graph, whole.into()))))?
    });
    found.collect()
}

/// Rows as a graph: nodes in the order in which rows name them.
pub(crate) fn small_graph(rows: &[Row]) -> DiGraph<Ref, usize> {
    let mut graph = DiGraph::new();
    let mut nodes: BTreeMap<(u32, Option<String>), NodeIndex> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let (Some(from), Some(to)) = (&row.from, &row.to) {
            let mut node =
                |it: &Ref| *nodes.entry((it.key, it.of.clone())).or_insert_with(|| graph.add_node(it.clone()));
            let (from, to) = (node(from), node(to));
            graph.add_edge(from, to, at);
        }
    }
    graph
}

/// The order of facts in an answer: earliest possible day (none last), latest possible day, from, what, to, id.
pub(crate) fn time_key<G: GraphView>(lens: &Lens<'_, G>, fact: FactIx) -> ([i32; 2], [Option<NodeIx>; 3], FactIx) {
    let (first, last) = lens.days(fact);
    let first = if first == i32::MIN { i32::MAX } else { first };
    ([first, last], lens.graph.fact_ends(fact).ends.all().map(|end| end.map(|it| it.node)), fact)
}

/// The words of the units of sums, which may be none of a row that is shown.
pub(crate) fn add_units<'t, G: GraphView>(graph: &G, answer: &mut Answer, totals: impl Iterator<Item = &'t Total>) {
    totals.for_each(|it| add_unit(graph, answer, &it.unit));
}

fn add_unit<G: GraphView>(graph: &G, answer: &mut Answer, unit: &str) {
    let terms = &graph.vocabulary().terms;
    if let Some(found) = terms.unit_ix(unit).and_then(|it| terms.unit(it)) {
        let words = (found.id.replace('-', " "), found.plural.to_string());
        answer.units.entry(unit.to_owned()).or_insert(words);
    }
}
