//! The values of expressions, computed when they are first asked for. Findings about types were reported before; here an impossible case is [`Value::Error`].

use std::sync::Arc;

use idpc_syntax::ast::{Entry, EntryKind, Expr, ExprKind, Path, UnaryOp};

use super::arena::{Arena, Deferred, Kind, NodeId, Site, State};
use super::build::Spot;
use super::locate::Located;
use super::raw::{Raw, Writer};
use crate::constant::{literal, negated};
use crate::refusal::refusal;
use crate::span::Span;
use crate::ty::Ty;
use crate::value::{Field, Layer, Map, Origin, Value};

/// What a place that is waited for counts besides its expression: it takes more of the stack.
const FRAMES: usize = 3;

impl<'a> Arena<'a> {
    /// The value of a place.
    pub(super) fn value(&mut self, id: NodeId) -> Value {
        match self.state(id) {
            State::Done(value) => return value.clone(),
            State::Running => {
                self.cycle(id);
                return Value::Error;
            }
            State::Pending => {}
        }
        let value = match &self.node(id).kind {
            Kind::Unset => Value::None,
            Kind::Failed => Value::Error,
            Kind::Record { .. } | Kind::Map { .. } => self.collect(id).value,
            Kind::Expr { .. } => {
                self.set_state(id, State::Running);
                self.running.push(id);
                self.depth += FRAMES;
                let right = self.check_place(id);
                let value = if right { self.leaf_value(id) } else { Value::Error };
                self.depth -= FRAMES;
                self.running.pop();
                // A cycle found below may have settled it already.
                if let State::Done(done) = self.state(id) { done.clone() } else { value }
            }
        };
        self.set_state(id, State::Done(value.clone()));
        value
    }

    fn leaf_value(&mut self, id: NodeId) -> Value {
        let Some((expr, site)) = self.site(id) else { return Value::Error };
        let ty = self.node(id).ty.clone();
        let value = self.compute(expr, site, Some(&ty));
        let value = match (ty.core(), value) {
            (Ty::Range, Value::Int(number)) => Value::Range(number, number),
            (_, value) => value,
        };
        // The value as written is what the type speaks of; with its prefix it would differ in every environment.
        if !self.conforms(id, expr, site, &ty, &value) {
            return Value::Error;
        }
        self.prefixed(id, value)
    }

    /// `@env_prefixed`: outside production the environment's name comes first.
    fn prefixed(&self, id: NodeId, value: Value) -> Value {
        let node = self.node(id);
        if !node.env_prefixed || node.origin.layer == Layer::Overlay {
            return value;
        }
        match (&value, self.context.world) {
            (Value::Str(text), Some(world)) if !world.is_production() => {
                Value::Str(format!("{}.{text}", world.name).into())
            }
            _ => value,
        }
    }

    /// Whether a value keeps the refinements of its type; what it breaks is reported.
    fn conforms(&mut self, id: NodeId, expr: &Expr, site: Site, ty: &Ty, value: &Value) -> bool {
        let at = Span::new(site.file, expr.span);
        let key = self.node(id).key.clone();
        let Some(mut refusal) = refusal(&key, value, ty) else { return true };
        refusal.because = refusal.because.or(self.node(id).declared);
        self.report(refusal.finding(at));
        false
    }

    pub(super) fn compute(&mut self, expr: &'a Expr, site: Site, expected: Option<&Ty>) -> Value {
        if !self.spend(1, expr, site) || !self.descend(expr, site) {
            return Value::Error;
        }
        let value = self.compute_open(expr, site, expected);
        self.depth -= 1;
        value
    }

    fn compute_open(&mut self, expr: &'a Expr, site: Site, expected: Option<&Ty>) -> Value {
        match &expr.kind {
            ExprKind::Missing => Value::Error,
            ExprKind::Literal(item) => literal(item),
            ExprKind::Str(parts) => self.text(expr, parts, site),
            ExprKind::Path(path) => self.path(path, site, expected),
            ExprKind::List(items) => self.list(expr, items, site, expected),
            ExprKind::Record { entries, .. } => match expected.map(Ty::core) {
                Some(Ty::Schema(name)) => self.record_in(expr, site, name),
                _ => self.dynamic_map(entries, site, expected),
            },
            ExprKind::Paren(inner) => self.compute(inner, site, expected),
            ExprKind::Unary(UnaryOp::Not, inner) => match self.compute(inner, site, Some(&Ty::Bool)) {
                Value::Bool(truth) => Value::Bool(!truth),
                _ => Value::Error,
            },
            ExprKind::Unary(UnaryOp::Neg, inner) => {
                let value = self.compute(inner, site, expected);
                negated(&value).unwrap_or(Value::Error)
            }
            ExprKind::Binary(op, a, b) => self.binary(expr, *op, a, b, site, expected),
            ExprKind::If(condition, yes, no) => match self.compute(condition, site, Some(&Ty::Bool)) {
                Value::Bool(true) => self.compute(yes, site, expected),
                Value::Bool(false) => self.compute(no, site, expected),
                _ => Value::Error,
            },
            ExprKind::Call(name, args) => self.call(&name.text, args, site),
        }
    }

