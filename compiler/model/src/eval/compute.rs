//! The values of expressions. Findings about types were reported before; here an impossible case is [`Value::Error`].

use std::sync::Arc;

use idpc_syntax::ast::{BinaryOp, Entry, EntryKind, Expr, ExprKind, Path, StrPart, UnaryOp};

use super::arena::{Arena, Deferred, Kind, NodeId, Site, State};
use super::locate::Located;
use crate::code::Code;
use crate::constant::{literal, negated, plain_text, range};
use crate::credential;
use crate::diagnostic::Diagnostic;
use crate::refusal::refusal;
use crate::span::Span;
use crate::ty::Ty;
use crate::units::{self, Amount, Quantity};
use crate::value::{Field, Layer, Map, Origin, Piece, Value};

/// How many expressions may be open at once, one inside of or waiting for another.
const DEEPEST: usize = 500;

/// What a place that is waited for counts besides its expression: it takes more of the stack.
const FRAMES: usize = 3;

/// How many steps one instance may take in one environment; every byte and element that is built counts too.
const BUDGET: u64 = 1_000_000;

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

    /// Opens one expression more; `false` when too many are open, with one finding. Stacks are finite, and a program has to be
    /// accepted on every machine or on none.
    pub(super) fn descend(&mut self, expr: &Expr, site: Site) -> bool {
        if self.depth < DEEPEST {
            self.depth += 1;
            return true;
        }
        if !self.found.iter().any(|finding| finding.code == Code::BudgetExceeded) {
            self.report(
                Diagnostic::new(
                    Code::BudgetExceeded,
                    Span::new(site.file, expr.span),
                    "too many values wait for each other",
                )
                .primary_label("too many expressions are open here")
                .help("let values read fewer other values one after the other"),
            );
        }
        false
    }

    /// Counts work; `false` once the budget is used up, with one finding.
    fn spend(&mut self, amount: usize, expr: &Expr, site: Site) -> bool {
        let before = self.steps;
        self.steps = self.steps.saturating_add(u64::try_from(amount).unwrap_or(u64::MAX));
        if self.steps <= BUDGET {
            return true;
        }
        if before <= BUDGET {
            self.report(
                Diagnostic::new(
                    Code::BudgetExceeded,
                    Span::new(site.file, expr.span),
                    "this takes more work than is allowed",
                )
                .primary_label(format!("more than {BUDGET} steps, bytes and elements"))
                .help("build less text, or shorter lists"),
            );
        }
        false
    }

    pub(super) fn compute(&mut self, expr: &Expr, site: Site, expected: Option<&Ty>) -> Value {
        if !self.spend(1, expr, site) || !self.descend(expr, site) {
            return Value::Error;
        }
        let value = self.compute_open(expr, site, expected);
        self.depth -= 1;
        value
    }

    fn compute_open(&mut self, expr: &Expr, site: Site, expected: Option<&Ty>) -> Value {
        match &expr.kind {
            ExprKind::Missing => Value::Error,
            ExprKind::Literal(item) => literal(item),
            ExprKind::Str(parts) => self.text(expr, parts, site),
            ExprKind::Path(path) => self.path(path, site, expected),
            ExprKind::List(items) => self.list(expr, items, site, expected),
            ExprKind::Record { entries, .. } => self.dynamic_map(entries, site, expected),
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

    fn path(&mut self, path: &Path, site: Site, expected: Option<&Ty>) -> Value {
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

    fn text(&mut self, expr: &Expr, parts: &[StrPart], site: Site) -> Value {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut built = String::new();
        for part in parts {
            let added = match part {
                StrPart::Text(text) => text.clone(),
                StrPart::Insert(path) => match self.path(path, site, None) {
                    Value::Output(output) if !output.secret => {
                        if !built.is_empty() {
                            pieces.push(Piece::Text(std::mem::take(&mut built).into()));
                        }
                        pieces.push(Piece::Output(output));
                        continue;
                    }
                    Value::Text(inner) => {
                        if !built.is_empty() {
                            pieces.push(Piece::Text(std::mem::take(&mut built).into()));
                        }
                        pieces.extend(inner.iter().cloned());
                        continue;
                    }
                    value => match plain_text(&value) {
                        Some(text) => text,
                        None => return Value::Error,
                    },
                },
            };
            if !self.spend(added.len(), expr, site) {
                return Value::Error;
            }
            built.push_str(&added);
        }
        if pieces.is_empty() {
            return self.credential(built, expr, site);
        }
        if !built.is_empty() {
            pieces.push(Piece::Text(built.into()));
        }
        Value::Text(Arc::new(pieces))
    }

    fn credential(&mut self, text: String, expr: &Expr, site: Site) -> Value {
        if let Some(what) = credential::recognize(&text) {
            self.report(credential::finding(Span::new(site.file, expr.span), what));
            return Value::Error;
        }
        Value::Str(text.into())
    }

    fn list(&mut self, expr: &Expr, items: &[Expr], site: Site, expected: Option<&Ty>) -> Value {
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

    fn dynamic_map(&mut self, entries: &[Entry], site: Site, expected: Option<&Ty>) -> Value {
        let inner = match expected.map(Ty::core) {
            Some(Ty::Map { value, .. }) => (**value).clone(),
            _ => Ty::Any,
        };
        let mut built = Vec::new();
        for entry in entries {
            let (path, value) = match &entry.kind {
                EntryKind::Set { path, value } => (path, self.compute(value, site, Some(&inner))),
                EntryKind::Amend { path, entries } => (path, self.dynamic_map(entries, site, Some(&inner))),
                EntryKind::Bare(_) | EntryKind::In { .. } => continue,
            };
            let Some((key, below)) = path.segments.split_first() else { continue };
            let span = Span::new(site.file, path.span);
            let value = below.iter().rev().fold(value, |value, name| {
                let origin = Origin { layer: Layer::Entry, span, overridden: Vec::new() };
                let entry = (Arc::from(name.text.as_str()), Field { value, origin });
                Value::Map(Arc::new(Map { entries: vec![entry] }))
            });
            let origin = Origin { layer: Layer::Entry, span, overridden: Vec::new() };
            built.push((Arc::from(key.text.as_str()), Field { value, origin }));
        }
        Value::Map(Arc::new(Map { entries: built }))
    }

    fn call(&mut self, name: &str, args: &[Expr], site: Site) -> Value {
        let values: Vec<Value> = args.iter().map(|arg| self.compute(arg, site, None)).collect();
        match (name, values.as_slice()) {
            ("len", [Value::List(items)]) => int(items.len()),
            ("len", [Value::Map(map)]) => int(map.entries.len()),
            ("len", [Value::Str(text)]) => int(text.chars().count()),
            ("min" | "max", [first, rest @ ..]) => {
                let mut best = first.clone();
                for value in rest {
                    let Some(order) = value.compare(&best) else { return Value::Error };
                    if (name == "min" && order.is_lt()) || (name == "max" && order.is_gt()) {
                        best = value.clone();
                    }
                }
                best
            }
            _ => Value::Error,
        }
    }

    fn binary(&mut self, expr: &Expr, op: BinaryOp, a: &Expr, b: &Expr, site: Site, expected: Option<&Ty>) -> Value {
        match op {
            BinaryOp::And | BinaryOp::Or => match self.compute(a, site, Some(&Ty::Bool)) {
                Value::Bool(truth) if truth == (op == BinaryOp::Or) => Value::Bool(truth),
                Value::Bool(_) => self.compute(b, site, Some(&Ty::Bool)),
                _ => Value::Error,
            },
            BinaryOp::Default => match self.compute(a, site, expected) {
                Value::None => self.compute(b, site, expected),
                value => value,
            },
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::In => {
                let (left, right) = (self.known_type(a, site), self.known_type(b, site));
                let wanted = match (op, left) {
                    (BinaryOp::In, Some(ty)) => Some(Ty::List(Arc::new(ty))),
                    (_, left) => left,
                };
                let x = self.compute(a, site, right.as_ref());
                let y = self.compute(b, site, wanted.as_ref());
                let result = compare(op, &x, &y);
                if result.is_error() && !x.is_error() && !y.is_error() {
                    return self.no_result(expr, op, &x, &y, site);
                }
                result
            }
            BinaryOp::Range => {
                let low = self.compute(a, site, None);
                let high = self.compute(b, site, None);
                if let (Value::Int(low), Value::Int(high)) = (&low, &high)
                    && low > high
                {
                    self.report(
                        Diagnostic::new(Code::BadArithmetic, Span::new(site.file, expr.span), "the range is empty")
                            .primary_label("its first number is above its last")
                            .help(format!("write `{high}..{low}`")),
                    );
                    return Value::Error;
                }
                range(low, high)
            }
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => {
                let x = self.compute(a, site, None);
                let y = self.compute(b, site, None);
                if x.is_error() || y.is_error() {
                    return Value::Error;
                }
                arithmetic(op, &x, &y).unwrap_or_else(|| self.no_result(expr, op, &x, &y, site))
            }
        }
    }

    fn no_result(&mut self, expr: &Expr, op: BinaryOp, x: &Value, y: &Value, site: Site) -> Value {
        if !has_meaning(op, x, y) {
            // The types were refused where the expression was checked.
            return Value::Error;
        }
        let at = Span::new(site.file, expr.span);
        let (message, help) = if op == BinaryOp::Div && y.as_amount().is_some_and(|n| n == Amount::from_integer(0)) {
            ("division by zero".to_owned(), "divide by something else")
        } else if let (Value::Quantity(a), Value::Quantity(b)) = (x, y)
            && a.dimension != b.dimension
        {
            (
                format!("`{a}` and `{b}` are not of one kind"),
                "two currencies cannot be added or compared: write both in one",
            )
        } else {
            ("the result does not fit".to_owned(), "`int` has 64 bits; use smaller numbers")
        };
        self.report(Diagnostic::new(Code::BadArithmetic, at, message).primary_label("has no result").help(help));
        Value::Error
    }

    /// Values that wait for each other.
    fn cycle(&mut self, id: NodeId) {
        let start = self.running.iter().position(|open| *open == id).unwrap_or(0);
        let ring: Vec<NodeId> = self.running.iter().skip(start).copied().collect();
        let spans: Vec<(Arc<str>, Span, bool)> = ring
            .iter()
            .map(|id| {
                let node = self.node(*id);
                let own = matches!(node.origin.layer, Layer::Entry | Layer::Overlay);
                (node.key.clone(), node.origin.span, own)
            })
            .collect();
        for id in &ring {
            self.set_state(*id, State::Done(Value::Error));
        }
        // A ring of defaults alone is the schema's fault, and is reported there.
        let Some(first) = spans.iter().filter(|(_, _, own)| *own).min_by_key(|(_, span, _)| *span).cloned() else {
            return;
        };
        let mut finding = Diagnostic::new(Code::ValueCycle, first.1, format!("`{}` depends on itself", first.0))
            .primary_label("needs its own value")
            .help("every name means the final value: no earlier layer can be read; break the ring");
        for (key, span, _) in spans.iter().filter(|(_, span, _)| *span != first.1) {
            finding = finding.label(*span, format!("through `{key}`"));
        }
        self.report(finding);
    }
}

/// Whether the types of two operands allow a result at all; two currencies have one type.
fn has_meaning(op: BinaryOp, x: &Value, y: &Value) -> bool {
    use units::Dimension::Percent;
    match (x, y) {
        (Value::Quantity(a), Value::Quantity(b)) => {
            let same = a.dimension.type_name() == b.dimension.type_name();
            same || a.dimension == Percent || b.dimension == Percent
        }
        (Value::Quantity(_), other) | (other, Value::Quantity(_)) => {
            matches!(op, BinaryOp::Mul | BinaryOp::Div) && other.as_amount().is_some()
        }
        _ => x.as_amount().is_some() && y.as_amount().is_some(),
    }
}

fn int(length: usize) -> Value {
    i64::try_from(length).map_or(Value::Error, Value::Int)
}

fn compare(op: BinaryOp, a: &Value, b: &Value) -> Value {
    if a.is_error() || b.is_error() {
        return Value::Error;
    }
    if let (Value::Quantity(x), Value::Quantity(y)) = (a, b)
        && x.dimension != y.dimension
    {
        return Value::Error;
    }
    let order = || a.compare(b);
    let truth = match op {
        BinaryOp::Eq => Some(a.same(b)),
        BinaryOp::Ne => Some(!a.same(b)),
        BinaryOp::Lt => order().map(std::cmp::Ordering::is_lt),
        BinaryOp::Le => order().map(std::cmp::Ordering::is_le),
        BinaryOp::Gt => order().map(std::cmp::Ordering::is_gt),
        BinaryOp::Ge => order().map(std::cmp::Ordering::is_ge),
        _ => contains(b, a),
    };
    truth.map_or(Value::Error, Value::Bool)
}

fn contains(set: &Value, item: &Value) -> Option<bool> {
    match set {
        Value::List(items) => Some(items.iter().any(|known| known.same(item))),
        Value::Range(low, high) => {
            let low = item.compare(&Value::Int(*low))?;
            let high = item.compare(&Value::Int(*high))?;
            Some(low.is_ge() && high.is_le())
        }
        Value::Span(bounds) => Some(item.compare(&bounds.0)?.is_ge() && item.compare(&bounds.1)?.is_le()),
        Value::Map(map) => {
            let name = item.as_str()?;
            Some(map.entries.iter().any(|(key, _)| &**key == name))
        }
        _ => None,
    }
}

fn arithmetic(op: BinaryOp, a: &Value, b: &Value) -> Option<Value> {
    use units::{Dimension, add, divide, multiply, subtract};
    match (a, b) {
        (Value::Int(x), Value::Int(y)) if op != BinaryOp::Div => {
            let result = match op {
                BinaryOp::Add => x.checked_add(*y),
                BinaryOp::Sub => x.checked_sub(*y),
                _ => x.checked_mul(*y),
            };
            result.map(Value::Int)
        }
        (Value::Quantity(x), Value::Quantity(y)) => match op {
            BinaryOp::Add if x.dimension == y.dimension => Some(quantity(x.dimension, add(x.amount, y.amount)?)),
            BinaryOp::Sub if x.dimension == y.dimension => Some(quantity(x.dimension, subtract(x.amount, y.amount)?)),
            BinaryOp::Div if x.dimension == y.dimension => divide(x.amount, y.amount).map(Value::Number),
            BinaryOp::Mul if x.dimension == Dimension::Percent => {
                Some(quantity(y.dimension, multiply(x.amount, y.amount)?))
            }
            BinaryOp::Mul if y.dimension == Dimension::Percent => {
                Some(quantity(x.dimension, multiply(x.amount, y.amount)?))
            }
            _ => None,
        },
        (Value::Quantity(x), y) => {
            let factor = y.as_amount()?;
            let amount = if op == BinaryOp::Div { divide(x.amount, factor)? } else { multiply(x.amount, factor)? };
            Some(quantity(x.dimension, amount))
        }
        (x, Value::Quantity(y)) => Some(quantity(y.dimension, multiply(x.as_amount()?, y.amount)?)),
        (x, y) => {
            let (x, y) = (x.as_amount()?, y.as_amount()?);
            let result = match op {
                BinaryOp::Add => add(x, y),
                BinaryOp::Sub => subtract(x, y),
                BinaryOp::Mul => multiply(x, y),
                _ => divide(x, y),
            };
            result.map(Value::Number)
        }
    }
}

fn quantity(dimension: units::Dimension, amount: Amount) -> Value {
    Value::Quantity(Quantity::computed(dimension, amount))
}
