//! Which facts a `who` question means: names typed for each field, turned into nodes.

use std::borrow::Cow;

use super::error::QueryError;
use super::question::{ANY_KIND, Who};
use super::resolve::{self, End};
use crate::graph::{FactEnds, GraphView};
use crate::model::{FactIx, FlowEnd, Kind, KindIx, NodeIx, Participant, RoleIx};

/// A name typed for one field, with all the nodes that it and its neighbours allow.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) ends: Vec<End>,
    nodes: Vec<NodeIx>,
}

impl Filter {
    fn new(names: &[String], resolve: impl Fn(&str) -> Result<End, QueryError>) -> Result<Filter, QueryError> {
        let ends = names.iter().map(|it| resolve(it)).collect::<Result<Vec<_>, _>>()?;
        let mut nodes: Vec<NodeIx> = ends.iter().flat_map(|it| it.nodes.iter().copied()).collect();
        nodes.sort_unstable();
        nodes.dedup();
        Ok(Filter { ends, nodes })
    }

    fn is_open(&self) -> bool {
        self.ends.is_empty()
    }

    fn holds(&self, node: NodeIx) -> bool {
        self.nodes.binary_search(&node).is_ok()
    }

    /// The nodes that count; none if any does.
    pub(crate) fn wanted(&self) -> Option<Vec<NodeIx>> {
        (!self.is_open()).then(|| self.nodes.clone())
    }

    fn allows(&self, node: Option<NodeIx>) -> bool {
        self.is_open() || node.is_some_and(|it| self.holds(it))
    }
}

/// What a fact must have at its ends and roles, and must not have.
pub(crate) struct Filters {
    pub(crate) from: Filter,
    pub(crate) what: Filter,
    pub(crate) to: Filter,
    not_from: Filter,
    not_what: Filter,
    not_to: Filter,
    pub(crate) about: Filter,
    of: Filter,
    roles: Vec<(RoleIx, Filter)>,
    /// Kinds that were named.
    pub(crate) kinds: Vec<KindIx>,
    /// By position, whether a kind is meant.
    pub(crate) allowed: Vec<bool>,
}

impl Filters {
    /// # Errors
    ///
    /// A name that is unknown or ambiguous, a kind or a role that does not exist.
    pub(crate) fn new<G: GraphView>(graph: &G, who: &Who) -> Result<Filters, QueryError> {
        let end = |names: &[String]| Filter::new(names, |it| resolve::end(graph, it, who.include_parts));
        let item = |names: &[String]| Filter::new(names, |it| resolve::item(graph, it));
        let anything = |names: &[String]| Filter::new(names, |it| resolve::anything(graph, it, who.include_parts));
        let vocabulary = graph.vocabulary();
        let mut roles: Vec<(RoleIx, Vec<String>)> = Vec::new();
        for (role, name) in &who.roles {
            let typed = role.to_lowercase().replace(['-', ' '], "_");
            let found = vocabulary.role_ix(&typed).ok_or_else(|| QueryError::UnknownWord {
                what: "role",
                name: role.clone(),
                known: vocabulary.roles.iter().map(|it| it.to_string()).collect(),
            })?;
            match roles.iter_mut().find(|(it, _)| *it == found) {
                Some((_, names)) => names.push(name.clone()),
                None => roles.push((found, vec![name.clone()])),
            }
        }
        let named = who.kinds.iter().filter(|it| it.as_str() != ANY_KIND);
        let kinds = named.map(|it| resolve::kind(graph, it)).collect::<Result<Vec<_>, _>>()?;
        let any = who.kinds.iter().any(|it| it == ANY_KIND) || (kinds.is_empty() && !who.about.is_empty());
        let allows = |(at, kind): (usize, &Kind)| match kinds.is_empty() {
            true => kind.flow || any,
            false => any || kinds.contains(&KindIx::from_usize(at)),
        };
        let allowed = vocabulary.kinds.iter().enumerate().map(allows).collect();
        Ok(Filters {
            from: end(&who.from)?,
            what: item(&who.what)?,
            to: end(&who.to)?,
            not_from: end(&who.not_from)?,
            not_what: item(&who.not_what)?,
            not_to: end(&who.not_to)?,
            about: anything(&who.about)?,
            of: end(&who.of)?,
            roles: roles
                .into_iter()
                .map(|(role, names)| Ok((role, anything(&names)?)))
                .collect::<Result<_, QueryError>>()?,
            kinds,
            allowed,
        })
    }

