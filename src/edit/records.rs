//! Putting records into files, taking them out and renaming them, with every other byte as it was.

use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::ids::{id_places, records};
use super::items::{with_item, without_item};
use super::layout::{laid_out, record_laid_out};
use super::tree::{Tree, tree};
use super::value::Ron;
use crate::load::string_of;
use crate::load::token::{TokenKind, tokens};
use crate::model::{EntityKind, Vocabulary, is_slug, nearest, quoted};

/// What a file begins with that was made for a first record.
const NEW_FILE: &str = "// Begun by `purvey add`; write into it as you like.\n";

/// What stands in the way of a change; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Nothing has that id.
    #[error("nothing has the id `{id}`{}", near.as_ref().map_or(String::new(), |it| format!(": did you mean `{it}`?")))]
    Unknown {
        /// The id.
        id: String,
        /// The id that is nearest.
        near: Option<String>,
    },
    /// Something has that id already.
    #[error("the id `{0}` is taken: choose another one, or join two entities with `purvey merge`")]
    Taken(String),
    /// It is no id.
    #[error("{0}")]
    NoId(#[from] crate::model::SlugError),
    /// Others refer to it.
    #[error("`{id}` is used, so it stays: {}", in_words(uses))]
    Used {
        /// The id.
        id: String,
        /// Who refers to it.
        uses: Vec<Use>,
    },
    /// A fact that is one of several of a record.
    #[error(
        "`{0}` is one of the facts that a record with a list holds: name the record, or take the member out of its list by hand"
    )]
    Member(String),
    /// There is no such claim.
    #[error("`{id}` has {count}, not a claim {wanted}")]
    NoClaim {
        /// The record.
        id: String,
        /// How many there are, in words.
        count: String,
        /// The number given.
        wanted: usize,
    },
    /// A record keeps a claim.
    #[error("that is the only claim of `{0}`: remove the record instead")]
    OnlyClaim(String),
    /// There is nowhere to write to.
    #[error("{0}")]
    NoPlace(String),
}

/// A place that refers to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The id of the record it stands in; empty outside of records.
    pub record: String,
}

fn in_words(uses: &[Use]) -> String {
    let place = |it: &Use| {
        let record = if it.record.is_empty() { String::new() } else { format!("`{}` ", it.record) };
        format!("{record}({}:{})", it.file.display(), it.line)
    };
    let mut all: Vec<String> = uses.iter().take(5).map(place).collect();
    if uses.len() > all.len() {
        all.push(format!("{} more", uses.len() - all.len()));
    }
    all.join(", ")
}

/// Where a new record goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// To the facts of a document.
    Facts {
        /// The document's id.
        document: String,
    },
    /// To the entities of a kind.
    Entities(EntityKind),
}

/// What was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The file.
    pub file: PathBuf,
    /// Whether the file went with it, since it held nothing else.
    pub with_file: bool,
    /// Lines of comments above the record, which stay.
    pub comments: Vec<usize>,
}

/// What was renamed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    /// The files, each with how many places of it changed.
    pub files: Vec<(PathBuf, usize)>,
    /// Comments that name the old id, which stay.
    pub comments: Vec<(PathBuf, usize)>,
}

