//! A course that the original fetched: what its files tell, and which records it stored several times.
//!
//! Deliberately absent: its overview and state files, which are read like our own.

use super::stored::StoredCourse;
use crate::Result;
use crate::store::journal::{VideoState, Witness};
use crate::store::merge::last_records;
use crate::store::staging::StagedVideo;
use crate::store::surplus::{reduce_by_overview, reduce_to_server};
use crate::store::{activity_file, overview_file};
use model::words;

impl StoredCourse {
    /// Without a journal, `state.csv` tells how far the course is fetched. That holds for the videos that are in the
    /// overview and have records. A video without records is asked for its whole history: that costs one call, as a
    /// single day would, and perhaps it never was asked.
    pub(super) fn take_over_from_state(&mut self) -> Result<()> {
        let state = self.folder.state()?;
        let fetched = state.iter().find(|row| row.id == self.course).and_then(|row| row.last_day);
        let (Some(fetched), Some(path)) = (fetched, self.activity_path()) else { return Ok(()) };
        let last = last_records(self.folder.disk(), &path)?;
        for row in &self.overview {
            if last.contains_key(&row.session_id) {
                let state = VideoState { fetched_through: Some(fetched), ..VideoState::default() };
                self.journal.videos.insert(row.session_id, state);
            }
        }
        let latest =
            last.iter().filter(|(video, _)| self.journal.videos.contains_key(video)).max_by_key(|(_, at)| **at);
        self.journal.witness = latest.map(|(video, at)| Witness::new(*video, at.date_naive()));
        Ok(())
    }

    pub(super) fn reduce_what_the_original_multiplied(&mut self, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
        let (true, Some(dir)) = (self.is_taken_over, &self.dir) else { return Ok(()) };
        let (overview, activity) = (overview_file(dir), activity_file(dir));
        if !self.folder.exists(&overview)? || !self.folder.exists(&activity)? {
            return Ok(());
        }
        if let Some(reduced) = reduce_by_overview(self.folder.disk(), &overview, &activity, is_cancelled)? {
            self.warnings.push(format!(
                "The scripts had stored records of `{}` several times: {} are now {}; the file as it was is kept as `{}`",
                self.journal.name,
                words::count(reduced.before),
                words::counted(reduced.after, "record", "records"),
                reduced.kept_as.display()
            ));
        }
        Ok(())
    }

    /// Drops copies of records that the server does not have. `staged` holds all that it has.
    pub(super) fn reduce_to_server(&mut self, staged: &[StagedVideo], is_cancelled: &dyn Fn() -> bool) -> Result<()> {
        let Some(activity) = self.activity_path() else { return Ok(()) };
        if let Some(reduced) = reduce_to_server(self.folder.disk(), &activity, staged, is_cancelled)? {
            // The counts belong to the longer file; the merge that follows makes new ones.
            self.journal.stored = None;
            self.warnings.push(format!(
                "Records of `{}` were stored more often than the server has them: {} are now {}; the file as it was is kept \
                 as `{}`",
                self.journal.name,
                words::count(reduced.before),
                words::counted(reduced.after, "record", "records"),
                reduced.kept_as.display()
            ));
        }
        Ok(())
    }
}
