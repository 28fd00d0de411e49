//! The rules of CSS in a picture: its fonts, and the dark colours where a reader prefers them.

use crate::draw::options::PaletteName;
use crate::draw::palette::{Palette, palette};
use crate::draw::status_style::STATUS_STYLES;

/// What the rules for the dark begin with.
const DARK_RULE: &str = "@media (prefers-color-scheme:dark)";

/// All rules. Only a light picture turns dark: who asks for the print or the dark palette gets that.
pub(super) fn rules(name: PaletteName, faces: &str) -> String {
    let mut rules = faces.to_owned();
    if name == PaletteName::Light {
        rules.push_str(&format!("{DARK_RULE}{{\n{}}}\n", colours(palette(PaletteName::Dark))));
    }
    rules
}

/// Rules that give every class its colour.
fn colours(colours: &Palette) -> String {
    let Palette { page, text, quiet, fill, focus, outline, statuses, apart } = colours;
    let mut rules = format!(
        ".page,.backing{{fill:{page}}}\ntext{{fill:{text}}}\n\
         .badge,.source text,.remark text,.left-out text,.data-date text,.credit text,.legend-item text{{fill:{quiet}}}\n\
         .box{{fill:{fill};stroke:{outline}}}\n.box.focus{{fill:{focus}}}\n.inner{{stroke:{outline}}}\n\
         .tick,.sample.time{{stroke:{quiet}}}\n.sample.time.full{{fill:{quiet}}}\n.date text{{fill:{quiet}}}\n\
         [data-kind=plain] .box{{fill:{page};stroke:none}}\n"
    );
    for (style, colour) in STATUS_STYLES.iter().zip(statuses) {
        let word = style.word;
        rules.push_str(&format!(
            ".status-{word}{{stroke:{colour}}}\n.head.status-{word},.filled.status-{word}{{fill:{colour}}}\n"
        ));
    }
    rules
        .push_str(&format!(".line.apart,.sample.apart{{stroke:{apart}}}\n.head.apart{{stroke:{apart};fill:{page}}}\n"));
    rules
}
