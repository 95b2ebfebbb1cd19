//! The thin layer between the data folder and the operating system's files.
//!
//! Everything that the engine stores goes through [`Disk`], so that tests and the kill sweep can refuse or cut off any
//! single operation ([`super::faulty::FaultyDisk`]). Deliberately absent: locking (see [`super::lock`]) and any
//! knowledge of what the files hold.
//!
//! Invariant of [`Replacement`]: at every instant, a file's own name refers to either the whole old file or the whole
//! new one.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use super::permissions;
use super::refusal::{self, Refusal};
use super::unfit::{MOST_WHOLE_BYTES, Unfit, refuse_special};
use crate::Result;

/// A file open for writing.
pub trait DiskFile: Write + Send {
    /// Waits until everything written is on the disk itself.
    fn sync(&mut self) -> io::Result<()>;
}

/// A file open for reading.
pub trait DiskReader: Read + Seek + Send {}

impl<T: Read + Seek + Send> DiskReader for T {}

/// What is known about a file or directory without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stat {
    /// Whether it is a directory.
    pub is_dir: bool,
    /// Length in bytes.
    pub length: u64,
    /// When it was last written, if the system records that.
    pub modified: Option<SystemTime>,
    /// A number that differs for a different file under the same name (the inode on Unix); 0 if the system has none.
    pub identity: u64,
}

/// One entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name without its directory.
    pub name: std::ffi::OsString,
    /// Whether it is a directory.
    pub is_dir: bool,
}

