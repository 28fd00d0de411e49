//! Options of every question: on which evidence it is answered.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::model::{Period, Stance};
use crate::query::{Evidence, Status};

/// Which claims an answer may stand on.
#[derive(Args, Debug)]
pub(crate) struct EvidenceArgs {
    /// Only what had been published by then: 2025-03-01, 2024
    #[arg(long, value_name = "DATE", value_parser = parse_day, global = true, help_heading = "Evidence")]
    as_of: Option<Period>,
    /// Only what a claimant says, or a document or publisher carries; may be repeated
    #[arg(long, value_name = "NAME", global = true, help_heading = "Evidence")]
    according_to: Vec<String>,
    /// Without a claimant or document; `unnamed` for all unnamed sources, `unnamed:GROUP` for those of a group; may be
    /// repeated
    #[arg(long, value_name = "NAME", global = true, help_heading = "Evidence")]
    without: Vec<String>,
    /// Only claims that give this figure: "35,000"; may be repeated
    #[arg(long, value_name = "FIGURE", global = true, help_heading = "Evidence")]
    figure: Vec<String>,
    /// Only facts of this support; may be repeated
    #[arg(long, value_parser = PossibleValuesParser::new(Status::ALL.map(Status::as_str)), global = true, help_heading = "Evidence")]
    status: Vec<String>,
    /// Only facts with a claim of this stance; may be repeated
    #[arg(long, value_parser = PossibleValuesParser::new(Stance::ALL.map(Stance::as_str)), global = true, help_heading = "Evidence")]
    stance: Vec<String>,
}

impl EvidenceArgs {
    /// The evidence asked for.
    pub(crate) fn read(&self) -> Evidence {
        Evidence {
            as_of: self.as_of,
            according_to: self.according_to.clone(),
            without: self.without.clone(),
            figures: self.figure.clone(),
            statuses: self.status.iter().filter_map(|it| Status::from_word(it)).collect(),
            stances: self.stance.iter().filter_map(|it| Stance::from_word(it)).collect(),
        }
    }
}

/// A date by which something had been published, which needs a last day.
fn parse_day(text: &str) -> Result<Period, String> {
    let period = Period::parse(text).map_err(|error| error.to_string())?;
    match period.latest() {
        Some(_) => Ok(period),
        None => Err("this has no end; give a day, a month or a year".to_owned()),
    }
}
