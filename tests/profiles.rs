//! The profile that the platform names owns every API version: nothing that a target writes has one of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use idpc_driver::host::Host;
use idpc_tests::copy;
use serde_json::Value;

/// The targets whose versions a profile owns.
const OWNED: &[&str] = &["argocd", "crossplane"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The largest example with other settings at the top of its platform.
fn shop(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&repository().join("examples/astronomy-shop"), folder.path());
    let platform = folder.path().join("platform/platform.idp");
    let text = fs::read_to_string(&platform).unwrap();
    let line = text.lines().find(|line| line.starts_with("platform ")).unwrap();
    fs::write(&platform, text.replacen(line, &format!("{line}\n{settings}"), 1)).unwrap();
    folder
}

/// Every version and package of a profile, changed.
fn marked(profile: &Value) -> Value {
    match profile {
        Value::String(text) if text.contains("xpkg.") => Value::String(format!("{text}-marked")),
        Value::String(text) if text.contains('/') => {
            let (group, _) = text.split_once('/').unwrap();
            Value::String(format!("marked.{group}/v9"))
        }
        Value::Array(items) => items.iter().map(marked).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), marked(value))).collect(),
        other => other.clone(),
    }
}

/// Writes a profile `2099-q1` into the workspace that differs from the built-in one in every version.
fn write_profiles(workspace: &Path, form: &str) {
    let profiles = [format!("crossplane/profiles/2026-q4/{form}.json"), "argocd/profiles/2026-q4.json".to_owned()];
    for profile in profiles {
        let text = fs::read_to_string(repository().join("targets").join(&profile)).unwrap();
        let changed = marked(&serde_json::from_str(&text).unwrap());
        let file = workspace.join("targets").join(profile.replace("2026-q4", "2099-q1"));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, changed.to_string()).unwrap();
    }
}

#[test]
fn another_profile_changes_every_version() {
    for form in ["claims", "composites"] {
        let folder = shop(&format!("  crossplane = {form}\n  profile = \"2099-q1\""));
        write_profiles(folder.path(), form);
        let host = Host::load(folder.path()).unwrap();
        let examination = host.examine();
        assert!(examination.diagnostics.is_empty(), "{:?}", examination.diagnostics);
        assert!(examination.templates.is_empty(), "{:?}", examination.templates);
        let emission = host.emit(&examination.model, None);
        let (mut versions, mut packages) = (0, 0);
        for file in emission.artifacts.iter().filter(|file| OWNED.contains(&&*file.target)) {
            for line in file.text.text().unwrap().lines().map(str::trim_start) {
                if let Some(version) = line.strip_prefix("apiVersion: ").or_else(|| line.strip_prefix("- apiVersion: "))
                {
                    // What is not the target's to choose: the core of Kubernetes, and the workspace's own group.
                    let own = version == "v1" || version.starts_with("platform.astronomy.example/");
                    assert!(own || version.starts_with("marked."), "{}: {line}", file.path);
                    versions += 1;
                }
                if let Some(package) = line.strip_prefix("package: ") {
                    assert!(package.ends_with("-marked"), "{}: {line}", file.path);
                    packages += 1;
                }
            }
        }
        assert!(versions > 500 && packages > 20, "only {versions} versions and {packages} packages were looked at");
    }
}

#[test]
fn an_old_profile_has_no_composites() {
    let folder = shop("  crossplane = composites\n  profile = \"2025-q2\"");
    let examination = Host::load(folder.path()).unwrap().examine();
    let [finding] = examination.diagnostics.as_slice() else { panic!("{:?}", examination.diagnostics) };
    assert_eq!(finding.code.id(), "IDP0755");
    assert_eq!(finding.help.as_deref(), Some("there is `claims`"));
}
