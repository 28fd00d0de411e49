//! Makes up a table of deliveries for measurements, always the same for the same number of rows, with a mapping beside it.
//!
//! `cargo run --release --example table -- --rows 1000000 --out table.csv` writes `table.csv` and `table.csv.ron`.

#![expect(clippy::print_stderr, reason = "an example tells on a terminal how it is called")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

const MAPPING: &str = r#"(
    table: (delimiter: ",", blanks: ["n/a"]),
    source: (document: (id: "table", name: "A table that is made up"), date: "2025", by: (id: "maker", name: "Its maker")),
    kind: "supply",
    roles: [
        Role(role: "supplier", column: "Supplier", kind: organization),
        Role(role: "item", column: "Item", kind: materiel),
        Role(role: "recipient", column: "Recipient", kind: organization),
    ],
    period: (column: "Date"),
    figures: [Figure(column: "Quantity", hedges: [Hedge(mark: "c. ", words: "about {}")])],
    ignore: ["No"],
)
"#;

/// A generator of numbers (Knuth's MMIX), good enough to spread rows over names.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut rows = 1_000_000_u64;
    let mut out = PathBuf::from("table.csv");
    let mut arguments = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (arguments.next(), arguments.next()) {
        match name.as_str() {
            "--rows" => rows = value.parse()?,
            "--out" => out = value.into(),
            _ => eprintln!("unknown option {name}"),
        }
    }
    let mut numbers = Numbers(1);
    let mut table = BufWriter::new(File::create(&out)?);
    writeln!(table, "No,Supplier,Recipient,Item,Date,Quantity")?;
    for row in 1..=rows {
        let (supplier, recipient, item) = (numbers.below(5_000), numbers.below(2_000), numbers.below(300));
        let (year, month, day) = (2000 + numbers.below(25), 1 + numbers.below(12), 1 + numbers.below(28));
        let quantity = match numbers.below(10) {
            0 => "n/a".to_owned(),
            1 => format!("c. {}", 10 * numbers.below(500)),
            _ => numbers.below(20_000).to_string(),
        };
        writeln!(
            table,
            "{row},\"Trading, No. {supplier}\",Buyer {recipient},Item {item},{year}-{month:02}-{day:02},{quantity}"
        )?;
    }
    table.into_inner()?.sync_all()?;
    let mut mapping = out.into_os_string();
    mapping.push(".ron");
    std::fs::write(mapping, MAPPING)?;
    Ok(())
}
