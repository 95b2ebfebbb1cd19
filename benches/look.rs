//! How long it takes to open a course, and to redraw a page while a date range is dragged.
//!
//! `look DATA_FOLDER [ROUNDS]` opens the only course of the folder ROUNDS times (21 by default), each time like a
//! program that has just started. Each time it finds the course's moments twice. Then it drags a range, day by day,
//! over the course page and over the page of each video, by part and by second, and computes and draws what the window
//! would show. It prints every time in milliseconds as JSON and judges nothing.

use std::time::Instant;

use charts::{Seconds, Style, Theme, average_time, by_second, viewers_across_timeline};
use engine::store::DataFolder;
use engine::time_zone::time_zone_named;
use engine::views::{CourseInView, Views};
use model::{CourseFigures, DateRange, Timeline, VideoFigures};

/// As wide and high as in a window of the usual size.
const CHART_PX: (u32, u32) = (860, 300);
/// Redraws of the course page, and of the pages of all videos together.
const DRAGS: usize = 1000;

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = DataFolder::open(arguments.next().ok_or("a data folder is needed")?)?;
    let rounds: usize = arguments.next().map_or(Ok(21), |rounds| rounds.parse())?;
    let zone = time_zone_named("America/Los_Angeles")?;
    let [listed] = &folder.courses()?[..] else { return Err("one course is needed".into()) };

    let (mut opening, mut opened) = (Vec::new(), None);
    let (mut moments, mut moments_again) = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        drop(opened.take());
        let (course, millis) = timed(|| Views::default().course(&folder, listed.id, zone));
        opening.push(millis);
        let course = course?;
        moments.push(timed(|| course.moments(DateRange::ALL)).1);
        moments_again.push(timed(|| course.moments(DateRange::ALL)).1);
        opened = Some(course);
    }
    let course = opened.ok_or("at least one round is needed")?;
    let days = course.views.days().ok_or("viewing records are needed")?;

    let figures: Vec<f64> =
        dragged(days).map(|range| timed(|| CourseFigures::new(&course.views, range)).1).take(DRAGS).collect();
    let pages = (0..course.views.videos().len()).cycle();
    let video: Vec<f64> =
        dragged(days).zip(pages).map(|(range, video)| redraw(&course, video, range)).take(DRAGS).collect();
    let pages = (0..course.views.videos().len()).cycle();
    let by_second: Vec<f64> = dragged(days)
        .zip(pages)
        .filter_map(|(range, video)| redraw_by_second(&course, video, range))
        .take(DRAGS)
        .collect();
    println!(
        "{}",
        serde_json::json!({
            "records": course.records,
            "videos": course.views.videos().len(),
            "viewers": course.viewer_count,
            "days": days.day_count(),
            "open_ms": opening,
            "course_figures_ms": figures,
            "video_page_ms": video,
            "by_second_ms": by_second,
            "moments_ms": moments,
            "moments_again_ms": moments_again,
        })
    );
    Ok(())
}

/// A redraw of the video page: its figures, and the two charts that follow the range.
fn redraw(course: &CourseInView, video: usize, range: DateRange) -> f64 {
    let style = Style::screen(Theme::Light, CHART_PX.0, CHART_PX.1);
    let draw = || {
        let figures = VideoFigures::new(&course.views, video, range);
        let charts = [viewers_across_timeline(&figures, &style), average_time(&figures, &style)];
        serde_json::to_string(&charts.map(|chart| chart.svg))
    };
    timed(draw).1
}

/// The same by second. The borders of the video are sorted beforehand, because that happens once for a video and not
/// for each redraw.
fn redraw_by_second(course: &CourseInView, video: usize, range: DateRange) -> Option<f64> {
    let style = Style::screen(Theme::Light, CHART_PX.0, CHART_PX.1);
    let borders = course.borders(video)?;
    let draw = || {
        let timeline = Timeline::new(&course.views, &borders, range);
        serde_json::to_string(&by_second(&timeline, Seconds::default(), &style).chart.svg)
    };
    Some(timed(draw).1)
}

/// One end of a range dragged back and forth, without end: from one day to all of them.
fn dragged(days: DateRange) -> impl Iterator<Item = DateRange> {
    let last = days.day_count() as i32 - 1;
    (0..=last).cycle().map(move |day| DateRange::between(days.first(), days.first().plus(day)))
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = Instant::now();
    let done = std::hint::black_box(work());
    (done, begun.elapsed().as_secs_f64() * 1e3)
}
