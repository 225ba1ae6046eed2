//! The idpc binary.
fn main() {}
