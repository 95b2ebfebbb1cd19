//! Export: the dataset for Tableau, in a folder of the user's choice.
//!
//! The folder receives `sessions_overview.csv`, `chunked_data.csv` and `panopto_viewing.twb`, on request more tables. The names never change,
//! so after the next export Tableau only needs a refresh. The rows are those of `output[CHUNKED]`, which is brought up
//! to date first. [`by_course`] writes the same rows in another form, a file for each course.
//!
//! Invariant: nothing is left out silently. If a chosen course cannot be exported, the export ends before the first of
//! the files is replaced. Each file is whole at every instant.

mod by_course;
mod definitions;
mod elements;
mod fields;
mod sheets;
mod tables;
mod workbook;
mod xml;

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use model::{FolderId, UserId};
use rustc_hash::FxHashMap;
use tokio_util::sync::CancellationToken;

use crate::chunk::{
    ChunkOptions, ChunkProgress, CourseChunks, Readiness, ReadyCourse, TextCells, Union, chunk_and_look, readiness,
    was_synced,
};
use crate::pseudonym::Pseudonyms;
use crate::store::course_list::ListedCourse;
use crate::store::refusal::disk_error;
use crate::store::{DataFolder, Durability, FolderLock, Replacement, disk};
use crate::{Error, ErrorCode, Result};

use fields::{CHUNKED_FILE, SESSIONS_FILE};
use tables::{CourseToTell, MoreTables};

pub use by_course::{ColumnShape, TableForm, TableRows, TableShape, export_by_course};
pub use fields::Kind;

/// The name of the workbook.
pub const WORKBOOK_FILE: &str = "panopto_viewing.twb";

/// Which courses to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CourseChoice {
    /// All listed courses that have been synced.
    All,
    /// These, in the order of the list.
    Some(Vec<FolderId>),
}

/// What to export, how and where.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// The folder; created if it does not exist.
    pub target: PathBuf,
    /// Which courses.
    pub courses: CourseChoice,
    /// Pseudonyms in place of viewer IDs; `None` writes the IDs as they are.
    pub pseudonyms: Option<Pseudonyms>,
    /// Whether names that a spreadsheet would take for a formula get an apostrophe in front. Tableau does not need it.
    pub guard_formulas: bool,
    /// Whether there are more tables beside the two: the exact timeline in steps, moments, dates.
    pub tables: bool,
    /// The reporting time zone and the number of threads.
    pub chunk: ChunkOptions,
}

impl ExportRequest {
    /// A request for all courses, with viewer IDs and names as they are, in this time zone.
    pub fn new(target: impl Into<PathBuf>, zone: Tz) -> Self {
        Self {
            target: target.into(),
            courses: CourseChoice::All,
            pseudonyms: None,
            guard_formulas: false,
            tables: false,
            chunk: ChunkOptions::new(zone),
        }
    }

    fn texts(&self) -> TextCells {
        if self.guard_formulas { TextCells::Guarded } else { TextCells::Plain }
    }

    fn files(&self) -> [PathBuf; 3] {
        [SESSIONS_FILE, CHUNKED_FILE, WORKBOOK_FILE].map(|name| self.target.join(name))
    }
}

/// What an export would write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPlan {
    /// The files, and whether each replaces an existing one.
    pub files: Vec<PlannedFile>,
    /// The courses, in the order of the list.
    pub courses: Vec<ListedCourse>,
    /// Chosen courses that have never been synced and so will not be in the export.
    pub not_synced: Vec<ListedCourse>,
    /// Videos and chunk rows; `None` as long as something must be chunked first.
    pub contents: Option<ExportContents>,
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFile {
    /// Where the file goes.
    pub path: PathBuf,
    /// Whether a file exists there, which will be replaced.
    pub replaces: bool,
}

/// How much an export contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportContents {
    /// Videos, each counted once.
    pub videos: u64,
    /// Chunk rows.
    pub rows: u64,
}

