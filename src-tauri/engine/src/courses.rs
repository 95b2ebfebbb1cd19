//! The course list: reading it, adding, importing, removing, and undoing a removal.
//!
//! Deliberately absent: asking the server for a folder and its name, which the caller does first. The order of the list
//! is the user's and is kept.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use model::FolderId;

use crate::lifetime::Promises;
use crate::store::course_list::{ListedCourse, read_course_list};
use crate::store::disk::Disk;
use crate::store::number::Reading;
use crate::store::overview::read_overview;
use crate::store::trash::TrashedCourse;
use crate::store::{Area, DataFolder, FolderLock, overview_file};
use crate::{Error, ErrorCode, Result};

/// The result of adding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Courses that are new on the list, in their order.
    pub added: Vec<ListedCourse>,
    /// Courses that were on it already, with their entries there.
    pub already_there: Vec<ListedCourse>,
}

/// A removed course, with everything needed to undo the removal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The course.
    pub course: ListedCourse,
    /// Its place in the list, from 0.
    pub position: usize,
    /// Its data, if that went to the trash.
    pub trashed: Option<TrashedCourse>,
}

impl Removed {
    /// Directories that stay when the course's data is deleted, because a person had linked them into the data folder.
    pub fn stays(&self) -> &[PathBuf] {
        self.trashed.as_ref().map_or(&[], |trashed| &trashed.linked)
    }
}

/// The course list.
pub fn list(folder: &DataFolder) -> Result<Vec<ListedCourse>> {
    Ok(folder.courses()?)
}

/// Adds courses at the end of the list, each once.
pub fn add(folder: &DataFolder, lock: &FolderLock, courses: impl IntoIterator<Item = ListedCourse>) -> Result<Added> {
    let _turn = lock.turn();
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

/// The courses of another course list, such as the original's `courses.csv`. Reads it before anything is changed.
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

/// Takes a course off the list. Its data stays where it is, and adding the course again goes on from there.
/// [`ErrorCode::NotFound`] if it is not on the list.
pub fn remove(folder: &DataFolder, lock: &FolderLock, course: FolderId) -> Result<Removed> {
    let _turn = lock.turn();
    let mut list = folder.courses()?;
    let Some(position) = list.iter().position(|listed| listed.id == course) else {
        return Err(Error::new(ErrorCode::NotFound, format!("Course {course} is not on the course list"))
            .with_hint("Look up its ID in the course list"));
    };
    let listed = list.remove(position);
    folder.save_courses(lock, &list)?;
    Ok(Removed { course: listed, position, trashed: None })
}

/// Takes a course off the list and moves its data to the trash, after promising to delete it. [`ErrorCode::NotFound`]
/// if it is not on the list.
pub fn remove_with_data(
    folder: &DataFolder,
    lock: &FolderLock,
    course: FolderId,
    promises: &Promises,
    at: DateTime<Utc>,
) -> Result<Removed> {
    let planned = folder.plan_removal(lock, course, at)?;
    promises.make(folder, &planned)?;
    folder.move_to_trash(lock, &planned)?;
    Ok(Removed { course: planned.listed(), position: planned.position, trashed: Some(planned) })
}

/// Undoes a removal: puts the course back in its place on the list, and its data back where it was.
pub fn restore(folder: &DataFolder, lock: &FolderLock, promises: &Promises, removed: &Removed) -> Result<()> {
    if let Some(trashed) = &removed.trashed {
        folder.put_back(lock, trashed)?;
        return promises.withdraw(folder, trashed);
    }
    let _turn = lock.turn();
    let mut list = folder.courses()?;
    if !list.iter().any(|listed| listed.id == removed.course.id) {
        list.insert(removed.position.min(list.len()), removed.course.clone());
        folder.save_courses(lock, &list)?;
    }
    Ok(())
}

/// A course list that was rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// The courses now on the list.
    pub courses: Vec<ListedCourse>,
    /// Where the damaged list is kept, if there was one.
    pub damaged_kept_at: Option<PathBuf>,
}

/// Rebuilds a missing or damaged course list from what is stored of its courses: first those in the state, in its
/// order, then those that only have data. A course whose data was kept when it was removed is back on the list.
///
/// [`ErrorCode::InvalidInput`] if the list can be read.
pub fn repair(folder: &DataFolder, lock: &FolderLock) -> Result<Repaired> {
    let _turn = lock.turn();
    let path = folder.courses_file();
    let is_there = folder.exists(&path)?;
    if is_there && folder.courses().is_ok() {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            format!("The course list `{}` is not damaged", path.display()),
        )
        .with_hint("Add and remove courses instead"));
    }
    let mut courses: Vec<ListedCourse> = Vec::new();
    for fetched in folder.state()? {
        courses.push(ListedCourse { id: fetched.id, name: fetched.name });
    }
    for (id, directory) in folder.course_dirs(Area::Database)? {
        if !courses.iter().any(|course| course.id == id) {
            courses.push(ListedCourse { id, name: stored_name(folder, &directory) });
        }
    }
    let damaged_kept_at = if is_there { Some(folder.keep_damaged_courses(lock)?) } else { None };
    folder.save_courses(lock, &courses)?;
    Ok(Repaired { courses, damaged_kept_at })
}

/// The course's name from its videos, or else from its directory, which is named after it as far as file names allow.
fn stored_name(folder: &DataFolder, directory: &Path) -> String {
    let rows = read_overview(folder.disk(), &overview_file(directory), Reading::Nearest).unwrap_or_default();
    let told = rows.into_iter().map(|row| row.root_folder_name).find(|name| !name.trim().is_empty());
    told.unwrap_or_else(|| {
        let name = directory.file_name().unwrap_or_default().to_string_lossy();
        name.rsplit_once('[').map_or_else(String::new, |(name, _)| name.trim().to_owned())
    })
}
