//! What a file is by its first bytes, so that one given to the wrong reader is told and not read as rubbish.

use std::io::{self, Read};
use std::path::Path;

use super::input::{ImportOptions, open};

/// How much of a file is looked at.
const HEAD: u64 = 16 << 10;

/// Why a file is of no use to the reader of a format, with the way out; `None` if nothing speaks against it.
///
/// ```
/// use purvey::import::{ImportOptions, why_unfit};
///
/// let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(file.path(), "<?xml version=\"1.0\"?><gexf/>")?;
/// let options = ImportOptions::default();
/// let why = why_unfit(file.path(), "graphml", &options).unwrap_or_default();
/// assert!(why.contains("purvey import gexf"), "{why}");
/// assert_eq!(why_unfit(file.path(), "gexf", &options), None);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn why_unfit(file: &Path, format: &str, options: &ImportOptions) -> Option<String> {
    let shown = file.display();
    let head = match head(file, options) {
        Ok(head) => head,
        Err(error) => return Some(format!("`{shown}` cannot be read: {error}")),
    };
    let what = Content::of(&head)?;
    (!what.suits(format)).then(|| format!("`{shown}` is {}", what.told()))
}

/// The first bytes, unpacked. Where a packed file is damaged, the importer tells.
fn head(file: &Path, options: &ImportOptions) -> io::Result<Vec<u8>> {
    // A count of its own: whoever watches counts what is imported. What came from a pipe is read where it was kept.
    let input = open(options.on_disk(file), &ImportOptions::default())?;
    let mut head = Vec::new();
    match input.take(HEAD).read_to_end(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Err(error),
        _ => Ok(head),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// ZIP, which spreadsheets are too.
    Zip,
    OldExcel,
    Pdf,
    Html,
    JsonArray,
    /// A format by its name on the command line, and what people call it.
    Format(&'static str, &'static str),
}

impl Content {
    fn of(head: &[u8]) -> Option<Content> {
        let magic: [(&[u8], Content); 4] = [
            (b"PK\x03\x04", Content::Zip),
            (b"\xd0\xcf\x11\xe0", Content::OldExcel),
            (b"%PDF", Content::Pdf),
            (b"PAR1", Content::Format("parquet", "Parquet")),
        ];
        if let Some((_, found)) = magic.iter().find(|(bytes, _)| head.starts_with(bytes)) {
            return Some(*found);
        }
        let (text, ..) = encoding_rs::UTF_8.decode(head);
        let text = text.trim_start();
        if text.starts_with('<') {
            return Content::of_root(&root(text)?);
        }
        let first = |text: &str, c: char| text.strip_prefix(c).map(|it| it.trim_start().to_owned());
        if first(text, '[').is_some_and(|it| it.starts_with('{')) {
            return Some(Content::JsonArray);
        }
        let is_ftm = first(text, '{').is_some_and(|it| it.starts_with('"'))
            && ["\"id\"", "\"schema\"", "\"properties\""].iter().all(|it| text.contains(it));
        is_ftm.then_some(Content::Format("ftm", "FollowTheMoney"))
    }

    fn of_root(name: &str) -> Option<Content> {
        match name.to_ascii_lowercase().as_str() {
            "html" => Some(Content::Html),
            "graphml" => Some(Content::Format("graphml", "GraphML")),
            "gexf" => Some(Content::Format("gexf", "GEXF")),
            "consolidated_list" => Some(Content::Format("un", "the UN Security Council's list")),
            "sdnlist" | "sanctions" => Some(Content::Format("ofac", "OFAC's list")),
            _ => None,
        }
    }

    /// Whether the reader of a format takes it.
    fn suits(self, format: &str) -> bool {
        matches!(self, Content::Format(name, _) if name == format)
    }

    fn told(self) -> String {
        match self {
            Content::Zip => {
                "a ZIP archive, as spreadsheets (xlsx, ods) are: save the sheet as CSV, or unpack it first".to_owned()
            }
            Content::OldExcel => "a spreadsheet (xls): save the sheet as CSV".to_owned(),
            Content::Pdf => "a PDF document, which no importer reads".to_owned(),
            Content::Html => {
                "a web page (HTML) and not the file itself: look at it in a browser, and download the file again"
                    .to_owned()
            }
            Content::JsonArray => {
                "a JSON array: write its elements as lines, one each, as `jq -c '.[]'` does".to_owned()
            }
            Content::Format(name, people) => format!("{people}: `purvey import {name} …`"),
        }
    }
}

/// The name of the root element, without its prefix; or of the document type, if that comes first.
fn root(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start().strip_prefix('<')?;
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
        } else if let Some(instruction) = rest.strip_prefix('?') {
            rest = instruction.split_once("?>")?.1;
        } else {
            let is_type = rest.get(..8).is_some_and(|it| it.eq_ignore_ascii_case("!doctype"));
            let name = if is_type { rest.get(8..)?.trim_start() } else { rest };
            let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '[')).unwrap_or(name.len());
            let name = name.get(..end)?;
            return Some(name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_how_they_begin() {
        for (head, format, told) in [
            ("PK\u{3}\u{4}rest", "csv", Some("xlsx")),
            ("%PDF-1.7", "un", Some("PDF")),
            ("\u{feff}<!DOCTYPE html><html>", "un", Some("web page")),
            ("<?xml version='1.0'?>\n<!-- a --><CONSOLIDATED_LIST>", "ofac", Some("purvey import un")),
            ("<?xml version='1.0'?><CONSOLIDATED_LIST>", "un", None),
            ("<sdnList xmlns='x'>", "un", Some("purvey import ofac")),
            ("<n:graphml>", "gexf", Some("purvey import graphml")),
            (" [ {\"id\": 1}]", "ftm", Some("jq -c")),
            ("[id];[name]", "csv", None),
            ("{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{}}", "csv", Some("purvey import ftm")),
            ("{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{}}", "ftm", None),
            ("a,b\n1,2", "csv", None),
            ("a,b\n1,2", "sipri", None),
            ("", "csv", None),
            ("<", "gexf", None),
        ] {
            let file = tempfile::NamedTempFile::new().expect("a file");
            std::fs::write(file.path(), head).expect("it is written");
            let why = why_unfit(file.path(), format, &ImportOptions::default());
            match told {
                Some(told) => assert!(why.as_deref().is_some_and(|it| it.contains(told)), "{head}: {why:?}"),
                None => assert_eq!(why, None, "{head}"),
            }
        }
    }
}
