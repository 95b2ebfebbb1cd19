//! The date range that governs a page, and the ready-made choices.

use chrono::NaiveDate;
use engine::{Error, ErrorCode, Result};
use model::{CourseViews, DateRange as Days, Day, Term, days_across_time, whole_weeks, words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::open_course::OpenCourse;

/// Days from `from` to `to`, both included, in the reporting time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "range.ts")]
pub struct DateRange {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, `YYYY-MM-DD`; not before `from`.
    pub to: String,
}

/// The date range that governs a page, and what can be chosen there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "range.ts")]
pub struct RangeState {
    /// The chosen days; absent: all dates.
    pub range: Option<DateRange>,
    /// The range in words: `all dates`, `Tue 8 Sept – Sun 22 Nov 2020`.
    pub text: String,
    /// The first and last of these days in words; for all dates, the first and last day with data. Absent if nobody
    /// watched.
    pub ends: Option<RangeEnds>,
    /// The days of the chart across time over all dates: from the first day with any viewing in the course to the end of
    /// what was fetched; absent where nobody watched.
    pub domain: Option<DateRange>,
    /// The last day that was fetched, from which the ready-made choices are counted back; absent where that is not known.
    pub until: Option<String>,
    /// The ready-made choices, in the order they are offered. The first is always all dates.
    pub presets: Vec<RangePreset>,
}

/// The first and last day of a range, as people read and type them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "range.ts")]
pub struct RangeEnds {
    /// `Mon 24 Aug 2026`.
    pub from: String,
    /// `Fri 27 Nov 2026`.
    pub to: String,
}

/// One ready-made date range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "range.ts")]
pub struct RangePreset {
    /// Which one.
    pub id: PresetId,
    /// `All dates`, `Last 7 days`, `Last 28 days`, `This term` (`Last term`, once it is over).
    pub label: String,
    /// Its days; absent for all dates. Counted back from the last day that is fetched, not from today.
    pub range: Option<DateRange>,
}

/// The ready-made date ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "range.ts")]
pub enum PresetId {
    /// Everything.
    All,
    /// The last fetched day and the six before.
    Last7,
    /// The last fetched day and the 27 before.
    Last28,
    /// The course's own term: from its first busy week to the last fetched day, or to the end of its last busy week. A
    /// course that nobody watched has none.
    Term,
}

/// The days of a request; an absent range is all dates. Refuses a text that is not a date, and a last day before the
/// first.
pub fn days(range: Option<&DateRange>) -> Result<Days> {
    let Some(range) = range else { return Ok(Days::ALL) };
    let day = |text: &str| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Day::from_date).map_err(|_| {
            Error::new(ErrorCode::InvalidInput, format!("`{text}` is not a date")).with_hint("Give it as YYYY-MM-DD")
        })
    };
    let (from, to) = (day(&range.from)?, day(&range.to)?);
    if to < from {
        return Err(Error::new(ErrorCode::InvalidInput, "The last day of the date range lies before its first"));
    }
    Ok(Days::between(from, to))
}

impl From<Days> for DateRange {
    fn from(days: Days) -> Self {
        Self { from: days.first().date().to_string(), to: days.last().date().to_string() }
    }
}

impl RangeState {
    /// The range and its choices. `fetched` is the last fetched day, `term` the one that the teacher has set.
    fn new(chosen: Days, views: &CourseViews, fetched: Option<NaiveDate>, term: Option<Days>) -> Self {
        let (viewing, fetched) = (views.days(), fetched.map(Day::from_date));
        let last = fetched.or_else(|| viewing.map(Days::last));
        let domain = viewing.map(|viewing| days_across_time(viewing, fetched, Days::ALL));
        Self {
            range: (!chosen.is_all()).then(|| chosen.into()),
            text: words::range(chosen),
            ends: domain.map(|domain| RangeEnds::new(if chosen.is_all() { domain } else { chosen })),
            domain: domain.map(Into::into),
            until: last.map(|last| last.date().to_string()),
            presets: last.map_or_else(|| vec![RangePreset::all()], |last| presets(views, last, term)),
        }
    }
}

impl RangeState {
    /// The range of a page and its choices; while presenting, all of them whole weeks.
    pub(crate) fn of(open: &OpenCourse, chosen: Days) -> Self {
        let state = Self::new(chosen, &open.course.views, open.facts.fetched_through, open.term);
        let weeks = |range: DateRange| days(Some(&range)).map_or(range, |days| whole_weeks(days).into());
        if !open.presents() {
            return state;
        }
        let domain = state.domain.map(weeks);
        let ends =
            if chosen.is_all() { domain.as_ref().and_then(|domain| days(Some(domain)).ok()) } else { Some(chosen) };
        let presets = state.presets.into_iter().map(|preset| RangePreset { range: preset.range.map(weeks), ..preset });
        Self {
            ends: state.ends.and(ends).map(RangeEnds::new),
            domain,
            presets: presets.map(RangePreset::in_weeks).collect(),
            ..state
        }
    }
}

