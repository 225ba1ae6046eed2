//! The inner languages of literals: numbers with units, dates, and the parts of text.

use nom::Parser;
use nom::bytes::complete::{tag, take_while, take_while_m_n};
use nom::combinator::{opt, recognize};
use nom::sequence::{pair, preceded};

use crate::ast::{Date, Decimal, Literal, Name, Path, StrPart, TextRange, TextSize, Unit};
use crate::error::SyntaxErrorKind;
use crate::kind::SyntaxKind;
use crate::lexer::{Token, digits, name};

/// A token that begins with a digit.
#[must_use]
pub fn number(text: &str) -> Token {
    if let Some((len, date)) = date(text) {
        return Token { kind: SyntaxKind::Date, len, error: date.is_none().then_some(SyntaxErrorKind::BadDate) };
    }
    let mantissa = recognize(pair(digits, opt(preceded(tag("."), digits))));
    let Ok((rest, mantissa)) = parse(mantissa, text) else {
        return Token { kind: SyntaxKind::Error, len: 1, error: None };
    };
    let unit = unit_text(rest);
    let kind = if !unit.is_empty() {
        SyntaxKind::Quantity
    } else if mantissa.contains('.') {
        SyntaxKind::Number
    } else {
        SyntaxKind::Int
    };
    let error = if !unit.is_empty() && unit_of(unit).is_none() {
        Some(unit_error(unit))
    } else if decimal(mantissa).is_none() || (kind == SyntaxKind::Int && whole(mantissa).is_none()) {
        Some(SyntaxErrorKind::NumberTooLarge)
    } else {
        None
    };
    Token { kind, len: mantissa.len() + unit.len(), error }
}

fn parse<'a>(
    mut parser: impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>>,
    text: &'a str,
) -> Result<(&'a str, &'a str), nom::Err<nom::error::Error<&'a str>>> {
    parser.parse(text)
}

fn unit_text(rest: &str) -> &str {
    if rest.starts_with('%') {
        return rest.get(..1).unwrap_or_default();
    }
    let word = take_while::<_, &str, nom::error::Error<&str>>(|c: char| c.is_ascii_alphanumeric() || c == '_');
    parse(word, rest).map_or("", |(_, word)| word)
}

