//! Reading `viewing_activity.csv` by columns, as fast as memory allows: what chunking and the figures need.
//!
//! The file is cut into blocks of about 1 MiB that end between rows ([`Blocks`]); any number of threads take the next block
//! and read its rows ([`Columns::for_each_row`]) without allocating. The usual spelling of each cell is tried first, at
//! its usual length; whatever else a CSV file may hold (quotes, other orders and spellings) takes the slow way and gives
//! the same result.
//!
//! Deliberately absent: columns that chunking does not need, and line numbers, which are counted only for an error.
//!
//! Invariant: a block starts and ends between rows, so rows never depend on where the blocks were cut.

use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};

use memchr::{memchr, memchr_iter, memchr2, memrchr};
use xxhash_rust::xxh3::Xxh3;

use super::activity::{Problem, REMEDY};
use super::disk::{Disk, DiskReader};
use super::moment::Moment;
use super::number::{parse_as_pandas, read_short_decimal};
use super::refusal::disk_error;
use super::table::{Source, find_columns};
use crate::{Error, ErrorCode, Result};

/// Blocks have about this size: large enough to make the cutting cheap, small enough for the processor's cache.
const BLOCK_BYTES: usize = 1 << 20;
/// No row of viewing records comes near this; a file that has one is damaged (a quote that is never closed).
const LONGEST_ROW_BYTES: usize = 16 << 20;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Session,
    User,
    Moment,
    Start,
    Stop,
    /// Not needed here; usually so many bytes long.
    Other(usize),
}

const WANTED: [&str; 5] = ["SessionId", "UserId", "DateTime", "StartPosition", "StopPosition"];
const WANTED_KINDS: [Kind; 5] = [Kind::Session, Kind::User, Kind::Moment, Kind::Start, Kind::Stop];

/// One row, as far as it is needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScannedRow<'b> {
    /// The video's ID as it is written, without blanks around it.
    pub session: &'b [u8],
    /// The viewer's ID as it is written, without blanks around it; may be empty.
    pub user: &'b [u8],
    /// When the server stored the run.
    pub moment: Moment,
    /// Where the run started, read as pandas reads it.
    pub start_secs: f64,
    /// Where it stopped, read as pandas reads it.
    pub stop_secs: f64,
}

/// A cell that cannot be used, and where.
pub struct BadRow {
    /// Where the row starts within the block.
    pub at: usize,
    problem: Problem,
}

impl std::fmt::Debug for BadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BadRow").field("at", &self.at).finish_non_exhaustive()
    }
}

/// Why a receiver of rows refuses one: the column and what was expected in it.
#[derive(Debug, Clone, Copy)]
pub enum BadId {
    /// The video's ID.
    Session,
    /// The viewer's ID.
    User,
}

/// Which column of the file holds what.
#[derive(Debug, Clone)]
pub struct Columns {
    kinds: Vec<Kind>,
}

/// Where a cell ends: at the index of the comma or line end after it.
type End = usize;

impl Columns {
    fn find(source: Source<'_>, header: &[u8]) -> Result<Self> {
        let mut names = Vec::new();
        let mut at = 0;
        loop {
            let (cell, end) = slow_cell(header, at);
            names.push(cell.into_owned());
            if header.get(end) != Some(&b',') {
                break;
            }
            at = end + 1;
        }
        let places = find_columns(source, &names.iter().map(Vec::as_slice), &WANTED)?;
        let mut kinds: Vec<Kind> =
            names.iter().map(|name| Kind::Other(if name.eq_ignore_ascii_case(b"Date") { 10 } else { 0 })).collect();
        for (place, kind) in places.into_iter().zip(WANTED_KINDS) {
            kinds[place] = kind;
        }
        Ok(Self { kinds })
    }

