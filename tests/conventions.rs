//! The tables in `docs/conventions.md` are what is written: labels, annotations and environment variables.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const PLATFORM: &str = r#"
platform acme {
  prefix    = "acme"
  api_group = "platform.acme.dev"
  gitops { repository = "https://github.com/acme/platform.git" }
  telemetry { instrumentation = "observability/default" }
}

environment dev {
  stage   = development
  region  = "eu-central-1"
  account = "111111111111"
  network { cloud_cidrs = ["10.1.0.0/16"] }
}
"#;

const SERVICES: &str = r#"
team payments {}
system shop { owner = payments }

service checkout : web {
  owner = payments, system = shop, language = go, port = 8080
  migrate = ["/app", "migrate"]
  needs {
    postgres = postgres {}
    redis    = redis {}
    bucket   = bucket {}
    queue    = queue {}
    topic    = topic {}
    domain   = domain { host = "checkout.acme.dev" }
    secret   = secret { key = "payments/stripe" }
  }
}

service carts : worker { owner = payments, system = shop, language = java }
service pages : worker { owner = payments, system = shop, language = node }
service report : cron { owner = payments, system = shop, language = python, schedule = "5 4 * * *" }
"#;

/// The Kubernetes objects that workload Applications read.
fn objects() -> Vec<Value> {
    let own = |path: &str| path.contains("/app/") && !path.ends_with("/kustomization.yaml");
    built(PLATFORM, SERVICES, own)
}

/// The Kubernetes objects in files with these paths.
fn built(platform: &str, services: &str, wanted: impl Fn(&str) -> bool) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("idp.toml"), "[workspace]\nname = \"acme\"\nedition = \"2026\"\n").unwrap();
    fs::create_dir(folder.path().join("platform")).unwrap();
    fs::write(folder.path().join("platform/platform.idp"), platform).unwrap();
    fs::write(folder.path().join("services.idp"), services).unwrap();
    let files = idpc_tests::build(folder.path());
    let texts = files.iter().filter(|(path, _)| wanted(path) && path.ends_with(".yaml")).map(|(_, text)| text);
    let documents = texts.flat_map(|text| text.split("\n---\n"));
    documents.filter(|text| text.contains("kind: ")).map(|text| serde_saphyr::from_str(text).unwrap()).collect()
}

/// The first cells with code of the tables below one heading, one set of names for each row.
fn table(heading: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/conventions.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let found: Vec<_> = rows.map(|row| row.split('|').skip(1).map(names).collect::<Vec<_>>()).collect();
    assert!(!found.is_empty(), "there is no table below `{heading}`");
    found.into_iter().map(|cells| cells.concat()).collect()
}

/// What the first column of a table names.
fn column(heading: &str) -> BTreeSet<String> {
    table(heading).into_iter().filter_map(|row| row.into_iter().next()).collect()
}

/// The keys of each object that stands under this key inside of a `metadata`.
fn keys(value: &Value, wanted: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::Object(inner)) = fields.get("metadata").and_then(|metadata| metadata.get(wanted)) {
                found.extend(inner.keys().cloned());
            }
            fields.values().for_each(|inner| keys(inner, wanted, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| keys(inner, wanted, found)),
        _ => {}
    }
}

fn of<'o>(objects: &'o [Value], kind: &str, name: &str) -> &'o Value {
    let named = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
    objects.iter().find(named).unwrap()
}

#[test]
fn every_label_is_in_the_table() {
    let objects = objects();
    let mut found = BTreeSet::new();
    keys(of(&objects, "Deployment", "checkout"), "labels", &mut found);
    assert_eq!(found, column("Labels"));
}

#[test]
fn every_annotation_is_in_the_table() {
    let mut found = BTreeSet::new();
    objects().iter().for_each(|object| keys(object, "annotations", &mut found));
    // A release writes it, and no build.
    found.insert(String::from("org.opencontainers.image.revision"));
    assert_eq!(found, column("Annotations"));
}

