//! The one layout of a file of records: what `purvey fmt` writes.
//!
//! It depends on what stands in the file alone, comments and blank lines included, so that laying it out twice changes nothing.
//! Records stand one below the other, their fields fill lines of at most [`WIDTH`] characters, and what needs several lines has
//! them to itself.

use super::tree::{Comment, Group, Item, NoTree, Tree, Value, tree, value};

/// A line is at most so long, if what stands in it can be broken.
pub(crate) const WIDTH: usize = 120;

/// How much deeper each level stands.
const STEP: usize = 4;

/// Where the records of a file stand.
pub(crate) const RECORD: usize = 2 * STEP;

/// The text of a file in its one layout. Line breaks stay what they are in the first line, a byte order mark goes, and a file
/// that holds nothing but comments stays as it is.
///
/// # Errors
///
/// Where the text is no file of records.
pub(crate) fn laid_out(text: &str) -> Result<String, NoTree> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(tree) = tree(text)? else { return Ok(text.to_owned()) };
    let mut printer = Printer::new(text, line_break(text));
    printer.file(&tree);
    Ok(printer.out)
}

/// A record as it stands in a list of records, from its name to its bracket; lines after the first are indented so far.
///
/// # Errors
///
/// If it is no record.
pub(crate) fn record_laid_out(record: &str, line_break: &str, indent: usize) -> Result<String, NoTree> {
    let value = value(record)?;
    let mut printer = Printer::new(record, line_break);
    printer.column = indent;
    printer.value(&value, indent, 1);
    Ok(printer.out)
}

/// The line break of a text: that of its first line.
pub(crate) fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text.get(..at).is_some_and(|it| it.ends_with('\r')) => "\r\n",
        _ => "\n",
    }
}

struct Printer<'t> {
    text: &'t str,
    line_break: &'t str,
    out: String,
    /// Characters on the line so far.
    column: usize,
}

