//! How long it takes to open a course, and to redraw a page while a date range is dragged.
//!
//! `look DATA_FOLDER [ROUNDS]` opens the only course of the folder ROUNDS times (21 by default), each time like a
//! program that has just started. Each time it finds the course's moments twice. Then it drags a range, day by day,
//! over the course page and over the page of each video, by part and by second, and computes and draws what the window
//! would show. Then it types questions letter by letter over a hundred hours of made-up captions and finds
//! each. It opens the matrix of everybody by every video, and one person after another. Last it asks what is new in four such courses, each like a program that has just started. It prints every time in
//! milliseconds as JSON and judges nothing.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use charts::{Seconds, Style, Theme, average_time, by_second, viewers_across_timeline};
use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use engine::digest::digest_of;
use engine::people::WithNames;
use engine::roster::Everybody;
use engine::store::DataFolder;
use engine::time_zone::time_zone_named;
use engine::views::{CourseInView, Views};
use model::{
    Captions, CourseFigures, DateRange, FolderId, Query, Timeline, VideoFigures, ViewingSpan, WordIndex, name_order,
    person_of_video, watched_points,
};

/// As wide and high as in a window of the usual size.
const CHART_PX: (u32, u32) = (860, 300);
/// Redraws of the course page, and of the pages of all videos together.
const DRAGS: usize = 1000;
/// How often four courses are asked what is new.
const DIGESTS: usize = 7;

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
            "find_words_ms": find_words(&course),
            "digest_of_four_ms": digests(&folder, listed.id, zone, the_day_after(days))?,
            "matrix_ms": matrices(&folder, &course, rounds),
            "person_ms": persons(&folder, &course),
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

/// Each letter of some questions over a hundred hours of captions: the places, their sentences, and how the first hundred of
/// them were watched.
fn find_words(course: &CourseInView) -> Vec<f64> {
    let videos = course.views.videos().len();
    let index = WordIndex::new((0..videos).map(|video| Arc::new(spoken(video, 100.0 / videos as f64))).collect());
    let mut times = Vec::new();
    for question in ["a", "word7 word12", "\"word3 word40\"", "common word900", "nobody says this"] {
        for end in 1..=question.len() {
            let ask = || {
                let found = index.find(&Query::parse(&question[..end]), 100);
                for of_video in found.places.chunk_by(|a, b| a.video == b.video) {
                    let secs: Vec<f64> = of_video.iter().map(|place| place.start_secs).collect();
                    std::hint::black_box(watched_points(&course.views, of_video[0].video, DateRange::ALL, &secs));
                }
                found.total
            };
            times.push(timed(ask).1);
        }
    }
    times
}

/// What is new in four courses, read anew each time: the same one four times, because what is kept of one helps no other.
fn digests(folder: &DataFolder, course: FolderId, zone: Tz, now: DateTime<Utc>) -> engine::Result<Vec<f64>> {
    let four = || (0..4).try_for_each(|_| digest_of(folder, &Views::default(), course, zone, now).map(drop));
    let mut times = Vec::new();
    for _ in 0..DIGESTS {
        let (done, millis) = timed(four);
        done?;
        times.push(millis);
    }
    Ok(times)
}

/// When these data are new: of old ones nothing is told, and no rule is tried.
fn the_day_after(days: DateRange) -> DateTime<Utc> {
    days.last().plus(1).date().and_time(NaiveTime::MIN).and_utc()
}

/// The matrix of the course, opened each time as by somebody who has just come: everybody, every cell, in order, and the letters
/// of the first hundred rows as they cross.
fn matrices(folder: &DataFolder, course: &Arc<CourseInView>, rounds: usize) -> Vec<f64> {
    let open = || {
        let everybody = Everybody::new(folder, course, None, WithNames::Hidden);
        let table = everybody.table(ViewingSpan::default(), course.views.days().map(DateRange::last));
        let mut rows: Vec<usize> = (0..everybody.people().len()).collect();
        rows.sort_by_cached_key(|who| name_order(everybody.label(*who)));
        let letters = rows.iter().take(100).flat_map(|who| &table.rows[*who].cells).filter_map(|cell| cell.percent());
        letters.map(|percent| percent as u64).sum::<u64>()
    };
    (0..rounds.max(1)).map(|_| timed(open).1).collect()
}

/// What one person after another watched of every video, with their strips.
fn persons(folder: &DataFolder, course: &Arc<CourseInView>) -> Vec<f64> {
    let everybody = Everybody::new(folder, course, None, WithNames::Hidden);
    let of = |who: usize| {
        let viewers = &everybody.people()[who].viewers;
        let videos = 0..course.views.videos().len();
        videos
            .flat_map(|video| viewers.iter().map(move |viewer| (video, *viewer)))
            .filter_map(|(video, viewer)| person_of_video(&course.views, video, viewer, ViewingSpan::default(), 40))
            .count()
    };
    (0..everybody.people().len()).take(DRAGS).map(|who| timed(|| of(who)).1).collect()
}

/// Captions of so many hours: 150 words a minute, half of them from a hundred common ones, the others from 20,000.
fn spoken(seed: usize, hours: f64) -> Captions {
    let mut state = seed as u64 + 1;
    let mut text = String::new();
    for cue in 0..(hours * 3600.0 / 3.2) as u64 {
        let milli = cue * 3200;
        let clock = |milli: u64| {
            format!("{:02}:{:02}:{:02},{:03}", milli / 3_600_000, milli / 60_000 % 60, milli / 1000 % 60, milli % 1000)
        };
        let _ = writeln!(text, "{} --> {}", clock(milli), clock(milli + 3200));
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = state >> 33;
            let of = if number.is_multiple_of(2) { 100 } else { 20_000 };
            let _ = write!(text, "{}word{} ", if number.is_multiple_of(50) { "common " } else { "" }, number / 2 % of);
        }
        text.push_str(if cue.is_multiple_of(4) { ".\n\n" } else { "\n\n" });
    }
    Captions::read(&text)
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
