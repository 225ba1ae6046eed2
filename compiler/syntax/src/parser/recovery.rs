//! The ways out of an error: what closes early, what is skipped, how deep is too deep.

use rowan::TextRange;

use super::cursor::Cursor;
use super::input::{Seen, begins_declaration};
use super::keyword;
use super::nesting::Nesting;
use crate::error::{SyntaxErrorKind, SyntaxFix, Unclosed};
use crate::kind::SyntaxKind;

/// An opening token that is not closed yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opened {
    position: usize,
    /// What it is, or should have been.
    kind: SyntaxKind,
    /// How many errors were known when it was taken.
    errors: usize,
}

/// The deepest nesting of braces, types and expressions.
const DEEPEST: usize = 128;

impl Cursor<'_> {
    /// Goes one level down. Where that is too deep, says so, skips what is there and gives `false`.
    pub(crate) fn deeper(&mut self) -> bool {
        if self.depth < DEEPEST {
            self.depth += 1;
            return true;
        }
        if !self.skipped_depth {
            self.skipped_depth = true;
            let span = self.range();
            self.error(SyntaxErrorKind::TooDeep, span);
        }
        self.skip_item();
        false
    }

    /// Comes back up.
    pub(crate) fn shallower(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Takes an opening token.
    pub(crate) fn open(&mut self) -> TextRange {
        self.open_as(self.peek());
        self.bump()
    }

    /// Goes on as if an opening token stood before the next one.
    pub(crate) fn open_as(&mut self, kind: SyntaxKind) {
        let errors = self.errors.len();
        self.open.push(Opened { position: self.position, kind, errors });
    }

    /// What the innermost opening token is.
    pub(crate) fn innermost(&self) -> Option<SyntaxKind> {
        self.open.last().map(|opener| opener.kind)
    }

    /// Takes what closes the innermost opening token, or reports that it is missing.
    pub(crate) fn close(&mut self) {
        let Some(opener) = self.open.last().copied() else {
            return;
        };
        let opened = *self.input.get(opener.position);
        let (kind, closer) = closer_of(opener.kind);
        let early = self.closes_early();
        self.open.pop();
        if (!early && self.eat(kind).is_some()) || self.skipped_depth || self.is_lost_in_string(&opened) {
            return;
        }
        // What was wrong inside of parentheses is why their end was not found.
        if kind == SyntaxKind::RParen && self.errors.len() > opener.errors {
            return;
        }
        let line = self.previous().map_or(0, |previous| previous.line);
        let text = match kind {
            SyntaxKind::RBrace if opened.line == line => format!(" {closer}"),
            SyntaxKind::RBrace => format!("\n{}{closer}", " ".repeat(usize::try_from(opened.indent).unwrap_or(0))),
            _ => closer.to_string(),
        };
        let fix = SyntaxFix::guess(&format!("insert `{closer}`"), TextRange::empty(self.last_end()), &text);
        self.missing(SyntaxErrorKind::Unclosed(Unclosed { closer, opened: opened.span }), Some(fix));
    }

    /// Whether the innermost list ends here, by what closes it or by what can only stand outside of it.
    pub(crate) fn list_ends(&self) -> bool {
        if self.at(SyntaxKind::Eof) || self.closes_early() || (self.at_closer() && self.closes_something()) {
            return true;
        }
        let Some(opener) = self.open.last() else {
            return false;
        };
        self.is_lost_in_string(self.input.get(opener.position)) || self.begins_item_outside(opener.kind)
    }

    /// Whether a line begins here that can only stand outside of these brackets or parentheses.
    fn begins_item_outside(&self, opened: SyntaxKind) -> bool {
        if opened == SyntaxKind::LBrace || !self.seen(0).first_on_line {
            return false;
        }
        let is_name = self.at_name() || self.at(SyntaxKind::Str);
        if opened == SyntaxKind::LBracket {
            return is_name && matches!(self.behind_path(0), Some(SyntaxKind::Eq | SyntaxKind::Colon));
        }
        // In parentheses only an operator can follow an operand.
        matches!(self.peek(), SyntaxKind::Colon | SyntaxKind::At) || (is_name && self.ends_operand())
    }

    /// Whether the last token ends a value.
    fn ends_operand(&self) -> bool {
        use SyntaxKind as K;
        let Some(last) = self.position.checked_sub(1) else {
            return false;
        };
        match self.input.get(last).kind {
            K::Ident => !keyword::is_reserved(self.input.text(last)),
            K::Int | K::Number | K::Quantity | K::Date | K::Str => true,
            K::RBrace | K::RBracket | K::RParen | K::Question => true,
            _ => false,
        }
    }

    /// Whether what the next token closes was opened.
    fn closes_something(&self) -> bool {
        let kind = self.peek();
        self.open.iter().any(|opener| closer_of(opener.kind).0 == kind)
    }

    /// Whether the next token is a brace too many: a second one, in a declaration with one that is not closed.
    pub(crate) fn is_surplus_brace(&self) -> bool {
        let last = self.previous().filter(|last| last.kind == SyntaxKind::LBrace);
        self.at(SyntaxKind::LBrace)
            && self.innermost() == Some(SyntaxKind::LBrace)
            && last.is_some_and(|last| last.line == self.seen(0).line)
            && self.repairs.is_unbalanced(self.position)
    }

    /// Takes braces that begin an item and are never closed, in a declaration with more braces than ends.
    pub(crate) fn skip_surplus_braces(&mut self) -> bool {
        let is_surplus = self.at(SyntaxKind::LBrace) && self.repairs.is_unbalanced(self.position);
        let first = is_surplus && (self.peek_second() == SyntaxKind::LBrace || self.newline_before_nth(1));
        while first && self.at(SyntaxKind::LBrace) {
            self.junk();
        }
        first
    }

    /// Whether the rest of this line closes a brace that nothing opens: one is missing before it.
    pub(crate) fn closes_too_much(&self) -> bool {
        const LONGEST_LOOK: usize = 256;
        let line = self.previous().map_or(0, |previous| previous.line);
        let on_this_line =
            |opener: &&Opened| opener.kind == SyntaxKind::LBrace && self.input.get(opener.position).line == line;
        let mut open = self.open.iter().filter(on_this_line).count();
        for ahead in 0..LONGEST_LOOK {
            let token = self.seen(ahead);
            match token.kind {
                SyntaxKind::Eof => return false,
                _ if token.first_on_line => return false,
                SyntaxKind::LBrace => open += 1,
                SyntaxKind::RBrace if open == 0 => return true,
                SyntaxKind::RBrace => open -= 1,
                _ => {}
            }
        }
        false
    }

    /// Whether what is open ends before the next token though nothing closes it: the next declaration begins there,
    /// or the indentation says so in a declaration whose braces do not match.
    fn closes_early(&self) -> bool {
        let opener = self.open.last();
        self.begins_next_declaration()
            || opener.is_some_and(|opener| self.repairs.ends_before(opener.position, self.position))
    }

    /// Whether the next declaration begins here, though the one being read is not closed.
    fn begins_next_declaration(&self) -> bool {
        let token = self.seen(0);
        token.first_on_line
            && self.declaration_column.is_some_and(|column| token.column <= column)
            && begins_declaration(self.input, self.position)
    }

    /// Whether text without its end took what would close something that was opened on its line.
    fn is_lost_in_string(&self, opened: &Seen) -> bool {
        self.is_cut_off() && self.previous().is_some_and(|previous| previous.line == opened.line)
    }

    /// Whether the rest of the last line was lost in text without its end.
    pub(super) fn is_cut_off(&self) -> bool {
        let last = self.position.checked_sub(1);
        self.seen(0).first_on_line && last.is_some_and(|last| self.input.is_open_string(last))
    }

    /// Takes one token as junk.
    pub(crate) fn junk(&mut self) {
        self.start(SyntaxKind::Junk);
        self.bump();
        self.end();
    }

    /// Reports a closing token that closes nothing, and takes it.
    pub(crate) fn unopened(&mut self) {
        let span = self.range();
        let closer = match self.peek() {
            SyntaxKind::RBrace => '}',
            SyntaxKind::RBracket => ']',
            _ => ')',
        };
        let fix = SyntaxFix::guess(&format!("remove `{closer}`"), span, "");
        self.error_with_fix(SyntaxErrorKind::Unopened(closer), span, Some(fix));
        self.junk();
    }

    /// Takes the rest of an item as junk: up to the end of its line, a comma or what closes something around it, blocks
    /// as a whole.
    pub(crate) fn skip_item(&mut self) {
        if !self.at_end() && !self.list_ends() {
            self.skip_rest();
        }
    }

    /// Takes the lines that go on with an item as junk.
    pub(crate) fn skip_lines_below(&mut self) {
        while self.newline_before() && self.goes_on() && !self.list_ends() {
            self.skip_rest();
        }
    }

    /// Takes at least one token.
    fn skip_rest(&mut self) {
        self.start(SyntaxKind::Junk);
        let mut nested = Nesting::default();
        let mut first = true;
        // In a block of several lines an item has its line to itself.
        let commas_end = self.open.last().is_none_or(|opener| {
            opener.kind != SyntaxKind::LBrace || self.input.get(opener.position).line == self.seen(0).line
        });
        while !self.at(SyntaxKind::Eof) && !self.begins_next_declaration() {
            // After an error a new line is a new beginning, in parentheses too.
            let new_line = (self.newline_before() || self.seen(0).first_on_line) && !self.goes_on();
            let comma = commas_end && self.at(SyntaxKind::Comma);
            if nested.is_empty() && (comma || new_line) && !first {
                break;
            }
            first = false;
            let kind = self.peek();
            if self.at_closer() {
                if !nested.close(kind) && self.closes_something() {
                    break;
                }
            } else {
                nested.push(kind, self.position);
            }
            self.bump();
        }
        self.end();
    }

    /// Whether a line that begins here goes on with the one before it.
    fn goes_on(&self) -> bool {
        matches!(self.peek(), SyntaxKind::Colon | SyntaxKind::At | SyntaxKind::Pipe)
            || ["and", "or", "then", "else"].iter().any(|word| self.at_word(word))
    }

    /// Takes junk up to a token of a kind on this line, or one that begins the next.
    pub(crate) fn skip_to(&mut self, kind: SyntaxKind) {
        if self.at(kind) || self.at_end() {
            return;
        }
        self.start(SyntaxKind::Junk);
        while !self.at(kind) && !self.newline_before() && !self.list_ends() {
            self.bump();
        }
        self.end();
    }
}

/// What closes an opening token.
pub(super) fn closer_of(opener: SyntaxKind) -> (SyntaxKind, char) {
    match opener {
        SyntaxKind::LBrace => (SyntaxKind::RBrace, '}'),
        SyntaxKind::LBracket => (SyntaxKind::RBracket, ']'),
        SyntaxKind::Lt => (SyntaxKind::Gt, '>'),
        _ => (SyntaxKind::RParen, ')'),
    }
}
