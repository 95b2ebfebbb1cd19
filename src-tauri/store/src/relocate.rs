//! Moves a data folder to another place. At every instant the data is whole in at least one of them.
//!
//! First everything is copied, flushed and compared; then the caller switches to the new place; only then the old files
//! are removed. Anything in the old folder that is not ours stays there (the folder may be the original tool's, with
//! its scripts).
//!
//! Deliberately absent: renaming. It would be quicker on one disk, but a power failure between the rename and the
//! caller's change of the settings would leave settings that name an empty folder.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use super::disk::{self, Disk, Durability, Replacement};
use super::layout::{Area, DataFolder, real_path};
use super::lock::FolderLock;
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

const BLOCK_BYTES: usize = 256 * 1024;
/// Files that systems put into every folder. To people, a folder with nothing else is empty.
const NOTHING: [&str; 4] = [".DS_Store", "desktop.ini", "Thumbs.db", ".directory"];

/// A data folder that exists in two places with the same contents. The old one stays locked until it is removed or
/// kept.
#[derive(Debug)]
pub struct Copied {
    old: DataFolder,
    new: DataFolder,
    lock: FolderLock,
    linked: Vec<PathBuf>,
    /// Whether the new place existed before.
    was_there: bool,
}

/// What a move has left behind at the old place.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LeftBehind {
    /// Directories that a person had linked into the folder. Their contents were copied; they are not deleted.
    pub linked: Vec<PathBuf>,
    /// The first file that could not be removed. It does no harm.
    pub not_removed: Option<PathBuf>,
}