/// Puts a record into the file where it belongs, and gives that file. What the file's defaults say is left out of the record.
///
/// # Errors
///
/// [`EditError::Taken`], [`EditError::NoId`] or [`EditError::NoPlace`].
pub fn add(
    folder: &mut Folder,
    place: &Place,
    name: &str,
    fields: &[(String, Ron)],
    into: Option<&Path>,
) -> Result<PathBuf, EditError> {
    let id = fields.iter().find_map(|(name, value)| match (name.as_str(), value) {
        ("id", Ron::Text(id)) => Some(id.as_str()),
        _ => None,
    });
    let id = id.unwrap_or_default();
    if !is_slug(id) {
        return Err(crate::model::EntityId::new(id).err().map_or(EditError::NoPlace(String::new()), EditError::NoId));
    }
    if folder.trees().any(|(_, text, tree)| records(text, &tree).any(|(_, _, it)| it == id)) {
        return Err(EditError::Taken(id.to_owned()));
    }
    let path = match into {
        Some(path) => folder.file_inside(path).ok_or_else(|| {
            let message = "a file with records lies in the data folder and ends in `.ron`: name one that does";
            EditError::NoPlace(format!("{}: {message}", path.display()))
        })?,
        None => file_for(folder, place, fields)?,
    };
    if folder.text(&path).is_none() {
        folder.set(&path, new_file(place, fields));
    }
    let text = folder.text(&path).unwrap_or_default().to_owned();
    let tree = tree(&text).ok().flatten();
    let list_name = if matches!(place, Place::Facts { .. }) { "facts" } else { "entities" };
    let list = tree.as_ref().and_then(|it| it.root.field(&text, list_name)).and_then(|it| it.value.as_group());
    let (Some(tree), Some(list)) = (&tree, list) else {
        let message = format!("{} has no list `{list_name}`: write `{list_name}: [],` into it", path.display());
        return Err(EditError::NoPlace(message));
    };
    let fields = without_defaults(fields, &text, tree);
    let record = Ron::Group(name.to_owned(), fields).to_string();
    // Entities of one kind stand together.
    let nth = match place {
        Place::Facts { .. } => None,
        Place::Entities(_) => {
            list.items.iter().rposition(|it| it.value.as_group().is_some_and(|it| it.name_in(&text) == name))
        }
    };
    let nth = nth.or_else(|| list.items.len().checked_sub(1));
    let new = with_item(&text, list, nth, &record);
    folder.set(&path, new);
    Ok(path)
}

/// A record in the one layout, by itself.
///
/// ```
/// use purvey::edit::{Ron, as_text};
///
/// let id = [("id".to_owned(), Ron::text("t"))];
/// assert_eq!(as_text("Theft", &id), r#"Theft(id: "t")"#);
/// ```
pub fn as_text(name: &str, fields: &[(String, Ron)]) -> String {
    let flat = Ron::Group(name.to_owned(), fields.to_vec()).to_string();
    record_laid_out(&flat, "\n", 0).unwrap_or(flat)
}

/// The fields of a record without what the defaults of a file say, and with what contradicts them.
fn without_defaults(fields: &[(String, Ron)], text: &str, tree: &Tree) -> Vec<(String, Ron)> {
    let flat = |at: std::ops::Range<usize>| {
        let raw = text.get(at).unwrap_or("");
        record_laid_out(raw, " ", 0).unwrap_or_default()
    };
    let defaults = tree.root.field(text, "defaults").and_then(|it| it.value.as_group());
    let default = |name: &str| match name {
        "document" => tree.root.field(text, name).map(|it| flat(it.value.bytes())),
        "by" | "via" | "stance" => defaults.and_then(|it| it.field(text, name)).map(|it| flat(it.value.bytes())),
        _ => None,
    };
    let same = |name: &str, value: &Ron| {
        let ours = value.to_string();
        // One document, or a list of it.
        default(name).is_some_and(|it| it == ours || it == format!("[{ours}]") || format!("[{it}]") == ours)
    };
    let mut kept: Vec<(String, Ron)> = fields.iter().filter(|(name, value)| !same(name, value)).cloned().collect();
    let mut against = |name: &str, value: Ron| {
        let given = fields.iter().any(|(it, _)| it == name);
        if !given && default(name).is_some_and(|it| it != value.to_string()) {
            let after = kept.iter().rposition(|(it, _)| matches!(it.as_str(), "by" | "document" | "via"));
            kept.insert(after.map_or(kept.len(), |it| it + 1), (name.to_owned(), value));
        }
    };
    // Whoever says it as the file's defaults have it says it so; somebody else says it through nobody.
    let by = fields.iter().find(|(name, _)| name == "by");
    if by.is_some_and(|(name, value)| !same(name, value)) {
        against("via", Ron::List(Vec::new()));
        against("stance", Ron::Word("states".to_owned()));
    }
    kept
}

