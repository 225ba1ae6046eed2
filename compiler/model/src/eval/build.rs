//! From settings and schemas to places.

use std::sync::Arc;

use idpc_syntax::ast::{Expr, ExprKind, Literal};

use super::arena::{Arena, Kind, Node, NodeId};
use super::raw::{Child, Raw, Setting};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::schema::{Schema, SchemaField, is_required};
use crate::span::Span;
use crate::suggest::nearest;
use crate::ty::Ty;
use crate::value::{Layer, Origin};

/// How deeply records may be nested.
const DEEPEST: usize = 64;

/// How many places one instance may have; the defaults of nested records multiply.
const MOST_PLACES: usize = 100_000;

/// Where a place hangs, and what its field says about it.
pub(super) struct Spot<'f> {
    pub(super) key: Arc<str>,
    pub(super) parent: Option<NodeId>,
    pub(super) ty: Ty,
    pub(super) field: Option<&'f SchemaField>,
    pub(super) deferred: bool,
    pub(super) once: bool,
}

impl<'a> Arena<'a> {
    /// The root record of an instance.
    pub fn root(&mut self, root: &str, name: &str, schema: &'a Arc<Schema>, raw: &Raw<'a>, header: Span) -> NodeId {
        let spot = Spot {
            key: name.into(),
            parent: None,
            ty: Ty::Schema(schema.name.clone()),
            field: None,
            deferred: false,
            once: false,
        };
        let origin = Origin { layer: Layer::Entry, span: header, overridden: Vec::new() };
        self.first = self.nodes.len();
        let id = self.record(spot, schema, raw, header, origin);
        if let Kind::Record { instance, .. } = &mut self.node_mut(id).kind {
            *instance = Some(name.into());
        }
        self.roots.insert((root.into(), name.into()), id);
        id
    }

    pub(super) fn record(
        &mut self,
        spot: Spot<'_>,
        schema: &'a Arc<Schema>,
        raw: &Raw<'a>,
        header: Span,
        origin: Origin,
    ) -> NodeId {
        if !self.affordable(spot.parent, header) {
            return self.failed(spot);
        }
        let deferred = spot.deferred;
        let is_root = spot.parent.is_none();
        let id = self.push(Node {
            key: spot.key,
            parent: spot.parent,
            ty: spot.ty,
            declared: spot.field.map(|field| field.ty_span),
            origin,
            kind: Kind::Record { schema, fields: Vec::new(), shared: None, instance: None, header },
            env_prefixed: false,
            once: spot.once,
            deferred: false,
        });
        let meant = self.unknown_fields(schema, raw);
        let moved = self.renamed(schema, raw);
        let mut fields = Vec::with_capacity(schema.fields.len());
        for field in &schema.fields {
            if field.deprecated.as_ref().is_some_and(|item| item.replacement.is_some()) {
                continue;
            }
            let child = child_of(raw, &field.name)
                .or_else(|| moved.iter().find(|(new, _)| *new == field.name).and_then(|(_, old)| child_of(raw, old)));
            if let Some(child) = child {
                self.permitted(field, child);
            }
            let raw = child.map(|child| &child.raw);
            let missing = raw.is_none_or(Raw::is_empty) && is_required(field, self.context.set);
            if missing && !self.probing && !meant.contains(&field.name) {
                self.missing(field, schema, header);
            }
            let empty = Raw::default();
            let spot = Spot {
                key: field.name.clone(),
                parent: Some(id),
                ty: field.ty.clone(),
                field: Some(field),
                deferred: deferred || (is_root && &*field.name == "config" && schema.is_a("service")),
                once: spot.once || field.once,
            };
            let node = self.place(spot, raw.unwrap_or(&empty), header);
            fields.push((field.name.clone(), node));
        }
        if let Kind::Record { fields: slot, .. } = &mut self.node_mut(id).kind {
            *slot = fields;
        }
        id
    }

    /// Whether one record more fits into the budget; the first that does not is reported.
    fn affordable(&mut self, parent: Option<NodeId>, header: Span) -> bool {
        let mut depth = 0_usize;
        let mut at = parent;
        while let Some(id) = at {
            depth += 1;
            at = self.node(id).parent;
        }
        if depth <= DEEPEST && self.nodes.len() - self.first <= MOST_PLACES {
            return true;
        }
        if !self.found.iter().any(|finding| finding.code == Code::BudgetExceeded) {
            let why =
                if depth > DEEPEST { "nested more deeply than is allowed" } else { "more parts than are allowed" };
            self.report(
                Diagnostic::new(Code::BudgetExceeded, header, "this record is too large")
                    .primary_label(why)
                    .help("make fields of its schemas optional, or lists"),
            );
        }
        false
    }

