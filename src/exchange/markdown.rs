//! An answer as Markdown to paste into copy: attributed sentences with note numbers, and the numbered sources.

mod rules;

use std::io::{self, Write};

use super::Context;
use crate::model::{Certainty, is_hidden, is_web_address};
use crate::query::{
    Answer, Chain, NO_DATE, Note, PeriodValue, Ranked, Row, Standing, Support, capital, citation, sentence,
    total_in_words,
};

/// Writes an answer as Markdown: one paragraph a fact, one sentence a claim, the sources below.
///
/// Sentences are those of [`sentence`](crate::query::sentence), so none is more certain than its claim. Claims that read
/// the same and differ only by their document are one sentence with several note numbers. A path has a heading a chain
/// and its steps below. Everything that comes from the data goes through [`escape_markdown`].
///
/// # Errors
///
/// Those of `out`.
///
/// # Example
///
/// ```
/// use purvey::exchange::{Context, write_markdown};
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let answer = answer(&KnowledgeGraph::new(&dataset), &Question::Show { name: "a10".to_owned() })?;
/// let mut out = Vec::new();
/// write_markdown(&answer, &Context::default(), &mut out)?;
/// let text = String::from_utf8_lossy(&out);
/// assert!(text.starts_with("North Korea supplied as many as 9,000,000 rounds of artillery"));
/// assert!(text.contains("an unnamed participating state of the Multilateral Sanctions Monitoring Team said.[1]"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_markdown(answer: &Answer, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out, begun: false, inferred: false };
    for finding in &answer.findings {
        let help = finding.help.as_ref().map_or(String::new(), |it| format!(" ({it})"));
        page.block(&escape_markdown(&format!("No answer: {}{help}.", finding.message)))?;
    }
    if answer.is_empty() && answer.findings.is_empty() {
        page.block("Nothing was found.")?;
    }
    if let Some(verdict) = &answer.verdict {
        page.block(&escape_markdown(&verdict.text))?;
    }
    if let Some(subject) = &answer.subject {
        page.block(&format!("## {}", escape_markdown(&subject.entity.name)))?;
    }
    match (&answer.chains, &answer.support) {
        (_, Some(support)) => write_support(answer, support, &mut page)?,
        (Some(chains), None) => write_chains(answer, chains, &mut page)?,
        (None, None) if answer.timeline => write_timeline(answer, &answer.rows, &mut page)?,
        (None, None) => {
            if let Some(ranking) = &answer.ranking {
                let lines: Vec<String> = ranking.ranked.iter().map(|it| ranked(answer, ranking.by, it)).collect();
                page.block(&lines.join("\n"))?;
            }
            answer.rows.iter().try_for_each(|row| page.block(&paragraph(answer, row)))?;
        }
    }
    for text in rules::blocks(answer) {
        page.block(&text)?;
    }
    if let Some(subject) = answer.subject.as_ref().filter(|_| !answer.claimed.is_empty()) {
        page.block(&format!("### What {} says", escape_markdown(&subject.entity.prose)))?;
        if answer.timeline {
            write_timeline(answer, &answer.claimed, &mut page)?;
        } else {
            answer.claimed.iter().try_for_each(|row| page.block(&paragraph(answer, row)))?;
        }
    }
    if let Some(entries) = answer.entries.as_ref().filter(|it| !it.is_empty()) {
        let lines = entries.iter().map(|it| {
            let detail = if it.detail.is_empty() { String::new() } else { format!(" – {}", it.detail) };
            format!("- {} ({}, {}){}", escape_markdown(&it.name), it.sort, it.id, escape_markdown(&detail))
        });
        page.block(&lines.collect::<Vec<_>>().join("\n"))?;
    }
    if let Some(counts) = &answer.counts {
        let lines = counts.iter().map(|(name, count)| format!("- {}: {count}", escape_markdown(name)));
        page.block(&lines.collect::<Vec<_>>().join("\n"))?;
    }
    if !answer.notes.is_empty() {
        page.block("Sources:")?;
        answer.notes.iter().try_for_each(|note| page.block(&source(note)))?;
    }
    if page.inferred {
        page.block("*“(inferred)” marks what was worked out when the fact was recorded; the source does not say it.*")?;
    }
    for remark in &answer.remarks {
        page.block(&format!("*{}.*", escape_markdown(remark)))?;
    }
    if let Some(data) = &context.data {
        page.block(&format!("*Data: {}.*", escape_markdown(data)))?;
    }
    Ok(())
}

