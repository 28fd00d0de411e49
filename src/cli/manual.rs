//! Completions and manual pages, made from the arguments themselves.

use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;

use super::Outcome;
use super::args::Cli;
use super::output::complain;

/// Prints a completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "purvey", &mut script);
    ended(io::stdout().write_all(&script))
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
