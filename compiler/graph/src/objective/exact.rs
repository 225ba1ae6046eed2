//! Exact numbers and their text.

use num_rational::Ratio;
use num_traits::CheckedMul;

/// A number without rounding.
pub type Exact = Ratio<i128>;

/// Its text: a decimal if it ends, else a decimal divided by a whole number, such as `0.0028 / 3`. Both are valid
/// arithmetic in PromQL, and neither is rounded.
#[must_use]
pub fn decimal(number: &Exact) -> String {
    let mut rest = *number.denom();
    for prime in [2, 5] {
        while rest % prime == 0 {
            rest /= prime;
        }
    }
    if rest == 1 {
        return ending(number).unwrap_or_else(|| number.to_string());
    }
    number
        .checked_mul(&Exact::from_integer(rest))
        .and_then(|scaled| ending(&scaled))
        .map_or_else(|| number.to_string(), |scaled| format!("{scaled} / {rest}"))
}

/// The digits of a number whose denominator has no prime factor but 2 and 5; `None` if they do not fit.
fn ending(number: &Exact) -> Option<String> {
    let mut scale: i128 = 1;
    let mut places = 0_usize;
    while scale % number.denom() != 0 {
        scale = scale.checked_mul(10)?;
        places += 1;
    }
    let digits = (*number.numer()).checked_mul(scale / number.denom())?;
    Some(fixed(digits, places))
}

/// `digits` with a point before the last `places`.
#[must_use]
pub(super) fn fixed(digits: i128, places: usize) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let magnitude = digits.unsigned_abs().to_string();
    if places == 0 {
        return format!("{sign}{magnitude}");
    }
    let padded = format!("{magnitude:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}
