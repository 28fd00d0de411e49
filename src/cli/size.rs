//! Numbers of bytes as people type them.

/// `500`, `500K`, `16M`, `64G`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let (digits, factor) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (text.get(..at), 1 << 10),
        Some((at, 'm' | 'M')) => (text.get(..at), 1 << 20),
        Some((at, 'g' | 'G')) => (text.get(..at), 1 << 30),
        _ => (Some(text), 1),
    };
    let number: Option<u64> = digits.and_then(|it| it.parse().ok()).filter(|it| *it > 0);
    number.and_then(|it| it.checked_mul(factor)).ok_or_else(|| "give a number of bytes, as in 500M or 64G".to_owned())
}
