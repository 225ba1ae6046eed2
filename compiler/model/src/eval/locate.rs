//! What a path means where it stands.

use std::sync::Arc;

use idpc_syntax::ast::{Name, Path};

use super::arena::{Arena, Kind, NodeId, Site};
use crate::article::a;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::span::Span;
use crate::suggest::nearest;
use crate::ty::Ty;
use crate::value::{Output, Value};

/// The meaning of a path, with its type.
pub(super) enum Located {
    /// A place of this arena.
    Node(NodeId, Ty),
    /// A value that is known.
    Known(Value, Ty),
    /// An output of a need.
    Output(Arc<Output>, Ty),
    /// An output of a call: known before deployment, but only `config` may use it.
    Address(Value, Ty),
    /// Fields across a reference that a place holds.
    Via(NodeId, Vec<Arc<str>>, Ty),
}

impl Located {
    pub(super) fn ty(&self) -> &Ty {
        match self {
            Self::Node(_, ty)
            | Self::Known(_, ty)
            | Self::Output(_, ty)
            | Self::Address(_, ty)
            | Self::Via(_, _, ty) => ty,
        }
    }
}

/// How many dots a path may have.
const LONGEST: usize = 64;

/// What callers may read of another service.
const OPEN_FIELDS: &[&str] = &["name", "owner", "system", "tier"];

impl<'a> Arena<'a> {
    /// Resolves a path; `expected` is the type that its place wants.
    pub(super) fn locate(&self, path: &Path, site: Site, expected: Option<&Ty>) -> Result<Located, Box<Diagnostic>> {
        let Some((first, rest)) = path.segments.split_first() else {
            return Err(self.unknown_name(path.span, "", site, &[]));
        };
        if rest.len() > LONGEST {
            let finding =
                Diagnostic::new(Code::BudgetExceeded, Span::new(site.file, path.span), "this path is too long")
                    .primary_label(format!("a path has at most {LONGEST} dots"))
                    .help("name what it leads to");
            return Err(Box::new(finding));
        }
        if first.text == "self" {
            return self.follow(site.this, rest, site, false);
        }
        if rest.is_empty()
            && let Some(found) = self.expected_name(first, site, expected)
        {
            return found;
        }
        if let Some(found) = self.special(first, rest, site) {
            return found;
        }
        if rest.is_empty()
            && let Some(value) = self.context.files.get(site.file).and_then(|file| file.lets.get(&first.text))
        {
            return Ok(Located::Known(value.clone(), type_of_constant(value)));
        }
        let base = if site.in_schema {
            self.schema_field(site.scope, &first.text)
        } else {
            self.field_of(site.scope, &first.text)
        };
        if let Some(base) = base {
            return self.follow(base, rest, site, false);
        }
        if first.text == "name"
            && rest.is_empty()
            && let Some(name) = self.instance_name(site.scope)
        {
            return Ok(Located::Known(Value::Str(name), Ty::String));
        }
        Err(self.unresolved(first, site, expected))
    }

    /// A variant or an instance, where one is expected.
    fn expected_name(
        &self,
        name: &Name,
        site: Site,
        expected: Option<&Ty>,
    ) -> Option<Result<Located, Box<Diagnostic>>> {
        match expected?.core() {
            Ty::Enum(of) => {
                let definition = self.context.set.enumeration(of)?;
                let (variant, _) = definition.variants.iter().find(|(known, _)| **known == *name.text)?;
                let value = Value::Variant { of: of.clone(), name: variant.clone() };
                Some(Ok(Located::Known(value, Ty::Enum(of.clone()))))
            }
            Ty::Ref(schema) => {
                let root = self.context.set.get(schema).map_or(&**schema, |schema| schema.root());
                if !self.context.index.assumes(root) {
                    self.context.index.instance(root, &name.text)?;
                }
                if let Some(wrong) = self.wrong_schema(schema, root, name, site) {
                    return Some(Err(wrong));
                }
                let value = Value::Ref { root: root.into(), name: name.text.as_str().into() };
                Some(Ok(Located::Known(value, Ty::Ref(schema.clone()))))
            }
            _ => None,
        }
    }

