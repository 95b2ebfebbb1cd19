//! The log of requests, for tests. It holds no secrets: no bodies and no header values.

use crate::Route;
use chrono::{DateTime, Utc};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// When the log reaches this length, its older half is dropped, so that a server can run for weeks.
const MOST_ENTRIES: usize = 1_000_000;

/// One request that reached the server.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestLogEntry {
    /// When the request arrived, by the simulator's clock.
    pub at: DateTime<Utc>,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query as sent, without the question mark.
    pub query: String,
    /// What the path means to the server.
    pub route: Route,
    /// Status of the reply. 0 until there is one; it stays 0 if the connection was cut or the client gave up.
    pub status: u16,
    /// The SOAP call, if the request was one and could be read.
    pub soap: Option<SoapCall>,
    /// Whether the request carried a valid token, cookie, or name and password.
    pub authenticated: bool,
    /// `grant_type` of a token request.
    pub grant: Option<String>,
    /// The fault that was injected, if any.
    pub fault: Option<String>,
    /// Members of a SOAP call that the real server would silently ignore: unknown ones, and those in the wrong
    /// namespace or order.
    pub ignored: Vec<String>,
}

/// What a SOAP request asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SoapCall {
    /// Name of the operation.
    pub operation: String,
    /// `sessionId`.
    pub session_id: Option<Uuid>,
    /// `beginRange`; a time without a zone is read as UTC.
    pub begin: Option<DateTime<Utc>>,
    /// `endRange`, read the same way.
    pub end: Option<DateTime<Utc>>,
    /// `MaxNumberResults`.
    pub max_results: Option<i64>,
    /// `PageNumber`.
    pub page: Option<i64>,
}

/// The entries. Each has a number that it keeps when the log is cleared.
#[derive(Debug, Default)]
pub(crate) struct Log {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    first: u64,
    entries: Vec<RequestLogEntry>,
}

impl Log {
    /// Adds an entry and returns its number.
    pub(crate) fn begin(&self, entry: RequestLogEntry) -> u64 {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.entries.len() >= MOST_ENTRIES {
            kept.entries.drain(..MOST_ENTRIES / 2);
            kept.first += MOST_ENTRIES as u64 / 2;
        }
        kept.entries.push(entry);
        kept.first + kept.entries.len() as u64 - 1
    }

    /// Changes an entry, unless it has been cleared.
    pub(crate) fn amend(&self, number: u64, change: impl FnOnce(&mut RequestLogEntry)) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let first = kept.first;
        if let Some(entry) = number.checked_sub(first).and_then(|at| kept.entries.get_mut(at as usize)) {
            change(entry);
        }
    }

    pub(crate) fn all(&self) -> Vec<RequestLogEntry> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).entries.clone()
    }

    pub(crate) fn clear(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.first += kept.entries.len() as u64;
        kept.entries.clear();
    }
}
