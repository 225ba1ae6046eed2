//! Expressions, loosest first.

use rowan::TextRange;

use super::cursor::Cursor;
use super::entries::{path, record_entries};
use crate::ast::{BinaryOp, Expr, ExprKind, Literal, Name, UnaryOp};
use crate::error::SyntaxErrorKind;
use crate::kind::SyntaxKind as K;
use crate::literal;

/// The value behind a `=`, on the same line.
pub(crate) fn value(cursor: &mut Cursor<'_>) -> Expr {
    if cursor.newline_before() {
        // A value that stands alone on the next line was meant; anything else there is an entry of its own.
        let starts = matches!(cursor.peek(), K::Int | K::Number | K::Quantity | K::Date | K::Str | K::LBracket | K::LParen);
        let followed = matches!(cursor.peek_second(), K::Eq | K::LBrace | K::Dot);
        if starts && !followed {
            let span = cursor.range();
            cursor.error(SyntaxErrorKind::ValueOnNextLine, span);
            return expression(cursor);
        }
        return missing(cursor, "a value");
    }
    expression(cursor)
}

fn missing(cursor: &mut Cursor<'_>, what: &'static str) -> Expr {
    cursor.expected(what);
    Expr { span: TextRange::empty(cursor.last_end()), kind: ExprKind::Missing }
}

/// Any expression.
pub(crate) fn expression(cursor: &mut Cursor<'_>) -> Expr {
    if !cursor.deeper() {
        cursor.shallower();
        cursor.skip_line();
        return Expr { span: TextRange::empty(cursor.last_end()), kind: ExprKind::Missing };
    }
    cursor.start(K::Expr);
    let expr = if cursor.at_word("if") { choice(cursor) } else { binary(cursor, 0) };
    cursor.end();
    cursor.shallower();
    expr
}

fn choice(cursor: &mut Cursor<'_>) -> Expr {
    let start = cursor.bump();
    let condition = binary(cursor, 0);
    if cursor.eat_word("then").is_none() {
        cursor.expected("`then`");
    }
    let yes = expression(cursor);
    let no = if cursor.eat_word("else").is_some() { expression(cursor) } else { missing(cursor, "`else` and a value") };
    let span = TextRange::new(start.start(), cursor.last_end());
    Expr { span, kind: ExprKind::If(Box::new(condition), Box::new(yes), Box::new(no)) }
}

/// The operators by how tightly they bind, loosest first.
const LEVELS: usize = 7;

fn operator(cursor: &Cursor<'_>, level: usize) -> Option<BinaryOp> {
    let op = match cursor.peek() {
        K::Ident => match cursor.word() {
            "or" => BinaryOp::Or,
            "and" => BinaryOp::And,
            "in" => BinaryOp::In,
            _ => return None,
        },
        K::EqEq => BinaryOp::Eq,
        K::Ne => BinaryOp::Ne,
        K::Lt => BinaryOp::Lt,
        K::Le => BinaryOp::Le,
        K::Gt => BinaryOp::Gt,
        K::Ge => BinaryOp::Ge,
        K::QuestionQuestion => BinaryOp::Default,
        K::DotDot => BinaryOp::Range,
        K::Plus => BinaryOp::Add,
        K::Minus => BinaryOp::Sub,
        K::Star => BinaryOp::Mul,
        K::Slash => BinaryOp::Div,
        _ => return None,
    };
    // A line goes on only with `and` and `or`.
    if cursor.newline_before() && !matches!(op, BinaryOp::And | BinaryOp::Or) {
        return None;
    }
    (level_of(op) == level).then_some(op)
}

fn level_of(op: BinaryOp) -> usize {
    match op {
        BinaryOp::Or => 0,
        BinaryOp::And => 1,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::In => 2,
        BinaryOp::Default => 3,
        BinaryOp::Range => 4,
        BinaryOp::Add | BinaryOp::Sub => 5,
        BinaryOp::Mul | BinaryOp::Div => 6,
    }
}

/// A sum: what a refinement's bound may be.
pub(crate) fn additive(cursor: &mut Cursor<'_>) -> Expr {
    binary(cursor, 5)
}

fn binary(cursor: &mut Cursor<'_>, level: usize) -> Expr {
    if level == 2 && cursor.at_word("not") {
        return negation(cursor);
    }
    if level >= LEVELS {
        return unary(cursor);
    }
    let checkpoint = cursor.checkpoint();
    let mut left = binary(cursor, level + 1);
    let mut compared = false;
    while let Some(op) = operator(cursor, level) {
        let at = cursor.bump();
        if level == 2 && compared {
            cursor.error(SyntaxErrorKind::ChainedComparison, at);
        }
        compared = true;
        // The operand may stand on the next line: the operator says that the line goes on.
        let right = binary(cursor, level + 1);
        cursor.start_at(checkpoint, K::Expr);
        cursor.end();
        let span = left.span.cover(right.span);
        left = Expr { span, kind: ExprKind::Binary(op, Box::new(left), Box::new(right)) };
    }
    left
}

fn negation(cursor: &mut Cursor<'_>) -> Expr {
    if !cursor.deeper() {
        cursor.shallower();
        return missing(cursor, "a value");
    }
    let start = cursor.bump();
    let inner = binary(cursor, 2);
    cursor.shallower();
    let span = start.cover(inner.span);
    Expr { span, kind: ExprKind::Unary(UnaryOp::Not, Box::new(inner)) }
}

