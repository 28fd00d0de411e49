//! The remarks of the SDN list's tables, which hold what the XML has elements for.

use super::entry::{Aka, Entry, Identifier, spoken};

/// What a remark begins with, and the name of the value behind it.
const VALUES: [(&str, &str); 11] = [
    ("DOB ", "birthDate"),
    ("POB ", "birthPlace"),
    ("nationality ", "nationality"),
    ("citizen ", "citizenship"),
    ("Linked To: ", "linkedTo"),
    ("Nationality of Registration ", "jurisdiction"),
    ("Other Vessel Type ", "type"),
    ("Aircraft Model ", "model"),
    ("Aircraft Operator ", "operator"),
    ("Aircraft Manufacture Date ", "buildDate"),
    ("Secondary sanctions risk: ", "secondarySanctionsRisk"),
];

/// Words that begin an identifier whose number may have no digit.
const TYPES: [&str; 10] = [
    "Gender",
    "SWIFT/BIC",
    "Website",
    "Email Address",
    "Former Vessel Flag",
    "Vessel Flag",
    "Vessel Type",
    "Organization Type:",
    "Organization Established Date",
    "Digital Currency Address -",
];

/// Adds the remarks to an entry, each to where it belongs; what is not understood stays a remark.
pub(super) fn add(text: &str, entry: &mut Entry) {
    for part in parts(text) {
        let remark = part.strip_prefix("alt. ").unwrap_or(part);
        let whole =
            remark.strip_prefix('(').and_then(|it| it.strip_suffix(')')).filter(|it| it.starts_with("Linked To: "));
        let remark = whole.unwrap_or(remark);
        let individual = entry.kind.eq_ignore_ascii_case("individual");
        if let Some((kind, name)) = quoted_name(remark) {
            let name = name.to_owned();
            let said = if individual { spoken(&name) } else { name.clone() };
            let category = "weak".to_owned();
            entry.akas.push(Aka { kind: kind.to_owned(), category, name: said, written: name, ..Aka::default() });
        } else if let Some((begin, name)) = VALUES.iter().find(|(begin, _)| remark.starts_with(begin)) {
            entry.values.push((name, remark.get(begin.len()..).unwrap_or_default().trim().to_owned()));
        } else if let Some(id) = identifier(remark) {
            entry.ids.push(id);
        } else {
            entry.remarks.push(part.to_owned());
        }
    }
}

/// Remarks are separated by semicolons, but not within brackets or quotes.
fn parts(text: &str) -> Vec<&str> {
    let text = text.trim();
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut out = Vec::new();
    let (mut from, mut depth, mut quoted) = (0, 0_u32, false);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            // An apostrophe within a word is no quote.
            b'\'' => {
                let before = at.checked_sub(1).and_then(|it| bytes.get(it)).is_none_or(|it| *it == b' ');
                let after = bytes.get(at + 1).is_none_or(|it| matches!(it, b';' | b' '));
                quoted = if quoted { !after } else { before && !after };
            }
            b';' if depth == 0 && !quoted => {
                out.push(text.get(from..at).unwrap_or_default());
                from = at + 1;
            }
            _ => {}
        }
    }
    // A bracket that is never closed must not hide what follows.
    if depth > 0 || quoted {
        return text.split(';').map(str::trim).filter(|it| !it.is_empty()).collect();
    }
    out.push(text.get(from..).unwrap_or_default());
    out.into_iter().map(str::trim).filter(|it| !it.is_empty()).collect()
}

/// `a.k.a. 'NAME'`: the tables give weak aliases so.
fn quoted_name(remark: &str) -> Option<(&str, &str)> {
    let (kind, name) = remark.split_once(' ')?;
    let name = name.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    ["a.k.a.", "f.k.a.", "n.k.a."].contains(&kind).then_some((kind, name))
}

