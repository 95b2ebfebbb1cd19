//! Who may read what this program writes: its owner, and whoever a person has let in.
//!
//! On Unix a new file is the owner's alone (0600), a new directory as well (0700). What takes the place of an existing file
//! takes over that file's mode and group: rights that somebody gave or took stay as they are. A directory with the
//! set-group-ID bit, the usual sign of one that is shared, passes its group's rights on.
//!
//! On Windows nothing is set: a new file inherits the rights of its folder, which in a person's profile are that person's,
//! the administrators' and the system's. Deliberately absent: access control lists on Unix; a replaced file loses them.

use std::io;
use std::path::Path;

/// Gives the new file `to` the rights of the file it will replace, where there is one.
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
        // Only the administrator can; for others the file becomes theirs, as it always did.
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

/// How to open a file that is made where there is none.
pub(super) fn options_for_new(path: &Path) -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600 | passed_on(path.parent(), 0o060));
    #[cfg(not(unix))]
    let _ = path;
    options
}

/// Makes a directory and those above it. It may be there already.
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

/// The rights of its group that a shared directory passes on.
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
