//! What is said above a declaration: how much comes of it, and who uses it.

use idpc_model::schema::ROOTS;
use idpc_model::source::FileView;
use idpc_syntax::ast::{DeclKind, TextRange};

use crate::calls::incoming;
use crate::mention::{Role, everywhere};
use crate::program::Program;
use crate::thing::Thing;

/// A line above a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The name of what is declared.
    pub range: TextRange,
    /// What it is about.
    pub about: About,
}

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The files of a build that come of a service or a resource; whoever builds knows how many.
    Artifacts(String),
    /// How many services call a service.
    Callers(usize),
    /// How often something is used.
    Uses(usize),
}

/// The lines above the declarations of a file.
#[must_use]
pub fn lenses(program: Program<'_>, view: &FileView) -> Vec<Lens> {
    let mut found = Vec::new();
    for decl in &view.ast.decls {
        let (name, thing) = match &decl.kind {
            DeclKind::Instance(item) => {
                let thing = Thing::Instance { root: item.root.text.clone(), name: item.name.text.clone() };
                (&item.name, thing)
            }
            DeclKind::Schema(item) => (&item.name, Thing::Schema(item.name.text.clone())),
            _ => continue,
        };
        let range = name.span;
        let root = match &thing {
            Thing::Instance { root, .. } => root.as_str(),
            _ => "",
        };
        if matches!(root, "service" | "resource") {
            found.push(Lens { range, about: About::Artifacts(name.text.clone()) });
        }
        let about = match root {
            "service" => About::Callers(incoming(program, &name.text).len()),
            "" if ROOTS.contains(&name.text.as_str()) => continue,
            "platform" | "environment" => continue,
            _ => About::Uses(
                everywhere(program, &thing).iter().filter(|(_, found)| found.role != Role::Declaration).count(),
            ),
        };
        found.push(Lens { range, about });
    }
    found
}
