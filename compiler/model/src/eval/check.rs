//! The types of expressions, found without computing them: every branch is checked, whatever the environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::{Entry, EntryKind, Expr, ExprKind, Path, StrPart, UnaryOp};

use super::arena::{Arena, Deferred, Kind, NodeId, Site};
use super::locate::{Located, type_of_constant};
use super::secrets::secret_flow;
use crate::article::a;
use crate::code::Code;
use crate::constant::literal;
use crate::diagnostic::{Diagnostic, Safety};
use crate::span::Span;
use crate::ty::Ty;
use crate::value::{Output, Piece, Value};

impl<'a> Arena<'a> {
    /// Checks the expression of a place once; whether it was found right.
    pub(super) fn check_place(&mut self, id: NodeId) -> bool {
        if self.mark_checked(id) {
            return true;
        }
        let Some((expr, site)) = self.site(id) else { return true };
        if site.in_schema && !self.probing {
            // Defaults are checked once, where their schema is probed.
            return true;
        }
        let before = self.found.len();
        let expected = self.node(id).ty.clone();
        let actual = self.check(expr, Site { part_of: Some(id), ..site }, Some(&expected));
        self.expect(expr, site, &actual, &expected, self.node(id).declared, &self.node(id).key.clone());
        !self.found.iter().skip(before).any(|finding| finding.severity == crate::diagnostic::Severity::Error)
    }

    /// The type of an expression; findings are reported.
    pub(super) fn check(&mut self, expr: &Expr, site: Site, expected: Option<&Ty>) -> Ty {
        if !self.descend(expr, site) {
            return Ty::Unknown;
        }
        let ty = self.check_open(expr, site, expected);
        self.depth -= 1;
        ty
    }

    fn check_open(&mut self, expr: &Expr, site: Site, expected: Option<&Ty>) -> Ty {
        match &expr.kind {
            ExprKind::Missing => Ty::Unknown,
            ExprKind::Literal(item) => type_of_constant(&literal(item)),
            ExprKind::Str(parts) => self.check_text(parts, site),
            ExprKind::Path(path) => self.check_path(path, site, expected),
            ExprKind::List(items) => self.check_list(items, site, expected),
            ExprKind::Record { schema, entries } => self.check_record(schema.is_some(), entries, site, expected),
            ExprKind::Paren(inner) => self.check(inner, site, expected),
            ExprKind::Unary(UnaryOp::Not, inner) => {
                self.check_as(inner, site.operand(), &Ty::Bool);
                Ty::Bool
            }
            ExprKind::Unary(UnaryOp::Neg, inner) => self.check_negated(expr, inner, site.operand()),
            ExprKind::Binary(op, a, b) => self.check_binary(expr, *op, a, b, site, expected),
            ExprKind::If(condition, yes, no) => {
                self.check_as(condition, site.operand(), &Ty::Bool);
                let yes = self.check_branch(yes, site, expected);
                let no = self.check_branch(no, site, expected);
                if matches!(yes, Ty::None | Ty::Unknown) { optional_of(no, &yes) } else { optional_of(yes, &no) }
            }
            ExprKind::Call(name, args) => self.check_call(name, args, site),
        }
    }

    fn check_branch(&mut self, expr: &Expr, site: Site, expected: Option<&Ty>) -> Ty {
        let ty = self.check(expr, site, expected);
        if let Some(expected) = expected {
            self.expect(expr, site, &ty, expected, None, "");
        }
        ty
    }

    pub(super) fn check_as(&mut self, expr: &Expr, site: Site, expected: &Ty) {
        let actual = self.check(expr, site, Some(expected));
        self.expect(expr, site, &actual, expected, None, "");
    }

