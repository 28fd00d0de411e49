//! A picture as a page of HTML: the SVG, what stands behind each entry on hover and focus, a table of the facts, and
//! the sources. No script, and nothing is loaded from outside.

mod inline;

use std::collections::BTreeSet;
use std::io;

use thiserror::Error;

use super::markup::markup;
use super::scene::{INFERRED, words};
use crate::model::is_web_address;
use crate::query::{Answer, Note, Row, citation, label, outcome_in_words, sentence};
use inline::{Inline, inline};

/// Why no HTML could be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HtmlError {
    /// The picture is no SVG.
    #[error("the picture cannot be read as SVG: {reason}")]
    Unreadable {
        /// What the reader of XML says.
        reason: String,
    },
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Writes a page with a written SVG of an answer.
///
/// Each entry of the picture can be reached with the Tab key, in the order in which it is written. What the claims
/// behind it say is shown when it has the focus or the pointer, by CSS alone; the same stands in the table below, which
/// holds the facts of the answer in its order, those that are not drawn too. The page asks browsers to load nothing.
///
/// # Errors
///
/// [`HtmlError`]: the picture is no SVG, or writing fails.
pub fn html(answer: &Answer, svg: &[u8], out: &mut dyn io::Write) -> Result<(), HtmlError> {
    let text = str::from_utf8(svg).map_err(|it| HtmlError::Unreadable { reason: it.to_string() })?;
    let picture = inline(text).map_err(|reason| HtmlError::Unreadable { reason })?;
    let title = markup(&picture.title);
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>", markup(&picture.language))?;
    out.write_all(b"<meta charset=\"utf-8\">\n")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")?;
    out.write_all(b"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")?;
    out.write_all(b"<meta name=\"color-scheme\" content=\"light dark\">\n")?;
    writeln!(out, "<title>{title}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n<main>", STYLE, shown(&picture))?;
    writeln!(out, "<figure class=\"purvey-picture\">\n{}\n</figure>", picture.svg)?;
    notes(answer, &picture, out)?;
    table(answer, &picture, out)?;
    sources(answer, out)?;
    out.write_all(b"</main>\n</body>\n</html>\n")?;
    Ok(())
}

/// Styles and letters of the page itself, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'";

/// Names begin with `purvey-` because the rules of the picture hold for the whole page.
const STYLE: &str = "\
:root{color-scheme:light dark}
body{margin:0;font:16px/1.45 system-ui,sans-serif;background:#fff;color:#1b1b1b}
main{max-width:76rem;margin:0 auto;padding:1rem}
.purvey-picture{margin:0;overflow-x:auto}
.purvey-picture svg{display:block}
.purvey-picture [data-tip]:focus{outline:3px solid #1a5fb4;outline-offset:2px}
.purvey-notes{position:sticky;bottom:0}
.purvey-notes>div{display:none;background:#fff;border:1px solid #1b1b1b;border-radius:4px;padding:.5rem .75rem;margin:.5rem 0}
.purvey-notes p,.purvey-table p{margin:.25rem 0}
.purvey-table{overflow-x:auto}
.purvey-table table{border-collapse:collapse;font-size:.9rem}
.purvey-table caption{text-align:left;font-weight:700;padding:.5rem 0}
.purvey-table th,.purvey-table td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}
a{color:#0b57a4}
@media (prefers-color-scheme:dark){
body{background:#16181b;color:#ececec}
.purvey-notes>div{background:#16181b;border-color:#ececec}
.purvey-picture [data-tip]:focus{outline-color:#8ab4f8}
a{color:#8ab4f8}
}
@media print{.purvey-notes{display:none}}
";

/// The rules that show a note while its entry has the pointer or the focus. Numbers stand in for ids, which might hold
/// signs that CSS knows.
fn shown(picture: &Inline) -> String {
    let rule = |tip: usize| {
        format!(
            "main:has([data-tip=\"{tip}\"]:hover) #purvey-note-{tip},main:has([data-tip=\"{tip}\"]:focus) #purvey-note-{tip}{{display:block}}\n"
        )
    };
    (1..=picture.entries.len()).map(rule).collect()
}

fn notes(answer: &Answer, picture: &Inline, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(b"<div class=\"purvey-notes\">\n")?;
    for (facts, tip) in picture.entries.iter().zip(1_usize..) {
        let told: String =
            answer.rows.iter().filter(|it| facts.contains(&it.fact)).map(|it| claims(answer, it)).collect();
        writeln!(out, "<div id=\"purvey-note-{tip}\">{told}</div>")?;
    }
    out.write_all(b"</div>\n")
}

/// What the claims of a row say, a paragraph each, with the number of the source as a link.
fn claims(answer: &Answer, row: &Row) -> String {
    let mut paragraphs: Vec<String> = row
        .current_claims()
        .map(|claim| {
            let link = format!("<a href=\"#purvey-source-{0}\">[{0}]</a>", claim.note);
            format!("<p>{}. {link}</p>", markup(&sentence(answer, row, claim)))
        })
        .collect();
    if paragraphs.is_empty() {
        paragraphs.push("<p>No claim counts any more.</p>".to_owned());
    }
    paragraphs.concat()
}

fn table(answer: &Answer, picture: &Inline, out: &mut dyn io::Write) -> io::Result<()> {
    if answer.rows.is_empty() {
        return Ok(());
    }
    let drawn: BTreeSet<&str> = picture.entries.iter().flatten().map(String::as_str).collect();
    out.write_all(
        b"<div class=\"purvey-table\" role=\"region\" aria-label=\"The facts as a table\" tabindex=\"0\">\n<table>\n",
    )?;
    out.write_all(b"<caption>The facts as a table</caption>\n<thead><tr>")?;
    for head in ["From", "What", "To", "When", "Support", "Who says so"] {
        write!(out, "<th scope=\"col\">{head}</th>")?;
    }
    out.write_all(b"</tr></thead>\n<tbody>\n")?;
    for row in &answer.rows {
        let name = |it: &Option<crate::query::Ref>| it.as_ref().map_or("–".to_owned(), |it| markup(&it.name));
        let mut what = label(answer, row);
        if !drawn.contains(row.fact.as_str()) {
            what.push_str(" (not drawn)");
        }
        if let Some(outcome) = outcome_in_words(row.outcome).filter(|it| !what.contains(it)) {
            what = format!("{what} ({outcome})");
        }
        writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            name(&row.from),
            markup(&what),
            name(&row.to),
            markup(&words::line(answer, row, None).periods.join(", ").replace(INFERRED, " (inferred)")),
            markup(&row.support_in_words()),
            claims(answer, row),
        )?;
    }
    out.write_all(b"</tbody>\n</table>\n</div>\n")
}

fn sources(answer: &Answer, out: &mut dyn io::Write) -> io::Result<()> {
    if answer.notes.is_empty() {
        return Ok(());
    }
    out.write_all(b"<h2>Sources</h2>\n<ul>\n")?;
    for note in &answer.notes {
        writeln!(
            out,
            "<li id=\"purvey-source-{0}\">[{0}] {1}{2}</li>",
            note.number,
            markup(&citation(note)),
            link(note)
        )?;
    }
    out.write_all(b"</ul>\n")
}

/// The address of a document, as a link if it is one of the web.
fn link(note: &Note) -> String {
    match &note.address {
        Some(it) if is_web_address(it) => format!(", <a href=\"{0}\" rel=\"noreferrer\">{0}</a>", markup(it)),
        Some(it) => format!(", {}", markup(it)),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
