//! Mappings: a RON file that says what the columns of a table mean.

mod entities;

use std::path::Path;

use super::draft::{DraftFile, Field, Record, Shape, Value};
use super::fields::{Fields, Spanned, as_list};
use super::findings::Findings;
use super::{files, recover};
use crate::diagnostic::{Code, Diagnostic, FileId, SourceMap, Span};
use crate::model::{
    EntityKind, FlowEnd, Kind, MappedChoice, MappedDirection, MappedEntity, MappedFigure, MappedId, MappedPeriod,
    MappedRole, MappedSource, MappedWord, Outcome, Period, Stance, TableLayout, TableMapping, Vocabulary, is_slug,
    slug,
};

/// What reading a mapping gives.
#[derive(Debug)]
pub struct LoadedMapping {
    /// The mapping; `None` if a finding is an error.
    pub mapping: Option<TableMapping>,
    /// All findings, in the order of the file.
    pub findings: Vec<Diagnostic>,
    /// The text of the file, to show where findings stand.
    pub sources: SourceMap,
    columns: Vec<(String, Span)>,
}

impl LoadedMapping {
    /// A finding for each column that the mapping names and a table with these columns does not have.
    pub fn missing_columns(&self, header: &[String]) -> Vec<Diagnostic> {
        let mut findings = Findings::default();
        for (name, span) in self.columns.iter().filter(|(name, _)| !header.contains(name)) {
            let near = findings.nearest(name, header.iter().map(String::as_str));
            let help = near.unwrap_or_else(|| format!("it has {}", header.join(", ")));
            findings.report(*span, Code::UnknownColumn, format!("the table has no column `{name}`"), Some(help));
        }
        findings.into_sorted()
    }
}

/// Reads a mapping. What is wrong with the file is gathered and told all at once; kinds, roles, figures and units are those of
/// the vocabulary.
///
/// # Example
///
/// ```
/// use purvey::load::{load_mapping, load_vocabulary};
///
/// let file = tempfile::Builder::new().suffix(".ron").tempfile()?;
/// std::fs::write(file.path(), r#"(
///     source: (document: (id: "ledger"), by: (id: "auditor")),
///     kind: "payment",
///     roles: [Role(role: "payr", column: "From", kind: organization)],
/// )"#)?;
/// let loaded = load_mapping(file.path(), &load_vocabulary(&[]).0);
/// assert!(loaded.mapping.is_none());
/// assert_eq!(loaded.findings[0].help.as_deref(), Some("did you mean `payer`?"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn load_mapping(path: &Path, vocabulary: &Vocabulary) -> LoadedMapping {
    let mut findings = Findings::default();
    let mut sources = SourceMap::default();
    files::read_file(path, &mut sources, &mut findings, &mut |_, _| {});
    let file = FileId(0);
    let readable = sources.file(file).filter(|it| it.is_readable());
    let (mapping, columns) = match readable {
        Some(source) => {
            let draft = recover::read(file, source.text(), &mut findings);
            let mut reader = Reader { vocabulary, findings: &mut findings, columns: Vec::new() };
            (reader.mapping(file, draft), reader.columns)
        }
        None => Default::default(),
    };
    let mapping = (!findings.has_errors()).then_some(mapping);
    LoadedMapping { mapping, findings: findings.into_sorted(), sources, columns }
}

struct Reader<'r> {
    vocabulary: &'r Vocabulary,
    findings: &'r mut Findings,
    columns: Vec<(String, Span)>,
}

