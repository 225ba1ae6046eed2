//! The type of a [`crate::node::Node`], against which a template is checked when it is loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What a template may expect at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything: can only be interpolated as a whole node.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole or decimal number.
    Number,
    /// Text.
    Text,
    /// A value that may be unset; must be guarded before use.
    Optional(Arc<Shape>),
    /// A list.
    List(Arc<Shape>),
    /// A map with keys that are data.
    Map(Arc<Shape>),
    /// A record with fixed fields.
    Record(Arc<BTreeMap<String, Shape>>),
}

impl Shape {
    /// A record of these fields.
    pub fn record<N: Into<String>>(fields: impl IntoIterator<Item = (N, Shape)>) -> Self {
        Self::Record(Arc::new(fields.into_iter().map(|(name, shape)| (name.into(), shape)).collect()))
    }

    /// A list of these.
    #[must_use]
    pub fn list(item: Shape) -> Self {
        Self::List(Arc::new(item))
    }

    /// A map to these.
    #[must_use]
    pub fn map(value: Shape) -> Self {
        Self::Map(Arc::new(value))
    }

    /// This, or unset.
    #[must_use]
    pub fn optional(self) -> Self {
        match self {
            Self::Optional(_) => self,
            other => Self::Optional(Arc::new(other)),
        }
    }

    /// The field `name` of a record.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Shape> {
        match self {
            Self::Record(fields) => fields.get(name),
            _ => None,
        }
    }

    /// This record with the field `name` set; anything else stays as it is.
    #[must_use]
    pub fn with_field(&self, name: &str, shape: Shape) -> Self {
        match self {
            Self::Record(fields) => {
                let mut fields = BTreeMap::clone(fields);
                fields.insert(name.to_owned(), shape);
                Self::Record(Arc::new(fields))
            }
            other => other.clone(),
        }
    }

    /// How an error message calls it.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Any => "a value of any form",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Optional(_) => "a value that may be unset",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Record(_) => "a record",
        }
    }
}

/// What one file of a target is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// A service in an environment.
    Service,
    /// A shared resource in an environment.
    Resource,
    /// An environment.
    Environment,
    /// A kind of resource in an environment.
    Kind,
    /// A service, once, for its code repository.
    Project,
    /// A code repository, once, whatever number of services it holds.
    Repository,
    /// The workspace, once.
    Workspace,
}

impl Per {
    /// All, in the order in which they are listed.
    pub const ALL: [Per; 7] =
        [Per::Service, Per::Resource, Per::Environment, Per::Kind, Per::Project, Per::Repository, Per::Workspace];

    /// The name in `target.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Resource => "resource",
            Self::Environment => "environment",
            Self::Kind => "kind",
            Self::Project => "project",
            Self::Repository => "repository",
            Self::Workspace => "workspace",
        }
    }
}

/// Knows the shapes of all data that templates read.
pub trait ShapeSource {
    /// The record that a file written for each `per` reads; `data` is not part of it.
    ///
    /// Files for which it is not known are left out.
    fn context(&self, per: Per) -> Option<Shape>;

    /// The resource kinds, sorted.
    fn kinds(&self) -> Vec<String>;

    /// The golden paths, sorted.
    fn paths(&self) -> Vec<String>;

    /// `schema` and the schemas that it builds on, nearest first.
    fn ancestors(&self, schema: &str) -> Vec<String>;

    /// The record `value` of a need of `kind`.
    fn need_value(&self, kind: &str) -> Option<Shape>;

    /// The record `service` of a service on the golden path `path`.
    fn service(&self, path: &str) -> Option<Shape>;
}
