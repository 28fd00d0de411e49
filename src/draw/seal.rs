//! A number for words that must not change once a picture is drawn: a label, an attribute and a description that were
//! changed alike agree with each other, and no longer with their number.
//!
//! It guards against slips, not against somebody who works it out anew.

/// The CRC-32 of the words without any space, as eight hexadecimal digits: lines may be broken elsewhere.
pub(crate) fn seal<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut sum = crc32fast::Hasher::new();
    for text in words {
        for word in text.split_whitespace() {
            sum.update(word.as_bytes());
        }
        // Words cannot move from one text to the next unseen.
        sum.update(&[0]);
    }
    format!("{:08x}", sum.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_of_lines_change_nothing_and_words_do() {
        assert_eq!(seal(["at\u{a0}least 100", "2024"]), seal(["at least\n100", "2024"]));
        assert_ne!(seal(["at least 100", "2024"]), seal(["at least 1000", "2024"]));
        assert_ne!(seal(["at least 100", "2024"]), seal(["at least 1002024", ""]));
    }
}
