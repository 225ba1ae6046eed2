//! Help, version and wrong usage.

use std::fs;

use idpc_testing::block::{Block, blocks};

use crate::place::Place;

/// Every command that the program names in its help, with the commands below it.
fn commands(place: &Place, above: &str) -> Vec<String> {
    let help = place.idpc(&format!("{above} --help")).out;
    let Some((_, listed)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let listed = listed.split("\n\n").next().unwrap();
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .flat_map(|name| {
            let command = format!("{above} {name}").trim().to_owned();
            let below = commands(place, &command);
            std::iter::once(command).chain(below)
        })
        .collect()
}

#[test]
fn the_page_of_commands_holds_the_help_of_each() {
    let place = Place::empty();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md");
    let mut page = fs::read_to_string(path).unwrap();
    let all: Vec<String> = std::iter::once(String::new()).chain(commands(&place, "")).collect();
    assert!(all.len() > 10, "{all:?}");
    for command in &all {
        let run = place.idpc(&format!("{command} --help"));
        run.ends(0);
        assert_eq!(run.err, "");
        let heading = format!("idpc {command}").trim().to_owned();
        let blocks = blocks(&page).unwrap();
        let of_command = |block: &&Block| block.heading.rsplit(" / ").next() == Some(&format!("`{heading}`"));
        let block = blocks.iter().find(of_command).unwrap_or_else(|| {
            panic!("docs/commands.md has no `text` block below a heading `{heading}`; IDPC_UPDATE=1 fills an empty one")
        });
        if std::env::var_os("IDPC_UPDATE").is_some() {
            page.replace_range(block.range.clone(), &run.out);
            fs::write(path, &page).unwrap();
        } else {
            assert_eq!(block.text, run.out, "docs/commands.md, {heading}");
        }
    }
    // Nothing is described that does not exist.
    for block in blocks(&page).unwrap() {
        let heading = block.heading.rsplit(" / ").next().unwrap().trim_matches('`').to_owned();
        let command = heading.strip_prefix("idpc").map(str::trim);
        assert!(command.is_none_or(|command| all.iter().any(|known| known == command)), "there is no `{heading}`");
    }
}

#[test]
fn the_page_of_commands_names_every_format_and_exit_code() {
    let place = Place::workspace();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md")).unwrap();
    for format in ["human", "short", "json", "github", "gitlab", "sarif", "junit"] {
        assert!(page.contains(&format!("| `{format}` |")), "{format}");
        place.idpc(&format!("check --format {format}")).ends(0);
        place.idpc(&format!("build --format {format}")).ends(0);
    }
    for code in 0..=3 {
        assert!(page.contains(&format!("| {code} |")), "{code}");
    }
}

#[test]
fn the_version_is_the_crate_s() {
    let run = Place::empty().idpc("--version");
    assert_eq!((run.code, run.out.as_str()), (0, concat!("idpc ", env!("CARGO_PKG_VERSION"), "\n")));
}

#[test]
fn wrong_usage_ends_with_2_and_says_why_on_standard_error() {
    let place = Place::workspace();
    for arguments in [
        "",
        "bild",
        "build --targets x",
        "check --format xml",
        "build --color sometimes",
        "build one two",
        "new",
        "new service",
        "show",
        "fmt - .",
    ] {
        let run = place.idpc(arguments);
        run.ends(2).prints_nothing();
        assert!(!run.err.is_empty(), "{arguments}");
    }
}

#[test]
fn unknown_names_end_with_2_and_suggest_the_near_one() {
    let place = Place::workspace();
    for (arguments, message) in [
        (
            "build --service chekout",
            "there is no service or shared resource `chekout`\n  = help: did you mean `checkout`?",
        ),
        ("build --env prd", "there is no environment `prd`\n  = help: did you mean `prod`?"),
        ("build --target argo", "there is no target `argo`\n  = help: did you mean `argocd`?"),
        ("show inventry", "there is no service or shared resource `inventry`\n  = help: did you mean `inventory`?"),
        ("show checkout --env prd", "there is no environment `prd`"),
        ("show checkout --field needs.order", "`needs` has no field `order`\n  = help: did you mean `orders`?"),
        ("graph --focus chekout", "there is no service or shared resource `chekout`"),
        ("graph --env prd", "there is no environment `prd`"),
    ] {
        place.idpc(arguments).ends(2).prints_nothing().says(message);
    }
    assert!(!place.has("out"));
}

#[test]
fn what_cannot_be_read_ends_with_3() {
    let place = Place::empty();
    for arguments in ["check nowhere", "build nowhere.idp", "fmt nowhere.idp"] {
        place.idpc(arguments).ends(3).prints_nothing().says("nowhere");
    }
    // There is something, but it is nothing to work on.
    place.write("notes.txt", "notes\n");
    for arguments in ["check", "build", "show a", "graph", "check notes.txt"] {
        place.idpc(arguments).ends(2).prints_nothing().says("= help: ");
    }
}
