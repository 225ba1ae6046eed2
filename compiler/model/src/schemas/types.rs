//! From written types to resolved ones.

use std::sync::Arc;

use idpc_syntax::ast::{Expr, ExprKind, Name, Refinement as Written, StrPart, TypeExpr, TypeKind};

use super::builder::Builder;
use crate::code::Code;
use crate::constant::constant;
use crate::diagnostic::{Diagnostic, Safety};
use crate::source::FileView;
use crate::suggest::nearest;
use crate::ty::{Refinement, Rule, Ty};
use crate::value::Value;

impl<'a> Builder<'a> {
    /// The type that is written; [`Ty::Unknown`] after a finding.
    pub(super) fn resolve(&mut self, file: &'a FileView, written: &TypeExpr) -> Ty {
        match &written.kind {
            TypeKind::Missing => Ty::Unknown,
            TypeKind::Named(name) => self.named(file, name),
            TypeKind::Union(items) => self.union(file, items),
            TypeKind::Optional(inner) => Ty::Optional(Arc::new(self.resolve(file, inner))),
            TypeKind::List(inner) => Ty::List(Arc::new(self.resolve(file, inner))),
            TypeKind::Map { key, value } => {
                let value = self.resolve(file, value);
                let key = match key.as_ref().map(|key| (key, &key.kind)) {
                    None => None,
                    Some((_, TypeKind::Ref(name))) => match self.reference(file, name) {
                        Some(key) => Some(key),
                        None => return Ty::Unknown,
                    },
                    Some((key, written)) => {
                        self.bad_key(file, key, written, &value);
                        None
                    }
                };
                Ty::Map { key, value: Arc::new(value) }
            }
            TypeKind::Ref(name) => self.reference(file, name).map_or(Ty::Unknown, Ty::Ref),
            TypeKind::Secret(inner) => Ty::Secret(Arc::new(self.resolve(file, inner))),
            TypeKind::Refined(inner, refinement) => {
                let inner = self.resolve(file, inner);
                self.refined(file, inner, refinement, written.span)
            }
        }
    }

    fn named(&mut self, file: &'a FileView, name: &Name) -> Ty {
        if let Some(builtin) = Ty::builtin(&name.text) {
            return builtin;
        }
        if self.set.enums.contains_key(name.text.as_str()) {
            return Ty::Enum(name.text.as_str().into());
        }
        let scoped = self.scoped(file, &name.text);
        if self.index.schemas.contains_key(&*scoped) {
            return Ty::Schema(scoped);
        }
        let known: Vec<String> = Ty::BUILTIN
            .iter()
            .map(|known| (*known).to_owned())
            .chain(self.set.enums.keys().map(ToString::to_string))
            .chain(self.index.schemas.keys().map(ToString::to_string))
            .collect();
        self.unknown_type(file, name, "type", &known);
        Ty::Unknown
    }

    /// Keys are text, or the instances of a schema.
    fn bad_key(&mut self, file: &FileView, key: &TypeExpr, written: &TypeKind, value: &Ty) {
        if matches!(written, TypeKind::Missing) {
            return;
        }
        let is_text = matches!(written, TypeKind::Named(name) if name.text == "string");
        let help = if is_text {
            format!("write `map<{value}>`")
        } else {
            String::from("write `map<T>` or `map<&service, T>`")
        };
        self.diagnostics.push(
            Diagnostic::new(Code::BadRefinement, file.span(key.span), "the keys of a map are text or references")
                .primary_label(if is_text { "text is what keys are without saying so" } else { "no type of keys" })
                .help(help),
        );
    }

    fn reference(&mut self, file: &'a FileView, name: &Name) -> Option<Arc<str>> {
        let scoped = self.scoped(file, &name.text);
        if self.index.schemas.contains_key(&*scoped) {
            return Some(scoped);
        }
        let known: Vec<String> = self.index.schemas.keys().map(ToString::to_string).collect();
        self.unknown_type(file, name, "schema", &known);
        None
    }

    fn union(&mut self, file: &FileView, items: &[Expr]) -> Ty {
        let mut values = Vec::new();
        for item in items {
            match constant(item, &file.lets) {
                Some(value @ (Value::Str(_) | Value::Int(_))) => values.push(value),
                _ => {
                    self.bad_refinement(file, item, "a union is made of texts or whole numbers");
                    return Ty::Unknown;
                }
            }
        }
        Ty::Union(Arc::new(values))
    }

    fn refined(&mut self, file: &FileView, inner: Ty, written: &Written, whole: idpc_syntax::ast::TextRange) -> Ty {
        let (rule, span) = match written {
            Written::Nonempty => {
                if !matches!(inner.core(), Ty::List(_) | Ty::Map { .. } | Ty::Unknown) {
                    self.no_refinement(file.span(whole), "only a list or a map can be `nonempty`");
                    return inner;
                }
                (Some(Rule::Nonempty), None)
            }
            Written::Matching(expr) => (self.pattern(file, &inner, expr), Some(expr.span)),
            Written::In(expr) => (self.range_or_list(file, &inner, expr), Some(expr.span)),
        };
        match (rule, span) {
            (Some(rule), Some(span)) => {
                let span = file.span(span);
                Ty::Refined(Arc::new(inner), Arc::new(Refinement { span, rule }))
            }
            (Some(rule), None) => {
                let span = file.span(idpc_syntax::ast::TextRange::default());
                Ty::Refined(Arc::new(inner), Arc::new(Refinement { span, rule }))
            }
            (None, _) => inner,
        }
    }

