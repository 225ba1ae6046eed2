//! What it changes that a folder is about to move: `idp.toml` names the platform's folder, that of the output, and those of
//! packages. Nothing else names a file, so nothing else is ever changed.

use std::ops::Range;
use std::path::{Path, PathBuf};

use idpc_driver::workspace::{MANIFEST, Manifest, Origin, tidy};
use idpc_ide::lines::Lines;
use idpc_syntax::ast::{TextRange, TextSize};
use serde_json::Value;
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::{Request as _, WillRenameFiles};

use super::places::{Edited, joined};
use super::{Abilities, TEXT};
use crate::message::Asked;
use crate::view::{Part, View};
use crate::wire::{convert, path_of};

pub(super) fn asked(method: &str, params: &Value, able: Abilities) -> Option<Result<Asked, String>> {
    (method == WillRenameFiles::METHOD).then(|| {
        TEXT.by::<WillRenameFiles>(params.clone(), |_| None, move |view, params| Ok(edit(view, &params.files, able)))
    })
}

/// The changes of every `idp.toml`; `None` if there is none.
fn edit(view: &View, moves: &[lsp::FileRename], able: Abilities) -> Option<lsp::WorkspaceEdit> {
    let moves: Vec<(PathBuf, PathBuf)> =
        moves.iter().filter_map(|one| Some((path_of(&one.old_uri)?, path_of(&one.new_uri)?))).collect();
    let each: Vec<_> = view.parts.iter().filter_map(|part| of_part(view, part, &moves)).collect();
    (!each.is_empty()).then(|| joined(each, able))
}

fn of_part(view: &View, part: &Part, moves: &[(PathBuf, PathBuf)]) -> Option<Edited> {
    let loaded = &part.host.loaded;
    let (manifest, text) = loaded.manifest.as_ref()?;
    let uri = convert::uri(&view.documents.file(&loaded.root.join(MANIFEST)))?;
    let open = view.documents.get(uri.as_str());
    // What is written on disk is known, but not what stands where in a text that was changed since.
    if open.is_some_and(|open| open.lines.text() != text) {
        return None;
    }
    let lines = Lines::new(text.clone());
    let mut edits = Vec::new();
    for (path, span) in named(manifest) {
        let folder = tidy(&loaded.root.join(path));
        let moved = moves.iter().find_map(|(old, new)| {
            // Inside of what moves as a whole, the way from one place to another stays.
            let below = folder.strip_prefix(old).ok().filter(|_| !loaded.root.starts_with(old))?;
            Some(tidy(&new.join(below)))
        });
        let Some(moved) = moved else { continue };
        let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
        let range = lines.range(TextRange::new(size(span.start), size(span.end)), view.encoding);
        // A text of JSON is a text of TOML.
        let new_text = Value::String(way(&loaded.root, &moved)).to_string();
        edits.push(lsp::TextEdit { range: convert::lsp_range(range), new_text });
    }
    (!edits.is_empty()).then(|| (uri, open.map(|open| open.version), edits))
}

/// The folders that a manifest names, with the bytes that do so.
fn named(manifest: &Manifest) -> Vec<(&str, &Range<usize>)> {
    let own = [&manifest.platform, &manifest.out].into_iter().flatten();
    let packages = manifest.dependencies.iter().filter_map(|package| match &package.origin {
        Origin::Path(path) => Some((path.as_str(), &package.span)),
        Origin::Vendored => None,
    });
    own.map(|folder| (folder.value.as_str(), &folder.span)).chain(packages).collect()
}

/// The way from a folder to another, with `/`.
fn way(from: &Path, to: &Path) -> String {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| String::from(".."));
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
