//! Staged videos are complete or gone, whatever happens to their files.

use proptest::prelude::*;

use super::*;

const VIDEO: SessionId = SessionId::from_bytes([0xab; 16]);

fn staging() -> (tempfile::TempDir, Staging) {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(dir.path()).unwrap();
    let staging = Staging::of_course(&folder, FolderId::from_bytes([1; 16]));
    (dir, staging)
}

fn range() -> UsageRange {
    UsageRange { begin: "2010-01-01T00:00:00Z".parse().unwrap(), end: "2024-03-02T00:00:00Z".parse().unwrap() }
}

fn record(second: u32) -> ViewingRecord {
    ViewingRecord {
        session_id: VIDEO,
        user_id: UserId::from_bytes([2; 16]),
        recorded_at: format!("2024-03-01T10:00:{second:02}.98Z").parse().unwrap(),
        playback_speed: None,
        start_secs: 12.312,
        start_reason: "Start".into(),
        stop_reason: "odd, \"quoted\"\n#complete".into(),
        seconds_viewed: 0.1,
    }
}

fn records(staging: &Staging, staged: &StagedVideo) -> Vec<ViewingRecord> {
    staged.records(staging.folder.disk()).unwrap().map(|row| row.unwrap().1).collect()
}

#[test]
fn a_complete_video_is_found_again() {
    let (_dir, staging) = staging();
    let mut file = staging.begin(VIDEO, range()).unwrap();
    file.write([record(1)]).unwrap();
    file.write([record(2), record(2)]).unwrap();
    let staged = file.finish().unwrap();
    assert_eq!((staged.rows, staged.last_day), (3, Some("2024-03-01".parse().unwrap())));
    assert_eq!(staging.recover().unwrap(), std::slice::from_ref(&staged));
    assert_eq!(records(&staging, &staged), [record(1), record(2), record(2)]);
    staging.remove(&[staged]).unwrap();
    staging.tidy().unwrap();
    assert!(!staging.dir.exists());
    assert!(staging.recover().unwrap().is_empty());
}

#[test]
fn a_video_without_records_is_complete_too() {
    let (_dir, staging) = staging();
    let staged = staging.begin(VIDEO, range()).unwrap().finish().unwrap();
    assert_eq!((staged.rows, records(&staging, &staged)), (0, vec![]));
    assert_eq!(staging.recover().unwrap(), [staged]);
}

#[test]
fn what_is_not_complete_is_removed() {
    let (_dir, staging) = staging();
    let mut file = staging.begin(VIDEO, range()).unwrap();
    file.write([record(1)]).unwrap();
    drop(file);
    std::fs::write(staging.dir.join("notes.txt"), "mine").unwrap();
    assert!(staging.recover().unwrap().is_empty());
    assert_eq!(std::fs::read_dir(&staging.dir).unwrap().count(), 0);
}

#[test]
fn rows_stand_as_they_were_written() {
    let (_dir, staging) = staging();
    let mut file = staging.begin(VIDEO, range()).unwrap();
    file.write((1..50).map(record)).unwrap();
    let staged = file.finish().unwrap();
    let (mut raw, mut count) = (Vec::new(), 0);
    let mut read = |staged: &StagedVideo| {
        staged.each_raw_row(staging.folder.disk(), |row, user| {
            assert_eq!(user, UserId::from_bytes([2; 16]));
            raw.extend_from_slice(row);
            count += 1;
            Ok(())
        })
    };
    read(&staged).unwrap();
    let mut bytes = std::fs::read(&staged.path).unwrap();
    bytes[200] ^= 1;
    std::fs::write(&staged.path, &bytes).unwrap();
    assert_eq!(read(&staged).unwrap_err().kind(), ErrorKind::DataFileInvalid);
    assert!(count >= 49);
    let mut expected = Vec::new();
    (1..50).for_each(|second| push_activity_row(&mut expected, &record(second)));
    assert!(raw.starts_with(&expected));
}

#[test]
fn a_restarted_video_holds_only_what_came_after() {
    let (_dir, staging) = staging();
    let mut file = staging.begin(VIDEO, range()).unwrap();
    file.write((1..50).map(record)).unwrap();
    file.restart().unwrap();
    file.write([record(3)]).unwrap();
    let staged = file.finish().unwrap();
    assert_eq!(staged.rows, 1);
    assert_eq!(staging.recover().unwrap(), [staged]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), end in "(#complete [-0-9 a-f]{0,90}\n)?") {
        let (_dir, staging) = staging();
        std::fs::create_dir_all(&staging.dir).unwrap();
        std::fs::write(staging.dir.join(format!("{VIDEO}.csv")), [&bytes[..], end.as_bytes()].concat()).unwrap();
        prop_assert!(staging.recover().unwrap().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_damage_is_found(rows in 0u32..5, at in 0.0f64..1.0, flip in 1u8..=255, cut: bool) {
        let (_dir, staging) = staging();
        let mut file = staging.begin(VIDEO, range()).unwrap();
        file.write((0..rows).map(record)).unwrap();
        let staged = file.finish().unwrap();
        let mut bytes = std::fs::read(&staged.path).unwrap();
        let at = ((bytes.len() - 1) as f64 * at) as usize;
        if cut { bytes.truncate(at) } else { bytes[at] ^= flip }
        std::fs::write(&staged.path, &bytes).unwrap();
        prop_assert!(staging.recover().unwrap().is_empty());
    }
}
