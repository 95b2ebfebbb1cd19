//! `dates COURSE …`: lists, adds, removes and imports dates; sets the term and by when a video is on time.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::dates::{
    DatesInView, ImportPlan, LeftOutBecause, NewDate, add_date, dates_in_view, dates_of, import_dates, preview_import,
    remove_date, set_on_time, set_term, typed_when, zone_answers,
};
use engine::store::DataFolder;
use engine::views::{CourseInView, Views, facts_of_course};
use engine::{Error, ErrorCode, Result};
use model::words::{counted, day_year, range};
use model::{
    CourseDate, CourseViews, DateRange, Day, Flag, FolderId, OnTimeRule, ReadOut, SessionId, TermOrigin, When, flags,
};
use serde_json::{Value, json};

use crate::args::{AddDateArgs, DatesArgs, DatesCommand, ImportDatesArgs};
use crate::commands::zone::zone_to_look;
use crate::exit::{Exit, not_the_call};
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Carries it out.
pub(crate) async fn dates(setup: &Setup, args: DatesArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::Suffice)?;
    match args.command {
        DatesCommand::List { zone } => {
            let zone = zone_to_look(setup, &folder, &zone)?;
            super::blocking(move || list(&folder, course, zone)).await
        }
        DatesCommand::Add(args) => add(setup, &folder, course, args),
        DatesCommand::Remove { number } => remove(setup, &folder, course, number),
        DatesCommand::Import(args) => import(setup, &folder, course, &args),
        DatesCommand::Term { from, to, .. } => term(setup, &folder, course, from.zip(to)),
        DatesCommand::OnTime { next_date, days, zone } => {
            let rule = match days {
                Some(days) => Some(OnTimeRule::DaysAfterFirstViewing(days)),
                None => next_date.then_some(OnTimeRule::NextDate),
            };
            if let Some(rule) = rule {
                set_on_time(&folder, &setup.lock(&folder)?, course, rule)?;
            }
            let zone = zone_to_look(setup, &folder, &zone)?;
            super::blocking(move || on_time(&folder, course, zone)).await
        }
    }
}

