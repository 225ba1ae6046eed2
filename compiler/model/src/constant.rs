//! Constants: literals, `let` declarations and the bounds of refinements.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::{BinaryOp, DeclKind, Expr, ExprKind, Literal, SourceFile, StrPart, UnaryOp};

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};
use crate::units::{Amount, Quantity, amount_of};
use crate::value::Value;

/// How many bytes of text one constant may hold: doubling strings would otherwise grow without end.
const LONGEST_TEXT: usize = 65_536;

/// Names that a constant may not have.
const RESERVED: &[&str] = &["service", "env", "platform", "self"];

/// The `let` constants of a file.
#[must_use]
pub fn lets(id: FileId, ast: &SourceFile) -> (BTreeMap<String, Value>, Vec<Diagnostic>) {
    let mut found = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let mut pending: Vec<_> = Vec::new();
    for decl in &ast.decls {
        let DeclKind::Let(item) = &decl.kind else { continue };
        let at = Span::new(id, item.name.span);
        if RESERVED.contains(&item.name.text.as_str()) {
            diagnostics.push(
                Diagnostic::new(Code::ReservedName, at, format!("`{}` is a reserved name", item.name.text))
                    .primary_label("always visible under this name")
                    .help("choose another name for the constant"),
            );
        } else if pending.iter().any(|(name, _): &(&str, &Expr)| *name == item.name.text) {
            diagnostics.push(
                Diagnostic::new(Code::DuplicateDeclaration, at, format!("`{}` is declared twice", item.name.text))
                    .primary_label("declared a second time")
                    .help("remove one of the two"),
            );
        } else {
            pending.push((&item.name.text, &item.value));
        }
    }
    // A constant may use constants written below it, so rounds run until nothing new is known.
    loop {
        let before = pending.len();
        pending.retain(|(name, expr)| match constant(expr, &found) {
            Some(value) => {
                found.insert((*name).to_owned(), value);
                false
            }
            None => true,
        });
        if pending.len() == before {
            break;
        }
    }
    for (name, expr) in pending {
        if !has_missing(expr) {
            diagnostics.push(
                Diagnostic::new(Code::NotConstant, Span::new(id, expr.span), format!("`{name}` is not a constant"))
                    .primary_label("only literals and other constants of this file may stand here")
                    .help("a `let` holds a scalar or a list made of literals and other `let`s of its file"),
            );
        }
        found.insert(name.to_owned(), Value::Error);
    }
    (found, diagnostics)
}

/// The value of a literal.
#[must_use]
pub fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::None => Value::None,
        Literal::Bool(truth) => Value::Bool(*truth),
        Literal::Int(number) => Value::Int(*number),
        Literal::Number(number) => amount_of(*number).map_or(Value::Error, Value::Number),
        Literal::Quantity(number, unit) => {
            Quantity::from_literal(*number, *unit).map_or(Value::Error, Value::Quantity)
        }
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
            Some(Value::List(Arc::new(values?)))
        }
        ExprKind::Paren(inner) => constant(inner, lets),
        ExprKind::Unary(UnaryOp::Neg, inner) => negated(&constant(inner, lets)?),
        ExprKind::Binary(BinaryOp::Range, low, high) => {
            Some(range(constant(low, lets)?, constant(high, lets)?))
        }
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
        if built.len() > LONGEST_TEXT {
            return None;
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
