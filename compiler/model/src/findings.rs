//! All findings of a workspace: syntax, names, schemas, instances; merged, sorted, and without those that are allowed.

use std::sync::Arc;

use crate::allows::{Finder, silence};
use crate::annotations;
use crate::code::Code;
use crate::db::{self, DbSources, SourceFile, Workspace};
use crate::delivery;
use crate::diagnostic::{Diagnostic, Edit, Fix, Safety, merged};
use crate::eval::{Context, check_declaration};
use crate::identities;
use crate::index;
use crate::names::{DbNames, Names as _};
use crate::source::{DeclRef, FileView, Files, Role, declared};
use crate::span::{FileId, Span};
use crate::unbuilt;

/// Every finding of the language itself. Graph and targets add theirs before [`settle`].
#[must_use]
pub fn findings(db: &dyn salsa::Database, workspace: Workspace) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in workspace.files(db) {
        let parsed = db::parsed(db, *file);
        found.extend(parsed.errors.iter().map(|error| syntax(FileId(file.id(db)), error)));
        found.extend(parsed.constants.iter().cloned());
    }
    let views: Vec<Arc<FileView>> = workspace.files(db).iter().map(|file| db::parsed(db, *file).view.clone()).collect();
    let files = Files(views);
    found.extend(index::check(&files, &|| db.unwind_if_revision_cancelled()));
    found.extend(db::schema_set(db, workspace).diagnostics.iter().cloned());
    found.extend(db::schema_probe(db, workspace).iter().cloned());
    let environments = db::environments(db, workspace);
    let sources = DbSources { db, workspace };
    let names = db::names(db, workspace);
    for view in files.0.iter().filter(|view| view.role.is_platform()) {
        found.extend(annotations::findings(view, &db::schema_set(db, workspace).set, names));
    }
    let context = Context {
        files: &sources,
        index: &**names,
        set: &db::schema_set(db, workspace).set,
        world: None,
        environment: "",
        heads: &|_| None,
    };
    for name in environments.iter() {
        found.extend(db::world_of(db, workspace, name).diagnostics.iter().cloned());
    }
    for root in crate::schema::ROOTS {
        for name in names.names(root) {
            let Some(at) = names.instance(root, name) else { continue };
            found.extend(check_declaration(context, at, environments));
            if !matches!(*root, "service" | "resource") {
                continue;
            }
            found.extend(evaluated_anywhere(db, workspace, root, name, environments));
        }
    }
    found.extend(delivery::rings(db, workspace));
    found.extend(identities::findings(db, workspace));
    without_echoes(found)
}

/// What is found in one file by looking at it and at what it declares, without a look at the rest of the workspace. Comments
/// that silence nothing are left out: what they silence may be found elsewhere.
#[must_use]
pub fn of_file(db: &dyn salsa::Database, workspace: Workspace, file: SourceFile) -> Vec<Diagnostic> {
    let parsed = db::parsed(db, file);
    let view = &parsed.view;
    let mut found: Vec<Diagnostic> = parsed.errors.iter().map(|error| syntax(view.id, error)).collect();
    found.extend(parsed.constants.iter().cloned());
    let mut here = |list: &[Diagnostic]| {
        found.extend(list.iter().filter(|finding| finding.primary.file == view.id).cloned());
    };
    here(&db::schema_set(db, workspace).diagnostics);
    here(db::schema_probe(db, workspace));
    let environments = db::environments(db, workspace);
    for name in environments.iter() {
        here(&db::world_of(db, workspace, name).diagnostics);
    }
    let sources = DbSources { db, workspace };
    let names = DbNames { db, workspace };
    let context = Context {
        files: &sources,
        index: &names,
        set: &db::schema_set(db, workspace).set,
        world: None,
        environment: "",
        heads: &|_| None,
    };
    if view.role.is_platform() {
        here(&annotations::findings(view, context.set, db::names(db, workspace)));
    }
    for (ordinal, decl) in view.ast.decls.iter().enumerate() {
        let Some((root, name)) = declared(decl) else { continue };
        let at = DeclRef { file: view.id, ordinal };
        if names.instance(root, name) != Some(at) {
            continue;
        }
        here(&check_declaration(context, at, environments));
        if matches!(root, "service" | "resource") {
            here(&evaluated_anywhere(db, workspace, root, name, environments));
        }
    }
    let all: Vec<String> = environments.iter().map(ToString::to_string).collect();
    let mut kept = merged(without_echoes(found), &all);
    let _of_others = silence(view, &file.text(db), Finder::Language, &mut kept);
    kept.sort_by_key(|finding| (finding.primary, finding.code));
    kept
}

