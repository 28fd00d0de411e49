//! What an export wrote, and what it left out.

/// Examples that are kept of what is left out.
const EXAMPLES: usize = 3;

/// What was written and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many of what, in order: "nodes", 143.
    pub written: Vec<(&'static str, u64)>,
    /// What was left out of it or changed.
    pub left_out: Vec<LeftOut>,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What, and where it is to be had: "facts that lack an end".
    pub what: &'static str,
    /// How many; 0: the format has no place for any.
    pub count: u64,
    /// Ids of the first of them.
    pub examples: Vec<String>,
}

impl Report {
    /// Counts something that was written.
    pub fn wrote(&mut self, what: &'static str, count: u64) {
        match self.written.iter_mut().find(|(it, _)| *it == what) {
            Some((_, sum)) => *sum += count,
            None => self.written.push((what, count)),
        }
    }

    /// Counts something that was left out.
    pub fn leave_out(&mut self, what: &'static str, example: &str) {
        let entry = match self.left_out.iter_mut().position(|it| it.what == what) {
            Some(at) => self.left_out.get_mut(at),
            None => {
                self.left_out.push(LeftOut { what, count: 0, examples: Vec::new() });
                self.left_out.last_mut()
            }
        };
        if let Some(entry) = entry {
            entry.count += 1;
            if entry.examples.len() < EXAMPLES {
                entry.examples.push(example.to_owned());
            }
        }
    }

    /// Tells what the format has no place for, however much of it there is.
    pub fn never(&mut self, what: &'static str) {
        self.left_out.push(LeftOut { what, count: 0, examples: Vec::new() });
    }

    /// The report in lines: what was written, then a line for each thing left out.
    ///
    /// ```
    /// let mut report = purvey::export::Report::default();
    /// report.wrote("edges", 2);
    /// report.leave_out("facts that lack an end", "b1");
    /// report.never("places in documents");
    /// assert_eq!(report.lines(), ["written: edges 2", "left out: 1: facts that lack an end (b1)", "left out: places in documents"]);
    /// ```
    pub fn lines(&self) -> Vec<String> {
        let written: Vec<String> = self.written.iter().map(|(what, count)| format!("{what} {count}")).collect();
        let mut lines = vec![format!("written: {}", written.join(", "))];
        for it in &self.left_out {
            lines.push(match it.count {
                0 => format!("left out: {}", it.what),
                count => {
                    let more = if count > it.examples.len() as u64 { " …" } else { "" };
                    format!("left out: {count}: {} ({}{more})", it.what, it.examples.join(", "))
                }
            });
        }
        lines
    }
}

/// Writes a report as JSON: what was written, by name, and what was left out, each with a number (none: the format has no place
/// for any) and the first examples.
///
/// # Errors
///
/// Those of `out`.
pub fn write_report_json(report: &Report, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let written: serde_json::Map<_, _> =
        report.written.iter().map(|(what, count)| ((*what).to_owned(), (*count).into())).collect();
    let left_out: Vec<_> = report
        .left_out
        .iter()
        .map(|it| {
            let count = (it.count > 0).then_some(it.count);
            serde_json::json!({"what": it.what, "count": count, "examples": it.examples})
        })
        .collect();
    let document = serde_json::json!({"written": written, "left_out": left_out});
    writeln!(out, "{document:#}")
}
