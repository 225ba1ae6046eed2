//! What stands under the cursor, from the syntax alone.

use idpc_syntax::ast::{
    Decl, DeclKind, Entry, EntryKind, EnumDecl, Expr, ExprKind, InstanceDecl, Member, Name, Path, SourceFile, StrPart,
    TextRange, TextSize, TypeExpr, TypeKind, Variant,
};

/// One name of a path, with the schema that the program writes for what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step<'a> {
    pub(crate) name: &'a str,
    pub(crate) schema: Option<&'a str>,
}

/// What a cursor can be on.
#[derive(Clone, Debug)]
pub(crate) enum Cursor<'a> {
    /// The name of a declaration.
    Declaration(&'a Decl, TextRange),
    /// A field or entry of an instance, or its value.
    Setting(Setting<'a>),
    /// A field, group or output of a schema, by its path.
    Member { schema: String, steps: Vec<Step<'a>>, range: TextRange },
    /// The name of a schema, an enum or a built-in type.
    Type(&'a Name),
    /// The name of an environment.
    Environment(&'a Name),
    /// A variant where it is declared.
    Variant(&'a EnumDecl, &'a Variant),
}

/// A place of an instance.
#[derive(Clone, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) item: &'a InstanceDecl,
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) range: TextRange,
    /// What the expression under the cursor reads: `needs.orders.host`.
    pub(crate) read: Option<(Vec<Step<'a>>, TextRange)>,
}

/// Finds what is under an offset.
pub(crate) fn cursor(file: &SourceFile, offset: TextSize) -> Option<Cursor<'_>> {
    let decl = file.decls.iter().find(|decl| decl.span.contains_inclusive(offset))?;
    let on = |name: &Name| name.span.contains_inclusive(offset);
    match &decl.kind {
        DeclKind::Instance(item) if on(&item.name) => Some(Cursor::Declaration(decl, item.name.span)),
        DeclKind::Instance(item) if on(&item.root) => Some(Cursor::Type(&item.root)),
        DeclKind::Instance(item) => match &item.schema {
            Some(schema) if on(schema) => Some(Cursor::Type(schema)),
            _ => entries(item, &item.entries, &mut Vec::new(), offset),
        },
        DeclKind::Schema(item) if on(&item.name) => Some(Cursor::Type(&item.name)),
        DeclKind::Schema(item) => match &item.parent {
            Some(parent) if on(parent) => Some(Cursor::Type(parent)),
            _ => members(&item.name.text, &item.members, offset),
        },
        DeclKind::Extend(item) if on(&item.name) => Some(Cursor::Type(&item.name)),
        DeclKind::Extend(item) => members(&item.name.text, &item.members, offset),
        DeclKind::Enum(item) | DeclKind::ExtendEnum(item) if on(&item.name) => Some(Cursor::Type(&item.name)),
        DeclKind::Enum(item) | DeclKind::ExtendEnum(item) => {
            let variant = item.variants.iter().find(|variant| on(&variant.name))?;
            Some(Cursor::Variant(item, variant))
        }
        DeclKind::Let(_) | DeclKind::Identity(_) => None,
    }
}

fn entries<'a>(
    item: &'a InstanceDecl,
    entries: &'a [Entry],
    steps: &mut Vec<Step<'a>>,
    offset: TextSize,
) -> Option<Cursor<'a>> {
    let entry = entries.iter().find(|entry| entry.span.contains_inclusive(offset))?;
    match &entry.kind {
        EntryKind::Set { path, value } if path.span.contains_inclusive(offset) => {
            Some(on_path(item, path, written(value), steps, offset))
        }
        EntryKind::Set { path, value } => {
            steps.extend(along(path, written(value)));
            match &value.kind {
                _ if !value.span.contains_inclusive(offset) => None,
                ExprKind::Record { schema: Some(schema), .. } if schema.span.contains_inclusive(offset) => {
                    Some(Cursor::Type(schema))
                }
                ExprKind::Record { entries, .. } => self::entries(item, entries, steps, offset),
                _ => {
                    let read = read(value, offset).and_then(|path| upto(path, offset));
                    Some(Cursor::Setting(Setting { item, steps: steps.clone(), range: value.span, read }))
                }
            }
        }
        EntryKind::Amend { path, .. } | EntryKind::Bare(path) if path.span.contains_inclusive(offset) => {
            Some(on_path(item, path, None, steps, offset))
        }
        EntryKind::Amend { path, entries } => {
            steps.extend(along(path, None));
            self::entries(item, entries, steps, offset)
        }
        EntryKind::Bare(_) => None,
        EntryKind::In { envs, entries, .. } => match envs.iter().find(|name| name.span.contains_inclusive(offset)) {
            Some(name) => Some(Cursor::Environment(name)),
            None => self::entries(item, entries, steps, offset),
        },
    }
}

