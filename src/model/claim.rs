//! Claims: who says a thing, how, where and when.

use super::fact::Figure;
use super::{EntityIx, NodeIx, Period};

/// How the claimant stands to what is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Stance {
    /// Says so.
    #[default]
    States,
    /// Gives it as an estimate.
    Estimates,
    /// Accuses, without vouching for it.
    Alleges,
    /// Believes it.
    Believes,
    /// Admits an act of its own.
    Admits,
    /// Says that it is not so.
    Denies,
}

impl Stance {
    /// All stances, in their order.
    pub const ALL: [Stance; 6] =
        [Stance::States, Stance::Estimates, Stance::Alleges, Stance::Believes, Stance::Admits, Stance::Denies];

    /// The word in records, on the command line and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Stance::States => "states",
            Stance::Estimates => "estimates",
            Stance::Alleges => "alleges",
            Stance::Believes => "believes",
            Stance::Admits => "admits",
            Stance::Denies => "denies",
        }
    }

    /// The stance of that word.
    pub fn from_word(word: &str) -> Option<Stance> {
        Stance::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// Where in a document the passage stands. The passage itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// Non-empty line, counted from the headline, which is 1.
    pub paragraph: u32,
    /// Length of the normalised passage in characters.
    pub length: u32,
    /// SHA-256 of the normalised passage.
    pub sha256: [u8; 32],
}

impl Locator {
    /// The hash in lower-case hexadecimal.
    ///
    /// ```
    /// let at = purvey::model::Locator { paragraph: 1, length: 0, sha256: [0xab; 32] };
    /// assert_eq!(at.hex(), "ab".repeat(32));
    /// ```
    pub fn hex(&self) -> String {
        self.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The hash of that hexadecimal text, if it is one.
    pub fn parse_hex(text: &str) -> Option<[u8; 32]> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return None;
        }
        let mut hash = [0_u8; 32];
        for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(hash)
    }
}

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who says it: an entity or an unnamed participant.
    pub by: NodeIx,
    /// How.
    pub stance: Stance,
    /// The documents that relayed it before `document`, origin first.
    pub via: Vec<EntityIx>,
    /// The document in which it was read.
    pub document: EntityIx,
    /// When it was said; by default the date of the first document of the chain.
    pub made: Option<Period>,
    /// What it says of the figures.
    pub figures: Vec<Figure>,
    /// What it says of the period, if not what the record says.
    pub period: Option<Period>,
    /// What it covers, where that differs from its neighbours.
    pub scope: Option<Box<str>>,
    /// Its own fields that are worked out, not said, in the order written.
    pub inferred: Vec<Box<str>>,
    /// When the claimant took it back; from then on it no longer counts.
    pub withdrawn: Option<Period>,
    /// Where in the document.
    pub at: Option<Locator>,
}
