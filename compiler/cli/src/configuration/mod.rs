//! The effective configuration of a service: its values, and where each comes from.

mod listing;
mod object;
mod origin;
mod path;
#[cfg(test)]
mod tests;

pub use self::listing::{Listing, record};
pub use self::object::object;
pub use self::origin::Origins;
pub use self::path::{Found, Place, find};
