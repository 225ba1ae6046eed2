//! Builds the schemas in the order parent, own members, extensions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idpc_syntax::ast::{Decl, DeclKind, Member, Name};

use super::closure;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::index::Index;
use crate::named::Named;
use crate::schema::{EnumDef, LIBRARY, Schema, SchemaSet, hidden_name};
use crate::source::{FileView, Files, Role, Sources as _};
use crate::span::Span;
use crate::suggest::nearest;
use crate::value::Layer;

/// The state of one run.
pub(super) struct Builder<'a> {
    pub(super) files: &'a Files,
    pub(super) index: &'a Index,
    pub(super) set: SchemaSet,
    pub(super) diagnostics: Vec<Diagnostic>,
    building: Vec<Arc<str>>,
    extensions: BTreeMap<Arc<str>, Vec<(&'a FileView, &'a Decl)>>,
}

/// A member with what is needed to resolve it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) file: &'a FileView,
    pub(super) extension: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(files: &'a Files, index: &'a Index) -> Self {
        Self {
            files,
            index,
            set: SchemaSet::default(),
            diagnostics: Vec::new(),
            building: Vec::new(),
            extensions: BTreeMap::new(),
        }
    }

    pub(super) fn run(&mut self) {
        self.enums();
        self.collect_extensions();
        let names: Vec<Arc<str>> = self.index.schemas.keys().cloned().collect();
        for name in &names {
            self.schema(name);
        }
        self.parents();
        self.set.complete = closure::complete(&self.set);
        self.set.endless = closure::endless(&self.set);
        self.diagnostics.extend(closure::rings(&self.set));
        self.hidden();
    }

    fn enums(&mut self) {
        for (name, at) in &self.index.enums {
            let Some((file, decl)) = self.files.decl(*at) else { continue };
            let DeclKind::Enum(item) = &decl.kind else { continue };
            let mut variants: Vec<(Arc<str>, Option<Arc<str>>)> = Vec::new();
            for variant in &item.variants {
                if variants.iter().any(|(known, _)| **known == *variant.name.text) {
                    let at = file.span(variant.name.span);
                    self.diagnostics.push(twice(&variant.name.text, at, file.span(decl.header)));
                } else {
                    variants.push((variant.name.text.as_str().into(), variant.doc.as_deref().map(Arc::from)));
                }
            }
            let definition = EnumDef {
                name: name.clone(),
                doc: decl.doc.as_deref().map(Arc::from),
                variants,
                span: file.span(decl.header),
            };
            self.set.enums.insert(name.clone(), Arc::new(definition));
        }
        for (file, decl) in self.files.decls() {
            let DeclKind::ExtendEnum(item) = &decl.kind else { continue };
            match self.set.enums.get_mut(item.name.text.as_str()) {
                Some(definition) => {
                    let definition = Arc::make_mut(definition);
                    for variant in &item.variants {
                        let name: Arc<str> = variant.name.text.as_str().into();
                        if definition.variants.iter().any(|(known, _)| *known == name) {
                            let at = file.span(variant.name.span);
                            self.diagnostics.push(twice(&name, at, definition.span));
                        } else {
                            definition.variants.push((name, variant.doc.as_deref().map(Arc::from)));
                        }
                    }
                }
                None => {
                    let known: Vec<String> = self.set.enums.keys().map(ToString::to_string).collect();
                    self.unknown_type(file, &item.name, "enum", &known);
                }
            }
        }
    }

    fn collect_extensions(&mut self) {
        for (file, decl) in self.files.decls() {
            let DeclKind::Extend(item) = &decl.kind else { continue };
            let name = self.scoped(file, &item.name.text);
            if self.index.schemas.contains_key(&*name) {
                self.extensions.entry(name).or_default().push((file, decl));
            } else {
                let known: Vec<String> = self.index.schemas.keys().map(ToString::to_string).collect();
                self.unknown_type(file, &item.name, "schema", &known);
            }
        }
    }

    /// The key of a schema name as seen from a file: the library and packages resolve their own names first, and a
    /// package knows nothing but itself and the library.
    pub(super) fn scoped(&self, file: &FileView, name: &str) -> Arc<str> {
        let owners = match file.role {
            Role::Library => [None, Some(LIBRARY)],
            Role::Package => [file.package.as_deref(), Some(LIBRARY)],
            Role::Platform | Role::Application | Role::Single => [None, None],
        };
        for owner in owners.into_iter().flatten() {
            let hidden = hidden_name(owner, name);
            if self.index.schemas.contains_key(hidden.as_str()) {
                return hidden.into();
            }
            let visible = self.index.schemas.get(name).and_then(|at| self.files.get(at.file));
            if visible.is_some_and(|visible| visible.package.as_deref() == Some(owner)) {
                break;
            }
        }
        name.into()
    }

    /// The key of the schema that the one called `name` hides when a file of this kind declares it.
    fn below(&self, file: &FileView, name: &str) -> Arc<str> {
        let of_package =
            |key: &&Arc<str>| key.split_once(':').is_some_and(|(owner, hidden)| owner != LIBRARY && hidden == name);
        let package = self.index.schemas.keys().find(of_package).filter(|_| file.role != Role::Package);
        package.cloned().unwrap_or_else(|| hidden_name(LIBRARY, name).into())
    }

    /// A schema, built on first use.
    pub(super) fn schema(&mut self, name: &str) -> Option<Arc<Schema>> {
        // From the farthest ancestor down, so that a long chain takes no deep stack.
        for ancestor in self.unbuilt_ancestors(name).iter().rev() {
            self.built(ancestor);
        }
        self.built(name)
    }

    /// The ancestors that are not built yet, the nearest first; none if they form a ring, which is reported on the way.
    fn unbuilt_ancestors(&self, name: &str) -> Vec<Arc<str>> {
        let mut line: Vec<Arc<str>> = Vec::new();
        let mut seen: BTreeSet<Arc<str>> = BTreeSet::from([Arc::from(name)]);
        let mut at: Arc<str> = name.into();
        while !self.set.schemas.contains_key(&at) {
            let Some((file, decl)) = self.index.schemas.get(&at).and_then(|at| self.files.decl(*at)) else { break };
            let DeclKind::Schema(item) = &decl.kind else { break };
            let Some(parent) = &item.parent else { break };
            let scoped = self.scoped(file, &parent.text);
            let scoped = if scoped == at { self.below(file, &parent.text) } else { scoped };
            if self.set.schemas.contains_key(&scoped) {
                break;
            }
            if self.building.contains(&scoped) || !seen.insert(scoped.clone()) {
                return Vec::new();
            }
            line.push(scoped.clone());
            at = scoped;
        }
        line
    }

    fn built(&mut self, name: &str) -> Option<Arc<Schema>> {
        if let Some(done) = self.set.schemas.get(name) {
            return Some(done.clone());
        }
        let at = *self.index.schemas.get(name)?;
        let files = self.files;
        let (file, decl) = files.decl(at)?;
        let DeclKind::Schema(item) = &decl.kind else { return None };
        if self.building.iter().any(|open| &**open == name) {
            self.diagnostics.push(own_ancestor(file.span(decl.header), name));
            return None;
        }
        let key: Arc<str> = name.into();
        self.building.push(key.clone());
        let mut draft = self.start(file, decl, &key, item.parent.as_ref());
        self.apply_all(&mut draft, Source { file, extension: false }, &item.members);
        for (file, extension) in self.extensions.get(name).cloned().unwrap_or_default() {
            if let DeclKind::Extend(item) = &extension.kind {
                self.apply_all(&mut draft, Source { file, extension: true }, &item.members);
            }
        }
        self.building.pop();
        self.successors(&mut draft);
        let schema = Arc::new(draft);
        self.set.schemas.insert(key, schema.clone());
        Some(schema)
    }

    /// A field that is on its way out is an alias of one that exists.
    fn successors(&mut self, draft: &mut Schema) {
        if draft.fields.iter().all(|field| field.deprecated.is_none()) {
            return;
        }
        let names: BTreeSet<Arc<str>> = draft.fields.iter().map(|field| field.name.clone()).collect();
        for field in draft.fields.iter_mut() {
            let own = field.name.clone();
            let Some(deprecation) = &mut field.deprecated else { continue };
            let Some(new) = deprecation.replacement.take() else { continue };
            if names.contains(&new) && new != own {
                deprecation.replacement = Some(new);
                continue;
            }
            self.diagnostics.push(
                Diagnostic::new(
                    Code::BadAnnotation,
                    deprecation.span,
                    format!("`{own}` cannot be an alias of `{new}`"),
                )
                .primary_label("there is no such other field here")
                .help("`use` names a field of the same schema; leave it out if there is none"),
            );
        }
    }

    fn start(&mut self, file: &'a FileView, decl: &Decl, key: &Arc<str>, parent: Option<&Name>) -> Schema {
        let mut draft = Schema {
            name: key.clone(),
            chain: vec![key.clone()],
            doc: decl.doc.as_deref().map(Arc::from),
            span: file.span(decl.header),
            library: file.role == Role::Library,
            fields: Named::default(),
            outputs: Vec::new(),
            rules: Vec::new(),
        };
        let Some(parent) = parent else { return draft };
        let scoped = self.scoped(file, &parent.text);
        // A schema may refine the one that it hides.
        let scoped = if scoped == *key { self.below(file, &parent.text) } else { scoped };
        match self.schema(&scoped) {
            Some(parent) => {
                draft.chain.extend(parent.chain.iter().cloned());
                draft.fields.clone_from(&parent.fields);
                draft.outputs.clone_from(&parent.outputs);
                draft.rules.clone_from(&parent.rules);
            }
            None if self.index.schemas.contains_key(&*scoped) => {}
            None if parent.text == **key => self.diagnostics.push(own_ancestor(file.span(decl.header), key)),
            None => {
                let known: Vec<String> = self.index.schemas.keys().map(ToString::to_string).collect();
                self.unknown_type(file, parent, "schema", &known);
            }
        }
        draft
    }

    pub(super) fn apply_all(&mut self, draft: &mut Schema, source: Source<'a>, members: &'a [Member]) {
        let mut seen: BTreeMap<(bool, String), Span> = BTreeMap::new();
        for member in members {
            let name = |path: &idpc_syntax::ast::Path| {
                path.segments.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(".")
            };
            // An output may be called like a field: from outside it hides the field.
            let (key, at) = match member {
                Member::Field(field) => ((false, name(&field.path)), field.path.span),
                Member::Group(group) => ((false, group.name.text.clone()), group.name.span),
                Member::Output(output) => ((true, output.name.text.clone()), output.name.span),
                Member::Rule(_) => {
                    self.apply(draft, source, member);
                    continue;
                }
            };
            let at = source.file.span(at);
            match seen.get(&key) {
                Some(first) => self.diagnostics.push(twice(&key.1, at, *first)),
                None => {
                    seen.insert(key, at);
                    self.apply(draft, source, member);
                }
            }
        }
    }

    /// The layer of a setting made in `draft`.
    pub(super) fn layer(source: Source<'_>, draft: &Schema) -> Layer {
        if source.extension { Layer::Extension(draft.name.clone()) } else { Layer::Default(draft.name.clone()) }
    }

    pub(super) fn unknown_type(&mut self, file: &FileView, name: &Name, what: &str, known: &[String]) {
        let at = file.span(name.span);
        let suggestion = nearest(&name.text, known.iter().map(String::as_str));
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownType, at, format!("unknown {what} `{}`", name.text))
                .primary_label("nothing declares it")
                .help(format!("declare the {what} in the platform folder, or use one that exists"))
                .did_you_mean(at, suggestion),
        );
    }

    fn parents(&mut self) {
        let mut parents: BTreeMap<Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
        for schema in self.set.schemas.values() {
            if let Some(parent) = schema.chain.get(1) {
                parents.entry(parent.clone()).or_default().push(schema.name.clone());
            }
        }
        self.set.parents = parents;
    }

    fn hidden(&mut self) {
        for (key, hidden) in &self.set.schemas {
            let Some((owner, name)) = key.split_once(':').filter(|(_, name)| !name.contains('.')) else { continue };
            let Some(visible) = self.set.get(name) else { continue };
            // Between the workspace's and the library's may stand that of a package.
            let between =
                self.set.schemas.iter().find(|(other, _)| {
                    other.split_once(':').is_some_and(|(other, same)| other != LIBRARY && same == name)
                });
            let hider = between.map_or(visible, |(_, between)| if owner == LIBRARY { between } else { visible });
            let from_package = |schema: &Schema| self.files.get(schema.span.file).and_then(|file| file.package.clone());
            if owner != LIBRARY && from_package(visible).is_some() {
                // Two packages declare it, which is an error of its own.
                continue;
            }
            let whose = if owner == LIBRARY { String::from("the library") } else { format!("the package `{owner}`") };
            self.diagnostics.push(
                Diagnostic::new(
                    Code::HiddenSchema,
                    hider.span,
                    format!("`{name}` hides the schema of that name of {whose}"),
                )
                .primary_label(format!("used instead of that of {whose}"))
                .label(hidden.span, "the hidden schema")
                .help("rename it, or extend the hidden schema instead"),
            );
        }
    }
}

fn own_ancestor(at: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::AncestorCycle, at, format!("`{name}` is its own ancestor"))
        .primary_label("its chain of parents comes back to it")
        .help("remove the parent from one of the schemas in the chain")
}

/// A member or variant that stands twice in one list.
fn twice(name: &str, at: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateDeclaration, at, format!("`{name}` is declared twice"))
        .primary_label("declared a second time")
        .label(first, "declared here first")
        .help("rename or remove one of the two")
}
