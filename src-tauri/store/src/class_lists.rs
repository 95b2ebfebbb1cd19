//! `class-lists/<course>.json`: the class list of a course, its versions, and which viewers somebody has said they are.
//!
//! No copy of the teacher's file is kept, only its name and the hash of its bytes. It names people, so only its owner may read
//! it, and it lies outside of `database/`, which people pass on. Deliberately absent: reading rosters (crate `roster`) and
//! matching (crate `model`).
//!
//! Invariants: it cannot be made again, so it is flushed before it takes the old one's place; a damaged one is told, is never
//! written over, and is in the way of nothing but class lists; it leaves and comes back with its course.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use model::{ClassList, FolderId};
use serde::{Deserialize, Serialize};

use super::disk::{Durability, remove_leftovers, replace};
use super::refusal::disk_error;
use super::{DataFolder, FolderLock};
use crate::{Error, ErrorKind, Result};

/// The form of the file this version writes and reads.
const VERSION: u32 = 1;
/// A hundred thousand people take less.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptClassList<'a> {
    version: u32,
    course: FolderId,
    list: Cow<'a, ClassList>,
}

impl DataFolder {
    /// Where class lists are kept.
    pub(crate) fn class_lists_dir(&self) -> PathBuf {
        self.root().join("class-lists")
    }

    /// Where the class list of a course is kept.
    pub fn class_list_file(&self, course: FolderId) -> PathBuf {
        self.class_lists_dir().join(format!("{course}.json"))
    }

    /// The class list of a course; `None` where there is none. [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn class_list(&self, course: FolderId) -> Result<Option<ClassList>> {
        self.read_class_list(&self.class_list_file(course), course)
    }

    fn read_class_list(&self, path: &Path, course: FolderId) -> Result<Option<ClassList>> {
        if !self.exists(path)? {
            return Ok(None);
        }
        let bytes = self.disk().read_at_most(path, MOST_BYTES).map_err(|error| disk_error("read", path, error))?;
        let invalid = |problem: String| {
            Error::new(
                ErrorKind::DataFileInvalid,
                format!("The class list `{}` cannot be used: {problem}", path.display()),
            )
            .with_hint("Put it back from a backup, or remove the class list and import it again")
        };
        // The words of the reader may repeat what stands in the file.
        let kept: KeptClassList<'static> = serde_json::from_slice(&bytes)
            .map_err(|error| invalid(format!("line {} is not as expected", error.line().max(1))))?;
        if kept.course != course {
            return Err(invalid(format!("it is that of course {}", kept.course)));
        }
        if kept.version != VERSION {
            return Err(invalid(format!("its version {} is not known", kept.version)));
        }
        Ok(Some(kept.list.into_owned()))
    }

    /// Replaces the class list of a course.
    pub fn save_class_list(&self, _lock: &FolderLock, course: FolderId, list: &ClassList) -> Result<()> {
        let dir = self.class_lists_dir();
        self.make_dir(&dir)?;
        remove_leftovers(self.disk(), &dir);
        self.write_class_list(&self.class_list_file(course), course, list)
    }

    fn write_class_list(&self, path: &Path, course: FolderId, list: &ClassList) -> Result<()> {
        let kept = KeptClassList { version: VERSION, course, list: Cow::Borrowed(list) };
        let text = serde_json::to_vec_pretty(&kept).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("The class list `{}` cannot be written", path.display()))
                .with_source(error)
        })?;
        replace(self.disk(), path, Durability::Durable, |file| {
            file.write_all(&text)?;
            file.write_all(b"\n")
        })
    }

    /// Changes every class list there is, those of removed courses included, with what `change` does to it; it returns whether it
    /// did anything. Returns how many files were changed. A damaged one is the first error, after all others are changed.
    pub fn change_class_lists(
        &self,
        _lock: &FolderLock,
        mut change: impl FnMut(&mut ClassList) -> bool,
    ) -> Result<u64> {
        let mut places: Vec<(PathBuf, FolderId)> = Vec::new();
        for course in self.courses_with_class_list()? {
            places.push((self.class_list_file(course), course));
        }
        places.extend(self.class_lists_in_trash()?);
        let (mut changed, mut failed) = (0, None);
        for (path, course) in places {
            match self.read_class_list(&path, course) {
                Ok(Some(mut list)) => {
                    if change(&mut list) {
                        self.write_class_list(&path, course, &list)?;
                        changed += 1;
                    }
                }
                Ok(None) => {}
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(changed), Err)
    }

    /// Removes the class list of a course, whether or not it can be read. Returns whether there was one.
    pub fn remove_class_list(&self, _lock: &FolderLock, course: FolderId) -> Result<bool> {
        let path = self.class_list_file(course);
        if !self.exists(&path)? {
            return Ok(false);
        }
        self.disk().remove_file(&path).map_err(|error| disk_error("remove", &path, error))?;
        let dir = self.class_lists_dir();
        self.disk().sync_dir(&dir).map_err(|error| disk_error("write", &dir, error))?;
        Ok(true)
    }

    /// The courses that have a class list.
    pub(crate) fn courses_with_class_list(&self) -> Result<Vec<FolderId>> {
        let dir = self.class_lists_dir();
        if !self.exists(&dir)? {
            return Ok(Vec::new());
        }
        let entries = self.disk().list(&dir).map_err(|error| disk_error("list", &dir, error))?;
        let names = entries.into_iter().filter_map(|entry| entry.name.into_string().ok());
        let mut courses: Vec<FolderId> = names.filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect();
        courses.sort_unstable();
        Ok(courses)
    }
}

