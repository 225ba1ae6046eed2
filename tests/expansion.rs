//! What the claims of one workspace with every kind in every way ask the cloud for.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed, and what it looks for must be there"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use idpc_driver::host::Host;
use idpc_emit::artifact::Unit;
use idpc_expand::{Composed, Expansion, Source, expand};
use idpc_tests::copy;
use serde_json::{Value, json};

const ENVIRONMENTS: [(&str, &str, &str); 2] =
    [("dev", "eu-central-1", "111122223333"), ("prod", "eu-west-1", "444455556666")];

fn kinds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kinds")
}

/// The workspace after a change of its sources.
fn changed(change: impl Fn(&Path, String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&kinds(), folder.path());
    for file in ["platform/platform.idp", "services/studio.idp"] {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, change(Path::new(file), text)).unwrap();
    }
    folder
}

/// The expansion of each environment.
fn expanded(folder: &Path) -> BTreeMap<String, Expansion> {
    let host = Host::load(folder).unwrap();
    let analysis = host.examine();
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics);
    let emission = host.emit(&analysis.model, Some(&["crossplane".to_owned()]));
    assert!(emission.errors.is_empty(), "{:?}", emission.errors);
    let environments = analysis.model.environments.iter().map(|environment| {
        let files: Vec<(String, String, bool)> = emission
            .artifacts
            .iter()
            .filter(|file| file.path.as_str().ends_with(".yaml") && file.unit.env() == Some(&environment.name))
            .map(|file| {
                let is_wanted = !matches!(file.unit, Unit::Platform { .. });
                (file.path.to_string(), file.text.text().unwrap(), is_wanted)
            })
            .collect();
        let sources: Vec<Source<'_>> =
            files.iter().map(|(path, text, is_wanted)| Source { path, text, is_wanted: *is_wanted }).collect();
        let expansion = expand(&sources);
        assert_eq!(expansion.errors, Vec::<String>::new());
        (environment.name.to_string(), expansion)
    });
    environments.collect()
}

fn form(name: &'static str) -> tempfile::TempDir {
    changed(move |file, text| match file.ends_with("platform.idp") {
        true => text.replacen("platform acme {", &format!("platform acme {{\n  crossplane = {name}"), 1),
        false => text,
    })
}

fn external_name(object: &Value) -> Option<&str> {
    object["metadata"]["annotations"]["crossplane.io/external-name"].as_str()
}

#[test]
fn both_forms_ask_for_the_same() {
    let (claims, composites) = (expanded(form("claims").path()), expanded(form("composites").path()));
    for (environment, region, _) in ENVIRONMENTS {
        let (old, new) = (&claims[environment], &composites[environment]);
        assert!(old.composed.len() > 100, "{environment}: only {} resources", old.composed.len());
        assert_eq!(old.waiting, new.waiting);
        assert_eq!(old.composed.len(), new.composed.len());
        for (old, new) in old.composed.iter().zip(&new.composed) {
            assert_eq!((&old.claim, &old.part), (&new.claim, &new.part));
            // Under the same name, or the new form would make a second one.
            assert_eq!(external_name(&old.object), external_name(&new.object), "{} {}", old.claim, old.part);
            let version = new.object["apiVersion"].as_str().unwrap();
            let inside = version.strip_prefix("postgresql.sql.m.crossplane.io/");
            assert!(version.ends_with(".aws.m.upbound.io/v1beta1") || inside == Some("v1alpha1"), "{version}");
            // In a database it is the server that is named, and its settings lie beside it.
            let providers = [old, new].map(|one| one.object["spec"]["providerConfigRef"].clone());
            match (inside, &providers) {
                (None, providers) => {
                    let provider = json!({"name": environment, "kind": "ClusterProviderConfig"});
                    assert_eq!(*providers, [json!({"name": environment}), provider]);
                }
                (Some(_), [Value::Null, Value::Null]) => assert_eq!(new.part, "administration"),
                (Some(_), [old, new]) => assert_eq!(*new, json!({"kind": "ProviderConfig", "name": old["name"]})),
            }
            let policies = ("managementPolicies", &old.object["spec"]["managementPolicies"]);
            assert_eq!(*policies.1, new.object["spec"][policies.0], "{} {}", old.claim, old.part);
            assert!(new.object["spec"].get("deletionPolicy").is_none());
            let regions = [&old.object, &new.object].map(|object| object["spec"]["forProvider"]["region"].clone());
            assert_eq!(regions[0], regions[1]);
            assert!(regions[0].is_null() || regions[0] == region);
        }
    }
}

/// The parts of one claim by name.
fn parts<'e>(expansion: &'e Expansion, claim: &str) -> BTreeMap<&'e str, &'e Value> {
    let mine = expansion.composed.iter().filter(|one| one.claim == claim);
    mine.map(|one| (one.part.as_str(), &one.object)).collect()
}

