//! Declarations and the members of schemas.

use rowan::TextRange;

use super::cover;
use super::cursor::Cursor;
use super::entries::{block, entries, path, separator};
use super::expressions::{expression, value};
use super::types::type_expr;
use crate::ast::{
    Annotation, Arg, Decl, DeclKind, EnumDecl, Expr, ExprKind, ExtendDecl, FieldDecl, GroupDecl, IdentityDecl,
    InstanceDecl, LetDecl, Member, Name, OutputDecl, RuleDecl, SchemaDecl, Variant,
};
use crate::error::SyntaxErrorKind;
use crate::kind::SyntaxKind as K;

/// Words that begin a declaration.
pub(crate) const KEYWORDS: &[&str] = &[
    "schema", "enum", "extend", "let", "moved", "removed", "platform", "environment", "team", "system", "service",
    "resource",
];

/// All declarations of a text.
pub(crate) fn file(cursor: &mut Cursor<'_>) -> Vec<Decl> {
    let mut decls = Vec::new();
    while cursor.peek() != K::Eof {
        let is_keyword = cursor.peek() == K::Ident && KEYWORDS.contains(&cursor.word());
        if is_keyword {
            decls.extend(declaration(cursor));
            separator(cursor);
            continue;
        }
        let span = cursor.range();
        let word = cursor.word().to_owned();
        match cursor.peek() {
            K::Error | K::Comma => {}
            K::Ident => cursor.error(SyntaxErrorKind::NotADeclaration(word), span),
            _ => cursor.error(SyntaxErrorKind::Unexpected(word), span),
        }
        if matches!(cursor.peek(), K::RBrace | K::RBracket | K::RParen) {
            cursor.junk();
        } else {
            cursor.skip_line();
        }
    }
    decls
}

fn declaration(cursor: &mut Cursor<'_>) -> Option<Decl> {
    let doc = cursor.doc();
    cursor.start(K::Decl);
    let keyword = cursor.word().to_owned();
    let start = cursor.bump();
    let (kind, header) = match keyword.as_str() {
        "schema" => schema(cursor, start),
        "enum" => enumeration(cursor, start).map_or((None, start), |(item, header)| (Some(DeclKind::Enum(item)), header)),
        "extend" => extend(cursor, start),
        "let" => constant(cursor, start),
        "moved" | "removed" => identity(cursor, start, keyword == "removed"),
        _ => instance(cursor, Name { text: keyword, span: start }),
    };
    if kind.is_none() {
        cursor.skip_line();
    }
    cursor.end();
    let span = TextRange::new(start.start(), cursor.last_end());
    kind.map(|kind| Decl { doc, span, header, kind })
}

fn header(cursor: &Cursor<'_>, start: TextRange) -> TextRange {
    TextRange::new(start.start(), cursor.last_end())
}

fn schema(cursor: &mut Cursor<'_>, start: TextRange) -> (Option<DeclKind>, TextRange) {
    let Some(name) = cursor.name("the name of the schema") else { return (None, start) };
    let parent = cursor.eat(K::Colon).and_then(|_| cursor.name("the name of the parent"));
    let header = header(cursor, start);
    let members = members(cursor);
    (Some(DeclKind::Schema(SchemaDecl { name, parent, members })), header)
}

fn enumeration(cursor: &mut Cursor<'_>, start: TextRange) -> Option<(EnumDecl, TextRange)> {
    let name = cursor.name("the name of the enum")?;
    let header = header(cursor, start);
    let mut variants = Vec::new();
    block(cursor, |cursor| {
        let doc = cursor.doc();
        if cursor.peek() == K::Ident {
            let text = cursor.word().to_owned();
            let span = cursor.bump();
            variants.push(Variant { doc, name: Name { text, span } });
        } else {
            let span = cursor.range();
            let word = cursor.word().to_owned();
            if cursor.peek() != K::Error {
                cursor.error(SyntaxErrorKind::Unexpected(word), span);
            }
            cursor.skip_line();
        }
    });
    Some((EnumDecl { name, variants }, header))
}

fn extend(cursor: &mut Cursor<'_>, start: TextRange) -> (Option<DeclKind>, TextRange) {
    if cursor.eat_word("enum").is_some() {
        return match enumeration(cursor, start) {
            Some((item, header)) => (Some(DeclKind::ExtendEnum(item)), header),
            None => (None, start),
        };
    }
    let Some(name) = cursor.name("the name of a schema") else { return (None, start) };
    let header = header(cursor, start);
    let members = members(cursor);
    (Some(DeclKind::Extend(ExtendDecl { name, members })), header)
}

fn constant(cursor: &mut Cursor<'_>, start: TextRange) -> (Option<DeclKind>, TextRange) {
    let Some(name) = cursor.name("the name of the constant") else { return (None, start) };
    let header = header(cursor, start);
    if cursor.eat(K::Eq).is_none() {
        cursor.expected("`=` and a value");
        return (None, start);
    }
    let value = value(cursor);
    (Some(DeclKind::Let(LetDecl { name, value })), header)
}

fn identity(cursor: &mut Cursor<'_>, start: TextRange, removed: bool) -> (Option<DeclKind>, TextRange) {
    let Some(path) = path(cursor) else {
        cursor.expected("a path such as `checkout.needs.orders`");
        return (None, start);
    };
    let header = header(cursor, start);
    let entries = entries(cursor);
    (Some(DeclKind::Identity(IdentityDecl { removed, path, entries })), header)
}

