//! Writes the output files: a pair for each course, and one more pair for all courses.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use model::SessionId;
use model::line::FORMULA_STARTS;
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::Xxh3;

use super::video::{CHUNKED_HEADER, Viewing};
use crate::store::number::number_text;
use crate::store::overview::OverviewRow;
use crate::store::push_line;
use crate::store::refusal::disk_error;
use crate::store::stamp::Stamp;
use crate::store::{Disk, Durability, Replacement};
use crate::{Error, ErrorCode, Result};

/// The columns of `output[CHUNKED]/…/sessions_overview.csv`.
pub(crate) const OVERVIEW_HEADER: [&str; 11] = [
    "Order",
    "SessionId",
    "SessionName",
    "Description",
    "Duration",
    "RootFolderID",
    "RootFolderName",
    "ContainingFolderID",
    "ContainingFolderName",
    "UniqueViewers",
    "CompletedViewerCount(75%Coverage)",
];

/// How text cells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum TextCells {
    /// As they are.
    #[default]
    Plain,
    /// With an apostrophe in front of anything that a spreadsheet would take for a formula.
    Guarded,
}

impl TextCells {
    pub(crate) fn write(self, text: &str) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Guarded if text.starts_with(FORMULA_STARTS) => format!("'{text}").into(),
            Self::Guarded | Self::Plain => text.into(),
        }
    }
}

/// Appends the row of the `order`-th video (from 1) of a course's overview.
pub(crate) fn push_overview_row(
    out: &mut Vec<u8>,
    order: usize,
    row: &OverviewRow,
    viewing: &Viewing,
    texts: TextCells,
) {
    push_line(
        out,
        [
            order.to_string().as_str(),
            &row.session_id.to_string(),
            &texts.write(&row.session_name),
            &texts.write(&row.description),
            &row.duration_secs.map(number_text).unwrap_or_default(),
            &row.root_folder_id.to_string(),
            &texts.write(&row.root_folder_name),
            &row.containing_folder_id.map(|id| id.to_string()).unwrap_or_default(),
            &texts.write(&row.containing_folder_name),
            &viewing.unique_viewers.to_string(),
            &viewing.completed_viewers.to_string(),
        ],
    );
}

/// An output file that is being written, with its stamp.
pub(crate) struct OutputTable<'d> {
    disk: &'d dyn Disk,
    file: Replacement<'d>,
    path: PathBuf,
    length: u64,
    hasher: Xxh3,
}

impl<'d> OutputTable<'d> {
    pub(crate) fn begin(disk: &'d dyn Disk, path: &Path) -> Result<Self> {
        let file = Replacement::begin(disk, path, Durability::Remakable)?;
        Ok(Self { disk, file, path: path.to_owned(), length: 0, hasher: Xxh3::new() })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| disk_error("write", &self.path, error))?;
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Hands everything to the system. The old file is still in place.
    pub(crate) fn finish_writing(&mut self) -> Result<()> {
        Ok(self.file.finish_writing()?)
    }

    /// Puts the file in its place and returns its stamp.
    pub(crate) fn commit(self) -> Result<Stamp> {
        self.file.commit()?;
        stamp(self.disk, &self.path, self.length, self.hasher.digest128())
    }
}

/// The stamp of a file that is known to have had these bytes just now.
pub(super) fn stamp(disk: &dyn Disk, path: &Path, length: u64, hash: u128) -> Result<Stamp> {
    Stamp::of(disk, path, length, hash).map_err(|error| disk_error("read", path, error))?.ok_or_else(|| {
        Error::new(ErrorCode::Disk, format!("`{}` was changed by another program just now", path.display()))
            .with_hint("Try again when no other program writes in the data folder")
    })
}

/// Begins both files of a pair in a directory.
pub(super) fn begin_pair<'d>(
    disk: &'d dyn Disk,
    chunked: &Path,
    overview: &Path,
) -> Result<(OutputTable<'d>, OutputTable<'d>)> {
    let mut pair = (OutputTable::begin(disk, chunked)?, OutputTable::begin(disk, overview)?);
    pair.0.write(CHUNKED_HEADER)?;
    let mut header = Vec::new();
    push_line(&mut header, OVERVIEW_HEADER);
    pair.1.write(&header)?;
    Ok(pair)
}

/// The videos of several courses, each once: it belongs to the first course that has it.
#[derive(Debug, Default)]
pub(crate) struct ClaimedVideos(FxHashSet<SessionId>);

impl ClaimedVideos {
    /// Which of a course's videos no course before has had. From now on this one has them.
    pub(crate) fn claim(&mut self, sessions: impl IntoIterator<Item = SessionId>) -> Vec<bool> {
        sessions.into_iter().map(|session| self.0.insert(session)).collect()
    }
}

/// The overview rows of a course's claimed videos, and how many videos and chunk rows these are.
#[derive(Debug, Default)]
pub(crate) struct ClaimedRows {
    pub(crate) text: Vec<u8>,
    pub(crate) videos: u64,
    pub(crate) chunk_rows: u64,
}