/// What an export has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// The files.
    pub files: Vec<WrittenFile>,
    /// The courses in the export, in the order of the list.
    pub courses: Vec<ListedCourse>,
    /// Chosen courses that are not in it, because they have never been synced.
    pub not_synced: Vec<ListedCourse>,
    /// How much the export contains.
    pub contents: ExportContents,
    /// Files of an earlier export by course that were removed, because their courses are not in this one.
    pub removed: Vec<PathBuf>,
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Where the file is.
    pub path: PathBuf,
    /// Rows below the header; `None` for the workbook.
    pub rows: Option<u64>,
    /// The file's length in bytes.
    pub bytes: u64,
}

/// How far an export has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportProgress {
    /// The output is being brought up to date.
    Chunking(ChunkProgress),
    /// Rows are being copied.
    Writing {
        /// Bytes copied so far.
        written_bytes: u64,
        /// Approximate number of bytes to copy.
        total_bytes: u64,
    },
}

/// Says what an export would write. Writes nothing.
pub fn plan(folder: &DataFolder, request: &ExportRequest) -> Result<ExportPlan> {
    folder.refuse_own_place(&request.target)?;
    let mut plan = ExportPlan { files: Vec::new(), courses: Vec::new(), not_synced: Vec::new(), contents: None };
    let (mut all_ready, mut videos, mut rows) = (true, rustc_hash::FxHashSet::default(), 0);
    for (listed, readiness) in chosen(request, readiness(folder, request.chunk.zone)?)? {
        match readiness {
            Readiness::NotSynced => {
                plan.not_synced.push(listed);
                continue;
            }
            Readiness::ToChunk => all_ready = false,
            Readiness::Ready(ready) => {
                let viewed = ready.rows.iter().zip(&ready.viewings).filter(|(row, _)| videos.insert(row.session_id));
                rows += viewed.map(|(_, viewing)| viewing.rows).sum::<u64>();
            }
        }
        plan.courses.push(listed);
    }
    if plan.courses.is_empty() {
        return Err(nothing_to_export());
    }
    plan.contents = all_ready.then_some(ExportContents { videos: videos.len() as u64, rows });
    for path in request.files() {
        let replaces = folder.exists(&path)?;
        plan.files.push(PlannedFile { path, replaces });
    }
    if request.tables {
        plan.files.extend(tables::planned(folder, &request.target)?);
    }
    Ok(plan)
}

/// Refuses what [`export`] would refuse before it writes anything. Reads the course list but no data.
pub fn check(folder: &DataFolder, request: &ExportRequest) -> Result<()> {
    folder.refuse_own_place(&request.target)?;
    if request.tables {
        tables::check(folder)?;
    }
    let listed = folder.courses()?.into_iter().map(|course| (course, ())).collect();
    if chosen(request, listed)?.iter().any(|(course, ())| was_synced(folder, course.id)) {
        Ok(())
    } else {
        Err(nothing_to_export())
    }
}

/// Exports. First the output is brought up to date, which may take a while; `on_progress` receives the progress.
///
/// [`ErrorCode::NotFound`] if none of the chosen courses has ever been synced, or if one is not on the list. Nothing is
/// written then.
pub fn export(
    folder: &DataFolder,
    lock: &FolderLock,
    request: &ExportRequest,
    cancel: &CancellationToken,
    on_progress: &(dyn Fn(ExportProgress) + Sync),
) -> Result<ExportReport> {
    let Ready { courses, not_synced } = make_ready(folder, lock, request, cancel, on_progress)?;
    let (courses, ready): (Vec<_>, Vec<_>) = courses.into_iter().unzip();
    let (files, contents) = write(folder, request, (&courses, &ready), cancel, on_progress)?;
    Ok(ExportReport { files, courses, not_synced, contents, removed: Vec::new() })
}

/// The courses of an export, their output up to date.
struct Ready {
    courses: Vec<(ListedCourse, Box<ReadyCourse>)>,
    not_synced: Vec<ListedCourse>,
}

