//! A scene as Mermaid, for pages that draw it themselves.

use std::fmt::Write as _;
use std::io;

use super::DrawOptions;
use super::scene::{Line, PrintKind, Scene, SceneNode, Shape, Text};
use super::status_style::status_style;
use super::wrap::wrap;
use crate::model::{EntityKind, LineStyle, printable};
use crate::query::Answer;

/// Writes an answer as a Mermaid flowchart.
///
/// Ids are made here (`n0`, `n1` … in the order of first appearance); whatever comes from outside stands in quotes, each sign
/// that could mean something to Mermaid as its number. Mermaid has no footer: sources stand in a box without a line. The same answer gives
/// the same bytes.
///
/// # Errors
///
/// Those of `out`.
///
/// # Example
///
/// ```
/// use purvey::draw::{DrawOptions, mermaid};
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let answer = answer(&KnowledgeGraph::new(&dataset), &Question::Show { name: "a11".to_owned() })?;
/// let mut out = Vec::new();
/// mermaid(&answer, &DrawOptions::default(), &mut out)?;
/// assert!(String::from_utf8(out)?.contains("n0[\"North Korea\"]"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mermaid(answer: &Answer, options: &DrawOptions, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(chart(&Scene::new(answer, options)).as_bytes())
}

/// Columns of a name in a box.
const NAME_COLUMNS: usize = 20;
/// Columns of a line on an arrow or in a box of items.
const LINE_COLUMNS: usize = 38;
/// Columns of the small print.
const SMALL_PRINT_COLUMNS: usize = 84;

fn chart(scene: &Scene) -> String {
    let mut out = String::new();
    // Writing into a `String` does not fail.
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    // Lines are broken here: Mermaid would break them again at half the width.
    line(format!("---\ntitle: \"{}\"\nconfig:\n  flowchart:\n    wrappingWidth: 640\n---", yaml(&scene.title)));
    line("flowchart LR".to_owned());
    line(format!("  accTitle: {}", escape(&scene.title)));
    let sentences: Vec<&str> = scene.sentences.iter().map(|it| it.text.as_str()).collect();
    if !sentences.is_empty() {
        line(format!("  accDescr: {}", escape(&sentences.join(" "))));
    }
    if let Some(subtitle) = &scene.subtitle {
        line(format!("  subtitle[\"{}\"]:::print", text(wrap(subtitle, SMALL_PRINT_COLUMNS))));
    }
    for (at, node) in scene.nodes.iter().enumerate() {
        line(format!("  {}", self::node(at, node)));
    }
    for arrow in &scene.arrows {
        let (middle, head) = match (arrow.style == LineStyle::Bold && arrow.happened, arrow.directed) {
            (true, true) => ("==", ">"),
            (true, false) => ("==", "="),
            (false, true) => ("--", ">"),
            (false, false) => ("--", "-"),
        };
        let label = if arrow.lines.is_empty() { String::new() } else { format!("|\"{}\"|", list(&arrow.lines)) };
        line(format!("  n{} {middle}{head}{label} n{}", arrow.from, arrow.to));
    }
    for (at, arrow) in scene.arrows.iter().enumerate() {
        let dashes = status_style(arrow.status).dashes;
        let grey = if arrow.happened { "" } else { "stroke:#666666" };
        let dashes = if dashes.is_empty() { String::new() } else { format!("stroke-dasharray:{dashes}") };
        let style: Vec<&str> = [grey, &dashes].into_iter().filter(|it| !it.is_empty()).collect();
        if !style.is_empty() {
            line(format!("  linkStyle {at} {}", style.join(",")));
        }
    }
    let print = scene.small_print.iter().map(|it| match it.kind {
        PrintKind::Source(_) => format!("Source {}", it.text),
        _ => it.text.clone(),
    });
    let print: Vec<String> = print.flat_map(|it| wrap(&it, SMALL_PRINT_COLUMNS)).collect();
    if !print.is_empty() {
        line(format!("  print[\"{}\"]:::print", text(print)));
    }
    line("  classDef print fill:none,stroke:none,text-align:left".to_owned());
    line("  classDef unnamed stroke-dasharray:4 3".to_owned());
    line("  classDef focus stroke-width:3px".to_owned());
    out
}

