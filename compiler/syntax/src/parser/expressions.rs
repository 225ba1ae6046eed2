//! Expressions, by how tightly operators bind.

use super::cursor::Cursor;
use super::entries::join;
use super::input::begins_declaration;
use super::values::{no_access, primary};
use crate::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::error::{SyntaxErrorKind, SyntaxFix, WrongOperator};
use crate::kind::SyntaxKind as K;

/// How tightly something binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Tightness(u8);

const LOOSEST: Tightness = Tightness(0);
const COMPARISON: Tightness = Tightness(3);
const RANGE: Tightness = Tightness(5);
const SIGN: Tightness = Tightness(8);

fn tightness(op: BinaryOp) -> Tightness {
    match op {
        BinaryOp::Or => Tightness(1),
        BinaryOp::And => Tightness(2),
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::In => {
            COMPARISON
        }
        BinaryOp::Default => Tightness(4),
        BinaryOp::Range => RANGE,
        BinaryOp::Add | BinaryOp::Sub => Tightness(6),
        BinaryOp::Mul | BinaryOp::Div => Tightness(7),
    }
}

/// The value behind a `=`, which begins on its line.
pub(crate) fn value(cursor: &mut Cursor<'_>) -> Expr {
    if cursor.newline_before() && begins_value_below(cursor) {
        let fix = join(cursor);
        cursor.missing(SyntaxErrorKind::ValueOnNextLine, fix);
        cursor.continue_line();
    }
    expression(cursor)
}

/// Whether the line below can only be the value that is missing, and not the next entry.
fn begins_value_below(cursor: &Cursor<'_>) -> bool {
    let behind = cursor.behind_path(0);
    match cursor.peek() {
        K::Int | K::Number | K::Quantity | K::Date | K::LParen | K::LBracket | K::LBrace | K::Minus => true,
        K::Str => !matches!(behind, Some(K::Eq | K::LBrace | K::Colon)),
        K::Ident if ["true", "false", "none", "if", "not"].iter().any(|word| cursor.at_word(word)) => true,
        K::Ident if cursor.at_name() || cursor.at_word("self") => {
            cursor.seen(0).column > cursor.last_indent() && !matches!(behind, Some(K::Eq | K::EqEq | K::Colon))
        }
        _ => false,
    }
}

/// Any expression.
pub(crate) fn expression(cursor: &mut Cursor<'_>) -> Expr {
    operation(cursor, LOOSEST)
}

/// A bound of a type: nothing looser than a range.
pub(crate) fn bound(cursor: &mut Cursor<'_>) -> Expr {
    operation(cursor, RANGE)
}

/// A literal with its sign.
pub(crate) fn signed(cursor: &mut Cursor<'_>) -> Expr {
    operation(cursor, SIGN)
}

/// Operands and the operators between them that bind at least that tightly.
fn operation(cursor: &mut Cursor<'_>, least: Tightness) -> Expr {
    if !cursor.deeper() {
        return cursor.nothing();
    }
    let depth = cursor.depth;
    let checkpoint = cursor.checkpoint();
    let mut left = operand(cursor, least);
    let mut last = None;
    while let Some(op) = operator(cursor).filter(|op| tightness(*op) >= least) {
        let binds = tightness(op);
        let is_chained = last == Some(binds);
        last = Some(binds);
        let negated = take_operator(cursor, op, is_chained);
        let right = behind_operator(cursor, Tightness(binds.0 + 1));
        cursor.start_at(checkpoint, K::Expr);
        cursor.end();
        let span = left.span.cover(right.span);
        left = Expr { span, kind: ExprKind::Binary(op, Box::new(left), Box::new(right)) };
        if negated {
            left = Expr { span, kind: ExprKind::Unary(UnaryOp::Not, Box::new(left)) };
        }
        // A chain is a tree as deep as it is long.
        if !cursor.deeper() {
            break;
        }
    }
    cursor.depth = depth;
    cursor.shallower();
    left
}

