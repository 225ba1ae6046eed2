//! Which schemas are checked by checking one that descends from them.
//!
//! What a schema inherits unchanged means there what it means above, so a chain of schemas is checked once, at its end,
//! and not once for each of its members.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idpc_syntax::ast::{Entry, EntryKind, Expr, ExprKind, Path, StrPart};

use crate::schema::{RuleDef, Schema, SchemaField, SchemaSet};
use crate::span::Span;
use crate::ty::Ty;

/// The schemas to check, each with those that are checked along with it.
pub(super) fn representatives(set: &SchemaSet) -> Vec<(&Arc<Schema>, Vec<&Arc<Schema>>)> {
    let mut heirs: BTreeMap<&str, &Arc<Schema>> = BTreeMap::new();
    // Records declared in place are checked with the schema around them.
    let whole = || set.schemas.values().filter(|schema| !schema.name.contains('.'));
    for schema in whole() {
        if let Some(parent) = schema.chain.get(1).and_then(|parent| set.get(parent))
            && only_adds(schema, parent)
        {
            heirs.entry(&parent.name).or_insert(schema);
        }
    }
    let inherited: BTreeSet<&str> = heirs.values().map(|heir| &*heir.name).collect();
    let mut chosen = Vec::new();
    for top in whole().filter(|schema| !inherited.contains(&*schema.name)) {
        let mut line = vec![top];
        while let Some(heir) = line.last().and_then(|last| heirs.get(&*last.name)) {
            line.push(heir);
        }
        let Some(last) = line.pop() else { continue };
        let places: BTreeMap<&str, usize> =
            last.fields.iter().enumerate().map(|(place, field)| (&*field.name, place)).collect();
        // A name that only an heir has would be found there, and is unknown above.
        let leaks = |schema: &Schema| {
            names(set, schema).iter().any(|name| places.get(&**name).is_some_and(|at| *at >= schema.fields.len()))
        };
        let (alone, covered): (Vec<_>, Vec<_>) = line.into_iter().partition(|schema| leaks(schema));
        chosen.extend(alone.into_iter().map(|schema| (schema, Vec::new())));
        chosen.push((last, covered));
    }
    chosen
}

/// Whether a child leaves everything that it inherits as it was.
fn only_adds(child: &Schema, parent: &Schema) -> bool {
    let same = |(a, b): (&SchemaField, &SchemaField)| {
        a.name == b.name
            && a.ty_span == b.ty_span
            && a.once == b.once
            && a.deprecated == b.deprecated
            && a.default.as_ref().map(|default| default.span) == b.default.as_ref().map(|default| default.span)
            && a.ty == b.ty
    };
    child.fields.len() >= parent.fields.len()
        && child.rules.len() >= parent.rules.len()
        && child.outputs.len() == parent.outputs.len()
        && child.fields.iter().zip(&parent.fields).all(same)
}

/// The fields and rules that a schema has beyond its parent's, if it leaves those alone; all of them otherwise.
fn own<'s>(set: &SchemaSet, schema: &'s Schema) -> (&'s [SchemaField], &'s [RuleDef]) {
    let parent = schema.chain.get(1).and_then(|parent| set.get(parent)).filter(|parent| only_adds(schema, parent));
    let (fields, rules) = parent.map_or((0, 0), |parent| (parent.fields.len(), parent.rules.len()));
    (schema.fields.get(fields..).unwrap_or_default(), schema.rules.get(rules..).unwrap_or_default())
}

/// What a schema writes itself: its own defaults and rules, those of its records in place included.
fn own_exprs<'s>(set: &'s SchemaSet, schema: &'s Schema) -> Vec<(&'s Expr, Span)> {
    let mut found = Vec::new();
    let mut open = vec![own(set, schema)];
    while let Some((fields, rules)) = open.pop() {
        for rule in rules {
            found.push((&*rule.condition, rule.span));
            found.push((&*rule.message, rule.span));
        }
        for field in fields {
            found.extend(field.default.as_ref().map(|default| (&*default.expr, default.span)));
            if let Ty::Schema(inner) = field.ty.core()
                && inner.contains('.')
                && let Some(inner) = set.get(inner)
            {
                open.push((&inner.fields, &inner.rules));
            }
        }
    }
    found
}

/// The places of what a schema writes itself.
pub(super) fn own_spans(set: &SchemaSet, schema: &Schema) -> Vec<Span> {
    own_exprs(set, schema).into_iter().map(|(_, span)| span).collect()
}

/// Every name in what a schema writes itself.
fn names<'s>(set: &'s SchemaSet, schema: &'s Schema) -> BTreeSet<&'s str> {
    let mut found = BTreeSet::new();
    own_exprs(set, schema).into_iter().for_each(|(expr, _)| names_in(expr, &mut found));
    found
}

fn names_in<'e>(expr: &'e Expr, found: &mut BTreeSet<&'e str>) {
    let mut path = |path: &'e Path| found.extend(path.segments.iter().map(|segment| segment.text.as_str()));
    match &expr.kind {
        ExprKind::Missing | ExprKind::Literal(_) => {}
        ExprKind::Path(item) => path(item),
        ExprKind::Str(parts) => parts.iter().for_each(|part| {
            if let StrPart::Insert(item) = part {
                path(item);
            }
        }),
        ExprKind::List(items) | ExprKind::Call(_, items) => items.iter().for_each(|item| names_in(item, found)),
        ExprKind::Record { entries, .. } => names_of_entries(entries, found),
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => names_in(inner, found),
        ExprKind::Binary(_, a, b) => [a, b].into_iter().for_each(|side| names_in(side, found)),
        ExprKind::If(a, b, c) => [a, b, c].into_iter().for_each(|part| names_in(part, found)),
    }
}

fn names_of_entries<'e>(entries: &'e [Entry], found: &mut BTreeSet<&'e str>) {
    for entry in entries {
        match &entry.kind {
            EntryKind::Set { value, .. } => names_in(value, found),
            EntryKind::Amend { entries, .. } | EntryKind::In { entries, .. } => names_of_entries(entries, found),
            EntryKind::Bare(_) => {}
        }
    }
}
