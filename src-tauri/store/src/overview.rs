//! `database/…/sessions_overview.csv`: the videos of a course, in the file's order.

use std::io::Read as _;
use std::path::Path;

use model::{FolderId, SessionId};

use super::disk::{Disk, Durability, replace};
use super::layout::ACTIVITY_FILE;
use super::number::{Reading, number_text};
use super::refusal::disk_error;
use super::table::{self, ShortLines, Source, read_table};
use crate::unfit::MOST_COURSE_BYTES;
use crate::{ErrorKind, Result};

const COLUMNS: [&str; 8] = [
    "RootFolderID",
    "RootFolderName",
    "ContainingFolderId",
    "ContainingFolderName",
    "SessionId",
    "SessionName",
    "Description",
    "Duration",
];

/// One video of a course.
#[derive(Debug, Clone, PartialEq)]
pub struct OverviewRow {
    /// The ID of the course's folder.
    pub root_folder_id: FolderId,
    /// The course's name.
    pub root_folder_name: String,
    /// The folder that contains the video: the course's own or one below it. `None` if the file does not say.
    pub containing_folder_id: Option<FolderId>,
    /// The name of that folder.
    pub containing_folder_name: String,
    /// The video.
    pub session_id: SessionId,
    /// The video's name, not necessarily unique.
    pub session_name: String,
    /// The video's description; may be empty and may hold line breaks.
    pub description: String,
    /// The video's length in seconds; `None` if the server gave none. May be zero or negative, if the server said so.
    pub duration_secs: Option<f64>,
}

fn source(path: &Path) -> Source<'_> {
    Source {
        path,
        code: ErrorKind::DataFileInvalid,
        remedy: "Correct the line, or delete the file and sync again; viewing records are not in it",
        most_bytes: MOST_COURSE_BYTES,
    }
}

/// A file that holds no more than a line end and a byte order mark: its first line is missing.
const BLANK_BYTES: u64 = 5;

/// Whether the file has no header, as after a crash of the computer or another program.
pub(crate) fn is_blank(disk: &dyn Disk, path: &Path) -> Result<bool> {
    let found = disk.stat(path).map_err(|error| disk_error("read", path, error))?;
    Ok(found.is_some_and(|found| !found.is_dir && found.length <= BLANK_BYTES))
}

/// A course without videos may have a blank list, but no viewing records.
fn check_not_blanked(disk: &dyn Disk, path: &Path, source: Source<'_>) -> Result<()> {
    if !is_blank(disk, path)? {
        return Ok(());
    }
    let activity = path.with_file_name(ACTIVITY_FILE);
    let mut begin = Vec::new();
    match disk.open(&activity) {
        Ok(file) => file.take(4096).read_to_end(&mut begin),
        Err(_) => return Ok(()),
    }
    .map_err(|error| disk_error("read", &activity, error))?;
    let first_line = begin.iter().position(|byte| *byte == b'\n').unwrap_or(begin.len());
    match begin.get(first_line + 1..) {
        Some(rows) if !rows.trim_ascii().is_empty() => {
            Err(source.file_error("is empty, though there are viewing records of its videos"))
        }
        _ => Ok(()),
    }
}

/// Reads the videos of a course. A video that is listed twice counts once, at its first place.
pub fn read_overview(disk: &dyn Disk, path: &Path, reading: Reading) -> Result<Vec<OverviewRow>> {
    let source = source(path);
    let mut seen = std::collections::HashSet::new();
    let mut rows = read_table(disk, source, &COLUMNS, ShortLines::Damage, |row| {
        let duration = row.text(7).trim();
        // pandas writes `nan` if it has no number.
        let duration_secs = if duration.is_empty() || duration.eq_ignore_ascii_case("nan") {
            None
        } else {
            Some(row.parsed(7, "a number of seconds", |text| reading.number(text.as_bytes()))?)
        };
        Ok(OverviewRow {
            root_folder_id: row.id(0)?,
            root_folder_name: row.text(1).to_owned(),
            containing_folder_id: row.optional_id(2)?,
            containing_folder_name: row.text(3).to_owned(),
            session_id: row.id(4)?,
            session_name: row.text(5).to_owned(),
            description: row.text(6).to_owned(),
            duration_secs,
        })
    })?;
    if rows.is_empty() {
        check_not_blanked(disk, path, source)?;
    }
    rows.retain(|row| seen.insert(row.session_id));
    Ok(rows)
}

/// How often an overview lists each video: the original tool listed it once for each visit to its folder.
pub(crate) fn copies_by_video(disk: &dyn Disk, path: &Path) -> Result<std::collections::HashMap<SessionId, u32>> {
    let mut copies = std::collections::HashMap::new();
    let ids: Vec<SessionId> = read_table(disk, source(path), &["SessionId"], ShortLines::Damage, |row| row.id(0))?;
    for id in ids {
        *copies.entry(id).or_default() += 1;
    }
    Ok(copies)
}

/// Replaces the overview of a course.
pub fn write_overview(disk: &dyn Disk, path: &Path, rows: &[OverviewRow]) -> Result<()> {
    let mut text = Vec::new();
    table::push_line(&mut text, COLUMNS);
    for row in rows {
        table::push_line(
            &mut text,
            [
                row.root_folder_id.to_string().as_str(),
                &row.root_folder_name,
                &row.containing_folder_id.map(|id| id.to_string()).unwrap_or_default(),
                &row.containing_folder_name,
                &row.session_id.to_string(),
                &row.session_name,
                &row.description,
                &row.duration_secs.map(number_text).unwrap_or_default(),
            ],
        );
    }
    replace(disk, path, Durability::Durable, |file| file.write_all(&text))
}
