//! `person`: what one person watched of each video of a course.

use std::fmt::Write as _;

use engine::Result;
use engine::dates::{dates_in_view, person_on_time};
use engine::roster::{Everybody, Watched};
use engine::views::facts_of_course;
use model::words::{NONE, counted, day_year, percent, range as dates, time};
use model::{DateRange, Day, PersonOnTime, StripLevel, ViewingSpan, WatchState, Word as _};
use serde_json::{Value, json};

use crate::args::PersonArgs;
use crate::commands::everybody::{everybody_of, person_as_json};
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Shows the person.
pub(crate) async fn person(setup: &Setup, args: PersonArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::Suffice)?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    let (names, terminal) = (setup.names, setup.terminal.clone());
    super::blocking(move || {
        let everybody = everybody_of(&terminal, &folder, course, zone, names)?;
        let who = everybody.find_who(&args.who)?;
        let fetched = facts_of_course(&folder, course)?.fetched_through.map(Day::from_date);
        let in_view = &everybody.seen.course;
        let on_time = match dates_in_view(&folder, in_view, zone, fetched) {
            Ok(dates) => person_on_time(&in_view.views, &dates.videos(in_view), &everybody.people()[who].viewers),
            Err(damage) => {
                terminal.warning(damage.message(), damage.hint());
                None
            }
        };
        Ok(told(&everybody, who, range, zone.name(), on_time))
    })
    .await
}

fn told(everybody: &Everybody, who: usize, range: DateRange, zone: &str, on_time: Option<PersonOnTime>) -> Outcome {
    let views = &everybody.seen.course.views;
    let span = ViewingSpan::of_days(range);
    let mut table = Table::new([
        ("Video", Side::Left),
        ("Plays from start to end", Side::Left),
        ("Covered", Side::Right),
        ("Panopto", Side::Right),
        ("Watch time", Side::Right),
        ("Sittings", Side::Right),
        ("First", Side::Left),
        ("Last", Side::Left),
    ]);
    let (mut entries, mut opened, mut covered, mut watch_secs) = (Vec::new(), 0_u32, 0_u32, 0.0);
    for (video, info) in views.videos().iter().enumerate() {
        let of = everybody.watched_by(video, who, span);
        if let Some((of, strip)) = &of {
            opened += 1;
            covered += u32::from(of.state == WatchState::Covered);
            watch_secs += of.watch_secs;
            table.row([
                info.name.to_string(),
                strip.iter().map(|level| mark(*level)).collect(),
                of.coverage_percent.map_or_else(|| NONE.to_owned(), percent),
                of.panopto_percent.map_or_else(|| NONE.to_owned(), |points| format!("{points} %")),
                time(of.watch_secs),
                of.sittings.to_string(),
                day_year(of.first_day),
                day_year(of.last_day),
            ]);
        }
        entries.push(as_json(&info.name, info.session_id, info.usable_duration_secs(), of.as_ref()));
    }
    let videos = views.videos().len();
    let mut about = format!(
        "{}: {opened} of {} opened, {covered} covered at least 75 %, {} watched, {}",
        everybody.label(who),
        counted(videos as u64, "video", "videos"),
        time(watch_secs),
        dates(range)
    );
    if let Some(PersonOnTime { due, on_time }) = on_time {
        let _ = write!(about, "; covered by the day they were due: {on_time} of {due}");
    }
    let mut json = person_as_json(everybody, who);
    json["courseId"] = json!(everybody.seen.course.id);
    json["timeZone"] = json!(zone);
    json["range"] = json!(dates(range));
    json["opened"] = json!(opened);
    json["covered"] = json!(covered);
    json["watchSecs"] = json!(watch_secs);
    json["onTime"] = json!(on_time.map(|counted| counted.on_time));
    json["due"] = json!(on_time.map(|counted| counted.due));
    json["videos"] = json!(entries);
    let caveat = "Playing is not watching. Downloads and shared screens leave no trace.";
    Outcome::done(format!("{}\n\n{}\n{caveat}", table.to_text(), shown(&about)), json)
}

/// Height is the number of plays.
const fn mark(level: StripLevel) -> char {
    match level {
        StripLevel::No => '·',
        StripLevel::Partly => '▁',
        StripLevel::Once => '▃',
        StripLevel::Twice => '▅',
        StripLevel::More => '▇',
    }
}

fn as_json(name: &str, id: model::SessionId, duration_secs: Option<f64>, of: Option<&Watched>) -> Value {
    match of {
        Some((of, strip)) => json!({
            "id": id,
            "name": name,
            "state": of.state.as_str(),
            "coverage": of.coverage_percent,
            "panoptoPercent": of.panopto_percent,
            "watchSecs": of.watch_secs,
            "sittings": of.sittings,
            "firstDay": of.first_day.date(),
            "lastDay": of.last_day.date(),
            "plays": strip,
        }),
        None => json!({
            "id": id,
            "name": name,
            "state": WatchState::NotOpened.as_str(),
            "coverage": duration_secs.map(|_| 0.0),
            "panoptoPercent": duration_secs.map(|_| 0),
            "watchSecs": 0.0,
            "sittings": 0,
            "firstDay": null,
            "lastDay": null,
            "plays": [],
        }),
    }
}
