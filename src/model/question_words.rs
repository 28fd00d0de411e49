//! What the small words of a question mean: "who", "to", "according to". Which words have which meaning stands in the
//! vocabulary.

/// Declares the meanings with their ids and what each is for.
macro_rules! meanings {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal,)+) => {
        /// What a word of a question that is no name, no verb and no noun of a fact means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum WordMeaning {
            $($(#[doc = $doc])+ $name,)+
        }

        impl WordMeaning {
            /// All meanings, in their order.
            pub const ALL: &[WordMeaning] = &[$(WordMeaning::$name),+];

            /// The id in a vocabulary.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(WordMeaning::$name => $id,)+
                }
            }
        }
    };
}

meanings! {
    /// Asks for somebody: "who".
    Who = "who",
    /// Asks for somebody who is not the subject: "whom".
    Whom = "whom",
    /// Asks for something: "what".
    What = "what",
    /// Asks for one of a class: "which".
    Which = "which",
    /// Asks for a time: "when".
    When = "when",
    /// Asks for a place: "where".
    Where = "where",
    /// Asks for a way: "how".
    How = "how",
    /// Asks for an amount: "how many".
    HowMany = "how-many",
    /// Asks for a reason, which no fact has: "why".
    Why = "why",
    /// An auxiliary of being: "was".
    Be = "be",
    /// An auxiliary of doing: "did".
    Do = "do",
    /// An auxiliary of having: "has".
    Have = "have",
    /// What will be or should be, which no fact tells: "will".
    Modal = "modal",
    /// Before the target: "to", "against".
    To = "to",
    /// Before a place, which may be the target: "in".
    In = "in",
    /// Before the source: "from".
    From = "from",
    /// Before the source of a passive: "by".
    By = "by",
    /// Before what a noun is about: "of".
    Of = "of",
    /// Before the object or a party: "with".
    With = "with",
    /// Before a topic: "about".
    About = "about",
    /// Before two: "between".
    Between = "between",
    /// Joins: "and".
    And = "and",
    /// Joins: "or".
    Or = "or",
    /// Negates: "not".
    Not = "not",
    /// Leaves out: "except".
    Except = "except",
    /// Leaves out somebody's word, or an item: "without".
    Without = "without",
    /// Before whose word counts: "according to".
    AccordingTo = "according-to",
    /// Begins what somebody says: "that".
    That = "that",
    /// Means nothing by itself: "the", "please".
    Article = "article",
    /// Means something that no answer takes into account; the answer names it: "secretly".
    Unused = "unused",
    /// Anything at all: "everything".
    Thing = "thing",
    /// Somebody or something said before, which a single question does not know: "they".
    Pronoun = "pronoun",
    /// Before a time within which it was: "during".
    During = "during",
    /// Before a time after which it was: "after".
    After = "after",
    /// Before a time before which it was: "before".
    Before = "before",
    /// Before a time from which on it was: "since".
    Since = "since",
    /// Before a time until which it was: "until".
    Until = "until",
    /// Before the day by which claims had been published: "as of".
    AsOf = "as-of",
    /// The day of reference: "today".
    Today = "today",
    /// The day before it: "yesterday".
    Yesterday = "yesterday",
    /// Before a unit of time: the one before that of the day of reference: "last".
    Last = "last",
    /// Before a unit of time: that of the day of reference: "this".
    Current = "current",
    /// After a number of units of time: "ago".
    Ago = "ago",
    /// The beginning or the end of a time, which a period does not need: "the end of".
    Edge = "edge",
    /// Supported by independent origins: "confirmed".
    Corroborated = "corroborated",
    /// Denied by somebody: "disputed".
    Disputed = "disputed",
    /// Admitted by a party: "admitted".
    Admitted = "admitted",
    /// Said by one origin: "a single source".
    SingleSource = "single-source",
    /// Said by nobody with a name: "unnamed sources".
    Unnamed = "unnamed",
    /// As somebody alleges: "allegedly".
    Alleged = "alleged",
    /// As somebody estimates: "estimated".
    Estimated = "estimated",
    /// Makes a claim: "says".
    Say = "say",
    /// Admits: "admitted".
    Admit = "admit",
    /// Denies: "denied".
    Deny = "deny",
    /// A document or whoever speaks: "source".
    Source = "source",
    /// What shows that something is so: "evidence".
    Evidence = "evidence",
    /// In a relation: "connected".
    Connected = "connected",
    /// A relation: "connection".
    Connection = "connection",
    /// Relates: "connects".
    Connect = "connect",
    /// A chain of facts: "path".
    Path = "path",
    /// Moves to a place: "reach".
    Reach = "reach",
    /// Comes about: "happened".
    Happen = "happen",
    /// Facts in the order of time: "timeline".
    Timeline = "timeline",
    /// Asks for all that is known of a name: "tell me about".
    Define = "define",
    /// Asks for a list: "list", "show me".
    List = "list",
    /// Goes beyond a measure: "exceeds".
    Exceed = "exceed",
    /// A measure: "cap".
    Limit = "limit",
    /// Speaks against: "contradict".
    Contradict = "contradict",
    /// As a return: "in return".
    InReturn = "in-return",
    /// Adds up: "in total".
    Total = "total",
    /// A fact or a claim: "facts".
    Fact = "fact",
    /// What is held here: "the data".
    Data = "data",
    /// A kind of fact: "kinds of fact".
    Kind = "kind",
    /// Any transfer: "transfers".
    Flow = "flow",
    /// Any country: "countries".
    Country = "country",
    /// Any organisation: "organizations".
    Organization = "organization",
    /// Anybody: "people".
    Person = "person",
    /// Any place: "cities".
    Place = "place",
    /// Any document: "documents".
    Document = "document",
    /// Any vessel: "ships".
    Vessel = "vessel",
    /// Well supported, by several origins or by a party that admits it: "confirmed".
    Confirmed = "confirmed",
    /// Before whom a path must not pass: "avoiding".
    Avoid = "avoid",
    /// What was planned: "planned".
    Planned = "planned",
    /// What was put forward and not adopted: "not adopted".
    NotAdopted = "not-adopted",
    /// What somebody intends: "intends to".
    Intended = "intended",
    /// What somebody called for: "called for".
    CalledFor = "called-for",
    /// What is expected: "expected to".
    Expected = "expected",
    /// Adds up by supplier: "by supplier".
    BySource = "by-source",
    /// Adds up by recipient: "by recipient".
    ByTarget = "by-target",
    /// Adds up by item: "by item".
    ByObject = "by-object",
    /// Adds up by year: "each year".
    ByYear = "by-year",
    /// A verb that says only what its noun says: "made deliveries".
    Make = "make",
    /// A verb by which a state begins: "imposed". Beside a time it asks for what began then, not for what held.
    Begin = "begin",
}

/// The words that have a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionWords {
    /// What they mean.
    pub means: WordMeaning,
    /// The words, in lower case: "according to".
    pub words: Vec<Box<str>>,
}
