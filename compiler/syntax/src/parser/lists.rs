//! Paths, blocks in braces and lists in brackets: what separates items, and what ends them.

use rowan::TextRange;

use super::cursor::Cursor;
use crate::ast::{Name, Path};
use crate::error::{SyntaxErrorKind, SyntaxFix};
use crate::kind::SyntaxKind as K;
use crate::text;

/// Whether newlines separate inside of something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// In braces and brackets.
    Separate,
    /// In parentheses.
    AreSpaces,
}

/// A path of names and quoted segments.
pub(crate) fn path(cursor: &mut Cursor<'_>) -> Option<Path> {
    if !cursor.at_segment() {
        return None;
    }
    cursor.start(K::Path);
    let start = cursor.range().start();
    let mut segments = vec![segment(cursor)];
    while cursor.at(K::Dot) && !cursor.newline_before() {
        cursor.bump();
        if cursor.at_segment() && !cursor.newline_before() {
            if cursor.at(K::Ident) && !cursor.at_name() {
                cursor.reserved();
            }
            segments.push(segment(cursor));
            continue;
        }
        if cursor.at(K::Dot) && !cursor.newline_before() {
            cursor.expected("a name after the dot");
            continue;
        }
        if matches!(cursor.peek(), K::Int | K::Number | K::Quantity | K::Date) && !cursor.newline_before() {
            cursor.unexpected("a name, or one in quotes");
            cursor.junk();
        } else {
            cursor.expected("a name after the dot");
        }
        break;
    }
    cursor.end();
    let end = segments.last().map_or(start, |last| last.span.end());
    Some(Path { segments, span: TextRange::new(start, end) })
}

fn segment(cursor: &mut Cursor<'_>) -> Name {
    let token = *cursor.seen(0);
    let mut name = cursor.word().to_owned();
    if token.kind == K::Str {
        let plain = text::segment(&name, token.span.start());
        if plain.is_none() && !token.broken {
            cursor.error(SyntaxErrorKind::BadSegment, token.span);
        }
        name = plain.unwrap_or_default();
    }
    cursor.bump();
    Name { text: name, span: token.span }
}

/// Something in braces, brackets or parentheses; the opening token is next.
pub(crate) fn enclosed<T>(cursor: &mut Cursor<'_>, lines: Lines, inside: impl FnOnce(&mut Cursor<'_>) -> T) -> T {
    let lines_matter = std::mem::replace(&mut cursor.lines_matter, lines == Lines::Separate);
    cursor.open();
    let found = inside(cursor);
    cursor.close();
    cursor.lines_matter = lines_matter;
    found
}

/// A list in braces, brackets or parentheses; the opening token is next. `item` takes something, or reports why not.
pub(crate) fn list(cursor: &mut Cursor<'_>, lines: Lines, item: impl FnMut(&mut Cursor<'_>)) {
    let in_condition = std::mem::take(&mut cursor.in_condition);
    enclosed(cursor, lines, |cursor| items(cursor, item));
    cursor.in_condition = in_condition;
}

fn items(cursor: &mut Cursor<'_>, mut item: impl FnMut(&mut Cursor<'_>)) {
    while !cursor.list_ends() {
        if cursor.at_closer() {
            cursor.unopened();
            if !begins_item(cursor, true) {
                cursor.skip_item();
            }
        } else if cursor.is_surplus_brace() {
            cursor.unexpected("an entry");
            while cursor.is_surplus_brace() {
                cursor.junk();
            }
        } else if cursor.at(K::Comma) {
            cursor.unexpected("something before the comma");
            cursor.junk();
        } else {
            one(cursor, &mut item);
        }
    }
}

/// One item and what separates it from the next.
fn one(cursor: &mut Cursor<'_>, item: &mut impl FnMut(&mut Cursor<'_>)) {
    let (position, errors) = (cursor.position, cursor.errors.len());
    // The line break before an item is not inside of it.
    cursor.continue_line();
    item(cursor);
    let stuck = cursor.position == position;
    let reported = cursor.errors.len() > errors;
    if reported && !stuck {
        cursor.skip_lines_below();
    }
    if cursor.eat(K::Comma).is_some() || (!stuck && cursor.newline_before()) || cursor.list_ends() || cursor.at_closer()
    {
        return;
    }
    if !stuck && begins_item(cursor, reported) {
        if !reported {
            let fix = SyntaxFix::guess("insert a comma", TextRange::empty(cursor.last_end()), ",");
            cursor.missing(SyntaxErrorKind::MissingSeparator, Some(fix));
        }
        return;
    }
    // Behind what the lexer refused, such as the operator of another language, nothing is missing.
    if !reported && !cursor.seen(0).after_error {
        cursor.unexpected("a comma or a new line");
    }
    if stuck && cursor.newline_before() {
        cursor.junk();
        return;
    }
    cursor.skip_item();
    cursor.eat(K::Comma);
}

