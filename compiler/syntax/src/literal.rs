//! Numbers, units and dates: the text of one token to its exact value.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, opt, recognize, rest, verify};
use nom::multi::{many0_count, many1_count};
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};
use rowan::{TextRange, TextSize};

use crate::ast::{Date, Decimal, Literal, Unit};
use crate::error::{NumberProblem, SyntaxError, SyntaxErrorKind, SyntaxFix, UnknownUnit};

/// Every unit as written.
pub(crate) const UNITS: &[(&str, Unit)] = &[
    ("ms", Unit::Millisecond),
    ("s", Unit::Second),
    ("m", Unit::Minute),
    ("h", Unit::Hour),
    ("d", Unit::Day),
    ("w", Unit::Week),
    ("B", Unit::Byte),
    ("KB", Unit::Kilobyte),
    ("MB", Unit::Megabyte),
    ("GB", Unit::Gigabyte),
    ("TB", Unit::Terabyte),
    ("KiB", Unit::Kibibyte),
    ("MiB", Unit::Mebibyte),
    ("GiB", Unit::Gibibyte),
    ("TiB", Unit::Tebibyte),
    ("%", Unit::Percent),
    ("rps", Unit::PerSecond),
    ("USD", Unit::Usd),
    ("EUR", Unit::Eur),
];

/// What people write who come from elsewhere.
const FOREIGN_UNITS: &[(&str, &str)] = &[
    ("msec", "ms"),
    ("millis", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "w"),
    ("weeks", "w"),
    ("b", "B"),
    ("byte", "B"),
    ("bytes", "B"),
    ("k", "KB"),
    ("g", "GB"),
    ("t", "TB"),
    ("ki", "KiB"),
    ("mi", "MiB"),
    ("gi", "GiB"),
    ("ti", "TiB"),
    ("qps", "rps"),
    ("percent", "%"),
    ("pct", "%"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("euro", "EUR"),
    ("euros", "EUR"),
];

/// The unit that is written so.
pub(crate) fn unit(text: &str) -> Option<Unit> {
    UNITS.iter().find(|(written, _)| *written == text).map(|(_, unit)| *unit)
}

/// The value of a number or a date, or why it has none.
pub(crate) fn literal(lexeme: &str) -> Result<Literal, SyntaxErrorKind> {
    if let Ok((_, parts)) = all_consuming(date_parts).parse(lexeme) {
        return date(parts).map(Literal::Date).ok_or(SyntaxErrorKind::BadDate);
    }
    let Ok((suffix, (whole, fraction))) = number_parts(lexeme) else {
        return Err(SyntaxErrorKind::MalformedNumber(NumberProblem::Point));
    };
    let fractions = fraction.matches('.').count();
    if fractions > 1 {
        return Err(SyntaxErrorKind::MalformedNumber(NumberProblem::Version));
    }
    if whole.is_empty() || fraction == "." {
        return Err(SyntaxErrorKind::MalformedNumber(NumberProblem::Point));
    }
    let behind = fraction.strip_prefix('.').unwrap_or_default();
    if !well_grouped(whole) || (fractions == 1 && !well_grouped(behind)) {
        return Err(SyntaxErrorKind::MalformedNumber(NumberProblem::Underscore));
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(SyntaxErrorKind::MalformedNumber(NumberProblem::LeadingZero));
    }
    if suffix.is_empty() && fractions == 0 {
        let value = digits(whole).and_then(|value| i64::try_from(value).ok());
        return value.map(Literal::Int).ok_or(SyntaxErrorKind::NumberTooLarge);
    }
    let decimal = decimal(whole, behind).ok_or(SyntaxErrorKind::NumberTooLarge)?;
    if suffix.is_empty() {
        return Ok(Literal::Number(decimal));
    }
    match unit(suffix) {
        Some(unit) => Ok(Literal::Quantity(decimal, unit)),
        None => Err(bad_unit(suffix)),
    }
}

/// What is wrong with a number or a date.
pub(crate) fn check(lexeme: &str, span: TextRange) -> Option<SyntaxError> {
    let kind = literal(lexeme).err()?;
    let fix = fix(&kind, lexeme, span);
    Some(SyntaxError { kind, span, fix })
}

fn fix(kind: &SyntaxErrorKind, lexeme: &str, span: TextRange) -> Option<SyntaxFix> {
    match kind {
        SyntaxErrorKind::UnknownUnit(UnknownUnit { found, meant: Some(meant) }) => {
            let start = span.end() - TextSize::of(found.as_str());
            Some(SyntaxFix::guess(&format!("write `{meant}`"), TextRange::new(start, span.end()), meant))
        }
        SyntaxErrorKind::MalformedNumber(NumberProblem::Point) => {
            let text = lexeme.strip_prefix('.').map(|rest| format!("0.{rest}"));
            let text = text.or_else(|| lexeme.strip_suffix('.').map(str::to_owned))?;
            Some(SyntaxFix::safe("write the digit", span, &text))
        }
        SyntaxErrorKind::MalformedNumber(NumberProblem::Underscore) => {
            let text: String = lexeme.chars().filter(|c| *c != '_').collect();
            Some(SyntaxFix::safe("remove the underscores", span, &text))
        }
        SyntaxErrorKind::MalformedNumber(NumberProblem::LeadingZero | NumberProblem::Version) => {
            Some(SyntaxFix::guess("put it in quotes", span, &format!("\"{lexeme}\"")))
        }
        SyntaxErrorKind::BadDate => {
            let (_, (year, month, day)) = all_consuming(date_parts).parse(lexeme).ok()?;
            let text = format!("{year}-{month:0>2}-{day:0>2}");
            let valid = literal(&text).is_ok();
            valid.then(|| SyntaxFix::safe("write two digits", span, &text))
        }
        _ => None,
    }
}

/// Year, month and day as written.
type DateParts<'a> = (&'a str, &'a str, &'a str);

