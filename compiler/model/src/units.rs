//! Exact amounts: numbers and quantities as rationals. Floats exist nowhere.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use idpc_syntax::ast::{Decimal, Unit};
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Zero};

/// An exact rational number.
pub type Amount = Ratio<i128>;

/// What a quantity measures, with the base unit in which its amount is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Seconds.
    Duration,
    /// Bytes.
    Size,
    /// A share of one: `99.9%` is 999/1000.
    Percent,
    /// Per second.
    Rate,
    /// United States dollars.
    Usd,
    /// Euros.
    Eur,
}

impl Dimension {
    /// The type name that users write.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Size => "size",
            Self::Percent => "percent",
            Self::Rate => "rate",
            Self::Usd | Self::Eur => "money",
        }
    }
}

/// An amount with its dimension and the text that shows it.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// What is measured.
    pub dimension: Dimension,
    /// The amount in the dimension's base unit.
    pub amount: Amount,
    /// As written, or for a computed amount in the largest unit that keeps it whole.
    pub text: Arc<str>,
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.dimension == other.dimension && self.amount == other.amount
    }
}

impl Eq for Quantity {}

impl Quantity {
    /// The quantity that a literal stands for; `None` when the amount does not fit.
    #[must_use]
    pub fn from_literal(number: Decimal, unit: Unit) -> Option<Self> {
        let (dimension, factor) = scale(unit);
        let amount = amount_of(number)?.checked_mul(&factor)?;
        let text = format!("{}{}", decimal_text(number), symbol(unit)).into();
        Some(Self { dimension, amount, text })
    }

    /// A computed quantity.
    #[must_use]
    pub fn computed(dimension: Dimension, amount: Amount) -> Self {
        let text = shown(dimension, amount).into();
        Self { dimension, amount, text }
    }

    /// Orders two quantities of one dimension.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        (self.dimension == other.dimension).then(|| self.amount.cmp(&other.amount))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The exact value of a decimal literal; `None` when it does not fit.
#[must_use]
pub fn amount_of(number: Decimal) -> Option<Amount> {
    let denominator = 10_i128.checked_pow(number.scale)?;
    Some(Ratio::new(number.digits, denominator))
}

fn decimal_text(number: Decimal) -> String {
    amount_of(number).map_or_else(String::new, |amount| decimal(amount).unwrap_or_default())
}

/// The decimal text of an amount, exact; `None` when its expansion never ends.
#[must_use]
pub fn decimal(amount: Amount) -> Option<String> {
    let mut rest = *amount.denom();
    for prime in [2, 5] {
        while rest % prime == 0 {
            rest /= prime;
        }
    }
    if rest != 1 {
        return None;
    }
    let negative = amount < Ratio::zero();
    let magnitude = if negative { -amount } else { amount };
    let mut text = magnitude.trunc().to_integer().to_string();
    let mut fraction = magnitude.fract();
    if !fraction.is_zero() {
        text.push('.');
        while !fraction.is_zero() {
            let shifted = fraction.checked_mul(&Ratio::from_integer(10))?;
            text.push_str(&shifted.trunc().to_integer().to_string());
            fraction = shifted.fract();
        }
    }
    Some(if negative { format!("-{text}") } else { text })
}

/// The text of a number: decimal where that is exact, else a fraction.
#[must_use]
pub fn number_text(amount: Amount) -> String {
    decimal(amount).unwrap_or_else(|| format!("{}/{}", amount.numer(), amount.denom()))
}

/// The dimension of a unit and how many base units it holds.
#[must_use]
pub fn scale(unit: Unit) -> (Dimension, Amount) {
    let whole = |dimension, factor: i128| (dimension, Ratio::from_integer(factor));
    match unit {
        Unit::Millisecond => (Dimension::Duration, Ratio::new_raw(1, 1000)),
        Unit::Second => whole(Dimension::Duration, 1),
        Unit::Minute => whole(Dimension::Duration, 60),
        Unit::Hour => whole(Dimension::Duration, 3600),
        Unit::Day => whole(Dimension::Duration, 86_400),
        Unit::Week => whole(Dimension::Duration, 604_800),
        Unit::Byte => whole(Dimension::Size, 1),
        Unit::Kilobyte => whole(Dimension::Size, 1000),
        Unit::Megabyte => whole(Dimension::Size, 1_000_000),
        Unit::Gigabyte => whole(Dimension::Size, 1_000_000_000),
        Unit::Terabyte => whole(Dimension::Size, 1_000_000_000_000),
        Unit::Kibibyte => whole(Dimension::Size, 1 << 10),
        Unit::Mebibyte => whole(Dimension::Size, 1 << 20),
        Unit::Gibibyte => whole(Dimension::Size, 1 << 30),
        Unit::Tebibyte => whole(Dimension::Size, 1 << 40),
        Unit::Percent => (Dimension::Percent, Ratio::new_raw(1, 100)),
        Unit::PerSecond => whole(Dimension::Rate, 1),
        Unit::Usd => whole(Dimension::Usd, 1),
        Unit::Eur => whole(Dimension::Eur, 1),
    }
}

/// The unit as users write it.
#[must_use]
pub fn symbol(unit: Unit) -> &'static str {
    match unit {
        Unit::Millisecond => "ms",
        Unit::Second => "s",
        Unit::Minute => "m",
        Unit::Hour => "h",
        Unit::Day => "d",
        Unit::Week => "w",
        Unit::Byte => "B",
        Unit::Kilobyte => "KB",
        Unit::Megabyte => "MB",
        Unit::Gigabyte => "GB",
        Unit::Terabyte => "TB",
        Unit::Kibibyte => "KiB",
        Unit::Mebibyte => "MiB",
        Unit::Gibibyte => "GiB",
        Unit::Tebibyte => "TiB",
        Unit::Percent => "%",
        Unit::PerSecond => "rps",
        Unit::Usd => "USD",
        Unit::Eur => "EUR",
    }
}

