//! The `let` constants of a file, in whatever order they stand.
//!
//! Work is linear in the file: each constant is computed once, after those that it uses, and what they build has a budget.

use std::collections::{BTreeMap, BTreeSet};

use idpc_syntax::ast::{DeclKind, Expr, ExprKind, LetDecl, SourceFile, StrPart};

use crate::code::Code;
use crate::constant::{constant, has_missing};
use crate::credential;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};
use crate::value::Value;

/// How many bytes and elements one constant may hold: doubling would otherwise grow without end.
const LARGEST: usize = 65_536;

/// How many bytes and elements all constants of a file may hold together.
const LARGEST_FILE: usize = 2_000_000;

/// Names that a constant may not have; `self` is no name at all.
const RESERVED: &[&str] = &["service", "env", "platform"];

/// The `let` constants of a file.
#[must_use]
pub fn lets(id: FileId, ast: &SourceFile) -> (BTreeMap<String, Value>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let declared = declared(id, ast, &mut diagnostics);
    let mut lets = Lets { id, declared, found: BTreeMap::new(), diagnostics, left: LARGEST_FILE };
    let names: Vec<&str> = lets.declared.keys().copied().collect();
    for name in names {
        lets.resolve(name);
    }
    lets.diagnostics.sort_by_key(|finding| finding.primary);
    (lets.found, lets.diagnostics)
}

/// The declared names with their expressions.
fn declared<'a>(id: FileId, ast: &'a SourceFile, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<&'a str, &'a Expr> {
    let mut declared: BTreeMap<&str, &LetDecl> = BTreeMap::new();
    for decl in &ast.decls {
        let DeclKind::Let(item) = &decl.kind else { continue };
        let at = Span::new(id, item.name.span);
        let name = item.name.text.as_str();
        if RESERVED.contains(&name) {
            diagnostics.push(
                Diagnostic::new(Code::ReservedName, at, format!("`{name}` is a reserved name"))
                    .primary_label("always visible under this name")
                    .help("choose another name for the constant"),
            );
        } else if let Some(first) = declared.get(name) {
            diagnostics.push(
                Diagnostic::new(Code::DuplicateDeclaration, at, format!("`{name}` is declared twice"))
                    .primary_label("declared a second time")
                    .label(Span::new(id, first.name.span), "declared here first")
                    .help("remove one of the two"),
            );
        } else {
            declared.insert(name, item);
        }
    }
    declared.into_iter().map(|(name, item)| (name, &item.value)).collect()
}

/// The state of one run.
struct Lets<'a> {
    id: FileId,
    declared: BTreeMap<&'a str, &'a Expr>,
    found: BTreeMap<String, Value>,
    diagnostics: Vec<Diagnostic>,
    /// What is left of the file's budget.
    left: usize,
}

impl<'a> Lets<'a> {
    /// Computes a constant, those that it uses first. The stack is explicit: a chain may be as long as the file.
    fn resolve(&mut self, name: &'a str) {
        let mut stack = vec![name];
        let mut open: BTreeSet<&str> = BTreeSet::new();
        while let Some(name) = stack.last().copied() {
            let Some(expr) = self.declared.get(name).copied().filter(|_| !self.found.contains_key(name)) else {
                stack.pop();
                continue;
            };
            let mut used = Vec::new();
            if open.insert(name) {
                names_in(expr, &mut used);
                used.retain(|used| self.declared.contains_key(used) && !self.found.contains_key(*used));
                // A ring stays without a value, which makes each of its members no constant.
                used.retain(|used| !open.contains(used));
            }
            if used.is_empty() {
                let value = self.compute(name, expr);
                self.found.insert(name.to_owned(), value);
                stack.pop();
            } else {
                stack.extend(used);
            }
        }
    }

    fn compute(&mut self, name: &str, expr: &Expr) -> Value {
        let at = Span::new(self.id, expr.span);
        let Some(value) = constant(expr, &self.found) else {
            if !has_missing(expr) {
                self.diagnostics.push(
                    Diagnostic::new(Code::NotConstant, at, format!("`{name}` is not a constant"))
                        .primary_label("only literals and other constants of this file may stand here")
                        .help("a `let` holds a scalar or a list made of literals and other `let`s of its file"),
                );
            }
            return Value::Error;
        };
        match self.refused(at, &value) {
            Some(finding) => {
                self.diagnostics.push(finding);
                Value::Error
            }
            None => value,
        }
    }

