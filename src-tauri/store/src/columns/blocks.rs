//! Cuts a file of viewing records into blocks between its rows.

use std::io::Read;
use std::path::{Path, PathBuf};

use memchr::memchr_iter;
use xxhash_rust::xxh3::Xxh3;

use super::cells::{row_end, whole_rows};
use super::{BadRow, Columns};
use crate::activity::REMEDY;
use crate::disk::Disk;
use crate::refusal::disk_error;
use crate::staging::{StagedVideo, Staging};
use crate::table::Source;
use crate::unfit::MOST_COURSE_BYTES;
use crate::{Error, ErrorKind, Result};

/// The approximate size of a block: large enough to make the cutting cheap, small enough for the processor's cache.
const BLOCK_BYTES: usize = 1 << 20;
/// No real row of viewing records is nearly this long. A file with a longer one is damaged (a quote that is never
/// closed).
const LONGEST_ROW_BYTES: usize = 16 << 20;

/// The rows of a file of viewing records, in blocks.
pub struct Blocks {
    path: PathBuf,
    file: Box<dyn Read + Send>,
    /// The beginning of the next block, already read: the row that the last block's end cut through.
    carry: Vec<u8>,
    /// Where the next block starts in the file.
    offset: u64,
    /// How many blocks have been given out.
    count: u32,
    at_end: bool,
    block_bytes: usize,
    /// Bytes read so far, and their hash.
    length: u64,
    hasher: Xxh3,
}

impl std::fmt::Debug for Blocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocks").field("path", &self.path).field("offset", &self.offset).finish_non_exhaustive()
    }
}

/// The place of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockPlace {
    /// The block's number, from 0.
    pub number: u32,
    /// Where the block starts in the file.
    pub offset: u64,
}

impl Blocks {
    /// Opens a file and reads its headers. A file of 0 bytes has no rows.
    pub fn open(disk: &dyn Disk, path: &Path) -> Result<(Self, Columns)> {
        Self::open_in_blocks_of(BLOCK_BYTES, disk, path)
    }

    /// The records of videos that are staged, read as one file.
    pub fn of_staged(staging: &Staging, staged: &[StagedVideo]) -> Result<(Self, Columns)> {
        Self::over(BLOCK_BYTES, Box::new(staging.table_of(staged)), staging.dir())
    }

    fn open_in_blocks_of(block_bytes: usize, disk: &dyn Disk, path: &Path) -> Result<(Self, Columns)> {
        let file = disk.open(path).map_err(|error| disk_error("read", path, error))?;
        Self::over(block_bytes, Box::new(file), path)
    }

    /// `path` is what errors call it.
    fn over(block_bytes: usize, file: Box<dyn Read + Send>, path: &Path) -> Result<(Self, Columns)> {
        let mut blocks = Self {
            path: path.to_owned(),
            file,
            carry: Vec::new(),
            offset: 0,
            count: 0,
            at_end: false,
            block_bytes,
            length: 0,
            hasher: Xxh3::new(),
        };
        let mut first = Vec::new();
        let mut wanted = block_bytes;
        let (marked, end) = loop {
            blocks.fill(&mut first, wanted)?;
            let marked = if first.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            if blocks.at_end && first.len() == marked {
                return Ok((blocks, Columns::none()));
            }
            if let Some(end) = row_end(&first, marked) {
                break (marked, end);
            }
            if blocks.at_end {
                break (marked, first.len());
            }
            if first.len() >= LONGEST_ROW_BYTES {
                return Err(blocks.source().file_error("does not begin with a line of column names"));
            }
            wanted = first.len() * 2;
        };
        let columns = Columns::find(blocks.source(), &first[marked..end])?;
        let rows = (end + 1).min(first.len());
        blocks.carry = first.split_off(rows);
        blocks.offset = rows as u64;
        Ok((blocks, columns))
    }

