//! A row in words: labels for arrows, sentences for an article. Hedges are never dropped, and no sentence is more
//! certain than its claim.

use super::answer::{Answer, ClaimValue, Note, PeriodValue, QuantityValue, Ref, Row};
use super::judged::{MeasureResult, Total};
use crate::model::{Amount, Aspect, FlowEnd, Interval, Outcome, Per, Stance, Template};

/// Joins names as a sentence does: "a, b and c".
pub fn join(names: impl Iterator<Item = String>, conjunction: &str) -> String {
    let names: Vec<String> = names.collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {conjunction} {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// "14,000".
pub fn amount_in_words(amount: Amount) -> String {
    amount.with_separators()
}

/// An interval without its unit, hedges in words: "more than 14,000", "between 10 and 20", "no figure".
///
/// ```
/// use purvey::model::{Amount, Interval};
/// use purvey::query::interval_in_words;
///
/// assert_eq!(interval_in_words(&Interval::more_than(Amount::from(14_000))), "more than 14,000");
/// assert_eq!(interval_in_words(&Interval::about(Amount::from(8_000))), "about 8,000");
/// assert_eq!(interval_in_words(&Interval::default()), "no figure");
/// ```
pub fn interval_in_words(interval: &Interval) -> String {
    let about = if interval.approximate { "about " } else { "" };
    let (low, high) = (interval.low.map(amount_in_words), interval.high.map(amount_in_words));
    match (low, high) {
        (None, None) => "no figure".to_owned(),
        (Some(low), None) if interval.low_open => format!("more than {about}{low}"),
        (Some(low), None) => format!("at least {about}{low}"),
        (None, Some(high)) if interval.high_open => format!("fewer than {about}{high}"),
        (None, Some(high)) => format!("no more than {about}{high}"),
        (Some(low), Some(_)) if interval.low == interval.high => format!("{about}{low}"),
        (Some(low), Some(high)) => match (interval.low_open, interval.high_open) {
            (false, false) => format!("between {about}{low} and {about}{high}"),
            (true, false) => format!("more than {about}{low} and no more than {about}{high}"),
            (false, true) => format!("at least {about}{low} and fewer than {about}{high}"),
            (true, true) => format!("more than {about}{low} and fewer than {about}{high}"),
        },
    }
}

/// A sum with its unit: "more than 14,000 people", "killed: at least 10 people".
pub fn total_in_words(answer: &Answer, total: &Total) -> String {
    let unit = answer.units.get(&total.unit).map_or(total.unit.as_str(), |(singular, plural)| {
        let last = total.interval.high.or(total.interval.low);
        if last == Some(Amount::from(1)) { singular } else { plural }
    });
    let words = match (total.interval.low, total.interval.high) {
        (None, None) => format!("unknown number of {unit}"),
        _ => format!("{} {unit}", interval_in_words(&total.interval)),
    };
    match total.figure.as_str() {
        "amount" => words,
        name => format!("{}: {words}", name.replace('_', " ")),
    }
}

/// A measure: "refined petroleum to North Korea: no more than 500,000 barrels a year".
pub fn measure_in_words(answer: &Answer, measure: &MeasureResult) -> String {
    let what = measure.what.as_ref().map_or("anything", |it| it.plural.as_deref().unwrap_or(&it.name));
    let way = if measure.outward { "from" } else { "to" };
    let target = measure.target.as_ref().map_or(String::new(), |it| format!(" {way} {}", it.prose));
    let limit = match &measure.limit {
        Some(limit) => {
            let per = measure.per.map_or(String::new(), |it| format!(" {}", per_in_words(it)));
            format!("{}{per}", quantity_in_words(answer, limit))
        }
        None => "banned".to_owned(),
    };
    format!("{what}{target}: {limit}")
}

/// A quantity with its unit, where the source's words do not name it and it is not the thing counted.
///
/// The words are those of the source: "at least 100", "as many as 9 million rounds".
pub fn quantity_in_words(answer: &Answer, quantity: &QuantityValue) -> String {
    if counts_things(quantity) { quantity.text.clone() } else { quantity_with_unit(answer, quantity) }
}

/// A quantity with its unit, always: "at least 5 people".
pub(crate) fn quantity_with_unit(answer: &Answer, quantity: &QuantityValue) -> String {
    if quantity.names_unit {
        return quantity.text.clone();
    }
    let (singular, plural) = match answer.units.get(&quantity.unit) {
        Some((singular, plural)) => (singular.as_str(), plural.as_str()),
        None => (quantity.unit.as_str(), quantity.unit.as_str()),
    };
    format!("{} {}", before_noun(&quantity.text), if is_one(quantity) { singular } else { plural })
}

/// Whether the unit is the thing itself, which the object names better: 100 missiles, not 100 pieces.
fn counts_things(quantity: &QuantityValue) -> bool {
    matches!(quantity.unit.as_str(), "piece" | "person") && !quantity.names_unit
}

/// Whether a noun behind the words stands in the singular: "1", "at least 1", "about one".
fn is_one(quantity: &QuantityValue) -> bool {
    matches!(quantity.text.rsplit(' ').next(), Some("1" | "one"))
        || (quantity.interval.is_exact() && quantity.interval.low.is_some_and(|it| it.to_string() == "1"))
}

/// "dozens" as it stands before a noun: "dozens of".
fn before_noun(text: &str) -> String {
    let many = ["dozens", "scores", "hundreds", "thousands", "millions", "billions"];
    let last = text.rsplit(' ').next().unwrap_or(text);
    if many.contains(&last) { format!("{text} of") } else { text.to_owned() }
}

/// "at least 100 ballistic missiles", "as many as 9 million rounds of ammunition", "refined petroleum".
pub(crate) fn amount_of(answer: &Answer, object: Option<&Ref>, quantity: Option<&QuantityValue>) -> Option<String> {
    match (object, quantity) {
        (Some(object), Some(quantity)) => {
            let amount = quantity_in_words(answer, quantity);
            let several = object.plural.as_ref().unwrap_or(&object.name);
            Some(match (counts_things(quantity), is_one(quantity)) {
                (true, true) => format!("{amount} {}", object.name),
                (true, false) => format!("{} {several}", before_noun(&amount)),
                (false, _) => format!("{amount} of {several}"),
            })
        }
        (Some(object), None) => Some(object.plural.as_ref().unwrap_or(&object.name).clone()),
        (None, Some(quantity)) => Some(quantity_in_words(answer, quantity)),
        (None, None) => None,
    }
}

/// A row, and for a sentence the claim whose words fill the templates.
#[derive(Clone, Copy)]
struct Filler<'a> {
    answer: &'a Answer,
    row: &'a Row,
    /// Narrows figures and period to what that claim says; what is inferred is marked.
    claim: Option<&'a ClaimValue>,
}

impl<'a> Filler<'a> {
    /// What fills a field of a template.
    fn field(&self, name: &str) -> Option<String> {
        let text = self.plain(name)?;
        let marked = self.claim.is_some() && self.is_inferred(name);
        Some(if marked { format!("{text} (inferred)") } else { text })
    }

    fn plain(&self, name: &str) -> Option<String> {
        let (answer, row) = (self.answer, self.row);
        match name {
            "from" => row.from.as_ref().map(|it| it.prose.clone()),
            "to" => row.to.as_ref().map(|it| it.prose.clone()),
            "object" => row.what.as_ref().map(|it| self.object(it)),
            "what" if self.first().is_none() => row.what.as_ref().map(|it| self.object(it)),
            "what" => amount_of(answer, row.what.as_ref(), self.first()),
            "quantity" => self.first().map(|it| quantity_in_words(answer, it)),
            "when" => self.period().map(|it| when(it, self.aspect())),
            "per" => row.per.map(|it| per_in_words(it).to_owned()),
            // A claim of a scope of its own does not vouch for what the record says beside the flow.
            _ if self.claim.is_some_and(|it| it.scope.is_some()) && row.roles.iter().any(|(role, _)| role == name) => {
                None
            }
            _ => match (row.roles.iter().find(|(role, _)| role == name), self.end_of(name)) {
                (Some((_, refs)), _) => Some(join(refs.iter().map(|it| self.role(it)), "and")),
                (None, Some(end)) => self.plain(end),
                (None, None) => self.figure(name).map(|it| quantity_with_unit(answer, it)),
            },
        }
    }

    /// "missiles"; in a sentence a name has its article: "the Order of Liberty", but not in a label.
    fn object(&self, value: &Ref) -> String {
        match (&value.plural, self.claim) {
            (Some(plural), None) => plural.clone(),
            (None, None) => value.name.clone(),
            (_, Some(_)) => self.role(value),
        }
    }

    /// "care homes", "the Russian language": the plural of a class, if it has one of its own.
    fn role(&self, value: &Ref) -> String {
        let plural = value.plural.as_ref().filter(|it| self.claim.is_none() || **it != value.name);
        plural.unwrap_or(&value.prose).clone()
    }

    fn figure(&self, name: &str) -> Option<&'a QuantityValue> {
        match self.claim {
            Some(claim) => claim.quantities.iter().find(|(it, _)| it == name).map(|(_, quantity)| quantity),
            None => self.row.figure(name),
        }
    }

    fn first(&self) -> Option<&'a QuantityValue> {
        self.figure(self.row.first_figure.as_deref()?)
    }

    fn period(&self) -> Option<PeriodValue> {
        self.claim.map_or(self.row.period, |it| it.period)
    }

    fn aspect(&self) -> Aspect {
        self.answer.kinds.get(&self.row.kind).map_or(Aspect::Event, |it| it.aspect)
    }

    fn roles(&self) -> &'a [(String, Option<FlowEnd>)] {
        self.answer.kinds.get(&self.row.kind).map_or(&[], |it| it.roles.as_slice())
    }

    /// The field of the end for which a role stands.
    fn end_of(&self, role: &str) -> Option<&'static str> {
        self.roles().iter().find(|(name, _)| name == role).and_then(|(_, end)| *end).map(|end| match end {
            FlowEnd::Source => "from",
            FlowEnd::Object => "object",
            FlowEnd::Target => "to",
        })
    }

    /// Whether the record says that what fills a field is worked out, not said.
    fn is_inferred(&self, field: &str) -> bool {
        let of_claim = self.claim.iter().flat_map(|it| &it.inferred);
        let all: Vec<&String> = self.row.inferred.iter().chain(of_claim).collect();
        let listed = |name: &str| all.iter().any(|it| *it == name);
        // A record may speak of its first figure by name or as its quantity.
        let first = || listed("quantity") || self.row.first_figure.as_deref().is_some_and(listed);
        if matches!(field, "what" | "quantity") && self.first().is_some() && first() {
            return true;
        }
        let end = match field {
            "from" => FlowEnd::Source,
            "what" | "object" => FlowEnd::Object,
            "to" => FlowEnd::Target,
            "when" => return self.period().is_some_and(|it| it.inferred),
            _ => return listed(field),
        };
        self.roles().iter().any(|(role, stands_for)| *stands_for == Some(end) && listed(role))
    }

    /// The first template that fits, and behind it the figures for which it has no place: no hedge is ever dropped.
    fn fill(&self, templates: &[Template]) -> Option<String> {
        let (template, text) =
            templates.iter().find_map(|it| it.fill(&|name| self.field(name)).map(|text| (it, text)))?;
        let fields = template.fields();
        let quantities = self.claim.map_or(&self.row.quantities, |it| &it.quantities);
        let rest = quantities.iter().filter(|(name, _)| !tells_figure(&fields, self.row, name));
        let rest: Vec<String> = rest
            .map(|(name, it)| format!("{}: {}", name.replace('_', " "), quantity_with_unit(self.answer, it)))
            .collect();
        Some(if rest.is_empty() { text } else { format!("{text} ({})", rest.join("; ")) })
    }
}

