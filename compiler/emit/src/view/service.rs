//! A service in one environment, as templates read it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;

use idpc_model::constant::plain_text;
use idpc_model::model::Declared;
use idpc_model::ty::Ty;
use idpc_model::units::{Amount, divide};
use idpc_model::value::{Piece, Record, Value};
use num_rational::Ratio;

use super::convert::{list, map, maybe, node, record, text};
use super::names::{pascal, short_hash, variable};
use super::need::{self, Consumer};
use super::place::Place;
use super::{header, repository};
use crate::node::Node;

/// Fields of a service that have a list of their own.
pub(super) const LISTED: &[&str] = &["needs", "calls", "config", "patches", "offramps", "tests"];

/// Hand-made objects by environment and service: file name and text.
pub type Extras = BTreeMap<(Arc<str>, Arc<str>), Vec<(String, Arc<str>)>>;

/// The context of a service.
#[must_use]
pub fn context(place: &Place<'_>, declared: &Declared, record: &Record, extras: &Extras) -> Node {
    let name = &declared.name;
    let owner = record.value("owner").as_str().unwrap_or_default();
    let system = record.value("system").as_str();
    let namespace = place.namespace_of(name, record);
    let consumer = Consumer { name, owner, system, namespace: namespace.clone() };
    let needs: Vec<Node> = record
        .value("needs")
        .entries()
        .iter()
        .filter_map(|(entry, field)| {
            let need = field.value.as_record()?;
            let resource = need.shared.as_ref().and_then(|shared| place.environment.resources.get(shared));
            Some(need::view(place, &consumer, entry, need, resource.map(|resource| &**resource)))
        })
        .collect();
    let process = Process::new(place, name, record);
    let external = !record.value("host").is_none();
    let has_claims = flag_of_any(&needs, "makes_claim");
    let has_access = flag_of_any(&needs, "grants");
    let has_infra = has_access || needs.iter().any(makes_own_claim);
    let objectives = place.objectives.list_of(place.environment, declared, record);
    let key = (place.name().clone(), name.clone());
    let extras = extras.get(&key).into_iter().flatten().map(|(file, _)| text(format!("extras/{file}")));
    let mut entries = common(place, declared, record, &namespace, owner, system);
    entries.extend([
        ("needs", list(needs)),
        ("calls", calls(place, record)),
        ("callers", callers(place, name)),
        ("hosts", hosts(place, record)),
        ("config_map", process.config_map()),
        ("secret_env", list(process.secrets.clone())),
        ("expanded_env", process.expanded()),
        ("config_hash", text(process.hash(&telemetry(place)))),
        ("command", escaped(record.value("command"))),
        ("args", escaped(record.value("args"))),
        ("migrate", escaped(record.value("migrate"))),
        ("cpu_request", text(cpu(record.value("cpu")))),
        ("memory_runtime", memory(record.value("memory"))),
        ("objectives", list(objectives)),
        ("role", text(place.role(name))),
        ("tags", place.tags(owner, name, system, None)),
        ("has_claims", Node::Bool(has_claims)),
        ("has_access", Node::Bool(has_access)),
        ("has_infra", Node::Bool(has_infra)),
        ("has_workload", Node::Bool(!external)),
        ("has_network", Node::Bool(!external)),
        ("has_secrets", Node::Bool(!external && process.has_secrets())),
        ("has_monitoring", Node::Bool(!external)),
        ("has_app", Node::Bool(!external)),
        ("extras", list(extras)),
    ]);
    map(entries)
}

