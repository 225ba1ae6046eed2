//! The gate in front of loss: what a build may not take away unless a line of source says so.
//!
//! Judged from the manifests in the output folder alone. Losing or renaming an object that holds data needs a `moved`
//! or `removed` line, and so does taking more than ten Kubernetes objects at once.

use std::collections::{BTreeMap, BTreeSet};

use idpc_emit::artifact::{Build, Durable, Permit, PermitKind, Unit};
use idpc_expand::User;

use crate::code;

use super::ledger::Ledger;
use super::narrowing;
use super::notice::Notice;
use super::objects::ObjectId;
use super::scope::Scope;

/// How many objects a build may take away without a word.
pub const FREE_REMOVALS: usize = 10;

/// Why a build may not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GateError {
    /// The workspace declares no service at all.
    NoServices,
    /// An object that holds data would be gone.
    Lost {
        /// What the source called it.
        id: String,
        /// Its kind.
        kind: String,
        /// Each environment with the object there.
        places: Vec<(String, Durable)>,
        /// The one new object of that kind, if it looks like a rename.
        renamed: Option<String>,
    },
    /// An object that holds data would be another one from now on.
    Replaced {
        /// What the source called it.
        id: String,
        /// What the source calls it now.
        now: String,
        /// Each environment with the object before and after.
        places: Vec<(String, Durable, Durable)>,
    },
    /// Objects with data would be asked for in another form of the API.
    Reformed {
        /// The form that asks for them now.
        before: String,
        /// The form that would.
        now: String,
        /// The environment and the object.
        places: Vec<(String, Durable)>,
    },
    /// Committed claims use what the definition of their kind would refuse.
    Narrowed {
        /// The kind of the claims: `Bucket`.
        kind: String,
        /// The field, from the top of the claim; empty when the kind itself is gone.
        field: Vec<String>,
        /// What is asked for now, as the end of "the field …".
        rule: String,
        /// The claims, in all environments.
        claims: Vec<User>,
    },
    /// Too many objects would be gone.
    Mass {
        /// What would be gone, unit by unit.
        gone: Vec<Gone>,
    },
}

/// The objects that would leave one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Whose they are.
    pub unit: Unit,
    /// Whether the unit itself is gone too.
    pub whole: Whole,
    /// The objects.
    pub objects: Vec<ObjectId>,
}

/// Whether a unit goes with its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// The unit has nothing left to do in this build.
    Unit,
    /// The unit stays.
    Part,
}

/// Objects that a build would take away, as the plan found them.
pub(super) struct Removal<'a> {
    pub(super) unit: &'a Unit,
    pub(super) objects: Vec<ObjectId>,
}

/// The id and the kind of what is lost, and the id of what may be its new name.
type LostKey = (String, String, Option<String>);

/// The ids, or the forms, before and after.
type ReplacedKey = (String, String);

/// Judges the objects that hold data.
pub(super) fn durables(ledger: &Ledger, build: &Build<'_>, scope: &Scope) -> Vec<GateError> {
    let after = Durables::new(build);
    let known: BTreeSet<(&str, &str)> = ledger
        .owned(scope)
        .flat_map(|manifest| manifest.durable.iter().map(|item| (env(&manifest.unit), item.id.as_str())))
        .collect();
    let mut lost: BTreeMap<LostKey, Vec<(String, Durable)>> = BTreeMap::new();
    let mut replaced: BTreeMap<ReplacedKey, Vec<(String, Durable, Durable)>> = BTreeMap::new();
    let mut reformed: BTreeMap<ReplacedKey, Vec<(String, Durable)>> = BTreeMap::new();
    for manifest in ledger.owned(scope) {
        let env = env(&manifest.unit);
        for old in &manifest.durable {
            match after.fate(env, old, &build.permits, scope) {
                Fate::Kept => {}
                Fate::Reformed(before, now) => {
                    reformed.entry((before, now)).or_default().push((env.to_owned(), old.clone()));
                }
                Fate::Lost => {
                    let renamed = after.renamed(env, old, &known);
                    lost.entry((old.id.clone(), old.kind.clone(), renamed))
                        .or_default()
                        .push((env.to_owned(), old.clone()));
                }
                Fate::Replaced(new) => replaced.entry((old.id.clone(), new.id.clone())).or_default().push((
                    env.to_owned(),
                    old.clone(),
                    new.clone(),
                )),
            }
        }
    }
    let lost = lost.into_iter().map(|((id, kind, renamed), places)| GateError::Lost { id, kind, places, renamed });
    let replaced = replaced.into_iter().map(|((id, now), places)| GateError::Replaced { id, now, places });
    let reformed = reformed.into_iter().map(|((before, now), places)| GateError::Reformed { before, now, places });
    lost.chain(replaced).chain(reformed).collect()
}

