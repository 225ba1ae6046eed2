//! Each feature on small workspaces with a cursor: what is said and changed, as snapshots.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fixture::Fixture;
use idpc_ide::action::actions;
use idpc_ide::calls::{incoming, node_at, outgoing};
use idpc_ide::colors::colors;
use idpc_ide::fold::{folds, selections};
use idpc_ide::hints::hints;
use idpc_ide::hover::hover;
use idpc_ide::lens::lenses;
use idpc_ide::links::links;
use idpc_ide::navigate::{Declared, definition, highlights, references, type_definition};
use idpc_ide::rename::{prepare, rename};
use idpc_ide::search::search;
use idpc_ide::signature::signature;
use idpc_model::findings;
use idpc_model::span::FileId;
use idpc_syntax::ast::{TextRange, TextSize};

/// A service that uses most of the language.
const CHECKOUT: &str = r#"
//- services/checkout/service.idp
let keep = 30d

/// Takes a basket to a paid order.
service checkout : web {
  owner    = payments
  system   = shop
  tier     = high
  language = rust
  port     = 8080
  runbook  = "https://runbooks.acme.dev/checkout"

  needs {
    orders = ledger-db { storage = 50GiB, retention = keep }
    paid   = order-paid { access = write }
    site   = domain { host = "checkout.acme.dev" }
  }

  calls {
    inventory { timeout = 150ms }
    fraud
  }

  config {
    DATABASE_URL = needs.orders.url
    INVENTORY    = "${calls.inventory.host}:${calls.inventory.port}"
    CENTER       = owner.email
  }

  in prod {
    memory = 1GiB
    needs.orders { storage = 200GiB }
  }
}
"#;

/// The workspace with the cursor before the first place that has a text.
fn at(text: &str) -> Fixture {
    marked(CHECKOUT, text)
}

fn marked(files: &str, text: &str) -> Fixture {
    // `pay|ments`: the bar says where in the text the cursor is.
    let plain = text.replace('|', "");
    let all = format!("{}{files}", fixture::PLATFORM);
    let marked = if text.contains('|') { text.replace('|', "$0") } else { format!("$0{text}") };
    assert!(all.contains(&plain), "{plain} is nowhere");
    let start = all.rfind(files).unwrap();
    let found = all[start..].find(&plain).map_or_else(|| all.find(&plain).unwrap(), |at| start + at);
    Fixture::new(&format!("{}{marked}{}", &all[..found], &all[found + plain.len()..]))
}

fn places(fixture: &Fixture, found: &[(FileId, TextRange)]) -> String {
    found.iter().map(|(file, range)| format!("  {}\n", fixture.place(*file, *range))).collect()
}

/// Names of the fixture, one of each kind of thing and of place.
const NAMES: &[&str] = &[
    "payments\n  system",
    "shop\n",
    "high\n",
    "rust\n",
    "web {",
    "owner    =",
    "tier     =",
    "ledger-db {",
    "storage = 50GiB",
    "retention =",
    "keep }",
    "order-paid {",
    "write }",
    "inventory {",
    "timeout =",
    "fraud\n  }",
    "needs.orders.url",
    "orders.url",
    "url\n",
    "inventory.host",
    "host}",
    "owner.email",
    "email\n",
    "prod {",
    "memory = 1GiB",
    "needs.orders {",
    "orders {",
    "storage = 200GiB",
    "checkout : web",
    "keep = 30d",
    "postgres {\n  /// How long",
    "retention : duration",
    "duration in 1d..400d",
    "retention, \"renamed\"",
    "web { replicas",
    "checkout]) }",
    "color { red",
    "color = red }",
    "red }\n//-",
    "topic { owner",
    "stage = development",
    "dev }\n///",
];

