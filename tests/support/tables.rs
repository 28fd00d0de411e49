//! A folder with tables and mappings, in which the binary runs.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Run, command};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/csv").join(name)
}

/// Runs in a folder with copies of fixtures, so that places in messages are short.
pub struct Place {
    pub folder: tempfile::TempDir,
}

impl Place {
    pub fn with(fixtures: &[&str]) -> Place {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in fixtures {
            fs::copy(fixture(name), folder.path().join(name)).expect("a copy");
        }
        Place { folder }
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("a file");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        command(self.folder.path()).args(arguments).output().expect("the binary runs").into()
    }

    pub fn import(&self, table: &str, mapping: &str, more: &[&str]) -> Run {
        self.run(&[&["import", "csv", table, "--mapping", mapping][..], more].concat())
    }
}

/// What is proposed for a table.
pub fn guess(place: &Place, name: &str, table: &str) -> String {
    place.write(name, table);
    let run = place.run(&["import", "csv", name, "--guess"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout
}

/// Imports a table by what is proposed for it.
pub fn import_guessed(place: &Place, name: &str, table: &str) -> Run {
    let mapping = guess(place, name, table);
    place.write("m.ron", mapping);
    place.import(name, "m.ron", &["--out", "data", "--force"])
}