    fn source(&self) -> Source<'_> {
        Source { path: &self.path, code: ErrorKind::DataFileInvalid, remedy: REMEDY, most_bytes: MOST_COURSE_BYTES }
    }

    /// Reads on until `block` has `length` bytes or the file ends.
    fn fill(&mut self, block: &mut Vec<u8>, length: usize) -> Result<()> {
        let before = block.len();
        let missing = length.saturating_sub(before);
        if missing > 0 && !self.at_end {
            block.reserve(missing);
            let read = (&mut self.file).take(missing as u64).read_to_end(block);
            let read = read.map_err(|error| disk_error("read", &self.path, error))?;
            self.at_end = read < missing;
            self.hasher.update(&block[before..]);
            self.length += read as u64;
        }
        Ok(())
    }

    /// Puts the next whole rows into `block` and reuses its memory. `None` at the end of the file.
    pub fn next_block(&mut self, block: &mut Vec<u8>) -> Result<Option<BlockPlace>> {
        block.clear();
        block.append(&mut self.carry);
        let mut wanted = self.block_bytes;
        loop {
            self.fill(block, wanted)?;
            if block.is_empty() {
                return Ok(None);
            }
            let whole = if self.at_end { Some(block.len()) } else { whole_rows(block) };
            if let Some(whole) = whole {
                self.carry.extend_from_slice(&block[whole..]);
                block.truncate(whole);
                let place = BlockPlace { number: self.count, offset: self.offset };
                self.count += 1;
                self.offset += whole as u64;
                return Ok(Some(place));
            }
            if block.len() >= LONGEST_ROW_BYTES {
                return Err(self.source().file_error(format_args!(
                    "is damaged: what starts {} bytes after its beginning is no line of a table",
                    self.offset
                )));
            }
            wanted = block.len() * 2;
        }
    }

    /// Length and hash of the whole file, once every block has been read.
    pub fn length_and_hash(&self) -> (u64, u128) {
        (self.length, self.hasher.digest128())
    }
}

