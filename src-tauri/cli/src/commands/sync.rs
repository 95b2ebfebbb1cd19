//! `sync`: fetches what is new, and reports the result for each course.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::captions::CaptionsReport;
use engine::clock::{Clock as _, SystemClock};
use engine::people::remove_too_old;
use engine::source::Source;
use engine::store::course_list::ListedCourse;
use engine::store::{DataFolder, FolderLock};
use engine::sync::{CourseOutcome, CourseReport, Failure, PartFailure, SyncReport, SyncRequest};
use engine::time_zone::settle;
use engine::{Error, Result};
use model::Day;
use model::words::{count, counted, day_year};
use serde_json::{Value, json};

use crate::args::SyncArgs;
use crate::commands::zone::tell;
use crate::commands::{captions, names};
use crate::exit::Exit;
use crate::named::{courses_named, listed_courses};
use crate::progress::{SyncProgress, outcome_in_words};
use crate::setup::Setup;
use crate::table::{Side, Table};
use crate::terminal::{Outcome, Terminal, with_ids};

/// Most failed videos of one course to report on standard error; `--json` and `status` report all.
const MOST_FAILURES_TOLD: usize = 20;

/// Syncs the course list, or some of it.
pub(crate) async fn sync(setup: &Setup, args: &SyncArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let courses = courses_named(&listed_courses(&folder)?, &args.courses)?;
    let request = SyncRequest {
        courses: (!courses.is_empty()).then_some(courses),
        lookback_days: args.lookback.unwrap_or(setup.settings.lookback_days),
        // A person who gives the days wants them now, not with the next nightly job.
        asks_again: args.lookback.is_some(),
        anew: args.fetch_anew,
        fewer_calls: setup.settings.fewer_calls,
    };
    let client = setup.connector.client(&setup.settings).await?;
    let lock = Arc::new(setup.lock(&folder)?);
    // The first computer that fetches decides the zone in which days are counted. If it cannot find its zone, it leaves
    // this to the first computer that chunks, which then says what is wrong.
    if let Ok(chosen) = settle(&folder, &lock, &setup.settings, &*setup.environment) {
        tell(setup, chosen);
    }
    let progress = SyncProgress::new(setup.terminal.clone());
    let source = Source::new(client);
    let report = engine::sync::run(&folder, &lock, &source, &request, &SystemClock, &progress, &setup.cancel).await;
    drop(progress);
    if report.is_ok() {
        remove_too_old_records(setup, &folder, &lock).await;
    }
    let captions = match &report {
        Ok(report) => captions_of(setup, &folder, &lock, &source, report).await,
        Err(_) => None,
    };
    let names = match &report {
        Ok(report) if setup.settings.show_names && !report.is_cancelled() => {
            names::after_sync(setup, &folder, &lock, &source, &reached(report)).await
        }
        Ok(_) | Err(_) => None,
    };
    if let Some(notice) = setup.connector.notice().await {
        let hint = "For jobs give PANOPTO_USERNAME and PANOPTO_PASSWORD instead";
        setup.terminal.warning(&notice, Some(hint));
    }
    let mut outcome = outcome(&setup.terminal, &report?);
    if let Some(captions) = captions {
        if captions.fetched() > 0 && outcome.error.is_none() {
            let videos = counted(captions.fetched() as u64, "video", "videos");
            outcome.text = format!("{}, and the captions of {videos}", outcome.text);
        }
        outcome.json["captions"] = captions::as_json(&captions);
    }
    if let Some(names) = names {
        outcome.json["names"] = json!(names);
    }
    Ok(outcome)
}

/// Removes what is older than it may be kept. A failure is no failure of the sync.
async fn remove_too_old_records(setup: &Setup, folder: &DataFolder, lock: &Arc<FolderLock>) {
    let (folder, lock, today) = (folder.clone(), Arc::clone(lock), SystemClock.now().date_naive());
    match super::blocking(move || remove_too_old(&folder, &lock, today)).await {
        Ok(removed) => {
            let records: u64 = removed.iter().map(|(_, report)| report.records).sum();
            if records > 0 {
                let records = counted(records, "viewing record", "viewing records");
                setup.terminal.note(&format!("Deleted {records} that were older than they are to be kept"));
            }
        }
        Err(error) => setup.terminal.warning(error.message(), error.hint()),
    }
}

/// The captions that are due of the courses that the sync reached.
async fn captions_of(
    setup: &Setup,
    folder: &DataFolder,
    lock: &Arc<FolderLock>,
    source: &Source,
    report: &SyncReport,
) -> Option<CaptionsReport> {
    if !setup.settings.fetch_captions || report.is_cancelled() {
        return None;
    }
    captions::after_sync(setup, folder, lock, source, &reached(report)).await
}

