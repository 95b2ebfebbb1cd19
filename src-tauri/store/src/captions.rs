//! `database/<course>/captions/`: the captions of a course's videos as Panopto sent them, `<session ID>.srt`, and
//! `index.json`, which says for each video when it was asked for and what the answer was.
//!
//! The directory lies in the course's own, so that it is moved, removed and brought back with it; the original's scripts do
//! not look into it. Deliberately absent: what captions say (crate `model`) and when to ask again (the engine).
//!
//! Invariants: the index says that captions are kept only after their file is on the disk, with its length, so that a lost or
//! cut one is asked for again; an answer that is about who asks never takes the place of captions; a damaged index costs
//! requests and nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use model::{CaptionsState, FolderId, Recorded, SessionId};
use serde::{Deserialize, Serialize};

use super::disk::{Durability, remove_leftovers, replace};
use super::refusal::disk_error;
use super::unfit::MOST_COURSE_BYTES;
use super::{Area, DataFolder, FolderLock};
use crate::{Error, ErrorKind, Result};

/// The form of the index this version writes and reads.
const VERSION: u32 = 1;
const INDEX: &str = "index.json";
/// The captions of a video of a whole day take some two megabytes.
const MOST_CAPTIONS_BYTES: u64 = 32 << 20;

/// What is known of the captions of one video.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptionsNote {
    /// The answer.
    pub state: Recorded<CaptionsState>,
    /// When it came.
    pub asked_at: DateTime<Utc>,
    /// The length of the video then, in seconds: another one means that the video was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_secs: Option<f64>,
    /// The language of what is kept, by Panopto's name, where it was asked for by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The length of the file that is kept; 0 where there is none.
    #[serde(default)]
    pub file_bytes: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CaptionsIndex {
    version: u32,
    course: FolderId,
    videos: BTreeMap<SessionId, CaptionsNote>,
}

/// The captions of one course.
#[derive(Debug)]
pub struct CourseCaptions {
    folder: DataFolder,
    dir: PathBuf,
    index: CaptionsIndex,
    /// One sentence where the index was damaged and is begun anew.
    pub damage: Option<String>,
}

impl CourseCaptions {
    /// What is kept for a course; `None` where the course has no directory.
    pub fn open(folder: &DataFolder, course: FolderId) -> Result<Option<Self>> {
        let Some(course_dir) = folder.course_dir(Area::Database, course)? else { return Ok(None) };
        let dir = captions_dir(&course_dir);
        let path = dir.join(INDEX);
        let mut index = CaptionsIndex { version: VERSION, course, videos: BTreeMap::new() };
        let mut damage = None;
        if folder.exists(&path)? {
            let bytes = folder.disk().read_at_most(&path, MOST_COURSE_BYTES);
            let bytes = bytes.map_err(|error| disk_error("read", &path, error))?;
            let problem = match serde_json::from_slice::<CaptionsIndex>(&bytes) {
                Ok(read) if read.version == VERSION && read.course == course => {
                    index = read;
                    None
                }
                Ok(read) if read.course != course => Some(format!("it is that of course {}", read.course)),
                Ok(read) => Some(format!("its version {} is not known", read.version)),
                Err(error) => Some(format!("line {} is not as expected", error.line())),
            };
            damage = problem.map(|problem| {
                format!("The list of captions `{}` cannot be used and is begun anew: {problem}", path.display())
            });
        }
        Ok(Some(Self { folder: folder.clone(), dir, index, damage }))
    }

    /// What is known of a video; `None` where nobody has asked yet, or where what was kept is gone or cut.
    pub fn note(&self, video: SessionId) -> Result<Option<&CaptionsNote>> {
        let Some(note) = self.index.videos.get(&video) else { return Ok(None) };
        if note.state != Recorded::Known(CaptionsState::Kept) {
            return Ok(Some(note));
        }
        let path = self.file(video);
        let stat = self.folder.disk().stat(&path).map_err(|error| disk_error("read", &path, error))?;
        Ok(stat.is_some_and(|stat| !stat.is_dir && stat.length == note.file_bytes).then_some(note))
    }

    /// The captions of a video as they came; `None` where none are kept.
    pub fn text(&self, video: SessionId) -> Result<Option<Vec<u8>>> {
        match self.note(video)? {
            Some(note) if note.state == Recorded::Known(CaptionsState::Kept) => {
                let path = self.file(video);
                let bytes = self.folder.disk().read_at_most(&path, MOST_CAPTIONS_BYTES);
                Ok(Some(bytes.map_err(|error| disk_error("read", &path, error))?))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Where the captions of a video are.
    pub fn file(&self, video: SessionId) -> PathBuf {
        self.dir.join(format!("{video}.srt"))
    }

    /// Makes ready for writing: removes what an earlier crash left half-written.
    pub fn begin(&self, _lock: &FolderLock) -> Result<()> {
        self.folder.make_dir(&self.dir)?;
        remove_leftovers(self.folder.disk(), &self.dir);
        Ok(())
    }

    /// Takes over an answer, and the file that came with it. On the disk once [`CourseCaptions::save`] is called.
    pub fn take(
        &mut self,
        _lock: &FolderLock,
        video: SessionId,
        note: CaptionsNote,
        text: Option<&[u8]>,
    ) -> Result<()> {
        let path = self.file(video);
        let is_about_who_asks = matches!(
            note.state,
            Recorded::Known(CaptionsState::Refused | CaptionsState::SignedOut) | Recorded::Unknown(_)
        );
        if is_about_who_asks && self.text(video)?.is_some() {
            return Ok(());
        }
        let mut note = note;
        note.file_bytes = 0;
        if let Some(text) = text {
            replace(self.folder.disk(), &path, Durability::Durable, |file| file.write_all(text))?;
            note.file_bytes = text.len() as u64;
        } else if self.folder.exists(&path)? {
            self.folder.disk().remove_file(&path).map_err(|error| disk_error("remove", &path, error))?;
        }
        self.index.videos.insert(video, note);
        Ok(())
    }

    /// Writes the index; on the disk when this returns.
    pub fn save(&self, _lock: &FolderLock) -> Result<()> {
        let path = self.dir.join(INDEX);
        let text = serde_json::to_vec_pretty(&self.index).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("The list of captions `{}` cannot be written", path.display()))
                .with_source(error)
        })?;
        replace(self.folder.disk(), &path, Durability::Durable, |file| {
            file.write_all(&text)?;
            file.write_all(b"\n")
        })
    }