#[cfg(test)]
mod tests {
    use model::{ListSource, ListedPerson};

    use super::*;

    const COURSE: FolderId = FolderId::from_bytes([7; 16]);

    fn folder() -> (tempfile::TempDir, DataFolder, FolderLock) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path().join("data")).unwrap();
        let lock = folder.lock().unwrap();
        (dir, folder, lock)
    }

    fn list() -> ClassList {
        let person = |name: &str, login: &str| ListedPerson {
            name: Some(name.to_owned()),
            login: Some(login.to_owned()),
            ..ListedPerson::default()
        };
        let people = vec![person("Okonjo-Vale, Mira \"M\"", "mvale7"), person("=1+1", "été")];
        let imported_at = "2026-10-01T08:00:00Z".parse().unwrap();
        let mut list = ClassList::default();
        list.update(
            people,
            ListSource { imported_at, file: Some("list.csv".into()), hash: "0a".into(), people: 2, system: None },
        );
        list.decide(0, model::UserId::from_bytes([9; 16]), Some(true));
        list
    }

    #[test]
    fn a_list_comes_back_as_it_was_kept_and_goes_when_it_is_removed() {
        let (_dir, folder, lock) = folder();
        assert_eq!(folder.class_list(COURSE).unwrap(), None);
        folder.save_class_list(&lock, COURSE, &list()).unwrap();
        assert_eq!(folder.class_list(COURSE).unwrap(), Some(list()));
        assert_eq!(folder.courses_with_class_list().unwrap(), [COURSE]);
        assert_eq!(folder.class_list(FolderId::from_bytes([8; 16])).unwrap(), None);
        assert!(folder.remove_class_list(&lock, COURSE).unwrap());
        assert!(!folder.remove_class_list(&lock, COURSE).unwrap());
        assert!(folder.courses_with_class_list().unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_dir, folder, lock) = folder();
        folder.save_class_list(&lock, COURSE, &list()).unwrap();
        for path in [folder.class_lists_dir(), folder.class_list_file(COURSE)] {
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
        }
    }

    #[test]
    fn a_damaged_foreign_or_newer_list_is_told_without_its_words() {
        let (_dir, folder, lock) = folder();
        folder.save_class_list(&lock, COURSE, &list()).unwrap();
        let path = folder.class_list_file(COURSE);
        let text = std::fs::read_to_string(&path).unwrap();
        for (damaged, words) in [
            (text[..text.len() / 2].to_owned(), "line"),
            (text.replace("07070707", "08080808"), "that of course"),
            (text.replace("\"version\": 1", "\"version\": 2"), "version 2"),
            (text.replace("\"since\": \"2026", "\"since\": \"Okonjo"), "line"),
        ] {
            std::fs::write(&path, &damaged).unwrap();
            let error = folder.class_list(COURSE).unwrap_err();
            assert_eq!(error.code(), model::ErrorCode::DataFileInvalid);
            assert!(error.message().contains(words) && !error.message().contains("Okonjo"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged, "nothing is written over it");
        }
        assert!(folder.remove_class_list(&lock, COURSE).unwrap(), "a damaged one can be removed");
    }
}
