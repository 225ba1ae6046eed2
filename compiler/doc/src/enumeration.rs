//! The page of an enum.

use idpc_model::schema::EnumDef;

use crate::history::History;
use crate::page::{Block, Page, code, text};
use crate::prose;
use crate::sources::Sources;
use crate::wording::enum_target;

/// The page.
pub fn page(sources: &Sources, history: &History, item: &EnumDef) -> Page {
    let doc = item.doc.as_deref().unwrap_or_default();
    let mut blocks = prose::blocks(doc);
    let owner = sources.owner(item.span.file);
    let mut facts = vec![vec![text(format!("Declared by {owner}: ")), code(sources.place(item.span))]];
    for extension in history.extensions(&format!("enum {}", item.name)) {
        let mut words = vec![text("Extended in "), code(sources.place(extension.span))];
        if let Some(reason) = &extension.reason {
            words.push(text(": "));
            words.extend(prose::summary(reason));
        }
        facts.push(words);
    }
    blocks.push(Block::List(facts));
    blocks.push(Block::Section("Variants"));
    let line = |(name, doc): &(std::sync::Arc<str>, Option<std::sync::Arc<str>>)| {
        let mut words = vec![code(&**name)];
        if let Some(doc) = doc {
            words.push(text(": "));
            words.extend(prose::inlines(&doc.lines().collect::<Vec<_>>().join(" ")));
        }
        words
    };
    blocks.push(Block::List(item.variants.iter().map(line).collect()));
    Page { at: enum_target(&item.name), summary: prose::summary(doc), blocks }
}
