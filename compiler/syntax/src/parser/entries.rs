//! Blocks, entries and paths.

use rowan::TextRange;

use super::cursor::Cursor;
use super::expressions::value;
use crate::ast::{Entry, EntryKind, Name, Path};
use crate::error::{SyntaxErrorKind, SyntaxFix};
use crate::kind::SyntaxKind as K;

/// A block in braces: `item` is called at the start of each item and must take something or be skipped.
pub(crate) fn block(cursor: &mut Cursor<'_>, mut item: impl FnMut(&mut Cursor<'_>)) {
    if cursor.peek() != K::LBrace {
        cursor.expected("`{`");
        return;
    }
    if cursor.newline_before() {
        let span = cursor.range();
        cursor.error(SyntaxErrorKind::BraceOnNextLine, span);
    }
    let outer = std::mem::take(&mut cursor.parens);
    let open = cursor.bump();
    loop {
        while cursor.eat(K::Comma).is_some() {}
        match cursor.peek() {
            K::RBrace => {
                cursor.bump();
                break;
            }
            K::Eof => {
                cursor.error(SyntaxErrorKind::Unclosed('{'), open);
                break;
            }
            _ if cursor.at_declaration() => {
                cursor.error(SyntaxErrorKind::Unclosed('{'), open);
                break;
            }
            _ => {}
        }
        let before = cursor.range();
        item(cursor);
        if cursor.range() == before {
            cursor.junk();
        }
        separator(cursor);
    }
    cursor.parens = outer;
}

/// What parts two items: a newline, a comma, or the end of the block.
pub(crate) fn separator(cursor: &mut Cursor<'_>) {
    let parted = cursor.raw_newline_before() || matches!(cursor.peek(), K::Comma | K::RBrace | K::Eof);
    if parted || cursor.peek() == K::Error {
        return;
    }
    let span = cursor.range();
    let word = cursor.word().to_owned();
    if matches!(cursor.peek(), K::Ident | K::Str) && matches!(cursor.peek_second(), K::Eq | K::LBrace | K::Dot | K::Colon) {
        cursor.error(SyntaxErrorKind::MissingSeparator, span);
        return;
    }
    cursor.error(SyntaxErrorKind::Unexpected(word), span);
    cursor.skip_line();
}

/// A path of names and quoted segments.
pub(crate) fn path(cursor: &mut Cursor<'_>) -> Option<Path> {
    if !matches!(cursor.peek(), K::Ident | K::Str) {
        return None;
    }
    cursor.start(K::Path);
    let mut segments = vec![segment(cursor)];
    while cursor.peek() == K::Dot && !cursor.newline_before() {
        cursor.bump();
        if matches!(cursor.peek(), K::Ident | K::Str) && !cursor.newline_before() {
            segments.push(segment(cursor));
        } else {
            cursor.expected("a name after the dot");
            break;
        }
    }
    cursor.end();
    let start = segments.first()?.span.start();
    let end = segments.last()?.span.end();
    Some(Path { segments, span: TextRange::new(start, end) })
}

fn segment(cursor: &mut Cursor<'_>) -> Name {
    let word = cursor.word();
    let text = word.strip_prefix('"').map_or(word, |rest| rest.strip_suffix('"').unwrap_or(rest));
    let text = text.to_owned();
    let span = cursor.bump();
    Name { text, span }
}

/// The entries of an instance or record, with their braces.
pub(crate) fn entries(cursor: &mut Cursor<'_>) -> Vec<Entry> {
    nested_entries(cursor, true)
}

fn nested_entries(cursor: &mut Cursor<'_>, top: bool) -> Vec<Entry> {
    let mut found = Vec::new();
    if !cursor.deeper() {
        cursor.shallower();
        cursor.skip_line();
        return found;
    }
    block(cursor, |cursor| found.extend(entry(cursor, top)));
    cursor.shallower();
    found
}

/// The entries of a record inside of an expression.
pub(crate) fn record_entries(cursor: &mut Cursor<'_>) -> Vec<Entry> {
    nested_entries(cursor, false)
}

fn entry(cursor: &mut Cursor<'_>, top: bool) -> Option<Entry> {
    cursor.start(K::Entry);
    let start = cursor.range().start();
    let kind = if cursor.at_word("in") { overlay(cursor, top) } else { plain(cursor) };
    if kind.is_none() {
        cursor.skip_line();
    }
    cursor.end();
    let span = TextRange::new(start, cursor.last_end().max(start));
    kind.map(|kind| Entry { span, kind })
}

fn overlay(cursor: &mut Cursor<'_>, top: bool) -> Option<EntryKind> {
    let start = cursor.bump();
    let mut envs = Vec::new();
    if let Some(open) = cursor.eat(K::LBracket) {
        cursor.parens += 1;
        while cursor.peek() == K::Ident {
            envs.extend(cursor.name("the name of an environment"));
            if cursor.eat(K::Comma).is_none() {
                break;
            }
        }
        cursor.parens -= 1;
        if cursor.eat(K::RBracket).is_none() {
            cursor.error(SyntaxErrorKind::Unclosed('['), open);
        }
    } else {
        envs.push(cursor.name("the name of an environment")?);
    }
    let header = TextRange::new(start.start(), cursor.last_end());
    if !top {
        cursor.error(SyntaxErrorKind::NestedOverlay, header);
    }
    let entries = nested_entries(cursor, false);
    Some(EntryKind::In { envs, header, entries })
}

fn plain(cursor: &mut Cursor<'_>) -> Option<EntryKind> {
    let Some(path) = path(cursor) else {
        let span = cursor.range();
        let word = cursor.word().to_owned();
        if cursor.peek() != K::Error {
            cursor.error(SyntaxErrorKind::Unexpected(word), span);
        }
        return None;
    };
    if cursor.newline_before() {
        return Some(EntryKind::Bare(path));
    }
    match cursor.peek() {
        K::Eq => {
            cursor.bump();
            Some(EntryKind::Set { path, value: value(cursor) })
        }
        K::LBrace => Some(EntryKind::Amend { path, entries: nested_entries(cursor, false) }),
        K::Colon => {
            let span = cursor.range();
            let edits = vec![(span, "=".to_owned())];
            let fix = SyntaxFix { title: "replace `:` by `=`".to_owned(), edits, safe: false };
            cursor.error_with_fix(SyntaxErrorKind::ColonForEquals, span, fix);
            cursor.bump();
            Some(EntryKind::Set { path, value: value(cursor) })
        }
        K::Comma | K::RBrace | K::Eof => Some(EntryKind::Bare(path)),
        _ => {
            cursor.expected("`=` and a value");
            cursor.skip_line();
            let span = TextRange::empty(path.span.end());
            let value = crate::ast::Expr { span, kind: crate::ast::ExprKind::Missing };
            Some(EntryKind::Set { path, value })
        }
    }
}
