//! Moves a data folder to another place without an instant at which data is in neither.
//!
//! Everything is copied, flushed and compared first; then the caller makes the new place the one in use; only then the
//! old files go. What is not ours in the old folder (it may be the original's, with its scripts) stays there.
//!
//! Deliberately absent: renaming. It would be quicker on one disk, but a power failure between it and the caller's
//! change of the settings would leave settings that name an empty folder.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use super::disk::{self, Disk, Durability, Replacement};
use super::layout::{Area, DataFolder};
use super::lock::FolderLock;
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

const BLOCK_BYTES: usize = 256 * 1024;
/// Files that systems put into every folder; a folder with nothing else is empty to people.
const NOTHING: [&str; 4] = [".DS_Store", "desktop.ini", "Thumbs.db", ".directory"];

/// A data folder that lies in two places, alike; the old one is locked until it is removed or kept.
#[derive(Debug)]
pub struct Copied {
    old: DataFolder,
    new: DataFolder,
    lock: FolderLock,
}

impl DataFolder {
    /// Copies the folder to `target`, an empty or not yet existing directory, and compares every byte.
    ///
    /// [`ErrorKind::InvalidInput`] where `target` cannot be used, [`ErrorKind::Busy`] while another process writes the
    /// folder, [`ErrorKind::Cancelled`] when stopped: then, and on any failure, what was copied is removed again.
    pub fn copy_to(&self, target: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<Copied> {
        check_target(self, target)?;
        let lock = self.lock()?;
        let disk = self.disk();
        let was_there = disk.exists(target).map_err(|error| disk_error("read", target, error))?;
        let copied = copy_all(self, target, is_cancelled);
        if copied.is_err() {
            for entry in disk.list(target).unwrap_or_default() {
                if !NOTHING.iter().any(|nothing| entry.name == *nothing) {
                    let path = target.join(&entry.name);
                    let _ = if entry.is_dir { disk.remove_dir_all(&path) } else { disk.remove_file(&path) };
                }
            }
            if !was_there {
                let _ = disk.remove_dir_all(target);
            }
        }
        copied?;
        let new = Self::open_on(self.shared_disk(), target)?;
        Ok(Copied { old: self.clone(), new, lock })
    }

    /// What is ours at the top of a data folder.
    fn ours(&self) -> Vec<PathBuf> {
        vec![
            self.courses_file(),
            self.state_file(),
            self.original_state_file(),
            self.area_dir(Area::Database),
            self.area_dir(Area::Output),
            self.internal_dir(),
        ]
    }
}

impl Copied {
    /// The copy.
    pub fn folder(&self) -> &DataFolder {
        &self.new
    }

