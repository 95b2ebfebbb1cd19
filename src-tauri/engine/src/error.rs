//! The one error of the engine: a code that consumers act on, one sentence, where it happened, what to do.
//!
//! A partial failure (one course of many, one video of many) is not an error but part of a report.

use std::fmt;

/// What kind of thing went wrong. Closed on purpose: a variant exists only where a consumer acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// Something the user gave cannot be used (an ID, a link, a time zone): point at the input.
    InvalidInput,
    /// No server or no credentials are set: lead to *Connect*.
    NotConfigured,
    /// The server does not accept who we say we are: ask to sign in again.
    BadCredentials,
    /// Signed in, but without the right to see this: name the folder, suggest whom to ask.
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
    /// The server asks for slower work than the retries allow.
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

/// Shorthand for results of the engine.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in one sentence a teacher can act on.
///
/// The message starts with a capital, names the file, line or call, and has no full stop at the end; the hint says what
/// to do next. Neither ever holds a secret.
#[derive(Debug)]
pub struct Error {
    code: ErrorCode,
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with its one sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, source: None }
    }

    /// Adds what the user can do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the underlying error, for logs.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The user stopped the work.
    pub fn cancelled() -> Self {
        Self::new(ErrorCode::Cancelled, "Stopped; what was done is kept")
    }

    /// What kind of thing went wrong.
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, where something can be done.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}