/// Whether a template with these fields tells a figure: by its name, or the first one as the quantity of the thing.
pub fn tells_figure(fields: &[&str], row: &Row, figure: &str) -> bool {
    let is_first = row.first_figure.as_deref() == Some(figure);
    fields.iter().any(|it| *it == figure || (is_first && matches!(*it, "what" | "quantity")))
}

/// A period in a sentence about the past: an event fell into it, a state held.
fn when(value: PeriodValue, aspect: Aspect) -> String {
    let phrase = value.period.to_phrase();
    if let Some(since) = phrase.strip_prefix("since ") {
        return format!("from {since} on");
    }
    if let Some(days) = phrase.strip_prefix("from ")
        && let Some((first, last)) = days.split_once(" to ")
    {
        return format!("between {first} and {last}");
    }
    match phrase.strip_prefix("until ") {
        Some(end) if aspect == Aspect::Event => format!("by {end}"),
        _ => phrase,
    }
}

fn per_in_words(per: Per) -> &'static str {
    match per {
        Per::Year => "a year",
        Per::Month => "a month",
        Per::Total => "in total",
    }
}

/// The label of an arrow, without period and note numbers: "ballistic missiles, at least 100".
pub fn label(answer: &Answer, row: &Row) -> String {
    let words = answer.kinds.get(&row.kind);
    let filler = Filler { answer, row, claim: None };
    let filled = words.and_then(|it| it.label.fill(&|name| filler.field(name)));
    let mut text =
        filled.filter(|it| !it.is_empty()).unwrap_or_else(|| words.map_or(row.kind.clone(), |it| it.noun.clone()));
    if row.differs {
        let figures: Vec<String> = differing(answer, row);
        text = format!("{text}: {}", figures.join("; "));
    }
    if let Some(outcome) = outcome_in_words(row.outcome) {
        text = format!("{text} ({outcome})");
    }
    if row.draft {
        text.push_str(" (draft)");
    }
    text
}

