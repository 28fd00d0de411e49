//! Roles of a record: who fills them, and which facts a list in one of them stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::FileContext;
use super::nodes::Nodes;
use super::vocabulary::is_free;
use super::{claims, text_of, wrong_kind};
use crate::diagnostic::{Code, Span};
use crate::load::draft::{Field, Record as Draft, Shape, Value};
use crate::load::fields::{Fields, Spanned, as_list};
use crate::load::findings::Findings;
use crate::model::{
    Ends, EntityIx, EntityKind, Fact, FactId, FlowEnd, Kind, KindIx, Participant, RecordIx, RoleIx, RoleSpec,
};

/// Roles of a record, in the order in which the kind declares them, then as written.
pub(super) type Roles<'k> = Vec<(&'k RoleSpec, Vec<Member>, Span)>;

/// A participant, and what its fact is called where the role holds a list.
pub(super) struct Member {
    pub(super) participant: Participant,
    pub(super) name: String,
}

/// What the roles of a record are read with.
#[derive(Clone, Copy)]
pub(super) struct RoleSetting<'f, 'c, 'a> {
    pub(super) file: &'f FileContext<'c, 'a>,
    /// The document in which labels of unnamed participants are looked up; none if that is reported as missing.
    pub(super) document: Option<EntityIx>,
}

pub(super) fn read_roles<'k>(
    draft: &Draft<'_>,
    kind: &'k Kind,
    id: Spanned<'_>,
    setting: RoleSetting<'_, '_, '_>,
    nodes: &mut Nodes,
    findings: &mut Findings,
) -> Roles<'k> {
    let file = setting.file;
    let mut roles: Roles<'k> = Vec::new();
    let mut seen = BTreeSet::new();
    for field in &draft.fields {
        let is_figure = field.name == "quantity" || kind.figure(field.name).is_some();
        if is_figure && field.name == "quantity" && kind.figures.is_empty() {
            let message = format!("`{}` has no figures", kind.id);
            findings.report(field.name_span, Code::UnknownRole, message, None);
        }
        if !is_free(field.name) || is_figure || !seen.insert(field.name) {
            continue;
        }
        let role = file.vocabulary.role_ix(field.name).and_then(|role| kind.role(role));
        let Some(role) = role else {
            unknown_role(field, kind, file, findings);
            continue;
        };
        let mut members = Vec::new();
        for (number, value) in as_list(&field.value).iter().enumerate() {
            members.extend(read_member(value, role, field, (id.text, number), setting, nodes, findings));
        }
        if let Shape::List(list) = &field.value.shape
            && list.is_empty()
        {
            let help = "leave the role out, or name somebody".to_owned();
            findings.report(field.name_span, Code::WrongType, format!("`{}` is an empty list", field.name), Some(help));
        }
        roles.push((role, members, field.name_span));
    }
    roles.sort_by_key(|(role, ..)| kind.roles.iter().position(|it| it.role == role.role));
    for role in kind.roles.iter().filter(|it| it.required) {
        if !roles.iter().any(|(it, ..)| it.role == role.role) {
            let name = file.vocabulary.role_name(role.role);
            let message = format!("`{}` lacks the role `{name}`", id.text);
            findings.report(draft.span, Code::MissingRole, message, Some(format!("add `{name}: \"…\"`")));
        }
    }
    roles
}

fn unknown_role(field: &Field<'_>, kind: &Kind, file: &FileContext<'_, '_>, findings: &mut Findings) {
    let roles: Vec<&str> = kind.roles.iter().map(|it| file.vocabulary.role_name(it.role)).collect();
    let figures: Vec<&str> = kind.figures.iter().map(|it| &*it.name).collect();
    let common = ["quantity", "period", "outcome", "inferred", "claims", "stance", "document", "scope", "note"];
    let known = roles.iter().chain(&figures).copied().chain(common);
    let help = findings.nearest(field.name, known).unwrap_or_else(|| {
        let mut text = format!("`{}` has the roles {}", kind.id, roles.join(", "));
        if !figures.is_empty() {
            text.push_str(&format!(" and the figures {}", figures.join(", ")));
        }
        text
    });
    let message = format!("`{}` has no role or figure `{}`", kind.id, field.name);
    findings.report(field.name_span, Code::UnknownRole, message, Some(help));
}

