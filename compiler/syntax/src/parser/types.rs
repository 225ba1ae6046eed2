//! Types and their refinements.

use rowan::{TextRange, TextSize};

use super::cursor::Cursor;
use super::expressions::{bound, signed};
use super::lists::{Lines, enclosed, list};
use super::members::member;
use crate::ast::{Refinement, TypeExpr, TypeKind};
use crate::error::{SyntaxErrorKind, SyntaxFix, Unclosed};
use crate::kind::SyntaxKind as K;

/// A type with its refinements, `?` last.
pub(crate) fn type_expr(cursor: &mut Cursor<'_>) -> TypeExpr {
    if !cursor.deeper() {
        return missing(cursor);
    }
    let depth = cursor.depth;
    let start = if cursor.newline_before() { cursor.last_end() } else { cursor.range().start() };
    cursor.start(K::Type);
    let mut ty = base(cursor, start);
    while !cursor.newline_before() {
        ty = match cursor.peek() {
            K::Ident if is_refinement(cursor) => refined(cursor, ty),
            K::Question | K::QuestionQuestion => optional(cursor, ty),
            _ => break,
        };
        if !cursor.deeper() {
            break;
        }
    }
    cursor.end();
    cursor.depth = depth;
    cursor.shallower();
    ty
}

fn missing(cursor: &Cursor<'_>) -> TypeExpr {
    TypeExpr { span: TextRange::empty(cursor.last_end()), kind: TypeKind::Missing }
}

fn is_refinement(cursor: &Cursor<'_>) -> bool {
    ["in", "matching", "nonempty"].iter().any(|word| cursor.at_word(word))
}

/// `T in RANGE`, `T matching "…"`, `T nonempty`. `int? in 1..5` is reported and means `(int in 1..5)?`.
fn refined(cursor: &mut Cursor<'_>, ty: TypeExpr) -> TypeExpr {
    let start = ty.span.start();
    let is_optional =
        matches!(ty.kind, TypeKind::Optional(_)) && cursor.previous().is_some_and(|last| last.kind == K::Question);
    if is_optional {
        cursor.error(SyntaxErrorKind::BareOptional, cursor.range());
    }
    let word = cursor.word();
    cursor.bump();
    let refinement = match word {
        "in" => Refinement::In(bound(cursor)),
        "matching" => Refinement::Matching(bound(cursor)),
        _ => Refinement::Nonempty,
    };
    let span = cursor.since(start);
    match ty.kind {
        TypeKind::Optional(inner) if is_optional => {
            let inner = TypeExpr { span, kind: TypeKind::Refined(inner, refinement) };
            TypeExpr { span, kind: TypeKind::Optional(Box::new(inner)) }
        }
        kind => {
            let inner = TypeExpr { span: ty.span, kind };
            TypeExpr { span, kind: TypeKind::Refined(Box::new(inner), refinement) }
        }
    }
}

/// `T?`. `int in 1..5?` is reported and means `(int in 1..5)?`.
fn optional(cursor: &mut Cursor<'_>, ty: TypeExpr) -> TypeExpr {
    let (start, span) = (ty.span.start(), cursor.range());
    let is_optional = matches!(ty.kind, TypeKind::Optional(_));
    if is_optional || cursor.at(K::QuestionQuestion) {
        cursor.unexpected("one `?` at most");
    }
    let in_parens = cursor.previous().is_some_and(|last| last.kind == K::RParen);
    if matches!(ty.kind, TypeKind::Refined(_, Refinement::In(_) | Refinement::Matching(_))) && !in_parens {
        let edits = vec![(TextRange::empty(start), "(".to_owned()), (TextRange::empty(span.start()), ")".to_owned())];
        let fix = SyntaxFix { title: "put the type in parentheses".to_owned(), edits, safe: true };
        cursor.error_with_fix(SyntaxErrorKind::BareOptional, span, Some(fix));
    }
    cursor.bump();
    surplus(cursor);
    if is_optional {
        return ty;
    }
    TypeExpr { span: cursor.since(start), kind: TypeKind::Optional(Box::new(ty)) }
}

/// Every `?` after the first.
fn surplus(cursor: &mut Cursor<'_>) {
    let is_question = |cursor: &Cursor<'_>| matches!(cursor.peek(), K::Question | K::QuestionQuestion);
    if !is_question(cursor) || cursor.newline_before() {
        return;
    }
    cursor.unexpected("one `?` at most");
    cursor.start(K::Junk);
    while is_question(cursor) {
        cursor.bump();
    }
    cursor.end();
}

