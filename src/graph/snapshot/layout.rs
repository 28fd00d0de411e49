//! How a snapshot lies in a file: a header, a table of sections, and the sections, each a column of rows of one size.
//! `docs/snapshot-format.md` describes it for other programs.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::graph::glance::Glance;
use crate::graph::names::NameEntry;
use crate::graph::view::Step;

/// The first bytes of every snapshot. The last of them are broken by programs that take it for text.
pub(super) const MAGIC: [u8; 8] = *b"purvey\r\n";
/// The version of the format. A reader refuses any other.
pub(super) const VERSION: u32 = 9;
/// Written as a number, so that a file of the other byte order shows.
pub(super) const BYTE_ORDER: u32 = 0x0102_0304;
/// Sections begin at multiples of this.
pub(super) const ALIGNMENT: usize = 8;
/// Bytes of a page, the least that is compared with its checksum when it is read.
pub(super) const PAGE: usize = 4096;
/// Stands for nothing, wherever a number may be missing.
pub(super) const NONE: u32 = u32::MAX;
/// Marks the number of a row of `People` where else a node stands.
pub(super) const PEOPLE: u32 = 1 << 31;

/// The beginning of the file.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Header {
    pub(super) magic: [u8; 8],
    pub(super) version: u32,
    pub(super) byte_order: u32,
    /// Bytes of the whole file.
    pub(super) length: u64,
    /// Entries of the table, which follows the header.
    pub(super) sections: u32,
    /// CRC-32 of the header with this field as zero, then of the table.
    pub(super) checksum: u32,
}

/// An entry of the table.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Entry {
    /// A [`Section`] by number; entries stand in the order of the sections.
    pub(super) section: u32,
    /// Bytes of a row.
    pub(super) row: u32,
    /// Where it begins.
    pub(super) offset: u64,
    /// Bytes of the section, without padding.
    pub(super) length: u64,
    /// CRC-32 of its bytes.
    pub(super) checksum: u32,
    pub(super) unused: u32,
}

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident($row:ty),)*) => {
        /// A column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u32)]
        pub(super) enum Section { $($(#[$doc])* $name,)* }

        impl Section {
            /// All, in their order.
            pub(super) const ALL: &'static [Section] = &[$(Section::$name),*];

            /// Bytes of a row.
            pub(super) fn row_size(self) -> usize {
                match self { $(Section::$name => size_of::<$row>(),)* }
            }

            /// What a message calls it.
            pub(super) fn name(self) -> &'static str {
                match self { $(Section::$name => stringify!($name),)* }
            }
        }
    };
}

impl Section {
    /// Whether a column is only added to and read from its beginning, so that it may wait in a file while others are made.
    pub(super) fn may_wait(self) -> bool {
        use Section::{
            Amounts, ClaimParts, Locators, NameForms, NameIndex, NameText, NamesByEnd, People, RecordParts, Text,
        };
        !matches!(
            self,
            Text | People
                | RecordParts
                | ClaimParts
                | Locators
                | Amounts
                | NameForms
                | NameText
                | NameIndex
                | NamesByEnd
        )
    }

    /// Lists of which most are empty, as ends and items: while all of them are, the ends are left out too.
    pub(super) const SPARSE: [[Section; 2]; 11] = [
        [Section::ExtraEnds, Section::Extra],
        [Section::CorrectsEnds, Section::Corrects],
        [Section::RelationEnds, Section::Relations],
        [Section::InferredEnds, Section::Inferred],
        [Section::RecordExtraEnds, Section::RecordExtra],
        [Section::RelatedEnds, Section::Related],
        [Section::ViaEnds, Section::Via],
        [Section::ClaimInferredEnds, Section::ClaimInferred],
        [Section::FigureEnds, Section::Figures],
        [Section::RoleEnds, Section::Roles],
        [Section::FactsInRolesEnds, Section::FactsInRoles],
    ];
}

sections! {
    /// Kinds, roles, units, hedges, conversions, words of questions, in borsh.
    Vocabulary(u8),
    /// All strings end to end.
    Text(u8),
    /// Where each string ends.
    TextEnds(u32),
    Entities(EntityRow),
    NameEnds(u32),
    Names(NameRow),
    ExtraEnds(u32),
    /// Of each entity: what the model has no field for.
    Extra(ExtraRow),
    Documents(DocumentRow),
    CorrectsEnds(u32),
    Corrects(u32),
    ClassOrder(u32),
    ClassRanges(RangeRow),
    WholeOrder(u32),
    WholeRanges(RangeRow),
    /// Decisions on whether two entities are one.
    Decisions(DecisionRow),
    /// Entities that stand as one with another.
    Merged(MergedRow),
    MergedRecordEnds(u32),
    MergedRecords(u32),
    Unnamed(UnnamedRow),
    /// Populations with those whose people they are, each pair once.
    People(PeopleRow),
    Facts(FactRow),
    /// Of each fact, as a filter and a walk see it.
    Glances(Glance),
    RoleEnds(u32),
    /// Of each fact: who fills a role that is none of its ends.
    Roles(RoleRow),
    Records(RecordRow),
    /// What records mostly have in common, each once.
    RecordParts(RecordPartRow),
    RelationEnds(u32),
    Relations(RelationRow),
    InferredEnds(u32),
    Inferred(u32),
    RecordExtraEnds(u32),
    /// Of each record: what the model has no field for.
    RecordExtra(ExtraRow),
    RelatedEnds(u32),
    Related(u32),
    Claims(ClaimRow),
    /// What claims mostly have in common, each once.
    ClaimParts(ClaimPartRow),
    Locators(LocatorRow),
    ViaEnds(u32),
    Via(u32),
    ClaimInferredEnds(u32),
    ClaimInferred(u32),
    FigureEnds(u32),
    Figures(FigureRow),
    /// Amounts that have no room in a figure, each once.
    Amounts(AmountRow),
    StepsOutEnds(u32),
    StepsOut(Step),
    StepsInEnds(u32),
    StepsIn(Step),
    FactsInRolesEnds(u32),
    /// Of each node: facts in which it fills a role that is none of their ends.
    FactsInRoles(u32),
    FactsFromEnds(u32),
    FactsFrom(u32),
    FactsWithEnds(u32),
    FactsWith(u32),
    FactsToEnds(u32),
    FactsTo(u32),
    ByKindEnds(u32),
    ByKind(u32),
    ClaimsByEnds(u32),
    ClaimsBy(u32),
    ClaimsInEnds(u32),
    ClaimsIn(u32),
    /// The compared forms of the name index.
    NameForms(u8),
    /// Its names as written, where they differ.
    NameText(u8),
    NameIndex(NameEntry),
    NamesByEnd(u32),
    /// What the snapshot was made of, if its writer says so; it is not part of the graph.
    Origin(u8),
    /// A checksum of each page before this section, which is the last.
    Pages(u32),
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
            #[repr(C)]
            pub(super) struct $name { $(pub(super) $field: $type,)* }
        )*
    };
}

