//! What a name stands for.

use idpc_model::span::FileId;
use idpc_model::ty::Ty;

use crate::program::Program;

/// Something that has a name. Two mentions mean the same if their things are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A service, resource, team or another instance of a root schema.
    Instance {
        /// The root schema.
        root: String,
        /// Its name.
        name: String,
    },
    /// A schema.
    Schema(String),
    /// An enum.
    Enum(String),
    /// A variant of an enum.
    Variant {
        /// The enum.
        of: String,
        /// Its name.
        name: String,
    },
    /// A field, by the schema that declares it first.
    Field {
        /// The schema.
        schema: String,
        /// Its name.
        name: String,
    },
    /// An output, by the schema that declares it first.
    Output {
        /// The schema.
        schema: String,
        /// Its name.
        name: String,
    },
    /// An entry of a map of an instance: `needs.orders` of `checkout`.
    Entry {
        /// The root schema of the instance.
        root: String,
        /// The instance.
        instance: String,
        /// From the instance to the entry.
        path: Vec<String>,
    },
    /// A constant of a file.
    Constant {
        /// The file.
        file: FileId,
        /// Its name.
        name: String,
    },
    /// A type that the language brings.
    Builtin(String),
    /// `self`, `service`, `env`, `platform`, and the `name` of an instance.
    Special(String),
}

impl Thing {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Instance { name, .. }
            | Self::Variant { name, .. }
            | Self::Field { name, .. }
            | Self::Output { name, .. }
            | Self::Constant { name, .. }
            | Self::Schema(name)
            | Self::Enum(name)
            | Self::Builtin(name)
            | Self::Special(name) => name,
            Self::Entry { path, .. } => path.last().map_or("", |name| name),
        }
    }

    /// The files that can declare it, or mention it where it is declared; empty for what the language brings.
    pub(crate) fn homes(&self, program: Program<'_>) -> Vec<FileId> {
        let set = program.set();
        let index = program.index();
        match self {
            Self::Instance { root, name } | Self::Entry { root, instance: name, .. } => {
                index.instance(root, name).map(|at| at.file).into_iter().collect()
            }
            Self::Schema(name) => set.get(name).map(|schema| schema.span.file).into_iter().collect(),
            Self::Enum(name) => set.enumeration(name).map(|item| item.span.file).into_iter().collect(),
            // An extension may have added it.
            Self::Variant { .. } => {
                program.files().filter(|file| program.role(*file).is_some_and(|role| role.is_platform())).collect()
            }
            Self::Field { schema, name } => {
                let field = set.get(schema).and_then(|schema| schema.field(name));
                field.map(|field| field.ty_span.file).into_iter().collect()
            }
            Self::Output { schema, name } => {
                let output = set.get(schema).and_then(|schema| schema.output(name));
                output.map(|output| output.span.file).into_iter().collect()
            }
            Self::Constant { file, .. } => vec![*file],
            Self::Builtin(_) | Self::Special(_) => Vec::new(),
        }
    }

    /// The schema or enum that says what it may hold.
    pub(crate) fn type_of(&self, program: Program<'_>) -> Option<Thing> {
        let set = program.set();
        match self {
            Self::Instance { root, name } => {
                let (_, item) = program.instance(root, name)?;
                Some(Self::Schema(program.schema_of(item)?.name.to_string()))
            }
            Self::Field { schema, name } => named(&set.get(schema)?.field(name)?.ty),
            Self::Output { schema, name } => named(&set.get(schema)?.output(name)?.ty),
            Self::Variant { of, .. } => Some(Self::Enum(of.clone())),
            Self::Entry { root, instance, path } => {
                let (_, item) = program.instance(root, instance)?;
                let schema = crate::spot::Spot::of_instance(program, item).along(program, path)?.schema?;
                Some(Self::Schema(schema.name.to_string()))
            }
            _ => None,
        }
    }
}

/// The schema or enum that a type is made of.
fn named(ty: &Ty) -> Option<Thing> {
    match ty.core() {
        Ty::Schema(name) | Ty::Ref(name) => Some(Thing::Schema(name.to_string())),
        Ty::Enum(name) => Some(Thing::Enum(name.to_string())),
        Ty::List(inner) | Ty::Secret(inner) => named(inner),
        Ty::Map { value, .. } => named(value),
        _ => None,
    }
}
