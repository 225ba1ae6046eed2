//! What can stand on the right: literals, variants, references, kinds, fields and outputs.

use std::sync::Arc;

use idpc_model::ty::{Rule, Ty};
use idpc_model::value::Value;

use super::keys::required;
use super::{Context, Item, Kind, MOST};
use crate::slot::Scope;
use crate::spot::Spot;

/// The units of each type.
const UNITS: &[(&str, &[&str])] = &[
    ("duration", &["ms", "s", "m", "h", "d", "w"]),
    ("size", &["MiB", "GiB", "TiB", "KiB", "B", "KB", "MB", "GB", "TB"]),
    ("percent", &["%"]),
    ("rate", &["rps"]),
    ("money", &["USD", "EUR"]),
];

/// What callers may read of another service.
const OPEN: &[&str] = &["name", "owner", "system", "tier"];

/// The units that a type is written in.
fn units_of(ty: &Ty) -> Option<&'static [&'static str]> {
    let name = ty.core().to_string();
    UNITS.iter().find(|(known, _)| **known == *name).map(|(_, units)| *units)
}

impl Context<'_> {
    /// The units behind a number.
    pub(super) fn units(&self, number: &str, expected: Option<&Ty>) -> Vec<Item> {
        let units: Vec<&str> = match expected.map(|ty| (ty.core(), units_of(ty))) {
            Some((_, Some(units))) => units.to_vec(),
            None | Some((Ty::Scalar | Ty::Unknown | Ty::Any, _)) => {
                UNITS.iter().flat_map(|(_, units)| units.iter().copied()).collect()
            }
            Some((Ty::Range, _)) => vec![".."],
            Some(_) => Vec::new(),
        };
        let rank = |at: usize| u8::try_from(at).unwrap_or(u8::MAX);
        let each = units.into_iter().enumerate();
        each.map(|(at, unit)| {
            let text = format!("{number}{unit}");
            self.item(text.clone(), Kind::Unit, "").text(text).rank(rank(at))
        })
        .collect()
    }

    /// The texts that a union allows, with their quotes.
    pub(super) fn texts(&self, expected: &Ty) -> Vec<Item> {
        let Ty::Union(values) = expected.core() else { return Vec::new() };
        values.iter().map(|value| self.literal(&value.to_string())).collect()
    }

    fn literal(&self, text: &str) -> Item {
        self.item(text, Kind::Value, "").text(text)
    }

    /// Of very many names those that fit what is typed so far, the best first.
    fn likely<'n>(&self, mut names: Vec<&'n Arc<str>>) -> Vec<&'n Arc<str>> {
        if names.len() > MOST {
            let typed = self.text.get(self.word.start..self.word.cursor).unwrap_or_default();
            names.retain(|name| name.contains(typed));
            names.sort_by_key(|name| !name.starts_with(typed));
            names.truncate(MOST);
        }
        names
    }

    /// The instances of a root schema.
    pub(super) fn instances(&self, root: &str) -> Vec<Item> {
        let names = self.likely(self.program.index().names(root).collect());
        names
            .into_iter()
            .map(|name| {
                let mut item = self.item(&**name, Kind::Reference, root);
                if let Some((_, declared)) = self.program.instance(root, name)
                    && let Some(schema) = &declared.schema
                {
                    item.detail = format!("{root} : {}", schema.text);
                }
                item.doc = self.program.instance_doc(root, name).map(str::to_owned);
                item
            })
            .collect()
    }

    /// The kinds below a schema, and the shared resources that can stand there instead.
    pub(super) fn kinds(&self, ancestor: &str) -> Vec<Item> {
        let set = self.program.set();
        let mut schemas: Vec<_> = set.descendants(ancestor);
        if schemas.is_empty() {
            schemas.extend(set.get(ancestor));
        }
        let mut items: Vec<Item> = Vec::new();
        for schema in schemas.into_iter().filter(|schema| !schema.name.contains('.')) {
            let item = self.item(&*schema.name, Kind::Schema, "schema").doc(schema.doc.as_ref());
            items.push(if self.next() == Some('{') {
                item
            } else {
                let fields = required(self, schema, &[]);
                let inside = if fields.is_empty() { String::from("$0") } else { format!(" {} ", fields.join(", ")) };
                item.snippet(format!("{} {{{inside}}}", schema.name))
            });
        }
        if self.program.root_of(ancestor) == "resource" {
            items.extend(self.instances("resource").into_iter().map(|item| item.rank(2)));
        }
        items
    }

    /// What a type allows, and the names that can be read.
    pub(super) fn values(&self, expected: Option<&Ty>, scope: &Scope<'_>) -> Vec<Item> {
        let mut items = Vec::new();
        if let Some(ty) = expected {
            self.of_type(ty, &mut items);
        }
        self.readable(expected, scope, &mut items);
        // A field that is its own value would wait for itself.
        let own = self.assigned();
        items.retain(|item| item.kind != Kind::Field || item.label != own);
        items
    }

    fn of_type(&self, ty: &Ty, items: &mut Vec<Item>) {
        let set = self.program.set();
        let narrowed: Vec<&Value> = ty
            .refinements()
            .into_iter()
            .flat_map(|refinement| match &refinement.rule {
                Rule::OneOf(values) => values.iter().collect(),
                _ => Vec::new(),
            })
            .collect();
        match ty.core() {
            Ty::Bool => items.extend(["true", "false"].map(|word| self.literal(word))),
            Ty::Enum(of) => {
                let variants = set.enumeration(of).map(|item| &*item.variants).unwrap_or_default();
                let allowed =
                    |name: &str| narrowed.is_empty() || narrowed.iter().any(|value| value.as_str() == Some(name));
                for (rank, (name, doc)) in variants.iter().enumerate().filter(|(_, (name, _))| allowed(name)) {
                    let rank = u8::try_from(rank).unwrap_or(u8::MAX);
                    items.push(self.item(&**name, Kind::Value, &**of).doc(doc.as_ref()).rank(rank));
                }
            }
            Ty::Union(values) => {
                items.extend(values.iter().map(|value| self.literal(&value.to_string())));
            }
            Ty::Ref(schema) => {
                let root = self.program.root_of(schema).to_owned();
                let fits = |item: &Item| {
                    root == **schema
                        || self
                            .program
                            .instance(&root, &item.label)
                            .and_then(|(_, declared)| self.program.schema_of(declared))
                            .is_some_and(|found| found.is_a(schema))
                };
                items.extend(self.instances(&root).into_iter().filter(fits));
            }
            Ty::Schema(name) if set.descendants(name).iter().any(|kind| !kind.name.contains('.')) => {
                items.extend(self.kinds(name));
            }
            Ty::Schema(_) | Ty::Map { .. } => {
                items.push(self.item("{ … }", Kind::Snippet, ty.to_string()).snippet("{ $0 }"));
            }
            Ty::List(element) => {
                items.push(self.item("[ … ]", Kind::Snippet, ty.to_string()).snippet("[$0]"));
                let mut inner = Vec::new();
                if matches!(element.core(), Ty::Ref(_) | Ty::Enum(_) | Ty::Union(_)) {
                    self.of_type(element, &mut inner);
                }
                items.extend(inner.into_iter().map(|mut item| {
                    item.insert = super::Insert::Plain(format!("[{}]", item.label));
                    item.label = format!("[{}]", item.label);
                    item
                }));
            }
            Ty::Range => items.push(self.item("2..4", Kind::Value, "range").snippet("${1:2}..${2:4}")),
            Ty::Date => items.push(self.item("2030-12-31", Kind::Value, "date").snippet("${1:2030}-${2:12}-${3:31}")),
            Ty::String => items.push(self.item("\"…\"", Kind::Value, ty.to_string()).snippet("\"$0\"")),
            _ => {}
        }
        self.amounts(ty, items);
        if ty.is_optional() {
            items.push(self.literal("none").rank(200));
        }
    }

    /// The bounds of a refinement, and numbers in the units of a type.
    fn amounts(&self, ty: &Ty, items: &mut Vec<Item>) {
        for refinement in ty.refinements() {
            if let Rule::Between(low, high) = &refinement.rule {
                let bounds = [(low, "the least"), (high, "the most")];
                items.extend(bounds.map(|(bound, detail)| {
                    let text = bound.to_string();
                    self.item(text.clone(), Kind::Value, detail).text(text).rank(0)
                }));
            }
        }
        for (rank, unit) in units_of(ty).into_iter().flatten().enumerate() {
            let item = self.item(format!("1{unit}"), Kind::Unit, ty.core().to_string());
            items.push(item.snippet(format!("${{1:1}}{unit}")).rank(u8::try_from(rank + 1).unwrap_or(u8::MAX)));
        }
    }

    /// Constants, fields and special names that can be read where a type is expected.
    fn readable(&self, expected: Option<&Ty>, scope: &Scope<'_>, items: &mut Vec<Item>) {
        for (name, value) in &*self.view.lets {
            if expected.is_none_or(|ty| holds(ty, value)) {
                let detail = crate::written::written(value);
                items.push(self.item(name, Kind::Constant, detail).rank(100));
            }
        }
        if scope.constant {
            return;
        }
        let in_schema = !scope.schemas.is_empty();
        // Outputs and addresses are for `config`, and every field may be interpolated.
        let open = expected.is_none_or(|ty| matches!(ty.core(), Ty::Scalar | Ty::Unknown));
        if let Some(item) = scope.item.filter(|_| !in_schema)
            && let Some(schema) = self.program.schema_of(item)
        {
            for field in &schema.fields {
                let into = matches!(&*field.name, "needs" | "calls") && open;
                if into || fits(expected, &field.ty) && !matches!(field.ty.core(), Ty::Map { .. } | Ty::Schema(_)) {
                    items.push(
                        self.item(&*field.name, Kind::Field, field.ty.to_string()).doc(field.doc.as_ref()).rank(120),
                    );
                }
            }
        }
        for schema in &scope.schemas {
            for field in schema.fields.iter().filter(|field| fits(expected, &field.ty)) {
                items
                    .push(self.item(&*field.name, Kind::Field, field.ty.to_string()).doc(field.doc.as_ref()).rank(120));
            }
        }
        if open || in_schema || expected.is_some_and(|ty| matches!(ty.core(), Ty::String | Ty::Bool)) {
            for word in ["env", "platform", "service", "self"] {
                items.push(self.item(word, Kind::Keyword, "").rank(130));
            }
        }
        if expected.is_none_or(|ty| matches!(ty.core(), Ty::String | Ty::Scalar)) {
            items.push(self.item("name", Kind::Field, "string").rank(130));
        }
        if expected.is_some_and(|ty| !matches!(ty.core(), Ty::Schema(_) | Ty::Map { .. })) {
            let item = self.item("if", Kind::Keyword, "if … then … else …");
            items.push(item.snippet("if ${1:condition} then ${2:this} else ${3:that}").rank(140));
        }
    }

    /// The names behind a dot.
    pub(super) fn behind_dot(&self, base: &Spot) -> Vec<Item> {
        if let Some((_, value)) = base.map() {
            let known = self.entries_of(base).into_iter();
            return known
                .map(|name| {
                    let kind = base.step(self.program, &name, None).and_then(|(_, spot)| spot.schema);
                    let detail = kind.map_or_else(|| value.to_string(), |schema| schema.name.to_string());
                    self.item(name, Kind::Reference, detail)
                })
                .collect();
        }
        let (schema, reference) = match base.ty.core() {
            Ty::Ref(name) => (self.program.set().get(name), true),
            _ => (base.schema.as_ref(), false),
        };
        let Some(schema) = schema else { return Vec::new() };
        let mut items = Vec::new();
        if base.has_outputs() && !reference {
            for output in &schema.outputs {
                items.push(
                    self.item(&*output.name, Kind::Output, output.ty.to_string()).doc(output.doc.as_ref()).rank(0),
                );
            }
        }
        let closed = reference && schema.is_a("service");
        for field in schema.fields.iter().filter(|field| !closed || OPEN.contains(&&*field.name)) {
            items.push(self.item(&*field.name, Kind::Field, field.ty.to_string()).doc(field.doc.as_ref()));
        }
        if schema.field("name").is_none() && (reference || base.within.as_ref().is_none_or(|at| at.path.is_empty())) {
            items.push(self.item("name", Kind::Field, "string").doc(Some(&Arc::from("Its name."))));
        }
        items
    }
}

