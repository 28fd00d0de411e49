//! Real pictures pass; pictures that were damaged on purpose do not, each for the property that it lost.

use std::ops::Range;
use std::sync::LazyLock;

use super::*;
use crate::draw::{DrawOptions, PaletteName, Size, svg};
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, Sources, load};
use crate::query::{PathQuestion, Question, Who, answer};
use proptest::prelude::*;

fn ask(question: &Question) -> Answer {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
    answer(&KnowledgeGraph::new(&dataset), question).unwrap()
}

fn drawn(answer: &Answer, options: &DrawOptions) -> String {
    let mut out = Vec::new();
    svg(answer, options, &FontSet::bundled(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn whole(answer: &Answer) -> String {
    let options = DrawOptions { credit: Some("Graphic: A. Name".to_owned()), ..DrawOptions::default() };
    drawn(answer, &options)
}

/// Everything that the built-in data know.
static DATA: LazyLock<Answer> = LazyLock::new(|| ask(&Question::List { what: "facts".to_owned() }));

/// Several arrows, bundles of mixed statuses, figures that differ, facts that did not happen.
static PICTURE: LazyLock<String> = LazyLock::new(|| {
    let who = Who { kinds: vec!["any".to_owned()], to: vec!["Russia".to_owned()], ..Who::default() };
    whole(&ask(&Question::Who(who)))
});

/// A chain of three boxes.
static CHAIN: LazyLock<String> =
    LazyLock::new(|| whole(&ask(&Question::Path(PathQuestion::new("North Korea", "Kyiv")))));

fn report(svg: &str) -> Report {
    lint(svg, &FontSet::bundled(), Some(&DATA)).unwrap()
}

fn errors(svg: &str) -> Vec<String> {
    report(svg).findings(Severity::Error).map(|(check, it)| format!("{}: {}", check.number, it.message)).collect()
}

#[test]
fn pictures_of_each_size_and_palette_pass() {
    for picture in [&*PICTURE, &*CHAIN] {
        assert_eq!(errors(picture), [""; 0]);
    }
    let answer = ask(&Question::Who(Who { to: vec!["Russia".to_owned()], ..Who::default() }));
    for size in [Size::Phone, Size::Column, Size::Wide] {
        for palette in PaletteName::ALL {
            let picture = drawn(&answer, &DrawOptions { size, palette, ..DrawOptions::default() });
            assert_eq!(errors(&picture), [""; 0], "{size:?} {palette:?}");
        }
    }
}

/// Each property is measured at something: one that looked at nothing would always hold.
#[test]
fn every_property_is_looked_at() {
    for check in report(&PICTURE).checks {
        assert!(check.looked_at >= 10, "{check:?}");
    }
}

/// The first element that has `mark` in its opening tag: its bytes in the picture.
fn element(svg: &str, mark: &str) -> Range<usize> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let is_it = |it: &roxmltree::Node<'_, '_>| {
        it.is_element() && svg[it.range()].split('>').next().is_some_and(|it| it.contains(mark))
    };
    document.descendants().find(is_it).unwrap_or_else(|| panic!("no element with {mark}")).range()
}

/// The picture with a change inside the first element that has `mark`.
fn changed(svg: &str, mark: &str, change: impl FnOnce(&str) -> String) -> String {
    let range = element(svg, mark);
    let mut out = svg.to_owned();
    let new = change(&svg[range.clone()]);
    assert_ne!(new, svg[range.clone()], "nothing was changed");
    out.replace_range(range, &new);
    out
}

/// The first element that has `mark`, with one more attribute.
fn with(svg: &str, mark: &str, attribute: &str) -> String {
    changed(svg, mark, |it| {
        let end = it.find([' ', '>', '/']).unwrap();
        format!("{} {attribute}{}", &it[..end], &it[end..])
    })
}

/// The picture without the first element that has `mark`.
fn without(svg: &str, mark: &str) -> String {
    changed(svg, mark, |_| String::new())
}

/// The picture with other visible text in the first element that has `mark`; its attributes and its title stay.
fn reworded(svg: &str, mark: &str, from: &str, to: &str) -> String {
    changed(svg, mark, |it| {
        let at = it.find("<text").unwrap();
        let text = &it[at..];
        assert!(text.contains(from), "{from:?} does not stand in {text}");
        format!("{}{}", &it[..at], text.replacen(from, to, 1))
    })
}

/// Says where damage is seen: among the errors is one of that property that names what was damaged.
#[track_caller]
fn seen(svg: &str, number: usize, words: &str) {
    let errors = errors(svg);
    let found = errors.iter().any(|it| it.starts_with(&format!("{number}: ")) && it.contains(words));
    assert!(found, "no error {number} with {words:?} in {errors:#?}");
}

/// The first label of the picture, and the arrow that it belongs to.
fn first_label(svg: &str) -> (String, String) {
    let label = &svg[element(svg, "class=\"label\"")];
    let arrow = label.split("data-arrow=\"").nth(1).unwrap().split('"').next().unwrap();
    (format!("data-arrow=\"{arrow}\""), arrow.to_owned())
}

#[test]
fn things_that_were_moved_are_seen() {
    let (label, arrow) = first_label(&PICTURE);
    seen(&with(&PICTURE, &label, "transform=\"translate(-1000 0)\""), 2, "from its line");
    let onto = with(&CHAIN, "id=\"entity-north-korea\"", "transform=\"translate(0 80)\"");
    seen(&onto, 1, "overlap");
    seen(&onto, 2, "px from entity-north-korea");
    seen(&with(&PICTURE, "id=\"entity-north-korea\"", "transform=\"translate(-900 0)\""), 3, "leaves the page");
    seen(&with(&PICTURE, "class=\"source\"", "transform=\"translate(0 900)\""), 3, "leaves the page");
    // A line through all boxes.
    let through = changed(&PICTURE, &format!("id=\"{arrow}\""), |it| it.replacen(" d=\"M", " d=\"M0 0L600 1400M", 1));
    seen(&through, 2, "through");
}

#[test]
fn a_line_through_a_foreign_box_is_seen() {
    // The first line of the chain goes on to the last box, through what is between.
    let svg = changed(&CHAIN, "class=\"arrow\"", |it| {
        let start = it.find(" d=\"").unwrap() + 4;
        let end = start + it[start..].find('"').unwrap();
        let (x, y) = it[start + 1..end].split_once(' ').unwrap();
        let y: f64 = y.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap().parse().unwrap();
        format!("{}M{x} {y}V{}{}", &it[..start], y + 500.0, &it[end..])
    });
    seen(&svg, 2, "through");
}

#[test]
fn words_that_were_cut_are_seen() {
    let fact = "data-fact=\"a11\"";
    let entry = &CHAIN[element(&CHAIN, fact)];
    assert!(entry.contains("at\u{a0}least\u{a0}100"), "{entry}");
    seen(&reworded(&CHAIN, fact, "at\u{a0}least\u{a0}", ""), 7, "the figure “at least 100");
    seen(&reworded(&CHAIN, fact, "100", "1,100"), 7, "the figure “at least 100");
    seen(&reworded(&CHAIN, fact, "2024", ""), 7, "a11: the period “");
    seen(&reworded(&CHAIN, fact, "[1]", ""), 9, "cites");
    seen(&changed(&CHAIN, fact, |it| it.replacen("<text", "<text display=\"none\"", 1)), 7, "the figure “at least 100");
    seen(&changed(&CHAIN, fact, |it| it.replacen("<text", "<text visibility=\"hidden\"", 1)), 11, "a11 has no text");
}

/// Attributes, text and description that were changed together agree with each other; their check numbers and the data tell.
#[test]
fn figures_that_were_changed_everywhere_are_seen() {
    let all = CHAIN.replace("at\u{a0}least\u{a0}100", "100").replace("at least 100", "100");
    let alone = lint(&all, &FontSet::bundled(), None).unwrap();
    let told = |number: u8| alone.checks.iter().find(|it| it.number == usize::from(number)).unwrap().findings.len();
    assert!(told(7) > 0 && told(11) > 0, "without the data");
    seen(&all, 7, "a11: the data have the figure “at least 100");
    seen(&CHAIN.replace("data-fact=\"a11\"", "data-fact=\"a99\""), 6, "a99 is no fact of the data");
}

#[test]
fn other_words_in_boxes_legend_and_small_print_are_seen() {
    seen(&reworded(&CHAIN, "id=\"entity-russia\"", "Russia", "Belarus"), 7, "“Belarus” was changed");
    seen(
        &reworded(&CHAIN, "data-legend=\"status-single-source\"", "single source", "confirmed"),
        9,
        "“confirmed” was changed",
    );
    seen(
        &reworded(&CHAIN, "class=\"remark\"", "least", "best"),
        9,
        "A line that stands for several facts loo…” was changed",
    );
    seen(&reworded(&CHAIN, "class=\"source\"", "UPI", "BBC"), 9, "was changed");
    let lines_broken_elsewhere = CHAIN.replacen("least\u{a0}100 ballistic", "least\u{a0}100  ballistic", 1);
    assert_eq!(errors(&lines_broken_elsewhere), [""; 0]);
}

#[test]
fn statuses_that_were_overstated_are_seen() {
    let dashed = "class=\"line status-single-source\"";
    let solid = |it: &str| {
        let dashes = it.find(" stroke-dasharray").unwrap();
        let end = dashes + it[dashes..].find("\"/>").unwrap() + 1;
        format!("{}{}", &it[..dashes], &it[end..])
    };
    seen(&changed(&CHAIN, dashed, solid), 8, "the line has the dashes `none`");
    let css = CHAIN.replacen("</style>", ".line{stroke-dasharray:none}</style>", 1);
    seen(&css, 8, "the line has the dashes `none`");
    let dark =
        CHAIN.replacen("</style>", "@media (prefers-color-scheme: dark){.line{stroke-dasharray:1 1}}</style>", 1);
    assert!(errors(&dark).is_empty(), "a second rule for the dark is not read");
    let arrow = changed(&CHAIN, "class=\"arrow\"", |it| it.replacen("data-status=\"", "data-status=\"x", 1));
    seen(&arrow, 8, "its weakest fact is");
    seen(
        &changed(&CHAIN, "class=\"entry\"", |it| it.replacen("data-status=\"", "data-status=\"x", 1)),
        8,
        "unknown status",
    );
    seen(&without(&CHAIN, "class=\"mark "), 8, "has no mark");
    let other = changed(&CHAIN, "class=\"mark ", |it| it.replacen("d=\"", "d=\"M0 0h9", 1));
    seen(&other, 8, "another mark");
}

/// The weakest of a bundle decides, wherever it stands in the list.
#[test]
fn a_bundle_that_looks_stronger_than_a_member_is_seen() {
    let mixed =
        changed(&CHAIN, "class=\"entry\"", |it| it.replace("data-status=\"unnamed\"", "data-status=\"disputed\""));
    seen(&mixed, 8, "its weakest fact is `disputed`");
}

#[test]
fn what_did_not_happen_keeps_its_hollow_head() {
    let svg = changed(&PICTURE, "class=\"head status-unnamed apart\"", |it| {
        let stroke = it.split("stroke=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        it.replacen("fill=\"#ffffff\"", &format!("fill=\"{stroke}\""), 1)
    });
    seen(&svg, 8, "filled head");
}

#[test]
fn facts_that_were_lost_or_doubled_are_seen() {
    let fact = "data-fact=\"a11\"";
    seen(&without(&CHAIN, fact), 6, "a11 belongs to an arrow or a box, but stands nowhere in words");
    let entry = CHAIN[element(&CHAIN, fact)].to_owned();
    let twice = changed(&CHAIN, fact, |it| format!("{it}{}", it.replace("id=\"fact-a11\"", "")));
    seen(&twice, 6, "a11 is drawn 2 times");
    seen(&CHAIN.replace(&entry, &format!("{entry}{}", entry.replace("a11", "z9"))), 6, "z9 stands in words");
    let left_out =
        "<g class=\"left-out\" data-count=\"2\" data-facts=\"a11\"><text x=\"20\" y=\"20\">3 facts</text></g></svg>";
    let svg = CHAIN.replace("</svg>", left_out);
    seen(&svg, 6, "2 facts are said to be left out, 1 are named");
    seen(&svg, 6, "does not say how many");
    seen(&svg, 6, "a11 is drawn, and counted as left out");
}

#[test]
fn sources_and_legend_that_were_dropped_are_seen() {
    seen(&without(&CHAIN, "class=\"source\""), 9, "is cited and does not stand below");
    seen(&reworded(&CHAIN, "class=\"source\"", "[", "("), 9, "has no text of its own");
    seen(&without(&CHAIN, "data-legend=\"status-"), 9, "the legend does not explain");
    let item = CHAIN[element(&CHAIN, "data-legend=\"status-")].to_owned();
    let word = item.split("data-legend=\"status-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let more = item.replace(&word, "no-claim");
    seen(
        &CHAIN.replace(&item, &format!("{item}{more}")),
        9,
        "the legend explains `status-no-claim`, which is not used",
    );
}

#[test]
fn letters_that_are_too_small_or_too_pale_are_seen() {
    let first = CHAIN.split("font-size=\"11").nth(1).unwrap().split('"').next().unwrap();
    let size = format!("font-size=\"11{first}\"");
    seen(&CHAIN.replace(&size, "font-size=\"9\""), 4, "9.0 px");
    seen(&CHAIN.replacen("width=\"600\"", "width=\"400\"", 1), 4, "px high");
    seen(&with(&CHAIN, "class=\"source\"", "transform=\"scale(0.5)\""), 4, "5.5 px");
    seen(&with(&CHAIN, "class=\"source\"", "opacity=\"0.3\""), 5, "has a contrast of");
    seen(&changed(&CHAIN, "class=\"entry\"", |it| it.replacen("<text", "<text style=\"fill:#bbb\"", 1)), 5, "1.9:1");
    let pale = changed(&CHAIN, "class=\"line ", |it| it.replacen("stroke=\"", "style=\"stroke:#eee\" stroke=\"", 1));
    seen(&pale, 5, "the line of arrow-");
    let dark = "#f1f1f1";
    assert!(CHAIN.contains(dark));
    seen(&CHAIN.replace(dark, "#333333"), 5, "on a dark screen");
}

#[test]
fn what_runs_loads_or_hides_is_seen() {
    for (inside, words) in [
        ("<script>alert(1)</script>", "<script> is no part"),
        ("<image href=\"x.png\"/>", "<image> is no part"),
        ("<image href=\"x.png\"/>", "refers to something outside"),
        ("<foreignObject/>", "<foreignObject> is no part"),
        ("<a href=\"https://example.org\"/>", "refers to something outside"),
        ("<g onclick=\"alert(1)\"/>", "runs a script"),
        ("<g fill=\"url(https://example.org/x#a)\"/>", "refers to something outside"),
        ("<b xmlns=\"http://www.w3.org/1999/xhtml\"/>", "is no element of SVG"),
        ("<style>@import 'x.css';</style>", "imports"),
        ("<style>.a{fill:url(http://x)}</style>", "a rule of CSS refers to"),
    ] {
        seen(&CHAIN.replace("</svg>", &format!("{inside}</svg>")), 10, words);
    }
    seen(&CHAIN.replace("@font-face", "@other"), 10, "are not embedded");
    seen(&reworded(&CHAIN, "class=\"credit\"", "Graphic", "그림"), 10, "no font has `그림`");
}

#[test]
fn what_was_lost_for_those_who_do_not_see_is_seen() {
    seen(&without(&CHAIN, "id=\"desc\""), 11, "has no <desc>");
    seen(&changed(&CHAIN, "id=\"desc\"", |it| it.replacen("at least 100", "100", 1)), 11, "lacks the figure");
    let claim = changed(&CHAIN, "id=\"desc\"", |it| it.replacen(" found [", " thought [", 1));
    seen(&claim, 11, "the description lacks a sentence of");
    seen(&CHAIN.replacen("role=\"img\"", "", 1), 11, "has not the role");
    seen(&CHAIN.replacen("lang=\"en\"", "", 1), 11, "names no language");
    seen(&CHAIN.replacen("id=\"title\"", "", 1), 11, "is not named");
    seen(&changed(&CHAIN, "class=\"node", |it| it.replacen("title>", "desc>", 2)), 11, "has no <title>");
}

#[test]
fn ids_that_stand_twice_or_lead_nowhere_are_seen() {
    seen(&CHAIN.replacen("id=\"box-0\"", "id=\"box-1\"", 1), 12, "`box-1` stands twice");
    seen(&CHAIN.replacen("id=\"box-0\"", "", 1), 12, "leads to no element");
}

#[test]
fn files_that_are_no_pictures_are_refused() {
    let refused = |text: &str| lint(text, &FontSet::bundled(), None).unwrap_err();
    assert!(matches!(refused(""), LintError::NotXml { .. }));
    assert!(matches!(refused("<svg><g></svg>"), LintError::NotXml { .. }));
    assert_eq!(
        refused("<html/>").to_string(),
        "this is no picture that could be measured: its first element is <html>, not <svg>"
    );
    assert!(matches!(refused("<svg/>"), LintError::NoPicture { .. }));
    assert!(matches!(refused("<svg viewBox=\"a\"/>"), LintError::NoPicture { .. }));
    // Entities that would grow without end, and groups that would use up the stack.
    let bomb = "<!DOCTYPE svg [<!ENTITY a \"aaaa\">]><svg viewBox=\"0 0 1 1\">&a;</svg>";
    assert!(matches!(refused(bomb), LintError::NotXml { .. }));
    let deep = format!("<svg viewBox=\"0 0 1 1\">{}{}</svg>", "<g>".repeat(900), "</g>".repeat(900));
    assert!(matches!(refused(&deep), LintError::NoPicture { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A picture with any piece cut out is looked at or refused.
    #[test]
    fn cut_pictures_never_end_the_program(start in 0.0..1.0, length in 0..400_usize) {
        let mut svg = CHAIN.clone();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
        let start = (start * svg.len() as f64) as usize;
        let start = (0..=start).rev().find(|it| svg.is_char_boundary(*it)).unwrap();
        let end = (start + length).min(svg.len());
        let end = (end..=svg.len()).find(|it| svg.is_char_boundary(*it)).unwrap();
        svg.replace_range(start..end, "");
        let _ = lint(&svg, &FontSet::bundled(), None);
    }

    /// Any rules of CSS are read or passed over.
    #[test]
    fn any_rules_are_read_or_passed_over(css in "[@{}():;,.#>a-c \"'*/]{0,40}") {
        let svg = format!("<svg viewBox=\"0 0 9 9\"><style><![CDATA[{css}]]></style><rect class=\"a\" width=\"3\" height=\"3\"/></svg>");
        let _ = lint(&svg, &FontSet::bundled(), None);
    }
}
