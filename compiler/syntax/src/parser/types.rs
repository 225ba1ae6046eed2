//! Types and their refinements.

use rowan::TextRange;

use super::cursor::Cursor;
use super::expressions::{additive, primary};
use crate::ast::{BinaryOp, Expr, ExprKind, Refinement, TypeExpr, TypeKind};
use crate::error::SyntaxErrorKind;
use crate::kind::SyntaxKind as K;

/// A type with refinements, `?` last.
pub(crate) fn type_expr(cursor: &mut Cursor<'_>) -> TypeExpr {
    cursor.start(K::Type);
    let start = cursor.range().start();
    let mut ty = union(cursor, start);
    loop {
        let kind = if cursor.eat_word("matching").is_some() {
            Refinement::Matching(primary(cursor))
        } else if !cursor.newline_before() && cursor.eat_word("nonempty").is_some() {
            Refinement::Nonempty
        } else if !cursor.newline_before() && cursor.eat_word("in").is_some() {
            Refinement::In(bounds(cursor))
        } else {
            break;
        };
        ty = wrap(cursor, start, TypeKind::Refined(Box::new(ty), kind));
        ty = optional(cursor, start, ty);
    }
    cursor.end();
    ty
}

fn wrap(cursor: &Cursor<'_>, start: rowan::TextSize, kind: TypeKind) -> TypeExpr {
    TypeExpr { span: TextRange::new(start, cursor.last_end().max(start)), kind }
}

fn optional(cursor: &mut Cursor<'_>, start: rowan::TextSize, ty: TypeExpr) -> TypeExpr {
    if cursor.peek() == K::Question && !cursor.newline_before() {
        cursor.bump();
        return wrap(cursor, start, TypeKind::Optional(Box::new(ty)));
    }
    ty
}

/// `1..5` or `[a, b]`, without comparisons, so that a default may follow.
fn bounds(cursor: &mut Cursor<'_>) -> Expr {
    let low = additive(cursor);
    if cursor.peek() != K::DotDot {
        return low;
    }
    cursor.bump();
    let high = additive(cursor);
    let span = low.span.cover(high.span);
    Expr { span, kind: ExprKind::Binary(BinaryOp::Range, Box::new(low), Box::new(high)) }
}

fn union(cursor: &mut Cursor<'_>, start: rowan::TextSize) -> TypeExpr {
    if !matches!(cursor.peek(), K::Str | K::Int) || cursor.newline_before() {
        let ty = base(cursor, start);
        return optional(cursor, start, ty);
    }
    let mut items = vec![primary(cursor)];
    while cursor.eat(K::Pipe).is_some() {
        items.push(primary(cursor));
    }
    let ty = wrap(cursor, start, TypeKind::Union(items));
    optional(cursor, start, ty)
}

fn base(cursor: &mut Cursor<'_>, start: rowan::TextSize) -> TypeExpr {
    if cursor.newline_before() || !cursor.deeper() {
        if !cursor.newline_before() {
            cursor.shallower();
        }
        cursor.expected("a type");
        return wrap(cursor, start, TypeKind::Missing);
    }
    let kind = match cursor.peek() {
        K::LParen => {
            let open = cursor.bump();
            cursor.parens += 1;
            let inner = type_expr(cursor);
            cursor.parens -= 1;
            close(cursor, K::RParen, '(', open);
            inner.kind
        }
        K::LBracket => {
            let open = cursor.bump();
            let inner = type_expr(cursor);
            close(cursor, K::RBracket, '[', open);
            TypeKind::List(Box::new(inner))
        }
        K::Amp => {
            cursor.bump();
            cursor.name("the name of a schema").map_or(TypeKind::Missing, TypeKind::Ref)
        }
        K::Ident if cursor.word() == "map" && cursor.peek_second() == K::Lt => map(cursor),
        K::Ident if cursor.word() == "secret" && cursor.peek_second() == K::Lt => {
            cursor.bump();
            let open = cursor.bump();
            let inner = type_expr(cursor);
            close(cursor, K::Gt, '<', open);
            TypeKind::Secret(Box::new(inner))
        }
        K::Ident => cursor.name("a type").map_or(TypeKind::Missing, TypeKind::Named),
        _ => {
            cursor.expected("a type");
            TypeKind::Missing
        }
    };
    cursor.shallower();
    wrap(cursor, start, kind)
}

fn map(cursor: &mut Cursor<'_>) -> TypeKind {
    cursor.bump();
    let open = cursor.bump();
    let first = type_expr(cursor);
    let kind = if cursor.eat(K::Comma).is_some() {
        let value = type_expr(cursor);
        TypeKind::Map { key: Some(Box::new(first)), value: Box::new(value) }
    } else {
        TypeKind::Map { key: None, value: Box::new(first) }
    };
    close(cursor, K::Gt, '<', open);
    kind
}

fn close(cursor: &mut Cursor<'_>, kind: K, open: char, at: TextRange) {
    if cursor.eat(kind).is_none() {
        cursor.error(SyntaxErrorKind::Unclosed(open), at);
    }
}
