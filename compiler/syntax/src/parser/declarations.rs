//! A file and its declarations.

use rowan::{TextRange, TextSize};

use super::cursor::Cursor;
use super::entries::{assigned, body, nested as nested_entries, unassigned, wrongly_assigned};
use super::input::begins_declaration;
use super::keyword;
use super::lists::{block, path};
use super::members::members;
use crate::ast::{
    Decl, DeclKind, EnumDecl, ExtendDecl, IdentityDecl, InstanceDecl, LetDecl, Name, SchemaDecl, Variant,
};
use crate::error::{NotADeclaration, SyntaxErrorKind, SyntaxFix};
use crate::kind::SyntaxKind as K;

/// All declarations of a text.
pub(crate) fn file(cursor: &mut Cursor<'_>) {
    while !cursor.at(K::Eof) {
        let position = cursor.position;
        match keyword_here(cursor) {
            Some(keyword) => {
                if !keyword::is_declaration(cursor.word()) {
                    unknown_keyword(cursor);
                }
                declaration(cursor, keyword);
                after_declaration(cursor);
            }
            None => stray(cursor),
        }
        if cursor.position == position {
            cursor.junk();
        }
    }
}

/// The keyword of the declaration that begins here, as it should be spelled.
fn keyword_here<'t>(cursor: &Cursor<'t>) -> Option<&'t str> {
    if !cursor.at(K::Ident) {
        return None;
    }
    let (word, next) = (cursor.word(), cursor.seen(1));
    if keyword::is_declaration(word) {
        let is_entry = matches!(next.kind, K::Eq | K::EqEq | K::Dot) && !next.first_on_line;
        return (word == "let" || !is_entry).then_some(word);
    }
    if keyword::is_reserved(word) {
        return None;
    }
    let meant = keyword::nearest(word)?;
    let has_name = matches!(next.kind, K::Ident | K::Str) && !next.first_on_line;
    let is_header = matches!(cursor.nth(2), K::Colon | K::LBrace | K::Dot | K::Eq);
    (has_name && is_header && cursor.seen(0).first_on_line).then_some(meant)
}

fn unknown_keyword(cursor: &mut Cursor<'_>) {
    let span = cursor.range();
    let found = cursor.word().to_owned();
    let meant = keyword::nearest(&found);
    let fix = meant.map(|meant| SyntaxFix::guess(&format!("write `{meant}`"), span, meant));
    if !cursor.seen(0).broken {
        cursor.error_with_fix(SyntaxErrorKind::NotADeclaration(NotADeclaration { found, meant }), span, fix);
    }
}

/// After a declaration the line ends.
fn after_declaration(cursor: &mut Cursor<'_>) {
    while !cursor.newline_before() {
        if cursor.at_closer() {
            cursor.unopened();
        } else if begins_declaration(cursor.input, cursor.position) {
            let fix = SyntaxFix::guess("begin a new line", TextRange::empty(cursor.last_end()), "\n");
            return cursor.missing(SyntaxErrorKind::MissingSeparator, Some(fix));
        } else {
            cursor.unexpected("a new line");
            cursor.junk();
            cursor.skip_item();
        }
    }
}

/// What stands between declarations: reported once, and skipped up to the next one.
fn stray(cursor: &mut Cursor<'_>) {
    let span = cursor.range();
    if cursor.at_closer() {
        cursor.unopened();
        // After a brace too many, what follows belonged inside: the brace was the mistake.
        if cursor.at(K::Eof) || is_top_level(cursor) {
            return;
        }
    } else if cursor.at_word("in") || matches!(cursor.behind_path(0), Some(K::Eq | K::EqEq | K::Colon | K::LBrace)) {
        cursor.error(SyntaxErrorKind::StrayEntry, span);
    } else if cursor.at(K::Ident) {
        unknown_keyword(cursor);
    } else {
        cursor.unexpected("a declaration");
    }
    cursor.start(K::Junk);
    cursor.bump();
    while !(cursor.at(K::Eof) || begins_next(cursor)) {
        cursor.bump();
    }
    cursor.end();
}

fn begins_next(cursor: &Cursor<'_>) -> bool {
    cursor.seen(0).first_on_line && is_top_level(cursor)
}

fn is_top_level(cursor: &Cursor<'_>) -> bool {
    let is_keyword = keyword::is_declaration(cursor.word());
    begins_declaration(cursor.input, cursor.position)
        || (is_keyword && cursor.seen(0).column == 0 && keyword_here(cursor).is_some())
}

/// A declaration inside of braces: reported, and read all the same.
pub(crate) fn nested(cursor: &mut Cursor<'_>) -> bool {
    if !(cursor.seen(0).first_on_line && begins_declaration(cursor.input, cursor.position)) {
        return false;
    }
    let word = cursor.word();
    let is_shaped = match word {
        "let" => cursor.nth(2) == K::Eq,
        "extend" | "moved" | "removed" => true,
        _ => cursor.nth(2) == K::LBrace || (cursor.nth(2) == K::Colon && cursor.nth(4) == K::LBrace),
    };
    if is_shaped {
        cursor.error(SyntaxErrorKind::NestedDeclaration, cursor.range());
        declaration(cursor, word);
    }
    is_shaped
}