impl<'t> Printer<'t> {
    fn new(text: &'t str, line_break: &'t str) -> Printer<'t> {
        Printer { text, line_break, out: String::with_capacity(text.len() + text.len() / 8), column: 0 }
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column = match text.rsplit_once('\n') {
            Some((_, last)) => last.chars().count(),
            None => self.column + text.chars().count(),
        };
    }

    fn slice(&self, at: &std::ops::Range<usize>) -> &'t str {
        self.text.get(at.clone()).unwrap_or("")
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push_str(self.line_break);
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    fn blank_line(&mut self) {
        self.out.push_str(self.line_break);
    }

    fn comment(&mut self, comment: &Comment) {
        let text = self.slice(&comment.at);
        self.push(text.trim_end());
    }

    fn file(&mut self, tree: &Tree) {
        for (at, comment) in tree.head.iter().enumerate() {
            if at > 0 && comment.blank {
                self.blank_line();
            }
            self.comment(comment);
            self.new_line(0);
        }
        if tree.blank {
            self.blank_line();
        }
        self.push(self.slice(&tree.root.name.clone().unwrap_or(0..0)));
        if tree.root.items.is_empty() && tree.root.tail.is_empty() {
            self.push("()");
        } else {
            self.push("(");
            self.rows(&tree.root, STEP, true);
            self.new_line(0);
            self.push(")");
        }
        for comment in &tree.foot {
            if comment.blank {
                self.blank_line();
            }
            self.new_line(0);
            self.comment(comment);
        }
        self.new_line(0);
    }

    /// Items one below the other, each with its comma.
    fn rows(&mut self, group: &Group, indent: usize, is_file: bool) {
        let mut first = true;
        let mut begin = |printer: &mut Self, blank: bool| {
            if blank && !std::mem::take(&mut first) {
                printer.blank_line();
            }
            first = false;
            printer.new_line(indent);
        };
        for item in &group.items {
            for comment in &item.lead {
                begin(self, comment.blank);
                self.comment(comment);
            }
            begin(self, item.blank);
            self.item(item, indent, 1, is_file);
            self.push(",");
            self.trail(item);
        }
        for comment in &group.tail {
            begin(self, comment.blank);
            self.comment(comment);
        }
    }

    fn trail(&mut self, item: &Item) {
        for comment in &item.trail {
            self.push(" ");
            self.comment(comment);
        }
    }

    /// An item without its comments. `after`: characters that follow it on its line.
    fn item(&mut self, item: &Item, indent: usize, after: usize, is_file: bool) {
        if let Some(key) = &item.key {
            self.push(self.slice(key));
            self.push(": ");
        }
        let is_list = |it: &Group| it.bracket == b'[' && it.items.iter().all(|it| it.value.as_group().is_some());
        match item.value.as_group().filter(|it| is_file && is_list(it)) {
            // A list of records has lines for its brackets, also when it is empty: one more record changes no other line.
            Some(group) => self.rows_in_brackets(group, indent),
            None => self.value(&item.value, indent, after),
        }
    }

    fn rows_in_brackets(&mut self, group: &Group, indent: usize) {
        self.push("[");
        self.rows(group, indent + STEP, false);
        self.new_line(indent);
        self.push("]");
    }

    /// A value, whose further lines are indented by more than `indent`.
    fn value(&mut self, value: &Value, indent: usize, after: usize) {
        let group = match value {
            Value::Atom(at) => return self.push(self.slice(at)),
            Value::Group(group) => group,
        };
        // What has no name and holds nothing further, as a locator does, stays together.
        let is_small =
            group.bracket == b'(' && group.name.is_none() && group.items.iter().all(|it| it.value.as_group().is_none());
        if self.flat(value).is_some_and(|it| is_small || self.column + it + after <= WIDTH) {
            return self.write_flat(value);
        }
        let all_groups = group.items.iter().all(|it| it.value.as_group().is_some());
        if group.bracket == b'[' && all_groups {
            return self.rows_in_brackets(group, indent);
        }
        self.fill(group, indent, after);
    }

    /// Items one after the other, as many on a line as it takes.
    fn fill(&mut self, group: &Group, indent: usize, after: usize) {
        let (open, close) = brackets(group);
        self.push(self.slice(&group.name.clone().unwrap_or(0..0)));
        self.push(open);
        let hanging = indent + STEP;
        // Whether the next item must begin a line.
        let mut fresh = false;
        for (at, item) in group.items.iter().enumerate() {
            let is_first = at == 0;
            let is_last = at + 1 == group.items.len();
            for comment in &item.lead {
                self.new_line(hanging);
                self.comment(comment);
            }
            fresh |= !item.lead.is_empty();
            // The bracket, and what comes after that, or the comma.
            let ends_here = is_last && group.tail.is_empty() && item.trail.is_empty();
            let room = if ends_here { 1 + after } else { usize::from(!is_last) };
            let width = self.flat_item(item);
            let space = usize::from(!is_first);
            let fits = width.is_some_and(|it| self.column + space + it + room <= WIDTH);
            let is_long = width.is_none_or(|it| hanging + it + room > WIDTH);
            if fresh || !(fits || is_first) {
                self.new_line(hanging);
            } else if !is_first {
                self.push(" ");
            }
            self.item(item, hanging, room, false);
            if !is_last {
                self.push(",");
            }
            self.trail(item);
            fresh = is_long || !item.trail.is_empty();
        }
        for comment in &group.tail {
            self.new_line(hanging);
            self.comment(comment);
        }
        let is_open = !group.tail.is_empty() || group.items.last().is_some_and(|it| !it.trail.is_empty());
        if is_open {
            self.new_line(indent);
        }
        self.push(close);
    }

    /// How many characters a value takes on one line; `None` if it has comments or line breaks.
    fn flat(&self, value: &Value) -> Option<usize> {
        match value {
            Value::Atom(at) => {
                let text = self.slice(at);
                (!text.contains('\n')).then(|| text.chars().count())
            }
            Value::Group(group) => {
                let mut width = 2 + self.slice(&group.name.clone().unwrap_or(0..0)).chars().count();
                if !group.tail.is_empty() {
                    return None;
                }
                for (at, item) in group.items.iter().enumerate() {
                    width += self.flat_item(item)? + if at > 0 { 2 } else { 0 };
                }
                Some(width)
            }
        }
    }

    fn flat_item(&self, item: &Item) -> Option<usize> {
        if !item.lead.is_empty() || !item.trail.is_empty() {
            return None;
        }
        let key = item.key.as_ref().map_or(0, |it| self.slice(it).chars().count() + 2);
        Some(key + self.flat(&item.value)?)
    }

    fn write_flat(&mut self, value: &Value) {
        let group = match value {
            Value::Atom(at) => return self.push(self.slice(at)),
            Value::Group(group) => group,
        };
        let (open, close) = brackets(group);
        self.push(self.slice(&group.name.clone().unwrap_or(0..0)));
        self.push(open);
        for (at, item) in group.items.iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            if let Some(key) = &item.key {
                self.push(self.slice(key));
                self.push(": ");
            }
            self.write_flat(&item.value);
        }
        self.push(close);
    }
}

