//! The names in values, types and schemas.

use idpc_model::ty::Ty;
use idpc_syntax::ast::{
    Annotation, BinaryOp, Expr, ExprKind, FieldDecl, Member, Path, Refinement, StrPart, TypeExpr, TypeKind, UnaryOp,
};

use crate::slot::{Level, Scope, Slot};
use crate::spot::Spot;
use crate::thing::Thing;
use crate::walk::{Role, Walk};

impl<'a> Walk<'_, 'a> {
    /// The value of an entry.
    pub(crate) fn setting(&mut self, value: &'a Expr, at: &Spot, scope: &Scope<'a>, level: Level) {
        match &value.kind {
            ExprKind::Record { schema, entries } => {
                if let (Some(name), Ty::Schema(ancestor)) = (schema, at.ty.core()) {
                    (self.visit)(&Slot::Kind { ancestor: ancestor.to_string() }, name, Role::Read);
                }
                self.entries(entries, at, scope, level);
            }
            _ => self.value(value, Some(&at.ty), scope),
        }
    }

    /// An expression where a type is expected.
    pub(crate) fn value(&mut self, expr: &'a Expr, expected: Option<&Ty>, scope: &Scope<'a>) {
        match &expr.kind {
            ExprKind::Missing | ExprKind::Literal(_) => {}
            ExprKind::Str(parts) => {
                for part in parts {
                    if let StrPart::Insert(path) = part {
                        self.read(path, None, scope);
                    }
                }
            }
            ExprKind::Path(path) => self.read(path, expected, scope),
            ExprKind::List(items) => {
                let element = match expected.map(Ty::core) {
                    Some(Ty::List(element)) => Some(&**element),
                    // `x in [a, b]`
                    other => other,
                };
                items.iter().for_each(|item| self.value(item, element, scope));
            }
            ExprKind::Record { .. } => {
                let spot = Spot::of_type(self.program, expected.unwrap_or(&Ty::Unknown));
                self.setting(expr, &spot, scope, Level::Inside);
            }
            ExprKind::Unary(op, inner) => {
                self.value(inner, if *op == UnaryOp::Not { Some(&Ty::Bool) } else { expected }, scope);
            }
            ExprKind::Binary(op, one, other) => self.binary(*op, (one, other), expected, scope),
            ExprKind::If(condition, one, other) => {
                self.value(condition, Some(&Ty::Bool), scope);
                self.value(one, expected, scope);
                self.value(other, expected, scope);
            }
            ExprKind::Call(name, arguments) => {
                (self.visit)(&Slot::Function, name, Role::Read);
                let expected = expected.filter(|_| name.text != "len");
                arguments.iter().for_each(|argument| self.value(argument, expected, scope));
            }
            ExprKind::Paren(inner) => self.value(inner, expected, scope),
        }
    }

    fn binary(&mut self, op: BinaryOp, (one, other): (&'a Expr, &'a Expr), expected: Option<&Ty>, scope: &Scope<'a>) {
        match op {
            BinaryOp::And | BinaryOp::Or => {
                self.value(one, Some(&Ty::Bool), scope);
                self.value(other, Some(&Ty::Bool), scope);
            }
            // The other side says what is expected.
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::In | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                let (left, right) = (self.type_of(one, scope), self.type_of(other, scope));
                self.value(one, right.as_ref(), scope);
                self.value(other, left.as_ref(), scope);
            }
            _ => {
                self.value(one, expected, scope);
                self.value(other, expected, scope);
            }
        }
    }

    /// The type of an expression, where a path alone gives it.
    fn type_of(&self, expr: &Expr, scope: &Scope<'a>) -> Option<Ty> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.type_of(inner, scope),
            ExprKind::Path(path) => {
                let (first, rest) = path.segments.split_first()?;
                let mut spot = self.resolve(&Slot::Value { expected: None, scope: scope.clone() }, first)?;
                for name in rest {
                    spot = spot.read(self.program, &name.text)?.1;
                }
                Some(spot.ty)
            }
            _ => None,
        }
    }

    /// A path that is read.
    fn read(&mut self, path: &'a Path, expected: Option<&Ty>, scope: &Scope<'a>) {
        let Some((first, rest)) = path.segments.split_first() else { return };
        // A path with a dot is never a variant or an instance.
        let expected = expected.filter(|_| rest.is_empty()).cloned();
        let slot = Slot::Value { expected, scope: scope.clone() };
        (self.visit)(&slot, first, Role::Read);
        let mut spot = self.resolve(&slot, first);
        for name in rest {
            let Some(base) = spot else { return };
            let slot = Slot::Dot { base };
            (self.visit)(&slot, name, Role::Read);
            spot = self.resolve(&slot, name);
        }
    }

    /// The members of a schema or of an extension, by the schema's name.
    pub(crate) fn members(&mut self, schema: &str, members: &'a [Member]) {
        let found = self.program.set().get(schema).cloned();
        // From the inside out: a record in place sees the record around it, too.
        let mut schemas = Vec::new();
        let mut name = schema;
        loop {
            schemas.extend(self.program.set().get(name).cloned());
            match name.rsplit_once('.') {
                Some((outer, _)) => name = outer,
                None => break,
            }
        }
        let scope = Scope { this: found.as_ref().map(Spot::of_schema), schemas, ..Scope::default() };
        let slot = Slot::Member { schema: found.clone(), body: members };
        for member in members {
            match member {
                Member::Field(field) => self.field(schema, field, &slot, &scope),
                Member::Group(group) => {
                    let inherited = found.as_ref().and_then(|schema| schema.field(&group.name.text));
                    let record = inherited.and_then(|field| crate::spot::record_of(self.program, &field.ty));
                    let own = inherited.is_none_or(|field| *field.declared_in == *schema);
                    if own {
                        let thing = Thing::Field { schema: schema.to_owned(), name: group.name.text.clone() };
                        (self.visit)(&Slot::Declared(thing), &group.name, Role::Declaration);
                    } else {
                        (self.visit)(&slot, &group.name, Role::Write);
                    }
                    let inner = record.map_or_else(|| format!("{schema}.{}", group.name.text), |r| r.name.to_string());
                    self.members(&inner, &group.members);
                    self.annotations(schema, &group.annotations, &scope);
                }
                Member::Output(output) => {
                    let thing = Thing::Output { schema: schema.to_owned(), name: output.name.text.clone() };
                    (self.visit)(&Slot::Declared(thing), &output.name, Role::Declaration);
                    self.type_names(&output.ty, &scope);
                }
                Member::Rule(rule) => {
                    self.value(&rule.condition, Some(&Ty::Bool), &scope);
                    self.value(&rule.message, None, &scope);
                }
            }
        }
    }

    fn field(&mut self, schema: &str, field: &'a FieldDecl, slot: &Slot<'a>, scope: &Scope<'a>) {
        let mut spot = self.program.set().get(schema).map(Spot::of_schema);
        let only = field.path.segments.len() == 1;
        for (ordinal, name) in field.path.segments.iter().enumerate() {
            let found = spot.as_ref().and_then(|spot| spot.step(self.program, &name.text, None));
            let own = matches!(&found, Some((Thing::Field { schema: first, .. }, _)) if first == schema);
            if only && field.ty.is_some() && (own || found.is_none()) {
                let thing = Thing::Field { schema: schema.to_owned(), name: name.text.clone() };
                (self.visit)(&Slot::Declared(thing), name, Role::Declaration);
            } else if ordinal == 0 {
                (self.visit)(slot, name, Role::Write);
            } else if let Some(holder) = spot.clone() {
                (self.visit)(&Slot::Key { holder, body: &[], level: Level::Path }, name, Role::Write);
            }
            spot = found.map(|(_, spot)| spot);
        }
        if let Some(ty) = &field.ty {
            self.type_names(ty, scope);
        }
        if let Some(default) = &field.default {
            let unknown = Spot { ty: Ty::Unknown, schema: None, within: None };
            self.setting(default, &spot.unwrap_or(unknown), scope, Level::Inside);
        }
        self.annotations(schema, &field.annotations, scope);
    }

    fn annotations(&mut self, schema: &str, annotations: &'a [Annotation], scope: &Scope<'a>) {
        for annotation in annotations {
            (self.visit)(&Slot::Annotation, &annotation.name, Role::Read);
            for argument in &annotation.args {
                if let Some(name) = &argument.name {
                    let annotation = annotation.name.text.clone();
                    (self.visit)(&Slot::Argument { annotation }, name, Role::Read);
                }
                let word = argument.name.as_ref().map(|name| name.text.as_str());
                let expected = match (annotation.name.text.as_str(), word) {
                    ("locked", Some("except")) => Some(Ty::Ref(self.program.root_of(schema).into())),
                    _ => None,
                };
                self.value(&argument.value, expected.as_ref(), scope);
            }
        }
    }

    fn type_names(&mut self, ty: &'a TypeExpr, scope: &Scope<'a>) {
        match &ty.kind {
            TypeKind::Missing => {}
            TypeKind::Named(name) => (self.visit)(&Slot::Type, name, Role::Read),
            TypeKind::Ref(name) => (self.visit)(&Slot::Reference, name, Role::Read),
            TypeKind::Union(values) => values.iter().for_each(|value| self.value(value, None, scope)),
            TypeKind::Optional(inner) | TypeKind::List(inner) | TypeKind::Secret(inner) => {
                self.type_names(inner, scope);
            }
            TypeKind::Map { key, value } => {
                key.iter().for_each(|key| self.type_names(key, scope));
                self.type_names(value, scope);
            }
            TypeKind::Refined(inner, refinement) => {
                self.type_names(inner, scope);
                let expected = match &inner.kind {
                    TypeKind::Named(name) if self.program.set().enumeration(&name.text).is_some() => {
                        Some(Ty::Enum(name.text.as_str().into()))
                    }
                    _ => None,
                };
                match refinement {
                    Refinement::In(value) | Refinement::Matching(value) => {
                        self.value(value, expected.as_ref(), scope);
                    }
                    Refinement::Nonempty => {}
                }
            }
        }
    }
}
