//! Courses in view: each is read once and kept as long as its files do not change.
//!
//! Invariant: the result is what the files held at the moment of the call, seen in the requested time zone.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono_tz::Tz;
use model::FolderId;

use super::course::CourseInView;
use super::load::load;
use crate::store::disk::Stat;
use crate::store::missing::check_all_is_there;
use crate::store::refusal::disk_error;
use crate::store::{Area, DataFolder, activity_file, overview_file};
use crate::{Error, ErrorCode, Result};

/// Runs to keep in memory over all courses, about 32 bytes each. The course requested last is kept in any case.
const MOST_RUNS: usize = 8_000_000;

/// The courses in view of one data folder.
#[derive(Debug, Default)]
pub struct Views(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    courses: HashMap<FolderId, Entry>,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    seen: Seen,
    course: Arc<CourseInView>,
    used: u64,
}

/// What decides whether a course must be read again.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    overview: Stat,
    activity: Option<Stat>,
    zone: Tz,
}

impl Views {
    /// A course as it is stored now. Reads it if it is not in view yet or if its files have changed. Blocks.
    ///
    /// [`ErrorCode::NotFound`] if nothing has been fetched for it yet, [`ErrorCode::DataFileInvalid`] if fetched data
    /// is gone.
    pub fn course(&self, folder: &DataFolder, course: FolderId, zone: Tz) -> Result<Arc<CourseInView>> {
        let nothing = || {
            Error::new(ErrorCode::NotFound, "Nothing is known about the videos of this course yet")
                .with_hint("Sync the course")
        };
        check_all_is_there(folder, course)?;
        let directory = folder.course_dir(Area::Database, course)?.ok_or_else(nothing)?;
        let (overview, activity) = (overview_file(&directory), activity_file(&directory));
        let seen =
            Seen { overview: stat(folder, &overview)?.ok_or_else(nothing)?, activity: stat(folder, &activity)?, zone };
        if let Some(found) = self.find(course, &seen) {
            return Ok(found);
        }
        // Not under the lock, so that other courses can be looked at meanwhile. If two calls read the same course, one
        // result is dropped.
        let read =
            Arc::new(load(folder.disk(), course, &overview, seen.activity.is_some().then_some(&*activity), zone)?);
        self.keep(course, seen, Arc::clone(&read));
        Ok(read)
    }

    /// Forgets everything, for a change to another data folder.
    pub fn clear(&self) {
        *self.kept() = Kept::default();
    }

    fn find(&self, course: FolderId, seen: &Seen) -> Option<Arc<CourseInView>> {
        let mut kept = self.kept();
        kept.clock += 1;
        let now = kept.clock;
        let entry = kept.courses.get_mut(&course).filter(|entry| entry.seen == *seen)?;
        entry.used = now;
        Some(Arc::clone(&entry.course))
    }

    fn keep(&self, course: FolderId, seen: Seen, read: Arc<CourseInView>) {
        let mut kept = self.kept();
        kept.clock += 1;
        let used = kept.clock;
        kept.courses.insert(course, Entry { seen, course: read, used });
        while kept.courses.len() > 1
            && kept.courses.values().map(|entry| entry.course.records).sum::<usize>() > MOST_RUNS
        {
            let oldest = kept.courses.iter().min_by_key(|(_, entry)| entry.used).map(|(id, _)| *id);
            oldest.and_then(|id| kept.courses.remove(&id));
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stat(folder: &DataFolder, path: &Path) -> Result<Option<Stat>> {
    Ok(folder.disk().stat(path).map_err(|error| disk_error("read", path, error))?)
}