fn unit_error(unit: &str) -> SyntaxErrorKind {
    let letters: String = unit.chars().take_while(char::is_ascii_alphabetic).collect();
    let more = unit.get(letters.len()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if more && unit_of(&letters).is_some() {
        SyntaxErrorKind::TwoUnits
    } else {
        SyntaxErrorKind::UnknownUnit(unit.to_owned())
    }
}

/// The unit that a word stands for.
#[must_use]
pub fn unit_of(word: &str) -> Option<Unit> {
    Some(match word {
        "ms" => Unit::Millisecond,
        "s" => Unit::Second,
        "m" => Unit::Minute,
        "h" => Unit::Hour,
        "d" => Unit::Day,
        "w" => Unit::Week,
        "B" => Unit::Byte,
        "KB" => Unit::Kilobyte,
        "MB" => Unit::Megabyte,
        "GB" => Unit::Gigabyte,
        "TB" => Unit::Terabyte,
        "KiB" => Unit::Kibibyte,
        "MiB" => Unit::Mebibyte,
        "GiB" => Unit::Gibibyte,
        "TiB" => Unit::Tebibyte,
        "%" => Unit::Percent,
        "rps" => Unit::PerSecond,
        "USD" => Unit::Usd,
        "EUR" => Unit::Eur,
        _ => return None,
    })
}

fn date(text: &str) -> Option<(usize, Option<Date>)> {
    let part = |n| take_while_m_n::<_, &str, nom::error::Error<&str>>(n, n, |c: char| c.is_ascii_digit());
    let (rest, (year, _, month, _, day)) = (part(4), tag("-"), part(2), tag("-"), part(2)).parse(text).ok()?;
    let date = Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    Some((text.len() - rest.len(), (1..=month_length(&date)).contains(&date.day).then_some(date)))
}

fn month_length(date: &Date) -> u8 {
    let leap = date.year.is_multiple_of(4) && (!date.year.is_multiple_of(100) || date.year.is_multiple_of(400));
    match date.month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

fn whole(mantissa: &str) -> Option<i64> {
    mantissa.replace('_', "").parse().ok()
}

fn decimal(mantissa: &str) -> Option<Decimal> {
    let plain = mantissa.replace('_', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let scale = u32::try_from(fraction.len()).ok().filter(|scale| *scale <= 18)?;
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    (digits < i128::from(u64::MAX) * 1_000_000).then_some(Decimal { digits, scale })
}

/// The value of a token that begins with a digit; `None` where it was reported.
#[must_use]
pub fn value(kind: SyntaxKind, text: &str) -> Option<Literal> {
    match kind {
        SyntaxKind::Date => date(text)?.1.map(Literal::Date),
        SyntaxKind::Int => whole(text).map(Literal::Int),
        SyntaxKind::Number => decimal(text).map(Literal::Number),
        SyntaxKind::Quantity => {
            let end = text.find(|c: char| c.is_ascii_alphabetic() || c == '%')?;
            let (mantissa, unit) = text.split_at_checked(end)?;
            Some(Literal::Quantity(decimal(mantissa)?, unit_of(unit)?))
        }
        _ => None,
    }
}

/// The first thing that is wrong inside of a closed text.
#[must_use]
pub fn text_error(token: &str) -> Option<SyntaxErrorKind> {
    parts(token, TextSize::new(0)).err()
}

/// The parts of a text, escapes resolved. `start` is where the token begins.
///
/// # Errors
/// The first escape or insertion that is wrong.
pub fn parts(token: &str, start: TextSize) -> Result<Vec<StrPart>, SyntaxErrorKind> {
    let long = token.starts_with("\"\"\"");
    let quotes = if long { 3 } else { 1 };
    let body = token.get(quotes..token.len().saturating_sub(quotes)).unwrap_or_default();
    let offset = start + TextSize::new(u32::try_from(quotes).unwrap_or(0));
    let indent = if long { closing_indent(body) } else { 0 };
    let mut reader = Reader { parts: Vec::new(), text: String::new() };
    let mut at = 0;
    if long {
        // The newline after the opening quotes does not belong to the text, nor does the one before the closing ones.
        at = body.find('\n').map_or(0, |end| end + 1);
        at = skip_indent(body, at, indent);
    }
    let end = if long { body.trim_end_matches([' ', '\t']).strip_suffix('\n').map_or(body.len(), |b| b.trim_end_matches('\r').len()) } else { body.len() };
    while at < end {
        at = reader.step(body, at, offset)?;
        if long && body.get(..at).is_some_and(|before| before.ends_with('\n')) {
            at = skip_indent(body, at, indent);
        }
    }
    reader.flush();
    Ok(reader.parts)
}

fn closing_indent(body: &str) -> usize {
    let last = body.rsplit('\n').next().unwrap_or_default();
    if last.trim().is_empty() { last.len() } else { 0 }
}

fn skip_indent(body: &str, at: usize, indent: usize) -> usize {
    let rest = body.get(at..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    at + blank.min(indent)
}

struct Reader {
    parts: Vec<StrPart>,
    text: String,
}

impl Reader {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(StrPart::Text(std::mem::take(&mut self.text)));
        }
    }

    /// Reads one character, escape or insertion; gives the place behind it.
    fn step(&mut self, body: &str, at: usize, offset: TextSize) -> Result<usize, SyntaxErrorKind> {
        let rest = body.get(at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return Ok(body.len()) };
        if let Some(escape) = rest.strip_prefix('\\') {
            let (c, len) = unescape(escape)?;
            self.text.push(c);
            return Ok(at + 1 + len);
        }
        if let Some(inner) = rest.strip_prefix("${") {
            let end = inner.find('}').ok_or(SyntaxErrorKind::BadInsert)?;
            let start = offset + size(at + 2);
            let path = path(inner.get(..end).unwrap_or_default(), start).ok_or(SyntaxErrorKind::BadInsert)?;
            self.flush();
            self.parts.push(StrPart::Insert(path));
            return Ok(at + 2 + end + 1);
        }
        self.text.push(first);
        Ok(at + first.len_utf8())
    }
}

fn unescape(text: &str) -> Result<(char, usize), SyntaxErrorKind> {
    let c = match text.chars().next() {
        Some('"') => '"',
        Some('\\') => '\\',
        Some('n') => '\n',
        Some('t') => '\t',
        Some('$') => '$',
        Some('u') => {
            let hex = text.strip_prefix("u{").and_then(|rest| rest.split_once('}')).map(|(hex, _)| hex);
            let hex = hex.ok_or(SyntaxErrorKind::BadEscape)?;
            let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).ok_or(SyntaxErrorKind::BadEscape)?;
            return Ok((c, hex.len() + 3));
        }
        _ => return Err(SyntaxErrorKind::BadEscape),
    };
    Ok((c, 1))
}

fn size(at: usize) -> TextSize {
    TextSize::new(u32::try_from(at).unwrap_or(u32::MAX))
}

fn path(text: &str, start: TextSize) -> Option<Path> {
    let mut segments = Vec::new();
    let mut at = text.len() - text.trim_start().len();
    for segment in text.trim().split('.') {
        let (rest, word) = name(segment).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let span = TextRange::at(start + size(at), size(word.len()));
        segments.push(Name { text: word.to_owned(), span });
        at += segment.len() + 1;
    }
    let span = TextRange::new(segments.first()?.span.start(), segments.last()?.span.end());
    Some(Path { segments, span })
}
