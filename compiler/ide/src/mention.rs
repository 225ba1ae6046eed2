//! Every name of a file with what it stands for.

use idpc_model::source::{FileView, Role as FileRole};
use idpc_model::span::FileId;
use idpc_syntax::ast::{TextRange, TextSize};

use crate::program::Program;
use crate::slot::Slot;
use crate::thing::Thing;
pub use crate::walk::Role;
use crate::walk::Walk;

/// A name with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The name.
    pub range: TextRange,
    /// What it stands for.
    pub thing: Thing,
    /// How it is used.
    pub role: Role,
}

/// Every name of a file that stands for something, in order.
#[must_use]
pub fn mentions(program: Program<'_>, view: &FileView) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut visit = |slot: &Slot<'_>, name: &idpc_syntax::ast::Name, role: Role| {
        if let Some((thing, _)) = slot.resolve(program, view, &name.text) {
            found.push(Mention { range: name.span, thing, role });
        }
    };
    Walk { program, view, visit: &mut visit }.file();
    found.sort_by_key(|mention| (mention.range.start(), mention.range.end()));
    found.dedup_by_key(|mention| mention.range);
    found
}

/// The name at an offset.
#[must_use]
pub fn mention_at(program: Program<'_>, view: &FileView, offset: TextSize) -> Option<Mention> {
    let all = mentions(program, view);
    // Between two names the one that begins here is meant.
    let at = |mention: &&Mention| mention.range.contains_inclusive(offset);
    let begins = all.iter().filter(at).find(|mention| mention.range.start() == offset);
    begins.or_else(|| all.iter().find(at)).cloned()
}

/// Every mention of a thing in all files, in order.
#[must_use]
pub fn everywhere(program: Program<'_>, thing: &Thing) -> Vec<(FileId, Mention)> {
    let mut found = Vec::new();
    if let Thing::Constant { file, .. } = thing {
        within(program, *file, thing, &mut found);
        return found;
    }
    let homes = thing.homes(program);
    for file in program.files() {
        // The library's own environments and platform are no mentions of those that replace them.
        let replaced = matches!(thing, Thing::Instance { .. })
            && program.role(file) == Some(FileRole::Library)
            && !homes.contains(&file);
        if !replaced {
            within(program, file, thing, &mut found);
        }
    }
    found
}

/// Where a thing is declared.
#[must_use]
pub fn declarations(program: Program<'_>, thing: &Thing) -> Vec<(FileId, TextRange)> {
    let mut found = Vec::new();
    for file in thing.homes(program) {
        within(program, file, thing, &mut found);
    }
    let first = found.iter().any(|(_, mention)| mention.role == Role::Declaration);
    found.retain(|(_, mention)| !first || mention.role == Role::Declaration);
    let mut places: Vec<_> = found.into_iter().map(|(file, mention)| (file, mention.range)).collect();
    if matches!(thing, Thing::Entry { .. }) {
        places.truncate(1);
    }
    places
}

fn within(program: Program<'_>, file: FileId, thing: &Thing, found: &mut Vec<(FileId, Mention)>) {
    // Most files never say the name at all, and need no walk.
    if !program.text(file).is_some_and(|text| text.contains(thing.name())) {
        return;
    }
    if let Some(view) = program.view(file) {
        let all = mentions(program, view);
        found.extend(all.into_iter().filter(|mention| mention.thing == *thing).map(|mention| (file, mention)));
    }
}
