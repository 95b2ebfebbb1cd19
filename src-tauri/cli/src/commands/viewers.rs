//! `viewers`: who has not opened, started or covered a video, over days or by an instant: the question before a quiz.
//!
//! Somebody who was not signed in is never *has not opened*: such viewers are counted apart.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::dates::{dates_of, typed_cutoff};
use engine::people::WithNames;
use engine::roster::{ClassInView, Everybody, Standing, Watched, state_of};
use engine::store::DataFolder;
use engine::views::Views;
use engine::{Error, ErrorCode, Result};
use model::words::{count, counted, day_year, percent, range as dates};
use model::{
    CourseViews, Day, FolderId, LocalMinute, PersonOfVideo, VideoInfo, ViewingSpan, WatchState, Word as _, flags,
    presented_groups,
};
use serde_json::{Value, json};

use crate::args::ViewersArgs;
use crate::commands::chart::find;
use crate::commands::everybody::{everybody_in, person_as_json};
use crate::commands::of_class;
use crate::commands::people::check_presented_range;
use crate::commands::zone::zone_to_look;
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

const STATES: [WatchState; 3] = [WatchState::NotOpened, WatchState::Started, WatchState::Covered];

/// Shows who watched a video.
pub(crate) async fn viewers(setup: &Setup, args: ViewersArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    let (names, presents, terminal) = (setup.names, setup.presents, setup.terminal.clone());
    if presents {
        check_presented_range(range)?;
        if args.by.is_some() {
            let message = "While presenting, no instant can be chosen: two of them could show what one person did";
            return Err(Error::new(ErrorCode::InvalidInput, message).with_hint("Leave out --by, or --present"));
        }
    }
    super::blocking(move || {
        let (facts, course, _) =
            find(&folder, args.session, |_, course| Views::default().course(&folder, course, zone))?;
        let by = args.by.as_deref().map(|text| instant(&folder, course.id, &course.views, text, zone)).transpose()?;
        let span = ViewingSpan { range, before: by.as_ref().map(|(cutoff, _)| *cutoff) };
        let everybody = everybody_in(&terminal, &folder, &Views::default(), &course, zone, names);
        // The class list is compared with the course as it is now, which may hold other videos by now.
        let video = everybody.seen.course.video(args.session)?;
        let divided = Divided::new(&everybody, video, span);
        if presents {
            return Ok(divided.presented(&dates(range)));
        }
        let through = facts.fetched_through.map(Day::from_date);
        let by = by.map(|(_, words)| words);
        let told = divided.told(&dates(range), by.as_deref(), through, zone);
        Ok(match &everybody.class {
            Some(class) => with_class(told, class, video, span, names),
            None => told,
        })
    })
    .await
}

/// The instant that a text means, and its words: a day (itself included), a time, or a date of the course by its name.
fn instant(
    folder: &DataFolder,
    course: FolderId,
    views: &CourseViews,
    text: &str,
    zone: Tz,
) -> Result<(LocalMinute, String)> {
    let placed = flags(&dates_of(folder, course)?.dates, views, zone);
    let named: Vec<_> = placed.iter().filter(|flag| flag.name.trim().eq_ignore_ascii_case(text.trim())).collect();
    match named.as_slice() {
        [flag] => return Ok((flag.cutoff(), flag.text())),
        [] => {}
        [..] => {
            return Err(Error::new(ErrorCode::InvalidInput, "Several dates of the course are called so")
                .with_hint("Give the time itself, as in --by '2026-10-05 09:00'"));
        }
    }
    typed_cutoff(text, zone).map_err(|error| {
        error.with_hint("Give a day, a time as in '2026-10-05 09:00', or the name of a date; `panopto-analytics dates COURSE list` shows them")
    })
}

/// Everybody of the course, by how far they are with one video.
struct Divided<'e> {
    everybody: &'e Everybody,
    video: usize,
    watched: Vec<Option<Watched>>,
    /// Those of the lists, by [`STATES`].
    groups: [Vec<usize>; 3],
    /// Viewers of the video who are not on the class list.
    not_on_list: Vec<usize>,
}

impl<'e> Divided<'e> {
    fn new(everybody: &'e Everybody, video: usize, span: ViewingSpan) -> Self {
        let watched = everybody.watched_by_all(video, span);
        let groups = STATES.map(|state| everybody.so_far(&watched, state));
        let not_on_list = everybody.not_on_list(&watched);
        Self { everybody, video, watched, groups, not_on_list }
    }

