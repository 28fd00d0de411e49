//! Registers and lists of public bodies, through the real binary. All names in the fixtures are invented.

use std::path::{Path, PathBuf};

use crate::support::{Run, command, ids, row};
use serde_json::{Value, json as value};

/// A file of the fixtures.
fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/lists").join(name);
    path.display().to_string()
}

/// What an import left: a folder of records, what was printed, and how it ended.
struct Imported {
    folder: tempfile::TempDir,
    run: Run,
}

impl Imported {
    fn data(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn purvey(&self, arguments: &[&str]) -> Run {
        let data = self.data().display().to_string();
        let all = [arguments, &["--data", &data]].concat();
        command(self.folder.path()).args(all).output().expect("the binary runs").into()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let run = self.purvey(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", run.stdout, run.stderr))
    }

    /// Findings without the folder of the fixtures.
    fn findings(&self) -> Vec<String> {
        let lines = self.run.stderr.lines().filter_map(|it| it.strip_prefix("purvey: "));
        lines.map(|it| it.rsplit_once("tests/import/lists/").map_or(it, |(_, it)| it).to_owned()).collect()
    }

    fn told(&self, part: &str) -> bool {
        let found = self.findings().iter().any(|it| it.contains(part));
        assert!(found, "no finding has `{part}`: {:#?}", self.findings());
        found
    }

    /// All files, one after the other.
    fn text(&self) -> String {
        let mut files: Vec<PathBuf> = walkdir::WalkDir::new(self.data())
            .into_iter()
            .map(|it| it.expect("an entry").into_path())
            .filter(|it| it.extension().is_some_and(|it| it == "ron"))
            .collect();
        files.sort();
        files.iter().map(|it| std::fs::read_to_string(it).expect("text")).collect()
    }
}

/// Imports files of the fixtures; what comes out holds together.
fn import(format: &str, files: &[&str], more: &[&str]) -> Imported {
    let files: Vec<String> = files.iter().map(|it| fixture(it)).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    import_paths(format, &files, more)
}

fn import_paths(format: &str, files: &[&str], more: &[&str]) -> Imported {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = [&["import", format], files, &["--out", "out"], more].concat();
    let run: Run = command(folder.path()).args(arguments).output().expect("the binary runs").into();
    let imported = Imported { folder, run };
    assert!(imported.data().is_dir(), "{}{}", imported.run.stdout, imported.run.stderr);
    let check = imported.purvey(&["check"]);
    assert_eq!(check.code, Some(0), "{}{}", check.stdout, check.stderr);
    imported
}

/// What is told of a file of which nothing can be used; nothing is written.
fn refused(format: &str, file: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = ["import", format, file, "--out", "out"];
    let run: Run = command(folder.path()).args(arguments).output().expect("the binary runs").into();
    assert!(run.code == Some(2) && !folder.path().join("out").exists(), "{}{}", run.stdout, run.stderr);
    run.stderr
}

/// A file of these bytes, imported.
fn import_bytes(format: &str, name: &str, bytes: &[u8], more: &[&str]) -> Imported {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a new file");
    import_paths(format, &[&path.display().to_string()], more)
}

#[test]
fn a_later_edition_supersedes_and_the_earlier_one_answers_as_of_its_day() {
    let it = import("sipri", &["sipri-2025.csv", "sipri-2024.csv"], &[]);
    let missiles = "sipri-lemuria-atlantis-trident-9-2021";
    let today = it.json(&["who", "--what", "missile"]);
    assert_eq!(ids(&today), [missiles]);
    let quantity = &row(&today, missiles)["quantity"];
    assert_eq!((&quantity["low"], &quantity["approximate"]), (&value!(100), &value!(true)));
    assert_eq!(row(&today, missiles)["period"]["edtf"], "2023/2024");
    assert_eq!(row(&today, missiles)["claims"].as_array().map(Vec::len), Some(2));
    let then = it.json(&["who", "--what", "missile", "--as-of", "2024"]);
    let quantity = &row(&then, missiles)["quantity"];
    assert_eq!((&quantity["low"], &quantity["approximate"]), (&value!(5), &value!(false)));
    assert_eq!(row(&then, missiles)["period"]["edtf"], "2023");
}

#[test]
fn what_sipri_marks_as_uncertain_is_hedged_and_blanks_stay_unknown() {
    let it = import("sipri", &["sipri-2024.csv"], &[]);
    let all = it.json(&["who"]);
    let albatross = row(&all, "sipri-unknown-atlantis-albatross-2-2004");
    assert_eq!(albatross["quantity"]["text"], "about 8");
    assert_eq!(albatross["from"]["id"], Value::Null);
    assert_eq!(albatross["from"]["unnamed_of"], "arms-suppliers");
    // Two years that are no run stay to be read.
    assert_eq!(albatross["period"]["edtf"], "2004/2006");
    assert_eq!(albatross["extra"]["deliveryYears"], value!(["2004; 2006"]));
    assert_eq!(albatross["extra"]["status"], value!(["Second hand"]));
    let orders = it.json(&["who", "--kind", "order"]);
    assert_eq!(row(&orders, "sipri-unknown-atlantis-albatross-2-2004-order")["period"]["edtf"], "2004?");
    // What was only ordered was not delivered: no supply, and no number of it.
    assert!(!ids(&all).iter().any(|it| it.contains("narwhal")), "{:?}", ids(&all));
    assert_eq!(row(&orders, "sipri-turkiye-thule-union-narwhal-2019-order")["quantity"]["low"], 2);
    let conch = row(&all, "sipri-lemuria-mu-rebels-atlantis-conch-undated");
    assert_eq!(conch["to"]["kind"], "organization");
    assert!(!ids(&orders).iter().any(|it| it.contains("conch")), "{:?}", ids(&orders));
    assert!(!it.text().contains("quantity: \"0\""), "{}", it.text());
}

#[test]
fn countries_are_those_of_the_built_in_data_and_weapons_stand_in_the_tree_of_arms() {
    let it = import("sipri", &["sipri-2024.csv", "sipri-deals-2026.csv"], &[]);
    assert_eq!(ids(&it.json(&["who", "--to", "DPRK"])), ["sipri-lemuria-north-korea-kelp-1990"]);
    assert_eq!(ids(&it.json(&["who", "--kind", "order", "--from", "TUR"])).len(), 1);
    assert!(ids(&it.json(&["who", "--what", "aircraft"])).contains(&"sipri-90002-2020"));
    // One designation, two things; and a ship that is called like the country.
    let text = it.text();
    for part in [
        r#"Materiel(id: "dolphin-light-helicopter", name: "Dolphin (light helicopter)""#,
        r#"Materiel(id: "dolphin-patrol-boat""#,
        r#"Materiel(id: "atlantis-2", name: "Atlantis", plural: "Atlantis", is_a: "frigate")"#,
        r#"Materiel(id: "missile", name: "missile", plural: "missiles", is_a: "arms")"#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_row_a_year_of_delivery_is_a_fact_of_its_own() {
    let it = import("sipri", &["sipri-deals-2026.csv"], &[]);
    assert_eq!(it.run.code, Some(0), "{}", it.run.stderr);
    let all = it.json(&["who"]);
    let late = row(&all, "sipri-90001-2024");
    assert_eq!((&late["quantity"]["text"], &late["period"]["edtf"]), (&value!("an estimated 95"), &value!("2024~")));
    assert_eq!(row(&all, "sipri-90001-2023")["quantity"]["text"], "5");
    let local = row(&all, "sipri-90002-2020");
    assert_eq!(local["extra"]["localProduction"], value!(["Yes"]));
    assert_eq!(local["extra"]["sipriId"], value!(["90002"]));
    let orders = it.json(&["who", "--kind", "order"]);
    assert_eq!(row(&orders, "sipri-90002")["period"]["edtf"], "2018~");
    let relations = row(&orders, "sipri-90001")["relations"].as_array().expect("relations").len();
    assert_eq!(relations, 2);
}

/// Records that were imported before the edition came out.
#[test]
fn an_edition_on_top_of_a_folder_gives_what_both_give_at_once() {
    let first = import("sipri", &["sipri-2024.csv"], &[]);
    let onto = |arguments: &[&str]| -> Run {
        let all = [&["import", "sipri"], arguments, &["--onto", "out"]].concat();
        command(first.folder.path()).args(all).output().expect("the binary runs").into()
    };
    let later = fixture("sipri-2025.csv");
    assert!(onto(&[&later]).stdout.starts_with("out: "), "the folder is written");
    let both = import("sipri", &["sipri-2025.csv", "sipri-2024.csv"], &[]);
    assert_eq!(first.text(), both.text());
    // What somebody changed is not thrown away.
    let changed = first.data().join("entities/documents-001.ron");
    let text = std::fs::read_to_string(&changed).expect("documents");
    std::fs::write(&changed, text.replace("SIPRI Arms", "My Arms")).expect("it is written");
    let run = onto(&[&later]);
    assert!(run.code == Some(2) && run.stderr.contains("is not as import wrote it"), "{}", run.stderr);
    assert!(first.text().contains("My Arms"));
    assert!(onto(&[&later, "--force"]).stdout.starts_with("out: "));
    assert_eq!(first.text(), both.text());
    // Other folders, other formats.
    let run = import("un", &["un-2024.xml"], &["--onto", "out"][..0]);
    let un = run.data();
    std::fs::rename(&un, first.folder.path().join("un")).expect("it moves");
    let all = ["import", "sipri", &later, "--onto", "un"];
    let run: Run = command(first.folder.path()).args(all).output().expect("the binary runs").into();
    assert!(run.code == Some(2) && run.stderr.contains("holds editions of `un`, not of `sipri`"), "{}", run.stderr);
}

#[test]
fn status_and_licensed_production_are_shown_and_exported() {
    let it = import("sipri", &["sipri-2025.csv"], &[]);
    let all = it.json(&["who"]);
    let with =
        |name: &str| all["rows"].as_array().expect("rows").iter().find(|it| it["extra"][name].is_array()).cloned();
    let row = with("status").expect("a row with a status");
    let (id, status) = (row["fact"].as_str().expect("an id"), row["extra"]["status"][0].as_str().expect("a status"));
    let show = it.purvey(&["show", id]).stdout;
    let is_shown = |line: &str| line.trim_start().starts_with("status ") && line.contains(status);
    assert!(show.lines().any(is_shown), "{show}");
    let export = it.purvey(&["export", "graphml"]).stdout;
    assert!(export.contains(&format!("status: {status}")), "{export}");
}

#[test]
fn editions_of_two_layouts_are_not_added_up() {
    let it = import("sipri", &["sipri-2025.csv", "sipri-deals-2026.csv"], &[]);
    let all = it.json(&["who", "--what", "Trident-9"]);
    let relations = &row(&all, "sipri-90001-2024")["relations"];
    assert_eq!(relations[0]["kind"], "overlaps", "{relations}");
    assert_eq!(relations[0]["to"], "sipri-lemuria-atlantis-trident-9-2021");
}

#[test]
fn broken_rows_are_put_together_or_told() {
    let it = import("sipri", &["sipri-2025.csv"], &[]);
    assert_eq!(it.run.code, Some(1), "{}", it.run.stderr);
    it.told("sipri-2025.csv:10: warning[I0003]: 1 of its lines");
    it.told("sipri-2025.csv:11: warning[I0040]: a row that stands in 2 lines");
    it.told("sipri-2025.csv:13: warning[I0040]: separators in the comments");
    it.told("sipri-2025.csv:14:numberOrdered: error[I0010]: `some` is no number");
    it.told("sipri-2025.csv:14:deliveryYears: error[I0011]: `next year` is no year");
    it.told("sipri-2025.csv:15: error[I0020]: `a stray line` is no row");
    let all = it.json(&["who"]);
    let extra = |id: &str| row(&all, id)["extra"]["comments"].clone();
    assert_eq!(extra("sipri-turkiye-thule-union-narwhal-2019"), value!(["Order only no more; first one delivered"]));
    assert_eq!(extra("sipri-lemuria-atlantis-medusa-2022"), value!(["For ships, and for one base"]));
    assert_eq!(extra("sipri-lemuria-mu-rebels-atlantis-conch-undated"), value!(["Maré version"]));
}

#[test]
fn a_row_that_a_later_edition_lacks_counts_until_then() {
    let it = import("sipri", &["sipri-2024.csv", "sipri-2025.csv"], &[]);
    it.told("sipri-2024.csv:12: warning[I0043]: the later edition 2025-03-10 has no such row");
    let kelp = "sipri-lemuria-north-korea-kelp-1990";
    assert_eq!(ids(&it.json(&["who", "--what", "Kelp", "--as-of", "2024"])), [kelp]);
    let today = it.json(&["who", "--what", "Kelp"]);
    assert_eq!(ids(&today), [""; 0]);
    assert_eq!(today["remarks"], value!(["1 other fact fits, but every claim of it was withdrawn"]));
}

#[test]
fn a_snapshot_answers_as_the_records_do() {
    let it = import("sipri", &["sipri-2024.csv", "sipri-2025.csv"], &[]);
    let files = [fixture("sipri-2024.csv"), fixture("sipri-2025.csv")];
    let arguments = ["import", "sipri", &files[0], &files[1], "--out", "out.purvey"];
    let run: Run = command(it.folder.path()).args(arguments).output().expect("the binary runs").into();
    assert_eq!(run.code, it.run.code, "{}", run.stderr);
    for question in [&["who"][..], &["who", "--as-of", "2024"], &["who", "--kind", "order"], &["show", "SIPRI"]] {
        let asked = [question, &["--format", "json", "--data", "out.purvey"]].concat();
        let run: Run = command(it.folder.path()).args(asked).output().expect("the binary runs").into();
        let answer: Value = serde_json::from_str(&run.stdout).expect("one JSON document");
        assert_eq!(answer, it.json(question), "{question:?}");
    }
}

#[test]
fn tables_below_headings_and_tables_that_a_spreadsheet_saved() {
    let it = import("sipri", &["sipri-headings.csv"], &[]);
    let all = it.json(&["who"]);
    let manta = row(&all, "sipri-lemuria-atlantis-manta-1991");
    assert_eq!((&manta["quantity"]["text"], &manta["period"]["edtf"]), (&value!("about 12"), &value!("1992/1994?")));
    let ray = row(&all, "sipri-lemuria-atlantis-ray-1991");
    assert_eq!(ray["quantity"], Value::Null);
    assert_eq!(ray["extra"]["comments"], value!(["For Manta fighter aircraft and for others"]));
    let oyster = row(&all, "sipri-mu-atlantis-oyster-1990");
    assert_eq!(oyster["extra"]["licensedProduction"], value!(["yes"]));
    assert_eq!(oyster["period"]["edtf"], "1991/1993");
    assert_eq!(
        row(&it.json(&["who", "--kind", "order"]), "sipri-lemuria-thule-barnacle-1998-order")["to"]["id"],
        "thule"
    );

    let it = import("sipri", &["sipri-spreadsheet.csv"], &["--edition", "2026-01"]);
    let all = it.json(&["who"]);
    assert_eq!(row(&all, "sipri-lemuria-atlantis-clam-2020")["extra"]["comments"], value!(["For ships, large"]));
    assert_eq!(row(&all, "sipri-lemuria-atlantis-clam-2020")["extra"]["tivDelivered"], value!(["14"]));
    assert!(it.text().contains("date: \"2026-01\""), "{}", it.text());
}

#[test]
fn the_same_edition_in_two_files_counts_once() {
    let once = import("sipri", &["sipri-2024.csv"], &[]);
    let twice = import("sipri", &["sipri-2024.csv", "sipri-2024.csv"], &[]);
    assert_eq!(once.text(), twice.text());
}

#[test]
fn what_is_no_register_is_told() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), b"Supplier,2022,2023\nLemuria,1,2\n").expect("it is written");
    let told = refused("sipri", &file.path().display().to_string());
    assert!(told.contains("error[I0004]: no line names the columns of a trade register"), "{told}");
}

