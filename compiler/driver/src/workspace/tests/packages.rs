//! Platform packages: where they may lie, what of them is read, and what the lock file holds them to.

use std::fs;
use std::path::Path;

use idpc_model::source::Role;
use idpc_model::value::{Record, Value};

use super::{MINIMAL, findings, lay, load, paths};
use crate::host::Host;
use crate::workspace::vendor::{self, Change, VendorError};
use crate::workspace::{Found, LOCK, Loaded, find};

/// A workspace in `shop` with these dependencies, and packages beside it.
fn shop(dependencies: &str, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path(), &[("shop/idp.toml", &format!("{MINIMAL}[dependencies]\n{dependencies}"))]);
    lay(folder.path(), files);
    folder
}

fn loaded(folder: &tempfile::TempDir) -> Loaded {
    load(&folder.path().join("shop"))
}

fn said(dependencies: &str, files: &[(&str, &str)]) -> Vec<String> {
    findings(&loaded(&shop(dependencies, files)))
}

/// What the language says about it, one line each.
fn judged(folder: &tempfile::TempDir) -> Vec<String> {
    let host = Host::new(loaded(folder));
    let found = host.analyze().diagnostics;
    found
        .iter()
        .map(|one| {
            let labels = one.labels.iter().map(|label| format!(" <{}", host.file(label.span.file).unwrap().0));
            let place = host.file(one.primary.file).unwrap().0;
            format!("{} {place} {}{}", one.code.id(), one.message, labels.collect::<String>())
        })
        .collect()
}

#[test]
fn a_package_is_read_from_beside_and_from_within_the_workspace() {
    let folder = shop(
        "base = { path = \"../base\" }\nmine = { path = \"packages/mine\" }\n",
        &[
            ("base/kinds/table.idp", ""),
            ("base/targets/argocd/service.hbs", "t"),
            ("base/nested/idp.toml", MINIMAL),
            ("base/nested/n.idp", ""),
            ("base/.hidden/h.idp", ""),
            ("base/extras/dev/a.yaml", ""),
            ("shop/packages/mine/m.idp", ""),
            ("shop/a.idp", ""),
        ],
    );
    let loaded = loaded(&folder);
    assert_eq!(findings(&loaded), [""; 0]);
    assert_eq!(paths(&loaded), ["a.idp"], "files of packages are not read twice");
    let all: Vec<(&str, Role)> = loaded.texts().map(|file| (file.path.as_str(), file.role)).collect();
    assert_eq!(
        all,
        [("base:/kinds/table.idp", Role::Package), ("mine:/m.idp", Role::Package), ("a.idp", Role::Application)]
    );
    assert_eq!(loaded.packages[0].templates[0].0, "argocd/service.hbs");
}

#[test]
fn a_package_that_is_a_workspace_too_leaves_its_output_out() {
    let folder = shop(
        "base = { path = \"../base\" }\n",
        &[
            ("base/idp.toml", &format!("{MINIMAL}[build]\nout = \"made\"\n")),
            ("base/made/x.idp", ""),
            ("base/out/y.idp", ""),
        ],
    );
    let loaded = loaded(&folder);
    assert_eq!(findings(&loaded), [""; 0]);
    let names: Vec<&str> = loaded.texts().map(|file| file.path.as_str()).collect();
    assert_eq!(names, ["base:/out/y.idp"]);
}

#[test]
fn a_folder_that_is_not_there_is_named_where_it_is_written() {
    assert_eq!(
        said("base = { path = \"../base\" }\nnet = { vendored = true }\n", &[]),
        [
            "IDP0716 idp.toml:\"../base\": there is no folder `../base` for the package `base` | the path is relative to \
             the folder of `idp.toml`",
            "IDP0716 idp.toml:true: there is no folder `vendor/net` for the package `net` | copy it there with `idpc vendor \
             net --from FOLDER`",
        ]
    );
}