    fn check_text(&mut self, parts: &[StrPart], site: Site) -> Ty {
        for part in parts {
            let StrPart::Insert(path) = part else { continue };
            let at = Span::new(site.file, path.span);
            let ty = self.check_path(path, site, None);
            if matches!(ty.core(), Ty::Secret(_)) {
                let finding = secret_flow(at, path, "text would hold the value of the secret");
                self.report(self.with_way(finding, path, site));
            } else if ty.is_optional() {
                self.report(
                    Diagnostic::new(Code::MaybeUnset, at, "only a value that is always set can be inserted")
                        .primary_label("this may be `none`")
                        .help("give the field a value, or choose with `if … then … else …`"),
                );
            } else if !is_scalar(&ty) {
                self.report(
                    Diagnostic::new(Code::WrongType, at, format!("{} has no text", a(ty)))
                        .primary_label("only a scalar can be inserted")
                        .help("insert one of its fields"),
                );
            }
        }
        Ty::String
    }

    fn check_path(&mut self, path: &Path, site: Site, expected: Option<&Ty>) -> Ty {
        let at = Span::new(site.file, path.span);
        let located = match self.locate(path, site, expected) {
            Ok(located) => located,
            Err(finding) => {
                self.report(*finding);
                return Ty::Unknown;
            }
        };
        if site.once && path.segments.first().is_some_and(|first| first.text == "env") {
            self.report(
                Diagnostic::new(Code::OnceOnly, at, "a value for all environments cannot read `env`")
                    .primary_label("differs between environments")
                    .help("the field is `@once`: give it one value"),
            );
        }
        match &located {
            Located::Output(output, _) if site.deferred != Deferred::Outputs => {
                return self.too_early(output, path, site);
            }
            Located::Address(..) if site.deferred == Deferred::Never => {
                self.report(
                    Diagnostic::new(Code::OutputTooEarly, at, "the address of a call may stand in `config` only")
                        .primary_label("not a value of this place")
                        .help("give it to the process under `config`"),
                );
                return Ty::Unknown;
            }
            Located::Node(id, _) if self.node(*id).deferred => return self.check_entry(*id, path, site),
            Located::Known(Value::Ref { root, name }, _) => self.assumed(root, name, at),
            _ => {}
        }
        located.ty().clone()
    }

    /// An output where it is not known, or a secret where it would be more than moved.
    fn too_early(&mut self, output: &Output, path: &Path, site: Site) -> Ty {
        let at = Span::new(site.file, path.span);
        if output.secret {
            let is_operand = site.deferred == Deferred::Addresses;
            let why = if is_operand { "no operator or condition takes it" } else { "this field would hold its value" };
            let finding = secret_flow(at, path, why);
            self.report(self.with_way(finding, path, site));
            return Ty::Unknown;
        }
        self.report(
            Diagnostic::new(Code::OutputTooEarly, at, format!("`{}` is known only after deployment", output.name))
                .primary_label("an output may stand in `config` only")
                .help("give it to the process under `config`, and decide there"),
        );
        Ty::Unknown
    }

    /// Another entry of `config`: what it holds decides, since its type says no more than `scalar`.
    fn check_entry(&mut self, id: NodeId, path: &Path, site: Site) -> Ty {
        match self.value(id) {
            Value::Output(output) if site.deferred != Deferred::Outputs => self.too_early(&output, path, site),
            Value::Output(output) if output.secret => Ty::Secret(Arc::new(Ty::Scalar)),
            Value::Text(pieces) if site.deferred != Deferred::Outputs => {
                let output = pieces.iter().find_map(|piece| match piece {
                    Piece::Output(output) => Some(output.clone()),
                    Piece::Text(_) => None,
                });
                output.map_or(Ty::Unknown, |output| self.too_early(&output, path, site))
            }
            Value::Output(_) | Value::Text(_) => Ty::String,
            value => type_of_constant(&value),
        }
    }

