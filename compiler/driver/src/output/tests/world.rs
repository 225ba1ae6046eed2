//! Small builds to write, and trees to look at.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use idpc_emit::artifact::{Artifact, Build, Durable, Life, Permit, PermitKind, RelPath, Unit, UnitInfo};

use crate::output::{Force, Options, Report, Scope, WriteError, write};

/// What a workspace would make.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) artifacts: Vec<Artifact>,
    pub(super) units: Vec<UnitInfo>,
    pub(super) permits: Vec<Permit>,
}

impl World {
    /// Services in environments, each with a database.
    pub(super) fn of(services: &[&str], envs: &[&str]) -> Self {
        let mut world = Self::default();
        for env in envs {
            world.platform(env, services);
            for name in services {
                world.service(env, name);
            }
        }
        world
    }

    fn platform(&mut self, env: &str, services: &[&str]) {
        let unit = Unit::Platform { env: env.to_owned() };
        let spaces: Vec<String> = services.iter().map(|name| object("v1", "Namespace", "", name)).collect();
        self.file(
            &unit,
            &format!("bootstrap/{env}.yaml"),
            "argocd",
            &object("argoproj.io/v1", "Application", "argocd", "root"),
        );
        self.file(&unit, &format!("platform/{env}/namespaces/all.yaml"), "kubernetes", &spaces.join("---\n"));
        self.units.push(UnitInfo { unit, owner: None, durables: Vec::new() });
    }

    fn service(&mut self, env: &str, name: &str) {
        let unit = Unit::Service { env: env.to_owned(), name: name.to_owned() };
        let place = format!("envs/{env}/{name}");
        let apps = [format!("{name}-infra"), name.to_owned()]
            .map(|app| object("argoproj.io/v1", "Application", "argocd", &app));
        let work = ["Deployment", "Service", "ServiceAccount", "ConfigMap"].map(|kind| object("v1", kind, name, name));
        let claim = object("acme.dev/v1", "Postgres", name, &format!("{name}-orders"));
        self.file(&unit, &format!("apps/{env}/{name}.yaml"), "argocd", &apps.join("---\n"));
        self.file(&unit, &format!("{place}/app/workload.yaml"), "kubernetes", &work.join("---\n"));
        self.file(&unit, &format!("{place}/infra/claims.yaml"), "crossplane", &claim);
        self.file(&unit, &format!("rules/{env}/{name}.rules.yaml"), "prometheus", "groups: []\n");
        self.file(&unit, &format!("{place}/release/kustomization.yaml"), "kubernetes", "patches: []\n");
        if let Some(release) = self.artifacts.last_mut() {
            release.life = Life::Once;
        }
        let durables = vec![Durable {
            id: format!("{name}.needs.orders"),
            kind: "postgres".into(),
            object: format!("{name}-orders"),
            physical: format!("acme-{name}-orders-{env}"),
            form: None,
        }];
        self.units.push(UnitInfo { unit, owner: Some("payments".into()), durables });
    }

    pub(super) fn file(&mut self, unit: &Unit, path: &str, target: &str, text: &str) {
        self.artifacts.push(Artifact {
            path: RelPath::new(path).unwrap(),
            text: text.into(),
            target: target.to_owned(),
            source: format!("a.idp ({unit})"),
            unit: unit.clone(),
            life: Life::Generated,
        });
    }

    pub(super) fn text(&self, path: &str) -> String {
        self.artifacts.iter().find(|artifact| artifact.path.as_str() == path).unwrap().text.text().unwrap()
    }

    pub(super) fn set(&mut self, path: &str, text: &str) {
        self.artifacts.iter_mut().find(|artifact| artifact.path.as_str() == path).unwrap().text = text.into();
    }

    pub(super) fn append(&mut self, path: &str, more: &str) {
        self.set(path, &(self.text(path) + more));
    }

    /// Appends to every file.
    pub(super) fn append_to_all(&mut self, more: &str) {
        self.artifacts.iter_mut().for_each(|artifact| artifact.text = (artifact.text.text().unwrap() + more).into());
    }

    pub(super) fn drop_files(&mut self, part: &str) {
        self.artifacts.retain(|artifact| !artifact.path.as_str().contains(part));
    }

    pub(super) fn durables(&mut self, change: impl Fn(&mut Vec<Durable>)) {
        self.units.iter_mut().for_each(|info| change(&mut info.durables));
    }

    pub(super) fn removed(mut self, id: &str) -> Self {
        self.permits.push(Permit { env: None, id: id.into(), kind: PermitKind::Removed });
        self
    }

    pub(super) fn moved(mut self, to: &str, from: &str) -> Self {
        self.permits.push(Permit { env: None, id: from.into(), kind: PermitKind::Moved { to: to.into() } });
        self
    }

    /// The build that a narrowed run would make.
    pub(super) fn within(&self, scope: &Scope) -> Self {
        let mut world = self.clone();
        world.artifacts.retain(|artifact| scope.owns(&artifact.unit) && scope.makes(&artifact.target));
        world.units.retain(|info| scope.owns(&info.unit));
        world
    }

    pub(super) fn build(&self) -> Build<'_> {
        let services = self.units.iter().filter(|info| matches!(info.unit, Unit::Service { .. })).count();
        Build {
            artifacts: self.artifacts.iter().collect(),
            units: self.units.clone(),
            permits: self.permits.clone(),
            services,
        }
    }

    pub(super) fn write(&self, top: &Path) -> Result<Report, WriteError> {
        write(top, &self.build(), &Scope::default(), brisk(Force::Never))
    }

    pub(super) fn force(&self, top: &Path) -> Result<Report, WriteError> {
        write(top, &self.build(), &Scope::default(), brisk(Force::Overwrite))
    }

    /// Writes exactly this under a scope.
    pub(super) fn narrow_as_given(&self, top: &Path, scope: &Scope) {
        write(top, &self.build(), scope, brisk(Force::Never)).unwrap();
    }

    pub(super) fn narrow(&self, top: &Path, scope: &Scope) -> Result<Report, WriteError> {
        let world = self.within(scope);
        let mut build = world.build();
        build.services = self.build().services;
        write(top, &build, scope, brisk(Force::Never))
    }
}

/// A folder in memory where there is such a place: hundreds of builds wear a disk down.
pub(super) fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

pub(super) fn brisk(force: Force) -> Options<'static> {
    Options { force, patience: Duration::from_secs(20), ..Options::default() }
}

pub(super) fn object(api: &str, kind: &str, namespace: &str, name: &str) -> String {
    let space = if namespace.is_empty() { String::new() } else { format!("  namespace: {namespace}\n") };
    format!("apiVersion: {api}\nkind: {kind}\nmetadata:\n  name: {name}\n{space}")
}

/// Every file with its content; folders end in `/`, links have their target.
pub(super) fn tree(top: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(top, "", &mut found);
    found
}

fn collect(folder: &Path, below: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{below}{}", entry.file_name().to_str().unwrap());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.insert(format!("{path}/"), String::new());
            collect(&entry.path(), &format!("{path}/"), found);
        } else if kind.is_symlink() {
            found.insert(path, fs::read_link(entry.path()).unwrap().display().to_string());
        } else {
            found.insert(path, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

/// The refusal as users read it.
pub(super) fn shown(result: Result<Report, WriteError>) -> String {
    let notices = result.unwrap_err().notices();
    notices.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}
