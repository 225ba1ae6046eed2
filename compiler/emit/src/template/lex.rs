//! Splits a template into text and tags, and settles all white space.
//!
//! White space is decided here and nowhere else: a tag that is alone on its line consumes the line, and the text of a
//! string block loses the indentation that it has only because of where the block stands.

use super::ast::Sink;
use super::error::{Pos, TemplateError};

/// A template in pieces.
pub(super) struct Pieces {
    pub pieces: Vec<Piece>,
    pub errors: Vec<TemplateError>,
}

/// A stretch of text or a tag.
#[derive(Debug)]
pub(super) enum Piece {
    Text(TextPiece),
    Tag(Tag),
}

#[derive(Debug)]
pub(super) struct TextPiece {
    pub text: String,
    pub pos: Pos,
}

#[derive(Debug)]
pub(super) struct Tag {
    /// The tag with its braces.
    pub raw: String,
    pub role: Role,
    /// The name of the block that it opens or closes.
    pub name: String,
    pub pos: Pos,
    /// Whether the tag consumes its line.
    pub alone: bool,
    /// The column in which a tag that is alone stands, less what its string block is indented.
    pub indent: usize,
    /// For the opening tag of a string block: whether its text has several lines.
    pub several_lines: bool,
}

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Value,
    Open,
    Else,
    Close,
    Partial,
    Comment,
}

impl Tag {
    fn is_build(&self) -> bool {
        matches!(self.role, Role::Open | Role::Close) && Sink::named(&self.name).is_some()
    }

    fn can_be_alone(&self) -> bool {
        self.role != Role::Value && !self.is_build()
    }
}

/// Splits `source`, the text of `file`.
pub(super) fn split(file: &str, source: &str) -> Pieces {
    let mut splitter = Splitter { file, rest: source, pos: Pos::START, pieces: Vec::new(), errors: Vec::new() };
    splitter.run();
    let Splitter { mut pieces, mut errors, .. } = splitter;
    if errors.is_empty() {
        check_balance(file, &pieces, &mut errors);
    }
    if errors.is_empty() {
        super::space::settle(&mut pieces);
    }
    Pieces { pieces, errors }
}

struct Splitter<'a> {
    file: &'a str,
    rest: &'a str,
    pos: Pos,
    pieces: Vec<Piece>,
    errors: Vec<TemplateError>,
}

impl Splitter<'_> {
    fn run(&mut self) {
        let mut text = TextPiece { text: String::new(), pos: self.pos };
        while !self.rest.is_empty() {
            if let Some(rest) = self.rest.strip_prefix("\\{{") {
                text.text.push_str("{{");
                self.pos = self.pos.after("\\{{");
                self.rest = rest;
            } else if self.rest.starts_with("{{") {
                let tag = self.tag();
                let done = std::mem::replace(&mut text, TextPiece { text: String::new(), pos: self.pos });
                self.push_text(done);
                self.pieces.extend(tag.map(Piece::Tag));
            } else {
                self.character(&mut text.text);
            }
        }
        self.push_text(text);
    }

    fn push_text(&mut self, text: TextPiece) {
        if !text.text.is_empty() {
            self.pieces.push(Piece::Text(text));
        }
    }

    fn character(&mut self, text: &mut String) {
        let Some(c) = self.rest.chars().next() else {
            return;
        };
        if c.is_control() && !matches!(c, '\n' | '\t') {
            self.error(format!("the control character U+{:04X} may not stand in a template", u32::from(c)));
        }
        text.push(c);
        self.take(c.len_utf8());
    }

    /// Moves `length` bytes ahead and returns what was there.
    fn take(&mut self, length: usize) -> &str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.pos = self.pos.after(taken);
        taken
    }

    fn error(&mut self, message: impl Into<String>) {
        self.errors.push(TemplateError::new(self.file, self.pos, message));
    }

    fn tag(&mut self) -> Option<Tag> {
        let pos = self.pos;
        let Some(length) = tag_length(self.rest) else {
            let error = TemplateError::new(self.file, pos, "this tag is never closed")
                .help("a tag ends with `}}`; write a literal `{{` as `\\{{`");
            self.errors.push(error);
            self.take(2);
            return None;
        };
        let raw = self.rest.get(..length).unwrap_or_default();
        let inner = raw.get(2..length.saturating_sub(2)).unwrap_or_default();
        let problem = forbidden(inner);
        let (role, name) = role(inner);
        let tag = Tag {
            raw: raw.to_owned(),
            role,
            name: name.to_owned(),
            pos,
            alone: false,
            indent: 0,
            several_lines: false,
        };
        if let Some((message, help)) = problem {
            self.errors.push(TemplateError::new(self.file, pos, message).help(help));
        }
        self.take(length);
        Some(tag)
    }
}

