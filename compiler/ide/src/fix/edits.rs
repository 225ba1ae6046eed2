//! Edits of several fixes on the same texts: which exclude each other, and the texts with all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_model::diagnostic::{Edit, Fix};
use idpc_model::span::FileId;

/// Files with their texts.
pub type Texts = BTreeMap<FileId, Arc<str>>;

/// Whether two fixes do the same, so that one of them is enough.
pub(super) fn same(a: &Fix, b: &Fix) -> bool {
    a.edits == b.edits
}

/// Whether two fixes cannot both be applied to one text.
pub(super) fn clash(a: &Fix, b: &Fix) -> bool {
    a.edits.iter().any(|a| b.edits.iter().any(|b| meet(a, b)))
}

/// Whether two edits share a character, or a place where one of them only inserts.
fn meet(a: &Edit, b: &Edit) -> bool {
    if a.file != b.file {
        return false;
    }
    let inserts = a.range.is_empty() || b.range.is_empty();
    let (start, end) = (a.range.start().max(b.range.start()), a.range.end().min(b.range.end()));
    start < end || (inserts && start == end)
}

/// The texts after these fixes; nothing when one of them points at no text or two of them meet.
#[must_use]
pub fn applied<'f>(texts: &Texts, fixes: impl IntoIterator<Item = &'f Fix>) -> Option<Texts> {
    let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    let mut done: Vec<&Fix> = Vec::new();
    for fix in fixes {
        // Two findings may ask for one and the same change.
        if done.iter().any(|other| same(other, fix)) {
            continue;
        }
        done.push(fix);
        for edit in &fix.edits {
            let of_file = edits.entry(edit.file).or_default();
            if of_file.iter().any(|other| meet(other, edit)) {
                return None;
            }
            of_file.push(edit);
        }
    }
    let mut changed = texts.clone();
    for (file, mut edits) in edits {
        let slot = changed.get_mut(&file)?;
        edits.sort_by_key(|edit| edit.range.start());
        *slot = edited(slot, &edits)?.into();
    }
    Some(changed)
}

/// A text after edits that are sorted and do not meet.
fn edited(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        new.push_str(text.get(at..usize::from(edit.range.start()))?);
        new.push_str(&edit.text);
        at = usize::from(edit.range.end());
    }
    new.push_str(text.get(at..)?);
    Some(new)
}
