//! That the file stands for itself: letters are there, nothing comes from outside, nothing runs, and whoever does not
//! see the picture has its facts.

use std::collections::BTreeSet;

use super::facts::{Known, described};
use super::read::{Element, Page, has_class, plain, shortened};
use super::report::Check;
use crate::draw::font::{Face, FontSet};

/// Elements that a picture of ours may have.
const ELEMENTS: [&str; 16] = [
    "svg", "g", "title", "desc", "style", "defs", "metadata", "rect", "path", "circle", "ellipse", "line", "polyline",
    "polygon", "text", "tspan",
];

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";
/// Namespaces of programs for design, whose elements nobody draws.
const DESIGN: [&str; 6] = [
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/elements/1.1/",
];

/// 10: every character has a glyph, in the file too; nothing outside is referred to, nothing runs.
pub(super) fn alone(page: &Page<'_>, css: &str, fonts: &FontSet) -> Check {
    let mut check = Check::new(10, "no letter is missing, nothing comes from outside, nothing runs");
    let embedded = embedded(css);
    for text in &page.texts {
        let missing: String = fonts.missing(&text.text).into_iter().collect();
        check.expect(missing.is_empty(), || format!("no font has `{missing}` of “{}”", shortened(&text.text)));
        let lacks = |c: &char| !embedded.iter().any(|(face, it)| *face == text.face && it.contains(c));
        let lacking: String = text.text.chars().filter(|it| !it.is_whitespace()).filter(lacks).collect();
        check.expect(lacking.is_empty() || !missing.is_empty(), || {
            format!("the letters `{lacking}` of “{}” are not embedded", shortened(&text.text))
        });
    }
    for element in page.root.descendants().filter(|it| it.is_element()) {
        check.look();
        let (name, space) = (element.tag_name().name(), element.tag_name().namespace().unwrap_or(""));
        if space == SVG && !ELEMENTS.contains(&name) {
            check.error(format!("<{name}> is no part of a picture: it may run, load or hide something"));
        } else if space != SVG && !DESIGN.contains(&space) {
            check.error(format!("<{name}> of `{space}` is no element of SVG"));
        }
        for attribute in element.attributes() {
            if let Some(reason) = bad_attribute(attribute.name(), attribute.value()) {
                check.error(format!("{}: the attribute {} {reason}", super::name_of(element), attribute.name()));
            }
        }
    }
    for reference in references(css).filter(|it| !is_inside(it)) {
        check.error(format!("a rule of CSS refers to `{}`", shortened(reference)));
    }
    check.expect(!css.contains("@import"), || "a rule of CSS imports others".to_owned());
    check
}

fn bad_attribute(name: &str, value: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("on") {
        return Some("runs a script");
    }
    if (lower == "href" || lower == "src") && !value.starts_with('#') {
        return Some("refers to something outside");
    }
    references(value).any(|it| !it.starts_with('#')).then_some("refers to something outside")
}

/// What stands in `url(…)`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("url(").filter_map(|(at, it)| {
        let rest = text.get(at + it.len()..)?;
        Some(rest.split(')').next()?.trim().trim_matches(['"', '\'']))
    })
}

fn is_inside(reference: &str) -> bool {
    reference.starts_with('#') || reference.starts_with("data:font/")
}

/// The characters that fonts in the file are there for.
fn embedded(css: &str) -> Vec<(Face, BTreeSet<char>)> {
    let mut found = Vec::new();
    for rule in css.split("@font-face").skip(1) {
        let rule = rule.split('}').next().unwrap_or("");
        let value =
            |name: &str| rule.split([';', '{']).find_map(|it| it.trim().strip_prefix(name)?.trim().strip_prefix(':'));
        let face = if value("font-weight") == Some("700") { Face::Bold } else { Face::Regular };
        let characters = value("unicode-range")
            .unwrap_or("")
            .split(',')
            .filter_map(|it| char::from_u32(u32::from_str_radix(it.trim().strip_prefix("U+")?, 16).ok()?));
        if value("src").is_some_and(|it| it.contains("data:font/")) {
            found.push((face, characters.collect()));
        }
    }
    found
}

/// 11: names, roles and sentences for whoever does not see the picture.
pub(super) fn readable(page: &Page<'_>, known: Option<&Known<'_>>) -> Check {
    let mut check = Check::new(11, "whoever does not see it has every fact in words");
    let root = page.root;
    check.expect(root.attribute("role") == Some("img"), || "the picture has not the role `img`".to_owned());
    check
        .expect(root.attribute("lang").is_some_and(|it| !it.is_empty()), || "the picture names no language".to_owned());
    let ids: BTreeSet<&str> = root.descendants().filter_map(|it| it.attribute("id")).collect();
    let named_by: Vec<&str> = root.attribute("aria-labelledby").unwrap_or("").split_ascii_whitespace().collect();
    check.expect(!named_by.is_empty() && named_by.iter().all(|it| ids.contains(it)), || {
        "the picture is not named by its title and description (aria-labelledby)".to_owned()
    });
    let title = own(root, "title").map_or(String::new(), |it| plain(&it));
    check.expect(!title.is_empty(), || "the picture has no <title>".to_owned());
    let heading = root.descendants().find(|it| has_class(*it, "title")).map_or(String::new(), |it| page.text_of(it));
    check.expect(heading.is_empty() || heading == title, || {
        format!("the <title> is “{}”, the heading “{}”", shortened(&title), shortened(&heading))
    });
    let desc = root.children().find(|it| it.is_element() && it.tag_name().name() == "desc");
    match desc {
        Some(desc) => described(page, desc, known, &mut check),
        None => check.error("the picture has no <desc>".to_owned()),
    }
    for element in root.descendants().filter(|it| ["node", "arrow"].iter().any(|class| has_class(*it, class))) {
        check.expect(own(element, "title").is_some_and(|it| !it.trim().is_empty()), || {
            format!("{} has no <title>", super::name_of(element))
        });
    }
    for entry in &page.entries {
        check.expect(!entry.text.is_empty(), || format!("{} has no text", entry.fact));
    }
    check
}

/// The text of a child element.
fn own(element: Element<'_>, name: &str) -> Option<String> {
    element
        .children()
        .find(|it| it.is_element() && it.tag_name().name() == name)
        .map(|it| it.text().unwrap_or("").to_owned())
}

/// More than any newsroom's system takes without question.
const LARGE: usize = 500_000;

/// 12: ids name one thing each, and the file is of a size that can be sent.
pub(super) fn file(page: &Page<'_>, bytes: usize) -> Check {
    let mut check = Check::new(12, "ids are unique, references lead somewhere, the file is small");
    let mut ids = BTreeSet::new();
    for id in page.root.descendants().filter_map(|it| it.attribute("id")) {
        check.expect(ids.insert(id), || format!("the id `{}` stands twice", shortened(id)));
    }
    for element in page.root.descendants() {
        for attribute in element.attributes().filter(|it| it.name().starts_with("connection-")) {
            let id = attribute.value().trim_start_matches('#');
            check.expect(ids.contains(id), || {
                format!("{}: {} leads to no element", super::name_of(element), attribute.name())
            });
        }
    }
    if bytes > LARGE {
        check.warn(format!("the file has {bytes} bytes"));
    }
    check
}
