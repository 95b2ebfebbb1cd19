//! How long figures of a large course take. Prints the times without judging them.
//!
//! `cargo test --release -p model --test model -- --ignored --nocapture speed`

use std::time::{Duration, Instant};

use model::{Borders, CourseFigures, CourseViews, DateRange, Day, Run, Timeline, VideoFigures, VideoInfo, moments};

use crate::oracle;

const RECORDS: u32 = 300_000;

fn course(videos: u32, viewers: u32) -> (Vec<VideoInfo>, Vec<Run>) {
    let infos = (0..videos)
        .map(|index| VideoInfo {
            duration_secs: Some(1800.0 + f64::from(index % 60) * 61.7),
            ..oracle::video(index as usize, None)
        })
        .collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut below = move |limit: u32| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 33) % u64::from(limit)) as u32
    };
    let runs = (0..RECORDS)
        .map(|_| {
            let start_secs = f64::from(below(3_600_000)) / 1000.0;
            Run {
                video: below(videos),
                viewer: below(viewers),
                day: Day::new(18_500 + below(120).cast_signed()),
                start_secs,
                stop_secs: start_secs + f64::from(below(400_000)) / 1000.0,
            }
        })
        .collect();
    (infos, runs)
}

fn fastest(mut work: impl FnMut()) -> Duration {
    (0..7)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap()
}

#[test]
#[ignore = "prints times; for a person to read"]
fn speed() {
    for (videos, viewers) in [(1, 300), (1, 100_000), (42, 300), (160, 3000), (2000, 3000)] {
        let (infos, runs) = course(videos, viewers);
        let mut views = None;
        let open = fastest(|| views = Some(CourseViews::new(infos.clone(), runs.clone())));
        let views = views.unwrap();
        let some_days = DateRange::between(Day::new(18_520), Day::new(18_580));
        let all = fastest(|| drop(CourseFigures::new(&views, DateRange::ALL)));
        let dragged = fastest(|| drop(CourseFigures::new(&views, some_days)));
        let video = fastest(|| drop(VideoFigures::new(&views, 0, some_days)));
        let sort = fastest(|| drop(Borders::new(&views, 0)));
        let borders = Borders::new(&views, 0).unwrap();
        let timeline = fastest(|| {
            let timeline = Timeline::new(&views, &borders, some_days);
            drop(timeline.bins(timeline.whole().unwrap(), 800));
        });
        let of_course = fastest(|| (0..infos.len()).for_each(|video| drop(moments(&views, video, DateRange::ALL))));
        println!(
            "{videos:5} videos: borders {sort:?}, timeline by second {timeline:?}, moments of the course {of_course:?}"
        );
        println!(
            "{videos:5} videos, {viewers:6} viewers: open {open:?}, course {all:?}, dragged {dragged:?}, video {video:?}"
        );
    }
}
