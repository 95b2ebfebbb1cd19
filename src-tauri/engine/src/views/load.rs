//! Reads a course's overview and viewing records and lays them out for figures.
//!
//! It uses the same scan as chunking and reads numbers in the same way, so that screen and dataset start from the same
//! runs.

use std::path::Path;
use std::sync::{Mutex, OnceLock};

use chrono_tz::Tz;
use model::{CourseViews, FolderId, SessionId, VideoInfo};

use super::course::CourseInView;
use super::looked_at::LookedAt;
use crate::Result;
use crate::chunk::read_runs;
use crate::store::Disk;
use crate::store::number::Reading;
use crate::store::overview::{OverviewRow, read_overview};

/// Records of videos that are not in the overview (any more) are left out, as in the dataset for Tableau.
pub(super) fn load(
    disk: &dyn Disk,
    id: FolderId,
    overview: &Path,
    activity: Option<&Path>,
    zone: Tz,
) -> Result<CourseInView> {
    let rows = read_overview(disk, overview, Reading::AsPandas)?;
    let in_subfolder = rows.iter().map(|row| row.containing_folder_id.is_some_and(|folder| folder != id)).collect();
    let videos = videos(rows);
    let sessions: Vec<SessionId> = videos.iter().map(|video| video.session_id).collect();
    let runs = match activity {
        Some(activity) => read_runs(disk, activity, &sessions, zone)?,
        None => Vec::new(),
    };
    let mut watched = vec![false; runs.iter().map(|run| run.viewer as usize + 1).max().unwrap_or(0)];
    for run in &runs {
        watched[run.viewer as usize] = true;
    }
    let viewer_count = watched.iter().filter(|watched| **watched).count() as u32;
    let records = runs.len();
    let views = CourseViews::of_played(videos, runs);
    Ok(CourseInView {
        id,
        views,
        records,
        viewer_count,
        in_subfolder,
        all_dates: OnceLock::new(),
        last_figures: Mutex::default(),
        looked_at: LookedAt::default(),
    })
}

fn videos(rows: Vec<OverviewRow>) -> Vec<VideoInfo> {
    rows.into_iter()
        .enumerate()
        .map(|(index, row)| VideoInfo {
            session_id: row.session_id,
            name: row.session_name.into(),
            folder_name: row.containing_folder_name.into(),
            duration_secs: row.duration_secs,
            order: index as u32 + 1,
        })
        .collect()
}
