//! What a place of a program ends in: a few lines of a file that was built of it.
//!
//! Builds nothing: files come in. Where no line can be told for sure, nothing is said.

use std::sync::Arc;

use idpc_emit::artifact::{Artifact, Life, Unit};
use idpc_emit::view::names::{camel, pascal};
use idpc_emit::view::need::{claim, path};
use idpc_model::model::Identity;
use idpc_model::source::FileView;
use idpc_model::value::{Field, Record, Value};
use idpc_syntax::ast::{EntryKind, InstanceDecl, TextSize};

use crate::cursor::{Cursor, Setting, Step, cursor};
use crate::effective::part;
use crate::excerpt::{Document, documents};
use crate::program::Program;

/// A few lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The file, below the output folder.
    pub path: String,
    /// Of which environment.
    pub environment: String,
    /// The lines: those that matter, and those that they stand in.
    pub lines: Vec<String>,
}

/// Longer files are left out, so that nobody waits.
const LARGEST: usize = 256 << 10;

/// What was built, for whoever looks for a place in it.
#[derive(Clone, Copy)]
pub struct Built<'b> {
    /// Where needs and resources were before.
    pub identities: &'b [Identity],
    /// The files that come of the declaration around the place.
    pub files: &'b [&'b Artifact],
}

/// What the place at an offset ends in: in the environment of the overlay around it, else in the last one.
#[must_use]
pub fn preview(program: Program<'_>, view: &FileView, offset: TextSize, built: Built<'_>) -> Option<Preview> {
    let (item, steps) = match cursor(&view.ast, offset)? {
        Cursor::Declaration(decl, _) => match &decl.kind {
            idpc_syntax::ast::DeclKind::Instance(item) => (item, Vec::new()),
            _ => return None,
        },
        // What an expression reads ends elsewhere.
        Cursor::Setting(Setting { read: Some((read, _)), .. }) if read.len() > 1 => return None,
        Cursor::Setting(Setting { item, steps, .. }) => (item, steps),
        _ => return None,
    };
    let only = overlay(item, offset);
    let environments = program.environments().iter().rev();
    environments.filter(|environment| only.is_none_or(|only| *only == ***environment)).find_map(|environment| {
        let record = program.record(&item.root.text, &item.name.text, environment)?;
        let found = within(built, item, environment);
        let lines = Place { item, steps: &steps, record: &record, identities: built.identities }.lines(&found)?;
        let (path, lines) = lines;
        Some(Preview { path, environment: environment.to_string(), lines })
    })
}

/// The first environment of the overlay around an offset.
fn overlay(item: &InstanceDecl, offset: TextSize) -> Option<&str> {
    item.entries.iter().find_map(|entry| match &entry.kind {
        EntryKind::In { envs, .. } if entry.span.contains_inclusive(offset) => {
            envs.first().map(|name| name.text.as_str())
        }
        _ => None,
    })
}

/// The objects in the files of an instance in an environment.
fn within(built: Built<'_>, item: &InstanceDecl, environment: &str) -> Vec<Document> {
    let own = built.files.iter().filter(|file| {
        let unit = match &file.unit {
            Unit::Service { env, name } => item.root.text == "service" && env == environment && *name == item.name.text,
            Unit::Resource { env, name } => {
                item.root.text == "resource" && env == environment && *name == item.name.text
            }
            _ => false,
        };
        unit && file.life == Life::Generated && file.text.len() <= LARGEST && file.path.as_str().ends_with(".yaml")
    });
    own.filter_map(|file| Some(documents(file.path.as_str(), &file.text.text().ok()?))).flatten().collect()
}

/// A place of an instance.
struct Place<'p> {
    item: &'p InstanceDecl,
    steps: &'p [Step<'p>],
    record: &'p Record,
    identities: &'p [Identity],
}

/// A path with some lines of the file there.
type Lines = (String, Vec<String>);

impl Place<'_> {
    fn lines(&self, found: &[Document]) -> Option<Lines> {
        let own = &self.item.name.text;
        match (self.item.root.text.as_str(), self.steps) {
            ("resource", []) => Some(object(found, &self.claim(None), self.record)?.head()),
            ("resource", [field]) => self.field(object(found, &self.claim(None), self.record)?, field.name),
            ("service", []) => Some(object(found, own, self.record)?.head()),
            ("service", [map, entry]) if map.name == "needs" => Some(self.need(found, entry.name)?.head()),
            ("service", [map, entry, field]) if map.name == "needs" => {
                self.field(self.need(found, entry.name)?, field.name)
            }
            ("service", [map, entry]) if map.name == "config" => {
                found.iter().find_map(|document| document.around(document.variable(entry.name)?))
            }
            ("service", [field]) => {
                let main = object(found, own, self.record);
                let others = found.iter().filter(|other| main.is_none_or(|main| !std::ptr::eq(*other, main)));
                main.into_iter().chain(others).find_map(|document| self.field(document, field.name))
            }
            _ => None,
        }
    }

    /// The name of the object that a need or the resource becomes.
    fn claim(&self, need: Option<&str>) -> String {
        claim(self.identities, &path(&self.item.name.text, need))
    }

    fn need<'d>(&self, found: &'d [Document], name: &str) -> Option<&'d Document> {
        let record = part(self.record, self.steps.get(..2)?)?.value.as_record()?;
        object(found, &self.claim(Some(name)), record)
    }

    fn field(&self, document: &Document, name: &str) -> Option<Lines> {
        document.around(line(document, name, part(self.record, self.steps)?)?)
    }
}

/// The object of a name, of several the one in which most fields of its record end; where there is none, something that
/// belongs to it.
fn object<'d>(found: &'d [Document], name: &str, record: &Record) -> Option<&'d Document> {
    let ends = |document: &Document| {
        let set = record.fields.iter().filter(|(_, field)| !matches!(field.value, Value::None | Value::Error));
        set.filter(|(name, field)| line(document, name, field).is_some()).count()
    };
    let belongs = |document: &&Document| {
        let rest = document.name.as_deref().and_then(|other| other.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with('-'))
    };
    let exact = found.iter().filter(|document| document.name.as_deref() == Some(name));
    // The first of equals.
    exact.rev().max_by_key(|document| ends(document)).or_else(|| found.iter().find(belongs))
}

/// The line of an object that a field ends in: its name is the field's, and so is its value where both are written alike.
fn line(document: &Document, name: &str, field: &Field) -> Option<usize> {
    let (own, ending) = (camel(name), pascal(name));
    let unit = |key: &str| {
        key.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
    };
    let ends = |key: &str| key.ends_with(ending.as_str());
    let value: Arc<str> = match &field.value {
        Value::Int(number) => number.to_string().into(),
        Value::Bool(truth) => truth.to_string().into(),
        Value::Str(text) => text.clone(),
        Value::Variant { name, .. } | Value::Ref { name, .. } => name.clone(),
        Value::Range(least, _) => {
            let least = least.to_string();
            return document.find(|key, value| (key == own || ends(key)) && value == least);
        }
        // A quantity is written in the reader's unit.
        Value::Quantity(_) => {
            let number = |value: &str| value.starts_with(|letter: char| letter.is_ascii_digit());
            let exact = document.find(|key, value| key == own && number(value));
            return exact.or_else(|| document.find(|key, value| unit(key) && number(value)));
        }
        _ => return None,
    };
    document.find(|key, found| (key == own || unit(key) || ends(key)) && found == &*value)
}
