//! Tables of texts and what they mean.

use proptest::prelude::*;

use super::super::amount::tests::any_amount;
use super::super::{Hedge, Quantity, Unit};
use super::*;

/// A vocabulary much like the built-in one; `piece` is the default unit.
fn terms() -> Terms {
    let unit = |id: &str, plural: &str, names: &[&str], dimension: &str| Unit {
        id: id.into(),
        plural: plural.into(),
        names: names.iter().map(|name| (*name).into()).collect(),
        dimension: dimension.into(),
    };
    let hedge = |words: &[&str], bound| Hedge { words: words.iter().map(|words| (*words).into()).collect(), bound };
    let vague = |low: u64| Bound::Vague { low: Some(Amount::from(low)), high: None };
    Terms::new(
        vec![
            unit("piece", "pieces", &[], "count"),
            unit("round", "rounds", &[], "rounds"),
            unit("barrel", "barrels", &["bbl"], "volume-of-oil"),
            unit("person", "people", &["persons"], "people"),
            unit("us-dollar", "US dollars", &["$", "US$", "USD", "dollars"], "money"),
            unit("euro", "euros", &["€"], "money"),
            unit("percent", "percent", &["%", "per cent"], "share"),
            unit("metre", "metres", &["m"], "length"),
            unit("one-way-drone", "one-way drones", &[], "count"),
        ],
        vec![
            hedge(&["at least", "no fewer than"], Bound::Low),
            hedge(&["more than", "over", ">"], Bound::LowOpen),
            hedge(&["as many as", "up to", "no more than", "at most"], Bound::High),
            hedge(&["fewer than", "less than"], Bound::HighOpen),
            hedge(&["about", "an estimated", "some", "approximately", "approx."], Bound::Approximate),
            hedge(&["a few hundred", "only a few hundred"], vague(200)),
            hedge(&["a few"], vague(2)),
            hedge(&["dozens of", "dozens"], vague(24)),
        ],
        Amount::parse("0.1").unwrap(),
    )
    .unwrap()
}

/// The interval in short: `[100,` is at least, `(100,` more than, `~` approximate, `v` vague.
fn shown(interval: &Interval) -> String {
    let bound = |bound: Option<Amount>| bound.map_or(String::new(), |bound| bound.to_string());
    let marks = [(interval.approximate, "~"), (interval.vague, "v")];
    let marks: String = marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark).collect();
    if interval.low.is_some() && interval.low == interval.high {
        return format!("{marks}{}", bound(interval.low));
    }
    let (open, close) = (if interval.low_open { "(" } else { "[" }, if interval.high_open { ")" } else { "]" });
    format!("{marks}{open}{},{}{close}", bound(interval.low), bound(interval.high))
}

