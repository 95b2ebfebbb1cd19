//! Where everything is in a data folder.
//!
//! The layout is the original tool's, so that its folder can be opened as it is. Files that only this program uses are
//! in `.panopto-analytics`. A course's directory is found by the folder ID in its last brackets, never by its name, so
//! a course that is renamed in Panopto keeps its directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::FolderId;

use super::directory_name::{DATABASE, OUTPUT, id_in_last_brackets};
use super::disk::{self, Disk, Durability, RealDisk};
use super::lock::FolderLock;
use super::refusal::disk_error;
use super::safe_name::safe_name;
use super::within::Within;
use crate::{Error, ErrorKind, Result};

/// The course list of a new data folder: only the headers.
const COURSE_LIST_TEMPLATE: &str = include_str!("../../../courses.csv");

/// The two places that hold one directory for each course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// `database`: what came from the server; cannot be made again offline.
    Database,
    /// `output[CHUNKED]`: made from the database, and can be made again at any time.
    Output,
}

/// A data folder, for reading; [`DataFolder::lock`] gives the right to write it.
#[derive(Debug, Clone)]
pub struct DataFolder {
    root: PathBuf,
    disk: Arc<Within>,
}

impl DataFolder {
    /// Opens the data folder at `root`, which must be a directory and may be empty. Writes nothing.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        Self::open_on(Arc::new(RealDisk), root)
    }

    /// [`DataFolder::open`] on a given disk.
    pub fn open_on(disk: Arc<dyn Disk>, root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        match disk.stat(&root).map_err(|error| disk_error("open", &root, error))? {
            Some(found) if found.is_dir => Ok(Self { disk: Arc::new(Within::new(disk, &root)), root }),
            Some(_) => {
                Err(Error::new(ErrorKind::InvalidInput, format!("`{}` is a file, not a data folder", root.display()))
                    .with_hint("Choose the folder that holds `courses.csv`, or an empty one"))
            }
            None => Err(Error::new(ErrorKind::NotFound, format!("There is no data folder `{}`", root.display()))
                .with_hint("Connect its drive again or choose another folder")),
        }
    }

    /// Opens the data folder at `root` for writing. A missing folder is created with an empty course list. A folder
    /// that has lost its course list is opened as it is.
    pub fn create(root: impl Into<PathBuf>) -> Result<Self> {
        Self::create_on(Arc::new(RealDisk), root)
    }

    /// [`DataFolder::create`] on a given disk.
    pub fn create_on(disk: Arc<dyn Disk>, root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        // If something else has this name, opening it fails and says so.
        if disk.stat(&root).ok().flatten().is_none() {
            disk.create_dir_all(&root).map_err(|error| disk_error("make the folder", &root, error))?;
        }
        let folder = Self::open_on(disk, root)?;
        let courses = folder.courses_file();
        if !folder.exists(&courses)? && folder.courses_with_data()? == 0 {
            disk::replace(folder.disk(), &courses, Durability::Durable, |file| {
                file.write_all(COURSE_LIST_TEMPLATE.as_bytes())
            })?;
        }
        Ok(folder)
    }

    /// A data folder that does not exist yet, shown as an empty one. Nothing is created.
    pub fn to_come(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { disk: Arc::new(Within::new(Arc::new(RealDisk), &root)), root }
    }

    /// Takes the right to write this folder; [`ErrorKind::Busy`] while another holder has it. Removes what an earlier
    /// crash left half-written, and undoes a removal that was cut off.
    pub fn lock(&self) -> Result<FolderLock> {
        let internal = self.internal_dir();
        self.make_dir(&internal)?;
        let lock_file = self.lock_file();
        // Goes through the disk, which refuses a link that leads out.
        self.exists(&lock_file)?;
        let mut lock = FolderLock::acquire(&self.root, &lock_file)?;
        self.remove_leftovers();
        lock.notices = self.undo_cut_off_removals(&lock)?;
        Ok(lock)
    }

    /// `.panopto-analytics/lock`: see [`FolderLock`].
    pub(super) fn lock_file(&self) -> PathBuf {
        self.internal_dir().join("lock")
    }

    fn remove_leftovers(&self) {
        let disk = self.disk();
        for directory in [self.root.clone(), self.internal_dir()] {
            disk::remove_leftovers(disk, &directory);
        }
        for area in [Area::Database, Area::Output] {
            let area = self.area_dir(area);
            for entry in disk.list(&area).unwrap_or_default() {
                if entry.is_dir {
                    disk::remove_leftovers(disk, &area.join(entry.name));
                }
            }
        }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The disk that holds the folder.
    pub fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// The disk that holds the folder, for opening another folder there.
    pub fn shared_disk(&self) -> Arc<dyn Disk> {
        Arc::clone(self.disk.inner())
    }

    /// `courses.csv`: the course list.
    pub fn courses_file(&self) -> PathBuf {
        self.root.join("courses.csv")
    }

    /// `state.csv`: up to which day each course is fetched.
    pub fn state_file(&self) -> PathBuf {
        self.root.join("state.csv")
    }

    /// `raw_data_handler/state.csv`: the original tool's state. Read if there is no `state.csv`.
    pub(crate) fn original_state_file(&self) -> PathBuf {
        self.root.join("raw_data_handler").join("state.csv")
    }

    /// `.panopto-analytics`: what only this program reads.
    pub fn internal_dir(&self) -> PathBuf {
        self.root.join(".panopto-analytics")
    }

    /// One of this program's own files in `.panopto-analytics`.
    pub fn internal_file(&self, name: &str) -> PathBuf {
        self.internal_dir().join(name)
    }

    /// `.panopto-analytics/trash`: data of removed courses until the removal can no longer be undone.
    pub fn trash_dir(&self) -> PathBuf {
        self.internal_dir().join("trash")
    }

    /// `database` or `output[CHUNKED]`.
    pub fn area_dir(&self, area: Area) -> PathBuf {
        self.root.join(match area {
            Area::Database => DATABASE,
            Area::Output => OUTPUT,
        })
    }

    /// `output[CHUNKED]/tableau`: all listed courses together.
    pub fn tableau_dir(&self) -> PathBuf {
        self.area_dir(Area::Output).join("tableau")
    }

    /// The directory of a course; `None` if it has none yet.
    ///
    /// An empty directory beside one that holds something is skipped: the original tool creates one when a course is
    /// renamed. If the database has two directories of one course and both hold something, the error names both,
    /// because nothing tells which is right.
    pub fn course_dir(&self, area: Area, course: FolderId) -> Result<Option<PathBuf>> {
        let dirs = self.course_dirs(area)?.into_iter().filter(|(id, _)| *id == course).map(|(_, path)| path);
        let mut dirs: Vec<PathBuf> = dirs.collect();
        if dirs.len() > 1 {
            let mut with_content = Vec::new();
            for dir in &dirs {
                if !self.disk.list(dir).map_err(|error| disk_error("list", dir, error))?.is_empty() {
                    with_content.push(dir.clone());
                }
            }
            if !with_content.is_empty() {
                dirs = with_content;
            }
        }
        let mut found = dirs.into_iter();
        let first = found.next();
        if let (Area::Database, Some(first), Some(second)) = (area, &first, found.next()) {
            return Err(Error::new(
                ErrorKind::DataFileInvalid,
                format!(
                    "Two directories hold the data of course {course}: `{}` and `{}`",
                    first.display(),
                    second.display()
                ),
            )
            .with_hint("Move the one you do not need out of the `database` folder"));
        }
        Ok(first)
    }

    /// The directory of a course, created as `<safe name>[<ID>]` if it does not exist yet.
    pub fn make_course_dir(&self, _lock: &FolderLock, area: Area, course: FolderId, name: &str) -> Result<PathBuf> {
        if let Some(directory) = self.course_dir(area, course)? {
            return Ok(directory);
        }
        let directory = self.area_dir(area).join(course_dir_name(name, course));
        self.make_dir(&directory)?;
        if area == Area::Database {
            for above in [self.area_dir(area), self.root.clone()] {
                self.disk.sync_dir(&above).map_err(|error| disk_error("write", &above, error))?;
            }
        }
        Ok(directory)
    }

    /// All course directories, sorted by name.
    pub fn course_dirs(&self, area: Area) -> Result<Vec<(FolderId, PathBuf)>> {
        let area = self.area_dir(area);
        if !self.exists(&area)? {
            return Ok(Vec::new());
        }
        let entries = self.disk.list(&area).map_err(|error| disk_error("list", &area, error))?;
        Ok(entries
            .into_iter()
            .filter(|entry| entry.is_dir)
            .filter_map(|entry| Some((id_in_last_brackets(&entry.name)?, area.join(entry.name))))
            .collect())
    }

    /// Refuses a directory that is part of this folder's own data, with [`ErrorKind::InvalidInput`]: whatever is
    /// written there would be taken for data, or be replaced.
    pub fn refuse_own_place(&self, directory: &Path) -> Result<()> {
        let directory_found = real_path(directory);
        for own in [self.area_dir(Area::Database), self.area_dir(Area::Output), self.internal_dir()] {
            let own_found = real_path(&own);
            if directory_found.starts_with(&own_found) {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    format!("`{}` lies within the data folder's own `{}`", directory.display(), own.display()),
                )
                .with_hint("Choose a folder outside the data folder"));
            }
        }
        Ok(())
    }

    /// Whether such a file or directory exists.
    pub fn exists(&self, path: &Path) -> Result<bool> {
        self.disk.exists(path).map_err(|error| disk_error("read", path, error))
    }

    /// Makes a directory and those above it. The data folder itself must exist: if it vanished with its drive, it is
    /// not started again in its place.
    pub fn make_dir(&self, path: &Path) -> Result<()> {
        let made = if self.exists(&self.root)? {
            self.disk.create_dir_all(path)
        } else {
            Err(std::io::ErrorKind::NotFound.into())
        };
        made.map_err(|error| disk_error("make the folder", path, error))
    }
}

/// The path with links resolved, as far as it exists.
pub(super) fn real_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    let mut existing = absolute.as_path();
    loop {
        if let Ok(mut found) = std::fs::canonicalize(existing) {
            found.extend(missing.iter().rev());
            return found;
        }
        match (existing.parent(), existing.file_name()) {
            (Some(above), Some(name)) => {
                missing.push(name);
                existing = above;
            }
            _ => return absolute,
        }
    }
}

/// `sessions_overview.csv` in a course's directory.
pub fn overview_file(course_dir: &Path) -> PathBuf {
    course_dir.join("sessions_overview.csv")
}

/// The file of a course's viewing records.
pub(super) const ACTIVITY_FILE: &str = "viewing_activity.csv";

/// `viewing_activity.csv` in a course's database directory.
pub fn activity_file(course_dir: &Path) -> PathBuf {
    course_dir.join(ACTIVITY_FILE)
}

/// `chunked_data.csv` in a course's output directory.
pub fn chunked_file(course_dir: &Path) -> PathBuf {
    course_dir.join("chunked_data.csv")
}

/// `<safe name>[<ID>]`.
pub fn course_dir_name(name: &str, course: FolderId) -> String {
    format!("{}[{course}]", safe_name(name))
}
