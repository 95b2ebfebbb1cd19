//! Why the operating system refused a file operation, and the sentence for it.
//!
//! It decides only by the error's kind and number, so that each system can test the rules of all three.

use std::io::{self, ErrorKind as IoKind};
use std::path::Path;
use std::time::Duration;

use super::leads_out::LeadsOut;
use super::path_text::path_text;
use crate::unfit::Unfit;
use crate::{Error, ErrorKind};

/// Why the system refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No room left on the disk or in the user's quota.
    Full,
    /// The disk or folder cannot be written at all.
    ReadOnly,
    /// This user may not do it.
    NoPermission,
    /// Another program has the file open (a Windows rule: sharing or lock violation).
    InUse,
    /// The file itself is marked as read-only (an attribute on Windows that keeps it from being replaced).
    Marked,
    /// The file, its folder or its drive does not exist (any more).
    Gone,
    /// The file system does not allow this name.
    BadName,
    /// A folder has the name, or a link that leads nowhere or to itself.
    Taken,
    /// Any other reason.
    Other,
}

impl Refusal {
    /// Why this system refused.
    pub fn of(error: &io::Error) -> Self {
        Self::decide(error.kind(), error.raw_os_error(), cfg!(windows))
    }

    /// The decision. `raw` is the system's own error number; the same numbers have other meanings on Windows.
    pub fn decide(kind: IoKind, raw: Option<i32>, on_windows: bool) -> Self {
        if on_windows {
            match raw {
                // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_USER_MAPPED_FILE
                Some(32 | 33 | 1224) => return Self::InUse,
                // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED
                Some(39 | 112 | 1295) => return Self::Full,
                // ERROR_WRITE_PROTECT
                Some(19) => return Self::ReadOnly,
                // ERROR_NOT_READY, ERROR_BAD_NETPATH, ERROR_NETWORK_BUSY, ERROR_DEV_NOT_EXIST, ERROR_UNEXP_NET_ERR,
                // ERROR_NETNAME_DELETED, ERROR_BAD_NET_NAME
                Some(21 | 53 | 54 | 55 | 59 | 64 | 67) => return Self::Gone,
                _ => {}
            }
        } else if matches!(raw, Some(5 | 6 | 19)) {
            // EIO, ENXIO, ENODEV: the answers of a drive that was pulled out.
            return Self::Gone;
        } else if matches!(raw, Some(40 | 62)) {
            // ELOOP, on Linux and on macOS.
            return Self::Taken;
        }
        match kind {
            IoKind::StorageFull | IoKind::QuotaExceeded | IoKind::FileTooLarge => Self::Full,
            IoKind::ReadOnlyFilesystem => Self::ReadOnly,
            IoKind::PermissionDenied => Self::NoPermission,
            IoKind::ResourceBusy | IoKind::ExecutableFileBusy => Self::InUse,
            IoKind::NotFound
            | IoKind::NotADirectory
            | IoKind::StaleNetworkFileHandle
            | IoKind::NetworkDown
            | IoKind::NetworkUnreachable
            | IoKind::HostUnreachable
            | IoKind::TimedOut
            | IoKind::NotConnected
            | IoKind::ConnectionAborted => Self::Gone,
            IoKind::InvalidFilename => Self::BadName,
            IoKind::IsADirectory | IoKind::AlreadyExists => Self::Taken,
            _ => Self::Other,
        }
    }

    /// The same, with knowledge of what was tried: Windows denies access when the file is marked as read-only, and when
    /// the file to replace is open elsewhere. Whether this user may write there was already settled, when the new file was
    /// written beside the old one. The mark does not keep anyone from reading.
    #[must_use]
    pub fn at(self, verb: &str, on_windows: bool, is_marked_read_only: bool) -> Self {
        match (self, verb) {
            (Self::NoPermission, "write" | "replace" | "remove") if on_windows && is_marked_read_only => Self::Marked,
            (Self::NoPermission, "replace") if on_windows => Self::InUse,
            _ => self,
        }
    }
}

/// How long to wait before the next try; `None` to give up. `attempt` counts from 0.
///
/// Only Windows refuses temporarily: a virus scanner or an indexer opens a fresh file, and the rename that follows
/// finds it in use, or (when it renames onto an open file) lacks permission. Ten tries take about one second.
pub fn pause_before_retry(refusal: Refusal, attempt: u32, on_windows: bool) -> Option<Duration> {
    let passing = on_windows && matches!(refusal, Refusal::InUse | Refusal::NoPermission);
    (passing && attempt < 10).then(|| Duration::from_millis(20 * u64::from(attempt + 1)))
}

