//! The one error that crosses to the window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::BINDINGS;

/// Why a command was refused: a code to act on, one sentence to show, and what to do.
///
/// Every command rejects with this and with nothing else. Partial failure is never one of these but part of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = BINDINGS)]
pub struct IpcError {
    /// What the window acts on.
    pub code: ErrorCode,
    /// One sentence for the user, without a full stop.
    pub message: String,
    /// What to do about it, where something can be done.
    pub hint: Option<String>,
    /// The whole sentence with the words of the system and the name of the call, where `message` leaves them out: for a
    /// part that is opened on demand.
    pub detail: Option<String>,
}

/// The closed list of codes: the engine's, word for word, and one for a code that a journal of another version holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export_to = BINDINGS)]
pub enum ErrorCode {
    /// Shown at the field.
    InvalidInput,
    /// Leads to *Connect*.
    NotConfigured,
    /// Leads to signing in again.
    BadCredentials,
    /// Shown at the folder or course.
    NoRights,
    /// Shown at the folder, course or video.
    NotFound,
    /// Offers "this session only".
    KeychainUnavailable,
    /// Asks to unlock it and try again.
    KeychainLocked,
    /// Shows the offline banner.
    Network,
    /// Offers *Try again*.
    Timeout,
    /// Offers *Try again*.
    RateLimited,
    /// Shown where it happened.
    ServerRejected,
    /// Offers to copy the diagnostic text.
    ServerChanged,
    /// Offers to open the data folder.
    CourseFileInvalid,
    /// Offers to open the data folder.
    DataFileInvalid,
    /// Shown where it happened.
    Disk,
    /// Shown where it happened; nothing is wrong.
    Busy,
    /// Not shown at all.
    Cancelled,
    /// Offers to copy the diagnostic text.
    Internal,
    /// A code that another version of this program wrote into a journal: its sentence and hint are shown, and nothing is
    /// offered.
    Unknown,
}
