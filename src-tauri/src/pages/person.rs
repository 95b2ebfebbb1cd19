//! The page of one person: what they watched of each video, and when.
//!
//! It is also what somebody is shown who asks what is kept. Deliberately absent: any judgement. Invariant: what was played says
//! nothing of attention, and the page says that.

use engine::dates::{VideoInTime, person_on_time};
use engine::roster::{Everybody, PeopleTable, Standing, state_of};
use model::words::{self, NONE, count, counted, day_month, percent, time};
use model::{DateRange as Days, Day, Figure, ViewingSpan, WatchState, watched_by_day, whole_weeks};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::explanation::{Explainer, Explanation};
use super::figure::ShownFigure;
use super::people::PeopleRequest;
use super::range::RangeState;
use super::video::FigureCard;
use super::video_people::{plays, state_label};
use crate::open_course::OpenCourse;

/// What playing cannot tell.
pub(crate) const CAVEAT: &str = "Playing is not watching: a video that ran in an empty room looks the same. Downloads and \
                                 shared screens leave no trace.";

/// Asks for one person.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PersonRequest {
    /// The list they were opened from: who comes before and after.
    pub list: PeopleRequest,
    /// Who.
    pub key: String,
}

/// One person of a course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PersonPage {
    /// The course they are seen in.
    pub course_id: String,
    /// The course's name.
    pub course_name: String,
    /// Who.
    pub key: String,
    /// A name, or `Viewer 17`.
    pub label: String,
    /// One line of facts: `in the class · first seen 25 Aug · last seen 3 Oct`.
    pub facts: String,
    /// The person before in the list.
    pub previous: Option<PersonNeighbour>,
    /// The person after.
    pub next: Option<PersonNeighbour>,
    /// The chosen days.
    pub range: RangeState,
    /// The large figures.
    pub figures: Vec<FigureCard>,
    /// How long they watched, week by week, over the days of the course; empty where they watched nothing.
    pub weeks: Vec<PersonWeek>,
    /// `Most in the week of 24 Aug: 1 h 12 min`; empty where there is none.
    pub busiest_week: String,
    /// Every video of the course, in lecture order.
    pub videos: Vec<VideoOfPerson>,
    /// What covered means.
    pub coverage: Explanation,
    /// Why Panopto's percentage differs.
    pub panopto: Explanation,
    /// What a sitting is.
    pub sittings: Explanation,
    /// What playing cannot tell.
    pub caveat: String,
    /// The user IDs; none for somebody who was never seen, of whom nothing can be forgotten.
    pub user_ids: Vec<String>,
}

/// The person before or after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PersonNeighbour {
    /// Who.
    pub key: String,
    /// What they are called.
    pub label: String,
}

/// A week of somebody.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PersonWeek {
    /// `Week of 24 Aug: 1 h 12 min`.
    pub text: String,
    /// From 0 to 100, the busiest week of the person.
    pub height: u32,
    /// `24 Aug` under some of them; else empty.
    pub label: String,
}

/// A video of somebody.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct VideoOfPerson {
    /// The video.
    pub session_id: String,
    /// Its place in lecture order.
    pub number: String,
    /// Its name.
    pub name: String,
    /// How far.
    pub state: WatchState,
    /// The same in words.
    pub state_text: String,
    /// How often each place was played, a sign for each: `p` in part, else a digit from 0 to 3 and more; empty where nothing was.
    pub plays: String,
    /// `81.0 %`.
    pub coverage: String,
    /// `84 %`, as Panopto counts it.
    pub panopto: String,
    /// `12 min`.
    pub watch_time: String,
    /// `2`.
    pub sittings: String,
    /// `2 – 3 Oct`: the first and the last day.
    pub days: String,
}

/// What the page of a person is made of.
pub(crate) struct OfPerson<'a> {
    pub(crate) everybody: &'a Everybody,
    pub(crate) table: &'a PeopleTable,
    pub(crate) who: usize,
    /// The rows of the list they were opened from.
    pub(crate) rows: &'a [usize],
    pub(crate) range: Days,
    /// The videos under the dates of the course; none where nothing is due.
    pub(crate) in_time: &'a [VideoInTime],
}

impl PersonPage {
    /// The page of one person.
    pub(crate) fn new(open: &OpenCourse, of: &OfPerson<'_>) -> Self {
        let OfPerson { everybody, table, who, rows, range, .. } = *of;
        let views = &everybody.seen.course.views;
        let totals = &table.rows[who].totals;
        let explainer = Explainer::new(range, &open.facts, open.zone);
        let place = rows.iter().position(|row| *row == who);
        let neighbour = |at: Option<usize>| {
            let who = *rows.get(at?)?;
            Some(PersonNeighbour { key: everybody.key(who), label: everybody.label(who).to_owned() })
        };
        let number = views.videos().len() as u64;
        let card = |label: &str, value: f64, text: String, detail: Option<String>, figure: Figure| FigureCard {
            label: label.to_owned(),
            figure: ShownFigure { value: Some(value), text },
            detail,
            explanation: explainer.explain(figure),
        };
        let mut figures = vec![
            card(
                "Opened",
                totals.opened.into(),
                format!("{} of {}", count(totals.opened.into()), count(number)),
                None,
                Figure::NotOpened,
            ),
            card(
                "Covered at least 75 %",
                totals.covered.into(),
                format!("{} of {}", count(totals.covered.into()), count(number)),
                None,
                Figure::PersonCoverage,
            ),
            card("Watch time", totals.watch_secs, time(totals.watch_secs), None, Figure::WatchTime),
        ];
        figures.extend(on_time(of, &explainer));
        let (weeks, busiest_week) = weeks(of);
        Self {
            course_id: open.course.id.to_string(),
            course_name: open.facts.name.clone(),
            key: everybody.key(who),
            label: everybody.label(who).to_owned(),
            facts: facts(of),
            previous: neighbour(place.and_then(|place| place.checked_sub(1))),
            next: neighbour(place.map(|place| place + 1)),
            range: RangeState::of(open, range),
            figures,
            weeks,
            busiest_week,
            videos: videos_of(of),
            coverage: explainer.explain(Figure::PersonCoverage),
            panopto: explainer.explain(Figure::PanoptoPercent),
            sittings: explainer.explain(Figure::Sittings),
            caveat: CAVEAT.to_owned(),
            user_ids: everybody.user_ids(who).iter().map(ToString::to_string).collect(),
        }
    }
}

