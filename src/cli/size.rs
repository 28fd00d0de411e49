//! Numbers of bytes as people type them.

/// `500`, `500K`, `16M`, `64G`; `16MB` and `16MiB` are the same as `16M`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let short = text.strip_suffix(['b', 'B']).map_or(text, |it| it.strip_suffix('i').unwrap_or(it));
    let (digits, factor) = match short.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (short.get(..at), 1 << 10),
        Some((at, 'm' | 'M')) => (short.get(..at), 1 << 20),
        Some((at, 'g' | 'G')) => (short.get(..at), 1 << 30),
        _ => (Some(short), 1),
    };
    let number: Option<u64> = digits.and_then(|it| it.parse().ok()).filter(|it| *it > 0);
    let bytes = number.and_then(|it| it.checked_mul(factor));
    bytes.ok_or_else(|| "give a number of bytes, as in 500K, 500M or 64G, which count by 1,024".to_owned())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_letters_as_people_write_them() {
        for (text, bytes) in [("500", 500), ("2k", 2048), ("16M", 16 << 20), ("16MB", 16 << 20), ("1GiB", 1 << 30)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "0", "M", "16T", "1.5G", "-3", "iB", "99999999999G"] {
            size(text).unwrap_err();
        }
    }
}
