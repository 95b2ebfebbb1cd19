//! What the last nights brought: `nightly.json` beside the settings.
//!
//! Deliberately absent: names of videos or people, and everything that a course's own journal says better.
//!
//! Invariant: nothing depends on the file. A damaged one is told, and the next night writes it anew; a word that this version
//! does not know is never taken for success.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use model::words::{count, counted};
use model::{Recorded, RecordedFailure, Word};
use serde::{Deserialize, Serialize};

use super::round::nights_for_all;
use crate::store::disk::{Disk, Durability, replace};
use crate::store::refusal::disk_error;
use crate::store::{path_text, quoted};
use crate::{Error, ErrorCode, Result};

/// The name of the file.
const FILE: &str = "nightly.json";
/// The version of its format.
const VERSION: u32 = 1;
/// Two weeks of nights.
const MOST_NIGHTS: usize = 14;
/// They take some kilobytes.
const MOST_BYTES: u64 = 1 << 20;

/// How a night ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NightWord {
    /// Everything is fetched and saved.
    Done,
    /// Some of it failed and is tried again the next night; the dataset is saved.
    Partial,
    /// It failed.
    Failed,
    /// It ended early, because the window wanted the data folder.
    GaveWay,
    /// It was stopped: by a person, or because the computer was shut down.
    Stopped,
}

impl Word for NightWord {
    const ALL: &'static [Self] = &[Self::Done, Self::Partial, Self::Failed, Self::GaveWay, Self::Stopped];

    fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::GaveWay => "gaveWay",
            Self::Stopped => "stopped",
        }
    }
}

/// One night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NightResult {
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// How it ended.
    pub outcome: Recorded<NightWord>,
    /// Courses that had their turn.
    #[serde(default)]
    pub courses: u64,
    /// Courses of the list that are left for the next nights.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub courses_waiting: u64,
    /// Courses that failed, wholly or in part.
    #[serde(default)]
    pub courses_failed: u64,
    /// Viewing records that were not there before.
    #[serde(default)]
    pub new_records: u64,
    /// Viewing records that went because they were older than their course keeps them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removed_records: u64,
    /// The folder that received the dataset; absent where it was not saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_to: Option<PathBuf>,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<RecordedFailure>,
    /// Whether the failure was told by a notification, in this night or in one before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) told: bool,
}

impl NightResult {
    /// How it went, in one sentence without a full stop.
    pub fn in_words(&self) -> String {
        let records = counted(self.new_records, "new viewing record", "new viewing records");
        let removed = match self.removed_records {
            0 => String::new(),
            removed => {
                let removed = counted(removed, "record", "records");
                format!(", {removed} deleted that were older than they are to be kept")
            }
        };
        let saved = format!("{removed}{}", if self.saved_to.is_some() { ", dataset saved" } else { "" });
        match &self.outcome {
            Recorded::Known(NightWord::Done) => format!("{}{records}{saved}", self.turns()),
            Recorded::Known(NightWord::Partial) => format!(
                "{}{} of {} failed and will be tried again, {records}{saved}",
                self.turns(),
                count(self.courses_failed),
                counted(self.courses, "course", "courses")
            ),
            Recorded::Known(NightWord::Failed) => {
                format!("Failed: {}", self.failure.as_ref().map_or("no reason is known", |failure| &failure.reason))
            }
            Recorded::Known(NightWord::GaveWay) => "Ended early, because the window wanted the data folder".to_owned(),
            Recorded::Known(NightWord::Stopped) => "Stopped; what was fetched is kept".to_owned(),
            Recorded::Unknown(word) => {
                format!("It ended as another version of this program calls {}", quoted(word))
            }
        }
    }
}

impl NightResult {
    /// Where not all courses had their turn: how many had, and in how many nights all have.
    fn turns(&self) -> String {
        if self.courses_waiting == 0 {
            return String::new();
        }
        let all = self.courses + self.courses_waiting;
        let nights = counted(nights_for_all(all, self.courses), "night", "nights");
        format!("{} of {} in turn, all of them in {nights}; ", count(self.courses), counted(all, "course", "courses"))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The nights that are remembered, the last one first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightResults {
    #[serde(default)]
    version: u32,
    nights: Vec<NightResult>,
}

impl NightResults {
    /// What is remembered beside the settings of this directory; nothing where there is no file.
    /// [`ErrorCode::DataFileInvalid`] where it is damaged.
    pub fn read(disk: &dyn Disk, config_dir: &Path) -> Result<Self> {
        let path = config_dir.join(FILE);
        let unreadable = |error| Error::from(disk_error("read", &path, error));
        if !disk.exists(&path).map_err(unreadable)? {
            return Ok(Self::default());
        }
        let bytes = disk.read_at_most(&path, MOST_BYTES).map_err(unreadable)?;
        serde_json::from_slice(&bytes).map_err(|error| {
            let message =
                format!("The results of the last nights `{}` are damaged at line {}", path_text(&path), error.line());
            Error::new(ErrorCode::DataFileInvalid, message).with_hint("The next night writes them anew")
        })
    }

    /// The last night.
    pub fn last(&self) -> Option<&NightResult> {
        self.nights.first()
    }

    /// Writes one more down, and forgets what is older than [`MOST_NIGHTS`]. A damaged file is replaced.
    pub(super) fn add(disk: &dyn Disk, config_dir: &Path, night: NightResult) -> Result<()> {
        let mut results = Self::read(disk, config_dir).unwrap_or_default();
        results.version = VERSION;
        results.nights.insert(0, night);
        results.nights.truncate(MOST_NIGHTS);
        let text = serde_json::to_vec_pretty(&results).map_err(|error| {
            Error::new(ErrorCode::Internal, "The results of the night cannot be written as JSON").with_source(error)
        })?;
        disk.create_dir_all(config_dir).map_err(|error| disk_error("write", config_dir, error))?;
        Ok(replace(disk, &config_dir.join(FILE), Durability::Durable, |file| file.write_all(&text))?)
    }

    /// Takes the file away.
    pub(super) fn forget(disk: &dyn Disk, config_dir: &Path) -> Result<()> {
        let path = config_dir.join(FILE);
        match disk.remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(disk_error("remove", &path, error).into())
            }
            _ => Ok(()),
        }
    }
}
