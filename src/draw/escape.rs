//! Text from outside on its way into a DOT string.

use crate::model::printable;

/// `text` as the inside of a quoted DOT string that Graphviz shows as it stands.
///
/// graphviz-rust prints what it is given, so this is the one place where outside text becomes DOT. Three readers come
/// after it: the lexer ends a string at `"`; labels know escapes such as `\N` and `\l`; and then HTML entities are
/// decoded, also in plain labels. Control characters and line breaks are made visible first, so that one name stays
/// one line.
///
/// ```
/// use purvey::draw::escape;
///
/// assert_eq!(escape(r#"a"; b [label="x"]; "c"#), r#"a\"; b [label=\"x\"]; \"c"#);
/// assert_eq!(escape(r"\N &amp; co"), r"\\N &amp;amp; co");
/// ```
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in printable(text).chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Names that have been seen to break a writer of DOT.
    #[test]
    fn hostile_names_stay_one_literal_string() {
        for (name, escaped) in [
            ("North Korea", "North Korea"),
            (r#"a"; evil [label="x"]; "b"#, r#"a\"; evil [label=\"x\"]; \"b"#),
            ("<b>x</b>", "<b>x</b>"),
            (r"\N", r"\\N"),
            (r"\G", r"\\G"),
            (r"\l", r"\\l"),
            ("two\nlines", r"two\\nlines"),
            ("a\r\nb", r"a\\r\\nb"),
            ("nul\0", r"nul\\u{0}"),
            ("rocket 🚀", "rocket 🚀"),
            ("&amp;", "&amp;amp;"),
            ("&#34;", "&amp;#34;"),
            (r"trailing\", r"trailing\\"),
            (r#"trailing\""#, r#"trailing\\\""#),
            ("override\u{202e}gnp", r"override\\u{202e}gnp"),
            ("// comment /* # */", "// comment /* # */"),
            ("북한 Северная Корея", "북한 Северная Корея"),
            ("", ""),
        ] {
            assert_eq!(escape(name), escaped, "{name:?}");
        }
    }

    proptest! {
        /// Undone by the rules of DOT, the text is what a reader is meant to see.
        #[test]
        fn escaping_can_be_undone(text in "(?s).{0,40}") {
            let escaped = escape(&text);
            let mut plain = String::new();
            let mut chars = escaped.chars();
            while let Some(c) = chars.next() {
                prop_assert!(c != '"' && c != '\n', "a string must not end inside");
                plain.push(if c == '\\' { chars.next().unwrap() } else { c });
            }
            prop_assert_eq!(plain.replace("&amp;", "&"), printable(&text));
        }
    }
}