fn base(cursor: &mut Cursor<'_>, start: TextSize) -> TypeExpr {
    if cursor.at_end() {
        cursor.expected("a type");
        return missing(cursor);
    }
    let kind = match cursor.peek() {
        K::LParen => bracketed(cursor, K::RParen).kind,
        K::LBracket => TypeKind::List(Box::new(bracketed(cursor, K::RBracket))),
        K::Amp => reference(cursor),
        // Reported as an operator; here it is one `&` too many.
        K::Ident if cursor.word() == "&&" => reference(cursor),
        K::Ident if ["true", "false"].iter().any(|word| cursor.at_word(word)) => union(cursor),
        K::Ident if cursor.at_word("in") => {
            cursor.expected("a type");
            TypeKind::Missing
        }
        K::Ident => named(cursor),
        K::Str | K::Int | K::Number | K::Quantity | K::Date | K::Minus => union(cursor),
        K::LBrace => {
            cursor.error(SyntaxErrorKind::RecordType, cursor.range());
            list(cursor, Lines::Separate, |cursor| {
                member(cursor);
            });
            TypeKind::Missing
        }
        K::Eq | K::At | K::Gt => {
            cursor.expected("a type");
            TypeKind::Missing
        }
        _ => {
            cursor.unexpected("a type");
            cursor.junk();
            TypeKind::Missing
        }
    };
    TypeExpr { span: cursor.since(start), kind }
}

/// `[T]`, `(T)`
fn bracketed(cursor: &mut Cursor<'_>, closer: K) -> TypeExpr {
    let lines = if closer == K::RBracket { Lines::Separate } else { Lines::AreSpaces };
    enclosed(cursor, lines, |cursor| {
        cursor.continue_line();
        let before = cursor.errors.len();
        let ty = type_expr(cursor);
        if !cursor.at_end() && !cursor.list_ends() {
            // `(int in 1..5? = 2` lacks one parenthesis, and has been told so at the `?`.
            let is_told = cursor.errors.iter().skip(before).any(|error| error.kind == SyntaxErrorKind::BareOptional);
            if !is_told {
                cursor.unexpected(if closer == K::RBracket { "`]`" } else { "`)`" });
            }
            cursor.skip_item();
        }
        ty
    })
}

/// `&team`
fn reference(cursor: &mut Cursor<'_>) -> TypeKind {
    cursor.bump();
    while cursor.at(K::Amp) && !cursor.newline_before() {
        cursor.unexpected("the name of a schema");
        cursor.junk();
    }
    cursor.name("the name of a schema").map_or(TypeKind::Missing, TypeKind::Ref)
}

/// `int`, `map<T>`, `secret<T>`; a union of names is reported.
fn named(cursor: &mut Cursor<'_>) -> TypeKind {
    let has_arguments = cursor.peek_second() == K::Lt && !cursor.newline_before_nth(1);
    if has_arguments {
        return generic(cursor);
    }
    let name = cursor.name("a type");
    if cursor.at(K::Pipe) {
        cursor.error(SyntaxErrorKind::UnionOfTypes, cursor.range());
        while cursor.eat(K::Pipe).is_some() {
            if cursor.at_name() {
                cursor.bump();
            } else {
                signed(cursor);
            }
        }
        return TypeKind::Missing;
    }
    name.map_or(TypeKind::Missing, TypeKind::Named)
}

/// `map<T>`, `map<K, V>`, `secret<T>`
fn generic(cursor: &mut Cursor<'_>) -> TypeKind {
    let word = cursor.word();
    if !matches!(word, "map" | "secret") {
        let span = cursor.seen(1).span;
        let found = "`<`".to_owned();
        let expected = "no `<` behind this type; `map` and `secret` take one";
        cursor.error(SyntaxErrorKind::Unexpected(crate::error::Unexpected { found, expected }), span);
    }
    cursor.bump();
    let errors = cursor.errors.len();
    let opened = cursor.bump();
    let first = Box::new(type_expr(cursor));
    let second = (word != "secret" && cursor.eat(K::Comma).is_some()).then(|| Box::new(type_expr(cursor)));
    if cursor.eat(K::Gt).is_none() && cursor.errors.len() == errors {
        let fix = SyntaxFix::guess("insert `>`", TextRange::empty(cursor.last_end()), ">");
        cursor.missing(SyntaxErrorKind::Unclosed(Unclosed { closer: '>', opened }), Some(fix));
    }
    match (word, second) {
        ("map", Some(value)) => TypeKind::Map { key: Some(first), value },
        ("map", None) => TypeKind::Map { key: None, value: first },
        ("secret", _) => TypeKind::Secret(first),
        _ => TypeKind::Missing,
    }
}

/// `"14" | "15"`
fn union(cursor: &mut Cursor<'_>) -> TypeKind {
    let mut items = vec![signed(cursor)];
    while cursor.eat(K::Pipe).is_some() {
        if cursor.at(K::Pipe) || (cursor.newline_before() && !cursor.at(K::Str)) {
            cursor.expected("a literal after `|`");
            continue;
        }
        if cursor.at_name() {
            cursor.error(SyntaxErrorKind::UnionOfTypes, cursor.range());
            cursor.junk();
            continue;
        }
        cursor.continue_line();
        items.push(signed(cursor));
    }
    TypeKind::Union(items)
}
