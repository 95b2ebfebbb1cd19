//! The reporting time zone of a data folder: chosen once, stored there, and changed only on purpose.

use chrono_tz::Tz;
use engine::ErrorCode;
use engine::environment::FixedEnvironment;
use engine::settings::Settings;
use engine::store::DataFolder;
use engine::time_zone::{Change, Chosen, choose, settle, time_zone_of};

const TOKYO: Tz = Tz::Asia__Tokyo;
const ZURICH: Tz = Tz::Europe__Zurich;

fn folder() -> (tempfile::TempDir, DataFolder) {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(dir.path()).unwrap();
    (dir, folder)
}

fn computer_in(zone: &str) -> FixedEnvironment {
    FixedEnvironment::new([("TZ", zone)])
}

#[test]
fn the_first_computer_decides_and_the_others_follow() {
    let (_dir, folder) = folder();
    let settings = Settings::default();
    let seen_from = |zone| time_zone_of(&folder, &settings, &computer_in(zone)).unwrap();
    assert_eq!(seen_from("Asia/Tokyo"), TOKYO, "proposed");
    assert_eq!(folder.time_zone().unwrap(), None, "a look decides nothing");
    let lock = folder.lock().unwrap();
    let settled = settle(&folder, &lock, &settings, &computer_in("Asia/Tokyo")).unwrap();
    assert_eq!(settled, Chosen { zone: TOKYO, change: Change::First });
    let settled = settle(&folder, &lock, &settings, &computer_in("Europe/Zurich")).unwrap();
    assert_eq!(settled, Chosen { zone: TOKYO, change: Change::None });
    assert_eq!(seen_from("Europe/Zurich"), TOKYO);
    assert_eq!(std::fs::read_to_string(folder.time_zone_file()).unwrap(), "Asia/Tokyo\n");
}

#[test]
fn the_zone_that_older_settings_kept_is_taken_over() {
    let (_dir, folder) = folder();
    let settings = Settings { time_zone: Some("Europe/Zurich".to_owned()), ..Settings::default() };
    let settled = settle(&folder, &folder.lock().unwrap(), &settings, &computer_in("Asia/Tokyo")).unwrap();
    assert_eq!(settled.zone, ZURICH);
    assert_eq!(folder.time_zone().unwrap(), Some(ZURICH));
}

#[test]
fn a_change_is_told_with_what_it_was_before() {
    let (_dir, folder) = folder();
    let lock = folder.lock().unwrap();
    assert_eq!(choose(&folder, &lock, TOKYO).unwrap().change, Change::First);
    assert_eq!(choose(&folder, &lock, TOKYO).unwrap().change, Change::None);
    assert_eq!(choose(&folder, &lock, ZURICH).unwrap().change, Change::From(TOKYO));
    std::fs::write(folder.time_zone_file(), "Mars/Base").unwrap();
    assert_eq!(choose(&folder, &lock, ZURICH).unwrap().change, Change::Repaired);
}

#[test]
fn a_file_that_names_no_known_zone_never_stands_for_another() {
    let (_dir, folder) = folder();
    let lock = folder.lock().unwrap();
    for bytes in [&b"Mars/Base\n"[..], b"", b"\n", b"\xff\xfe", &[b'x'; 5000], b"Europe/Zurich Asia/Tokyo"] {
        std::fs::write(folder.time_zone_file(), bytes).unwrap();
        let settings = Settings { time_zone: Some("Europe/Zurich".to_owned()), ..Settings::default() };
        for result in [
            time_zone_of(&folder, &settings, &computer_in("UTC")),
            settle(&folder, &lock, &settings, &computer_in("UTC")).map(|chosen| chosen.zone),
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.code(), ErrorCode::DataFileInvalid, "{bytes:?}");
            assert!(error.message().contains("time-zone.txt") && error.hint().is_some(), "{error}");
        }
        assert_eq!(std::fs::read(folder.time_zone_file()).unwrap(), bytes, "it is left as it is");
    }
    for text in ["Europe/Zurich", "\u{feff}Europe/Zurich\r\n", "  Europe/Zurich \n\n"] {
        std::fs::write(folder.time_zone_file(), text).unwrap();
        assert_eq!(folder.time_zone().unwrap(), Some(ZURICH), "{text:?}");
    }
}

#[test]
fn an_unknown_zone_of_the_computer_settles_nothing() {
    let (_dir, folder) = folder();
    let error = settle(&folder, &folder.lock().unwrap(), &Settings::default(), &computer_in("CET-1CEST")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert_eq!(folder.time_zone().unwrap(), None);
}
