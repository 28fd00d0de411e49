//! `purvey draw`: an answer, or what a diagram spec says, as a picture.

mod figures;
mod format;
mod lint;
mod spec;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use figures::Figures;
use format::DrawFormat;
use spec::{Asked, Request};

use super::args::{AboutQuestion, Cli, Command, Global};
use super::asked::answer_text;
use super::complete;
use super::data::{Data, Graph};
use super::output::{complain, tell};
use super::question::QuestionCommand;
use super::{Outcome, answer_over};
use crate::draw::font::FontSet;
use crate::draw::{DrawOptions, Engine, Group, Items, PaletteName, Pin, Size};
use crate::draw::{Reduction, reduce};
use crate::graph::GraphView;
use crate::model::{Collapse, DiagramSpec, SpecPart};
use crate::query::{Answer, Evidence, SpecNames, SpecProblem, join_answers, spec_names};

/// Options of `draw`. What stands here overrules what a diagram spec says.
#[derive(Args, Debug)]
#[command(subcommand_value_name = "QUESTION", subcommand_help_heading = "Questions")]
pub(crate) struct DrawArgs {
    /// Where items stand: on the arrows, or as boxes of their own
    #[arg(long, value_parser = PossibleValuesParser::new(Items::ALL.map(Items::as_str)), global = true, help_heading = PICTURE)]
    items: Option<String>,
    /// One arrow a fact, instead of one for each pair
    #[arg(long, global = true, help_heading = PICTURE)]
    separate: bool,
    /// The title of the diagram
    #[arg(long, global = true, help_heading = PICTURE)]
    title: Option<String>,
    /// What stands below the title
    #[arg(long, global = true, help_heading = PICTURE)]
    subtitle: Option<String>,
    /// Who made it: "Graphic: A. Name"
    #[arg(long, global = true, help_heading = PICTURE)]
    credit: Option<String>,
    /// How large, each laid out for itself: phone (360 px), column (600), wide (1200), or 900x600
    #[arg(long, value_name = "SIZE", value_parser = parse_size, global = true, help_heading = PICTURE)]
    size: Option<String>,
    /// The colours; print is grey
    #[arg(long, value_parser = PossibleValuesParser::new(PaletteName::ALL.map(PaletteName::as_str)), global = true, help_heading = PICTURE)]
    palette: Option<String>,
    /// What places the boxes; all but `layered` need Graphviz
    #[arg(long, value_parser = PossibleValuesParser::new(Engine::ALL.map(Engine::as_str)), global = true, help_heading = PICTURE)]
    layout: Option<String>,
    /// What is written below a name
    #[arg(long, value_parser = PossibleValuesParser::new(Group::ALL.map(Group::as_str)), global = true, help_heading = PICTURE)]
    group_by: Option<String>,
    /// Emphasise this entity; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities), global = true, help_heading = PICTURE)]
    highlight: Vec<String>,
    /// Of a PNG: dots for each px
    #[arg(long, value_name = "N", value_parser = parse_scale, global = true, help_heading = PICTURE)]
    scale: Option<f64>,
    /// A font file (TTF, OTF) for scripts that the built-in font lacks; may be repeated
    #[arg(long, value_name = "FILE", global = true, help_heading = PICTURE)]
    font: Vec<PathBuf>,
    /// Only the N entities with most facts; what is left out is counted and named
    #[arg(long, value_name = "N", value_parser = parse_top, global = true, help_heading = LESS)]
    top: Option<usize>,
    /// Draw as one: members of a group, organisations of a country, or those of a kind with a single neighbour; may be repeated
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(Collapse::ALL.map(Collapse::as_str)), global = true, help_heading = LESS)]
    collapse: Vec<String>,
    /// As several figures that fit the size: FILE-1, FILE-2 …
    #[arg(long, global = true, help_heading = LESS)]
    split: bool,
    /// As a timeline
    #[arg(long, conflicts_with = "split", global = true, help_heading = PICTURE)]
    timeline: bool,
    /// Look at a finished SVG instead: what is covered, lost, overstated or illegible; with --data against the facts
    #[arg(long, value_name = "FILE")]
    lint: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) question: Option<DrawQuestion>,
}

fn parse_top(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|it| *it > 0).ok_or_else(|| "a picture has at least 1 box: --top 10".to_owned())
}

const PICTURE: &str = "Picture";
const LESS: &str = "Less to draw";

/// What is drawn.
#[derive(Debug, Subcommand)]
pub(crate) enum DrawQuestion {
    /// Draw what a diagram spec says; `draw FILE.ron` is short for it
    Spec {
        /// A RON file with questions and how to draw them
        file: PathBuf,
    },
    #[command(flatten)]
    Question(QuestionCommand),
    /// A bare id or name: `show`.
    #[command(external_subcommand)]
    Bare(Vec<OsString>),
}

