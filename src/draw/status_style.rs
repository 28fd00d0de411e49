//! How a support status is told without colour: the dashes of a line, the mark before an entry, and which is weaker.
//! Whatever draws, and whatever checks a drawing, reads this one table.

use crate::query::Status;

/// How facts of one status look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusStyle {
    /// The status; none: no claim counts any more.
    pub(crate) status: Option<Status>,
    /// The word in attributes: `admitted`, `no-claim`.
    pub(crate) word: &'static str,
    /// What the legend says.
    pub(crate) legend: &'static str,
    /// Lengths of strokes and gaps in px; empty: an unbroken line.
    pub(crate) dashes: &'static str,
    /// The mark, in a square of 10 px.
    pub(crate) mark: Mark,
}

/// A mark of 10 by 10 px.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The path.
    pub(crate) path: &'static str,
    /// Whether it is filled, or only outlined.
    pub(crate) filled: bool,
}

/// From the strongest to the weakest.
pub(crate) const STATUS_STYLES: [StatusStyle; 6] = [
    StatusStyle {
        status: Some(Status::Corroborated),
        word: "corroborated",
        legend: "corroborated by independent sources",
        dashes: "",
        // Two discs that overlap: two who say so.
        mark: Mark { path: "M3.5 2a3 3 0 1 0 0 6a3 3 0 1 0 0-6zM6.8 2a3 3 0 0 1 0 6a4.2 4.2 0 0 0 0-6z", filled: true },
    },
    StatusStyle {
        status: Some(Status::Admitted),
        word: "admitted",
        legend: "admitted by the side concerned",
        dashes: "16 3",
        mark: Mark { path: "M1.5 1.5h7v7h-7z", filled: true },
    },
    StatusStyle {
        status: Some(Status::SingleSource),
        word: "single-source",
        legend: "single source",
        dashes: "7 4",
        mark: Mark { path: "M5 1.6a3.4 3.4 0 1 0 0 6.8a3.4 3.4 0 1 0 0-6.8z", filled: false },
    },
    StatusStyle {
        status: Some(Status::Unnamed),
        word: "unnamed",
        legend: "unnamed source only",
        dashes: "2 4",
        mark: Mark { path: "M5 1l4 4l-4 4l-4-4z", filled: false },
    },
    StatusStyle {
        status: Some(Status::Disputed),
        word: "disputed",
        legend: "disputed",
        dashes: "10 3 2 3",
        mark: Mark { path: "M1.5 1.5l7 7M8.5 1.5l-7 7", filled: false },
    },
    StatusStyle {
        status: None,
        word: "no-claim",
        legend: "no claim counts any more",
        dashes: "1 7",
        mark: Mark { path: "M1 5h8", filled: false },
    },
];

/// How a status looks.
pub(crate) fn status_style(status: Option<Status>) -> &'static StatusStyle {
    let [.., last] = &STATUS_STYLES;
    STATUS_STYLES.iter().find(|it| it.status == status).unwrap_or(last)
}

/// Position in the table: the greater, the weaker.
pub(crate) fn weakness(status: Option<Status>) -> usize {
    STATUS_STYLES.iter().position(|it| it.status == status).unwrap_or(STATUS_STYLES.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_status_has_a_look_of_its_own() {
        for status in Status::ALL {
            assert_eq!(status_style(Some(status)).word, status.as_str());
        }
        let looks: BTreeSet<&str> = STATUS_STYLES.iter().map(|it| it.dashes).collect();
        let marks: BTreeSet<&str> = STATUS_STYLES.iter().map(|it| it.mark.path).collect();
        assert_eq!((looks.len(), marks.len()), (STATUS_STYLES.len(), STATUS_STYLES.len()));
    }
}