/// Figures that differ, each with its claimant: "at least 35,000 (New York Post)".
pub fn differing(answer: &Answer, row: &Row) -> Vec<String> {
    let mut found = Vec::new();
    for claim in row.current_claims() {
        for (name, quantity) in &claim.quantities {
            if row.figure(name).is_none() {
                found.push(format!("{} ({})", quantity_in_words(answer, quantity), claim.by.name));
            }
        }
    }
    found
}

/// "not adopted"; nothing for what happened.
pub fn outcome_in_words(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Happened => None,
        Outcome::Planned => Some("planned"),
        Outcome::NotAdopted => Some("not adopted"),
        Outcome::Intended => Some("intended"),
        Outcome::CalledFor => Some("called for"),
        Outcome::Expected => Some("expected"),
    }
}

/// A sentence for one claim of a row, without note number and full stop, as it may stand in copy: "North Korea supplied
/// at least 100 ballistic missiles to Russia, the Multilateral Sanctions Monitoring Team found".
///
/// No sentence is more certain than its claim. What the record marks as worked out is followed by "(inferred)"; what did
/// not happen is never told as if it had ("a proposal for … to impose sanctions … was not adopted"); who alleges,
/// believes or denies comes first.
pub fn sentence(answer: &Answer, row: &Row, claim: &ClaimValue) -> String {
    let scope = claim.scope.as_ref().map_or(String::new(), |it| format!(" (scope: {it})"));
    let told = format!("{}{scope}", clause(answer, row, claim));
    let by = &claim.by.prose;
    match claim.stance {
        Stance::Alleges => format!("{} alleged that {told}", capital(by)),
        Stance::Believes => format!("{} expressed the belief that {told}", capital(by)),
        // A denial must not begin by affirming what is denied.
        Stance::Denies => format!("{} denied that {told}", capital(by)),
        Stance::Estimates => format!("{}, {by} estimated", capital(&told)),
        Stance::Admits => format!("{}, {by} acknowledged", capital(&told)),
        Stance::States => format!("{}, {by} {}", capital(&told), verb_of(row, claim)),
    }
}