/// `Passport 0291622 (Belize) expires 04 Jul 2017`: a type in words, a number, and what is said of it.
fn identifier(remark: &str) -> Option<Identifier> {
    // Sentences and dates of listing are no identifiers.
    if remark.contains(" Date (") || remark.starts_with("Additional Sanctions Information") {
        return None;
    }
    let typed = TYPES.iter().find(|it| remark.starts_with(&format!("{it} ")));
    let (kind, rest) = match typed {
        Some(&"Digital Currency Address -") => {
            let rest = remark.get("Digital Currency Address - ".len()..)?;
            let (currency, number) = rest.split_once(' ')?;
            (format!("Digital Currency Address - {currency}"), number.to_owned())
        }
        Some(kind) => ((*kind).to_owned(), remark.get(kind.len()..)?.trim().to_owned()),
        None => {
            let words: Vec<&str> = remark.split(' ').collect();
            // The number is the first word with a digit; a type of more than eight words is a sentence.
            let at = words.iter().position(|it| it.bytes().any(|byte| byte.is_ascii_digit()))?;
            // "PS 472330208", "IMO 9187629": a short word in capitals before the number belongs to it.
            let back = at.checked_sub(1).filter(|before| *before > 0).filter(|before| {
                words.get(*before).is_some_and(|it| it.len() <= 3 && it.bytes().all(|byte| byte.is_ascii_uppercase()))
            });
            let at = back.unwrap_or(at);
            if at == 0 || at > 8 {
                return None;
            }
            let (kind, number) = words.split_at(at);
            // Types begin with a capital and end in a word for a number or a paper; sentences do neither as a rule.
            let kind = kind.join(" ");
            let known = [
                "No.",
                "Number",
                "ID",
                "Passport",
                "Identification",
                "MMSI",
                "RUC",
                "NIT",
                "RIF",
                "SSN",
                "D.N.I.",
                "C.U.R.P.",
                "R.F.C.",
                "Fax",
                "FEIN",
                "RTN",
                "Telephone",
                "C.U.I.T.",
                "C.U.I.P.",
                "I.F.E.",
                "Code",
                "Card",
                "License",
                "Certificate",
                "No",
                "C.I.F.",
                "Booklet:",
                "#",
                "(MSN)",
                "F/N)",
                "Registration",
            ];
            if !kind.starts_with(|c: char| c.is_uppercase()) || !known.iter().any(|it| kind.ends_with(it)) {
                return None;
            }
            (kind, number.join(" "))
        }
    };
    let mut id = Identifier { kind, ..Identifier::default() };
    let mut number = rest.as_str();
    if let Some(open) = rest.find(" (") {
        let (before, behind) = rest.split_at(open);
        number = before;
        let behind = behind.trim_start_matches([' ', '(']);
        let (country, behind) = behind.split_once(')').unwrap_or((behind, ""));
        country.clone_into(&mut id.country);
        id.rest.extend(Some(behind.trim()).filter(|it| !it.is_empty()).map(str::to_owned));
    } else {
        for word in [" expires ", " issued "] {
            if let Some((before, behind)) = number.split_once(word) {
                number = before;
                id.rest.push(format!("{}{behind}", word.trim_start()));
                break;
            }
        }
    }
    number.trim().clone_into(&mut id.number);
    (!id.number.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Entry {
        let mut entry = Entry { kind: "individual".to_owned(), ..Entry::default() };
        add(text, &mut entry);
        entry
    }

    #[test]
    fn remarks_go_where_they_belong() {
        let it = read(
            "DOB circa 1960; alt. DOB 12 Oct 1972; POB Example, Utopia; nationality Utopia; Gender Male; \
             Passport PS 472330208 (Korea, North) expires 24 Feb 2019; alt. Passport 0291622; a.k.a. 'THE SMITH; ELDER'; \
             National ID No. 10100722073 (Utopia); Minister's office, Room 5; (Linked To: EXAMPLE; SONS LTD.).",
        );
        assert_eq!(
            it.values,
            [
                ("birthDate", "circa 1960".to_owned()),
                ("birthDate", "12 Oct 1972".to_owned()),
                ("birthPlace", "Example, Utopia".to_owned()),
                ("nationality", "Utopia".to_owned()),
                ("linkedTo", "EXAMPLE; SONS LTD.".to_owned()),
            ]
        );
        let ids: Vec<_> = it.ids.iter().map(|it| (&*it.kind, &*it.number, &*it.country, it.rest.join(", "))).collect();
        assert_eq!(
            ids,
            [
                ("Gender", "Male", "", String::new()),
                ("Passport", "PS 472330208", "Korea, North", "expires 24 Feb 2019".to_owned()),
                ("Passport", "0291622", "", String::new()),
                ("National ID No.", "10100722073", "Utopia", String::new()),
            ]
        );
        assert_eq!(it.akas[0].name, "THE SMITH; ELDER");
        assert_eq!(it.remarks, ["Minister's office, Room 5"]);
    }

    #[test]
    fn vessels_and_dates_of_listing() {
        let it = read(
            "Vessel Registration Identification IMO 9187629; MMSI 572469210; Former Vessel Flag Malta; \
             Listing Date (EO 14024 Directive 1a): 22 Feb 2022; Additional Sanctions Information - Subject to Secondary Sanctions.",
        );
        let ids: Vec<_> = it.ids.iter().map(|it| (&*it.kind, &*it.number)).collect();
        assert_eq!(
            ids,
            [
                ("Vessel Registration Identification", "IMO 9187629"),
                ("MMSI", "572469210"),
                ("Former Vessel Flag", "Malta")
            ]
        );
        assert_eq!(it.remarks.len(), 2);
    }
}
