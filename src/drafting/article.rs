//! The text of an article: bytes of whatever encoding, plain or HTML, as numbered paragraphs.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use jiff::civil::Date;

use super::html;
use super::when::find_date;
use crate::model::Period;

/// An article of more bytes is none.
pub const LONGEST_ARTICLE: usize = 16 << 20;

/// A text in which records are looked for.
///
/// ```
/// use purvey::drafting::Article;
///
/// let article = Article::read(b"Ships leave\n\nBy A. Name, 4 March 2025\nThree  ships left.\n")?;
/// assert_eq!(article.paragraphs[2], "Three ships left.");
/// assert_eq!(article.date.map(|it| it.to_string()).as_deref(), Some("2025-03-04"));
/// assert!(Article::read(b" \n ").is_err());
/// # Ok::<(), purvey::drafting::ArticleError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// The non-empty lines, each run of white space as one space. The first is the headline.
    pub paragraphs: Vec<String>,
    /// When it was published, if its metadata or its first lines say so.
    pub date: Option<Date>,
    /// Who published it, if metadata or a dateline say so.
    pub publisher: Option<String>,
    /// Its address, if metadata say so.
    pub address: Option<String>,
    /// Whether it was HTML, so that the paragraphs are those of the text made of it.
    pub was_html: bool,
    /// The encoding that it was read in, if that is not UTF-8.
    pub encoding: Option<&'static str>,
}

/// Why bytes are no article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArticleError {
    /// There is no word in it.
    #[error("this article is empty")]
    Empty,
    /// It holds bytes that no text has.
    #[error("this is no text: it holds a byte of value 0, at byte {at}")]
    Binary {
        /// Where the first one stands.
        at: usize,
    },
    /// It is longer than any article.
    #[error("this is larger than 16 MiB, which no article is")]
    TooLong,
}

impl Article {
    /// Reads plain text or HTML, told apart by how it begins. UTF-8, UTF-16 with its mark, what the HTML declares, else
    /// windows-1252, in which every byte is a character. Linear in the length.
    ///
    /// # Errors
    ///
    /// [`ArticleError`]: empty, no text, too long.
    pub fn read(bytes: &[u8]) -> Result<Article, ArticleError> {
        if bytes.len() > LONGEST_ARTICLE {
            return Err(ArticleError::TooLong);
        }
        let (encoding, mark) = encoding_of(bytes);
        let rest = bytes.get(mark..).unwrap_or_default();
        if (encoding == UTF_8 || encoding == WINDOWS_1252)
            && let Some(at) = rest.iter().position(|it| *it == 0)
        {
            return Err(ArticleError::Binary { at: at + mark });
        }
        let (text, _) = encoding.decode_without_bom_handling(rest);
        let was_html = is_html(&text);
        let mut article = if was_html { html::article(&text) } else { plain(&text) };
        if !article.paragraphs.iter().any(|it| it.chars().any(char::is_alphanumeric)) {
            return Err(ArticleError::Empty);
        }
        article.was_html = was_html;
        article.encoding = (encoding != UTF_8).then(|| encoding.name());
        if article.date.is_none() {
            article.date = find_date(&article.paragraphs);
        }
        if article.publisher.is_none() {
            article.publisher =
                dateline_publisher(&article.paragraphs).or_else(|| byline_publisher(&article.paragraphs));
        }
        Ok(article)
    }

    /// The whole text, one paragraph a line.
    pub fn text(&self) -> String {
        let mut text = self.paragraphs.join("\n");
        text.push('\n');
        text
    }
}

/// The lines of a plain text.
fn plain(text: &str) -> Article {
    Article { paragraphs: text.lines().map(normal).filter(|it| !it.is_empty()).collect(), ..Article::default() }
}

/// Each run of white space as one space, trimmed.
pub(super) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The encoding, and the bytes of the mark that tells it.
fn encoding_of(bytes: &[u8]) -> (&'static Encoding, usize) {
    if let Some(found) = Encoding::for_bom(bytes) {
        return found;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return (UTF_8, 0);
    }
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048)).unwrap_or_default()).to_ascii_lowercase();
    let declared = head.split_once("charset=").map(|(_, it)| it.trim_start_matches(['"', '\'']));
    let label = declared.and_then(|it| it.split(|c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c))).next());
    let found = label.and_then(|it| Encoding::for_label(it.as_bytes())).filter(|it| *it != UTF_8);
    (found.unwrap_or(WINDOWS_1252), 0)
}

