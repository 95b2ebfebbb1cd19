//! The names of the data folder's own directories, and the folder ID in the name of a course's directory.

use std::ffi::OsStr;

use model::FolderId;

/// The name of the directory for everything that came from the server.
pub(super) const DATABASE: &str = "database";
/// The name of `Area::Output`.
pub(super) const OUTPUT: &str = "output[CHUNKED]";

/// The folder ID in a directory name's last brackets, in any case.
pub fn id_in_last_brackets(name: &OsStr) -> Option<FolderId> {
    let name = name.to_str()?;
    let (_, last) = name.trim_end().strip_suffix(']')?.rsplit_once('[')?;
    FolderId::parse(last).ok()
}