fn common(
    place: &Place<'_>,
    declared: &Declared,
    record_value: &Record,
    namespace: &str,
    owner: &str,
    system: Option<&str>,
) -> Vec<(&'static str, Node)> {
    let name = &declared.name;
    let argocd = place.environment.world.platform.value("argocd").as_record();
    let argocd = argocd.and_then(|argocd| argocd.value("namespace").as_str()).unwrap_or("argocd");
    let link = |field: &str| place.platform_text(field).map(|base| format!("{}/{name}", base.trim_end_matches('/')));
    let runbook = record_value.value("runbook").as_str().map(str::to_owned).or_else(|| link("runbooks"));
    vec![
        ("header", text(header(place.model, declared.span, "service", name))),
        ("workspace_name", text(place.model.workspace.clone())),
        ("name", Node::Str(name.clone())),
        ("name_pascal", text(pascal(name))),
        ("env_name", Node::Str(place.name().clone())),
        ("namespace", text(namespace)),
        ("repository", text(repository(record_value, name))),
        ("golden_path", Node::Str(declared.schema.clone())),
        ("doc", maybe(declared.doc.clone())),
        ("service", record(record_value, LISTED)),
        ("env", place.env.clone()),
        ("platform", place.platform.clone()),
        ("gitops", place.gitops.clone()),
        ("argocd_namespace", text(argocd)),
        ("api_group", text(place.api_group())),
        ("team", place.team(owner)),
        ("system", place.system(system)),
        ("labels", labels(place, declared, record_value, owner, system)),
        ("selector", map([("app.kubernetes.io/name", Node::Str(name.clone()))])),
        ("runbook_url", maybe(runbook)),
        ("dashboard_url", maybe(link("dashboards"))),
        ("source_path", text(place.model.path(declared.span.file))),
    ]
}

/// The labels of every object of a service.
#[must_use]
pub fn labels(place: &Place<'_>, declared: &Declared, record: &Record, owner: &str, system: Option<&str>) -> Node {
    let name = &declared.name;
    let tier = record.value("tier").as_str();
    let mut labels: Vec<(Arc<str>, Node)> = vec![
        ("app.kubernetes.io/name".into(), Node::Str(name.clone())),
        ("app.kubernetes.io/part-of".into(), text(system.unwrap_or(name))),
        ("app.kubernetes.io/component".into(), Node::Str(declared.schema.clone())),
        ("app.kubernetes.io/managed-by".into(), text("idpc")),
        ("idpc.dev/owner".into(), text(owner)),
        ("idpc.dev/service".into(), Node::Str(name.clone())),
        ("idpc.dev/environment".into(), Node::Str(place.name().clone())),
    ];
    if let Some(system) = system {
        labels.push(("idpc.dev/system".into(), text(system)));
    }
    if let Some(tier) = tier {
        labels.push(("idpc.dev/tier".into(), text(tier)));
    }
    for (key, field) in record.value("labels").entries() {
        if !labels.iter().any(|(known, _)| known == key) {
            labels.push((key.clone(), node(&field.value)));
        }
    }
    map(labels)
}

fn flag_of_any(needs: &[Node], flag: &str) -> bool {
    needs.iter().any(|need| is(need, flag))
}

/// Whether a need brings an object of its own; one on a shared resource has at most a permission.
fn makes_own_claim(need: &Node) -> bool {
    is(need, "makes_claim") && !is(need, "shared")
}

fn is(need: &Node, flag: &str) -> bool {
    match need {
        Node::Map(entries) => entries.iter().any(|(key, value)| &**key == flag && *value == Node::Bool(true)),
        _ => false,
    }
}

fn calls(place: &Place<'_>, record: &Record) -> Node {
    let calls = record.value("calls").entries().iter().filter_map(|(callee, field)| {
        let head = place.environment.heads.get(callee)?;
        if !head.present {
            return None;
        }
        let call = field.value.as_record()?;
        let external = !head.fields.get("host").is_none_or(Value::is_none);
        let system = head.fields.get("system").and_then(Value::as_str);
        Some(map([
            ("name", Node::Str(callee.clone())),
            ("host", Node::Str(head.host.clone())),
            ("port", Node::Int(head.port.unwrap_or_default())),
            ("url", text(head.url())),
            ("protocol", Node::Str(head.protocol.clone())),
            ("namespace", text(place.namespace(callee, system))),
            ("required", node(call.value("required"))),
            ("external", Node::Bool(external)),
            ("by_address", Node::Bool(head.host.parse::<Ipv4Addr>().is_ok())),
            ("timeout", node(call.value("timeout"))),
            ("retries", node(call.value("retries"))),
        ]))
    });
    list(calls)
}

