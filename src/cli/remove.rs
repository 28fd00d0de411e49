//! `purvey remove`: takes a record, a claim or an entity out.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::Outcome;
use super::args::Global;
use super::complete;
use super::output::complain;
use super::write::{Session, WriteArgs, done};
use crate::edit::{EditError, remove};

/// Options of `remove`.
#[derive(Args, Debug)]
#[command(
    about = "Take a record, one of its claims, or an entity that nothing uses out of the data",
    after_help = "Comments above a record stay, and are told. What is used by others is refused, with who uses it.\n\
                  Examples: purvey remove a11\n          \
                  purvey remove a7 --claim 2"
)]
pub(crate) struct RemoveArgs {
    /// The id of the record or the entity
    #[arg(add = ArgValueCompleter::new(complete::anything))]
    id: String,
    /// Only the claim of that number, from 1
    #[arg(long, value_name = "NUMBER")]
    claim: Option<usize>,
    #[command(flatten)]
    write: WriteArgs,
}

pub(crate) fn run(args: &RemoveArgs, global: &Global) -> Outcome {
    let result = Session::open(global).and_then(|session| {
        let mut folder = session.folder.clone();
        let vocabulary = session.loaded.dataset.as_ref().map(|it| it.vocabulary.clone()).unwrap_or_default();
        let removed = match remove(&mut folder, &args.id, args.claim, &vocabulary) {
            Ok(removed) => removed,
            Err(error @ EditError::Unknown { .. }) => {
                complain(&error.to_string());
                return Ok(Outcome::Nothing);
            }
            Err(error) => return Err(error.to_string()),
        };
        for line in &removed.comments {
            complain(&format!("a comment above it stays: {}:{line}", removed.file.display()));
        }
        session.finish(&folder, "", args.write)
    });
    done(result)
}
