//! Pictures of many answers, looked at as they were written: no errors, whatever the size and the palette.

use purvey::draw::font::FontSet;
use purvey::draw::{DrawError, DrawOptions, PaletteName, Severity, Size, lint, svg};
use purvey::graph::{GraphView, KnowledgeGraph};
use purvey::model::{EntityIx, KindIx};
use purvey::query::{ANY_KIND, PathQuestion, Question, Who, answer};

use crate::support::command;
use crate::support::loading::built_in;

const SIZES: [Size; 3] = [Size::Phone, Size::Column, Size::Wide];
const PALETTES: [PaletteName; 3] = [PaletteName::Light, PaletteName::Dark, PaletteName::Print];

/// Questions about everybody and everything in the data, each kind of fact, each month, and paths between entities.
fn questions(graph: &KnowledgeGraph) -> Vec<Question> {
    let ids: Vec<String> =
        (0..graph.entity_count()).map(|it| graph.entity(EntityIx::from_usize(it)).id.to_owned()).collect();
    let kinds = (0..graph.vocabulary().kinds.len()).map(KindIx::from_usize);
    let kinds = kinds.filter_map(|it| graph.vocabulary().kind(it)).map(|it| it.id.to_string());
    let who = |change: &dyn Fn(&mut Who)| {
        let mut who = Who::default();
        change(&mut who);
        Question::Who(who)
    };
    let about = ids.iter().map(|id| who(&|it| it.about.push(id.clone())));
    let of_kinds = kinds.map(|id| who(&|it| it.kinds.push(id.clone())));
    let months = (1..=12).map(|month| {
        who(&|it| {
            it.kinds.push(ANY_KIND.to_owned());
            it.during = purvey::model::Period::parse(&format!("2025-{month:02}")).ok();
            it.certainly = true;
        })
    });
    // Everybody with several others, so that chains of every length are among them.
    let pairs = [7, 19, 31, 53].into_iter().flat_map(|skip| ids.iter().zip(ids.iter().skip(skip)));
    let paths = pairs.map(|(a, b)| Question::Path(PathQuestion { any_direction: true, ..PathQuestion::new(a, b) }));
    about.chain(of_kinds).chain(months).chain(paths).collect()
}

#[test]
fn two_hundred_answers_in_three_sizes_and_three_palettes_have_no_error() {
    let graph = KnowledgeGraph::new(&built_in());
    let fonts = FontSet::default();
    let answers: Vec<_> =
        questions(&graph).iter().filter_map(|it| answer(&graph, it).ok()).filter(|it| !it.rows.is_empty()).collect();
    assert!(answers.len() >= 200, "{}", answers.len());
    let (mut drawn, mut too_much) = (0, 0);
    for answer in &answers {
        for (size, palette) in SIZES.into_iter().flat_map(|size| PALETTES.map(|palette| (size, palette))) {
            let options = DrawOptions { size, palette, ..DrawOptions::default() };
            let mut out = Vec::new();
            match svg(answer, &options, &fonts, &mut out) {
                Ok(()) => drawn += 1,
                Err(DrawError::TooNarrow { .. } | DrawError::TooMuch { .. }) => {
                    too_much += 1;
                    continue;
                }
                Err(error) => panic!("{}: {error}", answer.question),
            }
            let text = String::from_utf8(out).expect("a picture is text");
            let report = lint(&text, &fonts, Some(answer)).expect("a picture");
            let errors: Vec<String> = report
                .findings(Severity::Error)
                .map(|(check, it)| format!("{}: {}", check.number, it.message))
                .collect();
            assert!(errors.is_empty(), "{} {size:?} {palette:?}: {errors:#?}", answer.question);
        }
    }
    assert!(drawn > 8 * too_much, "{drawn} drawn, {too_much} too much");
}

#[test]
fn the_gallery_is_what_its_commands_draw() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/gallery");
    let page = std::fs::read_to_string(folder.join("README.md")).expect("the page of the gallery");
    let commands: Vec<&str> = page.lines().filter_map(|it| it.strip_prefix("purvey draw ")).collect();
    assert_eq!(commands.len(), 6);
    let made = tempfile::tempdir().expect("a temporary folder");
    for arguments in commands {
        let mut words = crate::support::question_set::words(arguments);
        let name = words.pop().expect("a file");
        let file = made.path().join(&name);
        let mut run = command(&folder);
        // The built-in data answer where no folder `graph-data` stands.
        run.arg("draw").args(&words).arg(&file);
        let output = run.output().expect("the binary runs");
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        let kept = std::fs::read(folder.join(&name)).expect("a picture of the gallery");
        assert!(std::fs::read(&file).expect("a picture") == kept, "{name} is not what `purvey draw {arguments}` draws");
        let looked = command(&folder).args(["draw", "--lint"]).arg(&file).output().expect("the binary runs");
        assert!(looked.status.success(), "{name}: {}", String::from_utf8_lossy(&looked.stdout));
    }
}
