//! What every view of one environment shares: the platform, the environment, teams, names.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_model::model::{Environment, Model};
use idpc_model::naming;
use idpc_model::value::{Record, Value};

use super::convert::{fields, map, maybe, record, text};
use super::facts::KindFacts;
use super::names::{LABEL_LIMIT, ROLE_LIMIT, joined};
use super::objectives::Objectives;
use crate::node::Node;

/// The API server that Argo CD and its workloads share unless an environment names another.
const IN_CLUSTER: &str = "https://kubernetes.default.svc";

/// One environment with what is computed of it once.
pub struct Place<'m> {
    /// The whole workspace.
    pub model: &'m Model,
    /// The environment.
    pub environment: &'m Environment,
    /// What targets state about kinds.
    pub facts: &'m KindFacts,
    /// The platform as a node.
    pub platform: Node,
    /// The environment as a node.
    pub env: Node,
    /// The delivery repository as a node.
    pub gitops: Node,
    /// The services that call each service, sorted. Looked up once: asking every service for each would be quadratic.
    pub callers: BTreeMap<&'m str, Vec<&'m Arc<str>>>,
    /// The objectives of its services.
    pub objectives: Objectives,
}

impl<'m> Place<'m> {
    /// Computes what views of an environment share.
    #[must_use]
    pub fn new(model: &'m Model, environment: &'m Environment, facts: &'m KindFacts) -> Self {
        let world = &environment.world;
        let mut env = fields(&world.environment, &[]);
        let server = naming::server(world).unwrap_or_else(|| IN_CLUSTER.to_owned());
        env.push(("name".into(), Node::Str(environment.name.clone())));
        env.push(("api_server".into(), text(server)));
        env.push(("shared_cluster".into(), Node::Bool(environment.shared_cluster)));
        let mut callers: BTreeMap<&'m str, Vec<&'m Arc<str>>> = BTreeMap::new();
        for (caller, record) in &environment.services {
            for (callee, _) in record.value("calls").entries() {
                callers.entry(callee).or_default().push(caller);
            }
        }
        Self {
            callers,
            objectives: Objectives::default(),
            model,
            environment,
            facts,
            platform: record(&world.platform, &[]),
            env: map(env),
            gitops: gitops(&world.platform, &model.workspace),
        }
    }

    /// The services that call a service, sorted.
    pub fn callers_of(&self, name: &str) -> impl Iterator<Item = &'m Arc<str>> {
        self.callers.get(name).into_iter().flatten().copied()
    }

    /// The name of the environment.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.environment.name
    }

    /// A field of the platform, as text.
    #[must_use]
    pub fn platform_text(&self, name: &str) -> Option<&str> {
        self.environment.world.platform.value(name).as_str()
    }

    /// A field of the environment, as text.
    #[must_use]
    pub fn env_text(&self, name: &str) -> Option<&str> {
        self.environment.world.environment.value(name).as_str()
    }

    /// The API group of claims; empty where nothing needs one.
    #[must_use]
    pub fn api_group(&self) -> &str {
        self.platform_text("api_group").unwrap_or_default()
    }

    /// The namespace of a service or shared resource.
    #[must_use]
    pub fn namespace(&self, name: &str, system: Option<&str>) -> String {
        let environment = self.environment;
        joined(&[&naming::namespace(name, system, &environment.world, environment.shared_cluster)], LABEL_LIMIT)
    }

    /// The namespace of a service, by its record.
    #[must_use]
    pub fn namespace_of(&self, name: &str, record: &Record) -> String {
        self.namespace(name, record.value("system").as_str())
    }

    /// The IAM role of a service.
    #[must_use]
    pub fn role(&self, service: &str) -> String {
        let prefix = self.platform_text("prefix").unwrap_or_default();
        joined(&[prefix, service, self.name()], ROLE_LIMIT)
    }

    /// A team as a node; one that nothing declares has its name only.
    #[must_use]
    pub fn team(&self, name: &str) -> Node {
        let mut entries: Vec<(Arc<str>, Node)> = match self.environment.world.instance("team", name) {
            Some(record) => fields(record, &[]),
            None => assumed(self.model, "team", name),
        };
        entries.push(("name".into(), text(name)));
        map(entries)
    }

    /// A system as a node.
    #[must_use]
    pub fn system(&self, name: Option<&str>) -> Node {
        let Some(name) = name else { return Node::Null };
        let owner = self.environment.world.instance("system", name).and_then(|record| record.value("owner").as_str());
        map([("name", text(name)), ("owner", maybe(owner))])
    }

    /// The tags of a thing in the cloud.
    #[must_use]
    pub fn tags(&self, owner: &str, service: &str, system: Option<&str>, data_class: Option<&str>) -> Node {
        let mut tags: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
        for (key, field) in self.environment.world.platform.value("tags").entries() {
            if let Value::Str(value) = &field.value {
                tags.insert(key.clone(), value.clone());
            }
        }
        let team = self.environment.world.instance("team", owner);
        let cost_center = team.and_then(|team| team.value("cost_center").as_str());
        let own = [
            ("owner", Some(owner)),
            ("service", Some(service)),
            ("system", system),
            ("environment", Some(&**self.name())),
            ("cost-center", cost_center),
            ("data-class", data_class),
            ("managed-by", Some("idpc")),
        ];
        for (key, value) in own {
            if let Some(value) = value {
                tags.insert(key.into(), value.into());
            }
        }
        map(tags.into_iter().map(|(key, value)| (key, Node::Str(value))))
    }
}

/// A team or system that nothing declares: every field unset, its name where a default would have put it.
fn assumed(model: &Model, root: &str, name: &str) -> Vec<(Arc<str>, Node)> {
    let Some(schema) = model.set.get(root) else {
        return Vec::new();
    };
    schema
        .fields
        .iter()
        .map(|field| {
            let node = if field.ty.is_optional() { Node::Null } else { text(name) };
            (field.name.clone(), node)
        })
        .collect()
}

/// Where Argo CD reads from; visibly nowhere until the platform says so.
fn gitops(platform: &Record, workspace: &str) -> Node {
    let settings = platform.value("gitops").as_record();
    let get = |name: &str| settings.and_then(|settings| settings.value(name).as_str());
    let repository = get("repository").map_or_else(|| format!("https://git.invalid/{workspace}.git"), str::to_owned);
    let github = github(&repository);
    map([
        ("repository", text(repository)),
        ("branch", text(get("branch").unwrap_or("main"))),
        ("path", text(get("path").unwrap_or("out"))),
        ("github", github),
    ])
}

fn github(repository: &str) -> Node {
    let path = repository
        .strip_prefix("https://github.com/")
        .or_else(|| repository.strip_prefix("git@github.com:"))
        .map(|path| path.trim_end_matches(".git").trim_matches('/'));
    match path.and_then(|path| path.split_once('/')) {
        Some((owner, name)) if !name.contains('/') => {
            map([("owner", text(owner)), ("name", text(name)), ("slug", text(format!("{owner}/{name}")))])
        }
        _ => Node::Null,
    }
}
