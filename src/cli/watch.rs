//! `purvey watch`: findings, answers and diagrams again whenever a file of facts is saved.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::Args;

use super::Outcome;
use super::args::{Format, Global};
use super::asked::answer_text;
use super::check::people;
use super::data::{FOLDER, is_snapshot, sources};
use super::draw::draw_spec;
use super::output::{complain, page};
use super::table;
use crate::graph::KnowledgeGraph;
use crate::load::{FileStamps, LoadOptions, Loaded, Sources, load, load_spec};
use crate::model::printable;
use crate::query::{Answer, AnswerFinding, Evidence};

/// Between two looks at the files, at least.
const BETWEEN: Duration = Duration::from_millis(50);
/// Between two looks at the files, at most: looking takes no more than a twentieth of the time, unless that is slower.
const BETWEEN_AT_MOST: Duration = Duration::from_secs(1);
/// Files that look the same for so long are whole: editors write one in one go.
const STILL: Duration = Duration::from_millis(20);
/// Errors, and files that are gone, are believed after this: what is half written mostly has errors.
const BELIEVED: Duration = Duration::from_millis(250);
/// Files that never come to rest are read as they are.
const PATIENCE: Duration = Duration::from_secs(2);

/// Options of `watch`.
#[derive(Args, Debug)]
#[command(
    about = "Check, answer and draw again on every save",
    after_help = "Runs until it is interrupted (Ctrl-C). An answer is shown again when it changed.\n\
                  Example: purvey watch \"who --to Russia\" \"what did North Korea supply?\" --draw russia.ron"
)]
pub(crate) struct WatchArgs {
    /// Questions to answer each time, each a command or plain English in quotes
    #[arg(value_name = "QUESTION")]
    questions: Vec<String>,
    /// A diagram spec to draw each time: into an SVG of its name, or SPEC=FILE; may be repeated
    #[arg(long, value_name = "SPEC[=FILE]")]
    draw: Vec<String>,
    /// Once, and end: 1 if there are errors
    #[arg(long)]
    once: bool,
}

/// A spec and the picture made of it.
struct Picture {
    spec: PathBuf,
    file: PathBuf,
}

impl Picture {
    fn parse(text: &str) -> Picture {
        match text.rsplit_once('=') {
            // A file may have the sign in its name.
            Some((spec, file)) if !Path::new(text).exists() => Picture { spec: spec.into(), file: file.into() },
            _ => Picture { spec: text.into(), file: Path::new(text).with_extension("svg") },
        }
    }
}

/// Watches until interrupted.
pub(crate) fn run(args: &WatchArgs, evidence: &Evidence, global: &Global) -> Outcome {
    if global.out.is_some() || global.format.is_some_and(|it| it != Format::Table) {
        complain("`watch` prints lines for people: leave out --out and --format");
        return Outcome::Unusable;
    }
    let Sources::Paths(paths) = sources(global) else {
        complain(&format!("there is no folder `{FOLDER}` here to watch: name one with --data"));
        return Outcome::Unusable;
    };
    if let Some(path) = paths.iter().find(|it| is_snapshot(it) || !it.exists()) {
        let why =
            if path.exists() { "a snapshot never changes: watch what it is built from" } else { "it is not there" };
        complain(&format!("{}: {why}", path.display()));
        return Outcome::Unusable;
    }
    let pictures: Vec<Picture> = args.draw.iter().map(|it| Picture::parse(it)).collect();
    let specs = pictures.iter().map(|it| it.spec.clone());
    let watched = paths.iter().cloned().chain(specs).collect();
    let mut watch = Watch { paths, watched, pictures, args, evidence, global, shown: vec![None; args.questions.len()] };
    let mut seen = FileStamps::default();
    loop {
        let (stamps, loaded) = watch.next(&seen);
        let mut out = Vec::new();
        let is_first = seen == FileStamps::default();
        let is_asked = !args.questions.is_empty() || !watch.pictures.is_empty();
        let graph = loaded.dataset.as_ref().filter(|_| is_asked).map(KnowledgeGraph::new);
        let changed = stamps.changed_since(&seen);
        let written = watch.round(&changed, &loaded, graph.as_ref(), is_first, &mut out);
        let written = written.and_then(|()| io::stdout().write_all(&out)).and_then(|()| io::stdout().flush());
        if let Err(error) = written {
            // Nobody reads on: `purvey watch | head` is no mistake.
            if error.kind() == io::ErrorKind::BrokenPipe {
                return Outcome::Answered;
            }
            complain(&format!("standard output cannot be written: {error}"));
            return Outcome::Unusable;
        }
        let drawn = graph.as_ref().map_or(Outcome::Answered, |it| watch.draw(it));
        if args.once {
            return if loaded.dataset.is_none() { Outcome::Nothing } else { drawn };
        }
        seen = stamps;
    }
}