fn callers(place: &Place<'_>, name: &str) -> Node {
    let callers = place.callers_of(name).filter_map(|caller| {
        let record = place.environment.services.get(caller)?;
        Some(map([
            ("name", Node::Str(caller.clone())),
            ("namespace", text(place.namespace_of(caller, record))),
            ("migrates", Node::Bool(!record.value("migrate").is_none())),
        ]))
    });
    list(callers)
}

/// Names under which a service answers: the `@env_prefixed` fields of its needs.
fn hosts(place: &Place<'_>, record: &Record) -> Node {
    let mut hosts = Vec::new();
    for (entry, field) in record.value("needs").entries() {
        let Some(need) = field.value.as_record() else {
            continue;
        };
        let Some(schema) = place.model.set.get(&need.schema) else {
            continue;
        };
        for field in schema.fields.iter().filter(|field| field.env_prefixed) {
            if let Some(host) = need.value(&field.name).as_str() {
                hosts.push(map([("host", text(host)), ("need", Node::Str(entry.clone()))]));
            }
        }
    }
    list(hosts)
}

/// A list of arguments with `$(` doubled: Kubernetes would expand it.
fn escaped(value: &Value) -> Node {
    list(value.elements().iter().map(|item| text(item.as_str().unwrap_or_default().replace("$(", "$$("))))
}

/// A share of processors as Kubernetes writes it.
fn cpu(value: &Value) -> String {
    let Some(cores) = value.as_amount() else {
        return "100m".to_owned();
    };
    if cores.is_integer() {
        return cores.to_integer().to_string();
    }
    format!("{}m", (cores * Ratio::from_integer(1000)).ceil().to_integer())
}

/// What a runtime may plan with: four fifths of the limit, the rest is its own.
fn memory(value: &Value) -> Node {
    let bytes = value.as_quantity().map_or_else(|| Amount::from_integer(0), |quantity| quantity.amount);
    let share = divide(bytes * Ratio::from_integer(4), Ratio::from_integer(5 << 20)).unwrap_or(bytes);
    let mib = i64::try_from(share.floor().to_integer()).unwrap_or(i64::MAX).max(1);
    map([("mib", Node::Int(mib))])
}

/// What every process is told of tracing by the platform.
fn telemetry(place: &Place<'_>) -> Vec<String> {
    let settings = place.environment.world.platform.value("telemetry").as_record();
    let told = ["endpoint", "protocol", "sampling"].into_iter();
    told.filter_map(|name| plain_text(settings?.value(name))).collect()
}

/// The environment variables of a process.
struct Process {
    plain: Vec<(String, String)>,
    expanded: Vec<(String, String)>,
    secrets: Vec<Node>,
    composed: bool,
}

impl Process {
    fn new(place: &Place<'_>, service: &str, record: &Record) -> Self {
        let mut process = Self { plain: Vec::new(), expanded: Vec::new(), secrets: Vec::new(), composed: false };
        let needs = record.value("needs");
        let config = record.value("config").entries();
        for (entry, field) in needs.entries() {
            let Some(need) = field.value.as_record() else {
                continue;
            };
            let Some(schema) = place.model.set.get(&need.schema) else {
                continue;
            };
            for output in &schema.outputs {
                let name = variable(entry, &output.name);
                // An entry of `config` with this name replaces it.
                if !config.iter().any(|(key, _)| **key == *name) {
                    process.output(place, service, name, entry, need, &output.name);
                }
            }
        }
        for (key, field) in config {
            process.entry(place, service, needs, key, &field.value);
        }
        process.plain.sort();
        process.expanded.sort();
        process.secrets.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
        process
    }

