//! Snapshots made on a bad day: a disk that refuses at any step, one that is full, two builds at once, a process that is killed. The
//! old file stays whole, and nothing is left beside it.

use std::cell::Cell;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use purvey::build::{Built, build};
use purvey::edit::{Disk, NewFile, RealDisk, replace_file};
use purvey::graph::{AlignedBytes, Snapshot, SnapshotMemory, WriteError};
use purvey::import::{Entity, ImportFindings, Sink, SnapshotSink};
use purvey::load::LoadOptions;

use crate::generated::generate;
use crate::support::{Run, command};

/// A disk on which one step fails, and perhaps all after it.
#[derive(Clone)]
struct Faulty {
    step: Rc<Cell<usize>>,
    fails_at: usize,
    stays_broken: bool,
}

impl Faulty {
    fn step(&self) -> io::Result<()> {
        let step = self.step.get() + 1;
        self.step.set(step);
        let fails = if self.stays_broken { step >= self.fails_at } else { step == self.fails_at };
        if fails { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

struct FaultyFile {
    file: Box<dyn NewFile>,
    disk: Faulty,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Half of the bytes are there when it fails.
        if let Err(error) = self.disk.step() {
            self.file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        self.file.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl NewFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.step()?;
        self.file.sync()
    }
}

impl Disk for Faulty {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        RealDisk.read(path)
    }
    fn write_new(&mut self, path: &Path, bytes: &[u8], like: &Path) -> io::Result<()> {
        RealDisk.write_new(path, bytes, like)
    }
    fn create(&mut self, path: &Path, mode: u32) -> io::Result<Box<dyn NewFile>> {
        self.step()?;
        let file = RealDisk.create(path, mode)?;
        Ok(Box::new(FaultyFile { file, disk: self.clone() }))
    }
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.rename(from, to)
    }
    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.remove(path)
    }
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.sync_folder(folder)
    }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry"));
    let mut names: Vec<String> = entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn is_whole(bytes: &[u8]) -> bool {
    Snapshot::new(AlignedBytes::copy(bytes)).is_ok_and(|it| it.verify().is_empty())
}

