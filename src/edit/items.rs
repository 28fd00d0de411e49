//! Items of a list, put in and taken out as text, with every other byte as it was.

use super::layout::{RECORD, line_break, record_laid_out};
use super::tree::Group;
use crate::load::token::{Token, TokenKind, tokens};

/// The text with one more item in a list, behind the item of that position; without one at its beginning.
pub(super) fn with_item(text: &str, list: &Group, nth: Option<usize>, record: &str) -> String {
    let before = nth.and_then(|it| list.items.get(it));
    let line = line_break(text);
    let indent = before.and_then(|it| indent_of(text, it.bytes().start)).map(str::to_owned);
    let indent = indent.unwrap_or_else(|| " ".repeat(RECORD));
    let record = record_laid_out(record, line, indent.chars().count()).unwrap_or_else(|_| record.to_owned());
    let after = before.map_or(list.open + 1, |it| it.comma.unwrap_or(it.bytes().end));
    let rest = text.get(after..list.close).unwrap_or("");
    // Behind a comment on the same line, but before anything else there.
    let same_line = rest.split('\n').next().unwrap_or("").trim_end_matches('\r');
    let is_comment = |it: Token| matches!(it.kind, TokenKind::Space | TokenKind::Comment { closed: true });
    let at = if tokens(same_line, 0).all(is_comment) { after + same_line.trim_end().len() } else { after };
    let needs_comma = before.is_some_and(|it| it.comma.is_none());
    let mut new = String::with_capacity(text.len() + record.len() + 16);
    new.push_str(text.get(..after).unwrap_or(""));
    if needs_comma {
        new.push(',');
    }
    new.push_str(text.get(after..at).unwrap_or(""));
    new.push_str(line);
    new.push_str(&indent);
    new.push_str(&record);
    if !needs_comma {
        new.push(',');
    }
    new.push_str(text.get(at..).unwrap_or(""));
    new
}

/// The text without an item of a list, and without the comment that runs behind it to the end of its line.
pub(super) fn without_item(text: &str, list: &Group, nth: usize) -> String {
    let Some(item) = list.items.get(nth) else { return text.to_owned() };
    let before = text.get(..item.bytes().start).unwrap_or("");
    // The line break before it goes too, with what indents it.
    let bare = before.trim_end_matches([' ', '\t']);
    let start = match bare.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line).len(),
        None => bare.len(),
    };
    let mut end = item.comma.unwrap_or(item.bytes().end);
    if let Some(comment) = item.trail.last().filter(|it| text.get(it.at.clone()).is_some_and(|it| it.starts_with("//")))
    {
        end = comment.at.end;
        if text.get(..end).is_some_and(|it| it.ends_with('\r')) {
            end -= 1;
        }
    }
    let mut new = text.get(..start).unwrap_or("").to_owned();
    if item.comma.is_none()
        && let Some(comma) = nth.checked_sub(1).and_then(|it| list.items.get(it)?.comma)
    {
        // Without one after it, the comma before it came with it.
        new.remove(comma - 1);
    }
    new.push_str(text.get(end..).unwrap_or(""));
    new
}

/// The white space before what begins a line.
fn indent_of(text: &str, at: usize) -> Option<&str> {
    let line = text.get(..at)?.rsplit('\n').next()?;
    line.bytes().all(|it| matches!(it, b' ' | b'\t')).then_some(line)
}
