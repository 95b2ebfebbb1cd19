//! Chunking: from the database to `output[CHUNKED]`, for each course and for all listed courses together.
//!
//! Output that already exists and is intact is not made again ([`manifest`]). Courses are chunked one after the other,
//! each by all threads, so memory is bounded by the largest course. The union is written from the same bytes in the
//! same pass.
//!
//! Deliberately absent: figures for the screen (see [`crate::views`]), and any way to chunk into another folder, which
//! is the purpose of [`crate::export`].
//!
//! Invariant: at every instant each output file is whole; whatever the manifest calls current was made from the present
//! database.

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

pub(crate) use output::{
    ClaimedVideos, OVERVIEW_HEADER, OutputTable, TextCells, Union, claimed_rows, for_each_claimed_block,
};
pub(crate) use records::{RunSources, read_runs};
pub(crate) use state::{Readiness, ReadyCourse, readiness, was_synced};
pub(crate) use video::CHUNKED_HEADER;
pub(crate) use work::on_threads;

/// How to chunk.
#[derive(Debug, Clone, Copy)]
pub struct ChunkOptions {
    /// The reporting time zone, which decides on which day viewing counts.
    pub zone: Tz,
    /// The number of threads; `None` for one per processor.
    pub threads: Option<NonZero<usize>>,
}

impl ChunkOptions {
    /// Options that use all processors.
    pub const fn new(zone: Tz) -> Self {
        Self { zone, threads: None }
    }

    fn thread_count(&self) -> NonZero<usize> {
        self.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZero::<usize>::MIN)
    }
}

/// The result for one course.
#[derive(Debug)]
pub enum CourseChunks {
    /// The output was up to date.
    Unchanged(ChunkCounts),
    /// The output was made.
    Chunked(ChunkCounts),
    /// The course is on the list but not in the database: it has never been synced.
    NotSynced,
    /// Its database cannot be used. Its old output, if there is one, is unchanged.
    Failed(Error),
}

/// How much the output of a course contains.
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

/// The result for the union of all listed courses, `output[CHUNKED]/tableau`.
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
    /// A course failed, so the union would not contain all courses. The old one is unchanged.
    LeftAsItWas,
}

/// The result of chunking.
#[derive(Debug)]
pub struct ChunkReport {
    /// The listed courses, in their order.
    pub courses: Vec<(ListedCourse, CourseChunks)>,
    /// All of them together.
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

/// Chunks the listed courses that are in the database, and makes their union.
///
/// A course with a damaged file is reported, and the others go on. A refusal by the disk or a cancellation ends the
/// work; whatever is done by then remains.
pub fn chunk(
    folder: &DataFolder,
    lock: &FolderLock,
    options: ChunkOptions,
    cancel: &CancellationToken,
    on_progress: OnProgress<'_>,
) -> Result<ChunkReport> {
    run::run(folder, lock, options, cancel, on_progress).map(|(report, _)| report)
}

/// Runs [`chunk`], then says how ready each course is: what [`readiness`] would find, without looking again.
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