impl DataFolder {
    /// Copies the folder to `target`, a directory that is empty or does not exist yet, and compares every byte.
    ///
    /// [`ErrorKind::InvalidInput`] if `target` cannot be used, [`ErrorKind::Busy`] while another process writes the
    /// folder, [`ErrorKind::Cancelled`] when the user stops it. After any of these or another failure, the copy is
    /// removed again.
    pub fn copy_to(&self, target: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<Copied> {
        let linked = self.check_target(target)?;
        let lock = self.lock()?;
        let disk = self.disk();
        let was_there = disk.exists(target).map_err(|error| disk_error("read", target, error))?;
        let copied = copy_all(self, target, is_cancelled);
        if copied.is_err() {
            remove_copy(disk, target, was_there);
        }
        copied?;
        let new = Self::open_on(self.shared_disk(), target)?;
        Ok(Copied { old: self.clone(), new, lock, linked, was_there })
    }

    /// Whether the folder can be copied to `target`: [`ErrorKind::InvalidInput`] where that is not empty, or one would lie
    /// within the other. Returns the real places of the course directories that are links.
    pub fn check_target(&self, target: &Path) -> Result<Vec<PathBuf>> {
        let linked = self.linked_course_dirs()?;
        check_target(self, target, &linked)?;
        Ok(linked)
    }

    /// The real places of the course directories that are links.
    fn linked_course_dirs(&self) -> Result<Vec<PathBuf>> {
        let mut linked = Vec::new();
        for area in [Area::Database, Area::Output] {
            for (_, directory) in self.course_dirs(area)? {
                let target = self.disk().link_target(&directory);
                linked.extend(target.map_err(|error| disk_error("read", &directory, error))?);
            }
        }
        Ok(linked)
    }

    /// Our own files and directories at the top of a data folder.
    pub(super) fn ours(&self) -> Vec<PathBuf> {
        vec![
            self.courses_file(),
            self.state_file(),
            self.original_state_file(),
            self.dates_file(),
            self.pairs_file(),
            self.notes_file(),
            self.class_lists_dir(),
            self.people_file(),
            self.keep_for_file(),
            self.name_journal_file(),
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

    /// Removes the copy, because the old folder stays in use.
    pub fn give_up(self) {
        remove_copy(self.new.disk(), self.new.root(), self.was_there);
    }

    /// Removes the old files, now that the copy is in use. The lock is held until nothing of ours is left.
    pub fn remove_old(self) -> LeftBehind {
        let Self { old, lock, linked, .. } = self;
        let disk = old.disk();
        let mut not_removed = None;
        let (internal, lock_file) = (old.internal_dir(), old.lock_file());
        let within_internal = disk.list(&internal).unwrap_or_default();
        let within_internal = within_internal.into_iter().map(|entry| internal.join(entry.name));
        let paths = old.ours().into_iter().filter(|path| *path != internal).chain(within_internal);
        for path in paths.filter(|path| *path != lock_file) {
            if remove(disk, &path).is_err() {
                not_removed.get_or_insert(path);
            }
        }
        // The original's scripts keep their state among their own files.
        if let Some(of_scripts) = old.original_state_file().parent() {
            remove_if_empty(disk, of_scripts);
        }
        if remove(disk, &internal).is_err() {
            // Some systems do not remove a file that is held open, and the lock is such a file.
            drop(lock);
            if remove(disk, &internal).is_err() {
                not_removed.get_or_insert(internal);
            }
        }
        remove_if_empty(disk, old.root());
        LeftBehind { linked, not_removed }
    }
}

/// Removes a directory if it holds nothing of anybody else.
fn remove_if_empty(disk: &dyn Disk, dir: &Path) {
    if disk.list(dir).is_ok_and(|entries| entries.is_empty()) {
        let _ = disk.remove_dir_all(dir);
    }
}

fn remove_copy(disk: &dyn Disk, target: &Path, was_there: bool) {
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

fn remove(disk: &dyn Disk, path: &Path) -> std::io::Result<()> {
    match disk.stat(path)? {
        None => Ok(()),
        Some(found) if found.is_dir => disk.remove_dir_all(path),
        Some(_) => disk.remove_file(path),
    }
}

fn check_target(folder: &DataFolder, target: &Path, linked: &[PathBuf]) -> Result<()> {
    let refuse = |why: &str| {
        Err(Error::new(
            ErrorKind::InvalidInput,
            format!("The data folder cannot be moved to `{}`: {why}", target.display()),
        )
        .with_hint("Choose an empty folder, or make a new one"))
    };
    // Compares their real places: a link may lead from one into the other.
    let (real_target, real_root) = (real_path(target), real_path(folder.root()));
    if real_target.starts_with(&real_root)
        || real_root.starts_with(&real_target)
        || linked.iter().any(|linked| real_target.starts_with(linked))
    {
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
            Some(found) if found.is_dir => copy_dir(disk, &path, &to, &folder.lock_file(), is_cancelled)?,
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

/// Leaves out `lock`: it means nothing at the new place, and it is locked.
fn copy_dir(disk: &dyn Disk, from: &Path, to: &Path, lock: &Path, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
    make_dir(disk, to)?;
    for entry in disk.list(from).map_err(|error| disk_error("list", from, error))? {
        let (from, to) = (from.join(&entry.name), to.join(&entry.name));
        if entry.is_dir {
            copy_dir(disk, &from, &to, lock, is_cancelled)?;
        } else if !disk::is_temporary_name(&entry.name) && from != lock {
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
        // A person's own file beside the records: only the lock itself is left out.
        std::fs::write(dir.join("lock"), "a note about the lock").unwrap();
        folder
    }

    /// Every file below a directory except the lock, which means nothing.
    fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut dirs = vec![root.to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in std::fs::read_dir(dir).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    dirs.push(path);
                } else if !path.ends_with(".panopto-analytics/lock") {
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
        assert_eq!(copied.remove_old(), LeftBehind::default());
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

    #[cfg(unix)]
    #[test]
    fn a_target_within_the_folder_is_refused_also_through_a_link() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let (root, elsewhere) = (dir.path().join("old"), dir.path().join("elsewhere"));
        let folder = folder_with_data(&root);
        symlink(&root, dir.path().join("alias")).unwrap();
        std::fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, root.join(format!("database/Linked[{}]", FolderId::from_bytes([8; 16])))).unwrap();
        let before = files(&root);
        for place in ["alias/within", "alias", "alias/../old/new", "elsewhere/new"] {
            let error = folder.copy_to(&dir.path().join(place), &|| false).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{place}");
        }
        assert!(files(&root) == before);
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_course_directory_is_copied_and_left_where_it_is() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let (root, elsewhere) = (dir.path().join("old"), dir.path().join("elsewhere"));
        let folder = folder_with_data(&root);
        std::fs::create_dir(&elsewhere).unwrap();
        std::fs::write(elsewhere.join("viewing_activity.csv"), "records").unwrap();
        let linked = format!("database/Linked[{}]", FolderId::from_bytes([8; 16]));
        symlink(&elsewhere, root.join(&linked)).unwrap();
        let new = dir.path().join("new");
        let left = folder.copy_to(&new, &|| false).unwrap().remove_old();
        assert_eq!(left, LeftBehind { linked: vec![elsewhere.canonicalize().unwrap()], not_removed: None });
        assert!(!root.exists());
        for place in [elsewhere, new.join(linked)] {
            assert_eq!(std::fs::read_to_string(place.join("viewing_activity.csv")).unwrap(), "records");
        }
    }

    /// The lock goes last: no other process can ever write to a folder that is half removed.
    #[test]
    fn the_lock_is_held_until_everything_else_is_gone() {
        #[derive(Debug)]
        struct Watching(PathBuf);
        impl crate::disk::Disk for Watching {
            fn create(&self, path: &Path) -> std::io::Result<Box<dyn crate::DiskFile>> {
                disk::RealDisk.create(path)
            }
            fn open(&self, path: &Path) -> std::io::Result<Box<dyn disk::DiskReader>> {
                disk::RealDisk.open(path)
            }
            fn sync_file(&self, path: &Path) -> std::io::Result<()> {
                disk::RealDisk.sync_file(path)
            }
            fn rename(&self, from: &Path, to: &Path) -> std::io::Result<()> {
                disk::RealDisk.rename(from, to)
            }
            fn remove_file(&self, path: &Path) -> std::io::Result<()> {
                self.still_locked(path);
                disk::RealDisk.remove_file(path)
            }
            fn remove_dir_all(&self, path: &Path) -> std::io::Result<()> {
                self.still_locked(path);
                disk::RealDisk.remove_dir_all(path)
            }
            fn create_dir_all(&self, path: &Path) -> std::io::Result<()> {
                disk::RealDisk.create_dir_all(path)
            }
            fn sync_dir(&self, path: &Path) -> std::io::Result<()> {
                disk::RealDisk.sync_dir(path)
            }
            fn list(&self, path: &Path) -> std::io::Result<Vec<disk::Entry>> {
                disk::RealDisk.list(path)
            }
            fn stat(&self, path: &Path) -> std::io::Result<Option<disk::Stat>> {
                disk::RealDisk.stat(path)
            }
        }
        impl Watching {
            fn still_locked(&self, removed: &Path) {
                let lock = self.0.join(".panopto-analytics/lock");
                if removed.starts_with(&self.0) && removed != self.0 && removed != lock.parent().unwrap() {
                    assert!(crate::ProcessLock::try_acquire(&lock).unwrap().is_none(), "{}", removed.display());
                }
            }
        }
        let dir = tempfile::tempdir().unwrap();
        let old = dir.path().join("old");
        folder_with_data(&old);
        let folder = DataFolder::open_on(Arc::new(Watching(old.clone())), &old).unwrap();
        let copied = folder.copy_to(&dir.path().join("new"), &|| false).unwrap();
        assert_eq!(copied.remove_old(), LeftBehind::default());
        assert!(!old.exists());
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
