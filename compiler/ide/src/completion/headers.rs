//! What begins and heads declarations: keywords, schemas, types, annotations, functions.

use idpc_model::schema::{ROOTS, is_hidden};
use idpc_model::ty::Ty;

use super::keys::{required, shifted};
use super::{Context, Item, Kind};

/// The annotations with what is written behind them and what they say.
const ANNOTATIONS: &[(&str, &str, &str)] = &[
    ("immutable", "immutable", "Cannot change after the first deployment without losing data."),
    ("grow_only", "grow_only", "Can only grow after the first deployment."),
    ("locked", "locked(\"${1:why}\")", "Nobody may set it, apart from `except`."),
    ("once", "once", "One value for all environments."),
    ("env_prefixed", "env_prefixed", "Outside production, the environment's name is put before the value."),
    ("deprecated", "deprecated(use = ${1:other}, \"${2:why}\")", "Something else should be used."),
];

impl Context<'_> {
    /// The words that begin a declaration in this file.
    pub(super) fn declarations(&self) -> Vec<Item> {
        let word = |word: &str, detail: &str, text: String| self.item(word, Kind::Keyword, detail).snippet(text);
        let mut items = vec![
            word("service", "a process that somebody owns", self.service()),
            word("resource", "a shared resource", "resource ${1:name} : ${2:topic} {\n  owner = ${3:team}\n}".into()),
            word("team", "people who own things", "team ${1:name} {\n  email = \"${2:address}\"\n}".into()),
            word("system", "services that belong together", "system ${1:name} {\n  owner = ${2:team}\n}".into()),
            word("let", "a constant of this file", "let ${1:name} = ${2:value}".into()),
            word("moved", "a new name for the same thing", "moved ${1:path} { from = ${2:path} }".into()),
            word("removed", "a farewell", "removed ${1:path} { keep = ${2:false}, because = \"${3:why}\" }".into()),
        ];
        if self.view.role.is_platform() {
            items.extend([
                word("schema", "a record type", "schema ${1:name} : ${2:resource} {\n  $0\n}".into()),
                word("enum", "a list of names", "enum ${1:name} { ${2:one}, ${3:two} }".into()),
                word("extend", "add to a schema, or tighten it", "extend ${1:name} {\n  $0\n}".into()),
                word("environment", "where things run", "environment ${1:name} {\n  stage = ${2:production}\n}".into()),
                word("platform", "what holds everywhere", "platform ${1:name} {\n  $0\n}".into()),
            ]);
        }
        if self.next().is_some() {
            items = items.into_iter().map(|item| item.clone().text(item.label)).collect();
        }
        items
    }

    fn service(&self) -> String {
        let fields = self.program.set().get("web").map(|schema| required(self, schema, &[])).unwrap_or_default();
        let lines: Vec<String> = fields.iter().map(|line| format!("  {}", shifted(line))).collect();
        format!("service ${{1:name}} : web {{\n{}\n}}", lines.join("\n"))
    }

    /// The golden paths or kinds that an instance of a root schema can have.
    pub(super) fn schemas_of(&self, root: &str) -> Vec<Item> {
        let found = self.program.set().descendants(root).into_iter().filter(|schema| !schema.name.contains('.'));
        found.map(|schema| self.item(&*schema.name, Kind::Schema, root).doc(schema.doc.as_ref())).collect()
    }

    /// Every schema that somebody named.
    pub(super) fn all_schemas(&self) -> Vec<Item> {
        let named = self.program.set().schemas.values();
        let named = named.filter(|schema| !schema.name.contains('.') && !is_hidden(&schema.name));
        named.map(|schema| self.item(&*schema.name, Kind::Schema, "schema").doc(schema.doc.as_ref())).collect()
    }

    /// Every enum.
    pub(super) fn all_enums(&self) -> Vec<Item> {
        let enums = self.program.set().enums.values();
        enums.map(|item| self.item(&*item.name, Kind::Enum, "enum").doc(item.doc.as_ref())).collect()
    }

    /// What can be referred to.
    pub(super) fn roots(&self) -> Vec<Item> {
        let mut items: Vec<Item> = ROOTS.iter().map(|root| self.item(*root, Kind::Schema, "").rank(0)).collect();
        items.extend(self.all_schemas());
        items
    }

    /// Every type.
    pub(super) fn types(&self) -> Vec<Item> {
        let builtin = Ty::BUILTIN.iter().map(|name| self.item(*name, Kind::Type, "").rank(0));
        let mut items: Vec<Item> = builtin.collect();
        items.push(self.item("map", Kind::Type, "map<T>").snippet("map<${1:string}>").rank(0));
        if self.next() != Some('<') {
            items.push(self.item("secret<…>", Kind::Type, "secret<T>").snippet("secret<${1:string}>").rank(0));
        }
        items.extend(self.all_enums());
        items.extend(self.all_schemas().into_iter().map(|item| item.rank(2)));
        items
    }

    /// The annotations.
    pub(super) fn annotations(&self) -> Vec<Item> {
        let each = ANNOTATIONS.iter().map(|(name, text, doc)| {
            let item = self.item(*name, Kind::Keyword, "").doc(Some(&(*doc).into()));
            if self.next() == Some('(') { item } else { item.snippet(*text) }
        });
        each.collect()
    }

    /// The arguments of an annotation.
    pub(super) fn arguments(&self, annotation: &str) -> Vec<Item> {
        let names: &[&str] = match annotation {
            "locked" => &["except"],
            "deprecated" => &["use"],
            _ => &[],
        };
        names.iter().map(|name| self.item(*name, Kind::Keyword, "")).collect()
    }

    /// The functions.
    pub(super) fn functions(&self) -> Vec<Item> {
        ["len", "min", "max"].map(|name| self.item(name, Kind::Function, "")).into()
    }
}
