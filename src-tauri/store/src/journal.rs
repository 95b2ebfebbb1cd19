//! Up to which day each video of a course is fetched: `.panopto-analytics/sync/<folder ID>.json`.
//!
//! `state.csv` holds one date for a course, as in the original tool. One date cannot mark a new video, whose whole
//! history is still missing, or a video that failed. The journal can.
//!
//! Invariant: a day is in the journal only after its records are in `viewing_activity.csv`. So a lost, damaged or
//! outdated journal costs requests but never records.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use model::{FolderId, OutcomeWord, Recorded, RecordedFailure, RecordedPart, SessionId};
use serde::{Deserialize, Serialize};

use super::disk::{Durability, remove_leftovers, replace};
use super::layout::DataFolder;
use super::lock::FolderLock;
use super::refusal::disk_error;
use super::unfit::MOST_COURSE_BYTES;
use crate::{Error, ErrorKind, Result};

/// The version of the file format that this program writes and reads.
const VERSION: u32 = 1;

/// What is known about one video.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoState {
    /// The last UTC day whose records are stored; `None` while the video's history has not been fetched.
    pub fetched_through: Option<NaiveDate>,
    /// Set while "no records" is believed only because several sign-ins agreed, and nothing has shown that any of them
    /// can see records. Each sync then requests the whole history again; an empty answer costs the same one call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_agreed: bool,
    /// When the video was last missing from every list and the server's answer about it did not show whether it is
    /// gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_in_vain: Option<DateTime<Utc>>,
    /// Why the video failed last time, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<RecordedFailure>,
}

/// How the last sync of the course ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When that sync began.
    pub at: DateTime<Utc>,
    /// The outcome of that sync.
    pub outcome: Recorded<OutcomeWord>,
    /// Viewing records that the sync brought.
    #[serde(default)]
    pub new_records: u64,
    /// Why the course as a whole failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RecordedFailure>,
    /// The videos and subfolders that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<RecordedPart>,
}

/// What `viewing_activity.csv` held when it was last written, so that nobody has to read it for these numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredCounts {
    /// Viewing records.
    pub records: u64,
    /// Different viewers.
    pub viewers: u64,
    /// Length of the file in bytes; the counts are valid only for a file of this length.
    pub file_bytes: u64,
}

/// A reading of all lists of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListsRead {
    /// When the sync that read them began.
    pub at: DateTime<Utc>,
    /// A mark of the folders that they showed: which lies in which, and their names.
    pub folders: u64,
}

/// A video and a day for which the server has records. If a request for them brings none, the sign-in is dead.
///
/// A server may also delete old records. So a witness that stays silent for [`SILENCE_BELIEVED_AFTER`] syncs, each with
/// several fresh sign-ins, is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Witness {
    /// The video.
    pub video: SessionId,
    /// The UTC day.
    pub day: NaiveDate,
    /// How many syncs in a row brought no records for it, although other sign-ins were tried.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub silent_syncs: u32,
}

/// A witness is given up after this many silent syncs.
const SILENCE_BELIEVED_AFTER: u32 = 3;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Witness {
    /// A witness that has just brought records.
    pub const fn new(video: SessionId, day: NaiveDate) -> Self {
        Self { video, day, silent_syncs: 0 }
    }
}

/// The journal of one course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Journal {
    version: u32,
    /// The course.
    pub course: FolderId,
    /// The course's name when it was last listed.
    pub name: String,
    /// How the last sync ended; `None` before the first one has ended.
    #[serde(default)]
    pub last: Option<Attempt>,
    /// When a sync last completed the course.
    #[serde(default)]
    pub last_complete: Option<DateTime<Utc>>,
    /// The last reading of all lists that left nothing in doubt. A look at many folders at once may replace them for some days
    /// after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lists_read: Option<ListsRead>,
    /// What is stored, if known.
    #[serde(default)]
    pub stored: Option<StoredCounts>,
    /// Set when a sync finds that stored records are gone, until they are fetched again. Meanwhile the stored data is
    /// not a whole course.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost_records: bool,
    /// Proof of being signed in, if known.
    #[serde(default)]
    pub witness: Option<Witness>,
    /// All videos ever fetched, including those that have left the course. If one comes back, only what is missing is
    /// fetched.
    pub videos: BTreeMap<SessionId, VideoState>,
}

