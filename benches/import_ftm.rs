//! FollowTheMoney: importing a generated file beside `ftm validate` and a plain reading of the same file in Python.
//!
//! ```text
//! PURVEY_PYTHON=venv/bin/python cargo bench --bench import_ftm -- --records 500000 --rounds 3
//! ```
//!
//! Without PURVEY_PYTHON (a Python with the package followthemoney) only purvey is timed.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Reads every line into an entity, without validating it.
const PLAIN: &str = "
import sys, orjson
from followthemoney import model
with open(sys.argv[1], 'rb') as file:
    for line in file:
        model.get_proxy(orjson.loads(line))
";

/// What a run took: time, and the most memory that it had, in KiB.
struct Taken {
    time: Duration,
    memory: u64,
}

/// Runs a command and watches its memory. Linux tells the peak of a process while it is there; elsewhere it is 0.
fn watched(command: &mut Command) -> Result<Taken, Box<dyn Error>> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let code = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|it| it.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        memory = peak.unwrap_or(0).max(memory);
        if let Some(code) = child.try_wait()? {
            break code;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(code.success(), "{command:?} succeeds");
    Ok(Taken { time: start.elapsed(), memory })
}

/// Companies, people, addresses, ownerships and directorships, in the proportions of a register.
fn generate(path: &Path, records: u64) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(path)?);
    // The things come first, so that every fact finds its ends.
    let things = records * 65 / 100;
    let mut state = 7_u64;
    let mut pick = |below: u64| {
        // Knuth's MMIX generator, of which the high bits are good.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    };
    for at in 0..records {
        let (other, year, month) = (pick(things), 1990 + pick(35), 1 + pick(12));
        let seen = r#""datasets":["register"],"first_seen":"2023-04-20T12:03:02","referents":[]"#;
        if at >= things {
            let third = pick(things);
            let dates = format!(
                r#""startDate":["{year}-{month:02}-11"],"sourceUrl":["https://register.example.org/{}"]"#,
                at % 1000
            );
            let (schema, from, to, more) = match at % 7 {
                0 | 1 => ("Directorship", "director", "organization", r#""role":["managing director"]"#.to_owned()),
                _ => ("Ownership", "owner", "asset", format!(r#""percentage":["{}"]"#, 1 + other % 100)),
            };
            writeln!(
                out,
                r#"{{"id":"link-{at}","schema":"{schema}",{seen},"properties":{{"{from}":["thing-{other}"],"{to}":["thing-{}"],{more},{dates}}}}}"#,
                third - third % 4
            )?;
            continue;
        }
        match at % 4 {
            0 | 1 => writeln!(
                out,
                r#"{{"id":"thing-{at}","schema":"Company",{seen},"caption":"Example Trading {at} Ltd","properties":{{"name":["Example Trading {at} Ltd","Пример Торг {at}"],"alias":["ET {at}"],"jurisdiction":["cy"],"registrationNumber":["HE {at}"],"incorporationDate":["{year}-{month:02}-01"],"status":["active"],"addressEntity":["thing-{}"],"legalForm":["Limited company"],"topics":["corp.offshore"]}}}}"#,
                at - at % 4 + 3
            )?,
            2 => writeln!(
                out,
                r#"{{"id":"thing-{at}","schema":"Person",{seen},"properties":{{"name":["Ann Example {at}"],"birthDate":["{year}-{month:02}"],"nationality":["ru","cy"],"passportNumber":["71 {at}"],"position":["director"]}}}}"#
            )?,
            _ => writeln!(
                out,
                r#"{{"id":"thing-{at}","schema":"Address",{seen},"properties":{{"full":["{at} Example Street, Limassol"],"city":["Limassol"],"country":["cy"]}}}}"#
            )?,
        }
    }
    Ok(out.flush()?)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Without `--bench` it is `cargo test --all-targets` that runs this.
    let is_bench = arguments.iter().any(|it| it == "--bench");
    let value = |name: &str| arguments.iter().position(|it| it == name).and_then(|at| arguments.get(at + 1));
    let records: u64 = value("--records").map_or(Ok(if is_bench { 200_000 } else { 200 }), |it| it.parse())?;
    let rounds: usize = value("--rounds").map_or(Ok(if is_bench { 3 } else { 1 }), |it| it.parse())?;

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("register.json");
    generate(&file, records)?;
    println!("{records} records, {} MB", std::fs::metadata(&file)?.len() / 1_000_000);

    let purvey = |out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_purvey"));
        command.current_dir(folder.path()).args(["import", "ftm", "register.json", "--quiet", "--force", "--out", out]);
        command
    };
    let mut candidates = vec![("purvey, a snapshot", purvey("out.purvey")), ("purvey, RON records", purvey("out"))];
    if let Some(python) = std::env::var_os("PURVEY_PYTHON") {
        let python = std::fs::canonicalize(Path::new(&python).parent().unwrap_or(Path::new(".")))?.join("python");
        let mut validate = Command::new(python.with_file_name("ftm"));
        validate.current_dir(folder.path()).args(["validate", "-i", "register.json", "-o", "validated.json"]);
        candidates.push(("ftm validate", validate));
        let mut plain = Command::new(python);
        plain.current_dir(folder.path()).args(["-c", PLAIN, "register.json"]);
        candidates.push(("followthemoney, read only", plain));
    }
    let mut best: Vec<Option<Taken>> = candidates.iter().map(|_| None).collect();
    for _ in 0..rounds {
        for ((_, command), best) in candidates.iter_mut().zip(&mut best) {
            let taken = watched(command)?;
            if best.as_ref().is_none_or(|it| taken.time < it.time) {
                *best = Some(taken);
            }
        }
    }
    println!("{:<28} {:>10} {:>12} {:>10}", format!("{rounds} interleaved rounds"), "seconds", "records/s", "peak MB");
    for ((name, _), taken) in candidates.iter().zip(best).filter_map(|(it, taken)| Some((it, taken?))) {
        let seconds = taken.time.as_secs_f64();
        let each = u128::from(records) * 1_000_000 / taken.time.as_micros().max(1);
        println!("{name:<28} {seconds:>10.2} {each:>12} {:>10}", taken.memory / 1000);
    }
    Ok(())
}