impl Reader<'_> {
    fn mapping(&mut self, file: FileId, draft: DraftFile<'_>) -> TableMapping {
        let span = draft.fields.first().map_or(Span { file, start: 0, end: 0 }, |it| it.name_span);
        let record = Record { name: "", span, fields: draft.fields };
        let mut fields = Fields::new(&record, self.findings);
        let layout = fields.take("table").and_then(|it| self.inner(it)).map(|it| self.layout(it)).unwrap_or_default();
        if let Some(it) = fields.take("entities") {
            let entities = self.inner(it).and_then(|it| self.entities(it));
            let ignore = self.column_list(&mut fields, "ignore");
            fields.finish("a mapping of entities", self.findings);
            return TableMapping { layout, entities, ignore, ..TableMapping::default() };
        }
        let source = match fields.take("source") {
            Some(it) => self.inner(it).map(|it| self.source(it)).unwrap_or_default(),
            None => {
                self.missing(span, "source", "(document: (id: \"…\"), by: (id: \"…\"))");
                MappedSource::default()
            }
        };
        let (kind, kinds) = match fields.take("kind") {
            Some(it) => self.kind(it),
            None => {
                self.missing(span, "kind", "\"…\"`, one of `purvey list kinds");
                Default::default()
            }
        };
        let id = fields.take("id").and_then(|it| self.inner(it)).map(|it| self.id(it)).unwrap_or_default();
        let roles: Vec<MappedRole> =
            self.records(fields.list("roles"), "roles").into_iter().filter_map(|it| self.role(it, &kinds)).collect();
        if roles.is_empty() && !self.findings.has_errors() {
            let spec = kinds.first().and_then(|it| it.roles.first());
            let role = spec.map_or("…", |it| self.vocabulary.role_name(it.role));
            let entity = spec.and_then(|it| it.accepts.iter().next()).unwrap_or_default();
            let example = format!("[Role(role: \"{role}\", column: \"…\", kind: {})]", entity.as_str());
            self.missing(span, "roles", &example);
        }
        self.check_required(span, &kinds, &roles);
        let direction = fields.take("direction");
        if let Some(it) = direction {
            self.check_ends(it.name_span, &roles, &kinds);
        }
        let direction = direction.and_then(|it| self.inner(it)).and_then(|it| self.direction(it));
        let period = fields.take("period").and_then(|it| self.inner(it)).and_then(|it| self.period(it));
        let figures = self
            .records(fields.list("figures"), "figures")
            .into_iter()
            .filter_map(|it| self.figure(it, &kinds))
            .collect();
        let outcome = fields.take("outcome").and_then(|it| self.choice(it, &Outcome::ALL, Outcome::as_str));
        let stance = fields.take("stance").and_then(|it| self.choice(it, &Stance::ALL, Stance::as_str));
        let made = fields.take("made").and_then(|it| self.inner(it)).and_then(|it| self.period(it));
        let scope = self.column(&mut fields, "scope");
        let ignore = self.column_list(&mut fields, "ignore");
        fields.finish("a mapping", self.findings);
        TableMapping {
            layout,
            source,
            kind,
            id,
            roles,
            direction,
            period,
            figures,
            outcome,
            stance,
            made,
            scope,
            ignore,
            entities: None,
        }
    }

    /// Every row of a table of one kind would be refused over a role that nothing fills.
    fn check_required(&mut self, span: Span, kinds: &[Kind], roles: &[MappedRole]) {
        let ([kind], false) = (kinds, self.findings.has_errors()) else { return };
        for spec in kind.roles.iter().filter(|it| it.required) {
            let name = self.vocabulary.role_name(spec.role);
            if roles.iter().any(|it| it.role == name) {
                continue;
            }
            let entity = spec.accepts.iter().next().unwrap_or_default().as_str();
            let help = format!(
                "add `Role(role: \"{name}\", column: \"…\", kind: {entity})` to `roles`, or with `constant: (id: \"…\")` in place of \
                 the column if it is the same in every row"
            );
            let message = format!("`{}` needs the role `{name}`, and no column is mapped to it", kind.id);
            self.findings.report(span, Code::MissingField, message, Some(help));
        }
    }

    fn missing(&mut self, span: Span, field: &str, example: &str) {
        let help = Some(format!("add `{field}: {example}`"));
        self.findings.report(span, Code::MissingField, format!("a mapping lacks the field `{field}`"), help);
    }

    /// The struct without a name that a field holds.
    fn inner<'a, 's>(&mut self, field: &'a Field<'s>) -> Option<&'a Record<'s>> {
        match &field.value.shape {
            Shape::Struct(record) if record.name.is_empty() => Some(record),
            _ => {
                self.findings.wrong_type(&field.value, field.name, "`(field: value, …)`");
                None
            }
        }
    }

    fn records<'a, 's>(&mut self, values: &'a [Value<'s>], field: &str) -> Vec<&'a Record<'s>> {
        let mut found = Vec::new();
        for value in values.iter().flat_map(as_list) {
            match &value.shape {
                Shape::Struct(record) => found.push(&**record),
                _ => self.findings.wrong_type(value, field, "records, as in `(column: \"…\", …)`"),
            }
        }
        found
    }

    fn text(&mut self, fields: &mut Fields<'_, '_>, name: &'static str) -> Option<String> {
        fields.text(name, self.findings).map(|it| it.text.to_owned())
    }

    fn texts(&mut self, fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<String> {
        fields.texts(name, self.findings).into_iter().map(|it| it.text.to_owned()).collect()
    }

    fn note_column(&mut self, it: Spanned<'_>) -> String {
        self.columns.push((it.text.to_owned(), it.span));
        it.text.to_owned()
    }

    fn column(&mut self, fields: &mut Fields<'_, '_>, name: &'static str) -> Option<String> {
        fields.text(name, self.findings).map(|it| self.note_column(it))
    }

    fn column_list(&mut self, fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<String> {
        fields.texts(name, self.findings).into_iter().map(|it| self.note_column(it)).collect()
    }

    fn required_column(&mut self, fields: &mut Fields<'_, '_>, of: &str) -> Option<String> {
        fields.required("column", of, self.findings).map(|it| self.note_column(it))
    }

    fn layout(&mut self, record: &Record<'_>) -> TableLayout {
        let mut fields = Fields::new(record, self.findings);
        let mut layout = TableLayout::default();
        let single = |reader: &mut Self, fields: &mut Fields<'_, '_>, name: &'static str| {
            let field = fields.take(name)?;
            match &field.value.shape {
                Shape::Text(text) if text.chars().count() == 1 => text.chars().next(),
                _ => {
                    reader.findings.wrong_type(&field.value, name, "one character in quotes");
                    None
                }
            }
        };
        let delimiter = single(self, &mut fields, "delimiter");
        layout.delimiter = delimiter.and_then(|it| u8::try_from(it).ok()).filter(u8::is_ascii);
        if delimiter.is_some() && layout.delimiter.is_none() {
            let help = Some("as in `delimiter: \";\"`".to_owned());
            self.findings.report(record.span, Code::WrongType, "`delimiter` is an ASCII character".to_owned(), help);
        }
        layout.encoding = self.text(&mut fields, "encoding");
        layout.skip = fields.number("skip", self.findings).unwrap_or_default();
        layout.header = fields.boolean("header", self.findings).unwrap_or(true);
        layout.blanks = self.texts(&mut fields, "blanks");
        layout.decimal = single(self, &mut fields, "decimal");
        layout.thousands = single(self, &mut fields, "thousands");
        let decimal = layout.decimal.unwrap_or('.');
        if layout.thousands == Some(decimal) {
            let message = format!("`{decimal}` cannot be the decimal mark and group digits");
            self.findings.report(record.span, Code::WrongType, message, None);
        }
        fields.finish("`table`", self.findings);
        layout
    }

    fn source(&mut self, record: &Record<'_>) -> MappedSource {
        let mut fields = Fields::new(record, self.findings);
        let mut source = MappedSource::default();
        match fields.take("document").map(|it| self.inner(it)) {
            Some(found) => source.document = found.and_then(|it| self.entity(it)).unwrap_or_default(),
            None => self.missing(record.span, "document", "(id: \"…\", name: \"…\")"),
        }
        source.title = self.text(&mut fields, "title");
        source.publisher = fields.take("publisher").and_then(|it| self.inner(it)).and_then(|it| self.entity(it));
        source.date = fields.text("date", self.findings).and_then(|it| {
            let problem = Period::parse(it.text).err();
            if let Some(error) = &problem {
                self.findings.report(it.span, Code::PeriodUnclear, error.kind.problem(), Some(error.kind.help()));
            }
            problem.is_none().then(|| it.text.to_owned())
        });
        source.address = self.text(&mut fields, "address");
        source.by = fields.take("by").and_then(|it| self.inner(it)).and_then(|it| self.entity(it));
        source.by_column = self.column(&mut fields, "by_column");
        source.by_kind = fields.word("by_kind", &EntityKind::ALL, |it| it.as_str(), self.findings);
        fields.finish("`source`", self.findings);
        if source.by.is_none() && source.publisher.is_none() && !self.findings.has_errors() {
            let message = "nobody is named who says what the table says".to_owned();
            let help = Some("add `by: (id: \"…\")` or a `publisher`".to_owned());
            self.findings.report(record.span, Code::NoClaim, message, help);
        }
        source
    }

    /// `(id: "acme", name: "ACME", kind: organization)`.
    fn entity(&mut self, record: &Record<'_>) -> Option<MappedEntity> {
        let mut fields = Fields::new(record, self.findings);
        let found = self.entity_fields(&mut fields);
        fields.finish("an entity of a mapping", self.findings);
        found
    }

    fn entity_fields(&mut self, fields: &mut Fields<'_, '_>) -> Option<MappedEntity> {
        let id = fields.required("id", "an entity of a mapping", self.findings);
        let name = self.text(fields, "name");
        let kind = fields.word("kind", &EntityKind::ALL, |it| it.as_str(), self.findings);
        let id = id?;
        if !is_slug(id.text) {
            let help = Some(format!("ids are lower-case letters, digits and hyphens: `{}`", slug(id.text)));
            self.findings.report(id.span, Code::NotASlug, format!("`{}` is no id", id.text), help);
            return None;
        }
        Some(MappedEntity { id: id.text.to_owned(), name, kind })
    }

    fn known_kind(&mut self, it: Spanned<'_>) -> Option<Kind> {
        let found = self.vocabulary.kind_ix(it.text).and_then(|ix| self.vocabulary.kind(ix)).cloned();
        if found.is_none() {
            let near = self.findings.nearest(it.text, self.vocabulary.kinds.iter().map(|it| &*it.id));
            let help = near.or_else(|| Some("one of `purvey list kinds`, or your own with --vocabulary".to_owned()));
            let message = format!("unknown kind of fact `{}`", it.text);
            self.findings.report(it.span, Code::UnknownKind, message, help);
        }
        found
    }

    /// A word, or a column with the word for each of its texts; with it the kinds that may come.
    fn kind(&mut self, field: &Field<'_>) -> (MappedWord, Vec<Kind>) {
        let Shape::Struct(record) = &field.value.shape else {
            let text = self.findings.text(&field.value, "kind");
            let kind = text.and_then(|it| self.known_kind(it));
            let constant = kind.as_ref().map(|it| it.id.to_string());
            return (MappedWord { constant, ..MappedWord::default() }, kind.into_iter().collect());
        };
        let mut fields = Fields::new(record, self.findings);
        let column = self.required_column(&mut fields, "a column of kinds");
        let otherwise = fields.text("otherwise", self.findings).and_then(|it| self.known_kind(it));
        let mut kinds: Vec<Kind> = Vec::new();
        let mut values = Vec::new();
        for (text, is) in self.pairs(fields.list("values")) {
            if let Some(kind) = self.known_kind(is) {
                values.push((text, kind.id.to_string()));
                kinds.push(kind);
            }
        }
        fields.finish("`kind`", self.findings);
        let constant = otherwise.as_ref().map(|it| it.id.to_string());
        kinds.extend(otherwise);
        (MappedWord { constant, column, values }, kinds)
    }

    /// `(text: "sale", is: "supply")`.
    fn pairs<'a>(&mut self, values: &'a [Value<'_>]) -> Vec<(String, Spanned<'a>)> {
        let mut found = Vec::new();
        for record in self.records(values, "values") {
            let mut fields = Fields::new(record, self.findings);
            let text = fields.required("text", "a value", self.findings);
            let is = fields.required("is", "a value", self.findings);
            fields.finish("a value", self.findings);
            found.extend(text.zip(is).map(|(text, is)| (text.text.to_owned(), is)));
        }
        found
    }

    fn id(&mut self, record: &Record<'_>) -> MappedId {
        let mut fields = Fields::new(record, self.findings);
        let prefix = fields.text("prefix", self.findings);
        if let Some(it) = prefix.filter(|it| !is_slug(it.text)) {
            let help = Some(format!("`{}` is one", slug(it.text)));
            self.findings.report(it.span, Code::NotASlug, format!("`{}` is no id", it.text), help);
        }
        let columns = self.column_list(&mut fields, "columns");
        fields.finish("`id`", self.findings);
        MappedId { prefix: prefix.map(|it| it.text.to_owned()), columns }
    }

    fn role(&mut self, record: &Record<'_>, kinds: &[Kind]) -> Option<MappedRole> {
        let mut fields = Fields::new(record, self.findings);
        let role = fields.required("role", "a role", self.findings);
        let mut it = MappedRole { column: self.column(&mut fields, "column"), ..MappedRole::default() };
        let kind = fields.word("kind", &EntityKind::ALL, |it| it.as_str(), self.findings);
        let inner = |reader: &mut Self, fields: &mut Fields<'_, '_>, name: &'static str| {
            fields.take(name).and_then(|it| reader.inner(it)).and_then(|it| reader.entity(it))
        };
        it.constant = inner(self, &mut fields, "constant");
        for value in self.records(fields.list("values"), "values") {
            let mut inner = Fields::new(value, self.findings);
            let text = inner.required("text", "a value", self.findings);
            let entity = self.entity_fields(&mut inner);
            inner.finish("a value", self.findings);
            it.values.extend(text.map(|it| it.text.to_owned()).zip(entity));
        }
        it.id_column = self.column(&mut fields, "id_column");
        it.scheme = self.text(&mut fields, "scheme");
        it.is_a = inner(self, &mut fields, "is_a");
        it.unnamed = self.texts(&mut fields, "unnamed");
        it.unnamed_of = inner(self, &mut fields, "unnamed_of");
        it.separator = self.text(&mut fields, "separator");
        fields.finish("a role", self.findings);
        let mut report = |message: String, help: &str| {
            self.findings.report(record.span, Code::MissingField, message, Some(help.to_owned()));
        };
        if it.column.is_none() && it.constant.is_none() && it.id_column.is_none() {
            report(
                "a role lacks the field `column`".to_owned(),
                "add `column: \"…\"`, an `id_column` of a table of entities, or `constant: (id: \"…\")`",
            );
        }
        if it.column.is_none() && it.id_column.is_some() && it.scheme.is_none() {
            report(
                "a role with an `id_column` alone lacks the field `scheme`".to_owned(),
                "add the `scheme` that the table of entities gives its ids",
            );
        }
        if !it.unnamed.is_empty() && it.unnamed_of.is_none() {
            report(
                "`unnamed` without `unnamed_of`: it is not said what group an unnamed participant is one of".to_owned(),
                "add `unnamed_of: (id: \"…\", name: \"…\")`",
            );
        }
        if it.column.is_some() && !record.fields.iter().any(|it| it.name == "kind") {
            report("a role with a column lacks the field `kind`".to_owned(), "add `kind: organization`, or another");
        }
        it.kind = kind.or_else(|| it.constant.as_ref().and_then(|it| it.kind)).unwrap_or_default();
        let role = role?;
        // Whom an id means, and of which kind that is, a table of entities says.
        let by_id = kind.is_none() && it.column.is_none() && it.constant.is_none();
        self.check_role(role, kinds, (!by_id).then_some(it.kind), it.separator.is_some());
        it.role = role.text.to_owned();
        Some(it)
    }

    fn check_role(&mut self, role: Spanned<'_>, kinds: &[Kind], entity: Option<EntityKind>, separated: bool) {
        if kinds.is_empty() {
            return;
        }
        let ix = self.vocabulary.role_ix(role.text);
        let specs: Vec<_> = kinds.iter().filter_map(|kind| ix.and_then(|it| kind.role(it))).collect();
        let ids = || kinds.iter().map(|it| format!("`{}`", it.id)).collect::<Vec<_>>().join(" and ");
        if specs.is_empty() {
            let known: Vec<&str> =
                kinds.iter().flat_map(|it| &it.roles).map(|it| self.vocabulary.role_name(it.role)).collect();
            let near = self.findings.nearest(role.text, known.iter().copied());
            let help = near.unwrap_or_else(|| format!("it has the roles {}", known.join(", ")));
            let message = format!("{} has no role `{}`", ids(), role.text);
            self.findings.report(role.span, Code::UnknownRole, message, Some(help));
        } else if let Some(entity) = entity.filter(|entity| !specs.iter().any(|it| it.accepts.contains(*entity))) {
            let accepts: Vec<&str> = specs.iter().flat_map(|it| it.accepts.iter()).map(EntityKind::as_str).collect();
            let message = format!("`{}` does not take entities of the kind {}", role.text, entity.as_str());
            let help = Some(format!("it takes {}", accepts.join(", ")));
            self.findings.report(role.span, Code::WrongKind, message, help);
        } else if separated && specs.iter().all(|it| it.flow.is_some()) {
            let message = format!("`{}` is an end of the flow and takes one participant", role.text);
            let help = Some("leave out `separator`: one row is one fact".to_owned());
            self.findings.report(role.span, Code::TwoLists, message, help);
        }
    }

    /// With a direction source and target change places, so both must be there.
    fn check_ends(&mut self, span: Span, roles: &[MappedRole], kinds: &[Kind]) {
        if self.findings.has_errors() {
            return;
        }
        for kind in kinds {
            for end in [FlowEnd::Source, FlowEnd::Target] {
                let spec = kind.roles.iter().find(|it| it.flow == Some(end));
                let name = spec.map(|it| self.vocabulary.role_name(it.role));
                if name.is_some_and(|name| roles.iter().any(|it| it.role == name)) {
                    continue;
                }
                let message = format!("`direction` needs a role for the {} of `{}`", end.as_str(), kind.id);
                let help = match name {
                    Some(name) => format!("add `Role(role: \"{name}\", …)`"),
                    None => format!("`{}` has none: leave out `direction`", kind.id),
                };
                self.findings.report(span, Code::MissingField, message, Some(help));
            }
        }
    }

    fn direction(&mut self, record: &Record<'_>) -> Option<MappedDirection> {
        let mut fields = Fields::new(record, self.findings);
        let column = self.required_column(&mut fields, "`direction`");
        let forward = self.texts(&mut fields, "forward");
        let backward = self.texts(&mut fields, "backward");
        fields.finish("`direction`", self.findings);
        Some(MappedDirection { column: column?, forward, backward })
    }

    fn period(&mut self, record: &Record<'_>) -> Option<MappedPeriod> {
        let mut fields = Fields::new(record, self.findings);
        let column = self.required_column(&mut fields, "a period");
        let to = self.column(&mut fields, "to");
        let mut formats = Vec::new();
        for format in fields.texts("formats", self.findings) {
            match unknown_part(format.text) {
                None => formats.push(format.text.to_owned()),
                Some(part) => {
                    let help = Some("%Y, %y, %m, %d, %B and %b stand for parts of a date".to_owned());
                    let message = format!("`{part}` is no part of a date");
                    self.findings.report(format.span, Code::UnknownWord, message, help);
                }
            }
        }
        let uncertain = self.texts(&mut fields, "uncertain");
        let approximate = self.texts(&mut fields, "approximate");
        let inferred = fields.boolean("inferred", self.findings).unwrap_or(false);
        fields.finish("a period", self.findings);
        Some(MappedPeriod { column: column?, to, formats, uncertain, approximate, inferred })
    }

    fn unit(&mut self, it: Spanned<'_>) -> String {
        let terms = &self.vocabulary.terms;
        if terms.unit_ix(it.text).is_none() {
            let near = self.findings.nearest(it.text, terms.units().iter().map(|it| &*it.id));
            let help = near.or_else(|| Some("one of `purvey list units`, or your own with --vocabulary".to_owned()));
            self.findings.report(it.span, Code::UnknownUnit, format!("unknown unit `{}`", it.text), help);
        }
        it.text.to_owned()
    }

    fn figure(&mut self, record: &Record<'_>, kinds: &[Kind]) -> Option<MappedFigure> {
        let mut fields = Fields::new(record, self.findings);
        let figure = fields.text("figure", self.findings);
        let column = self.required_column(&mut fields, "a figure");
        let to = self.column(&mut fields, "to");
        let unit = fields.text("unit", self.findings).map(|it| self.unit(it));
        let unit_column = self.column(&mut fields, "unit_column");
        let units = self.pairs(fields.list("units")).into_iter().map(|(text, is)| (text, self.unit(is))).collect();
        let mut hedges = Vec::new();
        for hedge in self.records(fields.list("hedges"), "hedges") {
            let mut inner = Fields::new(hedge, self.findings);
            let mark = inner.required("mark", "a hedge", self.findings);
            let words = inner.required("words", "a hedge", self.findings);
            inner.finish("a hedge", self.findings);
            if let Some(words) = words.filter(|it| !it.text.contains("{}")) {
                let help = Some("as in `words: \"about {}\"`".to_owned());
                let message = format!("`{}` has no `{{}}`, where the number stands", words.text);
                self.findings.report(words.span, Code::UnknownWord, message, help);
            }
            hedges.extend(mark.zip(words).map(|(mark, words)| (mark.text.to_owned(), words.text.to_owned())));
        }
        let hedge_column = self.column(&mut fields, "hedge_column");
        fields.finish("a figure", self.findings);
        if to.is_some() && (hedge_column.is_some() || !hedges.is_empty()) {
            let help = Some("leave out one of the two".to_owned());
            self.findings.report(record.span, Code::WrongType, "a range (`to`) takes no hedges".to_owned(), help);
        }
        if let Some(it) =
            figure.filter(|it| !kinds.is_empty() && !kinds.iter().any(|kind| kind.figure(it.text).is_some()))
        {
            let known: Vec<&str> = kinds.iter().flat_map(|it| &it.figures).map(|it| &*it.name).collect();
            let near = self.findings.nearest(it.text, known.iter().copied());
            let help = near.unwrap_or_else(|| format!("there is {}", known.join(", ")));
            self.findings.report(it.span, Code::UnknownRole, format!("there is no figure `{}`", it.text), Some(help));
        } else if figure.is_none() && !kinds.is_empty() && kinds.iter().all(|it| it.figures.is_empty()) {
            self.findings.report(record.span, Code::UnknownRole, "this kind has no figures".to_owned(), None);
        }
        let figure = figure.map_or(String::new(), |it| it.text.to_owned());
        Some(MappedFigure { figure, column: column?, to, unit, unit_column, units, hedges, hedge_column })
    }

    fn choice<T: Copy>(
        &mut self,
        field: &Field<'_>,
        all: &[T],
        as_str: impl Fn(T) -> &'static str,
    ) -> Option<MappedChoice<T>> {
        let Shape::Struct(record) = &field.value.shape else {
            let constant = self.findings.word(&field.value, field.name, all, |it| as_str(*it));
            return Some(MappedChoice { constant, column: None, values: Vec::new() });
        };
        let mut fields = Fields::new(record, self.findings);
        let column = self.required_column(&mut fields, "a choice");
        let mut values = Vec::new();
        for value in self.records(fields.list("values"), "values") {
            let mut inner = Fields::new(value, self.findings);
            let text = inner.required("text", "a value", self.findings);
            let is = inner.word("is", all, |it| as_str(*it), self.findings);
            inner.finish("a value", self.findings);
            values.extend(text.map(|it| it.text.to_owned()).zip(is));
        }
        let constant = fields.word("otherwise", all, |it| as_str(*it), self.findings);
        fields.finish("a choice", self.findings);
        Some(MappedChoice { constant, column, values })
    }
}

/// The first `%x` that is no part of a date.
fn unknown_part(format: &str) -> Option<String> {
    let mut parts = format.split('%').skip(1).map(|it| it.chars().next());
    parts.find_map(|part| match part {
        Some('Y' | 'y' | 'm' | 'd' | 'B' | 'b') => None,
        other => Some(format!("%{}", other.map_or(String::new(), String::from))),
    })
}
