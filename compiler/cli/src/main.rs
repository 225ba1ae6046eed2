//! The binary `idpc`.

use std::process::ExitCode;

fn main() -> ExitCode {
    idpc::run()
}