/// The course in view; `None` where nothing of it was fetched yet.
fn seen(folder: &DataFolder, id: FolderId, zone: Tz) -> Result<Option<(std::sync::Arc<CourseInView>, DatesInView)>> {
    let course = match Views::default().course(folder, id, zone) {
        Ok(course) => course,
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let fetched = facts_of_course(folder, id)?.fetched_through.map(Day::from_date);
    let dates = dates_in_view(folder, &course, zone, fetched)?;
    Ok(Some((course, dates)))
}

fn list(folder: &DataFolder, id: FolderId, zone: Tz) -> Result<Outcome> {
    let seen = seen(folder, id, zone)?;
    let (kept, placed) = if let Some((_, dates)) = &seen {
        (dates.kept.clone(), dates.flags.clone())
    } else {
        let kept = dates_of(folder, id)?;
        let nothing = CourseViews::new(Vec::new(), Vec::new());
        let placed = flags(&kept.dates, &nothing, zone);
        (kept, placed)
    };
    let read_out = |flag: &Flag| match &seen {
        Some((course, dates)) => dates.read_out(course, flag.number),
        None => Ok(ReadOut::Nothing),
    };
    let mut table =
        Table::new([("Date", Side::Left), ("When", Side::Left), ("Kind", Side::Left), ("Number", Side::Right)]);
    let mut told = String::new();
    let mut entries = Vec::new();
    for flag in &placed {
        table.row([flag.name.clone(), flag.when().to_owned(), flag.kind.name().to_owned(), flag.number.to_string()]);
        let read_out = read_out(flag)?;
        if let ReadOut::Counted(before) = &read_out {
            let _ = writeln!(told, "{}: {}", shown(&flag.text()), before.sentence());
        }
        entries.extend(kept.date(flag.number).map(|date| as_json(date, &read_out)));
    }
    let term = seen.as_ref().and_then(|(_, dates)| Some((dates.term?, dates.through?)));
    let mut text = if placed.is_empty() { "The course has no dates\n".to_owned() } else { table.to_text() + "\n" };
    if !told.is_empty() {
        let _ = write!(text, "\n{told}");
    }
    if let Some((term, through)) = term {
        let origin = match term.origin() {
            TermOrigin::Set => "set",
            TermOrigin::Guessed => "guessed from the viewing",
        };
        let _ = write!(text, "\nTerm: {} ({origin})", term.words(through));
    }
    let _ = write!(text, "\nOn time: {}", rule_in_words(kept.on_time));
    let ranges = seen.as_ref().map_or_else(Vec::new, |(course, dates)| dates.ranges(course));
    let json = json!({
        "id": id,
        "timeZone": zone.name(),
        "term": term.map(|(term, through)| json!({
            "from": term.first().date(),
            "to": term.days(through).last().date(),
            "isSet": term.origin() == TermOrigin::Set,
        })),
        "onTime": rule_as_json(kept.on_time),
        "dates": entries,
        "ranges": ranges.iter().map(|range| json!({
            "number": range.number,
            "label": range.label,
            "from": range.days.first().date(),
            "to": range.days.last().date(),
        })).collect::<Vec<_>>(),
    });
    Ok(Outcome::done(text.trim_end(), json))
}

fn add(setup: &Setup, folder: &DataFolder, course: FolderId, args: AddDateArgs) -> Result<Outcome> {
    let zone = zone_to_look(setup, folder, &args.zone)?;
    let when = typed_when(&args.when, args.to.as_deref(), zone)?;
    check_videos(folder, course, zone, &args.videos)?;
    let new = NewDate { kind: args.kind, name: args.called, when, videos: args.videos };
    let added = add_date(folder, &setup.lock(folder)?, course, new)?;
    Ok(changed("Added", &added))
}

/// A date of a misspelt video would concern nothing.
fn check_videos(folder: &DataFolder, course: FolderId, zone: Tz, videos: &[SessionId]) -> Result<()> {
    if videos.is_empty() {
        return Ok(());
    }
    let seen = seen(folder, course, zone)?;
    let is_there = |id: &SessionId| {
        seen.as_ref().is_some_and(|(course, _)| course.views.videos().iter().any(|video| video.session_id == *id))
    };
    match videos.iter().find(|id| !is_there(id)) {
        None => Ok(()),
        Some(id) => Err(Error::new(ErrorCode::NotFound, format!("The course has no video {id}")).with_hint(
            "`panopto-analytics videos COURSE` lists the IDs of its videos; a new video is there after the next sync",
        )),
    }
}

fn remove(setup: &Setup, folder: &DataFolder, course: FolderId, number: u32) -> Result<Outcome> {
    let removed = remove_date(folder, &setup.lock(folder)?, course, number)
        .map_err(|error| error.with_hint("`panopto-analytics dates COURSE list` shows the numbers"))?;
    Ok(changed("Removed", &removed))
}

fn changed(what: &str, date: &CourseDate) -> Outcome {
    let text = format!("{what} number {}: {}, {}", date.number, date.name, when_in_words(date.when));
    Outcome::done(shown(&text), as_json(date, &ReadOut::Nothing))
}

fn term(setup: &Setup, folder: &DataFolder, course: FolderId, days: Option<(Day, Day)>) -> Result<Outcome> {
    if days.is_some_and(|(from, to)| to < from) {
        return Err(Error::new(ErrorCode::InvalidInput, "The last day lies before the first")
            .with_hint("Give --from before --to"));
    }
    let term = days.map(|(from, to)| DateRange::between(from, to));
    set_term(folder, &setup.lock(folder)?, course, term)?;
    let text = match term {
        Some(term) => format!("The term of the course is {}", range(term)),
        None => "The term of the course is guessed from its viewing".to_owned(),
    };
    let json = json!({
        "id": course,
        "term": term.map(|term| json!({ "from": term.first().date(), "to": term.last().date(), "isSet": true })),
    });
    Ok(Outcome::done(text, json))
}

fn import(setup: &Setup, folder: &DataFolder, course: FolderId, args: &ImportDatesArgs) -> Result<Outcome> {
    let zone = zone_to_look(setup, folder, &args.zone)?;
    let answers = zone_answers(&args.zones)?;
    let now = engine::clock::Clock::now(&engine::clock::SystemClock);
    let today = Day::from_date(now.with_timezone(&zone).date_naive());
    let plan = if args.preview {
        preview_import(folder, course, &args.file, zone, today, &answers)
    } else {
        import_dates(folder, &setup.lock(folder)?, course, &args.file, zone, today, &answers)
    };
    let plan = plan.map_err(|error| not_the_call(error, ErrorCode::DataFileInvalid))?;
    if !args.preview {
        plan.check_zones().map_err(|error| {
            error.with_hint("Say what it means with --zone 'NAME=IANA', as in --zone 'Campus Time=Europe/Zurich'")
        })?;
    }
    Ok(imported(&plan, course, args.preview))
}

fn imported(plan: &ImportPlan, course: FolderId, is_preview: bool) -> Outcome {
    let mut text = String::new();
    if !plan.added.is_empty() {
        let mut table = Table::new([("Date", Side::Left), ("When", Side::Left), ("Kind", Side::Left)]);
        for date in &plan.added {
            table.row([date.name.clone(), when_in_words(date.when), date.kind.name().to_owned()]);
        }
        let _ = write!(text, "{}\n\n", table.to_text());
    }
    for moved in &plan.changed {
        let (was, is) = (when_in_words(moved.was), when_in_words(moved.date.when));
        let _ = writeln!(text, "{}: moved from {was} to {is}", shown(&moved.date.name));
    }
    for left in &plan.left_out {
        let _ = writeln!(text, "Left out: {} (line {}) {}", shown(&left.name), left.line, left.why.sentence());
    }
    for zone in &plan.unknown_zones {
        let events = counted(zone.events.into(), "event", "events");
        let _ = writeln!(
            text,
            "{events} in the time zone {}, which is not known here: say what it means with --zone",
            shown(&zone.name)
        );
    }
    let _ = write!(
        text,
        "{}{}, {} moved, {} already there",
        if is_preview { "Would add " } else { "Added " },
        counted(plan.added.len() as u64, "date", "dates"),
        plan.changed.len(),
        plan.already_there
    );
    let is_whole = plan.left_out.iter().all(|left| left.why == LeftOutBecause::Cancelled);
    let json = json!({
        "id": course,
        "isPreview": is_preview,
        "added": plan.added.iter().map(|date| as_json(date, &ReadOut::Nothing)).collect::<Vec<_>>(),
        "moved": plan.changed.iter().map(|moved| as_json(&moved.date, &ReadOut::Nothing)).collect::<Vec<_>>(),
        "alreadyThere": plan.already_there,
        "leftOut": plan.left_out.iter().map(|left| json!({
            "name": left.name, "line": left.line, "reason": left.why.sentence(),
        })).collect::<Vec<_>>(),
        "unknownZones": plan.unknown_zones.iter().map(|zone| json!({
            "name": zone.name, "events": zone.events,
        })).collect::<Vec<_>>(),
    });
    let outcome = Outcome::done(text, json);
    if is_whole { outcome } else { Outcome { exit: Exit::Partial, ..outcome } }
}

fn on_time(folder: &DataFolder, id: FolderId, zone: Tz) -> Result<Outcome> {
    let Some((course, dates)) = seen(folder, id, zone)? else {
        return Err(Error::new(ErrorCode::NotFound, "Nothing is known about the videos of this course yet")
            .with_hint("Sync the course"));
    };
    let mut table = Table::new([
        ("Video", Side::Left),
        ("On time", Side::Right),
        ("Viewers", Side::Right),
        ("Weeks active", Side::Right),
        ("Days until watched", Side::Right),
        ("Due", Side::Left),
    ]);
    let mut entries = Vec::new();
    for (info, video) in course.views.videos().iter().zip(dates.videos(&course)) {
        let share = video.on_time.map(|on_time| on_time.percent.text(model::words::percent));
        let counted =
            video.on_time.map(|on_time| format!("{} ({})", on_time.on_time, share.clone().unwrap_or_default()));
        let due = video
            .due
            .as_ref()
            .map(|due| if video.has_passed { due.text.clone() } else { format!("{}, so far", due.text) });
        table.row([
            info.name.to_string(),
            counted.unwrap_or_else(|| model::words::NONE.to_owned()),
            video.on_time.map_or_else(String::new, |on_time| on_time.viewers.to_string()),
            video.pace.map_or_else(String::new, |pace| format!("{} of {}", pace.weeks.active, pace.weeks.of)),
            video.pace.map_or_else(String::new, |pace| pace.days_until_watched.text(|days| format!("{days}"))),
            due.unwrap_or_default(),
        ]);
        entries.push(json!({
            "sessionId": info.session_id,
            "name": info.name,
            "due": video.due.as_ref().map(|due| json!({ "number": due.number, "text": due.text })),
            "isOver": video.has_passed,
            "viewers": video.on_time.map(|on_time| on_time.viewers),
            "onTime": video.on_time.map(|on_time| on_time.on_time),
            "onTimePercent": video.on_time.and_then(|on_time| on_time.percent.value()),
            "firstViewed": video.pace.map(|pace| pace.first_viewed.date()),
            "weeksActive": video.pace.map(|pace| pace.weeks.active),
            "weeks": video.pace.map(|pace| pace.weeks.of),
            "daysUntilWatched": video.pace.and_then(|pace| pace.days_until_watched.value()),
        }));
    }
    let up_to = dates.through.map(|day| format!(", data up to {}", day_year(day))).unwrap_or_default();
    let rule = rule_in_words(dates.kept.on_time);
    let text = format!("{}\n\nOn time: covered at least 75 % {rule}{up_to}", table.to_text());
    let json =
        json!({ "id": id, "timeZone": zone.name(), "onTime": rule_as_json(dates.kept.on_time), "videos": entries });
    Ok(Outcome::done(text, json))
}

fn rule_in_words(rule: OnTimeRule) -> String {
    match rule {
        OnTimeRule::NextDate => "by the next exam or deadline".to_owned(),
        OnTimeRule::DaysAfterFirstViewing(days) => {
            format!("by the end of {} after the first viewing", counted(days.into(), "day", "days"))
        }
    }
}

fn rule_as_json(rule: OnTimeRule) -> Value {
    match rule {
        OnTimeRule::NextDate => json!({ "rule": "nextDate" }),
        OnTimeRule::DaysAfterFirstViewing(days) => json!({ "rule": "daysAfterFirstViewing", "days": days }),
    }
}

fn when_in_words(when: When) -> String {
    match when {
        When::Days(days) => range(days),
        When::At(at, zone) => {
            let local = at.with_timezone(&zone);
            format!("{} {} ({zone})", day_year(Day::from_date(local.date_naive())), local.format("%H:%M"))
        }
    }
}

fn as_json(date: &CourseDate, read_out: &ReadOut) -> Value {
    let (start, end, at, zone) = match date.when {
        When::Days(days) => (days.first().date().to_string(), Some(days.last().date()), None, None),
        When::At(at, zone) => {
            (at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string(), None, Some(at), Some(zone.name()))
        }
    };
    let before = match read_out {
        ReadOut::Nothing | ReadOut::NobodyBefore => None,
        ReadOut::Counted(before) => Some(json!({
            "sentence": before.sentence(),
            "hasPassed": before.has_passed,
            "videos": before.videos,
            "viewers": before.viewers,
            "coveredViewers": before.covered_viewers,
            "coveredPercent": before.covered_percent.value(),
            "watchSecs": before.watch_secs,
            "in7DaysPercent": before.in_7_days_percent.value(),
            "in3DaysPercent": before.in_3_days_percent.value(),
        })),
    };
    json!({
        "number": date.number,
        "kind": date.kind,
        "name": date.name,
        "start": start,
        "end": end,
        "at": at,
        "timeZone": zone,
        "sessionIds": date.videos,
        "isImported": date.source.is_some(),
        "before": before,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_in_words() {
        assert_eq!(rule_in_words(OnTimeRule::default()), "by the next exam or deadline");
        let week = rule_in_words(OnTimeRule::DaysAfterFirstViewing(7));
        assert_eq!(week, "by the end of 7 days after the first viewing");
    }
}
