//! Help, version and wrong usage.

use crate::place::Place;

#[test]
fn help_of_the_program_and_of_each_command() {
    let place = Place::empty();
    let mut all = String::new();
    for command in ["", "build", "check", "fmt", "init", "new", "new service", "explain", "show", "graph", "lsp"] {
        let run = place.idpc(&format!("{command} --help"));
        run.ends(0);
        assert_eq!(run.err, "");
        all.push_str(&format!("==> idpc {command}\n{}\n", run.out));
    }
    // Where the help wraps depends on the terminal, and there is none here.
    insta::assert_snapshot!(all);
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
