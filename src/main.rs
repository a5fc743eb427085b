//! Exit codes and nothing else: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    communique::cli::main()
}