#[test]
fn names_lead_to_what_they_stand_for() {
    let mut text = String::new();
    for name in NAMES {
        let fixture = at(name);
        let (view, _, offset) = fixture.here();
        let program = fixture.program();
        writeln!(text, "{:?}", name.lines().next().unwrap()).unwrap();
        let target = |found: Vec<idpc_ide::navigate::Target>| -> Vec<(FileId, TextRange)> {
            found.into_iter().map(|target| (target.file, target.range)).collect()
        };
        let found = target(definition(program, &view, offset));
        text.push_str(&places(&fixture, &found));
        let types = target(type_definition(program, &view, offset));
        if !types.is_empty() {
            write!(text, "  type\n{}", places(&fixture, &types)).unwrap();
        }
    }
    insta::assert_snapshot!("definitions", text);
}

#[test]
fn what_mentions_a_thing_is_found_from_each_mention() {
    let mut text = String::new();
    for name in NAMES {
        let fixture = at(name);
        let (view, _, offset) = fixture.here();
        let program = fixture.program();
        let found = references(program, &view, offset, Declared::Included);
        let here = |(file, range): &(FileId, TextRange)| *file == view.id && range.contains_inclusive(offset);
        assert!(found.is_empty() || found.iter().any(here), "{name}: {found:?}");
        writeln!(text, "{:?}\n{}", name.lines().next().unwrap(), places(&fixture, &found)).unwrap();
        let marked = highlights(program, &view, offset);
        let own = found.iter().filter(|(file, _)| *file == view.id).count();
        assert!(found.is_empty() || marked.len() == own, "{name}: {marked:?}");
    }
    insta::assert_snapshot!("references", text);
}

fn applied(fixture: &Fixture, edits: &BTreeMap<FileId, Vec<(TextRange, String)>>) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for (file, list) in edits {
        let (path, text) = &fixture.files[usize::try_from(file.0).unwrap()];
        let mut list = list.clone();
        list.sort_by_key(|(range, _)| range.start());
        let mut text = text.clone();
        for (range, new) in list.iter().rev() {
            text.replace_range(usize::from(range.start())..usize::from(range.end()), new);
        }
        files.insert(path.clone(), text);
    }
    files
}

/// The changed lines of each file.
fn changes(fixture: &Fixture, edits: &BTreeMap<FileId, Vec<(TextRange, String)>>) -> String {
    let mut text = String::new();
    for (path, new) in applied(fixture, edits) {
        let old = &fixture.files.iter().find(|(known, _)| *known == path).unwrap().1;
        writeln!(text, "  {path}").unwrap();
        let diff = similar::TextDiff::from_lines(old, &new);
        for change in diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal) {
            write!(text, "  {} {}", change.tag(), change.value()).unwrap();
        }
    }
    text
}

/// The workspace after some edits, with the cursor where it was.
fn after(fixture: &Fixture, edits: &BTreeMap<FileId, Vec<(TextRange, String)>>) -> String {
    let new = applied(fixture, edits);
    let own = fixture.files.iter().filter(|(path, _)| !path.starts_with("std:/"));
    own.map(|(path, text)| format!("//- {path}\n{}", new.get(path).unwrap_or(text))).collect()
}

fn errors(fixture: &Fixture) -> Vec<String> {
    let found = findings::findings(&fixture.database, fixture.workspace);
    found.iter().map(|finding| format!("{} {}", finding.code.id(), finding.message)).collect()
}

#[test]
fn a_rename_changes_every_mention_and_nothing_else() {
    let mut text = String::new();
    for name in NAMES {
        let fixture = at(name);
        let (view, _, offset) = fixture.here();
        let program = fixture.program();
        writeln!(text, "{:?}", name.lines().next().unwrap()).unwrap();
        match rename(program, &view, offset, "renamed-thing") {
            Err(refusal) => writeln!(text, "  refused: {}", refusal.0).unwrap(),
            Ok(edits) => {
                assert!(prepare(program, &view, offset).is_ok(), "{name}");
                text.push_str(&changes(&fixture, &edits));
                let renamed = Fixture::new(&after(&fixture, &edits));
                assert_eq!(errors(&renamed).len(), errors(&fixture).len(), "{name}: {:?}", errors(&renamed));
            }
        }
    }
    insta::assert_snapshot!("renames", text);
}

