//! The dates of a course: the flags on charts across time, the sheet that edits them, and who was on time.

use std::collections::BTreeMap;
use std::path::Path;

use engine::dates::{DatesInView, ImportPlan, VideoInTime};
use model::words::{self, counted};
use model::{
    CourseDate, DateKind, Figure, Flag, FollowingRange, OnTimeRule, ReadOut, TermOrigin, Unit, When, whole_weeks,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::explanation::{Explainer, Explanation};
use super::figure::ShownFigure;
use super::range::{DateRange, days};
use crate::open_course::OpenCourse;

/// Everything about the dates of a course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct DatesPage {
    /// The dates, in the order of time.
    pub dates: Vec<ShownDate>,
    /// The kinds that can be chosen, in their order.
    pub kinds: Vec<KindChoice>,
    /// The term; `None` where nobody has watched and none is set.
    pub term: Option<ShownTerm>,
    /// How many days after its first viewing a video is on time; `None`: by the next exam or deadline.
    pub on_time_days: Option<u16>,
    /// Ranges that follow from the dates, such as *Until Midterm*.
    pub ranges: Vec<DatePreset>,
    /// Every video under the dates, in the order of the course; empty where no video is due.
    pub on_time: Vec<VideoOnTime>,
    /// The reporting time zone, in which times are typed.
    pub time_zone: String,
    /// What flags read out.
    pub read_out_explained: Vec<Explanation>,
    /// What *on time* counts.
    pub on_time_explained: Explanation,
}

/// One date.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct ShownDate {
    /// Its number within the course.
    pub number: u32,
    /// What it is.
    pub kind: DateKind,
    /// What it is, in words.
    pub kind_name: String,
    /// What people call it.
    pub name: String,
    /// When it is, in words of the reporting time zone.
    pub when: String,
    /// The day on which a chart draws its flag.
    pub day: String,
    /// When it is, as it is typed: `2026-10-05` or `2026-10-05 09:00`, in `time_zone`.
    pub start: String,
    /// The last of several days.
    pub end: Option<String>,
    /// The zone of its time; `None` for whole days.
    pub time_zone: Option<String>,
    /// The videos that it concerns, by their IDs; empty means all of the course.
    pub session_ids: Vec<String>,
    /// Whether it came from a calendar.
    pub is_imported: bool,
    /// What its flag says; `None` where nothing is counted.
    pub read_out: Option<String>,
}

/// A kind that can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct KindChoice {
    /// The kind.
    pub kind: DateKind,
    /// In words.
    pub name: String,
}

/// The term of a course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct ShownTerm {
    /// In words: `24 Aug – today`.
    pub text: String,
    /// Its days up to today.
    pub range: DateRange,
    /// Its last day if that is known; it may be in the future.
    pub last: Option<String>,
    /// Whether the teacher has set it.
    pub is_set: bool,
}

/// A range that follows from a date.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct DatePreset {
    /// The number of the date.
    pub number: u32,
    /// Its name: `Until Midterm`.
    pub label: String,
    /// The days.
    pub range: DateRange,
}

/// A video under the dates.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct VideoOnTime {
    /// The video.
    pub session_id: String,
    /// When it is due, in words; `None` where nothing is.
    pub due: Option<String>,
    /// The share of its viewers who were on time.
    pub share: ShownFigure,
    /// How many of how many, and whether more can follow: `12 of 80 viewers so far`.
    pub detail: String,
    /// In how many of its weeks it was watched: `3 of 5`.
    pub weeks_active: String,
    /// The median of the days until it was covered.
    pub days_until_watched: ShownFigure,
}

/// A date as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct DateInput {
    /// The course.
    pub course_id: String,
    /// The date that it replaces; `None` adds one.
    pub number: Option<u32>,
    /// What it is.
    pub kind: DateKind,
    /// What people call it.
    pub name: String,
    /// A day or a day and a time.
    pub start: String,
    /// The last of several days.
    pub end: Option<String>,
    /// The zone of the time; `None`: the reporting time zone.
    pub time_zone: Option<String>,
    /// The videos that it concerns; empty means all of the course.
    pub session_ids: Vec<String>,
}

