//! Passages and the texts they were read in: is what a locator names really there?
//!
//! A locator keeps no words, only a paragraph, a length and a hash. Given the text, the passage is found by hashing every
//! stretch of that length. A stretch begins and ends with a word, since a normalised passage is trimmed.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::files;
use super::findings::Findings;
use crate::diagnostic::{Code, FileId, PassageCount, SourceMap, Span};
use crate::model::{Dataset, EntityIx, EntityKind, Locator};

/// The text of a document, at hand in a file.
///
/// ```
/// use purvey::load::Article;
///
/// let article = Article { document: "upi-2025-05-30".to_owned(), file: "upi.txt".into() };
/// assert_eq!(article.document, "upi-2025-05-30");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// The document's id.
    pub document: String,
    /// The file, plain UTF-8 text that begins with the headline.
    pub file: PathBuf,
}

/// Where a quoted passage stands in the text of an article: its locator, and in how many places it stands. The first counts.
///
/// Runs of white space are one space in both; nothing else is forgiven.
///
/// # Errors
///
/// What is wrong with the file, or that the passage is not in it.
///
/// # Example
///
/// ```
/// use purvey::load::find_passage;
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("article.txt");
/// std::fs::write(&file, "Headline\n\nShips called.  They\nleft.\n")?;
/// let (at, count) = find_passage(&file, "They left.")?;
/// assert_eq!((at.paragraph, at.length, count), (2, 10, 1));
/// assert!(find_passage(&file, "They stayed.").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find_passage(file: &std::path::Path, quote: &str) -> Result<(Locator, usize), String> {
    let mut sources = SourceMap::default();
    let mut findings = Findings::default();
    let (_, text) = files::read_article(file, &mut sources, &mut findings);
    let text = text.ok_or_else(|| {
        let why = findings.into_sorted().into_iter().next().map_or(String::new(), |it| it.message);
        format!("{}: {why}", file.display())
    })?;
    let text = Text::new(&text);
    let passage = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    if passage.is_empty() {
        return Err("the quoted passage is empty".to_owned());
    }
    let mut places = text.text.match_indices(&passage).map(|(at, _)| at);
    let missing = || format!("the quoted passage is not in {}: quote it letter by letter", file.display());
    let first = places.next().ok_or_else(missing)?;
    let count = 1 + places.count();
    let character = text.characters.partition_point(|it| *it < first);
    let paragraph = text.paragraphs.partition_point(|it| *it <= character);
    let paragraph = u32::try_from(paragraph).map_err(|_| "the article is too long".to_owned())?;
    Ok((locator(paragraph, &passage), count))
}

/// The locator of a passage that begins in a paragraph, counted from the headline, which is 1. White space does not matter.
///
/// ```
/// use purvey::load::locator;
///
/// assert_eq!(locator(3, "Three  ships\nleft.").length, 17);
/// assert_eq!(locator(3, "Three  ships\nleft."), locator(3, " Three ships left. "));
/// ```
pub fn locator(paragraph: u32, passage: &str) -> Locator {
    let normal = passage.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = u32::try_from(normal.chars().count()).unwrap_or(u32::MAX);
    Locator { paragraph, length, sha256: Sha256::digest(normal.as_bytes()).into() }
}

/// A locator of a claim, and its place in the data.
pub(crate) struct Passage {
    pub(crate) document: EntityIx,
    pub(crate) at: Locator,
    pub(crate) span: Span,
}

/// How many bytes are hashed at most in one run: some seconds' work. Only a length that no passage has comes near.
const MOST_HASHED: u64 = 1 << 33;

/// Looks for every passage whose document has a text at hand, and counts those of every document, in the order of the
/// documents' ids.
pub(crate) fn verify(
    articles: &[Article],
    passages: &[Passage],
    dataset: &Dataset,
    sources: &mut SourceMap,
    findings: &mut Findings,
) -> Vec<PassageCount> {
    let mut texts: BTreeMap<EntityIx, (Text, FileId)> = BTreeMap::new();
    for article in articles {
        let (file, text) = files::read_article(&article.file, sources, findings);
        let document = find_document(article, file, dataset, findings);
        if let (Some(document), Some(text)) = (document, text) {
            texts.insert(document, (Text::new(&text), file));
        }
    }
    let mut by_document: BTreeMap<EntityIx, Vec<&Passage>> = BTreeMap::new();
    for document in texts.keys() {
        by_document.insert(*document, Vec::new());
    }
    for passage in passages {
        by_document.entry(passage.document).or_default().push(passage);
    }
    let mut budget = MOST_HASHED;
    let mut counts = Vec::new();
    for (document, passages) in by_document {
        let id = dataset.entities.get(document.index()).map_or("", |it| it.id.as_str());
        let found = texts.get(&document).map(|(text, _)| {
            let found = text.find_all(&passages, &mut budget);
            let found = passages.iter().zip(found).filter(|(passage, found)| report(id, passage, *found, findings));
            found.count()
        });
        let file = texts.get(&document).and_then(|(_, file)| sources.file(*file)).map(|it| it.name().to_owned());
        counts.push(PassageCount { document: id.to_owned(), passages: passages.len(), found, file });
    }
    counts
}