/// The file that a record belongs into, perhaps one yet to be made.
fn file_for(folder: &Folder, place: &Place, fields: &[(String, Ron)]) -> Result<PathBuf, EditError> {
    let by = fields.iter().find(|(name, _)| name == "by").map(|(_, value)| value.to_string());
    let mut best: Option<(usize, PathBuf)> = None;
    let mut with_entities: Vec<PathBuf> = Vec::new();
    for (path, text, tree) in folder.trees() {
        let list = |name: &str| tree.root.field(text, name).and_then(|it| it.value.as_group());
        let worth = match place {
            Place::Facts { document } => {
                let Some(_) = list("facts") else { continue };
                let own = tree.root.field(text, "document");
                let own = own.and_then(|it| string_of(text.get(it.value.bytes())?)).map(|it| it.into_owned());
                if own.as_deref() != Some(document) {
                    continue;
                }
                let default = tree.root.field(text, "defaults").and_then(|it| it.value.as_group()?.field(text, "by"));
                let default = default.and_then(|it| text.get(it.value.bytes()));
                1 + usize::from(default.is_some() && default == by.as_deref())
            }
            Place::Entities(kind) => {
                let Some(entities) = list("entities") else { continue };
                with_entities.push(path.to_owned());
                let name = crate::model::camel_case(kind.as_str());
                let same = |it: &&super::tree::Item| it.value.as_group().is_some_and(|it| it.name_in(text) == name);
                entities.items.iter().filter(same).count()
            }
        };
        if worth > 0 && best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, path.to_owned()));
        }
    }
    if let Some((_, path)) = best {
        return Ok(path);
    }
    // A small folder has one file for all.
    if let [only] = with_entities.as_slice() {
        return Ok(only.clone());
    }
    let message = "no file is there for it: name a folder with --data, or a file with --into";
    let root = folder.root().ok_or_else(|| EditError::NoPlace(message.to_owned()))?;
    let (below, stem) = match place {
        Place::Facts { document } => ("facts", document.clone()),
        Place::Entities(EntityKind::Document) => ("", "documents".to_owned()),
        Place::Entities(kind) => ("entities", kind.plural().replace(' ', "-")),
    };
    let sub = root.join(below);
    let sub =
        if !below.is_empty() && folder.texts().any(|(it, _)| it.starts_with(&sub)) { sub } else { root.to_owned() };
    let names = (1_usize..).map(|it| if it == 1 { format!("{stem}.ron") } else { format!("{stem}-{it}.ron") });
    let free = names.map(|it| sub.join(it)).find(|it| folder.text(it).is_none() && !it.exists());
    free.ok_or_else(|| EditError::NoPlace(message.to_owned()))
}

fn new_file(place: &Place, fields: &[(String, Ron)]) -> String {
    match place {
        Place::Facts { document } => {
            let by = fields.iter().find(|(name, _)| name == "by");
            let defaults = by.map_or(String::new(), |(_, by)| format!("    defaults: (by: {by}),\n"));
            format!("{NEW_FILE}(\n    document: {},\n{defaults}    facts: [\n    ],\n)\n", quoted(document))
        }
        Place::Entities(_) => format!("{NEW_FILE}(\n    entities: [\n    ],\n)\n"),
    }
}

/// Takes a record or an entity out of its file, or one claim, counted from 1, out of a record that has several.
///
/// # Errors
///
/// [`EditError::Unknown`], [`EditError::Member`], [`EditError::Used`], [`EditError::NoClaim`] or [`EditError::OnlyClaim`].
pub fn remove(
    folder: &mut Folder,
    id: &str,
    claim: Option<usize>,
    vocabulary: &Vocabulary,
) -> Result<Removed, EditError> {
    let found = folder.trees().find_map(|(path, text, tree)| {
        let (list, nth, _) = records(text, &tree).find(|(_, _, it)| it == id)?;
        let list = list.clone();
        Some((path.to_owned(), text.to_owned(), list, nth))
    });
    let Some((path, text, list, nth)) = found else { return Err(unknown(folder, id)) };
    let item = list.items.get(nth);
    if let Some(wanted) = claim {
        let claims = item.and_then(|it| it.value.as_group()?.field(&text, "claims")?.value.as_group());
        let count = claims.map_or(1, |it| it.items.len());
        if wanted == 0 || wanted > count {
            let count = if count == 1 { "1 claim".to_owned() } else { format!("{count} claims") };
            return Err(EditError::NoClaim { id: id.to_owned(), count, wanted });
        }
        let Some(claims) = claims.filter(|_| count > 1) else { return Err(EditError::OnlyClaim(id.to_owned())) };
        let lead = claims.items.get(wanted - 1).map(|it| it.lead.as_slice()).unwrap_or_default();
        let comments = lead.iter().map(|it| line_of(&text, it.at.start)).collect();
        let new = without_item(&text, claims, wanted - 1);
        folder.set_in_layout(&path, new);
        return Ok(Removed { file: path, with_file: false, comments });
    }
    let uses = uses(folder, id, vocabulary);
    if !uses.is_empty() {
        return Err(EditError::Used { id: id.to_owned(), uses });
    }
    let lead = item.map(|it| it.lead.as_slice()).unwrap_or_default();
    let comments = lead.iter().map(|it| line_of(&text, it.at.start)).collect();
    let new = without_item(&text, &list, nth);
    let with_file = is_left_empty(&new);
    match with_file {
        true => folder.remove(&path),
        false => folder.set_in_layout(&path, new),
    }
    Ok(Removed { file: path, with_file, comments })
}

