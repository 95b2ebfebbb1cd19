//! Reads small CSV tables by the names of their columns.
//!
//! Tolerated, because spreadsheets and people produce them: a byte order mark, UTF-16, semicolons or tabs between
//! cells, CRLF, columns in another order, additional columns, blank lines, and blanks around cells that hold IDs and
//! numbers. In a file that people keep by hand, lines may also lack their last cells if these are empty
//! ([`ShortLines`]). Not tolerated: a missing column, a line that is cut off or has too many cells, other encodings.
//! Nothing is skipped silently: the error names file, line and column.

use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use super::disk::Disk;
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

/// How errors describe a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) path: &'a Path,
    /// [`ErrorKind::CourseFileInvalid`] or [`ErrorKind::DataFileInvalid`].
    pub(crate) code: ErrorKind,
    /// What to do about a damaged file.
    pub(crate) remedy: &'static str,
    /// No such file is larger than this.
    pub(crate) most_bytes: u64,
}

/// What a line with fewer cells than the first one means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShortLines {
    /// Damage, because this program writes every cell.
    Damage,
    /// A line whose last cells are empty, because spreadsheets leave out their commas.
    EmptyCells,
}

/// What may separate two cells. Spreadsheets write the other two in countries where the comma is a decimal point.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

impl Source<'_> {
    /// "Line 3 of `file`: problem".
    pub(crate) fn line_error(&self, line: u64, problem: impl std::fmt::Display) -> Error {
        Error::new(self.code, format!("Line {line} of `{}`: {problem}", self.path.display())).with_hint(self.remedy)
    }

    /// "`file`: problem", for a problem of the whole file.
    pub(crate) fn file_error(&self, problem: impl std::fmt::Display) -> Error {
        Error::new(self.code, format!("`{}` {problem}", self.path.display())).with_hint(self.remedy)
    }

    /// The error for a header line without `column`.
    pub(crate) fn missing_column(&self, column: &str, expected: &[&str]) -> Error {
        Error::new(self.code, format!("`{}` has no column `{column}` in its first line", self.path.display()))
            .with_hint(format!(
                "The first line must hold the column names `{}`, separated by commas; {}",
                expected.join(","),
                {
                    let mut rest = self.remedy.to_owned();
                    rest.get_mut(..1).iter_mut().for_each(|first| first.make_ascii_lowercase());
                    rest
                }
            ))
    }
}

/// The line at which a record starts, counted from 1. `line_ends` is the number of line ends before the record's end,
/// including its own if it `is_ended` by one.
///
/// The csv crate's own count starts before blank lines, and between CR and LF.
pub(crate) fn first_line_of(record: &ByteRecord, line_ends: u64, is_ended: bool) -> u64 {
    let within = memchr::memchr_iter(b'\n', record.as_slice()).count() as u64;
    1 + line_ends - within - u64::from(is_ended)
}

/// One line of a table.
pub(crate) struct Row<'a> {
    source: Source<'a>,
    names: &'a [&'static str],
    cells: Vec<&'a str>,
    place: RowPlace<'a>,
}

/// Where a record is in a table that is in memory.
#[derive(Clone, Copy)]
struct RowPlace<'a> {
    bytes: &'a [u8],
    record: &'a ByteRecord,
    end: u64,
}

impl RowPlace<'_> {
    #[cold]
    fn line(self) -> u64 {
        let before = &self.bytes[..(self.end as usize).min(self.bytes.len())];
        let line_ends = memchr::memchr_iter(b'\n', before).count() as u64;
        first_line_of(self.record, line_ends, before.ends_with(b"\n"))
    }
}

impl<'a> Row<'a> {
    /// The text in the `column`-th of the requested columns.
    pub(crate) fn text(&self, column: usize) -> &'a str {
        self.cells[column]
    }

    /// The error for a cell that cannot be used.
    pub(crate) fn error(&self, column: usize, problem: impl std::fmt::Display) -> Error {
        self.source.line_error(self.place.line(), format_args!("in column `{}`, {problem}", self.names[column]))
    }

    /// A cell that `parse` has read, or the error that names it and says what was `expected`.
    pub(crate) fn parsed<T>(&self, column: usize, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let text = self.text(column);
        parse(text).ok_or_else(|| self.error(column, format_args!("{} is not {expected}", quoted(text))))
    }

    /// A cell that holds an ID.
    pub(crate) fn id<T: std::str::FromStr<Err = model::IdError>>(&self, column: usize) -> Result<T> {
        self.text(column).parse().map_err(|error| self.error(column, error))
    }

    /// A cell that holds an ID or nothing.
    pub(crate) fn optional_id<T: std::str::FromStr<Err = model::IdError>>(&self, column: usize) -> Result<Option<T>> {
        if self.text(column).trim().is_empty() { Ok(None) } else { self.id(column).map(Some) }
    }
}

