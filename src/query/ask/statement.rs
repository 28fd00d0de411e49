//! Statements in plain English: "North Korea sent at least 100 ballistic missiles to Russia in 2024, says the MSMT".
//!
//! They are read by the grammar of questions, but nothing is guessed: a name that is misspelt, a word that is passed over or two
//! ways to read it are refused, since what comes of it is written down.

use super::frame::{Framed, frames};
use super::grammar::{Extras, Part, Tagged, statement};
use super::lexicon::Lexicon;
use super::link::{Name, Tag, link};
use super::naming::pick;
use super::reading::NotUnderstood;
use super::refusal::Refusal;
use super::{grammar, keep_worthier, lexer, taggings};
use crate::graph::{GraphView, NameMatch, NameRank, entity_of};
use crate::model::{EntityIx, EntityKind, FlowEnd, KindIx, Outcome, Stance, WordMeaning};

/// What a statement says, in ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The kind of fact.
    pub kind: String,
    /// Who or what fills each role.
    pub roles: Vec<(String, Vec<StatedEnd>)>,
    /// The figure, in the words of the statement.
    pub figure: Option<String>,
    /// When, in EDTF.
    pub period: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Who says so.
    pub by: Option<String>,
    /// How they say it.
    pub stance: Stance,
}

/// Who fills a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedEnd {
    /// The entity.
    pub id: String,
    /// Whose people they are.
    pub of: Option<String>,
}

/// Reads a statement of one fact.
///
/// # Errors
///
/// [`NotUnderstood`], with the words that are unclear; also where it asks something, leaves a word over, or may be of two kinds.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::read_statement;
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let read = read_statement(&graph, "North Korea sent at least 100 ballistic missiles to Russia in 2024, says the MSMT")?;
/// assert_eq!((read.kind.as_str(), read.figure.as_deref()), ("supply", Some("at least 100")));
/// assert_eq!((read.period.as_deref(), read.by.as_deref()), (Some("2024"), Some("msmt")));
/// # Ok::<(), purvey::query::NotUnderstood>(())
/// ```
pub fn read_statement<G: GraphView>(graph: &G, text: &str) -> Result<Statement, NotUnderstood> {
    let lexicon = Lexicon::new(graph.vocabulary());
    let refuse = |refusal: Refusal| {
        let told = refusal.tell(graph, &lexicon, text);
        NotUnderstood {
            examples: vec!["North Korea sent 100 missiles to Russia in 2024, says the MSMT".to_owned()],
            ..told
        }
    };
    let words = lexer::words(text).map_err(|error| refuse(Refusal::Text(error.to_string())))?;
    let linked = link(graph, &lexicon, text, &words);
    if !linked.unknown.is_empty() {
        let told = refuse(Refusal::Unknown(linked.unknown));
        let help = told.help.map_or(String::new(), |it| format!("{it} "));
        return Err(NotUnderstood {
            help: Some(format!("{help}a name that is new is made with --new KIND:NAME")),
            ..told
        });
    }
    if let Some(it) = linked.corrections.first() {
        return Err(refuse(Refusal::Text(format!("“{}” is not known: did you mean “{}”?", it.typed, it.read))));
    }
    let mut why = linked.bad_time.clone().map(Refusal::Text);
    for cut in linked.cuts() {
        for tagged in taggings(&cut) {
            match read(graph, &tagged) {
                Ok(mut found) if found.len() == 1 => return Ok(found.swap_remove(0)),
                Ok(found) if found.len() > 1 => {
                    let kinds: Vec<String> = found.iter().map(|it| format!("`{}`", it.kind)).collect();
                    let what = format!(
                        "this may be of several kinds: write `purvey add KIND …`, with one of {}",
                        kinds.join(", ")
                    );
                    return Err(refuse(Refusal::Text(what)));
                }
                Ok(_) => {}
                Err(refusal) => keep_worthier(&mut why, refusal),
            }
        }
    }
    Err(refuse(why.unwrap_or(Refusal::Order)))
}

fn is(tagged: &Tagged<'_>, meaning: WordMeaning) -> bool {
    *tagged.tag == Tag::Meaning(meaning)
}