/// A date that was removed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct RemovedDate {
    /// What has happened, in words.
    pub text: String,
    /// What undoes it.
    pub undo: String,
    /// The dates that are left.
    pub page: DatesPage,
}

/// An import to carry out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct DatesImportRequest {
    /// The course.
    pub course_id: String,
    /// The calendar file.
    pub path: String,
    /// The IANA zone that each unknown zone means, by the calendar's name for it.
    pub zones: BTreeMap<String, String>,
}

/// What an import does or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct DatesImport {
    /// The calendar file.
    pub path: String,
    /// Its name.
    pub file: String,
    /// Dates that are new: name, kind and when, in words.
    pub added: Vec<ImportedDate>,
    /// What has moved, one sentence each.
    pub moved: Vec<String>,
    /// What is left out, one sentence each.
    pub left_out: Vec<String>,
    /// Zones that the user must name before anything is imported.
    pub unknown_zones: Vec<UnknownZone>,
    /// All of it in one sentence: `12 new dates, 1 moved, 30 already there`.
    pub text: String,
}

/// A date that is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct ImportedDate {
    /// What people call it.
    pub name: String,
    /// What it is, in words.
    pub kind_name: String,
    /// When it is, in words.
    pub when: String,
}

/// An unknown zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "dates.ts")]
pub struct UnknownZone {
    /// The calendar's name for it.
    pub name: String,
    /// How many events are in it: `12 events`.
    pub events: String,
}

impl DatesPage {
    /// The dates of a course in view.
    pub(crate) fn new(open: &OpenCourse, dates: &DatesInView) -> Self {
        let course = &open.course;
        let explainer = Explainer::new(model::DateRange::ALL, &open.facts, open.zone);
        let shown = |flag: &Flag| {
            let date = dates.kept.date(flag.number)?;
            let read_out = dates.read_out(course, flag.number).ok();
            Some(ShownDate::new(date, flag, &read_out.unwrap_or(ReadOut::Nothing)))
        };
        let videos = dates.videos(course);
        let is_due = videos.iter().any(|video| video.due.is_some());
        let infos = course.views.videos().iter().filter(|_| is_due);
        Self {
            dates: dates.flags.iter().filter_map(shown).collect(),
            kinds: DateKind::ALL.map(|kind| KindChoice { kind, name: kind.name().to_owned() }).into(),
            term: dates.term.zip(dates.through).map(|(term, through)| ShownTerm {
                text: term.words(through),
                range: term.days(through).into(),
                last: term.last().map(|day| day.date().to_string()),
                is_set: term.origin() == TermOrigin::Set,
            }),
            on_time_days: match dates.kept.on_time {
                OnTimeRule::NextDate => None,
                OnTimeRule::DaysAfterFirstViewing(days) => Some(days),
            },
            ranges: dates.ranges(course).into_iter().map(DatePreset::from).collect(),
            on_time: infos
                .zip(videos)
                .map(|(info, video)| VideoOnTime::new(info.session_id.to_string(), video))
                .collect(),
            time_zone: open.zone.name().to_owned(),
            read_out_explained: explainer.explain_all([Figure::WatchTimeBefore, Figure::CoveredBefore]),
            on_time_explained: explainer.explain(Figure::OnTime),
        }
    }
}

impl DatesPage {
    /// The same while presenting: flags with their names, and nothing that was counted; ranges are whole weeks.
    #[must_use]
    pub(crate) fn presented(mut self) -> Self {
        let weeks = |range: &mut DateRange| {
            if let Ok(chosen) = days(Some(range)) {
                *range = whole_weeks(chosen).into();
            }
        };
        self.dates.iter_mut().for_each(|date| date.read_out = None);
        self.ranges.iter_mut().for_each(|preset| weeks(&mut preset.range));
        self.term.iter_mut().for_each(|term| weeks(&mut term.range));
        self.on_time.clear();
        self
    }
}

