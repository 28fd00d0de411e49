//! What a network does not say although somebody relies on it: kinds of nodes, sources of edges. Told once a file.

use std::collections::BTreeSet;

use super::{NetworkOptions, RawEdge};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::model::EntityKind;

/// How many values and attributes are named.
const NAMED: usize = 12;

#[derive(Default)]
pub(super) struct Gaps {
    /// Nodes that say no kind.
    kindless: u64,
    /// Those among them that say something else where the kind should be, in which attribute, and what.
    other: u64,
    attribute: String,
    values: BTreeSet<String>,
    edges: u64,
    sourced: u64,
    edge_attributes: BTreeSet<String>,
}

impl Gaps {
    /// A node says no kind; `said` is the attribute that should say it, and its value.
    pub(super) fn kindless(&mut self, said: Option<(String, String)>) {
        self.kindless += 1;
        if let Some((attribute, value)) = said {
            self.other += 1;
            self.attribute = attribute;
            if self.values.len() < NAMED {
                self.values.insert(value);
            }
        }
    }

    /// An edge, which may name its source.
    pub(super) fn edge(&mut self, edge: &RawEdge, options: &NetworkOptions) {
        let Some(wanted) = &options.source_attribute else { return };
        self.edges += 1;
        self.sourced += u64::from(edge.attributes.iter().any(|(name, _)| name == wanted));
        for (name, _) in &edge.attributes {
            if self.edge_attributes.len() < NAMED && !self.edge_attributes.contains(name) {
                self.edge_attributes.insert(name.clone());
            }
        }
    }

    /// Tells what is missing.
    pub(super) fn report(self, options: &NetworkOptions, findings: &mut ImportFindings) {
        // Somebody who says what nodes are need not be told so; that a value says nothing is news all the same.
        if self.kindless > 0 && (options.node_kind.is_none() || self.other > 0) {
            let taken = options.node_kind.unwrap_or_default();
            let other = if self.other > 0 {
                let values: Vec<&str> = self.values.iter().map(String::as_str).collect();
                format!(" ({} of them say in `{}`: {})", self.other, self.attribute, values.join(", "))
            } else {
                String::new()
            };
            let nodes =
                if self.kindless == 1 { "1 node says".to_owned() } else { format!("{} nodes say", self.kindless) };
            let message = format!("{nodes} no kind of entity{other}: taken for {}", taken.plural());
            let kinds: Vec<&str> = EntityKind::ALL.iter().map(|it| it.as_str()).collect();
            let help = format!(
                "--node-kind says what they are, --kind-attribute names the attribute that does; kinds are {}",
                kinds.join(", ")
            );
            findings.at(None).report(ImportCode::Guessed, message, Some(help));
        }
        if let Some(wanted) = options.source_attribute.as_ref().filter(|_| self.edges > 0 && self.sourced == 0) {
            let known: Vec<String> = self.edge_attributes.iter().map(|it| format!("`{it}`")).collect();
            let help = if known.is_empty() {
                "edges have no attributes at all".to_owned()
            } else {
                format!("attributes of edges are {}", known.join(", "))
            };
            let message = format!("no edge has the attribute `{wanted}`, which should name its source");
            findings.at(None).report(ImportCode::UnknownColumn, message, Some(help));
        }
    }
}
