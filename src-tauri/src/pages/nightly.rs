//! The nightly job, in *Settings* and in the sheet of the export.

use chrono_tz::Tz;
use engine::nightly::NightlyStatus;
use engine::settings::{LastExport, NightlyTime};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::when;
use crate::error::IpcError;
use crate::plain;

/// The nightly job as it is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "nightly.ts")]
pub struct Nightly {
    /// Whether it is switched on.
    pub on: bool,
    /// When it begins, by the computer's clock: `02:30`.
    pub at: String,
    /// Whether what is new is written beside the dataset.
    pub digest: bool,
    /// The folder of the last export, which it repeats; absent: nothing was exported yet, and it cannot be switched on.
    pub folder: Option<String>,
    /// `Next: Sun 29 Nov 2026, 02:30`; absent where it will not begin.
    pub next: Option<String>,
    /// `Last: Sat 28 Nov 2026, 02:31. 1,204 new viewing records, dataset saved`; absent before the first night.
    pub last: Option<String>,
    /// What to do about the last night, where it failed.
    pub last_hint: Option<String>,
    /// What is wrong with the job: it was changed outside, or somebody else's file stands in its place.
    pub trouble: Option<IpcError>,
    /// The line for cron, where the system starts no jobs for this user.
    pub cron: Option<String>,
}

/// What to change of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "nightly.ts")]
pub struct NightlyInput {
    /// Whether it is to be switched on.
    pub on: bool,
    /// When, by the computer's clock: `02:30`.
    pub at: String,
    /// Whether what is new is to be written beside the dataset.
    pub digest: bool,
}

impl Nightly {
    /// The job as it is. `zone` is the computer's.
    pub(crate) fn new(
        status: &NightlyStatus,
        last_export: Option<&LastExport>,
        cron: Option<String>,
        zone: Tz,
    ) -> Self {
        let choice = status.choice.as_ref();
        let last = status.last.as_ref();
        let running = status.is_running.then(|| "A night is going on".to_owned());
        let told =
            last.map(|night| plain::quoted(&format!("Last: {}. {}", when::at(night.began, zone), night.in_words())));
        let trouble = status.trouble.as_ref().or(status.results_trouble.as_ref());
        Self {
            on: choice.is_some(),
            at: choice.map_or(NightlyTime::USUAL, |choice| choice.at).to_string(),
            digest: choice.is_some_and(|choice| choice.digest),
            folder: last_export.map(|last| last.dir.display().to_string()),
            next: status.next.map(|next| format!("Next: {}", when::at(next.to_utc(), zone))),
            last: running.or(told),
            last_hint: last.and_then(|night| night.failure.as_ref()?.hint.as_deref().map(plain::quoted)),
            trouble: trouble.map(IpcError::within_report),
            cron,
        }
    }
}
