//! The fields of the record that is being written, like the parameters of a function.

use idpc_model::schema::Schema;
use idpc_model::source::FileView;
use idpc_syntax::ast::{Name, TextSize};
use std::sync::Arc;

use crate::program::Program;
use crate::slot::Slot;
use crate::trial::{STAND_IN, with_text};
use crate::walk::{Role, Walk};

/// The fields of a schema with the one that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The schema's name.
    pub schema: String,
    /// Its documentation.
    pub doc: Option<String>,
    /// Its fields: name, type, documentation.
    pub fields: Vec<(String, String, Option<String>)>,
    /// Which field is being written.
    pub active: Option<usize>,
}

/// The record that an offset is in.
#[must_use]
pub fn signature(program: Program<'_>, view: &FileView, text: &str, offset: TextSize) -> Option<Signature> {
    let before = text.get(..usize::from(offset))?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let mut found: Option<(Arc<Schema>, String)> = None;
    let mut visit = |slot: &Slot<'_>, name: &Name, _: Role| {
        let Slot::Key { holder, .. } = slot else { return };
        let Some(schema) = &holder.schema else { return };
        let start = usize::from(name.span.start());
        if start >= line && start < usize::from(offset) {
            found = Some((schema.clone(), name.text.clone()));
        }
    };
    Walk { program, view, visit: &mut visit }.file();
    // What was closed on this line is over.
    let rest = found.as_ref().and_then(|(_, name)| before.get(before.rfind(name.as_str())?..));
    if let Some((schema, name)) =
        found.filter(|_| rest.is_some_and(|rest| rest.contains('=') && !rest.contains(['}', ',', '{'])))
    {
        return Some(of(&schema, Some(&name)));
    }
    let trial = format!("{before}{STAND_IN}\n{}", text.get(usize::from(offset)..)?);
    let trial = with_text(view, &trial);
    let mut found: Option<Arc<Schema>> = None;
    let mut visit = |slot: &Slot<'_>, name: &Name, _: Role| {
        if let Slot::Key { holder, .. } = slot
            && name.text.ends_with(STAND_IN)
        {
            found.clone_from(&holder.schema);
        }
    };
    Walk { program, view: &trial, visit: &mut visit }.file();
    let schema = found?;
    Some(of(&schema, None))
}

fn of(schema: &Schema, active: Option<&str>) -> Signature {
    let fields = schema.fields.iter();
    let doc = |doc: &Option<Arc<str>>| doc.as_ref().map(ToString::to_string);
    Signature {
        schema: schema.name.to_string(),
        doc: doc(&schema.doc),
        fields: fields.map(|field| (field.name.to_string(), field.ty.to_string(), doc(&field.doc))).collect(),
        active: active.and_then(|name| schema.fields.iter().position(|field| *field.name == *name)),
    }
}