fn date_parts(input: &str) -> IResult<&str, DateParts<'_>> {
    let four = verify(digit1, |year: &str| year.len() == 4);
    (four, preceded(char('-'), digit1), preceded(char('-'), digit1)).parse(input)
}

fn date((year, month, day): DateParts<'_>) -> Option<Date> {
    if month.len() != 2 || day.len() != 2 {
        return None;
    }
    let date = Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    let leap = date.year.is_multiple_of(4) && (!date.year.is_multiple_of(100) || date.year.is_multiple_of(400));
    let days = match date.month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&date.day).then_some(date)
}

/// The digits before the point and everything from the first point to the unit.
fn number_parts(input: &str) -> IResult<&str, (&str, &str)> {
    let grouped = || take_while1(|c: char| c.is_ascii_digit() || c == '_');
    let fractions = recognize(many1_count(pair(char('.'), grouped())));
    let fraction = alt((fractions, tag(".")));
    let (input, whole) = recognize(opt(grouped())).parse(input)?;
    let (input, fraction) = recognize(opt(fraction)).parse(input)?;
    Ok((input, (whole, fraction)))
}

/// Whether underscores stand between digits only.
fn well_grouped(text: &str) -> bool {
    let mut grouped =
        all_consuming(recognize(pair(digit1::<&str, nom::error::Error<&str>>, many0_count(pair(char('_'), digit1)))));
    grouped.parse(text).is_ok()
}

fn digits(text: &str) -> Option<i128> {
    text.bytes()
        .filter(u8::is_ascii_digit)
        .try_fold(0_i128, |value, digit| value.checked_mul(10)?.checked_add(i128::from(digit - b'0')))
}

fn decimal(whole: &str, fraction: &str) -> Option<Decimal> {
    let scale = u32::try_from(fraction.bytes().filter(u8::is_ascii_digit).count()).ok()?;
    let digits = digits(&format!("{whole}{fraction}"))?;
    // Later stages compute with ten to this power.
    (scale <= 30).then_some(Decimal { digits, scale })
}

/// `1h30m` has two units; anything else has one that does not exist.
fn bad_unit(suffix: &str) -> SyntaxErrorKind {
    if all_consuming(two_units).parse(suffix).is_ok() {
        return SyntaxErrorKind::TwoUnits;
    }
    let lower = suffix.to_ascii_lowercase();
    let same_letters =
        UNITS.iter().find(|(written, _)| written.eq_ignore_ascii_case(suffix)).map(|(written, _)| *written);
    let foreign = || FOREIGN_UNITS.iter().find(|(written, _)| *written == lower).map(|(_, meant)| *meant);
    let meant = same_letters.or_else(foreign);
    SyntaxErrorKind::UnknownUnit(UnknownUnit { found: suffix.to_owned(), meant })
}

/// The `h30m` of `1h30m`.
fn two_units(input: &str) -> IResult<&str, &str> {
    let letters = || verify(take_while1(|c: char| c.is_ascii_alphabetic()), |text: &str| unit(text).is_some());
    recognize((letters(), many1_count(pair(digit1, opt(letters()))), rest)).parse(input)
}
