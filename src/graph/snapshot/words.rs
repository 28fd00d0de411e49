//! The vocabulary as bytes. It is small and read whole, so it needs no columns: [borsh](https://borsh.io), whose bytes are
//! the same wherever they are written. Templates stand in it as their text.

use borsh::{BorshDeserialize, BorshSerialize};

use super::pack::{pack_amount, unpack_amount};
use crate::model::{
    Amount, Aspect, Bound, Conversion, EntityKind, EntityKinds, FigureSpec, FlowEnd, Hedge, Kind, LineStyle, Meaning,
    Piece, QuestionWords, RoleIx, RoleSpec, Template, Terms, Unit, UnitIx, Vocabulary, WordMeaning,
};

#[derive(BorshDeserialize, BorshSerialize)]
struct Words {
    kinds: Vec<KindWords>,
    roles: Vec<String>,
    units: Vec<UnitWords>,
    hedges: Vec<HedgeWords>,
    margin: [u8; 16],
    conversions: Vec<ConversionWords>,
    /// Meanings by their ids.
    words: Vec<(String, Vec<String>)>,
    examples: Vec<String>,
    strangers: Vec<String>,
}

#[derive(BorshDeserialize, BorshSerialize)]
struct KindWords {
    id: String,
    noun: String,
    plural: String,
    /// Aspect, line style, and meaning from 1; 0 is none.
    marks: [u8; 3],
    flow: bool,
    walk: bool,
    symmetric: bool,
    roles: Vec<RoleWords>,
    figures: Vec<(String, Option<u16>, Vec<String>)>,
    nouns: Vec<String>,
    /// Of the source, the target, the object.
    verbs: [Vec<String>; 3],
    label: String,
    sentences: Vec<String>,
    infinitives: Vec<String>,
}

#[derive(BorshDeserialize, BorshSerialize)]
struct RoleWords {
    role: u16,
    flow: Option<u8>,
    /// Kinds of entity, by number.
    accepts: Vec<u8>,
    required: bool,
    nouns: Vec<String>,
    after: Vec<String>,
}

#[derive(BorshDeserialize, BorshSerialize)]
struct UnitWords {
    id: String,
    plural: String,
    names: Vec<String>,
    dimension: String,
}

#[derive(BorshDeserialize, BorshSerialize)]
struct HedgeWords {
    words: Vec<String>,
    /// Low, low open, high, high open, approximate, vague.
    bound: u8,
    low: Option<[u8; 16]>,
    high: Option<[u8; 16]>,
}

#[derive(BorshDeserialize, BorshSerialize)]
struct ConversionWords {
    from: u16,
    to: u16,
    factor: [u8; 16],
    source: String,
}

fn strings(list: &[Box<str>]) -> Vec<String> {
    list.iter().map(|it| it.to_string()).collect()
}

fn boxed(list: Vec<String>) -> Vec<Box<str>> {
    list.into_iter().map(Into::into).collect()
}

/// The vocabulary as bytes.
pub(super) fn encode(vocabulary: &Vocabulary) -> Vec<u8> {
    let terms = &vocabulary.terms;
    let words = Words {
        kinds: vocabulary.kinds.iter().map(kind_words).collect(),
        roles: strings(&vocabulary.roles),
        units: terms
            .units()
            .iter()
            .map(|it| UnitWords {
                id: it.id.to_string(),
                plural: it.plural.to_string(),
                names: strings(&it.names),
                dimension: it.dimension.to_string(),
            })
            .collect(),
        hedges: terms.hedges().iter().map(hedge_words).collect(),
        margin: pack_amount(terms.margin()),
        conversions: vocabulary
            .conversions
            .iter()
            .map(|it| ConversionWords {
                from: it.from.0,
                to: it.to.0,
                factor: pack_amount(it.factor),
                source: it.source.to_string(),
            })
            .collect(),
        words: vocabulary.words.iter().map(|it| (it.means.as_str().to_owned(), strings(&it.words))).collect(),
        examples: strings(&vocabulary.examples),
        strangers: strings(&vocabulary.strangers),
    };
    // Writing to memory does not fail.
    borsh::to_vec(&words).unwrap_or_default()
}

fn kind_words(kind: &Kind) -> KindWords {
    let texts = |list: &[Template]| list.iter().map(text_of).collect();
    let style = LineStyle::ALL.iter().position(|it| *it == kind.style);
    let meaning = kind.meaning.and_then(|it| Meaning::ALL.iter().position(|other| *other == it));
    let number = |at: Option<usize>| at.and_then(|it| u8::try_from(it).ok()).unwrap_or_default();
    KindWords {
        id: kind.id.to_string(),
        noun: kind.noun.to_string(),
        plural: kind.plural.to_string(),
        marks: [u8::from(kind.aspect == Aspect::State), number(style), number(meaning.map(|it| it + 1))],
        flow: kind.flow,
        walk: kind.walk,
        symmetric: kind.symmetric,
        roles: kind
            .roles
            .iter()
            .map(|it| RoleWords {
                role: it.role.0,
                flow: it.flow.map(|it| it as u8),
                accepts: it.accepts.iter().map(|it| it as u8).collect(),
                required: it.required,
                nouns: strings(&it.nouns),
                after: strings(&it.after),
            })
            .collect(),
        figures: kind
            .figures
            .iter()
            .map(|it| (it.name.to_string(), it.unit.map(|it| it.0), strings(&it.verbs)))
            .collect(),
        nouns: strings(&kind.nouns),
        verbs: [&kind.verbs, &kind.target_verbs, &kind.object_verbs].map(|it| strings(it)),
        label: text_of(&kind.label),
        sentences: texts(&kind.sentences),
        infinitives: texts(&kind.infinitives),
    }
}

