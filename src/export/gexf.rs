//! GEXF 1.3 (<https://gexf.net>), which Gephi opens with its times.
//!
//! An edge exists from the first day on which its fact may have happened or held to the last, both inclusive, as 1.3 has it. An end
//! that is open or unknown is not written, which a reader takes for "without end"; version 1.3 has no `startopen`.

use std::io::{self, Write};

use super::net::{self, Column, EDGE_COLUMNS, Edge, NODE_COLUMNS, Node, Type, Values, Writer};
use super::xml::xml;
use super::{ExportOptions, Report};
use crate::graph::GraphView;
use crate::model::Period;
use crate::query::Selection;

pub(super) fn write<G: GraphView>(
    selection: &Selection<'_, G>,
    options: &ExportOptions,
    out: &mut dyn Write,
) -> io::Result<Report> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    out.write_all(b"<gexf xmlns=\"http://gexf.net/1.3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd\" version=\"1.3\">\n")?;
    out.write_all(b"<meta><creator>purvey</creator></meta>\n")?;
    out.write_all(
        b"<graph defaultedgetype=\"directed\" mode=\"dynamic\" timeformat=\"date\" timerepresentation=\"interval\">\n",
    )?;
    columns("node", &NODE_COLUMNS, out)?;
    columns("edge", &EDGE_COLUMNS, out)?;
    out.write_all(b"<nodes>\n")?;
    let mut writer = Gexf { out };
    let mut report = net::write(selection, options, &mut writer)?;
    out.write_all(b"</edges>\n</graph>\n</gexf>\n")?;
    report.never("how imprecise a time is, beyond `start` and `end`: the attribute `period` has it as EDTF");
    Ok(report)
}

fn columns(class: &str, columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<attributes class=\"{class}\" mode=\"static\">")?;
    for (name, kind) in columns {
        let kind = match kind {
            Type::Text => "string",
            Type::Number => "double",
            Type::Integer => "integer",
            Type::Boolean => "boolean",
        };
        writeln!(out, "<attribute id=\"{name}\" title=\"{name}\" type=\"{kind}\"/>")?;
    }
    out.write_all(b"</attributes>\n")
}

struct Gexf<'o> {
    out: &'o mut dyn Write,
}

impl Writer for Gexf<'_> {
    fn node(&mut self, node: &Node<'_>) -> io::Result<()> {
        write!(self.out, "<node id=\"{}\" label=\"{}\"", xml(node.id), xml(node.label))?;
        self.times(node.period)?;
        self.values(&node.values)?;
        self.out.write_all(b"</node>\n")
    }

    fn edges_begin(&mut self) -> io::Result<()> {
        self.out.write_all(b"</nodes>\n<edges>\n")
    }

    fn edge(&mut self, edge: &Edge<'_>) -> io::Result<()> {
        let (id, source, target) = (xml(edge.id), xml(edge.source), xml(edge.target));
        let (label, kind, weight) = (xml(edge.label), xml(edge.kind), edge.weight);
        // Edges of different kinds between the same two stay apart in Gephi.
        write!(
            self.out,
            "<edge id=\"{id}\" source=\"{source}\" target=\"{target}\" label=\"{label}\" kind=\"{kind}\" weight=\"{weight}\""
        )?;
        self.times(edge.period)?;
        self.values(&edge.values)?;
        self.out.write_all(b"</edge>\n")
    }
}

impl Gexf<'_> {
    /// Ends an opening tag with its times.
    fn times(&mut self, period: Option<Period>) -> io::Result<()> {
        if let Some(start) = period.and_then(|it| it.earliest()) {
            write!(self.out, " start=\"{start}\"")?;
        }
        if let Some(end) = period.and_then(|it| it.latest()) {
            write!(self.out, " end=\"{end}\"")?;
        }
        self.out.write_all(b">")
    }

    fn values(&mut self, values: &Values) -> io::Result<()> {
        self.out.write_all(b"<attvalues>")?;
        for (name, value) in values {
            write!(self.out, "<attvalue for=\"{name}\" value=\"{}\"/>", xml(value))?;
        }
        self.out.write_all(b"</attvalues>")
    }
}
