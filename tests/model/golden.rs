//! Figures for all dates, compared with what the original tool wrote for the same records.
//!
//! The original tool's rows are per day, so its chunks are compared where days do not matter: who reached a chunk
//! (without its faulty rows of 0 s) and the time spent in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use model::{CourseViews, DateRange, Day, Run, SessionId, VideoFigures, VideoInfo};

fn rows(path: &Path) -> Vec<HashMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn courses() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(golden().join("database"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2);
    names
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/golden")
}

fn views(course: &str) -> CourseViews {
    let folder = golden().join("database").join(course);
    let videos: Vec<VideoInfo> = rows(&folder.join("sessions_overview.csv"))
        .iter()
        .enumerate()
        .map(|(index, row)| VideoInfo {
            session_id: SessionId::parse(&row["SessionId"]).unwrap(),
            name: row["SessionName"].as_str().into(),
            folder_name: row["ContainingFolderName"].as_str().into(),
            duration_secs: row["Duration"].parse().ok(),
            order: index as u32 + 1,
        })
        .collect();
    let mut viewers = BTreeMap::new();
    let mut runs = Vec::new();
    for row in rows(&folder.join("viewing_activity.csv")) {
        let session_id = SessionId::parse(&row["SessionId"]).unwrap();
        // Records of a video that is gone remain on disk and are not shown.
        let Some(video) = videos.iter().position(|video| video.session_id == session_id) else { continue };
        let next = viewers.len() as u32;
        runs.push(Run {
            video: video as u32,
            viewer: *viewers.entry(row["UserId"].clone()).or_insert(next),
            day: Day::from_date(row["Date"].parse().unwrap()),
            start_secs: row["StartPosition"].parse().unwrap(),
            stop_secs: row["StopPosition"].parse().unwrap(),
        });
    }
    CourseViews::new(videos, runs)
}

#[test]
fn viewers_and_completed_equal_the_original() {
    for course in courses() {
        let views = views(&course);
        let theirs = rows(&golden().join("output[CHUNKED]").join(&course).join("sessions_overview.csv"));
        assert_eq!(theirs.len(), views.videos().len());
        for (video, row) in theirs.iter().enumerate() {
            let figures = VideoFigures::new(&views, video, DateRange::ALL);
            assert_eq!(figures.totals.unique_viewers.to_string(), row["UniqueViewers"]);
            let completed: u32 = row["CompletedViewerCount(75%Coverage)"].parse().unwrap();
            // The original tool counts seconds past the end of the video towards the 75 %.
            assert!(
                figures.totals.covered_viewers <= completed,
                "{course}: {} > {completed}",
                figures.totals.covered_viewers
            );
            assert!(completed - figures.totals.covered_viewers <= 1);
        }
    }
}

#[test]
fn chunks_equal_the_original_s_rows_added_up() {
    for course in courses() {
        let views = views(&course);
        let mut reached: BTreeMap<(String, usize), BTreeSet<String>> = BTreeMap::new();
        let mut spent: BTreeMap<(String, usize), f64> = BTreeMap::new();
        let mut borders: BTreeMap<(String, usize), (f64, f64)> = BTreeMap::new();
        for row in rows(&golden().join("output[CHUNKED]").join(&course).join("chunked_data.csv")) {
            let key = (row["SessionId"].clone(), row["ChunkIndex"].parse().unwrap());
            let secs: f64 = row["TotalTimeSpent"].parse().unwrap();
            borders.insert(key.clone(), (row["ChunkStart"].parse().unwrap(), row["ChunkEnd"].parse().unwrap()));
            if secs > 0.0 {
                reached.entry(key.clone()).or_default().insert(row["UserId"].clone());
                *spent.entry(key).or_default() += secs;
            }
        }
        assert!(reached.len() > 100);
        for (video, info) in views.videos().iter().enumerate() {
            let figures = VideoFigures::new(&views, video, DateRange::ALL);
            for (index, chunk) in figures.chunks.iter().enumerate() {
                let key = (info.session_id.to_string(), index);
                assert_eq!(chunk.reached as usize, reached.get(&key).map_or(0, BTreeSet::len), "{course} {key:?}");
                assert!((chunk.spent_secs - spent.get(&key).copied().unwrap_or(0.0)).abs() < 1e-6, "{course} {key:?}");
                if let Some(&(start_secs, end_secs)) = borders.get(&key) {
                    assert_eq!(chunk.start_secs.to_bits(), start_secs.to_bits());
                    assert_eq!(chunk.end_secs.to_bits(), end_secs.to_bits());
                }
            }
        }
    }
}
