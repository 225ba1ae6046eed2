//! A workspace of many services, made up from a seed: what they need, whom they call, how they differ in production.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use crate::chance::Chance;

const LANGUAGES: &[&str] = &["rust", "go", "node", "python", "java"];
const AREAS: &[&str] =
    &["billing", "catalog", "search", "cart", "fraud", "mail", "media", "ledger", "pricing", "stock"];

/// What the services of each layer promise. A layer only requires the ones before it, so no promise breaks another.
const PROMISES: &[&str] = &["99.95%", "99.8%", "99.4%", "98.5%"];

/// A workspace that is not written yet.
pub struct Fleet {
    services: usize,
    chance: Chance,
    /// Services that answer, with their layer.
    answering: Vec<(String, usize)>,
}

impl Fleet {
    /// A workspace of so many services.
    pub fn new(services: usize, seed: u64) -> Self {
        Self { services, chance: Chance::new(seed), answering: Vec::new() }
    }

    /// Writes it and says how many sources there are.
    pub fn write(mut self, folder: &Path) -> io::Result<usize> {
        let mut files = vec![
            (String::from("idp.toml"), String::from("[workspace]\nname    = \"fleet\"\nedition = \"2026\"\n")),
            (String::from("platform/platform.idp"), PLATFORM.to_owned()),
            (String::from("platform/environments.idp"), environments()),
            (String::from("platform/teams.idp"), self.teams()),
            (String::from("resources/topics.idp"), self.topics()),
        ];
        for number in 0..self.services {
            let (name, text) = self.service(number);
            files.push((format!("services/{name}/service.idp"), text));
        }
        for (path, text) in &files {
            let path = folder.join(path);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, text)?;
        }
        Ok(files.len() - 1)
    }

    fn team_count(&self) -> usize {
        self.services / 20 + 1
    }

    fn system_count(&self) -> usize {
        self.services / 10 + 1
    }

    fn topic_count(&self) -> usize {
        self.services / 50 + 1
    }

    fn teams(&mut self) -> String {
        let mut text = String::new();
        for number in 0..self.team_count() {
            let _ = writeln!(
                text,
                "team team-{number} {{\n  chat    = \"#team-{number}\"\n  on_call = \"team-{number}\"\n}}\n"
            );
        }
        for number in 0..self.system_count() {
            let owner = self.chance.below(self.team_count());
            let _ = writeln!(text, "system system-{number} {{\n  owner = team-{owner}\n}}\n");
        }
        text
    }

    fn topics(&mut self) -> String {
        let mut text = String::new();
        for number in 0..self.topic_count() {
            let owner = self.chance.below(self.team_count());
            let _ = writeln!(text, "resource topic-{number} : topic {{\n  owner = team-{owner}\n}}\n");
        }
        text
    }

    fn service(&mut self, number: usize) -> (String, String) {
        let area = self.chance.pick(AREAS).copied().unwrap_or("service");
        let name = format!("{area}-{number:04}");
        let path = match self.chance.below(10) {
            0 => "cron",
            1 | 2 => "worker",
            _ => "web",
        };
        let layer = number % PROMISES.len();
        let mut text = format!("/// Service {number} of the fleet.\nservice {name} : {path} {{\n");
        let language = self.chance.pick(LANGUAGES).copied().unwrap_or("go");
        let (owner, system) = (self.chance.below(self.team_count()), self.chance.below(self.system_count()));
        let _ = writeln!(text, "  owner    = team-{owner}\n  system   = system-{system}\n  language = {language}");
        let _ = match path {
            "web" => writeln!(text, "  port     = 8080\n  tier     = high"),
            "cron" => writeln!(text, "  schedule = \"{} {} * * *\"", self.chance.below(60), self.chance.below(24)),
            _ => Ok(()),
        };
        let needs = self.needs(&name, path);
        block(
            &mut text,
            "needs",
            &needs.iter().map(|(name, value, _)| format!("{name} = {value}")).collect::<Vec<_>>(),
        );
        let calls = self.calls(layer);
        block(&mut text, "calls", &calls.iter().map(|(_, line)| line.clone()).collect::<Vec<_>>());
        let mut config = vec![String::from("LOG_LEVEL = \"info\""), format!("WORKERS = {}", 1 + self.chance.below(16))];
        config.extend(needs.iter().filter_map(|(_, _, config)| config.clone()));
        config.extend(
            calls.iter().enumerate().map(|(at, (callee, _))| {
                format!("UPSTREAM_{at} = \"${{calls.{callee}.host}}:${{calls.{callee}.port}}\"")
            }),
        );
        block(&mut text, "config", &config);
        if path == "web" {
            let promise = PROMISES.get(layer).copied().unwrap_or("98%");
            let _ =
                writeln!(text, "\n  slo {{ availability = {promise}, latency {{ p99 = {}ms }} }}", 100 * (layer + 1));
        }
        let mut production = Vec::new();
        if path != "cron" {
            production.push(format!("replicas = 3..{}", 4 + self.chance.below(12)));
        }
        if needs.iter().any(|(name, _, _)| name == "db") {
            production
                .push(format!("needs.db {{ storage = {}GiB, highly_available = true }}", 100 + self.chance.below(400)));
        }
        block(&mut text, "in prod", &production);
        text.push_str("}\n");
        if path == "web" {
            self.answering.push((name.clone(), layer));
        }
        (name, text)
    }

    /// Each need with its value, and what the configuration makes of it.
    fn needs(&mut self, service: &str, path: &str) -> Vec<(String, String, Option<String>)> {
        let mut needs = Vec::new();
        let mut add = |name: &str, value: String, config: Option<&str>| {
            needs.push((name.to_owned(), value, config.map(str::to_owned)));
        };
        if self.chance.percent(40) {
            let storage = 20 + 10 * self.chance.below(9);
            add(
                "db",
                format!("postgres {{ version = \"16\", storage = {storage}GiB }}"),
                Some("DATABASE_URL = needs.db.url"),
            );
        }
        if self.chance.percent(30) {
            add(
                "cache",
                String::from("redis { memory = 1GiB, eviction = allkeys_lru }"),
                Some("CACHE = needs.cache.url"),
            );
        }
        if self.chance.percent(20) {
            let days = 7 + self.chance.below(90);
            add(
                "files",
                format!("bucket {{ encryption = kms, expire_after = {days}d }}"),
                Some("FILES = needs.files.name"),
            );
        }
        if self.chance.percent(15) {
            let topic = self.chance.below(self.topic_count());
            add("inbox", format!("queue {{ from = topic-{topic} }}"), Some("INBOX = needs.inbox.url"));
        }
        if self.chance.percent(10) {
            let topic = self.chance.below(self.topic_count());
            add("news", format!("topic-{topic} {{ access = write }}"), None);
        }
        if self.chance.percent(25) {
            add("token", format!("secret {{ key = \"{service}/token\" }}"), Some("TOKEN = needs.token.value"));
        }
        if path == "web" && self.chance.percent(10) {
            add("site", format!("domain {{ host = \"{service}.fleet.example\" }}"), None);
        }
        needs
    }

    /// The services that this one calls, all of them from layers before its own.
    fn calls(&mut self, layer: usize) -> Vec<(String, String)> {
        let below: Vec<String> =
            self.answering.iter().filter(|(_, other)| *other < layer).map(|(name, _)| name.clone()).collect();
        let mut calls: Vec<(String, String)> = Vec::new();
        for number in 0..self.chance.below(5) {
            let Some(callee) = self.chance.pick(&below).cloned() else {
                break;
            };
            if calls.iter().any(|(name, _)| *name == callee) {
                continue;
            }
            let line = if number < 2 {
                format!("{callee} {{ timeout = {}ms }}", 50 * (1 + self.chance.below(5)))
            } else {
                format!("{callee} {{ timeout = 1s, retries = 1, required = false }}")
            };
            calls.push((callee, line));
        }
        calls
    }
}

fn block(text: &mut String, head: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n  {head} {{");
    for line in lines {
        let _ = writeln!(text, "    {line}");
    }
    text.push_str("  }\n");
}

fn environments() -> String {
    let mut text = String::new();
    let stages = [("dev", "development", ""), ("staging", "staging", "dev"), ("prod", "production", "staging")];
    for (number, (name, stage, after)) in stages.into_iter().enumerate() {
        let after = if after.is_empty() { String::new() } else { format!("  after   = {after}\n") };
        let account = (number + 1).to_string().repeat(12);
        let _ = writeln!(
            text,
            "environment {name} {{\n  stage   = {stage}\n{after}  region  = \"eu-central-1\"\n  account = \"{account}\"\n}}\n"
        );
    }
    text
}

const PLATFORM: &str = r#"platform fleet {
  prefix       = "fleet"
  api_group    = "platform.fleet.example"
  domain       = "fleet.example"
  registry     = "ghcr.io/fleet"
  organization = "fleet"
  runbooks     = "https://runbooks.fleet.example"
  dashboards   = "https://grafana.fleet.example"

  gitops {
    repository = "https://github.com/fleet/platform.git"
  }
}
"#;
