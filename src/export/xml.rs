//! Text on its way into XML: the one place that escapes it.

use std::borrow::Cow;

/// `text` as it may stand in an attribute in double quotes or between tags: an XML reader gives the same text back. The
/// few characters that XML 1.0 has no way to write become U+FFFD.
pub(super) fn xml(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // As they stand, a reader would make spaces of them in an attribute.
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            c if is_unwritable(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether XML 1.0 has no way to write some character of it.
pub(super) fn loses(text: &str) -> bool {
    text.chars().any(is_unwritable)
}

fn is_unwritable(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn is_special(c: char) -> bool {
    matches!(c, '&' | '<' | '>' | '"' | '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// An XML reader gives the text back, and finds no element in it.
        #[test]
        fn any_text_stays_text(text in "(?s).{0,40}|[<>&\"'\\]!/a-c\t\n\r-]{0,20}") {
            let document = format!("<a b=\"{0}\">{0}</a>", xml(&text));
            let document = roxmltree::Document::parse(&document).unwrap();
            if !text.contains('\u{fffd}') {
                prop_assert_eq!(loses(&text), xml(&text).contains('\u{fffd}'));
            }
            let text: String = text.chars().map(|c| if is_unwritable(c) { '\u{fffd}' } else { c }).collect();
            let root = document.root_element();
            prop_assert_eq!(root.text().unwrap_or(""), text.as_str());
            prop_assert_eq!(root.attribute("b"), Some(text.as_str()));
        }
    }
}
