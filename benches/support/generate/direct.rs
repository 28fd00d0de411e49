//! Made-up records as a snapshot, byte for byte that of the same records read as RON. They are made twice: first to learn how
//! many entities there will be and who is unnamed, then to be written.

#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "numbers and keys are those that the first run gave out; a generator may stop where it has a bug"
)]

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;

use purvey::graph::{
    ClaimView, DocumentView, EntityView, FactView, FigureView, LocatorView, NameView, RecordView, RelationView,
    RoleFill, SnapshotBuilder,
};
use purvey::model::{
    Ends, EntityIx, EntityKind, FlowEnd, Kind, KindIx, NameKind, NodeIx, Outcome, Participant, Period, Quantity,
    RecordIx, RelationKind, RelationTarget, Stance, Vocabulary, camel_case,
};

use super::text::{capital, document_date};
use super::{CLAIMANT, Claim, DOCUMENT, Maker, Name, Party, Record, Target, record_id};

type Failure = Box<dyn Error>;

/// Writes `facts` records as a snapshot, with the vocabulary that they are read by.
pub(crate) fn snapshot(facts: usize, seed: u64, vocabulary: Vocabulary, out: &mut dyn Write) -> Result<(), Failure> {
    let mut maker = Maker::new(seed);
    let mut unnamed = HashMap::new();
    for number in 0..facts {
        find_unnamed(&maker.record(number), number, facts, &mut unnamed);
    }
    let nodes = Nodes::new(&maker, unnamed);
    let mut writer = Writer {
        builder: SnapshotBuilder::new(vocabulary.clone()),
        vocabulary,
        nodes,
        counts: [0; 2],
        later: Vec::new(),
    };
    writer.entities()?;
    let mut maker = Maker::new(seed);
    for number in 0..facts {
        writer.record(&maker.record(number), number, facts)?;
    }
    writer.relations_of_all(facts)?;
    Ok(writer.builder.write(out)?)
}

/// What tells unnamed participants apart: the place, or document, group and label.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Place(String),
    Label(Name, Name, usize),
}

fn document_of(claim: &Claim) -> Name {
    claim.document.unwrap_or(DOCUMENT)
}

fn claimant_key(claim: &Claim, number: usize, record: usize, facts: usize) -> Option<(Key, Name)> {
    match claim.by? {
        Party::Unnamed(of, Some(label)) => Some((Key::Label(document_of(claim), of, label), of)),
        Party::Unnamed(of, None) => {
            Some((Key::Place(format!("{}/claim/{}/by", record_id(record, facts), number + 1)), of))
        }
        _ => None,
    }
}

fn find_unnamed(made: &Record, number: usize, facts: usize, found: &mut HashMap<Key, Name>) {
    for (role, parties) in &made.roles {
        for (at, party) in parties.iter().enumerate() {
            if let Party::Unnamed(of, _) = party {
                found.insert(Key::Place(format!("{}/{role}/{at}", record_id(number, facts))), *of);
            }
        }
    }
    found.extend(made.claims.iter().enumerate().filter_map(|(at, it)| claimant_key(it, at, number, facts)));
}

/// Which node everybody is.
struct Nodes {
    /// By pool: its name, where it begins among the entities, and the place of each number in the order of the ids.
    pools: Vec<(&'static str, u32, Vec<u32>)>,
    entities: u32,
    unnamed: HashMap<Key, u32>,
    /// Of each unnamed one, in order.
    groups: Vec<Name>,
}

impl Nodes {
    fn new(maker: &Maker, unnamed: HashMap<Key, Name>) -> Nodes {
        let mut nodes = Nodes { pools: Vec::new(), entities: 0, unnamed: HashMap::new(), groups: Vec::new() };
        for pool in &maker.pools {
            let mut order: Vec<usize> = (0..pool.count).collect();
            order.sort_by_cached_key(|it| it.to_string());
            let mut places = vec![0; pool.count];
            for (place, number) in (0_u32..).zip(order) {
                places[number] = place;
            }
            nodes.pools.push((pool.stem, nodes.entities, places));
            nodes.entities += u32::try_from(pool.count).expect("fewer than 4 billion");
        }
        let text = |key: &Key| match key {
            Key::Place(place) => place.clone(),
            Key::Label(document, of, label) => {
                format!("{}/{}/label/{label}", nodes.entity(*document).0, nodes.entity(*of).0)
            }
        };
        let mut sorted: Vec<(String, Key, Name)> = unnamed.into_iter().map(|(key, of)| (text(&key), key, of)).collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        for (at, (_, key, of)) in (0_u32..).zip(sorted) {
            nodes.unnamed.insert(key, nodes.entities + at);
            nodes.groups.push(of);
        }
        nodes
    }