/// A text between back quotes, cut so that it fits a sentence. Blanks and invisible characters at its ends are removed;
/// others are shown by name.
pub fn quoted(text: &str) -> String {
    let shown = model::line::quotable(model::text::trimmed(text));
    format!("`{}`", model::text::with_invisible_named(&shown))
}

/// The places of the columns `wanted` in a header line, ignoring case.
pub(crate) fn find_columns<'h>(
    source: Source<'_>,
    header: &(impl Iterator<Item = &'h [u8]> + Clone),
    wanted: &[&'static str],
) -> Result<Vec<usize>> {
    wanted
        .iter()
        .map(|name| {
            header
                .clone()
                .position(|cell| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
                .ok_or_else(|| source.missing_column(name, wanted))
        })
        .collect()
}

/// Reads a whole table, row by row. A file of 0 bytes has no rows, like one with headers only.
pub(crate) fn read_table<T>(
    disk: &dyn Disk,
    source: Source<'_>,
    wanted: &[&'static str],
    short_lines: ShortLines,
    read_row: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    read_growing_table(disk, source, wanted, wanted.len(), short_lines, read_row)
}

/// [`read_table`] of a table that gained columns: those from `since_later` on may be absent, and are empty then.
pub(crate) fn read_growing_table<T>(
    disk: &dyn Disk,
    source: Source<'_>,
    wanted: &[&'static str],
    since_later: usize,
    short_lines: ShortLines,
    mut read_row: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let bytes =
        disk.read_at_most(source.path, source.most_bytes).map_err(|error| disk_error("read", source.path, error))?;
    let bytes = match model::text::decoded_utf16(&bytes) {
        Some(Ok(text)) => text.into_bytes(),
        Some(Err(damage)) => return Err(source.file_error(format_args!("cannot be read: {damage}"))),
        None => bytes,
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let failed = |error: csv::Error| source.file_error(format_args!("cannot be read: {error}"));
    let mut reader = reader_of(bytes, delimiter_of(bytes, source, wanted));
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(failed)? {
        return Ok(Vec::new());
    }
    let mut columns = find_columns(source, &record.iter(), &wanted[..since_later])?;
    let absent = record.len();
    columns.extend(
        wanted[since_later..].iter().map(|name| {
            find_columns(source, &record.iter(), std::slice::from_ref(name)).map_or(absent, |found| found[0])
        }),
    );
    let width = record.len();
    let mut rows = Vec::new();
    while reader.read_byte_record(&mut record).map_err(failed)? {
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let place = RowPlace { bytes, record: &record, end: reader.position().byte() };
        let is_short = record.len() < width && short_lines == ShortLines::EmptyCells;
        if record.len() != width && !is_short {
            let problem = format_args!("{} cells where the first line has {width}", record.len());
            return Err(source.line_error(place.line(), problem));
        }
        let cells = columns
            .iter()
            .map(|&column| std::str::from_utf8(record.get(column).unwrap_or_default()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| source.line_error(place.line(), "the text is not UTF-8"))?;
        rows.push(read_row(&Row { source, names: wanted, cells, place })?);
    }
    Ok(rows)
}

fn reader_of(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(bytes)
}

/// The separator between the cells: the one with which the first line holds all columns `wanted`. If none does, the
/// comma, and the error then names what is missing.
fn delimiter_of(bytes: &[u8], source: Source<'_>, wanted: &[&'static str]) -> u8 {
    let fits = |delimiter: u8| {
        let mut header = ByteRecord::new();
        let is_read = reader_of(bytes, delimiter).read_byte_record(&mut header).unwrap_or(false);
        is_read && find_columns(source, &header.iter(), wanted).is_ok()
    };
    DELIMITERS.into_iter().find(|delimiter| fits(*delimiter)).unwrap_or(b',')
}

/// Appends one cell, quoted if RFC 4180 or the csv readers of pandas and Tableau require it.
pub(crate) fn push_cell(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if memchr::memchr3(b',', b'"', b'\n', bytes).is_none() && !bytes.contains(&b'\r') {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for piece in bytes.split_inclusive(|byte| *byte == b'"') {
        out.extend_from_slice(piece);
        if piece.ends_with(b"\"") {
            out.push(b'"');
        }
    }
    out.push(b'"');
}

/// Appends a line of cells.
pub fn push_line<'c>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = &'c str>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        push_cell(out, cell);
    }
    out.push(b'\n');
}
