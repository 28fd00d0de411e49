//! What headers of columns say: words in English and German beside those of the vocabulary.

use super::Column;
use crate::model::{FlowEnd, RoleSpec, Vocabulary, normal_form};

/// How sure it is that a column holds a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// By a word that many tables have for many things: "from".
    Loose,
    /// By a word for whoever fills the role, among others.
    Named,
    /// By its whole header.
    Exact,
}

/// Words of headers, and the roles that they stand for.
const ROLES: &[(&str, &[&str])] = &[
    ("vendor", &["supplier"]),
    ("lieferant", &["supplier"]),
    ("verkäufer", &["supplier"]),
    ("exporteur", &["supplier"]),
    ("lieferland", &["supplier"]),
    ("payor", &["payer"]),
    ("donor", &["payer"]),
    ("zahler", &["payer"]),
    ("auftraggeber", &["payer"]),
    ("spender", &["payer"]),
    ("receiver", &["recipient"]),
    ("payee", &["recipient"]),
    ("beneficiary", &["recipient"]),
    ("buyer", &["recipient"]),
    ("importer", &["recipient"]),
    ("customer", &["recipient"]),
    ("empfänger", &["recipient"]),
    ("zahlungsempfänger", &["recipient"]),
    ("begünstigter", &["recipient"]),
    ("käufer", &["recipient"]),
    ("importeur", &["recipient"]),
    ("kunde", &["recipient"]),
    ("item", &["item"]),
    ("items", &["item"]),
    ("goods", &["item"]),
    ("product", &["item"]),
    ("commodity", &["item"]),
    ("designation", &["item"]),
    ("weapon", &["item"]),
    ("weapons", &["item"]),
    ("equipment", &["item"]),
    ("ware", &["item"]),
    ("waren", &["item"]),
    ("waffe", &["item"]),
    ("waffen", &["item"]),
    ("bezeichnung", &["item"]),
    ("eigentümer", &["owner"]),
    ("inhaber", &["owner"]),
    ("gesellschafter", &["owner"]),
    ("tochter", &["asset"]),
    ("tochtergesellschaft", &["asset"]),
    ("company", &["asset", "organization", "group"]),
    ("organisation", &["asset", "organization", "group"]),
    ("organization", &["asset", "group"]),
    ("unternehmen", &["asset", "organization", "group"]),
    ("firma", &["asset", "organization", "group"]),
    ("officer", &["director"]),
    ("geschäftsführer", &["director"]),
    ("mitglied", &["member"]),
    ("angreifer", &["attacker"]),
    ("ziel", &["target"]),
    ("weapons used", &["weapon"]),
];

/// Names of roles that are prepositions: a header is called so for a date or anything else.
const PREPOSITIONS: [&str; 6] = ["to", "from", "on", "over", "against", "from whom"];

/// With one of these a column says something about a participant, and does not name it.
const ATTRIBUTES: [&str; 34] = [
    "id",
    "code",
    "no",
    "nr",
    "number",
    "date",
    "year",
    "month",
    "day",
    "address",
    "email",
    "phone",
    "url",
    "iban",
    "lei",
    "currency",
    "amount",
    "value",
    "price",
    "count",
    "status",
    "birth",
    "born",
    "nationality",
    "share",
    "percent",
    "on",
    "appointed",
    "resigned",
    "datum",
    "jahr",
    "betrag",
    "nummer",
    "währung",
];

/// Headers of whoever says so, or where: never of somebody who gives something.
pub(super) const CLAIMS: [&str; 14] = [
    "source",
    "sources",
    "citation",
    "citations",
    "reference",
    "references",
    "reported by",
    "according to",
    "quelle",
    "quellen",
    "beleg",
    "claimant",
    "claimed by",
    "source name",
];

/// What a header says of a role: nothing, if it is about something else. `money` is whether the table has a currency.
pub(super) fn fit(column: &Column, spec: &RoleSpec, vocabulary: &Vocabulary, money: bool) -> Option<Fit> {
    let role = vocabulary.role_name(spec.role);
    let form = normal_form(role);
    let own = std::iter::once(role).chain(spec.nouns.iter().map(|it| &**it)).map(normal_form);
    let other = ROLES.iter().filter(|(_, roles)| roles.contains(&role)).map(|(word, _)| normal_form(word));
    let sender = (money && role == "payer").then(|| "sender".to_owned());
    let names: Vec<String> = own.chain(other).chain(sender).filter(|it| !PREPOSITIONS.contains(&it.as_str())).collect();
    let loose: &[&str] = match spec.flow {
        Some(FlowEnd::Source) => &["from", "von"],
        Some(FlowEnd::Target) => &["to", "an"],
        Some(FlowEnd::Object) if form == "item" => &["what"],
        _ => &[],
    };
    if names.contains(&column.form) {
        Some(Fit::Exact)
    } else if column.has(&ATTRIBUTES) || CLAIMS.contains(&column.form.as_str()) {
        None
    } else if names.iter().any(|it| column.form.split(' ').any(|word| word == it)) {
        Some(Fit::Named)
    } else {
        loose.contains(&column.form.as_str()).then_some(Fit::Loose)
    }
}

/// The scale that a header gives its numbers: "USD m", "in thousands".
pub(super) fn scale(column: &Column) -> Option<&'static str> {
    const SCALES: [(&str, &[&str]); 3] = [
        ("thousands", &["thousand", "thousands", "tsd", "k", "000", "000s", "tausend"]),
        ("millions", &["m", "mn", "mln", "mio", "million", "millions", "millionen", "mm"]),
        ("billions", &["b", "bn", "bln", "mrd", "billion", "billions", "milliarden"]),
    ];
    SCALES.iter().find(|(_, words)| column.has(words)).map(|(name, _)| *name)
}
