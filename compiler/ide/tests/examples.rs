//! Every feature on every example: at each place, and in each broken beginning of a file.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};

use idpc_driver::host::Host;
use idpc_ide::hover::{Hover, hover};
use idpc_ide::program::Program;
use idpc_ide::symbol::{Symbol, symbols};
use idpc_syntax::ast::{TextRange, TextSize};

fn example(name: &str) -> Host {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    Host::load(&path).expect("an example")
}

fn size(at: usize) -> TextSize {
    TextSize::new(u32::try_from(at).unwrap())
}

/// Every source of a workspace by path.
fn sources(host: &Host) -> Vec<(String, String)> {
    host.loaded.files.iter().map(|file| (file.path.clone(), file.text.to_string())).collect()
}

#[test]
fn what_is_said_about_a_place_is_about_that_place() {
    let mut said = 0;
    for example in [example("online-boutique"), example("hello/service.idp")] {
        let program = Program::new(example.database(), example.workspace());
        for (path, text) in sources(&example) {
            let view = example.view(example.file_id(&path).unwrap()).unwrap();
            for (at, _) in text.char_indices() {
                let Some(Hover { markdown, range }) = hover(program, &view, size(at)) else {
                    continue;
                };
                said += 1;
                assert!(range.contains_inclusive(size(at)), "{path} at {at}: {range:?}");
                assert!(markdown.starts_with("```idp\n"), "{path} at {at}: {markdown}");
                assert!(!markdown.contains("<error>"), "{path} at {at}: {markdown}");
            }
        }
    }
    assert!(said > 2000, "only {said} places have something to say");
}

#[test]
fn every_field_that_an_example_sets_is_explained() {
    let host = example("online-boutique");
    let program = Program::new(host.database(), host.workspace());
    let mut fields = 0;
    for (path, text) in sources(&host) {
        let view = host.view(host.file_id(&path).unwrap()).unwrap();
        for line in text.lines() {
            // `  owner    = ordering`: a field of an instance, on a line of its own.
            let Some((name, _)) = line.strip_prefix("  ").and_then(|line| line.split_once(" = ")) else {
                continue;
            };
            if name.starts_with(' ') || !name.trim().chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
            {
                continue;
            }
            let at = line.as_ptr().addr() - text.as_ptr().addr() + 2;
            let found = hover(program, &view, size(at));
            let markdown = found.unwrap_or_else(|| panic!("nothing about `{line}` of {path}")).markdown;
            assert!(markdown.starts_with(&format!("```idp\n{} : ", name.trim())), "{markdown}");
            assert!(markdown.contains("\n- "), "no value of `{line}` of {path}: {markdown}");
            fields += 1;
        }
    }
    assert!(fields > 30, "only {fields} fields were found");
}

#[test]
fn an_outline_is_nested_in_every_beginning_of_a_file() {
    let mut names = 0;
    for (path, text) in sources(&example("online-boutique")) {
        for (end, _) in text.char_indices() {
            let beginning = text.get(..end).unwrap();
            let found = symbols(&idpc_syntax::parse(beginning).source_file(), beginning);
            names += nested(&found, TextRange::new(size(0), size(end)), &path);
        }
    }
    assert!(names > 1000, "only {names} symbols were found");
}

/// Counts symbols that lie where they must.
fn nested(symbols: &[Symbol], around: TextRange, path: &str) -> usize {
    let mut count = 0;
    for symbol in symbols {
        assert!(around.contains_range(symbol.range), "{path}: {symbol:?} is outside of {around:?}");
        assert!(symbol.range.contains_range(symbol.name_range), "{path}: {symbol:?}");
        assert!(!symbol.name.is_empty(), "{path}: {symbol:?}");
        count += 1 + nested(&symbol.children, symbol.range, path);
    }
    count
}
