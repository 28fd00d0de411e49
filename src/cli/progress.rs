//! How far a long run is: a bar on standard error, if that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that is gone when it is dropped; without a terminal there is none.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// None is shown if `quiet`.
    pub(crate) fn new(quiet: bool) -> Progress {
        let is_shown = !quiet && io::stderr().is_terminal();
        Progress { bar: is_shown.then(|| ProgressBar::new(0)) }
    }

    /// Whether anybody sees it.
    pub(crate) fn is_shown(&self) -> bool {
        self.bar.is_some()
    }

    /// So many bytes of so many are read.
    pub(crate) fn read(&self, done: u64, total: u64) {
        let Some(bar) = &self.bar else { return };
        if bar.length() != Some(total) {
            set_style(bar, "{bar:40} {bytes} of {total_bytes}, {eta} left");
            bar.set_length(total);
        }
        bar.set_position(done.min(total));
    }

    /// Something is being done of which nobody can tell how long it takes.
    pub(crate) fn doing(&self, what: &'static str) {
        let Some(bar) = &self.bar else { return };
        set_style(bar, "{spinner} {msg}, {elapsed}");
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// Takes the bar away, before anything is said.
    pub(crate) fn clear(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }

    /// Shows how much is written to a file.
    pub(crate) fn writing<'p>(&'p self, out: &'p mut dyn Write) -> Written<'p> {
        Written { out, progress: self, bytes: 0 }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn set_style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}

/// Counts what is written.
pub(crate) struct Written<'p> {
    out: &'p mut dyn Write,
    progress: &'p Progress,
    /// Bytes so far.
    pub(crate) bytes: u64,
}

impl Write for Written<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        if let Some(bar) = &self.progress.bar {
            if self.bytes == 0 {
                set_style(bar, "{spinner} writing, {bytes}, {elapsed}");
                bar.set_position(0);
            }
            bar.inc(count as u64);
        }
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
