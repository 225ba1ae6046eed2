//! The same service seen from three environments differs only where the source says so.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use idpc_driver::host::Host;

/// Name, account, region and network of each environment: all that tells them apart.
const PLACES: [[&str; 4]; 3] = [
    ["dev", "111111111111", "eu-central-1", "10.1.0.0/16"],
    ["staging", "222222222222", "eu-west-1", "10.2.0.0/16"],
    ["prod", "333333333333", "us-east-1", "10.3.0.0/16"],
];

/// Words that mean the same in all environments, although the name of one is in them.
const OTHERS: &[&str] = &["idpc.dev", "acme.dev", "development", "production"];

const PLATFORM: &str = r#"
platform acme {
  prefix    = "acme"
  api_group = "platform.acme.dev"
  registry  = "ghcr.io/acme"
  gitops { repository = "https://github.com/acme/platform.git" }
}
"#;

const SERVICE: &str = r#"
team payments { email = "payments@acme.dev" }
system shop { owner = payments }

service checkout : web {
  owner = payments, system = shop, language = go, port = 8080, tier = high
  migrate = ["/app", "migrate"]
  needs {
    orders   = postgres {}
    sessions = redis {}
    receipts = bucket {}
    paid     = queue {}
    site     = domain { host = "checkout.acme.dev" }
    stripe   = secret { key = "payments/stripe" }
  }
  calls { inventory { timeout = 150ms } }
  config { LOG_LEVEL = "info", WHERE = needs.orders.host }
  slo { availability = 99.9%, latency { p99 = 500ms } }
  OVERLAY
}

service inventory : web { owner = payments, system = shop, language = rust, port = 9090, protocol = grpc }
service report : cron { owner = payments, language = python, schedule = "5 4 * * *" }
"#;

/// Every file, by its path.
type Files = BTreeMap<String, String>;

/// A workspace with the three environments, all of one stage, and an overlay in one service.
fn build(cluster: &str, overlay: &str) -> Files {
    build_on(PLATFORM, cluster, overlay)
}

fn build_on(platform: &str, cluster: &str, overlay: &str) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write("idp.toml", "[workspace]\nname = \"acme\"\nedition = \"2026\"\n");
    write("platform/platform.idp", platform);
    let environments: Vec<String> = PLACES
        .iter()
        .map(|[name, account, region, range]| {
            format!(
                "environment {name} {{\n  stage = development\n  account = \"{account}\"\n  region = \"{region}\"\n  \
                 network {{ data_cidrs = [\"{range}\"], cloud_cidrs = [\"{range}\"] }}\n  {cluster}\n}}\n"
            )
        })
        .collect();
    write("platform/environments.idp", &environments.concat());
    write("services/checkout/service.idp", &SERVICE.replace("OVERLAY", overlay));
    idpc_tests::build(folder.path())
}

/// The files of one environment, with its name and facts replaced in paths and in texts.
fn seen(files: &Files, [name, account, region, range]: [&str; 4]) -> Files {
    let folders = ["apps", "bootstrap", "envs", "platform", "rules"];
    let replaced = |text: &str| {
        let mut text = text.to_owned();
        for (index, word) in OTHERS.iter().enumerate() {
            text = text.replace(word, &format!("\u{1}{index}\u{1}"));
        }
        text = text.replace(account, "ACCOUNT").replace(region, "REGION").replace(range, "RANGE");
        text = text.replace(name, "ENVIRONMENT");
        for (index, word) in OTHERS.iter().enumerate() {
            text = text.replace(&format!("\u{1}{index}\u{1}"), word);
        }
        // A digest of what has the name of the environment in it.
        let lines = text.split_inclusive('\n').map(|line| match line.split_once("checksum/config: ") {
            Some((before, _)) => format!("{before}checksum/config: DIGEST\n"),
            None => line.to_owned(),
        });
        lines.collect::<String>()
    };
    let own = |path: &str| {
        let (folder, rest) = path.split_once('/').unwrap_or((path, ""));
        folders.contains(&folder) && rest.split(['/', '.']).next() == Some(name)
    };
    let mine = files.iter().filter(|(path, _)| own(path));
    mine.map(|(path, text)| (path.replacen(name, "ENVIRONMENT", 1), replaced(text))).collect()
}

/// The lines that one text has and the other lacks, in both directions, with the file's path.
fn differences(one: &Files, other: &Files) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in one {
        let there = other.get(path).map(String::as_str).unwrap_or_default();
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<String>>();
        found.extend(lines(text).difference(&lines(there)).map(|line| format!("{path}: {}", line.trim())));
    }
    found
}