/// "found" and "reported" are for what others did; of its own acts anybody merely speaks.
fn verb_of<'a>(row: &Row, claim: &'a ClaimValue) -> &'a str {
    let own = claim.by.id.is_some() && row.from.as_ref().is_some_and(|it| it.id == claim.by.id);
    claim.says.as_deref().filter(|_| !own).unwrap_or("said")
}

/// What the claim says, as a clause that may follow "that".
fn clause(answer: &Answer, row: &Row, claim: &ClaimValue) -> String {
    let filler = Filler { answer, row, claim: Some(claim) };
    let words = answer.kinds.get(&row.kind);
    if row.outcome == Outcome::Happened {
        let filled = words.and_then(|it| filler.fill(&it.sentences));
        return filled.unwrap_or_else(|| format!("there was this: {}", bare(&filler)));
    }
    // The day on which something was not adopted is no day of the act.
    let adopted = Filler { claim: Some(&ClaimValue { period: None, ..claim.clone() }), ..filler };
    let act = if row.outcome == Outcome::NotAdopted { adopted } else { filler };
    let Some(infinitive) = words.and_then(|it| act.fill(&it.infinitives)) else {
        let outcome = outcome_in_words(row.outcome).unwrap_or_default();
        return format!("this was {outcome}: {}", bare(&filler));
    };
    match row.outcome {
        Outcome::NotAdopted => {
            let when = filler.field("when").map_or(String::new(), |it| format!(" {it}"));
            format!("a proposal for {infinitive} was not adopted{when}")
        }
        Outcome::CalledFor => format!("there was a call for {infinitive}"),
        Outcome::Expected => format!("the expectation was for {infinitive}"),
        Outcome::Intended => format!("the intention was for {infinitive}"),
        Outcome::Planned | Outcome::Happened => format!("the plan was for {infinitive}"),
    }
}

