//! Mappings of tables whose rows are entities.

use super::{Fields, Reader, Record, Shape};
use crate::diagnostic::Code;
use crate::model::{EntityKind, MappedChoice, MappedCode, MappedEntities, MappedName, MappedParent, NameKind};

/// What a further name can be; a code has a scheme, and stands in `codes`.
const KINDS_OF_NAMES: [NameKind; 4] = [NameKind::Alias, NameKind::Weak, NameKind::Demonym, NameKind::Metonym];

impl Reader<'_> {
    /// `(kind: …, id: …, name: "…", …)`.
    pub(super) fn entities(&mut self, record: &Record<'_>) -> Option<MappedEntities> {
        let mut fields = Fields::new(record, self.findings);
        let kind = match fields.take("kind") {
            Some(it) => self.choice(it, &EntityKind::ALL, EntityKind::as_str),
            None => {
                let help = Some("add `kind: organization`, or another, or a column of kinds".to_owned());
                let message = "a table of entities lacks the field `kind`".to_owned();
                self.findings.report(record.span, Code::MissingField, message, help);
                None
            }
        };
        let id = fields.take("id").and_then(|it| self.inner(it)).and_then(|it| self.code(it, "an id"));
        let name = fields.required("name", "a table of entities", self.findings).map(|it| self.note_column(it));
        let mut names = Vec::new();
        for value in fields.list("names") {
            match &value.shape {
                Shape::Text(_) => {
                    let column = self.findings.text(value, "names").map(|it| self.note_column(it));
                    names.extend(column.map(|column| MappedName {
                        column,
                        kind: NameKind::Alias,
                        lang: None,
                        script: None,
                        separator: None,
                    }));
                }
                Shape::Struct(record) => names.extend(self.further_name(record)),
                _ => self.findings.wrong_type(value, "names", "columns, or `Name(column: \"…\", …)`"),
            }
        }
        let part_of = fields.take("part_of").and_then(|it| self.inner(it)).and_then(|it| self.parent(it, "part_of"));
        let is_a = fields.take("is_a").and_then(|it| self.inner(it)).and_then(|it| self.parent(it, "is_a"));
        let codes =
            self.records(fields.list("codes"), "codes").into_iter().filter_map(|it| self.code(it, "a code")).collect();
        fields.finish("a table of entities", self.findings);
        let kind = kind.unwrap_or(MappedChoice { constant: None, column: None, values: Vec::new() });
        Some(MappedEntities { kind, id, name: name?, names, part_of, is_a, codes })
    }

    fn code(&mut self, record: &Record<'_>, of: &str) -> Option<MappedCode> {
        let mut fields = Fields::new(record, self.findings);
        let column = self.required_column(&mut fields, of);
        let scheme = fields.required("scheme", of, self.findings).map(|it| it.text.to_owned());
        fields.finish(of, self.findings);
        Some(MappedCode { column: column?, scheme: scheme? })
    }

    fn further_name(&mut self, record: &Record<'_>) -> Option<MappedName> {
        let mut fields = Fields::new(record, self.findings);
        let column = self.required_column(&mut fields, "a name");
        let kind = fields.word("kind", &KINDS_OF_NAMES, |it| it.as_str(), self.findings);
        let lang = self.text(&mut fields, "lang");
        let script = self.text(&mut fields, "script");
        let separator = self.text(&mut fields, "separator");
        fields.finish("a name", self.findings);
        Some(MappedName { column: column?, kind: kind.unwrap_or(NameKind::Alias), lang, script, separator })
    }

    fn parent(&mut self, record: &Record<'_>, of: &'static str) -> Option<MappedParent> {
        let mut fields = Fields::new(record, self.findings);
        let column = self.required_column(&mut fields, of);
        let scheme = self.text(&mut fields, "scheme");
        let mut values = Vec::new();
        for value in self.records(fields.list("values"), "values") {
            let mut inner = Fields::new(value, self.findings);
            let text = inner.required("text", "a value", self.findings);
            let entity = self.entity_fields(&mut inner);
            inner.finish("a value", self.findings);
            values.extend(text.map(|it| it.text.to_owned()).zip(entity));
        }
        fields.finish(format!("`{of}`"), self.findings);
        Some(MappedParent { column: column?, scheme, values })
    }
}