    fn entity(&self, (stem, number): Name) -> EntityIx {
        let (_, first, places) = self.pools.iter().find(|it| it.0 == stem).expect("one of the pools");
        EntityIx(first + places[number])
    }
}

struct Writer {
    builder: SnapshotBuilder,
    vocabulary: Vocabulary,
    nodes: Nodes,
    /// Facts and claims so far.
    counts: [u32; 2],
    /// Relations by record, with the claim of those that have one; they are written last.
    later: Vec<(usize, RelationKind, RelationTarget, Option<Said>)>,
}

/// Claimant, document and date of a claim of a relation.
type Said = (NodeIx, EntityIx, Option<Period>);

impl Writer {
    fn entities(&mut self) -> Result<(), Failure> {
        let pools = std::mem::take(&mut self.nodes.pools);
        self.nodes.pools.clone_from(&pools);
        for (stem, _, places) in pools {
            let mut order = vec![0; places.len()];
            for (number, place) in places.iter().enumerate() {
                order[*place as usize] = number;
            }
            for number in order {
                self.entity(stem, number)?;
            }
        }
        for of in std::mem::take(&mut self.nodes.groups) {
            self.builder.add_unnamed(self.nodes.entity(of), false);
        }
        Ok(())
    }

    fn entity(&mut self, stem: &'static str, number: usize) -> Result<(), Failure> {
        let word = capital(stem);
        let (id, name) = (format!("{stem}-{number}"), format!("{word} {number}"));
        let is_class = matches!(stem, "population" | "materiel");
        let plural = format!("{name}s");
        let view = EntityView {
            id: &id,
            kind: EntityKind::from_word(stem).ok_or("a kind")?,
            name: &name,
            the: stem == "organization",
            plural: is_class.then_some(&*plural),
            is_a: (is_class && number >= 5).then(|| self.nodes.entity((stem, number / 5))),
            ..EntityView::default()
        };
        let texts = match stem {
            "country" => [format!("Country-{number}ese"), format!("X{number}")],
            _ => [format!("Org. {number}"), format!("Организация {number}")],
        };
        let [first, second] = &texts;
        let plain = |text, kind, lang| NameView { text, kind, lang };
        let names = match stem {
            "country" => {
                vec![plain(first, NameKind::Demonym, None), plain(second, NameKind::Code, Some("iso3166"))]
            }
            "organization" => vec![plain(first, NameKind::Alias, None), plain(second, NameKind::Alias, Some("ru"))],
            _ => Vec::new(),
        };
        let (title, address) = (format!("A title, number {number}"), format!("https://example.org/{number}"));
        let document = DocumentView {
            title: Some(&title),
            publisher: None,
            date: Some(Period::parse(&document_date(number))?),
            address: Some(&address),
            pages: Some(number as u64 % 40 + 1),
            withdrawn: None,
        };
        self.builder.add_entity(&view, names, (stem == "document").then_some(&document), &[]);
        Ok(())
    }

    fn record(&mut self, made: &Record, number: usize, facts: usize) -> Result<(), Failure> {
        let id = record_id(number, facts);
        let record = RecordIx(u32::try_from(number)?);
        let kind_ix = (0_u16..)
            .zip(&self.vocabulary.kinds)
            .find(|(_, it)| camel_case(&it.id) == made.kind)
            .map(|(at, _)| KindIx(at))
            .ok_or(made.kind)?;
        let kind = self.vocabulary.kind(kind_ix).ok_or(made.kind)?.clone();
        let first = self.counts[0];
        self.facts(made, &id, record, (kind_ix, &kind))?;
        let claims = self.counts[1]..self.counts[1] + u32::try_from(made.claims.len())?;
        let period = made.period.as_deref().map(Period::parse).transpose()?;
        let view = RecordView {
            id: &id,
            facts: first..self.counts[0],
            claims: claims.clone(),
            outcome: made.outcome.map_or(Some(Outcome::Happened), Outcome::from_word).ok_or("an outcome")?,
            per: None,
            period,
            draft: false,
        };
        self.builder.add_record(&view, made.period_inferred.then_some("period"));
        for (at, claim) in made.claims.iter().enumerate() {
            self.claim(made, claim, (number, at, facts), (record, &kind))?;
        }
        self.counts[1] = claims.end;
        // What is written into the record itself, for its relations too.
        let own = if let [one] = &made.claims[..] { document_of(one) } else { DOCUMENT };
        for relation in &made.relations {
            let target = match relation.target {
                Target::Record(at) => RelationTarget::Record(RecordIx(u32::try_from(at)?)),
                Target::Entity(name) => RelationTarget::Entity(self.nodes.entity(name)),
            };
            let kind = RelationKind::from_field(relation.field).ok_or("a relation")?;
            let made = Some(Period::parse(&document_date(own.1))?);
            let claim = relation.by.map(|by| (self.nodes.entity(by).into(), self.nodes.entity(own), made));
            self.later.push((number, kind, target, claim));
        }
        Ok(())
    }

