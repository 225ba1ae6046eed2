//! What is offered at each place of a table: `compiler/ide/tests/places/*.txt`. A case is a text with a cursor; its
//! snapshot shows what is offered there.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;

use std::fmt::Write as _;
use std::path::Path;

use fixture::Fixture;
use idpc_ide::completion::{Insert, Item, completion};
use idpc_syntax::ast::TextSize;

fn offered(fixture: &Fixture) -> Vec<Item> {
    let (view, text, offset) = fixture.here();
    completion(fixture.program(), &view, &text, offset)
}

/// The cases of a file: each begins with `=== name`, and may say in which file it is.
fn cases(name: &str) -> Vec<(String, Fixture)> {
    let (_, text) = TABLES.iter().find(|(known, _)| *known == name).unwrap();
    let each = text.split("=== ").skip(1).map(|case| {
        let (title, body) = case.split_once('\n').unwrap();
        let (title, file) = title.split_once(" @ ").unwrap_or((title, "services/checkout/service.idp"));
        (title.to_owned(), Fixture::acme(&format!("//- {file}\n{body}")))
    });
    each.collect()
}

fn shown(item: &Item) -> String {
    let written = match &item.insert {
        Insert::Plain(text) if *text == item.label => String::new(),
        Insert::Plain(text) => format!(" -> {text:?}"),
        Insert::Snippet(text) => format!(" -> snippet {text:?}"),
    };
    let mark = if item.deprecated { " (deprecated)" } else { "" };
    format!("  {:?} {}{mark}{written}\n", item.kind, item.label)
}

/// Long lists are told by their beginning and their length.
const SHOWN: usize = 12;

fn table(name: &str) -> (usize, String) {
    let mut text = String::new();
    let cases = cases(name);
    for (title, fixture) in &cases {
        let items = offered(fixture);
        writeln!(text, "{title}: {}", items.len()).unwrap();
        for item in items.iter().take(SHOWN) {
            text.push_str(&shown(item));
        }
    }
    (cases.len(), text)
}

/// The tables with their texts.
const TABLES: &[(&str, &str)] = &[
    ("fields", include_str!("places/fields.txt")),
    ("values", include_str!("places/values.txt")),
    ("references", include_str!("places/references.txt")),
    ("maps", include_str!("places/maps.txt")),
    ("paths", include_str!("places/paths.txt")),
    ("headers", include_str!("places/headers.txt")),
    ("schemas", include_str!("places/schemas.txt")),
    ("broken", include_str!("places/broken.txt")),
    ("nothing", include_str!("places/nothing.txt")),
];

#[test]
fn every_place_offers_what_can_stand_there() {
    let mut places = 0;
    for (name, _) in TABLES {
        let (count, text) = table(name);
        places += count;
        insta::assert_snapshot!(*name, text);
    }
    assert!(places >= 150, "only {places} places are tested");
}

#[test]
fn a_place_that_offers_something_replaces_the_word_around_the_cursor() {
    for (name, _) in TABLES {
        for (title, fixture) in cases(name) {
            let (_, text, offset) = fixture.here();
            for item in offered(&fixture) {
                assert!(item.replace.contains_inclusive(offset), "{name}, {title}: {item:?}");
                let word = &text[usize::from(item.replace.start())..usize::from(item.replace.end())];
                assert!(!word.contains('\n'), "{name}, {title}: {word:?}");
            }
        }
    }
}

/// What an accepted snippet leaves: each place to fill keeps its proposal.
fn accepted(text: &str, item: &Item) -> String {
    let written = match &item.insert {
        Insert::Plain(text) => text.clone(),
        Insert::Snippet(snippet) => filled(snippet),
    };
    let (start, end) = (usize::from(item.replace.start()), usize::from(item.replace.end()));
    format!("{}{written}{}", &text[..start], &text[end..])
}

fn filled(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(inner) = rest.strip_prefix('{') {
            let (place, after) = inner.split_once('}').unwrap();
            text.push_str(place.split_once(':').map_or("", |(_, proposal)| proposal));
            rest = after;
        } else {
            rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        }
    }
    text + rest
}

#[test]
fn what_is_accepted_can_be_read() {
    let mut tried = 0;
    for name in ["values", "references"] {
        for (title, fixture) in cases(name) {
            let (_, text, _) = fixture.here();
            for item in offered(&fixture) {
                if matches!(&item.insert, Insert::Snippet(snippet) if snippet.contains("$1")) {
                    continue;
                }
                let after = accepted(&text, &item);
                let any = Item { insert: Insert::Plain("x".into()), ..item.clone() };
                let least = idpc_syntax::parse(&accepted(&text, &any)).errors().len();
                let errors = idpc_syntax::parse(&after).errors().len();
                assert!(errors <= least, "{name}, {title}: {} leaves {after}", item.label);
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "only {tried} items were accepted");
}

#[test]
fn every_place_of_every_example_can_be_asked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/online-boutique");
    let host = idpc_driver::host::Host::load(&root).unwrap();
    let program = idpc_ide::program::Program::new(host.database(), host.workspace());
    let mut offered = 0;
    for file in &host.loaded.files {
        let id = host.file_id(&file.path).unwrap();
        let view = host.view(id).unwrap();
        for (at, _) in file.text.char_indices().step_by(3) {
            offered += completion(program, &view, &file.text, TextSize::new(u32::try_from(at).unwrap())).len();
        }
    }
    assert!(offered > 5000, "only {offered} items were offered");
}
