//! `nightly install`, `remove`, `status` and `run`: the job that the system starts every night.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use engine::clock::{Clock as _, SystemClock};
use engine::nightly::{
    DesktopNotifier, NightReport, NightResult, NightWord, NightWork, NightlyStatus, Scheduler, cron_line,
    nightly_status, run_night, switch_off, switch_on,
};
use engine::settings::{LastExport, NightlyChoice, NightlyTime};
use engine::store::{Disk as _, RealDisk};
use engine::time_zone::computer_time_zone;
use engine::{Error, ErrorCode, Result};
use model::words::day_year;
use model::{Day, Recorded};
use serde_json::{Value, json};

use crate::args::{InstallArgs, RunArgs};
use crate::commands::sync;
use crate::exit::{Exit, not_the_call};
use crate::named::{courses_named, listed_courses};
use crate::progress::SyncProgress;
use crate::setup::{Setup, path_text};
use crate::terminal::{Outcome, shown};

/// Lets the system start the job.
pub(crate) async fn install(setup: &mut Setup, args: &InstallArgs) -> Result<Outcome> {
    let scheduler = Scheduler::of_this_system()?;
    if let Some(to) = &args.to {
        let last = export_into(setup, to, args)?;
        setup.settings = setup.settings_file.update(|settings| settings.last_export = Some(last))?;
    }
    let before = setup.settings.nightly.as_ref();
    let choice = NightlyChoice {
        at: args.at.or(before.map(|before| before.at)).unwrap_or(NightlyTime::USUAL),
        digest: args.digest || before.is_some_and(|before| before.digest),
        data: setup.told_data().map(absolute).transpose()?,
    };
    if let Err(error) = scheduler.check_is_there() {
        let job = scheduler.job(choice.at, &setup.config_dir, choice.data.as_deref())?;
        return Ok(only_cron(error, &cron_line(&job)));
    }
    let (file, dir) = (setup.settings_file.clone(), setup.config_dir.clone());
    setup.settings = super::blocking(move || switch_on(&file, &dir, &scheduler, choice)).await.map_err(in_the_way)?;
    status(setup).await
}

/// The call is right; somebody else's file stands where the job would be.
fn in_the_way(error: Error) -> Error {
    not_the_call(error, ErrorCode::Disk)
}

/// The line goes to standard output, so that it can be copied; the reason goes where reasons go.
fn only_cron(error: Error, line: &str) -> Outcome {
    Outcome { exit: Exit::Failed, text: shown(line), json: json!({ "cron": line }), error: Some(error) }
}

/// An export that was not made yet, with the choices given here.
fn export_into(setup: &Setup, to: &Path, args: &InstallArgs) -> Result<LastExport> {
    let folder = setup.data_folder()?;
    let courses = match args.courses.as_slice() {
        [] => None,
        texts => Some(courses_named(&listed_courses(&folder)?, texts)?),
    };
    let dir = absolute(to)?;
    folder.refuse_own_place(&dir)?;
    RealDisk.create_dir_all(&dir).map_err(|error| {
        Error::new(ErrorCode::Disk, format!("The folder `{}` cannot be made: {error}", path_text(&dir)))
    })?;
    Ok(LastExport {
        dir,
        courses,
        pseudonyms: args.pseudonyms,
        formula_guard: args.guard_formulas,
        tables: args.tables,
    })
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path)
        .map_err(|error| Error::new(ErrorCode::InvalidInput, format!("`{}` is not a folder: {error}", path_text(path))))
}

/// Lets the system forget it.
pub(crate) async fn remove(setup: &mut Setup) -> Result<Outcome> {
    let (scheduler, file, dir) = (Scheduler::of_this_system()?, setup.settings_file.clone(), setup.config_dir.clone());
    let removed = super::blocking(move || switch_off(&file, &dir, &scheduler)).await.map_err(in_the_way)?;
    let text = if removed { "The nightly job is removed" } else { "There was no nightly job" };
    Ok(Outcome::done(text, json!({ "removed": removed })))
}

