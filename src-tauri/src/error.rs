//! The one error that crosses to the window, and the one way to it from the engine's.
//!
//! Invariant: a refused command is logged once, with the place in the code where its error left Rust. An error that is part
//! of a report does not end a command and is not logged here.

use std::panic::Location;

use engine::{Error, ErrorCode};
use model::{Failure, Recorded};
use serde::Serialize;
use ts_rs::TS;

use crate::plain;

/// Why a command was refused: a code to act on, one sentence to show, and what to do.
///
/// Every command rejects with this and with nothing else. Partial failure is never one of these but part of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "error.ts")]
pub struct IpcError {
    /// What the window acts on. Absent if another version of this program stored a code that this one does not know;
    /// then sentence and hint are shown, and no action is offered.
    pub code: Option<ErrorCode>,
    /// One sentence for the user, without a full stop.
    pub message: String,
    /// What to do about it, where something can be done.
    pub hint: Option<String>,
    /// The whole sentence, with the system's own words and the name of the call, if `message` leaves them out. Shown in
    /// a part that opens on demand.
    pub detail: Option<String>,
}

/// What a command answers.
pub type Answer<T> = Result<T, IpcError>;

impl From<Error> for IpcError {
    #[track_caller]
    fn from(error: Error) -> Self {
        if error.code() != ErrorCode::Cancelled {
            let place = Location::caller();
            let place = format!("{}:{}", place.file().rsplit(['/', '\\']).next().unwrap_or_default(), place.line());
            tracing::warn!(code = error.code().as_str(), place, "{error}{}", causes(&error));
        }
        Self::within_report(&error)
    }
}

impl IpcError {
    /// An error that is part of a report and does not end a command; not logged.
    pub(crate) fn within_report(error: &Error) -> Self {
        Self::in_plain_words(Some(error.code()), error.message(), error.hint())
    }

    /// A failure that was stored.
    pub(crate) fn of_failure<C: StoredCode>(failure: &Failure<C>) -> Self {
        Self::in_plain_words(failure.code.known(), &failure.reason, failure.hint.as_deref())
    }

    /// The error in plain words, with the whole sentence as detail if that is longer.
    fn in_plain_words(code: Option<ErrorCode>, sentence: &str, hint: Option<&str>) -> Self {
        let message = plain::sentence(code, sentence);
        let whole = plain::quoted(sentence);
        let detail = (message != whole).then_some(whole);
        Self { code, message, hint: hint.map(plain::quoted), detail }
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

/// A code of this run, or one that was read from a journal.
pub(crate) trait StoredCode {
    /// The code, where this version knows it.
    fn known(&self) -> Option<ErrorCode>;
}

impl StoredCode for ErrorCode {
    fn known(&self) -> Option<ErrorCode> {
        Some(*self)
    }
}

impl StoredCode for Recorded<ErrorCode> {
    fn known(&self) -> Option<ErrorCode> {
        match self {
            Self::Known(code) => Some(*code),
            Self::Unknown(_) => None,
        }
    }
}

impl From<engine::store::Error> for IpcError {
    #[track_caller]
    fn from(error: engine::store::Error) -> Self {
        Error::from(error).into()
    }
}

/// A bug in this program: a piece of work that ended without an answer.
pub(crate) fn lost_work(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorCode::Internal, "The work ended without an answer, which is a fault of this program")
        .with_hint("Try again; if it stays, copy the diagnostic text from the settings and report it")
        .with_source(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentence_and_hint_cross_and_the_source_does_not() {
        let error = Error::new(ErrorCode::Disk, "The disk is full")
            .with_hint("Make room")
            .with_source(std::io::Error::other("os error 28"));
        let crossed = serde_json::to_string(&IpcError::from(error)).unwrap();
        assert_eq!(crossed, r#"{"code":"disk","message":"The disk is full","hint":"Make room","detail":null}"#);
    }
}