    /// Removes the old files, now that the copy is the one in use. Returns the first file that could not be removed: it
    /// is in the way of nothing.
    pub fn remove_old(self) -> Option<PathBuf> {
        let Self { old, lock, .. } = self;
        // Some systems do not delete a file that is held open, and the lock is one.
        drop(lock);
        let disk = old.disk();
        let mut left = None;
        for path in old.ours() {
            let removed = match disk.stat(&path) {
                Ok(None) => Ok(()),
                Ok(Some(found)) if found.is_dir => disk.remove_dir_all(&path),
                Ok(Some(_)) => disk.remove_file(&path),
                Err(error) => Err(error),
            };
            if removed.is_err() {
                left.get_or_insert(path);
            }
        }
        // Gone only if nothing of somebody else is in it.
        if disk.list(old.root()).is_ok_and(|entries| entries.is_empty()) {
            let _ = disk.remove_dir_all(old.root());
        }
        left
    }
}

fn check_target(folder: &DataFolder, target: &Path) -> Result<()> {
    let refuse = |why: &str| {
        Err(Error::new(
            ErrorKind::InvalidInput,
            format!("The data folder cannot be moved to `{}`: {why}", target.display()),
        )
        .with_hint("Choose an empty folder, or make a new one"))
    };
    if target.starts_with(folder.root()) || folder.root().starts_with(target) {
        return refuse("one would lie within the other");
    }
    let disk = folder.disk();
    match disk.stat(target).map_err(|error| disk_error("read", target, error))? {
        None => Ok(()),
        Some(found) if !found.is_dir => refuse("it is a file"),
        Some(_) => {
            let entries = disk.list(target).map_err(|error| disk_error("list", target, error))?;
            if entries.iter().all(|entry| NOTHING.iter().any(|nothing| entry.name == *nothing)) {
                Ok(())
            } else {
                refuse("it is not empty")
            }
        }
    }
}

fn copy_all(folder: &DataFolder, target: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
    let disk = folder.disk();
    make_dir(disk, target)?;
    for path in folder.ours() {
        let Ok(inside) = path.strip_prefix(folder.root()) else { continue };
        let to = target.join(inside);
        match disk.stat(&path).map_err(|error| disk_error("read", &path, error))? {
            None => {}
            Some(found) if found.is_dir => copy_dir(disk, &path, &to, is_cancelled)?,
            Some(_) => {
                if let Some(above) = to.parent() {
                    make_dir(disk, above)?;
                }
                copy_file(disk, &path, &to, is_cancelled)?;
            }
        }
    }
    disk.sync_dir(target).map_err(|error| disk_error("write", target, error))
}

fn copy_dir(disk: &dyn Disk, from: &Path, to: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
    make_dir(disk, to)?;
    for entry in disk.list(from).map_err(|error| disk_error("list", from, error))? {
        let (from, to) = (from.join(&entry.name), to.join(&entry.name));
        if entry.is_dir {
            copy_dir(disk, &from, &to, is_cancelled)?;
        } else if !disk::is_temporary_name(&entry.name) && entry.name != "lock" {
            copy_file(disk, &from, &to, is_cancelled)?;
        }
    }
    disk.sync_dir(to).map_err(|error| disk_error("write", to, error))
}

fn copy_file(disk: &dyn Disk, from: &Path, to: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
    let mut copy = Replacement::begin(disk, to, Durability::Durable)?;
    let told = through(disk, from, is_cancelled, |block| {
        copy.write_all(block).map_err(|error| disk_error("write", to, error))
    })?;
    copy.commit()?;
    let found = through(disk, to, is_cancelled, |_| Ok(()))?;
    if told != found {
        return Err(Error::new(
            ErrorKind::Disk,
            format!("The copy `{}` differs from the file it was made of", to.display()),
        )
        .with_hint("The disk seems to be damaged; choose a folder on another one"));
    }
    Ok(())
}

/// Reads a file to its end and returns its checksum.
fn through(
    disk: &dyn Disk,
    path: &Path,
    is_cancelled: &dyn Fn() -> bool,
    mut each: impl FnMut(&[u8]) -> Result<()>,
) -> Result<u128> {
    let mut file = disk.open(path).map_err(|error| disk_error("read", path, error))?;
    let mut block = vec![0; BLOCK_BYTES];
    let mut sum = Xxh3::new();
    loop {
        if is_cancelled() {
            return Err(Error::cancelled());
        }
        let length = file.read(&mut block).map_err(|error| disk_error("read", path, error))?;
        if length == 0 {
            return Ok(sum.digest128());
        }
        sum.update(&block[..length]);
        each(&block[..length])?;
    }
}

fn make_dir(disk: &dyn Disk, path: &Path) -> Result<()> {
    disk.create_dir_all(path).map_err(|error| disk_error("make the folder", path, error))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use model::FolderId;

    use super::*;
    use crate::course_list::ListedCourse;
    use crate::faulty::{Fault, FaultyDisk};

    fn folder_with_data(root: &Path) -> DataFolder {
        let folder = DataFolder::create(root).unwrap();
        let course = FolderId::from_bytes([7; 16]);
        let lock = folder.lock().unwrap();
        folder.save_courses(&lock, &[ListedCourse { id: course, name: "COMM 290".to_owned() }]).unwrap();
        let dir = folder.make_course_dir(&lock, Area::Database, course, "COMM 290").unwrap();
        std::fs::write(dir.join("viewing_activity.csv"), vec![b'x'; 700_000]).unwrap();
        std::fs::create_dir_all(root.join("raw_data_handler")).unwrap();
        std::fs::write(root.join("raw_data_handler/state.csv"), "old state").unwrap();
        folder
    }

    /// Every file below a directory but the lock, which says nothing.
    fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut dirs = vec![root.to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in std::fs::read_dir(dir).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    dirs.push(path);
                } else if !path.ends_with("lock") {
                    found.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
                }
            }
        }
        found
    }

    #[test]
    fn everything_of_ours_moves_and_what_is_somebody_elses_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (dir.path().join("old"), dir.path().join("new"));
        let folder = folder_with_data(&old);
        let before = files(&old);
        std::fs::write(old.join("update_database.py"), "a script").unwrap();
        std::fs::create_dir(&new).unwrap();
        std::fs::write(new.join(".DS_Store"), "").unwrap();
        let copied = folder.copy_to(&new, &|| false).unwrap();
        assert_eq!(folder.lock().unwrap_err().kind(), ErrorKind::Busy);
        assert_eq!(copied.remove_old(), None);
        let mut after = files(&new);
        after.remove(Path::new(".DS_Store"));
        assert!(after == before);
        assert_eq!(files(&old).into_keys().collect::<Vec<_>>(), [PathBuf::from("update_database.py")]);
    }

    #[test]
    fn places_that_cannot_be_used_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = folder_with_data(&dir.path().join("old"));
        std::fs::create_dir(dir.path().join("full")).unwrap();
        std::fs::write(dir.path().join("full/letter"), "").unwrap();
        std::fs::write(dir.path().join("file"), "").unwrap();
        for place in ["old", "old/within", "full", "file", ""] {
            let error = folder.copy_to(&dir.path().join(place), &|| false).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{place}");
        }
    }

    #[test]
    fn whatever_fails_or_is_stopped_the_old_folder_is_whole_and_nothing_else_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (dir.path().join("old"), dir.path().join("new"));
        folder_with_data(&old);
        let before = files(&old);
        let error = DataFolder::open(&old).unwrap().copy_to(&new, &|| true).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert!(!new.exists());
        let mut failed = 0;
        for at in 0.. {
            let disk = Arc::new(FaultyDisk::new(at, Fault::NoPermission));
            let folder = DataFolder::open_on(Arc::clone(&disk) as Arc<dyn Disk>, &old);
            let copied = folder.and_then(|folder| folder.copy_to(&new, &|| false));
            assert!(files(&old) == before, "after a fault at {at}");
            if copied.is_ok() && !disk.has_struck() {
                break;
            }
            if copied.is_err() {
                failed += 1;
                assert!(!new.exists(), "after a fault at {at}: {:?}", files(&new).keys());
            }
            drop(copied);
            let _ = std::fs::remove_dir_all(&new);
        }
        assert!(failed > 20, "{failed}");
    }
}