    fn wrong_schema(&self, schema: &str, root: &str, name: &Name, site: Site) -> Option<Box<Diagnostic>> {
        if schema == root {
            return None;
        }
        let at = self.context.index.instance(root, &name.text)?;
        let (file, decl) = self.context.files.decl(at)?;
        let idpc_syntax::ast::DeclKind::Instance(item) = &decl.kind else { return None };
        let concrete = item.schema.as_ref().map_or(root, |schema| schema.text.as_str());
        if self.context.set.is_a(concrete, schema) {
            return None;
        }
        let finding = Diagnostic::new(
            Code::WrongType,
            Span::new(site.file, name.span),
            format!("`{}` is {}, not {}", name.text, a(concrete), a(schema)),
        )
        .primary_label(format!("expected {}", a(schema)))
        .label(file.span(decl.header), "declared here")
        .help(format!("name {}", a(schema)));
        Some(Box::new(finding))
    }

    /// `service`, `env` and `platform`.
    fn special(&self, first: &Name, rest: &[Name], site: Site) -> Option<Result<Located, Box<Diagnostic>>> {
        let word = match first.text.as_str() {
            "service" => "service",
            "env" => "env",
            "platform" => "platform",
            _ => return None,
        };
        if let Some(node) = self.named.get(word) {
            return Some(self.follow(*node, rest, site, false));
        }
        if word == "service" {
            let at = Span::new(site.file, first.span);
            let finding = Diagnostic::new(Code::CannotShare, at, "there is no service here")
                .primary_label("`service` is the one that needs this; a shared resource has none")
                .help("a kind that reads `service` cannot be shared");
            return Some(Err(Box::new(finding)));
        }
        let world = self.context.world?;
        let record = if word == "env" { &world.environment } else { &world.platform };
        let ty = Ty::Schema(record.schema.clone());
        Some(self.follow_value(Value::Record(record.clone()), ty, rest, site))
    }

    /// A field that a schema's expression sees: its record's, or one of the record around it.
    fn schema_field(&self, scope: NodeId, name: &str) -> Option<NodeId> {
        let mut at = scope;
        loop {
            if let Some(found) = self.field_of(at, name) {
                return Some(found);
            }
            let nested = match &self.node(at).kind {
                Kind::Record { schema, .. } => schema.name.contains('.'),
                Kind::Map { .. } => true,
                _ => false,
            };
            if !nested {
                return None;
            }
            at = self.node(at).parent?;
        }
    }

    pub(super) fn field_of(&self, record: NodeId, name: &str) -> Option<NodeId> {
        let Kind::Record { schema, fields, .. } = &self.node(record).kind else { return None };
        let name =
            schema.field(name).and_then(|field| field.deprecated.as_ref()?.replacement.as_deref()).unwrap_or(name);
        fields.named(name).map(|(_, node)| *node)
    }

    fn instance_name(&self, scope: NodeId) -> Option<Arc<str>> {
        let mut at = scope;
        while let Some(parent) = self.node(at).parent {
            at = parent;
        }
        match &self.node(at).kind {
            Kind::Record { instance, .. } => instance.clone().or_else(|| self.probing.then(|| "name".into())),
            _ => None,
        }
    }

