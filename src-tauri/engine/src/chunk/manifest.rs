//! `.panopto-analytics/chunked.json`: what the output was made from, and a stamp of the output itself. So nothing is
//! made twice, and a damaged output is recognised.
//!
//! A missing or damaged manifest only costs the time to chunk everything again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::SystemTime;

use chrono_tz::Tz;
use model::{Decisions, FolderId, SessionId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::video::Viewing;
use crate::Result;
use crate::store::refusal::disk_error;
use crate::store::stamp::{Look, Stamp};
use crate::store::{DataFolder, Disk, Durability, FolderLock, replace};

/// Increases whenever the same input gives another output.
const FORMAT: u32 = 1;

const FILE: &str = "chunked.json";

/// What is known about the output.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) courses: BTreeMap<FolderId, CourseEntry>,
    pub(super) union: Option<UnionEntry>,
}

/// The output of one course.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CourseEntry {
    /// See [`Rules`].
    made_as: String,
    database_overview: Stamp,
    /// `None` if the course has no file of viewing records.
    database_activity: Option<Stamp>,
    pub(super) chunked: Stamp,
    overview: Stamp,
    pub(super) records: u64,
    pub(super) viewers: u32,
    /// In the order of the overview.
    pub(super) videos: Vec<(SessionId, Viewing)>,
}

/// The output of all courses together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct UnionEntry {
    /// What it was made from: the courses in their order, each with the stamps of its output.
    courses: Vec<(FolderId, Stamp, Stamp)>,
    pub(super) chunked: Stamp,
    overview: Stamp,
    pub(super) videos: u64,
    pub(super) rows: u64,
}

/// The rules by which output is made. Another time zone, other time zone rules, other decisions about people or a newer
/// version of this program give another output.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// In words, for the manifest.
    pub(super) made_as: String,
    /// Who is left out, and whose accounts are one person.
    pub(super) decisions: Decisions,
}

impl Rules {
    /// The rules of this folder. [`crate::ErrorCode::DataFileInvalid`] where it is not known who is left out: the output
    /// would name them.
    pub(super) fn of(folder: &DataFolder, zone: Tz) -> Result<Self> {
        let decisions = folder.people()?.decisions;
        let mut made_as = format!("{FORMAT} {} {}", zone.name(), chrono_tz::IANA_TZDB_VERSION);
        if decisions.change_figures() {
            let mut hash = Sha256::new();
            for account in decisions.accounts() {
                let is_left_out = [u8::from(decisions.is_left_out(account))];
                let person = decisions.person_of(account).account();
                for part in [&account.as_bytes()[..], &person.as_bytes()[..], &is_left_out[..]] {
                    hash.update(part);
                }
            }
            made_as.push_str(" people ");
            for byte in hash.finalize() {
                let _ = write!(made_as, "{byte:02x}");
            }
        }
        Ok(Self { made_as, decisions })
    }
}

/// The four files of one course.
pub(super) struct CourseFiles<'p> {
    pub(super) database_overview: &'p Path,
    pub(super) database_activity: Option<&'p Path>,
    pub(super) chunked: &'p Path,
    pub(super) overview: &'p Path,
}

impl CourseEntry {
    pub(super) fn new(
        made_as: &str,
        stamps: (Stamp, Option<Stamp>, Stamp, Stamp),
        records: u64,
        viewers: u32,
        videos: Vec<(SessionId, Viewing)>,
    ) -> Self {
        let (database_overview, database_activity, chunked, overview) = stamps;
        Self {
            made_as: made_as.to_owned(),
            database_overview,
            database_activity,
            chunked,
            overview,
            records,
            viewers,
            videos,
        }
    }

    /// Whether input and output are still those of this entry. Takes over newer stamps.
    pub(super) fn is_current(
        &mut self,
        disk: &dyn Disk,
        made_as: &str,
        files: &CourseFiles<'_>,
        now: SystemTime,
    ) -> Result<bool> {
        if self.made_as != made_as {
            return Ok(false);
        }
        let mut same = same_file(&mut self.database_overview, disk, files.database_overview, now)?;
        same = same
            && match (&mut self.database_activity, files.database_activity) {
                (Some(stamp), Some(path)) => same_file(stamp, disk, path, now)?,
                (None, None) => true,
                _ => false,
            };
        Ok(same
            && same_file(&mut self.overview, disk, files.overview, now)?
            && same_file(&mut self.chunked, disk, files.chunked, now)?)
    }

    /// The stamps of the two output files, for comparison.
    fn output(&self) -> (Stamp, Stamp) {
        (self.chunked.clone(), self.overview.clone())
    }

    /// The number of chunk rows of the course.
    pub(super) fn rows(&self) -> u64 {
        self.videos.iter().map(|(_, viewing)| viewing.rows).sum()
    }
}

impl UnionEntry {
    pub(super) fn new<'e>(
        courses: impl IntoIterator<Item = (FolderId, &'e CourseEntry)>,
        chunked: Stamp,
        overview: Stamp,
        videos: u64,
        rows: u64,
    ) -> Self {
        let courses = courses
            .into_iter()
            .map(|(id, entry)| {
                let (chunked, overview) = entry.output();
                (id, chunked, overview)
            })
            .collect();
        Self { courses, chunked, overview, videos, rows }
    }

    /// Whether the union contains any of these courses.
    pub(super) fn has_any(&self, courses: &[FolderId]) -> bool {
        self.courses.iter().any(|(id, ..)| courses.contains(id))
    }

    /// Whether the union was made from these courses' present output, and still exists. Takes over newer stamps.
    pub(super) fn is_current(
        &mut self,
        disk: &dyn Disk,
        courses: &[(FolderId, &CourseEntry)],
        (chunked, overview): (&Path, &Path),
        now: SystemTime,
    ) -> Result<bool> {
        let same_courses = self.courses.len() == courses.len()
            && self.courses.iter().zip(courses).all(|((id, chunked, overview), (other, entry))| {
                id == other && chunked.same_bytes(&entry.chunked) && overview.same_bytes(&entry.overview)
            });
        Ok(same_courses
            && same_file(&mut self.overview, disk, overview, now)?
            && same_file(&mut self.chunked, disk, chunked, now)?)
    }
}

fn same_file(stamp: &mut Stamp, disk: &dyn Disk, path: &Path, now: SystemTime) -> Result<bool> {
    match stamp.look(disk, path, now).map_err(|error| disk_error("read", path, error))? {
        Look::Same(newer) => {
            *stamp = newer;
            Ok(true)
        }
        Look::Changed => Ok(false),
    }
}

impl Manifest {
    pub(super) fn read(folder: &DataFolder) -> Self {
        let bytes = folder.disk().read(&folder.internal_file(FILE)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    pub(super) fn save(&self, folder: &DataFolder, _lock: &FolderLock) -> Result<()> {
        Ok(replace(folder.disk(), &folder.internal_file(FILE), Durability::Remakable, |file| {
            serde_json::to_writer(file, self).map_err(std::io::Error::from)
        })?)
    }
}
