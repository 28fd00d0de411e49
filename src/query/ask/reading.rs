//! How a question was understood, and why one was not.

use std::collections::BTreeSet;

use super::link::Correction;
use super::naming::NameRead;
use crate::model::printable;
use crate::query::evidence::Evidence;
use crate::query::question::Question;

/// How a question in plain English was understood: as a question in structure, on some evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The question.
    pub question: Question,
    /// The claims that it asks for.
    pub evidence: Evidence,
    /// Names, in the order of the question, and what each was taken for.
    pub names: Vec<NameRead>,
    /// Words that were read as others: as typed, as read.
    pub corrections: Vec<(String, String)>,
    /// Words that mean something, and that the answer takes no account of.
    pub unused: Vec<String>,
    /// It counts only if no reading with less finds anything: how many nouns are not at the likeliest of their places.
    pub(super) looseness: u8,
}

impl Reading {
    pub(super) fn new(question: Question, evidence: Evidence) -> Reading {
        Reading { question, evidence, names: Vec::new(), corrections: Vec::new(), unused: Vec::new(), looseness: 0 }
    }

    pub(super) fn correct(&mut self, corrections: &[Correction]) {
        self.corrections = corrections.iter().map(|it| (it.typed.clone(), it.read.clone())).collect();
    }

    /// Whether it takes the same names, of which there are some, the same time and the same evidence from the question as the first of
    /// others.
    pub(super) fn is_about_the_same_as(&self, others: &[Reading]) -> bool {
        let ids = |it: &Reading| it.names.iter().map(|it| it.id.clone()).collect::<BTreeSet<_>>();
        let during = |it: &Reading| match &it.question {
            Question::Who(who) => who.during,
            _ => None,
        };
        others.first().is_none_or(|it| {
            !self.names.is_empty() && ids(it) == ids(self) && during(it) == during(self) && it.evidence == self.evidence
        })
    }

    /// The same reading of another question about it, on the evidence that counts in the end.
    #[must_use]
    pub fn about(self, question: Question, evidence: Evidence) -> Reading {
        Reading { question, evidence, ..self }
    }

    /// The equivalent words of the command line, without the name of the program.
    pub fn command(&self) -> String {
        format!("{}{}", self.question, self.evidence)
    }

    /// What a reader must be told of it besides the command: names and words that were read as others, words not used.
    pub fn remarks(&self) -> Vec<String> {
        let corrections =
            self.corrections.iter().map(|(typed, read)| format!("“{}” is read as “{read}”", printable(typed)));
        let names = self.names.iter().filter_map(NameRead::remark);
        let unused = self.unused.iter().map(|it| format!("“{}” was not used", printable(it)));
        corrections.chain(names).chain(unused).collect()
    }
}

/// What of a question was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct NotUnderstood {
    /// What was not understood.
    pub what: String,
    /// What to do about it, if more is known than examples.
    pub help: Option<String>,
    /// Questions that are understood, the one most like it first.
    pub examples: Vec<String>,
}