/// The error for a file operation that the system refused. `verb` says what was tried with `path` ("read", "write",
/// "replace", "remove", "list").
pub fn disk_error(verb: &str, path: &Path, error: io::Error) -> Error {
    let shown = path_text(path);
    if let Some(unfit) = Unfit::of(&error) {
        return Error::new(ErrorKind::Disk, format!("Cannot {verb} `{shown}`: {unfit}")).with_hint(unfit.hint());
    }
    if let Some(leads_out) = error.get_ref().and_then(|inner| inner.downcast_ref::<LeadsOut>()) {
        return Error::new(ErrorKind::Disk, format!("Cannot {verb} `{shown}`: {leads_out}"))
            .with_hint("Remove that link, and move what it leads to into its place if it belongs there");
    }
    let refusal = Refusal::of(&error).at(verb, cfg!(windows), cfg!(windows) && is_marked_read_only(path));
    let (message, hint) = sentence(refusal, verb, &shown, &error);
    Error::new(ErrorKind::Disk, message).with_hint(hint).with_source(error)
}

/// Whether a file cannot be changed because of its own mark. On a folder the mark means something else.
fn is_marked_read_only(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().readonly())
}

/// What people are told, and the way out.
fn sentence(refusal: Refusal, verb: &str, shown: &str, error: &io::Error) -> (String, &'static str) {
    match refusal {
        Refusal::Full => (
            format!("The disk is full: cannot {verb} `{shown}`"),
            "Free some space and try again; what was stored before is unharmed",
        ),
        Refusal::ReadOnly => {
            (format!("The disk is read-only: cannot {verb} `{shown}`"), "Choose a folder on a disk that can be written")
        }
        Refusal::NoPermission => (
            format!("No permission to {verb} `{shown}`"),
            "Choose a folder of your own, or ask whoever looks after this computer for access",
        ),
        Refusal::InUse => (
            format!("Another program has `{shown}` open: cannot {verb} it"),
            "Close it there (Excel, Tableau, a backup) and try again",
        ),
        Refusal::Marked => (
            format!("`{shown}` is marked as read-only: cannot {verb} it"),
            "Remove the mark (right-click the file, Properties, Read-only) and try again",
        ),
        Refusal::Gone => (
            format!("Cannot {verb} `{shown}`: it, its folder or its drive is not there"),
            "Connect the drive again or choose another folder",
        ),
        Refusal::BadName => (
            format!("Cannot {verb} `{shown}`: the disk does not accept this name"),
            "Choose a folder with a shorter path or on another disk",
        ),
        Refusal::Taken => (
            format!("Cannot {verb} `{shown}`: a folder has this name, or a link that leads nowhere"),
            "Move that away, or choose another folder",
        ),
        Refusal::Other => (format!("Cannot {verb} `{shown}`: {error}"), "Check the disk and try again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_marked_as_read_only_is_not_said_to_be_open_elsewhere() {
        let denied = io::Error::from(IoKind::PermissionDenied);
        let refusal = Refusal::decide(denied.kind(), Some(5), true).at("replace", true, true);
        let (message, hint) = sentence(refusal, "replace", r"C:\Data\courses.csv", &denied);
        assert_eq!(message, r"`C:\Data\courses.csv` is marked as read-only: cannot replace it");
        assert!(hint.contains("Read-only") && !hint.contains("Excel"), "{hint}");
    }

    #[test]
    fn the_mark_is_seen_on_files_and_means_nothing_on_folders() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("courses.csv");
        let folder = directory.path().join("folder");
        let mark = |path: &Path| {
            let mut permissions = std::fs::metadata(path).unwrap().permissions();
            permissions.set_readonly(true);
            std::fs::set_permissions(path, permissions).unwrap();
        };
        assert!(!is_marked_read_only(&file), "it is not there");
        std::fs::write(&file, "").unwrap();
        assert!(!is_marked_read_only(&file));
        mark(&file);
        assert!(is_marked_read_only(&file));
        std::fs::create_dir(&folder).unwrap();
        mark(&folder);
        assert!(!is_marked_read_only(&folder));
    }
}
