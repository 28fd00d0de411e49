//! Diagram specs: a RON file that says what to draw and how.

use std::collections::BTreeMap;
use std::path::Path;

use super::draft::{DraftFile, Record, Shape, Value};
use super::fields::{Fields, as_list};
use super::findings::Findings;
use super::{files, recover};
use crate::diagnostic::{Code, Diagnostic, FileId, SourceMap, Span};
use crate::model::{Collapse, DiagramSpec, Place, SpecPart, Wording};

/// What reading a spec gives.
#[derive(Debug)]
pub struct LoadedSpec {
    /// The spec; `None` if a finding is an error.
    pub spec: Option<DiagramSpec>,
    /// All findings, in the order of the file.
    pub findings: Vec<Diagnostic>,
    /// The text of the file, to show where findings stand.
    pub sources: SourceMap,
    places: BTreeMap<SpecPart, Span>,
}

impl LoadedSpec {
    /// Where a part of the spec stands; the beginning of the file for one that it does not have.
    pub fn place(&self, part: SpecPart) -> Span {
        self.places.get(&part).copied().unwrap_or_default()
    }
}

/// Reads a diagram spec. What is wrong with the file is gathered and told all at once; what its names stand for is not
/// looked up here.
///
/// # Example
///
/// ```
/// use purvey::load::load_spec;
///
/// let file = tempfile::Builder::new().suffix(".ron").tempfile()?;
/// std::fs::write(file.path(), r#"(questions: ["who --to Russia"], tilte: "To Russia")"#)?;
/// let loaded = load_spec(file.path());
/// assert!(loaded.spec.is_none());
/// assert_eq!(loaded.findings[0].message, "unknown field `tilte`");
/// assert_eq!(loaded.findings[0].help.as_deref(), Some("did you mean `title`?"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn load_spec(path: &Path) -> LoadedSpec {
    let mut findings = Findings::default();
    let mut sources = SourceMap::default();
    files::read_file(path, &mut sources, &mut findings, &mut |_, _| {});
    let file = FileId(0);
    let readable = sources.file(file).filter(|it| it.is_readable());
    let (spec, places) = match readable {
        Some(source) => {
            let draft = recover::read(file, source.text(), &mut findings);
            read(file, draft, &mut findings)
        }
        None => Default::default(),
    };
    let spec = (!findings.has_errors()).then_some(spec);
    LoadedSpec { spec, findings: findings.into_sorted(), sources, places }
}

fn read(file: FileId, draft: DraftFile<'_>, findings: &mut Findings) -> (DiagramSpec, BTreeMap<SpecPart, Span>) {
    let start = Span { file, start: 0, end: 0 };
    let span = draft.fields.first().map_or(start, |it| it.name_span);
    let record = Record { name: "", span, fields: draft.fields };
    let mut fields = Fields::new(&record, findings);
    let mut reader = Reader { places: BTreeMap::new() };
    let mut spec = DiagramSpec::default();
    let asks = record.fields.iter().any(|it| it.name == "questions");
    spec.questions = reader.texts(&mut fields, "questions", SpecPart::Question, findings);
    if spec.questions.is_empty() && !findings.has_errors() {
        let message = if asks { "`questions` is empty" } else { "a diagram lacks the field `questions`" };
        let help = "add `questions: [\"who --to Russia\"]`".to_owned();
        findings.report(span, Code::MissingField, message.to_owned(), Some(help));
    }
    let mut text = |name| fields.text(name, findings).map(|it| it.text.to_owned());
    spec.title = text("title");
    spec.subtitle = text("subtitle");
    spec.credit = text("credit");
    spec.size = reader.word(&mut fields, "size", SpecPart::Size, findings);
    spec.palette = reader.word(&mut fields, "palette", SpecPart::Palette, findings);
    spec.layout = reader.word(&mut fields, "layout", SpecPart::Layout, findings);
    spec.group_by = reader.word(&mut fields, "group_by", SpecPart::GroupBy, findings);
    spec.items = reader.word(&mut fields, "items", SpecPart::Items, findings);
    spec.separate = fields.boolean("separate", findings).unwrap_or_default();
    spec.highlight = reader.texts(&mut fields, "highlight", SpecPart::Highlight, findings);
    spec.order = reader.texts(&mut fields, "order", SpecPart::Order, findings);
    spec.pins = reader.pins(fields.list("pins"), findings);
    spec.wordings = reader.wordings(fields.list("wordings"), findings);
    spec.notes = fields.texts("notes", findings).iter().map(|it| it.text.to_owned()).collect();
    let collapse = fields.list("collapse").iter();
    spec.collapse = collapse.filter_map(|it| findings.word(it, "collapse", &Collapse::ALL, |it| it.as_str())).collect();
    spec.top = match record.fields.iter().find(|it| it.name == "top").map(|it| &it.value) {
        Some(Value { span, shape: Shape::Number(0) }) => {
            let help = Some("leave it out, or give the number of entities to keep".to_owned());
            findings.report(*span, Code::WrongType, "`top` takes a number from 1 on".to_owned(), help);
            fields.take("top");
            None
        }
        _ => fields.number("top", findings).map(|it| usize::try_from(it).unwrap_or(usize::MAX)),
    };
    spec.split = fields.boolean("split", findings).unwrap_or_default();
    spec.timeline = fields.boolean("timeline", findings).unwrap_or_default();
    fields.finish("a diagram", findings);
    (spec, reader.places)
}

