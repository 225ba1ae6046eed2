//! What the compiler's own parser sees: tokens and nodes of its lossless tree, and the typed view of it.

use std::collections::BTreeSet;

use idpc_syntax::ast::{
    Decl, DeclKind, Entry, EntryKind, Expr, ExprKind, Member, Name, Refinement, StrPart, TypeExpr, TypeKind,
};
use idpc_syntax::{Parse, SyntaxKind};

use crate::Thing;

/// The things of a parsed text.
pub(crate) fn things(parse: &Parse) -> BTreeSet<Thing> {
    let mut seen = Seen(BTreeSet::new());
    for element in parse.syntax().descendants_with_tokens() {
        let what = match element.kind() {
            SyntaxKind::Comment => "comment",
            SyntaxKind::DocComment => "doc_comment",
            SyntaxKind::Str => "string",
            SyntaxKind::Int => "integer",
            SyntaxKind::Number => "number",
            SyntaxKind::Quantity => "quantity",
            SyntaxKind::Date => "date",
            SyntaxKind::Path => "path",
            SyntaxKind::Type => "type",
            SyntaxKind::Block => "block",
            SyntaxKind::Annotation => "annotation",
            _ => continue,
        };
        let range = element.text_range();
        seen.0.insert((what.to_owned(), range.start().into(), range.end().into()));
    }
    for decl in &parse.file().decls {
        seen.decl(decl);
    }
    seen.0
}

struct Seen(BTreeSet<Thing>);

impl Seen {
    fn add(&mut self, what: &'static str, span: rowan::TextRange) {
        self.0.insert((what.to_owned(), span.start().into(), span.end().into()));
    }

    fn name(&mut self, name: &Name) {
        self.add("name", name.span);
    }

    fn decl(&mut self, decl: &Decl) {
        let (what, name) = match &decl.kind {
            DeclKind::Schema(item) => {
                self.members(&item.members);
                self.parent(item.parent.as_ref());
                ("schema", Some(&item.name))
            }
            DeclKind::Enum(item) => ("enum", Some(&item.name)),
            DeclKind::ExtendEnum(item) => ("extend_enum", Some(&item.name)),
            DeclKind::Extend(item) => {
                self.members(&item.members);
                ("extend", Some(&item.name))
            }
            DeclKind::Let(item) => {
                self.expr(&item.value);
                ("let", Some(&item.name))
            }
            DeclKind::Instance(item) => {
                self.parent(item.schema.as_ref());
                self.entries(&item.entries);
                ("instance", Some(&item.name))
            }
            DeclKind::Identity(item) => {
                self.entries(&item.entries);
                ("identity", None)
            }
        };
        self.add(what, decl.span);
        if let Some(name) = name {
            self.name(name);
        }
    }

    fn parent(&mut self, parent: Option<&Name>) {
        if let Some(parent) = parent {
            self.add("parent", parent.span);
        }
    }

    fn members(&mut self, members: &[Member]) {
        for member in members {
            match member {
                Member::Field(field) => {
                    self.add("field", field.span);
                    field.ty.iter().for_each(|ty| self.ty(ty));
                    field.default.iter().for_each(|value| self.expr(value));
                    self.annotations(&field.annotations);
                }
                Member::Group(group) => {
                    // `a.b { … }` is one group in the text.
                    let mut inner = group;
                    while let [Member::Group(only)] = inner.members.as_slice()
                        && only.span.start() == inner.name.span.start()
                    {
                        inner = only;
                    }
                    self.add("group", group.span);
                    self.members(&inner.members);
                    self.annotations(&inner.annotations);
                }
                Member::Output(output) => {
                    self.add("output", output.span);
                    self.name(&output.name);
                    self.ty(&output.ty);
                }
                Member::Rule(rule) => {
                    self.add("rule", rule.span);
                    self.expr(&rule.condition);
                    self.expr(&rule.message);
                }
            }
        }
    }

    fn annotations(&mut self, annotations: &[idpc_syntax::ast::Annotation]) {
        for annotation in annotations {
            self.name(&annotation.name);
            for arg in &annotation.args {
                arg.name.iter().for_each(|name| self.name(name));
                self.expr(&arg.value);
            }
        }
    }

    fn ty(&mut self, ty: &TypeExpr) {
        match &ty.kind {
            TypeKind::Missing | TypeKind::Named(_) | TypeKind::Ref(_) => {}
            TypeKind::Union(items) => items.iter().for_each(|item| self.expr(item)),
            TypeKind::Optional(inner) | TypeKind::List(inner) | TypeKind::Secret(inner) => self.ty(inner),
            TypeKind::Map { key, value } => {
                key.iter().for_each(|key| self.ty(key));
                self.ty(value);
            }
            TypeKind::Refined(inner, refinement) => {
                self.ty(inner);
                match refinement {
                    Refinement::In(value) | Refinement::Matching(value) => self.expr(value),
                    Refinement::Nonempty => {}
                }
            }
        }
    }

    fn entries(&mut self, entries: &[Entry]) {
        for entry in entries {
            let what = match &entry.kind {
                EntryKind::Set { value, .. } => {
                    self.expr(value);
                    "setting"
                }
                EntryKind::Amend { entries, .. } => {
                    self.entries(entries);
                    "amendment"
                }
                EntryKind::Bare(_) => "bare",
                EntryKind::In { entries, .. } => {
                    self.entries(entries);
                    "overlay"
                }
            };
            self.add(what, entry.span);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let what = match &expr.kind {
            ExprKind::Missing | ExprKind::Literal(_) | ExprKind::Path(_) => return,
            ExprKind::Str(parts) => {
                for part in parts {
                    if let StrPart::Insert(path) = part {
                        self.add("path", path.span);
                        // Quoted segments are strings within the string.
                        let quoted =
                            path.segments.iter().filter(|name| name.span.len() > rowan::TextSize::of(&*name.text));
                        quoted.for_each(|name| {
                            self.0.extend([("string".to_owned(), name.span.start().into(), name.span.end().into())])
                        });
                    }
                }
                return;
            }
            ExprKind::List(items) => {
                items.iter().for_each(|item| self.expr(item));
                "list"
            }
            ExprKind::Record { entries, .. } => {
                self.entries(entries);
                "record"
            }
            ExprKind::Unary(_, inner) => {
                self.expr(inner);
                "unary_expression"
            }
            ExprKind::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
                "binary_expression"
            }
            ExprKind::If(condition, then, otherwise) => {
                [condition, then, otherwise].into_iter().for_each(|part| self.expr(part));
                "conditional"
            }
            ExprKind::Call(_, items) => {
                items.iter().for_each(|item| self.expr(item));
                "call"
            }
            ExprKind::Paren(inner) => {
                self.expr(inner);
                "parenthesized"
            }
        };
        self.add(what, expr.span);
    }
}