/// The bucket of the founding example: encrypted with a key of its own, kept for 30 days, tagged, with the right
/// permissions. Each object is asserted as a whole.
#[test]
fn a_bucket_is_complete() {
    let expansions = expanded(&kinds());
    let found = parts(&expansions["prod"], "Bucket studio/studio-files");
    let name = "acme-studio-files-prod-444455556666";
    let tags = json!({
        "cost-center": "CC-7", "data-class": "restricted", "environment": "prod", "managed-by": "idpc",
        "owner": "media", "service": "studio"
    });
    let spec = |part: &str| found[part]["spec"]["forProvider"].clone();
    assert_eq!(spec("bucket"), json!({"forceDestroy": false, "region": "eu-west-1", "tags": tags}));
    assert_eq!(
        spec("public-access-block"),
        json!({
            "blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true,
            "restrictPublicBuckets": true, "region": "eu-west-1", "bucket": name
        })
    );
    assert_eq!(
        spec("ownership"),
        json!({"rule": {"objectOwnership": "BucketOwnerEnforced"}, "region": "eu-west-1", "bucket": name})
    );
    assert_eq!(
        spec("encryption"),
        json!({
            "rule": [{"bucketKeyEnabled": true, "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms", "kmsMasterKeyIdSelector": {"matchControllerRef": true}
            }}],
            "region": "eu-west-1", "bucket": name
        })
    );
    let mut key = spec("key");
    assert!(key["policy"].take().as_str().unwrap().contains("\"kms:CallerAccount\": \"444455556666\""));
    assert_eq!(
        key,
        json!({
            "enableKeyRotation": true, "deletionWindowInDays": 30, "region": "eu-west-1", "tags": tags,
            "description": format!("Encrypts {name}"), "policy": null
        })
    );
    assert_eq!(spec("alias"), json!({"targetKeyIdSelector": {"matchControllerRef": true}, "region": "eu-west-1"}));
    assert_eq!(
        spec("versioning"),
        json!({"versioningConfiguration": {"status": "Enabled"}, "region": "eu-west-1", "bucket": name})
    );
    assert_eq!(
        spec("lifecycle"),
        json!({
            "rule": [{
                "id": "retention", "status": "Enabled", "filter": [{"prefix": ""}],
                "abortIncompleteMultipartUpload": [{"daysAfterInitiation": 7}],
                "noncurrentVersionExpiration": [{"noncurrentDays": 30}],
                "expiration": [{"days": 30}]
            }],
            "region": "eu-west-1", "bucket": name
        })
    );
    let policy: Value = serde_json::from_str(spec("policy")["policy"].as_str().unwrap()).unwrap();
    assert_eq!(policy["Statement"][0]["Effect"], "Deny");
    assert_eq!(policy["Statement"][0]["Condition"], json!({"Bool": {"aws:SecureTransport": "false"}}));
    assert_eq!(spec("access")["role"], "acme-studio-prod");
    let named: Vec<&str> = found.values().filter_map(|object| external_name(object)).collect();
    assert_eq!(named, vec![name; named.len()], "everything that can be named has the name of the bucket");
    assert_eq!((found.len(), named.len()), (10, 9), "all but the key, whose name AWS chooses");
    let waiting = &expansions["prod"].waiting;
    assert!(waiting.iter().any(|one| one.part == "key-access" && one.claim == "Bucket studio/studio-files"));
}

/// Every ARN that a policy may name, from what the resources of the environment are called.
fn arns(composed: &[Composed], region: &str, account: &str) -> BTreeSet<String> {
    let mut known = BTreeSet::from([format!("arn:aws:iam::{account}:root")]);
    for one in composed {
        let name = external_name(&one.object);
        let group = one.object["apiVersion"].as_str().unwrap_or_default();
        match (group.split('.').next().unwrap_or_default(), one.object["kind"].as_str().unwrap_or_default()) {
            ("s3", "Bucket") => {
                let name = name.unwrap();
                known.extend([format!("arn:aws:s3:::{name}"), format!("arn:aws:s3:::{name}/*")]);
            }
            ("sqs", "Queue") => {
                let name = one.object["spec"]["forProvider"]["name"].as_str().unwrap();
                assert!(external_name(&one.object).unwrap().ends_with(&format!("/{account}/{name}")));
                known.insert(format!("arn:aws:sqs:{region}:{account}:{name}"));
            }
            ("sns", "Topic") => {
                known.insert(format!("arn:aws:sns:{region}:{account}:{}", name.unwrap()));
            }
            _ => {}
        }
    }
    known
}