/// What is found of an instance in the environments that have it. One that runs nowhere is judged everywhere: otherwise its
/// mistakes would wait until it runs.
fn evaluated_anywhere(
    db: &dyn salsa::Database,
    workspace: Workspace,
    root: &str,
    name: &str,
    environments: &[Arc<str>],
) -> Vec<Diagnostic> {
    let runs = |environment: &&Arc<str>| {
        root != "service"
            || db::head(db, workspace, db::subject(db, root, name, environment))
                .as_ref()
                .is_none_or(|head| head.present)
    };
    let mut judged: Vec<&Arc<str>> = environments.iter().filter(runs).collect();
    if judged.is_empty() {
        judged = environments.iter().collect();
    }
    let mut found = Vec::new();
    for environment in judged {
        let evaluated = db::evaluated(db, workspace, db::subject(db, root, name, environment));
        found.extend(evaluated.diagnostics.iter().cloned());
        let record = evaluated.record.iter().filter(|_| root == "service");
        found.extend(record.flat_map(|record| unbuilt::fields(record, environment)));
    }
    found
}

/// Takes away what the types say about an expression that the grammar refused already.
fn without_echoes(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let broken: Vec<Span> =
        found.iter().filter(|finding| matches!(finding.code, Code::Syntax(_))).map(|finding| finding.primary).collect();
    found.retain(|finding| {
        let of_types = matches!(finding.code, Code::WrongType | Code::BadOperands | Code::MaybeUnset);
        !of_types || !broken.iter().any(|span| span.touches(finding.primary))
    });
    found
}

fn syntax(file: FileId, error: &idpc_syntax::SyntaxError) -> Diagnostic {
    let mut finding =
        Diagnostic::new(Code::Syntax(error.kind.code()), Span::new(file, error.span), error.kind.message());
    let help = error.kind.help();
    if !help.is_empty() {
        finding = finding.help(help);
    }
    if let Some(fix) = &error.fix {
        finding.fixes.push(Fix {
            title: fix.title.clone(),
            safety: if fix.safe { Safety::Safe } else { Safety::Unsafe },
            edits: fix.edits.iter().map(|(range, text)| Edit { file, range: *range, text: text.clone() }).collect(),
        });
    }
    finding
}

/// Merges the findings of all environments, applies `idp:allow` comments, and sorts by place. What the targets find is
/// settled by itself, since they run only if nothing else is wrong.
#[must_use]
pub fn settle(
    db: &dyn salsa::Database,
    workspace: Workspace,
    found: Vec<Diagnostic>,
    finder: Finder,
) -> Vec<Diagnostic> {
    Settling::new(db, workspace).settle(found, finder)
}

/// What it takes to settle findings, without the database.
pub struct Settling {
    environments: Vec<String>,
    files: Vec<(Arc<FileView>, Arc<str>)>,
}

impl Settling {
    /// Reads it from a database.
    #[must_use]
    pub fn new(db: &dyn salsa::Database, workspace: Workspace) -> Self {
        let environments = db::environments(db, workspace).iter().map(ToString::to_string).collect();
        let own = workspace.files(db).iter().filter(|file| file.role(db) != Role::Library);
        let files = own.map(|file| (db::parsed(db, *file).view.clone(), file.text(db))).collect();
        Self { environments, files }
    }

    /// As [`settle`].
    #[must_use]
    pub fn settle(&self, found: Vec<Diagnostic>, finder: Finder) -> Vec<Diagnostic> {
        let mut kept = merged(found, &self.environments);
        let mut wrong = Vec::new();
        for (view, text) in &self.files {
            wrong.extend(silence(view, text, finder, &mut kept));
        }
        kept.extend(wrong);
        kept.sort_by_key(|finding| (finding.primary, finding.code));
        kept
    }
}