/// Writes with a fault at each step, until there is none.
fn with_each_fault(write: impl Fn(&mut dyn Write) -> Result<(), WriteError>) {
    for stays_broken in [false, true] {
        for fails_at in 1.. {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("facts.purvey");
            fs::write(&path, "old").expect("an old file");
            let mut disk = Faulty { step: Rc::default(), fails_at, stays_broken };
            let result = replace_file(&path, 0o666, &mut disk, &write);
            let now = fs::read(&path).expect("a file");
            let is_written = result.is_ok();
            match result {
                Ok(()) => assert!(is_whole(&now), "{fails_at}"),
                Err(error) => {
                    assert_eq!(error.to_string(), io::Error::from(io::ErrorKind::StorageFull).to_string());
                    assert_eq!(now, b"old", "{fails_at}");
                }
            }
            if !stays_broken || is_written {
                assert_eq!(files(folder.path()), ["facts.purvey"], "{fails_at}");
            }
            // What could not even be removed, the next writer removes. A process that another test starts at this moment has
            // the lock as well, until it is another program.
            for _ in 0..200 {
                replace_file(&path, 0o666, &mut RealDisk, &write).expect("a disk in order");
                if files(folder.path()).len() == 1 {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            assert_eq!(files(folder.path()), ["facts.purvey"], "{fails_at}");
            assert!(is_whole(&fs::read(&path).expect("a file")));
            if disk.step.get() < fails_at {
                assert!(is_written && fails_at > 20, "{fails_at} steps are too few");
                break;
            }
        }
    }
}

#[test]
fn a_fault_at_any_step_of_a_build_leaves_the_old_file_whole() {
    let data = data(10, 1);
    with_each_fault(|out| {
        let memory = SnapshotMemory { bytes: 1 << 20, folder: data.path().to_owned() };
        match build(&[data.path().join("facts.ron")], LoadOptions::default(), memory, &mut |_, _| {})? {
            Built::Snapshot(ready) => ready.write(out),
            Built::Refused(loaded) => panic!("{:?}", loaded.errors),
        }
    });
}

#[test]
fn a_fault_at_any_step_of_an_import_leaves_the_old_file_whole() {
    let (vocabulary, _, _) = purvey::load::load_vocabulary(&[]);
    with_each_fault(|out| {
        let mut sink = SnapshotSink::new(vocabulary.clone());
        sink.entity(Entity { id: "acme".to_owned(), name: "ACME".to_owned(), ..Entity::default() })?;
        sink.finish(&mut ImportFindings::default(), out).map(|_| ())
    });
}

/// A folder with made-up facts.
fn data(facts: usize, seed: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("facts.ron"), generate::ron(facts, seed)).expect("a file");
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

/// A folder for a snapshot, with one in it.
fn with_old(data: &Path) -> (tempfile::TempDir, PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run(folder.path(), &["build", &data.display().to_string(), "--out", "facts.purvey"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let path = folder.path().join("facts.purvey");
    let bytes = fs::read(&path).expect("a snapshot");
    (folder, path, bytes)
}

/// A disk is full for a process when files may not grow any more: that of the snapshot, and those in which columns wait.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_at_any_block_leaves_the_old_file_whole() {
    let (old, new) = (data(20, 1), data(700, 2));
    let (folder, path, before) = with_old(old.path());
    let table = folder.path().join("t.csv");
    let rows: String = (0..700).map(|it| format!("Firm {it},Firm {},{it}\n", it * 7 % 100 + 1000)).collect();
    fs::write(&table, format!("a,b,q\n{rows}")).expect("a table");
    let mapping = r#"(
        source: (document: (id: "register", name: "Register"), date: "2024", by: (id: "keeper", name: "Keeper", kind: organization)),
        kind: "payment",
        roles: [Role(role: "payer", column: "a", kind: organization), Role(role: "recipient", column: "b", kind: organization)],
        figures: [Figure(column: "q", unit: "euro")],
    )"#;
    fs::write(folder.path().join("t.ron"), mapping).expect("a mapping");
    let data = new.path().display().to_string();
    let commands = [
        format!("build '{data}' --memory 1 --no-cache --out facts.purvey"),
        "import csv t.csv --mapping t.ron --memory 1 --force --out facts.purvey".to_owned(),
    ];
    for arguments in commands {
        fs::write(&path, &before).expect("the old one");
        let (mut failed, mut written) = (0, false);
        // In blocks of 512 bytes.
        for blocks in (1..4000).step_by(37) {
            // Whoever ignores the signal is told by an error.
            let script =
                format!("trap '' XFSZ; ulimit -f {blocks}; exec '{}' {arguments}", env!("CARGO_BIN_EXE_purvey"));
            let output = std::process::Command::new("/bin/sh")
                .args(["-c", &script])
                .current_dir(folder.path())
                .env_clear()
                .output()
                .expect("a shell");
            let run: Run = output.into();
            assert_eq!(files(folder.path()), ["facts.purvey", "t.csv", "t.ron"], "{blocks}");
            let now = fs::read(&path).expect("a snapshot");
            if run.code == Some(0) {
                assert!(is_whole(&now) && now != before);
                written = true;
                break;
            }
            failed += 1;
            assert_eq!(run.code, Some(2), "{}", run.stderr);
            assert!(run.stderr.contains("facts.purvey cannot be written: "), "{}", run.stderr);
            assert!(run.stderr.contains("facts.purvey is as it was"), "{}", run.stderr);
            assert!(now == before, "{blocks}");
        }
        assert!(written && failed > 5, "{failed}");
    }
}

#[test]
fn of_two_builds_at_once_one_stays_whole() {
    let (one, other) = (data(600, 1), data(600, 2));
    let [first, second] = [&one, &other].map(|it| with_old(it.path()).2);
    let (folder, path, _) = with_old(one.path());
    for _ in 0..8 {
        let begin = |data: &Path| {
            let mut command = command(folder.path());
            command.arg("build").arg(data).args(["--no-cache", "--out", "facts.purvey"]);
            command.stdout(std::process::Stdio::null()).spawn().expect("the binary runs")
        };
        let mut children = [begin(one.path()), begin(other.path())];
        for child in &mut children {
            assert_eq!(child.wait().expect("an end").code(), Some(0));
        }
        let now = fs::read(&path).expect("a snapshot");
        assert!(now == first || now == second);
        assert_eq!(files(folder.path()).iter().filter(|it| it.contains("purvey-out")).count(), 0);
    }
}

/// Kills a build after each of some times, and looks what is there.
fn kill_builds(facts: usize, times: u32) {
    let (old, new) = (data(50, 1), data(facts, 2));
    let (folder, path, mut before) = with_old(old.path());
    let begin = |data: &Path| {
        let mut command = command(folder.path());
        command.arg("build").arg(data).args(["--no-cache", "--memory", "1M", "--out", "facts.purvey"]);
        command.stdout(std::process::Stdio::null()).spawn().expect("the binary runs")
    };
    let start = std::time::Instant::now();
    assert!(begin(new.path()).wait().expect("an end").success());
    let whole = start.elapsed();
    let after = fs::read(&path).expect("a snapshot");
    fs::write(&path, &before).expect("the old one");
    let mut random = crate::generated::dice::Dice(u64::from(std::process::id()));
    let mut killed = 0;
    for _ in 0..times {
        let mut child = begin(new.path());
        std::thread::sleep(whole.mul_f64(random.below(1100) as f64 / 1000.0));
        let _ = child.kill();
        killed += u32::from(!child.wait().expect("an end").success());
        let now = fs::read(&path).expect("a snapshot");
        assert!(now == before || now == after, "neither the old file nor the new one");
        before = now;
    }
    assert!(killed * 4 > times, "{killed} of {times} were killed before they had ended");
    assert!(begin(new.path()).wait().expect("an end").success());
    assert!(fs::read(&path).expect("a snapshot") == after);
    let left: Vec<String> = files(folder.path()).into_iter().filter(|it| it != ".cache").collect();
    assert_eq!(left, ["facts.purvey"], "what was left behind is gone");
}

#[test]
fn builds_that_are_killed_leave_the_old_file_whole() {
    kill_builds(500, 6);
}

/// The same for as long as one likes: `PURVEY_KILLS=500 cargo test --test main killed -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn builds_that_are_killed_many_times_leave_the_old_file_whole() {
    let times = std::env::var("PURVEY_KILLS").ok().and_then(|it| it.parse().ok()).unwrap_or(200);
    kill_builds(20_000, times);
}
