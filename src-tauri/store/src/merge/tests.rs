//! Merging compared with its definition, and into files of all kinds.

use std::collections::BTreeMap;

use model::UsageRange;
use model::{FolderId, UserId, ViewingRecord};
use proptest::prelude::*;

use super::*;
use crate::ErrorKind;
use crate::activity::ActivityReader;
use crate::disk::RealDisk;
use crate::layout::DataFolder;
use crate::staging::Staging;

const HEADER: &str =
    "SessionId,UserId,Date,DateTime,PlaybackSpeed,StartPosition,StartReason,StopPosition,StopReason,SecondsViewed\n";

struct Place {
    dir: tempfile::TempDir,
    staging: Staging,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        Self { staging: Staging::of_course(&folder, FolderId::from_bytes([1; 16])), dir }
    }

    fn file(&self) -> std::path::PathBuf {
        self.dir.path().join("viewing_activity.csv")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.file(), text).unwrap();
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }

    fn stage(&self, video: u8, days: (u32, u32), records: impl IntoIterator<Item = ViewingRecord>) -> StagedVideo {
        let at = |day: u32| format!("2024-03-{day:02}T00:00:00Z").parse().unwrap();
        let range = UsageRange { begin: at(days.0), end: at(days.1) };
        let mut file = self.staging.begin(SessionId::from_bytes([video; 16]), range).unwrap();
        file.write(records).unwrap();
        file.finish().unwrap()
    }

    fn merge(&self, staged: &[StagedVideo]) -> Result<(u64, Contents)> {
        merge(&RealDisk, &self.file(), staged, &|| false)
    }
}

fn record(video: u8, day: u32, second: u32) -> ViewingRecord {
    ViewingRecord {
        session_id: SessionId::from_bytes([video; 16]),
        user_id: UserId::from_bytes([9; 16]),
        recorded_at: format!("2024-03-{day:02}T10:00:{second:02}Z").parse().unwrap(),
        playback_speed: Some(1.0),
        start_secs: 0.0,
        start_reason: "Start".into(),
        stop_reason: "End".into(),
        seconds_viewed: 1.5,
    }
}

#[test]
fn a_new_file_gets_headers_and_rows_in_order() {
    let place = Place::new();
    let staged =
        [place.stage(2, (1, 3), [record(2, 2, 1), record(2, 1, 5)]), place.stage(1, (1, 3), [record(1, 1, 1)])];
    let merged = place.merge(&staged).unwrap();
    let text = place.text();
    assert!(text.starts_with(HEADER));
    assert_eq!(
        text.lines().skip(1).map(|line| (&line[..2], &line[85..104])).collect::<Vec<_>>(),
        [("02", "2024-03-02 10:00:01"), ("02", "2024-03-01 10:00:05"), ("01", "2024-03-01 10:00:01")]
    );
    assert_eq!(merged, (3, Contents { records: 3, viewers: 1, file_bytes: text.len() as u64 }));
}

#[test]
fn a_course_without_views_gets_a_file_too() {
    let place = Place::new();
    let merged = place.merge(&[]).unwrap();
    assert_eq!(place.text(), HEADER);
    assert_eq!(merged, (0, Contents { records: 0, viewers: 0, file_bytes: HEADER.len() as u64 }));
}

#[test]
fn repeating_a_merge_changes_nothing() {
    let place = Place::new();
    // The server has one of them twice.
    let staged = [place.stage(1, (1, 3), [record(1, 1, 1), record(1, 1, 1), record(1, 2, 2)])];
    assert_eq!(place.merge(&staged).unwrap().0, 3);
    let (text, modified) = (place.text(), std::fs::metadata(place.file()).unwrap().modified().unwrap());
    let again = place.merge(&staged).unwrap();
    assert_eq!((again.0, again.1.records), (0, 3));
    assert_eq!(place.text(), text);
    assert_eq!(std::fs::metadata(place.file()).unwrap().modified().unwrap(), modified, "not even written");
}

#[test]
fn multiplicities_are_the_larger_of_both() {
    let place = Place::new();
    place.merge(&[place.stage(1, (1, 3), [record(1, 1, 1), record(1, 1, 1), record(1, 1, 2)])]).unwrap();
    let merged = place.merge(&[place.stage(1, (1, 3), [record(1, 1, 1), record(1, 1, 2), record(1, 1, 2)])]).unwrap();
    assert_eq!((merged.0, merged.1.records), (1, 4));
}

