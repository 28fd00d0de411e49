//! Who says a record: datasets are documents, publishers claimants, and a link to the source the document behind them.

use std::io;

use super::record::Record;
use super::thing::is_name;
use super::writer::Writer;
use crate::import::findings::ImportCode;
use crate::import::record::{Claim, End};
use crate::model::ftm::Made;

/// A record speaks by at most so many datasets, publishers or links; more are kept as they are, and the input speaks for them.
const MOST: usize = 64;

/// Claims of a record, and the names of properties and fields that they tell in full.
pub(super) struct Claims {
    pub(super) claims: Vec<Claim>,
    pub(super) used: Vec<&'static str>,
    /// Why they are fewer than the record could mean, for people.
    pub(super) unclear: Option<String>,
}

impl Writer<'_> {
    /// The claims of a record: one for each dataset, publisher or link that it names. FollowTheMoney does not say which of
    /// several publishers or links belongs to which dataset: where that is open, each dataset speaks for itself and no more.
    pub(super) fn claims(&mut self, record: &Record<'_>) -> io::Result<Claims> {
        let all_names = |values: &[std::borrow::Cow<'_, str>]| values.iter().all(|it| is_name(it));
        let (datasets, publishers, links) = (record.list("datasets"), record.get("publisher"), record.get("sourceUrl"));
        let lists = [datasets, publishers, links];
        let fits = lists.iter().all(|it| it.len() <= MOST && all_names(it));
        let is_open = fits && lists.iter().filter(|it| it.len() > 1).count() > 1;
        let none = &[][..];
        let (datasets, publishers, links, used) = match (fits, is_open) {
            (true, false) => (datasets, publishers, links, vec!["datasets", "publisher", "sourceUrl"]),
            (true, true) => (datasets, none, none, vec!["datasets"]),
            (false, _) => (none, none, none, Vec::new()),
        };
        let unclear = is_open.then(|| {
            let counts = [("datasets", lists[0]), ("publishers", lists[1]), ("links", lists[2])];
            let several = counts.iter().filter(|it| it.1.len() > 1).map(|it| format!("{} {}", it.1.len(), it.0));
            format!(
                "`{}` names {} and does not say which belongs to which",
                record.id,
                several.collect::<Vec<_>>().join(", ")
            )
        });
        let mut documents = Vec::new();
        for dataset in datasets {
            let by = if publishers.is_empty() { Some(self.made(Made::PublisherOf, dataset)?) } else { None };
            documents.push((self.made(Made::Dataset, dataset)?, by));
        }
        if documents.is_empty() {
            let by = if publishers.is_empty() { Some(self.publisher_of_input()?) } else { None };
            documents.push((self.input()?, by));
        }
        let mut by = Vec::new();
        for publisher in publishers {
            by.push(self.made(Made::Publisher, publisher)?);
        }
        let mut via = Vec::new();
        for link in links {
            via.push(vec![self.made(Made::Address, link)?]);
        }
        if via.is_empty() {
            via.push(Vec::new());
        }
        // At most one of the three lists has several values here, so this multiplies nothing.
        let mut claims = Vec::new();
        for (document, own) in &documents {
            for by in by.iter().chain(own) {
                for via in &via {
                    let mut claim = Claim::new(End::entity(by.clone()), document.clone());
                    claim.via.clone_from(via);
                    claims.push(claim);
                }
            }
        }
        Ok(Claims { claims, used, unclear })
    }

    /// Tells that a record leaves open who says what.
    pub(super) fn report_unclear(&mut self, record: &Record<'_>, unclear: Option<String>) {
        if let Some(message) = unclear {
            let help = "one claim for each dataset, by its publisher; the other values are kept as they are";
            self.report(record, ImportCode::Guessed, message, help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::{ImportCode, ImportFindings, ImportOptions, Kept, import_ftm};

    /// Document, claimant and number of documents behind it, of each claim of an ownership.
    fn claims(said: &str) -> (Vec<(String, String, usize)>, Vec<String>, ImportFindings) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let lines = format!(
            r#"{{"id":"p","schema":"Person","properties":{{"name":["P"]}}}}
               {{"id":"c","schema":"Company","properties":{{"name":["C"]}}}}
               {{"id":"o","schema":"Ownership",{said},"owner":["p"],"asset":["c"]}}}}"#
        );
        std::fs::write(file.path(), lines).expect("it is written");
        let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
        import_ftm(&[file.path().to_owned()], &ImportOptions::default(), &mut kept, &mut findings).expect("memory");
        let by = |it: &crate::import::End| match it {
            crate::import::End::Entity(it) => it.clone(),
            _ => String::new(),
        };
        let fact = kept.facts.first().expect("a fact");
        let claims = fact.claims.iter().map(|it| (it.document.clone(), by(&it.by), it.via.len())).collect();
        (claims, fact.extra.iter().map(|it| it.0.clone()).collect(), findings)
    }

    fn claim(document: &str, by: &str, via: usize) -> (String, String, usize) {
        (document.to_owned(), by.to_owned(), via)
    }

    #[test]
    fn what_is_open_is_not_multiplied() {
        let said = r#""datasets":["x","y"],"properties":{"publisher":["A","B"],"sourceUrl":["https://a.org/1","https://b.org/2"]"#;
        let (claims, extra, findings) = claims(said);
        let by_dataset = [claim("dataset-x", "publisher-of-x", 0), claim("dataset-y", "publisher-of-y", 0)];
        assert_eq!(claims, by_dataset);
        assert!(["ftm:publisher", "ftm:sourceUrl"].iter().all(|it| extra.iter().any(|name| name == it)), "{extra:?}");
        assert_eq!(findings.counts().collect::<Vec<_>>(), [(ImportCode::Guessed, 1)]);
        assert!(findings.kept()[0].message.contains("2 datasets, 2 publishers, 2 links"), "{:?}", findings.kept());
    }

    #[test]
    fn one_list_of_several_is_not_open() {
        let said = r#""datasets":["x","y"],"properties":{"publisher":["A"],"sourceUrl":["https://a.org/1"]"#;
        let (claims, extra, findings) = claims(said);
        assert_eq!(claims, [claim("dataset-x", "publisher-a", 1), claim("dataset-y", "publisher-a", 1)]);
        assert!(!extra.iter().any(|it| it.starts_with("ftm:publisher")) && findings.count() == 0, "{extra:?}");
    }
}