#[test]
fn a_name_that_is_taken_or_no_name_is_refused() {
    let mut text = String::new();
    for (name, new) in [
        ("payments\n  system", "shop-team"),
        ("checkout : web", "inventory"),
        ("checkout : web", "order-paid"),
        ("checkout : web", "two words"),
        ("checkout : web", "true"),
        ("checkout : web", ""),
        ("orders = ledger-db", "site"),
        ("ledger-db {", "postgres"),
        ("ledger-db {", "color"),
        ("retention =", "storage"),
        ("keep = 30d", "true"),
        ("color { red", "tier"),
        ("red }\n//-", "green"),
        ("8080", "x"),
    ] {
        let fixture = at(name);
        let (view, _, offset) = fixture.here();
        let refusal = rename(fixture.program(), &view, offset, new).unwrap_err();
        writeln!(text, "{:?} -> {new:?}: {}", name.lines().next().unwrap(), refusal.0).unwrap();
    }
    insta::assert_snapshot!("refused_renames", text);
}

#[test]
fn renaming_there_and_back_is_nothing() {
    for name in ["payments\n  system", "checkout : web", "orders = ledger-db", "ledger-db {", "keep = 30d", "prod {"] {
        let fixture = at(name);
        let (view, _, offset) = fixture.here();
        let old = prepare(fixture.program(), &view, offset).unwrap().1;
        let there = rename(fixture.program(), &view, offset, "somewhere-else").unwrap();
        let moved = after(&fixture, &there);
        let found = moved.find("somewhere-else").unwrap();
        let moved = Fixture::new(&format!("{}$0{}", &moved[..found], &moved[found..]));
        let (view, _, offset) = moved.here();
        let back = rename(moved.program(), &view, offset, &old).unwrap();
        assert_eq!(Fixture::new(&after(&moved, &back)).files, fixture.files, "{name}");
    }
}

#[test]
fn actions_do_what_they_say_and_remove_what_they_are_for() {
    let mut text = String::new();
    let service = "services/checkout/service.idp";
    for (title, body) in [
        (
            "a field that is misspelt",
            "service checkout : web {\n  owner = payments\n  langu$0age2 = go\n  port = 1\n}\n",
        ),
        ("an empty service", "service checkout : web {$0}\n"),
        ("a service with some fields", "service checkout : web {\n  owner = payments$0\n}\n"),
        (
            "a need without its field",
            "service checkout : web {\n  owner = payments\n  language = go\n  port = 1\n  needs { site = domain {$0 } }\n}\n",
        ),
        ("an unknown team", "service checkout : web {\n  owner = nobo$0dy\n  language = go\n  port = 1\n}\n"),
        (
            "an unknown system",
            "service checkout : web {\n  owner = payments\n  system = elsewhe$0re\n  language = go\n  port = 1\n}\n",
        ),
        (
            "a value for all",
            "service checkout : web {\n  owner = payments\n  language = go\n  port = 1\n  memory = 1$0GiB\n}\n",
        ),
        (
            "a value with an overlay",
            "service checkout : web {\n  owner = payments\n  language = go\n  port = 1\n  memory = 1$0GiB\n  in prod { cpu = 1 }\n  in dev {\n    cpu = 1\n  }\n}\n",
        ),
        (
            "a value of a need",
            "service checkout : web {\n  owner = payments\n  language = go\n  port = 1\n  needs { a = postgres { storage = 50$0GiB } }\n}\n",
        ),
        (
            "a value that is one for all",
            "service checkout : web {\n  owner = pay$0ments\n  language = go\n  port = 1\n}\n",
        ),
        ("a colon", "service checkout : web {\n  owner: pay$0ments\n  language: go\n  port = 1\n}\n"),
    ] {
        let fixture = Fixture::acme(&format!("//- {service}\n{body}"));
        let (view, source, _) = fixture.here();
        let before = findings::findings(&fixture.database, fixture.workspace);
        let found = actions(fixture.program(), &view, &source, fixture.selection(), &before);
        writeln!(text, "== {title}").unwrap();
        for action in found {
            write!(text, "{:?}: {}\n{}", action.kind, action.title, changes(&fixture, &action.edits)).unwrap();
            let fixed = Fixture::new(&after(&fixture, &action.edits));
            let (old, new) = (errors(&fixture), errors(&fixed));
            assert!(new.len() <= old.len(), "{title}, {}: {new:?}", action.title);
            if let Some(removed) = action.finding.map(|at| &before[at]) {
                let gone = format!("{} {}", removed.code.id(), removed.message);
                assert!(!new.contains(&gone), "{title}, {}: {gone} stays", action.title);
            }
        }
    }
    insta::assert_snapshot!("actions", text);
}

