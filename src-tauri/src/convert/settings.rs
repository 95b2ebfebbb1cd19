//! The settings as the window shows them, and what the window changes of them.

use std::path::Path;

use chrono_tz::Tz;
use engine::settings::{Appearance as Stored, MAX_LOOKBACK_DAYS, Settings as Kept};

use crate::dto::app::Appearance;
use crate::dto::settings::{Settings, SettingsPatch};

/// The settings, with the folders they stand for.
pub fn settings(
    kept: &Kept,
    own_zone: Option<Tz>,
    computer_zone: Option<Tz>,
    data_folder: &Path,
    log_folder: &Path,
) -> Settings {
    Settings {
        data_folder: data_folder.display().to_string(),
        data_folder_to_come: kept.data_folder.is_none() && !data_folder.is_dir(),
        time_zone: own_zone.map(|zone| zone.name().to_owned()).or_else(|| kept.time_zone.clone()),
        computer_time_zone: computer_zone.map_or("not known", |zone| zone.name()).to_owned(),
        appearance: kept.appearance.into(),
        lookback_days: kept.lookback_days,
        most_lookback_days: MAX_LOOKBACK_DAYS,
        log_folder: log_folder.display().to_string(),
    }
}

/// Takes over what the window changed. The time zone itself is the data folder's; what an earlier version kept here goes
/// with a return to the computer's own.
pub fn apply(patch: &SettingsPatch, kept: &mut Kept) {
    if patch.time_zone.as_ref().is_some_and(|zone| zone.trim().is_empty()) {
        kept.time_zone = None;
    }
    if let Some(appearance) = patch.appearance {
        kept.appearance = appearance.into();
    }
    if let Some(days) = patch.lookback_days {
        kept.lookback_days = days;
    }
}

impl From<Stored> for Appearance {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::System => Self::System,
            Stored::Light => Self::Light,
            Stored::Dark => Self::Dark,
        }
    }
}

impl From<Appearance> for Stored {
    fn from(chosen: Appearance) -> Self {
        match chosen {
            Appearance::System => Self::System,
            Appearance::Light => Self::Light,
            Appearance::Dark => Self::Dark,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_stays_and_an_empty_zone_forgets_the_one_kept_here() {
        let mut kept = Kept { time_zone: Some("Europe/Zurich".to_owned()), lookback_days: 7, ..Kept::default() };
        apply(&SettingsPatch { appearance: Some(Appearance::Dark), ..SettingsPatch::default() }, &mut kept);
        assert_eq!(
            (kept.time_zone.as_deref(), kept.lookback_days, kept.appearance),
            (Some("Europe/Zurich"), 7, Stored::Dark)
        );
        apply(&SettingsPatch { time_zone: Some(String::new()), ..SettingsPatch::default() }, &mut kept);
        assert_eq!(kept.time_zone, None);
    }

    #[test]
    fn only_a_folder_nobody_chose_comes_by_itself() {
        let dir = tempfile::tempdir().unwrap();
        let missing = dir.path().join("not there yet");
        let to_come = |kept: &Kept, folder: &Path| settings(kept, None, None, folder, dir.path()).data_folder_to_come;
        assert!(to_come(&Kept::default(), &missing));
        assert!(!to_come(&Kept::default(), dir.path()));
        assert!(!to_come(&Kept { data_folder: Some(missing.clone()), ..Kept::default() }, &missing));
    }
}
