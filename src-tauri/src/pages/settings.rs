//! The sheet of the settings, and what it changes of them.

use std::path::Path;

use chrono_tz::Tz;
use engine::settings::{Appearance, MAX_LOOKBACK_DAYS, Settings as Kept};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The settings as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "settings.ts")]
pub struct Settings {
    /// The data folder, as the system writes paths.
    pub data_folder: String,
    /// Whether it does not exist yet: nobody chose one, and the first course makes it.
    pub data_folder_to_come: bool,
    /// The reporting time zone of the data folder (IANA); absent: it has none yet, and the computer's own is proposed.
    pub time_zone: Option<String>,
    /// The computer's own time zone.
    pub computer_time_zone: String,
    /// System, light or dark.
    pub appearance: Appearance,
    /// Days before the last fetched one that a sync asks for again; 0 to `most_lookback_days`.
    pub lookback_days: u32,
    /// The most that `lookback_days` can be.
    pub most_lookback_days: u32,
    /// Whether a sync fetches captions after the viewing records.
    pub fetch_captions: bool,
    /// Whether a sync looks at many folders in one call, and reads their lists only where something changed.
    pub fewer_calls: bool,
    /// Whether names of viewers are fetched and shown.
    pub show_names: bool,
    /// Whether the program starts presenting.
    pub start_presenting: bool,
    /// The log folder, as the system writes paths.
    pub log_folder: String,
}

/// Settings to change; absent ones stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "settings.ts", optional_fields)]
pub struct SettingsPatch {
    /// The reporting time zone (IANA); empty: the computer's own.
    pub time_zone: Option<String>,
    /// System, light or dark.
    pub appearance: Option<Appearance>,
    /// 0 to `most_lookback_days` of the settings.
    pub lookback_days: Option<u32>,
    /// Whether a sync fetches captions after the viewing records.
    pub fetch_captions: Option<bool>,
    /// Whether a sync looks at many folders in one call, and reads their lists only where something changed.
    pub fewer_calls: Option<bool>,
    /// Whether names of viewers are fetched and shown. While the sample is on screen, only those of the sample.
    pub show_names: Option<bool>,
    /// Whether the program starts presenting.
    pub start_presenting: Option<bool>,
}

impl Settings {
    /// The settings, with the folders they stand for.
    pub fn new(
        kept: &Kept,
        folder_zone: Option<Tz>,
        computer_zone: Option<Tz>,
        data_folder: &Path,
        log_folder: &Path,
    ) -> Self {
        Self {
            data_folder: data_folder.display().to_string(),
            data_folder_to_come: kept.data_folder.is_none() && !data_folder.is_dir(),
            time_zone: folder_zone.map(|zone| zone.name().to_owned()).or_else(|| kept.time_zone.clone()),
            computer_time_zone: computer_zone.map_or("not known", |zone| zone.name()).to_owned(),
            appearance: kept.appearance,
            lookback_days: kept.lookback_days,
            most_lookback_days: MAX_LOOKBACK_DAYS,
            fetch_captions: kept.fetch_captions,
            fewer_calls: kept.fewer_calls,
            show_names: kept.show_names,
            start_presenting: kept.start_presenting,
            log_folder: log_folder.display().to_string(),
        }
    }
}

impl SettingsPatch {
    /// Applies what the window changed. The time zone itself belongs to the data folder. A zone that an earlier version
    /// kept here is dropped when the user returns to the computer's own.
    pub fn apply(&self, kept: &mut Kept) {
        if self.time_zone.as_ref().is_some_and(|zone| zone.trim().is_empty()) {
            kept.time_zone = None;
        }
        if let Some(appearance) = self.appearance {
            kept.appearance = appearance;
        }
        if let Some(captions) = self.fetch_captions {
            kept.fetch_captions = captions;
        }
        if let Some(fewer) = self.fewer_calls {
            kept.fewer_calls = fewer;
        }
        if let Some(names) = self.show_names {
            kept.show_names = names;
        }
        if let Some(presents) = self.start_presenting {
            kept.start_presenting = presents;
        }
        if let Some(days) = self.lookback_days {
            kept.lookback_days = days;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_stays_and_an_empty_zone_forgets_the_one_kept_here() {
        let mut kept = Kept { time_zone: Some("Europe/Zurich".to_owned()), lookback_days: 7, ..Kept::default() };
        SettingsPatch { appearance: Some(Appearance::Dark), ..SettingsPatch::default() }.apply(&mut kept);
        assert_eq!(
            (kept.time_zone.as_deref(), kept.lookback_days, kept.appearance),
            (Some("Europe/Zurich"), 7, Appearance::Dark)
        );
        SettingsPatch { time_zone: Some(String::new()), ..SettingsPatch::default() }.apply(&mut kept);
        assert_eq!(kept.time_zone, None);
    }

    #[test]
    fn only_a_folder_nobody_chose_comes_by_itself() {
        let dir = tempfile::tempdir().unwrap();
        let missing = dir.path().join("not there yet");
        let to_come =
            |kept: &Kept, folder: &Path| Settings::new(kept, None, None, folder, dir.path()).data_folder_to_come;
        assert!(to_come(&Kept::default(), &missing));
        assert!(!to_come(&Kept::default(), dir.path()));
        assert!(!to_come(&Kept { data_folder: Some(missing.clone()), ..Kept::default() }, &missing));
    }
}
