//! Walks through a file and shows every name with the place where it stands.

use idpc_model::source::FileView;
use idpc_syntax::ast::{Decl, DeclKind, Entry, EntryKind, EnumDecl, InstanceDecl, Name, Path};

use crate::program::Program;
use crate::slot::{Level, Scope, Slot};
use crate::spot::{Spot, kind_name};
use crate::thing::Thing;

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It introduces the thing.
    Declaration,
    /// It sets the thing, or adds to it.
    Write,
    /// It reads it.
    Read,
}

/// What is told of a name: where it may stand, the name, and how it is used.
pub(crate) type Visit<'v, 'a> = &'v mut dyn FnMut(&Slot<'a>, &'a Name, Role);

/// A walk through one file.
pub(crate) struct Walk<'v, 'a> {
    pub(crate) program: Program<'a>,
    pub(crate) view: &'a FileView,
    pub(crate) visit: Visit<'v, 'a>,
}

impl<'a> Walk<'_, 'a> {
    /// All declarations.
    pub(crate) fn file(&mut self) {
        let view = self.view;
        for decl in &view.ast.decls {
            self.declaration(decl);
        }
    }

    /// One declaration.
    pub(crate) fn declaration(&mut self, decl: &'a Decl) {
        match &decl.kind {
            DeclKind::Instance(item) => self.instance(item),
            DeclKind::Schema(item) => {
                self.declared(&item.name, Thing::Schema(item.name.text.clone()));
                if let Some(parent) = &item.parent {
                    (self.visit)(&Slot::AnySchema, parent, Role::Read);
                }
                self.members(&item.name.text, &item.members);
            }
            DeclKind::Extend(item) => {
                (self.visit)(&Slot::AnySchema, &item.name, Role::Write);
                self.members(&item.name.text, &item.members);
            }
            DeclKind::Enum(item) => {
                self.declared(&item.name, Thing::Enum(item.name.text.clone()));
                self.variants(item);
            }
            DeclKind::ExtendEnum(item) => {
                (self.visit)(&Slot::AnyEnum, &item.name, Role::Write);
                self.variants(item);
            }
            DeclKind::Let(item) => {
                self.declared(&item.name, Thing::Constant { file: self.view.id, name: item.name.text.clone() });
                let scope = Scope { constant: true, ..Scope::default() };
                self.value(&item.value, None, &scope);
            }
            DeclKind::Identity(item) => {
                let mut segments = item.path.segments.iter();
                let Some(first) = segments.next() else { return };
                (self.visit)(&Slot::Identity, first, Role::Read);
                let mut spot = self.resolve(&Slot::Identity, first);
                for name in segments {
                    let Some(holder) = spot else { return };
                    let slot = Slot::Key { holder, body: &[], level: Level::Path };
                    (self.visit)(&slot, name, Role::Read);
                    spot = self.resolve(&slot, name);
                }
            }
        }
    }

    fn declared(&mut self, name: &'a Name, thing: Thing) {
        (self.visit)(&Slot::Declared(thing), name, Role::Declaration);
    }

    fn variants(&mut self, item: &'a EnumDecl) {
        for variant in &item.variants {
            let thing = Thing::Variant { of: item.name.text.clone(), name: variant.name.text.clone() };
            self.declared(&variant.name, thing);
        }
    }

    pub(crate) fn resolve(&self, slot: &Slot<'_>, name: &Name) -> Option<Spot> {
        slot.resolve(self.program, self.view, &name.text)?.1
    }

    fn instance(&mut self, item: &'a InstanceDecl) {
        (self.visit)(&Slot::Root, &item.root, Role::Read);
        self.declared(&item.name, Thing::Instance { root: item.root.text.clone(), name: item.name.text.clone() });
        if let Some(schema) = &item.schema {
            (self.visit)(&Slot::Schema { root: item.root.text.clone() }, schema, Role::Read);
        }
        let spot = Spot::of_instance(self.program, item);
        let scope = Scope { item: Some(item), this: Some(spot.clone()), ..Scope::default() };
        self.entries(&item.entries, &spot, &scope, Level::Body);
    }

    /// The entries of a record at a place.
    pub(crate) fn entries(&mut self, entries: &'a [Entry], at: &Spot, scope: &Scope<'a>, level: Level) {
        let scope = Scope { this: Some(at.clone()), ..scope.clone() };
        let inside = if level == Level::Body { Level::Inside } else { level };
        for entry in entries {
            match &entry.kind {
                EntryKind::Set { path, value } => {
                    let spot = self.path(path, kind_name(value), at, (entries, level));
                    let unknown = Spot { ty: idpc_model::ty::Ty::Unknown, schema: None, within: None };
                    self.setting(value, &spot.unwrap_or(unknown), &scope, inside);
                }
                EntryKind::Amend { path, entries: inner } => {
                    let spot = self.path(path, None, at, (entries, level));
                    let unknown = Spot { ty: idpc_model::ty::Ty::Unknown, schema: None, within: None };
                    self.entries(inner, &spot.unwrap_or(unknown), &scope, inside);
                }
                EntryKind::Bare(path) => {
                    self.path(path, None, at, (entries, level));
                }
                EntryKind::In { envs, entries, .. } => {
                    if let Some(item) = scope.item {
                        for name in envs {
                            (self.visit)(&Slot::Environment { item }, name, Role::Read);
                        }
                    }
                    self.entries(entries, at, &scope, Level::Overlay);
                }
            }
        }
    }

    /// The names of an entry, down to the place that it sets.
    fn path(
        &mut self,
        path: &'a Path,
        kind: Option<&str>,
        at: &Spot,
        (body, level): (&'a [Entry], Level),
    ) -> Option<Spot> {
        let mut holder = at.clone();
        let last = path.segments.len().saturating_sub(1);
        for (ordinal, name) in path.segments.iter().enumerate() {
            let (body, level) = if ordinal == 0 { (body, level) } else { (&[][..], Level::Path) };
            let introduces =
                ordinal == last && level != Level::Overlay && holder.map().is_some_and(|(key, _)| key.is_none());
            let overlaid = level == Level::Overlay;
            let slot = Slot::Key { holder: holder.clone(), body, level };
            let role = if introduces && !overlaid { Role::Declaration } else { Role::Write };
            (self.visit)(&slot, name, role);
            let (_, next) = holder.step(self.program, &name.text, kind.filter(|_| ordinal == last))?;
            holder = next;
        }
        Some(holder)
    }
}
