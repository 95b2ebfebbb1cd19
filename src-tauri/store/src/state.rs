//! `state.csv`: up to which UTC day each course is fetched.
//!
//! The original tool kept it in `raw_data_handler/state.csv`. If there is no `state.csv`, that file is read, and each
//! save keeps it in step. A course that is not in the state has never been fetched.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use model::FolderId;

use super::disk::{Durability, replace};
use super::table::{self, ShortLines, Source, read_table};
use super::{DataFolder, FolderLock};
use crate::unfit::MOST_WHOLE_BYTES;
use crate::{ErrorKind, Result};

const COLUMNS: [&str; 3] = ["PanoptoFolderName", "PanoptoFolderID", "LastDateFetched(UTC)"];

/// Up to which day one course is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedCourse {
    /// The Panopto folder.
    pub id: FolderId,
    /// The course's name when it was fetched.
    pub name: String,
    /// The last UTC day up to which everything is stored; `None` if nothing is.
    pub last_day: Option<NaiveDate>,
}

impl DataFolder {
    /// Up to which day each course is fetched. If a course is listed twice, the last line counts, as in the original
    /// tool.
    pub fn state(&self) -> Result<Vec<FetchedCourse>> {
        let (ours, original) = (self.state_file(), self.original_state_file());
        let path = if self.exists(&ours)? {
            ours
        } else if self.exists(&original)? {
            original
        } else {
            return Ok(Vec::new());
        };
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Correct the line, or delete the file: the next sync then asks for everything again and stores nothing twice",
            most_bytes: MOST_WHOLE_BYTES,
        };
        let rows = read_table(self.disk(), source, &COLUMNS, ShortLines::Damage, |row| {
            let day = row.text(2).trim();
            let last_day = if day.is_empty() {
                None
            } else {
                Some(row.parsed(2, "a date such as 2021-12-31", |text| parse_day(text.trim()))?)
            };
            Ok(FetchedCourse { id: row.id(1)?, name: row.text(0).trim().to_owned(), last_day })
        })?;
        let mut courses: Vec<FetchedCourse> = Vec::with_capacity(rows.len());
        let mut places = HashMap::new();
        for row in rows {
            match places.entry(row.id) {
                Entry::Occupied(earlier) => courses[*earlier.get()] = row,
                Entry::Vacant(new) => {
                    new.insert(courses.len());
                    courses.push(row);
                }
            }
        }
        Ok(courses)
    }

    /// Replaces `state.csv` and, if it exists, the original tool's file with the same contents. A forgotten job of the
    /// original tool then requests nothing that is already here.
    pub fn save_state(&self, _lock: &FolderLock, courses: &[FetchedCourse]) -> Result<()> {
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        for course in courses {
            let day = course.last_day.map(|day| day.to_string()).unwrap_or_default();
            table::push_line(&mut text, [course.name.as_str(), &course.id.to_string(), &day]);
        }
        replace(self.disk(), &self.state_file(), Durability::Durable, |file| file.write_all(&text))?;
        let original = self.original_state_file();
        if self.exists(&original)? {
            replace(self.disk(), &original, Durability::Durable, |file| file.write_all(&text))?;
        }
        Ok(())
    }
}

/// A date, even if a spreadsheet has added midnight to it.
fn parse_day(text: &str) -> Option<NaiveDate> {
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    if time.is_some_and(|time| !time.starts_with("00:00")) {
        return None;
    }
    NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()
}
