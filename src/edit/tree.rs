//! A file of records as a tree that loses nothing: every bracket, name, value and comment with its bytes.
//!
//! The tokens are those of `load`. White space is kept only as far as people mean something by it: blank lines, and whether a
//! comment stands behind what it is about or above it.

use std::ops::Range;

use crate::load::token::{Token, TokenKind, tokens};

/// Bytes of a text.
pub(crate) type Bytes = Range<usize>;

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(crate) at: Bytes,
    /// Whether a blank line stands above it.
    pub(crate) blank: bool,
}

/// `(…)`, `[…]` or `{…}`, perhaps with a name before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) name: Option<Bytes>,
    /// The opening bracket.
    pub(crate) bracket: u8,
    /// The byte of the opening bracket.
    pub(crate) open: usize,
    /// The byte of the closing bracket.
    pub(crate) close: usize,
    pub(crate) items: Vec<Item>,
    /// Comments behind the last item.
    pub(crate) tail: Vec<Comment>,
}

/// What stands between two commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Comments before it, and within it where no value is.
    pub(crate) lead: Vec<Comment>,
    /// Whether a blank line stands above it, below its comments.
    pub(crate) blank: bool,
    /// The name before the colon.
    pub(crate) key: Option<Bytes>,
    pub(crate) value: Value,
    /// The byte after the comma behind it.
    pub(crate) comma: Option<usize>,
    /// Comments behind it on its last line; only the last of them may run to its end.
    pub(crate) trail: Vec<Comment>,
}

/// What an item holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A string, a word or a number.
    Atom(Bytes),
    Group(Group),
}

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    /// Comments above the outermost bracket.
    pub(crate) head: Vec<Comment>,
    /// Whether a blank line stands between them and it.
    pub(crate) blank: bool,
    pub(crate) root: Group,
    /// Comments below.
    pub(crate) foot: Vec<Comment>,
}

/// What no tree can be made of, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoTree {
    pub(crate) at: usize,
    pub(crate) message: &'static str,
}

/// Brackets that stand in one another; `ron` reads fewer.
const DEEPEST: usize = 130;

impl Value {
    /// The bytes of the value, with the name before a bracket.
    pub(crate) fn bytes(&self) -> Bytes {
        match self {
            Value::Atom(at) => at.clone(),
            Value::Group(group) => group.name.as_ref().map_or(group.open, |it| it.start)..group.close + 1,
        }
    }

    pub(crate) fn as_group(&self) -> Option<&Group> {
        match self {
            Value::Group(group) => Some(group),
            Value::Atom(_) => None,
        }
    }
}

impl Item {
    /// The bytes from the name to the end of the value, without comments around them.
    pub(crate) fn bytes(&self) -> Bytes {
        let value = self.value.bytes();
        self.key.as_ref().map_or(value.start, |it| it.start)..value.end
    }
}

impl Group {
    /// The item of that name.
    pub(crate) fn field<'g>(&'g self, text: &str, name: &str) -> Option<&'g Item> {
        self.items.iter().find(|it| it.key.clone().and_then(|key| text.get(key)) == Some(name))
    }

    /// The name before the bracket; empty without one.
    pub(crate) fn name_in<'t>(&self, text: &'t str) -> &'t str {
        self.name.clone().and_then(|it| text.get(it)).unwrap_or("")
    }
}

/// The tree of a text without byte order mark; `None` of one that holds nothing but comments.
///
/// Time is linear in the length of the text.
pub(crate) fn tree(text: &str) -> Result<Option<Tree>, NoTree> {
    let mut reader = Reader { tokens: tokens(text, 0).collect(), at: 0, text, gap: 0 };
    let mut head = Vec::new();
    reader.comments(&mut head);
    let blank = reader.gap > 1 && !head.is_empty();
    if reader.peek().is_none() {
        return Ok(None);
    }
    let Value::Group(root) = reader.value(0, &mut head)? else {
        return Err(NoTree { at: 0, message: "a file is one struct in round brackets" });
    };
    if root.bracket != b'(' {
        return Err(NoTree { at: root.open, message: "a file is one struct in round brackets" });
    }
    let mut foot = Vec::new();
    reader.gap = 0;
    reader.comments(&mut foot);
    match reader.peek() {
        Some(token) => Err(NoTree { at: token.start, message: "something stands after the end of the file" }),
        None => Ok(Some(Tree { head, blank, root, foot })),
    }
}

