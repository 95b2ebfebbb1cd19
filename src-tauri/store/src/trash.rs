//! `.panopto-analytics/trash/<ID>-<n>`: the data of a removed course, until the removal can no longer be undone.
//!
//! Order matters, because the journal and `state.csv` say what need not be fetched again: they go first when data goes, and
//! come back last. A removal is over when the course is off the list; one that was cut off before is undone by the next
//! holder of the lock. The mark `done` tells it from a removal whose course was added again.
//!
//! Invariant: at every instant the data of a course is either in its place or whole in one trash entry, and nothing
//! claims records that are not in their place.

use std::io;
use std::path::{Path, PathBuf};

use model::FolderId;
use serde::{Deserialize, Serialize};

use super::course_list::ListedCourse;
use super::disk::{Durability, replace};
use super::journal::Journal;
use super::refusal::disk_error;
use super::staging::Staging;
use super::state::FetchedCourse;
use super::{Area, DataFolder, FolderLock};
use crate::{Error, ErrorKind, Result};

const NOTE: &str = "removed.json";
const DONE: &str = "done";
const JOURNAL: &str = "journal.json";

/// A course that was removed with its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedCourse {
    /// The course.
    pub course: FolderId,
    /// Its name.
    pub name: String,
    /// Its place in the course list, from 0.
    pub position: usize,
    /// The last UTC day that was fetched.
    last_day: Option<chrono::NaiveDate>,
    /// The name of its directory in the trash.
    #[serde(skip)]
    entry: String,
}

impl TrashedCourse {
    fn directory(&self, folder: &DataFolder) -> PathBuf {
        folder.trash_dir().join(&self.entry)
    }

    /// The course as it stood in the list.
    pub fn listed(&self) -> ListedCourse {
        ListedCourse { id: self.course, name: self.name.clone() }
    }
}

/// The name of an area within a trash entry.
fn area_name(area: Area) -> &'static str {
    match area {
        Area::Database => "database",
        Area::Output => "output",
    }
}

fn failed<'p>(verb: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> Error + use<'p> {
    move |error| disk_error(verb, path, error)
}

impl DataFolder {
    /// What is in the trash, for each course the older first.
    pub fn trash(&self) -> Result<Vec<TrashedCourse>> {
        let mut entries = self.trash_entries()?;
        if entries.iter().any(|(_, marked)| !marked) {
            let courses = self.courses()?;
            entries.retain(|(entry, marked)| *marked || !courses.iter().any(|listed| listed.id == entry.course));
        }
        Ok(entries.into_iter().map(|(course, _)| course).collect())
    }

    /// All entries, also of removals that were cut off, and whether they have their mark.
    fn trash_entries(&self) -> Result<Vec<(TrashedCourse, bool)>> {
        let trash = self.trash_dir();
        if !self.exists(&trash)? {
            return Ok(Vec::new());
        }
        let mut entries = Vec::new();
        for entry in self.disk().list(&trash).map_err(failed("list", &trash))? {
            let directory = trash.join(&entry.name);
            // Without a note nothing was moved yet.
            let Ok(note) = self.disk().read(&directory.join(NOTE)) else { continue };
            let (Ok(mut course), Some(name)) = (serde_json::from_slice::<TrashedCourse>(&note), entry.name.to_str())
            else {
                continue;
            };
            name.clone_into(&mut course.entry);
            entries.push((course, self.exists(&directory.join(DONE))?));
        }
        // Numbers count up, so the longer name is the later one.
        entries.sort_by_key(|(course, _)| (course.course, course.entry.len(), course.entry.clone()));
        Ok(entries)
    }

    /// Moves the data of a listed course to the trash and takes the course off the list. On any failure everything is put
    /// back.
    pub fn move_to_trash(&self, lock: &FolderLock, course: FolderId) -> Result<TrashedCourse> {
        let courses = self.courses()?;
        let Some(position) = courses.iter().position(|listed| listed.id == course) else {
            return Err(Error::new(ErrorKind::NotFound, format!("Course {course} is not on the course list")));
        };
        let state = self.state()?;
        let last_day = state.iter().find(|fetched| fetched.id == course).and_then(|fetched| fetched.last_day);
        let name = courses[position].name.clone();
        let trashed = TrashedCourse { course, name, position, last_day, entry: self.free_entry(course)? };
        let moved = self.move_parts(lock, &trashed, &courses, &state);
        match moved {
            Ok(()) => Ok(trashed),
            Err(error) => {
                // The lock's next holder tries once more if this fails too.
                let _ = self.put_back(lock, &trashed);
                Err(error)
            }
        }
    }

    fn free_entry(&self, course: FolderId) -> Result<String> {
        let mut number = 1_u32;
        loop {
            let entry = format!("{course}-{number}");
            if !self.exists(&self.trash_dir().join(&entry))? {
                return Ok(entry);
            }
            number += 1;
        }
    }

