//! Properties as text: two lists of them are compared whatever they stand for.

use std::collections::BTreeMap;

use super::FieldChange;

/// One value of one property.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The place of the property among others.
    order: u8,
    field: String,
    of: Option<String>,
    /// What is compared.
    value: String,
    /// What is shown.
    words: String,
}

impl Cell {
    /// A value that is shown as it is compared.
    pub(super) fn plain(order: u8, field: &str, value: impl Into<String>) -> Cell {
        let value = value.into();
        Cell { order, field: field.to_owned(), of: None, words: value.clone(), value }
    }

    /// A value that is shown in other words.
    pub(super) fn new(order: u8, field: &str, value: impl Into<String>, words: impl Into<String>) -> Cell {
        Cell { order, field: field.to_owned(), of: None, value: value.into(), words: words.into() }
    }

    /// The place of its property.
    pub(super) fn order(&self) -> u8 {
        self.order
    }

    /// Property and value as a part of a key: no value can be taken for the beginning of another.
    pub(super) fn key(&self) -> String {
        format!("{} {} {:?} ", self.order, self.field, self.value)
    }

    /// Of whom or what it is said.
    pub(super) fn of(self, of: Option<&str>) -> Cell {
        Cell { of: of.map(str::to_owned), ..self }
    }
}

type Column = BTreeMap<(u8, String, Option<String>), [Vec<Cell>; 2]>;

/// What the second list has that the first has not, and the other way round. Of one property, what went and what came
/// are told as one change, in the order of the values.
pub(super) fn changes(old: Vec<Cell>, new: Vec<Cell>) -> Vec<FieldChange> {
    let mut column = Column::new();
    for (side, cells) in [old, new].into_iter().enumerate() {
        for cell in cells {
            let sides = column.entry((cell.order, cell.field.clone(), cell.of.clone())).or_default();
            if let Some(side) = sides.get_mut(side) {
                side.push(cell);
            }
        }
    }
    let mut found = Vec::new();
    for ((_, field, of), [old, new]) in column {
        let (old, new) = without_common(old, new);
        let (mut old, mut new) = (old.into_iter(), new.into_iter());
        loop {
            let (before, after) = (old.next(), new.next());
            if before.is_none() && after.is_none() {
                break;
            }
            let (mut before_words, mut after_words) =
                (before.as_ref().map(|it| it.words.clone()), after.as_ref().map(|it| it.words.clone()));
            // Two of one name are told apart by what they are compared by.
            if let (Some(before), Some(after)) = (&before, &after)
                && before.words == after.words
            {
                before_words = Some(format!("{} ({})", before.words, before.value));
                after_words = Some(format!("{} ({})", after.words, after.value));
            }
            found.push(FieldChange { field: field.clone(), of: of.clone(), old: before_words, new: after_words });
        }
    }
    found
}

/// Both lists in order, without what stands in both; each value as often as it is left.
fn without_common(mut old: Vec<Cell>, mut new: Vec<Cell>) -> (Vec<Cell>, Vec<Cell>) {
    old.sort_by(|a, b| a.value.cmp(&b.value));
    new.sort_by(|a, b| a.value.cmp(&b.value));
    let (mut old_left, mut new_left) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        match (old.peek(), new.peek()) {
            (Some(a), Some(b)) if a.value == b.value => {
                old.next();
                new.next();
            }
            (Some(a), Some(b)) if a.value < b.value => old_left.extend(old.next()),
            (_, Some(_)) => new_left.extend(new.next()),
            (Some(_), None) => old_left.extend(old.next()),
            (None, None) => return (old_left, new_left),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_property_are_compared_as_often_as_they_stand_there() {
        let cells = |values: &[&str]| values.iter().map(|it| Cell::plain(0, "name", *it)).collect::<Vec<_>>();
        let told = |old: &[&str], new: &[&str]| {
            changes(cells(old), cells(new)).iter().map(FieldChange::in_words).collect::<Vec<_>>()
        };
        assert_eq!(told(&["a", "b"], &["b", "a"]), [""; 0]);
        assert_eq!(told(&["a", "a"], &["a"]), ["no longer with name: a"]);
        assert_eq!(told(&["a", "b"], &["b", "c", "d"]), ["name: a → c", "now with name: d"]);
    }

    #[test]
    fn two_that_read_the_same_are_told_apart() {
        let cell = |id: &str| vec![Cell::new(0, "supplier", id, "Ivan")];
        let changed = changes(cell("ivan-1"), cell("ivan-2"));
        assert_eq!(
            changed.iter().map(FieldChange::in_words).collect::<Vec<_>>(),
            ["supplier: Ivan (ivan-1) → Ivan (ivan-2)"]
        );
    }
}