    /// A single file that declares no team at all may name one: a warning with the declaration as its fix.
    fn assumed(&mut self, root: &Arc<str>, name: &Arc<str>, at: Span) {
        if self.context.index.instance(root, name).is_some() || !self.context.index.assumes(root) {
            return;
        }
        let end = self.context.files.get(at.file).and_then(|file| file.ast.decls.last()).map(|decl| decl.span.end());
        let mut finding = Diagnostic::new(Code::AssumedTeam, at, format!("no {root} `{name}` is declared"))
            .primary_label(format!("taken as a {root} without contacts"))
            .help(format!("declare `{root} {name} {{ … }}` with its contacts"));
        if let Some(end) = end {
            let place = Span::new(at.file, idpc_syntax::ast::TextRange::empty(end));
            let body = if &**root == "system" { "\n  // owner = …\n" } else { "" };
            finding = finding.fix(
                format!("declare the {root}"),
                Safety::Safe,
                place,
                format!("\n\n{root} {name} {{{body}}}"),
            );
        }
        self.report(finding);
    }

    fn check_list(&mut self, items: &[Expr], site: Site, expected: Option<&Ty>) -> Ty {
        let inner = match expected.map(Ty::core) {
            Some(Ty::List(inner)) => Some((**inner).clone()),
            _ => None,
        };
        let mut first = Ty::Unknown;
        for item in items {
            let ty = match &inner {
                Some(inner) => {
                    self.check_as(item, site, inner);
                    inner.clone()
                }
                None => self.check(item, site, None),
            };
            if matches!(first, Ty::Unknown | Ty::None) || (self.fits(&first, &ty) && inner.is_none()) {
                first = optional_of(ty, &first);
            } else if inner.is_none() && !self.fits(&ty, &Ty::Optional(Arc::new(first.clone()))) {
                let at = Span::new(site.file, item.span);
                self.report(
                    Diagnostic::new(Code::WrongType, at, format!("expected {}, found {}", a(&first), a(&ty)))
                        .primary_label(format!("this is {}", a(&ty)))
                        .help("the elements of a list have one type: that of the first"),
                );
            }
        }
        Ty::List(Arc::new(inner.unwrap_or(first)))
    }

    fn check_record(&mut self, named: bool, entries: &[Entry], site: Site, expected: Option<&Ty>) -> Ty {
        match expected.map(Ty::core) {
            Some(ty @ Ty::Map { value, .. }) if !named => {
                self.set_twice(entries, site);
                for entry in entries {
                    if let EntryKind::Set { value: expr, .. } = &entry.kind {
                        self.check_as(expr, site, value);
                    }
                }
                ty.clone()
            }
            Some(Ty::Any | Ty::Unknown) => Ty::Unknown,
            Some(ty @ Ty::Schema(_)) => ty.clone(),
            _ => Ty::Schema("record".into()),
        }
    }

    /// Two entries of a map that is written as a value, with one key.
    fn set_twice(&mut self, entries: &[Entry], site: Site) {
        let mut seen: BTreeMap<Vec<&str>, Span> = BTreeMap::new();
        for entry in entries {
            let EntryKind::Set { path, .. } = &entry.kind else { continue };
            let key: Vec<&str> = path.segments.iter().map(|segment| segment.text.as_str()).collect();
            let at = Span::new(site.file, path.span);
            let shown = key.join(".");
            if let Some(first) = seen.insert(key, at) {
                self.report(
                    Diagnostic::new(Code::SetTwice, at, format!("`{shown}` is set twice"))
                        .primary_label("set a second time")
                        .label(first, "set here first")
                        .help("keep one of the two"),
                );
            }
        }
    }

    fn check_call(&mut self, name: &idpc_syntax::ast::Name, args: &[Expr], site: Site) -> Ty {
        let site = site.operand();
        let types: Vec<Ty> = args.iter().map(|arg| self.check(arg, site, None)).collect();
        let at = Span::new(site.file, name.span);
        match (name.text.as_str(), types.as_slice()) {
            ("len", [ty]) => {
                if !matches!(ty.core(), Ty::List(_) | Ty::Map { .. } | Ty::String | Ty::Unknown) {
                    self.report(
                        Diagnostic::new(Code::BadOperands, at, format!("{} has no length", a(ty)))
                            .primary_label("`len` takes a list, a map or text")
                            .help("count something else"),
                    );
                }
                Ty::Int
            }
            ("min" | "max", [_, ..]) => self.check_extreme(name, args, &types, site),
            ("len" | "min" | "max", _) => {
                self.report(
                    Diagnostic::new(Code::BadOperands, at, format!("`{}` does not take so many values", name.text))
                        .primary_label("wrong number of values")
                        .help("`len(x)`, `min(a, b)`, `max(a, b)`"),
                );
                Ty::Unknown
            }
            (other, _) => {
                self.report(
                    Diagnostic::new(Code::UnknownName, at, format!("there is no function `{other}`"))
                        .primary_label("unknown function")
                        .help("functions: `len`, `min`, `max`")
                        .meant(at, crate::suggest::nearest(other, ["len", "min", "max"])),
                );
                Ty::Unknown
            }
        }
    }

