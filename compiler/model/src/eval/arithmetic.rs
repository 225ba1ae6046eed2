//! Operators and functions over values. Their types were checked before; what has no result all the same is reported.

use std::sync::Arc;

use idpc_syntax::ast::{BinaryOp, Expr};

use super::arena::{Arena, Site};
use crate::code::Code;
use crate::constant::range;
use crate::diagnostic::{Diagnostic, Safety};
use crate::span::Span;
use crate::ty::Ty;
use crate::units::{self, Amount, Quantity};
use crate::value::Value;

impl<'a> Arena<'a> {
    pub(super) fn call(&mut self, name: &str, args: &'a [Expr], site: Site) -> Value {
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

    pub(super) fn binary(
        &mut self,
        expr: &'a Expr,
        op: BinaryOp,
        a: &'a Expr,
        b: &'a Expr,
        site: Site,
        expected: Option<&Ty>,
    ) -> Value {
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
                    let at = Span::new(site.file, expr.span);
                    self.report(
                        Diagnostic::new(Code::BadArithmetic, at, "the range is empty")
                            .primary_label("its first number is above its last")
                            .help(format!("write `{high}..{low}`"))
                            .fix("swap the bounds", Safety::Unsafe, at, format!("{high}..{low}")),
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
}

/// Whether the types of two operands allow a result at all; two currencies have one type.
fn has_meaning(op: BinaryOp, x: &Value, y: &Value) -> bool {
    use units::Dimension::Percent;
    match (x, y) {
        (Value::Quantity(a), Value::Quantity(b)) => {
            let same = a.dimension.type_name() == b.dimension.type_name();
            let scales = a.dimension == Percent || b.dimension == Percent;
            if op == BinaryOp::Mul { scales } else { same }
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
