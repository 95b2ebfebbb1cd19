//! Reads and writes `database/…/viewing_activity.csv` record by record, as precisely as sync and merging need.
//!
//! Chunking reads the same file by columns instead (see [`super::columns`]). Reading a file here and writing it again
//! gives the same bytes if this program wrote it, and the same values if the original tool did.

use std::collections::VecDeque;
use std::io::Read;
use std::path::Path;

use csv::ByteRecord;
use model::{SessionId, StartReason, StopReason, UserId, ViewingRecord};

use super::disk::Disk;
use super::moment::{Moment, push_date, push_moment};
use super::number::{parse_nearest, push_number};
use super::refusal::disk_error;
use super::table::{Source, find_columns, first_line_of, push_cell, quoted};
use crate::unfit::MOST_COURSE_BYTES;
use crate::{Error, ErrorKind, Result};

/// The columns of `viewing_activity.csv`, in the order in which they are written.
pub(crate) const ACTIVITY_COLUMNS: [&str; 10] = [
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
];

/// The columns that are read here; the others follow from them.
const READ: [&str; 8] =
    ["SessionId", "UserId", "DateTime", "PlaybackSpeed", "StartPosition", "StartReason", "StopReason", "SecondsViewed"];

/// What to do about a damaged file of viewing records.
pub(crate) const REMEDY: &str = "Correct or remove the line; or move the file away and remove the course from `state.csv`, and the next sync gets everything again";

/// Reads the viewing records of a file, one after the other.
///
/// Ends after its first error, because nothing after a damaged line can be read reliably.
pub struct ActivityReader<'a> {
    reader: csv::Reader<LineEnds<Box<dyn Read + Send>>>,
    source: Source<'a>,
    columns: Vec<usize>,
    width: usize,
    record: ByteRecord,
    failed: bool,
}

impl std::fmt::Debug for ActivityReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActivityReader").field("path", &self.source.path).finish_non_exhaustive()
    }
}

impl<'a> ActivityReader<'a> {
    /// Opens a file and reads its headers. A file of 0 bytes has no records.
    pub fn open(disk: &dyn Disk, path: &'a Path) -> Result<Self> {
        let file = disk.open(path).map_err(|error| disk_error("read", path, error))?;
        Self::over(file, path)
    }

    /// Reads records, headers first, from any source. Errors call it `path`.
    pub(crate) fn over(file: impl Read + Send + 'static, path: &'a Path) -> Result<Self> {
        let source = Source { path, code: ErrorKind::DataFileInvalid, remedy: REMEDY, most_bytes: MOST_COURSE_BYTES };
        let file: Box<dyn Read + Send> = Box::new(file);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(1 << 16)
            .from_reader(LineEnds::of(file));
        let mut record = ByteRecord::new();
        let (mut columns, mut width) = (Vec::new(), 0);
        if reader.read_byte_record(&mut record).map_err(|error| reading_error(source, error))? {
            let first = record.get(0).unwrap_or_default();
            let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
            columns = find_columns(source, &std::iter::once(first).chain(record.iter().skip(1)), &READ)?;
            width = record.len();
        }
        Ok(Self { reader, source, columns, width, record, failed: false })
    }

    /// The names in the first line, without the blanks and quotes around them; none in a file of 0 bytes. Call it
    /// before the first record.
    pub(crate) fn header(&self) -> Vec<Vec<u8>> {
        self.record
            .iter()
            .map(|name| name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name).trim_ascii().to_vec())
            .collect()
    }

    fn read_next(&mut self) -> Result<Option<(u64, ViewingRecord)>> {
        loop {
            if !self.reader.read_byte_record(&mut self.record).map_err(|error| reading_error(self.source, error))? {
                return Ok(None);
            }
            let end = self.reader.position().byte();
            let (line_ends, is_ended) = self.reader.get_mut().before(end);
            let line = first_line_of(&self.record, line_ends, is_ended);
            if self.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            if self.record.len() != self.width {
                let found = self.record.len();
                return Err(self
                    .source
                    .line_error(line, format_args!("{found} cells where the first line has {}", self.width)));
            }
            return self.parse().map(|record| Some((line, record))).map_err(|problem| problem.at(self.source, line));
        }
    }

    fn parse(&self) -> Result<ViewingRecord, Problem> {
        let id = |index: usize| self.text(index).map(str::trim);
        let number = |index: usize| {
            let cell = self.cell(index);
            parse_nearest(cell).ok_or_else(|| Problem::new(READ[index], cell, "a number"))
        };
        let user = id(1)?;
        Ok(ViewingRecord {
            session_id: SessionId::parse(id(0)?).map_err(|_| Problem::new(READ[0], self.cell(0), "a Panopto ID"))?,
            user_id: if user.is_empty() {
                UserId::NIL
            } else {
                UserId::parse(user).map_err(|_| Problem::new(READ[1], self.cell(1), "a Panopto ID"))?
            },
            recorded_at: Moment::parse(self.cell(2))
                .ok_or_else(|| {
                    Problem::new(READ[2], self.cell(2), "a date and time such as 2021-09-08 15:00:12+00:00")
                })?
                .to_utc(),
            playback_speed: if self.cell(3).trim_ascii().is_empty() { None } else { Some(number(3)?) },
            start_secs: number(4)?,
            start_reason: StartReason::from(self.text(5)?),
            stop_reason: StopReason::from(self.text(6)?),
            seconds_viewed: number(7)?,
        })
    }

    fn cell(&self, index: usize) -> &[u8] {
        &self.record[self.columns[index]]
    }

    fn text(&self, index: usize) -> Result<&str, Problem> {
        let cell = self.cell(index);
        std::str::from_utf8(cell).map_err(|_| Problem::new(READ[index], cell, "text in UTF-8"))
    }
}

