//! What is said about the fields of a record: unknown, renamed, locked, set too often, missing.

use std::sync::Arc;

use super::arena::Arena;
use super::build::child_of;
use super::raw::{Child, Raw};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Safety};
use crate::schema::{Schema, SchemaField};
use crate::span::Span;
use crate::suggest::nearest;
use crate::value::Layer;

impl<'a> Arena<'a> {
    /// Reports names that the schema does not have; gives the fields that were probably meant.
    pub(super) fn unknown_fields(&mut self, schema: &Schema, raw: &Raw<'a>) -> Vec<Arc<str>> {
        let mut meant = Vec::new();
        for (name, child) in &raw.children {
            if schema.field(name).is_some() {
                continue;
            }
            let suggestion = nearest(name, schema.fields.iter().map(|field| &*field.name));
            if let Some(suggestion) = suggestion {
                meant.push(Arc::from(suggestion));
            }
            let shown = schema.name.split('.').next_back().unwrap_or(&schema.name);
            let mut finding =
                Diagnostic::new(Code::UnknownField, child.name, format!("`{shown}` has no field `{name}`"))
                    .primary_label("unknown field");
            if schema.output(name).is_some() {
                finding =
                    finding.help(format!("`{name}` is an output: it is known only after deployment and cannot be set"));
            } else if suggestion.is_none() {
                let known: Vec<String> = schema.fields.iter().take(12).map(|field| field.name.to_string()).collect();
                finding = finding.help(format!("its fields: {}", known.join(", ")));
            }
            self.report(finding.did_you_mean(child.name, suggestion));
        }
        meant
    }

    /// Settings of deprecated fields, with the field that takes them over.
    pub(super) fn renamed(&mut self, schema: &Schema, raw: &Raw<'a>) -> Vec<(Arc<str>, Arc<str>)> {
        let mut moved = Vec::new();
        for field in &schema.fields {
            let Some(deprecation) = &field.deprecated else { continue };
            let Some(child) = child_of(raw, &field.name) else { continue };
            let mut finding = Diagnostic::new(Code::Deprecated, child.name, format!("`{}` is deprecated", field.name))
                .primary_label(deprecation.reason.to_string())
                .label(deprecation.span, "deprecated here");
            if let Some(new) = &deprecation.replacement {
                finding = finding.help(format!("use `{new}` instead")).fix(
                    format!("rename to `{new}`"),
                    Safety::Safe,
                    child.name,
                    &**new,
                );
                if let Some(other) = child_of(raw, new) {
                    finding = Diagnostic::new(
                        Code::SetTwice,
                        child.name,
                        format!("`{}` and `{new}` are one field", field.name),
                    )
                    .primary_label("the old name")
                    .label(other.name, "the new name")
                    .help(format!("keep `{new}` only"));
                } else {
                    moved.push((new.clone(), field.name.clone()));
                }
            } else {
                finding = finding.help("remove it");
            }
            self.report(finding);
        }
        moved
    }

    pub(super) fn permitted(&mut self, field: &SchemaField, child: &Child<'a>) {
        if let Some(lock) = &field.locked
            && !lock.except.contains(&self.instance)
            && !child.raw.is_empty()
        {
            self.report(
                Diagnostic::new(Code::Locked, child.name, format!("`{}` is locked by the platform", field.name))
                    .primary_label(lock.reason.to_string())
                    .label(lock.span, "locked here")
                    .help("leave it out, or ask the platform team for an exception"),
            );
        }
        if field.once
            && let Some(span) = overlay_setting(&child.raw)
        {
            self.report(
                Diagnostic::new(Code::OnceOnly, span, format!("`{}` has one value for all environments", field.name))
                    .primary_label("set in an overlay")
                    .label(field.ty_span, "declared `@once` here")
                    .help("set it outside the overlay"),
            );
        }
    }

    pub(super) fn missing(&mut self, field: &SchemaField, schema: &Schema, header: Span, brace: Option<Span>) {
        let shown = schema.name.split('.').next_back().unwrap_or(&schema.name);
        let mut finding = Diagnostic::new(Code::MissingField, header, format!("`{}` is not set", field.name))
            .primary_label(format!("this `{shown}` needs it"))
            .label(field.ty_span, "declared without a default here");
        finding = finding.help(match &field.doc {
            Some(doc) => {
                let first = doc.lines().next().unwrap_or_default();
                format!("add `{} = …` ({}): {first}", field.name, field.ty)
            }
            None => format!("add `{} = …` ({})", field.name, field.ty),
        });
        if let (Some(brace), Some(value)) = (brace, self.placeholder(field)) {
            let title = format!("add `{} = {value}`, to be filled in", field.name);
            finding = finding.fix(title, Safety::Unsafe, brace, format!("\n{} = {value}\n}}", field.name));
        }
        self.report(finding);
    }
}

fn overlay_setting(raw: &Raw<'_>) -> Option<Span> {
    if let Some(setting) = raw.set.as_ref().filter(|setting| setting.by.layer == Layer::Overlay) {
        return Some(setting.path);
    }
    raw.children.iter().find_map(|(_, child)| overlay_setting(&child.raw))
}
