//! The results of a run as text.

mod human;
mod json;
mod junit;
mod short;

pub use self::junit::escaped;

use crate::suite::Results;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Every failure with its difference, then a summary.
    Human,
    /// One line a failure.
    Short,
    /// One JSON object a test, one a line.
    Json,
    /// The XML that continuous integration reads.
    Junit,
}

/// Writes results.
#[must_use]
pub fn report(results: &Results, form: Form) -> String {
    match form {
        Form::Human => human::report(results),
        Form::Short => short::report(results),
        Form::Json => json::report(results),
        Form::Junit => junit::report(results),
    }
}

#[cfg(test)]
mod tests;
