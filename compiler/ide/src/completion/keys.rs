//! Names on the left: fields, keys of maps, members of schemas.

use std::sync::Arc;

use idpc_model::schema::{Schema, SchemaField, is_required};
use idpc_model::ty::Ty;
use idpc_syntax::ast::{Entry, EntryKind, InstanceDecl, Member};

use super::{Context, Item, Kind};
use crate::slot::Level;
use crate::spot::{Spot, record_of};
use crate::trial::STAND_IN;
use crate::written::name as quoted;

impl Context<'_> {
    /// What can be set in a record or a map.
    pub(super) fn keys(&self, holder: &Spot, body: &[Entry], level: Level) -> Vec<Item> {
        if let Some((key, value)) = holder.map() {
            return self.map_keys(holder, key.map(|key| &**key), value, (body, level));
        }
        let Some(schema) = &holder.schema else { return Vec::new() };
        let overlaid = level == Level::Overlay;
        let free = |field: &&SchemaField| {
            let record = matches!(field.ty.core(), Ty::Map { .. } | Ty::Schema(_));
            (!is_set(body, &field.name) || record && overlaid) && !(overlaid && field.once)
        };
        let owner = holder.within.as_ref().map_or("", |within| &within.instance);
        let open = |field: &&SchemaField| {
            field.locked.as_ref().is_none_or(|lock| lock.except.iter().any(|name| **name == *owner))
        };
        let mut items: Vec<Item> =
            schema.fields.iter().filter(free).filter(open).map(|field| self.field(field)).collect();
        if level == Level::Body {
            items.extend(self.all_required(schema, body));
            if matches!(schema.root(), "service" | "resource") {
                let item = self.item("in", Kind::Keyword, "what holds in one environment");
                items.push(item.snippet("in ${1:prod} {\n  $0\n}").rank(2));
            }
        }
        items
    }

    fn field(&self, field: &SchemaField) -> Item {
        let required = is_required(field, self.program.set());
        let mut item = self.item(&*field.name, Kind::Field, field.ty.to_string()).doc(field.doc.as_ref());
        item.rank = u8::from(!required);
        item.deprecated = field.deprecated.is_some();
        if self.next().is_some_and(|letter| "={:.".contains(letter)) {
            return item;
        }
        let name = quoted(&field.name);
        match field.ty.core() {
            Ty::Map { .. } | Ty::Any => item.snippet(format!("{name} {{\n  $0\n}}")),
            Ty::Schema(_) => item.snippet(format!("{name} {{ $0 }}")),
            _ => item.snippet(format!("{name} = $0")),
        }
    }

    /// All fields that must be set and are not, at once.
    fn all_required(&self, schema: &Schema, body: &[Entry]) -> Option<Item> {
        let lines = required(self, schema, body);
        let text = lines.join("\n");
        let item = self.item("required fields", Kind::Snippet, lines.len().to_string());
        (lines.len() > 1).then(|| item.snippet(text).rank(0))
    }

    fn map_keys(&self, holder: &Spot, key: Option<&str>, value: &Ty, (body, level): (&[Entry], Level)) -> Vec<Item> {
        let existing = self.entries_of(holder);
        if let Some(key) = key {
            let root = self.program.root_of(key);
            let own = holder.within.as_ref().map_or("", |within| &within.instance);
            let overlaid = level == Level::Overlay || level == Level::Path;
            let instances = self.instances(root).into_iter();
            return instances
                .filter(|item| item.label != own)
                .filter(|item| overlaid || !is_set(body, &item.label))
                .collect();
        }
        let known = existing.iter().map(|name| self.item(name, Kind::Reference, value.to_string()));
        if matches!(level, Level::Overlay | Level::Path) {
            return known.collect();
        }
        match record_of(self.program, value) {
            // `orders = postgres { … }`
            Some(ancestor) => {
                let kinds = self.kinds(&ancestor.name).into_iter().map(|mut item| {
                    let text = match &item.insert {
                        super::Insert::Plain(text) => text.clone(),
                        super::Insert::Snippet(text) => shifted(text),
                    };
                    item.insert = super::Insert::Snippet(format!("${{1:{}}} = {text}", item.label));
                    item
                });
                kinds.collect()
            }
            None => Vec::new(),
        }
    }

    /// The names of the entries that an instance has at a place.
    pub(super) fn entries_of(&self, holder: &Spot) -> Vec<String> {
        let Some(within) = &holder.within else { return Vec::new() };
        let Some((_, item)) = self.program.instance(&within.root, &within.instance) else { return Vec::new() };
        entry_names(item, &within.path)
    }

    /// What can be declared, amended or demanded in a schema.
    pub(super) fn members(&self, schema: Option<&Arc<Schema>>, body: &[Member]) -> Vec<Item> {
        let written = |name: &str| {
            body.iter().any(|member| match member {
                Member::Field(field) => field.path.segments.first().is_some_and(|first| first.text == name),
                Member::Group(group) => group.name.text == name,
                Member::Output(_) | Member::Rule(_) => false,
            })
        };
        let inherited = schema.iter().flat_map(|schema| &schema.fields).filter(|field| !written(&field.name));
        let mut items: Vec<Item> = inherited.map(|field| self.field(field).rank(2)).collect();
        for (word, text, detail) in [
            ("output", "output ${1:name} : ${2:string}", "a value that is known after deployment"),
            ("require", "require ${1:condition}\n  : \"${2:why}\"", "what must hold"),
            ("warn", "warn ${1:condition}\n  : \"${2:why}\"", "what should hold"),
        ] {
            items.push(self.item(word, Kind::Keyword, detail).snippet(text));
        }
        items
    }

    /// The environments that an instance can say something about.
    pub(super) fn overlays(&self, item: &InstanceDecl) -> Vec<Item> {
        let done = |name: &str| {
            item.entries.iter().any(|entry| match &entry.kind {
                EntryKind::In { envs, .. } => {
                    envs.iter().any(|env| env.text == name) && !envs.iter().any(|env| env.text == STAND_IN)
                }
                _ => false,
            })
        };
        let mut items = self.instances("environment");
        for item in &mut items {
            item.rank += u8::from(done(&item.label));
        }
        items
    }
}

