//! Questions in plain English, by the patterns of the vocabulary.
//!
//! A pattern is data: fixed words with blanks (`what did {from} {verb} to {to}`), and the words of the command line
//! that it stands for (`who --from {from} --to {to}`). Names are looked up in the graph, verbs in the vocabulary; each
//! pattern may have a time before or after it.

use super::question::quoted;
use super::resolve;
use crate::graph::GraphView;
use crate::model::{Pattern, Period, printable};

/// How a question was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The same question as words of the command line.
    pub words: Vec<String>,
}

impl Reading {
    /// The words as one types them.
    pub fn command(&self) -> String {
        let words: Vec<String> = self.words.iter().map(|it| quoted(it)).collect();
        words.join(" ")
    }
}

/// What of a question was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct NotUnderstood {
    /// What was not understood.
    pub what: String,
    /// Questions that are understood, the one most like it first.
    pub examples: Vec<String>,
}

/// Reads a question in plain English.
///
/// # Errors
///
/// [`NotUnderstood`], with the word that is unclear and the nearest patterns.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::read_question;
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let reading = read_question(&graph, "What did North Korea supply to Russia in 2024?")?;
/// assert_eq!(reading.command(), "who --from \"North Korea\" --to Russia --during 2024");
/// # Ok::<(), purvey::query::NotUnderstood>(())
/// ```
pub fn read_question<G: GraphView>(graph: &G, text: &str) -> Result<Reading, NotUnderstood> {
    let text = text.trim().trim_end_matches(['?', '.', '!', ' ']);
    let words: Vec<&str> = text.split_whitespace().map(|it| it.trim_matches(',')).filter(|it| !it.is_empty()).collect();
    let patterns = &graph.vocabulary().patterns;
    // A long text is no question, and trying all its parts would take for ever.
    if words.is_empty() || words.len() > 60 {
        return Err(not_understood(graph, &words, "the question is empty, or too long for one".to_owned()));
    }
    let (rest, time) = split_time(&words);
    // Names that the graph knows decide where one blank ends and the next begins.
    for strict in [true, false] {
        for pattern in patterns {
            let mut filled = Vec::new();
            if fill(graph, &tokens(pattern), rest, strict, &mut filled) {
                return Ok(reading(graph, pattern, &filled, time));
            }
        }
    }
    Err(unclear(graph, rest))
}

/// Blanks of a pattern with the words that fill them.
type Filled<'w> = Vec<(String, Vec<&'w str>)>;

/// A word of a pattern.
enum Token<'p> {
    Word(&'p str),
    Blank(&'p str),
}

fn tokens(pattern: &Pattern) -> Vec<Token<'_>> {
    let words = pattern.words.split_whitespace();
    words
        .map(|it| it.strip_prefix('{').and_then(|it| it.strip_suffix('}')).map_or(Token::Word(it), Token::Blank))
        .collect()
}

/// The period at the end or at the beginning of a question.
fn split_time<'w, 't>(words: &'w [&'t str]) -> (&'w [&'t str], Option<Period>) {
    const OPENERS: [&str; 8] = ["in", "on", "during", "between", "since", "until", "till", "from"];
    let opens = |word: Option<&&str>| word.is_some_and(|it| OPENERS.contains(&it.to_lowercase().as_str()));
    for at in 1..words.len() {
        let (before, after) = words.split_at(at);
        if opens(after.first())
            && let Ok(period) = Period::parse(&after.join(" "))
        {
            return (before, Some(period));
        }
    }
    for at in (1..words.len()).rev() {
        let (before, after) = words.split_at(at);
        if opens(before.first())
            && let Ok(period) = Period::parse(&before.join(" "))
        {
            return (after, Some(period));
        }
    }
    (words, None)
}

/// Fits words to a pattern. With `strict`, a blank takes only names that the graph knows.
fn fill<'w, G: GraphView>(
    graph: &G,
    pattern: &[Token<'_>],
    words: &[&'w str],
    strict: bool,
    filled: &mut Filled<'w>,
) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return words.is_empty() };
    match first {
        Token::Word(literal) => match words.split_first() {
            Some((word, after)) => word.to_lowercase() == *literal && fill(graph, rest, after, strict, filled),
            None => false,
        },
        Token::Blank(name) => {
            // Each word that follows needs one at least.
            let longest = words.len().saturating_sub(rest.len());
            for length in (1..=longest).rev() {
                let (taken, after) = words.split_at(length);
                let fits = match *name {
                    "verb" => is_verb(graph, &taken.join(" ")),
                    _ => !strict || is_name(graph, name, &taken.join(" ")),
                };
                if fits {
                    filled.push(((*name).to_owned(), taken.to_vec()));
                    if fill(graph, rest, after, strict, filled) {
                        return true;
                    }
                    filled.pop();
                }
            }
            false
        }
    }
}