    /// Calls `each` with every row of a block; it may refuse a row because of an ID. Blank lines are passed over.
    pub fn for_each_row(
        &self,
        block: &[u8],
        mut each: impl FnMut(ScannedRow<'_>) -> Result<(), BadId>,
    ) -> Result<(), BadRow> {
        let mut at = 0;
        let mut scratch = Scratch::default();
        while at < block.len() {
            match self.read_row(block, at, &mut scratch) {
                Ok((row, end)) => {
                    if let Err(bad) = each(row) {
                        let (column, cell) = match bad {
                            BadId::Session => (WANTED[0], row.session),
                            BadId::User => (WANTED[1], row.user),
                        };
                        return Err(BadRow { at, problem: Problem::new(column, cell, "a Panopto ID") });
                    }
                    at = end + 1;
                }
                Err(problem) => {
                    let end = row_end(block, at).unwrap_or(block.len());
                    if !block[at..end].iter().all(|byte| matches!(byte, b',' | b' ' | b'\t' | b'\r' | b'"')) {
                        return Err(BadRow { at, problem });
                    }
                    at = end + 1;
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn read_row<'b>(
        &self,
        block: &'b [u8],
        start: usize,
        scratch: &'b mut Scratch,
    ) -> Result<(ScannedRow<'b>, End), Problem> {
        let mut row = ScannedRow { session: &[], user: &[], moment: Moment::EPOCH, start_secs: 0.0, stop_secs: 0.0 };
        let Scratch { session: session_scratch, user: user_scratch } = scratch;
        let (mut session_scratch, mut user_scratch) = (Some(session_scratch), Some(user_scratch));
        let mut at = start;
        let mut end = start;
        for (index, kind) in self.kinds.iter().enumerate() {
            if index > 0 {
                if block.get(end) != Some(&b',') {
                    return Err(self.wrong_width(block, start));
                }
                at = end + 1;
            }
            end = match kind {
                Kind::Session => read_id(block, at, session_scratch.take(), &mut row.session),
                Kind::User => read_id(block, at, user_scratch.take(), &mut row.user),
                Kind::Moment => read_moment(block, at, &mut row.moment)?,
                Kind::Start => read_position(block, at, WANTED[3], &mut row.start_secs)?,
                Kind::Stop => read_position(block, at, WANTED[4], &mut row.stop_secs)?,
                Kind::Other(usual) => pass_cell(block, at, *usual),
            };
        }
        match block.get(end) {
            Some(b',') => Err(self.wrong_width(block, start)),
            _ => Ok((row, end)),
        }
    }

    #[cold]
    fn wrong_width(&self, block: &[u8], start: usize) -> Problem {
        let mut cells = 1;
        let mut end = slow_cell(block, start).1;
        while block.get(end) == Some(&b',') {
            cells += 1;
            end = slow_cell(block, end + 1).1;
        }
        Problem::of_row(format!("{cells} cells where the first line has {}", self.kinds.len()))
    }
}

/// Room for IDs that had to be unquoted.
#[derive(Default)]
struct Scratch {
    session: Vec<u8>,
    user: Vec<u8>,
}

/// Length of an ID in its usual spelling.
const ID_LENGTH: usize = 36;

/// Whether a cell of the usual length ends here, so that no search for its end is needed. That nothing within it is a
/// separator, the reading of the cell itself has to find out.
#[inline]
fn ends_at(block: &[u8], end: usize) -> bool {
    matches!(block.get(end), Some(b',' | b'\n'))
}

#[inline]
fn read_id<'b>(block: &'b [u8], at: usize, scratch: Option<&'b mut Vec<u8>>, id: &mut &'b [u8]) -> End {
    let usual = at + ID_LENGTH;
    if ends_at(block, usual) {
        let text = &block[at..usual];
        // The hyphens stand where they should and hexadecimal digits are all above the comma and the line end.
        if text[8] == b'-'
            && text[13] == b'-'
            && text[18] == b'-'
            && text[23] == b'-'
            && text.iter().all(|byte| *byte > b',')
        {
            *id = text;
            return usual;
        }
    }
    let (cell, end) = slow_cell(block, at);
    *id = match (cell, scratch) {
        (Cow::Borrowed(cell), _) => cell.trim_ascii(),
        (Cow::Owned(cell), Some(scratch)) => {
            *scratch = cell;
            scratch.trim_ascii()
        }
        // Only if a file had two columns of one name, and only the first is taken.
        (Cow::Owned(_), None) => &[],
    };
    end
}

#[inline]
fn read_moment(block: &[u8], at: usize, moment: &mut Moment) -> Result<End, Problem> {
    // "2021-09-08 15:00:12.123000+00:00" and the same without microseconds.
    for usual in [at + 32, at + 25] {
        if ends_at(block, usual)
            && let Some(read) = Moment::parse_usual(&block[at..usual])
        {
            *moment = read;
            return Ok(usual);
        }
    }
    let (cell, end) = slow_cell(block, at);
    *moment = Moment::parse(&cell)
        .ok_or_else(|| Problem::new(WANTED[2], &cell, "a date and time such as 2021-09-08 15:00:12+00:00"))?;
    Ok(end)
}

#[inline]
fn read_position(block: &[u8], at: usize, column: &str, position: &mut f64) -> Result<End, Problem> {
    if let Some((number, length)) = read_short_decimal(&block[at..])
        && ends_at(block, at + length)
    {
        *position = number;
        return Ok(at + length);
    }
    let (cell, end) = slow_cell(block, at);
    *position = parse_as_pandas(&cell).ok_or_else(|| Problem::new(column, &cell, "a number of seconds"))?;
    Ok(end)
}

/// The end of a cell that is not needed.
#[inline]
fn pass_cell(block: &[u8], at: usize, usual: usize) -> End {
    let rest = &block[at..];
    if usual > 0 && ends_at(block, at + usual) && rest[..usual].iter().all(|byte| *byte > b',') {
        return at + usual;
    }
    // Reasons and numbers are a few bytes long: looking at each beats a search made for long texts.
    for (length, byte) in rest.iter().enumerate() {
        match byte {
            b',' | b'\n' => return at + length,
            b'"' if length == 0 => return slow_cell(block, at).1,
            _ => {}
        }
    }
    block.len()
}

/// A cell with its quotes removed, and where it ends. A quote is special only at the start of a cell.
fn slow_cell(block: &[u8], at: usize) -> (Cow<'_, [u8]>, End) {
    let rest = &block[at.min(block.len())..];
    if rest.first() != Some(&b'"') {
        let length = memchr2(b',', b'\n', rest).unwrap_or(rest.len());
        let cell = &rest[..length];
        let ends_line = rest.get(length) != Some(&b',');
        return (Cow::Borrowed(if ends_line { cell.strip_suffix(b"\r").unwrap_or(cell) } else { cell }), at + length);
    }
    let mut cell = Vec::new();
    let mut from = 1;
    while let Some(length) = memchr(b'"', &rest[from..]) {
        cell.extend_from_slice(&rest[from..from + length]);
        from += length + 1;
        if rest.get(from) != Some(&b'"') {
            // Whatever stands between the closing quote and the comma belongs to the cell.
            let length = memchr2(b',', b'\n', &rest[from..]).unwrap_or(rest.len() - from);
            let after = &rest[from..from + length];
            let ends_line = rest.get(from + length) != Some(&b',');
            cell.extend_from_slice(if ends_line { after.strip_suffix(b"\r").unwrap_or(after) } else { after });
            return (Cow::Owned(cell), at + from + length);
        }
        cell.push(b'"');
        from += 1;
    }
    cell.extend_from_slice(&rest[from..]);
    (Cow::Owned(cell), block.len())
}

/// The index of the line end after the row that starts at `at`; `None` where the block ends before it, or within
/// quotes.
fn row_end(block: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        let rest = block.get(at..)?;
        if rest.first() == Some(&b'"') {
            let mut from = at + 1;
            loop {
                from += memchr(b'"', block.get(from..)?)? + 1;
                match block.get(from) {
                    Some(b'"') => from += 1,
                    _ => break,
                }
            }
            at = from;
        }
        let rest = block.get(at..)?;
        let length = memchr2(b',', b'\n', rest)?;
        if rest[length] == b'\n' {
            return Some(at + length);
        }
        at += length + 1;
    }
}

/// The length of the part of `bytes` that ends with its last whole row; `None` where it holds none.
fn whole_rows(bytes: &[u8]) -> Option<usize> {
    if memchr(b'"', bytes).is_none() {
        return memrchr(b'\n', bytes).map(|end| end + 1);
    }
    let mut whole = None;
    let mut at = 0;
    while let Some(end) = row_end(bytes, at) {
        at = end + 1;
        whole = Some(at);
    }
    whole
}

/// The rows of a file of viewing records, in blocks.
pub struct Blocks {
    path: PathBuf,
    file: Box<dyn DiskReader>,
    /// The beginning of the next block, already read: the row that the last block's end cut through.
    carry: Vec<u8>,
    /// Where in the file the next block starts.
    offset: u64,
    /// How many blocks were given out.
    count: u32,
    at_end: bool,
    /// Bytes read so far, and their hash.
    length: u64,
    hasher: Xxh3,
}

impl std::fmt::Debug for Blocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blocks").field("path", &self.path).field("offset", &self.offset).finish_non_exhaustive()
    }
}

