//! Text to tokens. Total: every byte lies in exactly one token, and what is wrong is a token too.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{line_ending, satisfy};
use nom::combinator::recognize;
use nom::multi::many0_count;
use nom::sequence::pair;
use nom::{IResult, Parser};

use crate::error::SyntaxErrorKind;
use crate::kind::SyntaxKind;
use crate::literal;

/// A token with what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub kind: SyntaxKind,
    /// Its length in bytes.
    pub len: usize,
    /// What is wrong with it.
    pub error: Option<SyntaxErrorKind>,
}

/// Splits a text into tokens whose lengths add up to its own.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len() / 4);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let token = next(rest).unwrap_or_else(|| {
            let kind = if is_bidirectional(first) {
                SyntaxErrorKind::Bidirectional
            } else {
                SyntaxErrorKind::UnknownCharacter(first)
            };
            Token { kind: SyntaxKind::Error, len: first.len_utf8(), error: Some(kind) }
        });
        rest = rest.get(token.len..).unwrap_or_default();
        found.push(token);
    }
    found
}

fn next(text: &str) -> Option<Token> {
    let first = text.chars().next()?;
    match first {
        ' ' | '\t' => plain(SyntaxKind::Whitespace, take_while1(|c| c == ' ' || c == '\t').parse(text)),
        '\n' | '\r' => plain(SyntaxKind::Newline, line_ending.parse(text)),
        '"' => Some(string(text)),
        '0'..='9' => Some(literal::number(text)),
        '/' if text.starts_with("//") => Some(comment(text)),
        _ if first.is_ascii_alphabetic() || first == '_' => plain(SyntaxKind::Ident, name(text)),
        _ => punctuation(text),
    }
}

fn plain(kind: SyntaxKind, found: IResult<&str, &str>) -> Option<Token> {
    found.ok().map(|(_, text)| Token { kind, len: text.len(), error: None })
}

/// A name: a letter or `_`, then letters, digits, `_` and `-`.
pub fn name(text: &str) -> IResult<&str, &str> {
    recognize(pair(
        satisfy(|c| c.is_ascii_alphabetic() || c == '_'),
        take_while(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-'),
    ))
    .parse(text)
}

fn comment(text: &str) -> Token {
    let len = text.find(['\n', '\r']).unwrap_or(text.len());
    let body = text.get(..len).unwrap_or(text);
    let kind = if body.starts_with("///") && !body.starts_with("////") {
        SyntaxKind::DocComment
    } else {
        SyntaxKind::Comment
    };
    let error = body.chars().any(is_bidirectional).then_some(SyntaxErrorKind::Bidirectional);
    Token { kind, len, error }
}

fn punctuation(text: &str) -> Option<Token> {
    use SyntaxKind as K;
    let kinds: &[(&str, K)] = &[
        ("??", K::QuestionQuestion),
        ("..", K::DotDot),
        ("==", K::EqEq),
        ("!=", K::Ne),
        ("<=", K::Le),
        (">=", K::Ge),
        ("{", K::LBrace),
        ("}", K::RBrace),
        ("[", K::LBracket),
        ("]", K::RBracket),
        ("(", K::LParen),
        (")", K::RParen),
        ("<", K::Lt),
        (">", K::Gt),
        ("=", K::Eq),
        (":", K::Colon),
        (",", K::Comma),
        (".", K::Dot),
        ("?", K::Question),
        ("@", K::At),
        ("&", K::Amp),
        ("|", K::Pipe),
        ("+", K::Plus),
        ("-", K::Minus),
        ("*", K::Star),
        ("/", K::Slash),
    ];
    kinds.iter().find(|(symbol, _)| text.starts_with(symbol)).map(|(symbol, kind)| Token {
        kind: *kind,
        len: symbol.len(),
        error: None,
    })
}

fn string(text: &str) -> Token {
    if let Some(body) = text.strip_prefix("\"\"\"") {
        return match body.find("\"\"\"") {
            Some(end) => finished(text, end + 6),
            None => open_string(text, text.len()),
        };
    }
    let mut at = 1;
    let mut escaped = false;
    for c in text.chars().skip(1) {
        match c {
            '\n' | '\r' => return open_string(text, at),
            '"' if !escaped => return finished(text, at + 1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        at += c.len_utf8();
    }
    open_string(text, at)
}

fn finished(text: &str, len: usize) -> Token {
    let body = text.get(..len).unwrap_or(text);
    let error = if body.chars().any(is_bidirectional) {
        Some(SyntaxErrorKind::Bidirectional)
    } else {
        literal::text_error(body)
    };
    Token { kind: SyntaxKind::Str, len, error }
}

fn open_string(text: &str, len: usize) -> Token {
    let len = len.min(text.len());
    Token { kind: SyntaxKind::Str, len, error: Some(SyntaxErrorKind::UnterminatedString) }
}

/// Characters of the Unicode property `Bidi_Control`.
fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The digits of a number, `_` allowed between them.
pub fn digits(text: &str) -> IResult<&str, &str> {
    recognize(pair(
        satisfy(|c| c.is_ascii_digit()),
        many0_count(alt((take_while1(|c: char| c.is_ascii_digit()), recognize(pair(tag("_"), satisfy(|c| c.is_ascii_digit())))))),
    ))
    .parse(text)
}
