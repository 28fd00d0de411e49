//! RDF: who and what, facts with their roles, and claims by PROV-O (<https://www.w3.org/TR/prov-o/>). `docs/export.md` lists the terms.
//!
//! Nobody vouches for a fact but those who claim it, so the bare statement ("North Korea supplies Russia") is only spoken of: it
//! is reified by the fact (Turtle), a triple term that the fact reifies (Turtle of RDF 1.2), or the content of a graph that has
//! the name of the fact (N-Quads). All else is the same in the three.

mod claims;
mod entities;
mod term;

use std::io::{self, Write};

use super::parties::{party_id, role_of};
use super::{ExportOptions, Report, Syntax};
use crate::graph::GraphView;
use crate::model::{FlowEnd, camel_case};
use crate::query::{OutFact, QuantityValue, Ref, Selection};
use term::{Nquads, Statements, Term, Turtle, iri_part};

/// What addresses of entities and facts begin with, unless one gives another. Nobody can own a name that ends in `.example`.
pub(super) const BASE: &str = "https://purvey.example/id/";

/// Our own terms.
const NS: &str = "https://purvey.example/ns#";
/// Roles of facts, by the names of the vocabulary.
const ROLE: &str = "https://purvey.example/role#";
/// Kinds of fact: `Supply` as a class, `supply` as what the source does to the target.
const KIND: &str = "https://purvey.example/kind#";
/// What the model has no field for, by the names of whoever had one.
const EXTRA: &str = "https://purvey.example/extra#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const LABEL: &str = "http://www.w3.org/2000/01/rdf-schema#label";
const PROV: &str = "http://www.w3.org/ns/prov#";
const SCHEMA: &str = "https://schema.org/";
const DCTERMS: &str = "http://purl.org/dc/terms/";

const PREFIXES: [(&str, &str); 10] = [
    ("purvey", NS),
    ("role", ROLE),
    ("kind", KIND),
    ("extra", EXTRA),
    ("rdf", RDF),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("prov", PROV),
    ("schema", SCHEMA),
    ("dcterms", DCTERMS),
];

pub(super) fn write<G: GraphView>(
    selection: &Selection<'_, G>,
    options: &ExportOptions,
    out: &mut dyn Write,
) -> io::Result<Report> {
    let mut nquads;
    let mut turtle;
    let statements: &mut dyn Statements = match options.syntax {
        Syntax::Nquads => {
            nquads = Nquads::new(out);
            &mut nquads
        }
        Syntax::Turtle | Syntax::TurtleStar => {
            turtle = Turtle::new(&PREFIXES, out)?;
            &mut turtle
        }
    };
    let mut rdf = Rdf { selection, options, out: statements, report: Report::default() };
    rdf.entities()?;
    for fact in selection.rows() {
        rdf.fact(&fact)?;
    }
    rdf.out.end()?;
    let mut report = rdf.report;
    for fact in selection.uncounted() {
        report.leave_out(
            "facts of which no claim counts: withdrawn, or not of the evidence asked for",
            selection.graph().fact(fact).id,
        );
    }
    report.never(
        "when a claim was made as `prov:generatedAtTime`, which asks for a second: `dcterms:created` has it as EDTF",
    );
    Ok(report)
}

/// What is being written.
struct Rdf<'a, 's, 'g, G> {
    selection: &'s Selection<'g, G>,
    options: &'a ExportOptions,
    out: &'a mut dyn Statements,
    report: Report,
}

