//! The snapshot of a data folder that is kept in the user's cache folder: never a stale one, and never in the way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::support::{Run, command, folder_of};

/// Four supplies, of as many shells as files say.
fn data(shells: u32) -> String {
    format!(
        r#"(entities: [Country(id: "a", name: "Aland"), Country(id: "b", name: "Bland"),
            Materiel(id: "shell", name: "shell"), Document(id: "d", name: "D")],
        document: "d", defaults: (by: "a"),
        facts: [Supply(id: "f1", supplier: "a", recipient: "b", item: "shell", quantity: "{shells}")])"#
    )
}

fn more(id: &str) -> String {
    format!(
        r#"(document: "d", defaults: (by: "a"), facts: [Supply(id: "{id}", supplier: "b", recipient: "a", item: "shell")])"#
    )
}

/// A folder with `graph-data`, and what to do in it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(folder_of(&[("x.ron", &data(1111))]));
        place.age();
        place
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join("graph-data").join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(self.0.path());
        command.args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.command(arguments).output().expect("the binary runs").into()
    }

    fn table(&self) -> String {
        let (cached, read) = (self.run(&["who"]), self.run(&["who", "--no-cache"]));
        assert_eq!((&cached.stdout, &cached.stderr, cached.code), (&read.stdout, &read.stderr, read.code));
        cached.stdout
    }

    fn kept(&self) -> Vec<PathBuf> {
        files(&self.0.path().join(".cache/purvey"))
    }

    /// Waits until a change would show in the times of the files.
    fn age(&self) {
        std::thread::sleep(Duration::from_millis(3_100));
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    files.sort();
    files
}

/// Whether a run reads the facts: a snapshot whose file was taken for another's facts gives those.
fn uses_cache(place: &Place) -> bool {
    let [kept] = &place.kept()[..] else { return false };
    let before = fs::metadata(kept).expect("a file").modified().expect("a time");
    place.run(&["who"]);
    fs::metadata(kept).expect("a file").modified().expect("a time") == before
}

#[test]
fn the_second_question_reads_what_the_first_kept() {
    let place = Place::new();
    assert!(place.kept().is_empty());
    let first = place.run(&["who"]);
    assert_eq!(place.kept().len(), 1);
    assert!(uses_cache(&place));
    assert_eq!(place.run(&["who"]).stdout, first.stdout);
    // Another question, and paths named otherwise, use the same.
    place.run(&["show", "a", "--data", "../x/../graph-data/."]);
    place.run(&["show", "a", "--data", "graph-data"]);
    assert_eq!(place.kept().len(), 1);
    assert!(
        !files(&place.0.path().join("graph-data")).iter().any(|it| it.extension().is_some_and(|it| it == "purvey"))
    );
    // Drafts are other facts.
    place.run(&["who", "--drafts"]);
    assert_eq!(place.kept().len(), 2);
}

#[test]
fn nothing_is_kept_with_no_cache_and_what_is_kept_is_private() {
    let place = Place::new();
    assert_eq!(place.run(&["who", "--no-cache"]).code, Some(0));
    assert!(!place.0.path().join(".cache").exists());
    place.run(&["who"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode(&place.0.path().join(".cache/purvey")), 0o700);
        assert_eq!(mode(&place.kept()[0]), 0o600);
    }
}

#[test]
fn edits_of_any_kind_are_seen() {
    let place = Place::new();
    assert!(place.table().contains("1111"));
    // The same size.
    fs::write(place.file("x.ron"), data(2222)).expect("a file");
    assert!(place.table().contains("2222"));
    // The same size again, at once: its times may be those of the edit before.
    for number in 3000..3020 {
        fs::write(place.file("x.ron"), data(number)).expect("a file");
        let told = place.table();
        assert!(told.contains(&number.to_string()), "{number}: {told}");
    }
    // Added, renamed, removed, and in a folder below.
    fs::write(place.file("y.ron"), more("f2")).expect("a file");
    assert!(place.table().contains("f2"));
    fs::create_dir(place.file("below")).expect("a folder");
    fs::rename(place.file("y.ron"), place.file("below/z.ron")).expect("a file");
    assert!(place.table().contains("f2"));
    fs::write(place.file("below/z.ron"), more("f3")).expect("a file");
    assert!(place.table().contains("f3"));
    fs::remove_file(place.file("below/z.ron")).expect("a file");
    assert!(!place.table().contains("f3"));
    // Broken, and mended.
    fs::write(place.file("x.ron"), "(facts: [").expect("a file");
    assert_eq!(place.run(&["who"]).code, Some(2));
    fs::write(place.file("x.ron"), data(4444)).expect("a file");
    assert!(place.table().contains("4444"));
}

#[test]
fn an_edit_whose_time_is_set_back_is_seen() {
    let place = Place::new();
    let path = place.file("x.ron");
    let time = fs::metadata(&path).expect("a file").modified().expect("a time");
    assert!(place.table().contains("1111"));
    // A program that puts the time of the content back, as unpacking does; the size is the same.
    fs::write(&path, data(5555)).expect("a file");
    fs::File::options().write(true).open(&path).and_then(|it| it.set_modified(time)).expect("a time");
    assert!(place.table().contains("5555"));
    // Another file of the same size and time put in its place.
    let other = place.0.path().join("other.ron");
    fs::write(&other, data(6666)).expect("a file");
    fs::File::options().write(true).open(&other).and_then(|it| it.set_modified(time)).expect("a time");
    fs::rename(&other, &path).expect("a file");
    assert!(place.table().contains("6666"));
}

