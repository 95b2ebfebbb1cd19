//! The disk as a data folder sees it: no operation follows a link that leads out of the folder.
//!
//! A data folder can be on a shared drive, where others may replace one of our directories with a link. If we followed
//! `.panopto-analytics/trash -> ~/Documents`, we would delete somebody's documents.
//!
//! Two kinds of links are a person's own and are followed: a course's directory, which may be on another disk, and the
//! lists at the top (`courses.csv`, `state.csv`). Links that stay within the folder do no harm. Deliberately absent:
//! the folder itself, which a link may lead to, and paths outside it (the target of a move).

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::directory_name::{DATABASE, OUTPUT, id_in_last_brackets};
use super::disk::{Disk, DiskFile, DiskReader, Entry, Stat};
use super::leads_out::LeadsOut;

/// A disk, confined to a root for all paths below it.
#[derive(Debug)]
pub(super) struct Within {
    root: PathBuf,
    /// The root with its links resolved.
    real_root: PathBuf,
    inner: Arc<dyn Disk>,
}

impl Within {
    pub(super) fn new(inner: Arc<dyn Disk>, root: &Path) -> Self {
        let real_root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        Self { root: root.to_owned(), real_root, inner }
    }

    /// The disk without its bounds.
    pub(super) fn inner(&self) -> &Arc<dyn Disk> {
        &self.inner
    }

    /// Refuses a path that contains a link leading out, including its last name.
    fn check(&self, path: &Path) -> io::Result<()> {
        let Ok(inside) = path.strip_prefix(&self.root) else { return Ok(()) };
        let mut allowed = self.real_root.clone();
        let mut walked = self.root.clone();
        for component in inside.components() {
            walked.push(component);
            let Some(target) = self.inner.link_target(&walked)? else { continue };
            if target.starts_with(&allowed) {
                continue;
            }
            if !is_on_purpose(walked.strip_prefix(&self.root).unwrap_or(&walked)) {
                return Err(io::Error::other(LeadsOut { link: walked, target }));
            }
            allowed = target;
        }
        Ok(())
    }

    /// The same check for operations on the name itself and not on what it points to: renaming and removing.
    fn check_above(&self, path: &Path) -> io::Result<()> {
        path.parent().map_or(Ok(()), |above| self.check(above))
    }
}

/// Whether a link at this path, relative to the root, is one that a person makes; the header says which.
fn is_on_purpose(inside: &Path) -> bool {
    let mut names = inside.components().map(|component| match component {
        Component::Normal(name) => name,
        _ => Default::default(),
    });
    match (names.next(), names.next(), names.next()) {
        (Some(list), None, None) => list == "courses.csv" || list == "state.csv",
        (Some(area), Some(course), None) => {
            (area == DATABASE || area == OUTPUT) && id_in_last_brackets(course).is_some()
        }
        _ => false,
    }
}

impl Disk for Within {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.check(path)?;
        self.inner.create(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskReader>> {
        self.check(path)?;
        self.inner.open(path)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.check(path)?;
        self.inner.sync_file(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check_above(from)?;
        self.check_above(to)?;
        self.inner.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.check_above(path)?;
        self.inner.remove_file(path)
    }

    fn remove_dir_all(&self, path: &Path) -> io::Result<()> {
        self.check_above(path)?;
        self.inner.remove_dir_all(path)
    }

    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        self.check(path)?;
        self.inner.create_dir_all(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.check(path)?;
        self.inner.sync_dir(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        self.check(path)?;
        self.inner.list(path)
    }

    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        self.check(path)?;
        self.inner.stat(path)
    }

    fn link_target(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        self.check(path)?;
        self.inner.link_target(path)
    }

    fn take_over_rights(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check(from)?;
        self.check(to)?;
        self.inner.take_over_rights(from, to)
    }
}