fn facts(of: &OfPerson<'_>) -> String {
    let OfPerson { everybody, table, who, .. } = *of;
    let standing = match everybody.people()[who].standing {
        Standing::InClass => "in the class",
        Standing::LeftOut => "left out by you",
        Standing::Unsure => "on the class list, not certain who it is",
        Standing::Viewer if everybody.is_class_told() => "not on the class list",
        Standing::Viewer => "",
        Standing::Anonymous => "not signed in",
    };
    let totals = &table.rows[who].totals;
    let seen = match (totals.first_day, totals.last_day) {
        (Some(first), Some(last)) => format!("first seen {}, last seen {}", day_month(first), day_month(last)),
        _ => "no viewing recorded".to_owned(),
    };
    let accounts = everybody.user_ids(who).len() as u64;
    let accounts = if accounts > 1 { counted(accounts, "account", "accounts") } else { String::new() };
    let facts = [everybody.address(who), everybody.section(who), Some(standing.to_owned()), Some(seen), Some(accounts)];
    facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Counted over all dates, as everybody's share is.
fn on_time(of: &OfPerson<'_>, explainer: &Explainer) -> Option<FigureCard> {
    let viewers = &of.everybody.people()[of.who].viewers;
    let counted = person_on_time(&of.everybody.seen.course.views, of.in_time, viewers)?;
    Some(FigureCard {
        label: "On time".to_owned(),
        figure: ShownFigure {
            value: Some(counted.on_time.into()),
            text: format!("{} of {}", count(counted.on_time.into()), count(counted.due.into())),
        },
        detail: Some("videos that were due".to_owned()),
        explanation: explainer.explain(Figure::PersonOnTime),
    })
}

/// The weeks, and the busiest of them in words.
fn weeks(of: &OfPerson<'_>) -> (Vec<PersonWeek>, String) {
    /// Room for one label.
    const LABEL_EVERY: usize = 4;
    let viewing = &of.everybody.seen.course.views;
    let days = watched_by_day(viewing, &of.everybody.people()[of.who].viewers, of.range);
    let Some(domain) = viewing.days().and_then(|all| all.within(of.range)).filter(|_| !days.is_empty()) else {
        return (Vec::new(), String::new());
    };
    let (mut at, mut sums) = (whole_weeks(domain).first(), Vec::new());
    while at <= domain.last() {
        let secs: f64 = days.range(at..at.plus(7)).map(|(_, secs)| secs).sum();
        sums.push((at, secs));
        at = at.plus(7);
    }
    let (busiest, most) = sums.iter().copied().max_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or((at, 0.0));
    let week = |(place, (begin, secs)): (usize, &(Day, f64))| PersonWeek {
        text: format!(
            "Week of {}: {}",
            day_month(*begin),
            if *secs > 0.0 { time(*secs) } else { "nothing".to_owned() }
        ),
        height: if most > 0.0 { (secs / most * 100.0).ceil() as u32 } else { 0 },
        label: if place.is_multiple_of(LABEL_EVERY) { day_month(*begin) } else { String::new() },
    };
    let busiest = format!("Most in the week of {}: {}", day_month(busiest), time(most));
    (sums.iter().enumerate().map(week).collect(), busiest)
}

fn videos_of(of: &OfPerson<'_>) -> Vec<VideoOfPerson> {
    let views = &of.everybody.seen.course.views;
    let digits = views.videos().len().to_string().len().max(2);
    let span = ViewingSpan::of_days(of.range);
    let rows = views.videos().iter().enumerate().map(|(video, info)| {
        let watched = of.everybody.watched_by(video, of.who, span);
        let state = state_of(watched.as_ref());
        let found = watched.as_ref().map(|(found, _)| found);
        let text = |text: Option<String>| {
            text.unwrap_or_else(|| if found.is_some() { NONE.to_owned() } else { String::new() })
        };
        VideoOfPerson {
            session_id: info.session_id.to_string(),
            number: format!("{:0digits$}", video + 1),
            name: info.name.to_string(),
            state,
            state_text: state_label(state).to_owned(),
            plays: watched.as_ref().map_or_else(String::new, |(_, strip)| plays(strip)),
            coverage: text(found.and_then(|found| found.coverage_percent).map(percent)),
            panopto: text(found.and_then(|found| found.panopto_percent).map(|points| format!("{points} %"))),
            watch_time: text(found.map(|found| time(found.watch_secs))),
            sittings: text(found.map(|found| found.sittings.to_string())),
            days: text(found.map(|found| words::range(Days::between(found.first_day, found.last_day)))),
        }
    });
    rows.collect()
}
