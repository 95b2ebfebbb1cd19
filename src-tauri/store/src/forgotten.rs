//! `.panopto-analytics/forgotten.csv`: whom a sync must not bring back, as salted hashes. Beside it `being-forgotten.csv`, the
//! user IDs of those who are being forgotten; it is there only while that goes on, or after it was cut off.
//!
//! Deliberately absent: hashing, which needs no disk (the engine), and anything else from which a person could be told. Each
//! line of hashes has a salt of its own.
//!
//! Invariant: nothing of a damaged list is taken, and whoever needs it goes no further: a promise to forget is not dropped
//! because a file was damaged.

use std::fmt::Write as _;
use std::path::PathBuf;

use model::UserId;

use super::disk::{Durability, replace};
use super::refusal::disk_error;
use super::table::{self, Row, ShortLines, Source, read_table};
use super::{DataFolder, FolderLock};
use crate::{ErrorKind, Result};

const FILE: &str = "forgotten.csv";
const COLUMNS: [&str; 2] = ["Salt", "Hash"];
const UNDER_WAY: &str = "being-forgotten.csv";
const UNDER_WAY_COLUMNS: [&str; 1] = ["UserId"];
const MOST_BYTES: u64 = 4 << 20;

/// Salt and hash of one account, 32 bytes each.
pub type ForgottenAccount = ([u8; 32], [u8; 32]);

impl DataFolder {
    /// Where it is kept who was forgotten.
    pub fn forgotten_file(&self) -> PathBuf {
        self.internal_file(FILE)
    }

    /// Who was forgotten; nobody where nobody was. [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn forgotten(&self) -> Result<Vec<ForgottenAccount>> {
        let path = self.forgotten_file();
        if !self.exists(&path)? {
            return Ok(Vec::new());
        }
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Bring the file back from a backup; if you move it away, a sync may bring back people who were forgotten",
            most_bytes: MOST_BYTES,
        };
        let bytes = |row: &Row<'_>, column: usize| row.parsed(column, "64 hexadecimal digits", from_hex);
        read_table(self.disk(), source, &COLUMNS, ShortLines::Damage, |row| Ok((bytes(row, 0)?, bytes(row, 1)?)))
    }

    /// Remembers more accounts as forgotten; on the disk when this returns.
    pub fn remember_forgotten(&self, _lock: &FolderLock, accounts: &[ForgottenAccount]) -> Result<()> {
        let mut all = self.forgotten()?;
        all.extend_from_slice(accounts);
        self.make_dir(&self.internal_dir())?;
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        for (salt, hash) in &all {
            table::push_line(&mut text, [&*to_hex(salt), &to_hex(hash)]);
        }
        replace(self.disk(), &self.forgotten_file(), Durability::Durable, |file| file.write_all(&text))
    }

    /// Who is being forgotten; nobody unless that was cut off. [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn being_forgotten(&self) -> Result<Vec<UserId>> {
        let path = self.internal_file(UNDER_WAY);
        if !self.exists(&path)? {
            return Ok(Vec::new());
        }
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Move the file away, and forget the person again: somebody may be forgotten in part",
            most_bytes: MOST_BYTES,
        };
        read_table(self.disk(), source, &UNDER_WAY_COLUMNS, ShortLines::Damage, |row| row.id(0))
    }

    /// Notes who is being forgotten, on the disk when this returns; those whom a cut left there stay.
    pub fn begin_forgetting(&self, _lock: &FolderLock, accounts: &[UserId]) -> Result<()> {
        let mut all = self.being_forgotten()?;
        all.extend_from_slice(accounts);
        all.sort_unstable();
        all.dedup();
        self.make_dir(&self.internal_dir())?;
        let mut text = Vec::new();
        table::push_line(&mut text, UNDER_WAY_COLUMNS);
        for account in all {
            table::push_line(&mut text, [&*account.to_string()]);
        }
        replace(self.disk(), &self.internal_file(UNDER_WAY), Durability::Durable, |file| file.write_all(&text))
    }

    /// Removes the note of [`Self::begin_forgetting`]: all of them are forgotten.
    pub fn end_forgetting(&self, _lock: &FolderLock) -> Result<()> {
        let path = self.internal_file(UNDER_WAY);
        self.disk().remove_file(&path).map_err(|error| disk_error("remove", &path, error))
    }
}

fn to_hex(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RealDisk;

    #[test]
    fn the_list_grows_and_a_damaged_one_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let lock = folder.lock().unwrap();
        assert_eq!(folder.forgotten().unwrap(), []);
        let one = ([1; 32], [0xab; 32]);
        let two = ([2; 32], [0xff; 32]);
        folder.remember_forgotten(&lock, &[one]).unwrap();
        folder.remember_forgotten(&lock, &[two]).unwrap();
        assert_eq!(folder.forgotten().unwrap(), [one, two]);
        for damaged in ["Salt,Hash\n00\n", "Salt,Hash\nx,y\n", "Salt,Hash\n+f,\n", "Hash\n"] {
            replace(&RealDisk, &folder.forgotten_file(), Durability::Durable, |file| {
                file.write_all(damaged.as_bytes())
            })
            .unwrap();
            assert!(folder.forgotten().is_err(), "{damaged}");
            assert!(folder.remember_forgotten(&lock, &[one]).is_err(), "nothing is written over");
        }
    }

    #[test]
    fn who_is_being_forgotten_is_noted_until_that_ends() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let lock = folder.lock().unwrap();
        assert_eq!(folder.being_forgotten().unwrap(), []);
        let [one, two] = [1, 2].map(|number| UserId::from_bytes([number; 16]));
        folder.begin_forgetting(&lock, &[two]).unwrap();
        folder.begin_forgetting(&lock, &[one, two]).unwrap();
        assert_eq!(folder.being_forgotten().unwrap(), [one, two]);
        folder.end_forgetting(&lock).unwrap();
        assert_eq!(folder.being_forgotten().unwrap(), []);
        std::fs::write(folder.internal_file(UNDER_WAY), "UserId\nnobody\n").unwrap();
        assert!(folder.being_forgotten().unwrap_err().to_string().contains("Line 2"));
        assert!(folder.begin_forgetting(&lock, &[one]).is_err(), "nothing is written over");
    }
}
