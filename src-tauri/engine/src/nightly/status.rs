//! The nightly job as a person sees it: switched on or off, when it runs next, how the last night went, and what is wrong.
//!
//! Invariant: looking changes nothing.

use std::path::Path;

use chrono::{DateTime, Days, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::results::{NightResult, NightResults};
use super::run::nothing_to_repeat;
use super::scheduler::{JobState, Scheduler, foreign};
use crate::lifetime::Locks;
use crate::settings::{NightlyChoice, NightlyTime, Settings, SettingsFile};
use crate::store::RealDisk;
use crate::{Error, ErrorCode, Result};

/// How things are with the nightly job.
#[derive(Debug)]
pub struct NightlyStatus {
    /// What was chosen; `None` where it is switched off.
    pub choice: Option<NightlyChoice>,
    /// When it begins next; `None` where it is off or will not begin.
    pub next: Option<DateTime<Tz>>,
    /// The last night; `None` before the first.
    pub last: Option<NightResult>,
    /// Whether a night is going on.
    pub is_running: bool,
    /// What is wrong with the job: it is not as it was chosen, or somebody else's file stands in its place.
    pub trouble: Option<Error>,
    /// Why the results cannot be read, if so.
    pub results_trouble: Option<Error>,
}

/// Looks. `zone` is the computer's own, in which the system starts jobs. Blocks.
pub fn nightly_status(
    settings: &Settings,
    config_dir: &Path,
    scheduler: &Scheduler,
    zone: Option<Tz>,
    now: DateTime<Utc>,
) -> NightlyStatus {
    let choice = settings.nightly.clone();
    let trouble = trouble(choice.as_ref(), config_dir, scheduler);
    let (last, results_trouble) = match NightResults::read(&RealDisk, config_dir) {
        Ok(results) => (results.last().cloned(), None),
        Err(error) => (None, Some(error)),
    };
    let next = match (&choice, &trouble, zone) {
        (Some(choice), None, Some(zone)) => next_night(choice.at, zone, now),
        _ => None,
    };
    NightlyStatus { choice, next, last, is_running: Locks::in_dir(config_dir).is_night(), trouble, results_trouble }
}

fn trouble(choice: Option<&NightlyChoice>, config_dir: &Path, scheduler: &Scheduler) -> Option<Error> {
    let at = choice.map_or(NightlyTime::USUAL, |choice| choice.at);
    let data = choice.and_then(|choice| choice.data.as_deref());
    let state = scheduler.job(at, config_dir, data).and_then(|job| scheduler.state(&job));
    let damaged = |message: String| Error::new(ErrorCode::DataFileInvalid, message);
    match (state, choice) {
        (Ok(JobState::Active), Some(_)) | (Ok(JobState::Absent) | Err(_), None) => None,
        (Ok(JobState::Absent), Some(_)) => {
            Some(damaged("The system has lost the nightly job".to_owned()).with_hint("Switch it on again"))
        }
        (Ok(JobState::Active | JobState::Damaged(_)), None) => Some(
            damaged("The system still has a nightly job, although it is switched off".to_owned())
                .with_hint("Remove it, or switch it on again"),
        ),
        (Ok(JobState::Damaged(what)), Some(_)) => Some(damaged(what).with_hint("Switch it on again to mend it")),
        (Ok(JobState::Foreign(path)), _) => Some(foreign(&path)),
        (Err(error), Some(_)) => Some(error),
    }
}

/// The next time at which a clock in this zone shows `at`. Where the clocks go forward over it, the day after.
pub fn next_night(at: NightlyTime, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Tz>> {
    let time = NaiveTime::from_hms_opt(at.hour().into(), at.minute().into(), 0)?;
    let today = now.with_timezone(&zone).date_naive();
    (0..3).find_map(|days| {
        let moment = zone.from_local_datetime(&today.checked_add_days(Days::new(days))?.and_time(time)).earliest()?;
        (moment > now).then_some(moment)
    })
}

/// Switches the job on, or changes it: the system first, then the settings. Blocks.
///
/// Errors as [`Scheduler::install`]; [`ErrorCode::NotFound`] too where the settings name no export to repeat. Nothing is
/// changed then.
pub fn switch_on(
    settings_file: &SettingsFile,
    config_dir: &Path,
    scheduler: &Scheduler,
    choice: NightlyChoice,
) -> Result<Settings> {
    if settings_file.load()?.last_export.is_none() {
        return Err(nothing_to_repeat());
    }
    scheduler.install(&scheduler.job(choice.at, config_dir, choice.data.as_deref())?)?;
    settings_file.update(|settings| settings.nightly = Some(choice))
}

/// Switches it off: nothing is left of it. `false` where neither the system nor the settings knew of one. Blocks.
pub fn switch_off(settings_file: &SettingsFile, config_dir: &Path, scheduler: &Scheduler) -> Result<bool> {
    let known = scheduler.remove()?;
    let chosen = settings_file.load()?.nightly.is_some();
    if chosen {
        settings_file.update(|settings| settings.nightly = None)?;
    }
    NightResults::forget(&RealDisk, config_dir)?;
    let locks = Locks::in_dir(config_dir);
    if !locks.is_night() {
        locks.forget_night();
    }
    Ok(known || chosen)
}
