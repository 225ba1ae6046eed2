//! Places of records as the types see them: what may be written there, and what a name leads to from there.

use std::sync::Arc;

use idpc_model::schema::Schema;
use idpc_model::ty::Ty;
use idpc_syntax::ast::{Entry, EntryKind, Expr, ExprKind, InstanceDecl};

use crate::program::Program;
use crate::thing::Thing;

/// A place with its type.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// The type, if it is known.
    pub(crate) ty: Ty,
    /// The schema of the record that stands there.
    pub(crate) schema: Option<Arc<Schema>>,
    /// The instance that it is in, and the way from there.
    pub(crate) within: Option<Within>,
}

/// A way into an instance.
#[derive(Clone, Debug)]
pub(crate) struct Within {
    pub(crate) root: String,
    pub(crate) instance: String,
    pub(crate) path: Vec<String>,
}

impl Spot {
    /// All of an instance.
    pub(crate) fn of_instance(program: Program<'_>, item: &InstanceDecl) -> Self {
        let schema = program.schema_of(item).cloned();
        let within = Within { root: item.root.text.clone(), instance: item.name.text.clone(), path: Vec::new() };
        Self { ty: Ty::Schema(item.root.text.as_str().into()), schema, within: Some(within) }
    }

    /// A record of a schema, whoever writes it.
    pub(crate) fn of_schema(schema: &Arc<Schema>) -> Self {
        Self { ty: Ty::Schema(schema.name.clone()), schema: Some(schema.clone()), within: None }
    }

    /// A place of a type.
    pub(crate) fn of_type(program: Program<'_>, ty: &Ty) -> Self {
        Self { ty: ty.clone(), schema: record_of(program, ty).cloned(), within: None }
    }

    /// The type of a map's values and the root of its keys, if it is a map.
    pub(crate) fn map(&self) -> Option<(Option<&Arc<str>>, &Ty)> {
        match self.ty.core() {
            Ty::Map { key, value } => Some((key.as_ref(), value)),
            _ => None,
        }
    }

    /// The place that a name leads to where a record is written, with what the name stands for. `kind` is the schema
    /// that the program writes for it.
    pub(crate) fn step(&self, program: Program<'_>, name: &str, kind: Option<&str>) -> Option<(Thing, Spot)> {
        let within = self.within.as_ref().map(|within| {
            let mut within = within.clone();
            within.path.push(name.to_owned());
            within
        });
        if let Some((key, value)) = self.map() {
            let thing = match (key, &within) {
                (Some(key), _) => Thing::Instance { root: program.root_of(key).to_owned(), name: name.to_owned() },
                (None, Some(within)) => Thing::Entry {
                    root: within.root.clone(),
                    instance: within.instance.clone(),
                    path: within.path.clone(),
                },
                (None, None) => return None,
            };
            let schema = record_of(program, value).map(|declared| {
                let written = kind.and_then(|kind| kind_of(program, kind, &declared.name));
                let actual = || within.as_ref().and_then(|within| written_kind(program, within, &declared.name));
                written.or_else(actual).unwrap_or(declared).clone()
            });
            return Some((thing, Spot { ty: value.clone(), schema, within }));
        }
        let schema = self.schema.as_ref()?;
        let field = schema.field(name)?;
        let thing = Thing::Field { schema: field.declared_in.to_string(), name: name.to_owned() };
        let record = record_of(program, &field.ty).map(|declared| {
            let written = kind.and_then(|kind| kind_of(program, kind, &declared.name));
            written.unwrap_or(declared).clone()
        });
        Some((thing, Spot { ty: field.ty.clone(), schema: record, within }))
    }

    /// The place at the end of a path.
    pub(crate) fn along(&self, program: Program<'_>, path: &[String]) -> Option<Spot> {
        path.iter().try_fold(self.clone(), |spot, name| Some(spot.step(program, name, None)?.1))
    }

