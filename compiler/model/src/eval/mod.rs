//! Evaluation: layers, late defaults, references, rules. One instance in one environment at a time.

mod arena;
mod arithmetic;
mod budget;
mod build;
mod check;
mod collect;
mod compute;
mod cycle;
mod entries;
mod fields;
mod instances;
mod keys;
mod kinds;
mod lineage;
mod locate;
mod operators;
mod placeholder;
mod probe;
mod raw;
mod rules;
mod secrets;
mod text;
mod unresolved;
mod world;

pub use arena::{Arena, Context, NodeId};
pub use instances::{Evaluated, check_declaration, head, instance, world};
pub use probe::probe;
pub(crate) use raw::conflicts;
pub use world::{Head, World};