fn find_document(article: &Article, file: FileId, dataset: &Dataset, findings: &mut Findings) -> Option<EntityIx> {
    let span = Span { file, start: 0, end: 0 };
    let id = &article.document;
    let documents = || dataset.entities.iter().filter(|it| it.kind == EntityKind::Document);
    let found = dataset.entity_ix(id);
    let kind = found.and_then(|it| dataset.entities.get(it.index())).map(|it| it.kind);
    match kind {
        Some(EntityKind::Document) => found,
        Some(kind) => {
            let message = format!("`{id}` is of the kind {}: only a document has a text", kind.as_str());
            findings.report(span, Code::WrongKind, message, Some("see `purvey list documents`".to_owned()));
            None
        }
        None => {
            let near = findings.nearest(id, documents().map(|it| it.id.as_str()));
            let help = near.unwrap_or_else(|| "see `purvey list documents`".to_owned());
            findings.report(span, Code::UnknownEntity, format!("no document has the id `{id}`"), Some(help));
            None
        }
    }
}

/// Says what is wrong with a passage; tells whether it was found anywhere.
fn report(document: &str, passage: &Passage, found: Found, findings: &mut Findings) -> bool {
    let span = passage.span;
    match found {
        Found::In(paragraph) if paragraph == passage.at.paragraph => {}
        Found::In(paragraph) => {
            let message = format!("this passage begins in paragraph {paragraph}, not {}", passage.at.paragraph);
            findings.report(span, Code::PassageElsewhere, message, Some(format!("write `paragraph: {paragraph}`")));
        }
        Found::Nowhere => {
            let message = format!("this passage is not in the text given for `{document}`");
            let help = "the length, the hash or the text is another one".to_owned();
            findings.report(span, Code::PassageNotFound, message, Some(help));
        }
        Found::GivenUp => {
            let message = format!("this passage was not found in the text given for `{document}` in reasonable time");
            let help = "text and length are too long: give the article alone, and a shorter passage".to_owned();
            findings.report(span, Code::PassageNotFound, message, Some(help));
        }
    }
    matches!(found, Found::In(_))
}

/// Where a passage was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// It begins in this paragraph.
    In(u32),
    Nowhere,
    /// Not looked for to the end.
    GivenUp,
}

/// A normalised text.
struct Text {
    text: String,
    /// The byte at which each character begins, and the end.
    characters: Vec<usize>,
    /// The character with which each paragraph begins.
    paragraphs: Vec<usize>,
}

impl Text {
    fn new(raw: &str) -> Text {
        let mut text = String::with_capacity(raw.len());
        let mut paragraphs = Vec::new();
        let mut count = 0;
        for line in raw.lines() {
            for (nth, word) in line.split_whitespace().enumerate() {
                if !text.is_empty() {
                    text.push(' ');
                    count += 1;
                }
                if nth == 0 {
                    paragraphs.push(count);
                }
                text.push_str(word);
                count += word.chars().count();
            }
        }
        let characters = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Text { text, characters, paragraphs }
    }

