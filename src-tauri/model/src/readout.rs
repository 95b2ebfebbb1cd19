//! What is read out for one place in a chart, a map or a table: whole sentences with the numbers behind a colour.
//!
//! Window, saved charts and command line use the same sentences. Parts of a video are numbered like `ChunkIndex` in the
//! dataset for Tableau, from 0 to 19, so that somebody who has both in view can match them. Deliberately absent:
//! layout, and which of the lines a page shows.

use crate::figures::{ChunkFigures, CourseFigures, GroupSize, TOO_FEW, VideoFigures, VideoRow, VideoTotals};
use crate::line::listed_name;
use crate::words::{clock, counted, percent, time, times, viewers};
use crate::{DateRange, Moment, Telling, VideoInfo};

/// What is said about one video in a list: under a tile, a bar or a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoReadout {
    /// The whole name, on one line.
    pub name: String,
    /// `111 viewers`.
    pub viewers: String,
    /// `52 (46.8 %) covered at least 75 %`; without the share if there are too few viewers for one. `None` if nobody
    /// watched, or the video has no length.
    pub covered: Option<String>,
    /// `1:13:04 long`, or that the length is not known.
    pub duration: String,
    /// `88 h 2 min watched`; `None` without a length.
    pub watched: Option<String>,
    /// Why the video has no share and no median, if it has too few viewers.
    pub too_few: Option<&'static str>,
}

/// What is said about one video in a list.
pub fn video(info: &VideoInfo, row: &VideoRow) -> VideoReadout {
    let measured = row.totals.duration_secs.is_some();
    VideoReadout {
        name: listed_name(&info.name),
        viewers: row.totals.telling.viewers(row.totals.unique_viewers),
        covered: (measured && row.totals.unique_viewers > 0).then(|| {
            let many = row.totals.telling.count(row.totals.covered_viewers);
            let covered = with_share(many, row.totals.covered_percent.value());
            format!("{covered} covered at least 75 %")
        }),
        duration: row
            .totals
            .duration_secs
            .map_or_else(|| "length not known".to_owned(), |secs| format!("{} long", clock(secs))),
        watched: (measured && row.totals.telling == Telling::Exactly)
            .then(|| format!("{} watched", time(row.totals.watch_secs))),
        too_few: too_few(row.totals.unique_viewers),
    }
}

/// What is said about one part of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartReadout {
    /// `part 7, 0:42:00 – 0:48:00`.
    pub part: String,
    /// `61 of 111 viewers have watched some of part 7 (55.0 %)`.
    pub reached: String,
    /// `23 have covered at least 75 % of it (20.7 %)`.
    pub covered: String,
    /// `played 0.97 times by a viewer who reached it`; `None` if nobody did, or there are too few viewers.
    pub played: Option<String>,
    /// `0:05:49 per viewer`; `None` if nobody reached it, or there are too few viewers.
    pub time: Option<String>,
    /// Why the part has no share, if the video has too few viewers.
    pub too_few: Option<&'static str>,
}

/// What is said about one part of a video, 0 to 19; `None` if there is no such part.
pub fn part(figures: &VideoFigures, index: usize) -> Option<PartReadout> {
    let chunk: &ChunkFigures = figures.chunks.get(index)?;
    let audience = figures.totals.unique_viewers;
    let telling = figures.totals.telling;
    let size = GroupSize::of(audience);
    let general =
        chunk.reached > 0 && matches!(size, GroupSize::Few | GroupSize::Enough) && telling == Telling::Exactly;
    let share = |part: u32| match size {
        GroupSize::Few | GroupSize::Enough if !telling.is_few(part) => {
            format!(" ({})", percent(f64::from(part) / f64::from(audience) * 100.0))
        }
        GroupSize::Nobody | GroupSize::TooFew | GroupSize::Few | GroupSize::Enough => String::new(),
    };
    let (has, have_covered) = (verb(chunk.reached), verb(chunk.covered));
    Some(PartReadout {
        part: part_label(index, chunk.start_secs, chunk.end_secs),
        reached: format!(
            "{} of {} {has} watched some of part {index}{}",
            telling.count(chunk.reached),
            of_viewers(telling, audience),
            share(chunk.reached)
        ),
        covered: format!(
            "{} {have_covered} covered at least 75 % of it{}",
            telling.count(chunk.covered),
            share(chunk.covered)
        ),
        played: general.then(|| {
            let lengths = chunk.average_secs / (chunk.end_secs - chunk.start_secs);
            format!("played {} by a viewer who reached it", times(lengths))
        }),
        time: general.then(|| format!("{} per viewer", clock(chunk.average_secs))),
        too_few: too_few(audience),
    })
}

