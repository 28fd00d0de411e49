//! A finding as text: code, message, file, line, column, the line itself with the place marked, and help.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, renderer::DecorStyle};

use super::{Diagnostic, Severity, SourceFile, SourceMap};
use crate::model::printable;

/// How to print findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Columns of the screen or page.
    pub width: usize,
    /// Whether to colour (ANSI).
    pub colour: bool,
}

/// Longest stretch of a line that is shown on each side of a place, in characters.
const AROUND: usize = 120;

/// One finding as text, with a line break at the end. Control characters of the data are made visible.
///
/// ```
/// use purvey::diagnostic::{Code, Diagnostic, FileId, RenderOptions, SourceFile, SourceMap, Span, render};
///
/// let mut sources = SourceMap::default();
/// let file = sources.push(SourceFile::new("x.ron".to_owned(), "supplier: \"nkorea\"".to_owned()));
/// let finding = Diagnostic {
///     span: Span { file, start: 11, end: 17 },
///     code: Code::UnknownEntity,
///     message: "unknown entity `nkorea`".to_owned(),
///     help: Some("did you mean `north-korea`?".to_owned()),
/// };
/// let text = render(&finding, &sources, RenderOptions { width: 80, colour: false });
/// assert!(text.starts_with("error[K0012]: unknown entity `nkorea`\n --> x.ron:1:12\n"));
/// assert!(text.contains("^^^^^^ did you mean `north-korea`?"));
/// ```
pub fn render(finding: &Diagnostic, sources: &SourceMap, options: RenderOptions) -> String {
    let renderer = if options.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(options.width.max(40)).decor_style(DecorStyle::Ascii);
    let level = match finding.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = printable(&finding.message);
    let title = level.primary_title(&*message).id(finding.code.as_str());
    let help = finding.help.as_deref().map(printable);
    let file = sources.file(finding.span.file);
    let Some(file) = file.filter(|it| it.is_readable()) else {
        let name = file.map_or("", SourceFile::name);
        let mut text = renderer.render(&[title.element(annotate_snippets::Origin::path(printable(name).into_owned()))]);
        if let Some(help) = help {
            text.push_str(&format!("\n  = help: {help}"));
        }
        return text + "\n";
    };
    let excerpt = Excerpt::of(file, finding);
    let (line, column) = file.line_column(finding.span.start);
    let mark = AnnotationKind::Primary.span(excerpt.start..excerpt.end).label(help);
    let name = printable(file.name()).into_owned();
    let snippet = Snippet::source(excerpt.text.as_str()).line_start(line).path(name.as_str()).annotation(mark);
    let text = renderer.render(&[title.element(snippet)]);
    // The excerpt may begin within the line; the place printed is that in the file.
    let shown = format!("--> {name}:{line}:{}", excerpt.column);
    text.replacen(&shown, &format!("--> {name}:{line}:{column}"), 1) + "\n"
}

/// The line of a finding, cut to what can be read, without control characters.
struct Excerpt {
    text: String,
    start: usize,
    end: usize,
    /// Column of the mark in the excerpt, from 1.
    column: usize,
}

impl Excerpt {
    fn of(file: &SourceFile, finding: &Diagnostic) -> Excerpt {
        let text = file.text();
        let start = file.clamp(finding.span.start);
        let end = file.clamp(finding.span.end.max(finding.span.start));
        let head = text.get(file.line_start(start)..start).unwrap_or("");
        // More than is shown of a line is not looked at: it may be the whole of a large file.
        let tail = text.get(start..).unwrap_or("");
        let tail = prefix(tail, 2 * AROUND);
        let tail = tail.get(..tail.find('\n').unwrap_or(tail.len())).unwrap_or("");
        let marked_length = end.saturating_sub(start).min(tail.len());
        let marked = tail.get(..marked_length).unwrap_or("");
        let after = tail.get(marked_length..).unwrap_or("");
        let before = clean(&last(head, AROUND));
        let marked = clean(&first(marked, AROUND));
        let after = clean(first(after, AROUND).trim_end_matches('\r'));
        let column = 1 + before.chars().count();
        Excerpt { start: before.len(), end: before.len() + marked.len(), column, text: before + &marked + &after }
    }
}

/// Tabs as spaces, other control characters visible.
fn clean(text: &str) -> String {
    printable(&text.replace('\t', "    ")).into_owned()
}

fn first(text: &str, most: usize) -> String {
    prefix(text, most).to_owned()
}

/// The first `most` characters.
fn prefix(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or("")
}

fn last(text: &str, most: usize) -> String {
    let from = text.char_indices().rev().nth(most.saturating_sub(1)).map_or(0, |(at, _)| at);
    text.get(from..).unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, FileId, Span};
    use proptest::prelude::*;

    fn show(text: &str, start: u32, end: u32) -> String {
        let mut sources = SourceMap::default();
        sources.push(SourceFile::new("x.ron".to_owned(), text.to_owned()));
        let span = Span { file: FileId(0), start, end };
        let finding =
            Diagnostic { span, code: Code::Syntax, message: "m".to_owned(), help: Some("h\u{1b}[0m".to_owned()) };
        render(&finding, &sources, RenderOptions { width: 100, colour: false })
    }

    #[test]
    fn a_long_line_is_cut_and_its_column_kept() {
        let text = format!("{}X{}", "a".repeat(1 << 20), "b".repeat(1 << 20));
        let shown = show(&text, 1 << 20, (1 << 20) + 1);
        assert!(shown.contains("x.ron:1:1048577"), "{shown}");
        assert!(shown.len() < 1000, "{}", shown.len());
    }

    proptest! {
        #[test]
        fn any_span_of_any_text_is_shown_without_control_characters(
            text in "(?s).{0,40}|[\\r\\n\\ta-c\u{1b}\u{202e}é]{0,40}", start in 0_u32..60, end in 0_u32..60
        ) {
            let shown = show(&text, start, end);
            prop_assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{}", shown);
        }
    }
}
