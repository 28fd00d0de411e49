//! Writes made-up facts to a file, to try things out on much data:
//!
//! ```text
//! cargo run --release --example generate -- --facts 100000 --seed 1 --out facts.ron
//! ```

#[path = "../benches/support/dice.rs"]
mod dice;
#[path = "../benches/support/generate.rs"]
mod generate;

use std::process::ExitCode;

const USAGE: &str = "usage: generate [--facts NUMBER] [--seed NUMBER] --out FILE";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            #[expect(clippy::print_stderr, reason = "an example prints")]
            {
                eprintln!("{message}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut facts, mut seed, mut out) = (1000, 1, None);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        let number = || value.parse::<u64>().map_err(|_| format!("`{value}` is no number\n{USAGE}"));
        match name.as_str() {
            "--facts" => facts = usize::try_from(number()?).map_err(|error| error.to_string())?,
            "--seed" => seed = number()?,
            "--out" => out = Some(value),
            _ => return Err(format!("unknown option `{name}`\n{USAGE}")),
        }
    }
    let out = out.ok_or(USAGE)?;
    std::fs::write(&out, generate::ron(facts, seed)).map_err(|error| format!("{out}: {error}"))
}