/// Where no template fits: the kind and all that is known, without a verb.
fn bare(filler: &Filler<'_>) -> String {
    let row = filler.row;
    let noun = filler.answer.kinds.get(&row.kind).map_or(row.kind.as_str(), |it| it.noun.as_str());
    let part = |name: &str, before: &str| filler.field(name).map_or(String::new(), |it| format!("{before}{it}"));
    let ends = [part("object", " of "), part("from", " from "), part("to", " to "), part("when", " ")].concat();
    // The first figure need not count the object: of an attack it is the dead.
    let figures = filler.claim.map_or(&row.quantities, |it| &it.quantities).iter();
    let figures = figures.map(|(name, it)| format!("; {name}: {}", quantity_with_unit(filler.answer, it)));
    let roles = row.roles.iter().map(|(name, _)| part(name, &format!("; {}: ", name.replace('_', " "))));
    format!("{noun}{ends}{}{}", figures.collect::<String>(), roles.collect::<String>())
}

/// A numbered source in one line, as it stands below an article or a table, with its address and without its number:
/// "UPI, “Title”, 30 May 2025, citing the MSMT report".
pub fn note_line(note: &Note) -> String {
    let address = note.address.as_ref().map_or(String::new(), |it| format!(", {it}"));
    format!("{}{address}", citation(note))
}

/// The same without the address.
pub fn citation(note: &Note) -> String {
    let mut parts: Vec<String> = note.publisher.iter().map(|it| it.name.clone()).collect();
    match &note.title {
        Some(title) => parts.push(format!("“{title}”")),
        None => parts.push(note.document.name.clone()),
    }
    parts.extend(note.date.map(|it| it.to_words()));
    if !note.citing.is_empty() {
        // Names of documents hold commas of their own ("MSMT report, May 2025").
        let names: Vec<&str> = note.citing.iter().map(|it| it.prose.as_str()).collect();
        let several = names.len() > 1 && names.iter().any(|it| it.contains(','));
        let names = if several { names.join("; ") } else { join(names.iter().map(|it| (*it).to_owned()), "and") };
        parts.push(format!("citing {names}"));
    }
    parts.join(", ")
}

/// The text with a capital letter at its beginning.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// What stands in a timeline above the facts without a date; of some, claims give different ones.
pub const NO_DATE: &str = "No date, or dates that differ";

/// "estimates"; nothing for what is simply stated.
pub fn stance_in_words(stance: Stance) -> Option<&'static str> {
    match stance {
        Stance::States => None,
        _ => Some(stance.as_str()),
    }
}
/// How its claimants stand to a fact, where none of those who give its figure, or say it at all, states or admits it: each such
/// stance once. None where claims give different figures: each figure then has its claimant beside it, with the stance.
pub fn doubts(row: &Row) -> Vec<Stance> {
    let claims = || row.current_claims().filter(|it| it.stance != Stance::Denies);
    if claims().any(|claim| claim.quantities.iter().any(|(name, _)| row.figure(name).is_none())) {
        return Vec::new();
    }
    let gives_figures = claims().any(|it| !it.quantities.is_empty());
    let mut found = Vec::new();
    for claim in claims().filter(|it| !gives_figures || !it.quantities.is_empty()) {
        if matches!(claim.stance, Stance::States | Stance::Admits) {
            return Vec::new();
        }
        if !found.contains(&claim.stance) {
            found.push(claim.stance);
        }
    }
    found
}