    fn move_parts(
        &self,
        lock: &FolderLock,
        trashed: &TrashedCourse,
        courses: &[ListedCourse],
        state: &[FetchedCourse],
    ) -> Result<()> {
        let (disk, directory, course) = (self.disk(), trashed.directory(self), trashed.course);
        self.make_dir(&directory)?;
        let note = serde_json::to_vec(trashed).map_err(|error| disk_error("write", &directory, error.into()))?;
        replace(disk, &directory.join(NOTE), Durability::Durable, |file| file.write_all(&note))?;
        self.sync_dir(&self.trash_dir())?;
        let others: Vec<_> = state.iter().filter(|fetched| fetched.id != course).cloned().collect();
        if others.len() < state.len() {
            self.save_state(lock, &others)?;
        }
        let journal = Journal::path(self, course);
        if self.exists(&journal)? {
            disk.rename(&journal, &directory.join(JOURNAL)).map_err(failed("move", &journal))?;
            self.sync_dirs_of(&journal, &directory)?;
        }
        Staging::of_course(self, course).remove_all()?;
        for area in [Area::Output, Area::Database] {
            if let Some(from) = self.course_dir(area, course)? {
                let into = directory.join(area_name(area));
                self.make_dir(&into)?;
                let to = into.join(from.file_name().unwrap_or_default());
                disk.rename(&from, &to).map_err(failed("move", &from))?;
                self.sync_dirs_of(&from, &to)?;
            }
        }
        let left: Vec<_> = courses.iter().filter(|listed| listed.id != course).cloned().collect();
        self.save_courses(lock, &left)?;
        // Off the list is removed; the mark is only needed once the course is listed again, and the next lock sets it too.
        let _ = replace(disk, &directory.join(DONE), Durability::Durable, |_| Ok(()));
        Ok(())
    }

    /// Undoes a removal: the data is where it was, and the course on the list again.
    ///
    /// [`ErrorKind::InvalidInput`] where the course has got new data meanwhile; both are then as they were.
    pub fn put_back(&self, lock: &FolderLock, trashed: &TrashedCourse) -> Result<()> {
        let (disk, directory, course) = (self.disk(), trashed.directory(self), trashed.course);
        if !self.exists(&directory)? {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("The data of the removed course `{}` is not there any more", trashed.name),
            )
            .with_hint("Add the course again; the next sync fetches what the server still has"));
        }
        let waiting = self.moved_dirs(&directory, Area::Database)?;
        if let (false, Some(present)) = (waiting.is_empty(), self.course_dir(Area::Database, course)?) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("The course `{}` has got new data in `{}`", trashed.name, present.display()),
            )
            .with_hint("Remove the course with its new data first, then undo the earlier removal"));
        }
        for from in waiting {
            let to = self.area_dir(Area::Database).join(from.file_name().unwrap_or_default());
            disk.rename(&from, &to).map_err(failed("move", &from))?;
            self.sync_dirs_of(&to, &from)?;
        }
        for from in self.moved_dirs(&directory, Area::Output)? {
            let to = self.area_dir(Area::Output).join(from.file_name().unwrap_or_default());
            if self.course_dir(Area::Output, course)?.is_none() {
                // Can be made again: not worth failing for.
                let _ = disk.rename(&from, &to);
            }
        }
        let (journal, saved) = (Journal::path(self, course), directory.join(JOURNAL));
        if self.exists(&saved)? && !self.exists(&journal)? {
            disk.rename(&saved, &journal).map_err(failed("move", &saved))?;
            self.sync_dirs_of(&journal, &saved)?;
        }
        let mut state = self.state()?;
        if trashed.last_day.is_some() && !state.iter().any(|fetched| fetched.id == course) {
            state.push(FetchedCourse { id: course, name: trashed.name.clone(), last_day: trashed.last_day });
            self.save_state(lock, &state)?;
        }
        let mut courses = self.courses()?;
        if !courses.iter().any(|listed| listed.id == course) {
            courses.insert(trashed.position.min(courses.len()), trashed.listed());
            self.save_courses(lock, &courses)?;
        }
        disk.remove_dir_all(&directory).map_err(failed("remove", &directory))
    }

    /// Deletes what is in the trash, for good. Returns how many courses that were.
    pub fn empty_trash(&self, _lock: &FolderLock) -> Result<usize> {
        let (trash, courses) = (self.trash_dir(), self.trash()?.len());
        if self.exists(&trash)? {
            // Also an entry without a note, which an emptying that was cut off has left. Removals that were cut off are not
            // here any more: the lock has undone them.
            for entry in self.disk().list(&trash).map_err(failed("list", &trash))? {
                let directory = trash.join(entry.name);
                self.disk().remove_dir_all(&directory).map_err(failed("remove", &directory))?;
            }
        }
        Ok(courses)
    }

    /// Deletes what is in the trash of one course, for good. Returns how many removals of it can then no longer be undone.
    pub fn delete_from_trash(&self, _lock: &FolderLock, course: FolderId) -> Result<usize> {
        let entries = self.trash()?;
        let of_course: Vec<_> = entries.iter().filter(|trashed| trashed.course == course).collect();
        for trashed in &of_course {
            let directory = trashed.directory(self);
            self.disk().remove_dir_all(&directory).map_err(failed("remove", &directory))?;
        }
        Ok(of_course.len())
    }

    /// Undoes removals that were cut off; called with each new lock.
    pub(super) fn undo_cut_off_removals(&self, lock: &FolderLock) -> Result<()> {
        for (trashed, done) in self.trash_entries()? {
            if done {
                continue;
            }
            if self.courses()?.iter().any(|listed| listed.id == trashed.course) {
                self.put_back(lock, &trashed)?;
            } else {
                replace(self.disk(), &trashed.directory(self).join(DONE), Durability::Durable, |_| Ok(()))?;
            }
        }
        Ok(())
    }

    fn moved_dirs(&self, directory: &Path, area: Area) -> Result<Vec<PathBuf>> {
        let area = directory.join(area_name(area));
        if !self.exists(&area)? {
            return Ok(Vec::new());
        }
        let entries = self.disk().list(&area).map_err(failed("list", &area))?;
        Ok(entries.into_iter().map(|entry| area.join(entry.name)).collect())
    }

    fn sync_dir(&self, directory: &Path) -> Result<()> {
        self.disk().sync_dir(directory).map_err(failed("write", directory))
    }

    fn sync_dirs_of(&self, one: &Path, other: &Path) -> Result<()> {
        for path in [one, other] {
            if let Some(above) = path.parent() {
                self.sync_dir(above)?;
            }
        }
        Ok(())
    }
}
