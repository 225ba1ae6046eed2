//! Writes `src/` anew from `grammar.js`; wants `node`. Run it after each change of the grammar:
//! `cargo run -p tree-sitter-idp --example generate`.

use std::path::Path;

use tree_sitter_generate::{ABI_VERSION_MAX, OptLevel, generate_parser_in_directory};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out: Option<&Path> = None;
    let grammar = Some(folder.join("grammar.js"));
    let (version, node) = (ABI_VERSION_MAX, Some("node"));
    generate_parser_in_directory(
        folder,
        out,
        grammar,
        version,
        None,
        node,
        true,
        OptLevel::default(),
        &mut Vec::new(),
    )?;
    Ok(())
}