/// Takes "…, says the MSMT", "the MSMT says that …" off a statement.
fn said<'t>(tagged: &[Tagged<'t>]) -> (Vec<Tagged<'t>>, Option<(&'t Name, Stance)>) {
    let words: Vec<Tagged<'t>> = tagged.iter().filter(|it| !is(it, WordMeaning::Article)).copied().collect();
    let name = |it: &Tagged<'t>| if let Tag::Name(name) = it.tag { Some(name) } else { None };
    let saying = |it: &Tagged<'t>| match it.tag {
        Tag::Meaning(WordMeaning::Say) => Some(Stance::States),
        Tag::Meaning(WordMeaning::Admit) => Some(Stance::Admits),
        Tag::Meaning(WordMeaning::Deny) => Some(Stance::Denies),
        _ => None,
    };
    let according = |it: &Tagged<'t>| is(it, WordMeaning::AccordingTo);
    // With a comma behind it a name is no list: "according to the MSMT, Russia …".
    if let [a, b, rest @ ..] = words.as_slice()
        && let Some(name) = name(b).filter(|_| according(a))
    {
        return (rest.to_vec(), Some((name, Stance::States)));
    }
    if let [rest @ .., a, b] = words.as_slice()
        && let Some(name) = name(b).filter(|_| according(a))
    {
        return (rest.to_vec(), Some((name, Stance::States)));
    }
    if let [rest @ .., a, b] = words.as_slice()
        && let Some(found) = (saying(a).zip(name(b))).or(saying(b).zip(name(a)))
    {
        return (rest.to_vec(), Some((found.1, found.0)));
    }
    if let [a, b, rest @ ..] = words.as_slice()
        && let (Some(name), Some(stance)) = (name(a), saying(b))
    {
        let rest = match rest {
            [that, rest @ ..] if is(that, WordMeaning::That) => rest,
            rest => rest,
        };
        return (rest.to_vec(), Some((name, stance)));
    }
    (words, None)
}

