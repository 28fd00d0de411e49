//! What is asked for: by arguments, or by a diagram spec that they overrule.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::{DrawArgs, SIZES, into_asked, overruled};
use crate::cli::output::complain;
use crate::cli::question::QuestionCommand;
use crate::diagnostic::{Code, Diagnostic, RenderOptions, Severity, render};
use crate::draw::font::FontSet;
use crate::draw::{DrawOptions, Engine, Group, Items, PaletteName, Size};
use crate::load::{LoadedSpec, load_spec};
use crate::model::{DiagramSpec, SpecPart, nearest, printable};
use crate::query::SpecProblem;

/// Who asks.
pub(super) enum Asked {
    /// The command line.
    Command(Box<QuestionCommand>),
    /// A file.
    Spec,
}

/// What to draw and how.
pub(super) struct Request {
    pub(super) asked: Asked,
    pub(super) spec: DiagramSpec,
    pub(super) scale: Option<f64>,
    fonts: Vec<PathBuf>,
    file: Option<LoadedSpec>,
    /// Parts that the command line gives: they do not stand in the file.
    given: Vec<SpecPart>,
}

impl Request {
    /// What the arguments ask for; `None` if a spec is broken, which has then been told.
    pub(super) fn new(mut draw: DrawArgs) -> Option<Request> {
        let Some(question) = draw.question.take() else {
            complain("say what to draw: a question, or a diagram spec (`purvey draw who --to Russia`)");
            return None;
        };
        let (scale, fonts) = (draw.scale, std::mem::take(&mut draw.font));
        let given = given(&draw);
        match into_asked(question) {
            Ok(command) => {
                let spec = overruled(draw, DiagramSpec::default());
                Some(Request { asked: Asked::Command(Box::new(command)), spec, scale, fonts, file: None, given })
            }
            Err(path) => {
                let mut file = read(&path)?;
                let spec = overruled(draw, file.spec.take()?);
                Some(Request { asked: Asked::Spec, spec, scale, fonts, file: Some(file), given })
            }
        }
    }

    /// How to draw, as far as words tell it; `None` if one is unknown, which has then been told.
    pub(super) fn options(&self) -> Option<DrawOptions> {
        let spec = &self.spec;
        let mut problems = Vec::new();
        let sizes = ["phone", "column", "wide"];
        let size = word(&spec.size, SpecPart::Size, "size", &sizes, Size::from_word, &mut problems);
        let palettes = PaletteName::ALL.map(PaletteName::as_str);
        let palette =
            word(&spec.palette, SpecPart::Palette, "palette", &palettes, PaletteName::from_word, &mut problems);
        let engines = Engine::ALL.map(Engine::as_str);
        let engine = word(&spec.layout, SpecPart::Layout, "layout", &engines, Engine::from_word, &mut problems);
        let groups = Group::ALL.map(Group::as_str);
        let group = word(&spec.group_by, SpecPart::GroupBy, "group_by", &groups, Group::from_word, &mut problems);
        let items = Items::ALL.map(Items::as_str);
        let items = word(&spec.items, SpecPart::Items, "items", &items, Items::from_word, &mut problems);
        self.report(&problems).then(|| DrawOptions {
            items: items.unwrap_or_default(),
            separate: spec.separate,
            timeline: spec.timeline,
            title: spec.title.clone(),
            subtitle: spec.subtitle.clone(),
            credit: spec.credit.clone(),
            size: size.unwrap_or_default(),
            palette: palette.unwrap_or_default(),
            engine: engine.unwrap_or_default(),
            group: group.unwrap_or_default(),
            remarks: spec.notes.clone(),
            ..DrawOptions::default()
        })
    }

    /// The fonts to draw with; `None` if a file is none, which has then been told.
    pub(super) fn fonts(&self) -> Option<FontSet> {
        fonts(&self.fonts)
    }

    /// Tells what is wrong, and whether one can go on.
    pub(super) fn report(&self, problems: &[SpecProblem]) -> bool {
        for problem in problems {
            match &self.file {
                Some(file) if !self.given.contains(&kind_of(problem.part)) => {
                    let SpecProblem { part, code, message, help } = problem.clone();
                    tell(&Diagnostic { span: file.place(part), code, message, help }, file);
                }
                _ => {
                    let help = problem.help.as_ref().map_or(String::new(), |it| format!(": {it}"));
                    complain(&format!("{}{help}", problem.message));
                }
            }
        }
        problems.iter().all(|it| it.code.severity() == Severity::Warning)
    }
}

/// Parts of a spec that the arguments overrule.
fn given(draw: &DrawArgs) -> Vec<SpecPart> {
    let parts = [
        (draw.size.is_some(), SpecPart::Size),
        (draw.palette.is_some(), SpecPart::Palette),
        (draw.layout.is_some(), SpecPart::Layout),
        (draw.group_by.is_some(), SpecPart::GroupBy),
        (draw.items.is_some(), SpecPart::Items),
        (!draw.highlight.is_empty(), SpecPart::Highlight(0)),
    ];
    parts.into_iter().filter(|(given, _)| *given).map(|(_, part)| part).collect()
}

/// The part without its position.
fn kind_of(part: SpecPart) -> SpecPart {
    match part {
        SpecPart::Highlight(_) => SpecPart::Highlight(0),
        part => part,
    }
}

/// Reads a spec and tells what is wrong with it.
fn read(path: &Path) -> Option<LoadedSpec> {
    let file = load_spec(path);
    for finding in &file.findings {
        tell(finding, &file);
    }
    file.spec.is_some().then_some(file)
}

fn tell(finding: &Diagnostic, file: &LoadedSpec) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty());
    crate::cli::output::say(&render(finding, &file.sources, RenderOptions { width: 100, colour }));
}

/// What a word stands for.
fn word<T>(
    given: &Option<String>,
    part: SpecPart,
    field: &str,
    known: &[&str],
    from_word: impl Fn(&str) -> Option<T>,
    problems: &mut Vec<SpecProblem>,
) -> Option<T> {
    let given = given.as_ref()?;
    let found = from_word(given);
    if found.is_none() {
        let help = match nearest(given, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if part == SpecPart::Size => SIZES.to_owned(),
            None => format!("one of {}", known.join(", ")),
        };
        let message = format!("`{field}` has no value `{}`", printable(given));
        problems.push(SpecProblem { part, code: Code::UnknownWord, message, help: Some(help) });
    }
    found
}

/// The built-in fonts and those of files; tells what is wrong with one.
pub(super) fn fonts(files: &[PathBuf]) -> Option<FontSet> {
    let mut fonts = FontSet::bundled();
    for path in files {
        let name = path.display().to_string();
        let with_file = std::fs::read(path)
            .map_err(|error| format!("{name} cannot be read: {error}"))
            .and_then(|bytes| fonts.clone().with_file(&name, bytes).map_err(|error| error.to_string()));
        match with_file {
            Ok(more) => fonts = more,
            Err(message) => {
                complain(&message);
                return None;
            }
        }
    }
    Some(fonts)
}