/// Brings the output up to date, and makes the folder for the export.
fn make_ready(
    folder: &DataFolder,
    lock: &FolderLock,
    request: &ExportRequest,
    cancel: &CancellationToken,
    on_progress: &(dyn Fn(ExportProgress) + Sync),
) -> Result<Ready> {
    // Before anything is chunked, so that a refused export writes nothing at all.
    check(folder, request)?;
    let on_chunking = |progress| on_progress(ExportProgress::Chunking(progress));
    let (chunked, courses) = chunk_and_look(folder, lock, request.chunk, cancel, &on_chunking)?;
    let failed = chunked.courses.into_iter().filter_map(|(listed, chunks)| match chunks {
        CourseChunks::Failed(error) => Some((listed.id, error)),
        _ => None,
    });
    let mut failed: FxHashMap<FolderId, Error> = failed.collect();
    let (mut ready, mut not_synced) = (Vec::new(), Vec::new());
    for (listed, readiness) in chosen(request, courses)? {
        if let Some(error) = failed.remove(&listed.id) {
            return Err(error);
        }
        match readiness {
            Readiness::Ready(course) => ready.push((listed, course)),
            Readiness::NotSynced => not_synced.push(listed),
            Readiness::ToChunk => return Err(changed_meanwhile(&listed)),
        }
    }
    if ready.is_empty() {
        return Err(nothing_to_export());
    }
    make_target(folder, &request.target)?;
    Ok(Ready { courses: ready, not_synced })
}

/// The chosen courses among the listed ones, each with the value that came with it.
fn chosen<T>(request: &ExportRequest, listed: Vec<(ListedCourse, T)>) -> Result<Vec<(ListedCourse, T)>> {
    let CourseChoice::Some(ids) = &request.courses else { return Ok(listed) };
    if let Some(unknown) = ids.iter().find(|id| !listed.iter().any(|(course, _)| course.id == **id)) {
        return Err(Error::new(ErrorCode::NotFound, format!("Course {unknown} is not on the course list"))
            .with_hint("Look up its ID in the course list, or add it and sync"));
    }
    Ok(listed.into_iter().filter(|(course, _)| ids.contains(&course.id)).collect())
}

fn nothing_to_export() -> Error {
    Error::new(ErrorCode::NotFound, "There is nothing to export yet: none of the chosen courses was synced")
        .with_hint("Sync first, then export")
}

fn changed_meanwhile(course: &ListedCourse) -> Error {
    Error::new(ErrorCode::Disk, format!("The data of `{}` was changed by another program just now", course.name))
        .with_hint("Try again when no other program writes in the data folder")
}

fn make_target(folder: &DataFolder, target: &Path) -> Result<()> {
    let disk = folder.disk();
    match disk.stat(target).map_err(|error| disk_error("read", target, error))? {
        Some(found) if !found.is_dir => Err(Error::new(
            ErrorCode::InvalidInput,
            format!("`{}` is a file; an export needs a folder", target.display()),
        )
        .with_hint("Choose a folder, or a new name for one")),
        Some(_) => Ok(()),
        None => Ok(folder.make_dir(target)?),
    }
}

