//! Who has not opened, started and covered a video: the question before a quiz.
//!
//! Deliberately absent: what somebody watched, which the model counts, and sending anything to anybody.
//!
//! Invariants: names and addresses cross only where names are shown; somebody who was not signed in, and somebody of whom it is
//! not sure who they are, never stands among those who have not opened the video.

use std::collections::HashMap;

use engine::roster::{Everybody, Standing};
use model::words::{counted, day_month, percent};
use model::{
    DateRange as Days, Figure, PersonOfVideo, StripLevel, ViewingSpan, WatchState, name_order, people_with_strips,
    person_of_video, presented_groups,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::explanation::{Explainer, Explanation};
use super::people_told::PeopleTold;
use super::range::DateRange;
use super::until::{ByDate, ByWhen, Until};
use crate::open_course::OpenCourse;

/// Places of a strip: two for each of the 20 parts.
pub(crate) const PLACES: usize = 40;

/// Asks who watched a video.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct VideoPeopleRequest {
    /// The course.
    pub course_id: String,
    /// The video.
    pub session_id: String,
    /// The chosen days; absent for all.
    pub range: Option<DateRange>,
    /// By when viewing counts.
    pub by: ByWhen,
}

/// The people of a course and one of its videos.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct VideoPeople {
    /// The video.
    pub session_id: String,
    /// By when viewing counts; never *next*, but what that is.
    pub by: ByWhen,
    /// The same in words: `Quiz 2, Thu 1 Oct 09:00`, `the end of the chosen days`.
    pub by_text: String,
    /// The dates by which it can be counted.
    pub dates: Vec<ByDate>,
    /// The three groups: not opened, started, covered.
    pub groups: Vec<VideoGroup>,
    /// Viewers of the video who are not on the class list; absent where there is no list, or everybody is on it.
    pub not_listed: Option<VideoGroup>,
    /// What the lists say about themselves.
    pub told: PeopleTold,
    /// What the groups mean.
    pub explanation: Explanation,
    /// Why Panopto's percentage differs.
    pub panopto: Explanation,
}

/// People who are equally far.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct VideoGroup {
    /// `Not opened`.
    pub label: String,
    /// `69`.
    pub count: String,
    /// They, by name.
    pub people: Vec<VideoPerson>,
    /// Their addresses; absent where names are not shown or none is known.
    pub addresses: Option<Addresses>,
}

/// Addresses to write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct Addresses {
    /// `Copy 62 addresses`.
    pub label: String,
    /// The addresses, as mail programs take them.
    pub text: String,
    /// What was done, once it is: `62 addresses copied; 7 people have none`.
    pub done: String,
}

/// Somebody in a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct VideoPerson {
    /// Opens the person.
    pub key: String,
    /// A name, or `Viewer 17`.
    pub label: String,
    /// How often each place was played: a digit for each, from 0 to 3 and more; empty where nothing was.
    pub plays: String,
    /// `31 %`; empty where nothing was.
    pub coverage: String,
    /// `Panopto: 44 %`; empty where nothing was.
    pub panopto: String,
    /// `24 Sept`; empty where nothing was.
    pub last: String,
}

/// What somebody watched of a video, with the strip of their plays.
pub(crate) type Watched = (PersonOfVideo, Vec<StripLevel>);

/// What everybody watched of a video; the place is that of [`Everybody::people`].
pub(crate) fn watched_by_all(everybody: &Everybody, video: usize, span: ViewingSpan) -> Vec<Option<Watched>> {
    let views = &everybody.seen.course.views;
    let mut of_viewer: HashMap<u32, Watched> =
        people_with_strips(views, video, span, PLACES).into_iter().map(|watched| (watched.0.person, watched)).collect();
    let people = everybody.people().iter();
    people.map(|somebody| most_covered(somebody.viewers.iter().filter_map(|viewer| of_viewer.remove(viewer)))).collect()
}

/// What one of them watched of a video.
pub(crate) fn watched_by(everybody: &Everybody, video: usize, who: usize, span: ViewingSpan) -> Option<Watched> {
    let views = &everybody.seen.course.views;
    let viewers = everybody.people()[who].viewers.iter();
    most_covered(viewers.filter_map(|viewer| person_of_video(views, video, *viewer, span, PLACES)))
}

/// Of somebody with several accounts that are not joined, the one that covered most.
fn most_covered(watched: impl Iterator<Item = Watched>) -> Option<Watched> {
    let covered = |watched: &Watched| watched.0.coverage_percent.unwrap_or_default();
    watched.max_by(|one, other| covered(one).total_cmp(&covered(other)))
}

/// How far somebody is.
pub(crate) fn state_of(watched: Option<&Watched>) -> WatchState {
    watched.map_or(WatchState::NotOpened, |(of, _)| of.state)
}

/// What a group is called.
pub(crate) const fn state_label(state: WatchState) -> &'static str {
    match state {
        WatchState::NotOpened => "Not opened",
        WatchState::Started => "Started",
        WatchState::Covered => "Covered at least 75 %",
    }
}