/// Writes the overview rows of those videos of a course that are `new`.
pub(crate) fn claimed_rows(
    rows: &[OverviewRow],
    viewings: impl IntoIterator<Item = Viewing>,
    new: &[bool],
    texts: TextCells,
) -> ClaimedRows {
    let mut claimed = ClaimedRows::default();
    for (index, (row, viewing)) in rows.iter().zip(viewings).enumerate() {
        if new[index] {
            push_overview_row(&mut claimed.text, index + 1, row, &viewing, texts);
            claimed.videos += 1;
            claimed.chunk_rows += viewing.rows;
        }
    }
    claimed
}

/// Reads the chunk rows of those videos of a course that are `new`, in blocks of whole rows.
pub(crate) fn for_each_claimed_block(
    disk: &dyn Disk,
    path: &Path,
    rows: &[OverviewRow],
    new: &[bool],
    mut each: impl FnMut(&mut Vec<u8>) -> Result<()>,
) -> Result<()> {
    let unwanted: Vec<[u8; 36]> = rows
        .iter()
        .zip(new)
        .filter(|(_, new)| !**new)
        .map(|(row, _)| {
            let mut text = [0; 36];
            row.session_id.encode(&mut text);
            text
        })
        .collect();
    for_each_block(disk, path, |block| {
        if !unwanted.is_empty() {
            remove_rows(block, &unwanted);
        }
        each(block)
    })
}

/// All courses together. Takes each video once, from the first course that has it.
pub(crate) struct Union<'d> {
    pub(crate) chunked: OutputTable<'d>,
    pub(crate) overview: OutputTable<'d>,
    seen: ClaimedVideos,
    pub(crate) videos: u64,
    pub(crate) rows: u64,
}

impl<'d> Union<'d> {
    pub(crate) fn begin(disk: &'d dyn Disk, chunked: &Path, overview: &Path) -> Result<Self> {
        let (chunked, overview) = begin_pair(disk, chunked, overview)?;
        Ok(Self { chunked, overview, seen: ClaimedVideos::default(), videos: 0, rows: 0 })
    }

    /// Which of a course's videos the union does not have yet. From now on it has them.
    pub(crate) fn claim(&mut self, sessions: impl IntoIterator<Item = SessionId>) -> Vec<bool> {
        self.seen.claim(sessions)
    }

    /// Adds the overview rows and counts of a course whose claimed videos are `new`.
    pub(crate) fn add_overview(
        &mut self,
        rows: &[OverviewRow],
        viewings: impl IntoIterator<Item = Viewing>,
        new: &[bool],
        texts: TextCells,
    ) -> Result<()> {
        let claimed = claimed_rows(rows, viewings, new, texts);
        self.videos += claimed.videos;
        self.rows += claimed.chunk_rows;
        self.overview.write(&claimed.text)
    }

    /// Adds the chunk rows of a course from its output. `edit` may change each block of whole rows, and stops the
    /// copying by returning an error.
    pub(crate) fn copy_rows(
        &mut self,
        path: &Path,
        rows: &[OverviewRow],
        new: &[bool],
        mut edit: impl FnMut(&mut Vec<u8>) -> Result<()>,
    ) -> Result<()> {
        for_each_claimed_block(self.chunked.disk, path, rows, new, |block| {
            edit(block)?;
            self.chunked.write(block)
        })
    }
}

/// Removes the rows that begin with one of these IDs.
fn remove_rows(block: &mut Vec<u8>, unwanted: &[[u8; 36]]) {
    let (mut kept, mut at) = (0, 0);
    while at < block.len() {
        let end = memchr::memchr(b'\n', &block[at..]).map_or(block.len(), |length| at + length + 1);
        if !unwanted.iter().any(|id| block[at..end].starts_with(id)) {
            block.copy_within(at..end, kept);
            kept += end - at;
        }
        at = end;
    }
    block.truncate(kept);
}

/// Reads the chunk rows of an output file, without its headers, in blocks of whole rows. Such files contain no quotes.
fn for_each_block(disk: &dyn Disk, path: &Path, mut each: impl FnMut(&mut Vec<u8>) -> Result<()>) -> Result<()> {
    const BLOCK_BYTES: u64 = 1 << 20;
    let failed = |error| disk_error("read", path, error);
    let mut file = disk.open(path).map_err(failed)?;
    let (mut block, mut carry) = (Vec::new(), Vec::new());
    let mut first = true;
    loop {
        block.clear();
        block.append(&mut carry);
        let read = (&mut file).take(BLOCK_BYTES).read_to_end(&mut block).map_err(failed)?;
        let whole = if read == 0 { block.len() } else { memchr::memrchr(b'\n', &block).map_or(0, |end| end + 1) };
        carry.extend_from_slice(&block[whole..]);
        block.truncate(whole);
        if first && !block.is_empty() {
            let header = memchr::memchr(b'\n', &block).map_or(block.len(), |end| end + 1);
            block.drain(..header);
            first = false;
        }
        if !block.is_empty() {
            each(&mut block)?;
        }
        if read == 0 {
            return Ok(());
        }
    }
}
