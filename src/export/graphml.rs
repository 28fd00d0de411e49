//! GraphML (<http://graphml.graphdrawing.org>): plain attributes for Gephi, networkx and igraph, and beside them the labels and
//! lines of yEd, which shows no others.

use std::io::{self, Write};

use super::net::{self, Column, EDGE_COLUMNS, Edge, NODE_COLUMNS, Node, Type, Values, Writer};
use super::xml::xml;
use super::{ExportOptions, Report};
use crate::graph::GraphView;
use crate::query::Selection;

pub(super) fn write<G: GraphView>(
    selection: &Selection<'_, G>,
    options: &ExportOptions,
    out: &mut dyn Write,
) -> io::Result<Report> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    out.write_all(
        b"<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" xmlns:y=\"http://www.yworks.com/xml/graphml\">\n",
    )?;
    key("label", Type::Text, "node", "node", out)?;
    for (name, kind) in NODE_COLUMNS {
        key(name, kind, "node", "node", out)?;
    }
    out.write_all(b"<key id=\"node_graphics\" for=\"node\" yfiles.type=\"nodegraphics\"/>\n")?;
    for (name, kind) in EDGE_START.into_iter().chain(EDGE_COLUMNS) {
        key(name, kind, "edge", "edge", out)?;
    }
    out.write_all(b"<key id=\"edge_graphics\" for=\"edge\" yfiles.type=\"edgegraphics\"/>\n")?;
    out.write_all(b"<graph id=\"purvey\" edgedefault=\"directed\">\n")?;
    let mut writer = Graphml { out };
    let mut report = net::write(selection, options, &mut writer)?;
    out.write_all(b"</graph>\n</graphml>\n")?;
    report.never("times that move a picture: GraphML has none; the attributes `period`, `earliest` and `latest` stand on edges, `gexf` has both");
    Ok(report)
}

/// What every edge has before its attributes.
const EDGE_START: [Column; 2] = [("label", Type::Text), ("weight", Type::Number)];

/// Keys of nodes and edges may have one name, and need different ids.
fn key(name: &str, kind: Type, of: &str, prefix: &str, out: &mut dyn Write) -> io::Result<()> {
    let kind = match kind {
        Type::Text => "string",
        Type::Number => "double",
        Type::Integer => "int",
        Type::Boolean => "boolean",
    };
    writeln!(out, "<key id=\"{prefix}_{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")
}

/// An id as the schema wants it, of letters, digits and a few marks (NMTOKEN): `unnamed.1`, `a6_missile`. Ids of ours have neither
/// dot nor line.
fn token(id: &str) -> String {
    xml(&id.replace('~', ".").replace('/', "_")).into_owned()
}

struct Graphml<'o> {
    out: &'o mut dyn Write,
}

impl Writer for Graphml<'_> {
    fn node(&mut self, node: &Node<'_>) -> io::Result<()> {
        let label = xml(node.label);
        write!(self.out, "<node id=\"{}\"><data key=\"node_label\">{label}</data>", token(node.id))?;
        self.values("node", &node.values)?;
        let shape = if node.is_fact { "ellipse" } else { "roundrectangle" };
        writeln!(
            self.out,
            "<data key=\"node_graphics\"><y:ShapeNode><y:NodeLabel>{label}</y:NodeLabel><y:Shape type=\"{shape}\"/></y:ShapeNode></data></node>"
        )
    }

    fn edges_begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn edge(&mut self, edge: &Edge<'_>) -> io::Result<()> {
        let label = xml(edge.label);
        let (id, source, target) = (token(edge.id), token(edge.source), token(edge.target));
        write!(self.out, "<edge id=\"{id}\" source=\"{source}\" target=\"{target}\">")?;
        write!(self.out, "<data key=\"edge_label\">{label}</data><data key=\"edge_weight\">{}</data>", edge.weight)?;
        self.values("edge", &edge.values)?;
        let (line, width) = match edge.style {
            crate::model::LineStyle::Solid => ("line", 1),
            crate::model::LineStyle::Dashed => ("dashed", 1),
            crate::model::LineStyle::Dotted => ("dotted", 1),
            crate::model::LineStyle::Bold => ("line", 2),
        };
        writeln!(
            self.out,
            "<data key=\"edge_graphics\"><y:PolyLineEdge><y:LineStyle type=\"{line}\" width=\"{width}.0\"/><y:Arrows source=\"none\" target=\"standard\"/><y:EdgeLabel>{label}</y:EdgeLabel></y:PolyLineEdge></data></edge>"
        )
    }
}

impl Graphml<'_> {
    fn values(&mut self, prefix: &str, values: &Values) -> io::Result<()> {
        for (name, value) in values {
            write!(self.out, "<data key=\"{prefix}_{name}\">{}</data>", xml(value))?;
        }
        Ok(())
    }
}
