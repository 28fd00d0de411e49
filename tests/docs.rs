//! The outputs in README and docs are those of the program. `TRYCMD=overwrite cargo test docs` writes them anew.

#[test]
fn the_outputs_in_the_docs_are_those_of_the_program() {
    let cases = trycmd::TestCases::new();
    // Nothing of the surroundings may matter.
    cases.env("NO_COLOR", "1");
    cases.env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
    cases.register_bin("purvey", std::path::Path::new(env!("CARGO_BIN_EXE_purvey")));
    // The tutorial is followed by a test of its own.
    cases.case("README.md").case("docs/*.md").skip("docs/tutorial.md");
}