    fn facts(&mut self, made: &Record, id: &str, record: RecordIx, kind: (KindIx, &Kind)) -> Result<(), Failure> {
        let list = made.roles.iter().find(|(_, parties)| parties.len() > 1);
        for member in 0..list.map_or(1, |(_, parties)| parties.len()) {
            let mut ends = Ends::default();
            let mut roles = Vec::new();
            let mut name = id.to_owned();
            for (role, parties) in &made.roles {
                let at = if parties.len() > 1 { member } else { 0 };
                let participant = match parties[at] {
                    Party::Named(it) => Participant { node: self.nodes.entity(it).into(), of: None },
                    Party::Of(it, of) => {
                        Participant { node: self.nodes.entity(it).into(), of: Some(self.nodes.entity(of)) }
                    }
                    Party::Unnamed(..) => {
                        let key = Key::Place(format!("{id}/{role}/{at}"));
                        Participant { node: NodeIx(self.nodes.unnamed[&key]), of: None }
                    }
                };
                if let (true, Party::Named((stem, number))) = (parties.len() > 1, parties[at]) {
                    name = format!("{id}/{stem}-{number}");
                }
                let role = self.vocabulary.role_ix(role).ok_or(*role)?;
                let flow = kind.1.roles.iter().find(|it| it.role == role).and_then(|it| it.flow);
                if let Some(end) = flow {
                    *ends.get_mut(end) = Some(participant);
                }
                roles.push(RoleFill { role, participant });
            }
            self.builder.add_fact(&FactView { id: &name, kind: kind.0, record, ends }, roles);
            self.counts[0] += 1;
        }
        Ok(())
    }

    fn claim(
        &mut self,
        made: &Record,
        claim: &Claim,
        (number, at, facts): (usize, usize, usize),
        (record, kind): (RecordIx, &Kind),
    ) -> Result<(), Failure> {
        let by = match claim.by {
            None => self.nodes.entity(CLAIMANT).into(),
            Some(Party::Named(name) | Party::Of(name, _)) => self.nodes.entity(name).into(),
            Some(Party::Unnamed(..)) => {
                let (key, _) = claimant_key(claim, at, number, facts).ok_or("a claimant")?;
                NodeIx(self.nodes.unnamed[&key])
            }
        };
        let document = document_of(claim);
        let said = claim.made.clone().unwrap_or_else(|| document_date(claim.via.unwrap_or(document).1));
        let via: Vec<EntityIx> = claim.via.iter().map(|it| self.nodes.entity(*it)).collect();
        let mut sha256 = [0; 32];
        let bytes = claim.at.iter().flat_map(|it| it.sha256).flat_map(u64::to_be_bytes);
        sha256.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        let view = ClaimView {
            record,
            by,
            stance: claim.stance.map_or(Some(Stance::States), Stance::from_word).ok_or("a stance")?,
            via: &via,
            document: self.nodes.entity(document),
            made: Some(Period::parse(&said)?),
            period: None,
            scope: None,
            withdrawn: None,
            at: claim.at.as_ref().map(|it| LocatorView { paragraph: it.paragraph, length: it.length, sha256 }),
        };
        let terms = &self.vocabulary.terms;
        let figure = match &claim.figure {
            None => None,
            Some(text) => {
                let figure = if made.figure == "quantity" { Some(0) } else { kind.figure(made.figure) };
                let figure = figure.ok_or(made.figure)?;
                let of_people = made.roles.iter().any(|(role, parties)| {
                    let role = self.vocabulary.role_ix(role);
                    let spec = kind.roles.iter().find(|it| Some(it.role) == role);
                    let is_object = spec.is_some_and(|it| it.flow == Some(FlowEnd::Object));
                    is_object && matches!(parties[0], Party::Named(("population", _)) | Party::Of(..))
                });
                let otherwise = terms.unit_ix(if of_people { "person" } else { "piece" }).unwrap_or_default();
                let unit = kind.figures.get(usize::from(figure)).and_then(|it| it.unit).unwrap_or(otherwise);
                Some((figure, Quantity::parse(text, terms, unit)?))
            }
        };
        let figures = figure.iter().map(|(at, it)| FigureView {
            at: *at,
            interval: it.interval,
            unit: it.unit,
            unit_named: it.unit_named,
            text: &it.text,
        });
        self.builder.add_claim(&view, figures, []);
        Ok(())
    }

    /// The claims of relations stand behind all others, so their numbers are known only now.
    fn relations_of_all(&mut self, facts: usize) -> Result<(), Failure> {
        let mut later = std::mem::take(&mut self.later).into_iter().peekable();
        for record in 0..facts {
            let mut relations = Vec::new();
            while let Some((_, kind, target, claim)) = later.next_if(|it| it.0 == record) {
                let start = self.counts[1];
                if let Some((by, document, made)) = claim {
                    let view = ClaimView {
                        record: RecordIx(u32::try_from(record)?),
                        by,
                        stance: Stance::States,
                        via: &[],
                        document,
                        made,
                        period: None,
                        scope: None,
                        withdrawn: None,
                        at: None,
                    };
                    self.builder.add_claim(&view, [], []);
                    self.counts[1] += 1;
                }
                relations.push(RelationView { kind, target, claims: start..self.counts[1] });
            }
            self.builder.add_relations(relations);
        }
        Ok(())
    }
}