/// Whether a field of this type can stand where another is expected.
fn fits(expected: Option<&Ty>, ty: &Ty) -> bool {
    let Some(expected) = expected else { return !matches!(ty.core(), Ty::Map { .. } | Ty::Schema(_) | Ty::List(_)) };
    let unset = ty.is_optional() && !expected.is_optional();
    let same = expected.core() == ty.core();
    let scalar = matches!(expected.core(), Ty::Scalar)
        && !matches!(ty.core(), Ty::Map { .. } | Ty::Schema(_) | Ty::List(_) | Ty::Ref(_) | Ty::Range);
    !unset && (same || scalar)
}

/// Whether a type takes a constant.
fn holds(ty: &Ty, value: &Value) -> bool {
    match (ty.core(), value) {
        (Ty::Unknown | Ty::Any, _)
        | (Ty::Bool, Value::Bool(_))
        | (Ty::Int, Value::Int(_))
        | (Ty::Number, Value::Int(_) | Value::Number(_))
        | (Ty::String | Ty::Union(_), Value::Str(_))
        | (Ty::Date, Value::Date(_))
        | (Ty::Range, Value::Range(..)) => true,
        (Ty::Scalar, value) => !matches!(value, Value::List(_) | Value::Range(..)),
        (ty, Value::Quantity(quantity)) => ty.to_string() == quantity.dimension.type_name(),
        (Ty::List(element), Value::List(items)) => items.iter().all(|item| holds(element, item)),
        _ => false,
    }
}
