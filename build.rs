//! Lists the files of `graph-data/`, so that the example is compiled in whatever its files are called, and numbers the
//! code that reads facts, so that a program never uses what another one read and kept.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo::rustc-env=PURVEY_READER={}", reader(&manifest.join("src"))?);
    let root = manifest.join("graph-data");
    println!("cargo::rerun-if-changed={}", root.display());
    let files = collect(&root, "ron")?;
    let mut code = String::from("pub(crate) static FILES: &[(&str, &str)] = &[\n");
    for path in &files {
        let name = path.strip_prefix(&root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let _ = writeln!(code, "    ({name:?}, include_str!({:?})),", path.display().to_string());
    }
    code.push_str("];\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("built_in.rs"), code)
}

/// A number that changes with any file by which facts are read.
fn reader(source: &Path) -> io::Result<u64> {
    // The hasher of `new` has fixed keys.
    let mut hasher = DefaultHasher::new();
    for part in ["diagnostic", "graph", "load", "model"] {
        let folder = source.join(part);
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in collect(&folder, "rs")?.into_iter().chain(collect(&folder, "ron")?) {
            file.strip_prefix(source).unwrap_or(&file).hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

/// The files of an extension below a folder, in the order of their names.
fn collect(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(collect(&path, extension)?);
        } else if path.extension().is_some_and(|it| it == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
