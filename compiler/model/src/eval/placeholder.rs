//! A value for a field that is missing, so that somebody has only to fill it in.

use super::arena::Arena;
use crate::placeholder::{bound, plain};
use crate::refusal::refusal;
use crate::schema::SchemaField;
use crate::ty::Ty;
use crate::value::Value;

impl Arena<'_> {
    /// A value of the field's type as it is written; nothing where none is at hand.
    pub(super) fn placeholder(&self, field: &SchemaField) -> Option<String> {
        if let Some(bound) = bound(&field.ty) {
            return Some(bound.to_string());
        }
        match field.ty.core() {
            Ty::Money => Some(String::from("1EUR")),
            Ty::String | Ty::Scalar => {
                let text = Value::Str("TODO".into());
                refusal(&field.name, &text, &field.ty).is_none().then(|| text.to_string())
            }
            Ty::Ref(schema) => {
                let root = self.context.set.get(schema).map_or(&**schema, |schema| schema.root());
                self.context.index.of(root)?.keys().next().map(ToString::to_string)
            }
            _ => plain(&field.ty, self.context.set),
        }
    }
}
