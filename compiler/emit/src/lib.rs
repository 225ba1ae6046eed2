//! Targets: a resolved workspace to artifacts.
//!
//! A target is a folder of templates. This crate checks the templates against the shape of the data when they are
//! loaded, compiles them to flat programs and runs those over the data. It never reads or writes a file.

pub mod artifact;
pub mod build;
pub mod demands;
pub mod digest;
mod labels;
mod model_shapes;
pub mod node;
pub mod packed;
pub mod shape;
pub mod target;
pub mod template;
pub mod view;
mod work;
pub mod yaml;