    fn entry(&mut self, place: &Place<'_>, service: &str, needs: &Value, key: &Arc<str>, value: &Value) {
        match value {
            Value::Output(output) => {
                let need = needs.entries().iter().find(|(entry, _)| *entry == output.entry);
                if let Some(need) = need.and_then(|(_, field)| field.value.as_record()) {
                    self.output(place, service, key.to_string(), &output.entry, need, &output.name);
                }
            }
            Value::Text(pieces) => {
                let mut built = String::new();
                for piece in pieces.iter() {
                    match piece {
                        Piece::Text(plain) => built.push_str(&plain.replace("$(", "$$(")),
                        Piece::Output(output) => {
                            let need = needs.entries().iter().find(|(entry, _)| *entry == output.entry);
                            let need = need.and_then(|(_, field)| field.value.as_record());
                            let known = need.and_then(|need| known(place, service, &output.entry, need, &output.name));
                            match known {
                                Some(known) => built.push_str(&known),
                                None => built.push_str(&format!("$({})", variable(&output.entry, &output.name))),
                            }
                        }
                    }
                }
                self.expanded.push((key.to_string(), built));
            }
            value => {
                if let Some(written) = plain_text(value) {
                    self.plain.push((key.to_string(), written));
                }
            }
        }
    }

    /// An output under a variable: its value where it is known, else the key of the Secret that will hold it.
    fn output(&mut self, place: &Place<'_>, service: &str, variable: String, entry: &str, need: &Record, output: &str) {
        if let Some(known) = known(place, service, entry, need, output) {
            self.plain.push((variable, known));
            return;
        }
        let names = need::own_names(place, service, entry, need);
        let composed = place.facts.is_composed(&need.schema, output, &place.model.set);
        self.composed |= composed;
        self.secrets.push(map([
            ("name", text(variable)),
            ("secret_name", text(if composed { names.composed } else { names.secret })),
            ("key", text(output)),
        ]));
    }

    fn config_map(&self) -> Node {
        map(self.plain.iter().map(|(name, value)| (name.as_str(), text(value.as_str()))))
    }

    fn expanded(&self) -> Node {
        list(
            self.expanded
                .iter()
                .map(|(name, value)| map([("name", text(name.as_str())), ("value", text(value.as_str()))])),
        )
    }

    /// Changes whenever the configuration does, so that a change restarts the workload.
    fn hash(&self, telemetry: &[String]) -> String {
        short_hash(&format!("{:?}{:?}{telemetry:?}", self.plain, self.expanded))
    }

    fn has_secrets(&self) -> bool {
        !self.secrets.is_empty()
    }
}

/// The value of an output that is known before deployment: a formula of the target, or a field of the same name.
fn known(place: &Place<'_>, service: &str, entry: &str, need: &Record, output: &str) -> Option<String> {
    let schema = place.model.set.get(&need.schema)?;
    let definition = schema.output(output)?;
    if matches!(definition.ty.core(), Ty::Secret(_)) {
        return None;
    }
    let source = need::source(place, need);
    if let Some(formula) = place.facts.output(&need.schema, output, &place.model.set) {
        return filled(formula, source, |name| match name {
            "physical" => Some(need::physical(place, service, entry, need)),
            "region" | "account" => place.env_text(name).map(str::to_owned),
            _ => None,
        });
    }
    let field = source.field(output)?;
    plain_text(&field.value)
}

/// A formula such as `https://{host}`; `{?fifo:.fifo}` is the text behind the colon where the field is true.
fn filled(formula: &str, need: &Record, fact: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut built = String::new();
    let mut rest = formula;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        built.push_str(before);
        if let Some((name, suffix)) = name.strip_prefix('?').and_then(|name| name.split_once(':')) {
            if need.value(name).as_bool() == Some(true) {
                built.push_str(suffix);
            }
        } else {
            built.push_str(&fact(name).or_else(|| plain_text(need.value(name)))?);
        }
        rest = after;
    }
    built.push_str(rest);
    Some(built)
}
