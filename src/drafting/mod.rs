//! Records proposed from the text of an article, by rule.
//!
//! No language model: the same text gives the same drafts, and each says which of its parts were found and which were not. `article`
//! (with `html`) makes paragraphs of bytes, `sentence` sentences and words of those, `tags` finds names, figures, times (`when`) and
//! words of the vocabulary, `phrases` (with `lists` and `words`) the parts of a sentence, `clause` (with `fill`) what it says happened, `claimant` whose word it is.
//! `propose` makes drafts of that, `records` writes them, `measure` compares them with records that somebody wrote by hand.
//!
//! A figure is never made up: a draft has one only in the words of its sentence, beside the noun that it counts.

mod article;
mod claimant;
mod clause;
mod fill;
mod html;
mod lists;
mod measure;
mod phrases;
mod propose;
mod proposed;
mod records;
#[cfg(test)]
mod tests;
mod sentence;
mod tags;
mod when;
mod words;

pub use article::{Article, ArticleError, LONGEST_ARTICLE};
pub use measure::{Counts, FIELDS, Measured, measure};
pub use propose::draft;
pub use proposed::{Draft, DraftOptions, Drafts, Participant, ProposedDocument, ProposedEntity, Speaker};
pub use records::{accepted, commented, draft_in_ron, notes};