fn unary(cursor: &mut Cursor<'_>) -> Expr {
    if cursor.peek() == K::Minus {
        if !cursor.deeper() {
            cursor.shallower();
            return missing(cursor, "a value");
        }
        let start = cursor.bump();
        let inner = unary(cursor);
        cursor.shallower();
        let span = start.cover(inner.span);
        return Expr { span, kind: ExprKind::Unary(UnaryOp::Neg, Box::new(inner)) };
    }
    primary(cursor)
}

/// A literal, a path, a list, a record, a call or something in parentheses.
pub(crate) fn primary(cursor: &mut Cursor<'_>) -> Expr {
    match cursor.peek() {
        kind @ (K::Int | K::Number | K::Quantity | K::Date) => {
            let value = literal::value(kind, cursor.word());
            let span = cursor.bump();
            let kind = value.map_or(ExprKind::Missing, ExprKind::Literal);
            Expr { span, kind }
        }
        K::Str => {
            let parts = literal::parts(cursor.word(), cursor.range().start());
            let closed = cursor.word().len() > 1 && cursor.word().ends_with('"');
            let span = cursor.bump();
            let kind = parts.ok().filter(|_| closed).map_or(ExprKind::Missing, ExprKind::Str);
            Expr { span, kind }
        }
        K::LBracket => list(cursor),
        K::LParen => parenthesized(cursor),
        K::LBrace => {
            let start = cursor.range();
            let entries = record_entries(cursor);
            let span = TextRange::new(start.start(), cursor.last_end());
            Expr { span, kind: ExprKind::Record { schema: None, entries } }
        }
        K::Ident => named(cursor),
        K::Error => {
            // Reported by the lexer.
            let span = cursor.bump();
            Expr { span, kind: ExprKind::Missing }
        }
        _ => missing(cursor, "a value"),
    }
}

fn named(cursor: &mut Cursor<'_>) -> Expr {
    let word = cursor.word();
    let fixed = match word {
        "true" => Some(Literal::Bool(true)),
        "false" => Some(Literal::Bool(false)),
        "none" => Some(Literal::None),
        _ => None,
    };
    if let Some(value) = fixed {
        let span = cursor.bump();
        return Expr { span, kind: ExprKind::Literal(value) };
    }
    if super::cursor::RESERVED.contains(&word) {
        return missing(cursor, "a value");
    }
    if cursor.peek_second() == K::LParen && !next_line_after(cursor) {
        let name = Name { text: word.to_owned(), span: cursor.bump() };
        let args = arguments(cursor);
        let span = TextRange::new(name.span.start(), cursor.last_end());
        return Expr { span, kind: ExprKind::Call(name, args) };
    }
    let Some(path) = path(cursor) else { return missing(cursor, "a value") };
    if cursor.peek() == K::LBrace
        && !cursor.newline_before()
        && let [name] = path.segments.as_slice()
    {
        let name = name.clone();
        let entries = record_entries(cursor);
        let span = TextRange::new(name.span.start(), cursor.last_end());
        return Expr { span, kind: ExprKind::Record { schema: Some(name), entries } };
    }
    Expr { span: path.span, kind: ExprKind::Path(path) }
}

/// Whether the parenthesis after a name stands on another line.
fn next_line_after(cursor: &Cursor<'_>) -> bool {
    cursor.second_word() != "("
}

fn arguments(cursor: &mut Cursor<'_>) -> Vec<Expr> {
    let open = cursor.bump();
    cursor.parens += 1;
    let items = items(cursor, K::RParen);
    cursor.parens -= 1;
    if cursor.eat(K::RParen).is_none() {
        cursor.error(SyntaxErrorKind::Unclosed('('), open);
    }
    items
}

fn items(cursor: &mut Cursor<'_>, close: K) -> Vec<Expr> {
    let mut found = Vec::new();
    while cursor.peek() != close && !matches!(cursor.peek(), K::RBrace | K::Eof) && !cursor.at_declaration() {
        let before = cursor.range();
        found.push(expression(cursor));
        let parted = cursor.eat(K::Comma).is_some() || cursor.raw_newline_before();
        if !parted || cursor.range() == before {
            break;
        }
    }
    found
}

fn list(cursor: &mut Cursor<'_>) -> Expr {
    let outer = std::mem::take(&mut cursor.parens);
    let open = cursor.bump();
    let items = items(cursor, K::RBracket);
    cursor.parens = outer;
    if cursor.eat(K::RBracket).is_none() {
        cursor.error(SyntaxErrorKind::Unclosed('['), open);
    }
    let span = TextRange::new(open.start(), cursor.last_end());
    Expr { span, kind: ExprKind::List(items) }
}

fn parenthesized(cursor: &mut Cursor<'_>) -> Expr {
    let open = cursor.bump();
    cursor.parens += 1;
    let inner = expression(cursor);
    cursor.parens -= 1;
    if cursor.eat(K::RParen).is_none() {
        cursor.error(SyntaxErrorKind::Unclosed('('), open);
    }
    let span = TextRange::new(open.start(), cursor.last_end());
    Expr { span, kind: ExprKind::Paren(Box::new(inner)) }
}
