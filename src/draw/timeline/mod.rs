//! The same facts in the order of their time: a row a fact, what it says above or beside its place in time.
//!
//! What lasted is a bar, what happened at one moment a mark, what happened at some moment a bracket from the earliest to the latest
//! one. Ends that are not certain are dotted; what goes on ends in an arrow. What has no date is listed below.

mod axis;
mod span;

use std::collections::BTreeSet;

use axis::Axis;
use span::{Span, spans};

use super::DrawOptions;
use super::compose::page::{Page, signs};
use super::error::DrawError;
use super::font::{Face, FontSet};
use super::picture::{Bar, Chart, ChartRow, Picture, PlacedEntry, Point, Sign, TextLine, TimeSign};
use super::ruler::{Ruler, Type, height};
use super::scene::{Line, Scene, SceneNode, Shape, Text};
use crate::model::{Aspect, SortKey};
use crate::query::{Answer, NO_DATE, Row, capital};

/// Words of a fact.
const WORDS: Type = Type { px: 12.0, face: Face::Regular, leading: 15.5 };
/// The line above what has no date.
const HEADING: Type = Type { px: 13.0, face: Face::Bold, leading: 18.0 };
/// Dates along the axis.
const DATES: Type = Type { px: 11.0, face: Face::Regular, leading: 14.0 };
/// The mark of a status and the space after it.
const MARK: f64 = 15.0;
/// The height of a bar with the space around.
const BAR: f64 = 14.0;
/// Between two rows.
const BETWEEN: f64 = 9.0;
/// From this width on words stand beside their bars.
const WIDE: f64 = 760.0;

/// Puts the facts of an answer on a page, in the order of their time.
///
/// # Errors
///
/// [`DrawError`] if there is no fact, or if the page is not high enough.
pub(super) fn compose(answer: &Answer, options: &DrawOptions, fonts: &FontSet) -> Result<Picture, DrawError> {
    if answer.rows.is_empty() {
        return Err(DrawError::Empty);
    }
    let rows = in_order(answer);
    let scene = scene(answer, &rows, options).legible(fonts)?;
    let lines: Vec<&Line> = scene
        .nodes
        .iter()
        .flat_map(|it| if let Text::Facts(lines) = &it.text { lines.as_slice() } else { &[] })
        .collect();
    let ruler = Ruler::new(fonts);
    let mut page = Page::new(options.size, &ruler);
    page.head(&scene.title, scene.subtitle.as_deref());
    let dated: Vec<Vec<Span>> = rows.iter().map(|it| spans(it, aspect(answer, it))).collect();
    let width = page.inner_width();
    // Rows are set from zero and moved to their place once it is known.
    let beside = if width >= WIDE { (width * 0.42).min(460.0) } else { 0.0 };
    let axis = Axis::new(dated.iter().flatten(), beside, width);
    let mut chart = Chart { ticks: Vec::new(), rows: Vec::new(), heading: Vec::new(), bands: Vec::new() };
    let mut top = 0.0;
    if let Some(axis) = &axis {
        top += DATES.leading + 6.0;
        chart.ticks = axis.ticks(&ruler, DATES);
    }
    for ((row, spans), line) in rows.iter().zip(&dated).zip(&lines).filter(|((_, spans), _)| !spans.is_empty()) {
        let Some(axis) = &axis else { continue };
        let words_width = if beside > 0.0 { beside - 20.0 } else { width };
        let (entry, words) = entry(line, &ruler, words_width, top);
        let bar_top = if beside > 0.0 { top + (WORDS.leading - BAR) / 2.0 } else { top + words + 1.0 };
        let bars: Vec<Bar> = spans
            .iter()
            .zip(0_u32..)
            .map(|(it, nth)| axis.bar(it, happened(row), bar_top + BAR * f64::from(nth)))
            .collect();
        let bars_height = BAR * f64::from(u32::try_from(bars.len()).unwrap_or(u32::MAX));
        top += if beside > 0.0 { words.max(bars_height) } else { words + 1.0 + bars_height } + BETWEEN;
        if beside == 0.0 {
            chart.bands.push((bar_top, bar_top + bars_height));
        }
        chart.rows.push(ChartRow { entry, bars });
    }
    if beside > 0.0 {
        chart.bands = vec![(0.0, top - BETWEEN / 2.0)];
    }
    let undated: Vec<&&Line> =
        dated.iter().zip(&lines).filter(|(spans, _)| spans.is_empty()).map(|(_, line)| line).collect();
    if !undated.is_empty() {
        let heading = ruler.wrap(NO_DATE, width, HEADING);
        chart.heading = ruler.set(&heading, 0.0, top + 6.0, HEADING);
        top += 6.0 + height(heading.len(), HEADING) + 4.0;
    }
    for line in undated {
        let (entry, words) = entry(line, &ruler, width, top);
        top += words + 4.0;
        chart.rows.push(ChartRow { entry, bars: Vec::new() });
    }
    let body = page.body(width, top, None);
    chart.shift(body.x, body.y);
    page.legend(&all_signs(&scene, &chart));
    page.foot(&scene.small_print);
    let needed = page.height();
    if let Some(height) = options.size.height().filter(|it| needed > f64::from(*it) + 0.5) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a height in px, far below the limit"
        )]
        return Err(DrawError::TooHigh { height, needed: needed.ceil().clamp(0.0, 1e9) as u32 });
    }
    let picture = page.finish(&scene, Vec::new(), Vec::new());
    Ok(Picture { chart: Some(chart), ..picture })
}