fn env(unit: &Unit) -> &str {
    unit.env().unwrap_or_default()
}

/// What becomes of an object.
enum Fate<'a> {
    Kept,
    Lost,
    Replaced(&'a Durable),
    /// The forms before and after.
    Reformed(String, String),
}

/// The objects of this build by environment and id.
struct Durables<'a>(BTreeMap<(&'a str, &'a str), &'a Durable>);

impl<'a> Durables<'a> {
    fn new(build: &'a Build<'_>) -> Self {
        let items = build
            .units
            .iter()
            .flat_map(|info| info.durables.iter().map(|item| ((env(&info.unit), item.id.as_str()), item)));
        Self(items.collect())
    }

    fn fate(&self, env: &str, old: &Durable, permits: &[Permit], scope: &Scope) -> Fate<'a> {
        let leave: Vec<(&Permit, &str)> =
            permits.iter().filter_map(|permit| covers(permit, env, &old.id).map(|rest| (permit, rest))).collect();
        if leave.iter().any(|(permit, _)| permit.kind == PermitKind::Removed) {
            return Fate::Kept;
        }
        if let Some(new) = self.0.get(&(env, old.id.as_str())) {
            let same = new.kind == old.kind && new.object == old.object && new.physical == old.physical;
            return match (&old.form, &new.form) {
                _ if !same => Fate::Replaced(new),
                (Some(before), Some(now)) if before != now => Fate::Reformed(before.clone(), now.clone()),
                _ => Fate::Kept,
            };
        }
        for (permit, rest) in leave {
            let PermitKind::Moved { to } = &permit.kind else {
                continue;
            };
            match self.0.get(&(env, format!("{to}{rest}").as_str())) {
                Some(new) if new.physical != old.physical || new.kind != old.kind => {
                    return Fate::Replaced(new);
                }
                Some(_) => return Fate::Kept,
                // A narrowed build does not know every object, so the new one may lie outside of it.
                None if !scope.is_whole() => return Fate::Kept,
                None => {}
            }
        }
        Fate::Lost
    }

    /// The only object of the same kind that no build has made before, if there is just one.
    fn renamed(&self, env: &str, old: &Durable, known: &BTreeSet<(&str, &str)>) -> Option<String> {
        let mut new = self
            .0
            .iter()
            .filter(|((place, id), item)| *place == env && item.kind == old.kind && !known.contains(&(*place, *id)));
        let only = new.next()?;
        new.next().is_none().then(|| only.1.id.clone())
    }
}

/// What follows the permit's id in this id, if the permit covers it.
fn covers<'i>(permit: &Permit, env: &str, id: &'i str) -> Option<&'i str> {
    let rest = id.strip_prefix(permit.id.as_str())?;
    let whole = rest.is_empty() || rest.starts_with('.');
    (whole && permit.env.as_deref().is_none_or(|one| one == env)).then_some(rest)
}

/// Judges how much goes at once. `remains` tells whether an environment still has an object, in whatever file.
pub(super) fn mass(
    removals: Vec<Removal<'_>>,
    build: &Build<'_>,
    remains: impl Fn(&str, &ObjectId) -> bool,
) -> Option<GateError> {
    let mut gone: BTreeMap<&Unit, BTreeSet<ObjectId>> = BTreeMap::new();
    for removal in removals {
        let env = env(removal.unit);
        let objects = removal.objects.into_iter();
        let counted = objects.filter(|object| !permitted(removal.unit, object, build) && !remains(env, object));
        gone.entry(removal.unit).or_default().extend(counted);
    }
    let count: usize = gone.values().map(BTreeSet::len).sum();
    if count <= FREE_REMOVALS {
        return None;
    }
    let gone = gone
        .into_iter()
        .filter(|(_, objects)| !objects.is_empty())
        .map(|(unit, objects)| Gone {
            unit: unit.clone(),
            whole: if build.units.iter().any(|info| info.unit == *unit) { Whole::Part } else { Whole::Unit },
            objects: objects.into_iter().collect(),
        })
        .collect();
    Some(GateError::Mass { gone })
}

/// Whether a line of source lets this object go.
fn permitted(unit: &Unit, object: &ObjectId, build: &Build<'_>) -> bool {
    let env = env(unit);
    build
        .permits
        .iter()
        .filter(|permit| permit.env.as_deref().is_none_or(|one| one == env))
        .any(|permit| goes_with(&permit.id, unit, env, object))
}

