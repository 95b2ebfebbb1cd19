//! `courses.csv`: the course list, one Panopto folder a line, in the user's order.
//!
//! The original's users edit it by hand, so it is read with patience (see [`super::table`]); a folder that stands in it
//! twice counts once, where it stands first.

use std::collections::HashSet;

use model::FolderId;

use super::disk::{Disk, Durability, replace};
use super::table::{self, ShortLines, Source, read_table};
use super::{DataFolder, FolderLock};
use crate::{ErrorKind, Result};

const COLUMNS: [&str; 2] = ["PanoptoFolderName", "PanoptoFolderID"];

/// One course of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCourse {
    /// The Panopto folder.
    pub id: FolderId,
    /// Its name, as it was when it was listed or last synced.
    pub name: String,
}

/// Reads a course list from any file of its form. [`ErrorKind::CourseFileInvalid`] names the line that is wrong.
pub fn read_course_list(disk: &dyn Disk, path: &std::path::Path) -> Result<Vec<ListedCourse>> {
    let source = Source {
        path,
        code: ErrorKind::CourseFileInvalid,
        remedy: "Correct the file in a text editor or spreadsheet and save it as CSV (UTF-8)",
    };
    let mut courses = read_table(disk, source, &COLUMNS, ShortLines::EmptyCells, |row| {
        Ok(ListedCourse { id: row.id(1)?, name: row.text(0).trim().to_owned() })
    })?;
    let mut seen = HashSet::new();
    courses.retain(|course| seen.insert(course.id));
    Ok(courses)
}

impl DataFolder {
    /// The course list, in its order; empty where there is none.
    pub fn courses(&self) -> Result<Vec<ListedCourse>> {
        let path = self.courses_file();
        if self.exists(&path)? { read_course_list(self.disk(), &path) } else { Ok(Vec::new()) }
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