/// Where a block lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockPlace {
    /// Its number, from 0.
    pub number: u32,
    /// Where in the file it starts.
    pub offset: u64,
}

impl Blocks {
    /// Opens a file and reads its headers. A file of 0 bytes has no rows.
    pub fn open(disk: &dyn Disk, path: &Path) -> Result<(Self, Columns)> {
        let file = disk.open(path).map_err(|error| disk_error("read", path, error))?;
        let mut blocks = Self {
            path: path.to_owned(),
            file,
            carry: Vec::new(),
            offset: 0,
            count: 0,
            at_end: false,
            length: 0,
            hasher: Xxh3::new(),
        };
        let mut first = Vec::new();
        blocks.fill(&mut first, BLOCK_BYTES)?;
        let marked = if first.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        if first.len() == marked {
            return Ok((blocks, Columns { kinds: Vec::new() }));
        }
        let end = match row_end(&first, marked) {
            Some(end) => end,
            None if blocks.at_end => first.len(),
            None => return Err(blocks.source().file_error("does not begin with a line of column names")),
        };
        let columns = Columns::find(blocks.source(), &first[marked..end])?;
        let rows = (end + 1).min(first.len());
        blocks.carry = first.split_off(rows);
        blocks.offset = rows as u64;
        Ok((blocks, columns))
    }

