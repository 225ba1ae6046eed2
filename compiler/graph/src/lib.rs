//! The dependency graph of a resolved workspace: order, cycles, reach and objective arithmetic.
//!
//! Edges come from the model: calls, needs, owners, systems, deliveries. No kind or path is known by name.

pub mod calls;
pub mod draw;
pub mod findings;
pub mod graph;
pub mod objective;
pub mod promises;
pub mod silent;
pub mod slo;
pub mod unique;