/// The extension of a diagram spec.
const SPEC: &str = ".ron";

/// The word before bare words behind `draw`: a file is a spec, all else a name.
pub(crate) fn meant_by(first: &str) -> &'static str {
    let is_spec = first.len() > SPEC.len() && first.to_ascii_lowercase().ends_with(SPEC);
    if is_spec { "spec" } else { "show" }
}

fn parse_size(text: &str) -> Result<String, String> {
    match Size::from_word(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err(SIZES.to_owned()),
    }
}

/// What sizes there are.
const SIZES: &str = "a size is phone, column, wide, or 900x600 with sides from 200 to 10000 px";

fn parse_scale(text: &str) -> Result<f64, String> {
    let scale: Option<f64> = text.parse().ok();
    scale.filter(|it| it.is_finite() && *it > 0.0).ok_or_else(|| "a scale is a number above 0: 1, 1.5, 2".to_owned())
}

/// Answers, draws and writes.
pub(crate) fn run(draw: DrawArgs, evidence: &Evidence, global: &Global, meant: Option<&str>) -> Outcome {
    if let Some(file) = &draw.lint {
        if draw.question.is_some() {
            complain("--lint looks at a picture that is drawn already: leave out the question");
            return Outcome::Unusable;
        }
        return lint::run(file, &draw.font, evidence, global);
    }
    let Some(request) = Request::new(draw) else { return Outcome::Unusable };
    let format = match DrawFormat::new(global) {
        Ok(format) => format,
        Err(message) => {
            complain(&message);
            return Outcome::Unusable;
        }
    };
    let Some(options) = request.options() else { return Outcome::Unusable };
    let Some(fonts) = request.fonts() else { return Outcome::Unusable };
    let Some(data) = Data::load(global) else { return Outcome::Unusable };
    let ask = |data: &Data| match &data.graph {
        Graph::Read(graph) => prepare(graph.as_ref(), &request, evidence, meant),
        Graph::Mapped(graph) => prepare(graph.as_ref(), &request, evidence, meant),
    };
    let mut prepared = ask(&data);
    if let Some(data) = data.instead(global) {
        prepared = ask(&data);
    } else if data.is_damaged() {
        tell(&prepared.answer, data.is_built_in, true);
        return Outcome::Unusable;
    }
    Drawing { request: &request, format, options, fonts: &fonts, global }.finish(prepared, data.is_built_in)
}

/// Draws what a spec says into a file, over a graph that is loaded already.
pub(crate) fn draw_spec<G: GraphView>(
    graph: &G,
    spec: &Path,
    out: &Path,
    evidence: &Evidence,
    global: &Global,
) -> Outcome {
    let words =
        ["purvey".as_ref(), "draw".as_ref(), "spec".as_ref(), spec.as_os_str(), "--out".as_ref(), out.as_os_str()];
    let (draw, global) = match Cli::try_parse_from(words) {
        Ok(Cli { global: own, command: Command::Draw(draw), .. }) => {
            (draw, Global { out: own.out, format: None, ..global.clone() })
        }
        Ok(_) => return Outcome::Unusable,
        Err(error) => {
            complain(&error.to_string());
            return Outcome::Unusable;
        }
    };
    let Some(request) = Request::new(*draw) else { return Outcome::Unusable };
    let format = match DrawFormat::new(&global) {
        Ok(format) => format,
        Err(message) => {
            complain(&message);
            return Outcome::Unusable;
        }
    };
    let (Some(options), Some(fonts)) = (request.options(), request.fonts()) else { return Outcome::Unusable };
    let prepared = prepare(graph, &request, evidence, None);
    Drawing { request: &request, format, options, fonts: &fonts, global: &global }.finish(prepared, false)
}

/// How to draw.
struct Drawing<'d> {
    request: &'d Request,
    format: DrawFormat,
    options: DrawOptions,
    fonts: &'d FontSet,
    global: &'d Global,
}

