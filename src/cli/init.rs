//! `purvey init`: a folder to start from.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Outcome;
use super::output::write_file;
use super::write::{done, print};

/// Options of `init`.
#[derive(Args, Debug)]
#[command(
    about = "Begin a folder of facts: a document, a few entities, one fact, and what checks them in git and CI",
    after_help = "A folder that holds anything is refused; `.git` alone is no hindrance.\n\
                  Example: purvey init arms-trade"
)]
pub(crate) struct InitArgs {
    /// The folder, which is made if it is not there
    dir: PathBuf,
}

/// The files, by their paths in the folder.
const FILES: [(&str, &str); 7] = [
    ("graph-data/documents.ron", include_str!("init/documents.ron")),
    ("graph-data/entities.ron", include_str!("init/entities.ron")),
    ("graph-data/facts.ron", include_str!("init/facts.ron")),
    ("README.md", include_str!("init/README.md")),
    ("articles/.gitignore", include_str!("init/gitignore")),
    (".githooks/pre-commit", include_str!("init/pre-commit")),
    (".github/workflows/check.yml", include_str!("init/check.yml")),
];

pub(crate) fn run(args: &InitArgs) -> Outcome {
    done(begin(&args.dir))
}

fn begin(dir: &Path) -> Result<Outcome, String> {
    let failed = |path: &Path, error: &dyn std::fmt::Display| format!("{} cannot be written: {error}", path.display());
    if dir.exists() {
        if !dir.is_dir() {
            return Err(format!("{} is a file: name a folder that is yet to be, or an empty one", dir.display()));
        }
        let entries = fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
        let mut names: Vec<String> =
            entries.filter_map(Result::ok).map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|it| it != ".git");
        names.sort();
        if let Some(first) = names.first() {
            return Err(format!("{} is not empty (it holds {first}): name a folder that is yet to be", dir.display()));
        }
    }
    for (name, text) in FILES {
        let path = dir.join(name);
        let parent = path.parent().unwrap_or(dir);
        fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        write_file::<std::io::Error>(&path, |out| out.write_all(text.as_bytes()))
            .map_err(|error| failed(&path, &error))?;
        #[cfg(unix)]
        if name.ends_with("pre-commit") {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(|error| failed(&path, &error))?;
        }
    }
    let mut told = String::new();
    for (name, _) in FILES {
        told.push_str(&format!("{}\n", dir.join(name).display()));
    }
    let dir = dir.display();
    told.push_str(&format!(
        "\nnext:\n  cd {dir}\n  purvey check\n  purvey ask \"who supplied what to whom?\"\n  \
         purvey add document \"Weekly report\" --publisher harbour-office --date 2025-02-03\n  \
         purvey add \"Northland sent about 20 trucks to Southland in 2025, says the Harbour Office\" --in weekly-report\n\
         in git, so that every commit is checked:\n  git init\n  git config core.hooksPath .githooks\n"
    ));
    print(&told)?;
    Ok(Outcome::Answered)
}