/// The name and the rights of a service in a database that several share.
fn rights(expansion: &Expansion, user: &str) -> (Vec<Value>, BTreeMap<String, Value>) {
    let found = parts(expansion, &format!("DatabaseUser records/{user}"));
    assert_eq!(external_name(found["role"]), Some(user));
    assert_eq!(found["role"]["spec"]["forProvider"]["privileges"]["login"], true);
    let mut grants = Vec::new();
    for (part, object) in found.iter().filter(|(part, _)| **part != "role") {
        let mut grant = object["spec"]["forProvider"].clone();
        assert_eq!(grant["role"].take(), user, "{part}");
        grant.as_object_mut().unwrap().remove("role");
        grants.push(grant);
    }
    let specs = found.iter().map(|(part, object)| ((*part).to_owned(), object["spec"].clone()));
    (grants, specs.collect())
}

#[test]
fn a_service_is_itself_in_a_database_and_can_do_there_what_it_says() {
    let connect = json!({"database": "app", "privileges": ["CONNECT"], "revokePublicOnDb": true});
    let owner = json!({"database": "app", "privileges": ["CONNECT", "CREATE", "TEMPORARY"], "revokePublicOnDb": true});
    let tables = json!({"database": "app", "schema": "public", "privileges": ["CREATE", "USAGE"]});
    let (reads, writes) = (json!({"memberOf": "pg_read_all_data"}), json!({"memberOf": "pg_write_all_data"}));
    let forms = [
        ("claims", json!({"name": "acme-records-prod"})),
        ("composites", json!({"kind": "ProviderConfig", "name": "acme-records-prod"})),
    ];
    for (name, settings) in forms {
        let expansion = &expanded(form(name).path())["prod"];
        let (all, specs) = rights(expansion, "archive-records");
        assert_eq!(all, [owner.clone(), reads.clone(), tables.clone(), writes.clone()]);
        assert_eq!(rights(expansion, "reports-records").0, [connect.clone(), reads.clone()]);
        assert_eq!(rights(expansion, "intake-records").0, [connect.clone(), writes.clone()]);
        assert!(specs.values().all(|spec| spec["providerConfigRef"] == settings), "{specs:?}");
        // Who owns tables stays with them; who reads only goes with its claim, and so does every right.
        let without_delete = json!(["Create", "Observe", "Update", "LateInitialize"]);
        assert_eq!(specs["role"]["managementPolicies"], without_delete);
        assert_eq!(specs["read"]["managementPolicies"], json!(["*"]));
        assert_eq!(rights(expansion, "reports-records").1["role"]["managementPolicies"], json!(["*"]));
        // The user that AWS makes serves to make the others, and its Secret is nobody else's.
        let server = parts(expansion, "Postgres records/records");
        let kept = &server["instance"]["spec"]["writeConnectionSecretToRef"];
        assert_eq!(server["administration"]["spec"]["credentials"]["connectionSecretRef"], *kept);
        assert_eq!(kept["name"], "postgres-acme-records-prod");
        assert_eq!(kept.get("namespace"), (name == "claims").then_some(&json!("crossplane-system")));
        assert_eq!(specs["role"]["writeConnectionSecretToRef"]["name"], "postgres-acme-records-prod-archive-records");
    }
}

/// Every text in a document.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

#[test]
fn policies_name_resources_of_the_environment_and_no_wildcard() {
    for (environment, region, account) in ENVIRONMENTS {
        let expansion = &expanded(&kinds())[environment];
        let known = arns(&expansion.composed, region, account);
        let (mut arns_seen, mut policies) = (0, 0);
        for one in &expansion.composed {
            let settings = &one.object["spec"]["forProvider"];
            for field in ["policy", "redrivePolicy", "redriveAllowPolicy", "assumeRolePolicy"] {
                let Some(text) = settings[field].as_str() else { continue };
                let document: Value = serde_json::from_str(text).unwrap();
                policies += 1;
                let mut found = Vec::new();
                texts(&document, &mut found);
                for arn in found.iter().filter(|text| text.starts_with("arn:")) {
                    assert!(known.contains(arn), "{environment}: {} {}: {arn} is no one's", one.claim, one.part);
                    arns_seen += 1;
                }
                // What a role may do is written down word for word.
                if one.object["kind"] == "RolePolicy" {
                    for statement in document["Statement"].as_array().unwrap() {
                        let actions = statement["Action"].as_array().unwrap();
                        assert!(actions.iter().all(|action| !action.as_str().unwrap().contains('*')), "{statement}");
                        assert_ne!(statement["Resource"], "*", "{statement}");
                    }
                }
            }
        }
        assert!(policies > 40 && arns_seen > 60, "only {policies} policies and {arns_seen} ARNs were looked at");
    }
}

