//! XML, written so that text stays text.

use crate::draw::markup::markup;

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
        self.out.push_str(&markup(text));
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
        self.out.push_str(&markup(text));
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
            self.out.push_str(&format!(" {attribute}=\"{}\"", markup(value)));
        }
        self.out.push_str(end);
    }
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
    fn numbers_are_short() {
        for (px, text) in [(12.0, "12"), (12.504, "12.5"), (-0.001, "0"), (0.126, "0.13"), (100.0, "100")] {
            assert_eq!(number(px), text);
        }
    }
}
