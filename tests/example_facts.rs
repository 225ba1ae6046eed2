//! The examples describe real systems: their services, ports, calls and stores are those of the public data files.
//!
//! The data files are not committed. A table of facts is (`facts/*.toml`), so that the examples are always held
//! against something; where the data files are present (`IDPC_SHARED_DATA`, or `../shared/data` beside the
//! repository), the table is held against them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first thing that is wrong; an absent key of a JSON value is null"
)]

#[path = "facts/data.rs"]
mod data;
#[path = "facts/sources.rs"]
mod sources;
#[path = "facts/table.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use data::Containers;
use table::Table;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").to_owned()
}

fn table(example: &str) -> Table {
    Table::read(&repository().join("tests/facts").join(example).with_extension("toml"))
}

/// The folder of the data files, or a visible word that nothing was compared with them.
fn data_folder(files: &[&str]) -> Option<PathBuf> {
    let folder = env::var_os("IDPC_SHARED_DATA")
        .map_or_else(|| repository().parent().map(|beside| beside.join("shared/data")), |set| Some(PathBuf::from(set)));
    if let Some(folder) = &folder
        && files.iter().all(|file| folder.join(file).is_file())
    {
        return Some(folder.clone());
    }
    // The macros are captured when a test passes; this must be seen then.
    let message = format!("\nNOT COMPARED with the public data: {files:?} not found; set IDPC_SHARED_DATA\n");
    std::io::stderr().write_all(message.as_bytes()).expect("standard error can be written");
    None
}

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).expect("a data file can be read")
}

#[track_caller]
fn example_equals_table(example: &str) {
    let table = table(example);
    let described = sources::read(&repository().join("examples").join(example));
    assert!(!table.service.is_empty() && !table.store.is_empty(), "the table of {example} is empty");
    assert!(!described.facts.services.is_empty(), "{example} describes no service");
    assert_eq!(described.facts, table.facts(), "{example}: the sources, and the table of facts");
    let kinds: BTreeMap<&str, (&str, &str)> = described
        .kinds
        .iter()
        .map(|(name, (language, protocol))| (name.as_str(), (language.as_str(), protocol.as_str())))
        .collect();
    assert_eq!(kinds, table.kinds(), "{example}: languages and protocols, and the table of facts");
}

#[test]
fn online_boutique_equals_its_facts() {
    example_equals_table("online-boutique");
}

#[test]
fn astronomy_shop_equals_its_facts() {
    example_equals_table("astronomy-shop");
}

#[track_caller]
fn table_equals_data(example: &str, containers: &Containers) {
    let table = table(example);
    assert_eq!(table.facts(), data::facts(containers, &table.left_out), "{example}: the table, and the data");
    let kinds = table.kinds();
    for (name, protocol) in containers.iter().filter_map(|(name, found)| Some((name, found.protocol.as_deref()?))) {
        let (_, said) = kinds.get(name.as_str()).copied().expect("a service of the table");
        assert_eq!(said, protocol, "{example}: the protocol of {name}");
    }
}

#[test]
fn facts_of_the_online_boutique_equal_its_manifests() {
    let file = "online-boutique.kubernetes.yaml";
    if let Some(folder) = data_folder(&[file]) {
        table_equals_data("online-boutique", &data::kubernetes(&read(&folder, file)));
    }
}

#[test]
fn facts_of_the_astronomy_shop_equal_its_compose_files() {
    let files = ["opentelemetry-demo.compose.yaml", "opentelemetry-demo.compose.full.yaml", "opentelemetry-demo.env"];
    if let Some(folder) = data_folder(&files) {
        let [base, full, environment] = files.map(|file| read(&folder, file));
        table_equals_data("astronomy-shop", &data::compose(&[&base, &full], &environment));
    }
}

#[test]
fn everything_left_out_has_a_reason() {
    for example in ["online-boutique", "astronomy-shop"] {
        let left_out = table(example).left_out;
        let reasons = left_out.containers.iter().chain(&left_out.ports).chain(&left_out.hosts);
        assert!(reasons.clone().count() > 0, "{example} leaves out nothing: then drop the section");
        for (what, why) in reasons {
            assert!(why.split_whitespace().count() >= 4, "{example} leaves out {what} for no reason: {why:?}");
        }
    }
}

