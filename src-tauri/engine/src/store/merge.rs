//! Adds staged viewing records to `viewing_activity.csv`.
//!
//! The result is the multiset union by the whole record: for each record, as many as the file or the staged video has,
//! whichever is more. So a merge never drops a stored record, never doubles one, and gives the same file however often it
//! is repeated. Records are compared by value, not by spelling (`T`/`Z` or a blank, `1` or `1.0`).
//!
//! Stored rows stay byte for byte where they are, foreign columns included; new rows follow in the columns of the file, in
//! the order of the videos given and within each in the server's order.
//!
//! Memory holds the hashes of those stored rows that a staged range could have brought, at most half a million at a
//! time (or those of one video, if it has more); the file is read once more for each further group of videos.

use std::collections::{HashMap, HashSet};
use std::io::Write as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use model::{SessionId, ViewingRecord};
use xxhash_rust::xxh3::Xxh3;

use super::activity::{ACTIVITY_COLUMNS, ActivityReader, push_activity_header, push_activity_row};
use super::disk::{Disk, Durability, Replacement};
use super::refusal::disk_error;
use super::staging::StagedVideo;
use super::table::push_cell;
use crate::{Error, Result};

/// Stored rows whose hashes are held at a time.
const GROUP_ROWS: usize = 500_000;
/// Rows between two looks at whether the work was cancelled.
const ROWS_BETWEEN_CHECKS: u64 = 4096;
const BLOCK_BYTES: usize = 256 * 1024;

/// What a file of viewing records holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Viewing records.
    pub records: u64,
    /// Different viewers.
    pub viewers: u64,
    /// Length in bytes; 0 where there is no file.
    pub file_bytes: u64,
}

/// Merges the staged videos, each at most once in the list, into the file at `path`, which is made if it is not there.
/// Gives the number of new records and what the file now holds.
///
/// `is_cancelled` is asked now and then; when it says yes, the merge ends with [`crate::ErrorCode::Cancelled`] and the
/// file is as before. [`crate::ErrorCode::DataFileInvalid`] names the line of a damaged file, which is left as it is.
pub fn merge(
    disk: &dyn Disk,
    path: &Path,
    staged: &[StagedVideo],
    is_cancelled: &dyn Fn() -> bool,
) -> Result<(u64, Contents)> {
    merge_in_groups(disk, path, staged, is_cancelled, GROUP_ROWS)
}

fn merge_in_groups(
    disk: &dyn Disk,
    path: &Path,
    staged: &[StagedVideo],
    is_cancelled: &dyn Fn() -> bool,
    group_rows: usize,
) -> Result<(u64, Contents)> {
    let stored = Stored::open(disk, path, is_cancelled)?;
    let by_video: HashMap<SessionId, usize> =
        staged.iter().enumerate().map(|(at, staged)| (staged.video, at)).collect();
    // Which staged video could have brought this stored record.
    let place = |record: &ViewingRecord| {
        let index = by_video.get(&record.session_id).copied()?;
        staged[index].range.contains(record.recorded_at).then_some(index)
    };

    // The first reading counts, and already keeps the hashes in the usual case that all fit into one group.
    let mut overlap = vec![0usize; staged.len()];
    let mut all = Counts::default();
    let mut fits = true;
    let mut records = 0;
    let mut viewers = HashSet::new();
    stored.for_each(|record| {
        records += 1;
        viewers.insert(record.user_id);
        let Some(index) = place(record) else { return };
        overlap[index] += 1;
        fits &= all.len() < group_rows;
        if fits {
            all.add(record);
        }
    })?;
    if !fits {
        all = Counts::default();
    }

    let mut addition = Addition { stored: &stored, file: None, crlf: false, rows: 0, bytes: 0 };
    let mut begin = 0;
    while begin < staged.len() {
        let end = if fits { staged.len() } else { group_end(&overlap, begin, group_rows) };
        let mut counts = std::mem::take(&mut all);
        if !fits && overlap[begin..end].iter().any(|rows| *rows > 0) {
            stored.for_each(|record| {
                if place(record).is_some_and(|index| (begin..end).contains(&index)) {
                    counts.add(record);
                }
            })?;
        }
        for (index, video) in staged.iter().enumerate().take(end).skip(begin) {
            for (count, row) in (0u64..).zip(video.records(disk)?) {
                check(count, is_cancelled)?;
                let (_, record) = row?;
                if overlap[index] == 0 || !counts.take(&record) {
                    addition.push(&record)?;
                    viewers.insert(record.user_id);
                }
            }
        }
        begin = end;
    }
    let (new_records, file_bytes) = addition.commit()?;
    Ok((new_records, Contents { records: records + new_records, viewers: viewers.len() as u64, file_bytes }))
}