#[test]
fn calls_are_those_that_are_written() {
    let fixture = at("checkout : web");
    let (view, _, offset) = fixture.here();
    let program = fixture.program();
    let node = node_at(program, &view, offset).unwrap();
    assert_eq!((node.name.as_str(), node.schema.as_str()), ("checkout", "web"));
    let names = |calls: Vec<idpc_ide::calls::Calls>| -> Vec<String> {
        calls.into_iter().map(|calls| format!("{} {}", calls.node.name, calls.places.len())).collect()
    };
    assert_eq!(names(outgoing(program, "checkout")), ["inventory 1", "fraud 1"]);
    assert_eq!(names(incoming(program, "inventory")), ["checkout 1", "fraud 1"]);
    assert_eq!(names(incoming(program, "checkout")), Vec::<String>::new());
    assert_eq!(names(outgoing(program, "nobody")), Vec::<String>::new());
}

#[test]
fn what_a_schema_calls_its_services_call() {
    let fixture = Fixture::acme(
        "//- platform/path.idp\nextend web { calls = { watch { timeout = 2s } } }\n//- services/watch.idp\nservice watch : web {\n  owner = payments\n  language = go\n  port = 1\n  calls = {}\n}\n",
    );
    let program = fixture.program();
    let names = |calls: Vec<idpc_ide::calls::Calls>| -> Vec<String> {
        calls.into_iter().map(|calls| format!("{} {}", calls.node.name, calls.places.len())).collect()
    };
    assert_eq!(names(outgoing(program, "fraud")), ["inventory 1", "watch 1"]);
    assert_eq!(names(outgoing(program, "inventory")), ["watch 1"]);
    assert_eq!(names(incoming(program, "watch")), ["fraud 1", "inventory 1"]);
}

#[test]
fn what_is_shown_around_a_text() {
    let fixture = at("checkout : web");
    let (view, source, _) = fixture.here();
    let program = fixture.program();
    let at = |range: TextRange| fixture.place(view.id, range);
    let mut text = String::new();
    for lens in lenses(program, &view) {
        writeln!(text, "lens {} {:?}", at(lens.range), lens.about).unwrap();
    }
    for hint in hints(program, &view, TextRange::up_to(TextSize::of(&*source))) {
        let line = source[..usize::from(hint.at)].rsplit('\n').next().unwrap();
        writeln!(text, "hint {line:?} + {:?}", hint.text()).unwrap();
    }
    for link in links(&source) {
        writeln!(text, "link {} -> {}", at(link.range), link.target).unwrap();
    }
    for fold in folds(&source) {
        let first = source[..usize::from(fold.range.start())].rsplit('\n').next().unwrap();
        writeln!(text, "fold {:?} {first:?}", fold.kind).unwrap();
    }
    let inside = TextSize::new(u32::try_from(source.find("150ms").unwrap() + 1).unwrap());
    for range in selections(&source, inside) {
        let part = &source[usize::from(range.start())..usize::from(range.end())];
        writeln!(text, "selection {:?} … {:?}", part.lines().next().unwrap(), part.lines().last().unwrap()).unwrap();
    }
    insta::assert_snapshot!("shown", text);
}