impl From<FollowingRange> for DatePreset {
    fn from(range: FollowingRange) -> Self {
        Self { number: range.number, label: range.label, range: range.days.into() }
    }
}

impl ShownDate {
    fn new(date: &CourseDate, flag: &Flag, read_out: &ReadOut) -> Self {
        let (start, end, time_zone) = match date.when {
            When::Days(days) => {
                let last = (days.day_count() > 1).then(|| days.last().date().to_string());
                (days.first().date().to_string(), last, None)
            }
            When::At(at, zone) => {
                (at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(), None, Some(zone.name().to_owned()))
            }
        };
        Self {
            number: date.number,
            kind: date.kind,
            kind_name: date.kind.name().to_owned(),
            name: date.name.clone(),
            when: flag.when().to_owned(),
            day: flag.day().date().to_string(),
            start,
            end,
            time_zone,
            session_ids: date.videos.iter().map(ToString::to_string).collect(),
            is_imported: date.source.is_some(),
            read_out: match read_out {
                ReadOut::Nothing => None,
                ReadOut::NobodyBefore => Some("Nobody had watched its videos before it".to_owned()),
                ReadOut::Counted(before) => Some(before.sentence()),
            },
        }
    }
}

impl VideoOnTime {
    fn new(session_id: String, video: VideoInTime) -> Self {
        let detail = video.on_time.map(|on_time| {
            let so_far = if video.has_passed { "" } else { " so far" };
            format!("{} of {}{so_far}", words::count(on_time.on_time.into()), words::viewers(on_time.viewers.into()))
        });
        let days = video.pace.map(|pace| pace.days_until_watched);
        Self {
            session_id,
            due: video.due.map(|due| due.text),
            share: video.on_time.map_or_else(ShownFigure::unknown, |on_time| ShownFigure {
                value: on_time.percent.value(),
                text: Unit::Percent.text(on_time.percent),
            }),
            detail: detail.unwrap_or_default(),
            weeks_active: video
                .pace
                .map_or_else(String::new, |pace| format!("{} of {}", pace.weeks.active, pace.weeks.of)),
            days_until_watched: days.map_or_else(ShownFigure::unknown, |days| ShownFigure {
                value: days.value(),
                text: days.text(|days| format!("{days}")),
            }),
        }
    }
}

impl DatesImport {
    /// The import that a plan describes.
    pub fn new(path: &Path, plan: &ImportPlan) -> Self {
        let added = plan.added.iter().map(|date| ImportedDate {
            name: date.name.clone(),
            kind_name: date.kind.name().to_owned(),
            when: when_in_words(date.when),
        });
        let moved = plan.changed.iter().map(|moved| {
            let (was, is) = (when_in_words(moved.was), when_in_words(moved.date.when));
            format!("{} moves from {was} to {is}", moved.date.name)
        });
        Self {
            path: path.display().to_string(),
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            added: added.collect(),
            moved: moved.collect(),
            left_out: plan.left_out.iter().map(|left| format!("{} {}", left.name, left.why.sentence())).collect(),
            unknown_zones: plan
                .unknown_zones
                .iter()
                .map(|zone| UnknownZone {
                    name: zone.name.clone(),
                    events: counted(zone.events.into(), "event", "events"),
                })
                .collect(),
            text: format!(
                "{}, {} moved, {} already there",
                counted(plan.added.len() as u64, "new date", "new dates"),
                words::count(plan.changed.len() as u64),
                words::count(plan.already_there as u64)
            ),
        }
    }
}

fn when_in_words(when: When) -> String {
    match when {
        When::Days(days) => words::range(days),
        When::At(at, zone) => {
            let local = at.with_timezone(&zone);
            format!("{} {}", words::day_year(model::Day::from_date(local.date_naive())), local.format("%H:%M"))
        }
    }
}