#[test]
fn without_a_word_about_environments_all_three_are_the_same() {
    let files = build("", "");
    let [dev, staging, prod] = PLACES.map(|place| seen(&files, place));
    assert!(dev.len() > 25, "only {} files belong to an environment", dev.len());
    for (name, other) in [("staging", &staging), ("prod", &prod)] {
        assert_eq!(dev.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (path, text) in &dev {
            let there = &other[path];
            let first = text.lines().zip(there.lines()).find(|(one, two)| one != two);
            assert!(text == there, "{path} of dev and of {name}: {first:?}");
        }
    }
}

#[test]
fn an_overlay_changes_what_follows_from_it_and_nothing_else() {
    let files = build("", "in staging { memory = 512MiB, replicas = 3..6, config { LOG_LEVEL = \"debug\" } }");
    let [dev, staging, prod] = PLACES.map(|place| seen(&files, place));
    assert_eq!(differences(&dev, &prod), BTreeSet::new());
    let changed: Vec<String> = differences(&staging, &dev).into_iter().collect();
    assert_eq!(
        changed,
        [
            "envs/ENVIRONMENT/checkout/app/workload.yaml: GOMEMLIMIT: 409MiB",
            "envs/ENVIRONMENT/checkout/app/workload.yaml: LOG_LEVEL: debug",
            "envs/ENVIRONMENT/checkout/app/workload.yaml: maxReplicas: 6",
            "envs/ENVIRONMENT/checkout/app/workload.yaml: memory: 512Mi",
            "envs/ENVIRONMENT/checkout/app/workload.yaml: minReplicas: 3",
        ]
    );
    assert_eq!(differences(&dev, &staging).len(), changed.len());
}

#[test]
fn a_setting_that_every_process_is_told_restarts_it() {
    let digests = |files: &Files| {
        let lines = files["envs/prod/checkout/app/workload.yaml"].lines();
        lines.filter(|line| line.contains("checksum/config: ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let told =
        |setting: &str| digests(&build_on(&PLATFORM.replace("registry", &format!("{setting}\n  registry")), "", ""));
    let before = told("");
    assert!(!before.is_empty());
    assert_ne!(told("telemetry { sampling = 1% }"), before);
    assert_ne!(told("telemetry { endpoint = \"http://otel.acme.svc:4317\" }"), before);
    assert_eq!(told("quota { pods = 20 }"), before, "it configures no process");
}

/// Each object in a text: API group, kind, namespace and name, with the whole of it except for remarks.
fn objects(text: &str) -> Vec<(String, String)> {
    let named = |document: &str| {
        let field = |prefix: &str| {
            document.lines().find_map(|line| line.strip_prefix(prefix)).unwrap_or_default().trim_matches('"').to_owned()
        };
        let group = field("apiVersion: ").rsplit_once('/').map(|(group, _)| group.to_owned()).unwrap_or_default();
        (!field("kind: ").is_empty())
            .then(|| format!("{group}/{} {}/{}", field("kind: "), field("  namespace: "), field("  name: ")))
    };
    let content =
        |document: &str| document.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    text.split("\n---\n").filter_map(|document| Some((named(document)?, content(document)))).collect()
}

#[test]
fn environments_that_share_a_cluster_agree_on_what_they_share() {
    let files = build("cluster { server = \"https://shared.acme.dev\" }", "");
    let mut owners: BTreeMap<String, BTreeMap<String, &String>> = BTreeMap::new();
    for (path, text) in &files {
        let applied = path.starts_with("envs/") || path.starts_with("platform/") || path.starts_with("apps/");
        if applied && !path.ends_with("/kustomization.yaml") {
            for (object, content) in objects(text) {
                let earlier = owners.entry(object.clone()).or_default().insert(content.trim().to_owned(), path);
                // What belongs to a service exists once, whatever is in it.
                assert!(earlier.is_none_or(|_| path.starts_with("platform/")), "{object} in {path} and in {earlier:?}");
            }
        }
    }
    assert!(owners.len() > 100, "only {} objects were found", owners.len());
    let unlike: BTreeMap<_, Vec<_>> = owners
        .iter()
        .filter(|(_, found)| found.len() > 1)
        .map(|(name, found)| (name, found.values().collect()))
        .collect();
    assert!(unlike.is_empty(), "the same object with different contents: {unlike:#?}");
}

/// The findings about a workspace whose only need is a value that a store keeps.
fn findings_about_a_kept_value(store: &str, region: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("idp.toml"), "[workspace]\nname = \"acme\"\nedition = \"2026\"\n").unwrap();
    fs::create_dir(folder.path().join("platform")).unwrap();
    let platform = PLATFORM.replace("registry", &format!("{store}\n  registry"));
    let environment = format!("environment dev {{\n  stage = development\n  {region}\n}}\n");
    fs::write(folder.path().join("platform/platform.idp"), platform + &environment).unwrap();
    let service = "team a {}\nservice checkout : worker {\n  owner = a, language = go\n  \
                   needs { stripe = secret { key = \"payments/stripe\" } }\n}\n";
    fs::write(folder.path().join("service.idp"), service).unwrap();
    let host = Host::load(folder.path()).unwrap();
    let examination = host.examine();
    let said = |finding: &idpc_model::diagnostic::Diagnostic| {
        let path = examination.model.path(finding.primary.file);
        format!("{} {path}: {} ({})", finding.code.id(), finding.message, finding.primary_label)
    };
    examination.diagnostics.iter().map(said).collect()
}

#[test]
fn a_store_in_the_cloud_asks_for_the_region() {
    assert_eq!(
        findings_about_a_kept_value("", ""),
        [
            "IDP0752 platform/platform.idp: the environment `dev` has no `region` (the store of secrets is one of a region)"
        ]
    );
    assert_eq!(findings_about_a_kept_value("", "region = \"eu-central-1\""), [""; 0]);
    let vault = "secrets { store = vault, vault { server = \"https://vault.acme.dev\" } }";
    assert_eq!(findings_about_a_kept_value(vault, ""), [""; 0]);
}
