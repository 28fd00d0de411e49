//! The codes of findings.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The data cannot be used until it is mended.
    Error,
    /// The data can be used; somebody should look.
    Warning,
}

impl Severity {
    /// The word that stands before the code.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $severity:ident $title:literal;)*) => {
        /// What a finding is about. The code is stable: scripts and editors may rely on it.
        ///
        /// ```
        /// use purvey::diagnostic::{Code, Severity};
        ///
        /// assert_eq!(Code::Unused.as_str(), "K0043");
        /// assert_eq!(Code::Unused.severity(), Severity::Warning);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* #[doc = $title] $name,)*
        }

        impl Code {
            /// All codes, in their order.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code as printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// Whether data with such a finding can be used.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// What it is about, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }
        }
    };
}

codes! {
    Unreadable = "K0001" Error "a file or folder cannot be read";
    NotUtf8 = "K0002" Error "a file is not UTF-8";
    Syntax = "K0003" Error "a value is not RON";
    Bracket = "K0004" Error "a bracket, quote or comma is missing or too many";
    UnknownField = "K0005" Error "a field that has no meaning here";
    DuplicateField = "K0006" Error "a field stands twice";
    WrongType = "K0007" Error "a value of the wrong type";
    MissingField = "K0008" Error "a field is missing";
    NotASlug = "K0010" Error "an id is not written as one";
    DuplicateId = "K0011" Error "an id is taken";
    UnknownEntity = "K0012" Error "a reference to an entity that does not exist";
    UnknownKind = "K0013" Error "a kind of fact or entity that does not exist";
    WrongKind = "K0014" Error "an entity of a kind that does not belong there";
    UnknownRole = "K0015" Error "a role or figure that the kind lacks";
    UnknownRecord = "K0016" Error "a reference to a record that does not exist";
    UnknownWord = "K0017" Error "a word that is not one of the known ones";
    MissingRole = "K0018" Error "a role that the kind requires is missing";
    TwoForOneEnd = "K0019" Error "two roles for one end of the flow";
    TwoLists = "K0020" Error "lists in two roles of the flow";
    QuantityBesideList = "K0021" Error "a quantity beside a list";
    QuantityUnclear = "K0022" Error "a quantity that cannot be read";
    QuantityReversed = "K0023" Error "an interval that is turned round";
    WrongDimension = "K0024" Error "a unit of the wrong dimension";
    UnknownUnit = "K0025" Error "a unit that does not exist";
    PeriodUnclear = "K0026" Error "a period that cannot be read";
    PeriodReversed = "K0027" Error "a period that ends before it begins";
    AfterItsDocument = "K0028" Warning "a date after the document that tells of it";
    WithdrawnTooSoon = "K0029" Warning "a withdrawal before what it withdraws";
    NoClaim = "K0030" Error "a fact without a claim";
    NoDocument = "K0031" Error "a claim without a document";
    BadLocator = "K0032" Error "a locator that cannot be right";
    BesideClaims = "K0033" Error "a field of one claim beside several claims";
    PassageNotFound = "K0034" Error "a passage that is not in the text of its document";
    PassageElsewhere = "K0035" Warning "a passage in another paragraph than its locator says";
    CircleInTree = "K0040" Error "a tree that leads round in a circle";
    CircleInRelations = "K0041" Error "relations that lead round in a circle";
    EmptyName = "K0042" Error "a name without a letter or digit";
    Unused = "K0043" Warning "an entity that nobody uses";
    SameName = "K0044" Warning "two entities with one name";
    Contradiction = "K0045" Error "relations that contradict each other or the periods";
    LimitOrPer = "K0046" Warning "a cap without `per`, or `per` without a limit";
    NoConversion = "K0047" Warning "a cap in a unit that does not convert";
    BadTemplate = "K0050" Error "a template that cannot be filled";
    BadVocabulary = "K0051" Error "an entry of the vocabulary that cannot be used";
    QuestionUnanswered = "K0060" Error "a question of a diagram that has no answer";
    WordingChangesFact = "K0061" Error "words for a fact that say something else";
    OutsideDrawing = "K0062" Error "a place outside the drawing";
    NotInDiagram = "K0063" Warning "a name that does not stand in the diagram";
    UnknownColumn = "K0070" Error "a column that the table does not have";
    DecisionsClash = "K0080" Error "decisions about the same entities that contradict each other";
    CannotBeOne = "K0081" Error "a decision that makes one of what cannot be one";
    MergedDiffer = "K0082" Warning "entities that are one, with fields that differ";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<&str> = Code::ALL.iter().map(|it| it.as_str()).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(codes, sorted);
    }
}