    /// Why a constant cannot be kept.
    fn refused(&mut self, at: Span, value: &Value) -> Option<Diagnostic> {
        let mut room = LARGEST.min(self.left);
        let before = room;
        if !weigh(value, &mut room) {
            return Some(
                Diagnostic::new(Code::BudgetExceeded, at, "this takes more work than is allowed")
                    .primary_label(format!(
                        "a constant holds at most {LARGEST} bytes and elements, a file {LARGEST_FILE}"
                    ))
                    .help("build less text, or shorter lists"),
            );
        }
        self.left -= before - room;
        if let Some((low, high)) = backwards(value) {
            return Some(
                Diagnostic::new(Code::BadArithmetic, at, "the range is empty")
                    .primary_label("its first number is above its last")
                    .help(format!("write `{high}..{low}`")),
            );
        }
        if let Some((first, other)) = mixed(value) {
            return Some(
                Diagnostic::new(Code::WrongType, at, format!("`{first}` and `{other}` are not of one type"))
                    .primary_label("a list of several types")
                    .help("the elements of a list have one type: that of the first"),
            );
        }
        secret_in(value).map(|what| credential::finding(at, what))
    }
}

/// The single names that an expression reads.
fn names_in<'a>(expr: &'a Expr, found: &mut Vec<&'a str>) {
    let mut path = |path: &'a idpc_syntax::ast::Path| {
        if let [only] = path.segments.as_slice() {
            found.push(&only.text);
        }
    };
    match &expr.kind {
        ExprKind::Path(item) => path(item),
        ExprKind::Str(parts) => parts.iter().for_each(|part| {
            if let StrPart::Insert(item) = part {
                path(item);
            }
        }),
        ExprKind::List(items) => items.iter().for_each(|item| names_in(item, found)),
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => names_in(inner, found),
        ExprKind::Binary(_, a, b) => {
            names_in(a, found);
            names_in(b, found);
        }
        _ => {}
    }
}

/// Takes the bytes and elements of a value from what is left; `false` once there is nothing left.
fn weigh(value: &Value, left: &mut usize) -> bool {
    let own = match value {
        Value::Str(text) => text.len(),
        _ => 1,
    };
    if own > *left {
        return false;
    }
    *left -= own;
    match value {
        Value::List(items) => items.iter().all(|item| weigh(item, left)),
        _ => true,
    }
}

/// The bounds of a range whose first is above its last.
fn backwards(value: &Value) -> Option<(Value, Value)> {
    match value {
        Value::Range(low, high) if low > high => Some((Value::Int(*low), Value::Int(*high))),
        Value::Span(bounds) if bounds.0.compare(&bounds.1)?.is_gt() => Some((bounds.0.clone(), bounds.1.clone())),
        _ => None,
    }
}

/// Two elements of a list that are not of one type.
fn mixed(value: &Value) -> Option<(Value, Value)> {
    let Value::List(items) = value else { return None };
    let set = || items.iter().filter(|item| !item.is_none());
    let first = set().next()?;
    let other = set().find(|item| kind(item) != kind(first));
    other.map(|other| (first.clone(), other.clone())).or_else(|| items.iter().find_map(mixed))
}

/// What tells the types of two constants apart; whole numbers are numbers.
fn kind(value: &Value) -> (std::mem::Discriminant<Value>, &'static str) {
    let quantity = value.as_quantity().map_or("", |quantity| quantity.dimension.type_name());
    match value {
        Value::Int(_) => (std::mem::discriminant(&Value::Number(1.into())), ""),
        other => (std::mem::discriminant(other), quantity),
    }
}

/// What the value is, if it is or holds a credential.
fn secret_in(value: &Value) -> Option<&'static str> {
    match value {
        Value::Str(text) => credential::recognize(text),
        Value::List(items) => items.iter().find_map(secret_in),
        _ => None,
    }
}
