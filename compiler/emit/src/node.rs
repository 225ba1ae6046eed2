//! The data that templates read: a plain ordered tree.

use std::sync::Arc;

/// A value as a template sees it.
///
/// Numbers that are not integers are exact decimal text, since floats exist nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An unset optional value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact decimal number such as `0.001`.
    Decimal(Arc<str>),
    /// Text.
    Str(Arc<str>),
    /// A list in its own order.
    List(Arc<[Node]>),
    /// A record or map; keys in the order in which they are to be written.
    Map(Arc<[(Arc<str>, Node)]>),
}

impl Node {
    /// The field `name` of a map.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Node> {
        match self {
            Self::Map(entries) => entries.iter().find(|(key, _)| **key == *name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, if this is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&serde_json::Value> for Node {
    fn from(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Self::Int(value),
                None => Self::Decimal(number.to_string().into()),
            },
            Json::String(text) => Self::Str(text.as_str().into()),
            Json::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Json::Object(fields) => {
                Self::Map(fields.iter().map(|(name, value)| (name.as_str().into(), Self::from(value))).collect())
            }
        }
    }
}
