//! Some times of one thing.

use std::fmt;
use std::time::Duration;

/// The times, in seconds.
#[derive(Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// One more.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64());
    }

    /// The time that so many of a hundred do not exceed.
    fn within(sorted: &[f64], percent: usize) -> f64 {
        let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(at).copied().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |percent| Self::within(&sorted, percent) * 1e3;
        write!(f, "p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms (of {})", at(50), at(99), at(100), sorted.len())
    }
}

/// A time as it is shown.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
