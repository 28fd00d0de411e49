//! Records of a table one by one: fields with their quotes resolved, the line where each begins, and what to do where a quote
//! is never closed.

use std::io::{self, BufRead, Write};

use csv_core::ReadRecordResult;

/// So many bytes of a file are read again after quotes that are never closed. Beyond, each line stands for itself, so that a file
/// full of them costs no more than its length.
const AGAIN: usize = 32 << 20;

/// Reads records.
pub(super) struct TableReader {
    input: Box<dyn BufRead + Send>,
    core: csv_core::Reader,
    /// What is read again before the input goes on.
    again: Vec<u8>,
    again_at: usize,
    /// Bytes that were read again so far.
    again_count: usize,
    /// Whether quotes in what is read again end with their line.
    by_line: bool,
    /// The rest of a line that is too long, still to be passed over.
    cut: bool,
    /// The bytes of the record, its end too.
    raw: Vec<u8>,
    fields: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    /// Lines that were read before the record.
    lines: u64,
    line: u64,
    max: usize,
    delimiter: u8,
    /// The input ends within a quoted field of the record, or one of several lines has text behind its quotes: then a quote of
    /// a later row closed it.
    unclosed: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Record,
    /// A record that is longer than allowed; what follows its first line is read again.
    TooLong,
    End,
}

impl TableReader {
    /// `lines` of the input were read before.
    pub(super) fn new(input: Box<dyn BufRead + Send>, delimiter: u8, lines: u64, max: usize) -> TableReader {
        TableReader {
            input,
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            again: Vec::new(),
            again_at: 0,
            again_count: 0,
            by_line: false,
            cut: false,
            raw: Vec::new(),
            fields: vec![0; 1 << 12],
            ends: vec![0; 64],
            count: 0,
            lines,
            line: lines + 1,
            max,
            delimiter,
            unclosed: false,
        }
    }

    /// Whether the input ends before a quote of the record is closed.
    pub(super) fn is_unclosed(&self) -> bool {
        self.unclosed
    }

    /// What stands between fields.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The line where the record begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Number of its fields.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// A field; nothing beyond the last.
    pub(super) fn field(&self, at: usize) -> &[u8] {
        if at >= self.count {
            return &[];
        }
        let start = at.checked_sub(1).and_then(|it| self.ends.get(it)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.fields.get(start..*end)).unwrap_or_default()
    }

    /// The record as it stands in the file.
    pub(super) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The last line of the record, if it is not its first.
    pub(super) fn last_line(&self) -> Option<u64> {
        let body = self.raw.trim_ascii();
        let more = memchr::memchr_iter(b'\n', body).count() as u64;
        (more > 0).then_some(self.line + more)
    }

    /// Reads all lines of the record but the first again, each as one that begins a record.
    pub(super) fn split(&mut self) {
        let start = self.raw.len() - without_line_ends(&self.raw).len();
        let first = memchr::memchr(b'\n', self.raw.get(start..).unwrap_or_default())
            .map_or(self.raw.len(), |it| start + it + 1);
        let mut again = self.raw.split_off(first.min(self.raw.len()));
        again.extend_from_slice(self.again.get(self.again_at..).unwrap_or_default());
        self.again_count = self.again_count.saturating_add(again.len());
        self.by_line = self.is_exhausted();
        (self.again, self.again_at) = (again, 0);
        self.lines = self.line;
        self.core.reset();
    }

    /// Whether so much was read again that quotes in it end with their line from now on.
    pub(super) fn is_exhausted(&self) -> bool {
        self.again_count > AGAIN
    }

    /// Reads the next record.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        if self.cut {
            self.skip_line(&mut io::sink())?;
        }
        self.raw.clear();
        self.count = 0;
        let mut written = 0;
        // Where the line of the record ends, if its quotes end there too.
        let line_end = match self.again.get(self.again_at..) {
            Some(again) if self.by_line => {
                let start = again.len() - without_line_ends(again).len();
                let end = again.get(start..).and_then(|it| memchr::memchr(b'\n', it));
                end.map(|it| self.again_at + start + it + 1)
            }
            _ => None,
        };
        loop {
            let chunk = match self.again.get(self.again_at..line_end.unwrap_or(self.again.len())) {
                Some(again) if !again.is_empty() || line_end.is_some() => again,
                _ => self.input.fill_buf()?,
            };
            let is_again = self.again_at < self.again.len() || line_end.is_some();
            let at_end = chunk.is_empty();
            let (result, read, fields, ends) = self.core.read_record(
                chunk,
                self.fields.get_mut(written..).unwrap_or_default(),
                self.ends.get_mut(self.count..).unwrap_or_default(),
            );
            self.raw.extend_from_slice(chunk.get(..read).unwrap_or_default());
            if is_again {
                self.again_at += read;
                if self.again_at == self.again.len() && line_end.is_none() {
                    self.again.clear();
                    self.again_at = 0;
                }
            } else {
                self.input.consume(read);
            }
            written += fields;
            self.count += ends;
            match result {
                ReadRecordResult::Record => {
                    self.note_lines();
                    if self.raw.len() > self.max {
                        self.split();
                        return Ok(Next::TooLong);
                    }
                    // Quotes within quotes come in pairs.
                    self.unclosed = (at_end && memchr::memchr_iter(b'"', &self.raw).count() % 2 == 1)
                        || (self.lines > self.line && closes_within(&self.raw, self.delimiter));
                    if at_end && line_end.is_some() {
                        // The end of the line was shown to it as that of the input.
                        self.core.reset();
                    }
                    return Ok(Next::Record);
                }
                ReadRecordResult::End => return Ok(Next::End),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            }
            if self.raw.len() > self.max {
                self.note_lines();
                let whole = self.last_line().is_some() || self.raw.ends_with(b"\n");
                self.split();
                self.cut = !whole;
                return Ok(Next::TooLong);
            }
        }
    }

    /// Passes over the rest of a line that is too long, and hands it on.
    pub(super) fn skip_line(&mut self, rest: &mut dyn Write) -> io::Result<()> {
        if !std::mem::take(&mut self.cut) {
            return Ok(());
        }
        self.again.drain(..self.again_at);
        self.again_at = 0;
        if let Some(at) = memchr::memchr(b'\n', &self.again) {
            self.again_at = at + 1;
            return rest.write_all(self.again.get(..=at).unwrap_or_default());
        }
        rest.write_all(&self.again)?;
        self.again.clear();
        loop {
            let chunk = self.input.fill_buf()?;
            let (used, done) = match memchr::memchr(b'\n', chunk) {
                Some(at) => (at + 1, true),
                None => (chunk.len(), chunk.is_empty()),
            };
            rest.write_all(chunk.get(..used).unwrap_or_default())?;
            self.input.consume(used);
            if used == 0 {
                rest.write_all(b"\n")?;
            }
            if done {
                return Ok(());
            }
        }
    }

    fn note_lines(&mut self) {
        let blank = self.raw.iter().take_while(|it| matches!(it, b'\n' | b'\r')).filter(|it| **it == b'\n').count();
        self.line = self.lines + blank as u64 + 1;
        self.lines += memchr::memchr_iter(b'\n', &self.raw).count() as u64;
    }
}

