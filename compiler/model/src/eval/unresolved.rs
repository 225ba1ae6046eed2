//! What is said about a name that means nothing where it stands, and what was probably meant.

use idpc_syntax::ast::{Name, TextRange};

use super::arena::{Arena, Kind, Site};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Safety};
use crate::span::Span;
use crate::suggest::{nearest, one_of};
use crate::ty::Ty;

impl Arena<'_> {
    /// A name that nothing has here, by what was expected.
    pub(super) fn unresolved(&self, name: &Name, site: Site, expected: Option<&Ty>) -> Box<Diagnostic> {
        let at = Span::new(site.file, name.span);
        match expected.map(Ty::core) {
            Some(Ty::Enum(of)) => {
                let definition = self.context.set.enumeration(of);
                let known: Vec<String> = definition
                    .iter()
                    .flat_map(|item| item.variants.iter().map(|(known, _)| known.to_string()))
                    .collect();
                let finding = Diagnostic::new(Code::OutsideRange, at, format!("`{}` is no `{of}`", name.text))
                    .primary_label(format!("expected {}", one_of(&known)))
                    .help(format!("use {}", one_of(&known)))
                    .did_you_mean(at, nearest(&name.text, known.iter().map(String::as_str)));
                Box::new(finding)
            }
            Some(Ty::Ref(schema)) => self.unknown_reference(schema, name, at),
            _ => {
                let Kind::Record { schema, .. } = &self.node(site.scope).kind else {
                    return self.unknown_name(name.span, &name.text, site, &[]);
                };
                if site.in_schema && schema.output(&name.text).is_some() {
                    return Box::new(output_of_its_own(&name.text, at));
                }
                let known: Vec<&str> = schema.fields.iter().map(|field| &*field.name).collect();
                self.unknown_name(name.span, &name.text, site, &known)
            }
        }
    }

    fn unknown_reference(&self, schema: &str, name: &Name, at: Span) -> Box<Diagnostic> {
        let root = self.context.set.get(schema).map_or(schema, |schema| schema.root());
        let known: Vec<&str> = self.context.index.all(root).into_iter().map(|known| &**known).collect();
        let finding = Diagnostic::new(Code::UnknownReference, at, format!("there is no {root} `{}`", name.text))
            .primary_label("nothing declares it");
        let finding = if known.is_empty() {
            finding.help(format!("declare it: `{root} {} {{}}`", name.text))
        } else {
            let shown: Vec<String> = known.iter().take(12).map(|known| (*known).to_owned()).collect();
            finding.help(format!("declare it, or use {}", one_of(&shown)))
        };
        Box::new(finding.did_you_mean(at, nearest(&name.text, known)))
    }

    /// A name that nothing has.
    pub(super) fn unknown_name(&self, range: TextRange, name: &str, site: Site, known: &[&str]) -> Box<Diagnostic> {
        let at = Span::new(site.file, range);
        let lets = self.context.files.get(site.file).map(|file| &file.lets);
        let lets = lets.into_iter().flat_map(|lets| lets.keys().map(String::as_str));
        let candidates = known.iter().copied().chain(lets).chain(["service", "env", "platform"]);
        let meant = foreign_word(name).or_else(|| nearest(name, candidates));
        let mut finding = Diagnostic::new(Code::UnknownName, at, format!("nothing is called `{name}` here"))
            .primary_label("unknown name")
            .help(format!("text stands in quotes: `\"{name}\"`; a constant is declared with `let {name} = …`"))
            .did_you_mean(at, meant);
        if finding.fixes.is_empty() {
            finding = finding.fix("put it in quotes", Safety::Unsafe, at, format!("\"{name}\""));
        }
        Box::new(finding)
    }
}

/// What a word of another language is called here.
fn foreign_word(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => "true",
        "false" | "no" | "off" => "false",
        "null" | "nil" | "none" | "undefined" => "none",
        _ => return None,
    })
}

/// An output that the schema reads which declares it.
fn output_of_its_own(name: &str, at: Span) -> Diagnostic {
    Diagnostic::new(Code::OutputTooEarly, at, format!("`{name}` is known only after deployment"))
        .primary_label("an output may stand in `config` only")
        .help("give it to the process under `config`, and decide there")
}