#[test]
fn every_word_has_a_color_and_none_overlaps() {
    let mut text = String::new();
    for path in ["services/checkout/service.idp", "platform/platform.idp"] {
        let fixture = Fixture::acme(CHECKOUT);
        let program = fixture.program();
        let at = fixture.files.iter().position(|(known, _)| known == path).unwrap();
        let file = FileId(u32::try_from(at).unwrap());
        let (view, source) = (program.view(file).unwrap(), program.text(file).unwrap());
        let mut end = TextSize::new(0);
        for color in colors(program, view, &source) {
            assert!(color.range.start() >= end, "{color:?} overlaps");
            end = color.range.end();
            let word = &source[usize::from(color.range.start())..usize::from(end)];
            assert!(!word.is_empty() && !word.contains('\n'), "{word:?}");
            let marks = color.marks;
            let mut more = String::new();
            for (set, mark) in [
                (marks.declaration, " +"),
                (marks.deprecated, " old"),
                (marks.library, " std"),
                (marks.documentation, " doc"),
            ] {
                if set {
                    more.push_str(mark);
                }
            }
            writeln!(text, "{word} {:?}{more}", color.kind).unwrap();
        }
        writeln!(text).unwrap();
    }
    let unresolved: Vec<&str> = text.lines().filter(|line| line.contains("Unresolved")).collect();
    assert!(unresolved.is_empty(), "{unresolved:?}");
    insta::assert_snapshot!("colors", text);
}

#[test]
fn fields_of_the_record_that_is_written_are_told() {
    let mut text = String::new();
    for body in [
        "service checkout : web {\n  $0\n}\n",
        "service checkout : web {\n  owner = $0\n}\n",
        "service checkout : web {\n  needs { orders = ledger-db { $0 } }\n}\n",
        "service checkout : web {\n  needs { orders = ledger-db { storage = 50GiB, retention = $0 } }\n}\n",
        "service checkout : web {\n  calls { inventory { timeout = $0 } }\n}\n",
        "service checkout : web {\n  calls { inventory { timeout = 1s }$0 }\n}\n",
        "service checkout : web {\n  owner = payments\n  port = 1\n  $0\n}\n",
        "service checkout : web {\n  needs { orders = ledger-db { storage = max($0) } }\n}\n",
        "service checkout : web {\n  needs { orders = ledger-db { storage = max(20GiB, 1GiB, $0",
        "let size = len([1, 2$0])\n",
        "let size = len(\"a, b\"$0)\n",
        "let size = len(\"a, $0b\")\n",
        "schema s : web {\n  color = red @locked(\"why\", $0)\n}\n",
        "service checkout : web {\n  // len($0\n}\n",
        "$0\n",
    ] {
        let fixture = Fixture::acme(&format!("//- services/checkout/service.idp\n{body}"));
        let (view, source, offset) = fixture.here();
        let found = signature(fixture.program(), &view, &source, offset);
        let shown = found.map(|found| {
            let active = found.active.map(|at| found.parameters[at].0.clone());
            let shown: String = found.label.chars().take(100).collect();
            format!("{shown} ({} parts), at {active:?}", found.parameters.len())
        });
        writeln!(text, "{body:?}\n  {shown:?}").unwrap();
    }
    insta::assert_snapshot!("signatures", text);
}

#[test]
fn declarations_are_found_by_a_part_of_their_name() {
    let fixture = Fixture::acme(CHECKOUT);
    let names = |query: &str| -> Vec<String> {
        search(fixture.program(), query).into_iter().map(|found| format!("{} {}", found.name, found.detail)).collect()
    };
    assert_eq!(names("check"), ["checkout service : web"]);
    assert_eq!(names("PAY"), ["payments team"]);
    assert_eq!(names("ldb"), ["ledger-db schema : "].map(|_| "ledger-db schema".to_owned()));
    assert_eq!(names("zzz"), Vec::<String>::new());
    assert!(names("").len() > 10, "{:?}", names(""));
}

#[test]
fn hovering_explains_every_name() {
    let mut text = String::new();
    for name in NAMES {
        let fixture = at(name);
        let (view, _, offset) = fixture.here();
        let said = hover(fixture.program(), &view, offset).map(|hover| hover.markdown);
        writeln!(text, "== {:?}\n{}\n", name.lines().next().unwrap(), said.unwrap_or_default()).unwrap();
    }
    insta::assert_snapshot!("hovers", text);
}
