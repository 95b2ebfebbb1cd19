//! The settings' file: kept, changed, damaged, moved aside.

use std::sync::Arc;

use engine::ErrorCode;
use engine::settings::{Appearance, LastExport, Settings, SettingsFile};
use engine::store::RealDisk;
use engine::store::faulty::{Fault, FaultyDisk};

fn file(dir: &tempfile::TempDir) -> SettingsFile {
    SettingsFile::in_dir(Arc::new(RealDisk), dir.path().join("config"))
}

#[test]
fn without_a_file_the_defaults_count_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (settings, damaged) = file(&dir).load().unwrap();
    assert_eq!((settings.clone(), damaged), (Settings::default(), None));
    assert_eq!(settings.redirect_url, "http://localhost:9127/redirect");
    assert_eq!((settings.lookback_days, settings.pkce, settings.time_zone), (2, false, None));
    assert!(!dir.path().join("config").exists());
}

#[test]
fn what_is_saved_is_read_again_and_unknown_fields_stay() {
    let dir = tempfile::tempdir().unwrap();
    let file = file(&dir);
    let settings = file
        .update(|settings| {
            settings.server = Some("uni.example".into());
            settings.appearance = Appearance::Dark;
            settings.last_export = Some(LastExport {
                dir: "/somewhere".into(),
                courses: Some(vec![model::FolderId::from_bytes([3; 16])]),
                pseudonyms: true,
                formula_guard: false,
            });
        })
        .unwrap();
    assert_eq!(file.load().unwrap(), (settings, None));
    let text = std::fs::read_to_string(file.path()).unwrap();
    std::fs::write(
        file.path(),
        format!("\u{feff}{}", text.replacen('{', "{\n  \"fromTheFuture\": [1, {\"a\": null}],", 1)),
    )
    .unwrap();
    file.update(|settings| settings.pkce = true).unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["fromTheFuture"], serde_json::json!([1, {"a": null}]));
    assert_eq!((&json["server"], &json["pkce"]), (&"uni.example".into(), &true.into()));
}

#[test]
fn a_damaged_file_is_named_moved_aside_and_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let file = file(&dir);
    file.save(&Settings::default()).unwrap();
    for (number, damage) in
        ["{\"server\": \"uni", "[]", "{\"lookbackDays\": \"two\"}", "\u{0}\u{0}"].into_iter().enumerate()
    {
        std::fs::write(file.path(), damage).unwrap();
        let (settings, damaged) = file.load().unwrap();
        let damaged = damaged.unwrap();
        assert_eq!(settings, Settings::default());
        assert!(damaged.moved_to.ends_with(format!("settings.json.damaged-{}", number + 1)), "{damaged:?}");
        assert!(damaged.message.contains("settings.json` is damaged (line 1)"), "{}", damaged.message);
        assert_eq!(std::fs::read_to_string(&damaged.moved_to).unwrap(), damage);
        assert!(!file.path().exists());
    }
}

#[test]
fn wrong_choices_are_refused_and_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = file(&dir);
    file.save(&Settings::default()).unwrap();
    let before = std::fs::read_to_string(file.path()).unwrap();
    let error = file.update(|settings| settings.time_zone = Some("Mars/Olympus".into())).unwrap_err();
    assert_eq!((error.code(), error.message()), (ErrorCode::InvalidInput, "`Mars/Olympus` is not a time zone"));
    let error = file.update(|settings| settings.lookback_days = 1000).unwrap_err();
    assert_eq!(error.message(), "A look-back of 1000 days is too long");
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), before);
}

#[test]
fn a_disk_that_fails_at_any_operation_leaves_the_old_settings_or_the_new() {
    for fault in [Fault::Full, Fault::Die, Fault::PowerLoss, Fault::NoPermission] {
        for at in 0..8 {
            let dir = tempfile::tempdir().unwrap();
            file(&dir).save(&Settings::default()).unwrap();
            let disk = Arc::new(FaultyDisk::new(at, fault));
            let failing = SettingsFile::in_dir(disk, dir.path().join("config"));
            let saved = failing.update(|settings| settings.pkce = true);
            let (settings, damaged) = file(&dir).load().unwrap();
            assert!(damaged.is_none(), "{fault:?} at {at}");
            if saved.is_ok() {
                assert!(settings.pkce, "{fault:?} at {at}");
            }
        }
    }
}