/// Where the group that begins here ends: as many videos as have `group_rows` stored rows together, at least one.
fn group_end(overlap: &[usize], begin: usize, group_rows: usize) -> usize {
    let mut sum = 0;
    let mut end = begin;
    while end < overlap.len() && (end == begin || sum + overlap[end] <= group_rows) {
        sum += overlap[end];
        end += 1;
    }
    end
}

/// The videos that have records in the file, each with the time of its last one; none where there is no file.
pub fn last_records(disk: &dyn Disk, path: &Path) -> Result<HashMap<SessionId, DateTime<Utc>>> {
    let mut last = HashMap::new();
    Stored::open(disk, path, &|| false)?.for_each(|record| {
        let at = record.recorded_at;
        last.entry(record.session_id).and_modify(|known: &mut DateTime<Utc>| *known = (*known).max(at)).or_insert(at);
    })?;
    Ok(last)
}

/// What the file holds.
pub fn contents(disk: &dyn Disk, path: &Path) -> Result<Contents> {
    let stored = Stored::open(disk, path, &|| false)?;
    let (mut records, mut viewers) = (0, HashSet::new());
    stored.for_each(|record| {
        records += 1;
        viewers.insert(record.user_id);
    })?;
    Ok(Contents { records, viewers: viewers.len() as u64, file_bytes: stored.bytes })
}

/// Records by hash, with how often each is there.
#[derive(Default)]
struct Counts(HashMap<u128, u32>);

impl Counts {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn add(&mut self, record: &ViewingRecord) {
        *self.0.entry(hash(record)).or_default() += 1;
    }

    /// Whether one more of these is already stored.
    fn take(&mut self, record: &ViewingRecord) -> bool {
        self.0.get_mut(&hash(record)).is_some_and(|left| {
            let any = *left > 0;
            *left = left.saturating_sub(1);
            any
        })
    }
}

/// 128 bits that stand for the whole record by value.
fn hash(record: &ViewingRecord) -> u128 {
    // Adding zero turns -0 into 0. An absent speed has bits that no number has.
    let bits = |number: f64| (number + 0.0).to_bits().to_le_bytes();
    let mut hasher = Xxh3::new();
    hasher.update(record.session_id.as_bytes());
    hasher.update(record.user_id.as_bytes());
    hasher.update(&record.recorded_at.timestamp_micros().to_le_bytes());
    hasher.update(&record.playback_speed.map_or(u64::MAX.to_le_bytes(), bits));
    hasher.update(&bits(record.start_secs));
    hasher.update(&bits(record.seconds_viewed));
    for word in [record.start_reason.as_str(), record.stop_reason.as_str()] {
        hasher.update(&(word.len() as u64).to_le_bytes());
        hasher.update(word.as_bytes());
    }
    hasher.digest128()
}

fn check(count: u64, is_cancelled: &dyn Fn() -> bool) -> Result<()> {
    if count.is_multiple_of(ROWS_BETWEEN_CHECKS) && is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
}

/// The file as it is before the merge.
struct Stored<'a> {
    disk: &'a dyn Disk,
    path: &'a Path,
    is_cancelled: &'a dyn Fn() -> bool,
    /// Length; 0 where there is no file.
    bytes: u64,
    /// For each column of the file, which of [`ACTIVITY_COLUMNS`] it is; empty where there is no file.
    columns: Vec<Option<usize>>,
}

impl<'a> Stored<'a> {
    fn open(disk: &'a dyn Disk, path: &'a Path, is_cancelled: &'a dyn Fn() -> bool) -> Result<Self> {
        let mut bytes =
            disk.stat(path).map_err(|error| disk_error("read", path, error))?.map_or(0, |found| found.length);
        let mut columns = Vec::new();
        if bytes > 0 {
            let is_known = |name: &Vec<u8>| {
                ACTIVITY_COLUMNS.iter().position(|column| column.as_bytes().eq_ignore_ascii_case(name))
            };
            columns = ActivityReader::open(disk, path)?.header().iter().map(is_known).collect();
            if columns.is_empty() {
                // Blank lines only: as good as no file.
                bytes = 0;
            }
        }
        Ok(Self { disk, path, is_cancelled, bytes, columns })
    }

    fn for_each(&self, mut each: impl FnMut(&ViewingRecord)) -> Result<()> {
        if self.bytes == 0 {
            return Ok(());
        }
        for (count, row) in (0u64..).zip(ActivityReader::open(self.disk, self.path)?) {
            check(count, self.is_cancelled)?;
            each(&row?.1);
        }
        Ok(())
    }

    fn has_usual_columns(&self) -> bool {
        self.columns.is_empty() || self.columns.iter().copied().eq((0..ACTIVITY_COLUMNS.len()).map(Some))
    }
}

