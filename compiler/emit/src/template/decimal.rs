//! Compares exact decimal numbers by their text.

use std::cmp::Ordering;

/// Compares two decimals such as `-12.50`.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let (left_negative, left) = sign(left);
    let (right_negative, right) = sign(right);
    match (left_negative, right_negative) {
        (false, false) => magnitude(left).cmp(&magnitude(right)),
        (true, true) => magnitude(right).cmp(&magnitude(left)),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// Whether the number is below zero, and its digits.
fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().any(|byte| matches!(byte, b'1'..=b'9')) => (true, digits),
        Some(digits) => (false, digits),
        None => (false, text),
    }
}

/// Something that is ordered as the number is.
fn magnitude(digits: &str) -> (usize, &str, &str) {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.trim_start_matches('0');
    (whole.len(), whole, fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_their_value() {
        let ordered = ["-10", "-9.5", "-0.1", "0", "0.05", "0.1", "0.5", "1", "1.25", "2", "10", "100.001"];
        for (index, left) in ordered.iter().enumerate() {
            for (other, right) in ordered.iter().enumerate() {
                assert_eq!(compare(left, right), index.cmp(&other), "{left} and {right}");
            }
        }
        assert_eq!(compare("1.50", "1.5"), Ordering::Equal);
        assert_eq!(compare("-0", "0"), Ordering::Equal);
    }
}
