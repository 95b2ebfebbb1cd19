//! What can go wrong with a data folder: a closed kind, one sentence that names file and line, and what to do.

use std::fmt;

use model::{ErrorCode, Failure};

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A chosen folder or file cannot be used for this purpose.
    InvalidInput,
    /// The folder, course or video does not exist.
    NotFound,
    /// `courses.csv` (the course list) is damaged; the message names the line.
    CourseFileInvalid,
    /// Another file of the data folder is damaged; the message names file and line.
    DataFileInvalid,
    /// The disk refused: full, read-only, or gone.
    Disk,
    /// Another process is writing the data folder.
    Busy,
    /// The user cancelled the work.
    Cancelled,
    /// A fault of this program.
    Internal,
}

impl ErrorKind {
    /// The code on which callers act.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::InvalidInput => ErrorCode::InvalidInput,
            Self::NotFound => ErrorCode::NotFound,
            Self::CourseFileInvalid => ErrorCode::CourseFileInvalid,
            Self::DataFileInvalid => ErrorCode::DataFileInvalid,
            Self::Disk => ErrorCode::Disk,
            Self::Busy => ErrorCode::Busy,
            Self::Cancelled => ErrorCode::Cancelled,
            Self::Internal => ErrorCode::Internal,
        }
    }
}

/// Shorthand for results of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. The message starts with a capital, names the file or line, and has no full stop at the end.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, source: None }
    }

    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "Stopped; what was done is kept")
    }

    /// What kind of thing went wrong.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The code on which callers act.
    pub const fn code(&self) -> ErrorCode {
        self.kind.code()
    }

    /// The sentence for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about the error, if anything can be done.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The underlying error, for logs.
    pub fn into_source(self) -> Option<Box<dyn std::error::Error + Send + Sync>> {
        self.source
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

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { code: error.code(), reason: error.message.clone(), hint: error.hint.clone() }
    }
}