fn shown(dimension: Dimension, amount: Amount) -> String {
    let units: &[Unit] = match dimension {
        Dimension::Duration => &[Unit::Day, Unit::Hour, Unit::Minute, Unit::Second, Unit::Millisecond],
        Dimension::Size => &[Unit::Tebibyte, Unit::Gibibyte, Unit::Mebibyte, Unit::Kibibyte, Unit::Byte],
        Dimension::Percent => &[Unit::Percent],
        Dimension::Rate => &[Unit::PerSecond],
        Dimension::Usd => &[Unit::Usd],
        Dimension::Eur => &[Unit::Eur],
    };
    let whole = units.iter().find_map(|unit| {
        let count = amount.checked_div(&scale(*unit).1)?;
        (count.is_integer() && !count.is_zero()).then(|| format!("{}{}", count.to_integer(), symbol(*unit)))
    });
    whole.unwrap_or_else(|| {
        let unit = units.last().copied().unwrap_or(Unit::Second);
        let count = amount.checked_div(&scale(unit).1).unwrap_or_else(Ratio::zero);
        format!("{}{}", number_text(count), symbol(unit))
    })
}

/// `a + b`, `None` on overflow.
#[must_use]
pub fn add(a: Amount, b: Amount) -> Option<Amount> {
    a.checked_add(&b)
}

/// `a - b`, `None` on overflow.
#[must_use]
pub fn subtract(a: Amount, b: Amount) -> Option<Amount> {
    a.checked_sub(&b)
}

/// `a * b`, `None` on overflow.
#[must_use]
pub fn multiply(a: Amount, b: Amount) -> Option<Amount> {
    a.checked_mul(&b)
}

/// `a / b`, `None` on overflow or when `b` is zero.
#[must_use]
pub fn divide(a: Amount, b: Amount) -> Option<Amount> {
    if b.is_zero() { None } else { a.checked_div(&b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(digits: i128, scale: u32, unit: Unit) -> Quantity {
        Quantity::from_literal(Decimal { digits, scale }, unit).unwrap()
    }

    #[test]
    fn equality_is_by_amount_and_text_stays_as_written() {
        let seconds = quantity(60, 0, Unit::Second);
        let minute = quantity(1, 0, Unit::Minute);
        assert_eq!(seconds, minute);
        assert_eq!(&*seconds.text, "60s");
        assert_ne!(quantity(1, 0, Unit::Usd), quantity(1, 0, Unit::Eur));
    }

    #[test]
    fn percentages_are_exact() {
        let objective = quantity(999, 1, Unit::Percent);
        assert_eq!(objective.amount, Ratio::new(999, 1000));
        let budget = subtract(Ratio::from_integer(1), objective.amount).unwrap();
        assert_eq!(decimal(budget).unwrap(), "0.001");
    }

    #[test]
    fn computed_text_takes_the_largest_whole_unit() {
        let ninety = Quantity::computed(Dimension::Duration, Ratio::from_integer(90));
        assert_eq!(&*ninety.text, "90s");
        let half = Quantity::computed(Dimension::Size, Ratio::from_integer(512 << 20));
        assert_eq!(&*half.text, "512MiB");
    }

    #[test]
    fn a_third_has_no_decimal() {
        assert_eq!(decimal(Ratio::new(1, 3)), None);
        assert_eq!(number_text(Ratio::new(1, 3)), "1/3");
        assert_eq!(divide(Ratio::from_integer(1), Ratio::zero()), None);
    }
}