#[test]
fn folders_that_cannot_be_packages_are_refused() {
    let files = [("shop/out/p/a.idp", ""), ("shop/platform/p/a.idp", ""), ("a/b/c.idp", ""), ("shop/a.idp", "")];
    for (dependencies, why) in [
        ("p = { path = \"..\" }", "would hold this workspace itself"),
        ("p = { path = \".\" }", "would hold this workspace itself"),
        ("p = { path = \"out/p\" }", "and the output folder lie in each other"),
        ("p = { path = \"platform\" }", "would hold the platform folder of this workspace"),
        ("p = { path = \"/\" }", "has an absolute path, which holds on one machine only"),
        ("a = { path = \"../a\" }\np = { path = \"../a/b\" }", "lie in each other"),
        ("a = { path = \"../a\" }\np = { path = \"../a/b/..\" }", "lie in each other"),
    ] {
        let found = said(dependencies, &files);
        assert_eq!(found.len(), 1, "{dependencies}: {found:?}");
        assert!(found[0].starts_with("IDP0717 idp.toml:\"") && found[0].contains(why), "{found:?}");
    }
    assert_eq!(said("p = { path = \"platform/p\" }", &files), [""; 0], "a folder in the platform's can be one");
}

#[cfg(unix)]
#[test]
fn a_package_behind_a_link_is_refused() {
    let folder = shop("base = { path = \"linked/base\" }\n", &[("real/base/a.idp", "")]);
    std::os::unix::fs::symlink(folder.path().join("real"), folder.path().join("shop/linked")).unwrap();
    assert_eq!(
        findings(&loaded(&folder)),
        ["IDP0717 idp.toml:\"linked/base\": the package `base` lies behind the link `linked` | name the folder itself"]
    );
}

#[test]
fn a_package_has_no_packages_of_its_own() {
    let inner = format!("{MINIMAL}[dependencies]\nnet = {{ path = \"../net\" }}\n");
    assert_eq!(
        said("base = { path = \"../base\" }\n", &[("base/idp.toml", &inner)]),
        [
            "IDP0718 idp.toml:base: the package `base` builds on the package `net` | list `net` here, before `base`, and take \
          it out of the `idp.toml` of `base`"
        ]
    );
    let broken = said("base = { path = \"../base\" }\n", &[("base/idp.toml", "[workspace\n")]);
    assert!(broken.iter().all(|line| line.starts_with("IDP0701 base:/idp.toml:")) && broken.len() == 1, "{broken:?}");
}

#[test]
fn what_is_wrong_with_a_file_of_a_package_names_it() {
    let folder = shop("base = { path = \"../base\" }\n", &[("base/a.idp", "")]);
    fs::write(folder.path().join("base/latin.idp"), b"\xe9").unwrap();
    assert_eq!(
        findings(&loaded(&folder)),
        ["IDP0724 base:/latin.idp:: `latin.idp` is not UTF-8, from byte 0 on | save the file as UTF-8"]
    );
}

#[test]
fn a_missing_package_is_the_only_thing_that_is_said() {
    let folder = shop("base = { path = \"../base\" }\n", &[("shop/platform/a.idp", "schema own : lost {}\n")]);
    assert_eq!(findings(&loaded(&folder)).len(), 1);
    assert_eq!(judged(&folder), [""; 0]);
    lay(folder.path(), &[("base/a.idp", "schema lost : resource { size : int = 1 }\n")]);
    assert_eq!(findings(&loaded(&folder)), [""; 0]);
    assert_eq!(judged(&folder), [""; 0]);
}

#[test]
fn sources_are_found_by_their_place_and_back() {
    let folder = shop("base = { path = \"../base\" }\n", &[("base/kinds/a.idp", ""), ("shop/b.idp", "")]);
    let loaded = loaded(&folder);
    for (place, name) in [("base/kinds/a.idp", "base:/kinds/a.idp"), ("shop/b.idp", "b.idp")] {
        let place = folder.path().join(place);
        assert_eq!(loaded.source(&place).as_deref(), Some(name));
        assert_eq!(loaded.place(name), Some(place));
    }
    assert_eq!(loaded.source(Path::new("/elsewhere/a.idp")), None);
    assert_eq!(loaded.place("std:/root/team.idp"), None);
}