fn is_verb<G: GraphView>(graph: &G, text: &str) -> bool {
    !kinds_of_verb(graph, text).is_empty()
}

/// Kinds that may be asked for with a verb, by position.
fn kinds_of_verb<G: GraphView>(graph: &G, text: &str) -> Vec<usize> {
    let verb = text.to_lowercase();
    let kinds = graph.vocabulary().kinds.iter().enumerate();
    kinds.filter(|(_, kind)| kind.verbs.iter().any(|it| **it == *verb)).map(|(at, _)| at).collect()
}

/// Whether the graph knows a name; a tie counts, since the answer will say what it may mean.
fn is_name<G: GraphView>(graph: &G, blank: &str, text: &str) -> bool {
    use super::error::QueryError::AmbiguousName;
    let found = if blank == "what" { resolve::item(graph, text) } else { resolve::end(graph, text, false) };
    matches!(found, Ok(_) | Err(AmbiguousName { .. }))
}

fn reading<G: GraphView>(graph: &G, pattern: &Pattern, filled: &Filled<'_>, time: Option<Period>) -> Reading {
    let mut words: Vec<String> = Vec::new();
    for token in pattern.reads.split_whitespace() {
        let blank = token.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        match blank.and_then(|blank| filled.iter().find(|(name, _)| name == blank)) {
            Some((_, taken)) => words.push(taken.join(" ")),
            None => words.push(token.to_owned()),
        }
    }
    if words.first().is_some_and(|it| it == "who")
        && let Some((_, verb)) = filled.iter().find(|(name, _)| name == "verb")
    {
        words.extend(kind_words(graph, &verb.join(" ")));
    }
    if let Some(time) = time {
        words.extend(["--during".to_owned(), time.edtf()]);
    }
    Reading { words }
}

/// `--kind` for each kind that the verb asks for. A verb that several kinds of flow share ("send" people, "send" arms)
/// asks for all flows, which needs no word.
fn kind_words<G: GraphView>(graph: &G, verb: &str) -> Vec<String> {
    let vocabulary = graph.vocabulary();
    let kinds: Vec<_> = kinds_of_verb(graph, verb).into_iter().filter_map(|at| vocabulary.kinds.get(at)).collect();
    if kinds.iter().filter(|it| it.flow).count() > 1 {
        return Vec::new();
    }
    kinds.iter().flat_map(|it| ["--kind".to_owned(), it.id.to_string()]).collect()
}

/// Says which word is unclear.
fn unclear<G: GraphView>(graph: &G, words: &[&str]) -> NotUnderstood {
    for pattern in &graph.vocabulary().patterns {
        if let Some(verb) = verb_at(&tokens(pattern), words).filter(|it| !is_verb(graph, it)) {
            let what = format!("“{}” is no verb that is known here", printable(verb));
            return not_understood(graph, words, what);
        }
    }
    let text = words.join(" ");
    not_understood(graph, words, format!("“{}” fits no pattern of a question", printable(&text)))
}

/// The word where a pattern has its verb, if the fixed words around it fit.
fn verb_at<'w>(pattern: &[Token<'_>], words: &[&'w str]) -> Option<&'w str> {
    let fits = |token: &Token<'_>, word: &&str| match token {
        Token::Word(literal) => word.to_lowercase() == *literal,
        Token::Blank(_) => true,
    };
    let verb = pattern.iter().position(|it| matches!(it, Token::Blank("verb")))?;
    // Only where nothing but fixed words stands before the verb is its place known.
    let before = pattern.get(..verb)?;
    let fixed = before.iter().all(|it| matches!(it, Token::Word(_)));
    let enough = words.len() >= pattern.len();
    let ends = pattern.last().zip(words.last()).is_some_and(|(token, word)| fits(token, word));
    (fixed && enough && ends && before.iter().zip(words).all(|(token, word)| fits(token, word)))
        .then(|| words.get(verb).copied())
        .flatten()
}

fn not_understood<G: GraphView>(graph: &G, words: &[&str], what: String) -> NotUnderstood {
    let common = |pattern: &&Pattern| {
        let fixed = pattern.words.split_whitespace();
        fixed.filter(|it| words.iter().any(|word| word.to_lowercase() == **it)).count()
    };
    let mut patterns: Vec<&Pattern> = graph.vocabulary().patterns.iter().collect();
    patterns.sort_by_key(|it| std::cmp::Reverse(common(it)));
    NotUnderstood { what, examples: patterns.into_iter().map(|it| it.example.to_string()).collect() }
}
