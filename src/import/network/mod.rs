//! GraphML and GEXF: nodes become entities, edges plain relationships between two, with their attributes kept.
//!
//! A network says who is connected and rarely who says so. The file is therefore a document of its own, and its edges are claims
//! of whoever is named, or of the file itself.

mod desk;
mod gaps;
mod gexf;
mod graphml;
mod own;
mod time;
mod xml;

use std::io::{self, Read};
use std::path::PathBuf;

use super::findings::{ImportCode, ImportFindings};
use super::input::{ImportOptions, open};
use super::sink::Sink;
use crate::model::EntityKind;
use desk::Desk;

/// What a network does not say itself. The first four are for FollowTheMoney too, where a record names no dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkOptions {
    /// The name of whoever claims its edges; without it, the document does.
    pub by: Option<String>,
    /// The title of the document; without it, the name of the file.
    pub document_title: Option<String>,
    /// When it was published, in EDTF.
    pub document_date: Option<String>,
    /// Where it is to be had.
    pub document_address: Option<String>,
    /// The kind of a node that does not say its own; without it, an organization, which is told.
    pub node_kind: Option<EntityKind>,
    /// The attribute that says the kind of a node; without it, `kind` or `type` where that is a word for one.
    pub kind_attribute: Option<String>,
    /// The attribute of an edge that names its own source, a document.
    pub source_attribute: Option<String>,
    /// The kind of fact that edges are, by its id in the vocabulary; without it, `relationship`, or `link` where they have no
    /// direction.
    pub edge_kind: Option<String>,
}

/// A node as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RawNode {
    id: String,
    label: Option<String>,
    attributes: Vec<(String, String)>,
    /// The node in whose graph it stands.
    inside: Option<String>,
    line: u64,
}

/// An edge as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RawEdge {
    id: Option<String>,
    source: String,
    target: String,
    undirected: bool,
    label: Option<String>,
    attributes: Vec<(String, String)>,
    /// When it is there: periods in EDTF; none: at any time, or nobody says.
    spells: Vec<String>,
    /// Whether it says a time that could not be read.
    unread_time: bool,
    line: u64,
}

/// Reads GraphML: what it finds goes to the sink, what it cannot use to the findings.
///
/// # Errors
///
/// Those of the sink.
///
/// # Example
///
/// ```
/// use purvey::import::{ImportFindings, ImportOptions, Kept, read_graphml};
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("x.graphml");
/// let graph = r#"<graph edgedefault="directed"><node id="a"/><node id="b"/><edge source="a" target="b"/></graph>"#;
/// std::fs::write(&file, format!("<graphml>{graph}</graphml>"))?;
/// let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
/// read_graphml(&[file], &ImportOptions::default(), &mut kept, &mut findings)?;
/// // That its nodes say no kind is told.
/// assert_eq!((kept.facts.len(), findings.count()), (1, 1));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_graphml(
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    read(files, options, sink, findings, &|text, options, desk, findings| graphml::read(text, options, desk, findings))
}

/// Reads GEXF, with its times; else like [`read_graphml`].
///
/// # Errors
///
/// Those of the sink.
pub fn read_gexf(
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    read(files, options, sink, findings, &|text, options, desk, findings| gexf::read(text, options, desk, findings))
}

/// A network is held whole while it is read, so it has a bound of its own.
const MOST_BYTES: u64 = 1 << 30;

type ReadText = dyn Fn(&str, &ImportOptions, &mut Desk<'_>, &mut ImportFindings) -> io::Result<()>;

fn read(
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
    read_text: &ReadText,
) -> io::Result<()> {
    for file in files {
        findings.set_file(&file.display().to_string());
        let mut bytes = Vec::new();
        let most = options.max_size.min(MOST_BYTES);
        let read = open(file, options).and_then(|mut input| whole(&mut input, most, &mut bytes));
        if let Ok(false) = read {
            let message = format!("the file is longer than {most} bytes, which is the most that is read of a network");
            let help = "cut it into several files, or import its nodes and edges as tables".to_owned();
            findings.at(None).report(ImportCode::TooLarge, message, Some(help));
            continue;
        }
        if let Err(error) = read {
            let code = match super::input::LimitError::of(&error) {
                Some(_) => ImportCode::TooLarge,
                None => ImportCode::Unreadable,
            };
            findings.at(None).report(code, error.to_string(), None);
            // A file that is cut short still holds whole nodes and edges.
            if code == ImportCode::TooLarge || bytes.is_empty() {
                continue;
            }
        }
        let text = xml::decode(bytes, findings);
        let mut desk = Desk::new(&options.network, options.vocabulary.as_ref(), file, sink)?;
        if own::is_ours(&text) {
            desk.is_ours()?;
        } else {
            // Of any other network the file itself is what claims its edges.
            desk.document()?;
        }
        read_text(&text, options, &mut desk, findings)?;
        desk.finish(findings)?;
    }
    Ok(())
}

/// Reads all of an input; false if it is longer than `most`.
fn whole(input: &mut dyn Read, most: u64, bytes: &mut Vec<u8>) -> io::Result<bool> {
    input.take(most.saturating_add(1)).read_to_end(bytes)?;
    Ok(u64::try_from(bytes.len()).is_ok_and(|it| it <= most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_may_be_held() {
        for (most, fits, held) in [(10, true, 10), (9, false, 10), (3, false, 4)] {
            let mut bytes = Vec::new();
            assert_eq!(whole(&mut &b"ten bytes."[..], most, &mut bytes).unwrap(), fits, "{most}");
            assert_eq!(bytes.len(), held, "{most}");
        }
    }
}
