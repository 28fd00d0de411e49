//! Asks a snapshot one question again and again, to measure what the library takes for an answer; for `benches/peers`.
//!
//! ```sh
//! cargo run --release --example peers -- supplies.purvey 7 path Austria Brazil --kind supply
//! ```
//!
//! The words are those of the command line, as far as the benchmark needs them. It prints a line of JSON with the seconds of each
//! call, by the clock and, on Unix, of the processor.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use purvey::graph::Snapshot;
use purvey::model::Period;
use purvey::query::{PathQuestion, Question, Top, TopOf, TotalBy, Who, answer};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}\nusage: peers FILE.purvey TIMES WORDS…");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [file, times, words @ ..] = arguments else { return Err("too few arguments".into()) };
    let graph = Snapshot::map(Path::new(file))?;
    let question = question(words)?;
    // Pages are compared with their checksums when they are first read.
    black_box(answer(&graph, &question)?);
    let (mut walls, mut cpus) = (Vec::new(), Vec::new());
    for _ in 0..times.parse::<usize>()? {
        let (begin, busy) = (Instant::now(), processor());
        // The answer is dropped outside of the clock, as the rows of a peer are.
        let made = black_box(answer(&graph, &question)?);
        walls.push(begin.elapsed().as_secs_f64());
        cpus.extend(processor().zip(busy).map(|(now, then)| now - then));
        drop(made);
    }
    println!(r#"{{"warm": {walls:?}, "warm_cpu": {cpus:?}}}"#);
    Ok(())
}

/// Seconds of the processor that this thread has had; the answers come from one thread.
fn processor() -> Option<f64> {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Some(time.tv_sec as f64 + time.tv_nsec as f64 / 1e9)
    }
    #[cfg(not(unix))]
    None
}

fn question(words: &[String]) -> Result<Question, Box<dyn Error>> {
    let mut words = words.iter().map(String::as_str);
    match words.next() {
        Some("who") => {
            let mut who = Who::default();
            while let Some(word) = words.next() {
                if word == "--include-parts" {
                    who.include_parts = true;
                    continue;
                }
                if word == "--total" {
                    who.total.get_or_insert_default();
                    continue;
                }
                let value = words.next().ok_or_else(|| format!("{word} lacks its value"))?;
                match word {
                    "--from" => who.from.push(value.to_owned()),
                    "--what" => who.what.push(value.to_owned()),
                    "--to" => who.to.push(value.to_owned()),
                    "--kind" => who.kinds.push(value.to_owned()),
                    "--during" => who.during = Some(Period::parse(value)?),
                    "--limit" => who.limit = Some(value.parse()?),
                    "--by" if value == "from" => who.total = Some(TotalBy::From),
                    "--by" if value == "to" => who.total = Some(TotalBy::To),
                    _ => return Err(format!("{word} {value} is not measured here").into()),
                }
            }
            Ok(Question::Who(who))
        }
        Some("path") => {
            let (Some(from), Some(to)) = (words.next(), words.next()) else { return Err("a path has two ends".into()) };
            let mut path = PathQuestion::new(from, to);
            while let Some(word) = words.next() {
                match word {
                    "--count" => path.count = true,
                    "--in-time" => path.in_time = true,
                    "--kind" => path.kinds.extend(words.next().map(str::to_owned)),
                    "--max-hops" => path.max_hops = words.next().unwrap_or_default().parse()?,
                    _ => return Err(format!("{word} is not measured here").into()),
                }
            }
            Ok(Question::Path(path))
        }
        Some("top") if words.next() == Some("from") => {
            let mut top = Top::new(TopOf::From);
            while let (Some(word), Some(value)) = (words.next(), words.next()) {
                match word {
                    "--kind" => top.kinds.push(value.to_owned()),
                    "--during" => top.during = Some(Period::parse(value)?),
                    "--limit" => top.limit = value.parse()?,
                    _ => return Err(format!("{word} {value} is not measured here").into()),
                }
            }
            Ok(Question::Top(top))
        }
        other => Err(format!("{} is not measured here", other.unwrap_or("nothing")).into()),
    }
}
