//! Which latencies a histogram can measure: exactly the upper bounds of its buckets.

use super::exact::Exact;

/// The bounds that OpenTelemetry advises for durations of HTTP and RPC servers, as (numerator, denominator) seconds.
pub const OPEN_TELEMETRY_SECONDS: [(i128, i128); 14] = [
    (5, 1000),
    (10, 1000),
    (25, 1000),
    (50, 1000),
    (75, 1000),
    (100, 1000),
    (250, 1000),
    (500, 1000),
    (750, 1000),
    (1, 1),
    (5, 2),
    (5, 1),
    (15, 2),
    (10, 1),
];

/// Whether a threshold can be measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// It is the bound of a bucket.
    Known,
    /// It is not, so that no query can tell requests just below it from those just above.
    Unknown {
        /// The largest bound below it.
        below: Option<Exact>,
        /// The smallest bound above it.
        above: Option<Exact>,
    },
}

/// Looks a threshold up among bounds given as (numerator, denominator) in ascending order.
#[must_use]
pub fn bucket_known(threshold_seconds: &Exact, bounds: &[(i128, i128)]) -> Bucket {
    let mut below = None;
    for (numerator, denominator) in bounds {
        // A bound without a value bounds nothing.
        if *denominator == 0 {
            continue;
        }
        let bound = Exact::new(*numerator, *denominator);
        if bound == *threshold_seconds {
            return Bucket::Known;
        }
        if bound > *threshold_seconds {
            return Bucket::Unknown { below, above: Some(bound) };
        }
        below = Some(bound);
    }
    Bucket::Unknown { below, above: None }
}
