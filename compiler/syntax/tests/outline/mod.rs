//! A typed view as one line of text per declaration, so that a test can say what it expects.

use idpc_syntax::ast::{
    Annotation, Decl, DeclKind, Entry, EntryKind, Expr, ExprKind, Literal, Member, Name, Path, Refinement, SourceFile,
    StrPart, TypeExpr, TypeKind, UnaryOp,
};

/// All declarations, one a line.
pub fn outline(file: &SourceFile) -> String {
    file.decls.iter().map(declaration).collect::<Vec<_>>().join("\n")
}

fn join<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn named(name: &Name) -> String {
    name.text.clone()
}

fn declaration(decl: &Decl) -> String {
    let doc = decl.doc.as_ref().map(|doc| format!("{doc:?} ")).unwrap_or_default();
    let schema = |name: &Option<Name>| name.as_ref().map(|name| format!(" : {}", name.text)).unwrap_or_default();
    let kind = match &decl.kind {
        DeclKind::Schema(item) => {
            format!("schema {}{} {{{}}}", item.name.text, schema(&item.parent), join(&item.members, member))
        }
        DeclKind::Enum(item) => format!("enum {} {{{}}}", item.name.text, variants(item)),
        DeclKind::ExtendEnum(item) => {
            format!("extend enum {} {{{}}}", item.name.text, variants(item))
        }
        DeclKind::Extend(item) => format!("extend {} {{{}}}", item.name.text, join(&item.members, member)),
        DeclKind::Let(item) => format!("let {} = {}", item.name.text, expression(&item.value)),
        DeclKind::Instance(item) => {
            let (root, name) = (&item.root.text, &item.name.text);
            format!("{root} {name}{} {{{}}}", schema(&item.schema), join(&item.entries, entry))
        }
        DeclKind::Identity(item) => {
            let keyword = if item.removed { "removed" } else { "moved" };
            format!("{keyword} {} {{{}}}", path(&item.path), join(&item.entries, entry))
        }
    };
    format!("{doc}{kind}")
}

fn variants(item: &idpc_syntax::ast::EnumDecl) -> String {
    join(&item.variants, |variant| {
        let doc = variant.doc.as_ref().map(|doc| format!("{doc:?} ")).unwrap_or_default();
        format!("{doc}{}", variant.name.text)
    })
}

fn path(path: &Path) -> String {
    path.segments.iter().map(named).collect::<Vec<_>>().join(".")
}

/// An entry in brackets, so that it is seen where one ends.
pub fn entry(entry: &Entry) -> String {
    match &entry.kind {
        EntryKind::Set { path: name, value } => format!("[{} = {}]", path(name), expression(value)),
        EntryKind::Amend { path: name, entries } => format!("[{} {{{}}}]", path(name), join(entries, self::entry)),
        EntryKind::Bare(name) => format!("[{}]", path(name)),
        EntryKind::In { envs, entries, .. } => {
            format!("[in {} {{{}}}]", join(envs, named), join(entries, self::entry))
        }
    }
}

fn member(member: &Member) -> String {
    match member {
        Member::Field(field) => {
            let doc = field.doc.as_ref().map(|doc| format!("{doc:?} ")).unwrap_or_default();
            let ty = field.ty.as_ref().map(|ty| format!(" : {}", type_expr(ty))).unwrap_or_default();
            let default = field.default.as_ref().map(|value| format!(" = {}", expression(value))).unwrap_or_default();
            format!("[{doc}{}{ty}{default}{}]", path(&field.path), annotations(&field.annotations))
        }
        Member::Group(group) => {
            let doc = group.doc.as_ref().map(|doc| format!("{doc:?} ")).unwrap_or_default();
            let members = join(&group.members, self::member);
            format!("[{doc}{} {{{members}}}{}]", group.name.text, annotations(&group.annotations))
        }
        Member::Output(output) => {
            format!("[output {} : {}]", output.name.text, type_expr(&output.ty))
        }
        Member::Rule(rule) => {
            let keyword = if rule.warn { "warn" } else { "require" };
            format!("[{keyword} {} : {}]", expression(&rule.condition), expression(&rule.message))
        }
    }
}

fn annotations(annotations: &[Annotation]) -> String {
    let one = |annotation: &Annotation| {
        let args = join(&annotation.args, |arg| match &arg.name {
            Some(name) => format!("{} = {}", name.text, expression(&arg.value)),
            None => expression(&arg.value),
        });
        format!(" @{}({args})", annotation.name.text)
    };
    annotations.iter().map(one).collect()
}

fn type_expr(ty: &TypeExpr) -> String {
    match &ty.kind {
        TypeKind::Missing => "<missing>".to_owned(),
        TypeKind::Named(name) => name.text.clone(),
        TypeKind::Union(items) => items.iter().map(expression).collect::<Vec<_>>().join("|"),
        TypeKind::Optional(inner) => format!("({})?", type_expr(inner)),
        TypeKind::List(inner) => format!("[{}]", type_expr(inner)),
        TypeKind::Map { key: None, value } => format!("map<{}>", type_expr(value)),
        TypeKind::Map { key: Some(key), value } => format!("map<{}, {}>", type_expr(key), type_expr(value)),
        TypeKind::Ref(name) => format!("&{}", name.text),
        TypeKind::Secret(inner) => format!("secret<{}>", type_expr(inner)),
        TypeKind::Refined(inner, Refinement::In(values)) => {
            format!("{{{} in {}}}", type_expr(inner), expression(values))
        }
        TypeKind::Refined(inner, Refinement::Matching(text)) => {
            format!("{{{} matching {}}}", type_expr(inner), expression(text))
        }
        TypeKind::Refined(inner, Refinement::Nonempty) => {
            format!("{{{} nonempty}}", type_expr(inner))
        }
    }
}

/// An expression with parentheses around every operation.
pub fn expression(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Missing => "<missing>".to_owned(),
        ExprKind::Literal(value) => literal(value),
        ExprKind::Str(parts) => string(parts),
        ExprKind::Path(name) => path(name),
        ExprKind::List(items) => format!("[{}]", items.iter().map(expression).collect::<Vec<_>>().join(", ")),
        ExprKind::Record { schema, entries } => {
            let schema = schema.as_ref().map(|name| format!("{} ", name.text)).unwrap_or_default();
            format!("{schema}{{{}}}", join(entries, entry))
        }
        ExprKind::Unary(UnaryOp::Not, inner) => format!("(not {})", expression(inner)),
        ExprKind::Unary(UnaryOp::Neg, inner) => format!("(-{})", expression(inner)),
        ExprKind::Binary(op, left, right) => {
            format!("({} {op:?} {})", expression(left), expression(right))
        }
        ExprKind::If(condition, then, otherwise) => {
            format!("(if {} then {} else {})", expression(condition), expression(then), expression(otherwise))
        }
        ExprKind::Call(name, args) => {
            format!("{}({})", name.text, args.iter().map(expression).collect::<Vec<_>>().join(", "))
        }
        ExprKind::Paren(inner) => format!("<{}>", expression(inner)),
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::None => "none".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Number(value) => format!("{}e-{}", value.digits, value.scale),
        Literal::Quantity(value, unit) => format!("{}e-{} {unit:?}", value.digits, value.scale),
        Literal::Date(date) => format!("{:04}-{:02}-{:02}", date.year, date.month, date.day),
    }
}

fn string(parts: &[StrPart]) -> String {
    let one = |part: &StrPart| match part {
        StrPart::Text(text) => format!("{text:?}"),
        StrPart::Insert(name) => format!("${{{}}}", path(name)),
    };
    format!("'{}'", parts.iter().map(one).collect::<String>())
}
