//! The committed table of facts about an example, and the form in which facts are compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// What is compared: the services with their ports and calls, and the stores with their users.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// By name.
    pub services: BTreeMap<String, Service>,
    /// A store is known by its kind and its users; its name differs between a need and a container.
    pub stores: BTreeSet<Store>,
}

/// One service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Every port it listens on, that of its metrics included.
    #[serde(default)]
    pub ports: BTreeSet<u16>,
    /// The services it calls.
    #[serde(default)]
    pub calls: BTreeSet<String>,
}

/// A database, a cache or a stream with everyone who uses it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// The kind of the library that stands for it.
    pub kind: String,
    /// The services that use it.
    pub users: BTreeSet<String>,
}

/// One file of facts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// By name.
    pub service: BTreeMap<String, Row>,
    /// In any order.
    pub store: BTreeSet<Store>,
    /// What the data has and the example has not.
    pub left_out: LeftOut,
}

/// A service with what the data does not say in a form that can be read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What it is written in, as its project says.
    pub language: String,
    /// What it speaks on its port.
    #[serde(default)]
    pub protocol: Option<String>,
    /// Every port.
    #[serde(default)]
    pub ports: BTreeSet<u16>,
    /// The services it calls.
    #[serde(default)]
    pub calls: BTreeSet<String>,
}

/// What is left out on purpose, each with its reason.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// Containers that are no service of the example.
    #[serde(default)]
    pub containers: BTreeMap<String, String>,
    /// Ports, as `service:port`.
    #[serde(default)]
    pub ports: BTreeMap<String, String>,
    /// Hosts that an address names and that nothing in the data runs.
    #[serde(default)]
    pub hosts: BTreeMap<String, String>,
}

impl Table {
    /// Reads the table of one example.
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The part of the table that the data and the example both know.
    pub fn facts(&self) -> Facts {
        let services = self.service.iter().map(|(name, row)| {
            let service = Service { ports: row.ports.clone(), calls: row.calls.clone() };
            (name.clone(), service)
        });
        Facts { services: services.collect(), stores: self.store.clone() }
    }

    /// Language and protocol of every service.
    pub fn kinds(&self) -> BTreeMap<&str, (&str, &str)> {
        self.service
            .iter()
            .map(|(name, row)| (name.as_str(), (row.language.as_str(), row.protocol.as_deref().unwrap_or("http"))))
            .collect()
    }
}