fn read<G: GraphView>(graph: &G, tagged: &[Tagged<'_>]) -> Result<Vec<Statement>, Refusal> {
    let (rest, spoken) = said(tagged);
    let (rest, extras) = grammar::extras(&rest, None).map_err(Refusal::from_stop)?;
    let parts = statement(&rest).ok_or(Refusal::Order)?;
    let asks = |it: &Part<'_>| matches!(it, Part::Asks(_) | Part::AsksFor(..) | Part::Not);
    let has_verb = parts.iter().any(|it| matches!(it, Part::Verb { .. }));
    if parts.iter().any(asks) || !has_verb || matches!(parts.first(), Some(Part::Auxiliary(_))) {
        return Err(Refusal::Order);
    }
    if let Some(word) = extras.unused.first() {
        return Err(Refusal::Text(format!("“{word}” has no place in a record: leave it out")));
    }
    let ([] | [_]) = extras.times.as_slice() else {
        return Err(Refusal::Text("give one time, as in “in 2024” or “from March to October 2024”".to_owned()));
    };
    let by = match (spoken, extras.according_to.as_slice()) {
        (Some((name, stance)), []) => Some((name, stance)),
        (None, [name]) => Some((*name, Stance::States)),
        (None, []) => None,
        _ => return Err(Refusal::Text("one claim has one claimant".to_owned())),
    };
    let by = by.map(|(name, stance)| Ok::<_, Refusal>((claimant(graph, name)?, stance))).transpose()?;
    let framed = frames(graph, &parts, &extras).map_err(Refusal::from_frame)?;
    let nearest = framed.iter().map(|it| it.looseness).min().unwrap_or(0);
    let mut found = Vec::new();
    for framed in framed.iter().filter(|it| it.looseness == nearest) {
        for kind in framed.kinds() {
            found.extend(of_kind(graph, framed, *kind, &extras, by.clone())?);
        }
    }
    found.dedup();
    Ok(as_others(graph, found))
}

/// Of several kinds the one that the data use for such things: missiles are supplied and money is paid, though both are sent. All
/// of them, if that does not tell.
fn as_others<G: GraphView>(graph: &G, found: Vec<Statement>) -> Vec<Statement> {
    let root = |mut entity: EntityIx| {
        while let Some(above) = graph.entity(entity).is_a {
            entity = above;
        }
        entity
    };
    let facts = |it: &Statement| {
        let kind = graph.vocabulary().kind_ix(&it.kind);
        let objects: Vec<EntityIx> =
            it.roles.iter().flat_map(|(_, all)| all).filter_map(|it| graph.entity_by_id(&it.id)).collect();
        let classes: Vec<EntityIx> =
            objects.into_iter().filter(|it| graph.entity(*it).kind.is_class()).map(root).collect();
        let alike = |fact: &&crate::model::FactIx| {
            graph
                .roles(**fact)
                .any(|role| entity_of(graph, role.participant.node).is_some_and(|it| classes.contains(&root(it))))
        };
        kind.map_or(0, |it| graph.facts_of_kind(it).iter().filter(alike).count())
    };
    let counts: Vec<usize> = found.iter().map(facts).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    if found.len() < 2 || counts.iter().filter(|it| **it == most).count() > 1 {
        return found;
    }
    found.into_iter().zip(counts).filter(|(_, count)| *count == most).map(|(it, _)| it).collect()
}

fn claimant<G: GraphView>(graph: &G, name: &Name) -> Result<String, Refusal> {
    let picked = pick(graph, name, |kind| EntityKind::CLAIMANTS.contains(&kind) && kind != EntityKind::Document)
        .or_else(|_| pick(graph, name, |kind| EntityKind::CLAIMANTS.contains(&kind)));
    let picked = picked.map_err(|misfit| Refusal::from_frame(misfit.into()))?;
    exact(&picked.read)?;
    Ok(picked.read.id)
}

fn exact(read: &super::NameRead) -> Result<(), Refusal> {
    match read.rank {
        NameRank::Typo => Err(Refusal::Text(format!("“{}” is not known: did you mean {}?", read.typed, read.name))),
        _ => Ok(()),
    }
}

/// The statement as one of a kind, if all that it names has a role there.
fn of_kind<G: GraphView>(
    graph: &G,
    framed: &Framed,
    ix: KindIx,
    extras: &Extras<'_>,
    by: Option<(String, Stance)>,
) -> Result<Option<Statement>, Refusal> {
    let who = &framed.who;
    framed.names.iter().try_for_each(exact)?;
    let Some(kind) = graph.vocabulary().kind(ix) else { return Ok(None) };
    let is_plain = who.about.is_empty() && who.not_from.is_empty() && who.not_what.is_empty() && who.not_to.is_empty();
    if !is_plain || !framed.unused.is_empty() || framed.figures.len() > 1 || framed.when {
        return Ok(None);
    }
    let entity = |word: &str, accept: &dyn Fn(EntityKind) -> bool| {
        let by_id = graph.entity_by_id(word).filter(|it| accept(graph.entity(*it).kind));
        by_id.or_else(|| match graph.name_index().lookup(word, |node| accept(graph.entity(EntityIx(node)).kind)) {
            NameMatch::One { node, rank, .. } if rank != NameRank::Typo => Some(EntityIx(node)),
            _ => None,
        })
    };
    let id = |it: EntityIx| graph.entity(it).id.to_owned();
    let mut of = match who.of.as_slice() {
        [] => None,
        [word] => match entity(word, &|it| it != EntityKind::Document) {
            Some(found) => Some(id(found)),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let mut roles: Vec<(String, Vec<StatedEnd>)> = Vec::new();
    for (end, words) in [(FlowEnd::Source, &who.from), (FlowEnd::Object, &who.what), (FlowEnd::Target, &who.to)] {
        if words.is_empty() {
            continue;
        }
        let fits = kind.roles.iter().filter(|it| it.flow == Some(end)).find_map(|role| {
            let all =
                words.iter().map(|word| entity(word, &|it| role.accepts.contains(it))).collect::<Option<Vec<_>>>()?;
            Some((role, all))
        });
        let Some((role, all)) = fits else { return Ok(None) };
        let ends = all.into_iter().map(|it| {
            let is_people = graph.entity(it).kind == EntityKind::Population;
            StatedEnd { id: id(it), of: if is_people { of.take() } else { None } }
        });
        roles.push((graph.vocabulary().role_name(role.role).to_owned(), ends.collect()));
    }
    for (name, word) in &who.roles {
        let spec = kind.roles.iter().find(|it| graph.vocabulary().role_name(it.role) == name);
        let Some(found) = spec.and_then(|it| entity(word, &|kind| it.accepts.contains(kind))) else { return Ok(None) };
        roles.push((name.clone(), vec![StatedEnd { id: id(found), of: None }]));
    }
    let lacks = kind
        .roles
        .iter()
        .any(|it| it.required && !roles.iter().any(|(name, _)| graph.vocabulary().role_name(it.role) == name));
    if lacks || of.is_some() || (!framed.figures.is_empty() && kind.figures.is_empty()) {
        return Ok(None);
    }
    let alleged = extras.support.iter().find_map(|it| match it {
        WordMeaning::Alleged => Some(Stance::Alleges),
        WordMeaning::Estimated => Some(Stance::Estimates),
        WordMeaning::Admitted => Some(Stance::Admits),
        _ => None,
    });
    Ok(Some(Statement {
        kind: kind.id.to_string(),
        roles,
        figure: framed.figures.first().cloned(),
        period: extras.times.first().map(|it| it.edtf()),
        outcome: extras.outcomes.first().copied().unwrap_or_default(),
        stance: alleged.or(by.as_ref().map(|it| it.1)).unwrap_or_default(),
        by: by.map(|it| it.0),
    }))
}
