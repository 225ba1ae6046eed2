//! A value for a field that is missing, so that somebody has only to fill it in.

use super::arena::Arena;
use crate::refusal::refusal;
use crate::schema::SchemaField;
use crate::ty::{Rule, Ty};
use crate::value::Value;

impl Arena<'_> {
    /// A value of the field's type as it is written; nothing where none is at hand.
    pub(super) fn placeholder(&self, field: &SchemaField) -> Option<String> {
        let bound = field.ty.refinements().into_iter().find_map(|refinement| match &refinement.rule {
            Rule::Between(low, _) => Some(low.clone()),
            Rule::OneOf(values) => values.first().cloned(),
            Rule::Matching(_) | Rule::Nonempty => None,
        });
        if let Some(bound) = bound {
            return Some(bound.to_string());
        }
        let text = match field.ty.core() {
            Ty::Bool => "false",
            Ty::Int | Ty::Number => "1",
            Ty::Range => "1..2",
            Ty::Duration => "1s",
            Ty::Size => "1GiB",
            Ty::Percent => "99%",
            Ty::Rate => "1rps",
            Ty::Money => "1EUR",
            Ty::String | Ty::Scalar => {
                let text = Value::Str("TODO".into());
                return refusal(&field.name, &text, &field.ty).is_none().then(|| text.to_string());
            }
            Ty::Union(values) => return values.first().map(Value::to_string),
            Ty::Enum(name) => {
                let definition = self.context.set.enumeration(name)?;
                return definition.variants.first().map(|(variant, _)| variant.to_string());
            }
            Ty::Ref(schema) => {
                let root = self.context.set.get(schema).map_or(&**schema, |schema| schema.root());
                return self.context.index.names(root).next().map(ToString::to_string);
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
