//! What every instance of an environment may read of the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::Record;

/// The platform, one environment, and the teams and systems as they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// The environment's name.
    pub name: Arc<str>,
    /// The environment.
    pub environment: Arc<Record>,
    /// The platform.
    pub platform: Arc<Record>,
    /// Teams and systems by root schema, then by name.
    pub instances: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<Record>>>,
}

impl World {
    /// A team, system, or the environment itself.
    #[must_use]
    pub fn instance(&self, root: &str, name: &str) -> Option<&Arc<Record>> {
        self.instances.get(root)?.get(name)
    }

    /// Whether users depend on this environment.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.environment.value("stage").as_str() == Some("production")
    }
}

/// What callers may read of a service in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Owner, system, tier and the like, as far as they are known without the service's calls.
    pub fields: BTreeMap<Arc<str>, crate::value::Value>,
    /// Under which name it answers.
    pub host: Arc<str>,
    /// On which port it answers.
    pub port: Option<i64>,
    /// `http` or `grpc`.
    pub protocol: Arc<str>,
    /// Whether the environment has it.
    pub present: bool,
}

impl Head {
    /// The address with its scheme; a gRPC client takes host and port alone.
    #[must_use]
    pub fn url(&self) -> String {
        let port = self.port.map_or_else(String::new, |port| format!(":{port}"));
        if &*self.protocol == "grpc" {
            format!("{}{port}", self.host)
        } else if self.port == Some(443) {
            format!("https://{}", self.host)
        } else {
            format!("http://{}{port}", self.host)
        }
    }
}
