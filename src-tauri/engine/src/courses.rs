//! The course list: what is on it, adding, importing, removing and undoing that.
//!
//! Deliberately absent: asking the server for a folder and its name, which the caller does before it adds one. The order of
//! the list is the user's and is kept.

use std::collections::HashMap;
use std::path::Path;

use model::FolderId;

use crate::store::course_list::{ListedCourse, read_course_list};
use crate::store::disk::Disk;
use crate::store::trash::TrashedCourse;
use crate::store::{DataFolder, FolderLock};
use crate::{Error, ErrorCode, Result};

/// What adding has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Courses that are new on the list, in their order.
    pub added: Vec<ListedCourse>,
    /// Courses that were on it already, as they stand there.
    pub already_there: Vec<ListedCourse>,
}

/// What to do with the data of a course that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovedData {
    /// It stays where it is; adding the course again goes on from there.
    Keep,
    /// It goes to the trash, until [`delete_from_trash`] or [`empty_trash`] deletes it.
    Delete,
}

/// A course that was removed, with what is needed to undo that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The course.
    pub course: ListedCourse,
    /// Its place in the list, from 0.
    pub position: usize,
    /// Its data, where that went to the trash.
    pub trashed: Option<TrashedCourse>,
}

/// The course list.
pub fn list(folder: &DataFolder) -> Result<Vec<ListedCourse>> {
    Ok(folder.courses()?)
}

/// Adds courses at the end of the list, each once.
pub fn add(folder: &DataFolder, lock: &FolderLock, courses: impl IntoIterator<Item = ListedCourse>) -> Result<Added> {
    let mut list = folder.courses()?;
    let mut places: HashMap<FolderId, usize> = list.iter().map(|course| course.id).zip(0..).collect();
    let mut outcome = Added { added: Vec::new(), already_there: Vec::new() };
    for course in courses {
        if let Some(&place) = places.get(&course.id) {
            outcome.already_there.push(list[place].clone());
        } else {
            places.insert(course.id, list.len());
            list.push(course.clone());
            outcome.added.push(course);
        }
    }
    if !outcome.added.is_empty() {
        folder.save_courses(lock, &list)?;
    }
    Ok(outcome)
}

/// The courses of another course list, such as the original's `courses.csv`, read before anything is changed.
///
/// [`ErrorCode::CourseFileInvalid`] names the line that cannot be read, or says that no courses are in the file.
pub fn listed_in(disk: &dyn Disk, path: &Path) -> Result<Vec<ListedCourse>> {
    let courses = read_course_list(disk, path)?;
    if courses.is_empty() {
        return Err(Error::new(ErrorCode::CourseFileInvalid, format!("`{}` lists no courses", path.display()))
            .with_hint(
                "Choose a file with the columns PanoptoFolderName and PanoptoFolderID and a line for each course",
            ));
    }
    Ok(courses)
}

/// Adds the courses of another course list. That file stays as it is.
///
/// Errors as [`listed_in`]; then nothing is added.
pub fn import(folder: &DataFolder, lock: &FolderLock, path: &Path) -> Result<Added> {
    add(folder, lock, listed_in(folder.disk(), path)?)
}

/// Takes a course off the list. [`ErrorCode::NotFound`] where it is not on it.
pub fn remove(folder: &DataFolder, lock: &FolderLock, course: FolderId, data: RemovedData) -> Result<Removed> {
    let mut list = folder.courses()?;
    let Some(position) = list.iter().position(|listed| listed.id == course) else {
        return Err(Error::new(ErrorCode::NotFound, format!("Course {course} is not on the course list"))
            .with_hint("Look up its ID in the course list"));
    };
    let listed = list.remove(position);
    let trashed = match data {
        RemovedData::Keep => {
            folder.save_courses(lock, &list)?;
            None
        }
        RemovedData::Delete => Some(folder.move_to_trash(lock, course)?),
    };
    Ok(Removed { course: listed, position, trashed })
}

/// Undoes a removal: the course is on the list again, where it was, and its data in its place.
pub fn restore(folder: &DataFolder, lock: &FolderLock, removed: &Removed) -> Result<()> {
    if let Some(trashed) = &removed.trashed {
        return Ok(folder.put_back(lock, trashed)?);
    }
    let mut list = folder.courses()?;
    if !list.iter().any(|listed| listed.id == removed.course.id) {
        list.insert(removed.position.min(list.len()), removed.course.clone());
        folder.save_courses(lock, &list)?;
    }
    Ok(())
}

/// Removals with data that can still be undone, also those of earlier runs of the program.
pub fn removed(folder: &DataFolder) -> Result<Vec<Removed>> {
    Ok(folder
        .trash()?
        .into_iter()
        .map(|trashed| Removed { course: trashed.listed(), position: trashed.position, trashed: Some(trashed) })
        .collect())
}

/// Deletes the data of removed courses for good, also from the output of all courses in one: where they are still in it, it
/// is removed, and chunking makes it again without them. Returns how many courses that were.
pub fn empty_trash(folder: &DataFolder, lock: &FolderLock) -> Result<usize> {
    let trashed: Vec<FolderId> = folder.trash()?.into_iter().map(|trashed| trashed.course).collect();
    crate::chunk::remove_union_of(folder, lock, &trashed)?;
    Ok(folder.empty_trash(lock)?)
}

/// [`empty_trash`] for one course; other removals can still be undone.
pub fn delete_from_trash(folder: &DataFolder, lock: &FolderLock, course: FolderId) -> Result<usize> {
    crate::chunk::remove_union_of(folder, lock, &[course])?;
    Ok(folder.delete_from_trash(lock, course)?)
}

/// Puts a course at another place of the list; `position` counts from 0 and may lie beyond the end.
pub fn reorder(folder: &DataFolder, lock: &FolderLock, course: FolderId, position: usize) -> Result<()> {
    let mut list = folder.courses()?;
    let Some(from) = list.iter().position(|listed| listed.id == course) else {
        return Err(Error::new(ErrorCode::NotFound, format!("Course {course} is not on the course list")));
    };
    let listed = list.remove(from);
    list.insert(position.min(list.len()), listed);
    Ok(folder.save_courses(lock, &list)?)
}
