//! Completions and manual pages, made from the arguments themselves.

use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap_complete::env::Shells;

use super::Outcome;
use super::args::Cli;
use super::output::complain;

/// Prints a script that asks the program itself for completions, so that names of the data are among them.
pub(crate) fn completions(shell: clap_complete::Shell) -> Outcome {
    let shells = Shells::builtins();
    let Some(completer) = shells.completer(&shell.to_string()) else {
        complain(&format!("there are no completions for {shell}"));
        return Outcome::Unusable;
    };
    let mut script = Vec::new();
    let written = completer.write_registration("COMPLETE", "purvey", "purvey", "purvey", &mut script);
    ended(written.and_then(|()| io::stdout().write_all(&script)))
}

/// Prints the manual page, or writes one page a command into a folder.
pub(crate) fn pages(folder: Option<&Path>) -> Outcome {
    let command = Cli::command();
    ended(match folder {
        Some(folder) => std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder)),
        None => clap_mangen::Man::new(command).render(&mut io::stdout()),
    })
}

fn ended(result: io::Result<()>) -> Outcome {
    match result {
        Ok(()) => Outcome::Answered,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Answered,
        Err(error) => {
            complain(&error.to_string());
            Outcome::Unusable
        }
    }
}
