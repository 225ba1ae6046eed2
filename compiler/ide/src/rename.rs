//! Renaming what the cursor is on, everywhere; refused where it would change what the program means.

use std::collections::BTreeMap;

use idpc_model::source::{FileView, Role as FileRole};
use idpc_model::span::FileId;
use idpc_syntax::ast::{DeclKind, TextRange, TextSize};

use crate::mention::{everywhere, mention_at};
use crate::program::Program;
use crate::thing::Thing;
use crate::written::name as quoted;

/// Why something cannot be renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

/// What is renamed: the range of its name, and the name.
///
/// # Errors
/// When there is nothing with a name, or nothing that the workspace may rename.
pub fn prepare(program: Program<'_>, view: &FileView, offset: TextSize) -> Result<(TextRange, String), Refusal> {
    let mention = mention_at(program, view, offset).ok_or_else(|| Refusal("there is no name here".into()))?;
    renamable(program, &mention.thing)?;
    Ok((mention.range, mention.thing.name().to_owned()))
}

fn renamable(program: Program<'_>, thing: &Thing) -> Result<(), Refusal> {
    let name = thing.name();
    match thing {
        Thing::Builtin(_) | Thing::Special(_) => {
            return Err(Refusal(format!("`{name}` is a word of the language")));
        }
        Thing::Instance { .. } if thing.homes(program).is_empty() => {
            return Err(Refusal(format!("`{name}` is not declared")));
        }
        _ => {}
    }
    let homes = thing.homes(program);
    let owned =
        |file: &FileId| program.role(*file).is_some_and(|role| !matches!(role, FileRole::Library | FileRole::Package));
    let declared = crate::mention::declarations(program, thing);
    if homes.is_empty() || !declared.iter().all(|(file, _)| owned(file)) || declared.is_empty() {
        return Err(Refusal(format!("`{name}` is declared in the library or in a package")));
    }
    Ok(())
}

/// The edits of each file that rename what the cursor is on.
///
/// # Errors
/// When it cannot be renamed, the new name is no name, or something else has it.
pub fn rename(
    program: Program<'_>,
    view: &FileView,
    offset: TextSize,
    new: &str,
) -> Result<BTreeMap<FileId, Vec<(TextRange, String)>>, Refusal> {
    let (_, old) = prepare(program, view, offset)?;
    let Some(mention) = mention_at(program, view, offset) else { return Err(Refusal("there is no name here".into())) };
    let thing = mention.thing;
    if new == old {
        return Ok(BTreeMap::new());
    }
    let text = written(&thing, new)?;
    if let Some(taken) = conflict(program, &thing, new) {
        return Err(Refusal(taken));
    }
    let mut edits: BTreeMap<FileId, Vec<(TextRange, String)>> = BTreeMap::new();
    for (file, found) in everywhere(program, &thing) {
        if program.role(file).is_some_and(|role| matches!(role, FileRole::Library | FileRole::Package)) {
            return Err(Refusal(format!("a package mentions `{old}`, and is not changed from here")));
        }
        edits.entry(file).or_default().push((found.range, text.clone()));
    }
    if let Thing::Instance { root, name } = &thing
        && matches!(root.as_str(), "service" | "resource")
    {
        former_names(program, name, &text, &mut edits);
    }
    Ok(edits)
}

/// The former name of a `moved` line is no mention, but its own path is: nothing else of it changes.
fn former_names(program: Program<'_>, name: &str, text: &str, edits: &mut BTreeMap<FileId, Vec<(TextRange, String)>>) {
    for file in program.files() {
        let Some(view) = program.view(file) else { continue };
        for decl in &view.ast.decls {
            let DeclKind::Identity(item) = &decl.kind else { continue };
            let Some(first) = item.path.segments.first().filter(|first| first.text == name) else { continue };
            let list = edits.entry(file).or_default();
            if !list.iter().any(|(range, _)| *range == first.span) {
                list.push((first.span, text.to_owned()));
            }
        }
    }
}

/// A name as it has to be written where the thing stands.
fn written(thing: &Thing, new: &str) -> Result<String, Refusal> {
    const RESERVED: &[&str] = &["true", "false", "none", "if", "then", "else", "and", "or", "not", "in", "let", "self"];
    let text = quoted(new);
    let plain = text == new && !new.is_empty();
    if RESERVED.contains(&new) {
        return Err(Refusal(format!("`{new}` is a word of the language")));
    }
    match thing {
        Thing::Entry { .. } if !new.is_empty() => Ok(text),
        _ if plain => Ok(text),
        _ => Err(Refusal(format!("`{new}` is no name: letters, digits, `_` and `-`, and a letter first"))),
    }
}

/// What has the new name already.
fn conflict(program: Program<'_>, thing: &Thing, new: &str) -> Option<String> {
    let set = program.set();
    let taken = |what: &str| Some(format!("there is {what} `{new}` already"));
    match thing {
        Thing::Instance { root, .. } => {
            // Services and resources share one space.
            let spaces: &[&str] =
                if matches!(root.as_str(), "service" | "resource") { &["service", "resource"] } else { &[root] };
            let other = spaces.iter().find(|space| program.index().instance(space, new).is_some())?;
            taken(&format!("a {other}"))
        }
        Thing::Schema(_) => set.get(new).and_then(|_| taken("a schema")).or_else(|| {
            let builtin = idpc_model::ty::Ty::builtin(new).is_some() || set.enumeration(new).is_some();
            builtin.then(|| taken("a type")).flatten()
        }),
        Thing::Enum(_) => {
            let type_of = set.enumeration(new).is_some() || set.get(new).is_some();
            (type_of || idpc_model::ty::Ty::builtin(new).is_some()).then(|| taken("a type")).flatten()
        }
        Thing::Variant { of, .. } => {
            set.enumeration(of)?.variants.iter().find(|(known, _)| **known == *new)?;
            taken("a variant")
        }
        Thing::Field { schema, .. } | Thing::Output { schema, .. } => {
            let holders = set.schemas.values().filter(|holder| holder.is_a(schema) || *holder.name == **schema);
            let mut holders = holders.filter(|holder| holder.field(new).is_some() || holder.output(new).is_some());
            let holder = holders.next()?;
            Some(format!("`{}` has a field `{new}` already", holder.name))
        }
        Thing::Entry { root, instance, path } => {
            let mut other = path.clone();
            *other.last_mut()? = new.to_owned();
            let (view, _) = program.instance(root, instance)?;
            let other = Thing::Entry { root: root.clone(), instance: instance.clone(), path: other };
            let all = crate::mention::mentions(program, view);
            all.iter().any(|mention| mention.thing == other).then(|| taken("an entry")).flatten()
        }
        Thing::Constant { file, .. } => {
            let view = program.view(*file)?;
            view.lets.contains_key(new).then(|| taken("a constant")).flatten()
        }
        Thing::Builtin(_) | Thing::Special(_) => None,
    }
}
