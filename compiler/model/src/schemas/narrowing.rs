//! Whether a refinement of a field only takes values away.

use std::cmp::Ordering;

use regex::Regex;

use crate::schema::SchemaSet;
use crate::ty::{Rule, Ty};
use crate::value::Value;

/// How a new type of an inherited field relates to the old one.
pub(super) enum Relation {
    /// It only takes values away.
    Narrower,
    /// It allows something that was not allowed.
    Wider(String),
    /// It is another type.
    Other,
    /// It leaves nothing.
    Empty,
}

/// Compares the written types, parents' refinements included.
pub(super) fn relation(new: &Ty, old: &Ty, set: &SchemaSet) -> Relation {
    if matches!(new.core(), Ty::Unknown) || matches!(old.core(), Ty::Unknown) {
        return Relation::Narrower;
    }
    if new.is_optional() && !old.is_optional() {
        return Relation::Wider("`none` was not allowed".to_owned());
    }
    if let (Ty::Union(new), Ty::Union(old)) = (new.core(), old.core())
        && let Some(value) = new.iter().find(|item| !old.iter().any(|known| known.same(item)))
    {
        let any = new.iter().any(|item| old.iter().any(|known| known.same(item)));
        return if any { Relation::Wider(format!("`{value}` was not allowed")) } else { Relation::Empty };
    }
    if !core_fits(new.core(), old.core(), set) {
        return Relation::Other;
    }
    for rule in new.refinements().iter().map(|refinement| &refinement.rule) {
        for earlier in old.refinements().iter().map(|refinement| &refinement.rule) {
            match compare(rule, earlier) {
                Relation::Narrower => {}
                other => return other,
            }
        }
    }
    Relation::Narrower
}

fn core_fits(new: &Ty, old: &Ty, set: &SchemaSet) -> bool {
    match (new, old) {
        (Ty::Schema(a), Ty::Schema(b)) => set.is_a(a, b) || a == b,
        (Ty::Union(a), Ty::Union(b)) => a.iter().all(|item| b.iter().any(|known| known.same(item))),
        (Ty::Union(a), Ty::String) => a.iter().all(|item| matches!(item, Value::Str(_))),
        (Ty::Union(a), Ty::Int) => a.iter().all(|item| matches!(item, Value::Int(_))),
        (Ty::List(a), Ty::List(b)) | (Ty::Secret(a), Ty::Secret(b)) => {
            matches!(relation(a, b, set), Relation::Narrower)
        }
        (Ty::Map { key: ka, value: a }, Ty::Map { key: kb, value: b }) => {
            ka == kb && matches!(relation(a, b, set), Relation::Narrower)
        }
        _ => new == old,
    }
}

fn compare(new: &Rule, old: &Rule) -> Relation {
    match (new, old) {
        (Rule::Between(low, high), Rule::Between(old_low, old_high)) => {
            let below = low.compare(old_low) == Some(Ordering::Less);
            let above = high.compare(old_high) == Some(Ordering::Greater);
            if high.compare(old_low) == Some(Ordering::Less) || low.compare(old_high) == Some(Ordering::Greater) {
                Relation::Empty
            } else if below || above {
                Relation::Wider(format!("only `{old_low}..{old_high}` was allowed"))
            } else {
                Relation::Narrower
            }
        }
        (Rule::OneOf(values), old) => match values.iter().find(|value| violates_rule(value, old)) {
            Some(_) if values.iter().all(|item| violates_rule(item, old)) => Relation::Empty,
            Some(value) => Relation::Wider(format!("`{value}` was not allowed")),
            None => Relation::Narrower,
        },
        _ => Relation::Narrower,
    }
}

/// The first refinement of the type that the value breaks.
#[must_use]
pub fn violates<'t>(value: &Value, ty: &'t Ty) -> Option<&'t crate::ty::Refinement> {
    if matches!(value, Value::None | Value::Error | Value::Output(_) | Value::Text(_)) {
        return None;
    }
    ty.refinements().into_iter().find(|refinement| violates_rule(value, &refinement.rule))
}

fn violates_rule(value: &Value, rule: &Rule) -> bool {
    match rule {
        Rule::Between(low, high) => match value {
            Value::Range(first, last) => {
                violates_rule(&Value::Int(*first), rule) || violates_rule(&Value::Int(*last), rule)
            }
            _ => value.compare(low).is_none_or(Ordering::is_lt) || value.compare(high).is_none_or(Ordering::is_gt),
        },
        Rule::OneOf(values) => !values.iter().any(|known| known.same(value)),
        Rule::Matching(pattern) => match value {
            Value::Str(text) => Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text)),
            _ => false,
        },
        Rule::Nonempty => match value {
            Value::List(items) => items.is_empty(),
            Value::Map(map) => map.entries.is_empty(),
            _ => false,
        },
    }
}