impl VideoPeople {
    /// The people of a course and one of its videos. `watched` is of everybody.
    pub(crate) fn new(
        open: &OpenCourse,
        everybody: &Everybody,
        video: usize,
        (range, until): (Days, &Until),
        watched: &[Option<Watched>],
    ) -> Self {
        let states = [WatchState::NotOpened, WatchState::Started, WatchState::Covered];
        let group = |state| {
            let people =
                (0..watched.len()).filter(|who| everybody.is_listed(*who) && state_of(watched[*who].as_ref()) == state);
            VideoGroup::new(state_label(state), everybody, people.collect(), watched)
        };
        let others: Vec<usize> = (0..watched.len())
            .filter(|who| {
                everybody.is_class_told()
                    && everybody.people()[*who].standing == Standing::Viewer
                    && watched[*who].is_some()
            })
            .collect();
        let explainer = Explainer::new(range, &open.facts, open.zone);
        Self {
            session_id: open.video(video).session_id.to_string(),
            by: until.by.clone(),
            by_text: until.text.clone(),
            dates: until.dates.clone(),
            groups: states.into_iter().map(group).collect(),
            not_listed: (!others.is_empty())
                .then(|| VideoGroup::new("Not on the class list", everybody, others, watched)),
            told: PeopleTold::new(open, everybody),
            explanation: explainer.explain(Figure::NotOpened),
            panopto: explainer.explain(Figure::PanoptoPercent),
        }
    }
}

impl VideoPeople {
    /// What may be presented: how many are in each group, in fives. `watched` is of everybody.
    pub(crate) fn presented(
        open: &OpenCourse,
        everybody: &Everybody,
        video: usize,
        range: Days,
        watched: &[Option<Watched>],
    ) -> Self {
        let states = [WatchState::NotOpened, WatchState::Started, WatchState::Covered];
        let people = |state| {
            let of = |who: &usize| everybody.is_listed(*who) && state_of(watched[*who].as_ref()) == state;
            (0..watched.len()).filter(of).count() as u32
        };
        let (whole, groups) = presented_groups(&states.map(people));
        let groups = states.into_iter().zip(groups.unwrap_or_default()).map(|(state, group)| VideoGroup {
            label: state_label(state).to_owned(),
            count: group.text(),
            people: Vec::new(),
            addresses: None,
        });
        let explainer = Explainer::new(range, &open.facts, open.zone);
        Self {
            session_id: open.video(video).session_id.to_string(),
            by: ByWhen::Range,
            by_text: String::new(),
            dates: Vec::new(),
            groups: groups.collect(),
            not_listed: None,
            told: PeopleTold::presented(&whole.text()),
            explanation: explainer.explain(Figure::NotOpened),
            panopto: explainer.explain(Figure::PanoptoPercent),
        }
    }
}

impl VideoGroup {
    fn new(label: &str, everybody: &Everybody, mut people: Vec<usize>, watched: &[Option<Watched>]) -> Self {
        people.sort_by_cached_key(|who| name_order(everybody.label(*who)));
        Self {
            label: label.to_owned(),
            count: model::words::count(people.len() as u64),
            addresses: Addresses::of(everybody, &people),
            people: people.iter().map(|who| VideoPerson::new(everybody, *who, watched[*who].as_ref())).collect(),
        }
    }
}

impl Addresses {
    /// The addresses of these people, each once.
    pub(crate) fn of(everybody: &Everybody, people: &[usize]) -> Option<Self> {
        let mut texts: Vec<String> = people.iter().filter_map(|who| everybody.address(*who)).collect();
        let without = people.len() - texts.len();
        texts.sort_unstable();
        texts.dedup();
        let found = counted(texts.len() as u64, "address", "addresses");
        let none = match without as u64 {
            0 => String::new(),
            without => format!("; {} none", counted(without, "person has", "people have")),
        };
        (!texts.is_empty()).then(|| Self {
            label: format!("Copy {found}"),
            // What separates addresses in Outlook as well as in the others.
            text: texts.join("; "),
            done: format!("{found} copied{none}"),
        })
    }
}

impl VideoPerson {
    fn new(everybody: &Everybody, who: usize, watched: Option<&Watched>) -> Self {
        let of = watched.map(|(of, _)| of);
        let text = |text: Option<String>| text.unwrap_or_default();
        Self {
            key: everybody.key(who),
            label: everybody.label(who).to_owned(),
            plays: watched.map_or_else(String::new, |(_, strip)| plays(strip)),
            coverage: text(of.and_then(|of| of.coverage_percent).map(percent)),
            panopto: text(of.and_then(|of| of.panopto_percent).map(|points| format!("Panopto: {points} %"))),
            last: text(of.map(|of| day_month(of.last_day))),
        }
    }
}

/// A strip as digits.
pub(crate) fn plays(strip: &[StripLevel]) -> String {
    let digit = |level: &StripLevel| match level {
        StripLevel::No => '0',
        StripLevel::Once => '1',
        StripLevel::Twice => '2',
        StripLevel::More => '3',
    };
    strip.iter().map(digit).collect()
}
