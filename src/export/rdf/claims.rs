//! Claims in RDF, by PROV-O: a claim is an entity that is attributed to its claimant and derived from documents.

use std::io;

use super::term::{Term, iri_part};
use super::{DCTERMS, NS, PROV, RDF, Rdf};
use crate::graph::GraphView;
use crate::query::OutFact;

/// The numbers of a fact's claims in its record, as written, from 1.
pub(super) fn numbers<G: GraphView>(graph: &G, it: &OutFact) -> Vec<u32> {
    let first = graph.record(it.record).claims.start;
    it.claims.iter().map(|claim| claim.0.saturating_sub(first) + 1).collect()
}

impl<G: GraphView> Rdf<'_, '_, '_, G> {
    pub(super) fn claim_iri(&self, record: &str, number: u32) -> Term {
        Term::Iri(format!("{}claim/{}/{number}", self.options.base, iri_part(record)))
    }

    /// The claims of a record.
    pub(super) fn claims(&mut self, it: &OutFact, numbers: &[u32]) -> io::Result<()> {
        let row = &it.row;
        for (claim, number) in row.claims.iter().zip(numbers) {
            self.report.wrote("claims", 1);
            let iri = self.claim_iri(&row.record, *number);
            self.state(&iri, (RDF, "type"), &Term::Iri(format!("{NS}Claim")))?;
            self.state(&iri, (RDF, "type"), &Term::Iri(format!("{PROV}Entity")))?;
            let by = self.party(&claim.by);
            self.state(&iri, (PROV, "wasAttributedTo"), &by)?;
            self.state(&iri, (NS, "stance"), &Term::Text(claim.stance.as_str().to_owned()))?;
            self.state(&iri, (NS, "standing"), &Term::Text(claim.standing.as_str().to_owned()))?;
            let document = self.party(&claim.document);
            self.state(&iri, (DCTERMS, "source"), &document)?;
            self.state(&iri, (PROV, "wasDerivedFrom"), &document)?;
            if let Some(first) = claim.via.first().map(|it| self.party(it)) {
                self.state(&iri, (PROV, "hadPrimarySource"), &first)?;
                self.state(&iri, (NS, "via"), &chain_node(it, *number, 0))?;
            }
            if let Some(made) = claim.made {
                self.state(&iri, (DCTERMS, "created"), &Term::edtf(made.edtf()))?;
            }
            if let Some(period) = &claim.period {
                self.period(&iri, period)?;
            }
            if let Some(scope) = &claim.scope {
                self.state(&iri, (NS, "scope"), &Term::Text(scope.clone()))?;
            }
            if let Some(at) = claim.locator {
                self.state(&iri, (NS, "paragraph"), &Term::integer(u64::from(at.paragraph)))?;
                self.state(&iri, (NS, "passageLength"), &Term::integer(u64::from(at.length)))?;
                let hash: String = at.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
                self.state(&iri, (NS, "passageSha256"), &Term::Text(hash))?;
            }
            for name in &claim.inferred {
                self.state(&iri, (NS, "inferred"), &Term::Text(name.clone()))?;
            }
            let figure = |name: &str| Term::Iri(format!("{}#{}", address(&iri), iri_part(name)));
            for (name, _) in &claim.quantities {
                self.state(&iri, (NS, "figure"), &figure(name))?;
            }
            for (name, quantity) in &claim.quantities {
                self.figure(&figure(name), name, quantity)?;
            }
            // The relay chain has an order, so it is a list.
            for (at, document) in claim.via.iter().enumerate() {
                let node = |at: usize| chain_node(it, *number, at);
                let rest = if at + 1 == claim.via.len() { Term::Iri(format!("{RDF}nil")) } else { node(at + 1) };
                let document = self.party(document);
                self.state(&node(at), (RDF, "first"), &document)?;
                self.state(&node(at), (RDF, "rest"), &rest)?;
            }
        }
        Ok(())
    }
}

/// A node of a claim's relay chain.
fn chain_node(it: &OutFact, number: u32, at: usize) -> Term {
    Term::Blank(format!("via{}x{number}x{at}", it.record.0))
}

fn address(term: &Term) -> &str {
    if let Term::Iri(iri) = term { iri } else { "" }
}