fn brackets(group: &Group) -> (&'static str, &'static str) {
    match group.bracket {
        b'[' => ("[", "]"),
        b'{' => ("{", "}"),
        _ => ("(", ")"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_layout_is_one() {
        let text = "\u{feff}// head\n(document:\"d\",\n facts:[Supply(id:\"x1\" ,supplier :\"north-korea\" // who\n,item:[\"a\", \"b\"],\n\n\n // claims\n claims:[(by:\"m\"),(by:\"n\")]),\n\n // next\n Supply(id:\"x2\")],entities:[], margin: \"0.1\")";
        insta::assert_snapshot!(laid_out(text).unwrap(), @r#"
        // head
        (
            document: "d",
            facts: [
                Supply(id: "x1",
                    supplier: "north-korea", // who
                    item: ["a", "b"],
                    // claims
                    claims: [(by: "m"), (by: "n")]),

                // next
                Supply(id: "x2"),
            ],
            entities: [
            ],
            margin: "0.1",
        )
        "#);
    }

    #[test]
    fn long_records_fill_their_lines() {
        let long = "x".repeat(40);
        let text = format!(
            "(facts: [A(id: \"{long}\", b: \"{long}\", c: \"{long}\", claims: [(by: \"{long}\", q: \"{long}\"), (by: \"{long}\")], d: [\"{long}\", \"{long}\", \"{long}\"], e: \"y\")])"
        );
        let laid = laid_out(&text).unwrap().replace(&long, "long-40-characters-long-40-characters-long");
        insta::assert_snapshot!(laid, @r#"
        (
            facts: [
                A(id: "long-40-characters-long-40-characters-long", b: "long-40-characters-long-40-characters-long",
                    c: "long-40-characters-long-40-characters-long",
                    claims: [
                        (by: "long-40-characters-long-40-characters-long", q: "long-40-characters-long-40-characters-long"),
                        (by: "long-40-characters-long-40-characters-long"),
                    ],
                    d: ["long-40-characters-long-40-characters-long", "long-40-characters-long-40-characters-long",
                        "long-40-characters-long-40-characters-long"],
                    e: "y"),
            ],
        )
        "#);
    }

    #[test]
    fn line_breaks_stay_those_of_the_first_line() {
        let text = "(\r\n  a: 1, b: r\"x\ny\")\n";
        assert_eq!(laid_out(text).unwrap(), "(\r\n    a: 1,\r\n    b: r\"x\ny\",\r\n)\r\n");
        assert_eq!(laid_out("// nothing"), Ok("// nothing".to_owned()));
        assert_eq!(laid_out("()"), Ok("()\n".to_owned()));
    }

    fn blank() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "",
            " ",
            "\n",
            "\n\n",
            "  \n \n\n",
            " // c\n",
            "\n// c\n",
            "\n\n // ,(\n\n",
            "/* x */",
            " /* \n ] */ ",
            "\n/* a */ // b\n",
            " // b\n/* a */",
        ])
        .prop_map(str::to_owned)
    }

    fn any_value() -> impl Strategy<Value = String> {
        let atom = prop_oneof![
            "[a-z]{1,6}".prop_map(|it| format!("\"{it}\"")),
            "[a-z]{30,60}".prop_map(|it| format!("\"{it}\"")),
            Just("admits".to_owned()),
            Just("12".to_owned()),
            Just("r#\"a\nb\"#".to_owned()),
        ];
        atom.prop_recursive(4, 40, 5, |inner| {
            let list = prop::collection::vec((blank(), inner.clone(), blank()), 0..5).prop_map(|it| {
                format!("[{}]", it.iter().map(|(a, v, b)| format!("{a}{v}{b}")).collect::<Vec<_>>().join(","))
            });
            let fields = prop::collection::vec((blank(), "[a-z]{1,5}", blank(), inner, blank()), 0..5);
            let group =
                ("([A-Z][a-z]{1,4})?", fields, blank(), any::<bool>()).prop_map(|(name, fields, tail, comma)| {
                    let all: Vec<String> =
                        fields.iter().map(|(a, k, b, v, c)| format!("{a}{k}{b}:{b}{v}{c}")).collect();
                    let comma = if comma && !all.is_empty() { "," } else { "" };
                    format!("{name}({}{comma}{tail})", all.join(","))
                });
            prop_oneof![list, group]
        })
    }

    /// The significant tokens but commas before a closing bracket, and the comments, each by itself.
    fn content(text: &str) -> (Vec<String>, Vec<String>) {
        use crate::load::token::{TokenKind, tokens};
        let (mut words, mut comments): (Vec<String>, Vec<String>) = Default::default();
        for token in tokens(text, 0) {
            let inside = text[token.start..token.end].to_owned();
            match token.kind {
                TokenKind::Space => {}
                TokenKind::Comment { .. } => comments.push(inside.trim_end().to_owned()),
                TokenKind::Close(_) => {
                    if words.last().is_some_and(|it| it == ",") {
                        words.pop();
                    }
                    words.push(inside);
                }
                _ => words.push(inside),
            }
        }
        (words, comments)
    }

    proptest! {
        #[test]
        fn laying_out_twice_changes_nothing_and_loses_nothing(
            head in blank(), fields in prop::collection::vec((blank(), any_value()), 0..4), foot in blank(),
        ) {
            let fields: Vec<String> = fields.iter().enumerate().map(|(at, (a, v))| format!("{a}f{at}: {v}")).collect();
            let text = format!("{head}({}){foot}", fields.join(","));
            let once = laid_out(&text).unwrap();
            let twice = laid_out(&once).unwrap();
            prop_assert_eq!(&once, &twice, "{}", text);
            let (words, mut comments) = content(&text);
            let (kept, mut told) = content(&once);
            prop_assert_eq!(words, kept, "{}", once);
            comments.sort();
            told.sort();
            prop_assert_eq!(comments, told, "{}", once);
        }
    }
}
