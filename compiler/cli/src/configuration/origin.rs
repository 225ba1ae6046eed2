//! Where a value comes from, in words and as data.

use std::cell::RefCell;
use std::collections::BTreeMap;

use idpc_model::span::{FileId, Span};
use idpc_model::value::{Layer, Origin};
use idpc_syntax::ast::{Decl, DeclKind, Entry, EntryKind, Expr, ExprKind, SourceFile};
use serde_json::{Value, json};

use crate::project::Project;
use crate::render::{EMBEDDED, position};

/// Longer values are not repeated beside another one.
const LONGEST: usize = 40;

/// The origin of what nobody set.
pub(super) const UNSET: &str = "not set";

/// Puts origins into words; knows the text of every file.
pub struct Origins<'p> {
    project: &'p Project,
    /// The environment whose overlays are meant.
    environment: &'p str,
    parsed: RefCell<BTreeMap<FileId, SourceFile>>,
}

impl<'p> Origins<'p> {
    /// The origins of one environment.
    #[must_use]
    pub fn new(project: &'p Project, environment: &'p str) -> Self {
        Self { project, environment, parsed: RefCell::default() }
    }

    /// `overlay in prod, services/checkout/service.idp:28; default 20GiB from std:/kinds/postgres.idp:9`.
    #[must_use]
    pub fn sentence(&self, origin: &Origin) -> String {
        let place = self.place(origin.span);
        let mut text = match &origin.layer {
            Layer::Unset => return String::from(UNSET),
            // A record or map that a default writes out has entries of its own.
            Layer::Entry if place.starts_with(EMBEDDED) => format!("default, {place}"),
            Layer::Entry => place,
            Layer::Default(_) => format!("default, {place}"),
            Layer::Extension(_) => format!("extension, {place}"),
            Layer::Overlay => format!("overlay in {}, {place}", self.environment),
        };
        for (layer, span) in &origin.overridden {
            let Some(word) = word(layer) else { continue };
            let value = self.value(layer, *span).map_or_else(String::new, |value| format!(" {value}"));
            text = format!("{text}; {word}{value} from {}", self.place(*span));
        }
        text
    }

    /// The same as data.
    #[must_use]
    pub fn object(&self, origin: &Origin) -> Value {
        let overridden: Vec<Value> = origin
            .overridden
            .iter()
            .filter_map(|(layer, span)| {
                let mut object = self.setting(layer, *span)?;
                if let (Some(value), Some(fields)) = (self.value(layer, *span), object.as_object_mut()) {
                    fields.insert(String::from("text"), value.into());
                }
                Some(object)
            })
            .collect();
        let mut object = self.setting(&origin.layer, origin.span).unwrap_or_else(|| json!({ "layer": "unset" }));
        if let Some(fields) = object.as_object_mut() {
            fields.insert(String::from("overridden"), overridden.into());
        }
        object
    }

    fn setting(&self, layer: &Layer, span: Span) -> Option<Value> {
        let mut object = json!({ "layer": word(layer)? });
        let fields = object.as_object_mut()?;
        if let Layer::Default(schema) | Layer::Extension(schema) = layer {
            fields.insert(String::from("schema"), (&**schema).into());
        }
        if let Some((file, at)) = self.project.place(span) {
            fields.insert(String::from("file"), file.into());
            fields.insert(String::from("start"), position(at));
        }
        Some(object)
    }

    fn place(&self, span: Span) -> String {
        self.project.place(span).map_or_else(String::new, |(file, at)| format!("{file}:{}", at.line))
    }

    /// What was written there, if it is short.
    fn value(&self, layer: &Layer, span: Span) -> Option<String> {
        let (_, text) = self.project.host.file(span.file)?;
        let range = match layer {
            Layer::Default(_) | Layer::Extension(_) => span.range,
            // The origin of an entry is its path; the value stands behind it.
            Layer::Entry | Layer::Overlay => {
                let mut parsed = self.parsed.borrow_mut();
                let file = parsed.entry(span.file).or_insert_with(|| idpc_syntax::parse(text).source_file());
                file.decls.iter().find_map(|decl| in_declaration(decl, span))?.span
            }
            Layer::Unset => return None,
        };
        let value = text.get(usize::from(range.start())..usize::from(range.end()))?;
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        (!value.is_empty() && value.chars().count() <= LONGEST).then_some(value)
    }
}

fn word(layer: &Layer) -> Option<&'static str> {
    match layer {
        Layer::Unset => None,
        Layer::Default(_) => Some("default"),
        Layer::Extension(_) => Some("extension"),
        Layer::Entry => Some("entry"),
        Layer::Overlay => Some("overlay"),
    }
}

fn in_declaration(decl: &Decl, path: Span) -> Option<&Expr> {
    match &decl.kind {
        DeclKind::Instance(item) => in_entries(&item.entries, path),
        _ => None,
    }
}

/// The value that is set by the entry with this path.
fn in_entries(entries: &[Entry], wanted: Span) -> Option<&Expr> {
    entries.iter().filter(|entry| entry.span.contains_range(wanted.range)).find_map(|entry| match &entry.kind {
        EntryKind::Set { path, value } if path.span == wanted.range => Some(value),
        EntryKind::Set { value, .. } => match &value.kind {
            ExprKind::Record { entries, .. } => in_entries(entries, wanted),
            _ => None,
        },
        EntryKind::Amend { entries, .. } | EntryKind::In { entries, .. } => in_entries(entries, wanted),
        EntryKind::Bare(_) => None,
    })
}
