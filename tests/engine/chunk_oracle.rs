//! Compares chunk rows with a deliberately simple oracle, over random viewing.

use std::collections::BTreeSet;
use std::fs;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use crate::chunk_fixture::{SmallCourse, chunk_in, course_dir, id, small_folder};

#[derive(Debug, Clone)]
struct Run {
    video: u32,
    viewer: u32,
    secs: i64,
    start: f64,
    length: f64,
}

/// Positions in quarters of a second, which are exact in binary, so that sums are the same in any order.
fn runs() -> impl Strategy<Value = Vec<Run>> {
    let run = (0u32..4, 0u32..4, 1_700_000_000i64..1_700_400_000, -40i32..400, 0i32..120).prop_map(
        |(video, viewer, secs, start, length)| Run {
            video,
            viewer,
            secs,
            start: f64::from(start) / 4.0,
            length: f64::from(length) / 4.0,
        },
    );
    prop::collection::vec(run, 0..60)
}

/// How often each quarter of a second is covered.
fn quarters(runs: &[&Run], duration: f64) -> Vec<u32> {
    let mut counts = vec![0; (duration * 4.0) as usize];
    for run in runs {
        let (from, to) = (run.start * 4.0, (run.start + run.length) * 4.0);
        for (quarter, count) in counts.iter_mut().enumerate() {
            if quarter as f64 >= from && (quarter as f64) < to {
                *count += 1;
            }
        }
    }
    counts
}

proptest! {
    #[test]
    fn rows_equal_those_of_the_oracle(runs in runs(), zone in prop::sample::select(vec![Tz::UTC, Tz::America__Vancouver, Tz::Asia__Tokyo])) {
        // Lengths whose twentieth is a whole number of quarters.
        let durations = [20.0, 40.0, 80.0];
        let mut course = SmallCourse::new(1, "Course");
        for (video, duration) in durations.iter().enumerate() {
            course = course.video(10 + video as u32, &format!("{duration:?}"));
        }
        for run in &runs {
            let moment = DateTime::from_timestamp(run.secs, 0).unwrap();
            let moment = moment.format("%Y-%m-%d %H:%M:%S+00:00").to_string();
            course = course.run(10 + run.video, 900 + run.viewer, &moment, run.start, run.start + run.length);
        }
        let (_temporary, folder) = small_folder(&[course]);
        chunk_in(&folder, zone).unwrap();
        let output = course_dir(folder.root(), "output[CHUNKED]", &id(1));
        let text = fs::read_to_string(output.join("chunked_data.csv")).unwrap();
        let mut rows = text.lines().skip(1);
        let mut counts = Vec::new();
        for (video, duration) in durations.iter().enumerate() {
            let of_video: Vec<&Run> = runs.iter().filter(|run| run.video == video as u32).collect();
            let mut viewers: Vec<u32> = Vec::new();
            let mut completed = 0;
            for run in &of_video {
                if !viewers.contains(&run.viewer) {
                    viewers.push(run.viewer);
                }
            }
            for viewer in &viewers {
                let of_viewer: Vec<&Run> = of_video.iter().copied().filter(|run| run.viewer == *viewer).collect();
                let day = |run: &Run| -> NaiveDate {
                    DateTime::<Utc>::from_timestamp(run.secs, 0).unwrap().with_timezone(&zone).date_naive()
                };
                let mut days: Vec<NaiveDate> = Vec::new();
                for run in &of_viewer {
                    if !days.contains(&day(run)) {
                        days.push(day(run));
                    }
                }
                for date in days {
                    let of_day: Vec<&Run> = of_viewer.iter().copied().filter(|run| day(run) == date).collect();
                    let covered = quarters(&of_day, *duration);
                    let per_chunk = covered.len() / 20;
                    for (chunk, quarters) in covered.chunks(per_chunk).enumerate() {
                        let seen = quarters.iter().filter(|count| **count > 0).count();
                        if seen == 0 {
                            continue;
                        }
                        let (seen, spent) = (seen as f64 / 4.0, f64::from(quarters.iter().sum::<u32>()) / 4.0);
                        let step = duration / 20.0;
                        let expected = format!(
                            "{},{},{date},{chunk},{:?},{:?},{:?},{spent:?},{}",
                            id(10 + video as u32),
                            id(900 + viewer),
                            chunk as f64 * step,
                            (chunk + 1) as f64 * step,
                            seen / step * 100.0,
                            if seen >= 0.75 * step { "True" } else { "False" },
                        );
                        prop_assert_eq!(rows.next(), Some(expected.as_str()));
                    }
                }
                let seen = quarters(&of_viewer, *duration).iter().filter(|count| **count > 0).count();
                completed += u32::from(seen as f64 / 4.0 >= 0.75 * duration);
            }
            counts.push((viewers.len().to_string(), completed.to_string()));
        }
        prop_assert_eq!(rows.next(), None);
        let overview = fs::read_to_string(output.join("sessions_overview.csv")).unwrap();
        let found: Vec<(String, String)> = overview.lines().skip(1).map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[9].to_owned(), cells[10].to_owned())
        }).collect();
        prop_assert_eq!(found, counts);
        let keys: BTreeSet<_> = text.lines().skip(1).map(|line| line.splitn(5, ',').take(4).collect::<Vec<_>>()).collect();
        prop_assert_eq!(keys.len() + 1, text.lines().count(), "no key occurs twice");
    }
}