    /// A place of any type.
    pub(super) fn place(&mut self, spot: Spot<'_>, raw: &Raw<'a>, header: Span) -> NodeId {
        match spot.ty.core().clone() {
            Ty::Schema(name) => self.record_place(spot, &name, raw, header),
            Ty::Map { key, value } => self.map_place(spot, key, &value, raw, header),
            _ => self.leaf(spot, raw, header),
        }
    }

    fn record_place(&mut self, spot: Spot<'_>, name: &Arc<str>, raw: &Raw<'a>, header: Span) -> NodeId {
        let set = self.context.set;
        if let Some(setting) = &raw.set {
            return self.set_record(spot, name, raw, setting);
        }
        if raw.children.is_empty() && raw.opened.is_none() {
            let Some(schema) = set.get(name) else { return self.leaf(spot, raw, header) };
            let default = spot.field.and_then(|field| field.default.as_ref());
            if default.is_some() || spot.ty.is_optional() || !schema.is_complete(set) {
                return self.leaf(spot, raw, header);
            }
            let origin = Origin { layer: Layer::Unset, span: header, overridden: Vec::new() };
            return self.record(spot, schema, &Raw::default(), header, origin);
        }
        let (layer, at) = raw.opened.clone().unwrap_or((Layer::Entry, header));
        let Some(schema) = set.get(name) else { return self.failed(spot) };
        let origin = Origin { layer, span: at, overridden: raw.overridden.clone() };
        // `slo.availability = …` names no header of its own, so the enclosing one stands in.
        self.record(spot, schema, raw, at, origin)
    }

    fn set_record(&mut self, spot: Spot<'_>, name: &Arc<str>, raw: &Raw<'a>, setting: &Setting<'a>) -> NodeId {
        let set = self.context.set;
        let origin = origin_of(setting, raw);
        let expr = setting.expr;
        let named = match &expr.kind {
            ExprKind::Record { schema, .. } => schema.as_ref(),
            ExprKind::Path(path) if path.segments.len() == 1 => path.segments.first(),
            _ => None,
        };
        let span = Span::new(setting.file, named.map_or(expr.span, |name| name.span));
        if let Some(named) = named
            && let Some(node) = self.shared_place(&spot, name, &named.text, raw, span, &origin)
        {
            return node;
        }
        let ExprKind::Record { schema: written, .. } = &expr.kind else {
            if let (Some(named), true) = (named, name.as_ref() == "resource") {
                self.unknown_kind(name, &named.text, span);
                return self.failed(spot);
            }
            return self.leaf(spot, raw, setting.path);
        };
        let concrete = match written {
            None => set.get(name),
            Some(written) => {
                let found = set.get(&written.text).filter(|schema| schema.is_a(name));
                if found.is_none() {
                    self.unknown_kind(name, &written.text, span);
                    return self.failed(spot);
                }
                found
            }
        };
        match concrete {
            Some(schema) => self.record(spot, schema, raw, if named.is_some() { span } else { setting.path }, origin),
            None => self.failed(spot),
        }
    }

    /// A shared resource used as a need: `paid = order-paid { access = write }`.
    fn shared_place(
        &mut self,
        spot: &Spot<'_>,
        name: &Arc<str>,
        instance: &str,
        raw: &Raw<'a>,
        span: Span,
        origin: &Origin,
    ) -> Option<NodeId> {
        let set = self.context.set;
        if !set.is_a(name, "resource") {
            return None;
        }
        let at = self.context.index.instance("resource", instance)?;
        let (_, decl) = self.context.files.decl(at)?;
        let idpc_syntax::ast::DeclKind::Instance(item) = &decl.kind else { return None };
        let schema = item.schema.as_ref().and_then(|schema| set.get(&schema.text))?;
        for (key, child) in &raw.children {
            if &**key != "access" {
                self.report(
                    Diagnostic::new(Code::UnknownField, child.name, format!("`{key}` cannot be set here"))
                        .primary_label(format!("`{instance}` is shared: only `access` is the user's own"))
                        .label(span, "the shared resource")
                        .help(format!("set it where `resource {instance}` is declared")),
                );
            }
        }
        let access = schema.field("access")?;
        let id = self.push(Node {
            key: spot.key.clone(),
            parent: spot.parent,
            ty: Ty::Schema(schema.name.clone()),
            declared: spot.field.map(|field| field.ty_span),
            origin: origin.clone(),
            kind: Kind::Record {
                schema,
                fields: Vec::new(),
                shared: Some(instance.into()),
                instance: None,
                header: span,
            },
            env_prefixed: false,
            once: spot.once,
            deferred: false,
        });
        let empty = Raw::default();
        let child = child_of(raw, "access").map_or(&empty, |child| &child.raw);
        let field = Spot {
            key: "access".into(),
            parent: Some(id),
            ty: access.ty.clone(),
            field: Some(access),
            deferred: false,
            once: spot.once,
        };
        let node = self.place(field, child, span);
        if let Kind::Record { fields, .. } = &mut self.node_mut(id).kind {
            fields.push(("access".into(), node));
        }
        Some(id)
    }