#[test]
fn people_of_the_un_list_come_with_all_their_names_and_dates() {
    let it = import("un", &["un-2025.xml"], &[]);
    let text = it.text();
    for part in [
        r#"Person(id: "un-kpi-901", name: "ANNA PETROVNA EXAMPLE""#,
        r#"(name: "Анна Петровна Пример", script: "Cyrl")"#,
        r#"(name: "The Accountant", weak: true)"#,
        r#"(name: "birthDate", values: ["1975-06-02", "1974/1976", "1973~", "1972-11"])"#,
        r#"passport_number: ["000000901", "X 901"]"#,
        r#"un_reference: "KPi.901""#,
        r#"(name: "previousName", values: ["Old Example Bureau"])"#,
        r#"(name: "NEW_ELEMENT/INNER", values: ["something new"])"#,
        r#"1 Example Street, Pyongyang, Democratic People's Republic of Korea (previous)"#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let listing = it.json(&["who", "--kind", "sanction", "--to", "The Accountant"]);
    let row = row(&listing, "un-kpi-901-listing");
    assert_eq!(
        (&row["from"]["id"], &row["period"]["edtf"]),
        (&value!("un-security-council"), &value!("2017-06-02/.."))
    );
    assert_eq!(row["roles"]["instrument"][0]["id"], "un-sanctions-list-dprk");
    assert_eq!(row["claims"][0]["document"]["id"], "un-consolidated-list-2025-06-03");
}

#[test]
fn damaged_xml_costs_what_is_damaged_and_nothing_outside_is_read() {
    let it = import("un", &["un-2025.xml"], &[]);
    assert_eq!(it.run.code, Some(1));
    it.told("un-2025.xml:2: error[I0004]: a document type definition");
    it.told("un-2025.xml:8: warning[I0014]: `&secret;` is not resolved");
    it.told("un-2025.xml:8: warning[I0003]: the character reference `&#x1F;`");
    it.told("un-2025.xml:14: warning[I0003]: 1 control characters");
    it.told("un-2025.xml:37: error[I0004]: this is no XML");
    it.told("un-2025.xml:38: error[I0005]: a record of the kind `INDIVIDUAL` without a name");
    it.told("un-2025.xml:49: error[I0009]: the element `EXTRA_SECTION` (`2`)");
    let text = it.text();
    assert!(text.contains("An invented person & so on. &secret; &lol2;"), "{text}");
    assert!(!text.contains("root:") && !text.contains("lollol"), "{text}");
    let it = import("un", &["un-cut.xml"], &[]);
    it.told("un-cut.xml:4: error[I0001]: the file ends within the `INDIVIDUAL` that begins here");
    assert!(it.text().contains("un-iri-905"));
}

#[test]
fn limits_of_xml_are_kept() {
    let record = |inner: &str| {
        format!(
            "<CONSOLIDATED_LIST dateGenerated=\"2025-06-03\"><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>A</FIRST_NAME>\
             <REFERENCE_NUMBER>X.1</REFERENCE_NUMBER>{inner}</INDIVIDUAL><INDIVIDUAL><FIRST_NAME>B</FIRST_NAME>\
             <REFERENCE_NUMBER>X.2</REFERENCE_NUMBER></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
        )
    };
    let deep = record(&format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000)));
    let long = record(&format!("<COMMENTS1>{}</COMMENTS1>", "long ".repeat(40_000)));
    for (text, message) in [(deep, "deep in each other"), (long, "longer than 65536 bytes")] {
        let it = import_bytes("un", "list.xml", text.as_bytes(), &["--max-line", "64K"]);
        assert!(it.run.stderr.contains("error[I0002]") && it.run.stderr.contains(message), "{}", it.run.stderr);
        assert!(!it.text().contains("\"un-x-1\"") && it.text().contains("\"un-x-2\""), "{}", it.text());
    }
}

