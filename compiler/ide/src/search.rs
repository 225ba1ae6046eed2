//! Finding declarations of a workspace by a part of their name.

use idpc_model::source::{DeclRef, Role};
use idpc_model::span::FileId;
use idpc_syntax::ast::{DeclKind, TextRange};

use crate::program::Program;
use crate::symbol::Kind;

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// What it is: `service : web`.
    pub detail: String,
    /// What it stands for.
    pub kind: Kind,
    /// Where it is declared.
    pub file: FileId,
    /// Its name there.
    pub range: TextRange,
}

/// More than this is no answer to a question.
const MOST: usize = 256;

/// The declarations whose name has the letters of a query in their order, best first. An empty query finds all.
#[must_use]
pub fn search(program: Program<'_>, query: &str) -> Vec<Found> {
    let index = program.index();
    let instances =
        index.instances.iter().flat_map(|(root, names)| names.iter().map(move |(name, at)| (&**root, name, at)));
    let schemas = index.schemas.iter().map(|(name, at)| ("schema", name, at));
    let enums = index.enums.iter().map(|(name, at)| ("enum", name, at));
    let letters: Vec<char> =
        query.chars().flat_map(char::to_lowercase).filter(|letter| !letter.is_whitespace()).collect();
    let mut hits: Vec<(u32, &str, &str, DeclRef)> = Vec::new();
    for (root, name, at) in instances.chain(schemas).chain(enums) {
        if program.role(at.file) == Some(Role::Library) || name.contains(':') {
            continue;
        }
        if let Some(rank) = rank(name, &letters) {
            hits.push((rank, name, root, *at));
        }
    }
    hits.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
    hits.truncate(MOST);
    hits.into_iter().filter_map(|(_, name, root, at)| found(program, name, root, at)).collect()
}

fn found(program: Program<'_>, name: &str, root: &str, at: DeclRef) -> Option<Found> {
    let decl = program.view(at.file)?.ast.decls.get(at.ordinal)?;
    let (range, detail, kind) = match &decl.kind {
        DeclKind::Instance(item) => {
            let detail =
                item.schema.as_ref().map_or_else(|| root.to_owned(), |schema| format!("{root} : {}", schema.text));
            (item.name.span, detail, Kind::Instance)
        }
        DeclKind::Schema(item) => (item.name.span, root.to_owned(), Kind::Schema),
        DeclKind::Enum(item) => (item.name.span, root.to_owned(), Kind::Enum),
        _ => return None,
    };
    Some(Found { name: name.to_owned(), detail, kind, file: at.file, range })
}

/// How well a name fits: its beginning fits best, then one piece of it, then single letters in order.
fn rank(name: &str, letters: &[char]) -> Option<u32> {
    let name = name.to_lowercase();
    let query: String = letters.iter().collect();
    if name.starts_with(&query) {
        return Some(u32::from(name.len() != query.len()));
    }
    if let Some(at) = name.find(&query) {
        return Some(10 + u32::try_from(at).unwrap_or(100).min(100));
    }
    let mut rest = name.chars();
    letters.iter().all(|letter| rest.any(|other| other == *letter)).then_some(200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_fits_best_and_single_letters_least() {
        let rank = |name: &str, query: &str| rank(name, &query.chars().collect::<Vec<_>>());
        assert_eq!(rank("checkout", "checkout"), Some(0));
        assert_eq!(rank("checkout", "check"), Some(1));
        assert_eq!(rank("shop-checkout", "check"), Some(15));
        assert_eq!(rank("checkout", "cko"), Some(13));
        assert_eq!(rank("checkout", "cot"), Some(200));
        assert_eq!(rank("checkout", "tc"), None);
        assert_eq!(rank("checkout", ""), Some(1));
    }
}