fn node(at: usize, node: &SceneNode) -> String {
    let label = match &node.text {
        Text::Name(name) => {
            let mut lines = wrap(name, NAME_COLUMNS);
            lines.extend(node.badge.iter().flat_map(|it| wrap(it, NAME_COLUMNS)));
            text(lines)
        }
        Text::Facts(lines) => list(lines),
    };
    let (open, close) = outline(node.shape);
    let class = match (node.shape, node.focus) {
        (Shape::Unnamed, _) => ":::unnamed",
        (Shape::Plain, _) => ":::print",
        (_, true) => ":::focus",
        _ => "",
    };
    format!("n{at}{open}\"{label}\"{close}{class}")
}

/// The brackets that make an outline. People as a group have a double one and never the box of things.
fn outline(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Entity(EntityKind::Country) | Shape::Plain => ("[", "]"),
        Shape::Entity(EntityKind::Organization) | Shape::Unnamed => ("(", ")"),
        Shape::Entity(EntityKind::Person) => ("([", "])"),
        Shape::Entity(EntityKind::Population) => ("[[", "]]"),
        Shape::Entity(EntityKind::Materiel) => ("[/", "/]"),
        Shape::Entity(EntityKind::Vessel) => ("[\\", "/]"),
        Shape::Entity(EntityKind::Place) => ("{{", "}}"),
        Shape::Entity(EntityKind::Instrument) => ("[/", "\\]"),
        Shape::Entity(EntityKind::Document) => ("[(", ")]"),
    }
}

/// Facts as a list, with a dash each if they are several.
fn list(facts: &[Line]) -> String {
    let several = facts.len() > 1;
    let lines = facts.iter().flat_map(|it| {
        let wrapped = wrap(&it.whole(), LINE_COLUMNS).into_iter().enumerate();
        wrapped.map(move |(at, line)| if several && at == 0 { format!("–\u{a0}{line}") } else { line })
    });
    text(lines.collect())
}

fn text(lines: Vec<String>) -> String {
    lines.iter().map(|it| escape(it)).collect::<Vec<_>>().join("<br>")
}

/// Has no width, and keeps what stands beside it together.
const WORD_JOINER: char = '\u{2060}';

/// Text from outside as the inside of a quoted Mermaid string, a title or a description, shown as it stands.
///
/// Letters, digits and a few signs that mean nothing anywhere stand for themselves, all others as their number: Mermaid looks
/// for directives (`%%{`), styles (`style: #…;`), Markdown, formulas and HTML inside of strings too. Control characters are made visible first.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    for c in printable(text).chars() {
        if (before, c) == ('$', '$') {
            // Two make a formula, also as numbers: a mark that is not seen stands between them.
            let _ = write!(out, "#{};", u32::from(WORD_JOINER));
        }
        before = c;
        if c.is_alphanumeric() || matches!(c, ' ' | '\u{a0}' | ',' | '.' | '–' | '“' | '”' | '’' | '…') {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    out
}

/// Text as the inside of a YAML string in double quotes.
fn yaml(text: &str) -> String {
    printable(text).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn signs_of_mermaid_become_numbers() {
        for (name, escaped) in [
            ("North Korea", "North Korea"),
            ("a\"] --> b", "a#34;#93; #45;#45;#62; b"),
            ("%%{init: {}}%%", "#37;#37;#123;init#58; #123;#125;#125;#37;#37;"),
            ("`**bold**`", "#96;#42;#42;bold#42;#42;#96;"),
            ("<b>&amp;</b>", "#60;b#62;#38;amp#59;#60;#47;b#62;"),
            ("$$x", "#36;#8288;#36;x"),
            ("two\nlines", "two#92;nlines"),
            ("북한 Северная Корея", "북한 Северная Корея"),
        ] {
            assert_eq!(escape(name), escaped, "{name:?}");
        }
        assert_eq!(yaml("\"\\\n---\n"), "\\\"\\\\\\\\n---\\\\n");
    }

    proptest! {
        /// Undone by the rules of Mermaid, the text is what a reader is meant to see.
        #[test]
        fn escaping_can_be_undone(text in "(?s).{0,40}") {
            let mut plain = String::new();
            for (at, part) in escape(&text).split('#').enumerate() {
                match part.split_once(';').filter(|_| at > 0) {
                    Some((number, rest)) => {
                        plain.push(char::from_u32(number.parse().unwrap()).unwrap());
                        plain.push_str(rest);
                    }
                    None => plain.push_str(part),
                }
            }
            prop_assert_eq!(plain.replace(WORD_JOINER, ""), printable(&text));
        }
    }
}