/// A place of a ranking. Who stands equal has the same number, which a numbered list would not show.
fn ranked(answer: &Answer, by: &str, it: &Ranked) -> String {
    let names: Vec<&str> =
        [&it.from, &it.what, &it.to, &it.entity].into_iter().flatten().map(|it| it.name.as_str()).collect();
    let facts = if it.facts == 1 { "1 fact".to_owned() } else { format!("{} facts", it.facts) };
    let score = it.score.map(|it| format!("{by} {it}"));
    let more = it.total.as_ref().map(|it| total_in_words(answer, it)).or(score);
    let more = more.map_or(String::new(), |it| format!(", {it}"));
    format!("- {}: {} ({facts}{})", it.rank, escape_markdown(&names.join(" → ")), escape_markdown(&more))
}

/// Text as Markdown that shows just that text: no element, link, image, emphasis, list, table or formula comes of it, and
/// it stays in its line.
///
/// Prose stays readable: full stops, brackets and hyphens within a line are left alone.
///
/// ```
/// use purvey::exchange::escape_markdown;
///
/// assert_eq!(escape_markdown("U.S. (2024)"), "U.S. (2024)");
/// assert_eq!(escape_markdown("<b>*x*</b>\n# y"), r"\<b\>\*x\*\</b\> # y");
/// assert_eq!(escape_markdown("1. [a](http://b)"), r"1\. \[a\](http\://b)");
/// ```
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(8));
    // Up to here the text could still be the number of a list: "12."
    let mut leading_digits = false;
    let mut rest = text.trim().chars();
    while let Some(c) = rest.next() {
        let after = rest.as_str();
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        if is_hidden(c) {
            out.push_str("\\\\");
            out.extend(c.escape_unicode().skip(1));
            leading_digits = false;
            continue;
        }
        let active = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '$' | '^' | '{' | '}' => true,
            '&' => after.starts_with(|next: char| next == '#' || next.is_ascii_alphanumeric()),
            // GitHub makes links of bare addresses.
            ':' => after.starts_with("//"),
            ')' => leading_digits,
            '.' => leading_digits || out.to_ascii_lowercase().ends_with("www"),
            '@' => after.starts_with(|next: char| next.is_alphanumeric()),
            '#' | '+' | '-' | '=' => out.is_empty(),
            _ => false,
        };
        if active {
            out.push('\\');
        }
        out.push(c);
        leading_digits = c.is_ascii_digit() && (leading_digits || out.len() == 1);
    }
    out
}

/// Blocks with an empty line between them.
struct Page<'o> {
    out: &'o mut dyn Write,
    begun: bool,
    /// Whether a block says of something that it is inferred.
    inferred: bool,
}

impl Page<'_> {
    fn block(&mut self, text: &str) -> io::Result<()> {
        if self.begun {
            self.out.write_all(b"\n")?;
        }
        self.begun = true;
        self.inferred |= text.contains("(inferred)");
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"\n")
    }
}

fn write_support(answer: &Answer, support: &Support, page: &mut Page<'_>) -> io::Result<()> {
    let paragraphs = |ids: &[String], page: &mut Page<'_>| {
        let rows = answer.rows.iter().filter(|row| ids.contains(&row.fact));
        rows.map(|row| paragraph(answer, row)).try_for_each(|it| page.block(&it))
    };
    paragraphs(&support.about, page)?;
    page.block(&rules::support(support))?;
    if !support.left.is_empty() {
        page.block("### Left then")?;
    }
    paragraphs(&support.left, page)
}

fn write_chains(answer: &Answer, chains: &[Chain], page: &mut Page<'_>) -> io::Result<()> {
    for chain in chains {
        page.block(&format!("## {}", escape_markdown(&chain.in_words())))?;
        if let Some(time) = &chain.time {
            let window =
                time.window.map_or(String::new(), |it| format!(" The chain lies in this window: {}.", when(it)));
            page.block(&escape_markdown(&format!("In time this is {}.{window}", time.why())))?;
        }
        for (step, number) in chain.steps.iter().zip(1_usize..) {
            let against = if step.reversed { " (against the direction of the facts)" } else { "" };
            let ends = escape_markdown(&format!("{} {} {}", step.from.name, step.arrow(), step.to.name));
            page.block(&format!("### Step {number}: {ends}{against}"))?;
            for row in step.rows.iter().filter_map(|at| answer.rows.get(*at)) {
                page.block(&paragraph(answer, row))?;
            }
        }
    }
    page.block("*Each step stands on claims of its own. That one led to the next is not among them.*")
}