/// Whether what is next would make sense behind a separator; after an error only what can be nothing else.
fn begins_item(cursor: &Cursor<'_>, after_error: bool) -> bool {
    match cursor.peek() {
        K::Ident if cursor.at_word("in") => true,
        K::Ident if !cursor.at_name() && cursor.innermost() == Some(K::LBrace) => false,
        K::Ident | K::Str => match cursor.behind_path(0) {
            Some(K::Eq | K::LBrace | K::Colon) => true,
            // Behind a value, a text without one of its own is more of that value than a bare entry.
            Some(K::Comma | K::RBrace) if cursor.at(K::Str) && cursor.innermost() == Some(K::LBrace) => false,
            Some(K::Comma | K::RBrace | K::RBracket) => !after_error,
            _ => false,
        },
        K::Int | K::Number | K::Quantity | K::Date | K::LBracket | K::LBrace => cursor.innermost() != Some(K::LBrace),
        _ => false,
    }
}

/// The block of a header: `{ … }`, or what there is in its place.
pub(crate) fn block(cursor: &mut Cursor<'_>, item: impl FnMut(&mut Cursor<'_>)) {
    if !cursor.deeper() {
        return;
    }
    if cursor.at(K::LBrace) {
        braces(cursor, item);
    } else {
        braceless(cursor, item);
    }
    cursor.shallower();
}

/// `{ … }`; the brace is next, and is reported if it begins a line.
pub(crate) fn braces(cursor: &mut Cursor<'_>, item: impl FnMut(&mut Cursor<'_>)) {
    if cursor.newline_before() {
        let gap = cursor.gap();
        let only_space = cursor.input.slice(gap).chars().all(char::is_whitespace);
        let fix = only_space.then(|| SyntaxFix::safe("move `{` up", gap, " "));
        cursor.missing(SyntaxErrorKind::BraceOnNextLine, fix);
    }
    cursor.start(K::Block);
    list(cursor, Lines::Separate, item);
    cursor.end();
}

/// A block on one line whose `{` is missing.
pub(crate) fn missing_brace(cursor: &mut Cursor<'_>, item: impl FnMut(&mut Cursor<'_>)) {
    let fix = SyntaxFix::guess("insert `{`", TextRange::empty(cursor.last_end()), " {");
    cursor.missing(SyntaxErrorKind::Expected("`{`"), Some(fix));
    cursor.start(K::Block);
    missing_opener(cursor, K::LBrace, item);
    cursor.end();
}

/// A list whose opening token is missing.
pub(crate) fn missing_opener(cursor: &mut Cursor<'_>, opener: K, item: impl FnMut(&mut Cursor<'_>)) {
    let lines_matter = std::mem::replace(&mut cursor.lines_matter, opener != K::LParen);
    cursor.open_as(opener);
    items(cursor, item);
    cursor.close();
    cursor.lines_matter = lines_matter;
}

/// A block whose `{` is missing: what is indented below its header is read as if it were there.
fn braceless(cursor: &mut Cursor<'_>, mut item: impl FnMut(&mut Cursor<'_>)) {
    if cursor.at_end() {
        let fix = SyntaxFix::guess("insert `{`", TextRange::empty(cursor.last_end()), " {");
        cursor.missing(SyntaxErrorKind::Expected("`{`"), Some(fix));
    } else if cursor.closes_too_much() {
        return missing_brace(cursor, item);
    } else {
        cursor.unexpected("`{`");
        cursor.skip_to(K::LBrace);
        if cursor.at(K::LBrace) {
            return braces(cursor, item);
        }
    }
    let indent = cursor.last_indent();
    // The closing brace of what is around stands further to the left.
    let ends_here = |cursor: &Cursor<'_>| {
        let token = cursor.seen(0);
        cursor.at(K::RBrace) && token.first_on_line && token.column == indent
    };
    if !cursor.newline_before() || cursor.at(K::Eof) {
        return;
    }
    cursor.start(K::Block);
    while cursor.seen(0).column > indent && !cursor.list_ends() {
        if cursor.at_closer() {
            cursor.unopened();
        } else {
            one(cursor, &mut item);
        }
    }
    if ends_here(cursor) {
        cursor.bump();
    }
    cursor.end();
}
