//! An SVG file on its way into HTML: as an element, with entries that can have the focus.

use std::ops::Range;

use roxmltree::{Document, Node};

use super::markup;

/// An SVG as an element of HTML.
pub(super) struct Inline {
    /// The element.
    pub(super) svg: String,
    /// What its title says.
    pub(super) title: String,
    /// Its language.
    pub(super) language: String,
    /// The facts of each of its entries, in the order in which they are written; the first has the number 1.
    pub(super) entries: Vec<Vec<String>>,
}

/// Reads a written SVG and adds what a page needs. The text between stays byte for byte.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn inline(svg: &str) -> Result<Inline, String> {
    let document = Document::parse(svg).map_err(|it| it.to_string())?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(format!("its first element is <{}>", root.tag_name().name()));
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    // What is inside an image is no element of its own for a screen reader; a group is read entry by entry.
    if let Some(role) = root.attribute_node("role") {
        edits.push((role.range_value(), "group".to_owned()));
    }
    let mut entries: Vec<Vec<String>> = Vec::new();
    for entry in root.descendants().filter(|it| has_class(*it, "entry")) {
        let Some(facts) = entry.attribute("data-fact") else { continue };
        entries.push(facts.split_ascii_whitespace().map(str::to_owned).collect());
        let tip = entries.len();
        let start = entry.range().start + 1 + name_length(svg, entry.range().start + 1);
        let added = format!(
            " tabindex=\"0\" data-tip=\"{tip}\" role=\"img\" aria-label=\"{}\" aria-describedby=\"purvey-note-{tip}\"",
            markup(&words(entry))
        );
        edits.push((start..start, added));
    }
    let title = root.children().find(|it| it.tag_name().name() == "title").and_then(|it| it.text()).unwrap_or("");
    let language = root.attribute("lang").unwrap_or("en");
    Ok(Inline {
        svg: edited(svg, root.range(), edits),
        title: title.to_owned(),
        language: language.to_owned(),
        entries,
    })
}

/// The part of a text with some ranges of it replaced.
fn edited(text: &str, part: Range<usize>, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(it, _)| it.start);
    let mut out = String::new();
    let mut last = part.start;
    for (range, new) in edits {
        out.push_str(text.get(last..range.start).unwrap_or(""));
        out.push_str(&new);
        last = range.end;
    }
    out.push_str(text.get(last..part.end).unwrap_or(""));
    out
}

fn name_length(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or("");
    rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(rest.len())
}

fn has_class(node: Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|it| it.split_ascii_whitespace().any(|it| it == class))
}

/// What an entry says, its lines in one.
fn words(entry: Node<'_, '_>) -> String {
    let lines = entry.descendants().filter(|it| {
        it.is_text() && it.ancestors().any(|it| it.has_tag_name("text") || it.tag_name().name() == "text")
    });
    lines.filter_map(|it| it.text()).flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