rows! {
    /// Strings by number, entities by number, or [`NONE`].
    EntityRow {
        id: u32, name: u32, plural: u32, short: u32, part_of: u32, is_a: u32, member: u32, says: u32,
        kind: u8, the: u8, unused: [u8; 2],
    }
    NameRow { text: u32, lang: u32, kind: u8, unused: [u8; 3] }
    ExtraRow { name: u32, value: u32 }
    /// In the order of the entities. Pages are a low half, a high half, and whether they are known.
    DocumentRow {
        entity: u32, title: u32, publisher: u32, address: u32, date: PeriodRow, withdrawn: PeriodRow,

        pages: [u32; 3],
    }
    /// First and one past the last place in the order.
    RangeRow { start: u32, end: u32 }
    DecisionRow { a: u32, b: u32, keep: u32, reason: u32, by: u32, made: u32, kind: u8, unused: [u8; 3] }
    MergedRow { id: u32, name: u32, into: u32, decision: u32, names: RangeRow, extra: RangeRow }
    UnnamedRow { of: u32, several: u32 }
    /// Both ends of a period, packed; see [`super::pack`].
    PeriodRow { start: u32, end: u32 }
    /// Whose people: both are entities.
    PeopleRow { population: u32, of: u32 }
    /// Each end is a node, or the number of a row of `People` with the bit [`PEOPLE`].
    FactRow { id: u32, record: u32, ends: [u32; 3] }
    RoleRow { who: u32, role: u16, unused: u16 }
    /// The first of its facts and of its claims; its part is a row of `RecordParts`.
    RecordRow { id: u32, facts: u32, claims: u32, part: u32, period: PeriodRow }
    /// How many facts and claims.
    RecordPartRow { facts: u32, claims: u32, outcome: u8, per: u8, draft: u8, unused: u8 }
    /// The target is a record (0), a fact (1) or an entity (2).
    RelationRow { kind: u8, target_kind: u8, unused: [u8; 2], target: u32, claims: RangeRow }
    /// Its part is a row of `ClaimParts`.
    ClaimRow { record: u32, part: u32 }
    ClaimPartRow {
        by: u32, document: u32, scope: u32, locator: u32, made: PeriodRow, period: PeriodRow, withdrawn: PeriodRow, stance: u8, unused: [u8; 3],
    }
    LocatorRow { paragraph: u32, length: u32, sha256: [u8; 32] }
    /// Amounts as whole numbers with so many decimals, or, with [`super::pack::LARGE`] decimals, as rows of `Amounts`.
    FigureRow {
        low: u32, high: u32, text: u32, unit: u16, at: u8, flags: u8, low_decimals: u8, high_decimals: u8,
        unused: [u8; 2],
    }
    /// A 96-bit decimal; see [`super::pack`].
    AmountRow { bytes: [u8; 16] }
}
