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
mod video;
mod work;

use std::num::NonZero;
use std::time::SystemTime;

use chrono_tz::Tz;
use model::FolderId;
use rustc_hash::FxHashMap;
use tokio_util::sync::CancellationToken;

use crate::store::course_list::ListedCourse;
use crate::store::overview::OverviewRow;
use crate::store::refusal::disk_error;
use crate::store::{DataFolder, FolderLock, chunked_file, overview_file};
use crate::zone::LocalDays;
use crate::{Error, ErrorCode, Result};

use manifest::{CourseEntry, Manifest, UnionEntry};
use work::Work;

pub use work::{ChunkProgress, OnProgress};

pub(crate) use course::Course;
pub(crate) use output::{OVERVIEW_HEADER, TextCells, Union};
pub(crate) use records::read_runs;
pub(crate) use video::{CHUNKED_HEADER, Viewing};

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
    let now = SystemTime::now();
    let mut manifest = Manifest::read(folder);
    let mut listed = Vec::new();
    for course in folder.courses()? {
        let found = Course::find(folder, course.id);
        listed.push((course, found));
    }
    // Which are up to date, and how much there is to read for the others.
    let mut total_bytes = 0;
    let mut current = FxHashMap::default();
    for (_, found) in &listed {
        let Ok(Some(course)) = found else { continue };
        if cancel.is_cancelled() {
            return Err(Error::cancelled());
        }
        let is_current = match manifest.courses.get_mut(&course.id) {
            Some(entry) => course.is_current(folder, options.zone, entry, now)?,
            None => false,
        };
        if !is_current {
            manifest.courses.remove(&course.id);
            total_bytes += course.activity_bytes(folder);
        }
        current.insert(course.id, is_current);
    }
    manifest.courses.retain(|id, _| current.contains_key(id));
    let union_files = (chunked_file(&folder.tableau_dir()), overview_file(&folder.tableau_dir()));
    let has_failed = listed.iter().any(|(_, found)| found.is_err());
    let all_current = !has_failed && current.values().all(|is_current| *is_current);
    if all_current {
        let made_of: Vec<_> = in_database(&listed).filter_map(|id| Some((id, manifest.courses.get(&id)?))).collect();
        if let Some(union) = &mut manifest.union
            && union.is_current(folder.disk(), &made_of, (&union_files.0, &union_files.1), now)?
        {
            let unchanged = UnionChunks::Unchanged { videos: union.videos, rows: union.rows };
            manifest.save(folder, lock)?;
            let courses = listed.into_iter().map(|(course, found)| {
                let chunks = match found {
                    Ok(Some(_)) => manifest
                        .courses
                        .get(&course.id)
                        .map_or(CourseChunks::NotSynced, |entry| CourseChunks::Unchanged(entry.into())),
                    Ok(None) => CourseChunks::NotSynced,
                    Err(error) => CourseChunks::Failed(error),
                };
                (course, chunks)
            });
            return Ok(ChunkReport { courses: courses.collect(), union: unchanged });
        }
    }
    let mut work = Work::new(folder.disk(), options.threads, cancel, on_progress, total_bytes);
    make(folder, lock, options.zone, &mut work, listed, manifest)
}

fn in_database(listed: &[(ListedCourse, Result<Option<Course>>)]) -> impl Iterator<Item = FolderId> {
    listed.iter().filter_map(|(course, found)| matches!(found, Ok(Some(_))).then_some(course.id))
}