/// Whether a quoted field of a record goes on behind its quotes.
fn closes_within(raw: &[u8], delimiter: u8) -> bool {
    let mut rest = without_line_ends(raw).iter().copied().peekable();
    let (mut quoted, mut begins) = (false, true);
    while let Some(byte) = rest.next() {
        match byte {
            b'"' if quoted => match rest.peek() {
                Some(b'"') => {
                    rest.next();
                }
                Some(next) if *next != delimiter && !matches!(next, b'\r' | b'\n') => return true,
                _ => quoted = false,
            },
            b'"' if begins => (quoted, begins) = (true, false),
            _ => begins = !quoted && byte == delimiter,
        }
    }
    false
}

/// Bytes without the ends of empty lines before them. Blanks stay: they may be fields.
pub(super) fn without_line_ends(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|it| !matches!(it, b'\n' | b'\r')).unwrap_or(bytes.len());
    bytes.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, max: usize) -> Vec<(u64, Vec<String>)> {
        let mut reader = TableReader::new(Box::new(io::Cursor::new(text.as_bytes().to_vec())), b',', 0, max);
        let mut found = Vec::new();
        loop {
            match reader.next().unwrap() {
                Next::End => return found,
                Next::TooLong => found.push((reader.line(), vec!["too long".to_owned()])),
                Next::Record => {
                    let field = |at| String::from_utf8_lossy(reader.field(at)).into_owned();
                    found.push((reader.line(), (0..reader.len()).map(field).collect()));
                    if (reader.len() != 2 || reader.is_unclosed()) && reader.last_line().is_some() {
                        reader.split();
                    }
                }
            }
        }
    }

    #[test]
    fn records_know_their_lines() {
        let found = all("a,b\n\n\"1\n2\",\"x \"\"y\"\"\"\r\nc,5\" gun\n", 100);
        let words: Vec<(u64, Vec<&str>)> =
            found.iter().map(|(line, it)| (*line, it.iter().map(String::as_str).collect())).collect();
        assert_eq!(words, [(1, vec!["a", "b"]), (3, vec!["1\n2", "x \"y\""]), (5, vec!["c", "5\" gun"])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_line() {
        let found = all("a,b\nc,\"d\ne,f\ng,h\ni,\"j\"\nk,l\n", 1000);
        let lines: Vec<u64> = found.iter().map(|it| it.0).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6]);
        assert_eq!(found[2].1, ["e", "f"]);
        assert_eq!(found[4].1, ["i", "j"]);
    }

    #[test]
    fn a_file_full_of_quotes_that_are_never_closed_is_read_in_time_of_its_length() {
        let rows: String = (0..12_000).map(|it| format!("name {it}\",\"other name {it}\n")).collect();
        let mut reader = TableReader::new(Box::new(io::Cursor::new(rows + "\"x, y\",z\n")), b',', 0, 1 << 24);
        let (mut count, mut last) = (0, Vec::new());
        while reader.next().unwrap() != Next::End {
            count += 1;
            assert_eq!(reader.line(), count);
            last = reader.field(0).to_vec();
            if reader.last_line().is_some() {
                reader.split();
            }
        }
        assert!(reader.is_exhausted() && reader.again_count < 2 * AGAIN, "{}", reader.again_count);
        assert_eq!((count, last.as_slice()), (12_001, &b"x, y"[..]));
    }

    #[test]
    fn a_blank_first_field_between_tabs_stays() {
        assert_eq!(without_line_ends(b"\r\n\ta\tb"), b"\ta\tb");
    }

    #[test]
    fn a_record_beyond_the_limit_costs_its_first_line() {
        let found = all(&format!("a,b\nc,\"{}\ne,f\n", "x".repeat(50)), 20);
        assert_eq!(found[1], (2, vec!["too long".to_owned()]));
    }
}