#[test]
fn hedges_numbers_and_units_are_read() {
    let terms = terms();
    // The text, the interval, the unit if one is named, the number words.
    for (text, interval, unit, words) in [
        ("43", "43", "", "43"),
        (" 43 ", "43", "", "43"),
        ("9,000,000", "9000000", "", "9,000,000"),
        ("9000000", "9000000", "", "9000000"),
        ("9 000 000", "9000000", "", "9 000 000"),
        ("9\u{a0}000\u{a0}000", "9000000", "", "9\u{a0}000\u{a0}000"),
        ("9\u{202f}000", "9000", "", "9\u{202f}000"),
        ("1.50", "1.50", "", "1.50"),
        ("1.5 million", "1500000", "", "1.5 million"),
        ("9 million", "9000000", "", "9 million"),
        ("9m", "9000000", "", "9m"),
        ("9M rounds", "9000000", "round", "9M"),
        ("9 m", "9", "metre", "9"),
        ("9 mn", "9000000", "", "9 mn"),
        ("3bn", "3000000000", "", "3bn"),
        ("35k", "35000", "", "35k"),
        ("35K", "35000", "", "35K"),
        ("3 hundred thousand", "300000", "", "3 hundred thousand"),
        ("one", "1", "", "one"),
        ("Twelve", "12", "", "Twelve"),
        ("twenty-five", "25", "", "twenty-five"),
        ("twenty five thousand", "25000", "", "twenty five thousand"),
        ("a dozen", "12", "", "a dozen"),
        ("half a dozen", "6", "", "half a dozen"),
        ("two dozen rounds", "24", "round", "two dozen"),
        ("half a million", "500000", "", "half a million"),
        ("half million", "500000", "", "half million"),
        ("a million barrels", "1000000", "barrel", "a million"),
        ("at least 100", "[100,]", "", "at least 100"),
        ("AT LEAST  one hundred", "[100,]", "", "AT LEAST  one hundred"),
        ("more than 11,000", "(11000,]", "", "more than 11,000"),
        ("over 11,000 people", "(11000,]", "person", "over 11,000"),
        ("as many as 9 million rounds", "[,9000000]", "round", "as many as 9 million"),
        ("up to 100", "[,100]", "", "up to 100"),
        ("no more than 500,000 barrels", "[,500000]", "barrel", "no more than 500,000"),
        ("fewer than 100", "[,100)", "", "fewer than 100"),
        ("about 8,000", "~8000", "", "about 8,000"),
        ("an estimated 3 billion US dollars", "~3000000000", "us-dollar", "an estimated 3 billion"),
        ("an estimated $3 billion", "~3000000000", "us-dollar", "an estimated 3 billion"),
        ("$3 billion", "3000000000", "us-dollar", "3 billion"),
        ("US$3bn", "3000000000", "us-dollar", "3bn"),
        ("USD 3 billion", "3000000000", "us-dollar", "3 billion"),
        ("€3m", "3000000", "euro", "3m"),
        ("$ 5 dollars", "5", "us-dollar", "5"),
        ("18 %", "18", "percent", "18"),
        ("18%", "18", "percent", "18"),
        ("18 per cent", "18", "percent", "18"),
        ("100 or more", "[100,]", "", "100 or more"),
        ("100 rounds or more", "[100,]", "round", "100 or more"),
        ("100 or more rounds", "[100,]", "round", "100 or more"),
        ("100+", "[100,]", "", "100+"),
        ("100+ rounds", "[100,]", "round", "100+"),
        ("100 or fewer", "[,100]", "", "100 or fewer"),
        ("100 at most", "[,100]", "", "100 at most"),
        ("at least about 100", "~[100,]", "", "at least about 100"),
        ("about 100 at least", "~[100,]", "", "about 100 at least"),
        ("at least 100 or more", "[100,]", "", "at least 100 or more"),
        ("a few hundred", "v[200,]", "", "a few hundred"),
        ("only a few hundred people", "v[200,]", "person", "only a few hundred"),
        ("a few hundred thousand", "v[200000,]", "", "a few hundred thousand"),
        ("a few thousand rounds", "v[2000,]", "round", "a few thousand"),
        ("dozens of people", "v[24,]", "person", "dozens of"),
        ("more than a few hundred", "v(200,]", "", "more than a few hundred"),
        ("up to a few hundred", "v[,]", "", "up to a few hundred"),
        ("about dozens", "~v[24,]", "", "about dozens"),
        ("10 to 20", "[10,20]", "", "10 to 20"),
        ("10-20", "[10,20]", "", "10-20"),
        ("10–20 rounds", "[10,20]", "round", "10–20"),
        ("10 – 20", "[10,20]", "", "10 – 20"),
        ("between 10 and 20", "[10,20]", "", "between 10 and 20"),
        ("from ten to twenty people", "[10,20]", "person", "from ten to twenty"),
        ("10 to 10", "10", "", "10 to 10"),
        ("about 10 to 20", "~[10,20]", "", "about 10 to 20"),
        ("1 to 2 million", "[1000000,2000000]", "", "1 to 2 million"),
        ("3-4m", "[3000000,4000000]", "", "3-4m"),
        ("0.5 to 2 million", "[500000,2000000]", "", "0.5 to 2 million"),
        ("800,000 to 1 million", "[800000,1000000]", "", "800,000 to 1 million"),
        ("1 million to 2 million", "[1000000,2000000]", "", "1 million to 2 million"),
        ("1 thousand to 2 million", "[1000,2000000]", "", "1 thousand to 2 million"),
        ("$3-4 billion", "[3000000000,4000000000]", "us-dollar", "3-4 billion"),
        ("between $10 and $20", "[10,20]", "us-dollar", "between 10 and 20"),
        ("10 barrels to 20 barrels", "[10,20]", "barrel", "10 to 20"),
        ("10 one-way drones", "10", "one-way-drone", "10"),
        ("100rounds", "100", "round", "100"),
        ("0", "0", "", "0"),
    ] {
        let quantity = Quantity::parse(text, &terms, UnitIx(0)).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(shown(&quantity.interval), interval, "{text}");
        let named = if quantity.unit_named { &*terms.unit(quantity.unit).unwrap().id } else { "" };
        assert_eq!(named, unit, "{text}");
        assert_eq!(quantity.number_words(&terms), words, "{text}");
        assert_eq!(&*quantity.text, text.trim());
        assert!(quantity.unit_named || quantity.unit == UnitIx(0));
    }
}