/// Makes what is not in the manifest, and the union.
fn make(
    folder: &DataFolder,
    lock: &FolderLock,
    zone: Tz,
    work: &mut Work<'_>,
    listed: Vec<(ListedCourse, Result<Option<Course>>)>,
    mut manifest: Manifest,
) -> Result<ChunkReport> {
    manifest.union = None;
    folder.make_dir(&folder.tableau_dir())?;
    let tableau_dir = folder.tableau_dir();
    let mut union = Union::begin(folder.disk(), &chunked_file(&tableau_dir), &overview_file(&tableau_dir))?;
    let days = LocalDays::new(zone);
    let mut courses = Vec::new();
    let mut made_of = Vec::new();
    for (listed, found) in listed {
        let chunks = match found {
            Ok(None) => CourseChunks::NotSynced,
            Err(error) => CourseChunks::Failed(error),
            Ok(Some(course)) => {
                work.begin_course(course.id);
                made_of.push(course.id);
                match one_course(folder, lock, zone, work, &course, &mut manifest, &days, &mut union) {
                    Ok(chunks) => chunks,
                    Err(error) if error.code() == ErrorCode::DataFileInvalid => CourseChunks::Failed(error),
                    Err(error) => return Err(error),
                }
            }
        };
        courses.push((listed, chunks));
    }
    let has_failed = courses.iter().any(|(_, chunks)| matches!(chunks, CourseChunks::Failed(_)));
    let union = if has_failed {
        UnionChunks::LeftAsItWas
    } else {
        work.check()?;
        let (videos, rows) = (union.videos, union.rows);
        let Union { mut chunked, mut overview, .. } = union;
        chunked.finish_writing()?;
        overview.finish_writing()?;
        let (chunked, overview) = (chunked.commit()?, overview.commit()?);
        let entries = made_of.iter().filter_map(|id| Some((*id, manifest.courses.get(id)?)));
        manifest.union = Some(UnionEntry::new(entries, chunked, overview, videos, rows));
        UnionChunks::Made { videos, rows }
    };
    manifest.save(folder, lock)?;
    Ok(ChunkReport { courses, union })
}

#[allow(clippy::too_many_arguments)]
fn one_course(
    folder: &DataFolder,
    lock: &FolderLock,
    zone: Tz,
    work: &Work<'_>,
    course: &Course,
    manifest: &mut Manifest,
    days: &LocalDays,
    union: &mut Union<'_>,
) -> Result<CourseChunks> {
    work.check()?;
    if let Some(entry) = manifest.courses.get(&course.id) {
        let rows = course.videos(folder)?;
        let new = union.claim(rows.iter().map(|row| row.session_id));
        union.add_overview(&rows, entry.videos.iter().map(|(_, viewing)| *viewing), &new, TextCells::Plain)?;
        union.copy_rows(&course.chunked(), &rows, &new, |_| work.check())?;
        return Ok(CourseChunks::Unchanged(entry.into()));
    }
    let entry = course.chunk(work, folder, lock, days, zone, union)?;
    let counts = ChunkCounts::from(&entry);
    manifest.courses.insert(course.id, entry);
    // Kept at once, so that a course that is done need not be done again whatever happens to the next.
    manifest.save(folder, lock)?;
    Ok(CourseChunks::Chunked(counts))
}

/// A course whose output is up to date, ready to be copied.
pub(crate) struct ReadyCourse {
    /// Where its files are.
    pub(crate) course: Course,
    /// Its videos, in order.
    pub(crate) rows: Vec<OverviewRow>,
    /// How they were viewed, in the same order.
    pub(crate) viewings: Vec<Viewing>,
    /// How much it holds.
    pub(crate) counts: ChunkCounts,
}

/// How far a listed course is on the way to be exported.
pub(crate) enum Readiness {
    /// Its output is up to date.
    Ready(Box<ReadyCourse>),
    /// It has to be chunked first.
    ToChunk,
    /// It was never synced.
    NotSynced,
}

/// Looks which listed courses have an output that is up to date. Writes nothing.
pub(crate) fn readiness(folder: &DataFolder, zone: Tz) -> Result<Vec<(ListedCourse, Readiness)>> {
    let now = SystemTime::now();
    let mut manifest = Manifest::read(folder);
    let mut courses = Vec::new();
    for listed in folder.courses()? {
        let readiness = match Course::find(folder, listed.id) {
            Ok(None) => Readiness::NotSynced,
            Ok(Some(course)) => match current_entry(folder, zone, &course, &mut manifest, now)? {
                Some(entry) => {
                    let counts = ChunkCounts::from(&entry);
                    let viewings = entry.videos.into_iter().map(|(_, viewing)| viewing).collect();
                    Readiness::Ready(Box::new(ReadyCourse { rows: course.videos(folder)?, course, viewings, counts }))
                }
                None => Readiness::ToChunk,
            },
            // Chunking will meet the same error and name it.
            Err(_) => Readiness::ToChunk,
        };
        courses.push((listed, readiness));
    }
    Ok(courses)
}

fn current_entry(
    folder: &DataFolder,
    zone: Tz,
    course: &Course,
    manifest: &mut Manifest,
    now: SystemTime,
) -> Result<Option<CourseEntry>> {
    let Some(mut entry) = manifest.courses.remove(&course.id) else { return Ok(None) };
    Ok(course.is_current(folder, zone, &mut entry, now)?.then_some(entry))
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
