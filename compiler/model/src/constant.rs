//! Constants: literals, what a `let` may hold, and the bounds of refinements.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::{BinaryOp, Expr, ExprKind, Literal, StrPart, UnaryOp};

use crate::units::{Amount, Quantity, amount_of};
use crate::value::Value;

/// How many bytes of text one constant may hold: doubling would otherwise grow without end. One byte more than is kept, so
/// that too long is not mistaken for no constant.
const LONGEST_TEXT: usize = 65_537;

/// The value of a literal.
#[must_use]
pub fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::None => Value::None,
        Literal::Bool(truth) => Value::Bool(*truth),
        Literal::Int(number) => Value::Int(*number),
        Literal::Number(number) => amount_of(*number).map_or(Value::Error, Value::Number),
        Literal::Quantity(number, unit) => Quantity::from_literal(*number, *unit).map_or(Value::Error, Value::Quantity),
        Literal::Date(date) => Value::Date(*date),
    }
}

/// The value of an expression of literals and constants; `None` when it is something else.
#[must_use]
pub fn constant(expr: &Expr, lets: &BTreeMap<String, Value>) -> Option<Value> {
    match &expr.kind {
        ExprKind::Literal(item) => Some(literal(item)),
        ExprKind::Str(parts) => text(parts, lets),
        ExprKind::Path(path) => match path.segments.as_slice() {
            [only] => lets.get(&only.text).cloned(),
            _ => None,
        },
        ExprKind::List(items) => {
            let values: Option<Vec<Value>> = items.iter().map(|item| constant(item, lets)).collect();
            let values = values?;
            Some(if values.iter().any(Value::is_error) { Value::Error } else { Value::List(Arc::new(values)) })
        }
        ExprKind::Paren(inner) => constant(inner, lets),
        ExprKind::Unary(UnaryOp::Neg, inner) => negated(&constant(inner, lets)?),
        ExprKind::Binary(BinaryOp::Range, low, high) => Some(range(constant(low, lets)?, constant(high, lets)?)),
        _ => None,
    }
}

/// `low..high` as a value.
#[must_use]
pub fn range(low: Value, high: Value) -> Value {
    match (&low, &high) {
        (Value::Int(a), Value::Int(b)) => Value::Range(*a, *b),
        _ => Value::Span(Arc::new((low, high))),
    }
}

/// `-value`.
#[must_use]
pub fn negated(value: &Value) -> Option<Value> {
    match value {
        Value::Int(number) => number.checked_neg().map(Value::Int),
        Value::Number(number) => Some(Value::Number(-*number)),
        Value::Quantity(quantity) => {
            let amount: Amount = -quantity.amount;
            Some(Value::Quantity(Quantity::computed(quantity.dimension, amount)))
        }
        _ => None,
    }
}

fn text(parts: &[StrPart], lets: &BTreeMap<String, Value>) -> Option<Value> {
    let mut built = String::new();
    for part in parts {
        match part {
            StrPart::Text(plain) => built.push_str(plain),
            StrPart::Insert(path) => match path.segments.as_slice() {
                [only] => built.push_str(&plain_text(lets.get(&only.text)?)?),
                _ => return None,
            },
        }
        if built.len() >= LONGEST_TEXT {
            break;
        }
    }
    Some(Value::Str(built.into()))
}

/// The text of a scalar as `${…}` inserts it; `None` for what has no text.
#[must_use]
pub fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.to_string()),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Number(_)
        | Value::Quantity(_)
        | Value::Date(_)
        | Value::Range(..)
        | Value::Variant { .. }
        | Value::Ref { .. } => Some(value.to_string()),
        _ => None,
    }
}

/// Whether a part of the expression was reported by the parser.
#[must_use]
pub fn has_missing(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Missing => true,
        ExprKind::List(items) | ExprKind::Call(_, items) => items.iter().any(has_missing),
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => has_missing(inner),
        ExprKind::Binary(_, a, b) => has_missing(a) || has_missing(b),
        ExprKind::If(a, b, c) => has_missing(a) || has_missing(b) || has_missing(c),
        ExprKind::Literal(_) | ExprKind::Str(_) | ExprKind::Path(_) | ExprKind::Record { .. } => false,
    }
}