    /// The place that a name leads to where a value is read: outputs and the fields behind references, too.
    pub(crate) fn read(&self, program: Program<'_>, name: &str) -> Option<(Thing, Spot)> {
        if self.map().is_some() {
            return self.step(program, name, None);
        }
        let behind = match self.ty.core() {
            Ty::Ref(schema) => program.set().get(schema),
            _ => self.schema.as_ref(),
        }?;
        if let Some(output) = behind.output(name).filter(|_| self.has_outputs()) {
            let first = behind
                .chain
                .iter()
                .rev()
                .find(|ancestor| program.set().get(ancestor).is_some_and(|schema| schema.output(name).is_some()));
            let schema = first.unwrap_or(&behind.name).to_string();
            return Some((Thing::Output { schema, name: name.to_owned() }, Spot::of_type(program, &output.ty)));
        }
        if let Some(field) = behind.field(name) {
            let thing = Thing::Field { schema: field.declared_in.to_string(), name: name.to_owned() };
            let within = self.within.as_ref().filter(|_| !matches!(self.ty.core(), Ty::Ref(_)));
            let within = within.map(|within| {
                let mut within = within.clone();
                within.path.push(name.to_owned());
                within
            });
            let mut spot = Spot::of_type(program, &field.ty);
            spot.within = within;
            return Some((thing, spot));
        }
        let named = behind.root() == &*behind.name || behind.chain.len() > 1;
        (name == "name" && named).then(|| (Thing::Special("name".into()), Spot::of_type(program, &Ty::String)))
    }

    /// Whether outputs may be read of it: an entry of a map.
    pub(crate) fn has_outputs(&self) -> bool {
        self.within.as_ref().is_none_or(|within| within.path.len() > 1)
    }
}

/// The schema that a type declares for a record.
pub(crate) fn record_of<'a>(program: Program<'a>, ty: &Ty) -> Option<&'a Arc<Schema>> {
    match ty.core() {
        Ty::Schema(name) => program.set().get(name),
        _ => None,
    }
}

/// The schema of a kind, or of the shared resource that is named instead.
fn kind_of<'a>(program: Program<'a>, kind: &str, ancestor: &str) -> Option<&'a Arc<Schema>> {
    if let Some(schema) = program.set().get(kind).filter(|schema| schema.is_a(ancestor)) {
        return Some(schema);
    }
    let (_, item) = program.instance(program.root_of(ancestor), kind)?;
    program.schema_of(item)
}

/// The kind that the instance itself writes at a place.
fn written_kind<'a>(program: Program<'a>, within: &Within, ancestor: &str) -> Option<&'a Arc<Schema>> {
    let (_, item) = program.instance(&within.root, &within.instance)?;
    let path: Vec<&str> = within.path.iter().map(String::as_str).collect();
    kind_of(program, kind_at(&item.entries, &path)?, ancestor)
}

/// The kind that some entries write at a path.
fn kind_at<'a>(entries: &'a [Entry], path: &[&str]) -> Option<&'a str> {
    entries.iter().find_map(|entry| match &entry.kind {
        EntryKind::Set { path: here, value } => {
            let rest = rest(path, here)?;
            if rest.is_empty() { kind_name(value) } else { kind_at(inner(value), rest) }
        }
        EntryKind::Amend { path: here, entries } => kind_at(entries, rest(path, here)?),
        EntryKind::Bare(_) | EntryKind::In { .. } => None,
    })
}

/// The name of the kind, or of the shared resource, that a value writes.
pub(crate) fn kind_name(value: &Expr) -> Option<&str> {
    match &value.kind {
        ExprKind::Record { schema: Some(schema), .. } => Some(&schema.text),
        ExprKind::Path(path) => match path.segments.as_slice() {
            [only] => Some(&only.text),
            _ => None,
        },
        _ => None,
    }
}

fn inner(value: &Expr) -> &[Entry] {
    match &value.kind {
        ExprKind::Record { entries, .. } => entries,
        _ => &[],
    }
}

fn rest<'p, 's>(path: &'p [&'s str], here: &idpc_syntax::ast::Path) -> Option<&'p [&'s str]> {
    let (start, rest) = path.split_at_checked(here.segments.len())?;
    start.iter().zip(&here.segments).all(|(a, b)| **a == *b.text).then_some(rest)
}
