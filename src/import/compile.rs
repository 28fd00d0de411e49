//! One fact against the vocabulary and the entities: what `purvey check` would find wrong with it is found here, before it goes
//! anywhere, and what it says is brought into the form of the graph.

use super::entities::EntityTable;
use super::findings::ImportCode;
use super::record::{Claim, End, Entity, Fact};
use crate::model::{
    EntityKind, Kind, KindIx, Outcome, Period, PeriodErrorKind, Quantity, RelationKind, RoleIx, RoleSpec, UnitIx,
    Vocabulary, is_slug,
};

/// Why a fact does not go in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// It names an entity that is not there, perhaps not yet.
    Unknown { id: String, field: String },
    /// Anything else.
    Other { code: ImportCode, message: String, help: Option<String> },
}

impl Problem {
    fn new(code: ImportCode, message: String) -> Problem {
        Problem::Other { code, message, help: None }
    }

    /// The id of a fact that another has, or an entity.
    pub(super) fn taken(id: &str) -> Problem {
        Problem::new(ImportCode::DuplicateId, format!("the id `{id}` is taken"))
    }

    /// As a finding about that fact.
    pub(super) fn into_parts(self, fact: &str) -> (ImportCode, String, Option<String>) {
        match self {
            Problem::Unknown { id, field } => {
                let message = format!("`{field}` of `{fact}` names `{id}`, which is not in the input");
                (ImportCode::UnknownReference, message, Some("the fact is left out".to_owned()))
            }
            Problem::Other { code, message, help } => (code, message, help),
        }
    }

    fn with_help(code: ImportCode, message: String, help: String) -> Problem {
        Problem::Other { code, message, help: Some(help) }
    }
}

/// Who fills a role or speaks, by position in the table of entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filled<'f> {
    Entity(u32),
    PeopleOf { id: u32, of: u32 },
    Unnamed { of: u32, label: Option<&'f str> },
}

/// A fact whose names are looked up and whose values are read.
pub(super) struct Compiled<'f> {
    pub(super) kind: KindIx,
    /// In the order in which the kind declares them, each with its number of participants within the role.
    pub(super) roles: Vec<(RoleIx, usize, Filled<'f>)>,
    pub(super) period: Option<Period>,
    pub(super) claims: Vec<CompiledClaim<'f>>,
    /// The object of the flow, which decides about the unit of figures that name none.
    pub(super) object: Option<u32>,
}

/// A claim likewise.
pub(super) struct CompiledClaim<'f> {
    pub(super) by: Filled<'f>,
    pub(super) document: u32,
    pub(super) via: Vec<u32>,
    pub(super) made: Option<Period>,
    pub(super) period: Option<Period>,
    pub(super) withdrawn: Option<Period>,
    /// In the order of the kind. The unit of one that names none is not decided yet.
    pub(super) figures: Vec<(u8, Quantity)>,
}

/// Checks a fact.
pub(super) fn compile<'f>(
    fact: &'f Fact,
    vocabulary: &Vocabulary,
    entities: &EntityTable,
) -> Result<Compiled<'f>, Problem> {
    if !is_slug(&fact.id) {
        return Err(Problem::new(ImportCode::MissingValue, format!("`{}` is no id of a record", fact.id)));
    }
    let Some((ix, kind)) = vocabulary.kind_ix(&fact.kind).and_then(|ix| Some((ix, vocabulary.kind(ix)?))) else {
        let message = format!("`{}` is no kind of fact", fact.kind);
        let help = "define it with `kinds: [Kind(id: …)]` and name the file with --vocabulary".to_owned();
        return Err(Problem::with_help(ImportCode::BadVocabulary, message, help));
    };
    let compiler = Compiler { vocabulary, entities, kind };
    let (roles, object) = compiler.roles(fact)?;
    let period = fact.period.as_deref().map(read_period).transpose()?;
    if fact.claims.is_empty() {
        return Err(Problem::new(ImportCode::MissingValue, format!("nobody is named who says `{}`", fact.id)));
    }
    compiler.relations(fact)?;
    compiler.inferred(&fact.inferred, fact)?;
    let claims = fact.claims.iter().map(|it| compiler.claim(it, object)).collect::<Result<_, _>>()?;
    Ok(Compiled { kind: ix, roles, period, claims, object })
}

struct Compiler<'c> {
    vocabulary: &'c Vocabulary,
    entities: &'c EntityTable,
    kind: &'c Kind,
}

impl<'c> Compiler<'c> {
    fn entity(&self, id: &str, field: &str) -> Result<(u32, &'c Entity), Problem> {
        let found = self.entities.position(id).and_then(|at| Some((at, self.entities.get(at)?)));
        found.ok_or_else(|| Problem::Unknown { id: id.to_owned(), field: field.to_owned() })
    }

