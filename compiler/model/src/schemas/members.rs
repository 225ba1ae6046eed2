//! What one member of a schema or of an extension changes.

use std::sync::Arc;

use idpc_syntax::ast::{Annotation, ExprKind, FieldDecl, GroupDecl, Member, Name};

use super::builder::{Builder, Source};
use super::narrowing::{Relation, relation};
use crate::code::Code;
use crate::constant::constant;
use crate::diagnostic::Diagnostic;
use crate::named::Named;
use crate::refusal::refusal;
use crate::schema::{Default, Deprecation, Lock, OutputDef, RuleDef, Schema, SchemaField};
use crate::source::Sources as _;
use crate::suggest::nearest;
use crate::ty::Ty;
use crate::value::{Layer, Value};

impl<'a> Builder<'a> {
    pub(super) fn apply(&mut self, draft: &mut Schema, source: Source<'a>, member: &'a Member) {
        match member {
            Member::Field(field) => match field.path.segments.as_slice() {
                [name] => self.field(draft, source, field, name),
                [group, ..] => self.nested(draft, source, field, group, 0),
                [] => {}
            },
            Member::Group(group) => self.group(draft, source, group),
            Member::Output(output) => {
                let ty = self.resolve(source.file, &output.ty);
                let definition = OutputDef {
                    name: output.name.text.as_str().into(),
                    doc: output.doc.as_deref().map(Arc::from),
                    ty,
                    span: source.file.span(output.span),
                };
                match draft.outputs.iter_mut().find(|known| known.name == definition.name) {
                    Some(known) => *known = definition,
                    None => draft.outputs.push(definition),
                }
            }
            Member::Rule(rule) => draft.rules.push(RuleDef {
                warn: rule.warn,
                condition: Arc::new(rule.condition.clone()),
                message: Arc::new(rule.message.clone()),
                file: source.file.id,
                span: source.file.span(rule.span),
            }),
        }
    }

    fn field(&mut self, draft: &mut Schema, source: Source<'a>, decl: &'a FieldDecl, name: &Name) {
        let ty = decl.ty.as_ref().map(|written| {
            let span = source.file.span(written.span);
            (self.resolve(source.file, written), span)
        });
        let layer = Self::layer(source, draft);
        let position = draft.fields.place(&name.text);
        match (position.and_then(|at| draft.fields.get_mut(at)), ty) {
            (Some(field), ty) => {
                let before = self.diagnostics.len();
                if let Some((ty, span)) = ty {
                    let narrowed = self.narrow(field, ty, source, decl);
                    field.ty = narrowed;
                    field.ty_span = span;
                }
                let refused = self.diagnostics.len() > before;
                if decl.doc.is_some() {
                    field.doc = decl.doc.as_deref().map(Arc::from);
                }
                self.set_default(field, source, decl, layer);
                if !refused && decl.default.is_some() {
                    self.check_default(field);
                }
                self.annotate(field, source, &decl.annotations);
            }
            (None, Some((ty, ty_span))) => {
                let doc = decl.doc.as_deref();
                let mut field = SchemaField::new(&name.text, doc, ty, ty_span, draft.name.clone());
                self.set_default(&mut field, source, decl, layer);
                self.check_default(&field);
                self.annotate(&mut field, source, &decl.annotations);
                draft.fields.push(field);
            }
            (None, None) => self.unknown_field(draft, source, name),
        }
    }

