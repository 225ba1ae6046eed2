//! The types of operators: what they take, and what comes of it.

use std::sync::Arc;

use idpc_syntax::ast::{BinaryOp, Expr, ExprKind};

use super::arena::{Arena, Site};
use super::check::optional_of;
use crate::article::a as article;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::ty::Ty;
use crate::value::Value;

impl Arena<'_> {
    pub(super) fn check_binary(
        &mut self,
        expr: &Expr,
        op: BinaryOp,
        a: &Expr,
        b: &Expr,
        site: Site,
        expected: Option<&Ty>,
    ) -> Ty {
        // Only `??` hands on what it is given.
        let site = if op == BinaryOp::Default { site } else { site.operand() };
        match op {
            BinaryOp::Or | BinaryOp::And => {
                self.check_as(a, site, &Ty::Bool);
                self.check_as(b, site, &Ty::Bool);
                Ty::Bool
            }
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                self.check_comparison(expr, op, a, b, site)
            }
            BinaryOp::In => {
                self.check_membership(expr, a, b, site);
                Ty::Bool
            }
            BinaryOp::Default => {
                let a_type = self.check(a, site, expected);
                let wanted = expected.cloned().unwrap_or_else(|| a_type.core().clone());
                let b_type = self.check(b, site, Some(&wanted));
                self.expect(b, site, &b_type, &optional_of(wanted.clone(), &Ty::None), None, "");
                if b_type.is_optional() { b_type } else { a_type.core().clone() }
            }
            BinaryOp::Range => {
                let a_type = self.check(a, site, None);
                let b_type = self.check(b, site, None);
                if self.unset_operand([(a, &a_type), (b, &b_type)], site) {
                    return Ty::Unknown;
                }
                if matches!((a_type.core(), b_type.core()), (Ty::Int | Ty::Unknown, Ty::Int | Ty::Unknown)) {
                    Ty::Range
                } else {
                    self.operands(expr, "..", &a_type, &b_type, site, "a range has two whole numbers")
                }
            }
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => {
                let a_type = self.check(a, site, None);
                let b_type = self.check(b, site, None);
                self.no_secret(a, &a_type, site);
                self.no_secret(b, &b_type, site);
                if self.unset_operand([(a, &a_type), (b, &b_type)], site) {
                    return Ty::Unknown;
                }
                match arithmetic(op, a_type.core(), b_type.core()) {
                    Some(ty) => ty,
                    None => self.operands(expr, symbol(op), &a_type, &b_type, site, hint(op, &a_type, &b_type)),
                }
            }
        }
    }

    /// `a in b`: a list, a range of anything that has an order, or the keys of a map.
    fn check_membership(&mut self, expr: &Expr, a: &Expr, b: &Expr, site: Site) {
        let wanted = self.known_type(a, site).map(|ty| Ty::List(Arc::new(ty.core().clone())));
        let a_type = self.check(a, site, None);
        self.no_secret(a, &a_type, site);
        let mut inner = b;
        while let ExprKind::Paren(next) = &inner.kind {
            inner = next;
        }
        if let ExprKind::Binary(BinaryOp::Range, low, high) = &inner.kind {
            if a_type.is_optional() {
                self.maybe_unset(a, site);
                return;
            }
            for bound in [low, high] {
                let ty = self.check(bound, site, None);
                if !comparable(&a_type, &ty, true) {
                    self.operands(expr, "in", &a_type, &ty, site, "the bounds need the type of the value");
                    return;
                }
            }
            return;
        }
        let b_type = self.check(b, site, wanted.as_ref());
        self.no_secret(b, &b_type, site);
        let fits = match b_type.core() {
            Ty::Unknown | Ty::Any => true,
            Ty::List(item) => comparable(&a_type, item, false),
            Ty::Range => comparable(&a_type, &Ty::Int, true),
            Ty::Map { .. } => {
                matches!(a_type.core(), Ty::Unknown | Ty::String | Ty::Union(_) | Ty::Enum(_) | Ty::Ref(_))
            }
            _ => false,
        };
        if b_type.is_optional() {
            self.maybe_unset(b, site);
        } else if a_type.is_optional() && matches!(b_type.core(), Ty::Range) {
            self.maybe_unset(a, site);
        } else if !fits {
            self.operands(expr, "in", &a_type, &b_type, site, "`in` takes a list, a range or a map of such values");
        }
    }

    /// `min` and `max` of values that have an order.
    pub(super) fn check_extreme(
        &mut self,
        name: &idpc_syntax::ast::Name,
        args: &[Expr],
        types: &[Ty],
        site: Site,
    ) -> Ty {
        let Some(first) = types.first() else { return Ty::Unknown };
        for (arg, ty) in args.iter().zip(types) {
            if ty.is_optional() {
                self.maybe_unset(arg, site);
                return Ty::Unknown;
            }
            if !comparable(first, ty, true) {
                self.operands(arg, &name.text, first, ty, site, "all of them need one type that has an order");
                return Ty::Unknown;
            }
        }
        let number = types.iter().find(|ty| matches!(ty.core(), Ty::Number));
        number.unwrap_or(first).core().clone()
    }

    fn check_comparison(&mut self, expr: &Expr, op: BinaryOp, a: &Expr, b: &Expr, site: Site) -> Ty {
        let (left, right) = (self.known_type(a, site), self.known_type(b, site));
        let a_type = self.check(a, site, right.as_ref());
        let b_type = self.check(b, site, left.as_ref());
        self.no_secret(a, &a_type, site);
        self.no_secret(b, &b_type, site);
        let ordered = !matches!(op, BinaryOp::Eq | BinaryOp::Ne);
        if ordered && self.unset_operand([(a, &a_type), (b, &b_type)], site) {
            return Ty::Bool;
        }
        if !comparable(&a_type, &b_type, ordered) {
            let quoted =
                matches!((a_type.core(), b_type.core()), (Ty::Enum(_), Ty::String) | (Ty::String, Ty::Enum(_)));
            let help = if quoted { "a variant stands without quotes" } else { "both sides need one type" };
            self.operands(expr, symbol(op), &a_type, &b_type, site, help);
        }
        Ty::Bool
    }

    /// The type of a path or constant, without findings: what the other side of a comparison goes by.
    pub(super) fn known_type(&self, expr: &Expr, site: Site) -> Option<Ty> {
        match &expr.kind {
            ExprKind::Path(path) => self.locate(path, site, None).ok().map(|located| located.ty().core().clone()),
            ExprKind::Paren(inner) => self.known_type(inner, site),
            ExprKind::Binary(BinaryOp::Default, a, _) => self.known_type(a, site),
            _ => None,
        }
    }

    pub(super) fn no_secret(&mut self, expr: &Expr, ty: &Ty, site: Site) {
        if matches!(ty.core(), Ty::Secret(_)) {
            let at = Span::new(site.file, expr.span);
            let finding = Diagnostic::new(Code::SecretFlow, at, "a secret can only be moved")
                .primary_label("no operator takes it")
                .help("pass it to the process as it is, under `config`");
            self.report(match &expr.kind {
                ExprKind::Path(path) => self.with_way(finding, path, site),
                _ => finding,
            });
        }
    }

    /// Whether one of two operands may be unset; the first such is reported.
    fn unset_operand(&mut self, sides: [(&Expr, &Ty); 2], site: Site) -> bool {
        let unset = sides.into_iter().find(|(_, ty)| ty.is_optional());
        if let Some((side, _)) = unset {
            self.maybe_unset(side, site);
        }
        unset.is_some()
    }

    pub(super) fn maybe_unset(&mut self, expr: &Expr, site: Site) {
        let at = Span::new(site.file, expr.span);
        self.report(
            Diagnostic::new(Code::MaybeUnset, at, "this may be unset")
                .primary_label("a value is needed, this may be `none`")
                .help("give it a value for that case: `… ?? default`"),
        );
    }

    fn operands(&mut self, expr: &Expr, op: &str, a: &Ty, b: &Ty, site: Site, help: &str) -> Ty {
        if !matches!(a.core(), Ty::Unknown) && !matches!(b.core(), Ty::Unknown) {
            let at = Span::new(site.file, expr.span);
            self.report(
                Diagnostic::new(
                    Code::BadOperands,
                    at,
                    format!("`{op}` does not take {} and {}", article(a), article(b)),
                )
                .primary_label("these do not go together")
                .help(help.to_owned()),
            );
        }
        Ty::Unknown
    }

    /// `-x`: only what has an amount can be negated.
    pub(super) fn check_negated(&mut self, expr: &Expr, inner: &Expr, site: Site) -> Ty {
        let ty = self.check(inner, site, None);
        self.no_secret(inner, &ty, site);
        if ty.is_optional() {
            self.maybe_unset(inner, site);
            return Ty::Unknown;
        }
        let fits = matches!(
            ty.core(),
            Ty::Unknown | Ty::Int | Ty::Number | Ty::Duration | Ty::Size | Ty::Percent | Ty::Rate | Ty::Money
        );
        if fits {
            return ty.core().clone();
        }
        self.report(
            Diagnostic::new(
                Code::BadOperands,
                Span::new(site.file, expr.span),
                format!("`-` does not take {}", article(ty)),
            )
            .primary_label("has no negative")
            .help("numbers and quantities can be negated"),
        );
        Ty::Unknown
    }
}

