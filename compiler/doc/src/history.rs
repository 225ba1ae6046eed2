//! Who declared, narrowed, defaulted or locked each field, and why.

use std::collections::BTreeMap;

use idpc_model::schema::Schema;
use idpc_model::span::Span;
use idpc_syntax::ast::{Annotation, DeclKind, Expr, Member, TypeExpr};

use crate::sources::{Sources, plain};

/// One member of a schema or of an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The schema that the member belongs to or extends.
    pub schema: String,
    /// Whether it stands in an extension.
    pub extension: bool,
    /// Where it stands.
    pub span: Span,
    /// The type, as written.
    pub ty: Option<String>,
    /// The default, as written.
    pub default: Option<String>,
    /// The annotations, as written.
    pub annotations: Vec<String>,
    /// What the extension says about itself.
    pub reason: Option<String>,
}

/// An extension of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Where it stands.
    pub span: Span,
    /// What it says about itself.
    pub reason: Option<String>,
}

/// Every member of every schema, by the schema's name and the field's dotted path.
#[derive(Clone, Debug, Default)]
pub struct History {
    steps: BTreeMap<(String, String), Vec<Step>>,
    extensions: BTreeMap<String, Vec<Extension>>,
}

/// Where members stand.
#[derive(Clone, Copy)]
struct Holder<'a> {
    schema: &'a str,
    extension: bool,
    reason: Option<&'a str>,
}

impl History {
    /// Reads all files.
    #[must_use]
    pub fn of(sources: &Sources) -> Self {
        let mut history = Self::default();
        for file in &sources.files {
            for decl in &file.view.ast.decls {
                let reason = decl.doc.as_deref();
                match &decl.kind {
                    DeclKind::Schema(item) => {
                        let holder = Holder { schema: &item.name.text, extension: false, reason: None };
                        history.members(sources, &file.view, holder, "", &item.members);
                    }
                    DeclKind::Extend(item) => {
                        let holder = Holder { schema: &item.name.text, extension: true, reason };
                        history.members(sources, &file.view, holder, "", &item.members);
                        let extension =
                            Extension { span: file.view.span(decl.header), reason: reason.map(str::to_owned) };
                        history.extensions.entry(item.name.text.clone()).or_default().push(extension);
                    }
                    DeclKind::ExtendEnum(item) => {
                        let extension =
                            Extension { span: file.view.span(decl.header), reason: reason.map(str::to_owned) };
                        history.extensions.entry(format!("enum {}", item.name.text)).or_default().push(extension);
                    }
                    _ => {}
                }
            }
        }
        history
    }

    fn members(
        &mut self,
        sources: &Sources,
        view: &idpc_model::source::FileView,
        holder: Holder<'_>,
        prefix: &str,
        members: &[Member],
    ) {
        for member in members {
            match member {
                Member::Field(field) => {
                    let names: Vec<&str> = field.path.segments.iter().map(|name| name.text.as_str()).collect();
                    let path = format!("{prefix}{}", names.join("."));
                    let span = view.span(field.span);
                    let step =
                        step(sources, holder, span, field.ty.as_ref(), field.default.as_ref(), &field.annotations);
                    self.steps.entry((holder.schema.to_owned(), path)).or_default().push(step);
                }
                Member::Group(group) => {
                    let path = format!("{prefix}{}", group.name.text);
                    let step = step(sources, holder, view.span(group.name.span), None, None, &group.annotations);
                    self.steps.entry((holder.schema.to_owned(), path.clone())).or_default().push(step);
                    self.members(sources, view, holder, &format!("{path}."), &group.members);
                }
                Member::Output(_) | Member::Rule(_) => {}
            }
        }
    }

    /// What happened to a field, from the schema that declared it to the one at hand.
    pub fn field(&self, schema: &Schema, path: &str) -> Vec<&Step> {
        let chain = schema.chain.iter().rev();
        chain
            .flat_map(|owner| self.steps.get(&(plain(owner).to_owned(), path.to_owned())).into_iter().flatten())
            .collect()
    }

    /// Whether a schema, or an extension of it, says something about a field or about a part of it.
    pub fn touches(&self, schema: &Schema, path: &str) -> bool {
        let inside = format!("{path}.");
        let own = self.steps.range((schema.name.to_string(), path.to_owned())..);
        let mut own = own.take_while(|((owner, other), _)| **owner == *schema.name && other.starts_with(path));
        own.any(|((_, other), _)| other == path || other.starts_with(&inside))
    }

    /// The extensions of a schema; of an enum for `enum NAME`.
    pub fn extensions(&self, name: &str) -> &[Extension] {
        self.extensions.get(name).map_or(&[], Vec::as_slice)
    }
}

fn step(
    sources: &Sources,
    holder: Holder<'_>,
    span: Span,
    ty: Option<&TypeExpr>,
    default: Option<&Expr>,
    annotations: &[Annotation],
) -> Step {
    let written = |range| sources.written(span.file, range);
    Step {
        schema: holder.schema.to_owned(),
        extension: holder.extension,
        span,
        ty: ty.map(|ty| written(ty.span)),
        default: default.map(|default| written(default.span)),
        annotations: annotations.iter().map(|annotation| written(annotation.span)).collect(),
        reason: holder.reason.map(str::to_owned),
    }
}