/// The operations on files that the engine needs. Errors are the system's own; [`refusal::disk_error`] turns them into
/// sentences.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Creates an empty file that only its owner may read, or empties an existing one, and opens it for writing.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file for reading. Anything that is neither a file nor a folder is refused as [`Unfit::NotPlain`].
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskReader>>;
    /// Waits until everything that other calls wrote to this file is on the disk itself.
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    /// Renames a file or directory, and replaces a file of the new name in one step. Anything of the new name that is neither
    /// a file nor a folder is refused as [`Unfit::NotPlain`].
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes a directory with everything in it.
    fn remove_dir_all(&self, path: &Path) -> io::Result<()>;
    /// Makes a directory that only its owner may read, and any missing ones above it. It may exist already.
    fn create_dir_all(&self, path: &Path) -> io::Result<()>;
    /// Waits until the names in a directory are on the disk itself. Windows does that without being asked.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// The entries of a directory, sorted by name.
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>>;
    /// What is known about a file or directory; `None` if there is none.
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>>;

    /// Where a link finally leads, whether or not anything is there; `None` if `path` is not a link.
    fn link_target(&self, _path: &Path) -> io::Result<Option<PathBuf>> {
        Ok(None)
    }

    /// Gives the file `to` the rights of `from`, which it will replace. Does nothing if there is no `from`.
    fn take_over_rights(&self, _from: &Path, _to: &Path) -> io::Result<()> {
        Ok(())
    }

    /// Whether a file or directory of this name exists.
    fn exists(&self, path: &Path) -> io::Result<bool> {
        Ok(self.stat(path)?.is_some())
    }

    /// Reads a whole file of at most [`MOST_WHOLE_BYTES`].
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read_at_most(path, MOST_WHOLE_BYTES)
    }

    /// Reads a whole file of at most `most_bytes`; a longer one is refused as [`Unfit::TooLarge`].
    fn read_at_most(&self, path: &Path, most_bytes: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.take(most_bytes + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most_bytes { Err(Unfit::TooLarge(most_bytes).into()) } else { Ok(bytes) }
    }
}

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl DiskFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        refuse_special(path)?;
        Ok(Box::new(patiently(|| permissions::options_for_new(path).truncate(true).open(path))?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskReader>> {
        refuse_special(path)?;
        Ok(Box::new(patiently(|| File::open(path))?))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        refuse_special(path)?;
        // Windows flushes only through a handle that is open for writing.
        patiently(|| OpenOptions::new().write(true).open(path))?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        // A pipe or a device that somebody gave as the place of a file is theirs.
        refuse_special(to)?;
        patiently(|| fs::rename(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        patiently(|| fs::remove_file(path))
    }

    fn remove_dir_all(&self, path: &Path) -> io::Result<()> {
        patiently(|| fs::remove_dir_all(path))
    }

    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        permissions::make_dir_all(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        if cfg!(windows) {
            return Ok(());
        }
        match File::open(path)?.sync_all() {
            // Some network file systems cannot flush a directory; they keep the order of names themselves.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            other => other,
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            // Links are followed: a course may be on another disk.
            let is_dir = fs::metadata(entry.path()).map_or_else(|_| false, |found| found.is_dir());
            entries.push(Entry { name: entry.file_name(), is_dir });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        match fs::metadata(path) {
            Ok(found) => Ok(Some(Stat {
                is_dir: found.is_dir(),
                length: found.len(),
                modified: found.modified().ok(),
                identity: identity(&found),
            })),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn link_target(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_symlink() => {}
            Ok(_) => return Ok(None),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
        match fs::canonicalize(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let above = path.parent().unwrap_or(Path::new(""));
                Ok(Some(above.join(fs::read_link(path)?)))
            }
            found => found.map(Some),
        }
    }

    fn take_over_rights(&self, from: &Path, to: &Path) -> io::Result<()> {
        permissions::take_over(from, to)
    }
}

#[cfg(unix)]
fn identity(found: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn identity(_found: &fs::Metadata) -> u64 {
    0
}

/// Retries for about a second if another program (a virus scanner, an indexer) holds the file briefly.
fn patiently<T>(mut operation: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for attempt in 0.. {
        match operation() {
            Err(error) => match refusal::pause_before_retry(Refusal::of(&error), attempt, cfg!(windows)) {
                Some(pause) => std::thread::sleep(pause),
                None => return Err(error),
            },
            done => return done,
        }
    }
    unreachable!("the pauses are finite")
}

/// Creates an empty file that only its owner may read, for a library that writes it later and keeps its rights. An
/// existing file stays as it is.
pub fn make_private_file(path: &Path) -> io::Result<()> {
    permissions::options_for_new(path).truncate(false).open(path).map(drop)
}

/// Whether a file can be made again from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Cannot be made again. The file is on the disk before it takes its name, and the name is on the disk before the
    /// call returns.
    Durable,
    /// Can be made again (`output[CHUNKED]`, exports), so nothing waits for the disk.
    Remakable,
}

/// The part of a temporary file's name that marks it, so that the leftovers of a crash are found.
const TEMPORARY_MARK: &str = ".tmp-";
/// The system receives blocks of this size, whatever the size of the pieces written.
const BLOCK_BYTES: usize = 256 * 1024;

static NEXT_TEMPORARY: AtomicU64 = AtomicU64::new(0);

/// As much of a name as a temporary name repeats: systems take 255 bytes, and the mark needs room.
const MOST_REPEATED_BYTES: usize = 200;

fn temporary_name(path: &Path) -> PathBuf {
    let number = NEXT_TEMPORARY.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!("{}{}-{number}", temporary_beginning(path), std::process::id()))
}

/// What all temporary names of a file begin with.
fn temporary_beginning(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fits = |end: &usize| name.is_char_boundary(*end);
    let end = (0..=name.len().min(MOST_REPEATED_BYTES)).rev().find(fits).unwrap_or_default();
    format!(".{}{TEMPORARY_MARK}", &name[..end])
}

/// Whether a name is one that [`Replacement`] gives to a file before it is complete.
pub fn is_temporary_name(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        name.starts_with('.')
            && name.rsplit_once(TEMPORARY_MARK).is_some_and(|(_, end)| {
                !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
            })
    })
}

/// A file that is being written beside the one it will replace.
///
/// If it is dropped before [`Replacement::commit`], it removes what was written and leaves the old file.
pub struct Replacement<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    /// Where the file really is. A link that a person made stays a link; the file behind it is replaced.
    place: PathBuf,
    temporary: PathBuf,
    durability: Durability,
    file: Option<BufWriter<Box<dyn DiskFile>>>,
    in_place: bool,
}

impl fmt::Debug for Replacement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replacement").field("path", &self.path).finish_non_exhaustive()
    }
}

