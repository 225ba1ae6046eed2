//! A length of time in whole seconds, as Prometheus writes it.

use std::fmt;

/// A length of time such as `5m` or `1h30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u32);

impl Span {
    /// So many seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// So many days; a number that does not fit becomes the longest span.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self(days.saturating_mul(86_400))
    }

    /// Its length for arithmetic.
    #[must_use]
    pub const fn as_seconds(self) -> i128 {
        self.0 as i128
    }

    /// Its length in whole days, rounded down.
    #[must_use]
    pub const fn whole_days(self) -> u32 {
        self.0 / 86_400
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
            let count = rest / length;
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
            rest %= length;
        }
        Ok(())
    }
}