fn instance(cursor: &mut Cursor<'_>, root: Name) -> (Option<DeclKind>, TextRange) {
    let start = root.span;
    let Some(name) = cursor.name("a name") else { return (None, start) };
    let schema = cursor.eat(K::Colon).and_then(|_| cursor.name("the name of a schema"));
    let header = header(cursor, start);
    let entries = entries(cursor);
    (Some(DeclKind::Instance(InstanceDecl { root, name, schema, entries })), header)
}

fn members(cursor: &mut Cursor<'_>) -> Vec<Member> {
    let mut found = Vec::new();
    if !cursor.deeper() {
        cursor.shallower();
        cursor.skip_line();
        return found;
    }
    block(cursor, |cursor| found.extend(member(cursor)));
    cursor.shallower();
    found
}

fn member(cursor: &mut Cursor<'_>) -> Option<Member> {
    let doc = cursor.doc();
    cursor.start(K::Member);
    let start = cursor.range();
    let second = cursor.peek_second();
    let keyword = !matches!(second, K::Colon | K::Eq | K::LBrace | K::Dot);
    let found = if keyword && cursor.at_word("output") {
        output(cursor, doc)
    } else if keyword && (cursor.at_word("require") || cursor.at_word("warn")) {
        rule(cursor)
    } else {
        field(cursor, doc)
    };
    if found.is_none() {
        cursor.skip_line();
    }
    cursor.end();
    let span = TextRange::new(start.start(), cursor.last_end().max(start.start()));
    found.map(|member| with_span(member, span))
}

fn with_span(member: Member, span: TextRange) -> Member {
    match member {
        Member::Field(field) => Member::Field(FieldDecl { span, ..field }),
        Member::Group(group) => Member::Group(GroupDecl { span, ..group }),
        Member::Output(output) => Member::Output(OutputDecl { span, ..output }),
        Member::Rule(rule) => Member::Rule(RuleDecl { span, ..rule }),
    }
}

fn output(cursor: &mut Cursor<'_>, doc: Option<String>) -> Option<Member> {
    let span = cursor.bump();
    let name = cursor.name("the name of the output")?;
    if cursor.eat(K::Colon).is_none() {
        cursor.expected("`:` and a type");
        return None;
    }
    let ty = type_expr(cursor);
    Some(Member::Output(OutputDecl { doc, name, ty, span }))
}

fn rule(cursor: &mut Cursor<'_>) -> Option<Member> {
    let warn = cursor.at_word("warn");
    let span = cursor.bump();
    let condition = expression(cursor);
    let message = if cursor.eat(K::Colon).is_some() {
        expression(cursor)
    } else {
        cursor.expected("`:` and the message");
        Expr { span: TextRange::empty(cursor.last_end()), kind: ExprKind::Missing }
    };
    Some(Member::Rule(RuleDecl { warn, condition, message, span }))
}

fn field(cursor: &mut Cursor<'_>, doc: Option<String>) -> Option<Member> {
    let Some(path) = path(cursor) else {
        let span = cursor.range();
        let word = cursor.word().to_owned();
        if cursor.peek() != K::Error {
            cursor.error(SyntaxErrorKind::Unexpected(word), span);
        }
        return None;
    };
    if cursor.peek() == K::LBrace && !cursor.newline_before() {
        let name = path.segments.first()?.clone();
        let members = members(cursor);
        let annotations = annotations(cursor);
        return Some(Member::Group(GroupDecl { doc, name, members, annotations, span: path.span }));
    }
    let ty = cursor.eat(K::Colon).map(|_| type_expr(cursor));
    let default = cursor.eat(K::Eq).map(|_| value(cursor));
    let annotations = annotations(cursor);
    if ty.is_none() && default.is_none() && annotations.is_empty() {
        cursor.expected("`:` and a type, or `=` and a default");
    }
    Some(Member::Field(FieldDecl { doc, span: path.span, path, ty, default, annotations }))
}

fn annotations(cursor: &mut Cursor<'_>) -> Vec<Annotation> {
    let mut found = Vec::new();
    // They may stand on the following lines: a line that begins with `@` goes on.
    while cursor.peek() == K::At {
        cursor.start(K::Annotation);
        let start = cursor.bump();
        if let Some(name) = cursor.name("the name of an annotation") {
            let args = arguments(cursor);
            found.push(Annotation { span: cover(start, TextRange::empty(cursor.last_end())), name, args });
        }
        cursor.end();
    }
    found
}

fn arguments(cursor: &mut Cursor<'_>) -> Vec<Arg> {
    let mut args = Vec::new();
    let Some(open) = (cursor.peek() == K::LParen && !cursor.newline_before()).then(|| cursor.bump()) else { return args };
    cursor.parens += 1;
    while !matches!(cursor.peek(), K::RParen | K::RBrace | K::Eof) && !cursor.at_declaration() {
        let name = (cursor.peek() == K::Ident && cursor.peek_second() == K::Eq).then(|| {
            let text = cursor.word().to_owned();
            let span = cursor.bump();
            cursor.bump();
            Name { text, span }
        });
        let before = cursor.range();
        let value = expression(cursor);
        args.push(Arg { name, value });
        if cursor.eat(K::Comma).is_none() && cursor.range() == before {
            break;
        }
    }
    cursor.parens -= 1;
    if cursor.eat(K::RParen).is_none() {
        cursor.error(SyntaxErrorKind::Unclosed('('), open);
    }
    args
}
