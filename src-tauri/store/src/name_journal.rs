//! `exports-with-names.csv`: when something with names left the data folder, what it was, and where it went.
//!
//! For the teacher, who must be able to say later where names are. Deliberately absent: the names, and what was printed on a
//! terminal. The journal stays on this computer and is in no export.
//!
//! Invariants: only the newest [`MOST_ENTRIES`] are kept; nothing of a damaged journal is taken, and it is never written over.

use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat, Utc};
use model::line::one_line;
use model::{Recorded, Word};

use super::disk::{Durability, replace};
use super::table::{self, ShortLines, Source, read_table};
use super::{DataFolder, FolderLock};
use crate::{ErrorKind, Result};

const FILE: &str = "exports-with-names.csv";
const COLUMNS: [&str; 3] = ["At", "What", "Where"];
const MOST_BYTES: u64 = 4 << 20;
/// So many exports of names are more than a teacher makes in years.
const MOST_ENTRIES: usize = 1_000;

/// What had names in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedExport {
    /// A list of people.
    People,
    /// Who has not watched a video, and who has.
    Viewers,
    /// One person.
    Person,
    /// Addresses, copied to the clipboard.
    Addresses,
    /// Credit, as a file for a gradebook.
    Credit,
}

impl NamedExport {
    /// As people read it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::People => "List of people",
            Self::Viewers => "Viewers of a video",
            Self::Person => "One person",
            Self::Addresses => "Addresses",
            Self::Credit => "Credit",
        }
    }
}

impl Word for NamedExport {
    const ALL: &'static [Self] = &[Self::People, Self::Viewers, Self::Person, Self::Addresses, Self::Credit];

    fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Viewers => "viewers",
            Self::Person => "person",
            Self::Addresses => "addresses",
            Self::Credit => "credit",
        }
    }
}

/// One export with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedExportEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub what: Recorded<NamedExport>,
    /// The file, or the clipboard.
    pub place: String,
}

impl DataFolder {
    /// Where the journal is.
    pub(crate) fn name_journal_file(&self) -> PathBuf {
        self.root().join(FILE)
    }

    /// The exports with names, the newest last. [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn name_journal(&self) -> Result<Vec<NamedExportEntry>> {
        let path = self.name_journal_file();
        if !self.exists(&path)? {
            return Ok(Vec::new());
        }
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Correct the line in a text editor, or move the file away: the journal then begins anew",
            most_bytes: MOST_BYTES,
        };
        let instant = |text: &str| DateTime::parse_from_rfc3339(text.trim()).ok().map(|at| at.with_timezone(&Utc));
        read_table(self.disk(), source, &COLUMNS, ShortLines::EmptyCells, |row| {
            Ok(NamedExportEntry {
                at: row.parsed(0, "an instant such as 2026-10-01T09:00:00Z", instant)?,
                what: Recorded::of(row.text(1).trim()),
                place: row.text(2).to_owned(),
            })
        })
    }

    /// Adds an export with names; on the disk when this returns.
    pub fn note_named_export(&self, _lock: &FolderLock, entry: NamedExportEntry) -> Result<()> {
        let mut all = self.name_journal()?;
        all.push(entry);
        let newest = &all[all.len().saturating_sub(MOST_ENTRIES)..];
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        for entry in newest {
            let at = entry.at.to_rfc3339_opts(SecondsFormat::Secs, true);
            table::push_line(&mut text, [&*at, entry.what.as_str(), &one_line(&entry.place)]);
        }
        replace(self.disk(), &self.name_journal_file(), Durability::Durable, |file| file.write_all(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RealDisk;

    fn entry(minute: u32, place: &str) -> NamedExportEntry {
        let at = format!("2026-10-01T09:{minute:02}:00Z").parse().unwrap();
        NamedExportEntry { at, what: NamedExport::Credit.into(), place: place.to_owned() }
    }

    #[test]
    fn the_journal_grows_keeps_the_newest_and_is_never_written_over_when_damaged() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let lock = folder.lock().unwrap();
        let (one, two) = (entry(1, "C:\\Users\\t\\credit, \"final\".csv"), entry(2, "clipboard"));
        folder.note_named_export(&lock, one.clone()).unwrap();
        folder.note_named_export(&lock, two.clone()).unwrap();
        assert_eq!(folder.name_journal().unwrap(), [one, two.clone()]);
        let full =
            (0..MOST_ENTRIES).fold("At,What,Where\n".to_owned(), |text, _| text + "2026-10-01T09:00:00Z,sung,x\n");
        replace(&RealDisk, &folder.name_journal_file(), Durability::Durable, |file| file.write_all(full.as_bytes()))
            .unwrap();
        folder.note_named_export(&lock, two.clone()).unwrap();
        let kept = folder.name_journal().unwrap();
        assert_eq!((kept.len(), kept.last()), (MOST_ENTRIES, Some(&two)));
        assert_eq!(kept[0].what.as_str(), "sung", "a word of another version stays");
        for damaged in ["At\nx\n", "At,What,Where\nyesterday,credit,x\n"] {
            replace(&RealDisk, &folder.name_journal_file(), Durability::Durable, |file| {
                file.write_all(damaged.as_bytes())
            })
            .unwrap();
            assert!(folder.name_journal().is_err(), "{damaged}");
            assert!(folder.note_named_export(&lock, two.clone()).is_err());
            assert_eq!(folder.disk().read(&folder.name_journal_file()).unwrap(), damaged.as_bytes());
        }
    }
}
