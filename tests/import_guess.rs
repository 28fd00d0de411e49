//! `purvey import csv --guess`: mappings that are proposed.

use crate::support::tables::{Place, guess, import_guessed};

#[test]
fn a_guess_is_a_mapping_that_works() {
    let place = Place::with(&["payments.csv"]);
    let run = place.run(&["import", "csv", "payments.csv", "--guess"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!(run.stdout, @r#"
    // Proposed from the header and the first 9 rows. Read it through: what a table means, only people know.
    (
        table: (delimiter: ";", blanks: ["n/a"], decimal: ",", thousands: "."),
        // Say what the table is, who published it and when.
        source: (
            document: (id: "payments", name: "payments"),
            by: (id: "publisher-of-payments", name: "the publisher of payments", kind: organization),
            // title: "…", publisher: (id: "…", name: "…"), date: "2025-01-31", address: "https://…",
        ),
        kind: "payment",
        id: (prefix: "payments", columns: ["No"]),
        roles: [
            Role(role: "payer", column: "Party", kind: organization), // or country, person, population
            Role(role: "recipient", column: "Counterparty", kind: organization, unnamed: ["Unknown"], unnamed_of: (id: "unknown", name: "those who are unknown")), // or country, person, population
        ],
        // With a word of `backward`, source and target change places.
        direction: (column: "Direction", forward: ["paid to"], backward: ["received from"]),
        // Cannot be read: 1 of the first dates. Such rows are left out.
        period: (column: "Date", formats: ["%d.%m.%Y", "%Y"], uncertain: ["?"]),
        figures: [Figure(column: "Amount (EUR)", unit: "euro", hedges: [Hedge(mark: "c.", words: "about {}")])],
        // Kept as they are, in `extra`: "Remark". `ignore: ["…"]` drops columns.
    )
    "#);
    place.write("m.ron", run.stdout);
    let run = place.import("payments.csv", "m.ron", &["--out", "data"]);
    assert!(run.stdout.starts_with("data: 7 entities, 6 facts"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_currency_is_never_made_up() {
    let place = Place::with(&[]);
    let table = "Payer,Payee,Amount,Currency\nA,B,100.5,EUR\nC,D,200.5,CHF\nC,E,5.5,\n";
    let mapping = guess(&place, "t.csv", table);
    assert!(mapping.contains("unit_column: \"Currency\"") && mapping.contains("kind: \"payment\""), "{mapping}");
    let run = import_guessed(&place, "t.csv", table);
    assert!(run.stdout.contains(" 2 facts"), "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr.contains("t.csv:4:Amount: error[I0010]: nobody says in which currency `5.5` is"),
        "{}",
        run.stderr
    );
    let facts = place.read("data/facts/payment-001.ron");
    assert!(facts.contains("100.5 EUR") && facts.contains("200.5 CHF"), "{facts}");
    // Without a column it must be said, and can be.
    let table = "Payer,Payee,Amount\nA,B,100.5\nA,C,20 EUR\n";
    let mapping = guess(&place, "t.csv", table);
    assert!(mapping.contains("Nothing tells the currency"), "{mapping}");
    let run = import_guessed(&place, "t.csv", table);
    assert!(run.stderr.contains("`unit: \"us-dollar\"`"), "{}", run.stderr);
    assert!(run.stdout.contains(" 1 facts"), "{}", run.stdout);
    place.write("m.ron", mapping.replace("column: \"Amount\"", "column: \"Amount\", unit: \"us-dollar\""));
    place.write("t.csv", "Payer,Payee,Amount\nA,B,100.5\n");
    for out in ["said", "said.purvey"] {
        let run = place.import("t.csv", "m.ron", &["--out", out]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
}

#[test]
fn a_source_is_who_says_so_and_no_giver() {
    let place = Place::with(&[]);
    let mapping = guess(&place, "t.csv", "Item,Recipient,Quantity,Source\ndrones,B,100,Reuters\nrifles,C,7,AFP\n");
    assert!(mapping.contains("kind: \"supply\"") && mapping.contains("by_column: \"Source\""), "{mapping}");
    assert!(!mapping.contains("column: \"Source\", kind"), "{mapping}");
    let mapping = guess(&place, "t.csv", "Item,Recipient,Sources\ndrones,B,https://a.example; https://b.example\n");
    assert!(!mapping.contains("by_column") && mapping.contains("in `extra`: \"Sources\""), "{mapping}");
}

#[test]
fn headers_of_many_tables_are_known() {
    let place = Place::with(&[]);
    for (header, kind, roles) in [
        ("Supplier,Recipient,Weapon designation", "supply", &["supplier", "recipient", "item"][..]),
        ("Exporter,Importer,Goods", "supply", &["supplier", "recipient", "item"]),
        ("Seller,Buyer,Item", "supply", &["supplier", "recipient", "item"]),
        ("Lieferant,Empfänger,Ware", "supply", &["supplier", "recipient", "item"]),
        ("Payer,Payee,Amount (EUR)", "payment", &["payer", "recipient"]),
        ("Zahler,Empfänger,Betrag (EUR)", "payment", &["payer", "recipient"]),
        ("Donor,Recipient,Amount USD", "payment", &["payer", "recipient"]),
        ("Attacker,Target,Date", "attack", &["attacker", "target"]),
        ("Owner,Subsidiary,Share", "ownership", &["owner", "asset"]),
        ("Director,Company,Appointed on", "directorship", &["director", "organization"]),
        ("Member,Organisation,Since", "membership", &["member", "group"]),
        ("Source,Target,Weight,Relationship", "relationship", &["subject", "object"]),
    ] {
        let rows: String = (1..=2)
            .map(|row| {
                let cell = |(at, name): (usize, &str)| match name {
                    "Date" | "Since" | "Appointed on" => format!("2024-01-0{row}"),
                    _ if name.contains("Amount") || name.contains("Betrag") => format!("{row}0"),
                    "Weight" | "Share" => format!("{row}0"),
                    _ => format!("Name{at}{row}"),
                };
                header.split(',').enumerate().map(cell).collect::<Vec<_>>().join(",") + "\n"
            })
            .collect();
        let table = format!("{header}\n{rows}");
        let mapping = guess(&place, "t.csv", &table);
        assert!(mapping.contains(&format!("    kind: \"{kind}\",")), "{header}: {mapping}");
        for role in roles {
            assert!(mapping.contains(&format!("Role(role: \"{role}\", column:")), "{header}: {role}: {mapping}");
        }
        assert!(!mapping.contains("        // `"), "{header}: {mapping}");
        let run = import_guessed(&place, "t.csv", &table);
        assert!(run.code == Some(0) && run.stdout.contains(" 2 facts"), "{header}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn what_is_not_known_is_left_out_and_must_be_said() {
    let place = Place::with(&[]);
    let table = "Number,Surname,Date of birth,Height\n1,Alpha,1970-02-03,170\n2,Beta,1980-04-05,180\n";
    let mapping = guess(&place, "t.csv", table);
    assert!(mapping.contains("    // kind: \"…\",\n") && !mapping.contains("\n    kind:"), "{mapping}");
    assert!(!mapping.contains("period:") && !mapping.contains("columns: ["), "{mapping}");
    let run = import_guessed(&place, "t.csv", table);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("lacks the field `kind`") && run.stderr.contains("purvey list kinds"),
        "{}",
        run.stderr
    );
    place.write("m.ron", mapping.replace("// kind: \"…\"", "kind: \"attack\""));
    let run = place.import("t.csv", "m.ron", &["--out", "data"]);
    assert!(run.stderr.contains("[Role(role: \"attacker\", column: \"…\", kind: country)]"), "{}", run.stderr);
    // A role that every row needs.
    place.write(
        "m.ron",
        mapping
            .replace("// kind: \"…\"", "kind: \"attack\"")
            .replace("// Role(role: \"…\", column: \"…\"", "Role(role: \"attacker\", column: \"Surname\""),
    );
    let run = place.import("t.csv", "m.ron", &["--out", "data"]);
    assert!(run.code == Some(2) && run.stderr.contains("`attack` needs the role `target`"), "{}", run.stderr);
}

#[test]
fn a_factor_of_1000_is_never_guessed() {
    let place = Place::with(&[]);
    let table = "Zahler;Empfänger;Betrag (EUR);Datum\nA;B;1.500;01.02.2024\nC;D;10.000;13.02.2024\nE;F;7;14.02.2024\n";
    let mapping = guess(&place, "t.csv", table);
    assert!(mapping.contains("Is 1.500 1500 or 1.5?") && !mapping.contains("(delimiter: \";\", decimal"), "{mapping}");
    let run = import_guessed(&place, "t.csv", table);
    assert!(
        run.stderr.contains("t.csv:2:Betrag (EUR): error[I0010]") && run.stderr.contains("decimal: \",\""),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains(" 1 facts"), "{}", run.stdout);
    for (said, amount) in [("decimal: \",\", thousands: \".\"", "1500 euros"), ("decimal: \".\"", "1.500 euros")] {
        place.write("m.ron", mapping.replace("(delimiter: \";\"", &format!("(delimiter: \";\", {said}")));
        let run = place.import("t.csv", "m.ron", &["--out", "said", "--force"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let facts = place.read("said/facts/payment-001.ron");
        assert!(facts.contains(amount), "{facts}");
    }
    // One number that decides is enough.
    let run = import_guessed(&place, "t.csv", "Payer,Payee,Amount (EUR)\nA,B,1.500\nC,D,12.75\n");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for header in ["Amount (USD m)", "Amount in thousands EUR", "Amount, EUR (millions)"] {
        let mapping = guess(&place, "t.csv", &format!("Payer,Payee,\"{header}\"\nA,B,1.5\n"));
        assert!(!mapping.contains("figures:") && mapping.contains("has no factor"), "{mapping}");
    }
}

#[test]
fn a_date_that_could_be_another_is_told_once() {
    let place = Place::with(&[]);
    let rows: String = (1..=6).map(|it| format!("A{it},B,0{it}/07/2024\n")).collect();
    let table = format!("Payer,Payee,Date,Amount EUR\n{}", rows.replace("\n", ",5\n"));
    let run = import_guessed(&place, "payments.csv", &table);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stderr.matches("could be").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("payments.csv:2:Date: warning[I0042]: `01/07/2024` could be 2024-07-01 or 2024-01-07"));
    let run = place.import("payments.csv", "m.ron", &["--out", "data.purvey"]);
    assert!(
        run.stderr.matches("could be").count() == 1 && run.stdout.contains(" 6 facts"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    // A date that only one order reads decides.
    let mapping = guess(&place, "t.csv", &format!("{table}A,B,07/25/2024,5\n"));
    assert!(mapping.contains("formats: [\"%m/%d/%Y\"]"), "{mapping}");
}

#[test]
fn columns_with_odd_cells_are_proposed_all_the_same() {
    let place = Place::with(&[]);
    let table =
        "Payer,Payee,Amount EUR,Date\nA,B,5,2024-01-02\nC,D,lots,soon\nE,F,7,2024-01-04 00:00:00\nG,H,some,Q3 2021\n";
    let mapping = guess(&place, "t.csv", table);
    assert!(mapping.contains("Figure(column: \"Amount EUR\", unit: \"euro\")"), "{mapping}");
    assert!(mapping.contains("period: (column: \"Date\"),"), "{mapping}");
    assert!(mapping.contains("1 of the first dates") && mapping.contains("2 of the first numbers"), "{mapping}");
}

#[test]
fn a_guess_knows_items_and_countries_by_the_words_and_the_texts_of_columns() {
    let place = Place::with(&["payments.csv"]);
    for item in ["Weapons", "Designation", "Goods", "Item"] {
        place.write("t.csv", format!("Seller,Buyer,{item},Year\nRU,Ukraine,rifles,2020\nKP,NA,shells,2021\n"));
        let run = place.run(&["import", "csv", "t.csv", "--guess"]);
        assert!(run.stdout.contains("kind: \"supply\""), "{}", run.stdout);
        assert!(
            run.stdout.contains(&format!("Role(role: \"item\", column: \"{item}\", kind: materiel)")),
            "{}",
            run.stdout
        );
        for role in ["supplier\", column: \"Seller", "recipient\", column: \"Buyer"] {
            assert!(run.stdout.contains(&format!("Role(role: \"{role}\", kind: country)")), "{}", run.stdout);
        }
        // It is Namibia.
        assert!(!run.stdout.contains("blanks"), "{}", run.stdout);
    }
    let run = place.run(&["import", "ftm", "payments.csv", "--guess"]);
    assert!(run.code == Some(2) && run.stderr.contains("leave out --guess"), "{}", run.stderr);
    let run = place.run(&["import", "csv", "payments.csv", "--guess", "--max-line", "10"]);
    assert!(run.code == Some(2) && run.stderr.contains("longer than 10"), "{}", run.stderr);
    place.write("v.ron", "(kinds: [Kind(id: 5)])");
    assert_eq!(place.run(&["import", "csv", "payments.csv", "--guess", "--vocabulary", "v.ron"]).code, Some(2));
}
