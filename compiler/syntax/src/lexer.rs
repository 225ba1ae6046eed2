//! Text to tokens.
//!
//! Total: every byte lies in exactly one token. What breaks a rule is still a token of the kind that was meant, with an
//! error that says why, so that the parser need not guess; only characters that mean nothing at all become
//! [`SyntaxKind::Error`], which the grammar does not see.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::{anychar, char, none_of, satisfy};
use nom::combinator::{not, opt, peek, recognize, value};
use nom::multi::{many0_count, many1_count};
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};
use rowan::{TextRange, TextSize};

use crate::error::{SyntaxError, SyntaxErrorKind, SyntaxFix, WrongOperator};
use crate::kind::SyntaxKind;
use crate::parser::keyword;
use crate::{literal, text};

/// A token: its kind and how many bytes it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: SyntaxKind,
    /// Its length in bytes.
    pub(crate) len: TextSize,
}

/// All tokens of a text.
#[derive(Debug)]
pub(crate) struct Lexed {
    /// In order; their lengths add up to the length of the text.
    pub(crate) tokens: Vec<Token>,
    /// What is wrong with them, in order of the tokens.
    pub(crate) errors: Vec<SyntaxError>,
}

/// Splits a text into tokens.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        rest: text,
        offset: TextSize::new(0),
        out: Lexed { tokens: Vec::new(), errors: Vec::new() },
        no_comment_end: false,
        no_text_end: false,
    };
    while !lexer.rest.is_empty() {
        lexer.next();
    }
    find_bidi_controls(text, &mut lexer.out.errors);
    lexer.out
}

