//! How to draw.

use std::collections::BTreeMap;

use super::{LeftOut, Together};

/// Where the things stand that went from one to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Items {
    /// On the arrows.
    #[default]
    Labels,
    /// In boxes of their own, one for each bundle: a box that two bundles shared would show links nobody claimed.
    Nodes,
}

impl Items {
    /// Both.
    pub const ALL: [Items; 2] = [Items::Labels, Items::Nodes];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Items::Labels => "labels",
            Items::Nodes => "nodes",
        }
    }

    /// The place of that word.
    pub fn from_word(word: &str) -> Option<Items> {
        Items::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// How large a picture is, in CSS pixels. Each size is laid out for itself; nothing is scaled down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// 360 wide, as high as it must be.
    Phone,
    /// 600 wide, as high as it must be.
    #[default]
    Column,
    /// 1200 wide, as high as it must be.
    Wide,
    /// Exactly so wide and so high.
    Exact {
        /// Width in CSS pixels.
        width: u32,
        /// Height in CSS pixels.
        height: u32,
    },
}

impl Size {
    /// Width in CSS pixels.
    pub fn width(self) -> u32 {
        match self {
            Size::Phone => 360,
            Size::Column => 600,
            Size::Wide => 1200,
            Size::Exact { width, .. } => width,
        }
    }

    /// Height in CSS pixels, if it is given.
    pub fn height(self) -> Option<u32> {
        match self {
            Size::Exact { height, .. } => Some(height),
            _ => None,
        }
    }

    /// `phone`, `column`, `wide` or `800x600`. Sides are from 200 to 10,000.
    ///
    /// ```
    /// use purvey::draw::Size;
    ///
    /// assert_eq!(Size::from_word("phone"), Some(Size::Phone));
    /// assert_eq!(Size::from_word("800x600"), Some(Size::Exact { width: 800, height: 600 }));
    /// assert_eq!(Size::from_word("8x6"), None);
    /// ```
    pub fn from_word(word: &str) -> Option<Size> {
        let side = |text: &str| text.parse::<u32>().ok().filter(|it| (200..=10_000).contains(it));
        match word {
            "phone" => Some(Size::Phone),
            "column" => Some(Size::Column),
            "wide" => Some(Size::Wide),
            _ => {
                let (width, height) = word.split_once('x')?;
                Some(Size::Exact { width: side(width)?, height: side(height)? })
            }
        }
    }

    /// The word that [`Size::from_word`] reads.
    pub fn to_word(self) -> String {
        match self {
            Size::Phone => "phone".to_owned(),
            Size::Column => "column".to_owned(),
            Size::Wide => "wide".to_owned(),
            Size::Exact { width, height } => format!("{width}x{height}"),
        }
    }
}

/// The colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaletteName {
    /// On white; where a reader prefers dark, the dark one.
    #[default]
    Light,
    /// On near black.
    Dark,
    /// Greys on white, for newsprint.
    Print,
}

impl PaletteName {
    /// All palettes.
    pub const ALL: [PaletteName; 3] = [PaletteName::Light, PaletteName::Dark, PaletteName::Print];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            PaletteName::Light => "light",
            PaletteName::Dark => "dark",
            PaletteName::Print => "print",
        }
    }

    /// The palette of that word.
    pub fn from_word(word: &str) -> Option<PaletteName> {
        PaletteName::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// What decides where things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The layout inside the program.
    #[default]
    BuiltIn,
    /// Graphviz `dot`, where it is installed: in layers.
    Dot,
    /// Graphviz `neato`: by springs.
    Neato,
    /// Graphviz `fdp`: by forces.
    Fdp,
}

impl Engine {
    /// All engines.
    pub const ALL: [Engine; 4] = [Engine::BuiltIn, Engine::Dot, Engine::Neato, Engine::Fdp];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Engine::BuiltIn => "layered",
            Engine::Dot => "dot",
            Engine::Neato => "neato",
            Engine::Fdp => "fdp",
        }
    }

    /// The engine of that word.
    pub fn from_word(word: &str) -> Option<Engine> {
        Engine::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// What a line of small text in each box tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// Nothing.
    #[default]
    None,
    /// The country that it is part of.
    Country,
    /// What it is: organization, person, place …
    Kind,
}

impl Group {
    /// All groupings.
    pub const ALL: [Group; 3] = [Group::None, Group::Country, Group::Kind];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Group::None => "none",
            Group::Country => "country",
            Group::Kind => "kind",
        }
    }

    /// The grouping of that word.
    pub fn from_word(word: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// A place that somebody chose for an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// The id of the entity.
    pub entity: String,
    /// Where its middle stands, as a share of the width of the drawing: 0 is left, 1 is right.
    pub x: f64,
    /// The same from top (0) to bottom (1) of the drawing without title and small print.
    pub y: f64,
}

/// How to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawOptions {
    /// Where the things stand that went from one to another.
    pub items: Items,
    /// One arrow a fact, instead of one arrow with a list for all facts between two.
    pub separate: bool,
    /// The title; none: the question.
    pub title: Option<String>,
    /// A timeline in place of boxes and arrows.
    pub timeline: bool,
    /// What stands below the title.
    pub subtitle: Option<String>,
    /// Who made the picture.
    pub credit: Option<String>,
    /// How large.
    pub size: Size,
    /// The colours.
    pub palette: PaletteName,
    /// What decides where things stand.
    pub engine: Engine,
    /// What a line of small text in each box tells.
    pub group: Group,
    /// Ids of entities that are emphasised; none: the one that is asked about.
    pub focus: Vec<String>,
    /// Ids of entities in the order in which they should stand, from left to right and from top to bottom.
    pub order: Vec<String>,
    /// Places that somebody chose.
    pub pins: Vec<Pin>,
    /// Other words for facts, by id. Whoever gives them has checked that no figure and no hedge is lost.
    pub wording: BTreeMap<String, String>,
    /// More sentences for below the picture.
    pub remarks: Vec<String>,
    /// Who stands in one box with others.
    pub together: Vec<Together>,
    /// Facts that are left out on purpose.
    pub left_out: LeftOut,
}
