//! The tutorial is followed as it stands: its files are saved, its commands are run in order, and what they print is what
//! it says. `TRYCMD=overwrite cargo test --test main tutorial` writes the outputs anew.
//!
//! The other pages are run by trycmd, whose commands don't see files that a page tells its reader to save.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file to save: the path stands in a comment above the block that holds its text.
const FILE: &str = "<!-- file: ";

#[test]
fn the_tutorial_can_be_followed_step_by_step() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md");
    let text = std::fs::read_to_string(&page).expect("the tutorial is there");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let followed = follow(&text, folder.path());
    let drawn = std::fs::read_to_string(folder.path().join("trucks/northland.svg")).expect("the picture is drawn");
    let picture = page.with_file_name("tutorial").join("northland.svg");
    if std::env::var("TRYCMD").is_ok_and(|it| it == "overwrite") {
        std::fs::write(&page, followed).expect("the tutorial is written");
        std::fs::create_dir_all(picture.parent().expect("a folder")).expect("a folder for the picture");
        std::fs::write(&picture, drawn).expect("the picture is written");
        return;
    }
    for (number, (line, new)) in text.lines().zip(followed.lines()).enumerate() {
        assert_eq!(line, new, "docs/tutorial.md:{}, of which the whole would be\n{followed}", number + 1);
    }
    assert_eq!(text, followed);
    assert!(
        std::fs::read_to_string(&picture).is_ok_and(|it| it == drawn),
        "docs/tutorial/northland.svg is not what is drawn"
    );
    // What must not go into git did not.
    let kept =
        Command::new("git").args(["ls-files"]).current_dir(folder.path().join("trucks")).output().expect("git runs");
    let kept = String::from_utf8_lossy(&kept.stdout);
    assert!(kept.contains("graph-data/courier.ron") && !kept.contains(".txt"), "{kept}");
}

/// The page with the outputs that its commands have in `top`.
fn follow(text: &str, top: &Path) -> String {
    let mut at = top.to_owned();
    let mut out: Vec<String> = Vec::new();
    let mut lines = text.lines();
    let mut file: Option<PathBuf> = None;
    while let Some(line) = lines.next() {
        out.push(line.to_owned());
        if let Some(path) = line.strip_prefix(FILE).and_then(|it| it.strip_suffix(" -->")) {
            file = Some(at.join(path));
            continue;
        }
        if !line.starts_with("```") {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
        if line == "```console" {
            out.extend(session(&block, &mut at, top));
        } else {
            out.extend(block.iter().map(|it| (*it).to_owned()));
            if let Some(path) = file.take() {
                std::fs::write(&path, block.join("\n") + "\n")
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            }
        }
        out.push("```".to_owned());
    }
    assert!(file.is_none(), "a path is named without a block to save");
    out.join("\n") + "\n"
}

/// The commands of a block with what they print, one blank line between two.
fn session(block: &[&str], at: &mut PathBuf, top: &Path) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut lines = block.iter().peekable();
    while let Some(line) = lines.next() {
        // The outputs of before are not looked at.
        let Some(first) = line.strip_prefix("$ ") else { continue };
        if !out.is_empty() {
            out.push(String::new());
        }
        out.push((*line).to_owned());
        let mut command = first.to_owned();
        while let Some(more) = lines.next_if(|it| it.starts_with("> ")) {
            out.push((*more).to_owned());
            command = format!("{command}\n{}", &more[2..]);
        }
        match command.strip_prefix("cd ") {
            Some(folder) => at.push(folder),
            None => out.extend(printed(&command, at, top)),
        }
    }
    out
}

/// What a command prints, with its exit code where that is not 0.
fn printed(command: &str, at: &Path, top: &Path) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_purvey")).parent().expect("it is in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(program.to_owned()).chain(std::env::split_paths(&path)));
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(at)
        .env_clear()
        .env("PATH", path.expect("paths that can be joined"))
        .env("HOME", top)
        .env("XDG_CACHE_HOME", top.join(".cache"))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("a shell runs");
    let mut lines: Vec<String> = Vec::new();
    match output.status.code() {
        Some(0) => {}
        code => lines.push(format!("? {}", code.expect("an exit code"))),
    }
    lines.extend(String::from_utf8(output.stdout).expect("UTF-8").trim_end().lines().map(str::to_owned));
    lines
}
