//! Resolved schemas: every inherited field in one list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idpc_syntax::ast::Expr;

use crate::named::{HasName, Named};
use crate::span::{FileId, Span};
use crate::ty::Ty;
use crate::value::Layer;

/// The root schemas that the compiler knows by name.
pub const ROOTS: &[&str] = &["platform", "environment", "team", "system", "service", "resource"];

/// A schema with everything that it inherits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its name; a record declared in place is called `owner.field`.
    pub name: Arc<str>,
    /// Itself, its parent, …, its root.
    pub chain: Vec<Arc<str>>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
    /// The header of its declaration.
    pub span: Span,
    /// Whether the standard library declares it.
    pub library: bool,
    /// Inherited fields first, each in the order of declaration.
    pub fields: Named<SchemaField>,
    /// Inherited outputs first.
    pub outputs: Vec<OutputDef>,
    /// Inherited rules first.
    pub rules: Vec<RuleDef>,
}

/// A field of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaField {
    /// Its name.
    pub name: Arc<str>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
    /// Its type with every narrowing.
    pub ty: Ty,
    /// Where the type is written.
    pub ty_span: Span,
    /// The schema that first declared it.
    pub declared_in: Arc<str>,
    /// The strongest default.
    pub default: Option<Default>,
    /// The defaults that it replaced, the nearest first.
    pub overridden: Vec<(Layer, Span)>,
    /// `@once`
    pub once: bool,
    /// `@env_prefixed`
    pub env_prefixed: bool,
    /// `@immutable`
    pub immutable: bool,
    /// `@grow_only`
    pub grow_only: bool,
    /// `@locked`
    pub locked: Option<Lock>,
    /// `@deprecated`
    pub deprecated: Option<Deprecation>,
}

/// A default of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Default {
    /// The expression.
    pub expr: Arc<Expr>,
    /// The file that holds it, for its constants.
    pub file: FileId,
    /// Where it stands.
    pub span: Span,
    /// Which layer it belongs to.
    pub layer: Layer,
}

/// `@locked("why", except = […])`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Why nobody may set the field.
    pub reason: Arc<str>,
    /// The instances that may.
    pub except: Vec<Arc<str>>,
    /// The annotation.
    pub span: Span,
}

/// `@deprecated(use = other, "why")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// The field to use.
    pub replacement: Option<Arc<str>>,
    /// Why.
    pub reason: Arc<str>,
    /// The annotation.
    pub span: Span,
}

/// An output of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputDef {
    /// Its name.
    pub name: Arc<str>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
    /// Its type, `secret<T>` included.
    pub ty: Ty,
    /// Where it is declared.
    pub span: Span,
}

/// A `require` or `warn` of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDef {
    /// Whether it only warns.
    pub warn: bool,
    /// What must hold.
    pub condition: Arc<Expr>,
    /// What is said when it does not.
    pub message: Arc<Expr>,
    /// The file that holds it.
    pub file: FileId,
    /// The whole rule.
    pub span: Span,
}

/// An enum with every extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumDef {
    /// Its name.
    pub name: Arc<str>,
    /// Its documentation.
    pub doc: Option<Arc<str>>,
    /// Its variants with their documentation, in order.
    pub variants: Vec<(Arc<str>, Option<Arc<str>>)>,
    /// Its declaration's header.
    pub span: Span,
}

/// Every schema and enum of a workspace and of the library.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SchemaSet {
    /// By name.
    pub schemas: BTreeMap<Arc<str>, Arc<Schema>>,
    /// By name.
    pub enums: BTreeMap<Arc<str>, Arc<EnumDef>>,
    /// Schemas that have children, with these, for maps of several kinds.
    pub parents: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    /// The schemas of which a record needs nothing to be set.
    pub complete: BTreeSet<Arc<str>>,
    /// The schemas that contain themselves without end, or one that does.
    pub endless: BTreeSet<Arc<str>>,
}

/// What the library is called in the names of its files and of what is hidden.
pub const LIBRARY: &str = "std";

/// The name under which a schema of the library or of a package is kept when another hides it.
#[must_use]
pub fn hidden_name(owner: &str, name: &str) -> String {
    format!("{owner}:{name}")
}

/// Whether it is the name of a schema that another hides.
#[must_use]
pub fn is_hidden(name: &str) -> bool {
    name.contains(':')
}

impl Schema {
    /// A field by name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&SchemaField> {
        self.fields.named(name)
    }

    /// An output by name.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&OutputDef> {
        self.outputs.iter().find(|output| &*output.name == name)
    }

    /// Whether it is `ancestor` or descends from it.
    #[must_use]
    pub fn is_a(&self, ancestor: &str) -> bool {
        self.chain.iter().any(|name| &**name == ancestor)
    }

    /// The root of its chain.
    #[must_use]
    pub fn root(&self) -> &str {
        self.chain.last().map_or(&self.name, |name| name)
    }

    /// Whether a record of it needs nothing to be set.
    #[must_use]
    pub fn is_complete(&self, set: &SchemaSet) -> bool {
        set.complete.contains(&self.name)
    }
}

/// Whether a field must be set: it has neither a default nor `?`, and no record or map that fills itself.
#[must_use]
pub fn is_required(field: &SchemaField, set: &SchemaSet) -> bool {
    if field.default.is_some() || field.ty.is_optional() {
        return false;
    }
    match field.ty.core() {
        Ty::Map { .. } | Ty::Unknown => false,
        // One that contains itself without end was reported, and could never be set.
        Ty::Schema(name) => set.get(name).is_some_and(|schema| !schema.is_complete(set)) && !set.endless.contains(name),
        _ => true,
    }
}

impl HasName for SchemaField {
    fn name(&self) -> &str {
        &self.name
    }
}

impl SchemaField {
    /// A field that has nothing but its name and type yet.
    #[must_use]
    pub fn new(name: &str, doc: Option<&str>, ty: Ty, ty_span: Span, declared_in: Arc<str>) -> Self {
        Self {
            name: name.into(),
            doc: doc.map(Arc::from),
            ty,
            ty_span,
            declared_in,
            default: None,
            overridden: Vec::new(),
            once: false,
            env_prefixed: false,
            immutable: false,
            grow_only: false,
            locked: None,
            deprecated: None,
        }
    }
}

impl SchemaSet {
    /// A schema by name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Schema>> {
        self.schemas.get(name)
    }

    /// An enum by name.
    #[must_use]
    pub fn enumeration(&self, name: &str) -> Option<&Arc<EnumDef>> {
        self.enums.get(name)
    }

    /// Whether `name` is `ancestor` or descends from it.
    #[must_use]
    pub fn is_a(&self, name: &str, ancestor: &str) -> bool {
        name == ancestor || self.get(name).is_some_and(|schema| schema.is_a(ancestor))
    }

    /// The schemas that descend from `ancestor`, itself and hidden ones excluded, sorted.
    #[must_use]
    pub fn descendants(&self, ancestor: &str) -> Vec<&Arc<Schema>> {
        let counts = |schema: &&Arc<Schema>| &*schema.name != ancestor && !is_hidden(&schema.name);
        self.schemas.values().filter(counts).filter(|schema| schema.is_a(ancestor)).collect()
    }
}
