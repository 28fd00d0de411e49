//! English numerals: number words and scales.

use super::Amount;

/// A number below a hundred, in one word.
pub(super) fn small(word: &str) -> Option<u64> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

/// A word that multiplies the number before it.
pub(super) fn scale(word: &str) -> Option<Amount> {
    let value = match word.strip_suffix('s').unwrap_or(word) {
        "dozen" => 12,
        "hundred" => 100,
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        "trillion" => 1_000_000_000_000,
        _ => return None,
    };
    Some(Amount::from(value))
}

/// A scale cut to a letter or two.
pub(super) fn suffix(word: &str) -> Option<Amount> {
    let value = match word {
        "k" => 1_000,
        "m" | "mn" | "mln" => 1_000_000,
        "b" | "bn" | "bln" => 1_000_000_000,
        "tn" | "trn" => 1_000_000_000_000,
        _ => return None,
    };
    Some(Amount::from(value))
}
