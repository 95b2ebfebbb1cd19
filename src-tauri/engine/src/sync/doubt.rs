//! A folder whose lists are incomplete. Videos that stay in the overview because of it are reported under its name.

use crate::Error;
use crate::outcome::{Failure, PartFailure};

/// A folder whose lists are incomplete, and why.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) folder: String,
    pub(super) error: Error,
}

impl Doubt {
    /// The doubt as part of a report.
    pub(super) fn as_part(&self) -> PartFailure {
        PartFailure { video: None, name: self.folder.clone(), failure: Failure::from(&self.error) }
    }
}