#[test]
fn spelling_makes_no_other_record_and_stored_bytes_stay() {
    let place = Place::new();
    // Reordered and foreign columns, T and Z, 1 and 1.0, upper case, Windows' line ends, and none at the end.
    let old = "\u{feff}Extra,SecondsViewed,StopReason,StopPosition,StartReason,StartPosition,PlaybackSpeed,DateTime,UserId,SessionId\r\n\
               \"x,\"\"y\",1.50,End,1.5,Start,-0,1,2024-03-01T10:00:01Z,{09090909-0909-0909-0909-090909090909},01010101-0101-0101-0101-010101010101";
    place.write(old);
    let merged = place.merge(&[place.stage(1, (1, 3), [record(1, 1, 1), record(1, 1, 2)])]).unwrap();
    assert_eq!((merged.0, merged.1.records), (1, 2));
    let text = place.text();
    assert_eq!(
        text.strip_prefix(old).unwrap(),
        "\n,1.5,End,1.5,Start,0.0,1.0,2024-03-01 10:00:02+00:00,09090909-0909-0909-0909-090909090909,01010101-0101-0101-0101-010101010101\n"
    );
    assert_eq!(merged.1.file_bytes, text.len() as u64);
    place.write(&format!("{old}\r\n"));
    place.merge(&[place.stage(1, (1, 3), [record(1, 1, 1), record(1, 1, 2)])]).unwrap();
    assert!(place.text().ends_with("010101\r\n"), "Windows' line ends are kept");
}

#[test]
fn rows_that_meet_nothing_are_taken_over_as_they_are_staged() {
    let odd = |second| ViewingRecord { stop_reason: "a, \"b\"\nc".into(), ..record(1, 1, second) };
    for end in ["\n", "\r\n"] {
        let place = Place::new();
        place.write(&HEADER.replace('\n', end));
        let merged = place.merge(&[place.stage(1, (1, 3), [odd(1), odd(2), odd(2)])]).unwrap();
        assert_eq!((merged.0, merged.1.records, merged.1.viewers), (3, 3, 1));
        let text = place.text();
        assert_eq!(merged.1.file_bytes, text.len() as u64);
        assert_eq!(text.matches(&format!("\"a, \"\"b\"\"\nc\",1.5{end}")).count(), 3, "{text:?}");
        let stored: Vec<_> =
            ActivityReader::open(&RealDisk, &place.file()).unwrap().map(|row| row.unwrap().1).collect();
        assert_eq!(stored, [odd(1), odd(2), odd(2)]);
        assert_eq!(place.merge(&[place.stage(1, (1, 3), [odd(2), odd(2), odd(1)])]).unwrap().0, 0);
        assert_eq!(place.text(), text);
    }
}

#[test]
fn a_staged_file_that_is_damaged_meanwhile_changes_nothing() {
    let place = Place::new();
    let staged = place.stage(1, (1, 3), [record(1, 1, 1), record(1, 1, 2)]);
    let file = std::fs::read_dir(
        place.dir.path().join(".panopto-analytics/staging").join(FolderId::from_bytes([1; 16]).to_string()),
    );
    let path = file.unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&path).unwrap();
    for at in [120, 200, whole.len() - 5] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let error = place.merge(std::slice::from_ref(&staged)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DataFileInvalid);
        assert!(!place.file().exists());
    }
}

#[test]
fn damage_is_named_by_line_and_left_as_it_is() {
    let good = "01010101-0101-0101-0101-010101010101,09090909-0909-0909-0909-090909090909,2024-03-01,2024-03-01 10:00:01+00:00,1.0,0.0,Start,1.5,End,1.5\n";
    for (row, words) in [
        ("0101,a\n".to_owned(), "2 cells where the first line has 10"),
        (good.replace("01010101-", "xyz-"), "column `SessionId`, `xyz-"),
        (good.replace("09090909-", ""), "column `UserId`, `"),
        (good.replace("03-01 10", "03-32 10"), "column `DateTime`, `2024-03-32"),
        (good.replace("End,1.5", "End,1.5x"), "column `SecondsViewed`, `1.5x` is not a number"),
        (good[..70].to_owned(), "2 cells"),
    ] {
        let place = Place::new();
        let text = format!("{HEADER}{good}{row}");
        place.write(&text);
        let error = place.merge(&[place.stage(1, (1, 3), [record(1, 2, 2)])]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DataFileInvalid);
        assert!(error.message().starts_with("Line 3 of `") && error.message().contains(words), "{error}");
        assert_eq!(place.text(), text);
    }
    let place = Place::new();
    for header in ["SessionId,UserId\n", "<!DOCTYPE html>\n"] {
        place.write(header);
        let error = place.merge(&[place.stage(1, (1, 3), [])]).unwrap_err();
        assert!(error.message().contains("has no column"), "{error}");
        assert_eq!(place.text(), header);
    }
    place.write("\n\n");
    place.merge(&[place.stage(1, (1, 3), [])]).unwrap();
    assert_eq!(place.text(), HEADER);
}