    /// Reports when a value of the type `actual` cannot stand where `expected` is wanted.
    pub(super) fn expect(
        &mut self,
        expr: &Expr,
        site: Site,
        actual: &Ty,
        expected: &Ty,
        declared: Option<Span>,
        key: &str,
    ) {
        if self.fits(actual, expected) {
            return;
        }
        // The branches of a choice were looked at one by one.
        if matches!(expr.kind, ExprKind::If(..)) {
            return;
        }
        let at = Span::new(site.file, expr.span);
        let mut finding = if actual.is_optional() && self.fits(actual.core(), expected) && !matches!(actual, Ty::None) {
            Diagnostic::new(Code::MaybeUnset, at, format!("{} must stand here, and this may be unset", a(expected)))
                .primary_label("may be `none`")
                .help("give it a value for that case: `… ?? default`")
        } else if matches!(actual.core(), Ty::Secret(_)) {
            let finding = Diagnostic::new(Code::SecretFlow, at, "a secret would leave its reference here")
                .primary_label("this is a secret")
                .help("a secret may stand alone in `config`, nowhere else");
            match &expr.kind {
                ExprKind::Path(path) => self.with_way(finding, path, site),
                _ => finding,
            }
        } else {
            Diagnostic::new(Code::WrongType, at, format!("expected {}, found {}", a(plain(expected)), a(actual)))
                .primary_label(format!("this is {}", a(actual)))
                .help(wrong_type_help(expr, actual, expected))
        };
        let whole = site.part_of.filter(|_| declared.is_none()).map(|id| self.node(id));
        if let Some(node) = whole
            && let Some(declared) = node.declared
        {
            finding = finding.label(declared, format!("{} because `{}` is declared so here", a(&node.ty), node.key));
        }
        if let Some(declared) = declared {
            finding = finding.label(declared, format!("{} because `{key}` is declared so here", a(plain(expected))));
        }
        if let Some((title, text)) = unit_fix(expr, expected) {
            finding = finding.fix(title, Safety::Unsafe, at, text);
        }
        self.report(finding);
    }

    fn fits(&self, actual: &Ty, expected: &Ty) -> bool {
        if matches!(actual, Ty::None) {
            return expected.is_optional() || matches!(expected.core(), Ty::Unknown | Ty::Any);
        }
        if actual.is_optional() && !expected.is_optional() && !matches!(expected.core(), Ty::Unknown | Ty::Any) {
            return false;
        }
        match (actual.core(), expected.core()) {
            (_, Ty::Unknown | Ty::Any)
            | (Ty::Unknown, _)
            | (Ty::Int, Ty::Number | Ty::Range)
            | (Ty::String, Ty::Union(_))
            | (Ty::Int, Ty::Union(_))
            | (Ty::Union(_), Ty::Union(_)) => true,
            (Ty::Union(items), Ty::String) => items.iter().all(|item| matches!(item, Value::Str(_))),
            (Ty::Union(items), Ty::Int) => items.iter().all(|item| matches!(item, Value::Int(_))),
            (Ty::Secret(inner), Ty::Scalar) => is_scalar(inner),
            (actual, Ty::Scalar) => is_scalar(actual),
            (Ty::List(a), Ty::List(b)) | (Ty::Secret(a), Ty::Secret(b)) => self.fits(a, b),
            (Ty::Map { value: a, .. }, Ty::Map { value: b, .. }) => self.fits(a, b),
            (Ty::Schema(a), Ty::Schema(b)) | (Ty::Ref(a), Ty::Ref(b)) => self.context.set.is_a(a, b),
            (a, b) => a == b,
        }
    }

