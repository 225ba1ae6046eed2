//! What follows from all schemas together: which need nothing to be set, and which contain themselves without end.
//!
//! Every step is linear in the number of fields: schemas come from users, and may be many and deep.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::schema::{Schema, SchemaField, SchemaSet};
use crate::ty::Ty;

/// The schemas of which a record needs nothing to be set.
pub(super) fn complete(set: &SchemaSet) -> BTreeSet<Arc<str>> {
    peeled(set, |field| {
        if field.default.is_some() || field.ty.is_optional() {
            return Need::Nothing;
        }
        match field.ty.core() {
            Ty::Map { .. } | Ty::Unknown => Need::Nothing,
            Ty::Schema(name) if set.get(name).is_some() => Need::Schema(name.clone()),
            Ty::Schema(_) => Need::Nothing,
            _ => Need::Value,
        }
    })
}

/// The schemas that contain themselves, or one that does, through fields that always hold a record.
pub(super) fn endless(set: &SchemaSet) -> BTreeSet<Arc<str>> {
    let ends = peeled(set, |field| match field.ty.unrefined() {
        Ty::Schema(name) if set.get(name).is_some() => Need::Schema(name.clone()),
        _ => Need::Nothing,
    });
    set.schemas.keys().filter(|name| !ends.contains(*name)).cloned().collect()
}

/// What a field waits for.
enum Need {
    Nothing,
    /// Another schema comes first.
    Schema(Arc<str>),
    /// A value that nothing but an entry gives.
    Value,
}

/// The schemas whose fields wait for nothing but schemas of this kind.
fn peeled(set: &SchemaSet, need: impl Fn(&SchemaField) -> Need) -> BTreeSet<Arc<str>> {
    let mut waiting: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
    let mut users: BTreeMap<Arc<str>, Vec<&Arc<str>>> = BTreeMap::new();
    for (name, schema) in &set.schemas {
        let count = waiting.entry(name).or_default();
        for field in &schema.fields {
            match need(field) {
                Need::Nothing => {}
                Need::Value => *count += 1,
                Need::Schema(inner) => {
                    *count += 1;
                    users.entry(inner).or_default().push(name);
                }
            }
        }
    }
    let mut ready: VecDeque<&Arc<str>> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut done = BTreeSet::new();
    while let Some(name) = ready.pop_front() {
        done.insert(name.clone());
        for user in users.get(name).into_iter().flatten() {
            let Some(count) = waiting.get_mut(user) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.push_back(user);
            }
        }
    }
    done
}

/// Each ring of schemas once, at the member that stands first.
pub(super) fn rings(set: &SchemaSet) -> Vec<Diagnostic> {
    let mut members: Vec<&Arc<Schema>> = set.endless.iter().filter_map(|name| set.get(name)).collect();
    members.sort_by_key(|schema| schema.span);
    let mut done: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut found = Vec::new();
    for schema in members {
        if done.contains(&schema.name) {
            continue;
        }
        let Some(ring) = ring(set, &schema.name) else { continue };
        done.extend(ring.iter().cloned());
        let name = &schema.name;
        let shown: Vec<String> = ring.iter().map(|step| format!("`{step}`")).collect();
        found.push(
            Diagnostic::new(Code::EndlessSchema, schema.span, format!("`{name}` contains itself without end"))
                .primary_label(format!("{} contains it again", shown.join(" contains ")))
                .help("make one of the fields optional with `?`, or a list or map"),
        );
    }
    found
}

/// The shortest way from a schema back to itself, the schema first.
fn ring(set: &SchemaSet, start: &Arc<str>) -> Option<Vec<Arc<str>>> {
    let mut came: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    let mut queue = VecDeque::from([start.clone()]);
    while let Some(at) = queue.pop_front() {
        for field in set.get(&at).into_iter().flat_map(|schema| &schema.fields) {
            let Ty::Schema(next) = field.ty.unrefined() else { continue };
            if next == start {
                let mut ring = vec![at.clone()];
                while let Some(before) = ring.last().and_then(|last| came.get(last)) {
                    ring.push(before.clone());
                }
                ring.reverse();
                return Some(ring);
            }
            if set.endless.contains(next) && !came.contains_key(next) {
                came.insert(next.clone(), at.clone());
                queue.push_back(next.clone());
            }
        }
    }
    None
}
