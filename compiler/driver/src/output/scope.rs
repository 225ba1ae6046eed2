//! Which part of the output a build speaks for.

use idpc_emit::artifact::Unit;

/// The narrowing of a build; `None` is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only files of these targets.
    pub targets: Option<Vec<String>>,
    /// Only these services and shared resources.
    pub services: Option<Vec<String>>,
    /// Only these environments.
    pub envs: Option<Vec<String>>,
}

impl Scope {
    /// Whether nothing is left out.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.targets.is_none() && self.services.is_none() && self.envs.is_none()
    }

    /// Whether the build knows all of this unit, so that what it does not make is stale.
    #[must_use]
    pub fn owns(&self, unit: &Unit) -> bool {
        let env = match (&self.envs, unit.env()) {
            (None, _) => true,
            (Some(envs), Some(env)) => envs.iter().any(|one| one == env),
            (Some(_), None) => false,
        };
        let service = match (&self.services, unit) {
            (None, _) => true,
            (Some(names), Unit::Service { name, .. } | Unit::Resource { name, .. }) => names.contains(name),
            (Some(_), Unit::Platform { .. } | Unit::Repository { .. } | Unit::Catalog) => false,
        };
        env && service
    }

    /// Whether the build makes the files of this target.
    #[must_use]
    pub fn makes(&self, target: &str) -> bool {
        self.targets.as_ref().is_none_or(|targets| targets.iter().any(|one| one == target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(env: &str, name: &str) -> Unit {
        Unit::Service { env: env.into(), name: name.into() }
    }

    #[test]
    fn a_whole_build_owns_everything() {
        let scope = Scope::default();
        assert!(scope.is_whole() && scope.owns(&Unit::Catalog) && scope.owns(&service("dev", "a")) && scope.makes("x"));
    }

    #[test]
    fn a_narrowed_build_owns_only_what_it_names() {
        let env = Scope { envs: Some(vec!["dev".into()]), ..Scope::default() };
        assert!(env.owns(&service("dev", "a")) && env.owns(&Unit::Platform { env: "dev".into() }));
        assert!(!env.owns(&service("prod", "a")) && !env.owns(&Unit::Repository { name: "a".into() }));

        let one = Scope { services: Some(vec!["a".into()]), ..Scope::default() };
        assert!(one.owns(&service("dev", "a")) && !one.owns(&service("dev", "b")));
        assert!(!one.owns(&Unit::Platform { env: "dev".into() }) && !one.owns(&Unit::Repository { name: "a".into() }));

        let target = Scope { targets: Some(vec!["argocd".into()]), ..Scope::default() };
        assert!(target.makes("argocd") && !target.makes("github") && target.owns(&Unit::Catalog));
        assert!(!env.is_whole() && !one.is_whole() && !target.is_whole());
    }
}