    fn unknown_field(&mut self, draft: &Schema, source: Source<'a>, name: &Name) {
        let at = source.file.span(name.span);
        let suggestion = nearest(&name.text, draft.fields.iter().map(|field| &*field.name));
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownField, at, format!("`{}` has no field `{}`", draft.name, name.text))
                .primary_label("no field of this name is inherited")
                .help("give it a type to declare a new field")
                .did_you_mean(at, suggestion),
        );
    }

    fn narrow(&mut self, field: &SchemaField, new: Ty, source: Source<'a>, decl: &FieldDecl) -> Ty {
        let Some(written) = &decl.ty else { return new };
        let at = source.file.span(written.span);
        let name = &field.name;
        let finding = match relation(&new, &field.ty, &self.set) {
            Relation::Narrower => None,
            Relation::Wider(why) => Some(
                Diagnostic::new(Code::Widened, at, format!("`{name}` may only be narrowed here"))
                    .primary_label(why)
                    .help("an inherited field can lose values but never gain any"),
            ),
            Relation::Empty => Some(
                Diagnostic::new(Code::EmptyNarrowing, at, format!("no value of `{name}` is left"))
                    .primary_label("nothing meets both this and what it refines")
                    .help("choose bounds inside the inherited ones"),
            ),
            Relation::Other => Some(
                Diagnostic::new(Code::Retyped, at, format!("`{name}` cannot change its type"))
                    .primary_label(format!("expected a narrower form of `{}`", field.ty))
                    .help("give the new field another name"),
            ),
        };
        if let Some(finding) = finding {
            self.diagnostics.push(finding.label(field.ty_span, "inherited from here"));
            return field.ty.clone();
        }
        // Refinements of both hold: keep the inherited ones below the new type.
        let mut kept = new;
        for refinement in field.ty.refinements() {
            if !kept.refinements().iter().any(|known| known.rule.stands_for(&refinement.rule)) {
                kept = with_refinement(kept, refinement);
            }
        }
        let inherited = field.default.as_ref().filter(|_| decl.default.is_none());
        if let Some(default) = inherited
            && let Some(value) = self.constant_default(default, &kept)
            && refusal(name, &value, &kept).is_some()
        {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::EmptyNarrowing,
                    at,
                    format!("the default `{value}` of `{name}` is not allowed any more"),
                )
                .primary_label("this leaves the default out")
                .label(default.span, "the inherited default")
                .help("set a new default beside the narrowing"),
            );
        }
        kept
    }

    fn constant_default(&self, default: &Default, ty: &Ty) -> Option<Value> {
        if let (ExprKind::Path(path), Ty::Enum(name)) = (&default.expr.kind, ty.core())
            && let [only] = path.segments.as_slice()
            && self
                .set
                .enumeration(name)
                .is_some_and(|known| known.variants.iter().any(|(known, _)| **known == *only.text))
        {
            return Some(Value::Variant { of: name.clone(), name: only.text.as_str().into() });
        }
        let file = self.files.get(default.file)?;
        constant(&default.expr, &file.lets)
    }

    fn set_default(&mut self, field: &mut SchemaField, source: Source<'a>, decl: &FieldDecl, layer: Layer) {
        let Some(expr) = &decl.default else { return };
        let span = source.file.span(expr.span);
        if let Some(old) = field.default.take() {
            let twice = source.extension && matches!(old.layer, Layer::Extension(_)) && old.layer == layer;
            if twice && self.same_package(old.file, source.file.id) {
                self.diagnostics.push(
                    Diagnostic::new(Code::ExtendedTwice, span, format!("two extensions set `{}`", field.name))
                        .primary_label("set a second time")
                        .label(old.span, "set here first")
                        .help("keep one of the two"),
                );
            }
            field.overridden.insert(0, (old.layer, old.span));
        }
        field.default = Some(Default { expr: Arc::new(expr.clone()), file: source.file.id, span, layer });
    }

    /// A default of literals has to keep the refinements of its own field.
    fn check_default(&mut self, field: &SchemaField) {
        let Some(default) = &field.default else { return };
        if let Some(value) = self.constant_default(default, &field.ty)
            && let Some(mut refusal) = refusal(&field.name, &value, &field.ty)
        {
            refusal.because = refusal.because.or(Some(field.ty_span));
            self.diagnostics.push(refusal.finding(default.span));
        }
    }

    fn same_package(&self, a: crate::span::FileId, b: crate::span::FileId) -> bool {
        let origin =
            |id| self.files.get(id).map(|file| (file.role == crate::source::Role::Library, file.package.as_ref()));
        origin(a) == origin(b)
    }

    fn group(&mut self, draft: &mut Schema, source: Source<'a>, group: &'a GroupDecl) {
        let existing = draft.fields.place(&group.name.text);
        let inner_name: Arc<str> = format!("{}.{}", draft.name, group.name.text).into();
        let mut inner = match existing.and_then(|at| draft.fields.get(at)) {
            Some(field) => match self.derive(field, &inner_name) {
                Some(inner) => inner,
                None => {
                    self.retyped_group(source, group);
                    return;
                }
            },
            None => Schema {
                name: inner_name.clone(),
                chain: vec![inner_name.clone()],
                doc: group.doc.as_deref().map(Arc::from),
                span: source.file.span(group.name.span),
                library: draft.library,
                fields: Named::default(),
                outputs: Vec::new(),
                rules: Vec::new(),
            },
        };
        self.apply_all(&mut inner, source, &group.members);
        self.set.schemas.insert(inner_name.clone(), Arc::new(inner));
        let ty = Ty::Schema(inner_name);
        match existing.and_then(|at| draft.fields.get_mut(at)) {
            Some(field) => {
                field.ty = ty;
                self.annotate(field, source, &group.annotations);
            }
            None => {
                let ty_span = source.file.span(group.name.span);
                let doc = group.doc.as_deref();
                let mut field = SchemaField::new(&group.name.text, doc, ty, ty_span, draft.name.clone());
                self.annotate(&mut field, source, &group.annotations);
                draft.fields.push(field);
            }
        }
    }

    fn retyped_group(&mut self, source: Source<'a>, group: &GroupDecl) {
        let at = source.file.span(group.name.span);
        self.diagnostics.push(
            Diagnostic::new(Code::Retyped, at, format!("`{}` is not a record declared in place", group.name.text))
                .primary_label("only a record declared in place can be amended so")
                .help("set its default with `=` instead"),
        );
    }

    /// `slo.availability = …` in a child or an extension.
    fn nested(&mut self, draft: &mut Schema, source: Source<'a>, decl: &'a FieldDecl, group: &Name, depth: usize) {
        let Some(at) = draft.fields.place(&group.text) else {
            self.unknown_field(draft, source, group);
            return;
        };
        let inner_name: Arc<str> = format!("{}.{}", draft.name, group.text).into();
        let Some(mut inner) = draft.fields.get(at).and_then(|field| self.derive(field, &inner_name)) else {
            self.unknown_field(draft, source, group);
            return;
        };
        match decl.path.segments.get(depth + 1..) {
            Some([last]) => self.field(&mut inner, source, decl, last),
            Some([next, ..]) => self.nested(&mut inner, source, decl, next, depth + 1),
            _ => {}
        }
        self.set.schemas.insert(inner_name.clone(), Arc::new(inner));
        if let Some(field) = draft.fields.get_mut(at) {
            field.ty = Ty::Schema(inner_name);
        }
    }

    /// The record of an in-place field as its new owner's own, ready to be amended.
    fn derive(&mut self, field: &SchemaField, name: &Arc<str>) -> Option<Schema> {
        let Ty::Schema(inner) = field.ty.core() else { return None };
        // Only records declared in place have a dot in their name.
        if !inner.contains('.') {
            return None;
        }
        let mut schema = (**self.set.schemas.get(inner)?).clone();
        if schema.name != *name {
            schema.chain.insert(0, name.clone());
            schema.name = name.clone();
        }
        Some(schema)
    }

    fn annotate(&mut self, field: &mut SchemaField, source: Source<'a>, annotations: &[Annotation]) {
        for annotation in annotations {
            let span = source.file.span(annotation.span);
            match annotation.name.text.as_str() {
                "once" => field.once = true,
                "env_prefixed" => field.env_prefixed = true,
                "immutable" => field.immutable = true,
                "grow_only" => field.grow_only = true,
                "locked" => {
                    let reason = self.text_argument(source, annotation).unwrap_or_default();
                    let except = self.names_argument(annotation, "except");
                    field.locked = Some(Lock { reason, except, span });
                }
                "deprecated" => {
                    let reason = self.text_argument(source, annotation).unwrap_or_default();
                    let replacement = self.names_argument(annotation, "use").into_iter().next();
                    field.deprecated = Some(Deprecation { replacement, reason, span });
                }
                other => {
                    let at = source.file.span(annotation.name.span);
                    let known = ["once", "env_prefixed", "immutable", "grow_only", "locked", "deprecated"];
                    self.diagnostics.push(
                        Diagnostic::new(Code::BadAnnotation, at, format!("unknown annotation `@{other}`"))
                            .primary_label("no such annotation")
                            .help("annotations: `@immutable`, `@grow_only`, `@locked`, `@once`, `@env_prefixed`, `@deprecated`")
                            .meant(at, nearest(other, known)),
                    );
                }
            }
        }
    }

    fn text_argument(&mut self, source: Source<'a>, annotation: &Annotation) -> Option<Arc<str>> {
        let found = annotation.args.iter().filter(|arg| arg.name.is_none()).find_map(|arg| {
            match constant(&arg.value, &source.file.lets) {
                Some(Value::Str(text)) if !text.trim().is_empty() => Some(text),
                _ => None,
            }
        });
        if found.is_none() {
            let at = source.file.span(annotation.span);
            let name = &annotation.name.text;
            self.diagnostics.push(
                Diagnostic::new(Code::BadAnnotation, at, format!("`@{name}` needs its reason as text"))
                    .primary_label("the reason is missing")
                    .help(format!("write `@{name}(\"why\")`")),
            );
        }
        found
    }

    fn names_argument(&self, annotation: &Annotation, name: &str) -> Vec<Arc<str>> {
        let Some(arg) = annotation.args.iter().find(|arg| arg.name.as_ref().is_some_and(|given| given.text == name))
        else {
            return Vec::new();
        };
        let single = std::slice::from_ref(&arg.value);
        let items = match &arg.value.kind {
            ExprKind::List(items) => items.as_slice(),
            _ => single,
        };
        items
            .iter()
            .filter_map(|item| match &item.kind {
                ExprKind::Path(path) => path.segments.first().map(|name| Arc::from(name.text.as_str())),
                _ => None,
            })
            .collect()
    }
}

fn with_refinement(ty: Ty, refinement: &crate::ty::Refinement) -> Ty {
    match ty {
        Ty::Optional(inner) => Ty::Optional(Arc::new(with_refinement((*inner).clone(), refinement))),
        other => Ty::Refined(Arc::new(other), Arc::new(refinement.clone())),
    }
}
