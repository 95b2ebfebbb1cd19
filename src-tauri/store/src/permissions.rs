//! Who may read what this program writes: the owner, and anyone to whom a person has given access.
//!
//! On Unix only the owner may read a new file (0600) or a new directory (0700). A file that replaces another takes over
//! its mode and group, so rights that somebody gave or removed stay as they are. A directory with the set-group-ID bit,
//! the usual sign of a shared one, passes its group's rights on.
//!
//! On Windows nothing is set. A new file inherits the rights of its folder: in a person's profile, access for that
//! person, the administrators and the system. Deliberately absent: access control lists on Unix; a replaced file loses
//! them.

use std::io;
use std::path::Path;

/// Gives the new file `to` the rights of the file that it will replace, if there is one.
#[cfg(unix)]
pub(super) fn take_over(from: &Path, to: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};

    let old = match std::fs::metadata(from) {
        Ok(old) => old,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        Err(error) => return Err(error),
    };
    let new = std::fs::metadata(to)?;
    let mut mode = old.mode() & 0o777;
    if new.uid() != old.uid() {
        // Only the administrator may do this. For everybody else the new file belongs to them, as always.
        let _ = chown(to, Some(old.uid()), None);
    }
    if new.gid() != old.gid() && chown(to, None, Some(old.gid())).is_err() {
        // The rights were meant for another group.
        mode &= !0o070;
    }
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it is fallible where there are modes")]
pub(super) fn take_over(_from: &Path, _to: &Path) -> io::Result<()> {
    Ok(())
}

/// How to open a file so that it is created if it does not exist.
pub(super) fn options_for_new(path: &Path) -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600 | passed_on(path.parent(), 0o060));
    #[cfg(not(unix))]
    let _ = path;
    options
}

/// Makes a directory and any missing ones above it. It may exist already.
pub(super) fn make_dir_all(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        let there = path.ancestors().skip(1).find(|above| above.is_dir());
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700 | passed_on(there, 0o070));
    }
    builder.create(path)
}

/// The group rights that a shared directory passes on.
#[cfg(unix)]
fn passed_on(directory: Option<&Path>, of: u32) -> u32 {
    const SET_GROUP_ID: u32 = 0o2000;
    let found = directory.map(|directory| if directory.as_os_str().is_empty() { Path::new(".") } else { directory });
    match found.and_then(|directory| std::fs::metadata(directory).ok()) {
        Some(found) => {
            let mode = std::os::unix::fs::MetadataExt::mode(&found);
            if mode & SET_GROUP_ID == 0 { 0 } else { mode & of }
        }
        None => 0,
    }
}