/// The new file, begun only when there is something new.
struct Addition<'a> {
    stored: &'a Stored<'a>,
    file: Option<Replacement<'a>>,
    /// Whoever gave the file Windows' line ends keeps them.
    crlf: bool,
    rows: u64,
    bytes: u64,
}

impl<'a> Addition<'a> {
    fn push(&mut self, record: &ViewingRecord) -> Result<()> {
        let mut line = Vec::with_capacity(256);
        push_activity_row(&mut line, record);
        if !self.stored.has_usual_columns() {
            line = self.rearranged(&line)?;
        }
        if self.file.is_none() {
            self.file = Some(self.begin_file()?);
        }
        if self.crlf {
            line.insert(line.len() - 1, b'\r');
        }
        self.rows += 1;
        self.bytes += line.len() as u64;
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(&line).map_err(|error| disk_error("write", self.stored.path, error))
    }

    /// The line in the columns of the file; foreign ones stay empty.
    fn rearranged(&self, usual: &[u8]) -> Result<Vec<u8>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(usual);
        let mut cells = csv::StringRecord::new();
        reader.read_record(&mut cells).map_err(|error| disk_error("write", self.stored.path, error.into()))?;
        let mut line = Vec::with_capacity(usual.len());
        for (at, column) in self.stored.columns.iter().enumerate() {
            if at > 0 {
                line.push(b',');
            }
            push_cell(&mut line, column.and_then(|column| cells.get(column)).unwrap_or_default());
        }
        line.push(b'\n');
        Ok(line)
    }

    /// A new file that holds the old one byte for byte, or the headers.
    fn begin_file(&mut self) -> Result<Replacement<'a>> {
        let path = self.stored.path;
        let mut file = Replacement::begin(self.stored.disk, path, Durability::Durable)?;
        let mut write = |bytes: &[u8]| {
            self.bytes += bytes.len() as u64;
            file.write_all(bytes).map_err(|error| disk_error("write", path, error))
        };
        if self.stored.bytes == 0 {
            let mut header = Vec::new();
            push_activity_header(&mut header);
            write(&header)?;
            return Ok(file);
        }
        let mut old = self.stored.disk.open(path).map_err(|error| disk_error("read", path, error))?;
        let mut block = vec![0; BLOCK_BYTES];
        let mut end = [0, b'\n'];
        loop {
            let count = old.read(&mut block).map_err(|error| disk_error("read", path, error))?;
            if count == 0 {
                break;
            }
            write(&block[..count])?;
            end = [if count > 1 { block[count - 2] } else { end[1] }, block[count - 1]];
        }
        if end[1] != b'\n' {
            write(b"\n")?;
        }
        self.crlf = end == *b"\r\n";
        Ok(file)
    }

    /// Puts the new file in place; gives the number of new rows and the file's length.
    fn commit(mut self) -> Result<(u64, u64)> {
        if self.file.is_none() && self.stored.bytes == 0 {
            // A course without any view has a file too: the headers.
            self.file = Some(self.begin_file()?);
        }
        let Some(file) = self.file else { return Ok((0, self.stored.bytes)) };
        file.commit()?;
        Ok((self.rows, self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::{FolderId, UserId, ViewingRecord};
    use panopto::UsageRange;
    use proptest::prelude::*;

    use super::super::disk::RealDisk;
    use super::super::layout::DataFolder;
    use super::super::staging::Staging;
    use super::*;
    use crate::ErrorCode;

    const HEADER: &str = "SessionId,UserId,Date,DateTime,PlaybackSpeed,StartPosition,StartReason,StopPosition,StopReason,SecondsViewed\n";

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
        let merged =
            place.merge(&[place.stage(1, (1, 3), [record(1, 1, 1), record(1, 1, 2), record(1, 1, 2)])]).unwrap();
        assert_eq!((merged.0, merged.1.records), (1, 4));
    }

    #[test]
    fn spelling_makes_no_other_record_and_stored_bytes_stay() {
        let place = Place::new();
        // Reordered and foreign columns, T and Z, 1 and 1.0, upper case, Windows' line ends, none at the end.
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
            assert_eq!(error.code(), ErrorCode::DataFileInvalid);
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
        let staged = [place.stage(
            2,
            (1, 30),
            rows(10).map(|r| ViewingRecord { session_id: SessionId::from_bytes([2; 16]), ..r }),
        )];
        let error = merge(&RealDisk, &place.file(), &staged, &|| true).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Cancelled);
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

        /// Against the definition: for each record the larger of both counts, stored rows first and unchanged; the same
        /// with groups so small that each video needs a reading of its own.
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
}
