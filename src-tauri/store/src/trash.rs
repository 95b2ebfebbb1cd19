//! `.panopto-analytics/trash/<ID>-<n>`: the data of a removed course, until the removal can no longer be undone.
//!
//! Order matters, because the journal and `state.csv` say what need not be fetched again: when data goes, they go
//! first; when it comes back, they come last. A removal is complete when the course is off the list; the next holder of
//! the lock undoes one that was cut off before that. The mark `done` shows that a removal was complete, even if the
//! course has been added again since. If a removal that was cut off cannot be undone, because the course has data again
//! (a folder restored from a backup), its data stays in the entry with the mark `superseded`, and the course goes on
//! with the data it has.
//!
//! Deliberately absent: when an entry is deleted. That is a promise of the run that removed the course, which names the
//! entry and its time (see `engine::lifetime`). No entry is deleted except by name and time.
//!
//! Invariants: at every instant the data of a course is either in its place or whole in one trash entry, and nothing
//! claims records that are not in their place. A directory that a person has linked is not deleted with the link.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
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
const SUPERSEDED: &str = "superseded";
const JOURNAL: &str = "journal.json";
const CLASS_LIST: &str = "class-list.json";

/// A course that is removed with its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedCourse {
    /// The course.
    pub course: FolderId,
    /// The course's name.
    pub name: String,
    /// The course's place in the course list, from 0.
    pub position: usize,
    /// When it was removed; `None` if an earlier version of this program did it.
    #[serde(default)]
    pub removed_at: Option<DateTime<Utc>>,
    /// The real places of its data: directories that a person has linked into the data folder. They are not deleted.
    #[serde(default)]
    pub linked: Vec<PathBuf>,
    /// The last UTC day that was fetched.
    last_day: Option<NaiveDate>,
    /// The name of the course's directory in the trash.
    #[serde(skip)]
    entry: String,
}

/// A trash entry, and how far its removal got.
#[derive(Debug)]
struct TrashEntry {
    course: TrashedCourse,
    progress: Removal,
}

/// How far a removal got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Removal {
    /// Not marked as complete: the removal was cut off, or only its mark is missing.
    Begun,
    Done,
    /// The removal was cut off, and the course has data again.
    Superseded,
}

impl TrashedCourse {
    fn directory(&self, folder: &DataFolder) -> PathBuf {
        folder.trash_dir().join(&self.entry)
    }

    /// The name of its entry in the trash.
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// The course as it was in the list.
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
    /// Removals that can be undone; for each course the older one first.
    pub fn trash(&self) -> Result<Vec<TrashedCourse>> {
        let mut entries = self.trash_entries()?;
        entries.retain(|entry| entry.progress != Removal::Superseded);
        if entries.iter().any(|entry| entry.progress == Removal::Begun) {
            let courses = self.courses()?;
            entries.retain(|entry| {
                entry.progress == Removal::Done || !courses.iter().any(|listed| listed.id == entry.course.course)
            });
        }
        Ok(entries.into_iter().map(|entry| entry.course).collect())
    }

    /// All entries, including removals that were cut off.
    fn trash_entries(&self) -> Result<Vec<TrashEntry>> {
        let trash = self.trash_dir();
        if !self.exists(&trash)? {
            return Ok(Vec::new());
        }
        let mut entries = Vec::new();
        for entry in self.disk().list(&trash).map_err(failed("list", &trash))? {
            let directory = trash.join(&entry.name);
            // Without a note nothing has been moved yet.
            let Ok(note) = self.disk().read(&directory.join(NOTE)) else { continue };
            let (Ok(mut course), Some(name)) = (serde_json::from_slice::<TrashedCourse>(&note), entry.name.to_str())
            else {
                continue;
            };
            name.clone_into(&mut course.entry);
            let progress = if self.exists(&directory.join(SUPERSEDED))? {
                Removal::Superseded
            } else if self.exists(&directory.join(DONE))? {
                Removal::Done
            } else {
                Removal::Begun
            };
            entries.push(TrashEntry { course, progress });
        }
        // The numbers count up, so the longer name is the later one.
        entries.sort_by_key(|TrashEntry { course, .. }| (course.course, course.entry.len(), course.entry.clone()));
        Ok(entries)
    }