    fn pattern(&mut self, file: &FileView, inner: &Ty, expr: &Expr) -> Option<Rule> {
        let Some(Value::Str(pattern)) = constant(expr, &file.lets) else {
            self.bad_refinement(file, expr, "`matching` takes a pattern as text");
            return None;
        };
        if !matches!(inner.core(), Ty::String | Ty::Unknown) {
            self.bad_refinement(file, expr, "only a `string` can match a pattern");
            return None;
        }
        if let Err(error) = regex::Regex::new(&pattern) {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim().to_owned();
            self.bad_refinement(file, expr, &format!("the pattern is not valid: {reason}"));
            return None;
        }
        Some(Rule::Matching(pattern))
    }

    fn range_or_list(&mut self, file: &FileView, inner: &Ty, expr: &Expr) -> Option<Rule> {
        if let ExprKind::List(items) = &expr.kind {
            let values: Option<Vec<Value>> = items.iter().map(|item| self.member_of(file, inner, item)).collect();
            return values.map(Rule::OneOf);
        }
        let (low, high) = match constant(expr, &file.lets) {
            Some(Value::Range(low, high)) => (Value::Int(low), Value::Int(high)),
            Some(Value::Span(bounds)) => (bounds.0.clone(), bounds.1.clone()),
            _ => {
                self.bad_refinement(file, expr, "a range of constants such as `1..5` must stand here");
                return None;
            }
        };
        if !fits_bound(inner.core(), &low) || !fits_bound(inner.core(), &high) {
            self.bad_refinement(file, expr, &format!("the bounds are no values of the type `{}`", inner.core()));
            return None;
        }
        if low.compare(&high).is_none_or(std::cmp::Ordering::is_gt) {
            self.bad_refinement(file, expr, "the range is empty: its first bound is above its last");
            return None;
        }
        Some(Rule::Between(low, high))
    }

    fn member_of(&mut self, file: &FileView, inner: &Ty, item: &Expr) -> Option<Value> {
        if let (Ty::Enum(name), ExprKind::Path(path)) = (inner.core(), &item.kind)
            && let [only] = path.segments.as_slice()
        {
            let definition = self.set.enumeration(name)?.clone();
            if definition.variants.iter().any(|(known, _)| **known == *only.text) {
                return Some(Value::Variant { of: name.clone(), name: only.text.as_str().into() });
            }
            let at = file.span(only.span);
            let suggestion = nearest(&only.text, definition.variants.iter().map(|(known, _)| &**known));
            self.diagnostics.push(
                Diagnostic::new(Code::BadRefinement, at, format!("`{name}` has no variant `{}`", only.text))
                    .primary_label("not a variant")
                    .help("name variants of the enum")
                    .did_you_mean(at, suggestion),
            );
            return None;
        }
        if let (Ty::Enum(name), ExprKind::Str(parts)) = (inner.core(), &item.kind)
            && let [StrPart::Text(text)] = parts.as_slice()
            && self.set.enumeration(name).is_some_and(|known| known.variants.iter().any(|(known, _)| **known == **text))
        {
            let at = file.span(item.span);
            self.diagnostics.push(
                Diagnostic::new(Code::BadRefinement, at, format!("text is no variant of `{name}`"))
                    .primary_label("this is text")
                    .help("a variant stands without quotes")
                    .fix("remove the quotes", Safety::Safe, at, text.as_str()),
            );
            return None;
        }
        match constant(item, &file.lets) {
            Some(value) if fits_bound(inner.core(), &value) || fits_union(inner.core(), &value) => Some(value),
            _ => {
                self.bad_refinement(file, item, &format!("not a value of the type `{}`", inner.core()));
                None
            }
        }
    }

    pub(super) fn bad_refinement(&mut self, file: &FileView, expr: &Expr, why: &str) {
        if crate::constant::has_missing(expr) {
            return;
        }
        self.no_refinement(file.span(expr.span), why);
    }

    fn no_refinement(&mut self, at: crate::span::Span, why: &str) {
        self.diagnostics.push(
            Diagnostic::new(Code::BadRefinement, at, why.to_owned())
                .primary_label("this refinement cannot be used")
                .help("refinements: `in 1..5`, `in [a, b]`, `matching \"^[a-z]+$\"`, `nonempty`"),
        );
    }
}

fn fits_bound(ty: &Ty, value: &Value) -> bool {
    match (ty, value) {
        (Ty::Int | Ty::Range, Value::Int(_))
        | (Ty::Number, Value::Int(_) | Value::Number(_))
        | (Ty::Date, Value::Date(_))
        | (Ty::String, Value::Str(_))
        | (Ty::Bool, Value::Bool(_))
        | (Ty::Unknown, _) => true,
        (_, Value::Quantity(quantity)) => quantity.dimension.type_name() == ty.to_string(),
        _ => false,
    }
}

fn fits_union(ty: &Ty, value: &Value) -> bool {
    matches!(ty, Ty::Union(known) if known.iter().any(|item| item.same(value)))
}
