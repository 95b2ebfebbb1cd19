//! How far each listed course is fetched, what is stored of it, and how its last sync went. Asks no server, changes
//! nothing and needs no lock.
//!
//! Invariant: one unreadable course does not hide the others: its trouble is told in its place.

use chrono::{DateTime, NaiveDate, Utc};
use model::FolderId;
use serde::Serialize;

use crate::Result;
use crate::store::course_list::ListedCourse;
use crate::store::journal::{Attempt, Found, Journal};
use crate::store::merge::contents;
use crate::store::number::Reading;
use crate::store::overview::read_overview;
use crate::store::refusal::disk_error;
use crate::store::state::FetchedCourse;
use crate::store::{Area, DataFolder, activity_file, overview_file};
use crate::sync::Failure;

/// One course of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CourseStatus {
    /// The course.
    pub course: FolderId,
    /// Its name; empty where it was never listed.
    pub name: String,
    /// The last UTC day of which everything is stored; `None` where nothing is complete yet.
    pub fetched_through: Option<NaiveDate>,
    /// What is stored; `None` before the first sync.
    pub stored: Option<Stored>,
    /// How the last sync of the course ended; `None` before the first, and where the original did it.
    pub last: Option<Attempt>,
    /// When a sync last completed the course.
    pub last_complete: Option<DateTime<Utc>>,
    /// Why what is stored cannot be read, if so.
    pub trouble: Option<Failure>,
}

/// What is stored of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stored {
    /// Videos in the overview.
    pub videos: usize,
    /// Viewing records, also of videos that are gone.
    pub records: u64,
    /// Different viewers among them.
    pub viewers: u64,
}

/// The status of all listed courses, in the order of the list. Blocks on the disk; a course whose records were changed by
/// something else than a sync is counted anew, which reads its whole file.
pub fn status(folder: &DataFolder) -> Result<Vec<CourseStatus>> {
    let state = folder.state()?;
    Ok(folder.courses()?.iter().map(|listed| course_status(folder, &state, listed)).collect())
}

fn course_status(folder: &DataFolder, state: &[FetchedCourse], listed: &ListedCourse) -> CourseStatus {
    let fetched = state.iter().find(|fetched| fetched.id == listed.id);
    let name = [Some(&listed.name), fetched.map(|fetched| &fetched.name)];
    let mut status = CourseStatus {
        course: listed.id,
        name: name.into_iter().flatten().find(|name| !name.is_empty()).cloned().unwrap_or_default(),
        fetched_through: fetched.and_then(|fetched| fetched.last_day),
        stored: None,
        last: None,
        last_complete: None,
        trouble: None,
    };
    let journal = match Journal::load(folder, listed.id) {
        Ok(Found::Journal(journal)) => Some(*journal),
        // Says nothing that the next sync does not repair and report.
        Ok(Found::Nothing | Found::Damaged(_)) => None,
        Err(error) => {
            status.trouble = Some(Failure::from(&error));
            None
        }
    };
    match stored(folder, listed.id, journal.as_ref()) {
        Ok(stored) => status.stored = stored,
        Err(error) => status.trouble = Some(Failure::from(&error)),
    }
    if let Some(journal) = journal {
        status.last = journal.last;
        status.last_complete = journal.last_complete;
    }
    status
}

fn stored(folder: &DataFolder, course: FolderId, journal: Option<&Journal>) -> Result<Option<Stored>> {
    let Some(dir) = folder.course_dir(Area::Database, course)? else { return Ok(None) };
    let (overview, activity) = (overview_file(&dir), activity_file(&dir));
    let videos =
        if folder.exists(&overview)? { read_overview(folder.disk(), &overview, Reading::Nearest)?.len() } else { 0 };
    let disk = folder.disk();
    let length = disk.stat(&activity).map_err(|error| disk_error("read", &activity, error))?.map(|found| found.length);
    let counted = journal.and_then(|journal| journal.stored).filter(|counted| Some(counted.file_bytes) == length);
    if let Some(counted) = counted {
        return Ok(Some(Stored { videos, records: counted.records, viewers: counted.viewers }));
    }
    let counted = contents(disk, &activity)?;
    Ok(Some(Stored { videos, records: counted.records, viewers: counted.viewers }))
}