    /// All names that were typed, as they were understood.
    pub(crate) fn ends(&self) -> impl Iterator<Item = &End> {
        let fields =
            [&self.from, &self.what, &self.to, &self.not_from, &self.not_what, &self.not_to, &self.about, &self.of];
        fields.into_iter().chain(self.roles.iter().map(|(_, it)| it)).flat_map(|it| &it.ends)
    }

    /// Whoever must take part, in a role or in any.
    pub(crate) fn taking_part(&self) -> Vec<(Option<RoleIx>, Vec<NodeIx>)> {
        let about = self.about.wanted().map(|it| (None, it));
        about.into_iter().chain(self.roles.iter().filter_map(|(role, it)| Some((Some(*role), it.wanted()?)))).collect()
    }

    /// Whether every fact has what is asked for; its kind apart.
    pub(crate) fn are_open(&self) -> bool {
        let fields =
            [&self.from, &self.what, &self.to, &self.not_from, &self.not_what, &self.not_to, &self.about, &self.of];
        fields.into_iter().all(Filter::is_open) && self.roles.is_empty()
    }

    /// Whether a fact has, and lacks, what is asked for; its kind apart.
    pub(crate) fn fits<G: GraphView>(&self, graph: &G, fact: FactIx, view: &FactEnds) -> bool {
        let Some(kind) = graph.vocabulary().kind(view.kind) else { return false };
        let end = |end: FlowEnd| view.ends.get(end).map(|it| it.node);
        let (source, object, target) = (end(FlowEnd::Source), end(FlowEnd::Object), end(FlowEnd::Target));
        let fits = (self.from.allows(source) && self.to.allows(target))
            || (kind.symmetric && self.from.allows(target) && self.to.allows(source));
        let lacks = |filter: &Filter, node: Option<NodeIx>| node.is_none_or(|it| !filter.holds(it));
        let fills = |it: Participant| self.about.holds(it.node);
        fits && self.what.allows(object)
            && lacks(&self.not_from, source)
            && lacks(&self.not_to, target)
            && lacks(&self.not_what, object)
            && (!kind.symmetric || (lacks(&self.not_from, target) && lacks(&self.not_to, source)))
            && (self.about.is_open() || graph.roles(fact).any(|it| fills(it.participant)))
            && (self.of.is_open() || self.is_of(graph, fact))
            && self
                .roles
                .iter()
                .all(|(role, filter)| graph.roles(fact).any(|it| it.role == *role && filter.holds(it.participant.node)))
    }

    /// Whether the people of a fact are of those asked for; where nobody says whose they are, whether it comes from them.
    fn is_of<G: GraphView>(&self, graph: &G, fact: FactIx) -> bool {
        let ends = graph.fact_ends(fact).ends;
        let of: Vec<NodeIx> = graph.roles(fact).filter_map(|it| it.participant.of).map(NodeIx::from).collect();
        // Whose an object is that does not say it, whoever else takes part.
        let object_says = ends.object.is_some_and(|it| it.of.is_some());
        let comes_from = ends.source.is_some_and(|it| self.of.holds(it.node));
        of.iter().any(|it| self.of.holds(*it))
            || ((of.is_empty() || (ends.object.is_some() && !object_says)) && comes_from)
    }

    /// How many facts the index of the scarcest field has; without any field, how many there are at all.
    pub(crate) fn least_count<G: GraphView>(&self, graph: &G) -> usize {
        let sum =
            |filter: &Filter, count: &dyn Fn(NodeIx) -> usize| filter.nodes.iter().map(|it| count(*it)).sum::<usize>();
        let ends = |it: NodeIx| graph.facts_from(it).len() + graph.facts_to(it).len();
        let mut counts: Vec<usize> = Vec::new();
        counts.extend([&self.from, &self.to].into_iter().filter(|it| !it.is_open()).map(|it| sum(it, &ends)));
        counts.extend(Some(&self.what).filter(|it| !it.is_open()).map(|it| sum(it, &|it| graph.facts_with(it).len())));
        let others = std::iter::once(&self.about).chain(self.roles.iter().map(|(_, it)| it));
        counts.extend(others.filter(|it| !it.is_open()).map(|it| sum(it, &|it| graph.facts_of(it).len())));
        counts.into_iter().min().unwrap_or_else(|| graph.fact_count())
    }