/// Whether a file that was made for its records has none left, nor anything that somebody wrote into it.
fn is_left_empty(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(NEW_FILE) else { return false };
    let Ok(Some(tree)) = tree(rest) else { return false };
    let empty = |it: &super::tree::Item| it.value.as_group().is_none_or(|it| it.bracket != b'[' || it.items.is_empty());
    let comments = tokens(rest, 0).any(|it| matches!(it.kind, TokenKind::Comment { .. }));
    !comments && tree.root.items.iter().all(empty)
}

/// Gives an entity or a record another id, wherever it is named.
///
/// # Errors
///
/// [`EditError::Unknown`], [`EditError::Member`], [`EditError::Taken`] or [`EditError::NoId`].
pub fn rename(folder: &mut Folder, old: &str, new: &str, vocabulary: &Vocabulary) -> Result<Renamed, EditError> {
    crate::model::EntityId::new(new)?;
    let has = |id: &str| folder.trees().any(|(_, text, tree)| records(text, &tree).any(|(_, _, it)| it == id));
    if !has(old) {
        return Err(unknown(folder, old));
    }
    if has(new) {
        return Err(EditError::Taken(new.to_owned()));
    }
    let mut renamed = Renamed::default();
    let mut texts: Vec<(PathBuf, String)> = Vec::new();
    for (path, text, tree) in folder.trees() {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        let mut count = 0;
        for place in id_places(text, &tree, vocabulary) {
            // A member of a list has the id of its record and its own, `a6/missile`.
            let parts: Vec<&str> = place.id.split('/').collect();
            if !parts.contains(&old) {
                continue;
            }
            let parts: Vec<&str> = parts.into_iter().map(|it| if it == old { new } else { it }).collect();
            out.push_str(text.get(from..place.at.start).unwrap_or(""));
            out.push_str(&quoted(&parts.join("/")));
            from = place.at.end;
            count += 1;
        }
        out.push_str(text.get(from..).unwrap_or(""));
        if count > 0 {
            renamed.files.push((path.to_owned(), count));
            texts.push((path.to_owned(), out));
        }
        let comments = tokens(text, 0).filter(|it| matches!(it.kind, TokenKind::Comment { .. }));
        let named = comments.filter(|it| text.get(it.start..it.end).is_some_and(|it| has_word(it, old)));
        renamed.comments.extend(named.map(|it| (path.to_owned(), line_of(text, it.start))));
    }
    for (path, text) in texts {
        folder.set_in_layout(&path, text);
    }
    Ok(renamed)
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|it| it == word)
}

/// The places that refer to an entity or a record, but those within the record itself.
pub fn uses(folder: &Folder, id: &str, vocabulary: &Vocabulary) -> Vec<Use> {
    let mut found = Vec::new();
    for (path, text, tree) in folder.trees() {
        let places = id_places(text, &tree, vocabulary).into_iter();
        let refers = places.filter(|it| !it.defines && it.record != id && it.id.split('/').any(|part| part == id));
        found.extend(refers.map(|it| Use {
            file: path.to_owned(),
            line: line_of(text, it.at.start),
            record: it.record,
        }));
    }
    found
}

fn unknown(folder: &Folder, id: &str) -> EditError {
    let all: Vec<String> = folder
        .trees()
        .flat_map(|(_, text, tree)| records(text, &tree).map(|(_, _, it)| it).collect::<Vec<_>>())
        .collect();
    if let Some((record, _)) = id.split_once('/')
        && all.iter().any(|it| it == record)
    {
        return EditError::Member(id.to_owned());
    }
    EditError::Unknown { id: id.to_owned(), near: nearest(id, all.iter().map(String::as_str)).map(str::to_owned) }
}

/// The line of a byte, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    1 + text.get(..at).unwrap_or("").matches('\n').count()
}

