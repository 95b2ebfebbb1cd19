//! Exit codes: what a script that calls this program can act on.

use std::process::ExitCode;

use engine::{Error, ErrorCode};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// It failed.
    Failed,
    /// The command line as typed cannot be used.
    Usage,
    /// Credentials: nobody is signed in, the server refused, a right is missing, or there is no keychain.
    Credentials,
    /// Network: the server cannot be reached, or does not answer as it should.
    Network,
    /// A part was done; the failures are named.
    Partial,
    /// Stopped by the user.
    Cancelled,
}

impl Exit {
    /// The number that the system receives.
    pub const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Credentials => 3,
            Self::Network => 4,
            Self::Partial => 5,
            Self::Cancelled => 130,
        }
    }

    /// The word in the JSON envelope.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Cancelled => "cancelled",
            Self::Failed | Self::Usage | Self::Credentials | Self::Network => "failed",
        }
    }

    /// The exit of a command that failed with an error of this code.
    pub fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::InvalidInput => Self::Usage,
            ErrorCode::NotConfigured
            | ErrorCode::BadCredentials
            | ErrorCode::NoRights
            | ErrorCode::KeychainUnavailable
            | ErrorCode::KeychainLocked => Self::Credentials,
            ErrorCode::Network
            | ErrorCode::Timeout
            | ErrorCode::RateLimited
            | ErrorCode::ServerRejected
            | ErrorCode::ServerChanged => Self::Network,
            ErrorCode::Cancelled => Self::Cancelled,
            ErrorCode::NotFound
            | ErrorCode::CourseFileInvalid
            | ErrorCode::DataFileInvalid
            | ErrorCode::Disk
            | ErrorCode::Busy
            | ErrorCode::Internal => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

/// Replaces the engine's code for invalid input with `code`, if the call itself is correct and the fault lies in what
/// it names; `docs/command-line.md` has the rule.
pub(crate) fn not_the_call(error: Error, code: ErrorCode) -> Error {
    if error.code() != ErrorCode::InvalidInput {
        return error;
    }
    let converted = Error::new(code, error.message());
    match error.hint() {
        Some(hint) => converted.with_hint(hint),
        None => converted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_documentation() {
        let numbers: Vec<(&str, u8)> =
            ErrorCode::ALL.iter().map(|code| (code.as_str(), Exit::of(*code).number())).collect();
        assert_eq!(
            numbers,
            [
                ("invalid-input", 2),
                ("not-configured", 3),
                ("bad-credentials", 3),
                ("no-rights", 3),
                ("not-found", 1),
                ("keychain-unavailable", 3),
                ("keychain-locked", 3),
                ("network", 4),
                ("timeout", 4),
                ("rate-limited", 4),
                ("server-rejected", 4),
                ("server-changed", 4),
                ("course-file-invalid", 1),
                ("data-file-invalid", 1),
                ("disk", 1),
                ("busy", 1),
                ("cancelled", 130),
                ("internal", 1),
            ]
        );
    }
}