impl Drawing<'_> {
    /// Tells what is to be told, draws and writes.
    fn finish(self, prepared: Prepared, is_built_in: bool) -> Outcome {
        let Drawing { request, format, options, fonts, global } = self;
        let Prepared { answer, names, problems } = prepared;
        // What hides a mistake in a spec is told first.
        if !request.report(&problems) {
            return Outcome::Nothing;
        }
        tell(&answer, is_built_in, true);
        let spec = &request.spec;
        let keep = names.highlight.iter().cloned().chain(names.pins.iter().map(|it| it.entity.clone())).collect();
        let whole = Reduction { collapse: spec.collapse.clone(), top: None, keep };
        let reduced = reduce(&answer, &whole);
        if !spec.collapse.is_empty() && reduced.together.is_empty() && !answer.rows.is_empty() {
            complain("nothing to collapse: no two in this answer belong together in that way");
        }
        let reduced = if spec.top.is_some() { reduce(&answer, &Reduction { top: spec.top, ..whole }) } else { reduced };
        let options = DrawOptions {
            focus: names.highlight,
            order: names.order,
            pins: names.pins.into_iter().map(pin).collect(),
            wording: names.wordings,
            together: reduced.together.clone(),
            left_out: reduced.left_out.clone(),
            ..options
        };
        let figures = Figures { format, reduced: &reduced, options, fonts, scale: request.scale, spec, global };
        let outcome = figures.write();
        if answer.is_empty() { outcome.max(Outcome::Nothing) } else { outcome }
    }
}

fn pin(it: crate::model::Place) -> Pin {
    let share = |per_cent: u64| f64::from(u32::try_from(per_cent).unwrap_or(u32::MAX)) / 100.0;
    Pin { entity: it.entity, x: share(it.x), y: share(it.y) }
}

/// What is to be drawn.
struct Prepared {
    answer: Answer,
    names: SpecNames,
    problems: Vec<SpecProblem>,
}

fn prepare<G: GraphView>(graph: &G, request: &Request, evidence: &Evidence, meant: Option<&str>) -> Prepared {
    let mut problems = Vec::new();
    let answers = match &request.asked {
        Asked::Command(command) => vec![answer_over(graph, command, |it| it, evidence, meant)],
        Asked::Spec => {
            let asked = request.spec.questions.iter().zip(0..);
            let answered = asked.map(|(text, at)| (at, answer_text(graph, text, evidence)));
            answered
                .filter_map(|(at, answer)| match answer {
                    Ok(answer) => Some(answer),
                    Err((message, help)) => {
                        let (part, code) = (SpecPart::Question(at), crate::diagnostic::Code::QuestionUnanswered);
                        problems.push(SpecProblem { part, code, message, help });
                        None
                    }
                })
                .collect()
        }
    };
    if !problems.is_empty() {
        return Prepared { answer: Answer::default(), names: SpecNames::default(), problems };
    }
    match join_answers(answers) {
        // What is not there is told by the answer; nothing else is to be said about it.
        Ok(answer) if !answer.findings.is_empty() => Prepared { answer, names: SpecNames::default(), problems },
        Ok(answer) => {
            let (names, problems) = spec_names(graph, &request.spec, &answer);
            Prepared { answer, names, problems }
        }
        Err(error) => {
            let help = Some("give all questions the same options of evidence".to_owned());
            let code = crate::diagnostic::Code::QuestionUnanswered;
            let part = SpecPart::Question(error.answer);
            problems.push(SpecProblem { part, code, message: error.to_string(), help });
            Prepared { answer: Answer::default(), names: SpecNames::default(), problems }
        }
    }
}

/// The question of the command line, if it is one.
fn into_asked(question: DrawQuestion) -> Result<QuestionCommand, PathBuf> {
    match question {
        DrawQuestion::Spec { file } => Err(file),
        DrawQuestion::Question(question) => Ok(question),
        DrawQuestion::Bare(words) => Ok(AboutQuestion::Bare(words).into_command()),
    }
}

/// A spec of one question, as the command line gives it.
fn overruled(draw: DrawArgs, spec: DiagramSpec) -> DiagramSpec {
    let either = |new: Option<String>, old: Option<String>| new.or(old);
    DiagramSpec {
        title: either(draw.title, spec.title),
        subtitle: either(draw.subtitle, spec.subtitle),
        credit: either(draw.credit, spec.credit),
        size: either(draw.size, spec.size),
        palette: either(draw.palette, spec.palette),
        layout: either(draw.layout, spec.layout),
        group_by: either(draw.group_by, spec.group_by),
        items: either(draw.items, spec.items),
        separate: draw.separate || spec.separate,
        highlight: if draw.highlight.is_empty() { spec.highlight } else { draw.highlight },
        collapse: match draw.collapse.as_slice() {
            [] => spec.collapse,
            words => words.iter().filter_map(|word| Collapse::ALL.into_iter().find(|it| it.as_str() == word)).collect(),
        },
        top: draw.top.or(spec.top),
        split: draw.split || (spec.split && !draw.timeline),
        timeline: draw.timeline || (spec.timeline && !draw.split),
        ..spec
    }
}
