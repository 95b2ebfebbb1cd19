//! Fetched viewing records that have not been merged yet: `.panopto-analytics/staging/<folder ID>/<session ID>.csv`.
//!
//! There is one file for each video, in the form of `viewing_activity.csv` and in the server's order. It gets its name
//! only when the video is complete. Its last line gives its range, its number of rows and a checksum, so that a later
//! sync can use it whatever happened in between. It is not flushed to the disk: after a power failure the checksum
//! reveals what is missing, and the video is fetched again.
//!
//! Invariant: a [`StagedVideo`] holds exactly what the server has for the video in the range.

mod look;
#[cfg(test)]
mod tests;

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use model::{FolderId, SessionId, UsageRange, UserId, ViewingRecord};
use xxhash_rust::xxh3::Xxh3;

use super::activity::{ActivityReader, push_activity_header, push_activity_row};
use super::disk::{Disk, DiskFile};
use super::layout::DataFolder;
use super::raw_rows::read_row;
use super::refusal::disk_error;
use crate::{Error, ErrorKind, Result};

const FOOTER_MARK: &str = "#complete";
/// The longest possible footer, with room to spare.
const FOOTER_BYTES: u64 = 256;
const BLOCK_BYTES: usize = 64 * 1024;

/// A video whose records have all been staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedVideo {
    /// The video.
    pub video: SessionId,
    /// The range that was requested.
    pub range: UsageRange,
    /// How many records there are.
    pub rows: u64,
    /// The day of the last of them.
    pub last_day: Option<NaiveDate>,
    path: PathBuf,
    body_bytes: u64,
}

/// The staging directory of a course.
#[derive(Debug, Clone)]
pub struct Staging {
    folder: DataFolder,
    dir: PathBuf,
}

impl Staging {
    /// The staging directory of this course. It is created when something is staged.
    pub fn of_course(folder: &DataFolder, course: FolderId) -> Self {
        Self { folder: folder.clone(), dir: folder.internal_dir().join("staging").join(course.to_string()) }
    }

    /// Begins to stage a video.
    pub fn begin(&self, video: SessionId, range: UsageRange) -> Result<StagingFile> {
        self.folder.make_dir(&self.dir)?;
        let path = self.dir.join(format!("{video}.csv"));
        let part = self.dir.join(format!("{video}.part"));
        let file = create(self.folder.disk(), &part)?;
        let written = Written::default();
        let mut staging = StagingFile { folder: self.folder.clone(), video, range, path, part, file, written };
        staging.write_header()?;
        Ok(staging)
    }

    /// Stages for this course what is already staged for another. `None` if that is gone or damaged.
    pub fn copy_of(&self, other: &StagedVideo) -> Result<Option<StagedVideo>> {
        let disk = self.folder.disk();
        let Ok(mut from) = disk.open(&other.path) else { return Ok(None) };
        self.folder.make_dir(&self.dir)?;
        let path = self.dir.join(format!("{}.csv", other.video));
        let part = self.dir.join(format!("{}.part", other.video));
        let mut into = create(disk, &part)?;
        let copied = io::copy(&mut from, &mut into).and_then(|_| into.flush());
        // Closed before it is renamed, because Windows requires that.
        drop(into.into_parts().0);
        copied.map_err(|error| disk_error("write", &part, error))?;
        let whole = read_whole(disk, &part, other.video).map_err(|error| disk_error("read", &part, error))?;
        let Some(whole) = whole.filter(|whole| (whole.range, whole.rows) == (other.range, other.rows)) else {
            disk.remove_file(&part).map_err(|error| disk_error("remove", &part, error))?;
            return Ok(None);
        };
        disk.rename(&part, &path).map_err(|error| disk_error("write", &path, error))?;
        Ok(Some(StagedVideo { path, ..whole }))
    }

    /// Everything complete and undamaged from earlier syncs, sorted by video. Removes everything else.
    pub fn recover(&self) -> Result<Vec<StagedVideo>> {
        if !self.folder.exists(&self.dir)? {
            return Ok(Vec::new());
        }
        let disk = self.folder.disk();
        let mut staged = Vec::new();
        for entry in disk.list(&self.dir).map_err(|error| disk_error("list", &self.dir, error))? {
            let path = self.dir.join(&entry.name);
            let video = path.file_stem().and_then(|stem| SessionId::parse(stem.to_str()?).ok());
            let whole = match video {
                Some(video) if path.extension().is_some_and(|extension| extension == "csv") => {
                    read_whole(disk, &path, video).map_err(|error| disk_error("read", &path, error))?
                }
                _ => None,
            };
            match whole {
                Some(found) => staged.push(found),
                None => disk.remove_file(&path).map_err(|error| disk_error("remove", &path, error))?,
            }
        }
        staged.sort_by_key(|found| found.video);
        Ok(staged)
    }

