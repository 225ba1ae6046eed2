//! Paths meet schemas: what a place of a record may hold.

use std::sync::Arc;

use idpc_model::schema::{OutputDef, Schema, SchemaField, SchemaSet};
use idpc_model::ty::Ty;

use crate::cursor::Step;

/// A place by its path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Its declaration, unless it is an entry of a map or an output.
    pub(crate) field: Option<&'a SchemaField>,
    /// Its declaration, if it is an output.
    pub(crate) output: Option<&'a OutputDef>,
    /// Its type.
    pub(crate) ty: &'a Ty,
    /// The schema of the record that stands there.
    pub(crate) schema: Option<&'a Arc<Schema>>,
}

/// Walks from a schema along a path. `actual` tells the schema of the record after so many steps, where the type allows
/// several and the program does not say.
pub(crate) fn walk<'a>(
    set: &'a SchemaSet,
    start: &str,
    steps: &[Step<'_>],
    actual: &dyn Fn(usize) -> Option<Arc<str>>,
) -> Option<Place<'a>> {
    let mut schema = Some(set.get(start)?);
    let mut within: Option<&'a Ty> = None;
    let mut found = None;
    for (at, step) in steps.iter().enumerate() {
        let (field, output, ty) = match (within, schema) {
            (Some(Ty::Map { value, .. }), _) => (None, None, &**value),
            (_, Some(record)) => match (record.field(step.name), record.output(step.name)) {
                (Some(field), _) => (Some(field), None, &field.ty),
                (None, Some(output)) => (None, Some(output), &output.ty),
                (None, None) => return None,
            },
            _ => return None,
        };
        within = Some(ty.core());
        schema = match ty.core() {
            Ty::Schema(declared) => {
                let fits = |name: &str| set.get(name).filter(|schema| schema.is_a(declared));
                let written = step.schema.and_then(fits);
                let actual = || actual(at + 1).and_then(|name| fits(&name));
                written.or_else(actual).or_else(|| set.get(declared))
            }
            _ => None,
        };
        found = Some(Place { field, output, ty, schema });
    }
    found
}