/// The length of the tag at the start of `text`.
fn tag_length(text: &str) -> Option<usize> {
    if text.starts_with("{{!--") {
        return text.find("--}}").map(|at| at + 4);
    }
    if text.starts_with("{{!") {
        return text.find("}}").map(|at| at + 2);
    }
    let mut quote = None;
    let mut before = '\0';
    for (at, c) in text.char_indices().skip(2) {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if c == open && before != '\\' => quote = None,
            (None, '}') if before == '}' => return Some(at + 1),
            _ => {}
        }
        before = c;
    }
    None
}

/// Why a tag with this text inside its braces is not part of the language.
fn forbidden(inner: &str) -> Option<(&'static str, &'static str)> {
    if inner.starts_with('{') || inner.starts_with('&') {
        return Some((
            "unescaped output does not exist here",
            "`{{path}}` already writes the value correctly for the place where it stands",
        ));
    }
    if inner.starts_with('~') || (inner.ends_with('~') && !inner.starts_with('!')) {
        return Some(("`~` does not exist here", "a tag alone on its line already leaves no trace of the line"));
    }
    match inner.trim_start().get(..1) {
        Some("*") => Some(("decorators do not exist here", "use a partial: `{{> name}}`")),
        Some("#") if inner.trim_start().starts_with("#>") || inner.trim_start().starts_with("#*") => {
            Some(("partial blocks do not exist here", "pass values by name: `{{> name value=path}}`"))
        }
        _ => None,
    }
}

fn role(inner: &str) -> (Role, &str) {
    let inner = inner.trim();
    let name = |text: &'_ str| -> usize { text.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(text.len()) };
    match inner.split_at_checked(1) {
        Some(("!", _)) => (Role::Comment, ""),
        Some((">", _)) => (Role::Partial, ""),
        Some(("#", rest)) => (Role::Open, rest.trim_start().get(..name(rest.trim_start())).unwrap_or_default()),
        Some(("/", rest)) => (Role::Close, rest.trim()),
        Some(("^", _)) => (Role::Else, ""),
        _ if inner == "else" || inner.starts_with("else ") => (Role::Else, ""),
        _ => (Role::Value, ""),
    }
}

/// Each block must be closed by its own name.
fn check_balance(file: &str, pieces: &[Piece], errors: &mut Vec<TemplateError>) {
    let mut open: Vec<&Tag> = Vec::new();
    let tags = pieces.iter().filter_map(|piece| match piece {
        Piece::Tag(tag) => Some(tag),
        Piece::Text(_) => None,
    });
    for tag in tags {
        match tag.role {
            Role::Open => open.push(tag),
            Role::Else if open.is_empty() => {
                errors.push(TemplateError::new(file, tag.pos, "`{{else}}` stands outside of any block"));
            }
            Role::Close => match open.pop() {
                Some(opening) if opening.name == tag.name => {}
                Some(opening) => errors.push(TemplateError::new(
                    file,
                    tag.pos,
                    format!("`{{{{/{}}}}}` closes `{{{{#{}}}}}` of line {}", tag.name, opening.name, opening.pos.line),
                )),
                None => {
                    errors.push(TemplateError::new(file, tag.pos, format!("`{{{{/{}}}}}` closes nothing", tag.name)))
                }
            },
            _ => {}
        }
    }
    for tag in open {
        errors.push(TemplateError::new(file, tag.pos, format!("`{{{{#{}}}}}` is never closed", tag.name)));
    }
}

/// Whether a tag is of a kind that consumes its line when nothing else stands there.
pub(super) fn may_be_alone(piece: &Piece) -> bool {
    matches!(piece, Piece::Tag(tag) if tag.can_be_alone())
}

/// The string block that a tag opens or closes.
pub(super) fn build_tag(piece: &Piece) -> Option<&Tag> {
    match piece {
        Piece::Tag(tag) if tag.is_build() => Some(tag),
        _ => None,
    }
}