fn read_member(
    value: &Value<'_>,
    role: &RoleSpec,
    field: &Field<'_>,
    (record_id, number): (&str, usize),
    setting: RoleSetting<'_, '_, '_>,
    nodes: &mut Nodes,
    findings: &mut Findings,
) -> Option<Member> {
    let file = setting.file;
    let accepted = |id: Spanned<'_>, findings: &mut Findings| {
        let (entity, kind) = file.table.resolve(id, findings)?;
        if role.accepts.contains(kind) {
            return Some((entity, kind));
        }
        wrong_kind(id, field.name, kind, role.accepts.iter(), findings);
        None
    };
    match &value.shape {
        Shape::Struct(record) if record.name.is_empty() => {
            let mut fields = Fields::new(record, findings);
            let id = fields.required("id", "a participant", findings);
            let of = fields.required("of", "a participant", findings);
            fields.finish("a participant", findings);
            let id = id?;
            let (entity, kind) = accepted(id, findings)?;
            let of = of.and_then(|it| file.table.resolve(it, findings)).map(|(of, _)| of);
            if kind != EntityKind::Population {
                wrong_kind(id, "of", kind, [EntityKind::Population].into_iter(), findings);
            }
            Some(Member { participant: Participant { node: entity.into(), of }, name: id.text.to_owned() })
        }
        Shape::Struct(record) => {
            let who = claims::read_unnamed(record, file, findings)?;
            // Without a document there is a finding, so that any number will do.
            let document = setting.document.unwrap_or(EntityIx(u32::MAX));
            let place = format!("{record_id}/{}/{number}", field.name);
            let node = nodes.unnamed(&who, document, &place);
            let name = format!("unnamed-{}", number + 1);
            Some(Member { participant: Participant { node, of: None }, name })
        }
        _ => {
            let id = text_of(value, field.name, findings)?;
            let (entity, _) = accepted(id, findings)?;
            Some(Member { participant: Participant { node: entity.into(), of: None }, name: id.text.to_owned() })
        }
    }
}

/// One fact, or one for each member of the list in a role of the flow.
pub(super) fn expand(
    id: Spanned<'_>,
    kind_ix: KindIx,
    kind: &Kind,
    roles: &Roles<'_>,
    file: &FileContext<'_, '_>,
    findings: &mut Findings,
) -> Vec<Fact> {
    let mut filled: BTreeMap<FlowEnd, RoleIx> = BTreeMap::new();
    let mut list: Option<RoleIx> = None;
    for (role, members, span) in roles {
        let Some(end) = role.flow else { continue };
        let name = file.vocabulary.role_name(role.role);
        if let Some(other) = filled.insert(end, role.role) {
            let other = file.vocabulary.role_name(other);
            let message = format!("`{name}` and `{other}` are both the {} of a `{}`", end.as_str(), kind.id);
            findings.report(*span, Code::TwoForOneEnd, message, Some("give one of them".to_owned()));
        }
        if members.len() > 1
            && let Some(other) = list.replace(role.role)
        {
            let other = file.vocabulary.role_name(other);
            let message = format!("`{other}` and `{name}` both hold a list");
            let help = "only one of source, object and target may; write several records".to_owned();
            findings.report(*span, Code::TwoLists, message, Some(help));
        }
    }
    let spread: Vec<&Member> = roles
        .iter()
        .filter(|(role, ..)| list.is_some_and(|it| it == role.role))
        .flat_map(|(_, members, _)| members)
        .collect();
    let make = |member: Option<&Member>| {
        let mut ends = Ends::default();
        let mut all = Vec::with_capacity(roles.iter().map(|(_, members, _)| members.len()).sum());
        for (role, members, _) in roles {
            let chosen = match member {
                Some(member) if Some(role.role) == list => std::slice::from_ref(member),
                _ => members.as_slice(),
            };
            if let Some(end) = role.flow {
                *ends.get_mut(end) = chosen.first().map(|it| it.participant);
            }
            all.extend(chosen.iter().map(|it| (role.role, it.participant)));
        }
        let name = match member {
            None => FactId::new(id.text),
            Some(member) => FactId::new(&format!("{}/{}", id.text, member.name)),
        };
        name.ok().map(|id| Fact { id, kind: kind_ix, record: RecordIx(0), ends, roles: all })
    };
    if spread.is_empty() {
        return make(None).into_iter().collect();
    }
    let mut names = BTreeSet::new();
    let twice = spread.iter().find(|it| !names.insert(it.name.as_str()));
    if let Some(member) = twice {
        let message = format!("`{}` stands twice in a list of `{}`", member.name, id.text);
        findings.report(id.span, Code::DuplicateId, message, None);
    }
    let mut facts: Vec<Fact> = spread.into_iter().filter_map(|it| make(Some(it))).collect();
    facts.sort_by(|a, b| a.id.cmp(&b.id));
    facts.dedup_by(|a, b| a.id == b.id);
    facts
}
