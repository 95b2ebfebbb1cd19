//! How far each listed course is fetched, what is stored of it, and how its last sync went. Asks no server, changes
//! nothing and needs no lock.
//!
//! Invariant: an unreadable course does not hide the others. Its trouble is reported in its place.

use chrono::{DateTime, NaiveDate, Utc};
use model::FolderId;
use serde::Serialize;

use crate::Result;
use crate::outcome::Failure;
use crate::store::journal::{Attempt, StoredCounts};
use crate::store::merge::contents;
use crate::store::number::Reading;
use crate::store::overview::read_overview;
use crate::store::refusal::disk_error;
use crate::store::{Area, DataFolder, activity_file, overview_file};
use crate::views::{CourseFacts, course_facts};

/// One course of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CourseStatus {
    /// The course.
    pub course: FolderId,
    /// Its name; empty if it was never listed.
    pub name: String,
    /// The last UTC day for which everything is stored; `None` if no day is complete yet.
    pub fetched_through: Option<NaiveDate>,
    /// What is stored; `None` before the first sync.
    pub stored: Option<Stored>,
    /// How the last sync of the course ended; `None` before the first one, and if the original did it.
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
    /// Viewing records, including those of videos that are gone.
    pub records: u64,
    /// Different viewers among them.
    pub viewers: u64,
}

/// The status of all listed courses, in the order of the list. Blocks on the disk. If something other than a sync has
/// changed a course's records, they are counted anew, which reads the whole file.
pub fn status(folder: &DataFolder) -> Result<Vec<CourseStatus>> {
    Ok(course_facts(folder)?.into_iter().map(|facts| course_status(folder, facts)).collect())
}

fn course_status(folder: &DataFolder, facts: CourseFacts) -> CourseStatus {
    let (stored, trouble) = match facts.trouble {
        Some(trouble) => (None, Some(trouble)),
        None => match stored(folder, facts.id, facts.counted) {
            Ok(stored) => (stored, None),
            Err(error) => (None, Some(Failure::from(&error))),
        },
    };
    CourseStatus {
        course: facts.id,
        name: if facts.is_named { facts.name } else { String::new() },
        fetched_through: facts.fetched_through,
        stored,
        last: facts.last_attempt,
        last_complete: facts.last_complete,
        trouble,
    }
}

fn stored(folder: &DataFolder, course: FolderId, counted: Option<StoredCounts>) -> Result<Option<Stored>> {
    let Some(dir) = folder.course_dir(Area::Database, course)? else { return Ok(None) };
    let (overview, activity) = (overview_file(&dir), activity_file(&dir));
    let videos =
        if folder.exists(&overview)? { read_overview(folder.disk(), &overview, Reading::Nearest)?.len() } else { 0 };
    let disk = folder.disk();
    let length = disk.stat(&activity).map_err(|error| disk_error("read", &activity, error))?.map(|found| found.length);
    let counted = counted.filter(|counted| Some(counted.file_bytes) == length);
    if let Some(counted) = counted {
        return Ok(Some(Stored { videos, records: counted.records, viewers: counted.viewers }));
    }
    let counted = contents(disk, &activity)?;
    Ok(Some(Stored { videos, records: counted.records, viewers: counted.viewers }))
}
