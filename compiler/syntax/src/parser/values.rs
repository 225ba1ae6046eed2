//! Single values: literals, paths, lists, records, calls.

use rowan::TextRange;

use super::cursor::Cursor;
use super::entries::record_entry;
use super::expressions::expression;
use super::lists::{Lines, braces, enclosed, list, missing_brace, missing_opener, path};
use crate::ast::{Arg, Entry, Expr, ExprKind, Literal, Name};
use crate::error::{SyntaxErrorKind, SyntaxFix, Unexpected};
use crate::kind::SyntaxKind as K;
use crate::{literal, text};

/// A literal, a path, a list, a record, a call or something in parentheses.
pub(super) fn primary(cursor: &mut Cursor<'_>) -> Expr {
    match cursor.peek() {
        K::Int | K::Number | K::Quantity | K::Date => number(cursor),
        K::Str => {
            let parts = text::parts(cursor.word(), cursor.range().start());
            // What is left of text without its end is not its value.
            let is_whole = text::is_terminated(cursor.word());
            let kind = if is_whole { ExprKind::Str(parts) } else { ExprKind::Missing };
            Expr { span: cursor.bump(), kind }
        }
        K::Ident => named(cursor),
        K::LBracket => {
            let start = cursor.range().start();
            let mut items = Vec::new();
            list(cursor, Lines::Separate, |cursor| items.push(expression(cursor)));
            Expr { span: cursor.since(start), kind: ExprKind::List(items) }
        }
        K::LBrace => {
            let start = cursor.range().start();
            let entries = record(cursor);
            Expr { span: cursor.since(start), kind: ExprKind::Record { schema: None, entries } }
        }
        K::LParen => parenthesized(cursor),
        _ => no_value(cursor),
    }
}

fn no_value(cursor: &mut Cursor<'_>) -> Expr {
    // What follows a value, or begins a line, says that the value is missing.
    let follows = matches!(cursor.peek(), K::Colon | K::At | K::Pipe)
        || ["then", "else", "and", "or"].iter().any(|word| cursor.at_word(word));
    if cursor.at_end() || follows || cursor.seen(0).first_on_line {
        cursor.expected("a value");
    } else {
        cursor.unexpected("a value");
    }
    cursor.nothing()
}

/// A number or a date. A unit that stands apart is reported and meant all the same.
fn number(cursor: &mut Cursor<'_>) -> Expr {
    let kind = cursor.peek();
    let token = *cursor.seen(0);
    let mut written = cursor.word().to_owned();
    cursor.bump();
    let is_plain = !token.broken && matches!(kind, K::Int | K::Number) && !cursor.newline_before();
    if is_plain && cursor.at(K::Ident) && literal::unit(cursor.word()).is_some() {
        let space = TextRange::new(token.span.end(), cursor.range().start());
        let fix = SyntaxFix::safe("remove the space", space, "");
        cursor.error_with_fix(SyntaxErrorKind::SpacedUnit, token.span.cover(cursor.range()), Some(fix));
        written.push_str(cursor.word());
        cursor.bump();
    }
    let value = literal::literal(&written).ok();
    Expr { span: cursor.since(token.span.start()), kind: value.map_or(ExprKind::Missing, ExprKind::Literal) }
}

/// The entries of a record; its brace is next.
fn record(cursor: &mut Cursor<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    braces(cursor, |cursor| entries.extend(record_entry(cursor)));
    entries
}

fn parenthesized(cursor: &mut Cursor<'_>) -> Expr {
    let start = cursor.range().start();
    let inner = enclosed(cursor, Lines::AreSpaces, |cursor| {
        let errors = cursor.errors.len();
        let inner = expression(cursor);
        // What could only follow outside says that the end is missing.
        let is_outside = matches!(cursor.peek(), K::Colon | K::Eq | K::At | K::LBrace)
            || cursor.at_word("then")
            || cursor.at_word("else");
        if !cursor.at(K::RParen) && !cursor.list_ends() && !is_outside {
            if cursor.errors.len() == errors {
                cursor.unexpected("`)`");
            }
            cursor.skip_item();
        }
        inner
    });
    Expr { span: cursor.since(start), kind: ExprKind::Paren(Box::new(inner)) }
}

