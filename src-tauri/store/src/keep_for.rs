//! `keep-for.csv`: for how many days the viewing records of a course are kept, where the teacher has said so.
//!
//! Plain and durable, as everything that a person typed. A course without a line is kept until it is removed. Deliberately
//! absent: deleting, which the engine does after a sync.
//!
//! Invariant: nothing of a damaged file is taken, so nothing is deleted because of one, and it is never written over.

use std::path::PathBuf;

use model::FolderId;

use super::disk::{Durability, replace};
use super::table::{self, ShortLines, Source, read_table};
use super::{DataFolder, FolderLock};
use crate::{ErrorKind, Result};

const FILE: &str = "keep-for.csv";
const COLUMNS: [&str; 2] = ["PanoptoFolderID", "KeepDays"];
const MOST_BYTES: u64 = 4 << 20;
/// The longest period; what is kept longer is kept for good.
pub const MOST_KEEP_DAYS: u32 = 36_500;

impl DataFolder {
    /// Where it is kept how long records are.
    pub fn keep_for_file(&self) -> PathBuf {
        self.root().join(FILE)
    }

    /// The courses whose records are kept for a time, each with its days, 1 to [`MOST_KEEP_DAYS`].
    /// [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn keep_for(&self) -> Result<Vec<(FolderId, u32)>> {
        let path = self.keep_for_file();
        if !self.exists(&path)? {
            return Ok(Vec::new());
        }
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Correct the line in a text editor, or move the file away: records are then kept until somebody says again \
                     for how long",
            most_bytes: MOST_BYTES,
        };
        let days = |text: &str| text.trim().parse::<u32>().ok().filter(|days| (1..=MOST_KEEP_DAYS).contains(days));
        read_table(self.disk(), source, &COLUMNS, ShortLines::Damage, |row| {
            Ok((row.id(0)?, row.parsed(1, "a number of days", days)?))
        })
    }

    /// Says for how long the records of a course are kept; `None`: until it is removed. On the disk when this returns.
    pub fn set_keep_for(&self, _lock: &FolderLock, course: FolderId, days: Option<u32>) -> Result<()> {
        let mut all = self.keep_for()?;
        all.retain(|(id, _)| *id != course);
        all.extend(days.map(|days| (course, days)));
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        for (id, days) in &all {
            table::push_line(&mut text, [&*id.to_string(), &days.to_string()]);
        }
        replace(self.disk(), &self.keep_for_file(), Durability::Durable, |file| file.write_all(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RealDisk;

    #[test]
    fn periods_come_back_and_a_damaged_file_is_told_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let lock = folder.lock().unwrap();
        let [one, two] = [1, 2].map(|digit| FolderId::from_bytes([digit; 16]));
        assert_eq!(folder.keep_for().unwrap(), []);
        folder.set_keep_for(&lock, one, Some(730)).unwrap();
        folder.set_keep_for(&lock, two, Some(90)).unwrap();
        folder.set_keep_for(&lock, one, Some(365)).unwrap();
        assert_eq!(folder.keep_for().unwrap(), [(two, 90), (one, 365)]);
        folder.set_keep_for(&lock, two, None).unwrap();
        assert_eq!(folder.keep_for().unwrap(), [(one, 365)]);
        let course = "01010101-0101-0101-0101-010101010101";
        for damaged in ["PanoptoFolderID\nx\n".to_owned(), format!("PanoptoFolderID,KeepDays\n{course},0\n")] {
            replace(&RealDisk, &folder.keep_for_file(), Durability::Durable, |file| file.write_all(damaged.as_bytes()))
                .unwrap();
            assert!(folder.keep_for().is_err(), "{damaged}");
            assert!(folder.set_keep_for(&lock, one, None).is_err());
            assert_eq!(folder.disk().read(&folder.keep_for_file()).unwrap(), damaged.as_bytes());
        }
    }
}
