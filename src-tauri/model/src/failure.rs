//! What kinds of failure there are, and a failure that can be stored and shown again.
//!
//! Deliberately absent: the errors themselves. Each crate has its own and turns it into one of these kinds.
//!
//! Invariant: an [`ErrorCode`] exists only if a consumer acts on it, and its word never changes, because it stands in
//! journals, in JSON and in the documentation.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::SessionId;
use crate::recorded::{Recorded, Word};

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "error.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// Something the user gave cannot be used (an ID, a link, a time zone): point at the input.
    InvalidInput,
    /// No server or no credentials are set: lead to *Connect*.
    NotConfigured,
    /// The server does not accept the credentials: ask to sign in again.
    BadCredentials,
    /// Signed in, but without the right to see this: name the folder and suggest whom to ask.
    NoRights,
    /// The folder or video is not there (or hidden from this user, which looks the same).
    NotFound,
    /// There is no keychain to talk to: offer "this session only" or environment variables.
    KeychainUnavailable,
    /// The keychain is there but locked: ask to unlock it.
    KeychainLocked,
    /// The server cannot be reached, or the connection cannot be trusted (TLS).
    Network,
    /// The server did not answer in time.
    Timeout,
    /// The server asks for a slower pace than the retries allow.
    RateLimited,
    /// The server refused the call for another reason.
    ServerRejected,
    /// The answer is not what Panopto is known to send.
    ServerChanged,
    /// `courses.csv` (the course list) is damaged: the line is named.
    CourseFileInvalid,
    /// A file of the data folder is damaged: the file and line are named.
    DataFileInvalid,
    /// The disk refused: full, read-only, gone.
    Disk,
    /// Another process is writing this data folder.
    Busy,
    /// The user stopped it. Not shown as an error.
    Cancelled,
    /// A fault of this program.
    Internal,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 18] = [
        Self::InvalidInput,
        Self::NotConfigured,
        Self::BadCredentials,
        Self::NoRights,
        Self::NotFound,
        Self::KeychainUnavailable,
        Self::KeychainLocked,
        Self::Network,
        Self::Timeout,
        Self::RateLimited,
        Self::ServerRejected,
        Self::ServerChanged,
        Self::CourseFileInvalid,
        Self::DataFileInvalid,
        Self::Disk,
        Self::Busy,
        Self::Cancelled,
        Self::Internal,
    ];

    /// The code as it is written in JSON and in the documentation, for example `no-rights`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid-input",
            Self::NotConfigured => "not-configured",
            Self::BadCredentials => "bad-credentials",
            Self::NoRights => "no-rights",
            Self::NotFound => "not-found",
            Self::KeychainUnavailable => "keychain-unavailable",
            Self::KeychainLocked => "keychain-locked",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::RateLimited => "rate-limited",
            Self::ServerRejected => "server-rejected",
            Self::ServerChanged => "server-changed",
            Self::CourseFileInvalid => "course-file-invalid",
            Self::DataFileInvalid => "data-file-invalid",
            Self::Disk => "disk",
            Self::Busy => "busy",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Word for ErrorCode {
    const ALL: &'static [Self] = &Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// Why something failed, in a form that can be stored and shown again.
///
/// `C` is [`ErrorCode`] for something this program has just done, and [`Recorded<ErrorCode>`] for something read from a
/// file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure<C = ErrorCode> {
    /// The kind.
    pub code: C,
    /// One sentence without full stop.
    pub reason: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A video, or a subfolder, whose data could not be fetched this time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartFailure<C = ErrorCode> {
    /// The video; absent when it is a subfolder that could not be read.
    pub video: Option<SessionId>,
    /// Name of the video or subfolder.
    pub name: String,
    /// Why.
    #[serde(flatten)]
    pub failure: Failure<C>,
}

/// A failure as it stands in a file.
pub type RecordedFailure = Failure<Recorded<ErrorCode>>;
/// A failed video or subfolder as it stands in a file.
pub type RecordedPart = PartFailure<Recorded<ErrorCode>>;

impl Failure {
    /// The same, as it is written to a file.
    pub fn recorded(self) -> RecordedFailure {
        Failure { code: Recorded::Known(self.code), reason: self.reason, hint: self.hint }
    }
}

impl PartFailure {
    /// The same, as it is written to a file.
    pub fn recorded(self) -> RecordedPart {
        PartFailure { video: self.video, name: self.name, failure: self.failure.recorded() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_serialised_as_its_word() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }

    #[test]
    fn a_failure_of_another_version_is_kept_whole() {
        let text = r#"{"video":null,"name":"Week 1","code":"from-the-future","reason":"Odd"}"#;
        let read: RecordedPart = serde_json::from_str(text).unwrap();
        assert_eq!(read.failure.code, Recorded::Unknown("from-the-future".to_owned()));
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
}
