//! Looking at what is staged while a sync may be at work: which videos are here in whole, and their rows as one table.
//!
//! Changes nothing and needs no lock. Deliberately absent: files that are not whole or damaged; the next sync removes them.
//!
//! Invariant: rows are given out of files whose checksum was found right.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use model::SessionId;

use super::{StagedVideo, Staging, read_whole};
use crate::Result;
use crate::activity::push_activity_header;
use crate::disk::{Disk, DiskReader, Stat};
use crate::refusal::disk_error;

impl Staging {
    /// The files of videos that are here, sorted by video, without a look into them.
    pub fn glance(&self) -> Result<Vec<(SessionId, Stat)>> {
        let disk = self.folder.disk();
        let mut found = Vec::new();
        for (video, path) in self.files()? {
            // One that is gone was merged meanwhile.
            if let Some(stat) = disk.stat(&path).map_err(|error| disk_error("read", &path, error))? {
                found.push((video, stat));
            }
        }
        found.sort_by_key(|(video, _)| *video);
        Ok(found)
    }

    /// Those of the videos that `is_wanted` picks that are here in whole, sorted by video. Reads each file once.
    pub fn whole(&self, is_wanted: impl Fn(SessionId) -> bool) -> Result<Vec<StagedVideo>> {
        let disk = self.folder.disk();
        let mut staged = Vec::new();
        for (video, path) in self.files()? {
            if !is_wanted(video) {
                continue;
            }
            match read_whole(disk, &path, video) {
                Ok(found) => staged.extend(found),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(disk_error("read", &path, error)),
            }
        }
        staged.sort_by_key(|found| found.video);
        Ok(staged)
    }

    /// The records of these videos as one table in the form of `viewing_activity.csv`, to be read as such.
    pub(crate) fn table_of(&self, staged: &[StagedVideo]) -> StagedTable {
        let mut header = Vec::new();
        push_activity_header(&mut header);
        let bodies = staged.iter().rev().map(|staged| (staged.path.clone(), staged.body_bytes)).collect();
        StagedTable {
            disk: self.folder.shared_disk(),
            first: io::Cursor::new(header.clone()),
            header,
            bodies,
            open: None,
        }
    }

    /// Where they are staged.
    pub fn dir(&self) -> &std::path::Path {
        &self.dir
    }

    fn files(&self) -> Result<Vec<(SessionId, PathBuf)>> {
        if !self.folder.exists(&self.dir)? {
            return Ok(Vec::new());
        }
        let listed = match self.folder.disk().list(&self.dir) {
            Ok(listed) => listed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(disk_error("list", &self.dir, error)),
        };
        let file = |name| {
            let path = self.dir.join(name);
            let is_whole = path.extension().is_some_and(|extension| extension == "csv");
            let video = is_whole.then(|| SessionId::parse(path.file_stem()?.to_str()?).ok()).flatten()?;
            Some((video, path))
        };
        Ok(listed.into_iter().filter(|entry| !entry.is_dir).filter_map(|entry| file(entry.name)).collect())
    }
}

/// One header, then the rows of one file after the other.
pub(crate) struct StagedTable {
    disk: Arc<dyn Disk>,
    header: Vec<u8>,
    first: io::Cursor<Vec<u8>>,
    /// Those not read yet, the next one last, with the length of their rows and header.
    bodies: Vec<(PathBuf, u64)>,
    open: Option<io::Take<Box<dyn DiskReader>>>,
}

impl StagedTable {
    fn open_next(&mut self) -> io::Result<bool> {
        let Some((path, body_bytes)) = self.bodies.pop() else { return Ok(false) };
        let mut body = self.disk.open(&path)?.take(body_bytes);
        let mut header = vec![0; self.header.len()];
        body.read_exact(&mut header)?;
        if header != self.header {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a staged file begins with other columns"));
        }
        self.open = Some(body);
        Ok(true)
    }
}

impl Read for StagedTable {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.first.read(into)?;
        if read > 0 || into.is_empty() {
            return Ok(read);
        }
        loop {
            if let Some(open) = &mut self.open {
                let read = open.read(into)?;
                if read > 0 {
                    return Ok(read);
                }
                self.open = None;
            }
            if !self.open_next()? {
                return Ok(0);
            }
        }
    }
}
