//! What is found in broken data, as a reader sees it: at least one case for each code. Cases stand in files by what they are about.

use crate::support::loading::findings;
use purvey::diagnostic::Code;

#[test]
fn every_code_has_a_case_here_and_a_line_in_the_documentation() {
    let cases = [
        include_str!("findings_claims.rs"),
        include_str!("findings_facts.rs"),
        include_str!("findings_reading.rs"),
        include_str!("findings_for_rules.rs"),
        include_str!("draw_specs.rs"),
        include_str!("import_csv.rs"),
        include_str!("matching.rs"),
    ]
    .concat();
    let documented = include_str!("../docs/data-format.md");
    for code in Code::ALL {
        let severity = code.severity().as_str();
        assert!(cases.contains(&format!("\n{severity}[{}]: ", code.as_str())), "{} has no case", code.as_str());
        let line = format!("| `{}` | {severity} | {} |", code.as_str(), code.title());
        assert!(documented.contains(&line), "docs/data-format.md lacks the line\n{line}");
    }
    let listed = documented.lines().filter(|it| it.starts_with("| `K0")).count();
    assert_eq!(listed, Code::ALL.len(), "docs/data-format.md lists codes that do not exist");
}

#[test]
fn the_base_of_all_cases_is_sound() {
    assert_eq!(findings("(entities: [])"), "");
}