/// The operator that is next, with `not in` and the `=` of other languages read as what they mean.
fn operator(cursor: &Cursor<'_>) -> Option<BinaryOp> {
    let op = match cursor.peek() {
        K::Ident if cursor.at_word("or") => BinaryOp::Or,
        K::Ident if cursor.at_word("and") => BinaryOp::And,
        K::Ident if cursor.at_word("in") || is_not_in(cursor) => BinaryOp::In,
        K::Eq if cursor.in_condition => BinaryOp::Eq,
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
    (!cursor.newline_before() || matches!(op, BinaryOp::And | BinaryOp::Or)).then_some(op)
}

fn is_not_in(cursor: &Cursor<'_>) -> bool {
    cursor.at_word("not") && cursor.input.text(cursor.position + 1) == "in"
}

/// Takes an operator and reports what is wrong with it. Whether it was `not in`.
fn take_operator(cursor: &mut Cursor<'_>, op: BinaryOp, is_chained: bool) -> bool {
    let span = cursor.range();
    if is_chained && tightness(op) == COMPARISON {
        cursor.error(SyntaxErrorKind::ChainedComparison, span);
    } else if is_chained && tightness(op) == RANGE {
        cursor.error(SyntaxErrorKind::ChainedRange, span);
    }
    let negated = op == BinaryOp::In && is_not_in(cursor);
    if negated {
        let span = span.cover(cursor.seen(1).span);
        cursor.error(SyntaxErrorKind::MisplacedNot, span);
        cursor.bump();
    } else if op == BinaryOp::Eq && cursor.at(K::Eq) {
        let fix = SyntaxFix::safe("write `==`", span, "==");
        let wrong = WrongOperator { found: "=", meant: "==" };
        cursor.error_with_fix(SyntaxErrorKind::WrongOperator(wrong), span, Some(fix));
    }
    cursor.bump();
    negated
}

/// A line goes on behind an operator, unless the next one is clearly something of its own.
fn behind_operator(cursor: &mut Cursor<'_>, least: Tightness) -> Expr {
    if cursor.newline_before() && !cursor.at(K::Eof) && !cursor.at_closer() {
        let behind = cursor.behind_path(0);
        let is_entry = behind == Some(K::Eq) || (behind == Some(K::Colon) && !cursor.in_condition);
        if is_entry || begins_declaration(cursor.input, cursor.position) {
            cursor.expected("a value");
            return cursor.nothing();
        }
        cursor.continue_line();
    }
    operation(cursor, least)
}

fn operand(cursor: &mut Cursor<'_>, least: Tightness) -> Expr {
    if cursor.newline_before() {
        cursor.expected("a value");
        return cursor.nothing();
    }
    if cursor.at_word("not") {
        if least > COMPARISON {
            cursor.error(SyntaxErrorKind::MisplacedNot, cursor.range());
        }
        return unary(cursor, UnaryOp::Not, COMPARISON.max(least));
    }
    if cursor.at(K::Minus) {
        return unary(cursor, UnaryOp::Neg, SIGN);
    }
    if cursor.at_word("if") {
        return choice(cursor);
    }
    cursor.start(K::Expr);
    let found = primary(cursor);
    no_access(cursor);
    cursor.end();
    found
}

fn unary(cursor: &mut Cursor<'_>, op: UnaryOp, least: Tightness) -> Expr {
    cursor.start(K::Expr);
    let start = cursor.bump().start();
    let inner = operation(cursor, least);
    cursor.end();
    Expr { span: cursor.since(start), kind: ExprKind::Unary(op, Box::new(inner)) }
}

/// `if c then a else b`, where `then` and `else` may begin lines.
fn choice(cursor: &mut Cursor<'_>) -> Expr {
    cursor.start(K::Expr);
    let start = cursor.bump().start();
    let errors = cursor.errors.len();
    let in_condition = std::mem::replace(&mut cursor.in_condition, true);
    let condition = expression(cursor);
    cursor.in_condition = in_condition;
    let then = branch(cursor, "then", "`then` and a value", errors);
    let otherwise = branch(cursor, "else", "`else` and a value", errors);
    cursor.end();
    let then = then.unwrap_or_else(|| cursor.nothing());
    let otherwise = otherwise.unwrap_or_else(|| cursor.nothing());
    let kind = ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise));
    Expr { span: cursor.since(start), kind }
}

/// `then a`, `else b`; reported if it is not there, unless something else was.
fn branch(cursor: &mut Cursor<'_>, keyword: &str, what: &'static str, errors: usize) -> Option<Expr> {
    if cursor.eat_word(keyword).is_some() {
        return Some(behind_operator(cursor, LOOSEST));
    }
    if cursor.errors.len() == errors {
        cursor.expected(what);
    }
    // The keyword may be all that is missing.
    if cursor.newline_before() && begins_value_below(cursor) {
        cursor.continue_line();
        return Some(expression(cursor));
    }
    None
}