/// Shows how things are.
pub(crate) async fn status(setup: &Setup) -> Result<Outcome> {
    let zone = computer_time_zone(&*setup.environment).ok();
    let (settings, dir) = (setup.settings.clone(), setup.config_dir.clone());
    let status = super::blocking(move || {
        let scheduler = Scheduler::of_this_system()?;
        Ok(nightly_status(&settings, &dir, &scheduler, zone, SystemClock.now()))
    })
    .await?;
    for trouble in [&status.trouble, &status.results_trouble].into_iter().flatten() {
        setup.terminal.warning(trouble.message(), trouble.hint());
    }
    let outcome = Outcome::done(text(setup, &status), as_json(setup, &status));
    Ok(if status.trouble.is_some() { Outcome { exit: Exit::Partial, ..outcome } } else { outcome })
}

/// One night, now.
pub(crate) async fn run(setup: &Setup, args: &RunArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let progress = SyncProgress::new(setup.terminal.clone());
    let work = NightWork {
        lifetime: &setup.lifetime,
        settings: &setup.settings,
        config_dir: &setup.config_dir,
        folder: &folder,
        secrets: &setup.secrets,
        environment: &*setup.environment,
        clock: &SystemClock,
        patience: Duration::from_secs(args.wait.into()),
        hours: Duration::from_secs(3600 * u64::from(args.hours)),
        events: &progress,
        notifier: Arc::new(DesktopNotifier),
    };
    let report = run_night(work, &setup.cancel).await;
    drop(progress);
    let report = report?;
    Ok(night_outcome(setup, report))
}

fn night_outcome(setup: &Setup, report: NightReport) -> Outcome {
    let night = night_json(&report.night);
    let mut text = report.night.in_words();
    if let Some(sync) = &report.sync {
        // Names what failed, as `sync` does.
        let synced = sync::outcome(&setup.terminal, sync);
        if !synced.text.is_empty() {
            text = format!("{}\n\n{text}", synced.text);
        }
    }
    let exit = match (&report.error, &report.night.outcome) {
        (Some(error), _) => Exit::of(error.code()),
        (None, Recorded::Known(NightWord::Done | NightWord::GaveWay)) => Exit::Done,
        (None, Recorded::Known(NightWord::Stopped)) => Exit::Cancelled,
        (None, Recorded::Known(NightWord::Partial)) => Exit::Partial,
        (None, Recorded::Known(NightWord::Failed) | Recorded::Unknown(_)) => Exit::Failed,
    };
    Outcome { exit, text, json: night, error: report.error }
}

fn text(setup: &Setup, status: &NightlyStatus) -> String {
    let mut lines = Vec::new();
    match (&status.choice, &setup.settings.last_export) {
        (Some(choice), Some(last)) => {
            lines.push(format!("Every night at {}: sync, and save the dataset to {}", choice.at, path_text(&last.dir)));
        }
        (Some(choice), None) => lines.push(format!("Every night at {}, but no export is chosen", choice.at)),
        (None, _) => lines.push("The nightly job is switched off".to_owned()),
    }
    if let Some(next) = status.next {
        let day = day_year(Day::from_date(next.date_naive()));
        lines.push(format!("Next: {day}, {} ({})", next.format("%H:%M"), next.timezone()));
    }
    if status.is_running {
        lines.push("A night is going on".to_owned());
    }
    if let Some(last) = &status.last {
        lines.push(format!("Last: {}. {}", last.began.format("%Y-%m-%d %H:%M UTC"), last.in_words()));
    }
    lines.iter().map(|line| shown(line)).collect::<Vec<_>>().join("\n")
}

fn night_json(night: &NightResult) -> Value {
    json!({
        "began": night.began,
        "ended": night.ended,
        "outcome": night.outcome,
        "courses": night.courses,
        "coursesWaiting": night.courses_waiting,
        "coursesFailed": night.courses_failed,
        "newRecords": night.new_records,
        "removedRecords": night.removed_records,
        "savedTo": night.saved_to.as_deref().map(path_text),
        "failure": night.failure,
    })
}

fn as_json(setup: &Setup, status: &NightlyStatus) -> Value {
    json!({
        "on": status.choice.is_some(),
        "at": status.choice.as_ref().map(|choice| choice.at),
        "digest": status.choice.as_ref().is_some_and(|choice| choice.digest),
        "folder": setup.settings.last_export.as_ref().map(|last| path_text(&last.dir)),
        "next": status.next.map(|next| next.to_rfc3339()),
        "isRunning": status.is_running,
        "last": status.last.as_ref().map(night_json),
        "trouble": status.trouble.as_ref().map(|error| json!({ "message": error.message(), "hint": error.hint() })),
    })
}