/// The courses that the sync reached.
fn reached(report: &SyncReport) -> Vec<ListedCourse> {
    let reached = report.courses.iter().filter(|course| match &course.outcome {
        CourseOutcome::UpToDate { .. } | CourseOutcome::Synced { .. } | CourseOutcome::Partial { .. } => true,
        CourseOutcome::Failed { .. } | CourseOutcome::Cancelled => false,
    });
    reached.map(|course| ListedCourse { id: course.course, name: course.name.clone() }).collect()
}

/// The report in words and JSON. Failures go to standard error, so that a quiet job also reports them.
pub(crate) fn outcome(terminal: &Terminal, report: &SyncReport) -> Outcome {
    let total_failure = report.total_failure();
    // If one reason alone (usually the connection to the server) prevented every fetch, it becomes the error and is
    // reported once.
    let only_reason = total_failure.filter(|failure| report.courses.iter().all(|course| failed_by(course, failure)));
    if only_reason.is_none() {
        report.courses.iter().for_each(|course| tell_failures(terminal, course));
    }
    let (exit, error) = match total_failure {
        Some(failure) => {
            let error = match only_reason {
                Some(reason) => error_of(reason),
                None => Error::new(error_of(failure).code(), "Nothing could be fetched for any of the courses"),
            };
            (Exit::of(error.code()), Some(error))
        }
        None if report.is_cancelled() => (Exit::Cancelled, Some(Error::cancelled())),
        None if report.is_complete() => (Exit::Done, None),
        None => {
            terminal.note("What failed is tried again by the next sync");
            (Exit::Partial, None)
        }
    };
    Outcome { exit, text: text(report), json: as_json(report), error }
}

fn failed_by(course: &CourseReport, failure: &Failure) -> bool {
    matches!(&course.outcome, CourseOutcome::Failed { error } if error.reason == failure.reason)
}

fn error_of(failure: &Failure) -> Error {
    let error = Error::new(failure.code, &failure.reason);
    match &failure.hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

fn tell_failures(terminal: &Terminal, course: &CourseReport) {
    match &course.outcome {
        CourseOutcome::Failed { error } => {
            terminal.warning(&format!("{}: {}", course.name, error.reason), error.hint.as_deref());
        }
        CourseOutcome::Partial { failed, .. } => {
            let mut hints = BTreeSet::new();
            for part in failed.iter().take(MOST_FAILURES_TOLD) {
                // Gives the same advice only once.
                let hint = part.failure.hint.as_deref().filter(|hint| hints.insert((*hint).to_owned()));
                terminal.warning(&part_in_words(&course.name, part), hint);
            }
            if let Some(more) = failed.len().checked_sub(MOST_FAILURES_TOLD).filter(|more| *more > 0) {
                let more = counted(more as u64, "more failure", "more failures");
                terminal.warning(&format!("{}: {more}", course.name), Some("`panopto-analytics status` names all"));
            }
        }
        CourseOutcome::UpToDate { .. } | CourseOutcome::Synced { .. } | CourseOutcome::Cancelled => {}
    }
}

/// `COMM 290, video "Lecture 3": The server did not answer in time`
pub(crate) fn part_in_words<C>(course: &str, part: &PartFailure<C>) -> String {
    let kind = if part.video.is_some() { "video" } else { "folder" };
    format!("{course}, {kind} \"{}\": {}", part.name, part.failure.reason)
}

fn text(report: &SyncReport) -> String {
    let mut table = Table::new([("Course", Side::Left), ("Videos", Side::Right), ("Result", Side::Left)]);
    for course in &report.courses {
        let videos = match &course.outcome {
            CourseOutcome::UpToDate { videos }
            | CourseOutcome::Synced { videos, .. }
            | CourseOutcome::Partial { videos, .. } => count(*videos as u64),
            CourseOutcome::Failed { .. } | CourseOutcome::Cancelled => String::new(),
        };
        table.row([course.name.clone(), videos, outcome_in_words(&course.outcome)]);
    }
    if report.total_failure().is_some() {
        return table.to_text();
    }
    let new_records = counted(report.new_records, "new viewing record", "new viewing records");
    let up_to = if report.is_cancelled() {
        "so far".to_owned()
    } else {
        format!("up to {} (UTC)", day_year(Day::from_date(report.through)))
    };
    format!("{}\n\n{new_records} {up_to}", table.to_text())
}

fn as_json(report: &SyncReport) -> Value {
    let mut json = json!(report);
    json["courses"] = with_ids(json["courses"].take());
    json["isComplete"] = json!(report.is_complete());
    json
}