    fn unknown_kind(&mut self, expected: &str, given: &str, span: Span) {
        let set = self.context.set;
        let schemas = set.descendants(expected).into_iter().map(|schema| &*schema.name);
        let resources = self.context.index.names("resource").map(|name| &**name);
        let known: Vec<&str> = if expected == "resource" {
            schemas.chain(resources).collect()
        } else {
            schemas.chain(std::iter::once(expected)).collect()
        };
        let shown: Vec<String> = known
            .iter()
            .filter(|name| !name.contains('.') && !name.contains(':'))
            .map(|name| (*name).to_owned())
            .collect();
        let message = if set.get(given).is_some() {
            format!("`{given}` is no `{expected}`")
        } else {
            format!("nothing called `{given}` can stand here")
        };
        self.report(
            Diagnostic::new(Code::UnknownType, span, message)
                .primary_label(format!("expected a `{expected}`"))
                .help(format!("use {}", crate::suggest::one_of(&shown)))
                .did_you_mean(span, nearest(given, known)),
        );
    }

    fn map_place(&mut self, spot: Spot<'_>, key: Option<Arc<str>>, value: &Ty, raw: &Raw<'a>, header: Span) -> NodeId {
        if let Some(setting) = &raw.set
            && !matches!(setting.expr.kind, ExprKind::Record { schema: None, .. })
        {
            return self.leaf(spot, raw, header);
        }
        let set_at = raw.set.as_ref().map(|setting| (setting.layer.clone(), setting.path));
        let (layer, at) = set_at.or_else(|| raw.opened.clone()).unwrap_or((Layer::Unset, header));
        let id = self.push(Node {
            key: spot.key.clone(),
            parent: spot.parent,
            ty: spot.ty.clone(),
            declared: spot.field.map(|field| field.ty_span),
            origin: Origin { layer, span: at, overridden: raw.overridden.clone() },
            kind: Kind::Map { key: key.clone(), base: None, entries: Vec::new() },
            env_prefixed: false,
            once: spot.once,
            deferred: spot.deferred,
        });
        let default = spot.field.and_then(|field| field.default.as_ref()).filter(|_| raw.set.is_none());
        let base = default.is_some().then(|| {
            let spot = Spot { parent: Some(id), ..spot_like(&spot) };
            self.leaf(spot, &Raw::default(), header)
        });
        let mut entries = Vec::new();
        for (name, child) in &raw.children {
            if is_removal(&child.raw) {
                continue;
            }
            if let Some(root) = &key
                && !self.known_key(root, name, child.name)
            {
                continue;
            }
            let spot = Spot {
                key: name.clone(),
                parent: Some(id),
                ty: value.clone(),
                field: None,
                deferred: spot.deferred,
                once: spot.once,
            };
            let node = self.entry(spot, value, child);
            entries.push((name.clone(), node));
        }
        self.node_mut(id).kind = Kind::Map { key, base, entries };
        id
    }

    fn entry(&mut self, spot: Spot<'_>, value: &Ty, child: &Child<'a>) -> NodeId {
        let set = self.context.set;
        if let Ty::Schema(name) = value.core()
            && child.raw.set.is_none()
            && (set.parents.contains_key(name) || set.get(name).is_some_and(|schema| !schema.is_complete(set)))
            && set.parents.get(name).is_some_and(|children| !children.is_empty())
        {
            let key = &spot.key;
            self.report(
                Diagnostic::new(Code::NothingToAmend, child.name, format!("there is no `{key}` to amend"))
                    .primary_label("nothing sets it before")
                    .help(format!("say which kind it is: `{key} = KIND {{ … }}`")),
            );
            return self.failed(spot);
        }
        self.place(spot, &child.raw, child.name)
    }

    fn known_key(&mut self, schema: &str, name: &str, span: Span) -> bool {
        let root = self.context.set.get(schema).map_or(schema, |schema| schema.root());
        if self.context.index.instance(root, name).is_some() {
            return true;
        }
        let suggestion = nearest(name, self.context.index.names(root).map(|known| &**known)).map(str::to_owned);
        self.report(
            Diagnostic::new(Code::UnknownReference, span, format!("there is no {root} `{name}`"))
                .primary_label("nothing declares it")
                .help(format!("declare `{root} {name}`, or name one that exists"))
                .did_you_mean(span, suggestion.as_deref()),
        );
        false
    }

