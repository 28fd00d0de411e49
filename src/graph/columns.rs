//! Building blocks of the columns: strings end to end, and lists of lists.

/// Many strings in one, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strings {
    text: String,
    ends: Vec<u32>,
}

/// Number of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StrIx(u32);

impl StrIx {
    /// Stands for no string.
    pub(crate) const NONE: StrIx = StrIx(u32::MAX);
}

impl Strings {
    pub(crate) fn push(&mut self, text: &str) -> StrIx {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        StrIx(u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX))
    }

    pub(crate) fn push_option(&mut self, text: Option<&str>) -> StrIx {
        text.map_or(StrIx::NONE, |it| self.push(it))
    }

    /// The string; empty for a number that was never given out.
    pub(crate) fn get(&self, ix: StrIx) -> &str {
        self.option(ix).unwrap_or("")
    }

    pub(crate) fn option(&self, ix: StrIx) -> Option<&str> {
        let at = ix.0 as usize;
        let end = *self.ends.get(at)? as usize;
        let start = match at.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.text.get(start..end)
    }
}

/// A list of lists in two columns.
#[derive(Clone, Debug)]
pub(crate) struct Lists<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Lists { ends: Vec::new(), items: Vec::new() }
    }
}

impl<T: Copy + Ord> Lists<T> {
    /// `count` lists out of pairs of (list, item), which are asked for twice and must come equal; each list is sorted and without
    /// repetition. Linear, as long as the items of each list come in order. Takes no memory beside the lists.
    pub(crate) fn group<I: Iterator<Item = (u32, T)>>(count: usize, pairs: impl Fn() -> I) -> Self {
        // Counted out and not sorted: there are few lists beside the items.
        let mut places = vec![0_usize; count];
        let mut any = None;
        for (list, item) in pairs() {
            places.get_mut(list as usize).into_iter().for_each(|it| *it += 1);
            any = any.or(Some(item));
        }
        let mut start = 0;
        for place in &mut places {
            start += std::mem::replace(place, start);
        }
        let Some(any) = any else { return Lists { ends: vec![0; count], items: Vec::new() } };
        let mut items = vec![any; start];
        for (list, item) in pairs() {
            let Some(place) = places.get_mut(list as usize) else { continue };
            items.get_mut(*place).into_iter().for_each(|it| *it = item);
            *place += 1;
        }
        // Each place has moved on to where its list ends. What repeats is passed over, and the rest moves up.
        let mut ends = Vec::with_capacity(count);
        let (mut from, mut kept) = (0, 0);
        for end in places {
            if let Some(list) = items.get_mut(from..end).filter(|it| !it.is_sorted()) {
                list.sort_unstable();
            }
            let first = kept;
            for at in from..end {
                let Some(item) = items.get(at).copied() else { continue };
                if kept > first && items.get(kept - 1) == Some(&item) {
                    continue;
                }
                items.get_mut(kept).into_iter().for_each(|it| *it = item);
                kept += 1;
            }
            ends.push(u32::try_from(kept).unwrap_or(u32::MAX));
            from = end;
        }
        items.truncate(kept);
        Lists { ends, items }
    }
}

impl<T> Lists<T> {
    /// Adds one list.
    pub(crate) fn push(&mut self, items: impl IntoIterator<Item = T>) {
        self.items.extend(items);
        self.close();
    }

    fn close(&mut self) {
        self.ends.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// Where each list ends among the items, and the items end to end.
    pub(crate) fn columns(&self) -> (&[u32], &[T]) {
        (&self.ends, &self.items)
    }

    /// The list; empty for a position beyond the last.
    pub(crate) fn get(&self, list: usize) -> &[T] {
        let Some(end) = self.ends.get(list) else { return &[] };
        let start = list.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.items.get(start as usize..*end as usize).unwrap_or(&[])
    }
}

/// A forest in pre-order: what is below a node is a range.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forest<T> {
    order: Vec<T>,
    /// First and one past last place in `order`, by node.
    ranges: Vec<(u32, u32)>,
}

impl<T: Copy> Forest<T> {
    /// From parents without circles; children stand in the order of their positions. Linear.
    pub(crate) fn new(parents: &[Option<usize>], make: impl Fn(usize) -> T) -> Self {
        let mut children = vec![Vec::new(); parents.len()];
        let mut roots = Vec::new();
        for (node, parent) in parents.iter().enumerate() {
            match parent.and_then(|it| children.get_mut(it)) {
                Some(list) => list.push(node),
                None => roots.push(node),
            }
        }
        let mut forest = Forest { order: Vec::with_capacity(parents.len()), ranges: vec![(0, 0); parents.len()] };
        let mut stack: Vec<(usize, bool)> = roots.into_iter().rev().map(|it| (it, false)).collect();
        while let Some((node, done)) = stack.pop() {
            let at = u32::try_from(forest.order.len()).unwrap_or(u32::MAX);
            let Some(range) = forest.ranges.get_mut(node) else { continue };
            if done {
                range.1 = at;
                continue;
            }
            range.0 = at;
            forest.order.push(make(node));
            stack.push((node, true));
            stack.extend(children.get(node).into_iter().flatten().rev().map(|it| (*it, false)));
        }
        forest
    }

    /// Whether `node` is `top` or below it.
    pub(crate) fn is_below(&self, node: usize, top: usize) -> bool {
        match (self.ranges.get(node), self.ranges.get(top)) {
            (Some((at, _)), Some((start, end))) => start <= at && at < end,
            _ => false,
        }
    }

    /// All nodes in pre-order; of each node the first and one past the last place of what is below it.
    pub(crate) fn columns(&self) -> (&[T], &[(u32, u32)]) {
        (&self.order, &self.ranges)
    }

    /// `top` and all below it, in pre-order.
    pub(crate) fn below(&self, top: usize) -> &[T] {
        self.ranges.get(top).and_then(|(start, end)| self.order.get(*start as usize..*end as usize)).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_a_node_is_a_range() {
        // 1 and 3 below 0, 2 below 3; 4 alone.
        let forest = Forest::new(&[None, Some(0), Some(3), Some(0), None], |it| it);
        assert_eq!(forest.below(0), [0, 1, 3, 2]);
        assert_eq!(forest.below(3), [3, 2]);
        assert!(forest.is_below(2, 0) && !forest.is_below(0, 2) && !forest.is_below(4, 0));
        assert_eq!(forest.below(9), [0; 0]);
    }

    #[test]
    fn lists_are_sorted_and_without_repetition() {
        assert_eq!(Lists::<u8>::group(2, std::iter::empty).columns(), (&[0, 0][..], &[][..]));
        let lists = Lists::group(3, || [(2, 'b'), (0, 'z'), (2, 'a'), (2, 'b')].into_iter());
        assert_eq!(
            (lists.get(0), lists.get(1), lists.get(2), lists.get(9)),
            (&['z'][..], &[][..], &['a', 'b'][..], &[][..])
        );
    }

    #[test]
    fn strings_come_back() {
        let mut strings = Strings::default();
        let (a, b) = (strings.push("é"), strings.push(""));
        assert_eq!((strings.get(a), strings.get(b), strings.option(StrIx::NONE)), ("é", "", None));
    }
}