    /// The index's file, which changes whenever anything is taken over.
    pub fn index_file(&self) -> PathBuf {
        self.dir.join(INDEX)
    }
}

fn captions_dir(course_dir: &Path) -> PathBuf {
    course_dir.join("captions")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COURSE: FolderId = FolderId::from_bytes([7; 16]);

    fn video(number: u8) -> SessionId {
        SessionId::from_bytes([number; 16])
    }

    fn folder() -> (tempfile::TempDir, DataFolder, FolderLock) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let lock = folder.lock().unwrap();
        folder.make_course_dir(&lock, Area::Database, COURSE, "COMM 290").unwrap();
        (dir, folder, lock)
    }

    fn note(state: CaptionsState) -> CaptionsNote {
        CaptionsNote {
            state: state.into(),
            asked_at: "2024-03-01T10:00:00Z".parse().unwrap(),
            duration_secs: Some(100.5),
            language: Some("Danish".into()),
            file_bytes: 99,
        }
    }

    fn open(folder: &DataFolder) -> CourseCaptions {
        CourseCaptions::open(folder, COURSE).unwrap().unwrap()
    }

    #[test]
    fn captions_are_kept_as_they_came_and_read_back() {
        let (_dir, folder, lock) = folder();
        let mut captions = open(&folder);
        captions.begin(&lock).unwrap();
        let text = b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\r\n\xff\r\n";
        captions.take(&lock, video(1), note(CaptionsState::Kept), Some(text)).unwrap();
        captions.take(&lock, video(2), note(CaptionsState::NoCaptions), None).unwrap();
        captions.save(&lock).unwrap();
        let read = open(&folder);
        assert_eq!(read.text(video(1)).unwrap().unwrap(), text);
        assert_eq!(read.note(video(1)).unwrap().unwrap().file_bytes, text.len() as u64);
        assert_eq!(
            *read.note(video(2)).unwrap().unwrap(),
            CaptionsNote { file_bytes: 0, ..note(CaptionsState::NoCaptions) }
        );
        assert_eq!((read.text(video(2)).unwrap(), read.note(video(3)).unwrap()), (None, None));
        assert!(CourseCaptions::open(&folder, FolderId::from_bytes([8; 16])).unwrap().is_none());
    }

    #[test]
    fn a_lost_or_cut_file_counts_as_never_fetched() {
        let (_dir, folder, lock) = folder();
        let mut captions = open(&folder);
        captions.begin(&lock).unwrap();
        captions.take(&lock, video(1), note(CaptionsState::Kept), Some(b"12345")).unwrap();
        captions.save(&lock).unwrap();
        let path = captions.file(video(1));
        std::fs::write(&path, b"1234").unwrap();
        assert_eq!((open(&folder).note(video(1)).unwrap(), open(&folder).text(video(1)).unwrap()), (None, None));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(open(&folder).note(video(1)).unwrap(), None);
    }

    #[test]
    fn what_is_kept_outlives_a_refusal_and_not_its_own_removal() {
        let (_dir, folder, lock) = folder();
        let mut captions = open(&folder);
        captions.begin(&lock).unwrap();
        captions.take(&lock, video(1), note(CaptionsState::Kept), Some(b"12345")).unwrap();
        for state in [CaptionsState::Refused, CaptionsState::SignedOut] {
            captions.take(&lock, video(1), note(state), None).unwrap();
            assert_eq!(captions.text(video(1)).unwrap().as_deref(), Some(b"12345".as_slice()));
        }
        captions.take(&lock, video(1), note(CaptionsState::NoCaptions), None).unwrap();
        assert_eq!(captions.text(video(1)).unwrap(), None);
        assert!(!captions.file(video(1)).exists());
    }

    #[test]
    fn a_damaged_foreign_or_newer_index_is_told_and_begun_anew() {
        let (_dir, folder, lock) = folder();
        let mut captions = open(&folder);
        captions.begin(&lock).unwrap();
        captions.take(&lock, video(1), note(CaptionsState::Kept), Some(b"12345")).unwrap();
        captions.save(&lock).unwrap();
        let path = captions.index_file();
        let text = std::fs::read_to_string(&path).unwrap();
        let newer_word = text.replace("\"kept\"", "\"translated\"");
        for (text, words) in [
            (text[..text.len() / 2].to_owned(), "line"),
            (text.replace("07070707", "08080808"), "that of course"),
            (text.replace("\"version\": 1", "\"version\": 2"), "version 2"),
        ] {
            std::fs::write(&path, text).unwrap();
            let read = open(&folder);
            assert!(read.damage.as_ref().is_some_and(|sentence| sentence.contains(words)), "{:?}", read.damage);
            assert_eq!(read.note(video(1)).unwrap(), None);
        }
        std::fs::write(&path, newer_word).unwrap();
        let read = open(&folder);
        assert_eq!((read.damage.as_deref(), read.text(video(1)).unwrap()), (None, None));
        assert_eq!(read.note(video(1)).unwrap().unwrap().state, Recorded::Unknown("translated".into()));
    }
}