#[test]
fn what_is_wrong_is_said_and_shown() {
    let terms = terms();
    // The second column marks the bytes at fault.
    for (text, marks, message) in [
        ("", "", "the quantity is empty; write a figure, or leave the field out if none is given"),
        ("100 barels", "    ^^^^^^", "unknown word `barels`; did you mean `barrels` or `barrel`?"),
        ("abuot 100", "^^^^^", "unknown word `abuot`; did you mean `about`?"),
        ("atleast 100", "^^^^^^^", "unknown word `atleast`; did you mean `at least`?"),
        ("100 US dolars", "    ^^", "unknown word `US`; did you mean `US dollars` or `USD`?"),
        (
            "100 parsecs",
            "    ^^^^^^^",
            "unknown word `parsecs`; write a number, with a hedge or a unit of the vocabulary, or add the word to the vocabulary",
        ),
        ("at least", "        ", "a number is missing here; write one, as in `at least 100` or `9 million rounds`"),
        (
            "at least barrels",
            "         ^^^^^^^",
            "a number is missing here; write one, as in `at least 100` or `9 million rounds`",
        ),
        ("10 to", "     ", "a number is missing here; write one, as in `at least 100` or `9 million rounds`"),
        ("1,00 rounds", "^^^^", "`1,00` is not a number; write `1500000`, `1,500,000`, `1 500 000` or `1.5 million`"),
        (
            "1.000.000",
            "^^^^^^^^^",
            "`1.000.000` is not a number; write `1500000`, `1,500,000`, `1 500 000` or `1.5 million`",
        ),
        ("20 to 10", "^^^^^^^^", "the range ends at 10, below its beginning 20; swap the two"),
        (
            "about 2 million to 1 million",
            "      ^^^^^^^^^^^^^^^^^^^^^^",
            "the range ends at 1000000, below its beginning 2000000; swap the two",
        ),
        ("$5 barrels", "   ^^^^^^^", "two units, `us-dollar` and `barrel`; name one"),
        (
            "at least up to 5",
            "         ^^^^^",
            "`up to` doesn't go with the hedge before it; leave one out, or write a range such as `10 to 20`",
        ),
        ("at least 10 to 20", "^^^^^^^^", "`at least` doesn't go with a range; leave it out, or write one number"),
        (
            "-5",
            "^^",
            "`-5` is below zero, and a quantity counts what there is; write it without the sign: what went back is a fact of its own",
        ),
        (
            "5 10",
            "  ^^",
            "`10` is not understood here; write a hedge, a number and a unit, as in `at least 100 rounds`",
        ),
        (
            "one hundred and twenty",
            "            ^^^",
            "`and` is not understood here; write a hedge, a number and a unit, as in `at least 100 rounds`",
        ),
        (
            "1 million million million million million",
            "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
            "`1 million million million million millio…` has too many digits; an amount holds 28 of them exactly",
        ),
    ] {
        let error = Quantity::parse(text, &terms, UnitIx(0)).unwrap_err();
        assert_eq!(error.to_string(), message, "{text}");
        let start = if marks.trim().is_empty() { marks.len() } else { marks.len() - marks.trim_start().len() };
        assert_eq!(error.range, start..marks.len(), "{text}");
    }
}

