//! Types and annotations in words.

use idpc_model::schema::{SchemaField, SchemaSet};
use idpc_model::ty::{Rule, Ty};

use crate::page::{Group, Inline, Target, code, text};
use crate::prose::inlines;
use crate::sources::has_page;

/// The page of a schema, if it has one.
pub fn schema_target(set: &SchemaSet, name: &str) -> Option<Target> {
    let schema = set.get(name).filter(|_| has_page(name))?;
    let is_root = idpc_model::schema::ROOTS.contains(&name);
    let group = match schema.root() {
        _ if is_root => Group::Roots,
        "resource" => Group::Kinds,
        "service" => Group::Paths,
        "platform" | "environment" | "team" | "system" => Group::Roots,
        _ => Group::Records,
    };
    Some(Target { group, name: name.to_owned() })
}

/// The page of an enum.
pub fn enum_target(name: &str) -> Target {
    Target { group: Group::Enums, name: name.to_owned() }
}

/// A schema's name, leading to its page if it has one.
pub fn named(set: &SchemaSet, name: &str) -> Inline {
    schema_target(set, name).map_or_else(|| code(name), |target| Inline::Link(target, name.to_owned()))
}

/// A type as written, then what that means.
pub fn ty(set: &SchemaSet, ty: &Ty) -> Vec<Inline> {
    let mut words = vec![code(ty.to_string())];
    for refinement in ty.refinements() {
        words.extend(rule(&refinement.rule));
    }
    words.extend(core(set, ty.core()));
    if ty.is_optional() {
        words.push(text("; may be left out"));
    }
    words
}

fn rule(rule: &Rule) -> Vec<Inline> {
    match rule {
        Rule::Between(low, high) => {
            vec![text(", from "), code(low.to_string()), text(" to "), code(high.to_string())]
        }
        Rule::OneOf(values) => {
            let mut words = vec![text(", one of ")];
            for (at, value) in values.iter().enumerate() {
                words.extend((at > 0).then(|| text(", ")));
                words.push(code(value.to_string()));
            }
            words
        }
        Rule::Matching(pattern) => vec![text(", in which "), code(&**pattern), text(" is found (RE2)")],
        Rule::Nonempty => vec![text(", at least one")],
    }
}

/// The unit of an amount, or where to read on.
fn core(set: &SchemaSet, ty: &Ty) -> Vec<Inline> {
    let units = |words: &str| vec![text(format!("; units: {words}"))];
    match ty {
        Ty::Duration => units("ms, s, m, h, d, w"),
        Ty::Size => units("B, KB, MB, GB, TB, KiB, MiB, GiB, TiB"),
        Ty::Percent => units("%"),
        Ty::Rate => units("rps"),
        Ty::Money => units("USD, EUR"),
        Ty::Enum(name) => {
            let mut words =
                vec![text("; a variant of "), Inline::Link(enum_target(name), name.to_string()), text(": ")];
            for (at, (variant, _)) in set.enumeration(name).iter().flat_map(|item| &item.variants).enumerate() {
                words.extend((at > 0).then(|| text(", ")));
                words.push(code(&**variant));
            }
            words
        }
        Ty::Ref(root) => vec![text("; the name of one "), named(set, root)],
        Ty::Schema(name) if has_page(name) => vec![text("; a record: "), named(set, name)],
        Ty::List(inner) => core(set, inner.core()),
        Ty::Map { key, value } => {
            let mut words = Vec::new();
            if let Some(key) = key {
                words.extend([text("; by the name of one "), named(set, key)]);
            }
            words.extend(core(set, value.core()));
            words
        }
        Ty::Secret(_) => vec![text("; can only be moved into a key of a Secret")],
        _ => Vec::new(),
    }
}

/// What the annotations of a field mean, one each.
pub fn annotations(field: &SchemaField) -> Vec<Vec<Inline>> {
    let mut found = Vec::new();
    let mut say = |name: &str, words: &str| {
        found.push([code(name), text(": ")].into_iter().chain(inlines(words)).collect());
    };
    if field.once {
        say("@once", "one value for all environments; no overlay sets it");
    }
    if field.env_prefixed {
        say("@env_prefixed", "outside production the environment's name is put before it, unless an overlay sets it");
    }
    if field.immutable {
        say("@immutable", "changing it after the first deployment destroys what is there");
    }
    if field.grow_only {
        say("@grow_only", "it can be raised after the first deployment and never lowered");
    }
    if let Some(lock) = &field.locked {
        let except: Vec<&str> = lock.except.iter().map(|name| &**name).collect();
        let except = if except.is_empty() {
            String::new()
        } else {
            format!("; these may set it all the same: {}", except.join(", "))
        };
        say("@locked", &format!("nobody may set it: {}{except}", lock.reason));
    }
    if let Some(deprecation) = &field.deprecated {
        let instead = deprecation.replacement.as_ref().map_or_else(String::new, |new| format!("; use {new}"));
        say("@deprecated", &format!("{}{instead}", deprecation.reason));
    }
    found
}