struct Lexer<'a> {
    text: &'a str,
    rest: &'a str,
    offset: TextSize,
    out: Lexed,
    /// No `*/` follows; known so that no text is searched twice.
    no_comment_end: bool,
    /// No `"""` follows.
    no_text_end: bool,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) {
        if let Some((kind, len)) = self.stateful() {
            return self.push(kind, len);
        }
        let (kind, len) = match token(self.rest) {
            Ok((after, kind)) => (kind, self.rest.len().saturating_sub(after.len())),
            Err(_) => (SyntaxKind::Error, 0),
        };
        // The grammar below never yields an empty token; a total lexer does not depend on that.
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        self.push(kind, len.max(first));
    }

    fn push(&mut self, kind: SyntaxKind, len: usize) {
        let Some((lexeme, rest)) = self.rest.split_at_checked(len) else {
            self.rest = "";
            return;
        };
        let start = self.offset;
        let len = TextSize::of(lexeme);
        self.check(kind, lexeme, TextRange::at(start, len));
        self.out.tokens.push(Token { kind: meant(kind, lexeme), len });
        self.rest = rest;
        self.offset = start + len;
    }

    /// Tokens whose end depends on more than the characters at hand.
    fn stateful(&mut self) -> Option<(SyntaxKind, usize)> {
        if self.rest.starts_with("/*") {
            return Some((SyntaxKind::Comment, self.block_comment()));
        }
        if self.rest.starts_with("\"\"\"") {
            return Some((SyntaxKind::Str, self.text_block()));
        }
        if self.offset == TextSize::new(0) && self.rest.starts_with('\u{feff}') {
            return Some((SyntaxKind::Whitespace, '\u{feff}'.len_utf8()));
        }
        // `99.9 %`: the parser reports the space.
        if self.rest.starts_with('%') && self.is_behind_spaced_number() {
            return Some((SyntaxKind::Ident, 1));
        }
        if self.rest.starts_with('.') && self.out.tokens.last().is_none_or(|last| !ends_operand(last.kind)) {
            let after = pointed(self.rest).ok()?.0;
            return Some((SyntaxKind::Number, self.rest.len().saturating_sub(after.len())));
        }
        None
    }

    fn is_behind_spaced_number(&self) -> bool {
        let mut last = self.out.tokens.iter().rev().map(|token| token.kind);
        last.next() == Some(SyntaxKind::Whitespace) && matches!(last.next(), Some(SyntaxKind::Int | SyntaxKind::Number))
    }

    /// `/* … */`, which does not exist here but is recognized whole; without an end, the rest of the line.
    fn block_comment(&mut self) -> usize {
        if !self.no_comment_end {
            if let Some(end) = self.rest.get(2..).and_then(|body| body.find("*/")) {
                return end + 4;
            }
            self.no_comment_end = true;
        }
        line_len(self.rest)
    }

    /// `"""…"""`; without an end, up to the next line that is indented no more than the one it begins on and is no text.
    fn text_block(&mut self) -> usize {
        if !self.no_text_end {
            if let Some(len) = text::block_len(self.rest) {
                return len;
            }
            self.no_text_end = true;
        }
        let before = self.text.get(..usize::from(self.offset)).unwrap_or_default();
        let indent = indent_of(before.rsplit('\n').next().unwrap_or_default());
        let mut end = 0;
        for line in self.rest.split_inclusive('\n') {
            if end > 0 && indent_of(line) <= indent && is_no_text(line) {
                break;
            }
            end += line.len();
        }
        let body = self.rest.get(..end).unwrap_or(self.rest);
        body.trim_end().len().max(3)
    }

    fn check(&mut self, kind: SyntaxKind, lexeme: &str, span: TextRange) {
        match kind {
            SyntaxKind::Number | SyntaxKind::Date => self.out.errors.extend(literal::check(lexeme, span)),
            SyntaxKind::Str => text::check(lexeme, span.start(), &mut self.out.errors),
            SyntaxKind::Ident if !lexeme.is_ascii() => self.error(SyntaxErrorKind::NonAsciiName, span, None),
            SyntaxKind::Comment if !lexeme.starts_with("//") => {
                let hash = TextRange::at(span.start(), TextSize::new(1));
                let fix = lexeme.starts_with('#').then(|| SyntaxFix::safe("write `//`", hash, "//"));
                self.error(SyntaxErrorKind::WrongComment, span, fix);
            }
            SyntaxKind::Comma if lexeme == ";" => {
                let fix = SyntaxFix::guess("write a comma", span, ",");
                self.error(SyntaxErrorKind::Semicolon, span, Some(fix));
            }
            SyntaxKind::Ident => self.check_operator(lexeme, span),
            SyntaxKind::Error => {
                let found = lexeme.chars().next().unwrap_or(' ');
                let fix = found.is_whitespace().then(|| SyntaxFix::safe("write a space", span, " "));
                if !is_bidi_control(found) {
                    self.error(SyntaxErrorKind::UnknownCharacter(found), span, fix);
                }
            }
            _ => {}
        }
    }

    fn check_operator(&mut self, lexeme: &str, span: TextRange) {
        let (found, text) = match lexeme {
            "&&" => ("&&", "and"),
            "||" => ("||", "or"),
            "!" => ("!", "not "),
            _ => return,
        };
        let fix = SyntaxFix::safe("write the operator as a word", span, text);
        let operator = WrongOperator { found, meant: text.trim_end() };
        self.error(SyntaxErrorKind::WrongOperator(operator), span, Some(fix));
    }

    fn error(&mut self, kind: SyntaxErrorKind, span: TextRange, fix: Option<SyntaxFix>) {
        self.out.errors.push(SyntaxError { kind, span, fix });
    }
}

/// Numbers are told apart by what is in them.
fn meant(kind: SyntaxKind, lexeme: &str) -> SyntaxKind {
    if kind != SyntaxKind::Number {
        return kind;
    }
    match lexeme.find(|c: char| !c.is_ascii_digit() && c != '_').and_then(|at| lexeme.get(at..)) {
        None => SyntaxKind::Int,
        Some(rest) if rest.ends_with(is_unit_start) || rest.ends_with('%') => SyntaxKind::Quantity,
        Some(_) => SyntaxKind::Number,
    }
}

/// Whether a point after such a token cannot begin a number.
fn ends_operand(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    let is_value = matches!(kind, K::Ident | K::Int | K::Number | K::Quantity | K::Date | K::Str);
    is_value || matches!(kind, K::RBrace | K::RBracket | K::RParen | K::Dot | K::DotDot)
}