/// Gives every file its one layout; files that are none stay as they are and are told, with the byte and the reason.
pub fn lay_out(folder: &mut Folder) -> Vec<(PathBuf, usize, &'static str)> {
    let mut refused = Vec::new();
    let mut new: Vec<(PathBuf, String)> = Vec::new();
    for (path, text) in folder.texts() {
        match laid_out(text) {
            Ok(laid) if laid == text && !folder.is_marked(path) => {}
            Ok(laid) => new.push((path.to_owned(), laid)),
            Err(error) => refused.push((path.to_owned(), error.at, error.message)),
        }
    }
    for (path, text) in new {
        folder.unmark(&path);
        folder.set(&path, text);
    }
    refused
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::load::load_vocabulary;

    fn folder(text: &str) -> Folder {
        Folder::of_texts([(PathBuf::from("x.ron"), text.to_owned())])
    }

    fn fields(id: &str) -> Vec<(String, Ron)> {
        vec![("id".to_owned(), Ron::text(id)), ("name".to_owned(), Ron::text("Name"))]
    }

    #[test]
    fn what_goes_in_comes_out_with_the_same_bytes() {
        let vocabulary = load_vocabulary(&[]).0;
        for text in [
            "(entities: [])",
            "(entities: [\n])",
            "(entities: [ // none yet\n])",
            "(entities: [\r\n\tPlace(id: \"a\", name: \"A\"), // seen\r\n\t// more\r\n\tCountry(id: \"b\", name: \"B\")\r\n])\r\n",
            "(entities: [Place(id: \"a\", name: \"(\"), Place(id: \"b\", name: \"]\")])",
            "(entities: [Place(id: \"a\", name: \"A\") /* , */ , /* ] */ ], facts: [])",
            "(entities: [\n    Place(id: \"a\", name: \"A\"),\n\n    // next\n    Country(id: \"b\", name: \"B\"),\n])",
        ] {
            let mut it = folder(text);
            let file = add(&mut it, &Place::Entities(EntityKind::Place), "Place", &fields("new"), None).unwrap();
            assert!(it.text(&file).unwrap().contains("Place(id: \"new\", name: \"Name\")"));
            assert!(tree(it.text(&file).unwrap()).is_ok(), "{}", it.text(&file).unwrap());
            remove(&mut it, "new", None, &vocabulary).unwrap();
            assert!(it.changes().is_empty(), "{text}\n{:?}", it.text(&file));
        }
    }

    #[test]
    fn defaults_are_not_repeated_and_what_contradicts_them_is_told() {
        let text = "(\n    document: \"d\",\n    defaults: (by: \"m\", via: [\"r\"], stance: alleges),\n    facts: [\n    ],\n)\n";
        for (by, via, expected) in [
            ("m", None, "Theft(id: \"t\"),"),
            ("m", Some("q"), "Theft(id: \"t\", via: \"q\"),"),
            ("n", None, "Theft(id: \"t\", by: \"n\", via: [], stance: states),"),
        ] {
            let mut it = folder(text);
            let mut fields = vec![
                ("id".to_owned(), Ron::text("t")),
                ("document".to_owned(), Ron::text("d")),
                ("by".to_owned(), Ron::text(by)),
            ];
            fields.extend(via.map(|it| ("via".to_owned(), Ron::text(it))));
            let file = add(&mut it, &Place::Facts { document: "d".to_owned() }, "Theft", &fields, None).unwrap();
            assert!(it.text(&file).unwrap().contains(expected), "{}", it.text(&file).unwrap());
        }
    }

    #[test]
    fn a_new_file_goes_with_its_last_record() {
        let vocabulary = load_vocabulary(&[]).0;
        let mut it = folder("()");
        let record = [("id".to_owned(), Ron::text("t")), ("by".to_owned(), Ron::text("m"))];
        let file = add(&mut it, &Place::Facts { document: "d".to_owned() }, "Theft", &record, None).unwrap();
        insta::assert_snapshot!(it.text(&file).unwrap(), @r#"
        // Begun by `purvey add`; write into it as you like.
        (
            document: "d",
            defaults: (by: "m"),
            facts: [
                Theft(id: "t"),
            ],
        )
        "#);
        assert!(remove(&mut it, "t", None, &vocabulary).unwrap().with_file);
        assert!(it.changes().is_empty());
    }

    #[test]
    fn an_id_is_renamed_wherever_it_stands_and_nowhere_else() {
        let vocabulary = load_vocabulary(&[]).0;
        let text = "(document: \"upi\", defaults: (by: \"upi\", via: [\"upi\"]), facts: [ // of upi\n\
            Supply(id: \"x\", supplier: \"upi\", item: [\"upi\", \"b\"], quantity: \"upi\", note: \"upi\", after: [\"x/upi\"], recipient: Unnamed(of: \"upi\", label: \"upi\"),\n\
            claims: [(by: r\"upi\", scope: \"upi\"), (by: Unnamed(of: \"upi\"))], violates: [(id: \"upi\", by: \"upi\")])],\n\
            entities: [Person(id: \"upi\", name: \"upi\", part_of: \"upi\", aliases: [\"upi\"])], decisions: [Same(a: \"upi\", b: \"y\", keep: \"upi\", by: \"upi\")])";
        let mut it = folder(text);
        let renamed = rename(&mut it, "upi", "reuters", &vocabulary).unwrap();
        assert_eq!((renamed.files[0].1, renamed.comments.len()), (15, 1));
        insta::assert_snapshot!(it.text(Path::new("x.ron")).unwrap(), @r#"
        (document: "reuters", defaults: (by: "reuters", via: ["reuters"]), facts: [ // of upi
        Supply(id: "x", supplier: "reuters", item: ["reuters", "b"], quantity: "upi", note: "upi", after: ["x/reuters"], recipient: Unnamed(of: "reuters", label: "upi"),
        claims: [(by: "reuters", scope: "upi"), (by: Unnamed(of: "reuters"))], violates: [(id: "reuters", by: "reuters")])],
        entities: [Person(id: "reuters", name: "upi", part_of: "reuters", aliases: ["upi"])], decisions: [Same(a: "reuters", b: "y", keep: "reuters", by: "upi")])
        "#);
        rename(&mut it, "reuters", "upi", &vocabulary).unwrap();
        assert_eq!(it.text(Path::new("x.ron")).unwrap(), text.replace("r\"upi\"", "\"upi\""));
        assert_eq!(rename(&mut it, "x", "upi", &vocabulary), Err(EditError::Taken("upi".to_owned())));
        assert!(matches!(rename(&mut it, "x", "A b", &vocabulary), Err(EditError::NoId(_))));
        assert!(
            matches!(rename(&mut it, "upj", "a", &vocabulary), Err(EditError::Unknown { near: Some(near), .. }) if near == "upi")
        );
        assert!(
            matches!(remove(&mut it, "upi", None, &vocabulary), Err(EditError::Used { uses, .. }) if uses.len() == 13)
        );
        assert_eq!(remove(&mut it, "x/upi", None, &vocabulary), Err(EditError::Member("x/upi".to_owned())));
        remove(&mut it, "x", Some(1), &vocabulary).unwrap();
        assert_eq!(remove(&mut it, "x", Some(1), &vocabulary), Err(EditError::OnlyClaim("x".to_owned())));
    }

    proptest! {
        #[test]
        fn add_and_remove_are_the_same_bytes_in_any_list(
            items in prop::collection::vec(("(Place|Country)", prop::sample::select(vec![", // [x])", ",", ",\n", ", /* ] */", " /* , */ ,", ",\n\n // above\n"])), 0..6),
            last in any::<bool>(), end in prop::sample::select(vec!["\n ]", "\n]", " // x\n]"]),
        ) {
            let vocabulary = load_vocabulary(&[]).0;
            let mut text = "(\n entities: [".to_owned();
            for (at, (kind, after)) in items.iter().enumerate() {
                let bare = at + 1 == items.len() && last;
                text.push_str(&format!("\n  {kind}(id: \"e{at}\", name: \"x\"){}", if bare { "" } else { after }));
            }
            text.push_str(end);
            text.push_str(",\n)\n");
            let mut it = folder(&text);
            let file = add(&mut it, &Place::Entities(EntityKind::Place), "Place", &fields("new"), None).unwrap();
            prop_assert!(tree(it.text(&file).unwrap()).is_ok(), "{}", it.text(&file).unwrap());
            remove(&mut it, "new", None, &vocabulary).unwrap();
            prop_assert_eq!(it.text(&file).unwrap(), text);
        }
    }
}
