//! Entries of instances and records.

use rowan::TextRange;

use super::cursor::Cursor;
use super::declarations;
use super::expressions::{expression, value};
use super::lists::{Lines, block, list, path};
use crate::ast::{Entry, EntryKind, Expr};
use crate::error::{SyntaxErrorKind, SyntaxFix, WrongOperator};
use crate::kind::SyntaxKind as K;

/// Where an entry stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Directly in the body of an instance, where overlays may stand.
    Body,
    /// Anywhere else.
    Inside,
}

/// The body of an instance.
pub(crate) fn body(cursor: &mut Cursor<'_>) -> Vec<Entry> {
    entries(cursor, Place::Body)
}

/// The entries of anything else with a header.
pub(crate) fn nested(cursor: &mut Cursor<'_>) -> Vec<Entry> {
    entries(cursor, Place::Inside)
}

fn entries(cursor: &mut Cursor<'_>, place: Place) -> Vec<Entry> {
    let mut found = Vec::new();
    block(cursor, |cursor| found.extend(entry(cursor, place)));
    found
}

/// One entry of a record.
pub(crate) fn record_entry(cursor: &mut Cursor<'_>) -> Option<Entry> {
    entry(cursor, Place::Inside)
}

fn entry(cursor: &mut Cursor<'_>, place: Place) -> Option<Entry> {
    if declarations::nested(cursor) {
        return None;
    }
    cursor.start(K::Entry);
    let start = cursor.range().start();
    let is_overlay = cursor.at_word("in") && !matches!(cursor.peek_second(), K::Eq | K::Colon | K::Dot);
    let kind = if is_overlay { overlay(cursor, place) } else { plain(cursor) };
    cursor.end();
    let span = cursor.since(start);
    kind.map(|kind| Entry { span, kind })
}

/// `in ENV { entries }`, `in [ENV, ENV] { entries }`
fn overlay(cursor: &mut Cursor<'_>, place: Place) -> Option<EntryKind> {
    if place == Place::Inside {
        cursor.error(SyntaxErrorKind::NestedOverlay, cursor.range());
    }
    let start = cursor.bump().start();
    let mut envs = Vec::new();
    if cursor.at(K::LBracket) && !cursor.newline_before() {
        list(cursor, Lines::Separate, |cursor| envs.extend(cursor.name("the name of an environment")));
    } else {
        envs.extend(cursor.name("the name of an environment"));
        if cursor.at(K::Comma) && cursor.behind_path(1) == Some(K::LBrace) {
            cursor.unexpected("`{`, or several environments in brackets");
            while cursor.eat(K::Comma).is_some() {
                envs.extend(cursor.name("the name of an environment"));
            }
        }
    }
    let header = cursor.since(start);
    Some(EntryKind::In { envs, header, entries: nested(cursor) })
}

/// `path = expr`, `path { entries }`, `path`
fn plain(cursor: &mut Cursor<'_>) -> Option<EntryKind> {
    if cursor.at(K::Ident) && !cursor.at_name() && !cursor.at_word("self") {
        cursor.reserved();
    }
    let Some(path) = path(cursor) else {
        cursor.unexpected("an entry");
        if !cursor.skip_surplus_braces() {
            cursor.skip_item();
        }
        return None;
    };
    Some(match cursor.peek() {
        K::Eq => EntryKind::Set { path, value: assigned(cursor) },
        K::LBrace => EntryKind::Amend { path, entries: nested(cursor) },
        _ if cursor.at_end() => EntryKind::Bare(path),
        K::Colon | K::EqEq => EntryKind::Set { path, value: wrongly_assigned(cursor) },
        _ if cursor.at_item_name() && cursor.closes_too_much() => EntryKind::Amend { path, entries: nested(cursor) },
        _ if begins_value(cursor) || is_swapped(cursor) => EntryKind::Set { path, value: unassigned(cursor) },
        _ => EntryKind::Bare(path),
    })
}

/// `= expr`; the `=` is next, and is reported if it begins a line.
pub(crate) fn assigned(cursor: &mut Cursor<'_>) -> Expr {
    if cursor.newline_before() {
        let fix = join(cursor);
        cursor.missing(SyntaxErrorKind::ValueOnNextLine, fix);
    }
    cursor.bump();
    value(cursor)
}

/// A fix that puts the next token on the line of the last one, if nothing but space is between them.
pub(crate) fn join(cursor: &Cursor<'_>) -> Option<SyntaxFix> {
    let gap = cursor.gap();
    let only_space = cursor.input.slice(gap).chars().all(char::is_whitespace);
    only_space.then(|| SyntaxFix::safe("join the lines", gap, " "))
}

/// `: expr`, `:= expr` or `== expr` where only `=` makes sense.
pub(crate) fn wrongly_assigned(cursor: &mut Cursor<'_>) -> Expr {
    let span = cursor.range();
    // `port: 8080` gets the space that is usual before `=`.
    let text = if cursor.last_end() == span.start() { " =" } else { "=" };
    let colon = cursor.at(K::Colon);
    let assignment = colon && cursor.peek_second() == K::Eq && cursor.seen(1).span.start() == span.end();
    let whole = if assignment { span.cover(cursor.seen(1).span) } else { span };
    let fix = SyntaxFix::safe("write `=`", whole, text);
    let kind = if colon {
        SyntaxErrorKind::ColonForEquals
    } else {
        SyntaxErrorKind::WrongOperator(WrongOperator { found: "==", meant: "=" })
    };
    cursor.error_with_fix(kind, whole, Some(fix));
    cursor.bump();
    if assignment {
        cursor.bump();
    }
    value(cursor)
}

/// A value with its `=` forgotten.
pub(crate) fn unassigned(cursor: &mut Cursor<'_>) -> Expr {
    let fix = SyntaxFix::guess("insert `=`", TextRange::empty(cursor.last_end()), " =");
    cursor.missing(SyntaxErrorKind::Expected("`=` before the value"), Some(fix));
    expression(cursor)
}

/// `owner payments =`
fn is_swapped(cursor: &Cursor<'_>) -> bool {
    let behind = cursor.seen(2);
    let ends = behind.first_on_line || matches!(behind.kind, K::Eof | K::Comma | K::RBrace);
    cursor.at_segment() && cursor.peek_second() == K::Eq && !cursor.seen(1).first_on_line && ends
}

/// Whether what follows a name on its line can be its value.
fn begins_value(cursor: &Cursor<'_>) -> bool {
    match cursor.peek() {
        K::Ident if !cursor.at_name() => ["true", "false", "none", "if"].iter().any(|word| cursor.at_word(word)),
        K::Ident | K::Str => !matches!(cursor.behind_path(0), Some(K::Eq | K::LBrace | K::Colon)),
        K::Int | K::Number | K::Quantity | K::Date | K::LBracket => true,
        _ => false,
    }
}