/// One token, by its first character.
fn token(input: &str) -> IResult<&str, SyntaxKind> {
    match input.chars().next() {
        Some(first) if is_word_start(first) => value(SyntaxKind::Ident, word).parse(input),
        Some('0'..='9') => alt((value(SyntaxKind::Date, date), value(SyntaxKind::Number, number_text))).parse(input),
        Some('"') => value(SyntaxKind::Str, line_string).parse(input),
        Some(' ' | '\t') => value(SyntaxKind::Whitespace, take_while1(|c| matches!(c, ' ' | '\t'))).parse(input),
        Some('\n' | '\r') => line_break(input),
        Some('/') => alt((comment, value(SyntaxKind::Slash, char('/')))).parse(input),
        Some('#') => value(SyntaxKind::Comment, line_rest).parse(input),
        Some(_) => alt((punctuation, foreign)).parse(input),
        None => value(SyntaxKind::Error, anychar).parse(input),
    }
}

fn is_word_start(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic())
}

fn is_word(c: char) -> bool {
    c == '_' || c == '-' || c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric())
}

fn word(input: &str) -> IResult<&str, &str> {
    recognize(pair(satisfy(is_word_start), take_while(is_word))).parse(input)
}

fn line_break(input: &str) -> IResult<&str, SyntaxKind> {
    alt((value(SyntaxKind::Newline, alt((tag("\r\n"), tag("\n")))), value(SyntaxKind::Whitespace, char('\r'))))
        .parse(input)
}

/// The bytes before the line break.
fn line_len(input: &str) -> usize {
    let line = input.split('\n').next().unwrap_or(input);
    line.strip_suffix('\r').map_or(line.len(), str::len)
}

fn line_rest(input: &str) -> IResult<&str, &str> {
    recognize(many0_count(preceded(not(alt((tag("\r\n"), tag("\n")))), none_of("\n")))).parse(input)
}

fn comment(input: &str) -> IResult<&str, SyntaxKind> {
    let documentation = recognize((tag("///"), not(char('/')), line_rest));
    alt((value(SyntaxKind::DocComment, documentation), value(SyntaxKind::Comment, recognize((tag("//"), line_rest)))))
        .parse(input)
}

/// `2027-03-31`, with one-digit parts too, so that the error can say what is wrong.
fn date(input: &str) -> IResult<&str, &str> {
    let digits = |least, most| take_while_m_n(least, most, |c: char| c.is_ascii_digit());
    let end = not(satisfy(|c| c.is_ascii_alphanumeric() || c == '_'));
    recognize((digits(4, 4), char('-'), digits(1, 2), char('-'), digits(1, 2), end)).parse(input)
}

/// Digits, a fraction (or several, as in a version), and the letters or the percent sign behind them.
fn number_text(input: &str) -> IResult<&str, &str> {
    let lone_point = terminated(char('.'), not(alt((value((), char('.')), value((), satisfy(is_word_start))))));
    let fraction = recognize(many1_count(fraction));
    let unit = alt((recognize(pair(satisfy(is_unit_start), take_while(is_unit))), tag("%")));
    recognize((digits, opt(alt((fraction, recognize(lone_point)))), opt(unit))).parse(input)
}

/// `.5`
fn pointed(input: &str) -> IResult<&str, &str> {
    recognize((fraction, take_while(is_unit), opt(char('%')))).parse(input)
}

fn fraction(input: &str) -> IResult<&str, &str> {
    recognize((char('.'), peek(satisfy(|c| c.is_ascii_digit())), digits)).parse(input)
}

fn digits(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_digit() || c == '_').parse(input)
}

fn is_unit_start(c: char) -> bool {
    c == 'µ' || c.is_ascii_alphabetic()
}

fn is_unit(c: char) -> bool {
    c == 'µ' || c == '_' || c.is_ascii_alphanumeric()
}

/// A string on one line, or what there is of it. Quotes around a path segment inside `${…}` do not end it.
fn line_string(input: &str) -> IResult<&str, &str> {
    let escape = recognize(pair(char('\\'), opt(none_of("\n\r"))));
    let plain = recognize(none_of("\"\\\n\r$"));
    let piece = alt((escape, insertion, plain, tag("$")));
    recognize((char('"'), many0_count(piece), opt(char('"')))).parse(input)
}