/// Writes the files beside the old ones, then puts them in place.
fn write(
    folder: &DataFolder,
    request: &ExportRequest,
    (listed, courses): (&[ListedCourse], &[Box<ReadyCourse>]),
    cancel: &CancellationToken,
    on_progress: &(dyn Fn(ExportProgress) + Sync),
) -> Result<(Vec<WrittenFile>, ExportContents)> {
    let disk = folder.disk();
    let [sessions, chunked, workbook] = request.files();
    let texts = request.texts();
    let total_bytes = courses.iter().map(|course| course.counts.bytes).sum();
    let mut written_bytes = 0;
    let mut names = request.pseudonyms.as_ref().map(ViewerNames::new);
    let mut union = Union::begin(disk, &chunked, &sessions)?;
    let mut more = if request.tables { Some(MoreTables::begin(disk, &request.target)?) } else { None };
    for (listed, ready) in listed.iter().zip(courses) {
        let new = union.claim(ready.rows.iter().map(|row| row.session_id));
        union.add_overview(&ready.rows, ready.viewings.iter().copied(), &new, texts)?;
        union.copy_rows(&ready.course.chunked(), &ready.rows, &new, |block| {
            if cancel.is_cancelled() {
                return Err(Error::cancelled());
            }
            if let Some(names) = &mut names {
                names.replace_in(block);
            }
            written_bytes += block.len() as u64;
            on_progress(ExportProgress::Writing { written_bytes, total_bytes });
            Ok(())
        })?;
        if let Some(more) = &mut more {
            more.add(&course_to_tell(folder, request, listed, ready, &new), cancel)?;
        }
    }
    let contents = ExportContents { videos: union.videos, rows: union.rows };
    let Union { chunked: mut chunked_file, overview: mut sessions_file, .. } = union;
    chunked_file.finish_writing()?;
    sessions_file.finish_writing()?;
    if let Some(more) = &mut more {
        more.finish_writing()?;
    }
    let text = workbook::workbook(request.tables);
    let mut workbook_file = Replacement::begin(disk, &workbook, Durability::Remakable)?;
    std::io::Write::write_all(&mut workbook_file, text.as_bytes())
        .map_err(|error| disk_error("write", &workbook, error))?;
    workbook_file.finish_writing()?;
    let mut files = vec![
        WrittenFile { path: sessions, rows: Some(contents.videos), bytes: sessions_file.length() },
        WrittenFile { path: chunked, rows: Some(contents.rows), bytes: chunked_file.length() },
        WrittenFile { path: workbook, rows: None, bytes: text.len() as u64 },
    ];
    sessions_file.commit()?;
    chunked_file.commit()?;
    if let Some(more) = more {
        files.extend(more.written());
        more.commit()?;
    }
    workbook_file.commit()?;
    disk::remove_leftovers_of(disk, &files.iter().map(|file| file.path.as_path()).collect::<Vec<_>>());
    Ok((files, contents))
}

/// What the further tables tell of a course, of which `new` are the videos that belong to it in this export.
fn course_to_tell<'a>(
    folder: &'a DataFolder,
    request: &ExportRequest,
    listed: &ListedCourse,
    ready: &ReadyCourse,
    new: &[bool],
) -> CourseToTell<'a> {
    let claimed = ready.rows.iter().zip(new).filter(|(_, new)| **new).map(|(row, _)| row.session_id);
    let videos = claimed.collect();
    CourseToTell { folder, id: listed.id, videos, zone: request.chunk.zone, texts: request.texts() }
}

/// Replaces viewer IDs by pseudonyms in chunk rows.
struct ViewerNames<'p> {
    pseudonyms: &'p Pseudonyms,
    known: FxHashMap<[u8; ID_LENGTH], [u8; ID_LENGTH]>,
}

const ID_LENGTH: usize = 36;
/// The viewer's ID is the second cell of a row; the first cell is also an ID.
const VIEWER_AT: usize = ID_LENGTH + 1;

impl<'p> ViewerNames<'p> {
    fn new(pseudonyms: &'p Pseudonyms) -> Self {
        Self { pseudonyms, known: FxHashMap::default() }
    }

    /// `block` holds whole rows as chunking writes them.
    fn replace_in(&mut self, block: &mut [u8]) {
        let mut row = 0;
        while row < block.len() {
            let end = memchr::memchr(b'\n', &block[row..]).map_or(block.len(), |length| row + length + 1);
            if let Some(cell) = block[row..end].get_mut(VIEWER_AT..VIEWER_AT + ID_LENGTH)
                && let Ok(cell) = <&mut [u8; ID_LENGTH]>::try_from(cell)
            {
                *cell = *self.known.entry(*cell).or_insert_with(|| pseudonym_text(self.pseudonyms, cell));
            }
            row = end;
        }
    }
}

fn pseudonym_text(pseudonyms: &Pseudonyms, viewer: &[u8; ID_LENGTH]) -> [u8; ID_LENGTH] {
    let id = std::str::from_utf8(viewer).ok().and_then(|text| UserId::parse(text).ok()).unwrap_or(UserId::NIL);
    let mut text = [0; ID_LENGTH];
    pseudonyms.of(id).encode(&mut text);
    text
}
