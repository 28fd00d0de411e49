//! Writing a decision into a file of records and taking it out again, with every other byte as it was.

use std::path::{Path, PathBuf};

use super::draft::{Shape, Value};
use super::files;
use super::read::read_element;
use super::token::{Token, TokenKind, tokens};
use super::{LoadOptions, Loaded, Sources};
use crate::diagnostic::{FileId, SourceFile, SourceMap};
use crate::model::{Decision, DecisionKind};

/// A file of decisions that holds none yet. A file that is left so is taken away again.
pub const EMPTY_DECISIONS: &str = "// Which entities are the same and which are not: written by `purvey merge` and `purvey match`.\n(\n    decisions: [\n    ],\n)\n";

/// A decision as a record of RON, on one line.
///
/// ```
/// use purvey::load::decision_in_ron;
/// use purvey::model::{Decision, DecisionKind, EntityId};
///
/// let (a, b) = (EntityId::new("x")?, EntityId::new("y")?);
/// let decision = Decision { kind: DecisionKind::Same, keep: a.clone(), a, b, reason: None, by: None, made: None };
/// assert_eq!(decision_in_ron(&decision), r#"Same(a: "x", b: "y", keep: "x")"#);
/// # Ok::<(), purvey::model::SlugError>(())
/// ```
pub fn decision_in_ron(decision: &Decision) -> String {
    let mut text = format!("{}(a: \"{}\", b: \"{}\"", decision.kind.as_str(), decision.a, decision.b);
    if decision.kind == DecisionKind::Same {
        text.push_str(&format!(", keep: \"{}\"", decision.keep));
    }
    for (name, value) in [("reason", &decision.reason), ("by", &decision.by), ("made", &decision.made)] {
        if let Some(value) = value {
            // The escapes of Rust are those of RON.
            text.push_str(&format!(", {name}: {value:?}"));
        }
    }
    text.push(')');
    text
}

/// The text of a file with one decision more, at the end of its list `decisions`; `None` if it has no such list.
///
/// ```
/// use purvey::load::{EMPTY_DECISIONS, with_decision, without_decision};
///
/// let added = with_decision(EMPTY_DECISIONS, r#"NotSame(a: "x", b: "y")"#).ok_or("no list")?;
/// assert!(added.contains("\n        NotSame(a: \"x\", b: \"y\"),\n"));
/// assert_eq!(without_decision(&added, "y", "x").as_deref(), Some(EMPTY_DECISIONS));
/// # Ok::<(), &str>(())
/// ```
pub fn with_decision(text: &str, record: &str) -> Option<String> {
    let list = List::find(text)?;
    let line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let indent = list.elements.last().and_then(|it| indent_of(text, it.start)).unwrap_or("        ");
    // After what stands before the end of the list, and after a comment on the same line.
    let last = list.elements.last();
    let after = last.map_or(list.open, |it| it.comma.unwrap_or(it.end));
    let rest = text.get(after..list.close)?;
    let same_line = rest.split('\n').next().unwrap_or("").trim_end_matches('\r');
    let comment =
        tokens(same_line, 0).all(|it| matches!(it.kind, TokenKind::Space | TokenKind::Comment { closed: true }));
    let at = if comment { after + same_line.trim_end().len() } else { after };
    let needs_comma = last.is_some_and(|it| it.comma.is_none());
    let mut new = String::with_capacity(text.len() + record.len() + 16);
    new.push_str(text.get(..after)?);
    if needs_comma {
        new.push(',');
    }
    new.push_str(text.get(after..at)?);
    new.push_str(line);
    new.push_str(indent);
    new.push_str(record);
    if !needs_comma {
        new.push(',');
    }
    new.push_str(text.get(at..)?);
    Some(new)
}

/// The text of a file without its decision about these two ids, in either order; `None` if it has none.
pub fn without_decision(text: &str, one: &str, other: &str) -> Option<String> {
    let list = List::find(text)?;
    let nth = list.elements.iter().position(|it| it.is_about(one, other))?;
    let element = list.elements.get(nth)?;
    let before = text.get(..element.start)?;
    // The line break before it goes too, with what indents it.
    let bare = before.trim_end_matches([' ', '\t']);
    let start = match bare.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line).len(),
        None => bare.len(),
    };
    let end = element.comma.unwrap_or(element.end);
    let mut new = text.get(..start)?.to_owned();
    if element.comma.is_none()
        && let Some(comma) = nth.checked_sub(1).and_then(|it| list.elements.get(it)?.comma)
    {
        // Without one after it, the comma before it came with it.
        new.remove(comma - 1);
    }
    new.push_str(text.get(end..)?);
    Some(new)
}

/// The pairs of ids that a file's decisions are about, in the order of the file.
pub fn decided_pairs(text: &str) -> Vec<[String; 2]> {
    List::find(text).into_iter().flat_map(|it| it.elements).filter_map(|it| it.ids).collect()
}

/// Whether a file has a list of decisions.
pub fn holds_decisions(text: &str) -> bool {
    List::find(text).is_some()
}

/// The files below these paths, in the order in which they are read, each with its text; what cannot be read is left out.
pub fn texts_of(paths: &[PathBuf]) -> Vec<(PathBuf, String)> {
    let files = paths.iter().flat_map(|it| files::walk(it).filter_map(Result::ok));
    files.filter_map(|it| Some((it.path().to_owned(), std::fs::read_to_string(it.path()).ok()?))).collect()
}

