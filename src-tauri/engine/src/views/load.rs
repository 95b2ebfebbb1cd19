//! Reads a course's overview and viewing records and lays them out for figures.

use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Tz;
use model::{CourseViews, Day, FolderId, Run, SessionId, UserId, VideoInfo};
use rustc_hash::FxHashMap;

use super::cache::CourseInView;
use crate::Result;
use crate::store::Disk;
use crate::store::activity::ActivityReader;
use crate::store::number::Reading;
use crate::store::overview::{OverviewRow, read_overview};

/// Records of videos that are not in the overview (any more) are left out, as in the output for Tableau.
pub(super) fn load(
    disk: &dyn Disk,
    id: FolderId,
    overview: &Path,
    activity: Option<&Path>,
    zone: Tz,
) -> Result<CourseInView> {
    let videos = videos(read_overview(disk, overview, Reading::Nearest)?);
    let index: FxHashMap<SessionId, u32> =
        videos.iter().enumerate().map(|(index, video)| (video.session_id, index as u32)).collect();
    let mut viewers: FxHashMap<UserId, u32> = FxHashMap::default();
    let mut runs = Vec::new();
    if let Some(activity) = activity {
        for read in ActivityReader::open(disk, activity)? {
            let (_, record) = read?;
            let Some(&video) = index.get(&record.session_id) else { continue };
            let next = viewers.len() as u32;
            runs.push(Run {
                video,
                viewer: *viewers.entry(record.user_id).or_insert(next),
                day: local_day(record.recorded_at.with_timezone(&zone).date_naive()),
                start_secs: record.start_secs,
                stop_secs: record.stop_secs(),
            });
        }
    }
    let (records, viewer_count) = (runs.len(), viewers.len() as u32);
    Ok(CourseInView { id, views: CourseViews::new(videos, runs), records, viewer_count })
}

fn local_day(date: NaiveDate) -> Day {
    Day::from_date(date)
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
