//! Courses in view: each is read once and kept as long as its files do not change.
//!
//! Invariant: the result is what the files held at the moment of the call, seen in the requested time zone.

use std::collections::HashMap;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono_tz::Tz;
use model::{Decisions, FolderId, SessionId};
use xxhash_rust::xxh3::Xxh3Default;

use super::counts::{CourseMark, MarkedCounts};
use super::course::CourseInView;
use super::fetched::FetchedVideos;
use super::load::{StoredCourseFiles, load};
use crate::store::disk::Stat;
use crate::store::refusal::disk_error;
use crate::store::staging::Staging;
use crate::store::{Area, DataFolder, activity_file, overview_file};
use crate::{Error, ErrorCode, Result};

/// Runs to keep in memory over all courses, about 32 bytes each. The course requested last is kept in any case.
const MOST_RUNS: usize = 8_000_000;

/// The courses in view of one data folder.
#[derive(Debug, Default)]
pub struct Views {
    kept: Mutex<KeptCourse>,
    /// Held while a course is read, so that whoever else wants it waits for that reading.
    reading: Mutex<HashMap<FolderId, Arc<Mutex<()>>>>,
}

#[derive(Debug, Default)]
struct KeptCourse {
    courses: HashMap<FolderId, Entry>,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    seen: Seen,
    decisions: Decisions,
    course: Arc<CourseInView>,
    used: u64,
}

/// What decides whether a course must be read again.
#[derive(Debug, Clone, PartialEq, Hash)]
struct Seen {
    overview: Stat,
    activity: Option<Stat>,
    fetched: FetchedVideos,
    staged: Vec<(SessionId, Stat)>,
    people: Option<Stat>,
    zone: Tz,
}

impl Seen {
    /// Marks the files in this state, whatever the time zone.
    fn mark(&self, directory: &Path) -> CourseMark {
        let Self { overview, activity, fetched, staged, people, zone: _ } = self;
        let mut hasher = Xxh3Default::new();
        (directory, overview, activity, fetched, staged, people).hash(&mut hasher);
        CourseMark::new(hasher.finish())
    }
}

/// How often to read a course again that a sync changes while it is being read.
const LOOKS: u32 = 4;