    /// Goes down from a place. `outside` is whether the record is read from outside, where outputs hide fields.
    fn follow(&self, base: NodeId, rest: &[Name], site: Site, outside: bool) -> Result<Located, Box<Diagnostic>> {
        let node = self.node(base);
        let Some((next, rest)) = rest.split_first() else {
            return Ok(Located::Node(base, node.ty.clone()));
        };
        match &node.kind {
            Kind::Record { schema, shared, instance, .. } => {
                if (outside || shared.is_some())
                    && rest.is_empty()
                    && let Some(output) = schema.output(&next.text)
                {
                    return Ok(self.output(base, output.ty.clone(), next));
                }
                if let Some(field) = self.field_of(base, &next.text) {
                    return self.follow(field, rest, site, false);
                }
                if rest.is_empty()
                    && let Some(output) = schema.output(&next.text)
                {
                    return Ok(self.output(base, output.ty.clone(), next));
                }
                if next.text == "name"
                    && let Some(name) = instance.clone().or_else(|| self.probing.then(|| "name".into()))
                {
                    return Ok(Located::Known(Value::Str(name), Ty::String));
                }
                if let Some(shared) = shared
                    && schema.field(&next.text).is_some()
                {
                    return Err(hidden_field(shared, next, site));
                }
                Err(self.no_field(schema, next, site))
            }
            Kind::Map { entries, base: computed, .. } => match entries.named(&next.text) {
                Some((_, entry)) => self.follow(*entry, rest, site, true),
                // Which entries a computed map has is known only with its value.
                None if computed.is_some() => {
                    let value = match node.ty.core() {
                        Ty::Map { value, .. } => (**value).clone(),
                        _ => Ty::Unknown,
                    };
                    let ty = self.type_across(&Ty::Optional(Arc::new(value)), rest, site)?;
                    let names = std::iter::once(next).chain(rest).map(|name| Arc::from(name.text.as_str()));
                    Ok(Located::Via(computed.unwrap_or(base), names.collect(), ty))
                }
                None => {
                    let known: Vec<&str> = entries.iter().map(|(key, _)| &**key).collect();
                    let at = Span::new(site.file, next.span);
                    let finding =
                        Diagnostic::new(Code::UnknownName, at, format!("`{}` has no entry `{}`", node.key, next.text))
                            .primary_label("no such entry")
                            .help(format!("declare it: `{} {{ {} … }}`", node.key, next.text))
                            .did_you_mean(at, nearest(&next.text, known));
                    Err(Box::new(finding))
                }
            },
            // What failed was reported where it stands; nothing more is said about what reads it. In a probe it is merely
            // unset.
            Kind::Failed if !self.probing => Ok(Located::Known(Value::Error, Ty::Unknown)),
            Kind::Expr { .. } | Kind::Unset | Kind::Failed => {
                let mut names = vec![next.clone()];
                names.extend(rest.iter().cloned());
                let ty = self.type_across(&node.ty, &names, site)?;
                Ok(Located::Via(base, names.iter().map(|name| Arc::from(name.text.as_str())).collect(), ty))
            }
        }
    }

    fn output(&self, record: NodeId, ty: Ty, name: &Name) -> Located {
        let node = self.node(record);
        let by_reference =
            node.parent.is_some_and(|parent| matches!(&self.node(parent).kind, Kind::Map { key: Some(_), .. }));
        if by_reference {
            let head = (self.context.heads)(&node.key);
            let value = head.map_or(Value::Error, |head| match name.text.as_str() {
                "host" => Value::Str(head.host.clone()),
                "port" => head.port.map_or(Value::Error, Value::Int),
                _ => Value::Str(head.url().into()),
            });
            return Located::Address(value, ty);
        }
        let secret = matches!(ty.core(), Ty::Secret(_));
        let output = Output { entry: node.key.clone(), name: name.text.as_str().into(), secret };
        Located::Output(Arc::new(output), ty)
    }

    fn follow_value(&self, value: Value, ty: Ty, rest: &[Name], site: Site) -> Result<Located, Box<Diagnostic>> {
        let ty = self.type_across(&ty, rest, site)?;
        let names: Vec<Arc<str>> = rest.iter().map(|name| Arc::from(name.text.as_str())).collect();
        let value = self.value_across(&value, &names);
        Ok(Located::Known(value, ty))
    }

    /// The type at the end of a path that leaves this arena.
    fn type_across(&self, from: &Ty, names: &[Name], site: Site) -> Result<Ty, Box<Diagnostic>> {
        let Some((next, rest)) = names.split_first() else { return Ok(from.clone()) };
        let at = Span::new(site.file, next.span);
        if from.is_optional() {
            let finding = Diagnostic::new(
                Code::MaybeUnset,
                at,
                format!("`{}` is read of something that may be unset", next.text),
            )
            .primary_label("what stands before the dot may be `none`")
            .help("compare it with `none` first, or give it a value with `??`");
            return Err(Box::new(finding));
        }
        match from.core() {
            Ty::Unknown | Ty::Any => Ok(Ty::Unknown),
            Ty::Schema(name) | Ty::Ref(name) => {
                let Some(schema) = self.context.set.get(name) else { return Ok(Ty::Unknown) };
                if matches!(from.core(), Ty::Ref(_))
                    && schema.is_a("service")
                    && !OPEN_FIELDS.contains(&next.text.as_str())
                {
                    let finding = Diagnostic::new(
                        Code::ForbiddenPath,
                        at,
                        format!("`{}` of another service cannot be read", next.text),
                    )
                    .primary_label("only its name, owner, system and tier are open")
                    .help("its address is under `calls`");
                    return Err(Box::new(finding));
                }
                if next.text == "name" && schema.field("name").is_none() {
                    return self.type_across(&Ty::String, rest, site);
                }
                match schema.field(&next.text) {
                    Some(field) => self.type_across(&field.ty, rest, site),
                    None => Err(self.no_field(schema, next, site)),
                }
            }
            Ty::Map { value, .. } => self.type_across(value, rest, site),
            other => {
                let finding =
                    Diagnostic::new(Code::UnknownField, at, format!("{} has no field `{}`", a(other), next.text))
                        .primary_label("nothing can be read of it")
                        .help("remove the rest of the path");
                Err(Box::new(finding))
            }
        }
    }