    /// Removes the files of videos that have been merged.
    pub fn remove(&self, merged: &[StagedVideo]) -> Result<()> {
        for staged in merged {
            let removed = self.folder.disk().remove_file(&staged.path);
            removed.map_err(|error| disk_error("remove", &staged.path, error))?;
        }
        Ok(())
    }

    /// Removes the directory if nothing is staged any more.
    pub fn tidy(&self) -> Result<()> {
        let disk = self.folder.disk();
        if self.folder.exists(&self.dir)?
            && disk.list(&self.dir).map_err(|error| disk_error("list", &self.dir, error))?.is_empty()
        {
            disk.remove_dir_all(&self.dir).map_err(|error| disk_error("remove", &self.dir, error))?;
        }
        Ok(())
    }

    /// Removes everything that is staged for the course. No error if nothing is.
    pub(crate) fn remove_all(&self) -> Result<()> {
        if self.folder.exists(&self.dir)? {
            let removed = self.folder.disk().remove_dir_all(&self.dir);
            removed.map_err(|error| disk_error("remove", &self.dir, error))?;
        }
        Ok(())
    }
}

impl StagedVideo {
    /// The records, in the server's order.
    pub(super) fn records(&self, disk: &dyn Disk) -> Result<ActivityReader<'_>> {
        let file = disk.open(&self.path).map_err(|error| disk_error("read", &self.path, error))?;
        // The footer follows.
        ActivityReader::over(file.take(self.body_bytes), &self.path)
    }
}

impl StagedVideo {
    /// Gives each row to `each` exactly as it is in the file, including its line end, and whose it is. Fails after the
    /// last row if the rows are not those that were staged.
    pub(super) fn each_raw_row(
        &self,
        disk: &dyn Disk,
        mut each: impl FnMut(&[u8], UserId) -> Result<()>,
    ) -> Result<()> {
        let failed = |error| disk_error("read", &self.path, error);
        let file = disk.open(&self.path).map_err(failed)?;
        let mut reader = BufReader::with_capacity(BLOCK_BYTES, file);
        let mut row = Vec::with_capacity(256);
        let mut hasher = Xxh3::new();
        let (mut bytes, mut rows) = (0, 0);
        while bytes < self.body_bytes && read_row(&mut reader, &mut row).map_err(failed)? {
            hasher.update(&row);
            if bytes > 0 {
                each(&row, user_of(&row).ok_or_else(|| self.damaged())?)?;
                rows += 1;
            }
            bytes += row.len() as u64;
        }
        let footer = Footer { range: self.range, rows: self.rows, last_day: self.last_day };
        let mut end = String::new();
        reader.take(FOOTER_BYTES).read_to_string(&mut end).map_err(failed)?;
        let whole = (rows, bytes) == (self.rows, self.body_bytes) && footer.seal(hasher) == end;
        if whole { Ok(()) } else { Err(self.damaged()) }
    }

    fn damaged(&self) -> Error {
        Error::new(ErrorKind::DataFileInvalid, format!("`{}` was changed while it was read", self.path.display()))
            .with_hint("Sync again; the video is then fetched again")
    }
}

/// The viewer in a row that [`push_activity_row`] wrote: it begins with two IDs of 36 characters.
fn user_of(row: &[u8]) -> Option<UserId> {
    match row.get(36..74)? {
        [b',', user @ .., b','] => UserId::parse(std::str::from_utf8(user).ok()?).ok(),
        _ => None,
    }
}

#[derive(Default)]
struct Written {
    rows: u64,
    bytes: u64,
    last_day: Option<NaiveDate>,
    hasher: Xxh3,
}

/// A video that is being staged. If it is dropped before [`StagingFile::finish`], it leaves a partial file that the
/// next [`Staging::recover`] removes.
pub struct StagingFile {
    folder: DataFolder,
    video: SessionId,
    range: UsageRange,
    path: PathBuf,
    part: PathBuf,
    file: BufWriter<Box<dyn DiskFile>>,
    written: Written,
}