#[test]
fn a_number_of_the_un_list_names_one_entry_and_an_end_that_cannot_be_read_is_an_end() {
    let text = r#"<CONSOLIDATED_LIST dateGenerated="2025-06-03"><INDIVIDUALS>
        <INDIVIDUAL><FIRST_NAME>ANA</FIRST_NAME><REFERENCE_NUMBER>KPi.911</REFERENCE_NUMBER>
        <LISTED_ON>2017-06-02</LISTED_ON><DELISTED_ON>last spring</DELISTED_ON></INDIVIDUAL>
        <INDIVIDUAL><FIRST_NAME>BO</FIRST_NAME><REFERENCE_NUMBER>KPi.911.</REFERENCE_NUMBER></INDIVIDUAL>
        <INDIVIDUAL><FIRST_NAME>CY</FIRST_NAME><REFERENCE_NUMBER>KPi.912</REFERENCE_NUMBER>
        <LISTED_ON>03/04/2017</LISTED_ON></INDIVIDUAL>
        </INDIVIDUALS></CONSOLIDATED_LIST>"#;
    let it = import_bytes("un", "list.xml", text.as_bytes(), &[]);
    let findings: Vec<String> =
        it.findings().iter().filter_map(|it| it.split_once("list.xml:").map(|(_, it)| it.to_owned())).collect();
    assert!(findings[0].starts_with("2:DELISTED_ON: error[I0011]: `last spring` is no date"), "{findings:#?}");
    assert!(findings[1].starts_with("4: error[I0007]: the number of the entry `un-kpi-911`"), "{findings:#?}");
    assert!(findings[2].starts_with("5:LISTED_ON: warning[I0042]: `03/04/2017` may be read two ways"), "{findings:#?}");
    assert_eq!(findings.len(), 3, "{findings:#?}");
    assert!(it.text().contains("ANA") && !it.text().contains("BO\""), "{}", it.text());
    let all = it.json(&["who", "--kind", "sanction"]);
    let listing = row(&all, "un-kpi-911-listing");
    assert_eq!(listing["period"]["edtf"], "2017-06-02/");
    assert_eq!(listing["extra"]["delistedOn"], value!(["last spring"]));
    assert_eq!(row(&all, "un-kpi-912-listing")["period"]["edtf"], "2017-04-03/..");
}