impl Views {
    /// A course as it is stored now, together with what a running or stopped sync has fetched of videos that had never
    /// been fetched before. Reads the course if it is not in view yet or its files have changed; blocks.
    ///
    /// [`ErrorCode::NotFound`] if nothing has been fetched for it yet, [`ErrorCode::DataFileInvalid`] if fetched data
    /// is gone.
    pub fn course(&self, folder: &DataFolder, course: FolderId, zone: Tz) -> Result<Arc<CourseInView>> {
        let mut looks = 1;
        loop {
            let (seen, read) = self.look(folder, course, zone)?;
            match read {
                Ok(read) => return Ok(read),
                // Meanwhile a sync may have merged a staged video and removed its file.
                Err(_) if looks < LOOKS && seen != Self::see(folder, course, zone)?.0 => looks += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// How much of a course is stored now. Reads only what marks the state of its files if `known` are counts of that
    /// very state; else as [`Views::course`], with the same errors. Blocks.
    pub fn counts(
        &self,
        folder: &DataFolder,
        course: FolderId,
        zone: Tz,
        known: Option<MarkedCounts>,
    ) -> Result<MarkedCounts> {
        let (seen, directory) = Self::see(folder, course, zone)?;
        let mark = seen.mark(&directory);
        match known.filter(|known| known.mark == mark) {
            Some(known) => Ok(known),
            // What changes from here on has another mark, so these counts are at worst counted again.
            None => Ok(MarkedCounts { mark, counts: self.course(folder, course, zone)?.counts() }),
        }
    }

    fn look(&self, folder: &DataFolder, course: FolderId, zone: Tz) -> Result<(Seen, Result<Arc<CourseInView>>)> {
        let (seen, directory) = Self::see(folder, course, zone)?;
        if let Some(found) = self.find(course, &seen) {
            return Ok((seen, Ok(found)));
        }
        // A damaged file of people is told where people are shown; the figures go on without decisions.
        let decisions = folder.people().unwrap_or_default().decisions;
        if let Some(found) = self.find_with(course, &seen, &decisions) {
            return Ok((seen, Ok(found)));
        }
        // Other courses can be looked at meanwhile. Whoever waited here finds what was read.
        let turn = self.turn(course);
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = self.find(course, &seen) {
            return Ok((seen, Ok(found)));
        }
        let (overview, activity) = (overview_file(&directory), activity_file(&directory));
        let stored = StoredCourseFiles {
            course,
            overview: &overview,
            activity: seen.activity.is_some().then_some(&*activity),
            staging: &Staging::of_course(folder, course),
            fetched: &seen.fetched,
            decisions: &decisions,
        };
        let read = load(folder.disk(), &stored, zone).map(Arc::new);
        if let Ok(read) = &read {
            self.keep(course, seen.clone(), decisions, Arc::clone(read));
        }
        Ok((seen, read))
    }

    /// Reads the journal before the files that it describes: what the journal does not know yet is taken from staging.
    fn see(folder: &DataFolder, course: FolderId, zone: Tz) -> Result<(Seen, PathBuf)> {
        let nothing = || {
            Error::new(ErrorCode::NotFound, "Nothing is known about the videos of this course yet")
                .with_hint("Sync the course")
        };
        let fetched = FetchedVideos::of_course(folder, course)?;
        let directory = folder.course_dir(Area::Database, course)?.ok_or_else(nothing)?;
        let overview = stat(folder, &overview_file(&directory))?.ok_or_else(nothing)?;
        let staged = Staging::of_course(folder, course).glance()?;
        let activity = stat(folder, &activity_file(&directory))?;
        let people = stat(folder, &folder.people_file())?;
        Ok((Seen { overview, activity, fetched, staged, people, zone }, directory))
    }

    /// Forgets everything, for a change to another data folder.
    pub fn clear(&self) {
        *self.kept() = KeptCourse::default();
    }

    fn find(&self, course: FolderId, seen: &Seen) -> Option<Arc<CourseInView>> {
        let mut kept = self.kept();
        kept.clock += 1;
        let now = kept.clock;
        let entry = kept.courses.get_mut(&course).filter(|entry| entry.seen == *seen)?;
        entry.used = now;
        Some(Arc::clone(&entry.course))
    }

    /// A course of which nothing has changed but the names of people, which no figure needs.
    fn find_with(&self, course: FolderId, seen: &Seen, decisions: &Decisions) -> Option<Arc<CourseInView>> {
        let mut kept = self.kept();
        let now = kept.clock;
        let entry = kept.courses.get_mut(&course)?;
        let same = Seen { people: seen.people, ..entry.seen.clone() } == *seen && entry.decisions == *decisions;
        if !same {
            return None;
        }
        entry.seen = seen.clone();
        entry.used = now;
        Some(Arc::clone(&entry.course))
    }

    fn keep(&self, course: FolderId, seen: Seen, decisions: Decisions, read: Arc<CourseInView>) {
        let mut kept = self.kept();
        kept.clock += 1;
        let used = kept.clock;
        kept.courses.insert(course, Entry { seen, decisions, course: read, used });
        while kept.courses.len() > 1
            && kept.courses.values().map(|entry| entry.course.records).sum::<usize>() > MOST_RUNS
        {
            let oldest = kept.courses.iter().min_by_key(|(_, entry)| entry.used).map(|(id, _)| *id);
            oldest.and_then(|id| kept.courses.remove(&id));
        }
    }

    fn turn(&self, course: FolderId) -> Arc<Mutex<()>> {
        Arc::clone(self.reading.lock().unwrap_or_else(PoisonError::into_inner).entry(course).or_default())
    }

    fn kept(&self) -> MutexGuard<'_, KeptCourse> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stat(folder: &DataFolder, path: &Path) -> Result<Option<Stat>> {
    Ok(folder.disk().stat(path).map_err(|error| disk_error("read", path, error))?)
}
