//! Facts of several who stand in one box: each says whose it is, and what is the same of several is told once.

use super::Line;
use crate::draw::Together;
use crate::draw::reduce::Members;
use crate::query::{Row, join};

/// More names than these before a fact are counted instead; they stand below the picture.
const MOST_NAMES: usize = 4;

/// The lines of an arrow. No fact of one is told as if it were one of all: whose it is stands before it, unless it is the same
/// of each.
pub(super) fn lines<'a>(
    lines: impl Iterator<Item = (&'a Row, Line)>,
    together: &[Together],
    members: &Members,
) -> Vec<Line> {
    let mut told: Vec<Told> = Vec::new();
    for (row, line) in lines {
        let end = |it: &Option<crate::query::Ref>| {
            let it = it.as_ref()?;
            Some((members.position(it)?, it.name.clone()))
        };
        let (whose, one) = match (end(&row.from), end(&row.to)) {
            (None, None) => (None, Vec::new()),
            (Some((group, name)), None) | (None, Some((group, name))) => (Some(group), vec![name]),
            // Between two boxes of several, or within one: a pair for itself.
            (Some((_, from)), Some((_, to))) => (None, vec![format!("{from} to {to}")]),
        };
        let same = |it: &&mut Told| {
            whose.is_some()
                && it.group == whose
                && Line { fact: String::new(), also: Vec::new(), ..it.line.clone() }
                    == Line { fact: String::new(), ..line.clone() }
        };
        match told.iter_mut().find(same) {
            Some(it) => {
                it.line.also.push(line.fact);
                it.names.extend(one);
            }
            None => told.push(Told { line, group: whose, names: one }),
        }
    }
    told.into_iter().map(|it| it.into_line(together)).collect()
}

/// Words, and of whom they are said.
struct Told {
    line: Line,
    group: Option<usize>,
    names: Vec<String>,
}

impl Told {
    fn into_line(self, together: &[Together]) -> Line {
        let Told { line, group, mut names } = self;
        let all = group.and_then(|it| together.get(it)).map_or(0, |it| it.members.len());
        let facts = names.len();
        names.dedup();
        let whose = match names.len() {
            0 => return line,
            // A figure of each is no figure of all.
            count if count == all && count == facts && line.quantities.is_empty() => return line,
            count if count == all => "each".to_owned(),
            count if count > MOST_NAMES => format!("{count} of them"),
            _ => join(names.into_iter(), "and"),
        };
        Line { text: format!("{whose}: {}", line.text), ..line }
    }
}
