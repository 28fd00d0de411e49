//! Writes made-up facts to a file, to try things out on much data: as RON, or as a snapshot that never was text.
//!
//! ```text
//! cargo run --release --example generate -- --facts 100000 --seed 1 --out facts.ron
//! cargo run --release --example generate -- --facts 10000000 --out facts.purvey
//! cargo run --release --example generate -- --shape transfers --out transfers.ron
//! ```

#[path = "../benches/support/dice.rs"]
mod dice;
#[path = "../benches/support/generate/mod.rs"]
mod generate;
#[path = "../benches/support/transfers.rs"]
mod transfers;

use std::process::ExitCode;

use purvey::load::{LoadOptions, Sources, load};

const USAGE: &str = "usage: generate [--shape facts|transfers] [--facts NUMBER] [--seed NUMBER] --out FILE";

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
    let mut is_transfers = false;
    let mut make: fn(usize, u64) -> String = generate::ron;
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        let number = || value.parse::<u64>().map_err(|_| format!("`{value}` is no number\n{USAGE}"));
        match name.as_str() {
            "--shape" => {
                is_transfers = value == "transfers";
                make = match value.as_str() {
                    "facts" => generate::ron,
                    "transfers" => transfers::ron,
                    _ => return Err(format!("there is no shape `{value}`\n{USAGE}")),
                }
            }
            "--facts" => facts = usize::try_from(number()?).map_err(|error| error.to_string())?,
            "--seed" => seed = number()?,
            "--out" => out = Some(value),
            _ => return Err(format!("unknown option `{name}`\n{USAGE}")),
        }
    }
    let out = out.ok_or(USAGE)?;
    if out.ends_with(".purvey") {
        if is_transfers {
            return Err(format!("transfers are written as RON only: `purvey build` makes a snapshot of it\n{USAGE}"));
        }
        let write = || -> Result<(), Box<dyn std::error::Error>> {
            let mut file = std::io::BufWriter::new(std::fs::File::create(&out)?);
            // The facts of the example are left out; its vocabulary is the built-in one.
            let empty = tempfile::Builder::new().suffix(".ron").tempfile()?;
            std::fs::write(empty.path(), "()")?;
            let loaded = load(&Sources::Paths(vec![empty.path().to_owned()]), LoadOptions::default());
            generate::snapshot(facts, seed, loaded.dataset.ok_or("the vocabulary")?.vocabulary, &mut file)?;
            Ok(std::io::Write::flush(&mut file)?)
        };
        return write().map_err(|error| format!("{out}: {error}"));
    }
    std::fs::write(&out, make(facts, seed)).map_err(|error| format!("{out}: {error}"))
}
