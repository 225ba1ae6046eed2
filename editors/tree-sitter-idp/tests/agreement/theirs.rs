//! What the grammar for editors sees.

use std::collections::BTreeSet;

use tree_sitter::{Language, Node, Parser, Tree};

use crate::Thing;

/// The tree of a text.
pub(crate) fn tree(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&Language::from(tree_sitter_idp::LANGUAGE)).unwrap();
    parser.parse(text, None).unwrap()
}

/// The line of the first ERROR or missing node.
pub(crate) fn first_error(tree: &Tree) -> Option<usize> {
    if !tree.root_node().has_error() {
        return None;
    }
    let mut nodes = vec![tree.root_node()];
    while let Some(node) = nodes.pop() {
        if node.is_error() || node.is_missing() {
            return Some(node.start_position().row + 1);
        }
        let mut children: Vec<Node<'_>> = node.children(&mut node.walk()).collect();
        children.reverse();
        nodes.extend(children);
    }
    Some(1)
}

/// The things of a tree.
pub(crate) fn things(tree: &Tree) -> BTreeSet<Thing> {
    let mut found = BTreeSet::new();
    let mut nodes = vec![tree.root_node()];
    while let Some(node) = nodes.pop() {
        let kind = node.kind();
        let is_part = node.parent().is_some_and(|parent| parent.kind() == "quantity");
        let what = match kind {
            "members" | "variants" => "block",
            "integer" | "number" if is_part => continue,
            _ => kind,
        };
        if node.is_named()
            && !["file", "identifier", "type_name", "variant", "unit", "escape", "interpolation"].contains(&kind)
        {
            found.insert((what.to_owned(), node.start_byte(), node.end_byte()));
        }
        for child in node.children(&mut node.walk()) {
            nodes.push(child);
        }
        for (field, what) in [("name", "name"), ("parent", "parent"), ("schema", "path"), ("function", "path")] {
            // A type's name is seen as a part of the type.
            let names = node.child_by_field_name(field).filter(|_| !kind.ends_with("type"));
            found.extend(names.map(|name| (what.to_owned(), name.start_byte(), name.end_byte())));
        }
    }
    let unseen = ["self", "environments", "arguments", "argument", "refinement", "boolean", "none"];
    let types = ["reference_type", "generic_type", "list_type", "union_type"];
    found.retain(|(kind, ..)| !unseen.contains(&kind.as_str()) && !types.contains(&kind.as_str()));
    found
}
