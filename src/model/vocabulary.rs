//! The vocabulary: which kinds of fact there are, with which roles, figures, verbs and templates.

use super::{Aspect, Conversion, EntityKind, FlowEnd, KindIx, QuestionWords, RoleIx, Terms, UnitIx};

/// A set of kinds of entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntityKinds(u16);

impl EntityKinds {
    /// The set with `kind` added.
    #[must_use]
    pub fn with(self, kind: EntityKind) -> Self {
        Self(self.0 | 1 << kind as u8)
    }

    /// Whether `kind` is in the set.
    pub fn contains(self, kind: EntityKind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// The kinds in the set, in their order.
    pub fn iter(self) -> impl Iterator<Item = EntityKind> {
        EntityKind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

/// A role of a kind of fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSpec {
    /// Its name, by position in [`Vocabulary::roles`].
    pub role: RoleIx,
    /// The end of the flow that it stands for.
    pub flow: Option<FlowEnd>,
    /// The kinds of entity that may fill it.
    pub accepts: EntityKinds,
    /// Whether a record must fill it.
    pub required: bool,
    /// What one calls whoever fills it: "supplier", "members".
    pub nouns: Vec<Box<str>>,
    /// Words before it in a question: "aboard". A role that is an end of a flow has the usual ones without being told.
    pub after: Vec<Box<str>>,
}

/// A figure of a kind of fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureSpec {
    /// Its name in records.
    pub name: Box<str>,
    /// The unit of a figure that names none.
    pub unit: Option<UnitIx>,
    /// Verbs of the kind that ask for it, besides its name: "how many died".
    pub verbs: Vec<Box<str>>,
}

/// The line of a kind in a diagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineStyle {
    /// ────
    #[default]
    Solid,
    /// ╌╌╌╌
    Dashed,
    /// ┄┄┄┄
    Dotted,
    /// ━━━━
    Bold,
}

impl LineStyle {
    /// All styles, in their order.
    pub const ALL: [LineStyle; 4] = [LineStyle::Solid, LineStyle::Dashed, LineStyle::Dotted, LineStyle::Bold];

    /// The word in a vocabulary and in DOT.
    pub fn as_str(self) -> &'static str {
        match self {
            LineStyle::Solid => "solid",
            LineStyle::Dashed => "dashed",
            LineStyle::Dotted => "dotted",
            LineStyle::Bold => "bold",
        }
    }
}

/// What the rules take the facts of a kind for. The rules ask for this, never for a kind's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// The source belongs to the target, which speaks for it too.
    Membership,
    /// A cap, a ban or an embargo; the first figure is its limit.
    Measure,
    /// The source broke the rule that is the target.
    Violation,
    /// The source does it by saying so: a sanction, a veto. That it says so is no admission.
    Announcement,
}

impl Meaning {
    /// All meanings, in their order.
    pub const ALL: [Meaning; 4] = [Meaning::Membership, Meaning::Measure, Meaning::Violation, Meaning::Announcement];

    /// The word in a vocabulary.
    pub fn as_str(self) -> &'static str {
        match self {
            Meaning::Membership => "membership",
            Meaning::Measure => "measure",
            Meaning::Violation => "violation",
            Meaning::Announcement => "announcement",
        }
    }
}

/// A kind of fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name in kebab-case: `forced-transfer`.
    pub id: Box<str>,
    /// What people call one fact of the kind.
    pub noun: Box<str>,
    /// What they call several.
    pub plural: Box<str>,
    /// What the rules take it for, if for anything.
    pub meaning: Option<Meaning>,
    /// How its period is meant.
    pub aspect: Aspect,
    /// Whether `who` lists it without being asked for the kind.
    pub flow: bool,
    /// Whether `path` walks it.
    pub walk: bool,
    /// Whether it is walked both ways.
    pub symmetric: bool,
    /// Its roles, in the order declared.
    pub roles: Vec<RoleSpec>,
    /// Its figures, in the order declared; the first is the quantity.
    pub figures: Vec<FigureSpec>,
    /// Further nouns for facts of it, singular and plural: "delivery", "deliveries".
    pub nouns: Vec<Box<str>>,
    /// The verbs that a question may use of its source, every form: "supplied".
    pub verbs: Vec<Box<str>>,
    /// Those of its target: "received".
    pub target_verbs: Vec<Box<str>>,
    /// Those of its object, which have no passive: "went".
    pub object_verbs: Vec<Box<str>>,
    /// Template of an arrow's label.
    pub label: Template,
    /// Templates of a sentence, the first that fits is used.
    pub sentences: Vec<Template>,
    /// Templates of the same act as something that need not have happened: `{from} to supply {what}`.
    pub infinitives: Vec<Template>,
    /// Its line in a diagram.
    pub style: LineStyle,
}

impl Kind {
    /// The name as a record writes it: `ForcedTransfer`.
    pub fn camel_case(&self) -> String {
        camel_case(&self.id)
    }

    /// The role of that position.
    pub fn role(&self, role: RoleIx) -> Option<&RoleSpec> {
        self.roles.iter().find(|it| it.role == role)
    }

    /// The role whose participant stands at an end.
    pub fn role_of(&self, end: FlowEnd) -> Option<&RoleSpec> {
        self.roles.iter().find(|it| it.flow == Some(end))
    }