#[test]
fn a_run_may_be_about_a_file_of_a_package_in_the_workspace() {
    let folder = shop("mine = { path = \"packages/mine\" }\n", &[("shop/packages/mine/m.idp", "")]);
    let path = folder.path().join("shop/packages/mine/m.idp");
    let found = find(&path).unwrap();
    assert!(matches!(&found, Found::Workspace { focus, .. } if focus == "packages/mine/m.idp"));
    assert_eq!(found.load().unwrap().packages.len(), 1);
}

#[test]
fn a_host_follows_an_edit_of_a_package_and_a_package_that_comes() {
    let folder = shop("base = { path = \"../base\" }\n", &[("base/a.idp", "schema a : lost {}\n")]);
    let mut host = Host::new(loaded(&folder));
    assert_eq!(host.analyze().diagnostics.len(), 1);
    let mut edited = loaded(&folder);
    edited.add("base:/a.idp", "schema a : resource {}\n");
    host.reload(edited);
    assert_eq!(host.analyze().diagnostics, []);
    lay(folder.path(), &[("base/b.idp", "schema b : lost {}\n")]);
    host.reload(loaded(&folder));
    assert_eq!(host.analyze().diagnostics.len(), 2, "the edit was not saved, and a file came");
}

const TABLE: &str = "schema table : resource { size : int in 1..9 = 3 }\n";

#[test]
fn two_packages_may_not_declare_one_schema_and_a_workspace_may_hide_it() {
    let both = "one = { path = \"../one\" }\ntwo = { path = \"../two\" }\n";
    let folder = shop(both, &[("one/a.idp", TABLE), ("two/a.idp", TABLE)]);
    assert_eq!(judged(&folder), ["IDP0102 two:/a.idp `table` is declared twice <one:/a.idp"]);
    let folder = shop("one = { path = \"../one\" }\n", &[("one/a.idp", TABLE)]);
    lay(folder.path(), &[("shop/platform/a.idp", "schema table : table { size = 4 }\n")]);
    assert_eq!(
        judged(&folder),
        ["IDP0108 platform/a.idp `table` hides the schema of that name of the package `one` <one:/a.idp"]
    );
}

#[test]
fn a_package_resolves_its_own_names_first_and_then_those_of_the_library() {
    let package = "schema table : resource { size : int in 1..9 = 3 }\nschema big : table { size = 9 }\nextend table { note : string? }\n";
    let folder = shop("one = { path = \"../one\" }\n", &[("one/a.idp", package)]);
    lay(
        folder.path(),
        &[(
            "shop/platform/a.idp",
            "// idp:allow IDP0108 because ours is another\nschema table : resource { rows : int = 1 }\n\
             schema huge : big { size = 8 }\nschema wide : table { rows = 2 }\n",
        )],
    );
    assert_eq!(judged(&folder), [""; 0]);
    let folder = shop("one = { path = \"../one\" }\n", &[("one/a.idp", "schema cache : redis { memory = 2GiB }\n")]);
    lay(
        folder.path(),
        &[(
            "shop/platform/a.idp",
            "// idp:allow IDP0108 because ours is another\nschema redis : resource { rows : int = 1 }\n",
        )],
    );
    assert_eq!(judged(&folder), [""; 0], "what a package builds on is not changed from outside");
}

#[test]
fn all_three_may_have_a_schema_of_one_name() {
    let folder = shop("one = { path = \"../one\" }\n", &[("one/a.idp", "schema redis : redis { memory = 2GiB }\n")]);
    lay(folder.path(), &[("shop/platform/a.idp", "schema redis : redis { memory = 3GiB }\n")]);
    assert_eq!(
        judged(&folder),
        [
            "IDP0108 one:/a.idp `redis` hides the schema of that name of the library <std:/kinds/redis.idp",
            "IDP0108 platform/a.idp `redis` hides the schema of that name of the package `one` <one:/a.idp",
        ]
    );
}

