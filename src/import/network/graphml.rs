//! GraphML (<http://graphml.graphdrawing.org>), with the labels of yEd where there are no others.

use std::collections::BTreeMap;
use std::io;

use super::desk::Desk;
use super::xml::{Attributes, Elements, walk};
use super::{RawEdge, RawNode};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::input::ImportOptions;

pub(super) fn read(
    text: &str,
    options: &ImportOptions,
    desk: &mut Desk<'_>,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    let mut reader = Graphml {
        desk,
        keys: BTreeMap::new(),
        key: None,
        undirected: Vec::new(),
        nodes: Vec::new(),
        edge: None,
        data: None,
        hyperedge: None,
        is_graphml: false,
    };
    walk(text, options, findings, &mut reader)?;
    if !reader.is_graphml {
        let help = "is it GEXF, or another format?".to_owned();
        findings.at(Some(1)).report(ImportCode::Syntax, "there is no element `graphml`", Some(help));
    }
    Ok(())
}

/// A declared attribute.
#[derive(Default)]
struct Key {
    id: String,
    name: String,
    /// `node`, `edge`, `all` …
    of: String,
    default: Option<String>,
}

/// What is open.
struct Graphml<'r, 'd> {
    desk: &'r mut Desk<'d>,
    keys: BTreeMap<String, Key>,
    key: Option<Key>,
    /// By open graphs: whether its edges have no direction unless they say so.
    undirected: Vec<bool>,
    /// Nodes that are open: a graph may stand in a node.
    nodes: Vec<RawNode>,
    edge: Option<RawEdge>,
    /// The key of the data that is open, and a label that yEd has in it.
    data: Option<(String, Option<String>)>,
    /// The line of an open hyperedge, and its endpoints.
    hyperedge: Option<(u64, Vec<String>)>,
    is_graphml: bool,
}

impl Elements for Graphml<'_, '_> {
    fn open(&mut self, name: &str, attributes: Attributes, line: u64, findings: &mut ImportFindings) -> io::Result<()> {
        let get = |name: &str| attributes.get(name).map(str::to_owned);
        match name {
            "graphml" => self.is_graphml = true,
            "key" => {
                let id = get("id").unwrap_or_default();
                // `attr.name` without its prefix is `attr.name`: the dot is no colon.
                let name = get("attr.name").unwrap_or_else(|| id.clone());
                self.key = Some(Key { id, name, of: get("for").unwrap_or_else(|| "all".to_owned()), default: None });
            }
            "graph" => {
                if !self.nodes.is_empty() {
                    let inside = self.nodes.last().map_or(String::new(), |it| it.id.clone());
                    let message = format!(
                        "a graph stands in the node `{inside}`: its nodes are read, and where they stood is kept in `extra`"
                    );
                    findings.at(Some(line)).report(ImportCode::Kept, message, None);
                }
                self.undirected.push(get("edgedefault").as_deref() == Some("undirected"));
            }
            "node" => {
                let inside = self.nodes.last().map(|it| it.id.clone());
                match get("id") {
                    Some(id) => self.nodes.push(RawNode { id, inside, line, ..RawNode::default() }),
                    None => {
                        findings.at(Some(line)).report(
                            ImportCode::MissingValue,
                            "a node has no id and is left out",
                            None,
                        );
                        self.nodes.push(RawNode { line, ..RawNode::default() });
                    }
                }
            }
            "edge" => {
                let undirected = match get("directed").as_deref() {
                    Some("true" | "1") => false,
                    Some("false" | "0") => true,
                    _ => self.undirected.last().copied().unwrap_or(false),
                };
                let (source, target) = (get("source").unwrap_or_default(), get("target").unwrap_or_default());
                self.edge = Some(RawEdge { id: get("id"), source, target, undirected, line, ..RawEdge::default() });
            }
            "hyperedge" => self.hyperedge = Some((line, Vec::new())),
            "endpoint" => {
                if let (Some((_, ends)), Some(node)) = (&mut self.hyperedge, get("node")) {
                    ends.push(node);
                }
            }
            "data" => self.data = Some((get("key").unwrap_or_default(), None)),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str, text: &str, line: u64, findings: &mut ImportFindings) -> io::Result<()> {
        match name {
            "key" => {
                if let Some(key) = self.key.take() {
                    self.keys.insert(key.id.clone(), key);
                }
            }
            "default" => {
                if let Some(key) = self.key.as_mut().filter(|_| !text.is_empty()) {
                    key.default = Some(text.to_owned());
                }
            }
            // What yEd shows; it stands deep within data.
            "NodeLabel" | "EdgeLabel" => {
                if let Some((_, label)) = self.data.as_mut().filter(|_| !text.is_empty()) {
                    label.get_or_insert_with(|| text.to_owned());
                }
            }
            "data" => self.data_ends(text, line, findings),
            "node" => {
                if let Some(mut node) = self.nodes.pop().filter(|it| !it.id.is_empty()) {
                    self.defaults("node", &mut node.attributes);
                    self.desk.node(node, findings)?;
                }
            }
            "edge" => {
                if let Some(mut edge) = self.edge.take() {
                    self.defaults("edge", &mut edge.attributes);
                    self.desk.edge(edge, findings)?;
                }
            }
            "hyperedge" => {
                if let Some((line, ends)) = self.hyperedge.take() {
                    let message = format!(
                        "an edge between {} nodes is no relationship of two and is left out ({})",
                        ends.len(),
                        ends.join(", ")
                    );
                    let help = "a fact with roles can say it: write it as a record".to_owned();
                    findings.at(Some(line)).report(ImportCode::UnknownType, message, Some(help));
                }
            }
            "graph" => {
                self.undirected.pop();
            }
            _ => {}
        }
        Ok(())
    }
}

impl Graphml<'_, '_> {
    fn data_ends(&mut self, text: &str, line: u64, findings: &mut ImportFindings) {
        let Some((id, label)) = self.data.take() else { return };
        let name = match self.keys.get(&id) {
            Some(key) => key.name.clone(),
            None => {
                let message = format!("the key `{id}` is not declared: its value is kept under that name");
                findings.at(Some(line)).report(ImportCode::Kept, message, None);
                id
            }
        };
        let (own, attributes) = match (&mut self.edge, self.nodes.last_mut()) {
            (Some(edge), _) => (&mut edge.label, &mut edge.attributes),
            (None, Some(node)) => (&mut node.label, &mut node.attributes),
            // Of the graph itself.
            (None, None) => return,
        };
        if let Some(label) = label {
            own.get_or_insert(label);
        }
        if !text.is_empty() {
            attributes.push((name, text.to_owned()));
        }
    }

    /// What a key says of elements that say nothing.
    fn defaults(&self, of: &str, attributes: &mut Vec<(String, String)>) {
        for key in self.keys.values().filter(|it| it.of == of || it.of == "all") {
            if let Some(value) = &key.default
                && attributes.iter().all(|(name, _)| *name != key.name)
            {
                attributes.push((key.name.clone(), value.clone()));
            }
        }
    }
}