/// What is in the place of a journal.
#[derive(Debug)]
pub enum JournalFile {
    /// A journal.
    Journal(Box<Journal>),
    /// No file: the course is new, or the original tool fetched it.
    Nothing,
    /// A file that is not a journal. The text is one sentence about it.
    Damaged(String),
}

impl Journal {
    /// An empty journal.
    pub fn new(course: FolderId, name: impl Into<String>) -> Self {
        Self {
            version: VERSION,
            course,
            name: name.into(),
            last: None,
            last_complete: None,
            lists_read: None,
            stored: None,
            lost_records: false,
            witness: None,
            videos: BTreeMap::new(),
        }
    }

    /// Where the journal of a course is.
    pub fn path(folder: &DataFolder, course: FolderId) -> PathBuf {
        folder.internal_dir().join("sync").join(format!("{course}.json"))
    }

    /// Reads the journal of a course.
    pub fn load(folder: &DataFolder, course: FolderId) -> Result<JournalFile> {
        let path = Self::path(folder, course);
        if !folder.exists(&path)? {
            return Ok(JournalFile::Nothing);
        }
        let bytes =
            folder.disk().read_at_most(&path, MOST_COURSE_BYTES).map_err(|error| disk_error("read", &path, error))?;
        let problem = match serde_json::from_slice::<Self>(&bytes) {
            Ok(journal) if journal.version == VERSION && journal.course == course => {
                return Ok(JournalFile::Journal(Box::new(journal)));
            }
            Ok(journal) if journal.course != course => format!("it is that of course {}", journal.course),
            Ok(journal) => format!("its version {} is not known", journal.version),
            Err(error) => format!("line {} is not as expected", error.line()),
        };
        Ok(JournalFile::Damaged(format!("The sync journal `{}` cannot be used: {problem}", path.display())))
    }