    /// The value at the end of a path that leaves this arena.
    pub(super) fn value_across(&self, from: &Value, names: &[Arc<str>]) -> Value {
        let Some((next, rest)) = names.split_first() else { return from.clone() };
        match from {
            Value::Record(record) => match record.field(next) {
                Some(field) => self.value_across(&field.value, rest),
                None if &**next == "name" => self
                    .context
                    .world
                    .filter(|world| Arc::ptr_eq(&world.environment, record))
                    .map_or(Value::Error, |world| Value::Str(world.name.clone())),
                None => Value::Error,
            },
            Value::Ref { name, .. } if &**next == "name" => Value::Str(name.clone()),
            Value::Ref { root, name } => self.across_reference(root, name, next, rest),
            Value::Map(_) => match from.entries().iter().find(|(key, _)| key == next) {
                Some((_, field)) => self.value_across(&field.value, rest),
                None => Value::None,
            },
            _ => Value::Error,
        }
    }

    fn across_reference(&self, root: &str, name: &str, next: &Arc<str>, rest: &[Arc<str>]) -> Value {
        if root == "service" {
            let value = (self.context.heads)(name).and_then(|head| head.fields.get(next).cloned());
            return value.map_or(Value::Error, |value| self.value_across(&value, rest));
        }
        let record = self.context.world.and_then(|world| world.instance(root, name));
        record.and_then(|record| record.field(next)).map_or(Value::None, |field| self.value_across(&field.value, rest))
    }

    fn no_field(&self, schema: &Schema, name: &Name, site: Site) -> Box<Diagnostic> {
        let at = Span::new(site.file, name.span);
        let known: Vec<&str> = schema
            .fields
            .iter()
            .map(|field| &*field.name)
            .chain(schema.outputs.iter().map(|output| &*output.name))
            .collect();
        let shown = schema.name.split('.').next_back().unwrap_or(&schema.name);
        let finding = Diagnostic::new(Code::UnknownField, at, format!("`{shown}` has no field `{}`", name.text))
            .primary_label("unknown field")
            .help(format!("it has: {}", known.iter().take(12).copied().collect::<Vec<_>>().join(", ")))
            .did_you_mean(at, nearest(&name.text, known));
        Box::new(finding)
    }
}

/// A field of a shared resource, of which a user knows the outputs and its own access.
fn hidden_field(shared: &str, name: &Name, site: Site) -> Box<Diagnostic> {
    let at = Span::new(site.file, name.span);
    let finding =
        Diagnostic::new(Code::ForbiddenPath, at, format!("`{}` of the shared `{shared}` cannot be read", name.text))
            .primary_label("only its outputs and `access` are open to its users")
            .help("put what both need into a constant, or read an output");
    Box::new(finding)
}

/// The type of a constant.
pub(super) fn type_of_constant(value: &Value) -> Ty {
    match value {
        Value::None => Ty::None,
        Value::Bool(_) => Ty::Bool,
        Value::Int(_) => Ty::Int,
        Value::Number(_) => Ty::Number,
        Value::Str(_) => Ty::String,
        Value::Date(_) => Ty::Date,
        Value::Range(..) => Ty::Range,
        Value::Quantity(quantity) => Ty::builtin(quantity.dimension.type_name()).unwrap_or(Ty::Unknown),
        Value::List(items) => {
            let inner = items.first().map_or(Ty::Unknown, type_of_constant);
            Ty::List(Arc::new(inner))
        }
        Value::Variant { of, .. } => Ty::Enum(of.clone()),
        Value::Ref { root, .. } => Ty::Ref(root.clone()),
        _ => Ty::Unknown,
    }
}