    /// What [`DataFolder::move_to_trash`] will do, so that it can be promised before it is done. Changes nothing.
    pub fn plan_removal(&self, _lock: &FolderLock, course: FolderId, at: DateTime<Utc>) -> Result<TrashedCourse> {
        let courses = self.courses()?;
        let Some(position) = courses.iter().position(|listed| listed.id == course) else {
            return Err(Error::new(ErrorKind::NotFound, format!("Course {course} is not on the course list")));
        };
        let last_day = self.state()?.iter().find(|fetched| fetched.id == course).and_then(|fetched| fetched.last_day);
        let mut linked = Vec::new();
        for area in [Area::Database, Area::Output] {
            if let Some(directory) = self.course_dir(area, course)? {
                linked.extend(self.disk().link_target(&directory).map_err(failed("read", &directory))?);
            }
        }
        Ok(TrashedCourse {
            course,
            name: courses[position].name.clone(),
            position,
            removed_at: Some(at),
            linked,
            last_day,
            entry: self.free_entry(course)?,
        })
    }

    /// Moves the data of a listed course to the trash and takes the course off the list. On any failure everything is
    /// put back.
    pub fn move_to_trash(&self, lock: &FolderLock, planned: &TrashedCourse) -> Result<()> {
        let (courses, state) = (self.courses()?, self.state()?);
        self.move_parts(lock, planned, &courses, &state).inspect_err(|_| {
            // If this fails too, the next holder of the lock tries again.
            let _ = self.put_back(lock, planned);
        })
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
        let class_list = self.class_list_file(course);
        if self.exists(&class_list)? {
            disk.rename(&class_list, &directory.join(CLASS_LIST)).map_err(failed("move", &class_list))?;
            self.sync_dirs_of(&class_list, &directory.join(CLASS_LIST))?;
        }
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
        // A course that is off the list is removed. The mark is needed only if the course is listed again, and the next
        // lock also sets it.
        let _ = replace(disk, &directory.join(DONE), Durability::Durable, |_| Ok(()));
        Ok(())
    }

    /// Undoes a removal: the data is back where it was, and the course is on the list again.
    ///
    /// [`ErrorKind::InvalidInput`] if the course has new data by now; nothing is changed then.
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
        if self.has_data_beside(trashed)?
            && let Some(present) = self.course_dir(Area::Database, course)?
        {
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
                // Can be made again, so a failure is ignored.
                let _ = disk.rename(&from, &to);
            }
        }
        let (class_list, kept) = (self.class_list_file(course), directory.join(CLASS_LIST));
        if self.exists(&kept)? && !self.exists(&class_list)? {
            self.make_dir(&self.class_lists_dir())?;
            disk.rename(&kept, &class_list).map_err(failed("move", &kept))?;
            self.sync_dirs_of(&class_list, &kept)?;
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

    /// Deletes one entry of the trash permanently. `false` if the trash has no such entry (any more): it was restored,
    /// or another removal has taken its name since.
    pub fn delete_from_trash(&self, _lock: &FolderLock, trashed: &TrashedCourse) -> Result<bool> {
        let is_it = |found: &TrashedCourse| {
            (found.course, &found.entry, found.removed_at) == (trashed.course, &trashed.entry, trashed.removed_at)
        };
        if !self.trash()?.iter().any(is_it) {
            return Ok(false);
        }
        let directory = trashed.directory(self);
        self.disk().remove_dir_all(&directory).map_err(failed("remove", &directory))?;
        Ok(true)
    }

    /// Undoes removals that were cut off. Called with each new lock. Returns what a person should know: where data is
    /// kept if its removal could not be undone.
    pub(super) fn undo_cut_off_removals(&self, lock: &FolderLock) -> Result<Vec<String>> {
        let mut notices = Vec::new();
        for TrashEntry { course: trashed, progress } in self.trash_entries()? {
            if progress != Removal::Begun {
                continue;
            }
            let directory = trashed.directory(self);
            if !self.courses()?.iter().any(|listed| listed.id == trashed.course) {
                replace(self.disk(), &directory.join(DONE), Durability::Durable, |_| Ok(()))?;
            } else if self.has_data_beside(&trashed)? {
                replace(self.disk(), &directory.join(SUPERSEDED), Durability::Durable, |_| Ok(()))?;
                notices.push(format!(
                    "A removal of the course `{}` was cut off, and the data folder holds data of it again; what had been \
                     moved away by then is kept in `{}`",
                    trashed.name,
                    directory.display()
                ));
            } else {
                self.put_back(lock, &trashed)?;
            }
        }
        Ok(notices)
    }

    /// Whether the course has data in the database while the entry also has some.
    fn has_data_beside(&self, trashed: &TrashedCourse) -> Result<bool> {
        Ok(!self.moved_dirs(&trashed.directory(self), Area::Database)?.is_empty()
            && self.course_dir(Area::Database, trashed.course)?.is_some())
    }

    /// The class lists of removed courses.
    pub(super) fn class_lists_in_trash(&self) -> Result<Vec<(PathBuf, FolderId)>> {
        let entries = self.trash_entries()?.into_iter();
        Ok(entries.map(|entry| (entry.course.directory(self).join(CLASS_LIST), entry.course.course)).collect())
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
