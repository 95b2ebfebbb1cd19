//! IDs as the window names them.

use engine::{Error, ErrorCode, Result};
use model::{FolderId, IdError, SessionId};

/// A course.
pub fn course(id: &str) -> Result<FolderId> {
    FolderId::parse(id).map_err(|error| refuse(&error))
}

/// A video.
pub fn video(id: &str) -> Result<SessionId> {
    SessionId::parse(id).map_err(|error| refuse(&error))
}

/// Courses; `None` is all.
pub fn courses(ids: Option<&[String]>) -> Result<Option<Vec<FolderId>>> {
    ids.map(|ids| ids.iter().map(|id| course(id)).collect()).transpose()
}

fn refuse(error: &IdError) -> Error {
    Error::new(ErrorCode::InvalidInput, error.to_string())
}