/// Remembers where parts stand.
struct Reader {
    places: BTreeMap<SpecPart, Span>,
}

impl Reader {
    fn texts(
        &mut self,
        fields: &mut Fields<'_, '_>,
        name: &'static str,
        part: impl Fn(usize) -> SpecPart,
        findings: &mut Findings,
    ) -> Vec<String> {
        let found = fields.texts(name, findings);
        self.places.extend(found.iter().enumerate().map(|(at, it)| (part(at), it.span)));
        found.into_iter().map(|it| it.text.to_owned()).collect()
    }

    /// A word, bare or in quotes: `column`, "800x600". Whoever draws knows which ones there are.
    fn word(
        &mut self,
        fields: &mut Fields<'_, '_>,
        name: &'static str,
        part: SpecPart,
        findings: &mut Findings,
    ) -> Option<String> {
        let value = &fields.take(name)?.value;
        let word = match &value.shape {
            Shape::Word(word) => (*word).to_owned(),
            Shape::Text(text) => text.to_string(),
            _ => {
                findings.wrong_type(value, name, "a word");
                return None;
            }
        };
        self.places.insert(part, value.span);
        Some(word)
    }

    fn pins(&mut self, values: &[Value<'_>], findings: &mut Findings) -> Vec<Place> {
        let mut found = Vec::new();
        for record in records(values, "pins", "(entity: \"russia\", x: 50, y: 20)", findings) {
            let mut fields = Fields::new(record, findings);
            let entity = fields.required("entity", "a pin", findings);
            let mut side = |name: &'static str| {
                if !record.fields.iter().any(|it| it.name == name) {
                    let help = Some(format!("add `{name}: …`, in per cent of the drawing"));
                    findings.report(record.span, Code::MissingField, format!("a pin lacks the field `{name}`"), help);
                }
                fields.number(name, findings)
            };
            let (x, y) = (side("x"), side("y"));
            let field = |name| record.fields.iter().find(|it| it.name == name);
            let place = field("x").filter(|_| x.is_some_and(|it| it > 100)).or_else(|| field("y"));
            let place = place.map_or(record.span, |it| it.name_span);
            fields.finish("a pin", findings);
            if let (Some(entity), Some(x), Some(y)) = (entity, x, y) {
                self.places.insert(SpecPart::PinEntity(found.len()), entity.span);
                self.places.insert(SpecPart::PinPlace(found.len()), place);
                found.push(Place { entity: entity.text.to_owned(), x, y });
            }
        }
        found
    }

    fn wordings(&mut self, values: &[Value<'_>], findings: &mut Findings) -> Vec<Wording> {
        let mut found = Vec::new();
        for record in records(values, "wordings", "(fact: \"a11\", text: \"…\")", findings) {
            let mut fields = Fields::new(record, findings);
            let fact = fields.required("fact", "a wording", findings);
            let text = fields.required("text", "a wording", findings);
            fields.finish("a wording", findings);
            if let (Some(fact), Some(text)) = (fact, text) {
                self.places.insert(SpecPart::WordingFact(found.len()), fact.span);
                self.places.insert(SpecPart::WordingText(found.len()), text.span);
                found.push(Wording { fact: fact.text.to_owned(), text: text.text.to_owned() });
            }
        }
        found
    }
}

/// Structs of a list; anything else is a finding.
fn records<'a, 's>(
    values: &'a [Value<'s>],
    field: &str,
    example: &str,
    findings: &mut Findings,
) -> Vec<&'a Record<'s>> {
    let all = values.iter().flat_map(as_list);
    all.filter_map(|value| match &value.shape {
        Shape::Struct(record) if record.name.is_empty() => Some(&**record),
        _ => {
            findings.wrong_type(value, field, &format!("records, as in `{example}`"));
            None
        }
    })
    .collect()
}
