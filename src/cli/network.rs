//! Options of `import` for networks, which say little about where they come from, and for FollowTheMoney without datasets.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::import::NetworkOptions;
use crate::model::{EntityKind, FlowEnd, Period, Vocabulary, nearest};

const SOURCE: &str = "Source (graphml, gexf, ftm without datasets)";
const NETWORK: &str = "Networks (graphml, gexf)";

/// What a file does not say itself.
#[derive(Args, Debug)]
pub(crate) struct NetworkArgs {
    /// Who claims what the file says, and published it; without it, the document itself, or "publisher of" it
    #[arg(long, value_name = "NAME", help_heading = SOURCE)]
    by: Option<String>,
    /// The title of the document; without it, the name of the file
    #[arg(long, value_name = "TITLE", help_heading = SOURCE)]
    document_title: Option<String>,
    /// When the document was published: 2024, 2024-05-29
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = SOURCE)]
    document_date: Option<String>,
    /// Where the document is to be had
    #[arg(long, value_name = "URL", help_heading = SOURCE)]
    document_address: Option<String>,
    /// The kind of a node that does not say its own
    #[arg(long, value_parser = PossibleValuesParser::new(EntityKind::ALL.map(EntityKind::as_str)), help_heading = NETWORK)]
    node_kind: Option<String>,
    /// The attribute that says the kind of a node; without it, `kind` or `type`
    #[arg(long, value_name = "ATTRIBUTE", help_heading = NETWORK)]
    kind_attribute: Option<String>,
    /// The attribute of an edge that names its own source, a document
    #[arg(long, value_name = "ATTRIBUTE", help_heading = NETWORK)]
    source_attribute: Option<String>,
    /// The kind of fact that edges are; without it, `relationship`, or `link` where they have no direction
    #[arg(long, value_name = "KIND", help_heading = NETWORK)]
    edge_kind: Option<String>,
}

fn date(text: &str) -> Result<String, String> {
    Period::parse(text).map(|it| it.edtf()).map_err(|error| error.to_string())
}

impl NetworkArgs {
    /// The options, for a format that takes them.
    ///
    /// # Errors
    ///
    /// What to tell a user whose options do not fit.
    pub(crate) fn read(&self, format: &str, vocabulary: &Vocabulary) -> Result<NetworkOptions, String> {
        let source = [
            ("--by", self.by.is_some()),
            ("--document-title", self.document_title.is_some()),
            ("--document-date", self.document_date.is_some()),
            ("--document-address", self.document_address.is_some()),
        ];
        let network = [
            ("--node-kind", self.node_kind.is_some()),
            ("--kind-attribute", self.kind_attribute.is_some()),
            ("--source-attribute", self.source_attribute.is_some()),
            ("--edge-kind", self.edge_kind.is_some()),
        ];
        let given = |options: &[(&'static str, bool)]| options.iter().find(|(_, is)| *is).map(|it| it.0);
        let is_network = matches!(format, "graphml" | "gexf");
        if let Some(option) = given(&network).filter(|_| !is_network) {
            return Err(format!("{option} is for graphml and gexf: {format} says that itself, or its mapping does"));
        }
        if let Some(option) = given(&source).filter(|_| !is_network && format != "ftm") {
            return Err(format!(
                "{option} is for graphml, gexf and ftm: {format} says that itself, or its mapping does"
            ));
        }
        if let Some(wanted) = &self.edge_kind {
            let Some(kind) = vocabulary.kind_ix(wanted).and_then(|it| vocabulary.kind(it)) else {
                let near = nearest(wanted, vocabulary.kinds.iter().map(|it| &*it.id));
                let near =
                    near.map_or_else(|| "see `purvey list kinds`".to_owned(), |it| format!("did you mean `{it}`?"));
                return Err(format!("there is no kind of fact `{wanted}`; {near}"));
            };
            let has = |end: FlowEnd| kind.roles.iter().any(|it| it.flow == Some(end));
            let others = kind.roles.iter().any(|it| it.required && it.flow == Some(FlowEnd::Object));
            if !has(FlowEnd::Source) || !has(FlowEnd::Target) || others {
                return Err(format!(
                    "a fact of the kind `{wanted}` is more than an edge between two: it needs other roles"
                ));
            }
        }
        Ok(NetworkOptions {
            by: self.by.clone(),
            document_title: self.document_title.clone(),
            document_date: self.document_date.clone(),
            document_address: self.document_address.clone(),
            node_kind: self.node_kind.as_deref().and_then(EntityKind::from_word),
            kind_attribute: self.kind_attribute.clone(),
            source_attribute: self.source_attribute.clone(),
            edge_kind: self.edge_kind.clone(),
        })
    }
}
