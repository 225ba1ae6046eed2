//! What `idp.toml` may say, and what is said about the rest.

use super::{findings, lay, load};
use crate::workspace::{Loaded, Manifest};

fn loaded(text: &str) -> (tempfile::TempDir, Loaded) {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path(), &[("idp.toml", text)]);
    let loaded = load(folder.path());
    (folder, loaded)
}

/// The findings about a manifest.
fn said(text: &str) -> Vec<String> {
    findings(&loaded(text).1)
}

/// The findings about a manifest with these lines after name and edition.
fn said_with(lines: &str) -> Vec<String> {
    said(&format!("[workspace]\nname = \"shop\"\nedition = \"2026\"\n{lines}"))
}

#[test]
fn a_full_manifest_is_read() {
    let (folder, loaded) = loaded(
        "[workspace]\nname = \"shop\"\nedition = \"2026\"\nplatform = \"infra/platform\"\nidpc = \">=0.1\"\n\n[build]\nout = \
         \"../delivery/out\"\ntargets = [\"argocd\", \"github\"]\n",
    );
    assert_eq!(findings(&loaded), [""; 0]);
    assert_eq!(loaded.name, "shop");
    assert_eq!(loaded.out, folder.path().parent().unwrap().join("delivery/out"));
    assert_eq!(loaded.targets.unwrap(), ["argocd", "github"]);
    let (manifest, text) = loaded.manifest.unwrap();
    let github = &manifest.targets.unwrap()[1];
    assert_eq!((github.value.as_str(), &text[github.span.clone()]), ("github", "\"github\""));
    assert_eq!(manifest.platform.unwrap().value, "infra/platform");
}

#[test]
fn name_and_edition_are_enough_and_needed() {
    let (folder, loaded) = loaded("[workspace]\nname = \"shop\"\nedition = \"2026\"\n");
    assert_eq!(findings(&loaded), [""; 0]);
    assert_eq!(loaded.out, folder.path().join("out"));
    assert_eq!(loaded.targets, None);
    assert_eq!(
        said("[workspace]\n"),
        [
            "IDP0705 idp.toml:workspace: `[workspace]` has no `name` | add `name = \"shop\"`",
            "IDP0705 idp.toml:workspace: `[workspace]` has no `edition` | add `edition = \"2026\"`",
        ]
    );
    assert_eq!(
        said(""),
        [
            "IDP0705 idp.toml:: `[workspace]` is missing | write `[workspace]`, then `name = \"…\"` and `edition = \"2026\"` below it"
        ]
    );
}

#[test]
fn unknown_keys_are_errors_with_a_suggestion() {
    assert_eq!(
        said_with("platfrom = \"p\"\nlicense = \"x\"\n[biuld]\n[tools]\n"),
        [
            "IDP0702 idp.toml:platfrom: `platfrom` is not a key of `[workspace]` | did you mean `platform`?",
            "IDP0702 idp.toml:license: `license` is not a key of `[workspace]` | expected `name`, `edition`, `platform` or `idpc`",
            "IDP0702 idp.toml:biuld: `biuld` is not a part of `idp.toml` | did you mean `build`?",
            "IDP0702 idp.toml:tools: `tools` is not a part of `idp.toml` | expected `workspace`, `build` or `dependencies`",
        ]
    );
}

#[test]
fn values_of_another_type_are_errors() {
    assert_eq!(
        said("build = 3\n[workspace]\nname = 3\nedition = 2026\n"),
        [
            "IDP0703 idp.toml:build: `build` must be a table, and this is a number",
            "IDP0703 idp.toml:3: `name` must be a text, and this is a number",
            "IDP0703 idp.toml:2026: `edition` must be a text, and this is a number",
        ]
    );
    assert_eq!(
        said_with("platform = \" \"\n[build]\ntargets = [\"a\", 1, true]\n"),
        [
            "IDP0704 idp.toml:\" \": `platform` is empty",
            "IDP0703 idp.toml:1: `targets` must be a list of texts, and this is a number",
            "IDP0703 idp.toml:true: `targets` must be a list of texts, and this is a boolean",
        ]
    );
    assert_eq!(
        said_with("[build]\ntargets = \"a\"\n"),
        ["IDP0703 idp.toml:\"a\": `targets` must be a list of texts, and this is a text"]
    );
}

#[test]
fn broken_toml_is_reported_at_its_place_and_the_rest_is_read() {
    let found = said("[workspace]\nname = \"shop\nedition = \"2026\"\n");
    assert!(found[0].starts_with("IDP0701 idp.toml:"), "{found:?}");
    let (folder, loaded) = loaded("[workspace]\nname = \"shop\"\nedition = \n");
    lay(folder.path(), &[("a.idp", "")]);
    assert_eq!(loaded.name, "shop");
    assert!(!loaded.errors.is_empty());
    assert_eq!(load(folder.path()).files.len(), 1, "the sources are read all the same");
    assert!(said_with("name = \"twice\"\n")[0].starts_with("IDP0701"));
}

