//! Members of schemas and extensions.

use rowan::TextRange;

use super::cursor::Cursor;
use super::declarations;
use super::entries::{assigned, join, wrongly_assigned};
use super::expressions::{expression, value};
use super::lists::{block, path};
use super::types::type_expr;
use super::values::{arguments, unopened_arguments};
use crate::ast::{Annotation, Expr, FieldDecl, GroupDecl, Member, OutputDecl, Path, RuleDecl, TypeExpr, TypeKind};
use crate::error::SyntaxErrorKind;
use crate::kind::SyntaxKind as K;

/// The members of a header.
pub(crate) fn members(cursor: &mut Cursor<'_>) -> Vec<Member> {
    let mut found = Vec::new();
    block(cursor, |cursor| found.extend(member(cursor)));
    found
}

/// A field, a group, an output or a rule.
pub(crate) fn member(cursor: &mut Cursor<'_>) -> Option<Member> {
    if declarations::nested(cursor) {
        return None;
    }
    let doc = cursor.doc();
    cursor.start(K::Member);
    let start = cursor.range();
    // Words of the grammar are names where they are followed by what follows a name.
    let is_name =
        matches!(cursor.peek_second(), K::Colon | K::Eq | K::EqEq | K::LBrace | K::Dot | K::At | K::Comma | K::RBrace);
    let found = if !is_name && cursor.at_word("output") {
        output(cursor, doc)
    } else if !is_name && (cursor.at_word("require") || cursor.at_word("warn")) {
        Some(rule(cursor))
    } else {
        field(cursor, doc)
    };
    cursor.end();
    let span = cursor.since(start.start());
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

/// `output name : type`
fn output(cursor: &mut Cursor<'_>, doc: Option<String>) -> Option<Member> {
    let span = cursor.bump();
    let name = cursor.name("the name of the output")?;
    let ty = if cursor.eat(K::Colon).is_some() {
        type_here(cursor)
    } else {
        cursor.expected("`:` and a type");
        TypeExpr { span: TextRange::empty(cursor.last_end()), kind: TypeKind::Missing }
    };
    Some(Member::Output(OutputDecl { doc, name, ty, span }))
}

/// The type behind a `:`, which begins on its line.
fn type_here(cursor: &mut Cursor<'_>) -> TypeExpr {
    let is_below = cursor.newline_before() && cursor.seen(0).column > cursor.last_indent();
    let is_type = matches!(cursor.peek(), K::Ident | K::Amp | K::LBracket | K::LParen | K::Str);
    if is_below && is_type && cursor.behind_path(0) != Some(K::Colon) {
        let fix = join(cursor);
        cursor.missing(SyntaxErrorKind::Expected("a type on the line of its `:`"), fix);
        cursor.continue_line();
    }
    type_expr(cursor)
}

/// `require COND : "message"`, `warn COND : "message"`
fn rule(cursor: &mut Cursor<'_>) -> Member {
    let warn = cursor.at_word("warn");
    let span = cursor.bump();
    let errors = cursor.errors.len();
    cursor.in_condition = true;
    let condition = expression(cursor);
    cursor.in_condition = false;
    if !cursor.at(K::Colon) {
        if cursor.errors.len() == errors {
            cursor.expected("`:` and the message of the rule");
        }
        cursor.skip_to(K::Colon);
        if cursor.at(K::Str) && cursor.behind_path(0).is_none() {
            // `require a` and the message below it
            let message = message_without_colon(cursor);
            return Member::Rule(RuleDecl { warn, condition, message, span });
        }
    }
    let message = message(cursor);
    Member::Rule(RuleDecl { warn, condition, message, span })
}

fn message_without_colon(cursor: &mut Cursor<'_>) -> Expr {
    cursor.continue_line();
    expression(cursor)
}

fn message(cursor: &mut Cursor<'_>) -> Expr {
    if cursor.eat(K::Colon).is_none() {
        return cursor.nothing();
    }
    if cursor.at_end() && !cursor.at(K::Str) {
        cursor.expected("the message of the rule");
        return cursor.nothing();
    }
    value(cursor)
}

/// `path [: type] [= default] annotations`, `name { members } annotations`
fn field(cursor: &mut Cursor<'_>, doc: Option<String>) -> Option<Member> {
    if cursor.at(K::Ident) && !cursor.at_name() {
        cursor.reserved();
    }
    let Some(path) = path(cursor) else {
        cursor.unexpected("a field");
        cursor.skip_item();
        return None;
    };
    if cursor.at(K::LBrace) {
        let members = members(cursor);
        let annotations = annotations(cursor);
        return group(path, members, annotations, doc);
    }
    let ty = cursor.eat(K::Colon).map(|_| type_here(cursor));
    // A second `=` can only have been meant as `==`.
    let in_condition = std::mem::replace(&mut cursor.in_condition, true);
    let default = match cursor.peek() {
        K::Eq => Some(assigned(cursor)),
        K::EqEq if !cursor.newline_before() => Some(wrongly_assigned(cursor)),
        _ => None,
    };
    cursor.in_condition = in_condition;
    let annotations = annotations(cursor);
    let default = default.or_else(|| late_default(cursor));
    if ty.is_none() && default.is_none() && annotations.is_empty() && begins_members_below(cursor) {
        let members = members(cursor);
        return group(path, members, annotations, doc);
    }
    if ty.is_none() && default.is_none() && annotations.is_empty() {
        cursor.expected("`:` and a type, or `=` and a default");
        if !cursor.at_end() {
            cursor.skip_item();
        }
    }
    Some(Member::Field(FieldDecl { doc, span: path.span, path, ty, default, annotations }))
}

/// A default behind the annotations: reported, and taken all the same.
fn late_default(cursor: &mut Cursor<'_>) -> Option<Expr> {
    if !cursor.at(K::Eq) || cursor.newline_before() {
        return None;
    }
    cursor.unexpected("the default before the annotations");
    Some(assigned(cursor))
}

/// Whether the line below is indented and can only be a member of a group whose `{` is missing.
fn begins_members_below(cursor: &Cursor<'_>) -> bool {
    let token = cursor.seen(0);
    let is_member = matches!(cursor.behind_path(0), Some(K::Colon | K::Eq | K::LBrace));
    cursor.newline_before() && token.column > cursor.last_indent() && cursor.at_item_name() && is_member
}

/// `a.b { … }` is `a { b { … } }`.
fn group(path: Path, members: Vec<Member>, annotations: Vec<Annotation>, doc: Option<String>) -> Option<Member> {
    let span = path.span;
    let mut segments = path.segments.into_iter().rev();
    let inner = GroupDecl { doc, name: segments.next()?, members, annotations, span };
    let around = |inner: GroupDecl, name| GroupDecl {
        doc: None,
        name,
        annotations: Vec::new(),
        span: TextRange::new(span.start(), inner.name.span.end()),
        members: vec![Member::Group(inner)],
    };
    Some(Member::Group(segments.fold(inner, around)))
}

/// `@immutable @locked("why")`, on this line or the next ones.
fn annotations(cursor: &mut Cursor<'_>) -> Vec<Annotation> {
    let mut found = Vec::new();
    while cursor.at(K::At) {
        cursor.start(K::Annotation);
        let start = cursor.bump().start();
        if let Some(name) = cursor.name("the name of an annotation") {
            let args = match cursor.peek() {
                _ if cursor.newline_before() => Vec::new(),
                K::LParen => arguments(cursor),
                K::Str => unopened_arguments(cursor),
                _ => Vec::new(),
            };
            found.push(Annotation { name, args, span: cursor.since(start) });
        }
        cursor.end();
    }
    found
}
