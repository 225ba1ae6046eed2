//! Annotations: their arguments, and whether they mean anything for the type of their field.

use std::sync::Arc;

use idpc_syntax::ast::{Annotation, Arg, Decl, DeclKind, ExprKind, FieldDecl, Member, Name};

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Safety};
use crate::index::Index;
use crate::schema::{ROOTS, Schema, SchemaField, SchemaSet};
use crate::source::{FileView, Role};
use crate::suggest::nearest;
use crate::ty::Ty;

/// Everything that is wrong with the annotations of a file.
#[must_use]
pub fn findings(file: &FileView, set: &SchemaSet, index: &Index) -> Vec<Diagnostic> {
    let mut reader = Reader { file, set, index, root: "", found: Vec::new() };
    for decl in &file.ast.decls {
        reader.declaration(decl);
    }
    reader.found
}

struct Reader<'a> {
    file: &'a FileView,
    set: &'a SchemaSet,
    index: &'a Index,
    /// The root of the schema at hand.
    root: &'a str,
    found: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn declaration(&mut self, decl: &'a Decl) {
        let (name, members) = match &decl.kind {
            DeclKind::Schema(item) => (&item.name, &item.members),
            DeclKind::Extend(item) => (&item.name, &item.members),
            _ => return,
        };
        let schema = self.set.get(&name.text);
        self.root = schema.map_or("", |schema| schema.root());
        self.members(schema, members);
    }

    fn members(&mut self, schema: Option<&'a Arc<Schema>>, members: &'a [Member]) {
        for member in members {
            match member {
                Member::Field(field) => {
                    let target = self.field_at(schema, &field.path.segments);
                    self.alias(field, target);
                    self.list(&field.annotations, target.map(|target| &target.ty));
                }
                Member::Group(group) => {
                    let ty = self.field_at(schema, std::slice::from_ref(&group.name)).map(|field| &field.ty);
                    let inner = match ty.map(Ty::core) {
                        Some(Ty::Schema(name)) => self.set.get(name),
                        _ => None,
                    };
                    self.members(inner, &group.members);
                    self.list(&group.annotations, ty);
                }
                Member::Output(_) | Member::Rule(_) => {}
            }
        }
    }

    /// A field, or one in a record declared in place.
    fn field_at(&self, schema: Option<&'a Arc<Schema>>, path: &[Name]) -> Option<&'a SchemaField> {
        let (first, rest) = path.split_first()?;
        let field = schema?.field(&first.text)?;
        match (rest, field.ty.core()) {
            ([], _) => Some(field),
            (_, Ty::Schema(inner)) => self.field_at(self.set.get(inner), rest),
            _ => None,
        }
    }

    /// An old name has no value of its own, so a default of it would be ignored.
    fn alias(&mut self, decl: &FieldDecl, field: Option<&SchemaField>) {
        let (Some(default), Some(name)) = (&decl.default, decl.path.segments.last()) else { return };
        // Where the field became an old name, it may keep the default that it had.
        if decl.annotations.iter().any(|annotation| annotation.name.text == "deprecated") {
            return;
        }
        let deprecation = field.and_then(|field| field.deprecated.as_ref());
        let Some((new, old)) = deprecation.and_then(|old| Some((old.replacement.as_ref()?, old))) else { return };
        self.found.push(
            Diagnostic::new(
                Code::BadAnnotation,
                self.file.span(default.span),
                format!("`{}` is an old name of `{new}`, and has no default of its own", name.text),
            )
            .primary_label("would be ignored")
            .label(old.span, "made an old name here")
            .help(format!("set the default of `{new}`")),
        );
    }

    fn list(&mut self, annotations: &'a [Annotation], ty: Option<&Ty>) {
        for (at, annotation) in annotations.iter().enumerate() {
            let name = annotation.name.text.as_str();
            if let Some(first) = annotations.iter().take(at).find(|other| other.name.text == name) {
                self.found.push(
                    self.bad(annotation, format!("`@{name}` stands twice"))
                        .primary_label("a second time")
                        .label(self.file.span(first.span), "here first")
                        .help("keep one of the two"),
                );
                continue;
            }
            match name {
                "once" | "env_prefixed" | "immutable" | "grow_only" => self.plain(annotation, ty),
                "locked" => {
                    self.arguments(annotation, "except");
                    self.exceptions(annotation);
                }
                "deprecated" => self.arguments(annotation, "use"),
                // Said where schemas are built.
                _ => {}
            }
        }
    }

    fn bad(&self, annotation: &Annotation, message: String) -> Diagnostic {
        Diagnostic::new(Code::BadAnnotation, self.file.span(annotation.span), message)
    }

    /// An annotation that takes nothing.
    fn plain(&mut self, annotation: &Annotation, ty: Option<&Ty>) {
        let name = annotation.name.text.as_str();
        let at = self.file.span(annotation.span);
        if !annotation.args.is_empty() {
            self.found.push(
                self.bad(annotation, format!("`@{name}` takes nothing"))
                    .primary_label("nothing may stand in parentheses")
                    .help(format!("write `@{name}`"))
                    .fix("remove the parentheses", Safety::Safe, at, format!("@{name}")),
            );
        }
        let Some(ty) = ty else { return };
        let wanted = match (name, ty.core()) {
            (_, Ty::Unknown) | ("env_prefixed", Ty::String) => return,
            ("env_prefixed", _) => "only text can have the environment's name before it",
            ("grow_only", Ty::Bool | Ty::Schema(_) | Ty::Map { .. } | Ty::Ref(_) | Ty::Secret(_) | Ty::List(_)) => {
                "only what has an order can grow"
            }
            _ => return,
        };
        self.found.push(
            self.bad(annotation, format!("`@{name}` means nothing for a `{ty}`"))
                .primary_label(wanted)
                .help("leave it out, or use `@immutable` if the value must never change"),
        );
    }

    /// An annotation that takes a text, and names under one key.
    fn arguments(&mut self, annotation: &Annotation, key: &str) {
        let name = annotation.name.text.as_str();
        let help = format!("write `@{name}({}\"why\"{})`", before(key), after(key));
        let mut texts = 0;
        for arg in &annotation.args {
            let Some(given) = &arg.name else {
                texts += 1;
                if texts == 2 {
                    let at = self.file.span(arg.value.span);
                    self.found.push(
                        Diagnostic::new(Code::BadAnnotation, at, format!("`@{name}` takes one text"))
                            .primary_label("a second one")
                            .help(help.clone()),
                    );
                }
                continue;
            };
            if given.text != key {
                let at = self.file.span(given.span);
                self.found.push(
                    Diagnostic::new(Code::BadAnnotation, at, format!("`@{name}` takes no `{}`", given.text))
                        .primary_label("unknown argument")
                        .help(help.clone())
                        .did_you_mean(at, nearest(&given.text, [key])),
                );
            }
        }
    }

    /// The exceptions of a lock are instances that exist. Those of a package may exist elsewhere.
    fn exceptions(&mut self, annotation: &'a Annotation) {
        let Some(arg) = annotation.args.iter().find(|arg| arg.name.as_ref().is_some_and(|name| name.text == "except"))
        else {
            return;
        };
        let single = std::slice::from_ref(&arg.value);
        let items = if let ExprKind::List(items) = &arg.value.kind { items.as_slice() } else { single };
        let roots: Vec<&str> = match self.root {
            "resource" => vec!["service", "resource"],
            root if ROOTS.contains(&root) => vec![root],
            _ => ROOTS.to_vec(),
        };
        for item in items {
            let at = self.file.span(item.span);
            let name = match &item.kind {
                ExprKind::Missing => continue,
                ExprKind::Path(path) if path.segments.len() == 1 => path.segments.first(),
                _ => None,
            };
            let Some(name) = name else {
                self.found.push(
                    Diagnostic::new(Code::BadAnnotation, at, "an exception is a name".to_owned())
                        .primary_label("not a name")
                        .help("write `except = [checkout, search]`"),
                );
                continue;
            };
            let in_workspace = matches!(self.file.role, Role::Platform | Role::Single | Role::Application);
            if in_workspace && !roots.iter().any(|root| self.index.instance(root, &name.text).is_some()) {
                self.found.push(self.unknown(arg, name, &roots));
            }
        }
    }

    fn unknown(&self, arg: &Arg, name: &Name, roots: &[&str]) -> Diagnostic {
        let at = self.file.span(name.span);
        let known: Vec<&str> = roots.iter().flat_map(|root| self.index.names(root)).map(|known| &**known).collect();
        let what = roots.join(" or ");
        let finding = Diagnostic::new(Code::UnknownReference, at, format!("there is no {what} `{}`", name.text))
            .primary_label("nothing declares it");
        let single = !matches!(arg.value.kind, ExprKind::List(_));
        let help = if single {
            "name one that exists, or leave `except` out"
        } else {
            "name one that exists, or take it out of the list"
        };
        finding.help(help).did_you_mean(at, nearest(&name.text, known))
    }
}

fn before(key: &str) -> &'static str {
    if key == "use" { "use = other, " } else { "" }
}

fn after(key: &str) -> &'static str {
    if key == "use" { "" } else { ", except = [name]" }
}
