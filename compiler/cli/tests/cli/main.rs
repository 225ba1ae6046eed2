//! The program as users run it: every command, every form of a finding, every exit code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod build;
mod check;
mod doc;
mod expand;
mod explain;
mod fix;
mod fmt;
mod graph;
mod help;
mod init;
mod new;
mod place;
mod secrets;
mod service_only;
mod show;
mod streams;
mod test;
mod vendor;
