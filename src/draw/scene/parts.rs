//! What a scene consists of.

use std::collections::BTreeSet;

use crate::draw::font::{FontError, FontSet};
use crate::model::{EntityKind, LineStyle, Outcome, printable};
use crate::query::Status;

/// A picture before it has a format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scene {
    /// What stands above it.
    pub(crate) title: String,
    /// And below that.
    pub(crate) subtitle: Option<String>,
    /// Who and what stands in it, in the order in which arrows name them.
    pub(crate) nodes: Vec<SceneNode>,
    /// What leads from one to another, in the order of the rows.
    pub(crate) arrows: Vec<Arrow>,
    /// If it shows a way from one to another: the nodes in the order of that way, which the eye must be able to follow.
    pub(crate) path: Vec<usize>,
    /// What stands below it: sources, what a mark means, what is not drawn.
    pub(crate) small_print: Vec<Print>,
    /// Each drawn fact as sentences, one a claim, for whoever does not see the picture.
    pub(crate) sentences: Vec<Sentence>,
}

/// A fact as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// The id of the fact.
    pub(crate) fact: String,
    /// The sentence, with the number of its note and a full stop.
    pub(crate) text: String,
}

/// A shape with text in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SceneNode {
    /// A name for it, unique in the picture and the same each time: `entity-russia`, `items-a7`.
    pub(crate) id: String,
    /// The id of the entity that it is; none for items and for somebody unnamed.
    pub(crate) entity: Option<String>,
    /// What it is.
    pub(crate) shape: Shape,
    /// Its name, or the facts whose items it lists.
    pub(crate) text: Text,
    /// A line of small text: what it belongs to.
    pub(crate) badge: Option<String>,
    /// Whether it is emphasised.
    pub(crate) focus: bool,
    /// The facts in which it takes part here.
    pub(crate) facts: Vec<String>,
}

/// What a node is, for the choice of its outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// Somebody or something of a kind.
    Entity(EntityKind),
    /// Somebody whom the source does not name.
    Unnamed,
    /// What a fact is about, where no entity says it.
    Plain,
}

impl Shape {
    /// The word in attributes: `country`, `unnamed`, `plain`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Shape::Entity(kind) => kind.as_str(),
            Shape::Unnamed => "unnamed",
            Shape::Plain => "plain",
        }
    }
}

/// What is written in a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Text {
    /// A name.
    Name(String),
    /// Items of facts, one line a fact.
    Facts(Vec<Line>),
}

/// An arrow, or a line without a direction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrow {
    /// A name for it, unique in the picture and the same each time: `arrow-a7`.
    pub(crate) id: String,
    /// Position of the node where it begins.
    pub(crate) from: usize,
    /// Position of the node where it ends.
    pub(crate) to: usize,
    /// Whether it has a head.
    pub(crate) directed: bool,
    /// Its weight: that of its kind, or of several kinds the lightest.
    pub(crate) style: LineStyle,
    /// The weakest support that a fact of it has; its dashes tell it.
    pub(crate) status: Option<Status>,
    /// Whether it stands for what happened; what is only planned, called for, or denied by all is drawn apart.
    pub(crate) happened: bool,
    /// The outcome of its facts, if they have the same.
    pub(crate) outcome: Option<Outcome>,
    /// The facts that it stands for.
    pub(crate) facts: Vec<String>,
    /// One line a fact; none if a node lists the items.
    pub(crate) lines: Vec<Line>,
}

/// A fact in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The id of the fact.
    pub(crate) fact: String,
    /// Ids of further facts that it tells: the same of others who stand in the same box.
    pub(crate) also: Vec<String>,
    /// What it says, with no-break spaces where a line must not be broken; without support and sources.
    pub(crate) text: String,
    /// How well it is supported.
    pub(crate) status: Option<Status>,
    /// The same where words say it: not if it rests on a single source as most do, nor if the text names who says it.
    pub(crate) support: Option<Status>,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// Its figures in words, as they stand in `text`.
    pub(crate) quantities: Vec<String>,
    /// Its periods in words, as they stand in `text`.
    pub(crate) periods: Vec<String>,
    /// What else must not be lost of `text`: that it is alleged, who says it where only somebody unnamed does, what is inferred.
    pub(crate) says: Vec<String>,
    /// Numbers of its sources.
    pub(crate) notes: Vec<usize>,
}

impl Line {
    /// All of it as one text, for a format without marks: "3,000 troops (admitted) [1, 2]".
    pub(crate) fn whole(&self) -> String {
        let support = self.support.map_or(String::new(), |it| format!(" ({})", it.in_words()));
        format!("{}{support}{}", self.text, self.note_text())
    }

    /// " [1, 2]" with no-break spaces: a number never stands alone on a line.
    pub(crate) fn note_text(&self) -> String {
        let notes: Vec<String> = self.notes.iter().map(usize::to_string).collect();
        if notes.is_empty() { String::new() } else { format!("\u{a0}[{}]", notes.join(",\u{a0}")) }
    }
}

impl Scene {
    /// The scene in characters that the fonts have; words that had to be romanised are named below the picture.
    ///
    /// # Errors
    ///
    /// A character that has neither a glyph nor a transcription.
    pub(crate) fn legible(mut self, fonts: &FontSet) -> Result<Scene, FontError> {
        let mut replaced: BTreeSet<String> = BTreeSet::new();
        let mut put = |text: &mut String| -> Result<(), FontError> {
            let legible = fonts.legible(&printable(text))?;
            replaced.extend(legible.replaced.into_iter().map(|it| it.now));
            *text = legible.text;
            Ok(())
        };
        put(&mut self.title)?;
        self.subtitle.iter_mut().try_for_each(&mut put)?;
        for node in &mut self.nodes {
            node.badge.iter_mut().try_for_each(&mut put)?;
            match &mut node.text {
                Text::Name(name) => put(name)?,
                Text::Facts(lines) => lines.iter_mut().flat_map(Line::texts).try_for_each(&mut put)?,
            }
        }
        for line in self.arrows.iter_mut().flat_map(|it| &mut it.lines) {
            line.texts().try_for_each(&mut put)?;
        }
        self.small_print.iter_mut().map(|it| &mut it.text).try_for_each(&mut put)?;
        if !replaced.is_empty() {
            let words = replaced.into_iter().collect::<Vec<_>>().join(", ");
            let text = format!("In Latin letters here, in others in the source: {words}");
            let before =
                self.small_print.iter().position(|it| matches!(it.kind, PrintKind::DataDate | PrintKind::Credit));
            self.small_print.insert(before.unwrap_or(self.small_print.len()), Print { kind: PrintKind::Remark, text });
        }
        Ok(self)
    }
}

impl Line {
    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        std::iter::once(&mut self.text).chain(&mut self.quantities).chain(&mut self.periods)
    }
}

/// A piece of small print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Print {
    /// What it is.
    pub(crate) kind: PrintKind,
    /// The sentence.
    pub(crate) text: String,
}

/// What a piece of small print is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PrintKind {
    /// The source of that number.
    Source(usize),
    /// What a mark in a text means.
    Inferred,
    /// Something else that a reader must know.
    Remark,
    /// What is not drawn, with the ids of the facts.
    LeftOut(Vec<String>),
    /// Until when sources were read.
    DataDate,
    /// Who made the picture.
    Credit,
}

/// The mark of what a source does not say itself.
pub(crate) const INFERRED: &str = "*";