    fn info(&self) -> &'e VideoInfo {
        &self.everybody.seen.course.views.videos()[self.video]
    }

    fn of(&self, who: usize) -> Option<&PersonOfVideo> {
        self.watched[who].as_ref().map(|(of, _)| of)
    }

    /// People who were not signed in, with viewing of this video.
    fn anonymous(&self) -> usize {
        let people = self.everybody.people().iter().zip(&self.watched);
        people.filter(|(somebody, of)| somebody.standing == Standing::Anonymous && of.is_some()).count()
    }

    fn told(&self, range: &str, by: Option<&str>, through: Option<Day>, zone: Tz) -> Outcome {
        let (everybody, info) = (self.everybody, self.info());
        let mut table = Table::new([
            ("Person", Side::Left),
            ("State", Side::Left),
            ("Covered", Side::Right),
            ("Panopto", Side::Right),
            ("Last", Side::Left),
        ]);
        let rows = self.groups.iter().flatten().map(|who| (*who, ""));
        for (who, beside) in rows.chain(self.not_on_list.iter().map(|who| (*who, ", not on the class list"))) {
            let of = self.of(who);
            table.row([
                everybody.label(who).to_owned(),
                format!("{}{beside}", state_in_words(state_of(self.watched[who].as_ref()))),
                of.and_then(|of| of.coverage_percent).map(percent).unwrap_or_default(),
                of.and_then(|of| of.panopto_percent).map(|points| format!("{points} %")).unwrap_or_default(),
                of.map(|of| day_year(of.last_day)).unwrap_or_default(),
            ]);
        }
        let in_words: Vec<String> = STATES
            .iter()
            .zip(&self.groups)
            .map(|(state, people)| format!("{}: {}", state_in_words(*state), count(people.len() as u64)))
            .collect();
        let mut about = format!("{}: {}, {}", info.name, in_words.join(", "), by.unwrap_or(range));
        for (number, what) in [(self.not_on_list.len(), "not on the class list"), (self.anonymous(), "not signed in")] {
            if number > 0 {
                let viewers = counted(number as u64, "viewer", "viewers");
                about = format!("{about}; beside them {viewers} {what}");
            }
        }
        if let Some(through) = through {
            about = format!("{about}; records up to {} (UTC)", day_year(through));
        }
        // Those of the lists in their groups, then the other viewers, also those who have not opened this video.
        let others = (0..everybody.people().len())
            .filter(|who| everybody.people()[*who].standing == Standing::Viewer && !everybody.is_listed(*who));
        let people = self.groups.iter().flatten().copied().chain(others);
        let json = json!({
            "sessionId": info.session_id,
            "name": info.name,
            "courseId": everybody.seen.course.id,
            "timeZone": zone.name(),
            "range": range,
            "by": by,
            "recordsThrough": through.map(Day::date),
            "notOpened": self.groups[0].len(),
            "started": self.groups[1].len(),
            "covered": self.groups[2].len(),
            "notOnList": self.not_on_list.len(),
            "anonymousViewers": self.anonymous(),
            "people": people.map(|who| self.as_json(who)).collect::<Vec<_>>(),
        });
        Outcome::done(format!("{}\n\n{}", table.to_text(), shown(&about)), json)
    }

    fn as_json(&self, who: usize) -> Value {
        let (of, duration_secs) = (self.of(who), self.info().usable_duration_secs());
        let mut entry = person_as_json(self.everybody, who);
        entry["state"] = json!(state_of(self.watched[who].as_ref()).as_str());
        // 0 for what was not opened, nothing for a video without a length.
        entry["coverage"] = json!(of.map_or(duration_secs.map(|_| 0.0), |of| of.coverage_percent));
        entry["panoptoPercent"] = json!(of.map_or(duration_secs.map(|_| 0), |of| of.panopto_percent));
        entry["watchSecs"] = json!(of.map_or(0.0, |of| of.watch_secs));
        entry["sittings"] = json!(of.map_or(0, |of| of.sittings));
        entry["firstDay"] = json!(of.map(|of| of.first_day.date()));
        entry["lastDay"] = json!(of.map(|of| of.last_day.date()));
        entry
    }

    fn presented(&self, range: &str) -> Outcome {
        let info = self.info();
        let (whole, groups) = presented_groups(&self.groups.each_ref().map(|people| people.len() as u32));
        let mut text = format!("{}: {} people, {range}\n", shown(&info.name), whole.text());
        match &groups {
            Some(groups) => {
                for (state, group) in STATES.iter().zip(groups) {
                    let _ = writeln!(text, "  {}: {}", state_in_words(*state), group.text());
                }
            }
            None => text.push_str("  Too few people to say more\n"),
        }
        text.push_str("Presenting: no names, groups below 5 hidden");
        let group = |place: usize| groups.as_ref().map(|groups| groups[place].text());
        let json: Value = json!({
            "sessionId": info.session_id,
            "name": info.name,
            "range": range,
            "isPresented": true,
            "people": whole.text(),
            "notOpened": group(0),
            "started": group(1),
            "covered": group(2),
        });
        Outcome::done(text, json)
    }
}

/// What was told, with the share of those enrolled.
fn with_class(mut told: Outcome, class: &ClassInView, video: usize, span: ViewingSpan, names: WithNames) -> Outcome {
    told.json["classList"] = of_class::of_video(class, video, span, names == WithNames::Shown);
    told.text = format!("{}\n{}", told.text, of_class::in_words(class.of_video(video, span)));
    told
}

const fn state_in_words(state: WatchState) -> &'static str {
    match state {
        WatchState::NotOpened => "No viewing recorded",
        WatchState::Started => "Started",
        WatchState::Covered => "Covered at least 75 %",
    }
}
