//! Why a question has no answer.

use crate::graph::Fault;
use crate::model::{nearest, printable};

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// No entity, fact, alias or translation matches.
    #[error("nothing is called `{}`", printable(name))]
    UnknownName {
        /// As typed.
        name: String,
        /// What is meant: "entity", "item".
        expected: &'static str,
        /// Closest names first, at most five.
        near: Vec<Suggestion>,
    },
    /// Several entities have that name.
    #[error("`{}` may be {}", printable(name), list(candidates))]
    AmbiguousName {
        /// As typed.
        name: String,
        /// They, in the order of their ids.
        candidates: Vec<Suggestion>,
    },
    /// No kind of fact or entity has that name.
    #[error("there is no kind `{}`", printable(name))]
    UnknownKind {
        /// As typed.
        name: String,
        /// All that exist.
        known: Vec<String>,
        /// The nearest of them.
        near: Option<String>,
    },
    /// No role, figure or unit has that name.
    #[error("there is no {what} `{}`", printable(name))]
    UnknownWord {
        /// What was looked for: "role", "figure", "unit".
        what: &'static str,
        /// As typed.
        name: String,
        /// All that exist.
        known: Vec<String>,
    },
    /// A figure that claims should give is none.
    #[error("`{}` is no figure: {why}", printable(figure))]
    BadFigure {
        /// As typed.
        figure: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing leads from one end to the other.
    #[error(
        "no path {}from {from} to {to} within {max_hops} {}",
        if *in_time { "in the order of time " } else { "" },
        if *max_hops == 1 { "step" } else { "steps" }
    )]
    NoPath {
        /// Where it should begin.
        from: String,
        /// Where it should end.
        to: String,
        /// Longest path looked for.
        max_hops: usize,
        /// Whether it should be in the order of time.
        in_time: bool,
        /// What would find one, as words of the command line.
        instead: Vec<String>,
    },
    /// Both ends of a path are the same.
    #[error("both ends are {name}")]
    SameEnds {
        /// The entity.
        name: String,
    },
    /// The graph is damaged.
    #[error(transparent)]
    Damaged(#[from] Fault),
}

/// An entity that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Its id.
    pub id: String,
    /// Its name, where the id does not say it.
    pub name: Option<String>,
}

impl std::fmt::Display for Suggestion {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "`{}`", printable(&self.id))?;
        self.name.as_ref().map_or(Ok(()), |it| write!(out, " ({})", printable(it)))
    }
}

impl QueryError {
    /// The code under which `findings` of an answer list it.
    pub fn code(&self) -> &'static str {
        match self {
            QueryError::UnknownName { .. } => "unknown-name",
            QueryError::AmbiguousName { .. } => "ambiguous-name",
            QueryError::UnknownKind { .. } => "unknown-kind",
            QueryError::UnknownWord { .. } => "unknown-word",
            QueryError::BadFigure { .. } => "bad-figure",
            QueryError::NoPath { .. } => "no-path",
            QueryError::SameEnds { .. } => "same-ends",
            QueryError::Damaged(_) => "damaged",
        }
    }

    /// The next step, if one is known.
    pub fn help(&self) -> Option<String> {
        match self {
            QueryError::UnknownName { near, .. } if near.is_empty() => {
                Some("`purvey find TEXT` searches all names".to_owned())
            }
            QueryError::UnknownName { near, .. } => Some(format!("did you mean {}?", list(near))),
            QueryError::AmbiguousName { .. } => Some("use the id".to_owned()),
            QueryError::UnknownKind { near: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            QueryError::UnknownKind { known, .. } => Some(format!("the kinds are {}", known.join(", "))),
            QueryError::UnknownWord { name, known, .. } => {
                Some(match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", known.join(", ")),
                })
            }
            QueryError::BadFigure { .. } => Some("write a number as sources do: \"35,000\"".to_owned()),
            QueryError::NoPath { instead, .. } if instead.is_empty() => None,
            QueryError::NoPath { instead, .. } => Some(instead.join("; ")),
            QueryError::SameEnds { .. } => Some("`purvey show` lists what it takes part in".to_owned()),
            QueryError::Damaged(_) => {
                Some("build the snapshot again; `purvey verify FILE` tells what is damaged".to_owned())
            }
        }
    }
}

/// "`a`, `b` or `c`".
fn list(names: &[Suggestion]) -> String {
    let quoted: Vec<String> = names.iter().map(Suggestion::to_string).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
