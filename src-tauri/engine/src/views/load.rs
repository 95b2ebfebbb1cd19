//! Reads a course's overview and viewing records and lays them out for figures.
//!
//! It uses the same scan as chunking and reads numbers in the same way, so that screen and dataset start from the same
//! runs.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use chrono_tz::Tz;
use model::{CourseViews, Decisions, FolderId, PeopleOfCourse, PlayedRun, SessionId, UserId, VideoInfo};

use super::course::CourseInView;
use super::fetched::{FetchedVideos, holds_whole_history};
use super::looked_at::LookedAt;
use crate::Result;
use crate::chunk::{RunSources, read_runs};
use crate::store::Disk;
use crate::store::number::Reading;
use crate::store::overview::{OverviewRow, read_overview};
use crate::store::staging::Staging;

/// Where a course is read from, and which of its videos are fetched.
pub(super) struct StoredCourseFiles<'a> {
    pub(super) course: FolderId,
    pub(super) overview: &'a Path,
    pub(super) activity: Option<&'a Path>,
    pub(super) staging: &'a Staging,
    pub(super) fetched: &'a FetchedVideos,
    /// Who is left out, and whose accounts are one person.
    pub(super) decisions: &'a Decisions,
}

/// Leaves out records of videos that are not in the overview (any more), as in the dataset for Tableau. Also leaves out
/// videos whose records were never fetched, because showing a zero for them would be a claim that nobody made.
pub(super) fn load(disk: &dyn Disk, stored: &StoredCourseFiles<'_>, zone: Tz) -> Result<CourseInView> {
    let rows = read_overview(disk, stored.overview, Reading::AsPandas)?;
    let is_listed: HashSet<SessionId> = rows.iter().map(|row| row.session_id).collect();
    let is_missing = |video| is_listed.contains(&video) && !stored.fetched.has(video);
    let mut staged = stored.staging.whole(is_missing)?;
    staged.retain(holds_whole_history);
    let is_here = |video: SessionId| {
        stored.fetched.has(video) || staged.binary_search_by_key(&video, |staged| staged.video).is_ok()
    };
    let (mut in_subfolder, mut videos, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    for (index, row) in rows.into_iter().enumerate() {
        let (id, folder) = (row.session_id, row.containing_folder_id);
        let video = video(index, row);
        if is_here(id) {
            in_subfolder.push(folder.is_some_and(|folder| folder != stored.course));
            videos.push(video);
        } else {
            waiting.push(video);
        }
    }
    let sessions: Vec<SessionId> = videos.iter().map(|video| video.session_id).collect();
    let sources = RunSources { stored: stored.activity, staged: (stored.staging, &staged) };
    let (mut runs, viewers) = read_runs(disk, sources, &sessions, zone)?;
    let watched = watching(&mut runs, &viewers);
    let people = PeopleOfCourse::new(&watched, stored.decisions);
    people.runs_by_person(&mut runs);
    let viewer_count = people.people().len() as u32;
    let records = runs.len();
    let views = CourseViews::of_played(videos, runs);
    Ok(CourseInView {
        id: stored.course,
        views,
        waiting,
        records,
        viewer_count,
        people,
        in_subfolder,
        all_dates: OnceLock::new(),
        last_figures: Mutex::default(),
        looked_at: LookedAt::default(),
    })
}

/// The viewers who have runs here, by ID, and the runs by their numbers. Others have records of videos that are not shown.
fn watching(runs: &mut [PlayedRun], viewers: &[UserId]) -> Vec<UserId> {
    let mut numbers = vec![None; viewers.len()];
    for run in &*runs {
        numbers[run.viewer as usize] = Some(0);
    }
    let mut watched = Vec::new();
    for (number, viewer) in numbers.iter_mut().zip(viewers).filter(|(number, _)| number.is_some()) {
        *number = Some(watched.len() as u32);
        watched.push(*viewer);
    }
    for run in runs {
        run.viewer = numbers[run.viewer as usize].unwrap_or_default();
    }
    watched
}

fn video(index: usize, row: OverviewRow) -> VideoInfo {
    VideoInfo {
        session_id: row.session_id,
        name: row.session_name.into(),
        folder_name: row.containing_folder_name.into(),
        duration_secs: row.duration_secs,
        order: index as u32 + 1,
    }
}
