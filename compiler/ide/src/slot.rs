//! The places where a name can stand, and what a name means in each. Everything that looks names up goes through here, so
//! that completion offers exactly what resolves.

use std::sync::Arc;

use idpc_model::schema::Schema;
use idpc_model::source::FileView;
use idpc_model::ty::Ty;
use idpc_syntax::ast::{Entry, InstanceDecl, Member};

use crate::program::Program;
use crate::spot::Spot;
use crate::thing::Thing;

/// A place for a name.
#[derive(Clone, Debug)]
pub(crate) enum Slot<'a> {
    /// The name that a declaration, a variant or a member gives.
    Declared(Thing),
    /// The root keyword of an instance.
    Root,
    /// The schema of an instance of a root schema.
    Schema { root: String },
    /// The parent of a schema, or what is extended.
    AnySchema,
    /// The enum that is extended.
    AnyEnum,
    /// A field of a record that is being written, or a key of a map.
    Key { holder: Spot, body: &'a [Entry], level: Level },
    /// A member of a schema: a new field, or one that is inherited.
    Member { schema: Option<Arc<Schema>>, body: &'a [Member] },
    /// The schema of a record whose type fixes only an ancestor.
    Kind { ancestor: String },
    /// The beginning of a value.
    Value { expected: Option<Ty>, scope: Scope<'a> },
    /// Behind a dot of a value.
    Dot { base: Spot },
    /// A type.
    Type,
    /// The schema behind a `&`.
    Reference,
    /// The environment of an overlay.
    Environment { item: &'a InstanceDecl },
    /// Behind an `@`.
    Annotation,
    /// The name of an argument of an annotation.
    Argument { annotation: String },
    /// A function.
    Function,
    /// The service or resource that a `moved` or `removed` begins with.
    Identity,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Directly in the body of an instance.
    Body,
    /// Somewhere in an overlay.
    Overlay,
    /// In a record or map of the instance.
    Inside,
    /// Behind a dot of the name of an entry.
    Path,
}

/// What the names of an expression can mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope<'a> {
    /// The instance around it.
    pub(crate) item: Option<&'a InstanceDecl>,
    /// In a schema: its records from the inside out.
    pub(crate) schemas: Vec<Arc<Schema>>,
    /// The record that is being written.
    pub(crate) this: Option<Spot>,
    /// Whether it is a constant's value, which sees only other constants.
    pub(crate) constant: bool,
}

impl Slot<'_> {
    /// What a name means here, and the place that it leads to.
    pub(crate) fn resolve(&self, program: Program<'_>, view: &FileView, name: &str) -> Option<(Thing, Option<Spot>)> {
        let set = program.set();
        let plain = |thing| Some((thing, None));
        match self {
            Self::Declared(thing) => plain(thing.clone()),
            Self::Root | Self::Schema { .. } | Self::AnySchema | Self::Reference => {
                let schema = set.get(name)?;
                plain(Thing::Schema(schema.name.to_string()))
            }
            Self::AnyEnum => set.enumeration(name).and_then(|_| plain(Thing::Enum(name.to_owned()))),
            Self::Key { holder, .. } => {
                let (thing, spot) = holder.step(program, name, None)?;
                Some((thing, Some(spot)))
            }
            Self::Member { schema, .. } => {
                let (thing, spot) = Spot::of_schema(schema.as_ref()?).step(program, name, None)?;
                Some((thing, Some(spot)))
            }
            Self::Kind { ancestor } => {
                if set.get(name).is_some_and(|schema| schema.is_a(ancestor)) {
                    return plain(Thing::Schema(name.to_owned()));
                }
                instance(program, program.root_of(ancestor), name).and_then(plain)
            }
            Self::Value { expected, scope } => value(program, view, expected.as_ref(), scope, name),
            Self::Dot { base } => base.read(program, name).map(|(thing, spot)| (thing, Some(spot))),
            Self::Type => {
                if set.get(name).is_some() {
                    return plain(Thing::Schema(name.to_owned()));
                }
                if set.enumeration(name).is_some() {
                    return plain(Thing::Enum(name.to_owned()));
                }
                Ty::builtin(name).and_then(|_| plain(Thing::Builtin(name.to_owned())))
            }
            Self::Environment { .. } => instance(program, "environment", name).and_then(plain),
            Self::Identity => {
                let root =
                    ["service", "resource"].into_iter().find(|root| program.index().instance(root, name).is_some())?;
                let (_, item) = program.instance(root, name)?;
                let thing = Thing::Instance { root: root.to_owned(), name: name.to_owned() };
                Some((thing, Some(Spot::of_instance(program, item))))
            }
            Self::Annotation | Self::Argument { .. } | Self::Function => None,
        }
    }
}

fn instance(program: Program<'_>, root: &str, name: &str) -> Option<Thing> {
    program.index().instance(root, name)?;
    Some(Thing::Instance { root: root.to_owned(), name: name.to_owned() })
}

fn value(
    program: Program<'_>,
    view: &FileView,
    expected: Option<&Ty>,
    scope: &Scope<'_>,
    name: &str,
) -> Option<(Thing, Option<Spot>)> {
    let constant = || {
        view.lets.get(name)?;
        Some((Thing::Constant { file: view.id, name: name.to_owned() }, None))
    };
    if scope.constant {
        return constant();
    }
    if name == "self" {
        return Some((Thing::Special("self".into()), scope.this.clone()));
    }
    if let Some(found) = expected.and_then(|ty| expected_name(program, ty, name)) {
        return Some(found);
    }
    if let Some(found) = special(program, scope, name) {
        return Some((Thing::Special(name.to_owned()), found));
    }
    if let Some(found) = constant() {
        return Some(found);
    }
    let own = scope.item.filter(|_| scope.schemas.is_empty()).map(|item| Spot::of_instance(program, item));
    let around = own.into_iter().chain(scope.schemas.iter().map(Spot::of_schema));
    for place in around {
        if let Some((thing, spot)) = place.step(program, name, None) {
            return Some((thing, Some(spot)));
        }
    }
    (name == "name").then(|| (Thing::Special("name".into()), Some(Spot::of_type(program, &Ty::String))))
}

/// A variant, an instance or a kind, where one is expected.
fn expected_name(program: Program<'_>, ty: &Ty, name: &str) -> Option<(Thing, Option<Spot>)> {
    let set = program.set();
    match ty.core() {
        Ty::Enum(of) => {
            set.enumeration(of)?.variants.iter().find(|(known, _)| **known == *name)?;
            Some((Thing::Variant { of: of.to_string(), name: name.to_owned() }, None))
        }
        Ty::Ref(schema) => Some((instance(program, program.root_of(schema), name)?, None)),
        Ty::Schema(schema) => {
            let resource = instance(program, program.root_of(schema), name);
            let kind = || set.get(name).filter(|kind| kind.is_a(schema));
            let thing = resource.or_else(|| Some(Thing::Schema(kind()?.name.to_string())))?;
            Some((thing, None))
        }
        _ => None,
    }
}

/// The place behind `service`, `env` and `platform`.
fn special(program: Program<'_>, scope: &Scope<'_>, name: &str) -> Option<Option<Spot>> {
    let root = match name {
        "service" => match scope.item.filter(|_| scope.schemas.is_empty()) {
            Some(item) if item.root.text == "service" => return Some(Some(Spot::of_instance(program, item))),
            Some(_) => return None,
            None => "service",
        },
        "env" => "environment",
        "platform" => "platform",
        _ => return None,
    };
    Some(program.set().get(root).map(Spot::of_schema))
}
