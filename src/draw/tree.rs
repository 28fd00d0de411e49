//! A written SVG, read again for the formats that are made of it. Only the fonts of the set draw; nothing is fetched.

use std::collections::BTreeMap;
use std::sync::Arc;

use resvg::usvg::{FontResolver, ImageHrefResolver, Options, Tree, fontdb};

use super::font::{Face, FontSet};

/// The picture that `svg` describes, with its text laid out.
///
/// # Errors
///
/// The reader's words, if it is no SVG.
pub(crate) fn tree(svg: &[u8], fonts: &FontSet) -> Result<Tree, String> {
    let (database, ids) = database(fonts);
    let options = Options {
        font_family: fonts.families().first().map_or(String::new(), |it| (*it).to_owned()),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        font_resolver: resolver(fonts, ids),
        fontdb: Arc::new(database),
        ..Options::default()
    };
    Tree::from_data(svg, &options).map_err(|it| it.to_string())
}

/// The fonts of the set in the order in which it asks them, each with its name in the database.
fn database(fonts: &FontSet) -> (fontdb::Database, Vec<fontdb::ID>) {
    let mut database = fontdb::Database::new();
    let mut ids = Vec::new();
    for (data, index) in fonts.files() {
        let loaded = database.load_font_source(fontdb::Source::Binary(data));
        let of_index = |it: &&fontdb::ID| database.face(**it).is_some_and(|it| it.index == index);
        // What the set could read but the database cannot still takes its place.
        ids.push(loaded.iter().find(of_index).copied().unwrap_or(fontdb::ID::dummy()));
    }
    (database, ids)
}

/// Which font draws what: as the set says, whatever families the picture names.
fn resolver(fonts: &FontSet, ids: Vec<fontdb::ID>) -> FontResolver<'_> {
    let id = |at: usize, ids: &[fontdb::ID]| ids.get(at).copied().filter(|it| *it != fontdb::ID::dummy());
    let first: BTreeMap<Face, Option<fontdb::ID>> =
        Face::ALL.into_iter().map(|face| (face, fonts.font_of(' ', face).and_then(|at| id(at, &ids)))).collect();
    let bold = first.get(&Face::Bold).copied().flatten();
    let regular = first.get(&Face::Regular).copied().flatten();
    FontResolver {
        select_font: Box::new(move |font, _| if font.weight() >= 600 { bold } else { regular }),
        select_fallback: Box::new(move |c, used, _| {
            let face = if used.first().is_some_and(|it| Some(*it) == bold) { Face::Bold } else { Face::Regular };
            fonts.font_of(c, face).and_then(|at| id(at, &ids)).filter(|it| !used.contains(it))
        }),
    }
}