#[test]
fn extensions_apply_in_the_order_of_the_manifest_and_the_workspaces_last() {
    let size = |memory: u32| format!("extend redis {{ memory = {memory}GiB }}\n");
    let service = "team a {}\nservice s : worker {\n  owner = a\n  language = go\n  needs { cache = redis {} }\n}\n";
    let memory = |dependencies: &str, own: &str| {
        let folder = shop(dependencies, &[("one/a.idp", &size(2)), ("two/a.idp", &size(3)), ("shop/s.idp", service)]);
        lay(folder.path(), &[("shop/platform/a.idp", own)]);
        let analysis = Host::new(loaded(&folder)).analyze();
        assert_eq!(analysis.diagnostics, []);
        let service = analysis.model.environments[0].services.values().next().unwrap();
        let field = |record: &Record, name: &str| {
            record.fields.iter().find(|(known, _)| &**known == name).unwrap().1.value.clone()
        };
        let Value::Map(needs) = field(service, "needs") else { panic!("`needs` is a map") };
        let Value::Record(cache) = &needs.entries[0].1.value else { panic!("a need is a record") };
        field(cache, "memory").to_string()
    };
    let (one, two) = ("one = { path = \"../one\" }\n", "two = { path = \"../two\" }\n");
    assert_eq!(memory(&format!("{one}{two}"), ""), "3GiB");
    assert_eq!(memory(&format!("{two}{one}"), ""), "2GiB");
    assert_eq!(memory(&format!("{two}{one}"), &size(4)), "4GiB");
}

#[test]
fn vendored_packages_are_held_to_the_lock_file() {
    let folder = shop("net = { vendored = true }\n", &[("upstream/a.idp", TABLE), ("upstream/.git/x", "")]);
    let root = folder.path().join("shop");
    vendor::copy(&root, "net", &folder.path().join("upstream")).unwrap();
    assert!(!root.join("vendor/net/.git").exists());
    let copied = "the package is there, and nothing has recorded it";
    assert_eq!(
        findings(&loaded(&folder)),
        [
            "IDP0719 idp.toml:true: `idp.lock` does not record the vendored package `net` | look at `vendor/net`, then record \
          it with `idpc vendor`"
        ],
        "{copied}"
    );
    assert_eq!(vendor::record(&root).unwrap()[0].change, Change::New);
    assert_eq!(findings(&loaded(&folder)), [""; 0]);
    let lock = fs::read_to_string(root.join(LOCK)).unwrap();
    assert_eq!(vendor::record(&root).unwrap()[0].change, Change::None);
    assert_eq!(fs::read_to_string(root.join(LOCK)).unwrap(), lock);
    for (path, text) in [("vendor/net/a.idp", "enum a { b }"), ("vendor/net/b.idp", ""), ("vendor/net/README.md", "x")]
    {
        let before = fs::read_to_string(root.join(path)).ok();
        lay(&root, &[(path, text)]);
        let found = findings(&loaded(&folder));
        assert!(found[0].starts_with("IDP0719") && found[0].contains("is not what `idp.lock` records"), "{found:?}");
        match before {
            Some(before) => fs::write(root.join(path), before).unwrap(),
            None => fs::remove_file(root.join(path)).unwrap(),
        }
        assert_eq!(findings(&loaded(&folder)), [""; 0], "{path}");
    }
    lay(&root, &[("vendor/net/a.idp", "enum a { b }")]);
    assert_eq!(vendor::record(&root).unwrap()[0].change, Change::Changed);
    assert_ne!(fs::read_to_string(root.join(LOCK)).unwrap(), lock);
    assert_eq!(findings(&loaded(&folder)), [""; 0]);
}

#[test]
fn the_hash_is_that_of_the_listing_of_sha256sum() {
    let folder =
        shop("net = { vendored = true }\n", &[("shop/vendor/net/b.idp", "abc"), ("shop/vendor/net/a/c.idp", "")]);
    let recorded = vendor::record(&folder.path().join("shop")).unwrap();
    // sha256sum a/c.idp b.idp | sha256sum
    assert_eq!(recorded[0].hash, "sha256:c48479b0019d8d7c26175f098086ab2c817c313407ef34a01b15ee76f37a3ca9");
}

