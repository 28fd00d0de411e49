use super::*;
use crate::draw::picture::TextLine;
use crate::draw::{PaletteName, Size};
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, Sources, load};
use crate::model::Period;
use crate::query::{Question, Who, answer};

fn ask(question: &Question) -> Answer {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
    answer(&KnowledgeGraph::new(&dataset), question).unwrap()
}

fn everything() -> Answer {
    ask(&Question::Who(Who { kinds: vec!["any".to_owned()], ..Who::default() }))
}

fn drawn(answer: &Answer, size: Size) -> Picture {
    compose(answer, &DrawOptions { size, timeline: true, ..DrawOptions::default() }, &FontSet::bundled()).unwrap()
}

/// What lint finds in the timelines of answers, at each size.
#[test]
fn lint_finds_nothing() {
    for answer in [everything(), ask(&Question::Show { name: "north-korea".to_owned() })] {
        for size in [Size::Phone, Size::Column, Size::Wide] {
            for palette in PaletteName::ALL {
                let options = DrawOptions { timeline: true, palette, size, ..DrawOptions::default() };
                let mut svg = Vec::new();
                crate::draw::svg(&answer, &options, &FontSet::bundled(), &mut svg).unwrap();
                let report =
                    crate::draw::lint(str::from_utf8(&svg).unwrap(), &FontSet::bundled(), Some(&answer)).unwrap();
                let found: Vec<String> =
                    report.checks.iter().flat_map(|it| &it.findings).map(|it| format!("{it:?}")).collect();
                assert_eq!(found, [""; 0], "{size:?} {palette:?}");
            }
        }
    }
}

#[test]
fn every_fact_stands_once_with_a_date_or_without() {
    let answer = everything();
    for size in [Size::Phone, Size::Column, Size::Wide] {
        let picture = drawn(&answer, size);
        let chart = picture.chart.unwrap();
        let mut facts: Vec<&str> = chart.rows.iter().map(|it| it.entry.fact.as_str()).collect();
        let mut all: Vec<&str> = answer.rows.iter().map(|it| it.fact.as_str()).collect();
        facts.sort_unstable();
        all.sort_unstable();
        assert_eq!(facts, all);
        assert!(!chart.heading.is_empty());
        for row in &answer.rows {
            let placed = chart.rows.iter().find(|it| it.entry.fact == row.fact).unwrap();
            let dated = row.period.is_some() || row.current_claims().any(|it| it.period.is_some());
            assert_eq!(!placed.bars.is_empty(), dated, "{}", row.fact);
            let words: String = placed.entry.lines.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
            let words = words.replace('\u{a0}', " ");
            for quantity in &placed.entry.quantities {
                assert!(words.contains(&quantity.replace('\u{a0}', " ")), "{}: {words}", row.fact);
            }
        }
    }
}

#[test]
fn words_lie_on_the_page_and_not_over_each_other_and_bars_on_the_axis() {
    let answer = everything();
    for size in [Size::Phone, Size::Column, Size::Wide] {
        let picture = drawn(&answer, size);
        let width = f64::from(size.width());
        let mut lines: Vec<&TextLine> = picture.text_lines().collect();
        for line in &lines {
            assert!(line.x >= 0.0 && line.x + line.width <= width + 0.1 && line.y <= picture.height, "{line:?}");
            assert!(line.px >= 11.0);
        }
        lines.sort_by(|a, b| a.y.total_cmp(&b.y));
        for (at, one) in lines.iter().enumerate() {
            for other in lines.iter().skip(at + 1).take_while(|it| it.y < one.y + 8.0) {
                let apart = one.x + one.width <= other.x || other.x + other.width <= one.x;
                assert!(apart, "{one:?} lies over {other:?}");
            }
        }
        for bar in picture.chart.iter().flat_map(|it| &it.rows).flat_map(|it| &it.bars) {
            for x in [Some(bar.from), Some(bar.to), bar.before, bar.after].into_iter().flatten() {
                assert!((0.0..=width).contains(&x), "{bar:?}");
            }
            assert!(bar.from <= bar.to);
        }
    }
}

#[test]
fn how_time_is_drawn_tells_what_is_certain_about_it() {
    let cases = [
        ("2025-06-28", Aspect::Event, TimeSign::Moment, false, false),
        ("2025-06", Aspect::Event, TimeSign::Within, false, false),
        ("2025-06-28~", Aspect::Event, TimeSign::Within, true, true),
        ("2022/..", Aspect::State, TimeSign::Lasted, false, false),
        ("2022/", Aspect::State, TimeSign::Lasted, false, true),
        ("2022/2024-04~", Aspect::State, TimeSign::Lasted, false, true),
        ("../2025-08", Aspect::Event, TimeSign::Within, false, false),
    ];
    for (text, aspect, sign, before, after) in cases {
        let mut answer = ask(&Question::Show { name: "a11".to_owned() });
        let row = answer.rows.iter_mut().find(|it| it.fact == "a11").unwrap();
        row.period.as_mut().unwrap().period = Period::parse(text).unwrap();
        for claim in &mut row.claims {
            claim.period = None;
        }
        answer.kinds.get_mut("supply").unwrap().aspect = aspect;
        answer.rows.retain(|it| it.fact == "a11");
        let chart = drawn(&answer, Size::Column).chart.unwrap();
        let [bar] = chart.rows[0].bars.as_slice() else { panic!("{text}") };
        assert_eq!((bar.sign, bar.before.is_some(), bar.after.is_some()), (sign, before, after), "{text}");
        assert_eq!((bar.always_was, bar.goes_on), (text.starts_with(".."), text.ends_with("..")), "{text}");
    }
}

#[test]
fn no_row_is_no_picture_and_a_low_page_says_how_high_it_must_be() {
    let fonts = FontSet::bundled();
    let empty = compose(&Answer::default(), &DrawOptions::default(), &fonts);
    assert!(matches!(empty, Err(DrawError::Empty)));
    let options = DrawOptions { size: Size::Exact { width: 600, height: 300 }, ..DrawOptions::default() };
    assert!(matches!(compose(&everything(), &options, &fonts), Err(DrawError::TooHigh { height: 300, needed: 301.. })));
}

#[test]
fn the_same_answer_gives_the_same_bytes() {
    let options = DrawOptions { timeline: true, palette: PaletteName::Print, ..DrawOptions::default() };
    let svg = || {
        let mut out = Vec::new();
        crate::draw::svg(&everything(), &options, &FontSet::bundled(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let text = svg();
    assert_eq!(text, svg());
    assert!(text.contains("data-legend=\"time-within\"") && text.contains("class=\"span lasted"));
}
