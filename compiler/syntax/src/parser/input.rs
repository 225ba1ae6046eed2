//! The tokens as the grammar sees them: without trivia, but knowing what stood between them.

use rowan::{TextRange, TextSize};

use super::keyword;
use crate::kind::SyntaxKind;
use crate::lexer::Token;
use crate::text;

/// A token that the grammar sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// What it is.
    pub(crate) kind: SyntaxKind,
    /// Where it stands.
    pub(crate) span: TextRange,
    /// The line it begins on, counted from zero.
    pub(crate) line: u32,
    /// How far from the beginning of its line it stands.
    pub(crate) column: u32,
    /// How far the first token of its line is indented.
    pub(crate) indent: u32,
    /// It is the first on its line.
    pub(crate) first_on_line: bool,
    /// Something that the lexer reported stands right before it.
    pub(crate) after_error: bool,
    /// The lexer reported this token itself.
    pub(crate) broken: bool,
    /// Its place among all tokens, trivia included.
    pub(crate) index: usize,
}

/// All tokens that the grammar sees, and the text they are in.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    text: &'a str,
    tokens: Vec<Seen>,
    end: Seen,
}

impl<'a> Input<'a> {
    /// Leaves trivia out. `errors` are the places that the lexer reported, in order.
    pub(crate) fn new(text: &'a str, tokens: &[Token], errors: &[TextRange]) -> Self {
        let mut seen = Vec::with_capacity(tokens.len() / 2);
        let mut errors = errors.iter().peekable();
        let mut state = Line { offset: TextSize::new(0), start: TextSize::new(0), line: 0, indent: 0, fresh: true };
        let mut after_error = false;
        for (index, token) in tokens.iter().enumerate() {
            let span = TextRange::at(state.offset, token.len);
            let mut broken = false;
            while errors.next_if(|error| error.start() < span.end()).is_some() {
                broken = true;
            }
            if is_unseen(token.kind) {
                after_error |= token.kind == SyntaxKind::Error;
            } else {
                let seen_token = state.see(token.kind, span, index);
                seen.push(Seen { after_error, broken, ..seen_token });
                after_error = false;
            }
            state.pass(text, token.kind, span);
        }
        let mut end = state.see(SyntaxKind::Eof, TextRange::empty(state.offset), tokens.len());
        end.after_error = after_error;
        end.first_on_line = true;
        Self { text, tokens: seen, end }
    }

    /// The token at a position; past the last one, the end of the file.
    pub(crate) fn get(&self, position: usize) -> &Seen {
        self.tokens.get(position).unwrap_or(&self.end)
    }

    /// The text of the token at a position.
    pub(crate) fn text(&self, position: usize) -> &'a str {
        self.slice(self.get(position).span)
    }

    /// A piece of the whole text.
    pub(crate) fn slice(&self, span: TextRange) -> &'a str {
        self.text.get(usize::from(span.start())..usize::from(span.end())).unwrap_or_default()
    }

    /// Whether the token at a position is a string whose end is missing.
    pub(crate) fn is_open_string(&self, position: usize) -> bool {
        let token = self.get(position);
        token.kind == SyntaxKind::Str && token.broken && !text::is_terminated(self.text(position))
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }
}

/// Where the walk over the tokens is.
struct Line {
    offset: TextSize,
    start: TextSize,
    line: u32,
    indent: u32,
    fresh: bool,
}

impl Line {
    fn see(&mut self, kind: SyntaxKind, span: TextRange, index: usize) -> Seen {
        let column = u32::from(span.start() - self.start);
        let first_on_line = std::mem::take(&mut self.fresh);
        if first_on_line {
            self.indent = column;
        }
        Seen {
            kind,
            span,
            line: self.line,
            column,
            indent: self.indent,
            first_on_line,
            after_error: false,
            broken: false,
            index,
        }
    }

    fn pass(&mut self, text: &str, kind: SyntaxKind, span: TextRange) {
        self.offset = span.end();
        let may_break = matches!(kind, SyntaxKind::Newline | SyntaxKind::Str | SyntaxKind::Comment);
        let lexeme =
            text.get(usize::from(span.start())..usize::from(span.end())).filter(|_| may_break).unwrap_or_default();
        if let Some(last) = lexeme.rfind('\n') {
            let breaks = lexeme.bytes().filter(|byte| *byte == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            self.start = self.offset - TextSize::of(lexeme.get(last + 1..).unwrap_or_default());
            // What follows a string of several lines on its last line is not the first there.
            self.fresh = kind != SyntaxKind::Str;
            if kind == SyntaxKind::Str {
                self.indent = 0;
            }
        }
    }
}

/// Whether the grammar does not see tokens of this kind.
pub(crate) fn is_unseen(kind: SyntaxKind) -> bool {
    kind.is_trivia() || kind == SyntaxKind::Error
}

/// Whether a declaration can begin with the token at a position: a keyword and a name on one line.
pub(crate) fn begins_declaration(input: &Input<'_>, position: usize) -> bool {
    let is_keyword = input.get(position).kind == SyntaxKind::Ident && keyword::is_declaration(input.text(position));
    let next = input.get(position + 1);
    is_keyword
        && !next.first_on_line
        && next.kind == SyntaxKind::Ident
        && !keyword::is_reserved(input.text(position + 1))
}
