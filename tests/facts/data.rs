//! Reads the public data files: Kubernetes manifests and Compose files, which the project does not commit.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::table::{Facts, LeftOut, Service, Store};

/// What a data file says of one container, before anything is left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// Its image.
    pub image: String,
    /// Every port it listens on.
    pub ports: BTreeSet<u16>,
    /// The names of other containers that its environment or its start order gives.
    pub reaches: BTreeSet<String>,
    /// Hosts of its addresses that nothing runs.
    pub strangers: BTreeSet<String>,
    /// The protocol that its port is named after, where the data names it.
    pub protocol: Option<String>,
}

/// All containers of a system, by name.
pub type Containers = BTreeMap<String, Container>;

/// The Deployments of a file of Kubernetes manifests.
pub fn kubernetes(text: &str) -> Containers {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).expect("the manifests are YAML");
    let of_kind = |kind: &str| -> Vec<&Value> { documents.iter().filter(|doc| doc["kind"] == kind).collect() };
    let mut hosts = BTreeMap::new();
    let mut protocols = BTreeMap::new();
    for service in of_kind("Service") {
        let app = text_of(&service["spec"]["selector"]["app"]);
        hosts.insert(text_of(&service["metadata"]["name"]), app.clone());
        for port in items(&service["spec"]["ports"]) {
            let name = text_of(&port["name"]);
            if name == "grpc" || name == "http" {
                protocols.insert(app.clone(), name);
            }
        }
    }
    let deployments = of_kind("Deployment").into_iter().map(|deployment| {
        let name = text_of(&deployment["metadata"]["name"]);
        let mut container = deployed(&deployment["spec"]["template"]["spec"], &hosts);
        container.protocol = protocols.get(&name).cloned();
        (name, container)
    });
    deployments.collect()
}

fn deployed(pod: &Value, hosts: &BTreeMap<String, String>) -> Container {
    let mut found = Container::default();
    for container in items(&pod["containers"]) {
        found.image = text_of(&container["image"]);
        found.ports.extend(items(&container["ports"]).iter().map(|port| number(&port["containerPort"])));
    }
    for container in items(&pod["containers"]).iter().chain(items(&pod["initContainers"])) {
        for variable in items(&container["env"]) {
            let Some((host, port)) = variable["value"].as_str().and_then(|value| value.split_once(':')) else {
                continue;
            };
            if port.parse::<u16>().is_err() {
                continue;
            }
            match hosts.get(host) {
                Some(app) => found.reaches.insert(app.clone()),
                None => found.strangers.insert(host.to_owned()),
            };
        }
    }
    found
}

/// The services of Compose files, later files adding to earlier ones, with the variables of an environment file.
pub fn compose(files: &[&str], environment: &str) -> Containers {
    let variables = variables(environment);
    let files: Vec<Value> =
        files.iter().map(|text| serde_saphyr::from_str(text).expect("a Compose file is YAML")).collect();
    let services = || files.iter().filter_map(|file| file["services"].as_object()).flatten();
    let names: BTreeSet<&str> = services().map(|(name, _)| name.as_str()).collect();
    let mut found = Containers::new();
    for (name, service) in services() {
        let container = found.entry(name.clone()).or_default();
        if let Some(image) = service["image"].as_str() {
            container.image = resolved(image, &variables);
        }
        for port in items(&service["ports"]) {
            let port = resolved(&scalar(port), &variables);
            let inside = port.rsplit(':').next().unwrap_or(&port);
            container.ports.insert(inside.parse().expect("a port is a number"));
        }
        if let Some(after) = service["depends_on"].as_object() {
            container.reaches.extend(after.keys().cloned());
        }
        for line in items(&service["environment"]) {
            let line = line.as_str().expect("an environment line is text");
            let (key, value) = match line.split_once('=') {
                Some((key, value)) => (key, resolved(value, &variables)),
                None => (line, variables.get(line).cloned().unwrap_or_default()),
            };
            let mut words = value.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
            let host = words.clone().find(|word| !word.is_empty() && *word != "http").unwrap_or_default();
            if is_address(key) && is_stranger(host, &names) {
                container.strangers.insert(host.to_owned());
            }
            container.reaches.extend(words.by_ref().filter(|word| names.contains(word)).map(str::to_owned));
        }
        container.reaches.remove(name);
    }
    found
}

fn is_address(variable: &str) -> bool {
    variable.ends_with("_ADDR") || variable.ends_with("_HOST")
}

fn is_stranger(host: &str, names: &BTreeSet<&str>) -> bool {
    let here = host.is_empty() || host == "localhost" || host.chars().all(|c| c.is_ascii_digit() || c == '.');
    !here && !names.contains(host)
}

fn variables(environment: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for line in environment.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, value)) = line.split_once('=') {
            let value = resolved(value, &found);
            found.insert(key.to_owned(), value);
        }
    }
    found
}

/// `text` with every `${NAME}` replaced; an unknown one by nothing.
fn resolved(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').expect("a variable is closed");
        out.push_str(before);
        out.push_str(variables.get(name).map_or("", String::as_str));
        rest = after;
    }
    out + rest
}

/// The facts that remain when everything left out is gone. Anything left out that is not there is a mistake too.
pub fn facts(containers: &Containers, left_out: &LeftOut) -> Facts {
    let strangers: BTreeSet<&String> = containers
        .iter()
        .filter(|(name, _)| !left_out.containers.contains_key(*name))
        .flat_map(|(_, container)| &container.strangers)
        .collect();
    assert_eq!(strangers, left_out.hosts.keys().collect(), "hosts that nothing runs, and those left out");
    for name in left_out.containers.keys() {
        assert!(containers.contains_key(name), "left out, but not in the data: {name}");
    }
    let mut ports_left: BTreeSet<&str> = left_out.ports.keys().map(String::as_str).collect();
    let mut found = Facts::default();
    for (name, container) in containers.iter().filter(|(name, _)| !left_out.containers.contains_key(*name)) {
        if let Some(kind) = store_kind(&container.image) {
            let users = containers.iter().filter(|(_, user)| user.reaches.contains(name));
            let users = users.map(|(user, _)| user.clone()).filter(|user| !left_out.containers.contains_key(user));
            found.stores.insert(Store { kind: kind.to_owned(), users: users.collect() });
            continue;
        }
        let is_service = |callee: &&String| {
            let runs = containers.get(*callee).is_some_and(|callee| store_kind(&callee.image).is_none());
            runs && !left_out.containers.contains_key(*callee)
        };
        let ports = container.ports.iter().filter(|port| !ports_left.remove(format!("{name}:{port}").as_str()));
        let ports = ports.copied().collect();
        let calls = container.reaches.iter().filter(is_service).cloned().collect();
        found.services.insert(name.clone(), Service { ports, calls });
    }
    assert!(ports_left.is_empty(), "left out, but not in the data: {ports_left:?}");
    found
}

/// The kind that stands for a store, told by its image.
fn store_kind(image: &str) -> Option<&'static str> {
    let kinds = [("postgres", "postgres"), ("redis", "redis"), ("valkey", "redis"), ("kafka", "topic")];
    kinds.into_iter().find(|(part, _)| image.contains(part)).map(|(_, kind)| kind)
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn number(value: &Value) -> u16 {
    value.as_u64().and_then(|number| u16::try_from(number).ok()).expect("a port number")
}

fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