struct Watch<'w> {
    paths: Vec<PathBuf>,
    /// The same with the specs.
    watched: Vec<PathBuf>,
    pictures: Vec<Picture>,
    args: &'w WatchArgs,
    evidence: &'w Evidence,
    global: &'w Global,
    /// The answers as they were shown last.
    shown: Vec<Option<Vec<u8>>>,
}

impl Watch<'_> {
    /// Waits for the files to change and to come to rest, and reads them.
    fn next(&self, seen: &FileStamps) -> (FileStamps, Loaded) {
        let is_first = *seen == FileStamps::default();
        let mut stamps = FileStamps::of(&self.watched);
        while stamps == *seen {
            let begun = Instant::now();
            stamps = FileStamps::of(&self.watched);
            sleep((begun.elapsed() * 20).clamp(BETWEEN, BETWEEN_AT_MOST));
        }
        let begun = Instant::now();
        loop {
            let is_patient = begun.elapsed() < PATIENCE;
            if !is_first && is_patient && self.moves(&mut stamps, STILL) {
                continue;
            }
            let loaded = load(&Sources::Paths(self.paths.clone()), LoadOptions { drafts: self.global.drafts });
            // What changed while it was read may be half of this and half of that.
            if is_patient && self.moves(&mut stamps, Duration::ZERO) {
                continue;
            }
            let is_doubtful = loaded.dataset.is_none()
                || stamps.lost_since(seen)
                || self.pictures.iter().any(|it| load_spec(&it.spec).spec.is_none());
            if !is_first && is_patient && is_doubtful && self.moves(&mut stamps, BELIEVED) {
                continue;
            }
            return (stamps, loaded);
        }
    }

    /// Whether the files change within some time.
    fn moves(&self, stamps: &mut FileStamps, within: Duration) -> bool {
        let begun = Instant::now();
        loop {
            sleep(within.min(STILL));
            let now = FileStamps::of(&self.watched);
            if now != *stamps {
                *stamps = now;
                return true;
            }
            if begun.elapsed() >= within {
                return false;
            }
        }
    }

    /// What is told after a save.
    fn round(
        &mut self,
        changed: &[PathBuf],
        loaded: &Loaded,
        graph: Option<&KnowledgeGraph>,
        is_first: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let names: Vec<String> = match is_first {
            true => self.paths.iter().map(|it| it.display().to_string()).collect(),
            false => changed.iter().map(|it| it.display().to_string()).collect(),
        };
        let more = if names.len() > 3 { format!(" and {} more", names.len() - 3) } else { String::new() };
        let named: Vec<&str> = names.iter().take(3).map(String::as_str).collect();
        let what = if is_first { "watching" } else { "\nchanged:" };
        writeln!(out, "{what} {}{more}", printable(&named.join(", ")))?;
        people(loaded, false, out)?;
        let Some(graph) = graph else {
            if loaded.dataset.is_none() && (!self.args.questions.is_empty() || !self.pictures.is_empty()) {
                writeln!(out, "answers and diagrams stay as they are until the errors are gone")?;
            }
            return Ok(());
        };
        for (text, shown) in self.args.questions.iter().zip(&mut self.shown) {
            let answer = answer_text(graph, text, self.evidence).unwrap_or_else(|(message, help)| {
                Answer::refused(text.clone(), AnswerFinding { code: "no-answer", message, help })
            });
            let mut bytes = Vec::new();
            table::write(&answer, false, page(true), &mut bytes)?;
            let text = printable(text);
            if shown.as_ref() == Some(&bytes) {
                writeln!(out, "\n» {text}: as before")?;
            } else {
                writeln!(out, "\n» {text}")?;
                out.write_all(&bytes)?;
                *shown = Some(bytes);
            }
        }
        Ok(())
    }

    /// Draws every picture anew; what is wrong with one is told.
    fn draw(&self, graph: &KnowledgeGraph) -> Outcome {
        let mut worst = Outcome::Answered;
        for picture in &self.pictures {
            let outcome = draw_spec(graph, &picture.spec, &picture.file, self.evidence, self.global);
            if outcome == Outcome::Answered {
                let _ = writeln!(io::stdout(), "drawn: {}", printable(&picture.file.display().to_string()));
            }
            worst = worst.max(outcome);
        }
        worst
    }
}