/// The lines of a snippet for the fields that must be set and are not.
pub(super) fn required(context: &Context<'_>, schema: &Schema, body: &[Entry]) -> Vec<String> {
    let set = context.program.set();
    let missing = schema.fields.iter().filter(|field| is_required(field, set) && !is_set(body, &field.name));
    missing
        .enumerate()
        .map(|(at, field)| {
            let (name, at) = (quoted(&field.name), at + 1);
            match field.ty.core() {
                Ty::Map { .. } | Ty::Schema(_) => format!("{name} {{ ${at} }}"),
                Ty::String => format!("{name} = \"${at}\""),
                _ => format!("{name} = ${at}"),
            }
        })
        .collect()
}

/// A snippet whose places to fill come one later.
pub(super) fn shifted(snippet: &str) -> String {
    (1..9).rev().fold(snippet.to_owned(), |text, at| text.replace(&format!("${at}"), &format!("${}", at + 1)))
}

/// Whether some entries set a field.
fn is_set(body: &[Entry], name: &str) -> bool {
    body.iter().any(|entry| match &entry.kind {
        EntryKind::Set { path, .. } | EntryKind::Amend { path, .. } | EntryKind::Bare(path) => {
            path.segments.first().is_some_and(|first| first.text == name)
        }
        EntryKind::In { .. } => false,
    })
}

/// The names of the entries at a path of an instance, in order, overlays included.
fn entry_names(item: &InstanceDecl, path: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    collect(&item.entries, path, &mut found);
    found
}

fn collect(entries: &[Entry], path: &[String], found: &mut Vec<String>) {
    for entry in entries {
        let (here, inner): (&idpc_syntax::ast::Path, &[Entry]) = match &entry.kind {
            EntryKind::Set { path, value } => match &value.kind {
                idpc_syntax::ast::ExprKind::Record { entries, .. } => (path, entries),
                _ => (path, &[]),
            },
            EntryKind::Amend { path, entries } => (path, entries),
            EntryKind::Bare(path) => (path, &[]),
            EntryKind::In { entries, .. } => {
                collect(entries, path, found);
                continue;
            }
        };
        let shared = here.segments.iter().zip(path).take_while(|(a, b)| a.text == **b).count();
        if shared == path.len() && here.segments.len() > path.len() {
            if let Some(name) = here.segments.get(shared)
                && name.text != STAND_IN
                && !found.contains(&name.text)
            {
                found.push(name.text.clone());
            }
        } else if shared == here.segments.len() {
            collect(inner, path.get(shared..).unwrap_or_default(), found);
        }
    }
}