/// The fields of each kind, by the need that has it, with a line in the source and one that says something else.
const CHANGES: &[(&str, &str, &str)] = &[
    ("files", "expire_after = 30d", "expire_after = 31d"),
    ("files", "expire_after = 30d", "expire_after = 30d\n      versioning = env.stage != production"),
    ("files", "expire_after = 30d", "expire_after = 30d\n      encryption = managed"),
    ("files", "data_class   = restricted", "data_class   = confidential"),
    ("files", "data_class   = restricted", "data_class   = restricted\n      durable = false"),
    ("files", "data_class   = restricted", "data_class   = restricted\n      observe = true"),
    ("cache", "access     = read", "access     = write"),
    ("archive", "import  = \"acme-archive-2019\"", "import  = \"acme-archive-2020\""),
    ("archive", "kms_key = \"1234abcd", "kms_key = \"5678abcd"),
    ("legacy", "observe = false", "observe = false\n      kms_key = \"1234abcd-12ab-34cd-56ef-1234567890ab\""),
    ("orders", "version = \"15\"", "version = \"16\""),
    ("orders", "storage = 50GiB", "storage = 60GiB"),
    ("orders", "storage = 50GiB", "storage = 50GiB\n      access = read"),
    ("orders", "storage = 50GiB", "storage = 50GiB\n      highly_available = env.stage != production"),
    ("orders", "storage = 50GiB", "storage = 50GiB\n      backup_retention = 21d"),
    ("orders", "storage = 50GiB", "storage = 50GiB\n      engine_class = \"db.r6g.large\""),
    ("sessions", "memory   = 2GiB", "memory   = 3GiB"),
    ("sessions", "memory   = 2GiB", "memory   = 2GiB\n      version = \"7.0\""),
    ("sessions", "memory   = 2GiB", "memory   = 2GiB\n      highly_available = env.stage != production"),
    ("sessions", "memory   = 2GiB", "memory   = 2GiB\n      backup_retention = 21d"),
    ("sessions", "eviction = allkeys_lru", "eviction = noeviction"),
    ("work", "max_attempts = 3", "max_attempts = 4"),
    ("work", "max_attempts = 3", "max_attempts = 3\n      retention = 5d"),
    ("work", "max_attempts = 3", "max_attempts = 3\n      visibility_timeout = 31s"),
    ("work", "max_attempts = 3", "max_attempts = 3\n      max_age = 2h"),
    ("work", "max_attempts = 3", "max_attempts = 3\n      fifo = true"),
    ("work", "max_attempts = 3", "max_attempts = 3\n      from = uploaded"),
    ("strict", "topic { fifo = true }", "topic { fifo = false }"),
];

/// What the claim of a need asks for, everywhere.
fn of_need<'e>(all: &'e BTreeMap<String, Expansion>, need: &str) -> Vec<&'e Composed> {
    let claim = format!("studio/studio-{need}");
    all.values().flat_map(|one| &one.composed).filter(|one| one.claim.ends_with(&claim)).collect()
}

#[test]
fn every_field_of_every_kind_reaches_the_cloud() {
    let before = expanded(&kinds());
    let mut left: Vec<_> = CHANGES.to_vec();
    while !left.is_empty() {
        // One change of each need at a time.
        let mut batch: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        left.retain(|(need, old, new)| {
            let is_taken = batch.contains_key(need);
            batch.entry(need).or_insert((old, new));
            is_taken
        });
        let folder = changed(|file, mut text| {
            for (old, new) in batch.values().filter(|_| file.ends_with("studio.idp")) {
                assert!(text.contains(old), "{old}");
                text = text.replacen(old, new, 1);
            }
            text
        });
        let after = expanded(folder.path());
        for (need, (_, new)) in &batch {
            assert!(!of_need(&before, need).is_empty(), "{need} asks for nothing");
            assert_ne!(of_need(&before, need), of_need(&after, need), "{need}: `{new}` changes nothing");
        }
    }
}

#[test]
fn no_field_of_a_kind_is_left_out_above() {
    let host = Host::load(&kinds()).unwrap();
    let set = host.analyze().model.set;
    let tried: BTreeSet<&str> = CHANGES.iter().flat_map(|(_, _, new)| new.split(['\n', '{', ' '])).collect();
    let mut seen = 0;
    for kind in ["bucket", "postgres", "redis", "queue", "topic"] {
        for field in &set.get(kind).unwrap().fields {
            // Who owns something is a tag of every resource.
            assert!(tried.contains(&*field.name) || &*field.name == "owner", "{kind}.{} is not tried", field.name);
            seen += 1;
        }
    }
    assert!(seen > 40, "only {seen} fields were looked at");
}
