//! XML, written so that text stays text.

use crate::model::printable;

/// A document in the making.
#[derive(Default)]
pub(crate) struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    pub(crate) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.tag(name, attributes, ">\n");
        self.depth += 1;
    }

    pub(crate) fn close(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        self.out.push_str(&format!("</{name}>\n"));
    }

    pub(crate) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.tag(name, attributes, "/>\n");
    }

    pub(crate) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.indent();
        self.tag(name, attributes, ">");
        self.out.push_str(&escape(text));
        self.out.push_str(&format!("</{name}>\n"));
    }

    /// An element whose text is not from outside and holds nothing that XML would read.
    pub(crate) fn raw(&mut self, name: &str, text: &str) {
        self.indent();
        self.out.push_str(&format!("<{name}>\n{text}</{name}>\n"));
    }

    /// An element inside which every space counts.
    pub(crate) fn open_inline(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.tag(name, attributes, ">");
    }

    pub(crate) fn inline(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.tag(name, attributes, ">");
        self.out.push_str(&escape(text));
        self.out.push_str(&format!("</{name}>"));
    }

    pub(crate) fn close_inline(&mut self, name: &str) {
        self.out.push_str(&format!("</{name}>\n"));
    }

    pub(crate) fn finish(self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", self.out)
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.depth));
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push_str(&format!(" {attribute}=\"{}\"", escape(value)));
        }
        self.out.push_str(end);
    }
}

/// `text` as the inside of an element or of an attribute in double quotes. Control characters, which XML does not
/// allow, are made visible.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // No characters of XML, and no controls.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

/// A length with at most two decimals: "12", "12.5".
pub(crate) fn number(px: f64) -> String {
    let text = format!("{px:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        for (text, escaped) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("]]> & \"x\"", "]]&gt; &amp; &quot;x&quot;"),
            ("nul\0 \u{1b}[31m", "nul\\u{0} \\u{1b}[31m"),
            ("\u{ffff}", "\u{fffd}"),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }

    #[test]
    fn numbers_are_short() {
        for (px, text) in [(12.0, "12"), (12.504, "12.5"), (-0.001, "0"), (0.126, "0.13"), (100.0, "100")] {
            assert_eq!(number(px), text);
        }
    }
}