impl Iterator for ActivityReader<'_> {
    /// The line at which a record starts (counted from 1, including the headers), and the record.
    type Item = Result<(u64, ViewingRecord)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.read_next().transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}

/// Passes bytes on and remembers where their lines end.
struct LineEnds<R> {
    inner: R,
    /// Bytes passed on.
    passed: u64,
    /// Line ends that have not been counted yet.
    ahead: VecDeque<u64>,
    /// How many have been counted, and the last of them.
    counted: u64,
    last: Option<u64>,
}

impl<R> LineEnds<R> {
    fn of(inner: R) -> Self {
        Self { inner, passed: 0, ahead: VecDeque::new(), counted: 0, last: None }
    }

    /// How many line ends lie before `end`, and whether one of them is just before it. `end` must never decrease.
    fn before(&mut self, end: u64) -> (u64, bool) {
        while let Some(at) = self.ahead.front().copied().filter(|at| *at < end) {
            self.ahead.pop_front();
            self.counted += 1;
            self.last = Some(at);
        }
        (self.counted, self.last.is_some_and(|last| last + 1 == end))
    }
}

impl<R: Read> Read for LineEnds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.ahead.extend(memchr::memchr_iter(b'\n', &buffer[..length]).map(|at| self.passed + at as u64));
        self.passed += length as u64;
        Ok(length)
    }
}

fn reading_error(source: Source<'_>, error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => disk_error("read", source.path, error),
        other => source.file_error(format_args!("cannot be read: {other:?}")),
    }
}

/// Why a cell cannot be read.
pub(crate) struct Problem(String);

impl Problem {
    pub(crate) fn new(column: &str, cell: &[u8], expected: &str) -> Self {
        Self(format!("in column `{column}`, {} is not {expected}", quoted(&String::from_utf8_lossy(cell))))
    }

    /// A problem with the row as a whole.
    pub(crate) fn of_row(problem: String) -> Self {
        Self(problem)
    }

    pub(crate) fn at(self, source: Source<'_>, line: u64) -> Error {
        source.line_error(line, self.0)
    }
}

/// Appends the header line.
pub fn push_activity_header(out: &mut Vec<u8>) {
    out.extend_from_slice(ACTIVITY_COLUMNS.join(",").as_bytes());
    out.push(b'\n');
}

/// Appends one viewing record as a line.
pub fn push_activity_row(out: &mut Vec<u8>, record: &ViewingRecord) {
    let mut id = [0; 36];
    out.extend_from_slice(record.session_id.encode(&mut id).as_bytes());
    out.push(b',');
    out.extend_from_slice(record.user_id.encode(&mut id).as_bytes());
    out.push(b',');
    push_date(out, record.utc_date());
    out.push(b',');
    push_moment(out, record.recorded_at);
    out.push(b',');
    if let Some(speed) = record.playback_speed {
        push_number(out, speed);
    }
    out.push(b',');
    push_number(out, record.start_secs);
    out.push(b',');
    push_cell(out, record.start_reason.as_str());
    out.push(b',');
    push_number(out, record.stop_secs());
    out.push(b',');
    push_cell(out, record.stop_reason.as_str());
    out.push(b',');
    push_number(out, record.seconds_viewed);
    out.push(b'\n');
}
