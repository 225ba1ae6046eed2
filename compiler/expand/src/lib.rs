//! What claims ask the cloud for: the patch-and-transform pipelines of Compositions, run offline over the files of a
//! build.
//!
//! It computes what the function makes of a new composite that nothing has been observed of: every patch from the
//! composite, none back to it. It never guesses: a transform or a function that it does not know is an error, and a
//! resource that waits for a value of the running cloud is named with that value.
//!
//! Beside it stands the other question about a claim and its API: whether a new API would still accept it.

mod accept;
mod definition;
mod expansion;
mod format;
mod patch;
mod path;
mod refused;
mod transform;

pub use expansion::{Composed, Expansion, Source, Waiting, expand};
pub use refused::{Refusal, User, refused};
