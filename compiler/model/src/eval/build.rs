//! From settings and schemas to places.

use std::sync::Arc;

use idpc_syntax::ast::{Expr, ExprKind};

use super::arena::{Arena, Kind, Node, NodeId};
use super::raw::{Child, Raw, Setting, Writer};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::named::Named;
use crate::schema::{Schema, SchemaField, is_required};
use crate::span::Span;
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
            kind: Kind::Record { schema, fields: Named::default(), shared: None, instance: None, header },
            env_prefixed: false,
            once: spot.once,
            deferred: false,
        });
        let brace = raw.brace;
        let meant = self.unknown_fields(schema, raw);
        let moved = self.renamed(schema, raw);
        let mut fields = Vec::with_capacity(schema.fields.len());
        for field in &schema.fields {
            if field.deprecated.as_ref().is_some_and(|item| item.replacement.is_some()) {
                continue;
            }
            let child = child_of(raw, &field.name)
                .or_else(|| moved.iter().find(|(new, _)| *new == field.name).and_then(|(_, old)| child_of(raw, old)));
            if let Some(child) = child.filter(|child| child.raw.is_written()) {
                self.permitted(field, child);
            }
            if let Some(child) = child.filter(|_| is_root) {
                self.keys(schema, &field.name, &child.raw);
            }
            let raw = child.map(|child| &child.raw);
            let missing = raw.is_none_or(Raw::is_empty) && is_required(field, self.context.set);
            if missing && !self.probing && !meant.contains(&field.name) {
                self.missing(field, schema, header, brace);
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
            *slot = fields.into_iter().collect();
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
        let laid = self.over_default(&spot, raw);
        let raw = laid.as_ref().unwrap_or(raw);
        match spot.ty.core().clone() {
            Ty::Schema(name) => self.record_place(spot, &name, raw, header),
            Ty::Map { key, value } => self.map_place(spot, key, &value, raw, header),
            _ => self.leaf(spot, raw, header),
        }
    }

    /// What is said about a place, laid over the record or map that its schema writes there.
    fn over_default(&self, spot: &Spot<'_>, raw: &Raw<'a>) -> Option<Raw<'a>> {
        if raw.set.is_some() || !matches!(spot.ty.core(), Ty::Schema(_) | Ty::Map { .. }) {
            return None;
        }
        let (expr, default) = self.default_of(spot.field?, spot)?;
        if !matches!(expr.kind, ExprKind::Record { .. }) {
            return None;
        }
        let by = Writer { file: default.file, layer: default.layer, scope: spot.parent };
        let mut laid = Raw::of(None, default.origin.overridden);
        laid.assign(&by, default.span, expr);
        laid.lay(raw);
        Some(laid)
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
        let origin = self.origin_of(&spot, setting, raw);
        let expr = setting.expr;
        let named = match &expr.kind {
            ExprKind::Record { schema, .. } => schema.as_ref(),
            ExprKind::Path(path) if path.segments.len() == 1 => path.segments.first(),
            _ => None,
        };
        let span = Span::new(setting.by.file, named.map_or(expr.span, |name| name.span));
        if let Some(named) = named
            && let Some(node) = self.shared_place(&spot, name, &named.text, raw, span, &origin)
        {
            return node;
        }
        let ExprKind::Record { schema: written, .. } = &expr.kind else {
            if let (Some(named), true) = (named, name.as_ref() == "resource") {
                self.no_braces(name, &named.text, span);
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
            Some(schema) if self.is_no_kind(schema) => {
                self.report(
                    Diagnostic::new(Code::WrongType, span, format!("this does not say which `{name}` it is"))
                        .primary_label("a record of no kind")
                        .help(format!("name its kind before the brace: `{} = KIND {{ … }}`", spot.key)),
                );
                self.failed(spot)
            }
            Some(schema) => self.record(spot, schema, raw, if named.is_some() { span } else { setting.path }, origin),
            None => self.failed(spot),
        }
    }

    /// A place whose value an expression gives, or nothing.
    pub(super) fn leaf(&mut self, spot: Spot<'_>, raw: &Raw<'a>, header: Span) -> NodeId {
        let default = spot.field.and_then(|field| self.default_of(field, &spot));
        let root = self.root_scope(spot.parent);
        let amended = self.no_record(&spot, raw);
        let (kind, origin) = if let Some(span) = amended {
            (Kind::Failed, Origin { layer: Layer::Entry, span, overridden: Vec::new() })
        } else if let Some(setting) = &raw.set {
            let scope = setting.by.scope;
            let kind = Kind::Expr {
                expr: setting.expr,
                file: setting.by.file,
                scope: scope.unwrap_or(root),
                in_schema: scope.is_some(),
            };
            (kind, self.origin_of(&spot, setting, raw))
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

    /// Reports a place that is opened like a record although its type has none: `memory { a = 1 }`, or a bare `memory`.
    fn no_record(&mut self, spot: &Spot<'_>, raw: &Raw<'a>) -> Option<Span> {
        let (below, opened) = (raw.children.first(), raw.opened.as_ref());
        let set_as_record = raw.set.as_ref().is_some_and(|set| matches!(set.expr.kind, ExprKind::Record { .. }));
        let (at, bare) = match (below, opened) {
            (Some((_, child)), _) if !set_as_record => (child.name, false),
            (None, Some((_, opened))) => (*opened, true),
            _ => return None,
        };
        let finding = match spot.ty.core() {
            Ty::Unknown | Ty::Any => return None,
            // The record that is amended is a value of its own, which some expression gives.
            Ty::Schema(_) | Ty::Map { .. } => {
                Diagnostic::new(Code::NothingToAmend, at, format!("`{}` cannot be amended here", spot.key))
                    .primary_label("it is set as a whole, by an expression")
                    .help(format!("set it anew: `{} = …`", spot.key))
            }
            _ => {
                let message =
                    if bare { format!("`{}` has no value", spot.key) } else { format!("`{}` is no record", spot.key) };
                Diagnostic::new(Code::WrongType, at, message)
                    .primary_label(format!("expected a value of the type `{}`", spot.ty))
                    .help(format!("write `{} = …`", spot.key))
            }
        };
        let finding = match &raw.set {
            Some(setting) => finding.label(setting.path, "set here"),
            None => finding,
        };
        self.report(finding);
        Some(at)
    }

    /// Where a setting came from, and what it overrode: earlier settings, then the default.
    pub(super) fn origin_of(&self, spot: &Spot<'_>, setting: &Setting<'_>, raw: &Raw<'_>) -> Origin {
        let mut origin =
            Origin { layer: setting.by.layer.clone(), span: setting.path, overridden: raw.overridden.clone() };
        if let Some((_, below)) = spot.field.and_then(|field| self.default_of(field, spot))
            && below.span != setting.path
        {
            origin.overridden.push((below.layer, below.span));
        }
        origin
    }

    /// The default of a field, borrowed from the set of schemas rather than from the field at hand.
    pub(super) fn default_of(&self, field: &SchemaField, spot: &Spot<'_>) -> Option<(&'a Expr, DefaultOrigin)> {
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

    pub(super) fn failed(&mut self, spot: Spot<'_>) -> NodeId {
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

/// The default of a field, with where it stands.
pub(super) struct DefaultOrigin {
    file: crate::span::FileId,
    layer: Layer,
    span: Span,
    origin: Origin,
}

pub(super) fn child_of<'r, 'a>(raw: &'r Raw<'a>, name: &str) -> Option<&'r Child<'a>> {
    raw.below(name)
}