fn comparable(a: &Ty, b: &Ty, ordered: bool) -> bool {
    if !ordered && (matches!(a, Ty::None) || matches!(b, Ty::None)) {
        return true;
    }
    let (a, b) = (a.core(), b.core());
    match (a, b) {
        (Ty::Unknown | Ty::Any, _) | (_, Ty::Unknown | Ty::Any) => true,
        (Ty::Int | Ty::Number, Ty::Int | Ty::Number) => true,
        (Ty::Duration, Ty::Duration)
        | (Ty::Size, Ty::Size)
        | (Ty::Percent, Ty::Percent)
        | (Ty::Rate, Ty::Rate)
        | (Ty::Money, Ty::Money)
        | (Ty::Date, Ty::Date) => true,
        (Ty::String, Ty::String) | (Ty::Union(_), Ty::Union(_)) => !ordered,
        (Ty::Union(items), Ty::String) | (Ty::String, Ty::Union(items)) => {
            !ordered && items.iter().any(|item| matches!(item, Value::Str(_)))
        }
        (Ty::Union(items), Ty::Int) | (Ty::Int, Ty::Union(items)) => {
            !ordered && items.iter().any(|item| matches!(item, Value::Int(_)))
        }
        (Ty::List(a), Ty::List(b)) => !ordered && comparable(a, b, false),
        (a, b) => !ordered && a == b,
    }
}