const MANIFESTS: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: server
          image: example/shop:v1
          ports: [{containerPort: 8080}]
          env:
            - {name: PORT, value: "8080"}
            - {name: CART_ADDR, value: "cart:80"}
            - {name: LOST_ADDR, value: "lost:80"}
---
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{name: grpc, port: 80, targetPort: 7070}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec: {template: {spec: {containers: [{name: server, image: "redis:8", ports: [{containerPort: 6379}]}]}}}
"#;

#[test]
fn a_manifest_is_read() {
    let found = data::kubernetes(MANIFESTS);
    let shop = found.get("shop").expect("the shop");
    assert_eq!(shop.ports, BTreeSet::from([8080]));
    assert_eq!(shop.reaches, BTreeSet::from(["cart".to_owned()]));
    assert_eq!(shop.strangers, BTreeSet::from(["lost".to_owned()]));
    assert_eq!(found.get("cart").expect("the cart").protocol.as_deref(), Some("grpc"));
}

const BASE: &str = "
services:
  shop:
    image: ${NAME}:1
    ports: [\"80:${SHOP_PORT}\"]
    environment: [CART_ADDR, \"DB=postgres://u@db/x\", LOST_HOST]
    depends_on: {mail: {condition: service_started}}
  cart: {image: cart}
  mail: {image: mail}
  db: {image: \"postgres:18\", ports: [5432]}
";
const FULL: &str = "services: {shop: {environment: [\"SELF=shop:1\"]}}";
const ENVIRONMENT: &str =
    "NAME=shop\n# a comment\nSHOP_PORT=8080\nCART_ADDR=http://cart:${SHOP_PORT}\nLOST_HOST=lost\n";

#[test]
fn a_compose_file_is_read() {
    let found = data::compose(&[BASE, FULL], ENVIRONMENT);
    let shop = found.get("shop").expect("the shop");
    assert_eq!(shop.image, "shop:1");
    assert_eq!(shop.ports, BTreeSet::from([8080]));
    assert_eq!(shop.reaches, ["cart", "db", "mail"].map(str::to_owned).into());
    assert_eq!(shop.strangers, BTreeSet::from(["lost".to_owned()]));
    let left_out = table::LeftOut {
        containers: BTreeMap::from([("mail".to_owned(), "not ours".to_owned())]),
        hosts: BTreeMap::from([("lost".to_owned(), "gone".to_owned())]),
        ..Default::default()
    };
    let facts = data::facts(&found, &left_out);
    assert_eq!(facts.services.keys().collect::<Vec<_>>(), ["cart", "shop"]);
    assert_eq!(facts.services.get("shop").expect("the shop").calls, BTreeSet::from(["cart".to_owned()]));
    assert_eq!(facts.stores.first().expect("a store").users, BTreeSet::from(["shop".to_owned()]));
}

#[test]
fn sources_are_read() {
    let source = "resource paid : topic { owner = a }\n\
                  service one : web {\n  owner = a\n  language = go\n  port = 80\n  metrics { port = 81 }\n\
                  \x20 needs {\n    db = postgres { version = \"16\" }\n    paid = paid { access = write }\n\
                  \x20   name = domain { host = \"a.example\" }\n  }\n\
                  \x20 calls {\n    two\n    three { timeout = 1s }\n  }\n}\n\
                  service two : worker {\n  owner = a\n  language = rust\n  protocol = grpc\n\
                  \x20 needs { q = queue { from = paid } }\n}\n";
    let found = sources::describe(&[source.to_owned()]);
    let one = found.facts.services.get("one").expect("service one");
    assert_eq!(one.ports, BTreeSet::from([80, 81]));
    assert_eq!(one.calls, ["two", "three"].map(str::to_owned).into());
    let stores: Vec<_> = found.facts.stores.iter().map(|store| (store.kind.as_str(), store.users.len())).collect();
    assert_eq!(stores, [("postgres", 1), ("topic", 2)]);
    assert_eq!(found.kinds.get("two"), Some(&("rust".to_owned(), "grpc".to_owned())));
}
