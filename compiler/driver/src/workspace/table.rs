//! Reads typed fields out of a TOML table, and complains about all that is wrong at once.

use std::ops::Range;

use idpc_model::suggest::{nearest, one_of};
use toml::de::{DeTable, DeValue};

use crate::code;

use super::error::ManifestError;

/// A value with the bytes it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands in its file.
    pub span: Range<usize>,
}

/// The name of the manifest of a workspace.
pub const MANIFEST: &str = "idp.toml";

/// A finding about a place in `idp.toml`.
pub(super) fn wrong(code: &'static str, span: Range<usize>, message: impl Into<String>) -> ManifestError {
    ManifestError::new(code, MANIFEST, span, message)
}

/// A table of which every key must be known.
pub(super) struct Table<'t, 'i> {
    name: &'static str,
    /// The place of its header.
    span: Range<usize>,
    entries: &'t DeTable<'i>,
}

impl<'t, 'i> Table<'t, 'i> {
    /// The whole file.
    pub(super) fn root(entries: &'t DeTable<'i>) -> Self {
        Self { name: "", span: 0..0, entries }
    }

    /// A table inside the part of this name.
    pub(super) fn inner(name: &'static str, span: Range<usize>, entries: &'t DeTable<'i>) -> Self {
        Self { name, span, entries }
    }

    /// Where the table begins.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Its keys with their values.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'t str, Range<usize>, &'t DeValue<'i>)> {
        self.entries.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value.get_ref()))
    }

    /// Complains about keys that are not among the known ones.
    pub(super) fn only(&self, known: &[&str], errors: &mut Vec<ManifestError>) {
        for (key, span, _) in self.entries().filter(|(key, ..)| !known.contains(key)) {
            let what = if self.name.is_empty() {
                "a part of `idp.toml`".to_owned()
            } else {
                format!("a key of `[{}]`", self.name)
            };
            let error = wrong(code::UNKNOWN_KEY, span, format!("`{key}` is not {what}"));
            let names: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
            errors.push(match nearest(key, known.iter().copied()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("expected {}", one_of(&names))),
            });
        }
    }

    /// A table in this one.
    pub(super) fn table(&self, name: &'static str, errors: &mut Vec<ManifestError>) -> Option<Table<'t, 'i>> {
        let (_, span, value) = self.entries().find(|(key, ..)| *key == name)?;
        match value {
            DeValue::Table(entries) => Some(Table { name, span, entries }),
            other => {
                errors.push(mismatch(name, span, "a table", other));
                None
            }
        }
    }

    /// A text that is not empty.
    pub(super) fn text(&self, name: &str, errors: &mut Vec<ManifestError>) -> Option<Located<String>> {
        let (key, value) = self.entries.iter().find(|(key, _)| key.get_ref() == name)?;
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                errors.push(wrong(code::EMPTY_VALUE, value.span(), format!("`{name}` is empty")));
                None
            }
            DeValue::String(text) => Some(Located { value: text.to_string(), span: value.span() }),
            other => {
                errors.push(mismatch(key.get_ref(), value.span(), "a text", other));
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, name: &str, errors: &mut Vec<ManifestError>) -> Option<Located<bool>> {
        let (key, value) = self.entries.iter().find(|(key, _)| key.get_ref() == name)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(Located { value: *flag, span: value.span() }),
            other => {
                errors.push(mismatch(key.get_ref(), value.span(), "a boolean", other));
                None
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self, name: &str, errors: &mut Vec<ManifestError>) -> Option<Located<Vec<Located<String>>>> {
        let (_, value) = self.entries.iter().find(|(key, _)| key.get_ref() == name)?;
        let DeValue::Array(items) = value.get_ref() else {
            errors.push(mismatch(name, value.span(), "a list of texts", value.get_ref()));
            return None;
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => texts.push(Located { value: text.to_string(), span: item.span() }),
                other => errors.push(mismatch(name, item.span(), "a list of texts", other)),
            }
        }
        Some(Located { value: texts, span: value.span() })
    }
}

/// A value of another type than its key takes.
pub(super) fn mismatch(name: &str, span: Range<usize>, wanted: &str, found: &DeValue<'_>) -> ManifestError {
    let kind = match found {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    wrong(code::WRONG_TYPE, span, format!("`{name}` must be {wanted}, and this is {kind}"))
}
