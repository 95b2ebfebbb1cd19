//! The one way from the engine's error to the error that crosses to the window.
//!
//! Invariant: nothing but this conversion makes an [`IpcError`], so that every refusal is logged once, with the place
//! in the code where it left Rust.

use std::panic::Location;

use engine::{Error, ErrorCode as EngineCode};
use model::Recorded;

use crate::dto::error::{ErrorCode, IpcError};
use crate::plain;

/// What a command answers.
pub type Answer<T> = Result<T, IpcError>;

impl From<Error> for IpcError {
    #[track_caller]
    fn from(error: Error) -> Self {
        if error.code() != EngineCode::Cancelled {
            let place = Location::caller();
            let place = format!("{}:{}", place.file().rsplit(['/', '\\']).next().unwrap_or_default(), place.line());
            tracing::warn!(code = error.code().as_str(), place, "{error}{}", causes(&error));
        }
        Self::told(&error)
    }
}

impl IpcError {
    /// The twin of an error that is part of a report and does not end a command; not logged.
    pub(crate) fn told(error: &Error) -> Self {
        Self::plainly(error.code().into(), error.message(), error.hint())
    }

    /// The error with its sentence in the words of people, and the whole sentence as detail where that is shorter.
    pub(crate) fn plainly(code: ErrorCode, sentence: &str, hint: Option<&str>) -> Self {
        let message = plain::sentence(code, sentence);
        let detail = (message != sentence).then(|| sentence.to_owned());
        Self { code, message, hint: hint.map(str::to_owned), detail }
    }
}

fn causes(error: &Error) -> String {
    let mut text = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}

impl From<EngineCode> for ErrorCode {
    fn from(code: EngineCode) -> Self {
        match code {
            EngineCode::InvalidInput => Self::InvalidInput,
            EngineCode::NotConfigured => Self::NotConfigured,
            EngineCode::BadCredentials => Self::BadCredentials,
            EngineCode::NoRights => Self::NoRights,
            EngineCode::NotFound => Self::NotFound,
            EngineCode::KeychainUnavailable => Self::KeychainUnavailable,
            EngineCode::KeychainLocked => Self::KeychainLocked,
            EngineCode::Network => Self::Network,
            EngineCode::Timeout => Self::Timeout,
            EngineCode::RateLimited => Self::RateLimited,
            EngineCode::ServerRejected => Self::ServerRejected,
            EngineCode::ServerChanged => Self::ServerChanged,
            EngineCode::CourseFileInvalid => Self::CourseFileInvalid,
            EngineCode::DataFileInvalid => Self::DataFileInvalid,
            EngineCode::Disk => Self::Disk,
            EngineCode::Busy => Self::Busy,
            EngineCode::Cancelled => Self::Cancelled,
            EngineCode::Internal => Self::Internal,
        }
    }
}

impl From<&EngineCode> for ErrorCode {
    fn from(code: &EngineCode) -> Self {
        (*code).into()
    }
}

impl From<&Recorded<EngineCode>> for ErrorCode {
    fn from(code: &Recorded<EngineCode>) -> Self {
        match code {
            Recorded::Known(code) => code.into(),
            Recorded::Unknown(_) => Self::Unknown,
        }
    }
}

impl From<engine::store::Error> for IpcError {
    #[track_caller]
    fn from(error: engine::store::Error) -> Self {
        Error::from(error).into()
    }
}

/// A fault of this program: a piece of work that ended without an answer.
pub(crate) fn lost_work(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(EngineCode::Internal, "The work ended without an answer, which is a fault of this program")
        .with_hint("Try again; if it stays, copy the diagnostic text from the settings and report it")
        .with_source(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_engines_word_for_word() {
        for code in EngineCode::ALL {
            let crossed = serde_json::to_value(ErrorCode::from(code)).unwrap();
            assert_eq!(crossed, code.as_str());
            assert_eq!(ErrorCode::from(&Recorded::of(code.as_str())), ErrorCode::from(code));
        }
        assert_eq!(ErrorCode::from(&Recorded::of("from-the-future")), ErrorCode::Unknown);
    }

    #[test]
    fn sentence_and_hint_cross_and_the_source_does_not() {
        let error = Error::new(EngineCode::Disk, "The disk is full")
            .with_hint("Make room")
            .with_source(std::io::Error::other("os error 28"));
        let crossed = serde_json::to_string(&IpcError::from(error)).unwrap();
        assert_eq!(crossed, r#"{"code":"disk","message":"The disk is full","hint":"Make room","detail":null}"#);
    }
}