/// The error for a bad row. Reads the file again up to that row, to find its line number.
pub fn row_error(disk: &dyn Disk, path: &Path, place: BlockPlace, bad: BadRow) -> Error {
    let source = Source { path, code: ErrorKind::DataFileInvalid, remedy: REMEDY, most_bytes: MOST_COURSE_BYTES };
    let lines = (|| -> std::io::Result<u64> {
        let mut file = disk.open(path)?.take(place.offset + bad.at as u64);
        let mut block = vec![0; BLOCK_BYTES];
        let mut lines = 0;
        loop {
            match file.read(&mut block)? {
                0 => return Ok(lines),
                read => lines += memchr_iter(b'\n', &block[..read]).count() as u64,
            }
        }
    })();
    match lines {
        Ok(lines) => bad.problem.at(source, lines + 1),
        Err(error) => disk_error("read", path, error),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::RealDisk;
    use crate::activity::ActivityReader;
    use crate::moment::Moment;

    /// The contents of a row: IDs, moment, positions.
    type Said = (String, String, Moment, f64, f64);

    fn scan(text: &[u8], block_bytes: usize) -> Result<Vec<Said>> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("viewing_activity.csv");
        std::fs::write(&path, text).unwrap();
        let (mut blocks, columns) = Blocks::open_in_blocks_of(block_bytes, &RealDisk, &path)?;
        let (mut rows, mut block) = (Vec::new(), Vec::new());
        let mut offset = None;
        while let Some(place) = blocks.next_block(&mut block)? {
            assert!(offset.is_none_or(|offset| offset == place.offset), "blocks follow each other");
            offset = Some(place.offset + block.len() as u64);
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            columns
                .for_each_row(&block, |row| {
                    rows.push((text(row.session), text(row.user), row.moment, row.start_secs, row.stop_secs));
                    Ok(())
                })
                .map_err(|bad| row_error(&RealDisk, &path, place, bad))?;
        }
        assert_eq!(blocks.length_and_hash(), (text.len() as u64, xxhash_rust::xxh3::xxh3_128(text)));
        Ok(rows)
    }

    /// How a test table is written.
    #[derive(Debug, Clone)]
    struct Style {
        order: Vec<usize>,
        line_end: &'static str,
        mark: bool,
        ends: bool,
        quote_all: bool,
        blank_lines: bool,
        iso: bool,
    }

    fn style() -> impl Strategy<Value = Style> {
        let order = Just((0..12).collect::<Vec<_>>()).prop_shuffle();
        (order, any::<[bool; 7]>()).prop_map(|(order, [crlf, mark, ends, quote_all, blank_lines, iso, usual])| Style {
            order: if usual { (0..12).collect() } else { order },
            line_end: if crlf { "\r\n" } else { "\n" },
            mark,
            ends,
            quote_all,
            blank_lines,
            iso,
        })
    }

    const NAMES: [&str; 12] = [
        "SessionId",
        "UserId",
        "Date",
        "DateTime",
        "PlaybackSpeed",
        "StartPosition",
        "StartReason",
        "StopPosition",
        "StopReason",
        "SecondsViewed",
        "Extra",
        "More, \"quoted\"",
    ];

    fn cell(text: &str, quote_all: bool) -> String {
        if quote_all || text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    }

    #[derive(Debug, Clone)]
    struct Spoken {
        session: u32,
        user: u32,
        secs: i64,
        micros: u32,
        start_millis: i32,
        viewed_millis: u32,
        reason: String,
    }

    fn spoken() -> impl Strategy<Value = Spoken> {
        (any::<u32>(), 0u32..5, 0i64..4_000_000_000, prop::sample::select(vec![0u32, 120_000, 999_999])).prop_flat_map(
            |(session, user, secs, micros)| {
                (-1000i32..9_000_000, 0u32..1_000_000, "[a-zA-Z,\"\n]{0,6}").prop_map(
                    move |(start_millis, viewed_millis, reason)| Spoken {
                        session,
                        user,
                        secs,
                        micros,
                        start_millis,
                        viewed_millis,
                        reason,
                    },
                )
            },
        )
    }

    fn id(number: u32) -> String {
        format!("{number:08x}-0000-4000-8000-00000000000a")
    }

    fn table(rows: &[Spoken], style: &Style) -> (String, Vec<Said>) {
        let mut text = if style.mark { "\u{feff}".to_owned() } else { String::new() };
        let mut said = Vec::new();
        let mut line = |cells: [String; 12]| {
            let cells: Vec<String> = style.order.iter().map(|at| cell(&cells[*at], style.quote_all)).collect();
            text += &cells.join(",");
            text += style.line_end;
            if style.blank_lines {
                text += style.line_end;
            }
        };
        line(NAMES.map(str::to_owned));
        for row in rows {
            let moment = chrono::DateTime::from_timestamp(row.secs, row.micros * 1000).unwrap();
            let format = if style.iso { "%Y-%m-%dT%H:%M:%S%.fZ" } else { "%Y-%m-%d %H:%M:%S%.6f+00:00" };
            let start = f64::from(row.start_millis) / 1000.0;
            let viewed = f64::from(row.viewed_millis) / 1000.0;
            // Rounded to the millisecond, so that both ways of reading numbers agree.
            let stop = f64::from(row.start_millis + row.viewed_millis.cast_signed()) / 1000.0;
            said.push((id(row.session), id(row.user), Moment::from_utc(moment), start, stop));
            line([
                id(row.session),
                id(row.user),
                moment.format("%Y-%m-%d").to_string(),
                moment.format(format).to_string(),
                "1.0".to_owned(),
                format!("{start:?}"),
                row.reason.clone(),
                format!("{stop:?}"),
                "End".to_owned(),
                format!("{viewed:?}"),
                row.reason.clone(),
                String::new(),
            ]);
        }
        if !style.ends {
            text.truncate(text.trim_end().len());
        }
        (text, said)
    }

    proptest! {
        #[test]
        fn every_row_is_read_wherever_the_blocks_are_cut(
            rows in prop::collection::vec(spoken(), 0..30),
            style in style(),
            block_bytes in prop::sample::select(vec![1usize, 7, 64, 150, 333, 4096, BLOCK_BYTES]),
        ) {
            let (text, said) = table(&rows, &style);
            prop_assert_eq!(&scan(text.as_bytes(), block_bytes).unwrap(), &said);
            // The precise reader sees the same records.
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("viewing_activity.csv");
            std::fs::write(&path, &text).unwrap();
            let precise: Vec<_> = ActivityReader::open(&RealDisk, &path)
                .unwrap()
                .map(|record| record.unwrap().1)
                .map(|record| (record.session_id.to_string(), record.user_id.to_string(), Moment::from_utc(record.recorded_at), record.start_secs))
                .collect();
            let expected: Vec<_> = said.into_iter().map(|(session, user, moment, start, _)| (session, user, moment, start)).collect();
            prop_assert_eq!(precise, expected);
        }

        #[test]
        fn any_bytes_are_read_without_panic(
            bytes in prop::collection::vec(prop::sample::select(b"\"\",,\n\n\r0a-:. T+\xff\xef".to_vec()), 0..400),
            with_header: bool,
            block_bytes in 1usize..100,
        ) {
            let mut text = if with_header { format!("{}\n", NAMES[..10].join(",")).into_bytes() } else { Vec::new() };
            text.extend(bytes);
            let _ = scan(&text, block_bytes);
        }

        #[test]
        fn a_row_with_one_byte_changed_is_read_or_named(rows in prop::collection::vec(spoken(), 1..4), style in style(), at: prop::sample::Index, byte: u8) {
            let (text, _) = table(&rows, &style);
            let mut text = text.into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            if let Err(error) = scan(&text, 64) {
                prop_assert_eq!(error.kind(), ErrorKind::DataFileInvalid);
            }
        }
    }

    #[test]
    fn a_damaged_row_is_named_by_its_line() {
        let header = NAMES[..10].join(",");
        let good =
            format!("{0},{0},2024-01-01,2024-01-01 00:00:00+00:00,1.0,0.0,Start,1.0,\"two\nlines\",1.0\n", id(1));
        for (bad, problem) in [
            ("x,y\n".to_owned(), "2 cells where the first line has 10"),
            (good.replace("1.0,\"two\nlines\",1.0", "1.0,End,1.0,9"), "11 cells where the first line has 10"),
            (good.replace(",0.0,", ",zero,"), "in column `StartPosition`, `zero` is not a number of seconds"),
            (
                good.replace("2024-01-01 00:00:00+00:00", "yesterday"),
                "in column `DateTime`, `yesterday` is not a date and time such as 2021-09-08 15:00:12+00:00",
            ),
        ] {
            // Line 1 is the headers, 2-3 a row of two lines, 4 blank, 5-6 a row, 7 the bad one.
            let unix = format!("{header}\n{good}\n{good}{bad}{good}");
            for text in [unix.replace('\n', "\r\n"), unix] {
                let directory = tempfile::tempdir().unwrap();
                let path = directory.path().join("viewing_activity.csv");
                std::fs::write(&path, &text).unwrap();
                let precise = ActivityReader::open(&RealDisk, &path).unwrap().find_map(Result::err).unwrap();
                assert!(precise.message().starts_with("Line 7 of `"), "{}", precise.message());
                for block_bytes in [1, 100, 200, 10_000] {
                    let error = scan(text.as_bytes(), block_bytes).unwrap_err();
                    assert!(error.message().starts_with("Line 7 of `"), "{}", error.message());
                    assert!(error.message().ends_with(problem), "{}", error.message());
                }
            }
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_an_error_and_not_a_long_wait() {
        let header = NAMES[..10].join(",");
        let mut text = format!("{header}\n\"{}", id(1)).into_bytes();
        text.resize(LONGEST_ROW_BYTES + 2 * BLOCK_BYTES, b'x');
        let error = scan(&text, BLOCK_BYTES).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DataFileInvalid);
    }
}
