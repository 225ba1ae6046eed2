//! Kinds of resources: which may stand where, and what it takes to share one.

use std::sync::Arc;

use super::arena::{Arena, Kind, Node, NodeId};
use super::build::{Spot, child_of};
use super::raw::Raw;
use crate::article::a;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Safety};
use crate::named::Named;
use crate::schema::Schema;
use crate::span::Span;
use crate::suggest::nearest;
use crate::ty::Ty;
use crate::value::Origin;

impl<'a> Arena<'a> {
    /// A shared resource used as a need: `paid = order-paid { access = write }`.
    pub(super) fn shared_place(
        &mut self,
        spot: &Spot<'_>,
        name: &Arc<str>,
        instance: &str,
        raw: &Raw<'a>,
        span: Span,
        origin: &Origin,
    ) -> Option<NodeId> {
        let set = self.context.set;
        if !set.is_a(name, "resource") {
            return None;
        }
        let at = self.context.index.instance("resource", instance)?;
        let (_, decl) = self.context.files.decl(at)?;
        let idpc_syntax::ast::DeclKind::Instance(item) = &decl.kind else { return None };
        let schema = item.schema.as_ref().and_then(|schema| set.get(&schema.text))?;
        for (key, child) in &raw.children {
            if &**key != "access" {
                self.report(
                    Diagnostic::new(Code::UnknownField, child.name, format!("`{key}` cannot be set here"))
                        .primary_label(format!("`{instance}` is shared: only `access` is the user's own"))
                        .label(span, "the shared resource")
                        .help(format!("set it where `resource {instance}` is declared")),
                );
            }
        }
        let access = schema.field("access")?;
        let id = self.push(Node {
            key: spot.key.clone(),
            parent: spot.parent,
            ty: Ty::Schema(schema.name.clone()),
            declared: spot.field.map(|field| field.ty_span),
            origin: origin.clone(),
            kind: Kind::Record {
                schema,
                fields: Named::default(),
                shared: Some(instance.into()),
                instance: None,
                header: span,
            },
            env_prefixed: false,
            once: spot.once,
            deferred: false,
        });
        let empty = Raw::default();
        let child = child_of(raw, "access").map_or(&empty, |child| &child.raw);
        let field = Spot {
            key: "access".into(),
            parent: Some(id),
            ty: access.ty.clone(),
            field: Some(access),
            deferred: false,
            once: spot.once,
        };
        let node = self.place(field, child, span);
        if let Kind::Record { fields, .. } = &mut self.node_mut(id).kind {
            fields.push(("access".into(), node));
        }
        Some(id)
    }

    /// Whether a schema only holds together the kinds below it: the root of all resources.
    pub(super) fn is_no_kind(&self, schema: &Schema) -> bool {
        let set = self.context.set;
        schema.chain.len() == 1 && &*schema.name == "resource" && !set.descendants(&schema.name).is_empty()
    }

    pub(super) fn unknown_kind(&mut self, expected: &str, given: &str, span: Span) {
        let set = self.context.set;
        let schemas = set.descendants(expected).into_iter().map(|schema| &*schema.name);
        let resources = self.context.index.all("resource").into_iter().map(|name| &**name);
        let known: Vec<&str> = if expected == "resource" {
            schemas.chain(resources).collect()
        } else {
            schemas.chain(std::iter::once(expected)).collect()
        };
        let shown: Vec<String> = known
            .iter()
            .filter(|name| !name.contains('.') && !name.contains(':'))
            .map(|name| (*name).to_owned())
            .collect();
        let message = if set.get(given).is_some() {
            format!("`{given}` is no `{expected}`")
        } else {
            format!("nothing called `{given}` can stand here")
        };
        self.report(
            Diagnostic::new(Code::UnknownType, span, message)
                .primary_label(format!("expected {}", a(expected)))
                .help(format!("use {}", crate::suggest::one_of(&shown)))
                .did_you_mean(span, nearest(given, known)),
        );
    }

    /// A kind where a record of it has to stand, or a name that is no kind at all.
    pub(super) fn no_braces(&mut self, expected: &str, given: &str, span: Span) {
        let set = self.context.set;
        let Some(schema) = set.get(given).filter(|schema| schema.is_a(expected)) else {
            self.unknown_kind(expected, given, span);
            return;
        };
        let safety = if schema.is_complete(set) { Safety::Safe } else { Safety::Unsafe };
        self.report(
            Diagnostic::new(Code::WrongType, span, format!("`{given}` is a kind, and no `{expected}` by itself"))
                .primary_label("a record of this kind has to stand here")
                .help(format!("write `{given} {{ }}`, with what differs from its defaults between the braces"))
                .fix("add braces", safety, span, format!("{given} {{}}")),
        );
    }

    /// A kind that reads `service` has none when it is shared.
    pub(super) fn shareable(&mut self, root: NodeId, header: Span) {
        let own: Vec<NodeId> = self.below(root);
        let reader = own.iter().find_map(|id| {
            let (expr, site) = self.site(*id)?;
            // What the resource itself writes is refused where it stands.
            (site.in_schema && reads_service(expr)).then(|| Span::new(site.file, expr.span))
        });
        if let Some(reader) = reader {
            self.report(
                Diagnostic::new(Code::CannotShare, header, "this kind cannot be shared")
                    .primary_label("used by several services, so there is no `service`")
                    .label(reader, "reads the service that needs it")
                    .help("let each service have its own, under `needs`"),
            );
        }
    }
}

fn reads_service(expr: &idpc_syntax::ast::Expr) -> bool {
    use idpc_syntax::ast::{ExprKind, StrPart};
    let is_service = |path: &idpc_syntax::ast::Path| path.segments.first().is_some_and(|first| first.text == "service");
    match &expr.kind {
        ExprKind::Path(path) => is_service(path),
        ExprKind::Str(parts) => parts.iter().any(|part| matches!(part, StrPart::Insert(path) if is_service(path))),
        ExprKind::List(items) | ExprKind::Call(_, items) => items.iter().any(reads_service),
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => reads_service(inner),
        ExprKind::Binary(_, a, b) => reads_service(a) || reads_service(b),
        ExprKind::If(a, b, c) => reads_service(a) || reads_service(b) || reads_service(c),
        ExprKind::Record { .. } | ExprKind::Literal(_) | ExprKind::Missing => false,
    }
}
