//! Calling off a computation: because a text changed, or because nobody waits for its result any more.
//!
//! Queries notice it by themselves and unwind; [`stoppable`] is where that ends.

use std::panic::AssertUnwindSafe;

use salsa::Database as _;

use crate::db::Database;

/// Calls off what one clone of the database computes.
#[derive(Clone, Debug)]
pub struct Canceler(salsa::CancellationToken);

impl Canceler {
    /// Calls it off; the next query that it asks for is not answered.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// The canceler of a clone of the database.
#[must_use]
pub fn canceler(database: &Database) -> Canceler {
    Canceler(database.cancellation_token())
}

/// Why a computation did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A text was about to change.
    Edited,
    /// Nobody waits for it.
    Canceled,
}

/// Goes no further if a text is about to change.
pub fn unless_edited(database: &Database) {
    database.unwind_if_revision_cancelled();
}

/// Runs a computation that may be called off. What panics goes on panicking.
///
/// # Errors
/// When it was called off.
pub fn stoppable<T>(work: impl FnOnce() -> T) -> Result<T, Stopped> {
    match salsa::Cancelled::catch(AssertUnwindSafe(work)) {
        Ok(done) => Ok(done),
        Err(salsa::Cancelled::Local) => Err(Stopped::Canceled),
        // Whoever panicked on another thread says so there; here it is as if the text had changed.
        Err(_) => Err(Stopped::Edited),
    }
}
