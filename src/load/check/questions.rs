//! The words of questions: what data folders add to the built-in ones.

use std::collections::BTreeMap;

use super::vocabulary::expect_name;
use super::{field, records};
use crate::diagnostic::Code;
use crate::load::draft::DraftFile;
use crate::load::fields::{Fields, as_list};
use crate::load::findings::Findings;
use crate::model::{QuestionWords, WordMeaning, normal_form};

/// What the vocabulary holds for questions.
#[derive(Default)]
pub(super) struct Questions {
    pub(super) words: Vec<QuestionWords>,
    pub(super) examples: Vec<Box<str>>,
    pub(super) strangers: Vec<Box<str>>,
}

/// Reads them from all files; what a data folder gives is added.
pub(super) fn read(files: &[DraftFile<'_>], findings: &mut Findings) -> Questions {
    let mut by_meaning: BTreeMap<WordMeaning, Vec<Box<str>>> = BTreeMap::new();
    let mut questions = Questions::default();
    for file in files {
        for record in records(file, "question_words", findings) {
            expect_name(record, "Words", findings);
            let mut fields = Fields::new(record, findings);
            let means = fields.word("means", WordMeaning::ALL, |it| it.as_str(), findings);
            let words = fields.texts("words", findings);
            fields.finish("words of a question", findings);
            let Some(means) = means else { continue };
            for word in words {
                if normal_form(word.text).is_empty() {
                    let message = format!("`{}` holds no letter", word.text);
                    findings.report(word.span, Code::BadVocabulary, message, Some("write a word".to_owned()));
                    continue;
                }
                by_meaning.entry(means).or_default().push(word.text.into());
            }
        }
        for (name, list) in [("examples", &mut questions.examples), ("strangers", &mut questions.strangers)] {
            if let Some(field) = field(file, name) {
                let texts = as_list(&field.value).iter().filter_map(|it| findings.text(it, name));
                list.extend(texts.map(|it| Box::from(it.text)));
            }
        }
    }
    questions.words = by_meaning.into_iter().map(|(means, words)| QuestionWords { means, words }).collect();
    questions
}