/// `${a."b".c}`
fn insertion(input: &str) -> IResult<&str, &str> {
    let bare = take_while1(|c: char| c == ' ' || is_word(c));
    let quoted = recognize((tag(".\""), take_while(|c| !matches!(c, '"' | '\\' | '\n' | '\r')), char('"')));
    recognize((tag("${"), many0_count(alt((quoted, bare, tag(".")))), char('}'))).parse(input)
}

fn punctuation(input: &str) -> IResult<&str, SyntaxKind> {
    alt((two_characters, one_character)).parse(input)
}

fn two_characters(input: &str) -> IResult<&str, SyntaxKind> {
    let (rest, pair) = recognize(pair(anychar, anychar)).parse(input)?;
    let kind = match pair {
        ".." => SyntaxKind::DotDot,
        "??" => SyntaxKind::QuestionQuestion,
        "==" => SyntaxKind::EqEq,
        "!=" => SyntaxKind::Ne,
        "<=" => SyntaxKind::Le,
        ">=" => SyntaxKind::Ge,
        "&&" | "||" => SyntaxKind::Ident,
        _ => return no_match(input),
    };
    Ok((rest, kind))
}

fn one_character(input: &str) -> IResult<&str, SyntaxKind> {
    let (rest, found) = anychar(input)?;
    let kind = match found {
        '{' => SyntaxKind::LBrace,
        '}' => SyntaxKind::RBrace,
        '[' => SyntaxKind::LBracket,
        ']' => SyntaxKind::RBracket,
        '(' => SyntaxKind::LParen,
        ')' => SyntaxKind::RParen,
        ',' | ';' => SyntaxKind::Comma,
        ':' => SyntaxKind::Colon,
        '=' => SyntaxKind::Eq,
        '.' => SyntaxKind::Dot,
        '+' => SyntaxKind::Plus,
        '-' => SyntaxKind::Minus,
        '*' => SyntaxKind::Star,
        '|' => SyntaxKind::Pipe,
        '&' => SyntaxKind::Amp,
        '?' => SyntaxKind::Question,
        '@' => SyntaxKind::At,
        '<' => SyntaxKind::Lt,
        '>' => SyntaxKind::Gt,
        '!' => SyntaxKind::Ident,
        _ => return no_match(input),
    };
    Ok((rest, kind))
}

fn no_match(input: &str) -> IResult<&str, SyntaxKind> {
    Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Tag)))
}

/// Quotes and spaces of other scripts, then whatever is left.
fn foreign(input: &str) -> IResult<&str, SyntaxKind> {
    let straight = recognize((char('\''), take_while(|c| !matches!(c, '\'' | '\n' | '\r')), char('\'')));
    let curly = recognize((
        satisfy(text::is_curly_quote),
        take_while(|c| !text::is_curly_quote(c) && !matches!(c, '\n' | '\r')),
        satisfy(text::is_curly_quote),
    ));
    let space = satisfy(|c| c.is_whitespace() && !matches!(c, '\n' | '\r'));
    alt((value(SyntaxKind::Str, alt((straight, curly))), value(SyntaxKind::Error, alt((space, anychar))))).parse(input)
}

/// Whether a line looks like one of a program: it closes something, declares something, or sets a name.
fn is_no_text(line: &str) -> bool {
    let line = line.trim();
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(line.len());
    let (word, behind) = line.split_at_checked(end).unwrap_or_default();
    let sets = !word.is_empty() && behind.trim_start().starts_with(['=', '{', ':']);
    sets || keyword::is_declaration(word) || line.starts_with(['}', ']', ')'])
}

/// How far a line is indented.
fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// They are errors wherever they stand, comments and strings included.
fn find_bidi_controls(text: &str, errors: &mut Vec<SyntaxError>) {
    if text.is_ascii() {
        return;
    }
    let mut offset = TextSize::new(0);
    for found in text.chars() {
        let len = TextSize::of(found);
        if is_bidi_control(found) {
            let span = TextRange::at(offset, len);
            let fix = SyntaxFix::guess("remove the character", span, "");
            errors.push(SyntaxError { kind: SyntaxErrorKind::Bidirectional, span, fix: Some(fix) });
        }
        offset += len;
    }
}
