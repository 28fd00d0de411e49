//! `purvey rename`: another id for an entity or a record, wherever it is named.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::Outcome;
use super::args::Global;
use super::complete;
use super::output::complain;
use super::write::{Session, WriteArgs, done};
use crate::edit::{EditError, rename};

/// Options of `rename`.
#[derive(Args, Debug)]
#[command(
    about = "Give an entity, a document or a record another id, in all files",
    after_help = "All files change or none. Diagram specs are no data, and are not changed; comments that name the id are told.\n\
                  Example: purvey rename msmt sanctions-monitoring-team"
)]
pub(crate) struct RenameArgs {
    /// The id as it is
    #[arg(add = ArgValueCompleter::new(complete::anything))]
    old: String,
    /// The id as it is to be
    new: String,
    #[command(flatten)]
    write: WriteArgs,
}

pub(crate) fn run(args: &RenameArgs, global: &Global) -> Outcome {
    let result = Session::open(global).and_then(|session| {
        let mut folder = session.folder.clone();
        let vocabulary = session.loaded.dataset.as_ref().map(|it| it.vocabulary.clone()).unwrap_or_default();
        let renamed = match rename(&mut folder, &args.old, &args.new, &vocabulary) {
            Ok(renamed) => renamed,
            Err(error @ EditError::Unknown { .. }) => {
                complain(&error.to_string());
                return Ok(Outcome::Nothing);
            }
            Err(error) => return Err(error.to_string()),
        };
        for (file, line) in &renamed.comments {
            complain(&format!("a comment names it still: {}:{line}", file.display()));
        }
        session.finish(&folder, "", args.write)
    });
    done(result)
}