/// A template as it is written.
fn text_of(template: &Template) -> String {
    fn write(pieces: &[Piece], text: &mut String) {
        for piece in pieces {
            match piece {
                Piece::Text(it) => text.push_str(it),
                Piece::Field(it) => text.push_str(&format!("{{{it}}}")),
                Piece::Optional(inner) => {
                    text.push('[');
                    write(inner, text);
                    text.push(']');
                }
            }
        }
    }
    let mut text = String::new();
    write(&template.pieces, &mut text);
    text
}

fn hedge_words(hedge: &Hedge) -> HedgeWords {
    let (bound, low, high) = match hedge.bound {
        Bound::Low => (0, None, None),
        Bound::LowOpen => (1, None, None),
        Bound::High => (2, None, None),
        Bound::HighOpen => (3, None, None),
        Bound::Approximate => (4, None, None),
        Bound::Vague { low, high } => (5, low, high),
    };
    HedgeWords { words: strings(&hedge.words), bound, low: low.map(pack_amount), high: high.map(pack_amount) }
}

/// The vocabulary of those bytes; none if they are none.
pub(super) fn decode(bytes: &[u8]) -> Option<Vocabulary> {
    let words: Words = borsh::from_slice(bytes).ok()?;
    let units: Vec<Unit> = words
        .units
        .into_iter()
        .map(|it| Unit {
            id: it.id.into(),
            plural: it.plural.into(),
            names: boxed(it.names),
            dimension: it.dimension.into(),
        })
        .collect();
    let hedges = words.hedges.into_iter().map(hedge).collect::<Option<Vec<_>>>()?;
    let terms = Terms::new(units, hedges, unpack_amount(words.margin)?).ok()?;
    let kinds = words.kinds.into_iter().map(kind).collect::<Option<Vec<_>>>()?;
    let conversion = |it: ConversionWords| {
        let factor = unpack_amount(it.factor)?;
        Some(Conversion { from: UnitIx(it.from), factor, to: UnitIx(it.to), source: it.source.into() })
    };
    let conversions = words.conversions.into_iter().map(conversion).collect::<Option<Vec<_>>>()?;
    let meant = |(means, words): (String, Vec<String>)| {
        let means = *WordMeaning::ALL.iter().find(|it| it.as_str() == means)?;
        Some(QuestionWords { means, words: boxed(words) })
    };
    Some(Vocabulary {
        kinds,
        roles: boxed(words.roles),
        terms,
        conversions,
        words: words.words.into_iter().map(meant).collect::<Option<Vec<_>>>()?,
        examples: boxed(words.examples),
        strangers: boxed(words.strangers),
    })
}

fn kind(words: KindWords) -> Option<Kind> {
    let templates =
        |list: Vec<String>| list.iter().map(|it| Template::parse(it).ok()).collect::<Option<Vec<Template>>>();
    let [aspect, style, meaning] = words.marks;
    let [verbs, target_verbs, object_verbs] = words.verbs.map(boxed);
    let role = |it: RoleWords| {
        let accepts = it.accepts.iter().try_fold(EntityKinds::default(), |kinds, kind| {
            EntityKind::ALL.get(usize::from(*kind)).map(|it| kinds.with(*it))
        })?;
        let flow = match it.flow {
            Some(end) => Some(*FlowEnd::ALL.get(usize::from(end))?),
            None => None,
        };
        Some(RoleSpec {
            role: RoleIx(it.role),
            flow,
            accepts,
            required: it.required,
            nouns: boxed(it.nouns),
            after: boxed(it.after),
        })
    };
    let figure = |(name, unit, verbs): (String, Option<u16>, Vec<String>)| FigureSpec {
        name: name.into(),
        unit: unit.map(UnitIx),
        verbs: boxed(verbs),
    };
    Some(Kind {
        id: words.id.into(),
        noun: words.noun.into(),
        plural: words.plural.into(),
        aspect: *[Aspect::Event, Aspect::State].get(usize::from(aspect))?,
        flow: words.flow,
        walk: words.walk,
        symmetric: words.symmetric,
        roles: words.roles.into_iter().map(role).collect::<Option<Vec<_>>>()?,
        figures: words.figures.into_iter().map(figure).collect(),
        nouns: boxed(words.nouns),
        verbs,
        target_verbs,
        object_verbs,
        label: Template::parse(&words.label).ok()?,
        sentences: templates(words.sentences)?,
        infinitives: templates(words.infinitives)?,
        style: *LineStyle::ALL.get(usize::from(style))?,
        meaning: match meaning.checked_sub(1) {
            Some(at) => Some(*Meaning::ALL.get(usize::from(at))?),
            None => None,
        },
    })
}

fn hedge(words: HedgeWords) -> Option<Hedge> {
    let amount = |bytes: Option<[u8; 16]>| -> Option<Option<Amount>> {
        match bytes {
            Some(bytes) => unpack_amount(bytes).map(Some),
            None => Some(None),
        }
    };
    let bound = match words.bound {
        0 => Bound::Low,
        1 => Bound::LowOpen,
        2 => Bound::High,
        3 => Bound::HighOpen,
        4 => Bound::Approximate,
        5 => Bound::Vague { low: amount(words.low)?, high: amount(words.high)? },
        _ => return None,
    };
    Some(Hedge { words: boxed(words.words), bound })
}