/// One paragraph a fact, its date in front; what has none of its own stands last.
fn write_timeline(answer: &Answer, rows: &[Row], page: &mut Page<'_>) -> io::Result<()> {
    let mut headed = false;
    for row in rows {
        match row.period {
            Some(period) => {
                let lead = escape_markdown(&when(period));
                page.block(&format!("**{lead}:** {}", paragraph(answer, row)))?;
            }
            None => {
                if !headed {
                    page.block(&format!("### {NO_DATE}"))?;
                    headed = true;
                }
                page.block(&paragraph(answer, row))?;
            }
        }
    }
    Ok(())
}

/// A period as it stands alone: "2024 (inferred)".
fn when(value: PeriodValue) -> String {
    let inferred = if value.inferred { " (inferred)" } else { "" };
    format!("{}{inferred}", value.period.to_words())
}

/// One sentence a claim, each with the numbers of its notes.
fn paragraph(answer: &Answer, row: &Row) -> String {
    let mut sentences: Vec<(String, Vec<usize>)> = Vec::new();
    for claim in &row.claims {
        let text = match claim.standing {
            Standing::Current => sentence(answer, row, claim),
            gone => format!("{} (since {})", sentence(answer, row, claim), gone.as_str()),
        };
        match sentences.iter_mut().find(|(it, _)| *it == text) {
            Some((_, notes)) if notes.contains(&claim.note) => {}
            Some((_, notes)) => notes.push(claim.note),
            None => sentences.push((text, vec![claim.note])),
        }
    }
    let mut parts: Vec<String> = sentences
        .iter()
        .map(|(text, notes)| {
            let marks: String = notes.iter().map(|it| format!("[{it}]")).collect();
            format!("{}.{marks}", escape_markdown(text))
        })
        .collect();
    if !row.support_in_words().is_empty() {
        parts.push(format!("({}.)", capital(&row.support_in_words())));
    }
    if row.matched == Some(Certainty::Possible) {
        parts.push("(Possibly outside the period asked for.)".to_owned());
    }
    if row.draft {
        parts.push("(A draft, not for print.)".to_owned());
    }
    parts.join(" ")
}

fn source(note: &Note) -> String {
    let address = note.address.as_ref().map_or(String::new(), |it| format!(", {}", link(it)));
    format!("[{}] {}{address}", note.number, escape_markdown(&citation(note)))
}

/// An address that can be followed, if it is one of the web; anything else is text.
fn link(address: &str) -> String {
    if is_web_address(address) { format!("<{address}>") } else { escape_markdown(address) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_becomes_text_and_prose_stays() {
        for (text, expected) in [
            ("Pantsir-S1 (about 8,000), 50 %!", "Pantsir-S1 (about 8,000), 50 %!"),
            ("At least 1.5 million: no.", "At least 1.5 million: no."),
            ("# a", r"\# a"),
            ("- a", r"\- a"),
            ("12) a", r"12\) a"),
            ("2024. a", r"2024\. a"),
            ("![x](javascript:a)", r"!\[x\](javascript:a)"),
            ("AT&T &lt;", r"AT\&T \&lt;"),
            ("a\r\n\n\tb", "a b"),
            ("www.x.y", r"www\.x.y"),
            ("a\u{202e}b", r"a\\u{202e}b"),
        ] {
            assert_eq!(escape_markdown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn only_an_address_of_the_web_is_a_link() {
        assert_eq!(link("https://upi.com/a_b"), "<https://upi.com/a_b>");
        for text in ["javascript:alert(1)", "https://x/> <b", "https://x/\n# y"] {
            assert!(!link(text).starts_with('<'), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_active_sign_is_left(text in "(?s).{0,30}|[\\\\`*_<>\\[\\]#1.) \n-]{0,12}") {
            let shown = escape_markdown(&text);
            prop_assert!(!shown.contains('\n') && !shown.chars().any(is_hidden));
            let mut chars = shown.chars();
            while let Some(c) = chars.next() {
                match c {
                    '\\' => prop_assert!(chars.next().is_some_and(|it| it.is_ascii_punctuation())),
                    _ => prop_assert!(!"`*_[]<>~|$^".contains(c), "{shown:?}"),
                }
            }
        }
    }
}