    /// A place whose value an expression gives, or nothing.
    pub(super) fn leaf(&mut self, spot: Spot<'_>, raw: &Raw<'a>, header: Span) -> NodeId {
        let default = spot.field.and_then(|field| self.default_of(field, &spot));
        let root = self.root_scope(spot.parent);
        let (kind, origin) = if let Some(setting) = &raw.set {
            let kind = Kind::Expr { expr: setting.expr, file: setting.file, scope: root, in_schema: false };
            let mut origin = origin_of(setting, raw);
            if let Some((_, below)) = &default {
                origin.overridden.push((below.layer.clone(), below.span));
            }
            (kind, origin)
        } else if let Some((_, child)) = raw.children.first() {
            if !matches!(spot.ty.core(), Ty::Unknown | Ty::Any) {
                self.report(
                    Diagnostic::new(Code::WrongType, child.name, format!("`{}` is no record", spot.key))
                        .primary_label(format!("expected a value of the type `{}`", spot.ty))
                        .help(format!("write `{} = …`", spot.key)),
                );
            }
            (Kind::Failed, Origin { layer: Layer::Entry, span: child.name, overridden: Vec::new() })
        } else if let Some((expr, default)) = default {
            let scope = spot.parent.unwrap_or(root);
            (Kind::Expr { expr, file: default.file, scope, in_schema: true }, default.origin)
        } else {
            let kind = if spot.ty.is_optional() { Kind::Unset } else { Kind::Failed };
            (kind, Origin { layer: Layer::Unset, span: header, overridden: Vec::new() })
        };
        self.push(Node {
            key: spot.key,
            parent: spot.parent,
            ty: spot.ty,
            declared: spot.field.map(|field| field.ty_span),
            origin,
            kind,
            env_prefixed: spot.field.is_some_and(|field| field.env_prefixed),
            once: spot.once,
            deferred: spot.deferred,
        })
    }

    /// The default of a field, borrowed from the set of schemas rather than from the field at hand.
    fn default_of(&self, field: &SchemaField, spot: &Spot<'_>) -> Option<(&'a Expr, DefaultOrigin)> {
        field.default.as_ref()?;
        let parent = spot.parent?;
        // The base of a map hangs below the map itself.
        let holder = match &self.node(parent).kind {
            Kind::Map { .. } => self.node(parent).parent?,
            _ => parent,
        };
        let Kind::Record { schema, .. } = &self.node(holder).kind else { return None };
        let schema: &'a Arc<Schema> = schema;
        let default = schema.field(&field.name)?.default.as_ref()?;
        let origin = Origin { layer: default.layer.clone(), span: default.span, overridden: field.overridden.clone() };
        Some((
            &default.expr,
            DefaultOrigin { file: default.file, layer: default.layer.clone(), span: default.span, origin },
        ))
    }

    fn root_scope(&self, parent: Option<NodeId>) -> NodeId {
        let mut at = parent.unwrap_or(NodeId(self.nodes.len()));
        while let Some(up) = self.nodes.get(at.0).and_then(|node| node.parent) {
            at = up;
        }
        at
    }

    fn failed(&mut self, spot: Spot<'_>) -> NodeId {
        let span = spot.field.map_or_else(
            || Span::new(crate::span::FileId(0), idpc_syntax::ast::TextRange::default()),
            |field| field.ty_span,
        );
        self.push(Node {
            key: spot.key,
            parent: spot.parent,
            ty: spot.ty,
            declared: None,
            origin: Origin { layer: Layer::Unset, span, overridden: Vec::new() },
            kind: Kind::Failed,
            env_prefixed: false,
            once: spot.once,
            deferred: spot.deferred,
        })
    }
}

struct DefaultOrigin {
    file: crate::span::FileId,
    layer: Layer,
    span: Span,
    origin: Origin,
}

fn spot_like<'f>(spot: &Spot<'f>) -> Spot<'f> {
    Spot {
        key: spot.key.clone(),
        parent: spot.parent,
        ty: spot.ty.clone(),
        field: spot.field,
        deferred: spot.deferred,
        once: spot.once,
    }
}

pub(super) fn child_of<'r, 'a>(raw: &'r Raw<'a>, name: &str) -> Option<&'r Child<'a>> {
    raw.below(name)
}

fn origin_of(setting: &Setting<'_>, raw: &Raw<'_>) -> Origin {
    Origin { layer: setting.layer.clone(), span: setting.path, overridden: raw.overridden.clone() }
}

fn is_removal(raw: &Raw<'_>) -> bool {
    raw.set.as_ref().is_some_and(|setting| matches!(setting.expr.kind, ExprKind::Literal(Literal::None)))
}