    fn of_kind(&self, id: &str, field: &str, accepts: impl Fn(EntityKind) -> bool) -> Result<u32, Problem> {
        let (at, entity) = self.entity(id, field)?;
        if accepts(entity.kind) {
            return Ok(at);
        }
        let message = format!("`{id}` is of the kind {}, which `{field}` does not take", entity.kind.as_str());
        Err(Problem::new(ImportCode::BadRole, message))
    }

    /// The roles in the order of the kind, and the object.
    #[expect(clippy::type_complexity, reason = "the two are read together and used apart")]
    fn roles<'f>(&self, fact: &'f Fact) -> Result<(Vec<(RoleIx, usize, Filled<'f>)>, Option<u32>), Problem> {
        let mut roles: Vec<(usize, &RoleSpec, &'f str, &'f [End])> = Vec::with_capacity(fact.roles.len());
        for (name, ends) in &fact.roles {
            let role = self.vocabulary.role_ix(name);
            let spec = role.and_then(|role| self.kind.roles.iter().enumerate().find(|(_, it)| it.role == role));
            let Some((at, spec)) = spec else {
                let message = format!("`{}` has no role `{name}`", self.kind.id);
                return Err(Problem::new(ImportCode::BadVocabulary, message));
            };
            if ends.is_empty() {
                continue;
            }
            if roles.iter().any(|(it, ..)| *it == at) {
                let message = format!("the role `{name}` stands twice");
                return Err(Problem::new(ImportCode::BadRole, message));
            }
            if let Some(flow) = spec.flow {
                if ends.len() > 1 {
                    let message = format!("`{name}` is an end of the flow and takes one participant");
                    return Err(Problem::new(ImportCode::BadRole, message));
                }
                if let Some((.., other, _)) = roles.iter().find(|(_, it, ..)| it.flow == Some(flow)) {
                    let message = format!("`{name}` and `{other}` are both the {} of the fact", flow.as_str());
                    return Err(Problem::new(ImportCode::BadRole, message));
                }
            }
            roles.push((at, spec, name, ends));
        }
        roles.sort_by_key(|(at, ..)| *at);
        for spec in self.kind.roles.iter().filter(|it| it.required) {
            if !roles.iter().any(|(_, it, ..)| it.role == spec.role) {
                let name = self.vocabulary.role_name(spec.role);
                let message = format!("`{}` lacks its {name}", fact.id);
                return Err(Problem::new(ImportCode::MissingValue, message));
            }
        }
        let mut object = None;
        let mut filled = Vec::with_capacity(roles.len());
        for (_, spec, name, ends) in roles {
            for (number, end) in ends.iter().enumerate() {
                let it = self.end(end, spec, name)?;
                if spec.flow == Some(crate::model::FlowEnd::Object) {
                    object = match it {
                        Filled::Entity(at) | Filled::PeopleOf { id: at, .. } => Some(at),
                        Filled::Unnamed { .. } => None,
                    };
                }
                filled.push((spec.role, number, it));
            }
        }
        Ok((filled, object))
    }

    fn end<'f>(&self, end: &'f End, spec: &RoleSpec, name: &str) -> Result<Filled<'f>, Problem> {
        Ok(match end {
            End::Entity(id) => Filled::Entity(self.of_kind(id, name, |it| spec.accepts.contains(it))?),
            End::PeopleOf { id, of } => {
                let people = |it: EntityKind| spec.accepts.contains(it) && it == EntityKind::Population;
                Filled::PeopleOf { id: self.of_kind(id, name, people)?, of: self.entity(of, "of")?.0 }
            }
            End::Unnamed { of, label } => {
                Filled::Unnamed { of: self.entity(of, name)?.0, label: label.as_deref().filter(|it| is_text(it)) }
            }
        })
    }

    fn claim<'f>(&self, claim: &'f Claim, object: Option<u32>) -> Result<CompiledClaim<'f>, Problem> {
        let by = match &claim.by {
            End::Entity(id) => Filled::Entity(self.of_kind(id, "by", |it| EntityKind::CLAIMANTS.contains(&it))?),
            End::Unnamed { of, label } => {
                Filled::Unnamed { of: self.entity(of, "by")?.0, label: label.as_deref().filter(|it| is_text(it)) }
            }
            End::PeopleOf { id, .. } => {
                return Err(Problem::new(ImportCode::BadRole, format!("people of somebody (`{id}`) make no claim")));
            }
        };
        let document = |id: &str, field: &str| self.of_kind(id, field, |it| it == EntityKind::Document);
        let mut figures: Vec<(u8, Quantity)> = Vec::with_capacity(claim.figures.len());
        for (name, text) in &claim.figures {
            let at = if name == "quantity" && !self.kind.figures.is_empty() { Some(0) } else { self.kind.figure(name) };
            let Some(at) = at else {
                let message = format!("`{}` has no figure `{name}`", self.kind.id);
                return Err(Problem::new(ImportCode::BadVocabulary, message));
            };
            if figures.iter().any(|(it, _)| *it == at) {
                return Err(Problem::new(ImportCode::BadQuantity, format!("the figure `{name}` stands twice")));
            }
            figures.push((at, self.quantity(text, at, object)?));
        }
        figures.sort_by_key(|(at, _)| *at);
        for name in &claim.inferred {
            let is_figure = claim.figures.iter().any(|(it, _)| it == name);
            let own = match name.as_str() {
                "made" => claim.made.is_some(),
                "period" => claim.period.is_some(),
                "scope" => claim.scope.is_some(),
                "withdrawn" => claim.withdrawn.is_some(),
                _ => is_figure,
            };
            if !own {
                return Err(Problem::new(
                    ImportCode::MissingValue,
                    format!("`inferred` names `{name}`, which is not given"),
                ));
            }
        }
        Ok(CompiledClaim {
            by,
            document: document(&claim.document, "document")?,
            via: claim.via.iter().map(|it| document(it, "via")).collect::<Result<_, _>>()?,
            made: claim.made.as_deref().map(read_period).transpose()?,
            period: claim.period.as_deref().map(read_period).transpose()?,
            withdrawn: claim.withdrawn.as_deref().map(read_period).transpose()?,
            figures,
        })
    }

    fn quantity(&self, text: &str, at: u8, object: Option<u32>) -> Result<Quantity, Problem> {
        let terms = &self.vocabulary.terms;
        let quantity = Quantity::parse(text, terms, UnitIx::default())
            .map_err(|error| Problem::with_help(ImportCode::BadQuantity, error.kind.problem(), error.kind.help()))?;
        if !quantity.unit_named {
            return Ok(quantity);
        }
        let declared = self.kind.figures.get(usize::from(at)).and_then(|it| it.unit);
        let is_people = object.and_then(|it| self.entities.get(it)).is_some_and(|it| it.kind == EntityKind::Population);
        let expected = declared.or(if is_people { terms.unit_ix("person") } else { None });
        let dimension = |unit: UnitIx| terms.unit(unit).map(|it| &*it.dimension);
        if let Some(expected) = expected
            && dimension(expected) != dimension(quantity.unit)
        {
            let message = format!(
                "`{text}` counts {}, and this figure counts {}",
                dimension(quantity.unit).unwrap_or_default(),
                dimension(expected).unwrap_or_default()
            );
            return Err(Problem::new(ImportCode::BadQuantity, message));
        }
        Ok(quantity)
    }

    fn relations(&self, fact: &Fact) -> Result<(), Problem> {
        let mut seen: Vec<RelationKind> = Vec::new();
        for (kind, ids) in &fact.relations {
            if seen.contains(kind) {
                let message = format!("the relation `{}` stands twice", kind.field());
                return Err(Problem::new(ImportCode::BadRole, message));
            }
            seen.push(*kind);
            if ids.contains(&fact.id) {
                let message = format!("`{}` names itself in `{}`", fact.id, kind.field());
                return Err(Problem::new(ImportCode::UnknownReference, message));
            }
        }
        Ok(())
    }

    fn inferred(&self, names: &[String], fact: &Fact) -> Result<(), Problem> {
        for name in names {
            let given = match name.as_str() {
                "period" => fact.period.is_some(),
                "outcome" => fact.outcome != Outcome::Happened,
                _ => {
                    // The figures of several claims stand in those, and so does what is worked out of them.
                    let figures = match fact.claims.as_slice() {
                        [only] if only.period.is_none() && only.inferred.is_empty() => only.figures.as_slice(),
                        _ => &[],
                    };
                    fact.roles.iter().any(|(it, ends)| it == name && !ends.is_empty())
                        || figures.iter().any(|(it, _)| it == name)
                }
            };
            if !given {
                let message = format!("`inferred` names `{name}`, which `{}` does not have", fact.id);
                return Err(Problem::new(ImportCode::MissingValue, message));
            }
        }
        Ok(())
    }
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty()
}

fn read_period(text: &str) -> Result<Period, Problem> {
    Period::parse(text).map_err(|error| {
        let message = match error.kind {
            PeriodErrorKind::Reversed { .. } => format!("`{text}` ends before it begins"),
            _ => error.kind.problem(),
        };
        Problem::with_help(ImportCode::BadPeriod, message, error.kind.help())
    })
}

/// The unit of a figure that names none.
pub(super) fn default_unit(vocabulary: &Vocabulary, kind: &Kind, at: u8, object: Option<&Entity>) -> UnitIx {
    let terms = &vocabulary.terms;
    let named = |id: &str| terms.unit_ix(id).unwrap_or_default();
    if let Some(unit) = kind.figures.get(usize::from(at)).and_then(|it| it.unit) {
        return unit;
    }
    match object {
        Some(it) if it.kind == EntityKind::Population => named("person"),
        Some(it) => it.unit.as_deref().and_then(|it| terms.unit_ix(it)).unwrap_or_else(|| named("piece")),
        None => named("piece"),
    }
}