#[test]
fn names_become_parts_of_paths() {
    for (name, reason) in [
        ("Shop", "only lower-case letters, digits and `-` may stand in it"),
        ("a/b", "only lower-case letters, digits and `-` may stand in it"),
        ("..", "only lower-case letters, digits and `-` may stand in it"),
        ("1shop", "it must begin with a letter"),
        ("shop-", "it must not end with `-`"),
    ] {
        let found = said(&format!("[workspace]\nname = \"{name}\"\nedition = \"2026\"\n"));
        assert_eq!(found, [format!("IDP0706 idp.toml:\"{name}\": `{name}` cannot name a workspace: {reason}")]);
    }
    let named = |length: usize| said(&format!("[workspace]\nname = \"{}\"\nedition = \"2026\"\n", "a".repeat(length)));
    assert!(named(63).is_empty());
    assert!(named(64)[0].ends_with("it is longer than 63 characters"));
}

#[test]
fn an_edition_must_exist() {
    assert_eq!(
        said("[workspace]\nname = \"a\"\nedition = \"2025\"\n"),
        ["IDP0707 idp.toml:\"2025\": there is no edition `2025` | this idpc knows 2026"]
    );
}

#[test]
fn folders_stay_where_they_may_be() {
    for platform in ["../platform", "/platform", ".", "a/../b"] {
        let found = said_with(&format!("platform = \"{platform}\"\n"));
        assert!(found[0].starts_with("IDP0708"), "{platform}: {found:?}");
    }
    for out in [".", "..", "../..", "./.", "/tmp/out", "a/../b", "../a/.."] {
        let found = said_with(&format!("[build]\nout = \"{out}\"\n"));
        assert!(found[0].starts_with("IDP0709"), "{out}: {found:?}");
    }
    for out in ["out", "./out", "a/b", "../out", "../../delivery/out"] {
        assert_eq!(said_with(&format!("[build]\nout = \"{out}\"\n")), [""; 0], "{out}");
    }
    assert_eq!(
        said_with("[build]\nout = \"platform\"\n"),
        ["IDP0709 idp.toml:\"platform\": `out` cannot be this folder: the platform folder lies in it | name a folder \
          beside the sources, like `out` or `../delivery/out`"]
    );
}

#[test]
fn targets_are_named_once() {
    assert_eq!(
        said_with("[build]\ntargets = [\"argocd\", \"github\", \"argocd\"]\n"),
        ["IDP0710 idp.toml:\"argocd\": the target `argocd` is listed twice"]
    );
    assert_eq!(
        said_with("[build]\ntargets = []\n"),
        [
            "IDP0704 idp.toml:[]: `targets` is empty, so nothing would be built | leave it out to build all targets but `catalog`"
        ]
    );
}

#[test]
fn packages_are_read_in_their_order() {
    let (manifest, errors) = Manifest::parse(
        "[workspace]\nname = \"a\"\nedition = \"2026\"\n[dependencies]\nnet = { vendored = true }\nacme = { path = \"../acme\" }\n",
    );
    assert_eq!(errors, []);
    let packages: Vec<(&str, String)> =
        manifest.dependencies.iter().map(|package| (package.name.value.as_str(), package.folder())).collect();
    assert_eq!(packages, [("net", "vendor/net".to_owned()), ("acme", "../acme".to_owned())]);
    assert!(said_with("[dependencies]\n").is_empty());
    let wrong = said_with(
        "[dependencies]\na = \"1\"\nb = { paht = \"x\" }\nc = { path = \"x\", vendored = true }\nd = { vendored = false }\n\
         e = {}\nstd = { path = \"x\" }\nNet = { path = \"x\" }\n",
    );
    assert_eq!(
        wrong,
        [
            "IDP0703 idp.toml:a: `a` must be a table, and this is a text | write `a = { path = \"…\" }`",
            "IDP0702 idp.toml:paht: `paht` is not a key of `[dependencies]` | did you mean `path`?",
            "IDP0705 idp.toml:c: it is not clear where the package `c` is | write either `path = \"…\"` or `vendored = true`",
            "IDP0705 idp.toml:d: it is not clear where the package `d` is | write either `path = \"…\"` or `vendored = true`",
            "IDP0705 idp.toml:e: it is not clear where the package `e` is | write either `path = \"…\"` or `vendored = true`",
            "IDP0715 idp.toml:std: `std` cannot name a package: the standard library is called so",
            "IDP0715 idp.toml:Net: `Net` cannot name a package: only lower-case letters, digits and `-` may stand in it",
        ]
    );
}

#[test]
fn a_workspace_can_ask_for_a_newer_compiler() {
    for version in ["0.1", "0.1.0", ">=0.1.0", "0", "0.0.9"] {
        assert_eq!(said_with(&format!("idpc = \"{version}\"\n")), [""; 0], "{version}");
    }
    assert_eq!(
        said_with("idpc = \"0.2\"\n"),
        ["IDP0713 idp.toml:\"0.2\": this workspace needs idpc 0.2, and this is 0.1.0 | use a newer idpc"]
    );
    for version in ["next", "1.2.3.4", "1..2", "-1", "^1"] {
        assert!(said_with(&format!("idpc = \"{version}\"\n"))[0].starts_with("IDP0712"), "{version}");
    }
}