#[test]
fn signs_and_shortened_words_are_hedges_and_a_number_below_zero_is_none() {
    let terms = terms();
    let read = |text: &str| Quantity::parse(text, &terms, UnitIx(0)).map(|it| shown(&it.interval));
    for (text, expected) in
        [("approx. 20", "~20"), ("Approx.20 rounds", "~20"), (">1000", "(1000,]"), ("> 1,000 barrels", "(1000,]")]
    {
        assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
    }
    for (text, found) in [("-3", "-3"), ("about -3.5 barrels", "-3.5"), ("10 to -3", "-3"), ("−3", "−3")] {
        let error = read(text).unwrap_err();
        assert_eq!(error.kind, QuantityErrorKind::Negative { found: found.into() }, "{text}");
    }
    assert_eq!(read("10-20").as_deref(), Ok("[10,20]"));
}

#[test]
fn no_word_is_ignored() {
    let terms = terms();
    for text in [
        "million",
        "hundred rounds",
        "a",
        "a barrel",
        "half",
        "half a barrel",
        "rounds",
        "or more",
        "or more 100",
        "100 more",
        "100 of",
        "100 rounds of ammunition",
        "9m m m",
        "between 10 to 20",
        "between 10",
        "from 10",
        "5.",
        ".5",
        "1e6",
        "10%20",
        "two three",
        "a few hundred or more",
        "a few 100",
        "a few hundred dozens",
        "10 barrels 10",
        "5 $ 6 €",
        "99999999999999999999999999999999",
        "barrels 10",
        "twenty-zero",
        "five-six-seven",
        "100 +5",
    ] {
        assert!(Quantity::parse(text, &terms, UnitIx(0)).is_err(), "{text}");
    }
}

#[test]
fn a_unit_is_added_only_where_none_is_named() {
    let terms = terms();
    for (text, expected) in [
        ("at least 100", "at least 100 barrels"),
        ("at least 100 bbl", "at least 100 bbl"),
        ("one", "one barrel"),
        ("at least 1", "at least 1 barrel"),
        ("1 to 2", "1 to 2 barrels"),
        ("1.0", "1.0 barrel"),
        ("0", "0 barrels"),
        ("a few hundred", "a few hundred barrels"),
        ("$5", "$5"),
    ] {
        let quantity = Quantity::parse(text, &terms, UnitIx(2)).unwrap();
        assert_eq!(quantity.to_words(&terms), expected);
    }
    let dollars = Quantity::parse("1", &terms, UnitIx(4)).unwrap();
    assert_eq!(dollars.to_words(&terms), "1 us dollar");
    let elsewhere = Quantity::parse("1", &terms, UnitIx(99)).unwrap();
    assert_eq!(elsewhere.to_words(&terms), "1");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        let _ = Quantity::parse(&text, &terms(), UnitIx(0));
    }

    #[test]
    fn a_text_of_known_words_is_read_or_refused(
        text in "((at least|up to|about|a few|dozens|or more|between|and|to|from|half|a|an|twenty|five|hundred|million|k|rounds|\
                 us dollars|US|one-way drones|[0-9]{1,4}|[0-9]{26,30}|[-+$€%.,–]|,000|\u{a0}) ?){0,8}",
    ) {
        let terms = terms();
        match Quantity::parse(&text, &terms, UnitIx(0)) {
            Ok(quantity) => {
                let words = quantity.number_words(&terms);
                let again = Quantity::parse(&words, &terms, UnitIx(0));
                prop_assert_eq!(again.map(|again| (again.interval, again.unit_named)), Ok((quantity.interval, false)));
            }
            Err(error) => prop_assert!(text.get(error.range.clone()).is_some(), "{:?} of {:?}", error, text),
        }
    }

    #[test]
    fn a_displayed_amount_is_a_quantity(amount in any_amount()) {
        for text in [amount.to_string(), amount.with_separators()] {
            let quantity = Quantity::parse(&text, &terms(), UnitIx(0));
            prop_assert_eq!(quantity.map(|quantity| quantity.interval), Ok(Interval::exact(amount)));
        }
    }
}