    /// Writes the journal. It is on the disk when this returns.
    pub fn save(&self, folder: &DataFolder, _lock: &FolderLock) -> Result<()> {
        let path = Self::path(folder, self.course);
        if let Some(directory) = path.parent() {
            folder.make_dir(directory)?;
        }
        let text = serde_json::to_vec_pretty(self).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("The sync journal `{}` cannot be written", path.display()))
                .with_source(error)
        })?;
        replace(folder.disk(), &path, Durability::Durable, |file| {
            file.write_all(&text)?;
            file.write_all(b"\n")
        })
    }

    /// Removes the half-written journals that an earlier crash left.
    pub fn remove_leftovers(folder: &DataFolder, _lock: &FolderLock) {
        remove_leftovers(folder.disk(), &folder.internal_dir().join("sync"));
    }

    /// Removes the journal of a course whose data is being removed. No error if there is none.
    pub fn remove(folder: &DataFolder, _lock: &FolderLock, course: FolderId) -> Result<()> {
        let path = Self::path(folder, course);
        if folder.exists(&path)? {
            folder.disk().remove_file(&path).map_err(|error| disk_error("remove", &path, error))?;
        }
        Ok(())
    }

    /// Records whether the witness brought records in this sync, or none with any sign-in.
    pub fn note_witness(&mut self, has_spoken: bool) {
        let Some(witness) = &mut self.witness else { return };
        witness.silent_syncs = if has_spoken { 0 } else { witness.silent_syncs + 1 };
        if witness.silent_syncs >= SILENCE_BELIEVED_AFTER {
            self.witness = None;
        }
    }

    /// Whether the journal says that there are stored records, or that there were none to store.
    pub fn claims_records(&self) -> bool {
        self.stored.is_some_and(|stored| stored.records > 0)
            || self.videos.values().any(|video| video.fetched_through.is_some())
    }

    /// The last day up to which all these videos are fetched. `None` if one of them has not been fetched at all, or if
    /// there are no videos.
    pub fn complete_through(&self, videos: impl IntoIterator<Item = SessionId>) -> Option<NaiveDate> {
        videos
            .into_iter()
            .map(|video| self.videos.get(&video).and_then(|state| state.fetched_through))
            .reduce(Ord::min)
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use model::ErrorCode;

    use super::*;

    const COURSE: FolderId = FolderId::from_bytes([7; 16]);

    fn folder() -> (tempfile::TempDir, DataFolder, FolderLock) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let lock = folder.lock().unwrap();
        (dir, folder, lock)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn reads_back_what_it_wrote() {
        let (_dir, folder, lock) = folder();
        assert!(matches!(Journal::load(&folder, COURSE).unwrap(), JournalFile::Nothing));
        let mut journal = Journal::new(COURSE, "Name \"with\" 漢字");
        journal.witness = Some(Witness::new(SessionId::from_bytes([1; 16]), day("2024-02-29")));
        journal.stored = Some(StoredCounts { records: 3, viewers: 2, file_bytes: 1 });
        let failed = Some(RecordedFailure { code: ErrorCode::Network.into(), reason: "Gone".into(), hint: None });
        journal.videos.insert(SessionId::from_bytes([1; 16]), VideoState { failed, ..VideoState::default() });
        journal.last = Some(Attempt {
            at: "2024-03-01T10:00:00Z".parse().unwrap(),
            outcome: OutcomeWord::Partial.into(),
            new_records: 3,
            error: None,
            failed: vec![],
        });
        journal.save(&folder, &lock).unwrap();
        match Journal::load(&folder, COURSE).unwrap() {
            JournalFile::Journal(read) => assert_eq!(*read, journal),
            other => panic!("{other:?}"),
        }
        Journal::remove(&folder, &lock, COURSE).unwrap();
        Journal::remove(&folder, &lock, COURSE).unwrap();
        assert!(matches!(Journal::load(&folder, COURSE).unwrap(), JournalFile::Nothing));
    }

    #[test]
    fn a_damaged_foreign_or_newer_journal_is_said_to_be_so() {
        let (_dir, folder, lock) = folder();
        let journal = Journal::new(COURSE, "x");
        journal.save(&folder, &lock).unwrap();
        let path = Journal::path(&folder, COURSE);
        let text = std::fs::read_to_string(&path).unwrap();
        for (text, words) in [
            (text[..text.len() / 2].to_owned(), "line"),
            (text.replace("07070707", "08080808"), "that of course"),
            (text.replace("\"version\": 1", "\"version\": 2"), "version 2"),
        ] {
            std::fs::write(&path, text).unwrap();
            match Journal::load(&folder, COURSE).unwrap() {
                JournalFile::Damaged(sentence) => assert!(sentence.contains(words), "{sentence}"),
                other => panic!("{other:?}"),
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let (_dir, folder, lock) = folder();
            Journal::new(COURSE, "x").save(&folder, &lock).unwrap();
            std::fs::write(Journal::path(&folder, COURSE), &bytes).unwrap();
            proptest::prop_assert!(matches!(Journal::load(&folder, COURSE), Ok(JournalFile::Damaged(_))));
        }
    }

    #[test]
    fn a_course_is_complete_through_its_slowest_video() {
        let video = |n: u8| SessionId::from_bytes([n; 16]);
        let mut journal = Journal::new(COURSE, "x");
        for (n, through) in [(1, Some("2024-01-05")), (2, Some("2024-01-03")), (3, None)] {
            journal.videos.insert(video(n), VideoState { fetched_through: through.map(day), ..VideoState::default() });
        }
        assert_eq!(journal.complete_through([video(1), video(2)]), Some(day("2024-01-03")));
        assert_eq!(journal.complete_through([video(1), video(3)]), None);
        assert_eq!(journal.complete_through([video(1), video(9)]), None);
        assert_eq!(journal.complete_through([]), None);
    }
}