fn on_path<'a>(
    item: &'a InstanceDecl,
    path: &'a Path,
    schema: Option<&'a str>,
    steps: &mut Vec<Step<'a>>,
    offset: TextSize,
) -> Cursor<'a> {
    let mut range = path.span;
    for (name, step) in path.segments.iter().zip(along(path, schema)) {
        steps.push(step);
        range = name.span;
        if name.span.contains_inclusive(offset) {
            break;
        }
    }
    Cursor::Setting(Setting { item, steps: steps.clone(), range, read: None })
}

/// The steps of a path, the last with the schema of its value.
fn along<'a>(path: &'a Path, schema: Option<&'a str>) -> impl Iterator<Item = Step<'a>> {
    let last = path.segments.len().saturating_sub(1);
    path.segments
        .iter()
        .enumerate()
        .map(move |(at, name)| Step { name: &name.text, schema: schema.filter(|_| at == last) })
}

/// The schema that a value names.
fn written(value: &Expr) -> Option<&str> {
    match &value.kind {
        ExprKind::Record { schema: Some(schema), .. } => Some(&schema.text),
        _ => None,
    }
}

/// The path in an expression that is under the cursor.
fn read(expr: &Expr, offset: TextSize) -> Option<&Path> {
    if !expr.span.contains_inclusive(offset) {
        return None;
    }
    match &expr.kind {
        ExprKind::Path(path) => Some(path),
        ExprKind::Str(parts) => parts.iter().find_map(|part| match part {
            StrPart::Insert(path) if path.span.contains_inclusive(offset) => Some(path),
            _ => None,
        }),
        ExprKind::List(items) | ExprKind::Call(_, items) => items.iter().find_map(|item| read(item, offset)),
        ExprKind::Unary(_, inner) | ExprKind::Paren(inner) => read(inner, offset),
        ExprKind::Binary(_, one, other) => read(one, offset).or_else(|| read(other, offset)),
        ExprKind::If(one, two, three) => [one, two, three].into_iter().find_map(|part| read(part, offset)),
        ExprKind::Record { .. } | ExprKind::Literal(_) | ExprKind::Missing => None,
    }
}

/// A path up to the name under the cursor.
fn upto(path: &Path, offset: TextSize) -> Option<(Vec<Step<'_>>, TextRange)> {
    let at = path.segments.iter().position(|name| name.span.contains_inclusive(offset))?;
    let range = path.segments.get(at)?.span;
    Some((along(path, None).take(at + 1).collect(), range))
}

fn members<'a>(schema: &str, members: &'a [Member], offset: TextSize) -> Option<Cursor<'a>> {
    let member = |steps, range| Some(Cursor::Member { schema: schema.to_owned(), steps, range });
    let one = |name: &'a Name| vec![Step { name: &name.text, schema: None }];
    members.iter().find_map(|item| match item {
        Member::Field(field) if field.span.contains_inclusive(offset) => {
            if let Some((steps, range)) = upto(&field.path, offset) {
                return member(steps, range);
            }
            field.ty.as_ref().and_then(|ty| type_name(ty, offset)).map(Cursor::Type)
        }
        Member::Group(group) if group.name.span.contains_inclusive(offset) => member(one(&group.name), group.name.span),
        Member::Group(group) if group.span.contains_inclusive(offset) => {
            self::members(&format!("{schema}.{}", group.name.text), &group.members, offset)
        }
        Member::Output(output) if output.name.span.contains_inclusive(offset) => {
            member(one(&output.name), output.name.span)
        }
        Member::Output(output) if output.span.contains_inclusive(offset) => {
            type_name(&output.ty, offset).map(Cursor::Type)
        }
        _ => None,
    })
}

/// The name in a type that is under the cursor.
fn type_name(ty: &TypeExpr, offset: TextSize) -> Option<&Name> {
    match &ty.kind {
        TypeKind::Named(name) | TypeKind::Ref(name) => Some(name).filter(|name| name.span.contains_inclusive(offset)),
        TypeKind::Optional(inner) | TypeKind::List(inner) | TypeKind::Secret(inner) | TypeKind::Refined(inner, _) => {
            type_name(inner, offset)
        }
        TypeKind::Map { key, value } => {
            key.as_ref().and_then(|key| type_name(key, offset)).or_else(|| type_name(value, offset))
        }
        TypeKind::Union(_) | TypeKind::Missing => None,
    }
}
