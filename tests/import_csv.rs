//! `purvey import csv`, through the binary.

use std::fs;
use std::io::Write;

use crate::support::tables::{Place, guess, import_guessed};
use crate::support::{Run, command};

#[test]
fn bad_rows_are_told_with_their_places_and_put_aside_and_the_rest_goes_in() {
    let place = Place::with(&["payments.csv", "payments.ron"]);
    let run = place.import("payments.csv", "payments.ron", &["--out", "data"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    insta::assert_snapshot!(run.stderr, @r"
    purvey: payments.csv:7:Direction: error[I0022]: the mapping does not say what `lent to` means; add it to `forward` or `backward`
    purvey: payments.csv:8:Date: error[I0011]: `31.04.2023` is not written as %d.%m.%Y or %Y
    purvey: payments.csv:9:Amount (EUR): error[I0010]: `1,234.5` has marks that the mapping does not tell: say `decimal` and `thousands`
    purvey: payments.csv:10: error[I0020]: this row has 3 fields, and the header has 7
    purvey: payments.csv:11: error[I0020]: a quote in this row is never closed; it goes on to line 13; reading goes on with the line below its first
    purvey: payments.csv:13: error[I0007]: the id `ledger-2023-1` is taken
    purvey: payments.csv:5: warning[I0023]: line 2 has the same pair and time with another figure
    purvey: payments.csv:6: warning[I0023]: line 2 has the same pair and time the other way round
    ");
    assert!(run.stdout.starts_with("data: 7 entities, 6 facts, 6 claims\n"), "{}", run.stdout);
    let rejects = place.read("data.rejects.csv");
    let lines: Vec<&str> = rejects.lines().map(|it| it.split(';').next().unwrap_or_default()).collect();
    assert_eq!(lines, ["No", "6", "7", "8", "9", "10", "1"]);

    let check = place.run(&["check", "--data", "data", "--strict"]);
    assert_eq!(check.code, Some(0), "{}", check.stdout);
    let facts = place.read("data/facts/payment-001.ron");
    // Received from: the ends change places. A blank is unknown; a 0 that is said stays.
    assert!(
        facts.contains("payer: \"cygnus-sa\", recipient: \"acme-ltd\", quantity: \"about 40000 euros\""),
        "{facts}"
    );
    assert!(facts.contains("payer: \"delta-llc\", recipient: Unnamed(of: \"customers-of-delta\"),"), "{facts}");
    assert!(facts.contains("quantity: \"0 euros\""), "{facts}");
}

#[test]
fn a_range_without_an_end_is_never_one_whose_ends_are_equal() {
    for (first, second) in [("100,100", "100,"), ("100,", "100,100")] {
        let place = Place::with(&[]);
        place.write(
            "m.ron",
            r#"(
                source: (document: (id: "t", name: "T"), by: (id: "us", name: "Us")),
                kind: "supply",
                roles: [Role(role: "supplier", column: "a", kind: country), Role(role: "recipient", column: "b", kind: country),
                    Role(role: "item", constant: (id: "steel", name: "steel", kind: materiel))],
                figures: [Figure(column: "lo", to: "hi", unit: "tonne")],
            )"#,
        );
        place.write("t.csv", format!("a,b,lo,hi\nA,B,{first}\nA,C,{second}\n"));
        for out in ["data", "data.purvey"] {
            let run = place.import("t.csv", "m.ron", &["--out", out]);
            assert_eq!(run.code, Some(0), "{}", run.stderr);
            let said = |to: &str| place.run(&["who", "--to", to, "--data", out, "--format", "csv"]).stdout;
            let open = if first.ends_with(',') { ["B", "C"] } else { ["C", "B"] };
            let [open, closed] = open.map(said);
            assert!(open.contains("at least 100 tonnes") && !closed.contains("at least"), "{out} {open} {closed}");
        }
    }
}

#[test]
fn another_name_beside_a_known_id_is_told_and_kept() {
    let place = Place::with(&[]);
    place.write(
        "m.ron",
        r#"(
            source: (document: (id: "t", name: "T"), by: (id: "us", name: "Us")),
            kind: "payment",
            roles: [
                Role(role: "payer", column: "a", kind: organization, id_column: "no", scheme: "register"),
                Role(role: "recipient", column: "b", kind: organization),
            ],
        )"#,
    );
    place.write("t.csv", "a,no,b\nAcme,1,Bee\nGamma,1,Cee\nGamma,1,Dee\nAcme,1,Eff\n");
    for out in ["data", "data.purvey"] {
        let run = place.import("t.csv", "m.ron", &["--out", out]);
        assert_eq!(run.stderr.matches("I0008").count(), 1, "{}", run.stderr);
        assert!(run.stderr.contains("t.csv:3"), "{}", run.stderr);
        let who = place.run(&["who", "--from", "Gamma", "--kind", "payment", "--data", out, "--format", "jsonl"]);
        assert_eq!(who.stdout.lines().filter(|it| it.contains("\"acme\"")).count(), 4, "{}", who.stdout);
    }
}

#[test]
fn a_snapshot_holds_the_same_graph_as_the_folder() {
    let place = Place::with(&["payments.csv", "payments.ron", "deliveries.csv", "deliveries.ron"]);
    for stem in ["payments", "deliveries"] {
        let (table, mapping, snapshot) = (format!("{stem}.csv"), format!("{stem}.ron"), format!("{stem}.purvey"));
        place.import(&table, &mapping, &["--out", stem]);
        let run = place.import(&table, &mapping, &["--out", &snapshot, "--force"]);
        assert!(run.stdout.contains(" facts, "), "{}", run.stderr);
        assert_eq!(place.run(&["build", stem, "--out", "built.purvey", "--no-cache"]).code, Some(0));
        let bytes = |name: &str| fs::read(place.path(name)).expect("a snapshot");
        assert!(bytes(&snapshot) == bytes("built.purvey"), "{stem}");
    }
}

#[test]
fn blank_and_repeated_headers_and_bytes_that_are_no_utf8_are_the_same_in_a_folder_and_a_snapshot() {
    let place = Place::with(&[]);
    place.write("m.ron", PLAIN);
    place.write("t.csv", b"a,b,,note,note,\nx,y,1,2,3,4\nM\xfcller,y,5,6,7,\nv,M\xfcller,\xe4,8,,9\n");
    let run = place.import("t.csv", "m.ron", &["--out", "data"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let facts = place.read("data/facts/payment-001.ron");
    let (names, values) = (["column 3", "note", "note (2)", "column 6"], ["1", "2", "3", "4"]);
    for (name, value) in names.into_iter().zip(values) {
        assert!(facts.contains(&format!("(name: \"{name}\", values: [\"{value}\"])")), "{name}: {facts}");
    }
    place.import("t.csv", "m.ron", &["--out", "data.purvey"]);
    assert_eq!(place.run(&["build", "data", "--out", "built.purvey", "--no-cache"]).code, Some(0));
    let bytes = |name: &str| fs::read(place.path(name)).expect("a snapshot");
    assert!(bytes("data.purvey") == bytes("built.purvey"));
}

#[test]
fn rejects_never_take_the_place_of_an_input_and_only_by_force_that_of_another_file() {
    let place = Place::with(&[]);
    place.write("m.ron", PLAIN);
    let table = "a,b\nx,y\nz\n";
    place.write("data.rejects.csv", table);
    for more in [&[][..], &["--force"]] {
        let run = place.import("data.rejects.csv", "m.ron", &[&["--out", "data"][..], more].concat());
        assert!(run.code == Some(2) && run.stderr.contains("--rejects"), "{}", run.stderr);
        assert_eq!(place.read("data.rejects.csv"), table);
        assert!(!place.path("data").exists());
    }
    place.write("t.csv", table);
    let run = place.import("t.csv", "m.ron", &["--out", "data"]);
    assert!(run.code == Some(2) && run.stderr.contains("--force"), "{}", run.stderr);
    assert_eq!(place.read("data.rejects.csv"), table);
    let run = place.import("t.csv", "m.ron", &["--out", "data", "--force"]);
    assert!(run.stdout.contains("rows left out: data.rejects.csv"), "{}{}", run.stdout, run.stderr);
    assert_eq!(place.read("data.rejects.csv"), "a,b\nz\n");
    // After a clean import nothing is left of an earlier one.
    place.write("t.csv", "a,b\nx,y\n");
    assert_eq!(place.import("t.csv", "m.ron", &["--out", "data", "--force"]).code, Some(0));
    assert!(!place.path("data.rejects.csv").exists());
    // An import that fails leaves none.
    place.write("t.csv", table);
    place.write("data/notes.txt", "mine");
    assert_eq!(place.import("t.csv", "m.ron", &["--out", "data", "--force"]).code, Some(2));
    assert!(!place.path("data.rejects.csv").exists());
}

#[test]
fn rejects_go_in_with_the_same_mapping_whatever_it_says_of_the_file() {
    let place = Place::with(&[]);
    let mapping = PLAIN.replacen('(', "(table: (skip: 2, encoding: \"windows-1252\"), ", 1);
    place.write("m.ron", mapping);
    let long = "l".repeat(3_000);
    place.write("1.csv", [b"Register\nof M\xfcller\na,b\nx\n\xe4,y,z\n", long.as_bytes(), b",w\nv,w\n"].concat());
    place.write("2.csv", "Register\nof 2024\nb,a\np\n");
    let files = ["1.csv", "2.csv", "--mapping", "m.ron", "--out", "data", "--max-line", "1K"];
    let run = place.run(&[&["import", "csv"][..], &files].concat());
    assert!(run.stdout.contains("left out: data.rejects.csv\nrows left out: data.rejects-2.csv"), "{}", run.stdout);
    let rejects = place.read("data.rejects.csv");
    assert_eq!(rejects, format!("\u{feff}Register\nof Müller\na,b\nx\nä,y,z\n{long},w\n"));
    assert_eq!(place.read("data.rejects-2.csv"), "\u{feff}Register\nof 2024\nb,a\np\n");
    place.write("mended.csv", rejects.replace("x\n", "x,y\n").replace(",z", ""));
    let run = place.import("mended.csv", "m.ron", &["--out", "more"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(place.read("more/entities/organizations-001.ron").contains("\"ä\""));
}

#[test]
fn a_row_that_is_left_out_leaves_no_entities_and_the_ids_of_the_others() {
    let place = Place::with(&["deliveries.csv", "deliveries.ron"]);
    place.write(
        "m.ron",
        r#"(source: (document: (id: "t"), by: (id: "somebody")), kind: "supply", period: (column: "c"),
    roles: [Role(role: "supplier", column: "a", kind: organization), Role(role: "item", column: "b", kind: materiel)])"#,
    );
    place.write("t.csv", "a,b,c\nx,y,2020\nbad one,y,32.13.2020\nbad two,,2021\nv,w,2022\n");
    for out in ["data", "data.purvey"] {
        let run = place.import("t.csv", "m.ron", &["--out", out, "--force"]);
        assert!(run.stderr.contains("t.csv:3:c: error[I0011]"), "{}", run.stderr);
        assert!(run.stderr.contains("t.csv:4:b: error[I0005]"), "{}", run.stderr);
        let shown = place.run(&["list", "entities", "--data", out]).stdout;
        assert!(shown.contains("v") && !shown.contains("bad"), "{shown}");
        assert!(place.run(&["show", "t-0000005", "--data", out]).code == Some(0));
    }
    let run = place.import("deliveries.csv", "deliveries.ron", &["--out", "lading"]);
    assert!(run.stderr.contains("deliveries.csv:4:Number: error[I0010]"), "{}", run.stderr);
    assert!(!place.read("lading/entities/organizations-001.ron").contains("b-ltd"));
}

#[test]
fn contradictions_are_seen_between_all_rows_of_a_claimant() {
    let place = Place::with(&[]);
    let mapping = PLAIN.replacen("by: (id: \"x\")", "by: (id: \"x\"), by_column: \"who\"", 1);
    let mapping = mapping.replacen(
        "kind: \"payment\",",
        "kind: \"payment\", period: (column: \"c\"), figures: [Figure(column: \"n\", unit: \"euro\")],",
        1,
    );
    place.write("m.ron", mapping);
    // The second row goes the slow way into a snapshot, since a byte of it is no UTF-8.
    place.write("1.csv", b"a,b,c,n,who,note\nx,y,2020,5,,\nx,y,2020,6,,\xe4\nx,y,2020,7,other,\n");
    place.write("2.csv", "a,b,c,n,who,note\ny,x,2020,5,,\n");
    let mut told = Vec::new();
    for out in ["data", "data.purvey"] {
        let run = place.run(&["import", "csv", "1.csv", "2.csv", "--mapping", "m.ron", "--out", out]);
        assert!(run.stderr.contains("1.csv:3: warning[I0023]: line 2 has the same pair"), "{}", run.stderr);
        assert!(run.stderr.contains("2.csv:2: warning[I0023]: line 2 of 1.csv has"), "{}", run.stderr);
        assert!(!run.stderr.contains("1.csv:4"), "{}", run.stderr);
        told.push(run.stderr);
    }
    assert_eq!(told.first(), told.last());
}

#[test]
fn a_direction_needs_both_ends() {
    let place = Place::with(&[]);
    place.write(
        "m.ron",
        r#"(source: (document: (id: "t"), by: (id: "x")), kind: "payment",
    roles: [Role(role: "payer", column: "a", kind: organization)],
    direction: (column: "b", forward: ["to"], backward: ["from"]))"#,
    );
    place.write("t.csv", "a,b\nA,from\n");
    let run = place.import("t.csv", "m.ron", &["--out", "data"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("m.ron:3:5") && run.stderr.contains("add `Role(role: \"recipient\", …)`"),
        "{}",
        run.stderr
    );
}

#[test]
fn columns_become_roles_periods_figures_and_outcomes() {
    let place = Place::with(&["deliveries.csv", "deliveries.ron"]);
    let run = place.import("deliveries.csv", "deliveries.ron", &["--out", "data"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    // A crate is no unit of the vocabulary, so that row cannot go in.
    assert!(run.stderr.contains("deliveries.csv:4:Number: error[I0010]"), "{}", run.stderr);
    insta::assert_snapshot!(place.read("data/facts/supply-001.ron"), @r#"
    (
        document: "lading",
        defaults: (by: "port-authority"),
        facts: [
            Supply(id: "lading-0000002", supplier: "a-ltd", carrier: "sea-star", item: "rifle", recipient: "rebels",
                quantity: "500 tonnes", period: "2023-01/2023-03", extra: [(name: "Ports", values: ["Aden; Hodeidah"])]),
            Supply(id: "lading-0000003", supplier: "a-ltd", carrier: "sea-star", item: "rifle", recipient: "rebels",
                period: "2023-04/", outcome: planned),
            Supply(id: "lading-0000005", supplier: "a-ltd", item: "rifle", recipient: "rebels", quantity: "7",
                period: "2024?/"),
        ],
    )
    "#);
    assert!(place.read("data/entities/vessels-001.ron").contains("codes: (imo: \"9187629\")"));
    let shown = place.run(&["show", "lading-0000002", "--data", "data", "--format", "json"]);
    assert!(shown.stdout.contains("\"extra\": {\n        \"Ports\": ["), "{}", shown.stdout);
    let table = place.run(&["show", "lading-0000002", "--data", "data"]).stdout;
    assert!(table.contains("Aden; Hodeidah"), "{table}");
}

#[test]
fn mistakes_in_a_mapping_are_told_where_they_stand() {
    let place = Place::with(&["deliveries.csv"]);
    place.write(
        "m.ron",
        r#"(
    source: (document: (id: "The List"), by: (id: "x")),
    kind: "suply",
    roles: [Role(role: "supplier", column: "Seler", kind: organisation)],
    periode: (column: "From", formats: ["%Q"]),
)"#,
    );
    let run = place.import("deliveries.csv", "m.ron", &["--out", "data"]);
    assert_eq!(run.code, Some(2));
    for (place, help) in [
        ("m.ron:2:30", "`the-list`"),
        ("m.ron:3:12", "did you mean `supply`?"),
        ("m.ron:4:59", "one of country, organization"),
        ("m.ron:5:5", "did you mean `period`?"),
    ] {
        assert!(run.stderr.contains(place) && run.stderr.contains(help), "{place}: {}", run.stderr);
    }
    place.write(
        "m.ron",
        r#"(source: (document: (id: "list"), by: (id: "x")), kind: "supply",
    roles: [Role(role: "item", column: "Weapon", kind: materiel), Role(role: "supplier", column: "Seller", kind: place)])"#,
    );
    let run = place.import("deliveries.csv", "m.ron", &["--out", "data"]);
    assert!(run.stderr.contains("`supplier` does not take entities of the kind place"), "{}", run.stderr);
    place.write(
        "m.ron",
        r#"(source: (document: (id: "list"), by: (id: "x")), kind: "supply",
    roles: [Role(role: "item", column: "Weapon", kind: materiel)])"#,
    );
    let run = place.import("deliveries.csv", "m.ron", &["--out", "data"]);
    assert_eq!(run.code, Some(2));
    insta::assert_snapshot!(run.stderr, @r#"
error[K0070]: the table has no column `Weapon`
 --> m.ron:2:41
  |
2 |     roles: [Role(role: "item", column: "Weapon", kind: materiel)])
  |                                         ^^^^^^ did you mean `Weapons`?
"#);
    assert!(!place.path("data").exists() && !place.path("data.rejects.csv").exists());
}

#[test]
fn other_encodings_are_read_and_told() {
    let mapping = |more: &str| {
        format!(
            r#"(table: ({more}), source: (document: (id: "t"), by: (id: "x")), kind: "payment",
    roles: [Role(role: "payer", column: "Zahler", kind: organization),
        Role(role: "recipient", column: "Empfänger", kind: organization)],
    period: (column: "Jahr"), figures: [Figure(column: "Betrag", unit: "euro")])"#
        )
    };
    let place = Place::with(&["windows-1252.csv"]);
    place.write("m.ron", mapping(""));
    let run = place.import("windows-1252.csv", "m.ron", &["--out", "told"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("windows-1252.csv:2: warning[I0003]"), "{}", run.stderr);
    assert!(place.read("told/entities/organizations-001.ron").contains("\"Müller AG\""));
    place.write("m.ron", mapping("encoding: \"windows-1252\""));
    assert_eq!(place.import("windows-1252.csv", "m.ron", &["--out", "said"]).stderr, "");
    assert!(place.read("said/entities/organizations-001.ron").contains("\"Café Sàrl\""));
    // UTF-16 with its mark.
    let text = "Zahler;Empfänger;Jahr;Betrag\nÄ;Ö;2020;5\n";
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    place.write("wide.csv", wide);
    place.write("m.ron", mapping(""));
    let run = place.import("wide.csv", "m.ron", &["--out", "wide"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    place.write("m.ron", mapping("encoding: \"klingon\""));
    assert!(place.import("wide.csv", "m.ron", &["--out", "x"]).stderr.contains("`klingon` is no encoding"));
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).expect("memory");
    out.finish().expect("memory")
}

const PLAIN: &str = r#"(source: (document: (id: "t"), by: (id: "x")), kind: "payment",
    roles: [Role(role: "payer", column: "a", kind: organization), Role(role: "recipient", column: "b", kind: organization)])"#;

#[test]
fn packed_input_is_unpacked_within_limits_and_damage_costs_the_rest_only() {
    let place = Place::with(&[]);
    place.write("m.ron", PLAIN);
    let rows: String = (0..20_000).map(|it| format!("Payer {it},Payee {}\n", it * 7919 % 20_011)).collect();
    let whole = packed(format!("a,b\n{rows}").as_bytes());
    // It is told by its bytes, not by its name.
    place.write("whole.csv", &whole);
    let run = place.import("whole.csv", "m.ron", &["--out", "whole.purvey"]);
    assert!(run.stdout.contains("20000 facts"), "{}{}", run.stdout, run.stderr);
    place.write("cut.csv.gz", &whole[..whole.len() / 2]);
    let run = place.import("cut.csv.gz", "m.ron", &["--out", "cut"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("error[I0001]"), "{}", run.stderr);
    assert!(place.run(&["stats", "--data", "cut"]).stdout.contains("payment"));
    let run = place.import("whole.csv", "m.ron", &["--out", "small", "--max-size", "10K"]);
    assert!(run.stderr.contains("error[I0002]") && run.stderr.contains("--max-size"), "{}", run.stderr);
    let run = place.import("nowhere.csv", "m.ron", &["--out", "none"]);
    assert!(run.code == Some(2) && run.stderr.contains("`nowhere.csv` cannot be read"), "{}", run.stderr);
}

#[test]
fn a_line_that_is_too_long_costs_itself() {
    let place = Place::with(&[]);
    place.write("m.ron", PLAIN);
    place.write("long.csv", format!("a,b\nx,y\n{},z\nu,\"{}\nv,w\n", "l".repeat(5_000), "q".repeat(3_000)));
    let run = place.import("long.csv", "m.ron", &["--out", "data", "--max-line", "1K"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("long.csv:3: error[I0002]"), "{}", run.stderr);
    assert!(run.stderr.contains("long.csv:4: error[I0002]"), "{}", run.stderr);
    assert!(run.stdout.starts_with("data: ") && run.stdout.contains(" 2 facts"), "{}", run.stdout);
}

#[test]
fn what_is_there_is_not_overwritten_without_force() {
    let place = Place::with(&["payments.csv", "payments.ron"]);
    for out in ["data", "data.purvey"] {
        place.import("payments.csv", "payments.ron", &["--out", out]);
        let run = place.import("payments.csv", "payments.ron", &["--out", out]);
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("--force"), "{}", run.stderr);
        let run = place.import("payments.csv", "payments.ron", &["--out", out, "--force"]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
    }
    let run = place.run(&["import", "csv", "payments.csv", "--out", "x"]);
    assert!(run.code == Some(2) && run.stderr.contains("--guess"), "{}", run.stderr);
}

#[test]
fn rejects_that_are_mended_go_in_later() {
    let place = Place::with(&["payments.csv", "payments.ron"]);
    place.import("payments.csv", "payments.ron", &["--out", "data"]);
    let mended = place.read("data.rejects.csv").replace("lent to", "paid to").replace("31.04.", "30.04.");
    place.write("mended.csv", mended);
    let run = place.import("mended.csv", "payments.ron", &["--out", "more"]);
    assert!(run.stdout.starts_with("more: ") && run.stdout.contains(" 3 facts"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn signs_of_hedges_are_read_and_what_no_name_or_number_has_is_told() {
    let place = Place::with(&[]);
    place.write(
        "m.ron",
        r#"(source: (document: (id: "ledger"), by: (id: "auditor")), kind: "payment",
            roles: [Role(role: "payer", column: "Payer", kind: organization), Role(role: "recipient", column: "Payee", kind: organization)],
            figures: [Figure(column: "Amount", unit: "euro")])"#,
    );
    place.write("t.csv", "Payer,Payee,Amount\nA,B,approx. 20\nA,C,>1000\nA,D,-3\nAc\u{1}me,E,≤ 5\n");
    for out in ["data", "data.purvey"] {
        let run = place.import("t.csv", "m.ron", &["--out", out, "--force"]);
        let told = [
            "t.csv:4:Amount: error[I0010]: `-3` is below zero",
            "t.csv:5: warning[I0003]: a name of `ac-me` has control",
        ];
        assert!(told.iter().all(|it| run.stderr.contains(it)), "{}", run.stderr);
    }
    let facts = place.read("data/facts/payment-001.ron");
    assert!(
        facts.contains("approx. 20 euros") && facts.contains(">1000 euros") && facts.contains("≤ 5 euros"),
        "{facts}"
    );
    let who = place.run(&["who", "--to", "C", "--data", "data", "--format", "json"]).stdout;
    assert!(who.contains("\"low\": 1000") && who.contains("\"low_open\": true"), "{who}");
    assert!(place.read("data/entities/organizations-001.ron").contains("\"Acme\""));
}

#[test]
fn other_formats_are_told_by_their_first_bytes_and_titles_are_skipped() {
    let place = Place::with(&[]);
    place.write("m.ron", PLAIN);
    for (bytes, name) in [
        (&b"PK\x03\x04\x14\0\x06\0"[..], "xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html>", "HTML"),
    ] {
        place.write("t.csv", bytes);
        for more in [&["--guess"][..], &["--mapping", "m.ron", "--out", "data", "--force"]] {
            let run = place.run(&[&["import", "csv", "t.csv"], more].concat());
            assert_ne!(run.code, Some(0));
            assert!(run.stderr.contains(name), "{}", run.stderr);
        }
    }
    for start in ["sep=;\n", "All payments of 2024\n\n"] {
        let table = format!("{start}Payer;Payee;Amount EUR\nA;B;5\nC;D;6\n");
        let mapping = guess(&place, "t.csv", &table);
        assert!(mapping.contains("table: (delimiter: \";\", skip: "), "{mapping}");
        let run = import_guessed(&place, "t.csv", &table);
        assert!(run.code == Some(0) && run.stdout.contains(" 2 facts"), "{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn pipes_are_read_like_files_whatever_reads_them_twice() {
    use std::process::Stdio;
    let place = Place::with(&["payments.csv", "payments.ron"]);
    let piped = |arguments: &[&str], input: &[u8]| -> Run {
        let mut command = command(place.folder.path());
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        child.stdin.take().expect("a pipe").write_all(input).expect("written");
        child.wait_with_output().expect("it ends").into()
    };
    let table = place.read("payments.csv");
    for (number, name) in ["-", "/dev/stdin"].into_iter().enumerate() {
        if cfg!(not(unix)) && number > 0 {
            continue;
        }
        let out = format!("data-{number}");
        let run = piped(&["import", "csv", name, "--mapping", "payments.ron", "--out", &out], table.as_bytes());
        assert!(run.stdout.contains(" 6 facts, "), "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(&format!("{name}:8:Date")), "{}", run.stderr);
    }
    let ftm = br#"{"id":"a","schema":"Person","properties":{"name":["A"]}}"#;
    let run = piped(&["import", "ftm", "-", "--out", "ftm"], ftm);
    assert!(run.stdout.contains("entities"), "{}{}", run.stdout, run.stderr);
    let run = piped(&["import", "csv", "-", "--guess", "--max-size", "10"], table.as_bytes());
    assert!(run.code == Some(2) && run.stderr.contains("--max-size"), "{}", run.stderr);
}

#[test]
fn a_row_of_blanks_is_no_fact() {
    let place = Place::with(&[]);
    place.write("m.ron", PLAIN);
    place.write("t.csv", "a,b,c\nA,B,\n,,x\n");
    for (out, rejects) in [("data", "data.rejects.csv"), ("other.purvey", "other.rejects.csv")] {
        let run = place.import("t.csv", "m.ron", &["--out", out]);
        assert!(run.stderr.contains("t.csv:3: error[I0005]: this row names nobody"), "{}", run.stderr);
        assert!(run.stdout.contains(" 1 facts") && place.read(rejects).ends_with(",,x\n"), "{}", run.stdout);
    }
}