/// A declaration; its keyword is next.
fn declaration(cursor: &mut Cursor<'_>, keyword: &str) {
    if !cursor.deeper() {
        return;
    }
    let around = cursor.declaration_column.replace(cursor.seen(0).column);
    let doc = cursor.doc();
    let index = cursor.reserve();
    cursor.start(K::Decl);
    let start = cursor.range().start();
    let span = cursor.bump();
    let found = match keyword {
        "schema" => schema(cursor, start),
        "enum" => enumeration(cursor, start).map(|(item, header)| (DeclKind::Enum(item), header)),
        "extend" => extend(cursor, start),
        "let" => constant(cursor, start),
        "moved" | "removed" => identity(cursor, start, keyword),
        _ => instance(cursor, Name { text: keyword.to_owned(), span }),
    };
    cursor.end();
    cursor.declaration_column = around;
    cursor.shallower();
    let span = cursor.since(start);
    cursor.declare(index, found.map(|(kind, header)| Decl { doc, span, header, kind }));
}

/// What was read, and its header.
type Read = Option<(DeclKind, TextRange)>;

fn schema(cursor: &mut Cursor<'_>, start: TextSize) -> Read {
    let name = cursor.name("the name of the schema");
    let parent = parent(cursor);
    let header = cursor.since(start);
    let members = members(cursor);
    Some((DeclKind::Schema(SchemaDecl { name: name?, parent, members }), header))
}

/// `[: NAME]`
fn parent(cursor: &mut Cursor<'_>) -> Option<Name> {
    // `service checkout web {`
    let is_forgotten = cursor.at_name() && cursor.peek_second() == K::LBrace && !cursor.newline_before();
    if is_forgotten && cursor.previous().is_some_and(|last| !last.broken) {
        let fix = SyntaxFix::guess("insert `:`", TextRange::empty(cursor.last_end()), " :");
        cursor.missing(SyntaxErrorKind::Expected("`:` before the schema"), Some(fix));
    } else {
        cursor.eat(K::Colon)?;
    }
    cursor.name("the name of a schema")
}

fn enumeration(cursor: &mut Cursor<'_>, start: TextSize) -> Option<(EnumDecl, TextRange)> {
    let name = cursor.name("the name of the enum");
    let header = cursor.since(start);
    let mut variants = Vec::new();
    block(cursor, |cursor| variants.extend(variant(cursor)));
    Some((EnumDecl { name: name?, variants }, header))
}

/// A variant; reserved words can be variants, because their place says what they are.
fn variant(cursor: &mut Cursor<'_>) -> Option<Variant> {
    let doc = cursor.doc();
    if cursor.at(K::Ident) {
        let text = cursor.word().to_owned();
        return Some(Variant { doc, name: Name { text, span: cursor.bump() } });
    }
    if cursor.at(K::Str) {
        return cursor.name("the name of a variant").map(|name| Variant { doc, name });
    }
    cursor.unexpected("the name of a variant");
    cursor.skip_item();
    None
}

fn extend(cursor: &mut Cursor<'_>, start: TextSize) -> Read {
    let is_enum = cursor.at_word("enum") && !cursor.seen(1).first_on_line;
    if is_enum && matches!(cursor.peek_second(), K::Ident | K::Str) {
        cursor.bump();
        return enumeration(cursor, start).map(|(item, header)| (DeclKind::ExtendEnum(item), header));
    }
    let name = cursor.name("the name of the schema");
    let header = cursor.since(start);
    let members = members(cursor);
    Some((DeclKind::Extend(ExtendDecl { name: name?, members }), header))
}

fn constant(cursor: &mut Cursor<'_>, start: TextSize) -> Read {
    let name = cursor.name("the name of the constant");
    let header = cursor.since(start);
    let value = match cursor.peek() {
        K::Eq => assigned(cursor),
        _ if cursor.at_end() => {
            if name.is_some() {
                cursor.expected("`=` and a value");
            }
            cursor.nothing()
        }
        K::Colon | K::EqEq => wrongly_assigned(cursor),
        _ => unassigned(cursor),
    };
    Some((DeclKind::Let(LetDecl { name: name?, value }), header))
}

fn identity(cursor: &mut Cursor<'_>, start: TextSize, keyword: &str) -> Read {
    let on_this_line = !cursor.newline_before();
    let path = on_this_line.then(|| path(cursor)).flatten();
    if path.is_none() {
        cursor.expected("a path such as `checkout.needs.orders`");
    }
    let header = cursor.since(start);
    let entries = nested_entries(cursor);
    Some((DeclKind::Identity(IdentityDecl { removed: keyword == "removed", path: path?, entries }), header))
}

fn instance(cursor: &mut Cursor<'_>, root: Name) -> Read {
    let start = root.span.start();
    let name = cursor.name("a name");
    let schema = parent(cursor);
    let header = cursor.since(start);
    if name.is_none() && cursor.at(K::LBrace) && cursor.behind_path(1) == Some(K::Colon) {
        // `schema` or `extend` is missing before it.
        members(cursor);
        return None;
    }
    let entries = body(cursor);
    let item = InstanceDecl { root, name: name?, schema, entries };
    Some((DeclKind::Instance(item), header))
}
