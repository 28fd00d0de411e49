//! Text from outside on its way to a reader: what a terminal must not be told.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// `text` with everything that could steer a terminal or hide from a reader made visible: control characters,
/// line breaks, bidirectional overrides and isolates, zero-width characters.
///
/// ```
/// use purvey::model::printable;
///
/// assert_eq!(printable("Северная Корея"), "Северная Корея");
/// assert_eq!(printable("a\u{1b}[31m\nb"), "a\\u{1b}[31m\\nb");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) {
        let mut out = String::with_capacity(text.len() + 8);
        for c in text.chars() {
            if is_hidden(c) {
                out.extend(c.escape_default());
            } else {
                out.push(c);
            }
        }
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a character is better shown as an escape: it steers a terminal or cannot be seen.
///
/// ```
/// assert!(purvey::model::is_hidden('\u{202e}') && !purvey::model::is_hidden(' '));
/// ```
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text as a string of RON, in quotes.
///
/// Everything but quotes, backslashes and what is hidden stands as it is, so that text stays readable in any script. Marks of
/// direction and the like hide what stands around them, also from whoever reviews the file.
///
/// ```
/// assert_eq!(purvey::model::quoted("a \"b\" 북한\u{202e}"), "\"a \\\"b\\\" 북한\\u{202e}\"");
/// ```
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    // Most texts have nothing to look at letter by letter.
    if text.bytes().all(|it| matches!(it, b' '..=b'~') && it != b'"' && it != b'\\') {
        out.push_str(text);
        out.push('"');
        return out;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Columns that `text` takes on a terminal.
///
/// ```
/// assert_eq!(purvey::model::width("북한"), 4);
/// ```
pub fn width(text: &str) -> usize {
    text.width()
}

/// Whether an address can be followed on the web, and holds nothing that would end a link early.
///
/// ```
/// use purvey::model::is_web_address;
///
/// assert!(is_web_address("https://example.org/a?b=c&d") && !is_web_address("javascript:alert(1)"));
/// ```
pub fn is_web_address(address: &str) -> bool {
    let web = address.starts_with("https://") || address.starts_with("http://");
    web && address.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '\\' | '"' | '`'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_hidden_is_left(text in "(?s).{0,40}") {
            let shown = printable(&text);
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert_eq!(printable(&shown), shown.as_ref());
        }
    }
}