impl StagingFile {
    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.written.rows
    }

    /// Forgets everything written so far.
    pub fn restart(&mut self) -> Result<()> {
        let before = std::mem::replace(&mut self.file, create(self.folder.disk(), &self.part)?);
        // Taken apart, because dropping it whole would write the rest of its buffer.
        drop(before.into_parts().0);
        self.written = Written::default();
        self.write_header()
    }

    fn write_header(&mut self) -> Result<()> {
        let mut header = Vec::new();
        push_activity_header(&mut header);
        self.append(&header)
    }

    /// Adds records.
    pub fn write(&mut self, records: impl IntoIterator<Item = ViewingRecord>) -> Result<()> {
        let mut rows = Vec::with_capacity(BLOCK_BYTES);
        for record in records {
            push_activity_row(&mut rows, &record);
            self.written.last_day = self.written.last_day.max(Some(record.utc_date()));
            self.written.rows += 1;
        }
        self.append(&rows)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| self.refused(error))?;
        self.written.hasher.update(bytes);
        self.written.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Marks the video as complete.
    pub fn finish(mut self) -> Result<StagedVideo> {
        let footer = Footer { range: self.range, rows: self.written.rows, last_day: self.written.last_day };
        self.file
            .write_all(footer.seal(self.written.hasher.clone()).as_bytes())
            .and_then(|()| self.file.flush())
            .map_err(|error| self.refused(error))?;
        let Self { folder, video, range, path, part, file, written } = self;
        // Closed before it is renamed, because Windows requires that.
        drop(file);
        folder.disk().rename(&part, &path).map_err(|error| disk_error("write", &path, error))?;
        Ok(StagedVideo {
            video,
            range,
            rows: written.rows,
            last_day: written.last_day,
            path,
            body_bytes: written.bytes,
        })
    }

    fn refused(&self, error: io::Error) -> crate::Error {
        disk_error("write", &self.part, error)
    }
}

fn create(disk: &dyn Disk, path: &Path) -> Result<BufWriter<Box<dyn DiskFile>>> {
    let file = disk.create(path).map_err(|error| disk_error("write", path, error))?;
    Ok(BufWriter::with_capacity(BLOCK_BYTES, file))
}

/// The last line of a complete file. Its checksum covers the rows and the footer itself.
#[derive(Debug, PartialEq, Eq)]
struct Footer {
    range: UsageRange,
    rows: u64,
    last_day: Option<NaiveDate>,
}

impl Footer {
    /// The footer line for rows that `rows` has hashed.
    fn seal(&self, mut rows: Xxh3) -> String {
        let last_day = self.last_day.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let (begin, end) = (self.range.begin.timestamp(), self.range.end.timestamp());
        let claims = format!("{FOOTER_MARK} {begin} {end} {} {last_day}", self.rows);
        rows.update(claims.as_bytes());
        format!("{claims} {:032x}\n", rows.digest128())
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix(FOOTER_MARK)?.strip_prefix(' ')?.split(' ');
        let mut instant = || DateTime::<Utc>::from_timestamp(words.next()?.parse().ok()?, 0);
        let range = UsageRange { begin: instant()?, end: instant()? };
        let rows = words.next()?.parse().ok()?;
        let last_day = match words.next()? {
            "-" => None,
            day => Some(day.parse().ok()?),
        };
        Some(Self { range, rows, last_day })
    }
}

/// Reads a staged file whole; `None` if it is incomplete or damaged.
fn read_whole(disk: &dyn Disk, path: &Path, video: SessionId) -> io::Result<Option<StagedVideo>> {
    let mut file = disk.open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    let tail_at = length.saturating_sub(FOOTER_BYTES);
    file.seek(SeekFrom::Start(tail_at))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    // The footer begins after the last line break but one; the last one is its own.
    let begins = tail.iter().rev().skip(1).position(|byte| *byte == b'\n').map_or(0, |back| tail.len() - 1 - back);
    let Ok(line) = std::str::from_utf8(&tail[begins..]) else { return Ok(None) };
    let Some(footer) = Footer::parse(line) else { return Ok(None) };
    let body_bytes = tail_at + begins as u64;
    file.seek(SeekFrom::Start(0))?;
    let mut body = file.take(body_bytes);
    let mut hasher = Xxh3::new();
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match body.read(&mut block)? {
            0 => break,
            count => hasher.update(&block[..count]),
        }
    }
    let whole = footer.seal(hasher) == line;
    let Footer { range, rows, last_day } = footer;
    Ok(whole.then(|| StagedVideo { video, range, rows, last_day, path: path.to_owned(), body_bytes }))
}