#[test]
fn every_output_of_a_need_is_a_variable_in_the_table() {
    let objects = objects();
    let mut found: BTreeSet<String> =
        of(&objects, "ConfigMap", "checkout-config")["data"].as_object().unwrap().keys().cloned().collect();
    let container = &of(&objects, "Deployment", "checkout")["spec"]["template"]["spec"]["containers"][0];
    for variable in container["env"].as_array().unwrap() {
        found.insert(variable["name"].as_str().unwrap().to_owned());
    }
    let mut told = BTreeSet::new();
    for row in table("Variables of needs") {
        let (kind, variables) = row.split_first().unwrap();
        // In the service above each need is named after its kind.
        told.extend(variables.iter().map(|variable| variable.replace("<NEED>", &kind.to_uppercase())));
    }
    assert_eq!(found, told);
}

#[test]
fn every_variable_of_the_runtime_is_in_the_table() {
    let objects = objects();
    let mut found = BTreeSet::new();
    for service in ["checkout", "carts", "pages", "report"] {
        let data = &of(&objects, "ConfigMap", &format!("{service}-runtime"))["data"];
        found.extend(data.as_object().unwrap().keys().cloned());
    }
    assert_eq!(found, column("Variables of the runtime"));
}

#[test]
fn telemetry_says_what_labels_say() {
    let objects = objects();
    let labels = &of(&objects, "Deployment", "checkout")["spec"]["template"]["metadata"]["labels"];
    let label = |name: &str| labels[format!("idpc.dev/{name}")].as_str().unwrap().to_owned();
    let runtime = &of(&objects, "ConfigMap", "checkout-runtime")["data"];
    assert_eq!(runtime["OTEL_SERVICE_NAME"], label("service"));
    let wanted = [
        format!("deployment.environment.name={}", label("environment")),
        format!("service.namespace={}", label("system")),
        format!("tier={}", label("tier")),
    ];
    assert_eq!(runtime["OTEL_RESOURCE_ATTRIBUTES"], wanted.join(","));
    let annotations = &of(&objects, "Deployment", "checkout")["spec"]["template"]["metadata"]["annotations"];
    for attribute in &wanted {
        let (name, value) = attribute.split_once('=').unwrap();
        assert_eq!(annotations[format!("resource.opentelemetry.io/{name}")], value);
    }
    assert_eq!(annotations["instrumentation.opentelemetry.io/inject-sdk"], "observability/default");
    let pages = &of(&objects, "Deployment", "pages")["spec"]["template"]["metadata"]["annotations"];
    assert_eq!(pages["instrumentation.opentelemetry.io/inject-nodejs"], "observability/default");
}

#[test]
fn a_namespace_is_bounded_by_its_team_or_else_by_the_platform() {
    let platform = PLATFORM.replace("  prefix", "  quota { cpu = 12.5, pods = 40 }\n  prefix");
    let services = SERVICES
        .replace("team payments {}", "team payments { quota { memory = 64GiB, pods = 60 } }\nteam b {}")
        + "service other : worker { owner = b, language = java }\n";
    let quotas = |platform: &str| {
        let objects = built(platform, &services, |path| path == "platform/dev/namespaces/access.yaml");
        let quotas = objects.into_iter().filter(|object| object["kind"] == "ResourceQuota");
        quotas.map(|quota| (quota["metadata"]["namespace"].clone(), quota["spec"]["hard"].clone())).collect::<Vec<_>>()
    };
    let bounded = quotas(&platform);
    let of = |namespace: &str| bounded.iter().find(|(name, _)| name == namespace).map(|(_, hard)| hard.clone());
    let own = serde_json::json!({ "pods": "60", "requests.cpu": "12.5", "requests.memory": "64Gi" });
    assert_eq!(of("checkout"), Some(own));
    assert_eq!(of("other"), Some(serde_json::json!({ "pods": "40", "requests.cpu": "12.5" })));
    // Without a word of the platform, only that team is bounded that says so.
    assert!(quotas(PLATFORM).iter().all(|(namespace, _)| namespace != "other"));
}
