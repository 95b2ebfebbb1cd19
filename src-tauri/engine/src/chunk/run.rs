//! Brings the output up to date: course after course, and the union in the same pass.

use tokio_util::sync::CancellationToken;

use super::course::Course;
use super::manifest::UnionEntry;
use super::output::{TextCells, Union};
use super::state::ListedState;
use super::work::{OnProgress, Work};
use super::{ChunkCounts, ChunkOptions, ChunkReport, CourseChunks, UnionChunks};
use crate::local_days::LocalDays;
use crate::store::{DataFolder, FolderLock, chunked_file, overview_file};
use crate::{ErrorCode, Result};

/// Brings the output up to date, and says which courses then are.
pub(super) fn run(
    folder: &DataFolder,
    lock: &FolderLock,
    options: ChunkOptions,
    cancel: &CancellationToken,
    on_progress: OnProgress<'_>,
) -> Result<(ChunkReport, ListedState)> {
    let state = ListedState::look(folder, options, cancel)?;
    if let Some(union) = &state.manifest.union {
        // The stamps may have settled meanwhile.
        state.manifest.save(folder, lock)?;
        let union = UnionChunks::Unchanged { videos: union.videos, rows: union.rows };
        return Ok((unchanged(&state, union), state));
    }
    let to_read = state.listed.iter().filter_map(|(_, found)| found.as_ref().ok()?.as_ref());
    let to_read = to_read.filter(|course| !state.manifest.courses.contains_key(&course.id));
    let total_bytes = to_read.map(|course| course.activity_bytes(folder)).sum();
    let mut run = Run {
        folder,
        lock,
        days: LocalDays::new(options.zone),
        work: Work::new(folder.disk(), options.thread_count(), cancel, on_progress, total_bytes),
        state,
    };
    let report = run.make()?;
    Ok((report, run.state))
}

fn unchanged(state: &ListedState, union: UnionChunks) -> ChunkReport {
    let courses = state.listed.iter().map(|(listed, _)| {
        let entry = state.manifest.courses.get(&listed.id);
        (listed.clone(), entry.map_or(CourseChunks::NotSynced, |entry| CourseChunks::Unchanged(entry.into())))
    });
    ChunkReport { courses: courses.collect(), union }
}

struct Run<'a> {
    folder: &'a DataFolder,
    lock: &'a FolderLock,
    days: LocalDays,
    work: Work<'a>,
    state: ListedState,
}

impl Run<'_> {
    /// Makes whatever the manifest does not have, and the union.
    fn make(&mut self) -> Result<ChunkReport> {
        let directory = self.folder.tableau_dir();
        self.folder.make_dir(&directory)?;
        let disk = self.folder.disk();
        let mut union = Union::begin(disk, &chunked_file(&directory), &overview_file(&directory))?;
        let mut courses = Vec::new();
        for index in 0..self.state.listed.len() {
            let (listed, found) = &mut self.state.listed[index];
            let listed = listed.clone();
            let chunks = match found {
                Ok(None) => CourseChunks::NotSynced,
                Ok(Some(course)) => {
                    let course = course.clone();
                    match self.one_course(&course, &mut union) {
                        Ok(chunks) => chunks,
                        Err(error) if error.code() == ErrorCode::DataFileInvalid => CourseChunks::Failed(error),
                        Err(error) => return Err(error),
                    }
                }
                // From now on the error is in the report.
                Err(_) => CourseChunks::Failed(
                    std::mem::replace(found, Ok(None)).err().unwrap_or_else(crate::Error::cancelled),
                ),
            };
            courses.push((listed, chunks));
        }
        let union = match self.state.entries() {
            Some(entries) if !courses.iter().any(|(_, chunks)| matches!(chunks, CourseChunks::Failed(_))) => {
                self.work.check()?;
                let (videos, rows) = (union.videos, union.rows);
                let Union { mut chunked, mut overview, .. } = union;
                chunked.finish_writing()?;
                overview.finish_writing()?;
                let entry = UnionEntry::new(entries, chunked.commit()?, overview.commit()?, videos, rows);
                self.state.manifest.union = Some(entry);
                UnionChunks::Made { videos, rows }
            }
            _ => UnionChunks::LeftAsItWas,
        };
        self.state.manifest.save(self.folder, self.lock)?;
        Ok(ChunkReport { courses, union })
    }

    fn one_course(&mut self, course: &Course, union: &mut Union<'_>) -> Result<CourseChunks> {
        self.work.check()?;
        if let Some(entry) = self.state.manifest.courses.get(&course.id) {
            let rows = course.videos(self.folder)?;
            let new = union.claim(rows.iter().map(|row| row.session_id));
            union.add_overview(&rows, entry.videos.iter().map(|(_, viewing)| *viewing), &new, TextCells::Plain)?;
            union.copy_rows(&course.chunked(), &rows, &new, |_| self.work.check())?;
            return Ok(CourseChunks::Unchanged(entry.into()));
        }
        self.work.begin_course(course.id);
        let entry = course.chunk(&self.work, self.folder, &self.days, &self.state.rules, union)?;
        let counts = ChunkCounts::from(&entry);
        self.state.manifest.courses.insert(course.id, entry);
        // Saved at once, so that a finished course need not be chunked again whatever happens to the next.
        self.state.manifest.save(self.folder, self.lock)?;
        Ok(CourseChunks::Chunked(counts))
    }
}
