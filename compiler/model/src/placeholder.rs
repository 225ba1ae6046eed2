//! Values that stand in for one that somebody has still to choose.

use crate::schema::SchemaSet;
use crate::ty::{Rule, Ty};
use crate::value::Value;

/// The least value, or the first, that the refinements of a type name.
#[must_use]
pub fn bound(ty: &Ty) -> Option<Value> {
    ty.refinements().into_iter().find_map(|refinement| match &refinement.rule {
        Rule::Between(low, _) => Some(low.clone()),
        Rule::OneOf(values) => values.first().cloned(),
        Rule::Matching(_) | Rule::Nonempty => None,
    })
}

/// A value of a type as it is written, whatever its refinements; nothing where only a text, a name, a sum or a record fits.
#[must_use]
pub fn plain(ty: &Ty, set: &SchemaSet) -> Option<String> {
    let text = match ty.core() {
        Ty::Bool => "false",
        Ty::Int | Ty::Number => "1",
        Ty::Range => "1..2",
        Ty::Duration => "1s",
        Ty::Size => "1GiB",
        Ty::Percent => "99%",
        Ty::Rate => "1rps",
        Ty::Union(values) => return values.first().map(Value::to_string),
        Ty::Enum(name) => return Some(set.enumeration(name)?.variants.first()?.0.to_string()),
        _ => return None,
    };
    Some(text.to_owned())
}
