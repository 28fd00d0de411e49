//! Lines of a label.

use crate::model::width;

/// The space that no line is broken at.
const NO_BREAK: &str = "\u{a0}";

/// `text` in one piece: a date or "at least 100" is never broken over two lines.
pub(crate) fn unbroken(text: &str) -> String {
    text.replace(' ', NO_BREAK)
}

/// `text` broken at spaces into as few lines of at most `columns` as there can be, and these about equally long, so
/// that no word stands alone on a last line. What has no space stays whole, however long.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let lines = greedy(text, columns);
    let widest = lines.iter().map(|it| width(it)).max().unwrap_or(0).min(columns);
    // A narrower column never takes fewer lines, so the narrowest that takes as many is found by halves.
    let (mut low, mut high) = (1, widest.max(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if greedy(text, middle).len() == lines.len() {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    greedy(text, high)
}

fn greedy(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|it| !it.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_about_equally_long() {
        for (text, columns, lines) in [
            ("", 10, &[][..]),
            ("one", 10, &["one"]),
            ("artillery, missiles and combat vehicles", 32, &["artillery, missiles", "and combat vehicles"]),
            ("a verylongwordthatstayswhole b", 5, &["a", "verylongwordthatstayswhole", "b"]),
        ] {
            assert_eq!(wrap(text, columns), lines, "{text}");
        }
        assert_eq!(wrap(&format!("missiles {}", unbroken("at least 100")), 12), ["missiles", "at\u{a0}least\u{a0}100"]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_no_line_added(text in "[ab, ]{0,60}", columns in 1_usize..20) {
            let words = |it: &str| it.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect::<Vec<_>>();
            let lines = wrap(&text, columns);
            prop_assert_eq!(words(&lines.join(" ")), words(&text));
            prop_assert_eq!(lines.len(), greedy(&text, columns).len());
        }
    }
}
