//! What a diagram spec says: questions, and how to draw their answer. Names are as typed.

/// A diagram as somebody asks for it, to be made again the same.
///
/// # Example
///
/// ```
/// use purvey::model::DiagramSpec;
///
/// let spec = DiagramSpec { questions: vec!["who --to Russia".to_owned()], ..DiagramSpec::default() };
/// assert!(spec.size.is_none() && !spec.split);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiagramSpec {
    /// Questions, as commands or in plain English, whose answers are drawn as one.
    pub questions: Vec<String>,
    /// What stands above it.
    pub title: Option<String>,
    /// What stands below the title.
    pub subtitle: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// A word for the size of the page; whoever draws knows the words for this and for the next four.
    pub size: Option<String>,
    /// A word for the colours.
    pub palette: Option<String>,
    /// A word for what places the boxes.
    pub layout: Option<String>,
    /// A word for what groups the boxes.
    pub group_by: Option<String>,
    /// A word for where items stand.
    pub items: Option<String>,
    /// One arrow a fact.
    pub separate: bool,
    /// Entities to emphasise.
    pub highlight: Vec<String>,
    /// Entities in the order in which they should stand.
    pub order: Vec<String>,
    /// Boxes that stand where they are put.
    pub pins: Vec<Place>,
    /// Facts in other words.
    pub wordings: Vec<Wording>,
    /// Sentences below the picture.
    pub notes: Vec<String>,
    /// Entities drawn as one, one way after the other.
    pub collapse: Vec<Collapse>,
    /// Only so many entities.
    pub top: Option<usize>,
    /// Several figures.
    pub split: bool,
    /// A timeline in place of a network.
    pub timeline: bool,
}

/// A box that stands where it is put, on a page of whatever size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose box.
    pub entity: String,
    /// The middle of the box, in per cent of the drawing from its left: 0 to 100.
    pub x: u64,
    /// The same from its top.
    pub y: u64,
}

/// A fact in other words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The id of the fact.
    pub fact: String,
    /// What stands on its arrow, without marks and numbers of sources, which follow by themselves.
    pub text: String,
}

/// What is drawn as one box, to have fewer of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collapse {
    /// Members of one group.
    Members,
    /// Organisations of one country.
    Organisations,
    /// Those of one kind that have facts with one other only.
    Small,
}

impl Collapse {
    /// All, in their order.
    pub const ALL: [Collapse; 3] = [Collapse::Members, Collapse::Organisations, Collapse::Small];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Collapse::Members => "members",
            Collapse::Organisations => "organisations",
            Collapse::Small => "small",
        }
    }
}

/// A part of a spec that may name what is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpecPart {
    /// A question, by its position.
    Question(usize),
    /// The size.
    Size,
    /// The colours.
    Palette,
    /// What places the boxes.
    Layout,
    /// What groups the boxes.
    GroupBy,
    /// Where items stand.
    Items,
    /// An entity to emphasise.
    Highlight(usize),
    /// An entity of the order.
    Order(usize),
    /// The entity of a pin.
    PinEntity(usize),
    /// The place of a pin.
    PinPlace(usize),
    /// The fact of a wording.
    WordingFact(usize),
    /// The text of a wording.
    WordingText(usize),
}