/// The type of a sum, difference, product or quotient.
fn arithmetic(op: BinaryOp, a: &Ty, b: &Ty) -> Option<Ty> {
    let measured = |ty: &Ty| matches!(ty, Ty::Duration | Ty::Size | Ty::Percent | Ty::Rate | Ty::Money);
    let number = |ty: &Ty| matches!(ty, Ty::Int | Ty::Number);
    match (op, a, b) {
        (_, Ty::Unknown, _) | (_, _, Ty::Unknown) => Some(Ty::Unknown),
        (BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul, Ty::Int, Ty::Int) => Some(Ty::Int),
        (_, a, b) if number(a) && number(b) => Some(Ty::Number),
        (BinaryOp::Add | BinaryOp::Sub, a, b) if measured(a) && a == b => Some(a.clone()),
        (BinaryOp::Div, a, b) if measured(a) && a == b => Some(Ty::Number),
        (BinaryOp::Mul, a, b) if number(a) && measured(b) => Some(b.clone()),
        (BinaryOp::Mul | BinaryOp::Div, a, b) if measured(a) && number(b) => Some(a.clone()),
        (BinaryOp::Mul, Ty::Percent, b) if measured(b) => Some(b.clone()),
        (BinaryOp::Mul, a, Ty::Percent) if measured(a) => Some(a.clone()),
        _ => None,
    }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::In => "in",
        BinaryOp::Default => "??",
        BinaryOp::Range => "..",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
    }
}

fn hint(op: BinaryOp, a: &Ty, b: &Ty) -> &'static str {
    if op == BinaryOp::Add && matches!((a.core(), b.core()), (Ty::String, _) | (_, Ty::String)) {
        "join text by inserting: `\"${a}${b}\"`"
    } else {
        "T ± T, number × T, percent × T, T / T and T / number have a meaning; nothing else has"
    }
}
