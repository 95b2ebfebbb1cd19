//! A disk that refuses or dies at a chosen operation, for tests and the kill sweep.
//!
//! Everything up to that operation is real, and as strict as Windows can be: a file that is open for reading is not replaced.
//! `Die` leaves what a killed process leaves: the operation is half done or not done, and nothing after it happens, not even
//! cleaning up. A power loss also takes half of every file that was not flushed.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::disk::{Disk, DiskFile, DiskReader, Entry, RealDisk, Stat};

/// What goes wrong at the chosen operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full: from this operation on nothing more can be written. Removing still works.
    Full,
    /// This operation is refused because of missing permission; later ones work.
    NoPermission,
    /// The drive is gone: from this operation on everything fails.
    Gone,
    /// The process is killed.
    Die,
    /// The power fails: like `Die`, and in addition files that were not flushed lose their second half.
    PowerLoss,
}

#[derive(Debug, Default)]
struct Progress {
    done: u64,
    unflushed: HashSet<PathBuf>,
    /// The files that are open for reading, each as often as it is.
    open: Vec<PathBuf>,
    struck: bool,
}

/// A real disk on which operation number `at` meets a [`Fault`]. Counting starts at 0; writes, flushes, renames,
/// removals, new files and directories count, reading does not.
#[derive(Debug, Clone)]
pub struct FaultyDisk {
    plan: Option<(u64, Fault)>,
    progress: Arc<Mutex<Progress>>,
}

/// How an operation may go on.
enum Passage {
    Whole,
    Half,
}

impl FaultyDisk {
    /// A disk on which operation number `at` meets `fault`.
    pub fn new(at: u64, fault: Fault) -> Self {
        Self { plan: Some((at, fault)), progress: Arc::default() }
    }

    /// A disk without faults that counts its operations, to learn how many there are to fail.
    pub fn counting() -> Self {
        Self { plan: None, progress: Arc::default() }
    }

    /// How many operations have begun.
    pub fn operations(&self) -> u64 {
        self.progress().done
    }

    /// Whether the fault has struck.
    pub fn has_struck(&self) -> bool {
        self.progress().struck
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one operation and says whether it may go on. `needs_room` marks an operation that a full disk refuses.
    fn pass(&self, needs_room: bool) -> io::Result<Passage> {
        let mut progress = self.progress();
        let number = progress.done;
        progress.done += 1;
        let Some((at, fault)) = self.plan else { return Ok(Passage::Whole) };
        if number < at {
            return Ok(Passage::Whole);
        }
        let first = !progress.struck;
        match fault {
            Fault::Full if !needs_room => Ok(Passage::Whole),
            Fault::Full => {
                progress.struck = true;
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
            Fault::NoPermission if number == at => {
                progress.struck = true;
                Err(io::Error::from(io::ErrorKind::PermissionDenied))
            }
            Fault::NoPermission => Ok(Passage::Whole),
            Fault::Gone => {
                progress.struck = true;
                Err(io::Error::from(io::ErrorKind::NotFound))
            }
            Fault::Die if first => {
                progress.struck = true;
                Ok(Passage::Half)
            }
            Fault::PowerLoss if first => {
                progress.struck = true;
                for path in &progress.unflushed {
                    lose_second_half(path)?;
                }
                Ok(Passage::Half)
            }
            Fault::Die | Fault::PowerLoss => Err(dead()),
        }
    }

    /// For operations that happen wholly or not at all: a killed process has not begun this one.
    fn pass_whole(&self, needs_room: bool) -> io::Result<()> {
        match self.pass(needs_room)? {
            Passage::Whole => Ok(()),
            Passage::Half => Err(dead()),
        }
    }

    /// Reading is not counted, but a drive that is gone or a dead process reads nothing.
    fn read_passes(&self) -> io::Result<()> {
        let progress = self.progress();
        match self.plan {
            Some((_, Fault::Gone)) if progress.struck => Err(io::Error::from(io::ErrorKind::NotFound)),
            Some((_, Fault::Die | Fault::PowerLoss)) if progress.struck => Err(dead()),
            _ => Ok(()),
        }
    }
}

fn dead() -> io::Error {
    io::Error::other("the process is dead (a planned fault)")
}

fn lose_second_half(path: &Path) -> io::Result<()> {
    match std::fs::OpenOptions::new().write(true).open(path) {
        Ok(file) => file.set_len(file.metadata()?.len() / 2),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

struct FaultyFile {
    disk: FaultyDisk,
    path: PathBuf,
    file: Box<dyn DiskFile>,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.disk.pass(true)? {
            Passage::Whole => {
                self.disk.progress().unflushed.insert(self.path.clone());
                self.file.write(bytes)
            }
            Passage::Half => {
                self.file.write_all(&bytes[..bytes.len() / 2])?;
                Err(dead())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl DiskFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.pass_whole(true)?;
        self.file.sync()?;
        self.disk.progress().unflushed.remove(&self.path);
        Ok(())
    }
}

/// A file that is open for reading, until it is dropped.
struct OpenFile {
    disk: FaultyDisk,
    path: PathBuf,
    file: Box<dyn DiskReader>,
}

impl Read for OpenFile {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.file.read(bytes)
    }
}

impl Seek for OpenFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        let open = &mut self.disk.progress().open;
        if let Some(at) = open.iter().position(|path| *path == self.path) {
            open.swap_remove(at);
        }
    }
}

impl FaultyDisk {
    fn wrap(&self, path: &Path, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        Box::new(FaultyFile { disk: self.clone(), path: path.to_owned(), file })
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.pass_whole(true)?;
        Ok(self.wrap(path, RealDisk.create(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskReader>> {
        self.read_passes()?;
        let file = RealDisk.open(path)?;
        self.progress().open.push(path.to_owned());
        Ok(Box::new(OpenFile { disk: self.clone(), path: path.to_owned(), file }))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.pass_whole(false)?;
        RealDisk.sync_file(path)?;
        self.progress().unflushed.remove(path);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass_whole(false)?;
        if self.progress().open.iter().any(|open| open == to) {
            return Err(io::Error::new(
                io::ErrorKind::ResourceBusy,
                "it is open, and a system may refuse to replace it",
            ));
        }
        RealDisk.rename(from, to)?;
        let mut progress = self.progress();
        let moved: Vec<PathBuf> = progress.unflushed.iter().filter(|path| path.starts_with(from)).cloned().collect();
        progress.unflushed.remove(to);
        for path in moved {
            let rest = path.strip_prefix(from).map(Path::to_owned).unwrap_or_default();
            progress.unflushed.remove(&path);
            progress.unflushed.insert(if rest.as_os_str().is_empty() { to.to_owned() } else { to.join(rest) });
        }
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.pass_whole(false)?;
        self.progress().unflushed.remove(path);
        RealDisk.remove_file(path)
    }

    fn remove_dir_all(&self, path: &Path) -> io::Result<()> {
        self.pass_whole(false)?;
        RealDisk.remove_dir_all(path)
    }

    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        self.pass_whole(true)?;
        RealDisk.create_dir_all(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.pass_whole(false)?;
        RealDisk.sync_dir(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        self.read_passes()?;
        RealDisk.list(path)
    }

    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        self.read_passes()?;
        RealDisk.stat(path)
    }

    fn link_target(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        self.read_passes()?;
        RealDisk.link_target(path)
    }

    fn take_over_rights(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.read_passes()?;
        RealDisk.take_over_rights(from, to)
    }
}
