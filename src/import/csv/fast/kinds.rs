//! What a mapping fills of each kind.

use super::super::rows::Mapper;
use crate::model::{EntityKinds, FlowEnd, KindIx, RoleIx, UnitIx, Vocabulary};

/// A role of a kind that the mapping fills.
pub(super) struct Slot {
    /// Its position among the mapped roles.
    pub(super) mapped: usize,
    pub(super) role: RoleIx,
    pub(super) flow: Option<FlowEnd>,
    pub(super) accepts: EntityKinds,
    pub(super) required: bool,
}

pub(super) struct KindPlan {
    pub(super) kind: KindIx,
    /// In the order of the kind.
    pub(super) slots: Vec<Slot>,
    /// The mapped positions of source and target.
    pub(super) ends: (Option<usize>, Option<usize>),
    /// Mapped roles that it lacks, whose columns fill another of it.
    pub(super) passed_over: Vec<usize>,
    /// Of each mapped figure: its position in the kind, and the unit whose dimension it must have.
    pub(super) figures: Vec<Option<(u8, Option<UnitIx>)>>,
}

pub(super) fn plan_of(kinds: &[(String, Option<KindPlan>)], kind: usize) -> Option<&KindPlan> {
    kinds.get(kind).and_then(|(_, plan)| plan.as_ref())
}

pub(super) fn plan_figure(plan: Option<&KindPlan>, at: usize) -> Option<(u8, Option<UnitIx>)> {
    plan.and_then(|it| it.figures.get(at).copied().flatten())
}

pub(super) fn kind_plan(id: &str, mapper: &Mapper<'_>, vocabulary: &Vocabulary) -> Option<KindPlan> {
    let ix = vocabulary.kind_ix(id)?;
    let kind = vocabulary.kind(ix)?;
    let mapping = mapper.plan.mapping;
    let mut slots = Vec::new();
    let mut flows = Vec::new();
    for spec in &kind.roles {
        let mut mapped =
            mapping.roles.iter().enumerate().filter(|(_, it)| vocabulary.role_ix(&it.role) == Some(spec.role));
        match (mapped.next(), mapped.next()) {
            (Some((at, _)), None) => {
                slots.push(Slot {
                    mapped: at,
                    role: spec.role,
                    flow: spec.flow,
                    accepts: spec.accepts,
                    required: spec.required,
                });
                flows.extend(spec.flow);
            }
            (None, _) if !spec.required => {}
            // A role that stands twice or is missing is the usual way's to tell.
            _ => return None,
        }
    }
    // So are two roles for one end.
    let all = flows.len();
    flows.sort_unstable();
    flows.dedup();
    if flows.len() != all {
        return None;
    }
    let figures = mapping.figures.iter().map(|it| {
        let at = if it.figure.is_empty() { (!kind.figures.is_empty()).then_some(0) } else { kind.figure(&it.figure) };
        at.map(|at| (at, kind.figures.get(usize::from(at)).and_then(|it| it.unit)))
    });
    let ends = mapper.plan.ends.get(id).copied().unwrap_or_default();
    let passed_over = mapper.plan.passed_over.get(id).cloned().unwrap_or_default();
    Some(KindPlan { kind: ix, slots, ends, passed_over, figures: figures.collect() })
}
