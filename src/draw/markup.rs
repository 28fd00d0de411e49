//! Text from outside on its way into XML and HTML.

use crate::model::printable;

/// `text` as it may stand between tags and inside an attribute in double quotes, of XML and of HTML: what steers or
/// hides is made visible first, so that every character that is left is allowed in both.
pub(crate) fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // No character of XML, and not hidden either.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_text_stays_text() {
        for (text, escaped) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("]]> & \"x\"", "]]&gt; &amp; &quot;x&quot;"),
            ("nul\0 \u{1b}[31m", "nul\\u{0} \\u{1b}[31m"),
            ("\u{ffff}", "\u{fffd}"),
        ] {
            assert_eq!(markup(text), escaped);
        }
    }

    proptest! {
        /// An XML reader gives the text back, and finds no element in it.
        #[test]
        fn any_text_stays_text(text in "(?s).{0,40}|[<>&\"'\\]!/a-c-]{0,20}") {
            let xml = format!("<a b=\"{0}\">{0}</a>", markup(&text));
            let document = roxmltree::Document::parse(&xml).unwrap();
            let root = document.root_element();
            let shown = printable(&text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
            prop_assert_eq!(root.text().unwrap_or(""), shown.as_str());
            prop_assert_eq!(root.attribute("b"), Some(shown.as_str()));
            prop_assert_eq!(root.children().filter(|it| it.is_element()).count(), 0);
        }
    }
}