/// Whether a text is HTML: it begins with a tag, or has one of those that only HTML has near its beginning.
fn is_html(text: &str) -> bool {
    let head: String = text.chars().take(2048).collect::<String>().to_ascii_lowercase();
    let begins = head.trim_start().starts_with('<');
    begins
        && ["<!doctype html", "<html", "<head", "<body", "<p", "<div", "<article", "<meta", "<h1"]
            .iter()
            .any(|it| head.contains(it))
}

/// "SEOUL, May 30 (UPI) --": who stands in the brackets.
fn dateline_publisher(paragraphs: &[String]) -> Option<String> {
    paragraphs.iter().take(12).find_map(|line| {
        let head: String = line.chars().take(120).collect();
        let (before, rest) = head.split_once('(')?;
        let (name, after) = rest.split_once(')')?;
        let is_place = before
            .split([',', ' '])
            .next()
            .is_some_and(|it| it.chars().count() > 2 && !it.chars().any(char::is_lowercase));
        let is_line = ["-", "–", "—"].iter().any(|it| after.trim_start().starts_with(it));
        (is_place && is_line && name.chars().any(char::is_alphabetic)).then(|| name.trim().to_owned())
    })
}

/// A short line near the top that gives a name beside a date, or right before or after a line that is one.
fn byline_publisher(paragraphs: &[String]) -> Option<String> {
    let lines: Vec<&String> = paragraphs.iter().skip(1).take(5).collect();
    let is_date =
        |text: &str| text.len() < 40 && text.bytes().any(|it| it.is_ascii_digit()) && Period::parse(text).is_ok();
    let is_name = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (1..=6).contains(&words.len())
            && words.iter().all(|it| it.starts_with(char::is_uppercase) || matches!(*it, "of" | "the" | "and"))
            && !words.first().is_some_and(|it| it.eq_ignore_ascii_case("by"))
            && !text.ends_with('.')
            && !is_date(text)
    };
    for (at, line) in lines.iter().enumerate() {
        if line.chars().count() > 90 {
            continue;
        }
        let parts: Vec<&str> = line.split([',', '|', '·']).map(str::trim).filter(|it| !it.is_empty()).collect();
        let is_dated = parts.iter().any(|it| is_date(it))
            || lines.get(at + 1).is_some_and(|it| it.chars().count() < 30 && is_date(it));
        if is_dated && let Some(name) = parts.iter().rev().find(|it| is_name(it)) {
            return Some((*name).to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let text = "Café – 3 tonnes";
        assert_eq!(Article::read(text.as_bytes()).unwrap().paragraphs, [text]);
        let (old, _, _) = WINDOWS_1252.encode(text);
        let article = Article::read(&old).unwrap();
        assert_eq!((article.paragraphs.as_slice(), article.encoding), (&[text.to_owned()][..], Some("windows-1252")));
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(Article::read(&wide).unwrap().paragraphs, [text]);
        let declared = b"<html><head><meta charset=\"iso-8859-2\"></head><body><p>\xa3\xf3d\xbc</p></body></html>";
        assert_eq!(Article::read(declared).unwrap().paragraphs, ["Łódź"]);
    }

    #[test]
    fn what_is_no_article_is_told() {
        assert_eq!(Article::read(b""), Err(ArticleError::Empty));
        assert_eq!(Article::read(b" \n--\n"), Err(ArticleError::Empty));
        assert_eq!(Article::read(b"<html><body></body></html>"), Err(ArticleError::Empty));
        assert_eq!(Article::read(b"ab\0c"), Err(ArticleError::Binary { at: 2 }));
        assert_eq!(Article::read(&vec![b'a'; LONGEST_ARTICLE + 1]), Err(ArticleError::TooLong));
    }

    #[test]
    fn publisher_and_date_stand_in_the_first_lines() {
        for (text, publisher, date) in [
            ("Head\nSEOUL, May 30, 2025 (UPI) -- Words.", Some("UPI"), Some("2025-05-30")),
            ("Head\nBy A. Name\nThe Courier, 19 November 2024\nWords.", Some("The Courier"), Some("2024-11-19")),
            ("Head\nTideline | 2 February 2025\nWords.", Some("Tideline"), Some("2025-02-02")),
            ("Head\nStrait Bulletin\n28 February 2025\nWords.", Some("Strait Bulletin"), Some("2025-02-28")),
            ("Head\nMeridian Review\nApril 2025\nWords.", Some("Meridian Review"), None),
            ("Head\nWords (some) here.", None, None),
        ] {
            let article = Article::read(text.as_bytes()).unwrap();
            assert_eq!(article.publisher.as_deref(), publisher, "{text}");
            assert_eq!(article.date.map(|it| it.to_string()).as_deref(), date, "{text}");
        }
    }
}
