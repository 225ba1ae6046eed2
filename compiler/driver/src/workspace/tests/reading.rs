//! Which files are read, and as what.

use std::fs;

use idpc_model::source::Role;

use super::{MINIMAL, findings, lay, load, paths};
use crate::workspace::LIMIT;

#[test]
fn sources_are_all_below_the_root_but_those_left_out() {
    let folder = tempfile::tempdir().unwrap();
    lay(
        folder.path(),
        &[
            ("idp.toml", MINIMAL),
            (".gitignore", "*.draft.idp\n/vendor/\n"),
            (".ignore", "secret.idp\n"),
            ("services/.gitignore", "old/\n"),
            ("b.idp", ""),
            ("a/z.idp", ""),
            ("a.idp", ""),
            ("x.draft.idp", ""),
            ("secret.idp", ""),
            ("vendor/v.idp", ""),
            ("services/old/o.idp", ""),
            ("services/new/n.idp", ""),
            ("out/generated.idp", ""),
            (".hidden/h.idp", ""),
            ("nested/idp.toml", MINIMAL),
            ("nested/n.idp", ""),
            ("notes.txt", ""),
            ("deep/out/kept.idp", ""),
        ],
    );
    assert_eq!(paths(&load(folder.path())), ["a.idp", "a/z.idp", "b.idp", "deep/out/kept.idp", "services/new/n.idp"]);
}

#[test]
fn ignore_files_above_the_workspace_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    lay(
        folder.path(),
        &[(".gitignore", "*.idp\n"), (".ignore", "*\n"), ("shop/idp.toml", MINIMAL), ("shop/a.idp", "")],
    );
    fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(paths(&load(&folder.path().join("shop"))), ["a.idp"]);
}

#[test]
fn the_folder_decides_what_a_file_may_declare() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("platform/p.idp", Role::Platform),
        ("platform/deep/p.idp", Role::Platform),
        ("platform.idp", Role::Application),
        ("platforms/a.idp", Role::Application),
        ("services/platform/a.idp", Role::Application),
    ];
    lay(folder.path(), &[("idp.toml", MINIMAL)]);
    files.iter().for_each(|(path, _)| lay(folder.path(), &[(path, "")]));
    let loaded = load(folder.path());
    for (path, role) in files {
        assert_eq!(loaded.files.iter().find(|file| file.path == path).unwrap().role, role, "{path}");
    }
    lay(folder.path(), &[("idp.toml", &format!("{MINIMAL}platform = \"./services/platform/\"\n"))]);
    let roles: Vec<(String, Role)> = load(folder.path()).files.into_iter().map(|file| (file.path, file.role)).collect();
    assert!(roles.contains(&("services/platform/a.idp".to_owned(), Role::Platform)), "{roles:?}");
    assert!(roles.contains(&("platform/p.idp".to_owned(), Role::Application)), "{roles:?}");
}

#[test]
fn files_that_are_no_text_or_too_large_are_named_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let limit = usize::try_from(LIMIT).unwrap();
    lay(
        folder.path(),
        &[
            ("idp.toml", MINIMAL),
            ("fits.idp", &" ".repeat(limit)),
            ("large.idp", &" ".repeat(limit + 1)),
            ("z.idp", "ok"),
        ],
    );
    fs::write(folder.path().join("latin.idp"), b"// caf\xe9\n").unwrap();
    let loaded = load(folder.path());
    assert_eq!(paths(&loaded), ["fits.idp", "z.idp"]);
    assert_eq!(
        findings(&loaded),
        [
            "IDP0723 large.idp:: `large.idp` is larger than 1 MiB | split it into several files",
            "IDP0724 latin.idp:: `latin.idp` is not UTF-8, from byte 6 on | save the file as UTF-8",
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_only_within_the_workspace() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("shop");
    lay(&root, &[("idp.toml", MINIMAL), ("a/real.idp", "inside")]);
    lay(folder.path(), &[("outside/secret.idp", "secret")]);
    symlink(root.join("a/real.idp"), root.join("link.idp")).unwrap();
    symlink(folder.path().join("outside/secret.idp"), root.join("leak.idp")).unwrap();
    symlink(folder.path().join("outside"), root.join("folder")).unwrap();
    symlink(root.join("nothing"), root.join("dangling.idp")).unwrap();
    let loaded = load(&root);
    assert_eq!(paths(&loaded), ["a/real.idp", "link.idp"]);
    assert_eq!(
        findings(&loaded),
        ["dangling", "leak"].map(|name| format!(
            "IDP0721 {name}.idp:: `{name}.idp` is a link that leads out of its workspace or package | copy the file, such \
             links are not followed"
        ))
    );
}

#[cfg(unix)]
#[test]
fn the_output_folder_may_not_lie_behind_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("shop");
    lay(&root, &[("idp.toml", &format!("{MINIMAL}[build]\nout = \"gen/out\"\n"))]);
    std::os::unix::fs::symlink(folder.path(), root.join("gen")).unwrap();
    assert_eq!(
        findings(&load(&root)),
        ["IDP0714 idp.toml:\"gen/out\": the output folder lies behind the link `gen` | name the folder itself"]
    );
}

#[test]
fn targets_and_hand_made_objects_are_read_too() {
    let folder = tempfile::tempdir().unwrap();
    lay(
        folder.path(),
        &[
            ("idp.toml", MINIMAL),
            ("targets/argocd/service.hbs", "t"),
            ("targets/own/target.json", "{}"),
            ("targets/own/kinds/redis/claim.hbs", "k"),
            ("targets/own/README.md", "no template"),
            ("targets/stray.hbs", "no target"),
            ("services/checkout/service.idp", ""),
            ("services/checkout/extras/prod/topic.yaml", "topic"),
            ("services/checkout/extras/prod/notes.txt", ""),
            ("services/checkout/extras/all.yaml", "no environment"),
            ("services/empty/extras/prod/topic.yaml", "no service"),
            ("a.idp", ""),
            ("extras/dev/a.yml", "at the top"),
        ],
    );
    let loaded = load(folder.path());
    let templates: Vec<(&str, &str)> =
        loaded.templates.iter().map(|(path, text)| (path.as_str(), text.as_ref())).collect();
    assert_eq!(templates, [("argocd/service.hbs", "t"), ("own/kinds/redis/claim.hbs", "k"), ("own/target.json", "{}")]);
    let extras: Vec<[&str; 5]> = loaded
        .extras
        .iter()
        .map(|extra| [&extra.folder, &extra.env, &extra.name, &extra.path, extra.text.as_ref()].map(|text: &str| text))
        .collect();
    assert_eq!(
        extras,
        [
            ["", "dev", "a.yml", "extras/dev/a.yml", "at the top"],
            ["services/checkout", "prod", "topic.yaml", "services/checkout/extras/prod/topic.yaml", "topic"],
        ]
    );
}
