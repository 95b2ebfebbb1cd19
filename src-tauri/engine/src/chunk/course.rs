//! Chunks one course: reads its database, writes its output and, in the same pass, its part of the union.

use std::path::PathBuf;
use std::sync::Mutex;

use model::{FolderId, SessionId};

use super::in_order::InOrder;
use super::manifest::{CourseEntry, CourseFiles, Rules};
use super::output::{OutputTable, TextCells, Union, begin_pair, push_overview_row, stamp};
use super::records::CourseRecords;
use super::video::{VideoChunker, Viewing};
use super::work::{Work, locked};
use crate::Result;
use crate::local_days::LocalDays;
use crate::store::missing::check_all_is_there;
use crate::store::number::Reading;
use crate::store::overview::{OverviewRow, read_overview};
use crate::store::refusal::disk_error;
use crate::store::stamp::{Stamp, hash_file};
use crate::store::{Area, DataFolder, activity_file, chunked_file, overview_file};

/// A listed course that is in the database, and the places of its files.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    pub(crate) id: FolderId,
    pub(crate) database_overview: PathBuf,
    /// `None` if there is no such file: nobody has watched anything yet.
    pub(crate) database_activity: Option<PathBuf>,
    /// The directory for its output, which need not exist yet.
    output_dir: PathBuf,
}

impl Course {
    /// Finds the files of a course. `None` if the database does not have the course; an error if files are missing that
    /// were there.
    pub(crate) fn find(folder: &DataFolder, id: FolderId) -> Result<Option<Self>> {
        check_all_is_there(folder, id)?;
        let Some(database_dir) = folder.course_dir(Area::Database, id)? else { return Ok(None) };
        let database_overview = overview_file(&database_dir);
        if !folder.exists(&database_overview)? {
            return Ok(None);
        }
        let activity = activity_file(&database_dir);
        let output_dir = match folder.course_dir(Area::Output, id)? {
            Some(directory) => directory,
            None => folder.area_dir(Area::Output).join(database_dir.file_name().unwrap_or_default()),
        };
        Ok(Some(Self {
            id,
            database_overview,
            database_activity: folder.exists(&activity)?.then_some(activity),
            output_dir,
        }))
    }

    pub(crate) fn chunked(&self) -> PathBuf {
        chunked_file(&self.output_dir)
    }

    pub(crate) fn overview(&self) -> PathBuf {
        overview_file(&self.output_dir)
    }

    /// Bytes of viewing records.
    pub(super) fn activity_bytes(&self, folder: &DataFolder) -> u64 {
        let stat = self.database_activity.as_ref().and_then(|path| folder.disk().stat(path).ok().flatten());
        stat.map_or(0, |stat| stat.length)
    }

    /// The videos of the course, with their lengths read as the original tool reads them.
    pub(crate) fn videos(&self, folder: &DataFolder) -> Result<Vec<OverviewRow>> {
        Ok(read_overview(folder.disk(), &self.database_overview, Reading::AsPandas)?)
    }

    /// Whether the output that `entry` describes exists and is up to date.
    pub(super) fn is_current(
        &self,
        folder: &DataFolder,
        made_as: &str,
        entry: &mut CourseEntry,
        now: std::time::SystemTime,
    ) -> Result<bool> {
        let files = CourseFiles {
            database_overview: &self.database_overview,
            database_activity: self.database_activity.as_deref(),
            chunked: &self.chunked(),
            overview: &self.overview(),
        };
        entry.is_current(folder.disk(), made_as, &files, now)
    }

    /// Chunks the course. The caller holds the lock.
    pub(super) fn chunk(
        &self,
        work: &Work<'_>,
        folder: &DataFolder,
        days: &LocalDays,
        rules: &Rules,
        union: &mut Union<'_>,
    ) -> Result<CourseEntry> {
        let disk = folder.disk();
        let overview_stamp = self.stamp_overview(folder)?;
        let rows = self.videos(folder)?;
        let sessions: Vec<SessionId> = rows.iter().map(|row| row.session_id).collect();
        let mut records = match &self.database_activity {
            Some(path) => CourseRecords::read(work, path, &sessions, days)?,
            None => CourseRecords::without_any(sessions.len()),
        };
        records.by_person(&rules.decisions);
        let activity_stamp = match &self.database_activity {
            Some(path) => Some(stamp(disk, path, records.length, records.hash)?),
            None => None,
        };
        folder.make_dir(&self.output_dir)?;
        let (mut chunked, mut overview) = begin_pair(disk, &self.chunked(), &self.overview())?;
        let new = union.claim(sessions.iter().copied());
        let viewings = write_rows(work, &rows, &records, &mut chunked, &mut union.chunked, &new)?;
        let mut text = Vec::new();
        for (index, (row, viewing)) in rows.iter().zip(&viewings).enumerate() {
            push_overview_row(&mut text, index + 1, row, viewing, TextCells::Plain);
        }
        overview.write(&text)?;
        union.add_overview(&rows, viewings.iter().copied(), &new, TextCells::Plain)?;
        work.check()?;
        chunked.finish_writing()?;
        overview.finish_writing()?;
        let (chunked, overview) = (chunked.commit()?, overview.commit()?);
        Ok(CourseEntry::new(
            &rules.made_as,
            (overview_stamp, activity_stamp, chunked, overview),
            records.count,
            records.viewers.len() as u32,
            sessions.into_iter().zip(viewings).collect(),
        ))
    }

    fn stamp_overview(&self, folder: &DataFolder) -> Result<Stamp> {
        let path = &self.database_overview;
        let (length, hash) = hash_file(folder.disk(), path).map_err(|error| disk_error("read", path, error))?;
        stamp(folder.disk(), path, length, hash)
    }
}

/// Writes the chunk rows of all videos, in order, to the course's file. Those of `new` videos also go to the union.
fn write_rows(
    work: &Work<'_>,
    rows: &[OverviewRow],
    records: &CourseRecords,
    chunked: &mut OutputTable<'_>,
    union: &mut OutputTable<'_>,
    new: &[bool],
) -> Result<Vec<Viewing>> {
    let viewings = Mutex::new(vec![Viewing::default(); rows.len()]);
    let tasks = InOrder::new(rows.len(), |video: usize, bytes: &[u8]| {
        chunked.write(bytes)?;
        if new[video] { union.write(bytes) } else { Ok(()) }
    });
    work.on_all_threads(|| {
        let _guard = tasks.guard();
        let mut maker = VideoChunker::new(&records.viewers);
        let mut of_video = Vec::new();
        while let Some((video, mut out)) = tasks.next_task() {
            let mut done = || {
                work.check()?;
                records.gather(video, &mut of_video);
                let row = &rows[video];
                maker.push_rows(row.session_id, row.duration_secs, &of_video, &mut out, |out| tasks.hand_on(video, out))
            };
            let done = done().and_then(|viewing| {
                locked(&viewings)[video] = viewing;
                tasks.finish(video, std::mem::take(&mut out))
            });
            if let Err(error) = done {
                tasks.fail(error);
            }
        }
    });
    tasks.outcome()?;
    Ok(std::mem::take(&mut *locked(&viewings)))
}