#[test]
fn a_touch_costs_a_reading_and_times_in_the_future_a_comparison() {
    let place = Place::new();
    place.run(&["who"]);
    assert!(uses_cache(&place));
    fs::File::options()
        .write(true)
        .open(place.file("x.ron"))
        .and_then(|it| it.set_modified(SystemTime::now()))
        .expect("a time");
    assert!(!uses_cache(&place), "the file may have changed");
    // As if the clock had been set back since: the times say nothing, so the content decides.
    let later = SystemTime::now() + Duration::from_secs(86_400);
    fs::File::options().write(true).open(place.file("x.ron")).and_then(|it| it.set_modified(later)).expect("a time");
    place.run(&["who"]);
    assert!(uses_cache(&place));
    fs::write(place.file("x.ron"), data(7777)).expect("a file");
    fs::File::options().write(true).open(place.file("x.ron")).and_then(|it| it.set_modified(later)).expect("a time");
    assert!(place.table().contains("7777"));
}

#[test]
fn a_young_file_is_compared_until_it_is_old_enough() {
    let place = Place(folder_of(&[("x.ron", &data(1111))]));
    place.run(&["who"]);
    place.age();
    // What is kept is renewed, unless the machine was so slow that the file was old at once.
    place.run(&["who"]);
    assert!(uses_cache(&place));
    assert!(place.table().contains("1111"));
}

#[test]
fn a_damaged_or_foreign_file_in_the_cache_is_passed_over() {
    let place = Place::new();
    let expected = place.table();
    let kept = place.kept().remove(0);
    let whole = fs::read(&kept).expect("a file");
    for at in [0, 9, 40, whole.len() / 4, whole.len() / 2, whole.len() * 3 / 4, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&kept, damaged).expect("a file");
        let run = place.run(&["who"]);
        assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code), (expected.as_str(), "", Some(0)), "{at}");
    }
    for bytes in [&b""[..], b"no snapshot", &whole[..whole.len() / 2]] {
        fs::write(&kept, bytes).expect("a file");
        assert_eq!(place.run(&["who"]).stdout, expected);
        assert!(uses_cache(&place), "it was made anew");
    }
    // A snapshot of other facts under this name says so itself.
    fs::write(place.0.path().join("other.ron"), data(8888)).expect("a file");
    let built = place.run(&["build", "--no-cache", "--data", "other.ron", "--out", "other.purvey"]);
    assert_eq!(built.code, Some(0));
    fs::copy(place.0.path().join("other.purvey"), &kept).expect("a copy");
    assert_eq!(place.run(&["who"]).stdout, expected);
}

#[test]
fn two_at_once_do_no_harm() {
    let place = Place::new();
    let expected = place.run(&["who", "--no-cache"]).stdout;
    for _ in 0..3 {
        let running: Vec<_> = (0..8)
            .map(|_| place.command(&["who"]).stdout(std::process::Stdio::piped()).spawn().expect("the binary runs"))
            .collect();
        for child in running {
            let run: Run = child.wait_with_output().expect("an end").into();
            assert_eq!((run.stdout.as_str(), run.code), (expected.as_str(), Some(0)));
        }
        // Nothing but the one snapshot is left.
        assert_eq!(place.kept().len(), 1);
        fs::remove_file(&place.kept()[0]).expect("a file");
    }
}

#[test]
fn without_a_cache_folder_it_goes_on_silently() {
    let place = Place::new();
    let expected = place.run(&["who", "--no-cache"]).stdout;
    // A file stands where the folder should be; and a folder that cannot be made.
    let blocked = place.0.path().join("blocked");
    fs::write(&blocked, "").expect("a file");
    for cache in [blocked.as_path(), Path::new("/dev/null/cache"), Path::new("/proc/none")] {
        let run: Run = place.command(&["who"]).env("XDG_CACHE_HOME", cache).output().expect("the binary runs").into();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code), (expected.as_str(), "", Some(0)));
    }
}

#[test]
fn what_was_kept_of_a_folder_that_is_gone_is_removed() {
    let place = Place::new();
    let gone = place.0.path().join("gone");
    fs::create_dir(&gone).expect("a folder");
    fs::write(gone.join("x.ron"), data(1)).expect("a file");
    place.run(&["who", "--data", "gone"]);
    fs::remove_dir_all(&gone).expect("no folder");
    assert_eq!(place.kept().len(), 1);
    place.run(&["who"]);
    assert_eq!(place.kept().len(), 1);
    assert!(uses_cache(&place));
}

#[test]
fn a_snapshot_is_verified_and_not_checked() {
    let place = Place::new();
    place.run(&["build", "--out", "x.purvey"]);
    let run = place.run(&["check", "x.purvey"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("`purvey verify x.purvey`"), "{}", run.stderr);
}
