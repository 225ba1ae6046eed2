//! The reference of the library and of every example workspace: each example compiles, and every page has what it needs.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use idpc_doc::example::{Example, Origin};
use idpc_doc::page::{Group, Page};
use idpc_doc::reference::{files, pages};
use idpc_doc::sources::Sources;
use idpc_driver::host::Host;
use idpc_testing::examples::{compiled, sources};
use idpc_testing::platform::Platform;
use idpc_testing::program::{Ground, Program};

/// What the reference of one workspace is made from.
struct Described {
    sources: Sources,
    examples: BTreeMap<String, Example>,
    pages: Vec<Page>,
}

fn described(host: &Host, ground: &Ground) -> Described {
    let sources = sources(host, &host.analyze().model);
    let (examples, broken) = compiled(&sources, ground);
    assert_eq!(broken, []);
    let pages = pages(&sources, &examples);
    Described { sources, examples, pages }
}

fn library() -> Described {
    let nothing =
        Program::of_files([]).unwrap().compile(&Ground::Library, idpc_testing::program::Depth::Model).unwrap();
    described(&nothing.host, &Ground::Library)
}

/// The workspaces among the examples.
fn workspaces() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let found = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = found.filter(|path| path.join("idp.toml").is_file()).collect();
    found.sort();
    assert!(found.len() >= 2, "{found:?}");
    found
}

#[test]
fn every_kind_and_path_of_the_library_has_an_example_that_compiles() {
    let library = library();
    for page in &library.pages {
        let wants = matches!(page.at.group, Group::Kinds | Group::Paths | Group::Records)
            || ["team", "system", "environment", "platform"].contains(&page.at.name.as_str());
        // What the library shows is written, and compiles as it stands.
        let written = library.examples.get(&page.at.name).is_some_and(|example| example.origin != Origin::Made);
        // No program may have an off-ramp yet.
        let made = ["team", "system", "offramp"].contains(&page.at.name.as_str());
        assert!(!wants || written || made, "`{}` has no example that compiles", page.at.name);
    }
    assert!(library.examples.len() >= 15, "{:?}", library.examples.keys());
}

#[test]
fn the_examples_of_every_workspace_compile() {
    for path in workspaces() {
        let platform = Platform::of(&Host::load(&path).unwrap());
        assert_eq!(platform.errors, [], "{}", path.display());
        let described = described(&platform.host, &platform.ground);
        for page in described.pages.iter().filter(|page| page.at.group == Group::Paths) {
            assert!(described.examples.contains_key(&page.at.name), "`{}` of {}", page.at.name, path.display());
        }
    }
}

#[test]
fn everything_of_the_library_is_documented() {
    let Described { sources, .. } = library();
    let mut silent = Vec::new();
    for schema in sources.set.schemas.values() {
        let owner = &schema.name;
        silent.extend((schema.doc.is_none() && !owner.contains('.')).then(|| owner.to_string()));
        let fields = schema.fields.iter().map(|field| (&field.name, &field.doc));
        let outputs = schema.outputs.iter().map(|output| (&output.name, &output.doc));
        silent
            .extend(fields.chain(outputs).filter(|(_, doc)| doc.is_none()).map(|(name, _)| format!("{owner}.{name}")));
    }
    for item in sources.set.enums.values() {
        silent.extend(item.doc.is_none().then(|| item.name.to_string()));
        let variants = item.variants.iter().filter(|(_, doc)| doc.is_none());
        silent.extend(variants.map(|(name, _)| format!("{}.{name}", item.name)));
    }
    assert!(silent.is_empty(), "without documentation: {silent:?}");
}

#[test]
fn links_lead_somewhere_and_files_are_sorted() {
    let Described { sources, pages, .. } = library();
    let files = files(&sources.workspace, &pages);
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert!(paths.is_sorted());
    let mut links = 0;
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".md")) {
        for link in text.split("`](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            links += 1;
            assert!(paths.contains(&link.trim_start_matches("../")), "{path} links to {link}");
        }
    }
    assert!(links > 50, "{links}");
    let html = &files.iter().find(|(path, _)| path == "index.html").unwrap().1;
    for link in html.split("href=\"#").skip(1).filter_map(|rest| rest.split_once('"')).map(|(link, _)| link) {
        assert!(html.contains(&format!("id=\"{link}\"")), "{link}");
    }
    for id in html.split(" id=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id) {
        assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
}
