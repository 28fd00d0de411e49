//! Bytes to text: UTF-8 with or without a mark, UTF-16 with one, lines of windows-1252, and control characters that no text has.

use super::super::findings::{ImportCode, ImportFindings};

/// What had to be put right while bytes were read as text: how often, and in which line first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Damage {
    windows: Option<(u64, u64)>,
    controls: Option<(u64, u64)>,
}

impl Damage {
    /// Tells it, once for a file.
    pub(super) fn report(&self, findings: &mut ImportFindings) {
        let mut told = |of: Option<(u64, u64)>, what: &str, help: Option<&str>| {
            if let Some((line, count)) = of {
                let message = format!("{count} {what}");
                findings.at(Some(line)).report(ImportCode::Encoding, message, help.map(str::to_owned));
            }
        };
        told(
            self.windows,
            "of its lines are not UTF-8 and are read as windows-1252; this is the first",
            Some("save the file as UTF-8 if letters look wrong"),
        );
        told(self.controls, "control characters, which no text has, are left out; this is the first", None);
    }
}

fn count(of: &mut Option<(u64, u64)>, line: u64) {
    let (_, count) = of.get_or_insert((line, 0));
    *count = count.saturating_add(1);
}

/// The text of a file or of a part of it that begins in line `first`. All ends of lines become `\n`.
///
/// Each line is read by itself, since files pasted together hold lines of both encodings.
pub(super) fn decode(bytes: &[u8], first: u64, damage: &mut Damage) -> String {
    if let Some(text) = utf_16(bytes) {
        return clean(&text, first, damage);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return clean(text, first, damage);
    }
    let mut text = String::with_capacity(bytes.len());
    let mut line = first;
    for part in bytes.split_inclusive(|byte| *byte == b'\n') {
        match std::str::from_utf8(part) {
            Ok(part) => text.push_str(part),
            Err(_) => {
                count(&mut damage.windows, line);
                // A byte without a meaning becomes a control character, which is left out and told below.
                text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(part).0);
            }
        }
        line = line.saturating_add(1);
    }
    clean(&text, first, damage)
}

fn utf_16(bytes: &[u8]) -> Option<String> {
    let (rest, join): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return None,
    };
    let (pairs, _) = rest.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| join(*pair)).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Without control characters but tabs and ends of lines, and with one kind of these. The byte 0x1a at the end is an old way
/// to say that a file ends, and no damage.
fn clean(text: &str, first: u64, damage: &mut Damage) -> String {
    let text = text.trim_end_matches('\u{1a}');
    let stray = |c: char| c == '\r' || (c.is_control() && c != '\n' && c != '\t') || c == '\u{feff}';
    if !text.contains(stray) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut line = first;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                    line = line.saturating_add(1);
                }
            }
            '\n' => {
                out.push('\n');
                line = line.saturating_add(1);
            }
            c if stray(c) => count(&mut damage.controls, line),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, Damage) {
        let mut damage = Damage::default();
        (decode(bytes, 1, &mut damage), damage)
    }

    #[test]
    fn each_line_has_its_encoding() {
        let (text, damage) = decoded(b"\xef\xbb\xbfT\xc3\xbcrkiye\r\nC\xf4te d\x92Ivoire\n\x81");
        assert_eq!(text, "Türkiye\nCôte d’Ivoire\n");
        assert_eq!(damage, Damage { windows: Some((2, 2)), controls: Some((3, 1)) });
    }

    #[test]
    fn control_characters_go_and_lines_keep_their_numbers() {
        let (text, damage) = decoded(b"a\x0bb\rc\x00\n\td\x1a");
        assert_eq!(text, "ab\nc\n\td");
        assert_eq!(damage.controls, Some((1, 2)));
        assert_eq!(decoded(b"\xff\xfea\x00\n\x00").0, "a\n");
    }
}
