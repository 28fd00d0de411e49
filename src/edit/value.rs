//! Values of RON to be written.

use crate::model::quoted;

/// A value.
///
/// ```
/// use purvey::edit::Ron;
///
/// let people = Ron::Group("Unnamed".to_owned(), vec![("of".to_owned(), Ron::text("msmt"))]);
/// assert_eq!(people.to_string(), r#"Unnamed(of: "msmt")"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ron {
    /// A string.
    Text(String),
    /// A bare word or a number.
    Word(String),
    /// A list.
    List(Vec<Ron>),
    /// Fields in brackets, perhaps with a name before them.
    Group(String, Vec<(String, Ron)>),
}

impl Ron {
    /// A string.
    pub fn text(text: impl Into<String>) -> Ron {
        Ron::Text(text.into())
    }

    /// One value as it is, several as a list.
    pub fn one_or_list(mut all: Vec<Ron>) -> Ron {
        match all.len() {
            1 => all.pop().unwrap_or(Ron::List(Vec::new())),
            _ => Ron::List(all),
        }
    }
}

impl std::fmt::Display for Ron {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Ron::Text(text) => out.write_str(&quoted(text)),
            Ron::Word(word) => out.write_str(word),
            Ron::List(all) => {
                out.write_str("[")?;
                for (at, it) in all.iter().enumerate() {
                    let comma = if at > 0 { ", " } else { "" };
                    write!(out, "{comma}{it}")?;
                }
                out.write_str("]")
            }
            Ron::Group(name, fields) => {
                write!(out, "{name}(")?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    let comma = if at > 0 { ", " } else { "" };
                    write!(out, "{comma}{name}: {value}")?;
                }
                out.write_str(")")
            }
        }
    }
}
