//! The place in the tokens, with what was built so far.
//!
//! Looking never takes anything. What looks ahead without end runs out of fuel and sees the end of the text, so that
//! a mistake in the grammar can cost words, but never the program.

use std::cell::Cell;

use rowan::{Checkpoint, GreenNode, GreenNodeBuilder, TextRange, TextSize};

use super::input::{Input, Seen};
use super::keyword;
use super::recovery::Opened;
use super::repair::Repairs;
use crate::ast::{Decl, Expr, ExprKind, Name};
use crate::error::{SyntaxError, SyntaxErrorKind, SyntaxFix, Unexpected};
use crate::kind::{Idp, SyntaxKind};
use crate::lexer::Token;
use crate::text;

/// How often the grammar may look at tokens without taking one.
const FUEL: u32 = 4096;

/// How far ahead a path is looked through.
const LONGEST_LOOK: usize = 64;

/// Where the parser stands.
pub(crate) struct Cursor<'t> {
    pub(super) input: &'t Input<'t>,
    tokens: &'t [Token],
    /// How many tokens the grammar took.
    pub(super) position: usize,
    /// How many tokens are in the tree, trivia included.
    built: usize,
    built_end: TextSize,
    builder: GreenNodeBuilder<'static>,
    pub(super) errors: Vec<SyntaxError>,
    /// Where the last vague error was reported, and on which line.
    shaken: Option<(usize, u32)>,
    /// One place for each declaration, in source order; empty where one has no name.
    decls: Vec<Option<Decl>>,
    /// Opening tokens that are not closed yet.
    pub(super) open: Vec<Opened>,
    /// The position of a token that goes on with the line before it.
    joined: Option<usize>,
    /// Whether a newline ends things; it does not inside of parentheses.
    pub(super) lines_matter: bool,
    /// Whether `=` can only have been meant as `==`.
    pub(super) in_condition: bool,
    /// The column of the declaration being read.
    pub(super) declaration_column: Option<u32>,
    pub(super) depth: usize,
    /// Something was skipped for its depth; missing ends say nothing then.
    pub(super) skipped_depth: bool,
    fuel: Cell<u32>,
    pub(super) repairs: Repairs,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(input: &'t Input<'t>, tokens: &'t [Token]) -> Self {
        let mut builder = GreenNodeBuilder::new();
        builder.start_node(raw(SyntaxKind::File));
        Self {
            input,
            tokens,
            position: 0,
            built: 0,
            built_end: TextSize::new(0),
            builder,
            errors: Vec::new(),
            shaken: None,
            decls: Vec::new(),
            open: Vec::new(),
            joined: None,
            lines_matter: true,
            in_condition: false,
            declaration_column: None,
            depth: 0,
            skipped_depth: false,
            fuel: Cell::new(FUEL),
            repairs: Repairs::find(input),
        }
    }

    pub(crate) fn finish(mut self) -> (GreenNode, Vec<SyntaxError>, Vec<Decl>) {
        self.build_up_to(self.tokens.len());
        self.builder.finish_node();
        (self.builder.finish(), self.errors, self.decls.into_iter().flatten().collect())
    }

    // Looking.

    /// The kind of the next token.
    pub(crate) fn peek(&self) -> SyntaxKind {
        self.nth(0)
    }

    /// The kind of the token after the next one.
    pub(crate) fn peek_second(&self) -> SyntaxKind {
        self.nth(1)
    }

    /// The kind of the token that many after the next one.
    pub(crate) fn nth(&self, ahead: usize) -> SyntaxKind {
        let left = self.fuel.get();
        if left == 0 {
            return SyntaxKind::Eof;
        }
        self.fuel.set(left - 1);
        self.seen(ahead).kind
    }

    /// The token that many after the next one.
    pub(crate) fn seen(&self, ahead: usize) -> &Seen {
        self.input.get(self.position + ahead)
    }

    /// The token before the next one.
    pub(crate) fn previous(&self) -> Option<Seen> {
        self.position.checked_sub(1).map(|previous| *self.input.get(previous))
    }

    /// The text of the next token.
    pub(crate) fn word(&self) -> &'t str {
        self.input.text(self.position)
    }

    /// The range of the next token; empty at the end of the text.
    pub(crate) fn range(&self) -> TextRange {
        self.seen(0).span
    }

    /// Whether the next token is of a kind.
    pub(crate) fn at(&self, kind: SyntaxKind) -> bool {
        self.peek() == kind
    }

    /// Whether the next token is this word.
    pub(crate) fn at_word(&self, word: &str) -> bool {
        self.at(SyntaxKind::Ident) && keyword::meaning(self.word()) == word
    }

    /// Whether the next token is a word that can be a name.
    pub(crate) fn at_name(&self) -> bool {
        self.at(SyntaxKind::Ident) && !keyword::is_reserved(keyword::meaning(self.word()))
    }

    /// Whether a path can begin here; a reserved word in it is reported later.
    pub(crate) fn at_segment(&self) -> bool {
        matches!(self.peek(), SyntaxKind::Ident | SyntaxKind::Str)
    }

    /// Whether an item can begin here.
    pub(crate) fn at_item_name(&self) -> bool {
        self.at_name() || self.at(SyntaxKind::Str)
    }

    /// Whether a newline that counts stands before the next token.
    pub(crate) fn newline_before(&self) -> bool {
        self.newline_before_nth(0)
    }

    /// Whether a newline that counts stands before the token that many after the next one.
    pub(crate) fn newline_before_nth(&self, ahead: usize) -> bool {
        let token = self.seen(ahead);
        let is_joined = self.joined == Some(self.position + ahead);
        token.kind == SyntaxKind::Eof || (self.lines_matter && token.first_on_line && !is_joined)
    }

    /// Whether the next token closes something.
    pub(crate) fn at_closer(&self) -> bool {
        matches!(self.peek(), SyntaxKind::RBrace | SyntaxKind::RBracket | SyntaxKind::RParen)
    }

    /// Whether nothing more can belong to the item being read.
    pub(crate) fn at_end(&self) -> bool {
        self.newline_before() || self.at_closer() || matches!(self.peek(), SyntaxKind::Comma | SyntaxKind::Eof)
    }

    /// The kind of the token behind the path that begins that many tokens ahead, if it ends before its line does.
    pub(crate) fn behind_path(&self, ahead: usize) -> Option<SyntaxKind> {
        let mut at = ahead;
        while at <= ahead + LONGEST_LOOK && matches!(self.seen(at).kind, SyntaxKind::Ident | SyntaxKind::Str) {
            let next = self.seen(at + 1);
            if next.first_on_line {
                return None;
            }
            if next.kind != SyntaxKind::Dot {
                return Some(next.kind);
            }
            at += 2;
        }
        None
    }

    /// The end of the last token that was taken.
    pub(crate) fn last_end(&self) -> TextSize {
        self.previous().map_or(TextSize::new(0), |previous| previous.span.end())
    }

    /// How far the line of the last token is indented.
    pub(crate) fn last_indent(&self) -> u32 {
        self.previous().map_or(0, |previous| previous.indent)
    }

    /// From a place to the last token.
    pub(crate) fn since(&self, start: TextSize) -> TextRange {
        TextRange::new(start, self.last_end().max(start))
    }

    /// What is between the last token and the next one.
    pub(crate) fn gap(&self) -> TextRange {
        TextRange::new(self.last_end(), self.range().start().max(self.last_end()))
    }

    /// The documentation directly before the next token: lines of their own, up to the last empty line.
    pub(crate) fn doc(&self) -> Option<String> {
        let mut lines: Vec<&str> = Vec::new();
        let from = self.previous().map_or(0, |previous| previous.index + 1);
        let mut newlines = usize::from(from == 0);
        let mut offset = self.last_end();
        for token in self.tokens.iter().take(self.seen(0).index).skip(from) {
            let span = TextRange::at(offset, token.len);
            offset = span.end();
            match token.kind {
                SyntaxKind::DocComment if newlines > 0 => {
                    let text = self.input.slice(span);
                    let text = text.strip_prefix("///").unwrap_or(text);
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

    // Taking.

    /// Takes the next token.
    pub(crate) fn bump(&mut self) -> TextRange {
        let range = self.range();
        if self.position < self.input.len() {
            self.build_up_to(self.seen(0).index + 1);
            self.position += 1;
            self.fuel.set(FUEL);
        }
        range
    }

    /// Takes the next token if it is of a kind.
    pub(crate) fn eat(&mut self, kind: SyntaxKind) -> Option<TextRange> {
        self.at(kind).then(|| self.bump())
    }

    /// Takes the next token if it is this word.
    pub(crate) fn eat_word(&mut self, word: &str) -> Option<TextRange> {
        self.at_word(word).then(|| self.bump())
    }

    /// Takes a name on this line, or reports that one is missing.
    pub(crate) fn name(&mut self, what: &'static str) -> Option<Name> {
        if self.newline_before() {
            self.expected(what);
            return None;
        }
        match self.peek() {
            SyntaxKind::Ident if keyword::meaning(self.word()) != self.word() => {
                self.junk();
                None
            }
            SyntaxKind::Ident => {
                if !self.at_name() {
                    self.reserved();
                    // `let let keep`: the name stands behind it.
                    if self.peek_second() == SyntaxKind::Ident && !self.newline_before_nth(1) {
                        self.junk();
                    }
                }
                let text = self.word().to_owned();
                Some(Name { text, span: self.bump() })
            }
            SyntaxKind::Str => self.quoted_name(),
            SyntaxKind::Int | SyntaxKind::Number | SyntaxKind::Quantity | SyntaxKind::Date => {
                self.unexpected("a name, which begins with a letter");
                self.junk();
                None
            }
            _ => {
                self.expected(what);
                None
            }
        }
    }

    /// A name in quotes where none belong: reported, and taken all the same.
    fn quoted_name(&mut self) -> Option<Name> {
        let span = self.range();
        let name = text::segment(self.word(), span.start());
        if !self.seen(0).broken {
            let fix = name.as_ref().map(|name| SyntaxFix::safe("remove the quotes", span, name));
            self.error_with_fix(SyntaxErrorKind::QuotedName, span, fix);
        }
        self.bump();
        name.map(|text| Name { text, span })
    }

    /// Reports the reserved word that is next.
    pub(crate) fn reserved(&mut self) {
        if !self.seen(0).broken {
            self.error(SyntaxErrorKind::Reserved(self.word().to_owned()), self.range());
        }
    }

    /// Lets the next token go on with the line before it.
    pub(crate) fn continue_line(&mut self) {
        self.joined = Some(self.position);
    }

    // Building.

    fn build_up_to(&mut self, end: usize) {
        while self.built < end {
            let Some(token) = self.tokens.get(self.built) else {
                return;
            };
            let span = TextRange::at(self.built_end, token.len);
            self.builder.token(raw(token.kind), self.input.slice(span));
            self.built += 1;
            self.built_end = span.end();
        }
    }

    /// Puts the trivia before the next token into the tree.
    fn trivia(&mut self) {
        self.build_up_to(self.seen(0).index);
    }

    /// Starts a node before the next token.
    pub(crate) fn start(&mut self, kind: SyntaxKind) {
        self.trivia();
        self.builder.start_node(raw(kind));
    }

    /// Remembers this place, so that a node can be started here later.
    pub(crate) fn checkpoint(&mut self) -> Checkpoint {
        self.trivia();
        self.builder.checkpoint()
    }

    /// Starts a node at a remembered place.
    pub(crate) fn start_at(&mut self, checkpoint: Checkpoint, kind: SyntaxKind) {
        self.builder.start_node_at(checkpoint, raw(kind));
    }

    /// Ends the innermost node.
    pub(crate) fn end(&mut self) {
        self.builder.finish_node();
    }

    /// Keeps a place for the declaration that begins here: one inside of it comes later in source order.
    pub(crate) fn reserve(&mut self) -> usize {
        self.decls.push(None);
        self.decls.len() - 1
    }

    /// Puts a declaration in its place.
    pub(crate) fn declare(&mut self, place: usize, decl: Option<Decl>) {
        if let Some(slot) = self.decls.get_mut(place) {
            *slot = decl;
        }
    }

    // Complaining.

    /// Reports an error, unless one at the same place is known.
    pub(crate) fn error(&mut self, kind: SyntaxErrorKind, span: TextRange) {
        self.error_with_fix(kind, span, None);
    }

    /// Reports an error that can be mended, unless one at the same place is known.
    pub(crate) fn error_with_fix(&mut self, kind: SyntaxErrorKind, span: TextRange, fix: Option<SyntaxFix>) {
        let is_known = self.errors.last().is_some_and(|last| last.span.start() == span.start());
        if is_known || (is_vague(&kind) && self.is_shaken(&kind)) {
            return;
        }
        if is_vague(&kind) {
            self.shaken = Some((self.position, self.line_of(&kind)));
        }
        self.errors.push(SyntaxError { kind, span, fix });
    }

    /// Whether too little was read since the last error on this line to trust that this one is another mistake.
    fn is_shaken(&self, kind: &SyntaxErrorKind) -> bool {
        const TRUSTED: usize = 3;
        self.shaken.is_some_and(|(position, line)| self.position - position < TRUSTED && self.line_of(kind) == line)
    }

    /// The line of an error that is reported here: what is missing is on the line of the last token.
    fn line_of(&self, kind: &SyntaxErrorKind) -> u32 {
        let is_here = matches!(kind, SyntaxErrorKind::Unexpected(_) | SyntaxErrorKind::Unopened(_));
        let token = if is_here { None } else { self.previous() };
        token.map_or(self.seen(0).line, |token| token.line)
    }

    /// Reports that something is missing right after the last token.
    pub(crate) fn expected(&mut self, what: &'static str) {
        self.missing(SyntaxErrorKind::Expected(what), None);
    }

    /// Reports something right after the last token, unless what stands there was reported before.
    pub(crate) fn missing(&mut self, kind: SyntaxErrorKind, fix: Option<SyntaxFix>) {
        if !self.seen(0).after_error && !self.is_cut_off() {
            self.error_with_fix(kind, TextRange::empty(self.last_end()), fix);
        }
    }

    /// Reports the next token, unless the lexer did.
    pub(crate) fn unexpected(&mut self, expected: &'static str) {
        let token = *self.seen(0);
        if token.broken {
            return;
        }
        let found = match token.kind {
            SyntaxKind::Eof => "the end of the file".to_owned(),
            SyntaxKind::Str => "text".to_owned(),
            _ => format!("`{}`", self.word()),
        };
        self.error(SyntaxErrorKind::Unexpected(Unexpected { found, expected }), token.span);
    }

    /// A value that is missing here, not reported.
    pub(crate) fn nothing(&self) -> Expr {
        Expr { span: TextRange::empty(self.last_end()), kind: ExprKind::Missing }
    }
}

/// Whether an error can be what another one left behind.
fn is_vague(kind: &SyntaxErrorKind) -> bool {
    use SyntaxErrorKind as E;
    matches!(kind, E::Expected(_) | E::Unexpected(_) | E::MissingSeparator | E::Unclosed(_) | E::Unopened(_))
}

fn raw(kind: SyntaxKind) -> rowan::SyntaxKind {
    <Idp as rowan::Language>::kind_to_raw(kind)
}
