//! A refusal of the writer in words, for every front end.

use std::fmt;

/// A field of a schema, named as claims name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaPlace {
    /// The kind of the claims: `Bucket`.
    pub kind: String,
    /// The field, from the top of the claim.
    pub field: Vec<String>,
}

/// Why a build did not write, as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The permanent code.
    pub code: &'static str,
    /// One line, without a full stop.
    pub message: String,
    /// The field of a schema that it comes from, where a schema is to blame.
    pub about: Option<SchemaPlace>,
    /// What it concerns, one a line.
    pub details: Vec<String>,
    /// What to do about it, one a line.
    pub help: Vec<String>,
}

impl Notice {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), about: None, details: Vec::new(), help: Vec::new() }
    }

    pub(super) fn about(mut self, place: SchemaPlace) -> Self {
        self.about = Some(place);
        self
    }

    pub(super) fn details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error[{}]: {}", self.code, self.message)?;
        for detail in &self.details {
            write!(f, "\n  {detail}")?;
        }
        for help in &self.help {
            write!(f, "\n  = help: {help}")?;
        }
        Ok(())
    }
}
