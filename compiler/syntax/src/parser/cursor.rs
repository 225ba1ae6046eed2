//! The place in the tokens, with what was built so far.

use rowan::{Checkpoint, GreenNode, GreenNodeBuilder, TextRange, TextSize};

use crate::ast::{Allow, Name};
use crate::error::{SyntaxError, SyntaxErrorKind, SyntaxFix};
use crate::kind::{Idp, SyntaxKind};
use crate::lexer::tokens;

/// The deepest nesting.
const DEEPEST: usize = 128;

/// The largest file in bytes.
const LARGEST: usize = 1 << 20;

/// Words that cannot be names.
pub(crate) const RESERVED: &[&str] = &["true", "false", "none", "if", "then", "else", "and", "or", "not", "in", "let"];

/// A token with its place.
#[derive(Clone, Copy, Debug)]
struct Item {
    kind: SyntaxKind,
    start: TextSize,
    end: TextSize,
}

/// Where the parser stands.
pub(crate) struct Cursor<'t> {
    text: &'t str,
    items: Vec<Item>,
    at: usize,
    /// The next token that is no trivia; derived from `at`.
    next: usize,
    builder: GreenNodeBuilder<'static>,
    errors: Vec<SyntaxError>,
    last_end: TextSize,
    depth: usize,
    pub(crate) parens: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut errors = Vec::new();
        let mut items = Vec::new();
        let mut start = TextSize::new(0);
        for token in tokens(text) {
            let end = start + TextSize::new(u32::try_from(token.len).unwrap_or(u32::MAX));
            if let Some(kind) = token.error {
                errors.push(SyntaxError { kind, span: TextRange::new(start, end), fix: None });
            }
            items.push(Item { kind: token.kind, start, end });
            start = end;
        }
        if text.len() > LARGEST {
            errors.push(SyntaxError {
                kind: SyntaxErrorKind::FileTooLarge,
                span: TextRange::empty(TextSize::new(0)),
                fix: None,
            });
        }
        let mut cursor = Self {
            text,
            items,
            at: 0,
            next: 0,
            builder: GreenNodeBuilder::new(),
            errors,
            last_end: TextSize::new(0),
            depth: 0,
            parens: 0,
        };
        cursor.find_next();
        cursor.builder.start_node(raw(SyntaxKind::File));
        cursor
    }

    pub(crate) fn finish(mut self) -> (GreenNode, Vec<SyntaxError>) {
        while self.at < self.items.len() {
            self.push_one();
        }
        self.builder.finish_node();
        (self.builder.finish(), self.errors)
    }

    fn find_next(&mut self) {
        self.next = self.at;
        while self.items.get(self.next).is_some_and(|item| item.kind.is_trivia()) {
            self.next += 1;
        }
    }

    /// The kind of the next token.
    pub(crate) fn peek(&self) -> SyntaxKind {
        self.items.get(self.next).map_or(SyntaxKind::Eof, |item| item.kind)
    }

    /// The kind of the token after the next one.
    pub(crate) fn peek_second(&self) -> SyntaxKind {
        self.items
            .iter()
            .skip(self.next + 1)
            .find(|item| !item.kind.is_trivia())
            .map_or(SyntaxKind::Eof, |item| item.kind)
    }

    /// The text of the token after the next one.
    pub(crate) fn second_word(&self) -> &'t str {
        let item = self.items.iter().skip(self.next + 1).find(|item| !item.kind.is_trivia());
        item.map_or("", |item| self.slice(item.start, item.end))
    }

    /// The text of the next token.
    pub(crate) fn word(&self) -> &'t str {
        self.items.get(self.next).map_or("", |item| self.slice(item.start, item.end))
    }

    fn slice(&self, start: TextSize, end: TextSize) -> &'t str {
        self.text.get(usize::from(start)..usize::from(end)).unwrap_or_default()
    }

    /// The range of the next token; empty at the end of the text.
    pub(crate) fn range(&self) -> TextRange {
        let end = TextSize::of(self.text);
        self.items.get(self.next).map_or(TextRange::empty(end), |item| TextRange::new(item.start, item.end))
    }

    /// Whether a newline that counts stands before the next token.
    pub(crate) fn newline_before(&self) -> bool {
        self.parens == 0 && self.raw_newline_before()
    }

    /// Whether any newline stands before the next token.
    pub(crate) fn raw_newline_before(&self) -> bool {
        self.items
            .iter()
            .take(self.next)
            .skip(self.at)
            .any(|item| item.kind == SyntaxKind::Newline)
    }

    /// Whether the next token begins its line, without any space before it.
    pub(crate) fn at_column_zero(&self) -> bool {
        match self.next.checked_sub(1).and_then(|before| self.items.get(before)) {
            Some(item) => item.kind == SyntaxKind::Newline,
            None => true,
        }
    }

    /// The end of the last token that was taken.
    pub(crate) fn last_end(&self) -> TextSize {
        self.last_end
    }

    fn push_one(&mut self) {
        if let Some(item) = self.items.get(self.at).copied() {
            let text = self.slice(item.start, item.end);
            self.builder.token(raw(item.kind), text);
            self.at += 1;
        }
    }

    /// Puts the trivia before the next token into the tree.
    pub(crate) fn trivia(&mut self) {
        while self.at < self.next {
            self.push_one();
        }
    }

    /// The documentation directly before the next token.
    pub(crate) fn doc(&self) -> Option<String> {
        let mut lines: Vec<&str> = Vec::new();
        let mut newlines = 0;
        for item in self.items.iter().take(self.next).skip(self.at) {
            match item.kind {
                SyntaxKind::DocComment => {
                    let text = self.slice(item.start, item.end).trim_start_matches('/');
                    lines.push(text.strip_prefix(' ').unwrap_or(text).trim_end());
                    newlines = 0;
                }
                SyntaxKind::Newline => {
                    newlines += 1;
                    // An empty line parts a comment from what follows.
                    if newlines > 1 {
                        lines.clear();
                    }
                }
                SyntaxKind::Comment => newlines = 0,
                _ => {}
            }
        }
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Takes the next token.
    pub(crate) fn bump(&mut self) -> TextRange {
        self.trivia();
        let range = self.range();
        self.push_one();
        if !range.is_empty() {
            self.last_end = range.end();
        }
        self.find_next();
        range
    }

    /// Takes the next token if it is of a kind.
    pub(crate) fn eat(&mut self, kind: SyntaxKind) -> Option<TextRange> {
        (self.peek() == kind).then(|| self.bump())
    }

    /// Whether the next token is this word.
    pub(crate) fn at_word(&self, word: &str) -> bool {
        self.peek() == SyntaxKind::Ident && self.word() == word
    }

    /// Takes the next token if it is this word.
    pub(crate) fn eat_word(&mut self, word: &str) -> Option<TextRange> {
        self.at_word(word).then(|| self.bump())
    }

    /// Takes a name, or reports that one is missing.
    pub(crate) fn name(&mut self, what: &'static str) -> Option<Name> {
        if self.peek() != SyntaxKind::Ident || self.newline_before() {
            self.expected(what);
            return None;
        }
        let text = self.word().to_owned();
        if RESERVED.contains(&text.as_str()) {
            let span = self.range();
            self.error(SyntaxErrorKind::Reserved(text.clone()), span);
        }
        let span = self.bump();
        Some(Name { text, span })
    }

    pub(crate) fn start(&mut self, kind: SyntaxKind) {
        self.trivia();
        self.builder.start_node(raw(kind));
    }

    pub(crate) fn checkpoint(&mut self) -> Checkpoint {
        self.trivia();
        self.builder.checkpoint()
    }

    pub(crate) fn start_at(&mut self, checkpoint: Checkpoint, kind: SyntaxKind) {
        self.builder.start_node_at(checkpoint, raw(kind));
    }

    pub(crate) fn end(&mut self) {
        self.builder.finish_node();
    }

    /// Goes one level down; `false` when that is too deep.
    pub(crate) fn deeper(&mut self) -> bool {
        self.depth += 1;
        if self.depth == DEEPEST {
            let span = self.range();
            self.error(SyntaxErrorKind::TooDeep, span);
        }
        self.depth < DEEPEST
    }

    pub(crate) fn shallower(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(crate) fn error(&mut self, kind: SyntaxErrorKind, span: TextRange) {
        self.errors.push(SyntaxError { kind, span, fix: None });
    }

    pub(crate) fn error_with_fix(&mut self, kind: SyntaxErrorKind, span: TextRange, fix: SyntaxFix) {
        self.errors.push(SyntaxError { kind, span, fix: Some(fix) });
    }

    /// Reports that something is missing right after the last token; a bad token there was reported before.
    pub(crate) fn expected(&mut self, what: &'static str) {
        if self.peek() == SyntaxKind::Error {
            return;
        }
        let span = TextRange::empty(self.last_end);
        self.error(SyntaxErrorKind::Expected(what), span);
    }

    /// Takes one token as junk.
    pub(crate) fn junk(&mut self) {
        self.start(SyntaxKind::Junk);
        self.bump();
        self.end();
    }

    /// Takes everything up to the end of the line or a closing bracket as junk, blocks as a whole.
    pub(crate) fn skip_line(&mut self) {
        let mut open = 0_usize;
        self.start(SyntaxKind::Junk);
        let mut first = true;
        loop {
            let kind = self.peek();
            if kind == SyntaxKind::Eof || (open == 0 && !first && self.raw_newline_before()) {
                break;
            }
            if open > 0 && self.at_declaration() {
                break;
            }
            match kind {
                SyntaxKind::LBrace | SyntaxKind::LBracket | SyntaxKind::LParen => open += 1,
                SyntaxKind::RBrace | SyntaxKind::RBracket | SyntaxKind::RParen => {
                    if open == 0 {
                        break;
                    }
                    open -= 1;
                }
                _ => {}
            }
            self.bump();
            first = false;
        }
        self.end();
    }

    /// Whether a declaration begins here: its keyword at the very start of a line, and a name behind it.
    pub(crate) fn at_declaration(&self) -> bool {
        self.peek() == SyntaxKind::Ident
            && self.at_column_zero()
            && super::declarations::KEYWORDS.contains(&self.word())
            && self.peek_second() == SyntaxKind::Ident
    }

    /// The `idp:allow` comments of the text.
    pub(crate) fn allows(&self) -> Vec<Allow> {
        let mut found = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            if item.kind != SyntaxKind::Comment {
                continue;
            }
            let text = self.slice(item.start, item.end);
            let Some(body) = text.trim_start_matches('/').trim_start().strip_prefix("idp:allow") else { continue };
            let body_start = item.end - TextSize::of(body);
            let words = body.trim_start();
            let code = words.split_whitespace().next().unwrap_or_default();
            let code_start = body_start + TextSize::of(body) - TextSize::of(words);
            let reason = words.get(code.len()..).unwrap_or_default().trim();
            let reason = reason.strip_prefix("because").unwrap_or_default().trim();
            found.push(Allow {
                code: Name { text: code.to_owned(), span: TextRange::at(code_start, TextSize::of(code)) },
                reason: reason.to_owned(),
                span: TextRange::new(item.start, item.end),
                target: self.line_after(index),
            });
        }
        found
    }

    /// The line below a comment that is no `idp:allow` comment itself.
    fn line_after(&self, comment: usize) -> TextRange {
        let end = TextSize::of(self.text);
        let mut lines = self.items.iter().skip(comment + 1).filter(|item| {
            let text = self.slice(item.start, item.end);
            !matches!(item.kind, SyntaxKind::Whitespace | SyntaxKind::Newline)
                && !text.trim_start_matches('/').trim_start().starts_with("idp:allow")
        });
        let Some(first) = lines.next() else { return TextRange::empty(end) };
        let rest = self.text.get(usize::from(first.start)..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        TextRange::at(first.start, TextSize::new(u32::try_from(length).unwrap_or(0)))
    }
}

fn raw(kind: SyntaxKind) -> rowan::SyntaxKind {
    <Idp as rowan::Language>::kind_to_raw(kind)
}