impl RangeEnds {
    fn new(days: Days) -> Self {
        Self { from: words::day_year(days.first()), to: words::day_year(days.last()) }
    }
}

impl RangePreset {
    /// The same with words for whole weeks, which hold the days that it has otherwise.
    fn in_weeks(self) -> Self {
        let weeks = self.range.as_ref().and_then(|range| days(Some(range)).ok()).map_or(0, |days| days.day_count() / 7);
        let label = match self.id {
            PresetId::All | PresetId::Term => self.label,
            PresetId::Last7 | PresetId::Last28 if weeks == 1 => "Last week".to_owned(),
            PresetId::Last7 | PresetId::Last28 => format!("Last {weeks} weeks"),
        };
        Self { label, ..self }
    }

    fn all() -> Self {
        Self { id: PresetId::All, label: "All dates".to_owned(), range: None }
    }
}

fn presets(views: &CourseViews, last: Day, set: Option<Days>) -> Vec<RangePreset> {
    let preset = |id, label: &str, days: Days| RangePreset { id, label: label.to_owned(), range: Some(days.into()) };
    let mut presets = vec![
        RangePreset::all(),
        preset(PresetId::Last7, "Last 7 days", Days::last_days(7, last)),
        preset(PresetId::Last28, "Last 28 days", Days::last_days(28, last)),
    ];
    presets.extend(Term::of(views, set, last).map(|term| {
        let is_over = term.last().is_some_and(|end| end < last);
        preset(PresetId::Term, if is_over { "Last term" } else { "This term" }, term.days(last))
    }));
    presets
}

#[cfg(test)]
mod tests {
    use model::{Run, SessionId, VideoInfo};

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(from: &str, to: &str) -> DateRange {
        DateRange { from: from.to_owned(), to: to.to_owned() }
    }

    #[test]
    fn a_range_is_read_and_a_wrong_one_refused() {
        assert!(days(None).unwrap().is_all());
        let read = days(Some(&range("2020-09-08", "2020-11-22"))).unwrap();
        assert_eq!(DateRange::from(read), range("2020-09-08", "2020-11-22"));
        assert_eq!(days(Some(&range("8.9.2020", "2020-11-22"))).unwrap_err().code(), ErrorCode::InvalidInput);
        assert_eq!(days(Some(&range("2020-11-22", "2020-09-08"))).unwrap_err().code(), ErrorCode::InvalidInput);
    }

    #[test]
    fn choices_are_counted_back_from_the_last_fetched_day() {
        let state =
            RangeState::new(Days::ALL, &CourseViews::new(Vec::new(), Vec::new()), Some(date("2020-11-22")), None);
        let of = |id| state.presets.iter().find(|preset| preset.id == id).and_then(|preset| preset.range.clone());
        assert_eq!(state.presets[0].range, None);
        assert_eq!(of(PresetId::Last7), Some(range("2020-11-16", "2020-11-22")));
        assert_eq!(of(PresetId::Last28), Some(range("2020-10-26", "2020-11-22")));
        assert_eq!(of(PresetId::Term), None, "a course that nobody watched has no term");
        assert_eq!((state.text.as_str(), state.range), ("all dates", None));
        assert_eq!((state.domain, state.until.as_deref()), (None, Some("2020-11-22")));
    }

    /// Two viewers on every day from the first to the last.
    fn watched(from: &str, to: &str) -> CourseViews {
        let video = VideoInfo {
            session_id: SessionId::from_bytes([1; 16]),
            name: "Lecture 1".into(),
            folder_name: "GEOG".into(),
            duration_secs: Some(600.0),
            order: 1,
        };
        let days = Day::from_date(date(from)).days_since_1970()..=Day::from_date(date(to)).days_since_1970();
        let runs = days.flat_map(|day| {
            [0, 1].map(|viewer| Run { video: 0, viewer, day: Day::new(day), start_secs: 0.0, stop_secs: 60.0 })
        });
        CourseViews::new(vec![video], runs.collect())
    }

    #[test]
    fn the_term_is_that_of_the_course_and_ends_with_the_data() {
        let term_of = |to: &str, fetched: &str, set| {
            let state = RangeState::new(Days::ALL, &watched("2026-08-24", to), Some(date(fetched)), set);
            let preset = state.presets.into_iter().find(|preset| preset.id == PresetId::Term).unwrap();
            (preset.label, preset.range.unwrap())
        };
        let term = |to: &str, fetched: &str| term_of(to, fetched, None);
        // The first lectures in August belong to the term; days in the future do not.
        assert_eq!(term("2026-11-26", "2026-11-28"), ("This term".to_owned(), range("2026-08-24", "2026-11-28")));
        assert_eq!(term("2026-11-26", "2027-03-01"), ("Last term".to_owned(), range("2026-08-24", "2026-11-29")));
        // What the teacher has set wins.
        let set = days(Some(&range("2026-09-01", "2026-12-11"))).unwrap();
        let expected = ("This term".to_owned(), range("2026-09-01", "2026-11-28"));
        assert_eq!(term_of("2026-11-26", "2026-11-28", Some(set)), expected);
    }
}