#[test]
fn a_cancelled_merge_leaves_the_file() {
    let place = Place::new();
    let rows = |count: u32| (0..count).map(|n| record(1, 1 + n / 60 % 20, n % 60));
    place.merge(&[place.stage(1, (1, 30), rows(9000))]).unwrap();
    let text = place.text();
    let staged =
        [place.stage(2, (1, 30), rows(10).map(|r| ViewingRecord { session_id: SessionId::from_bytes([2; 16]), ..r }))];
    let error = merge(&RealDisk, &place.file(), &staged, &|| true).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(place.text(), text);
}

#[test]
fn counts_and_last_records_are_read_from_the_file() {
    let place = Place::new();
    assert_eq!(contents(&RealDisk, &place.file()).unwrap(), Contents { records: 0, viewers: 0, file_bytes: 0 });
    assert!(last_records(&RealDisk, &place.file()).unwrap().is_empty());
    place.merge(&[place.stage(1, (1, 30), [record(1, 5, 0), record(1, 3, 0)])]).unwrap();
    let last = last_records(&RealDisk, &place.file()).unwrap();
    assert_eq!(last[&SessionId::from_bytes([1; 16])].to_rfc3339(), "2024-03-05T10:00:00+00:00");
    assert_eq!(
        contents(&RealDisk, &place.file()).unwrap(),
        Contents { records: 2, viewers: 1, file_bytes: place.text().len() as u64 }
    );
}

type Bag = BTreeMap<String, u32>;

fn bag(text: &str) -> Bag {
    let mut bag = Bag::new();
    for line in text.lines().skip(1) {
        *bag.entry(line.to_owned()).or_default() += 1;
    }
    bag
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_file_of_anything_is_merged_into_or_left_as_it_is(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        rows in "([-0-9a-f]{36},[-0-9a-f]{36},,2024-03-0[0-9] [0-9:]{8}Z,1?,[0-9.]{1,4},\"?S,0,E,[0-9.]{1,3}\r?\n){0,4}",
        with_header: bool,
    ) {
        let place = Place::new();
        let old = if with_header { [HEADER.as_bytes(), rows.as_bytes()].concat() } else { bytes };
        std::fs::write(place.file(), &old).unwrap();
        let merged = place.merge(&[place.stage(1, (1, 3), [record(1, 2, 2)])]);
        let now = std::fs::read(place.file()).unwrap();
        if merged.is_ok() {
            prop_assert!(now.starts_with(old.trim_ascii_end()) || old.trim_ascii().is_empty());
        } else {
            prop_assert_eq!(now, old);
        }
    }

    /// Compared with the definition: of each record the larger of both counts, stored rows first and unchanged. The
    /// same with groups so small that each video needs its own reading.
    #[test]
    fn equals_the_multiset_union(
        stored in prop::collection::vec((1u8..5, 1u32..10, 0u32..3), 0..40),
        fetched in prop::collection::vec((1u8..5, 1u32..10, 0u32..3), 0..40),
        from in 1u32..10,
        group_rows in 1usize..8,
    ) {
        let place = Place::new();
        let records = |list: &[(u8, u32, u32)], video: u8| -> Vec<ViewingRecord> {
            list.iter().filter(|r| r.0 == video).map(|r| record(r.0, r.1, r.2)).collect()
        };
        let all: Vec<_> = (1..5).map(|video| place.stage(video, (1, 10), records(&stored, video))).collect();
        place.merge(&all).unwrap();
        let before = place.text();

        let late: Vec<_> = fetched.iter().copied().filter(|r| r.1 >= from).collect();
        let staged: Vec<_> = [3, 1, 4, 2].map(|video| place.stage(video, (from, 10), records(&late, video))).into();
        let merged = merge_in_groups(&RealDisk, &place.file(), &staged, &|| false, group_rows).unwrap();
        let after = place.text();
        prop_assert!(after.starts_with(&before));

        let other = Place::new();
        let fetched_only: Vec<_> = (1..5).map(|video| other.stage(video, (1, 10), records(&late, video))).collect();
        other.merge(&fetched_only).unwrap();
        let mut union = bag(&before);
        for (line, times) in bag(&other.text()) {
            let entry = union.entry(line).or_default();
            *entry = (*entry).max(times);
        }
        prop_assert_eq!(&bag(&after), &union);
        prop_assert_eq!(merged.1.records, union.values().map(|times| u64::from(*times)).sum::<u64>());
        prop_assert_eq!(merged.1.file_bytes, after.len() as u64);

        place.write(&before);
        merge(&RealDisk, &place.file(), &staged, &|| false).unwrap();
        prop_assert_eq!(place.text(), after, "groups change nothing");
    }
}
