//! `purvey plan`: the statements of SQL that fetch what a question needs.

use std::io::{self, BufWriter, Write};

use super::Outcome;
use super::args::Global;
use super::data::{Data, Graph};
use super::output::{complain, tell, write_file};
use super::question::QuestionCommand;
use super::tables::answered;
use crate::graph::{GraphView, Totals};
use crate::plan::{Cost, Limits, TABLES_VERSION, Tables, Whole};
use crate::query::{Answer, Evidence};

/// Answers a question as it would be answered over tables, and prints what would have been fetched.
pub(crate) fn run(command: QuestionCommand, evidence: &Evidence, global: &Global) -> Outcome {
    if global.format.is_some() {
        complain("a plan is SQL: leave out --format");
        return Outcome::Unusable;
    }
    let Some(data) = Data::load(global) else { return Outcome::Unusable };
    let planned = |data: &Data| match &data.graph {
        Graph::Read(graph) => plan(graph.as_ref(), &command, evidence),
        Graph::Mapped(graph) => plan(graph.as_ref(), &command, evidence),
    };
    let mut done = planned(&data);
    if let Some(instead) = data.instead(global) {
        done = planned(&instead);
    }
    let (answer, text) = match done {
        Ok(done) => done,
        Err(message) => {
            complain(&message);
            return Outcome::Unusable;
        }
    };
    if !answer.findings.is_empty() {
        tell(&answer, data.is_built_in, false);
        // Words that are no command are taken for a name.
        if let QuestionCommand::Show { name } = &command {
            let first = name.first().map_or("", |it| it);
            if name.iter().any(|it| it.contains(' ')) {
                complain(
                    "behind `plan` stands a command such as `who`, `path` or `top`; a question in plain English goes behind `plan ask`",
                );
            } else if matches!(first, "support" | "timeline" | "draw" | "export") {
                complain(&format!("what `{first}` fetches is what its question fetches: leave `{first}` out"));
            }
        }
        return Outcome::Nothing;
    }
    // How names were understood.
    answer.remarks.iter().for_each(|it| complain(it));
    if data.is_built_in {
        complain("the numbers are those of the built-in example: name your own data by --data");
    }
    let written = match &global.out {
        Some(path) => write_file(path, |out| out.write_all(text.as_bytes())),
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        }
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("the plan cannot be written: {error}"));
            Outcome::Unusable
        }
        _ => Outcome::Answered,
    }
}

fn plan<G: GraphView>(graph: &G, command: &QuestionCommand, evidence: &Evidence) -> Result<(Answer, String), String> {
    let mut tables = Tables::new(graph, Totals::of(graph), 0, Limits::default());
    let mut whole = Whole::new(graph, 0);
    let answer = answered(command, |it| it, evidence, None, &mut tables, &mut whole).map_err(|it| it.to_string())?;
    let Cost { rounds, records, rows } = tables.cost();
    let mut text = format!(
        "-- For the tables of `purvey export parquet --partition`, version {TABLES_VERSION}; runs on DuckDB, DataFusion and Spark.\n\
         -- Numbers stand for names, which the tables `nodes` and `words` have, and hold for tables of the same data alone. Rounds: {rounds}, records fetched: {records} of {}, rows of numbers: {rows}.\n",
        graph.record_count(),
    );
    if whole.rounds.is_empty() {
        text.push_str("\n-- Nothing is fetched: the names and nodes beside the tables hold the answer.\n");
    }
    for ((what, statements), round) in whole.rounds.iter().zip(1_usize..) {
        text.push_str(&format!("\n-- Round {round}: {what}.\n"));
        for statement in statements {
            text.push_str(statement);
            text.push_str(";\n");
        }
    }
    Ok((answer, text))
}
