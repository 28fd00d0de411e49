//! What CSS and presentation attributes together make of an element, on light and on dark screens.

use simplecss::{AttributeOperator, DeclarationTokenizer, PseudoClass, StyleSheet};

use super::read::Element;

/// On which screens a picture is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Screen {
    /// As it is without rules for anything else.
    Light,
    /// With the rules for readers who prefer dark.
    Dark,
}

/// The rules of a picture.
pub(super) struct Styles<'a> {
    light: StyleSheet<'a>,
    dark: Option<StyleSheet<'a>>,
}

impl<'a> Styles<'a> {
    pub(super) fn new(css: &'a str) -> Styles<'a> {
        let light = StyleSheet::parse(css);
        let dark = dark_rules(css).map(|rules| {
            let mut both = light.clone();
            both.parse_more(rules);
            both
        });
        Styles { light, dark }
    }

    /// The screens for which the picture has colours.
    pub(super) fn screens(&self) -> &'static [Screen] {
        if self.dark.is_some() { &[Screen::Light, Screen::Dark] } else { &[Screen::Light] }
    }

    /// A property as it is set on an element itself: by its `style`, else by the strongest rule, else as attribute.
    pub(super) fn own(&self, element: Element<'a>, name: &str, screen: Screen) -> Option<&'a str> {
        let mut inline = DeclarationTokenizer::from(element.attribute("style").unwrap_or(""));
        if let Some(found) = inline.find(|it| it.name == name) {
            return Some(found.value);
        }
        let sheet = match (screen, &self.dark) {
            (Screen::Dark, Some(dark)) => dark,
            _ => &self.light,
        };
        let by_rule = sheet
            .rules
            .iter()
            .rev()
            .filter(|it| it.selector.matches(&Matched(element)))
            .find_map(|it| it.declarations.iter().rev().find(|it| it.name == name));
        by_rule.map(|it| it.value).or_else(|| element.attribute(name))
    }

    /// The same, or what the elements around it pass on.
    pub(super) fn inherited(&self, element: Element<'a>, name: &str, screen: Screen) -> Option<&'a str> {
        element.ancestors().filter(|it| it.is_element()).find_map(|it| self.own(it, name, screen)).map(str::trim)
    }

    /// How opaque it is, with what the groups around it take away.
    pub(super) fn opacity(&self, element: Element<'a>, screen: Screen) -> f64 {
        let around = element.ancestors().filter(|it| it.is_element());
        around
            .filter_map(|it| self.own(it, "opacity", screen)?.trim().parse::<f64>().ok())
            .product::<f64>()
            .clamp(0.0, 1.0)
    }

    /// Whether it is drawn at all.
    pub(super) fn is_shown(&self, element: Element<'a>, screen: Screen) -> bool {
        let gone = element.ancestors().any(|it| it.is_element() && self.own(it, "display", screen) == Some("none"));
        let hidden = matches!(self.inherited(element, "visibility", screen), Some("hidden" | "collapse"));
        !gone && !hidden
    }
}

/// The inside of the rule for readers who prefer dark.
fn dark_rules(css: &str) -> Option<&str> {
    for (at, _) in css.match_indices("@media") {
        let rest = css.get(at..)?;
        let open = rest.find('{')?;
        if !rest.get(..open)?.replace(' ', "").contains("prefers-color-scheme:dark") {
            continue;
        }
        let mut depth = 0_usize;
        for (place, c) in rest.char_indices().skip_while(|(place, _)| *place < open) {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return rest.get(open + 1..place);
            }
        }
    }
    None
}

/// An element as selectors see it.
struct Matched<'a>(Element<'a>);

impl simplecss::Element for Matched<'_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(Matched)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(Matched)
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.0.tag_name().name() == name
    }

    fn attribute_matches(&self, name: &str, operator: AttributeOperator<'_>) -> bool {
        self.0.attribute(name).is_some_and(|it| operator.matches(it))
    }

    fn pseudo_class_matches(&self, class: PseudoClass<'_>) -> bool {
        // A page that nobody touches.
        matches!(class, PseudoClass::FirstChild) && self.0.prev_sibling_element().is_none()
    }
}
