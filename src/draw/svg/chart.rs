//! A timeline as SVG: lines of dates, bars, and the words of each fact.

use super::xml::number;
use super::{HEAD, Writer};
use crate::draw::picture::{Bar, Chart, ChartRow, LegendItem, TimeSign};
use crate::draw::status_style::status_style;
use crate::query::Status;

/// Half the height of what is drawn for a stretch of time.
const HALF: f64 = 4.0;
/// Below the top of a bar its middle.
const MIDDLE: f64 = 7.0;
/// The strokes of ends that are not certain.
const NOT_CERTAIN: &str = "1.5 2.5";

impl Writer {
    /// The lines of the dates.
    pub(super) fn chart_frame(&mut self, chart: &Chart) {
        for tick in &chart.ticks {
            let bands =
                chart.bands.iter().map(|(from, to)| format!("M{} {}V{}", number(tick.x), number(*from), number(*to)));
            let data: String = bands.collect();
            self.xml.empty(
                "path",
                &[
                    ("class", "tick"),
                    ("d", &data),
                    ("fill", "none"),
                    ("stroke", self.colours.quiet),
                    ("stroke-width", "0.6"),
                    ("stroke-dasharray", "1 3"),
                ],
            );
        }
    }

    pub(super) fn chart_bars(&mut self, chart: &Chart) {
        for row in &chart.rows {
            self.row_bars(row);
        }
    }

    pub(super) fn chart_text(&mut self, chart: &Chart) {
        for tick in &chart.ticks {
            self.xml.open("g", &[("class", "date")]);
            self.text(&tick.date, "words", self.colours.quiet);
            self.xml.close("g");
        }
        // Rows with a date stand before the others.
        let (dated, undated): (Vec<&ChartRow>, Vec<&ChartRow>) = chart.rows.iter().partition(|it| !it.bars.is_empty());
        dated.iter().for_each(|it| self.entry(&it.entry));
        if !chart.heading.is_empty() {
            self.xml.open("g", &[("class", "heading")]);
            self.text(&chart.heading, "words", self.colours.text);
            self.xml.close("g");
        }
        undated.iter().for_each(|it| self.entry(&it.entry));
    }

    fn row_bars(&mut self, row: &ChartRow) {
        let style = status_style(row.entry.status);
        for bar in &row.bars {
            let signs: Vec<&str> = bar.signs().map(TimeSign::as_str).collect();
            let class = format!("span {}", signs.join(" "));
            self.xml.open("g", &[("class", &class), ("data-of", &row.entry.fact), ("data-status", style.word)]);
            self.xml.leaf("title", &[], &row.entry.periods.join(", "));
            self.bar(bar, row.entry.status, bar.y + MIDDLE);
            self.xml.close("g");
        }
    }

    fn bar(&mut self, bar: &Bar, status: Option<Status>, y: f64) {
        let style = status_style(status);
        let colour = self.line_colour(status, bar.happened);
        let apart = if bar.happened { "" } else { " apart" };
        let line = format!("line status-{}{apart}", style.word);
        let head = format!("head status-{}{apart}", style.word);
        let fill = if bar.happened { colour } else { self.colours.page };
        let (mut from, mut to) = (bar.from, bar.to);
        for (is_open, at, way) in [(bar.always_was, &mut from, -1.0), (bar.goes_on, &mut to, 1.0)] {
            if is_open {
                let (tip, base) = (*at, *at - way * HEAD);
                let data =
                    format!("M{} {}L{} {}V{}z", number(tip), number(y), number(base), number(y - 4.5), number(y + 4.5));
                self.shape(&head, &data, fill, colour, "1.2", "");
                *at = base;
            }
        }
        match bar.sign {
            TimeSign::Moment => {
                let data = format!("M{} {}l5 5l-5 5l-5 -5z", number(bar.from), number(y - 5.0));
                self.shape(&head, &data, fill, colour, "1.4", "");
            }
            // The bar of what lasted is as thick as words, in the strokes of its status.
            TimeSign::Lasted if bar.happened => {
                let data = format!("M{} {}H{}", number(from), number(y), number(to));
                self.shape(&line, &data, "none", colour, "8", style.dashes);
            }
            TimeSign::Lasted => {
                let data = rect(from, y - HALF, to, y + HALF);
                self.shape(&line, &data, "none", colour, "1.4", "");
            }
            _ => {
                let data = format!("M{} {}H{}", number(from), number(y), number(to));
                self.shape(&line, &data, "none", colour, "1.6", style.dashes);
                for (at, is_end) in [(from, !bar.always_was), (to, !bar.goes_on)] {
                    if is_end {
                        let data = format!("M{} {}V{}", number(at), number(y - HALF), number(y + HALF));
                        self.shape(&line, &data, "none", colour, "1.6", "");
                    }
                }
            }
        }
        for (end, at) in [(bar.before, bar.from), (bar.after, bar.to)] {
            let Some(end) = end else { continue };
            let data = rect(end.min(at), y - HALF, end.max(at), y + HALF);
            self.shape(&line, &data, "none", colour, "1.2", NOT_CERTAIN);
        }
    }

    fn shape(&mut self, class: &str, data: &str, fill: &str, stroke: &str, width: &str, dashes: &str) {
        let mut attributes =
            vec![("class", class), ("d", data), ("fill", fill), ("stroke", stroke), ("stroke-width", width)];
        if !dashes.is_empty() {
            attributes.push(("stroke-dasharray", dashes));
        }
        self.xml.empty("path", &attributes);
    }

    /// A sample of a sign of time.
    pub(super) fn time_sample(&mut self, sign: TimeSign, item: &LegendItem) {
        let (x, width) = (item.sample.x, item.sample.width);
        let y = item.sample.y + item.sample.height / 2.0;
        let (from, to) = (x, x + width);
        let colour = self.colours.quiet;
        let class = "sample time";
        match sign {
            TimeSign::Lasted => {
                self.shape(class, &format!("M{} {}H{}", number(from), number(y), number(to)), "none", colour, "8", "");
            }
            TimeSign::Moment => {
                let data = format!("M{} {}l5 5l-5 5l-5 -5z", number(f64::midpoint(from, to)), number(y - 5.0));
                self.shape("sample time full", &data, colour, colour, "1.4", "");
            }
            TimeSign::Within => {
                let data = format!(
                    "M{0} {1}H{2}M{0} {3}V{4}M{2} {3}V{4}",
                    number(from),
                    number(y),
                    number(to),
                    number(y - HALF),
                    number(y + HALF)
                );
                self.shape(class, &data, "none", colour, "1.6", "");
            }
            TimeSign::NotCertain => {
                self.shape(class, &rect(from, y - HALF, to, y + HALF), "none", colour, "1.2", NOT_CERTAIN);
            }
            TimeSign::GoesOn => {
                let base = to - HEAD;
                let data =
                    format!("M{} {}L{} {}V{}z", number(to), number(y), number(base), number(y - 4.5), number(y + 4.5));
                self.shape(
                    class,
                    &format!("M{} {}H{}", number(from), number(y), number(base)),
                    "none",
                    colour,
                    "1.6",
                    "",
                );
                self.shape("sample time full", &data, colour, colour, "1.2", "");
            }
            TimeSign::NotHappened => {
                let apart = self.colours.apart;
                self.shape("sample apart", &rect(from, y - HALF, to, y + HALF), "none", apart, "1.4", "");
            }
        }
    }
}

fn rect(left: f64, top: f64, right: f64, bottom: f64) -> String {
    format!("M{} {}H{}V{}H{}z", number(left), number(top), number(right), number(bottom), number(left))
}