/// `a.b`, `len(a)`, `postgres { … }`, `true`
fn named(cursor: &mut Cursor<'_>) -> Expr {
    let word = cursor.word();
    let fixed = match word {
        "true" => Some(Literal::Bool(true)),
        "false" => Some(Literal::Bool(false)),
        "none" => Some(Literal::None),
        _ => None,
    };
    if let Some(value) = fixed {
        return Expr { span: cursor.bump(), kind: ExprKind::Literal(value) };
    }
    if !cursor.at_name() && word != "self" {
        return no_value(cursor);
    }
    // `x = a = 1 }`
    if cursor.innermost() == Some(K::LBrace)
        && !cursor.in_condition
        && cursor.behind_path(0) == Some(K::Eq)
        && cursor.closes_too_much()
    {
        return braceless_record(cursor, None);
    }
    let Some(path) = path(cursor) else {
        return cursor.nothing();
    };
    let start = path.span.start();
    if cursor.at(K::LParen)
        && !cursor.newline_before()
        && let [name] = path.segments.as_slice()
    {
        let name = name.clone();
        let args = arguments(cursor).into_iter().map(|arg| arg.value).collect();
        return Expr { span: cursor.since(start), kind: ExprKind::Call(name, args) };
    }
    // `postgres version = "16" }`
    if let [name] = path.segments.as_slice()
        && !cursor.newline_before()
        && cursor.at_item_name()
        && matches!(cursor.behind_path(0), Some(K::Eq | K::LBrace))
        && cursor.closes_too_much()
    {
        return braceless_record(cursor, Some(name.clone()));
    }
    // A brace cannot begin an entry, but it can begin an element of a list.
    let is_record =
        !cursor.newline_before() || (cursor.innermost() == Some(K::LBrace) && cursor.peek_second() != K::LBrace);
    if cursor.at(K::LBrace) && is_record {
        if path.segments.len() > 1 {
            let what = Unexpected { found: "a path".to_owned(), expected: "the name of a schema before `{`" };
            cursor.error(SyntaxErrorKind::Unexpected(what), path.span);
        }
        let entries = record(cursor);
        let schema = path.segments.into_iter().next();
        return Expr { span: cursor.since(start), kind: ExprKind::Record { schema, entries } };
    }
    Expr { span: path.span, kind: ExprKind::Path(path) }
}

/// A record on one line whose `{` is missing.
fn braceless_record(cursor: &mut Cursor<'_>, schema: Option<Name>) -> Expr {
    let start = schema.as_ref().map_or(cursor.range().start(), |name| name.span.start());
    let mut entries = Vec::new();
    missing_brace(cursor, |cursor| entries.extend(record_entry(cursor)));
    Expr { span: cursor.since(start), kind: ExprKind::Record { schema, entries } }
}

/// `(a, name = b)`; the parenthesis is next.
pub(crate) fn arguments(cursor: &mut Cursor<'_>) -> Vec<Arg> {
    let mut args = Vec::new();
    list(cursor, Lines::AreSpaces, |cursor| args.push(argument(cursor)));
    args
}

/// Arguments whose `(` is missing.
pub(crate) fn unopened_arguments(cursor: &mut Cursor<'_>) -> Vec<Arg> {
    cursor.expected("`(` before the arguments");
    let mut args = Vec::new();
    missing_opener(cursor, K::LParen, |cursor| args.push(argument(cursor)));
    args
}

fn argument(cursor: &mut Cursor<'_>) -> Arg {
    let mut name = None;
    if cursor.at_name() && cursor.peek_second() == K::Eq {
        let text = cursor.word().to_owned();
        name = Some(Name { text, span: cursor.bump() });
        cursor.bump();
    }
    Arg { name, value: expression(cursor) }
}

/// `.field` behind what is not a path, `[0]` behind anything.
pub(super) fn no_access(cursor: &mut Cursor<'_>) {
    let adjacent = cursor.at(K::LBracket) && cursor.range().start() == cursor.last_end();
    if cursor.newline_before() || cursor.previous().is_some_and(|last| last.broken) || !(cursor.at(K::Dot) || adjacent)
    {
        return;
    }
    cursor.error(SyntaxErrorKind::NoAccess, cursor.range());
    cursor.start(K::Junk);
    if adjacent {
        list(cursor, Lines::Separate, |cursor| {
            expression(cursor);
        });
    } else {
        cursor.bump();
        if !cursor.newline_before() {
            path(cursor);
        }
    }
    cursor.end();
}
