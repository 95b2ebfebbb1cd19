//! `viewers`: who has not opened, started or covered a video, over days or by an instant: the question before a quiz.
//!
//! Somebody who was not signed in is never *has not opened*: such viewers are counted apart.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::dates::{dates_of, typed_cutoff};
use engine::people::{PeopleInView, WithNames};
use engine::roster::ClassInView;
use engine::store::DataFolder;
use engine::views::Views;
use engine::{Error, ErrorCode, Result};
use model::words::{count, counted, day_year, percent, range as dates};
use model::{
    CourseViews, Day, FolderId, LocalMinute, PersonOfVideo, ViewingSpan, WatchState, Word as _, flags, people_of_video,
    presented_groups,
};
use serde_json::{Value, json};

use crate::args::ViewersArgs;
use crate::commands::chart::find;
use crate::commands::never_seen;
use crate::commands::of_class::{self, class_of};
use crate::commands::people::{check_presented_range, person_as_json};
use crate::commands::zone::zone_to_look;
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

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
        let (facts, course, video) =
            find(&folder, args.session, |_, course| Views::default().course(&folder, course, zone))?;
        let id = course.id;
        let by = args.by.as_deref().map(|text| instant(&folder, course.id, &course.views, text, zone)).transpose()?;
        let span = ViewingSpan { range, before: by.as_ref().map(|(cutoff, _)| *cutoff) };
        let seen = PeopleInView::new(&folder, course, names);
        if let Some(damage) = &seen.damage {
            terminal.warning(damage.message(), damage.hint());
        }
        let listed = Listed::new(&seen, video, span);
        if presents {
            return Ok(listed.presented(&seen, video, &dates(range)));
        }
        let through = facts.fetched_through.map(Day::from_date);
        let by = by.map(|(_, words)| words);
        let class = class_of(&terminal, &folder, &Views::default(), id, zone);
        let about = (&*dates(range), by.as_deref(), through);
        let told = listed.told(&seen, video, about, zone, names, class.as_ref());
        Ok(match class {
            Some(class) => with_class(told, &class, video, span, names),
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
struct Listed {
    /// Person and what they watched of it; `None`: nothing.
    people: Vec<(usize, Option<PersonOfVideo>)>,
    /// People who were not signed in, with viewing of this video.
    anonymous: u32,
}

impl Listed {
    fn new(seen: &PeopleInView, video: usize, span: ViewingSpan) -> Self {
        let watched = people_of_video(&seen.course.views, video, span);
        let mut of_person: Vec<Option<PersonOfVideo>> = vec![None; seen.course.people.people().len()];
        for of in watched {
            let place = of.person as usize;
            of_person[place] = Some(of);
        }
        let (mut people, mut anonymous) = (Vec::new(), 0);
        for (person, of) in of_person.into_iter().enumerate() {
            if seen.is_anonymous(person) {
                anonymous += u32::from(of.is_some());
            } else {
                people.push((person, of));
            }
        }
        Self { people, anonymous }
    }

    fn count(&self, state: WatchState) -> u32 {
        self.people.iter().filter(|(_, of)| state_of(of.as_ref()) == state).count() as u32
    }

    fn told(
        mut self,
        seen: &PeopleInView,
        video: usize,
        (range, by, through): (&str, Option<&str>, Option<Day>),
        zone: Tz,
        names: WithNames,
        class: Option<&ClassInView>,
    ) -> Outcome {
        let info = &seen.course.views.videos()[video];
        self.people.sort_by_key(|(person, of)| (state_of(of.as_ref()), seen.label(*person).to_lowercase(), *person));
        let mut table = Table::new([
            ("Person", Side::Left),
            ("State", Side::Left),
            ("Covered", Side::Right),
            ("Panopto", Side::Right),
            ("Last", Side::Left),
        ]);
        let mut entries = Vec::new();
        let never = class.map(|class| (class, never_seen::rows(Some(class))));
        let not_opened = self.count(WatchState::NotOpened) + never.as_ref().map_or(0, |(_, rows)| rows.len() as u32);
        for (class, row) in never.iter().flat_map(|(class, rows)| rows.iter().map(|row| (*class, *row))) {
            let state = state_in_words(WatchState::NotOpened).to_owned();
            let cells = [never_seen::label(class, row, names), state, String::new(), String::new(), String::new()];
            table.row(cells);
            let mut entry = never_seen::as_json(class, row, names);
            entry["state"] = json!(WatchState::NotOpened.as_str());
            entry["coverage"] = json!(coverage(None, info.usable_duration_secs()));
            entry["panoptoPercent"] = json!(info.usable_duration_secs().map(|_| 0));
            entry["watchSecs"] = json!(0.0);
            entry["sittings"] = json!(0);
            entry["firstDay"] = Value::Null;
            entry["lastDay"] = Value::Null;
            entries.push(entry);
        }
        for (person, of) in &self.people {
            let state = state_of(of.as_ref());
            let of = of.as_ref();
            table.row([
                seen.label(*person).to_owned(),
                state_in_words(state).to_owned(),
                of.and_then(|of| of.coverage_percent).map(percent).unwrap_or_default(),
                of.and_then(|of| of.panopto_percent).map(|points| format!("{points} %")).unwrap_or_default(),
                of.map(|of| day_year(of.last_day)).unwrap_or_default(),
            ]);
            let mut entry = person_as_json(seen, *person, names);
            entry["state"] = json!(state.as_str());
            entry["coverage"] = json!(coverage(of, info.usable_duration_secs()));
            entry["panoptoPercent"] = json!(match of {
                Some(of) => of.panopto_percent,
                None => info.usable_duration_secs().map(|_| 0),
            });
            entry["watchSecs"] = json!(of.map_or(0.0, |of| of.watch_secs));
            entry["sittings"] = json!(of.map_or(0, |of| of.sittings));
            entry["firstDay"] = json!(of.map(|of| of.first_day.date()));
            entry["lastDay"] = json!(of.map(|of| of.last_day.date()));
            entries.push(entry);
        }
        let groups = [WatchState::NotOpened, WatchState::Started, WatchState::Covered];
        let in_words: Vec<String> = groups
            .iter()
            .map(|state| {
                let people = if *state == WatchState::NotOpened { not_opened } else { self.count(*state) };
                format!("{}: {}", state_in_words(*state), count(people.into()))
            })
            .collect();
        let mut about = format!("{}: {}, {}", info.name, in_words.join(", "), by.unwrap_or(range));
        if self.anonymous > 0 {
            let anonymous = counted(self.anonymous.into(), "viewer", "viewers");
            about = format!("{about}; beside them {anonymous} who were not signed in");
        }
        if let Some(through) = through {
            about = format!("{about}; records up to {} (UTC)", day_year(through));
        }
        let json = json!({
            "sessionId": info.session_id,
            "name": info.name,
            "courseId": seen.course.id,
            "timeZone": zone.name(),
            "range": range,
            "by": by,
            "recordsThrough": through.map(Day::date),
            "notOpened": not_opened,
            "started": self.count(WatchState::Started),
            "covered": self.count(WatchState::Covered),
            "anonymousViewers": self.anonymous,
            "people": entries,
        });
        Outcome::done(format!("{}\n\n{}", table.to_text(), shown(&about)), json)
    }

    fn presented(&self, seen: &PeopleInView, video: usize, range: &str) -> Outcome {
        let info = &seen.course.views.videos()[video];
        let states = [WatchState::NotOpened, WatchState::Started, WatchState::Covered];
        let (whole, groups) = presented_groups(&states.map(|state| self.count(state)));
        let mut text = format!("{}: {} people, {range}\n", shown(&info.name), whole.text());
        match &groups {
            Some(groups) => {
                for (state, group) in states.iter().zip(groups) {
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

fn state_of(of: Option<&PersonOfVideo>) -> WatchState {
    of.map_or(WatchState::NotOpened, |of| of.state)
}

/// In percent; 0 for what was not opened, nothing for a video without a length.
fn coverage(of: Option<&PersonOfVideo>, duration_secs: Option<f64>) -> Option<f64> {
    match of {
        Some(of) => of.coverage_percent,
        None => duration_secs.map(|_| 0.0),
    }
}

const fn state_in_words(state: WatchState) -> &'static str {
    match state {
        WatchState::NotOpened => "No viewing recorded",
        WatchState::Started => "Started",
        WatchState::Covered => "Covered at least 75 %",
    }
}