    fn source(&self) -> Source<'_> {
        Source { path: &self.path, code: ErrorCode::DataFileInvalid, remedy: REMEDY }
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

    /// Puts the next whole rows into `block`, whose memory is used again; `None` at the end of the file.
    pub fn next_block(&mut self, block: &mut Vec<u8>) -> Result<Option<BlockPlace>> {
        block.clear();
        block.append(&mut self.carry);
        let mut wanted = BLOCK_BYTES;
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
                let line = BlockPlace { number: self.count, offset: self.offset };
                return Err(Error::new(
                    ErrorCode::DataFileInvalid,
                    format!(
                        "`{}` is damaged: what starts {} bytes after its beginning is no line of a table",
                        self.path.display(),
                        line.offset
                    ),
                )
                .with_hint(REMEDY));
            }
            wanted = block.len() * 2;
        }
    }

    /// Length and hash of the whole file, once every block was read.
    pub fn length_and_hash(&self) -> (u64, u128) {
        (self.length, self.hasher.digest128())
    }
}

/// The error for a bad row: reads the file once more, up to it, to count its line.
pub fn row_error(disk: &dyn Disk, path: &Path, place: BlockPlace, bad: BadRow) -> Error {
    let source = Source { path, code: ErrorCode::DataFileInvalid, remedy: REMEDY };
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
