//! The viewing records of one video, from the server into the staging directory.
//!
//! Invariant: what is staged is complete, but for people who were forgotten. Records of a video whose reading fails or is
//! stopped are thrown away.

use model::{FolderId, SessionId, UsageRange, ViewingRecord};

use crate::events::{Events, SyncEvent};
use crate::people::Forgotten;
use crate::source::{RecordSink, Source, UnprovenZero};
use crate::store::staging::{StagedVideo, Staging, StagingFile};
use crate::{Error, Result};

/// A video to fetch.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) video: SessionId,
    pub(super) name: String,
    pub(super) range: UsageRange,
}

/// What came of the fetch.
#[derive(Debug)]
pub(super) enum Fetched {
    /// Its records are staged.
    Staged(StagedVideo),
    /// The server says there are none, which is not believed before it is proven.
    Zero(UnprovenZero),
}

/// Fetches one video. Dropping the future leaves nothing but a part file.
pub(super) async fn fetch(
    source: &Source,
    staging: &Staging,
    course: FolderId,
    task: &Task,
    forgotten: &Forgotten,
    events: &dyn Events,
) -> Result<Fetched> {
    let mut sink = StagingSink { staging, course, task, forgotten, events, file: None, refused: None };
    let answer = source.records(task.video, task.range, &mut sink).await;
    if let Some(error) = sink.refused {
        return Err(error);
    }
    if let Some(zero) = answer? {
        return Ok(Fetched::Zero(zero));
    }
    let file = match sink.file {
        Some(file) => file,
        None => staging.begin(task.video, task.range)?,
    };
    Ok(Fetched::Staged(file.finish()?))
}

/// Writes pages as they come.
struct StagingSink<'a> {
    staging: &'a Staging,
    course: FolderId,
    task: &'a Task,
    forgotten: &'a Forgotten,
    events: &'a dyn Events,
    /// Made with the first page: most videos have nothing new.
    file: Option<StagingFile>,
    refused: Option<Error>,
}

impl StagingSink<'_> {
    fn write(&mut self, page: &mut Vec<ViewingRecord>) -> Result<u64> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(self.staging.begin(self.task.video, self.task.range)?),
        };
        // Never on the disk, not even in passing.
        page.retain(|record| !self.forgotten.has(record.user_id));
        file.write(page.drain(..))?;
        Ok(file.rows())
    }
}

impl RecordSink for StagingSink<'_> {
    fn restart(&mut self) {
        if let Some(file) = &mut self.file
            && let Err(error) = file.restart()
        {
            self.refused = Some(error.into());
        }
    }

    fn records(&mut self, page: &mut Vec<ViewingRecord>, total: Option<u64>) -> Result<()> {
        if let Some(error) = &self.refused {
            return Err(error.repeated());
        }
        let received = self.write(page)?;
        let (course, video) = (self.course, self.task.video);
        self.events.emit(SyncEvent::Records { course, video, received, total });
        Ok(())
    }
}
