//! `viewing_activity.csv` before and after a merge: the old file, and the file that takes its place.
//!
//! Invariant: the new file begins with the old one byte for byte, and is started only when there is something new.

use std::io::{Read as _, Write as _};
use std::path::Path;

use model::ViewingRecord;

use super::check;
use crate::Result;
use crate::activity::{ACTIVITY_COLUMNS, ActivityReader, push_activity_header, push_activity_row};
use crate::disk::{Disk, Durability, Replacement};
use crate::refusal::disk_error;
use crate::table::push_cell;

const BLOCK_BYTES: usize = 256 * 1024;

/// The file as it is before the merge.
pub(super) struct StoredRows<'a> {
    disk: &'a dyn Disk,
    path: &'a Path,
    is_cancelled: &'a dyn Fn() -> bool,
    /// Length in bytes; 0 if there is no file.
    pub(super) bytes: u64,
    /// For each column of the file, which of [`ACTIVITY_COLUMNS`] it is; empty if there is no file.
    columns: Vec<Option<usize>>,
}

impl<'a> StoredRows<'a> {
    pub(super) fn open(disk: &'a dyn Disk, path: &'a Path, is_cancelled: &'a dyn Fn() -> bool) -> Result<Self> {
        let found = disk.stat(path).map_err(|error| disk_error("read", path, error))?;
        let mut bytes = found.map_or(0, |found| found.length);
        let mut columns = Vec::new();
        // Includes a file of length 0: it may not be a plain file, and opening it then says so.
        if found.is_some() {
            let is_known = |name: &Vec<u8>| {
                ACTIVITY_COLUMNS.iter().position(|column| column.as_bytes().eq_ignore_ascii_case(name))
            };
            columns = ActivityReader::open(disk, path)?.header().iter().map(is_known).collect();
            if columns.is_empty() {
                // Only blank lines: treated as no file.
                bytes = 0;
            }
        }
        Ok(Self { disk, path, is_cancelled, bytes, columns })
    }

    pub(super) fn for_each(&self, mut each: impl FnMut(&ViewingRecord)) -> Result<()> {
        if self.bytes == 0 {
            return Ok(());
        }
        for (count, row) in (0u64..).zip(ActivityReader::open(self.disk, self.path)?) {
            check(count, self.is_cancelled)?;
            each(&row?.1);
        }
        Ok(())
    }

    pub(super) fn has_usual_columns(&self) -> bool {
        self.columns.is_empty() || self.columns.iter().copied().eq((0..ACTIVITY_COLUMNS.len()).map(Some))
    }
}

/// The new file, started only when there is something new.
pub(super) struct Addition<'a> {
    stored: &'a StoredRows<'a>,
    file: Option<Replacement<'a>>,
    /// A file that has Windows' line ends keeps them.
    crlf: bool,
    rows: u64,
    bytes: u64,
}

impl<'a> Addition<'a> {
    pub(super) fn to(stored: &'a StoredRows<'a>) -> Self {
        Self { stored, file: None, crlf: false, rows: 0, bytes: 0 }
    }

    pub(super) fn push(&mut self, record: &ViewingRecord) -> Result<()> {
        let mut line = Vec::with_capacity(256);
        push_activity_row(&mut line, record);
        if !self.stored.has_usual_columns() {
            line = self.rearranged(&line)?;
        }
        self.push_line(&line)
    }

    /// Adds a line that already has the columns of the file.
    pub(super) fn push_line(&mut self, line: &[u8]) -> Result<()> {
        if self.file.is_none() {
            self.file = Some(self.begin_file()?);
        }
        self.rows += 1;
        self.bytes += line.len() as u64 + u64::from(self.crlf);
        let Some(file) = &mut self.file else { return Ok(()) };
        let written = match line {
            [line @ .., b'\n'] if self.crlf => file.write_all(line).and_then(|()| file.write_all(b"\r\n")),
            line => file.write_all(line),
        };
        written.map_err(|error| disk_error("write", self.stored.path, error))
    }

    /// The line in the columns of the file; foreign columns stay empty.
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

    /// A new file that starts with the old one byte for byte, or with the headers.
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

    /// Puts the new file in place. Returns the number of new rows and the file's length.
    pub(super) fn commit(mut self) -> Result<(u64, u64)> {
        if self.file.is_none() && self.stored.bytes == 0 {
            // A course without any viewing also gets a file: the headers.
            self.file = Some(self.begin_file()?);
        }
        let Some(file) = self.file else { return Ok((0, self.stored.bytes)) };
        file.commit()?;
        Ok((self.rows, self.bytes))
    }
}