    /// Where each passage begins, in the order given. Passages of one length share one slide over the text, which looks
    /// at the paragraphs that they name first and ends when all are found.
    fn find_all(&self, passages: &[&Passage], budget: &mut u64) -> Vec<Found> {
        let mut found = vec![Found::Nowhere; passages.len()];
        let mut by_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, passage) in passages.iter().enumerate() {
            by_length.entry(passage.at.length as usize).or_default().push(at);
        }
        for (length, group) in by_length {
            self.find_group(length, &group, passages, &mut found, budget);
        }
        found
    }

    fn find_group(&self, length: usize, group: &[usize], passages: &[&Passage], found: &mut [Found], budget: &mut u64) {
        let mut wanted: HashMap<[u8; 32], Vec<(usize, u32)>> = HashMap::new();
        let mut named = vec![false; self.paragraphs.len()];
        for at in group {
            let Some(locator) = passages.get(*at).map(|it| &it.at) else { continue };
            wanted.entry(locator.sha256).or_default().push((*at, locator.paragraph));
            if let Some(flag) = named.get_mut((locator.paragraph as usize).saturating_sub(1)) {
                *flag = true;
            }
        }
        let (mut missing, mut misplaced) = (group.len(), group.len());
        let mut given_up = false;
        // A passage that its own paragraph holds is found in the first round, so the second takes any other.
        'rounds: for round in [true, false] {
            for (number, _) in (0_usize..).zip(&named).filter(|(_, flag)| **flag == round) {
                let paragraph = u32::try_from(number + 1).unwrap_or(u32::MAX);
                let first = self.paragraphs.get(number).copied().unwrap_or(0);
                let end = self.paragraphs.get(number + 1).copied().unwrap_or(self.characters.len());
                for start in first..end {
                    if (if round { misplaced } else { missing }) == 0 {
                        break 'rounds;
                    }
                    let Some(window) = self.window(start, length) else { continue };
                    let Some(left) = budget.checked_sub(window.len() as u64) else {
                        given_up = true;
                        break 'rounds;
                    };
                    *budget = left;
                    let hash: [u8; 32] = Sha256::digest(window.as_bytes()).into();
                    for (at, own) in wanted.get(&hash).into_iter().flatten() {
                        let Some(found) = found.get_mut(*at) else { continue };
                        if *found == Found::In(*own) {
                            continue;
                        }
                        if paragraph == *own {
                            misplaced -= 1;
                        } else if *found != Found::Nowhere {
                            continue;
                        }
                        if *found == Found::Nowhere {
                            missing -= 1;
                        }
                        *found = Found::In(paragraph);
                    }
                }
            }
        }
        if given_up {
            for at in group {
                if let Some(found) = found.get_mut(*at).filter(|it| **it == Found::Nowhere) {
                    *found = Found::GivenUp;
                }
            }
        }
    }

    /// The stretch of so many characters from there, if it can be a passage.
    fn window(&self, start: usize, length: usize) -> Option<&str> {
        let from = self.characters.get(start)?;
        let to = self.characters.get(start.checked_add(length)?)?;
        let window = self.text.get(*from..*to)?;
        (!window.starts_with(' ') && !window.ends_with(' ')).then_some(window)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn passage(paragraph: u32, words: &str) -> Passage {
        let length = u32::try_from(words.chars().count()).unwrap();
        let at = Locator { paragraph, length, sha256: Sha256::digest(words).into() };
        Passage { document: EntityIx(0), at, span: Span::default() }
    }

    fn find(text: &str, passages: &[Passage], mut budget: u64) -> Vec<Found> {
        Text::new(text).find_all(&passages.iter().collect::<Vec<_>>(), &mut budget)
    }

    #[test]
    fn work_has_a_limit_and_what_was_found_before_it_stays() {
        let passages = [passage(1, "a b"), passage(1, "x y")];
        assert_eq!(find("a b c d", &passages, u64::MAX), [Found::In(1), Found::Nowhere]);
        assert_eq!(find("a b c d", &passages, 3), [Found::In(1), Found::GivenUp]);
    }

    #[test]
    fn an_empty_text_and_an_endless_length_are_searched() {
        assert_eq!(find("", &[passage(1, "a")], u64::MAX), [Found::Nowhere]);
        let mut endless = passage(u32::MAX, "a");
        endless.at.length = u32::MAX;
        assert_eq!(find("a b", &[endless], u64::MAX), [Found::Nowhere]);
    }

    proptest! {
        /// The slow way: every stretch of the normalised text, one passage at a time.
        #[test]
        fn passages_are_where_the_slow_way_finds_them(
            text in "[ab\u{e9} \n]{0,30}",
            wanted in proptest::collection::vec((1_u32..5, "[ab\u{e9}]{1,2}( [ab\u{e9}]{1,2})?"), 0..6),
        ) {
            let lines: Vec<Vec<&str>> = text.lines().map(|it| it.split_whitespace().collect()).collect();
            let lines: Vec<&Vec<&str>> = lines.iter().filter(|it| !it.is_empty()).collect();
            let normal: Vec<(char, u32)> = (1..).zip(lines).flat_map(|(number, words)| {
                let line = words.join(" ") + " ";
                line.chars().map(|it| (it, number)).collect::<Vec<_>>()
            }).collect();
            let normal = normal.get(..normal.len().saturating_sub(1)).unwrap_or(&[]);
            let slow = |paragraph: u32, words: &str| {
                let words: Vec<char> = words.chars().collect();
                let starts: Vec<u32> = normal
                    .windows(words.len())
                    .filter(|it| it.iter().map(|(c, _)| *c).eq(words.iter().copied()))
                    .filter_map(|it| it.first().map(|(_, number)| *number))
                    .collect();
                if starts.contains(&paragraph) { vec![paragraph] } else { starts }
            };
            let passages: Vec<Passage> = wanted.iter().map(|(paragraph, words)| passage(*paragraph, words)).collect();
            for (found, (paragraph, words)) in find(&text, &passages, u64::MAX).into_iter().zip(&wanted) {
                let expected = slow(*paragraph, words);
                match found {
                    Found::In(number) => prop_assert!(expected.contains(&number), "{} in {:?}", words, text),
                    _ => prop_assert!(expected.is_empty(), "{} in {:?}", words, text),
                }
            }
        }
    }
}