    /// Facts by the index of the field that has the fewest, each once. Without any, by the index of kinds, then only of the
    /// kinds given.
    pub(crate) fn candidates<'g, G: GraphView>(&self, graph: &'g G, looked_at: &[bool]) -> Vec<FactIx> {
        // A symmetric fact stands under both of its ends.
        let kinds = graph.vocabulary().kinds.iter().zip(looked_at);
        let both_ways = kinds.into_iter().any(|(kind, looked_at)| *looked_at && kind.symmetric);
        let mut lists: Vec<Vec<Cow<'g, [FactIx]>>> = Vec::new();
        let mut list = |filter: &Filter, of_node: &dyn Fn(NodeIx) -> [Cow<'g, [FactIx]>; 2]| {
            if !filter.is_open() {
                lists.push(filter.nodes.iter().flat_map(|it| of_node(*it)).filter(|it| !it.is_empty()).collect());
            }
        };
        let none = || Cow::Borrowed(&[][..]);
        let (from, to) = (|it| Cow::Borrowed(graph.facts_from(it)), |it| Cow::Borrowed(graph.facts_to(it)));
        list(&self.from, &|it| [from(it), if both_ways { to(it) } else { none() }]);
        list(&self.to, &|it| [to(it), if both_ways { from(it) } else { none() }]);
        list(&self.what, &|it| [Cow::Borrowed(graph.facts_with(it)), none()]);
        for filter in std::iter::once(&self.about).chain(self.roles.iter().map(|(_, it)| it)) {
            list(filter, &|it| [graph.facts_of(it), none()]);
        }
        // The shortest is told by its length alone; what is much longer is never read.
        lists.sort_by_key(|it| length(it));
        let mut lists = lists.into_iter();
        let Some(shortest) = lists.next() else {
            let kinds = looked_at.iter().enumerate().filter(|(_, allowed)| **allowed);
            let mut facts = kinds.flat_map(|(at, _)| graph.facts_of_kind(KindIx::from_usize(at))).copied().collect();
            sort(&mut facts);
            return facts;
        };
        let most = length(&shortest);
        if most < FEW {
            let mut facts = shortest.concat();
            sort(&mut facts);
            return facts;
        }
        // What stands in every list is told before any fact is looked at.
        let mut found = Marked::new(graph.fact_count(), &shortest);
        for list in lists.take_while(|it| length(it) <= most.saturating_mul(LONGER)) {
            found.keep(&Marked::new(graph.fact_count(), &list));
        }
        found.facts()
    }
}

/// So few facts are sorted, rather than marked.
const FEW: usize = 256;
/// Lists up to so many times as long as the shortest are read to narrow it down.
const LONGER: usize = 8;

fn length(lists: &[Cow<'_, [FactIx]>]) -> usize {
    lists.iter().map(|it| it.len()).sum()
}

fn sort(facts: &mut Vec<FactIx>) {
    facts.sort_unstable();
    facts.dedup();
}

/// A set of facts: one bit each.
struct Marked(Vec<u64>);

impl Marked {
    fn new(fact_count: usize, lists: &[Cow<'_, [FactIx]>]) -> Marked {
        let mut bits = vec![0_u64; fact_count.div_ceil(64)];
        for fact in lists.iter().flat_map(|it| it.iter()) {
            bits.get_mut(fact.index() / 64).into_iter().for_each(|it| *it |= 1 << (fact.index() % 64));
        }
        Marked(bits)
    }

    fn keep(&mut self, others: &Marked) {
        self.0.iter_mut().zip(&others.0).for_each(|(it, other)| *it &= other);
    }

    /// In their order.
    fn facts(&self) -> Vec<FactIx> {
        let count = self.0.iter().map(|it| it.count_ones() as usize).sum();
        let mut facts = Vec::with_capacity(count);
        for (at, bits) in (0_u32..).step_by(64).zip(&self.0) {
            let mut bits = *bits;
            while bits != 0 {
                facts.push(FactIx(at + bits.trailing_zeros()));
                bits &= bits - 1;
            }
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_marked_in_both_comes_in_order_and_once(
            a in prop::collection::vec(0_u32..300, 0..60), b in prop::collection::vec(0_u32..300, 0..60),
        ) {
            let listed = |it: &[u32]| vec![Cow::Owned(it.iter().map(|it| FactIx(*it)).collect::<Vec<_>>())];
            let mut marked = Marked::new(300, &listed(&a));
            marked.keep(&Marked::new(300, &listed(&b)));
            let mut expected: Vec<FactIx> = a.iter().filter(|it| b.contains(it)).map(|it| FactIx(*it)).collect();
            sort(&mut expected);
            prop_assert_eq!(marked.facts(), expected);
        }
    }
}
