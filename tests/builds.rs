//! One workspace gives the same bytes, whatever the folder and the number of threads.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use idpc_driver::host::Host;
use idpc_tests::copy;

/// Builds the workspace in a folder on so many threads: path to text.
fn build(folder: &Path, threads: usize) -> BTreeMap<String, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| idpc_tests::build(folder))
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples").join(name)
}

#[test]
fn one_and_two_threads_in_two_folders_give_the_same_bytes() {
    for name in ["online-boutique", "astronomy-shop", "acme"] {
        let here = tempfile::tempdir().unwrap();
        let there = tempfile::tempdir().unwrap();
        let deeper = there.path().join("a").join("b");
        copy(&example(name), here.path());
        copy(&example(name), &deeper);
        let one = build(here.path(), 1);
        let two = build(&deeper, 2);
        assert!(one.len() > 100, "{name}: only {} files", one.len());
        assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
        for (path, text) in &one {
            assert_eq!(Some(text), two.get(path), "{name}: {path} differs");
            assert!(!text.contains(&*here.path().to_string_lossy()), "{name}: {path} names the folder it was built in");
        }
    }
}

#[test]
fn an_edit_of_one_service_changes_its_own_files_only() {
    let folder = tempfile::tempdir().unwrap();
    copy(&example("online-boutique"), folder.path());
    let before = build(folder.path(), 2);
    let source = folder.path().join("services/adservice/service.idp");
    let text = std::fs::read_to_string(&source).unwrap();
    let at = text.find('{').unwrap() + 1;
    let edited = format!("{}\n  memory = 777MiB\n{}", &text[..at], &text[at..]);
    assert_ne!(text, edited);
    // The field may be set already; then the edit would be an error and prove nothing.
    std::fs::write(&source, edited.replacen("\n  memory   = ", "\n  // ", 1)).unwrap();
    let after = build(folder.path(), 2);
    let changed: Vec<&String> =
        before.iter().filter(|(path, text)| after.get(*path) != Some(text)).map(|(path, _)| path).collect();
    assert!(!changed.is_empty(), "the edit changed nothing");
    assert!(changed.iter().all(|path| path.contains("adservice")), "{changed:?}");
}

#[test]
fn a_comment_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    copy(&example("online-boutique"), folder.path());
    let before = build(folder.path(), 2);
    let source = folder.path().join("services/frontend/service.idp");
    let text = std::fs::read_to_string(&source).unwrap();
    std::fs::write(&source, format!("// A remark.\n\n{text}")).unwrap();
    assert_eq!(before, build(folder.path(), 2));
}

#[test]
fn a_platform_team_adds_a_kind_a_path_and_a_package_without_a_finding() {
    let host = Host::load(&example("acme")).unwrap();
    assert!(host.loaded.errors.is_empty(), "{:?}", host.loaded.errors);
    let examination = host.examine();
    assert!(examination.diagnostics.is_empty(), "{:?}", examination.diagnostics);
    assert!(examination.templates.is_empty(), "{:?}", examination.templates);
    assert!(host.loaded.packages.iter().any(|package| package.name == "baseline" && !package.files.is_empty()));
    let files = build(&example("acme"), 2);
    let of = |path: &str| files.get(path).map(String::as_str).unwrap_or_default();
    assert!(of("platform/prod/crossplane/table.yaml").contains("kind: Table\n"), "the kind is composed");
    assert!(
        of("platform/prod/crossplane/providers.yaml").contains("provider-aws-dynamodb"),
        "its provider is installed"
    );
    assert!(of("platform/prod/crossplane/providers.yaml").contains("provider-aws-s3"), "and those of the other kinds");
    assert!(of("envs/prod/products/infra/claims.yaml").contains("name: tables-shared."), "nobody owns what is shared");
    let grant = of("envs/prod/shop/infra/claims.yaml");
    assert!(grant.contains("dynamodb:GetItem") && !grant.contains("dynamodb:PutItem"), "the shop only reads: {grant}");
}

#[test]
fn an_amendment_of_a_target_is_blamed_where_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    copy(&example("acme"), folder.path());
    let path = folder.path().join("targets/crossplane/target.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let extra = "  \"files\": [{ \"per\": \"kind\", \"path\": \"x/{kind_nam}.yaml\", \"template\": \"kind.hbs\", \"format\": \"yaml\" }],\n";
    std::fs::write(&path, text.replacen("{\n", &format!("{{\n{extra}"), 1)).unwrap();
    let templates = Host::load(folder.path()).unwrap().examine().templates;
    let [error] = templates.as_slice() else { panic!("{templates:?}") };
    assert!(error.starts_with("targets/crossplane/target.json:2:"), "{error}");
    std::fs::write(&path, "{\n  \"data\": \n}\n").unwrap();
    let templates = Host::load(folder.path()).unwrap().examine().templates;
    assert!(templates[0].starts_with("targets/crossplane/target.json:3:"), "{templates:?}");
}
