//! Small words of articles, by what they do in a sentence. Verbs, nouns and hedges stand in the vocabulary.

use crate::model::{Outcome, Stance};

pub(super) const DETERMINERS: [&str; 31] = [
    "a",
    "an",
    "the",
    "its",
    "their",
    "his",
    "her",
    "this",
    "these",
    "those",
    "any",
    "another",
    "other",
    "further",
    "more",
    "new",
    "first",
    "second",
    "third",
    "both",
    "all",
    "such",
    "our",
    "my",
    "same",
    "many",
    "each",
    "every",
    "own",
    "further",
    "additional",
];
pub(super) const BEFORE: [&str; 32] = [
    "to",
    "into",
    "from",
    "by",
    "of",
    "for",
    "in",
    "on",
    "at",
    "with",
    "against",
    "aboard",
    "via",
    "between",
    "among",
    "through",
    "inside",
    "under",
    "over",
    "about",
    "toward",
    "towards",
    "onto",
    "across",
    "within",
    "near",
    "without",
    "since",
    "until",
    "during",
    "throughout",
    "amid",
];
pub(super) const OTHER_CLAUSE: [&str; 17] = [
    "but", "while", "though", "although", "because", "whereas", "when", "where", "if", "unless", "whether", "as",
    "than", "yet", "before", "after", "despite",
];
pub(super) const DOCUMENTS: [&str; 15] = [
    "report",
    "paper",
    "note",
    "memo",
    "review",
    "study",
    "dossier",
    "statement",
    "document",
    "survey",
    "filing",
    "papers",
    "documents",
    "records",
    "count",
];
/// Verbs that make a claim, besides the words of questions that do.
pub(super) const SAY: [&str; 32] = [
    "said",
    "says",
    "say",
    "announced",
    "added",
    "adds",
    "wrote",
    "writes",
    "stressed",
    "suggested",
    "suggests",
    "told",
    "tells",
    "show",
    "shows",
    "showed",
    "insisted",
    "insists",
    "hinted",
    "declared",
    "stated",
    "states",
    "noted",
    "reported",
    "reports",
    "confirmed",
    "found",
    "finds",
    "concluded",
    "concludes",
    "warned",
    "argued",
];

/// The stance of a verb that makes a claim.
pub(super) fn stance_of(form: &str) -> Option<Stance> {
    Some(match form {
        "estimates" | "estimated" | "estimate" => Stance::Estimates,
        "alleges" | "alleged" | "allege" => Stance::Alleges,
        "believes" | "believed" | "believe" | "suspects" | "suspected" => Stance::Believes,
        "admits" | "admitted" | "admit" | "acknowledges" | "acknowledged" | "acknowledge" | "concedes" | "conceded" => {
            Stance::Admits
        }
        "denies" | "denied" | "deny" | "denying" => Stance::Denies,
        "claims" | "claimed" | "maintains" | "maintained" => Stance::States,
        it if SAY.contains(&it) => Stance::States,
        _ => return None,
    })
}

/// The outcome of a verb whose act need not have happened.
pub(super) fn outcome_of(form: &str) -> Option<Outcome> {
    let first = form.split(' ').next().unwrap_or_default();
    Some(match first {
        "planned" | "plans" | "plan" | "agreed" | "promised" | "pledged" | "pledges" | "promises" | "vowed" => {
            Outcome::Planned
        }
        "intends" | "intend" | "intended" | "wants" | "wanted" => Outcome::Intended,
        "expected" | "expects" | "due" | "likely" | "set" => Outcome::Expected,
        _ => return None,
    })
}

/// Past forms and participles that do not end with "ed".
pub(super) const IRREGULAR: [&str; 40] = [
    "sent", "sold", "gave", "given", "got", "gotten", "bought", "went", "gone", "came", "took", "taken", "stole",
    "stolen", "struck", "hit", "made", "paid", "brought", "held", "led", "won", "shown", "broke", "broken", "lent",
    "flew", "flown", "met", "found", "put", "fell", "shot", "drove", "oversaw", "overseen", "spoke", "wrote", "fed",
    "forbade",
];
