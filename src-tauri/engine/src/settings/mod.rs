//! The user's choices that are not secret, in one JSON file in the configuration directory.
//!
//! Deliberately absent: secrets (see [`crate::secrets`]), and everything that belongs to a data folder, which must stay
//! movable.
//!
//! Invariant: fields that this version does not know are preserved.

mod check;
mod dotenv;
mod file;
mod folders;
mod import;
mod nightly;

use std::path::PathBuf;

use model::FolderId;
use serde::{Deserialize, Serialize};

pub use check::{check_client_id, check_redirect_url};
pub use file::{DamagedSettings, Recovered, Recovery, SettingsFile, SettingsRead};
pub use folders::{CONFIG_DIR_VARIABLE, config_dir, default_data_folder};
pub use import::{EnvImport, import_env};
pub use nightly::{NightlyChoice, NightlyTime};

use crate::store::quoted;
use crate::{Error, ErrorCode, Result};

/// The redirect address that Panopto's own samples and the original tool register.
pub const DEFAULT_REDIRECT_URL: &str = "http://localhost:9127/redirect";
/// How many days before the last fetched one a sync requests again.
pub const DEFAULT_LOOKBACK_DAYS: u32 = 2;
/// The longest look-back in days; a longer one would request whole histories again.
pub const MAX_LOOKBACK_DAYS: u32 = 365;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "settings.ts"))]
#[serde(rename_all = "camelCase")]
pub enum Appearance {
    /// As the computer is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// The last export, so that "export again" needs no questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LastExport {
    /// The folder that received it.
    pub dir: PathBuf,
    /// The chosen courses; `None` = all on the list.
    #[serde(default)]
    pub courses: Option<Vec<FolderId>>,
    /// Whether viewers were given pseudonyms.
    #[serde(default)]
    pub pseudonyms: bool,
    /// Whether texts that a spreadsheet would run as formulas were guarded.
    #[serde(default)]
    pub formula_guard: bool,
    /// Whether there were more tables beside the two.
    #[serde(default)]
    pub tables: bool,
}

/// All choices. [`Settings::default`] is what a new user starts with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The data folder; `None` = the platform's usual place, [`default_data_folder`].
    pub data_folder: Option<PathBuf>,
    /// The Panopto server: a host name or an address.
    pub server: Option<String>,
    /// The ID of the API client.
    pub client_id: Option<String>,
    /// The Panopto user, for sign-in by password.
    pub user_name: Option<String>,
    /// Whether each usage call carries user name and password instead of a cookie. For sites on which neither kind of
    /// cookie works.
    pub password_in_each_call: bool,
    /// The redirect address registered for the API client, character for character.
    pub redirect_url: String,
    /// Whether the browser sign-in sends a PKCE challenge. Off by default: API clients of the type *Server-side Web
    /// Application*, which the original tool asks for, refuse it on some sites; the type *Mobile or Desktop* accepts
    /// it.
    pub pkce: bool,
    /// The reporting time zone, as an IANA name, that was stored here before data folders had their own. It is proposed
    /// for a data folder that has none.
    pub time_zone: Option<String>,
    /// How many days before the last fetched one a sync requests again, 0 to [`MAX_LOOKBACK_DAYS`].
    pub lookback_days: u32,
    /// Whether captions are fetched after the records of a sync.
    pub fetch_captions: bool,
    /// Whether names of viewers are fetched after a sync and shown. Off until somebody wants them.
    pub show_names: bool,
    /// Whether a sync looks at many folders in one call, and reads their lists only where something changed. Off by default,
    /// because not every site answers such calls.
    pub fewer_calls: bool,
    /// Whether the window starts presenting.
    pub start_presenting: bool,
    /// Light or dark.
    pub appearance: Appearance,
    /// The last export.
    pub last_export: Option<LastExport>,
    /// The nightly job; `None` where none is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nightly: Option<NightlyChoice>,
    /// Fields that a newer version wrote.
    #[serde(flatten)]
    pub unknown: serde_json::Map<String, serde_json::Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_folder: None,
            server: None,
            client_id: None,
            user_name: None,
            password_in_each_call: false,
            redirect_url: DEFAULT_REDIRECT_URL.to_owned(),
            pkce: false,
            time_zone: None,
            lookback_days: DEFAULT_LOOKBACK_DAYS,
            fetch_captions: true,
            show_names: false,
            fewer_calls: false,
            start_presenting: false,
            appearance: Appearance::System,
            last_export: None,
            nightly: None,
            unknown: serde_json::Map::new(),
        }
    }
}

impl Settings {
    /// Checks what a person may have typed wrongly: the time zone and the look-back.
    pub fn check(&self) -> Result<()> {
        if let Some(zone) = &self.time_zone
            && zone.parse::<chrono_tz::Tz>().is_err()
        {
            return Err(Error::new(ErrorCode::InvalidInput, format!("{} is not a time zone", quoted(zone)))
                .with_hint("Give an IANA name such as Europe/Zurich or America/Vancouver"));
        }
        if self.lookback_days > MAX_LOOKBACK_DAYS {
            return Err(Error::new(
                ErrorCode::InvalidInput,
                format!("A look-back of {} days is too long", self.lookback_days),
            )
            .with_hint(format!("Give 0 to {MAX_LOOKBACK_DAYS} days; 2 is usual")));
        }
        Ok(())
    }
}
