//! The writer as a whole, on real folders.

#[cfg(unix)]
mod attack;
mod gate;
mod narrow;
mod narrowing;
mod repair;
mod world;
mod writing;
