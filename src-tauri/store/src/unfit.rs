//! Refuses files before they are read: those that are not plain files, and those larger than a file of their kind ever
//! is.
//!
//! Opening a pipe waits for another program, perhaps for ever; a device may have no end; and a file that is read whole
//! takes as much memory as it is long. Deliberately absent: folders, which the system itself refuses.

use std::fmt;
use std::io;
use std::path::Path;

/// The most bytes to read of a whole course list, state, or file of settings.
pub(crate) const MOST_WHOLE_BYTES: u64 = 64 << 20;
/// The most bytes to read of an overview or a journal: room for as many videos as a course may have, each with its
/// text.
pub(crate) const MOST_COURSE_BYTES: u64 = 512 << 20;

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// A pipe, a device, a socket, or a link to one.
    NotPlain,
    /// Larger than this many bytes.
    TooLarge(u64),
}

impl Unfit {
    /// Why the file was refused, if for one of these reasons.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::NotPlain => "Put a plain file in its place; pipes and devices are neither read nor written",
            Self::TooLarge(_) => "Look at what it holds, and move it away if it is another file",
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPlain => f.write_str("it is not a plain file"),
            Self::TooLarge(most) => write!(f, "it is larger than {} MB, which no such file is", most >> 20),
        }
    }
}

impl std::error::Error for Unfit {}

impl From<Unfit> for io::Error {
    fn from(unfit: Unfit) -> Self {
        Self::new(io::ErrorKind::InvalidData, unfit)
    }
}

/// Refuses whatever exists but is neither a file nor a folder. Links are followed.
pub(crate) fn refuse_special(path: &Path) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => Err(Unfit::NotPlain.into()),
        // The operation itself reports any other problem.
        Ok(_) | Err(_) => Ok(()),
    }
}
