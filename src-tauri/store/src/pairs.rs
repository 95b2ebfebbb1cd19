//! `pairs.csv`: which videos of two courses belong together, where the teacher has said so.
//!
//! Plain and durable, as everything that a person typed. A line without a second video says that the first has none there.
//! Deliberately absent: the pairs that follow from names, which are worked out each time.
//!
//! Invariant: nothing of a damaged file is taken.

use std::path::PathBuf;

use model::SessionId;

use super::disk::{Durability, replace};
use super::table::{self, ShortLines, Source, read_table};
use super::{DataFolder, FolderLock};
use crate::{ErrorKind, Result};

const FILE: &str = "pairs.csv";
const COLUMNS: [&str; 2] = ["SessionId", "OtherSessionId"];
const MOST_BYTES: u64 = 16 << 20;

/// A video and the one of the other course that belongs to it; `None`: it has none, whatever the names say.
pub type MendedPair = (SessionId, Option<SessionId>);

impl DataFolder {
    /// Where mended pairs are kept.
    pub fn pairs_file(&self) -> PathBuf {
        self.root().join(FILE)
    }

    /// The mended pairs; none where none are kept. [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn pairs(&self) -> Result<Vec<MendedPair>> {
        let path = self.pairs_file();
        if !self.exists(&path)? {
            return Ok(Vec::new());
        }
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Correct the line in a text editor, or move the file away: videos are then paired by their names",
            most_bytes: MOST_BYTES,
        };
        read_table(self.disk(), source, &COLUMNS, ShortLines::EmptyCells, |row| Ok((row.id(0)?, row.optional_id(1)?)))
    }

    /// Replaces the mended pairs.
    pub fn save_pairs(&self, _lock: &FolderLock, pairs: &[MendedPair]) -> Result<()> {
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        for (one, other) in pairs {
            let other = other.map_or_else(String::new, |other| other.to_string());
            table::push_line(&mut text, [&*one.to_string(), &other]);
        }
        replace(self.disk(), &self.pairs_file(), Durability::Durable, |file| file.write_all(&text))
    }
}