    pub(super) fn path(&mut self, path: &Path, site: Site, expected: Option<&Ty>) -> Value {
        match self.locate(path, site, expected) {
            Ok(located) => self.located_value(located, site),
            Err(_) => Value::Error,
        }
    }

    fn located_value(&mut self, located: Located, site: Site) -> Value {
        match located {
            Located::Node(id, _) => self.value(id),
            Located::Known(value, _) => value,
            Located::Output(output, _) if site.deferred == Deferred::Outputs => Value::Output(output),
            Located::Address(value, _) if site.deferred != Deferred::Never => value,
            Located::Output(..) | Located::Address(..) => Value::Error,
            Located::Via(id, rest, _) => {
                let base = self.value(id);
                if let Value::Ref { root, name } = &base
                    && let Some(node) = self.roots.get(&(root.clone(), name.clone())).copied()
                {
                    return self.down(node, &rest);
                }
                self.value_across(&base, &rest)
            }
        }
    }

    fn down(&mut self, from: NodeId, rest: &[Arc<str>]) -> Value {
        let Some((next, rest)) = rest.split_first() else { return self.value(from) };
        match self.field_of(from, next) {
            Some(field) => self.down(field, rest),
            None => {
                let base = self.value(from);
                let mut names = vec![next.clone()];
                names.extend_from_slice(rest);
                self.value_across(&base, &names)
            }
        }
    }

    fn list(&mut self, expr: &Expr, items: &'a [Expr], site: Site, expected: Option<&Ty>) -> Value {
        let inner = match expected.map(Ty::core) {
            Some(Ty::List(inner)) => Some((**inner).clone()),
            _ => None,
        };
        if !self.spend(items.len(), expr, site) {
            return Value::Error;
        }
        let values: Vec<Value> = items.iter().map(|item| self.compute(item, site, inner.as_ref())).collect();
        if values.iter().any(Value::is_error) { Value::Error } else { Value::List(Arc::new(values)) }
    }

    fn dynamic_map(&mut self, entries: &'a [Entry], site: Site, expected: Option<&Ty>) -> Value {
        let inner = match expected.map(Ty::core) {
            Some(Ty::Map { value, .. }) => (**value).clone(),
            _ => Ty::Any,
        };
        // Who wrote the expression also wrote what stands in it.
        let layer = self.running.last().map_or(Layer::Entry, |id| self.node(*id).origin.layer.clone());
        let mut built = Vec::new();
        for entry in entries {
            let (path, value) = match &entry.kind {
                EntryKind::Set { path, value } => (path, self.compute(value, site, Some(&inner))),
                EntryKind::Amend { path, entries } => (path, self.dynamic_map(entries, site, Some(&inner))),
                EntryKind::Bare(_) | EntryKind::In { .. } => continue,
            };
            let Some((key, below)) = path.segments.split_first() else { continue };
            let origin = Origin { layer: layer.clone(), span: Span::new(site.file, path.span), overridden: Vec::new() };
            let value = below.iter().rev().fold(value, |value, name| {
                let entry = (Arc::from(name.text.as_str()), Field { value, origin: origin.clone() });
                Value::Map(Arc::new(Map { entries: vec![entry] }))
            });
            built.push((Arc::from(key.text.as_str()), Field { value, origin }));
        }
        Value::Map(Arc::new(Map { entries: built }))
    }

    /// A record within an expression, such as an element of a list: it gets the defaults of its schema like any other.
    fn record_in(&mut self, expr: &'a Expr, site: Site, expected: &Arc<str>) -> Value {
        let ExprKind::Record { schema: written, .. } = &expr.kind else { return Value::Error };
        let span = Span::new(site.file, written.as_ref().map_or(expr.span, |name| name.span));
        let set = self.context.set;
        let name = written.as_ref().map_or(&**expected, |name| name.text.as_str());
        let Some(schema) = set.get(name).filter(|schema| schema.is_a(expected)) else {
            self.unknown_kind(expected, name, span);
            return Value::Error;
        };
        let holder = self.running.last().copied().unwrap_or(site.this);
        let layer = self.node(holder).origin.layer.clone();
        let by = Writer { file: site.file, layer: layer.clone(), scope: site.in_schema.then_some(site.scope) };
        let mut raw = Raw::default();
        raw.assign(&by, span, expr);
        let node = self.node(holder);
        let spot = Spot {
            key: node.key.clone(),
            parent: Some(holder),
            ty: Ty::Schema(schema.name.clone()),
            field: None,
            deferred: node.deferred,
            once: node.once,
        };
        let id = self.record(spot, schema, &raw, span, Origin { layer, span, overridden: Vec::new() });
        self.collect(id).value
    }
}
