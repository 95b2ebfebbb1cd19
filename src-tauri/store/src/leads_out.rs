//! The refusal of a path on which a link leaves the data folder.

use std::fmt;
use std::path::PathBuf;

use super::path_text::path_text;

/// A link that leads out of the data folder.
#[derive(Debug)]
pub(super) struct LeadsOut {
    pub(super) link: PathBuf,
    pub(super) target: PathBuf,
}

impl fmt::Display for LeadsOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is a link that leads out of the data folder, to `{}`",
            path_text(&self.link),
            path_text(&self.target)
        )
    }
}

impl std::error::Error for LeadsOut {}