#[test]
fn a_lock_file_that_does_not_fit_is_refused() {
    let vendored = "net = { vendored = true }\n";
    let files = [("shop/vendor/net/a.idp", "")];
    let with = |dependencies: &str, lock: &str| {
        let folder = shop(dependencies, &files);
        lay(folder.path(), &[("shop/idp.lock", lock)]);
        findings(&loaded(&folder))
    };
    for (lock, why) in [
        ("version = 1\n[packages\n", "is broken"),
        ("version = 2\n", "has the form 2, and this idpc reads 1"),
        ("[packages]\n", "does not say its `version`"),
        ("version = 1\n[packages]\nnet = \"sha256:12\"\n", "has no hash for `net`"),
        ("version = 1\nextra = 1\n", "has no part `extra`"),
    ] {
        let found = with(vendored, lock);
        assert!(found.len() == 1 && found[0].starts_with("IDP0720 idp.lock:: ") && found[0].contains(why), "{found:?}");
    }
    let old = format!("version = 1\n[packages]\nold = \"sha256:{}\"\n", "0".repeat(64));
    let found = with("", &old);
    assert_eq!(
        found,
        [
            "IDP0719 idp.lock:: `idp.lock` records `old`, which `[dependencies]` does not vendor | write it anew with `idpc \
          vendor`"
        ]
    );
}

#[test]
fn only_what_is_vendored_and_lies_elsewhere_can_be_copied() {
    let folder =
        shop("net = { vendored = true }\nbase = { path = \"../up\" }\n", &[("up/a.idp", "one"), ("up/b/c.idp", "")]);
    let root = folder.path().join("shop");
    let up = folder.path().join("up");
    assert!(matches!(vendor::copy(&root, "base", &up), Err(VendorError::NotVendored(_))));
    assert!(matches!(vendor::copy(&root, "net", &folder.path().join("none")), Err(VendorError::BadSource(_))));
    assert!(matches!(vendor::copy(&root, "net", &root), Err(VendorError::BadSource(_))));
    assert!(matches!(vendor::record(&root), Err(VendorError::NoCopy(_))));
    vendor::copy(&root, "net", &up).unwrap();
    fs::remove_dir_all(up.join("b")).unwrap();
    fs::write(up.join("a.idp"), "two").unwrap();
    vendor::copy(&root, "net", &up).unwrap();
    assert_eq!(fs::read_to_string(root.join("vendor/net/a.idp")).unwrap(), "two");
    assert!(!root.join("vendor/net/b").exists(), "what is gone upstream goes");
    let left: Vec<_> = fs::read_dir(root.join("vendor")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["net"]);
}

#[cfg(unix)]
#[test]
fn links_are_not_vendored() {
    let folder = shop("net = { vendored = true }\n", &[("up/a.idp", "one"), ("shop/vendor/net/a.idp", "old")]);
    std::os::unix::fs::symlink("/etc", folder.path().join("up/link")).unwrap();
    let root = folder.path().join("shop");
    assert!(matches!(vendor::copy(&root, "net", &folder.path().join("up")), Err(VendorError::Link(_))));
    assert_eq!(fs::read_to_string(root.join("vendor/net/a.idp")).unwrap(), "old", "the copy is as it was");
}

#[test]
fn a_name_never_leads_out_of_the_folder_of_vendored_packages() {
    let folder = shop("\"../net\" = { vendored = true }\n", &[("up/a.idp", ""), ("shop/net/b.idp", "team a {}\n")]);
    let root = folder.path().join("shop");
    assert!(matches!(vendor::copy(&root, "../net", &folder.path().join("up")), Err(VendorError::NotVendored(_))));
    assert!(root.join("net/b.idp").exists());
    assert_eq!(vendor::record(&root).unwrap(), []);
    let found = findings(&loaded(&folder));
    assert!(found.len() == 1 && found[0].starts_with("IDP0715"), "{found:?}");
}
