//! Chunking: from the database to `output[CHUNKED]`, for each course and for all listed courses in one.
//!
//! What was made before and is unharmed is not made again ([`manifest`]). Courses are done one after the other, each by all
//! threads, so memory is bounded by the largest course; the union is written from the same bytes at the same time.
//!
//! Deliberately absent: figures for the screen (see [`crate::views`]); and any way to chunk into another folder, which is
//! what [`crate::export`] is for.
//!
//! Invariant: at every instant each output file is whole; what the manifest calls current was made from the database as
//! it is.

mod course;
mod in_order;
mod manifest;
mod output;
mod records;
mod run;
mod state;
mod video;
mod work;

use std::num::NonZero;

use chrono_tz::Tz;
use model::FolderId;
use tokio_util::sync::CancellationToken;

use crate::store::course_list::ListedCourse;
use crate::store::refusal::disk_error;
use crate::store::{DataFolder, FolderLock, chunked_file, overview_file};
use crate::{Error, Result};

use manifest::{CourseEntry, Manifest};

pub use work::{ChunkProgress, OnProgress};

pub(crate) use output::{OVERVIEW_HEADER, TextCells, Union};
pub(crate) use records::{RunSources, read_runs};
pub(crate) use state::{Readiness, ReadyCourse, readiness, was_synced};
pub(crate) use video::CHUNKED_HEADER;
pub(crate) use work::on_threads;

/// How to chunk.
#[derive(Debug, Clone, Copy)]
pub struct ChunkOptions {
    /// The reporting time zone: in which days viewing is counted.
    pub zone: Tz,
    /// How many threads; `None` for one per processor.
    pub threads: Option<NonZero<usize>>,
}

impl ChunkOptions {
    /// With all processors.
    pub const fn new(zone: Tz) -> Self {
        Self { zone, threads: None }
    }

    fn thread_count(&self) -> NonZero<usize> {
        self.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZero::<usize>::MIN)
    }
}

/// What became of one course.
#[derive(Debug)]
pub enum CourseChunks {
    /// The output was up to date.
    Unchanged(ChunkCounts),
    /// The output was made.
    Chunked(ChunkCounts),
    /// The course is on the list and not in the database: it was never synced.
    NotSynced,
    /// Its database cannot be used; its old output, if there is one, is as it was.
    Failed(Error),
}

/// How much the output of a course holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkCounts {
    /// Viewing records in the database.
    pub records: u64,
    /// Videos.
    pub videos: u64,
    /// Distinct viewers of the course.
    pub viewers: u64,
    /// Rows of `chunked_data.csv`.
    pub rows: u64,
    /// Bytes of `chunked_data.csv`.
    pub bytes: u64,
}

/// What became of the union of all listed courses, `output[CHUNKED]/tableau`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnionChunks {
    /// It was up to date.
    Unchanged {
        /// Videos, each counted once.
        videos: u64,
        /// Chunk rows.
        rows: u64,
    },
    /// It was made.
    Made {
        /// Videos, each counted once.
        videos: u64,
        /// Chunk rows.
        rows: u64,
    },
    /// A course failed, and without it the union would not be that of all courses: the old one is as it was.
    LeftAsItWas,
}

/// What chunking has done.
#[derive(Debug)]
pub struct ChunkReport {
    /// The listed courses, in their order.
    pub courses: Vec<(ListedCourse, CourseChunks)>,
    /// All of them in one.
    pub union: UnionChunks,
}

impl ChunkReport {
    /// The first failure, if any course failed.
    pub fn first_failure(&self) -> Option<(&ListedCourse, &Error)> {
        self.courses.iter().find_map(|(course, chunks)| match chunks {
            CourseChunks::Failed(error) => Some((course, error)),
            _ => None,
        })
    }
}

impl From<&CourseEntry> for ChunkCounts {
    fn from(entry: &CourseEntry) -> Self {
        Self {
            records: entry.records,
            videos: entry.videos.len() as u64,
            viewers: u64::from(entry.viewers),
            rows: entry.rows(),
            bytes: entry.chunked.length(),
        }
    }
}

/// Chunks the listed courses that are in the database, and their union.
///
/// A course with a damaged file is reported and the others go on; a disk that refuses or a cancellation end the work, and
/// what is done stays done.
pub fn chunk(
    folder: &DataFolder,
    lock: &FolderLock,
    options: ChunkOptions,
    cancel: &CancellationToken,
    on_progress: OnProgress<'_>,
) -> Result<ChunkReport> {
    run::run(folder, lock, options, cancel, on_progress).map(|(report, _)| report)
}

/// [`chunk`], and then how ready each course is: what [`readiness`] would find, without looking again.
pub(crate) fn chunk_and_look(
    folder: &DataFolder,
    lock: &FolderLock,
    options: ChunkOptions,
    cancel: &CancellationToken,
    on_progress: OnProgress<'_>,
) -> Result<(ChunkReport, Vec<(ListedCourse, Readiness)>)> {
    let (report, state) = run::run(folder, lock, options, cancel, on_progress)?;
    Ok((report, state.into_readiness(folder)?))
}

/// Removes the union if any of these courses is, or may be, in it.
pub(crate) fn remove_union_of(folder: &DataFolder, lock: &FolderLock, courses: &[FolderId]) -> Result<()> {
    let mut manifest = Manifest::read(folder);
    if courses.is_empty() || manifest.union.as_ref().is_some_and(|union| !union.has_any(courses)) {
        return Ok(());
    }
    for path in [chunked_file(&folder.tableau_dir()), overview_file(&folder.tableau_dir())] {
        if folder.exists(&path)? {
            folder.disk().remove_file(&path).map_err(|error| disk_error("remove", &path, error))?;
        }
    }
    manifest.union = None;
    manifest.save(folder, lock)
}