/// Whether the object belongs to what the permit names: the whole of a service or resource, or one of its needs.
pub(super) fn goes_with(id: &str, unit: &Unit, env: &str, object: &ObjectId) -> bool {
    let (owner, part) = id.split_once('.').unwrap_or((id, ""));
    let dashed = |prefix: &str, name: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-'));
    if !part.is_empty() {
        let name = format!("{owner}-{}", part.rsplit('.').next().unwrap_or(part));
        return unit.name() == Some(owner) && (object.name == name || dashed(&name, &object.name));
    }
    match unit {
        Unit::Service { name, .. } | Unit::Resource { name, .. } => name == owner,
        // The platform's files hold the namespace of each service and what lies in it.
        Unit::Platform { .. } => [&object.name, &object.namespace]
            .into_iter()
            .any(|name| name == owner || name.strip_prefix(owner).and_then(|rest| rest.strip_prefix('-')) == Some(env)),
        Unit::Repository { .. } | Unit::Catalog => false,
    }
}

impl GateError {
    /// The refusal in words.
    #[must_use]
    pub fn notice(&self) -> Notice {
        match self {
            Self::NoServices => Notice::new(
                idpc_model::code::Code::NoServices.id(),
                "the workspace declares no service, so nothing is built",
            )
            .help("declare one: `idpc new service NAME` writes a first one"),
            Self::Lost { id, kind, places, renamed } => lost(id, kind, places, renamed.as_deref()),
            Self::Replaced { id, now, places } => replaced(id, now, places),
            Self::Reformed { before, now, places } => reformed(before, now, places),
            Self::Narrowed { kind, field, rule, claims } => narrowing::notice(kind, field, rule, claims),
            Self::Mass { gone } => too_many(gone),
        }
    }
}

fn reformed(before: &str, now: &str, places: &[(String, Durable)]) -> Notice {
    let objects = if places.len() == 1 { "object that holds" } else { "objects that hold" };
    let message = format!("this build would ask for {} {objects} data in another form of the API", places.len());
    let details = places
        .iter()
        .map(|(env, item)| format!("{env}: {} is committed in the form `{before}`, and would be `{now}`", named(item)));
    Notice::new(code::REPLACED, message)
        .details(details)
        .help(format!("to stay where you are: `platform … {{ crossplane = {before} }}`"))
        .help("to change it, follow docs/change-the-form.md: orphan in the old form, adopt in the new one")
}

fn lost(id: &str, kind: &str, places: &[(String, Durable)], renamed: Option<&str>) -> Notice {
    let details = places.iter().map(|(env, item)| format!("{env}: {}", named(item)));
    let notice = Notice::new(code::LOST, format!("this build would remove the {kind} `{id}`")).details(details);
    let notice = match renamed {
        Some(new) => notice.help(format!("if it has a new name, add: moved {new} {{ from = {id} }}")),
        None => notice,
    };
    notice.help(format!("if it shall go, add: {}", removed(id)))
}

fn replaced(id: &str, now: &str, places: &[(String, Durable, Durable)]) -> Notice {
    let details = places.iter().map(|(env, old, new)| {
        let kinds = if old.kind == new.kind { String::new() } else { format!(" of kind {}", new.kind) };
        format!("{env}: {} would become {}{kinds}", named(old), named(new))
    });
    // What is declared cannot be `removed`.
    let (message, free) = if id == now {
        (format!("this build would replace `{id}` by another object"), "give the new one another name, and ")
    } else {
        (format!("`{now}` would not be the object that was `{id}`, although it is said to have moved"), "")
    };
    Notice::new(code::REPLACED, message)
        .details(details)
        .help("to keep it, undo the change of what its name is made of: platform prefix, account, names")
        .help(format!("if the old one shall go, {free}add: {}", removed(id)))
}

fn named(item: &Durable) -> String {
    format!("{} ({})", item.object, item.physical)
}

fn removed(id: &str) -> String {
    format!("removed {id} {{ keep = true, because = \"why\" }}")
}

fn too_many(gone: &[Gone]) -> Notice {
    let count: usize = gone.iter().map(|one| one.objects.len()).sum();
    let details = gone.iter().map(|one| {
        let objects: Vec<String> = one.objects.iter().map(ToString::to_string).collect();
        format!("{}: {}", one.unit, objects.join(", "))
    });
    let message = format!("this build would remove {count} objects, and more than {FREE_REMOVALS} need a word");
    let mut notice = Notice::new(code::MASS, message).details(details);
    let mut lines = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for one in gone {
        match (one.whole, &one.unit) {
            (Whole::Unit, Unit::Service { name, .. } | Unit::Resource { name, .. }) => {
                lines.insert(format!("if it shall go, add: {}", removed(name)));
            }
            _ => {
                folders.insert(one.unit.folder());
            }
        }
    }
    for line in lines {
        notice = notice.help(line);
    }
    if !folders.is_empty() {
        let folders: Vec<String> = folders.into_iter().map(|folder| format!("`{folder}`")).collect();
        notice = notice.help(format!(
            "if the rest shall go, delete its files below the output folder yourself and build again: {}",
            folders.join(", ")
        ));
    }
    notice
}