    /// Checks the rules of a probed record.
    pub(super) fn check_rules(&mut self, record: NodeId) {
        let Kind::Record { schema, .. } = &self.node(record).kind else { return };
        let schema = *schema;
        for rule in &schema.rules {
            let site = Site::of_rule(record, rule.file);
            self.check_as(&rule.condition, site, &Ty::Bool);
            self.check_as(&rule.message, site, &Ty::String);
        }
    }
}

fn plain(ty: &Ty) -> String {
    if ty.is_optional() { format!("{}?", ty.core()) } else { ty.core().to_string() }
}

pub(super) fn optional_of(ty: Ty, other: &Ty) -> Ty {
    if other.is_optional() && !ty.is_optional() { Ty::Optional(Arc::new(ty)) } else { ty }
}

/// Whether a value of the type has one line of text.
pub(super) fn is_scalar(ty: &Ty) -> bool {
    matches!(
        ty.core(),
        Ty::Unknown
            | Ty::Any
            | Ty::Bool
            | Ty::Int
            | Ty::Number
            | Ty::String
            | Ty::Duration
            | Ty::Size
            | Ty::Percent
            | Ty::Rate
            | Ty::Money
            | Ty::Date
            | Ty::Scalar
            | Ty::Union(_)
            | Ty::Enum(_)
            | Ty::Ref(_)
            | Ty::Range
    )
}

fn wrong_type_help(expr: &Expr, actual: &Ty, expected: &Ty) -> String {
    match (actual.core(), expected.core()) {
        (Ty::Int | Ty::Number, Ty::Duration) => "add a unit: `ms`, `s`, `m`, `h`, `d` or `w`".to_owned(),
        (Ty::Int | Ty::Number, Ty::Size) => "add a unit: `MiB`, `GiB`, `MB`, …".to_owned(),
        (Ty::Int | Ty::Number, Ty::Percent) => "add `%`".to_owned(),
        (Ty::Int | Ty::Number, Ty::Rate) => "add `rps`".to_owned(),
        (Ty::Int | Ty::Number, Ty::Money) => "add `USD` or `EUR`".to_owned(),
        (Ty::Duration, Ty::Number | Ty::Int | Ty::Size) => match &expr.kind {
            ExprKind::Literal(idpc_syntax::ast::Literal::Quantity(_, idpc_syntax::ast::Unit::Minute)) => {
                "`m` means minutes here: a tenth of a processor is `0.1`, and half a gibibyte is `512MiB`".to_owned()
            }
            _ => format!("write {}", a(plain(expected))),
        },
        (_, Ty::String) => "text stands in quotes: `\"…\"`".to_owned(),
        (Ty::String, _) if matches!(expr.kind, ExprKind::Str(_)) => {
            format!("write {} without quotes", a(plain(expected)))
        }
        _ => format!("write {}", a(plain(expected))),
    }
}

/// `500m`, as other systems write half a processor or half a gibibyte.
fn unit_fix(expr: &Expr, expected: &Ty) -> Option<(String, String)> {
    use idpc_syntax::ast::{Literal, Unit};
    let ExprKind::Literal(Literal::Quantity(number, Unit::Minute)) = &expr.kind else { return None };
    if number.scale != 0 {
        return None;
    }
    match expected.core() {
        Ty::Number => {
            let share = crate::units::Amount::new(number.digits, 1000);
            let text = crate::units::decimal(share)?;
            Some((format!("write `{text}`"), text))
        }
        Ty::Size => {
            let mebibytes = if number.digits == 500 { 512 } else { number.digits };
            Some((format!("write `{mebibytes}MiB`"), format!("{mebibytes}MiB")))
        }
        _ => None,
    }
}
