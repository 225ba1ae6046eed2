//! The outline of a file, from its syntax alone: it stands while the file is broken.

use idpc_syntax::ast::{
    Decl, DeclKind, Entry, EntryKind, EnumDecl, Expr, ExprKind, Member, Name, Path, SourceFile, TextRange,
};

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A service, resource, team or another instance of a root schema.
    Instance,
    /// A schema or an extension of one.
    Schema,
    /// An enum or an extension of one.
    Enum,
    /// A variant of an enum.
    Variant,
    /// A constant.
    Constant,
    /// A field that is declared or set.
    Field,
    /// A block of fields.
    Block,
    /// An output of a schema.
    Output,
    /// What holds in some environments.
    Overlay,
    /// `moved` or `removed`.
    Identity,
}

/// A named part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is, in a few words; may be empty.
    pub detail: String,
    /// What it stands for.
    pub kind: Kind,
    /// All of it.
    pub range: TextRange,
    /// Its name, within `range`.
    pub name_range: TextRange,
    /// What lies in it, in order.
    pub children: Vec<Symbol>,
}

/// The symbols of a file, in order. `text` is the text that was parsed.
#[must_use]
pub fn symbols(file: &SourceFile, text: &str) -> Vec<Symbol> {
    file.decls.iter().map(|decl| declaration(decl, text)).collect()
}

fn declaration(decl: &Decl, text: &str) -> Symbol {
    let new = |name: &Name, detail: String, kind, children| {
        symbol((&name.text, name.span), detail, kind, decl.span, children)
    };
    match &decl.kind {
        DeclKind::Schema(item) => {
            let detail = item.parent.as_ref().map_or("schema".to_owned(), |parent| format!("schema : {}", parent.text));
            new(&item.name, detail, Kind::Schema, members(&item.members, text))
        }
        DeclKind::Extend(item) => new(&item.name, "extend".into(), Kind::Schema, members(&item.members, text)),
        DeclKind::Enum(item) => new(&item.name, "enum".into(), Kind::Enum, variants(item)),
        DeclKind::ExtendEnum(item) => new(&item.name, "extend enum".into(), Kind::Enum, variants(item)),
        DeclKind::Let(item) => new(&item.name, short(text, item.value.span), Kind::Constant, Vec::new()),
        DeclKind::Instance(item) => {
            let detail = match &item.schema {
                Some(schema) => format!("{} : {}", item.root.text, schema.text),
                None => item.root.text.clone(),
            };
            new(&item.name, detail, Kind::Instance, entries(&item.entries, text))
        }
        DeclKind::Identity(item) => {
            let word = if item.removed { "removed" } else { "moved" };
            symbol((&dotted(&item.path), item.path.span), word.into(), Kind::Identity, decl.span, Vec::new())
        }
    }
}

fn members(members: &[Member], text: &str) -> Vec<Symbol> {
    let each = members.iter().filter_map(|member| match member {
        Member::Field(field) => {
            let span = field.ty.as_ref().map(|ty| ty.span).or(field.default.as_ref().map(|value| value.span));
            let detail = span.map_or_else(String::new, |span| short(text, span));
            Some(symbol((&dotted(&field.path), field.path.span), detail, Kind::Field, field.span, Vec::new()))
        }
        Member::Group(group) => {
            let children = self::members(&group.members, text);
            Some(symbol((&group.name.text, group.name.span), String::new(), Kind::Block, group.span, children))
        }
        Member::Output(output) => {
            let detail = short(text, output.ty.span);
            Some(symbol((&output.name.text, output.name.span), detail, Kind::Output, output.span, Vec::new()))
        }
        // A rule has no name.
        Member::Rule(_) => None,
    });
    each.collect()
}

fn variants(item: &EnumDecl) -> Vec<Symbol> {
    let each = item.variants.iter().map(|variant| {
        let name = (variant.name.text.as_str(), variant.name.span);
        symbol(name, String::new(), Kind::Variant, variant.name.span, Vec::new())
    });
    each.collect()
}

fn entries(entries: &[Entry], text: &str) -> Vec<Symbol> {
    entries.iter().map(|entry| self::entry(entry, text)).collect()
}

fn entry(entry: &Entry, text: &str) -> Symbol {
    match &entry.kind {
        EntryKind::Set { path, value } => {
            let (detail, kind, children) = set(value, text);
            symbol((&dotted(path), path.span), detail, kind, entry.span, children)
        }
        EntryKind::Amend { path, entries } => {
            let children = self::entries(entries, text);
            symbol((&dotted(path), path.span), String::new(), Kind::Block, entry.span, children)
        }
        EntryKind::Bare(path) => symbol((&dotted(path), path.span), String::new(), Kind::Field, entry.span, Vec::new()),
        EntryKind::In { envs, header, entries } => {
            let names: Vec<&str> = envs.iter().map(|name| name.text.as_str()).collect();
            let name = format!("in {}", names.join(", "));
            symbol((&name, *header), String::new(), Kind::Overlay, entry.span, self::entries(entries, text))
        }
    }
}

fn set(value: &Expr, text: &str) -> (String, Kind, Vec<Symbol>) {
    match &value.kind {
        ExprKind::Record { schema, entries } => {
            let detail = schema.as_ref().map_or_else(String::new, |name| name.text.clone());
            (detail, Kind::Block, self::entries(entries, text))
        }
        _ => (short(text, value.span), Kind::Field, Vec::new()),
    }
}

/// A symbol; a name that is missing or stands elsewhere, as in broken text, never breaks the order of ranges.
fn symbol(
    (name, name_range): (&str, TextRange),
    detail: String,
    kind: Kind,
    range: TextRange,
    children: Vec<Symbol>,
) -> Symbol {
    let name = if name.trim().is_empty() { "?" } else { name };
    let name_range = if range.contains_range(name_range) { name_range } else { TextRange::empty(range.start()) };
    Symbol { name: name.to_owned(), detail, kind, range, name_range, children }
}

fn dotted(path: &Path) -> String {
    path.segments.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}

/// What is written there, if it is short and on one line.
fn short(text: &str, span: TextRange) -> String {
    const LONGEST: usize = 40;
    let written = text.get(usize::from(span.start())..usize::from(span.end())).unwrap_or_default().trim();
    let fits = written.chars().count() <= LONGEST && !written.contains('\n');
    if fits { written.to_owned() } else { String::new() }
}
