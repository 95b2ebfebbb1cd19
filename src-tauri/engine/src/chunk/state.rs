//! Which courses are listed, where their files are, and whose output is up to date.

use std::sync::Mutex;
use std::time::SystemTime;

use chrono_tz::Tz;
use model::FolderId;
use tokio_util::sync::CancellationToken;

use super::course::Course;
use super::manifest::{CourseEntry, Manifest, Rules};
use super::video::Viewing;
use super::work::{locked, on_threads};
use super::{ChunkCounts, ChunkOptions};
use crate::store::course_list::ListedCourse;
use crate::store::overview::OverviewRow;
use crate::store::{DataFolder, chunked_file, overview_file};
use crate::{Error, Result};

/// A listed course and its files. `None` if it has never been synced, an error if its files cannot be found out.
pub(super) type Found = (ListedCourse, Result<Option<Course>>);

/// The listed courses, and a manifest that holds only what is still true.
pub(super) struct ListedState {
    pub(super) listed: Vec<Found>,
    pub(super) manifest: Manifest,
    pub(super) rules: Rules,
}

impl ListedState {
    /// Checks all files. Those that must be read are read by all threads. Writes nothing.
    pub(super) fn look(folder: &DataFolder, options: ChunkOptions, cancel: &CancellationToken) -> Result<Self> {
        let now = SystemTime::now();
        let rules = Rules::of(folder, options.zone)?;
        let courses = folder.courses()?;
        let listed: Vec<Found> = courses
            .into_iter()
            .map(|course| {
                let found = Course::find(folder, course.id);
                (course, found)
            })
            .collect();
        let mut manifest = Manifest::read(folder);
        let known: Vec<(&Course, CourseEntry)> = listed
            .iter()
            .filter_map(|(_, found)| found.as_ref().ok()?.as_ref())
            .filter_map(|course| Some((course, manifest.courses.remove(&course.id)?)))
            .collect();
        let (known, current) = (Mutex::new(known), Mutex::new(Vec::new()));
        on_threads(options.thread_count(), || -> Result<()> {
            loop {
                let Some((course, mut entry)) = locked(&known).pop() else { return Ok(()) };
                if cancel.is_cancelled() {
                    return Err(Error::cancelled());
                }
                if course.is_current(folder, &rules.made_as, &mut entry, now)? {
                    locked(&current).push((course.id, entry));
                }
            }
        })
        .into_iter()
        .collect::<Result<()>>()?;
        manifest.courses = std::mem::take(&mut *locked(&current)).into_iter().collect();
        let mut state = Self { listed, manifest, rules };
        if !state.union_is_current(folder, now)? {
            state.manifest.union = None;
        }
        Ok(state)
    }

    fn union_is_current(&mut self, folder: &DataFolder, now: SystemTime) -> Result<bool> {
        let Some(made_of) = self.entries() else { return Ok(false) };
        let made_of: Vec<_> = made_of.into_iter().map(|(id, entry)| (id, entry.clone())).collect();
        let Some(union) = &mut self.manifest.union else { return Ok(false) };
        let directory = folder.tableau_dir();
        let made_of: Vec<_> = made_of.iter().map(|(id, entry)| (*id, entry)).collect();
        union.is_current(folder.disk(), &made_of, (&chunked_file(&directory), &overview_file(&directory)), now)
    }

    /// The entries of all courses in the database, in the list's order. `None` unless every one is up to date.
    pub(super) fn entries(&self) -> Option<Vec<(FolderId, &CourseEntry)>> {
        let mut entries = Vec::new();
        for (_, found) in &self.listed {
            if let Some(course) = found.as_ref().ok()? {
                entries.push((course.id, self.manifest.courses.get(&course.id)?));
            }
        }
        Some(entries)
    }

    /// How ready each course is to be copied.
    pub(super) fn into_readiness(mut self, folder: &DataFolder) -> Result<Vec<(ListedCourse, Readiness)>> {
        let mut courses = Vec::new();
        for (listed, found) in self.listed {
            let readiness = match found {
                Ok(None) => Readiness::NotSynced,
                Ok(Some(course)) => match self.manifest.courses.remove(&course.id) {
                    Some(entry) => Readiness::Ready(Box::new(ReadyCourse::new(folder, course, entry)?)),
                    None => Readiness::ToChunk,
                },
                // Chunking meets the same error and reports it.
                Err(_) => Readiness::ToChunk,
            };
            courses.push((listed, readiness));
        }
        Ok(courses)
    }
}

/// A course whose output is up to date, ready to be copied.
pub(crate) struct ReadyCourse {
    /// Where the course's files are.
    pub(crate) course: Course,
    /// The course's videos, in order.
    pub(crate) rows: Vec<OverviewRow>,
    /// How they were viewed, in the same order.
    pub(crate) viewings: Vec<Viewing>,
    /// How much the course contains.
    pub(crate) counts: ChunkCounts,
}

impl ReadyCourse {
    fn new(folder: &DataFolder, course: Course, entry: CourseEntry) -> Result<Self> {
        let counts = ChunkCounts::from(&entry);
        let viewings = entry.videos.into_iter().map(|(_, viewing)| viewing).collect();
        Ok(Self { rows: course.videos(folder)?, course, viewings, counts })
    }
}

/// How close a listed course is to being exported.
pub(crate) enum Readiness {
    /// Its output is up to date.
    Ready(Box<ReadyCourse>),
    /// It has to be chunked first.
    ToChunk,
    /// It has never been synced.
    NotSynced,
}

/// Whether a course is in the database. One whose files cannot be found out counts: chunking then reports the error.
pub(crate) fn was_synced(folder: &DataFolder, course: FolderId) -> bool {
    !matches!(Course::find(folder, course), Ok(None))
}

/// Finds the listed courses whose output is up to date. Writes nothing.
pub(crate) fn readiness(folder: &DataFolder, zone: Tz) -> Result<Vec<(ListedCourse, Readiness)>> {
    ListedState::look(folder, ChunkOptions::new(zone), &CancellationToken::new())?.into_readiness(folder)
}
