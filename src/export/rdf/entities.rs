//! Who and what, in RDF: types and names by schema.org where it has a word, by our own terms else.

use std::io;

use super::term::{Term, iri_part};
use super::{DCTERMS, LABEL, NS, PROV, RDF, Rdf, SCHEMA};
use crate::export::parties::{Party, extra_of, parties};
use crate::graph::GraphView;
use crate::model::{EntityIx, EntityKind, NameKind, NodeIx, camel_case, is_web_address};

impl<G: GraphView> Rdf<'_, '_, '_, G> {
    pub(super) fn entities(&mut self) -> io::Result<()> {
        for party in parties(self.selection) {
            let term = self.party(&party.shown);
            match party.entity {
                Some(entity) => self.entity(&term, entity)?,
                None => self.nameless(&term, &party)?,
            }
        }
        Ok(())
    }

    fn entity(&mut self, term: &Term, entity: EntityIx) -> io::Result<()> {
        let graph = self.selection.graph();
        let view = graph.entity(entity);
        self.report.wrote("entities", 1);
        let class = camel_case(view.kind.as_str());
        self.state(term, (RDF, "type"), &Term::Iri(format!("{NS}{}", iri_part(&class))))?;
        for class in other_classes(view.kind) {
            self.state(term, (RDF, "type"), &Term::Iri((*class).concat()))?;
        }
        self.state(term, (LABEL, ""), &Term::Text(view.name.to_owned()))?;
        self.state(term, (SCHEMA, "name"), &Term::Text(view.name.to_owned()))?;
        for name in graph.names(entity) {
            let text = || match name.lang {
                Some(lang) => Term::In(name.text.to_owned(), lang.to_owned()),
                None => Term::Text(name.text.to_owned()),
            };
            match name.kind {
                NameKind::Primary | NameKind::Alias | NameKind::Weak => {
                    self.state(term, (SCHEMA, "alternateName"), &text())?
                }
                NameKind::Demonym => self.state(term, (NS, "demonym"), &text())?,
                NameKind::Metonym => self.state(term, (NS, "metonym"), &text())?,
                NameKind::Code => {
                    let code = name.lang.map_or(name.text.to_owned(), |scheme| format!("{scheme}:{}", name.text));
                    self.state(term, (SCHEMA, "identifier"), &Term::Text(code))?;
                }
            }
        }
        if let Some(short) = view.short {
            self.state(term, (NS, "short"), &Term::Text(short.to_owned()))?;
        }
        if let Some(whole) = view.part_of {
            let whole = self.entity_iri(graph.entity(whole).id);
            self.state(term, (DCTERMS, "isPartOf"), &whole)?;
        }
        if let Some(class) = view.is_a {
            let class = self.entity_iri(graph.entity(class).id);
            self.state(term, (NS, "isA"), &class)?;
        }
        let document = graph.document(entity);
        if let Some(title) = document.title {
            self.state(term, (DCTERMS, "title"), &Term::Text(title.to_owned()))?;
        }
        if let Some(publisher) = document.publisher {
            let publisher = self.entity_iri(graph.entity(publisher).id);
            self.state(term, (DCTERMS, "publisher"), &publisher)?;
        }
        if let Some(date) = document.date {
            self.state(term, (DCTERMS, "issued"), &Term::edtf(date.edtf()))?;
        }
        if let Some(withdrawn) = document.withdrawn {
            self.state(term, (NS, "withdrawn"), &Term::edtf(withdrawn.edtf()))?;
        }
        if let Some(address) = document.address {
            // As an address of RDF only if it holds nothing that one may not hold.
            let may = is_web_address(address) && !address.contains(['{', '}', '|', '^']);
            let address = address.to_owned();
            self.state(term, (SCHEMA, "url"), &if may { Term::Iri(address) } else { Term::Text(address) })?;
        }
        for corrected in graph.corrects(entity) {
            let corrected = self.entity_iri(graph.entity(*corrected).id);
            self.state(term, (NS, "corrects"), &corrected)?;
        }
        self.extra(term, &extra_of(graph, entity))
    }

    /// An unnamed participant, or people of somebody.
    fn nameless(&mut self, term: &Term, party: &Party) -> io::Result<()> {
        let shown = &party.shown;
        match (&shown.id, &shown.of) {
            (Some(id), Some(of)) => {
                self.state(term, (RDF, "type"), &Term::Iri(format!("{NS}PeopleOf")))?;
                let (population, of) = (self.entity_iri(id), self.entity_iri(of));
                self.state(term, (NS, "population"), &population)?;
                self.state(term, (NS, "of"), &of)?;
            }
            _ => {
                self.report.wrote("unnamed participants", 1);
                self.state(term, (RDF, "type"), &Term::Iri(format!("{NS}Unnamed")))?;
                self.state(term, (RDF, "type"), &Term::Iri(format!("{PROV}Agent")))?;
                if let Some(group) = &shown.unnamed_of {
                    let group = self.entity_iri(group);
                    self.state(term, (NS, "oneOf"), &group)?;
                }
                if self.selection.graph().is_several(NodeIx(shown.key)) {
                    self.state(term, (NS, "several"), &Term::truth())?;
                }
            }
        }
        self.state(term, (LABEL, ""), &Term::Text(shown.name.clone()))
    }
}

/// What entities of a kind are in other vocabularies.
fn other_classes(kind: EntityKind) -> &'static [[&'static str; 2]] {
    match kind {
        EntityKind::Country => &[[SCHEMA, "Country"], [PROV, "Agent"]],
        EntityKind::Organization => &[[SCHEMA, "Organization"], [PROV, "Organization"]],
        EntityKind::Person => &[[SCHEMA, "Person"], [PROV, "Person"]],
        EntityKind::Vessel => &[[SCHEMA, "Vehicle"]],
        EntityKind::Place => &[[SCHEMA, "Place"]],
        EntityKind::Instrument => &[[SCHEMA, "Legislation"]],
        EntityKind::Document => &[[SCHEMA, "CreativeWork"], [PROV, "Entity"]],
        EntityKind::Population | EntityKind::Materiel => &[],
    }
}
