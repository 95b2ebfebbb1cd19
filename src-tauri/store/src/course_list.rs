//! `courses.csv`: the course list, one Panopto folder on each line, in the user's order.
//!
//! Users of the original tool edit it by hand, so the reading is tolerant (see [`super::table`]). A folder that is
//! listed twice counts once, at its first place.

use std::collections::HashSet;
use std::path::PathBuf;

use model::FolderId;
use model::words::counted;

use super::disk::{Disk, Durability, replace};
use super::overview::is_blank;
use super::refusal::disk_error;
use super::table::{self, ShortLines, Source, read_table};
use super::{Area, DataFolder, FolderLock};
use crate::unfit::MOST_WHOLE_BYTES;
use crate::{Error, ErrorKind, Result};

const COLUMNS: [&str; 2] = ["PanoptoFolderName", "PanoptoFolderID"];

/// One course of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCourse {
    /// The Panopto folder.
    pub id: FolderId,
    /// Its name when it was listed or last synced.
    pub name: String,
}

/// Reads a course list from any file of that form. [`ErrorKind::CourseFileInvalid`] names the line that is wrong.
pub fn read_course_list(disk: &dyn Disk, path: &std::path::Path) -> Result<Vec<ListedCourse>> {
    let source = Source {
        path,
        code: ErrorKind::CourseFileInvalid,
        remedy: "Correct the file in a text editor or spreadsheet and save it as CSV (UTF-8)",
        most_bytes: MOST_WHOLE_BYTES,
    };
    let mut courses = read_table(disk, source, &COLUMNS, ShortLines::EmptyCells, |row| {
        Ok(ListedCourse { id: row.id(1)?, name: row.text(0).trim().to_owned() })
    })?;
    let mut seen = HashSet::new();
    courses.retain(|course| seen.insert(course.id));
    Ok(courses)
}

impl DataFolder {
    /// The course list, in its order. Empty in a folder that holds no data yet.
    ///
    /// [`ErrorKind::CourseFileInvalid`] if the list is missing, or has not even its first line, although there is data: that
    /// is damage, not an empty list.
    pub fn courses(&self) -> Result<Vec<ListedCourse>> {
        let path = self.courses_file();
        let is_there = self.exists(&path)?;
        if is_there {
            let courses = read_course_list(self.disk(), &path)?;
            if !courses.is_empty() || !is_blank(self.disk(), &path)? {
                return Ok(courses);
            }
        }
        match self.courses_with_data()? {
            0 => Ok(Vec::new()),
            count => Err(Error::new(
                ErrorKind::CourseFileInvalid,
                format!(
                    "The course list `{}` is {}, though the data folder holds {}",
                    path.display(),
                    if is_there { "empty" } else { "missing" },
                    counted(count as u64, "course", "courses")
                ),
            )
            .with_hint("Put it back from a backup, or make it anew from what is stored")),
        }
    }

    /// How many courses the state and the database know.
    pub(super) fn courses_with_data(&self) -> Result<usize> {
        let mut known: HashSet<FolderId> = self.course_dirs(Area::Database)?.into_iter().map(|(id, _)| id).collect();
        known.extend(self.state()?.into_iter().map(|fetched| fetched.id));
        Ok(known.len())
    }

    /// Keeps a copy of a damaged course list under another name, and returns that name.
    pub fn keep_damaged_courses(&self, _lock: &FolderLock) -> Result<PathBuf> {
        let path = self.courses_file();
        let bytes = self.disk().read(&path).map_err(|error| disk_error("read", &path, error))?;
        for number in 1.. {
            let aside = path.with_file_name(format!("courses.csv.damaged-{number}"));
            if !self.exists(&aside)? {
                replace(self.disk(), &aside, Durability::Durable, |file| file.write_all(&bytes))?;
                return Ok(aside);
            }
        }
        unreachable!("numbers do not end")
    }

    /// Replaces the course list.
    pub fn save_courses(&self, _lock: &FolderLock, courses: &[ListedCourse]) -> Result<()> {
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        for course in courses {
            table::push_line(&mut text, [course.name.as_str(), &course.id.to_string()]);
        }
        replace(self.disk(), &self.courses_file(), Durability::Durable, |file| file.write_all(&text))
    }
}