#[test]
fn a_document_without_a_number_is_no_code() {
    let text = br#"<sdnList><publshInformation><Publish_Date>06/03/2025</Publish_Date></publshInformation><sdnEntry>
        <uid>99911</uid><lastName>EXAMPLE</lastName><sdnType>Individual</sdnType>
        <programList><program>CUBA</program></programList>
        <idList><id><uid>1</uid><idType>Passport</idType><idCountry>Utopia</idCountry></id>
        <id><uid>2</uid><idType>Gender</idType><idNumber>Female</idNumber></id></idList></sdnEntry></sdnList>"#;
    let it = import_bytes("ofac", "sdn.xml", text, &[]);
    assert!(it.text().contains(r#"(name: "identification", values: ["Passport (Utopia)"])"#), "{}", it.text());
    assert!(!it.text().contains("passport_number") && !it.text().contains("yes"), "{}", it.text());
    assert!(it.text().contains("ofac-sdn-2025-06-03"), "{}", it.text());
}

#[test]
fn gzip_that_ends_too_early_gives_what_it_has() {
    use std::io::Write;
    let mut bytes = Vec::new();
    for at in 0..4000 {
        let hash = at * 7919 % 10007;
        write!(bytes, "{at},\"EXAMPLE {hash}\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n")
            .expect("memory");
    }
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&bytes).expect("memory");
    let packed = packer.finish().expect("memory");
    let it = import_bytes("ofac", "sdn-2024.csv", packed.get(..packed.len() / 2).expect("a half"), &[]);
    assert!(it.run.stderr.contains("error[I0001]"), "{}", it.run.stderr);
    assert!(it.text().contains("\"ofac-100\""));
}

#[test]
fn who_left_the_un_list_was_on_it_until_an_unknown_day() {
    let it = import("un", &["un-2025.xml", "un-2024.xml"], &[]);
    it.told("un-2024.xml:11: warning[I0043]: `un-qdi-909-listing` is not in the later list, 2025-06-03");
    let listing = it.json(&["who", "--kind", "sanction", "--to", "BRUNO SAMPLE"]);
    assert_eq!(row(&listing, "un-qdi-909-listing")["period"]["edtf"], "2015-04-07/");
    assert_eq!(row(&listing, "un-qdi-909-listing")["period"]["inferred"], true);
    // Both names of one person, and what each edition said.
    let text = it.text();
    assert!(text.contains("\"ANNA EXAMPLE\"") && text.contains("(name: \"notes (2024-05-01)\""), "{text}");
}

#[test]
fn the_tables_of_the_sdn_list_belong_together() {
    let it = import("ofac", &["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"], &["--edition", "2025-06-03"]);
    it.told("sdn.csv:6: error[I0020]: a row of 2 fields that begins with `no number`");
    it.told("add.csv:3: error[I0006]: 1 rows are about the entry 99999");
    let text = it.text();
    for part in [
        r#"Person(id: "ofac-99901", name: "Ana EXAMPLE""#,
        r#""EXAMPLE, Ana", "Anna EXEMPLAR", "EXEMPLAR, Anna", (name: "THE ACCOUNTANT", weak: true)"#,
        r#"(name: "birthDate", values: ["1960~", "1972-10-12"])"#,
        r#"(name: "passportNumber", values: ["PS 000000901 (Korea, North, expires 24 Feb 2019)"])"#,
        r#"name: "José MÜLLER""#,
        // Remarks that go on in the fourth table, in the middle of a name.
        r#"(name: "LONG EXAMPLE", weak: true)"#,
        r#"(name: "address", values: ["1 Example Street, Suite 2, Utopia City 12345, Utopia", "China (all offices)"])"#,
        r#"codes: (ofac_uid: "99903", call_sign: "T9EX9", imo: "9999993", mmsi: "572000000")"#,
        r#"(name: "tonnage", values: ["99,144"])"#,
        r#"Materiel(id: "ofac-99904", name: "EP-EXA""#,
        r#"Link(id: "ofac-99901-linked-to-ofac-99902""#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("-0-"), "{text}");
    let sanctions = it.json(&["who", "--kind", "sanction"]);
    let listed = row(&sanctions, "ofac-99902-russia-eo14024");
    assert_eq!(listed["period"]["edtf"], "2022-02-22/..");
    assert_eq!(listed["roles"]["instrument"][0]["id"], "ofac-program-russia-eo14024");
    // Two programmes, two measures, and no day where the list tells none.
    assert_eq!(row(&sanctions, "ofac-99901-dprk3")["period"], Value::Null);
    assert_eq!(row(&sanctions, "ofac-99901-npwmd")["from"]["id"], "ofac");
}

#[test]
fn the_sdn_list_as_xml_and_an_earlier_table_with_a_header() {
    let it = import("ofac", &["sdn.xml", "sdn-header.csv"], &["--edition", "2024-01-05"]);
    it.told("sdn.xml: error[I0005]: the file says that it has 3 records, and 2 were read");
    it.told("warning[I0014]: the element `somethingNew`");
    let text = it.text();
    for part in [
        r#"(name: "birthDate", values: ["1958/1960"])"#,
        r#"(name: "birthDate (2024-01-05)", values: ["1960"])"#,
        r#"(name: "nationality", values: ["Korea, North", "Utopia"])"#,
        r#"(name: "Анна Пример", script: "Cyrl")"#,
        r#"(name: "THE ACCOUNTANT", weak: true)"#,
        r#"Document(id: "ofac-sdn-2025-06-03""#,
        r#"imo: "9999993""#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let then = it.json(&["who", "--kind", "sanction", "--as-of", "2024"]);
    assert_eq!(ids(&then), ["ofac-99901-dprk3"]);
    assert_eq!(ids(&it.json(&["who", "--kind", "sanction"])).len(), 3);
}

#[test]
fn the_sdn_list_as_advanced_xml_is_the_same_list() {
    let it = import("ofac", &["sdn-advanced.xml"], &[]);
    assert_eq!(it.findings().len(), 1, "{:#?}", it.findings());
    it.told("error[I0006]: a `ProfileRelationship` speaks of the party 99999, which the list does not have");
    let text = it.text();
    for part in [
        r#"Person(id: "ofac-99901", name: "Ana EXAMPLE""#,
        r#"(name: "Анна Пример", script: "Cyrl")"#,
        r#"(name: "例子", script: "Hans")"#,
        r#"(name: "previousName", values: ["例子"])"#,
        r#"(name: "birthDate", values: ["1958/1960"])"#,
        r#"(name: "birthPlace", values: ["1 Example Street, Utopia City, Utopia"])"#,
        r#"(name: "nationality", values: ["Korea, North"])"#,
        r#"(name: "position", values: ["Head of an invented bureau"])"#,
        r#"(name: "gender", values: ["female"])"#,
        r#"(name: "passportNumber", values: ["PS 000000901 (Korea, North, expires 2019-02-24)"])"#,
        r#"Organization(id: "ofac-99902", name: "EXAMPLE SONS LTD.""#,
        r#"Vessel(id: "ofac-99903", name: "EXAMPLE STAR""#,
        r#"call_sign: "T9EX9""#,
        r#"imo: "9999993""#,
        r#"(name: "type", values: ["General Cargo"])"#,
        r#"(name: "relation", values: ["Acting for or on behalf of"])"#,
        r#"(name: "legalBasis", values: ["Executive Order 99999"])"#,
        r#"Document(id: "ofac-sdn-2025-06-03""#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let sanctions = it.json(&["who", "--kind", "sanction"]);
    assert_eq!(row(&sanctions, "ofac-99901-dprk3")["period"]["edtf"], "2017-06-02/..");
    // Of two programmes nobody says which one the day belongs to.
    let several = row(&sanctions, "ofac-99902-npwmd");
    assert_eq!((&several["period"], &several["extra"]["listedOn"]), (&Value::Null, &value!(["2018-01-24"])));
    assert_eq!(ids(&it.json(&["who", "--kind", "link"])), ["ofac-99901-linked-to-ofac-99902"]);
}

#[test]
fn other_files_of_ofac_are_told_apart() {
    // Without the entries themselves nothing can be used, and nothing is written.
    assert!(refused("ofac", &fixture("alt.csv")).contains("SDN.CSV itself is missing"));
    for (format, file, other) in [("ofac", "un-2024.xml", "un"), ("un", "sdn.xml", "ofac")] {
        let told = refused(format, &fixture(file));
        assert!(told.contains(&format!("`purvey import {other} …`")), "{told}");
    }
}

#[test]
fn two_lists_of_one_authority_are_no_editions_of_each_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sdn = std::fs::read_to_string(fixture("sdn.xml")).expect("a fixture");
    // Another list, with nobody of the first on it.
    let other = sdn.replace("<uid>99901<", "<uid>88801<").replace("<uid>99903<", "<uid>88803<");
    let other = other.replace("06/03/2025", "06/04/2025");
    std::fs::write(folder.path().join("other.xml"), other).expect("a new file");
    let path = folder.path().join("other.xml").display().to_string();
    let it = import_paths("ofac", &[&fixture("sdn.xml"), &path], &[]);
    it.told("these are two lists, not editions of one");
    assert!(!it.findings().iter().any(|it| it.contains("I0043")), "{:#?}", it.findings());
    let answer = it.json(&["who", "--kind", "sanction"]);
    let row = row(&answer, "ofac-99903-dprk4");
    assert!(row["extra"]["notListedOn"].is_null(), "{row}");
}
