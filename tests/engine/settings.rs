//! The settings file: stored, changed by several processes, damaged, recovered.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::ErrorCode;
use engine::settings::{Appearance, LastExport, Recovery, Settings, SettingsFile};
use engine::store::RealDisk;
use engine::store::faulty::{Fault, FaultyDisk};

fn file(dir: &tempfile::TempDir) -> SettingsFile {
    SettingsFile::in_dir(Arc::new(RealDisk), dir.path().join("config"))
}

#[test]
fn without_a_file_the_defaults_count_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let settings = file(&dir).load().unwrap();
    assert_eq!(settings, Settings::default());
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
                tables: false,
            });
        })
        .unwrap();
    assert_eq!(file.load().unwrap(), settings);
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

/// Everything in the settings directory except the locks, which mean nothing.
fn files(file: &SettingsFile) -> BTreeMap<String, String> {
    let dir = file.path().parent().unwrap().to_owned();
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    entries
        .map(|path| {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            (path.file_name().unwrap().to_string_lossy().into_owned(), text)
        })
        .collect()
}

const DAMAGES: [&str; 6] = [
    "{\"server\": \"uni",
    "[]",
    "{\"lookbackDays\": \"two\"}",
    "\u{0}\u{0}",
    "",
    "{\n  \"server\": \"uni.example\",\n  oops\n}",
];

#[test]
fn a_damaged_file_is_told_and_nothing_is_written_until_somebody_decides() {
    for damage in DAMAGES {
        let dir = tempfile::tempdir().unwrap();
        let file = file(&dir);
        file.update(|settings| settings.server = Some("uni.example".into())).unwrap();
        std::fs::write(file.path(), damage).unwrap();
        let before = files(&file);
        let error = file.load().unwrap_err();
        assert_eq!(error.code(), ErrorCode::DataFileInvalid);
        assert!(error.message().contains("settings.json` is damaged at line "), "{error}");
        assert!(error.hint().unwrap().contains("restore the settings"), "{error:?}");
        assert_eq!(file.update(|settings| settings.pkce = true).unwrap_err().code(), ErrorCode::DataFileInvalid);
        assert_eq!(files(&file), before, "{damage:?}");
    }
}

#[test]
fn damaged_settings_give_way_to_those_kept_last() {
    for damage in DAMAGES {
        let dir = tempfile::tempdir().unwrap();
        let file = file(&dir);
        file.update(|settings| settings.server = Some("uni.example".into())).unwrap();
        let kept = file.update(|settings| settings.lookback_days = 7).unwrap();
        std::fs::write(file.path(), damage).unwrap();
        let recovered = file.recover(Recovery::Backup).unwrap();
        assert_eq!((&recovered.settings, &file.load().unwrap()), (&kept, &kept));
        assert_eq!(std::fs::read_to_string(&recovered.damaged_kept_at).unwrap(), damage);
        // Damaged again in the same way, and in another way: each is kept once.
        std::fs::write(file.path(), damage).unwrap();
        assert_eq!(file.recover(Recovery::Defaults).unwrap().damaged_kept_at, recovered.damaged_kept_at);
        assert_eq!(file.load().unwrap(), Settings::default());
        std::fs::write(file.path(), format!("{damage} and more")).unwrap();
        assert_ne!(file.recover(Recovery::Defaults).unwrap().damaged_kept_at, recovered.damaged_kept_at);
    }
}

#[test]
fn without_a_backup_the_defaults_are_offered_and_whole_settings_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = file(&dir);
    file.update(|settings| settings.pkce = true).unwrap();
    assert_eq!(file.recover(Recovery::Defaults).unwrap_err().code(), ErrorCode::InvalidInput);
    std::fs::write(file.path(), "{").unwrap();
    std::fs::write(file.path().with_file_name("settings.json.backup"), "{\"lookbackDays\": 9999}").unwrap();
    let before = files(&file);
    assert_eq!(file.recover(Recovery::Backup).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(files(&file), before);
    assert!(file.load().unwrap_err().hint().unwrap().contains("default settings"));
    file.recover(Recovery::Defaults).unwrap();
    assert_eq!(file.load().unwrap(), Settings::default());
}

#[test]
fn a_recovery_cut_off_at_any_operation_leaves_the_damage_or_the_new_settings() {
    for fault in [Fault::Full, Fault::Die, Fault::PowerLoss, Fault::NoPermission] {
        for at in 0..14 {
            let dir = tempfile::tempdir().unwrap();
            let whole = file(&dir);
            let kept = whole.update(|settings| settings.server = Some("uni.example".into())).unwrap();
            std::fs::write(whole.path(), "{").unwrap();
            let failing = SettingsFile::in_dir(Arc::new(FaultyDisk::new(at, fault)), dir.path().join("config"));
            let recovered = failing.recover(Recovery::Backup);
            match whole.load() {
                Ok(settings) => assert_eq!(settings, kept, "{fault:?} at {at}: never the defaults"),
                Err(error) => {
                    assert_eq!(error.code(), ErrorCode::DataFileInvalid);
                    assert!(recovered.is_err(), "{fault:?} at {at}");
                    assert_eq!(std::fs::read_to_string(whole.path()).unwrap(), "{");
                }
            }
        }
    }
}

#[test]
fn writers_at_the_same_time_lose_no_change() {
    const EACH: u32 = 20;
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|threads| {
        for writer in 0..4 {
            // A file object of its own: only the disk is shared.
            let file = file(&dir);
            threads.spawn(move || {
                for number in 0..EACH {
                    let field = format!("writer{writer}-{number}");
                    file.update(|settings| drop(settings.unknown.insert(field, number.into()))).unwrap();
                }
            });
        }
    });
    assert_eq!(file(&dir).load().unwrap().unknown.len(), 4 * EACH as usize);
}

#[test]
fn what_changes_nothing_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    file(&dir).update(|settings| settings.pkce = false).unwrap();
    assert!(!file(&dir).path().exists());
}

#[test]
fn wrong_choices_are_refused_and_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = file(&dir);
    file.update(|settings| settings.pkce = true).unwrap();
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
            file(&dir).update(|settings| settings.lookback_days = 7).unwrap();
            let disk = Arc::new(FaultyDisk::new(at, fault));
            let failing = SettingsFile::in_dir(disk, dir.path().join("config"));
            let saved = failing.update(|settings| settings.pkce = true);
            let settings = file(&dir).load().unwrap();
            assert_eq!(settings.lookback_days, 7, "{fault:?} at {at}");
            if saved.is_ok() {
                assert!(settings.pkce, "{fault:?} at {at}");
            }
        }
    }
}