    /// The position of the figure with that name.
    pub fn figure(&self, name: &str) -> Option<u8> {
        let at = self.figures.iter().position(|it| &*it.name == name)?;
        u8::try_from(at).ok()
    }
}

/// `forced-transfer` as `ForcedTransfer`.
///
/// ```
/// assert_eq!(purvey::model::camel_case("forced-transfer"), "ForcedTransfer");
/// ```
pub fn camel_case(kebab: &str) -> String {
    kebab
        .split('-')
        .flat_map(|part| {
            let mut chars = part.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars)
        })
        .collect()
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands.
    Text(Box<str>),
    /// `{name}`.
    Field(Box<str>),
    /// `[…]`: left out if a field in it is missing.
    Optional(Vec<Piece>),
}

/// A template with fields, such as `{from} supplied {what}[ to {to}]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Its pieces in order.
    pub pieces: Vec<Piece>,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// Byte in the template.
    pub at: usize,
    /// What is wrong.
    pub message: &'static str,
}

impl Template {
    /// Reads a template: `{field}`, `[optional part]`, everything else is text. Parts do not nest.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] for a bracket that is not closed, opened twice or closed without being open.
    ///
    /// ```
    /// use purvey::model::Template;
    ///
    /// let template = Template::parse("{from} supplied {what}[ to {to}]")?;
    /// let fill = |field: &str| (field != "to").then(|| field.to_uppercase());
    /// assert_eq!(template.fill(&fill).as_deref(), Some("FROM supplied WHAT"));
    /// assert!(Template::parse("{from").is_err());
    /// # Ok::<(), purvey::model::TemplateError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Template, TemplateError> {
        let mut pieces = Vec::new();
        let mut optional: Option<Vec<Piece>> = None;
        let mut rest = text;
        while !rest.is_empty() {
            let at = text.len() - rest.len();
            let error = |message| Err(TemplateError { at, message });
            let piece = if let Some(after) = rest.strip_prefix('{') {
                let Some((name, after)) = after.split_once('}') else { return error("`{` is not closed") };
                if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
                    return error("a field's name is lower-case letters and `_`");
                }
                rest = after;
                Piece::Field(name.into())
            } else if let Some(after) = rest.strip_prefix('[') {
                if optional.replace(Vec::new()).is_some() {
                    return error("`[` inside `[…]`");
                }
                rest = after;
                continue;
            } else if let Some(after) = rest.strip_prefix(']') {
                rest = after;
                match optional.take() {
                    Some(inner) => Piece::Optional(inner),
                    None => return error("`]` without `[`"),
                }
            } else if rest.starts_with('}') {
                return error("`}` without `{`");
            } else {
                let end = rest.find(['{', '[', ']', '}']).unwrap_or(rest.len());
                let (plain, after) = rest.split_at(end);
                rest = after;
                Piece::Text(plain.into())
            };
            match optional.as_mut() {
                Some(inner) => inner.push(piece),
                None => pieces.push(piece),
            }
        }
        match optional {
            Some(_) => Err(TemplateError { at: text.len(), message: "`[` is not closed" }),
            None => Ok(Template { pieces }),
        }
    }

    /// The text with each field filled in; `None` if a field outside brackets has no value.
    pub fn fill(&self, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        fill(&self.pieces, value)
    }

    /// Names of all fields, in order.
    pub fn fields(&self) -> Vec<&str> {
        fn walk<'t>(pieces: &'t [Piece], found: &mut Vec<&'t str>) {
            for piece in pieces {
                match piece {
                    Piece::Text(_) => {}
                    Piece::Field(name) => found.push(name),
                    Piece::Optional(inner) => walk(inner, found),
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.pieces, &mut found);
        found
    }
}

fn fill(pieces: &[Piece], value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Field(name) => text.push_str(&value(name)?),
            Piece::Optional(inner) => text.push_str(&fill(inner, value).unwrap_or_default()),
        }
    }
    Some(text)
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Kinds of fact, in the order of their ids.
    pub kinds: Vec<Kind>,
    /// Names of roles, in alphabetical order.
    pub roles: Vec<Box<str>>,
    /// Units, hedges and the margin of an approximate figure.
    pub terms: Terms,
    /// What units make of other units, by [`Conversion::from`]: at most one of each, without circles.
    pub conversions: Vec<Conversion>,
    /// Words of questions, by their meaning.
    pub words: Vec<QuestionWords>,
    /// Questions that are understood, for help.
    pub examples: Vec<Box<str>>,
    /// Names that nobody has misspelt, although they are like others: "Slovenia".
    pub strangers: Vec<Box<str>>,
}

impl Vocabulary {
    /// The kind of that position.
    pub fn kind(&self, kind: KindIx) -> Option<&Kind> {
        self.kinds.get(kind.index())
    }

    /// The position of the kind with that id.
    pub fn kind_ix(&self, id: &str) -> Option<KindIx> {
        self.kinds.binary_search_by(|it| (*it.id).cmp(id)).ok().map(KindIx::from_usize)
    }

    /// The position of a role's name.
    pub fn role_ix(&self, name: &str) -> Option<RoleIx> {
        self.roles.binary_search_by(|it| (**it).cmp(name)).ok().map(RoleIx::from_usize)
    }

    /// The name of a role.
    pub fn role_name(&self, role: RoleIx) -> &str {
        self.roles.get(role.index()).map_or("", |it| it)
    }
}
