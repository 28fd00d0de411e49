//! Who says a record: datasets are documents, publishers claimants, and a link to the source the document behind them.

use std::io;

use super::record::Record;
use super::thing::is_name;
use super::writer::Writer;
use crate::import::record::{Claim, End};
use crate::model::ftm::Made;

/// A record has at most so many claims; what they do not say is kept as it is.
const MOST: usize = 64;

/// Claims of a record, and the names of properties and fields that they tell in full.
pub(super) struct Claims {
    pub(super) claims: Vec<Claim>,
    pub(super) used: Vec<&'static str>,
}

impl Writer<'_> {
    /// The claims of a record: one for each dataset, publisher and link that it names. FollowTheMoney does not say which of
    /// several publishers belongs to which dataset, so each is taken to speak in each.
    pub(super) fn claims(&mut self, record: &Record<'_>) -> io::Result<Claims> {
        let all_names = |values: &[std::borrow::Cow<'_, str>]| values.iter().all(|it| is_name(it));
        let (datasets, publishers, links) = (record.list("datasets"), record.get("publisher"), record.get("sourceUrl"));
        let mut used = Vec::new();
        let fits = all_names(datasets)
            && all_names(publishers)
            && all_names(links)
            && datasets.len().max(1) * publishers.len().max(1) * links.len().max(1) <= MOST;
        let (datasets, publishers, links) = if fits {
            used.extend(["datasets", "publisher", "sourceUrl"]);
            (datasets, publishers, links)
        } else {
            (&[][..], &[][..], &[][..])
        };
        let mut documents = Vec::new();
        for dataset in datasets {
            let by = if publishers.is_empty() { Some(self.made(Made::PublisherOf, dataset)?) } else { None };
            documents.push((self.made(Made::Dataset, dataset)?, by));
        }
        if documents.is_empty() {
            let input = self.input.clone();
            let by = if publishers.is_empty() { Some(self.made(Made::PublisherOf, &input)?) } else { None };
            documents.push((self.made(Made::Input, &input)?, by));
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
        Ok(Claims { claims, used })
    }
}