/// The tree of one value.
pub(crate) fn value(text: &str) -> Result<Value, NoTree> {
    let mut reader = Reader { tokens: tokens(text, 0).collect(), at: 0, text, gap: 0 };
    let mut lost = Vec::new();
    let value = reader.value(0, &mut lost)?;
    match reader.peek() {
        None if lost.is_empty() => Ok(value),
        _ => Err(NoTree { at: 0, message: "this is not one value" }),
    }
}

struct Reader<'t> {
    tokens: Vec<Token>,
    at: usize,
    text: &'t str,
    /// Line breaks since the last token that is no white space.
    gap: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn end(&self) -> NoTree {
        NoTree { at: self.text.len(), message: "a bracket is open" }
    }

    /// Passes over white space and comments, which it keeps.
    fn comments(&mut self, found: &mut Vec<Comment>) {
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Space => {
                    self.gap += self.text.get(token.start..token.end).unwrap_or("").matches('\n').count();
                }
                TokenKind::Comment { .. } => {
                    found.push(Comment { at: token.start..token.end, blank: self.gap > 1 });
                    self.gap = 0;
                }
                _ => return,
            }
            self.at += 1;
        }
    }

    /// Whether a comment runs to the end of its line.
    fn runs_on(&self, comment: &Comment) -> bool {
        self.text.get(comment.at.clone()).is_some_and(|it| it.starts_with("//"))
    }

    /// Whether nothing but comments follows on the line.
    fn ends_line(&self, mut at: usize) -> bool {
        while let Some(token) = self.tokens.get(at) {
            let inside = self.text.get(token.start..token.end).unwrap_or("");
            match token.kind {
                TokenKind::Space if inside.contains('\n') => return true,
                TokenKind::Comment { .. } if inside.starts_with("//") => return true,
                TokenKind::Space | TokenKind::Comment { .. } => at += 1,
                _ => return false,
            }
        }
        true
    }

    /// The value at hand; comments within it, where no item could keep them, go to `lead`.
    fn value(&mut self, depth: usize, lead: &mut Vec<Comment>) -> Result<Value, NoTree> {
        let first = self.peek().ok_or_else(|| self.end())?;
        match first.kind {
            TokenKind::Open(_) => self.group(None, depth).map(Value::Group),
            TokenKind::Text { closed: true } => {
                self.at += 1;
                Ok(Value::Atom(first.start..first.end))
            }
            TokenKind::Word => {
                self.at += 1;
                let (back, length) = (self.at, lead.len());
                self.comments(lead);
                if self.peek().is_some_and(|it| it.kind == TokenKind::Open(b'(')) {
                    return self.group(Some(first.start..first.end), depth).map(Value::Group);
                }
                // Comments behind a word alone belong to whoever comes next.
                self.at = back;
                lead.truncate(length);
                Ok(Value::Atom(first.start..first.end))
            }
            _ => Err(NoTree { at: first.start, message: "this is no name and no value" }),
        }
    }

    fn group(&mut self, name: Option<Bytes>, depth: usize) -> Result<Group, NoTree> {
        let open = self.peek().ok_or_else(|| self.end())?;
        let TokenKind::Open(bracket) = open.kind else {
            return Err(NoTree { at: open.start, message: "a bracket is missing" });
        };
        if depth > DEEPEST {
            return Err(NoTree { at: open.start, message: "brackets are nested too deeply" });
        }
        self.at += 1;
        self.gap = 0;
        let mut group = Group { name, bracket, open: open.start, close: 0, items: Vec::new(), tail: Vec::new() };
        let mut pending: Vec<Comment> = Vec::new();
        loop {
            let token = self.peek().ok_or_else(|| self.end())?;
            match token.kind {
                TokenKind::Space => {
                    self.gap += self.text.get(token.start..token.end).unwrap_or("").matches('\n').count();
                    self.at += 1;
                }
                TokenKind::Comment { .. } => {
                    let comment = Comment { at: token.start..token.end, blank: self.gap > 1 };
                    let is_behind = self.gap == 0 && pending.is_empty();
                    match group.items.last_mut() {
                        Some(last)
                            if is_behind
                                && !last.trail.last().is_some_and(|it| self.runs_on(it))
                                && (last.comma.is_none() || self.ends_line(self.at)) =>
                        {
                            last.trail.push(comment);
                        }
                        _ => pending.push(comment),
                    }
                    self.at += 1;
                    self.gap = 0;
                }
                TokenKind::Comma => {
                    let last = group.items.last_mut().filter(|it| it.comma.is_none());
                    let last = last.ok_or(NoTree { at: token.start, message: "a comma too many" })?;
                    last.comma = Some(token.end);
                    self.at += 1;
                    self.gap = 0;
                }
                TokenKind::Close(close) => {
                    let pairs = matches!((bracket, close), (b'(', b')') | (b'[', b']') | (b'{', b'}'));
                    if !pairs {
                        return Err(NoTree { at: token.start, message: "this bracket closes nothing" });
                    }
                    group.close = token.start;
                    group.tail = pending;
                    self.at += 1;
                    self.gap = 0;
                    return Ok(group);
                }
                _ => {
                    if group.items.last().is_some_and(|it| it.comma.is_none()) {
                        return Err(NoTree { at: token.start, message: "a comma is missing" });
                    }
                    let blank = self.gap > 1;
                    let item = self.item(bracket, depth, std::mem::take(&mut pending), blank)?;
                    group.items.push(item);
                    self.gap = 0;
                }
            }
        }
    }

    fn item(&mut self, bracket: u8, depth: usize, mut lead: Vec<Comment>, blank: bool) -> Result<Item, NoTree> {
        let mut value = self.value(depth + 1, &mut lead)?;
        let mut key = None;
        if bracket != b'[' {
            let (back, length) = (self.at, lead.len());
            self.comments(&mut lead);
            let colon = self.peek().is_some_and(|it| it.kind == TokenKind::Colon);
            match value {
                Value::Atom(at) if colon => {
                    self.at += 1;
                    key = Some(at);
                    self.comments(&mut lead);
                    value = self.value(depth + 1, &mut lead)?;
                }
                _ => {
                    self.at = back;
                    lead.truncate(length);
                }
            }
        }
        Ok(Item { lead, blank, key, value, comma: None, trail: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_belong_to_what_they_stand_at() {
        let text = "// head\n\n( // first\n  a: 1, // behind\n\n  // above\n  b /* in */ : /* in too */ \"x\" /* before */ ,\n  c: [A(), /* of B */ B()], // end\n  // tail\n) // foot\n";
        let tree = tree(text).unwrap().unwrap();
        let shown = |it: &[Comment]| it.iter().map(|it| &text[it.at.clone()]).collect::<Vec<_>>();
        assert_eq!(shown(&tree.head), ["// head"]);
        assert!(tree.blank);
        let [a, b, c] = &tree.root.items[..] else { panic!("{tree:?}") };
        assert_eq!((shown(&a.lead), shown(&a.trail)), (vec!["// first"], vec!["// behind"]));
        assert_eq!(shown(&b.lead), ["// above", "/* in */", "/* in too */"]);
        assert_eq!(shown(&b.trail), ["/* before */"]);
        assert!(b.lead[0].blank && !b.blank);
        let list = c.value.as_group().unwrap();
        assert_eq!(shown(&list.items[1].lead), ["/* of B */"]);
        assert_eq!((shown(&tree.root.tail), shown(&tree.foot)), (vec!["// tail"], vec!["// foot"]));
    }

    #[test]
    fn what_is_no_record_has_no_tree() {
        for text in ["(", "(a: [)]", "(a 1)", "(,)", "(a: 1) x", "[1]", "5", "(a: #)", &"(a: ".repeat(200)] {
            assert!(tree(text).is_err(), "{text}");
        }
        assert_eq!(tree(" // nothing\n"), Ok(None));
    }
}
