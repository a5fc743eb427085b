//! How a command ends when it does not end well.

use std::{fmt, process::ExitCode};

/// What went wrong, for a person, and the exit code for a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// Exit 1: it was tried and failed.
    pub fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), code: 1 }
    }

    /// Exit 2: the command, its arguments or the configuration are wrong.
    pub fn wrong_use(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), code: 2 }
    }

    /// Exit 75 (`EX_TEMPFAIL` of sysexits.h): nothing is wrong here, try again later.
    pub fn try_later(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), code: 75 }
    }

    /// Says it on stderr and gives the exit code.
    pub fn report(&self) -> ExitCode {
        eprintln!("communique: {}", self.message);
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
