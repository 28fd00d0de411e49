//! Short texts as numbers: a table of them is searched without a look at the texts themselves.

/// A text of at most 15 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Short([u64; 2]);

impl Short {
    /// A text, if it is short enough.
    pub(super) fn of(text: &[u8]) -> Option<Short> {
        let mut bytes = [0; 16];
        let (start, length) = (bytes.get_mut(..text.len())?, u8::try_from(text.len()).ok()?);
        start.copy_from_slice(text);
        // The length tells a zero at the end from none, and a text of 16 bytes has no room for it.
        let [.., last] = &mut bytes;
        if length > 15 {
            return None;
        }
        *last = length;
        let number = u128::from_le_bytes(bytes);
        Some(Short([(number & u128::from(u64::MAX)) as u64, (number >> 64) as u64]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn only_equal_texts_are_equal(a in prop::collection::vec(0_u8..3, 0..18), b in prop::collection::vec(0_u8..3, 0..18)) {
            let shorts = (Short::of(&a), Short::of(&b));
            prop_assert_eq!(shorts.0.is_some(), a.len() < 16);
            if let (Some(one), Some(other)) = shorts {
                prop_assert_eq!(one == other, a == b);
            }
        }
    }
}