const fn verb(people: u32) -> &'static str {
    if people == 1 { "has" } else { "have" }
}

/// A part of a video: `part 7, 0:42:00 – 0:48:00`.
pub fn part_label(index: usize, start_secs: f64, end_secs: f64) -> String {
    format!("part {index}, {} – {}", clock(start_secs), clock(end_secs))
}

/// A moment in one line: `Watched again at 0:12:40: 23 of 112 viewers`.
pub fn moment(moment: &Moment, telling: Telling) -> String {
    let (kind, at) = (moment.kind.name(), clock(moment.start_secs));
    format!("{kind} at {at}: {}", people_of_moment(moment, telling))
}

/// How many a moment involves: `23 of 112 viewers`.
pub fn people_of_moment(moment: &Moment, telling: Telling) -> String {
    format!("{} of {}", telling.count(moment.people), of_viewers(telling, moment.of_people))
}

/// The group of which so many are told before: `112 viewers`, `110+ viewers`.
fn of_viewers(telling: Telling, people: u32) -> String {
    match telling {
        Telling::Exactly => viewers(people.into()),
        Telling::InFives => format!("{} viewers", telling.count(people)),
    }
}

fn with_share(count: String, share_percent: Option<f64>) -> String {
    match share_percent {
        Some(share) => format!("{count} ({})", percent(share)),
        None => count,
    }
}

fn too_few(viewers: u32) -> Option<&'static str> {
    match GroupSize::of(viewers) {
        GroupSize::TooFew => Some(TOO_FEW),
        GroupSize::Nobody | GroupSize::Few | GroupSize::Enough => None,
    }
}

/// The facts of a course: `40 videos · 152 viewers · 560 h 37 min watched`. In a date range, each number stands beside
/// the one for all dates: `40 videos · 111 of 152 viewers · 88 h 2 min of 560 h 37 min watched`.
pub fn course(chosen: &CourseFigures, all_dates: &CourseFigures) -> String {
    let videos = counted(chosen.rows.len() as u64, "video", "videos");
    let telling = chosen.telling;
    let everybody = of_viewers(telling, all_dates.unique_viewers);
    if telling == Telling::InFives {
        return if chosen.range.is_all() {
            format!("{videos} · {}", telling.viewers(all_dates.unique_viewers))
        } else {
            format!("{videos} · {} of {everybody}", telling.count(chosen.unique_viewers))
        };
    }
    let everything = time(all_dates.watch_secs);
    if chosen.range == DateRange::ALL {
        return format!("{videos} · {everybody} · {everything} watched");
    }
    let (here, watched) = (telling.count(chosen.unique_viewers), time(chosen.watch_secs));
    format!("{videos} · {here} of {everybody} · {watched} of {everything} watched")
}

/// What is shown beside the coverage of a video whose first viewing lies before the chosen dates: `in these days; 46.7
/// % in all`. Somebody who watched half before and half within these dates covers only half of it within them. `None`
/// if the dates leave out no such beginning, or if there is no share for all dates.
pub fn beside_all_dates(chosen: &VideoTotals, all_dates: &VideoTotals) -> Option<String> {
    let share = all_dates.covered_percent.value().filter(|_| chosen.begins_before_range)?;
    Some(format!("in these days; {} in all", percent(share)))
}
