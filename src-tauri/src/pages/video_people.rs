//! Who has not opened, started and covered a video: the question before a quiz.
//!
//! Deliberately absent: what somebody watched, which the model counts, and sending anything to anybody.
//!
//! Invariants: names and addresses cross only where names are shown; somebody who was not signed in, and somebody who cannot
//! be identified for certain, never stands among those who have not opened the video.

use engine::roster::{Everybody, Watched};
use model::words::{count, day_month, percent};
use model::{DateRange as Days, Figure, StripLevel, WatchState, presented_groups};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::addresses::Addresses;
use super::explanation::{Explainer, Explanation};
use super::people_told::PeopleTold;
use super::range::DateRange;
use super::until::{ByDate, ByWhen, Until};
use crate::open_course::OpenCourse;

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
    /// `And 3 who are not on the class list`: what shows them; empty where there are none.
    pub not_listed_offer: String,
    /// Why there are no groups: while presenting, too few people; absent where there are some.
    pub no_groups: Option<String>,
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
    /// How far they are; absent for those who are not on the class list, however far.
    pub state: Option<WatchState>,
    /// `Not opened`.
    pub label: String,
    /// `69`.
    pub count: String,
    /// They, by name.
    pub people: Vec<VideoPerson>,
    /// Their addresses; absent where names are not shown or none is known.
    pub addresses: Option<Addresses>,
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
    /// How often each place was played, a sign for each: `p` in part, else a digit from 0 to 3 and more; empty where nothing was.
    pub plays: String,
    /// `31 %`; empty where nothing was.
    pub coverage: String,
    /// `Panopto: 44 %`; empty where nothing was.
    pub panopto: String,
    /// `24 Sept`; empty where nothing was.
    pub last: String,
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
        let group = |state| VideoGroup::new(Some(state), everybody, &everybody.so_far(watched, state), watched);
        let others = everybody.not_on_list(watched);
        let explainer = Explainer::new(range, &open.facts, open.zone);
        Self {
            session_id: open.video(video).session_id.to_string(),
            by: until.by.clone(),
            by_text: until.text.clone(),
            dates: until.dates.clone(),
            groups: states.into_iter().map(group).collect(),
            not_listed: (!others.is_empty()).then(|| VideoGroup::new(None, everybody, &others, watched)),
            not_listed_offer: match others.len() as u64 {
                0 => String::new(),
                1 => "And 1 who is not on the class list".to_owned(),
                several => format!("And {} who are not on the class list", count(several)),
            },
            no_groups: None,
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
        let people = |state| everybody.so_far(watched, state).len() as u32;
        let (whole, groups) = presented_groups(&states.map(people));
        let no_groups = groups.is_none().then(|| "Too few people to say how far they are".to_owned());
        let groups = states.into_iter().zip(groups.unwrap_or_default()).map(|(state, group)| VideoGroup {
            state: Some(state),
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
            not_listed_offer: String::new(),
            no_groups,
            told: PeopleTold::presented(&whole.text()),
            explanation: explainer.explain(Figure::NotOpened),
            panopto: explainer.explain(Figure::PanoptoPercent),
        }
    }
}

impl VideoGroup {
    fn new(state: Option<WatchState>, everybody: &Everybody, people: &[usize], watched: &[Option<Watched>]) -> Self {
        Self {
            state,
            label: state.map_or("Not on the class list", state_label).to_owned(),
            count: count(people.len() as u64),
            addresses: Addresses::of(everybody, people),
            people: people.iter().map(|who| VideoPerson::new(everybody, *who, watched[*who].as_ref())).collect(),
        }
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
        StripLevel::Partly => 'p',
        StripLevel::Once => '1',
        StripLevel::Twice => '2',
        StripLevel::More => '3',
    };
    strip.iter().map(digit).collect()
}