impl<'a> Replacement<'a> {
    /// Begins to write the file that will become `path`. Its directory must exist.
    pub fn begin(disk: &'a dyn Disk, path: &Path, durability: Durability) -> Result<Self> {
        let refused = |error| refusal::disk_error("write", path, error);
        let place = disk.link_target(path).map_err(refused)?.unwrap_or_else(|| path.to_owned());
        let temporary = temporary_name(&place);
        let file = disk.create(&temporary).map_err(refused)?;
        // From here on the temporary file is removed whatever happens.
        let replacement = Self {
            disk,
            path: path.to_owned(),
            place,
            temporary,
            durability,
            file: Some(BufWriter::with_capacity(BLOCK_BYTES, file)),
            in_place: false,
        };
        // Set before the file holds a byte that others must not read.
        disk.take_over_rights(&replacement.place, &replacement.temporary).map_err(refused)?;
        Ok(replacement)
    }

    /// The file that will be replaced.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Ends the writing: the system has everything, and with [`Durability::Durable`] so does the disk. The old file is
    /// still in place.
    pub fn finish_writing(&mut self) -> Result<()> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        let written = file.flush().and_then(|()| match self.durability {
            Durability::Durable => file.get_mut().sync(),
            Durability::Remakable => Ok(()),
        });
        // After a failure, dropping the file must not try to write its buffer again.
        drop(file.into_parts().0);
        written.map_err(|error| refusal::disk_error("write", &self.path, error))
    }

    /// Puts the new file in place of the old one.
    pub fn commit(mut self) -> Result<()> {
        self.finish_writing()?;
        self.disk
            .rename(&self.temporary, &self.place)
            .map_err(|error| refusal::disk_error("replace", &self.path, error))?;
        self.in_place = true;
        if self.durability == Durability::Durable
            && let Some(directory) = self.place.parent()
        {
            self.disk.sync_dir(directory).map_err(|error| refusal::disk_error("replace", &self.path, error))?;
        }
        Ok(())
    }
}

impl Write for Replacement<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Err(io::Error::other("the writing has ended")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Replacement<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            drop(file.into_parts().0);
        }
        if !self.in_place {
            // Nothing can be done about a failure here; the next holder of the lock cleans up.
            let _ = self.disk.remove_file(&self.temporary);
        }
    }
}

/// Replaces the file `path` with what `write` writes. On any failure the old file stays as it is.
pub fn replace(
    disk: &dyn Disk,
    path: &Path,
    durability: Durability,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    let mut replacement = Replacement::begin(disk, path, durability)?;
    write(&mut replacement).map_err(|error| refusal::disk_error("write", path, error))?;
    replacement.commit()
}

/// Removes the half-written files that earlier crashes left in `directory`. Call it only while the lock is held. A
/// directory that does not exist is clean, and whatever cannot be removed is left for the next time.
pub fn remove_leftovers(disk: &dyn Disk, directory: &Path) {
    for entry in disk.list(directory).unwrap_or_default() {
        if !entry.is_dir && is_temporary_name(&entry.name) {
            let _ = disk.remove_file(&directory.join(&entry.name));
        }
    }
}

/// How old a half-written file must be to count as a leftover when there is no lock to tell.
const LEFTOVER_AFTER: std::time::Duration = std::time::Duration::from_secs(3600);

/// Removes half-written versions of these files that earlier crashes left, in a folder that other processes may write
/// at the same time. Only removes what nobody has written to for an hour.
pub fn remove_leftovers_of(disk: &dyn Disk, paths: &[&Path]) {
    let Some(directory) = paths.first().and_then(|path| path.parent()) else { return };
    for entry in disk.list(directory).unwrap_or_default() {
        let name = entry.name.to_str();
        let of_these = name.is_some_and(|name| paths.iter().any(|path| name.starts_with(&temporary_beginning(path))));
        let path = directory.join(&entry.name);
        let is_old = || {
            let modified = disk.stat(&path).ok().flatten().and_then(|stat| stat.modified);
            modified.and_then(|modified| modified.elapsed().ok()).is_some_and(|age| age > LEFTOVER_AFTER)
        };
        if of_these && !entry.is_dir && is_temporary_name(&entry.name) && is_old() {
            let _ = disk.remove_file(&path);
        }
    }
}