/// Loads what is at these paths as if one file had another text, or were there: whether a change may be written.
pub fn load_instead(paths: &[PathBuf], options: LoadOptions, file: &Path, text: &str) -> Loaded {
    let mut findings = super::findings::Findings::default();
    let read = files::read(&Sources::Paths(paths.to_vec()), &mut findings, &mut |_, _| {});
    let name = file.display().to_string();
    let mut map = SourceMap::default();
    let mut found = false;
    for (_, it) in read.iter() {
        let is_it = it.name() == name;
        found |= is_it;
        map.push(if is_it { SourceFile::new(name.clone(), text.to_owned()) } else { it.clone() });
    }
    if !found {
        map.push(SourceFile::new(name, text.to_owned()));
    }
    super::load_map(map, findings, options, &[])
}

/// The list `decisions` of a file.
struct List {
    /// After its opening bracket.
    open: usize,
    /// At its closing bracket.
    close: usize,
    elements: Vec<Element>,
}

struct Element {
    start: usize,
    end: usize,
    /// After the comma that follows it.
    comma: Option<usize>,
    /// The ids that it is about.
    ids: Option<[String; 2]>,
}

impl Element {
    fn is_about(&self, one: &str, other: &str) -> bool {
        self.ids.as_ref().is_some_and(|[a, b]| (&**a, &**b) == (one, other) || (&**b, &**a) == (one, other))
    }
}

impl List {
    fn find(text: &str) -> Option<List> {
        let all: Vec<Token> = tokens(text, 0).filter(Token::is_significant).collect();
        let mut depth = 0_usize;
        let mut begin = None;
        for (at, token) in all.iter().enumerate() {
            match token.kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => depth = depth.saturating_sub(1),
                TokenKind::Word if depth == 1 && text.get(token.start..token.end) == Some("decisions") => {
                    let next = |by: usize| all.get(at + by).map(|it| it.kind);
                    if next(1) == Some(TokenKind::Colon) && next(2) == Some(TokenKind::Open(b'[')) {
                        begin = Some(at + 2);
                        break;
                    }
                }
                _ => {}
            }
        }
        let begin = begin?;
        let mut list = List { open: all.get(begin)?.end, close: 0, elements: Vec::new() };
        let mut depth = 0_usize;
        let mut start = None;
        for (at, token) in all.iter().enumerate().skip(begin + 1) {
            match token.kind {
                TokenKind::Close(b']') if depth == 0 => {
                    list.close = token.start;
                    return Some(list);
                }
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0
                        && let Some(start) = start.take()
                    {
                        let comma = all.get(at + 1).filter(|it| it.kind == TokenKind::Comma).map(|it| it.end);
                        let ids = ids_of(text, start, token.end);
                        list.elements.push(Element { start, end: token.end, comma, ids });
                    }
                }
                TokenKind::Word if depth == 0 => start = Some(token.start),
                _ => {}
            }
        }
        None
    }
}

fn ids_of(text: &str, start: usize, end: usize) -> Option<[String; 2]> {
    let Value { shape: Shape::Struct(record), .. } = read_element(text, FileId(0), "decisions", start, end).ok()?
    else {
        return None;
    };
    let id = |name: &str| {
        record.fields.iter().find(|it| it.name == name).and_then(|it| match &it.value.shape {
            Shape::Text(text) => Some(text.to_string()),
            _ => None,
        })
    };
    Some([id("a")?, id("b")?])
}

/// The white space before what begins a line.
fn indent_of(text: &str, at: usize) -> Option<&str> {
    let line = text.get(..at)?.rsplit('\n').next()?;
    line.bytes().all(|it| matches!(it, b' ' | b'\t')).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_decision_goes_in_at_the_end_and_comes_out_again() {
        let new = "Same(a: \"p\", b: \"q\")";
        for text in [
            EMPTY_DECISIONS,
            "(decisions: [])",
            "(decisions: [ // none yet\n])",
            "(entities: [], decisions: [\n  NotSame(a: \"x\", b: \"y\"), // seen\n  // more\n])",
            "(decisions: [\r\n\tNotSame(a: \"x\", b: \"y\")\r\n])\r\n",
            "(decisions: [NotSame(a: \"x\", b: \"y\"), NotSame(a: \"(\", b: \"]\")])",
            "(decisions: [NotSame(a: \"x\", b: \"y\") /* , */ , /* ] */ ], facts: [])",
        ] {
            let added = with_decision(text, new).unwrap();
            assert!(decided_pairs(&added).contains(&["p".to_owned(), "q".to_owned()]), "{added}");
            assert_eq!(without_decision(&added, "q", "p").as_deref(), Some(text), "{added}");
            assert_eq!(without_decision(text, "q", "p"), None);
        }
        assert_eq!(with_decision("(facts: [A(decisions: [])])", new), None);
    }

    proptest! {
        #[test]
        fn out_and_in_again_are_the_same_bytes(
            pairs in prop::collection::vec(("[a-d]{1,3}", "[e-h]{1,3}", prop::sample::select(vec![", // [x])", ",", ",\n", ", /* ] */", " /* , */ ,"])), 0..6),
            last in any::<bool>(),
        ) {
            let mut text = "(\n decisions: [".to_owned();
            for (at, (a, b, after)) in pairs.iter().enumerate() {
                let end = at + 1 == pairs.len() && last;
                text.push_str(&format!("\n  Same(a: {a:?}, b: {b:?}){}", if end { "" } else { after }));
            }
            text.push_str("\n ],\n)\n");
            let added = with_decision(&text, "NotSame(a: \"1\", b: \"2\")").unwrap();
            prop_assert_eq!(decided_pairs(&added).len(), pairs.len() + 1);
            prop_assert_eq!(without_decision(&added, "1", "2"), Some(text));
        }
    }
}