/// Rows by time, what has no date last; of equals the order of the answer.
fn in_order(answer: &Answer) -> Vec<&Row> {
    let mut rows: Vec<&Row> = answer.rows.iter().collect();
    let key = |row: &&Row| {
        let own = row.current_claims().filter_map(|it| it.period).map(|it| it.period.sort_key()).min();
        row.period.map(|it| it.period.sort_key()).or(own).unwrap_or(SortKey::NO_PERIOD)
    };
    rows.sort_by_key(key);
    rows
}

fn aspect(answer: &Answer, row: &Row) -> Aspect {
    answer.kinds.get(&row.kind).map_or(Aspect::Event, |it| it.aspect)
}

fn happened(row: &Row) -> bool {
    super::scene::happened(row)
}

/// The facts as a list of their words, each with its ends before it, with the same small print as a network.
fn scene(answer: &Answer, rows: &[&Row], options: &DrawOptions) -> Scene {
    let lines = rows.iter().map(|row| {
        let line = super::scene::words::line(answer, row, options.wording.get(&row.fact));
        let symmetric = answer.kinds.get(&row.kind).is_some_and(|it| it.symmetric);
        let name = |it: &Option<crate::query::Ref>| it.as_ref().map(|it| it.short_name().to_owned());
        let ends = match (name(&row.from), name(&row.to)) {
            (Some(from), Some(to)) if symmetric => format!("{from} and {to}: "),
            (Some(from), Some(to)) => format!("{from} → {to}: "),
            (Some(from), None) => format!("{from}: "),
            (None, Some(to)) => format!("→ {to}: "),
            (None, None) => String::new(),
        };
        let text = if ends.is_empty() { capital(&line.text) } else { format!("{ends}{}", line.text) };
        Line { text, ..line }
    });
    let node = SceneNode {
        id: "timeline".to_owned(),
        entity: None,
        shape: Shape::Plain,
        text: Text::Facts(lines.collect()),
        badge: None,
        focus: false,
        facts: rows.iter().map(|it| it.fact.clone()).collect(),
    };
    // Nobody stands in a box here.
    let options = DrawOptions { together: Vec::new(), ..options.clone() };
    Scene::of_parts(answer, rows, vec![node], Vec::new(), &options)
}

/// The words of a fact in lines, and how high they are.
fn entry(line: &Line, ruler: &Ruler<'_>, width: f64, top: f64) -> (PlacedEntry, f64) {
    let text = format!("{}{}", line.text, line.note_text());
    let wrapped = ruler.wrap(&text, width - MARK, WORDS);
    let mark = Point { x: 0.0, y: top + (WORDS.leading - 10.0) / 2.0 };
    let entry = PlacedEntry::new(line, mark, ruler.set(&wrapped, MARK, top, WORDS));
    (entry, height(wrapped.len(), WORDS))
}

/// What signs are used.
fn all_signs(scene: &Scene, chart: &Chart) -> Vec<Sign> {
    let of_time: BTreeSet<TimeSign> = chart.rows.iter().flat_map(|it| &it.bars).flat_map(Bar::signs).collect();
    signs(scene).into_iter().chain(of_time.into_iter().map(Sign::Time)).collect()
}

impl Chart {
    /// Moves it.
    fn shift(&mut self, x: f64, y: f64) {
        let text = |lines: &mut Vec<TextLine>| {
            for line in lines {
                line.x += x;
                line.y += y;
            }
        };
        for (from, to) in &mut self.bands {
            *from += y;
            *to += y;
        }
        text(&mut self.heading);
        for tick in &mut self.ticks {
            tick.x += x;
            text(&mut tick.date);
        }
        for row in &mut self.rows {
            row.entry.mark.x += x;
            row.entry.mark.y += y;
            text(&mut row.entry.lines);
            for bar in &mut row.bars {
                bar.shift(x, y);
            }
        }
    }
}

impl Bar {
    fn shift(&mut self, x: f64, y: f64) {
        self.y += y;
        self.from += x;
        self.to += x;
        for end in [&mut self.before, &mut self.after].into_iter().flatten() {
            *end += x;
        }
    }
}

#[cfg(test)]
mod tests;