impl<G: GraphView> Rdf<'_, '_, '_, G> {
    fn state(&mut self, subject: &Term, predicate: (&str, &str), object: &Term) -> io::Result<()> {
        self.report.wrote("statements", 1);
        self.out.state(subject, &format!("{}{}", predicate.0, predicate.1), object, None)
    }

    /// The address of a fact or record; the two are one where a record has one fact.
    fn fact_iri(&self, id: &str) -> Term {
        Term::Iri(format!("{}fact/{}", self.options.base, iri_part(id)))
    }

    fn entity_iri(&self, id: &str) -> Term {
        Term::Iri(format!("{}entity/{}", self.options.base, iri_part(id)))
    }

    /// Whoever is not named is a node without a name: somebody, and nobody knows who.
    fn party(&self, it: &Ref) -> Term {
        let id = party_id(self.selection, it);
        match it.id {
            Some(_) => self.entity_iri(&id),
            None => Term::Blank(id.replace('~', "")),
        }
    }

    fn fact(&mut self, it: &OutFact) -> io::Result<()> {
        let graph = self.selection.graph();
        let row = &it.row;
        self.report.wrote("facts", 1);
        let fact = self.fact_iri(&row.fact);
        let class = camel_case(&row.kind);
        self.state(&fact, (RDF, "type"), &Term::Iri(format!("{NS}Fact")))?;
        self.state(&fact, (RDF, "type"), &Term::Iri(format!("{KIND}{}", iri_part(&class))))?;
        self.state(&fact, (LABEL, ""), &Term::Text(self.selection.label(row)))?;
        let ends = [
            (FlowEnd::Source, "from", &row.from),
            (FlowEnd::Object, "what", &row.what),
            (FlowEnd::Target, "to", &row.to),
        ];
        for (end, name, party) in ends {
            let Some(party) = party.as_ref().map(|it| self.party(it)) else { continue };
            self.state(&fact, (NS, name), &party)?;
            if let Some(role) = role_of(graph, it.kind, end) {
                self.state(&fact, (ROLE, &iri_part(role)), &party)?;
            }
        }
        for (role, list) in &row.roles {
            for party in list {
                let party = self.party(party);
                self.state(&fact, (ROLE, &iri_part(role)), &party)?;
            }
        }
        self.state(&fact, (NS, "outcome"), &Term::Text(row.outcome.as_str().to_owned()))?;
        if let Some(status) = row.status {
            self.state(&fact, (NS, "status"), &Term::Text(status.as_str().to_owned()))?;
        }
        self.state(&fact, (NS, "origins"), &Term::integer(it.origins as u64))?;
        if let Some(per) = row.per {
            self.state(&fact, (NS, "per"), &Term::Text(per.as_str().to_owned()))?;
        }
        if let Some(period) = row.period {
            self.period(&fact, &period)?;
        }
        if row.differs {
            self.state(&fact, (NS, "differs"), &Term::truth())?;
        }
        if row.draft {
            self.state(&fact, (NS, "draft"), &Term::truth())?;
        }
        self.statement(&fact, row)?;
        let record = self.fact_iri(&row.record);
        if record != fact {
            self.state(&fact, (NS, "record"), &record)?;
        }
        let numbers = claims::numbers(graph, it);
        for (claim, number) in row.claims.iter().zip(&numbers) {
            let denies = claim.stance == crate::model::Stance::Denies;
            let iri = self.claim_iri(&row.record, *number);
            self.state(&fact, (NS, if denies { "denial" } else { "claim" }), &iri)?;
        }
        for (name, _) in &row.quantities {
            self.state(&fact, (NS, "figure"), &Term::Iri(format!("{}#{}", self.address(&fact), iri_part(name))))?;
        }
        if record == fact {
            self.relations(&record, row)?;
            self.extra(&record, &row.extra)?;
        }
        for (name, quantity) in &row.quantities {
            let figure = Term::Iri(format!("{}#{}", self.address(&fact), iri_part(name)));
            self.figure(&figure, name, quantity)?;
        }
        if it.first_of_record {
            if record != fact {
                self.state(&record, (RDF, "type"), &Term::Iri(format!("{NS}Record")))?;
                self.relations(&record, row)?;
                self.extra(&record, &row.extra)?;
            }
            self.claims(it, &numbers)?;
        }
        Ok(())
    }

    /// The bare statement, spoken of and not made.
    fn statement(&mut self, fact: &Term, row: &crate::query::Row) -> io::Result<()> {
        let (Some(from), Some(to)) = (&row.from, &row.to) else {
            self.report.leave_out(
                "bare statements of facts that lack a source or a target; the facts themselves are there",
                &row.fact,
            );
            return Ok(());
        };
        let (from, to) = (self.party(from), self.party(to));
        let mut does = camel_case(&row.kind);
        if let Some(first) = does.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        let does = format!("{KIND}{}", iri_part(&does));
        match self.options.syntax {
            Syntax::Turtle => {
                self.state(fact, (RDF, "type"), &Term::Iri(format!("{RDF}Statement")))?;
                self.state(fact, (RDF, "subject"), &from)?;
                self.state(fact, (RDF, "predicate"), &Term::Iri(does))?;
                self.state(fact, (RDF, "object"), &to)
            }
            Syntax::TurtleStar => {
                self.state(fact, (RDF, "reifies"), &Term::Triple(Box::new([from, Term::Iri(does), to])))
            }
            Syntax::Nquads => {
                self.report.wrote("statements", 1);
                self.out.state(&from, &does, &to, Some(fact))
            }
        }
    }

    fn relations(&mut self, record: &Term, row: &crate::query::Row) -> io::Result<()> {
        let graph = self.selection.graph();
        for it in &row.relations {
            let is_there = if it.is_record {
                graph.record_by_id(&it.to).is_some_and(|it| self.selection.has_record(it))
                    || graph.fact_by_id(&it.to).is_some_and(|it| self.selection.has_fact(it))
            } else {
                true
            };
            if !is_there {
                self.report.leave_out(
                    "relations to facts that are not in this export",
                    &format!("{} {} {}", row.record, it.kind, it.to),
                );
                continue;
            }
            if !it.claims.is_empty() {
                self.report.leave_out(
                    "who says that two facts are related, where that is not who says the fact",
                    &format!("{} {} {}", row.record, it.kind, it.to),
                );
            }
            let mut name = camel_case(it.kind);
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            let target = if it.is_record { self.fact_iri(&it.to) } else { self.entity_iri(&it.to) };
            self.state(record, (NS, &name), &target)?;
        }
        Ok(())
    }

    fn extra(&mut self, subject: &Term, extra: &[(String, Vec<String>)]) -> io::Result<()> {
        for (name, values) in extra {
            for value in values {
                self.state(subject, (EXTRA, &iri_part(name)), &Term::Text(value.clone()))?;
            }
        }
        Ok(())
    }

    fn period(&mut self, subject: &Term, it: &crate::query::PeriodValue) -> io::Result<()> {
        self.state(subject, (NS, "period"), &Term::edtf(it.period.edtf()))?;
        if let Some(day) = it.period.earliest() {
            self.state(subject, (NS, "earliest"), &Term::day(day))?;
        }
        if let Some(day) = it.period.latest() {
            self.state(subject, (NS, "latest"), &Term::day(day))?;
        }
        if it.inferred {
            self.state(subject, (NS, "periodInferred"), &Term::truth())?;
        }
        Ok(())
    }

    fn figure(&mut self, figure: &Term, name: &str, it: &QuantityValue) -> io::Result<()> {
        self.state(figure, (RDF, "type"), &Term::Iri(format!("{NS}Figure")))?;
        self.state(figure, (LABEL, ""), &Term::Text(it.text.clone()))?;
        self.state(figure, (NS, "name"), &Term::Text(name.to_owned()))?;
        let interval = &it.interval;
        if let Some(low) = interval.low {
            self.state(figure, (NS, "low"), &Term::decimal(low))?;
        }
        if let Some(high) = interval.high {
            self.state(figure, (NS, "high"), &Term::decimal(high))?;
        }
        let flags = [
            ("lowOpen", interval.low_open),
            ("highOpen", interval.high_open),
            ("approximate", interval.approximate),
            ("vague", interval.vague),
        ];
        for (name, _) in flags.into_iter().filter(|(_, is)| *is) {
            self.state(figure, (NS, name), &Term::truth())?;
        }
        self.state(figure, (NS, "unit"), &Term::Text(it.unit.clone()))
    }

    /// The address of a term that is one.
    fn address<'t>(&self, term: &'t Term) -> &'t str {
        if let Term::Iri(iri) = term { iri } else { "" }
    }
}
