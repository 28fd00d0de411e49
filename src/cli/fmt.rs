//! `purvey fmt`: the one layout of data files.

use std::path::PathBuf;

use clap::Args;

use super::Outcome;
use super::args::Global;
use super::output::complain;
use super::write::{Session, done, first_error, paths, print};
use crate::diagnostic::SourceFile;
use crate::edit::lay_out;
use crate::load::LoadOptions;

/// Options of `fmt`.
#[derive(Args, Debug)]
#[command(
    about = "Lay data files out in the one layout, with every comment kept",
    after_help = "A file that is no file of records is told and left alone.\n\
                  Exit codes: 0 done; 1 with --check if a file has another layout, or a file was left alone."
)]
pub(crate) struct FmtArgs {
    /// Folders and files, instead of --data
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing: tell which files have another layout
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &FmtArgs, global: &Global) -> Outcome {
    done(lay_out_all(args, global))
}

fn lay_out_all(args: &FmtArgs, global: &Global) -> Result<Outcome, String> {
    let paths = if args.paths.is_empty() { paths(global)? } else { args.paths.clone() };
    if let Some(missing) = paths.iter().find(|it| !it.exists()) {
        return Err(format!("{}: there is no such file or folder", missing.display()));
    }
    let before = super::write::read_folder(&paths)?;
    let mut folder = before.clone();
    let refused = lay_out(&mut folder);
    for (path, at, message) in &refused {
        let text = before.text(path).unwrap_or_default().to_owned();
        let at = u32::try_from(*at).unwrap_or(u32::MAX);
        let (line, column) = SourceFile::new(String::new(), text).line_column(at);
        complain(&format!("{}:{line}:{column}: {message}, so the file is left as it is", path.display()));
    }
    let foreign: Vec<_> = folder.foreign().collect();
    for path in &foreign {
        complain(&format!("{}: this is not UTF-8, so the file is left as it is", path.display()));
    }
    let changes = folder.changes();
    let outcome = if refused.is_empty() && foreign.is_empty() { Outcome::Answered } else { Outcome::Nothing };
    if args.check {
        let names: Vec<String> = changes.iter().map(|it| format!("{}\n", it.path.display())).collect();
        print(&names.concat())?;
        if !changes.is_empty() {
            complain(&format!("{} to lay out: run `purvey fmt`", files(changes.len())));
            return Ok(Outcome::Nothing);
        }
        return Ok(outcome);
    }
    if changes.is_empty() {
        return Ok(outcome);
    }
    // The layout changes nothing that is read; should it ever, nothing is written.
    let options = LoadOptions { drafts: true };
    let (was, then) = (before.load(options), folder.load(options));
    if was.dataset != then.dataset || was.findings.len() != then.findings.len() {
        return Err(format!(
            "the layout would change what is read, which is a fault of purvey: {}",
            first_error(&then)
        ));
    }
    Session::of(before, paths).write(&folder, &changes)?;
    print(&format!("{} laid out\n", files(changes.len())))?;
    Ok(outcome)
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}
