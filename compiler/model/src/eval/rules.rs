//! `require` and `warn`: what must hold of every record in every environment.

use std::collections::BTreeSet;
use std::sync::Arc;

use idpc_syntax::ast::{BinaryOp, Expr, ExprKind, Path, StrPart};

use super::arena::{Arena, Kind, NodeId, Site};
use super::locate::Located;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::ty::Ty;
use crate::value::{Layer, Value};

impl<'a> Arena<'a> {
    /// Checks the rules of every record of the arena.
    pub fn rules(&mut self) {
        for index in 0..self.nodes.len() {
            let id = NodeId(index);
            let Kind::Record { schema, shared: None, header, .. } = &self.node(id).kind else { continue };
            let (schema, header) = (*schema, *header);
            for rule in &schema.rules {
                self.rule(id, header, rule);
            }
        }
    }

    fn rule(&mut self, record: NodeId, header: Span, rule: &'a crate::schema::RuleDef) {
        let site = Site::of_rule(record, rule.file);
        let before = self.found.len();
        let holds = self.compute(&rule.condition, site, Some(&Ty::Bool)) != Value::Bool(false);
        if self.found.len() > before {
            self.blame_setting(before, header, rule, site);
        }
        if holds {
            return;
        }
        let Value::Str(message) = self.compute(&rule.message, site, Some(&Ty::String)) else { return };
        let code = if rule.warn { Code::RuleWarned } else { Code::RuleBroken };
        let at = self.last_setting(&rule.condition, site).unwrap_or(header);
        self.report(
            Diagnostic::new(code, at, message.to_string())
                .primary_label(if rule.warn { "not recommended" } else { "not allowed" })
                .label(rule.span, "because of this rule"),
        );
    }

    /// What has no result in a rule is the fault of a value that it reads.
    fn blame_setting(&mut self, from: usize, header: Span, rule: &crate::schema::RuleDef, site: Site) {
        let at = self.last_setting(&rule.condition, site).unwrap_or(header);
        for finding in self.found.iter_mut().skip(from).filter(|finding| finding.code == Code::BadArithmetic) {
            let label = std::mem::take(&mut finding.primary_label);
            let place = std::mem::replace(&mut finding.primary, at);
            *finding = finding.clone().primary_label("this rule cannot be judged").label(place, label);
        }
    }

    /// The last field that an entry set and the condition reads.
    fn last_setting(&self, condition: &Expr, site: Site) -> Option<Span> {
        self.references(condition, site, &Ty::Bool)
            .into_iter()
            .map(|id| &self.node(id).origin)
            .filter(|origin| matches!(origin.layer, Layer::Entry | Layer::Overlay))
            .map(|origin| origin.span)
            .max()
    }

    /// Every place of this arena that an expression reads, whichever branch is taken. A name that is a variant or an
    /// instance where one is expected reads nothing.
    pub(super) fn references(&self, expr: &Expr, site: Site, expected: &Ty) -> BTreeSet<NodeId> {
        let mut found = BTreeSet::new();
        self.gather(expr, site, Some(expected), &mut found);
        found
    }

    fn gather(&self, expr: &Expr, site: Site, expected: Option<&Ty>, found: &mut BTreeSet<NodeId>) {
        match &expr.kind {
            ExprKind::Path(path) => self.gather_path(path, site, expected, found),
            ExprKind::Str(parts) => {
                for part in parts {
                    if let StrPart::Insert(path) = part {
                        self.gather_path(path, site, None, found);
                    }
                }
            }
            ExprKind::List(items) => {
                let inner = match expected.map(Ty::core) {
                    Some(Ty::List(inner)) => Some(&**inner),
                    _ => None,
                };
                for item in items {
                    self.gather(item, site, inner, found);
                }
            }
            ExprKind::Call(_, items) => {
                for item in items {
                    self.gather(item, site, None, found);
                }
            }
            ExprKind::Paren(inner) => self.gather(inner, site, expected, found),
            ExprKind::Unary(_, inner) => self.gather(inner, site, None, found),
            ExprKind::Binary(BinaryOp::Default, a, b) => {
                self.gather(a, site, expected, found);
                self.gather(b, site, expected, found);
            }
            ExprKind::Binary(op, a, b) => {
                let (left, right) = (self.known_type(a, site), self.known_type(b, site));
                let wanted = match op {
                    BinaryOp::In => left.map(|ty| Ty::List(Arc::new(ty))),
                    _ => left,
                };
                self.gather(a, site, right.as_ref(), found);
                self.gather(b, site, wanted.as_ref(), found);
            }
            ExprKind::If(a, b, c) => {
                self.gather(a, site, Some(&Ty::Bool), found);
                self.gather(b, site, expected, found);
                self.gather(c, site, expected, found);
            }
            ExprKind::Record { .. } | ExprKind::Literal(_) | ExprKind::Missing => {}
        }
    }

    fn gather_path(&self, path: &Path, site: Site, expected: Option<&Ty>, found: &mut BTreeSet<NodeId>) {
        match self.locate(path, site, expected) {
            Ok(Located::Node(id, _) | Located::Via(id, _, _)) => {
                found.insert(id);
            }
            Ok(Located::Known(..) | Located::Output(..) | Located::Address(..)) | Err(_) => {}
        }
    }
}
