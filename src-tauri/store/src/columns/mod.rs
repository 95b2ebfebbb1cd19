//! Reads `viewing_activity.csv` by columns, as fast as memory allows: what chunking and the figures need.
//!
//! The file is cut into blocks of about 1 MiB that end between rows ([`Blocks`]). Any number of threads take the next
//! block and read its rows ([`Columns::for_each_row`]) without allocating. Each cell is first tried in its usual
//! spelling and length. Anything else that a CSV file may hold (quotes, other orders and spellings) takes a slower path
//! and gives the same result.
//!
//! How a run was played is read only on request ([`Columns::with_playback`]) and if the file has it; chunking does not
//! need it. Deliberately absent: all other columns, and line numbers, which are counted only for an error.
//!
//! Invariant: a block starts and ends between rows, so the rows never depend on where the blocks were cut.

mod blocks;
mod cells;

use super::activity::Problem;
use super::moment::Moment;
use super::table::{Source, find_columns};
use crate::Result;
use crate::number::parse_as_pandas;

use model::{Playback, Speed};

use cells::{End, Scratch, pass_cell, read_id, read_moment, read_position, row_end, slow_cell};

pub use blocks::{BlockPlace, Blocks, row_error};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Session,
    User,
    Moment,
    Start,
    Stop,
    Speed,
    StartReason,
    /// Not needed here. The number is its usual length in bytes.
    Other(usize),
}

const WANTED: [&str; 5] = ["SessionId", "UserId", "DateTime", "StartPosition", "StopPosition"];
const WANTED_KINDS: [Kind; 5] = [Kind::Session, Kind::User, Kind::Moment, Kind::Start, Kind::Stop];

/// The columns of [`Columns::with_playback`]; a file may lack them.
const PLAYBACK: [(&str, Kind); 2] = [("PlaybackSpeed", Kind::Speed), ("StartReason", Kind::StartReason)];

/// One row, with only the columns that are needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScannedRow<'b> {
    /// The video's ID as written, without the blanks around it.
    pub session: &'b [u8],
    /// The viewer's ID as written, without the blanks around it; may be empty.
    pub user: &'b [u8],
    /// When the server stored the run.
    pub moment: Moment,
    /// Where the run started, read as pandas reads it.
    pub start_secs: f64,
    /// Where the run stopped, read as pandas reads it.
    pub stop_secs: f64,
    /// How the run was played. The default, if that was not requested or the file does not have it.
    pub playback: Playback,
}

/// A cell that cannot be used, and its place.
pub struct BadRow {
    /// Where the row starts within the block.
    pub at: usize,
    problem: Problem,
}

impl std::fmt::Debug for BadRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BadRow").field("at", &self.at).finish_non_exhaustive()
    }
}

/// Why a receiver refuses a row: which ID is wrong.
#[derive(Debug, Clone, Copy)]
pub enum BadId {
    /// The video's ID.
    Session,
    /// The viewer's ID.
    User,
}

/// Which column of the file holds what.
#[derive(Debug, Clone)]
pub struct Columns {
    kinds: Vec<Kind>,
    /// Where the columns of [`PLAYBACK`] are.
    playback: [Option<usize>; 2],
}

impl Columns {
    fn find(source: Source<'_>, header: &[u8]) -> Result<Self> {
        let mut names = Vec::new();
        let mut at = 0;
        loop {
            let (cell, end) = slow_cell(header, at);
            names.push(cell.into_owned());
            if header.get(end) != Some(&b',') {
                break;
            }
            at = end + 1;
        }
        let places = find_columns(source, &names.iter().map(Vec::as_slice), &WANTED)?;
        let mut kinds: Vec<Kind> =
            names.iter().map(|name| Kind::Other(if name.eq_ignore_ascii_case(b"Date") { 10 } else { 0 })).collect();
        for (place, kind) in places.into_iter().zip(WANTED_KINDS) {
            kinds[place] = kind;
        }
        let playback = PLAYBACK
            .map(|(column, _)| names.iter().position(|name| name.trim_ascii().eq_ignore_ascii_case(column.as_bytes())));
        Ok(Self { kinds, playback })
    }

    /// A table without columns, and therefore without rows.
    const fn none() -> Self {
        Self { kinds: Vec::new(), playback: [None; 2] }
    }

    /// The same columns plus how each run was played. A cell that is not a speed counts as absent: these cells were
    /// checked when the records were stored, and no figure fails because one is missing.
    #[must_use]
    pub fn with_playback(mut self) -> Self {
        for (place, (_, kind)) in self.playback.into_iter().zip(PLAYBACK) {
            if let Some(place) = place {
                self.kinds[place] = kind;
            }
        }
        self
    }

    /// Calls `each` with every row of a block. `each` may refuse a row because of an ID. Blank lines are skipped.
    pub fn for_each_row(
        &self,
        block: &[u8],
        mut each: impl FnMut(ScannedRow<'_>) -> Result<(), BadId>,
    ) -> Result<(), BadRow> {
        let mut at = 0;
        let mut scratch = Scratch::default();
        while at < block.len() {
            match self.read_row(block, at, &mut scratch) {
                Ok((row, end)) => {
                    if let Err(bad) = each(row) {
                        let (column, cell) = match bad {
                            BadId::Session => (WANTED[0], row.session),
                            BadId::User => (WANTED[1], row.user),
                        };
                        return Err(BadRow { at, problem: Problem::new(column, cell, "a Panopto ID") });
                    }
                    at = end + 1;
                }
                Err(problem) => {
                    let end = row_end(block, at).unwrap_or(block.len());
                    if !block[at..end].iter().all(|byte| matches!(byte, b',' | b' ' | b'\t' | b'\r' | b'"')) {
                        return Err(BadRow { at, problem });
                    }
                    at = end + 1;
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn read_row<'b>(
        &self,
        block: &'b [u8],
        start: usize,
        scratch: &'b mut Scratch,
    ) -> Result<(ScannedRow<'b>, End), Problem> {
        let mut row = ScannedRow {
            session: &[],
            user: &[],
            moment: Moment::EPOCH,
            start_secs: 0.0,
            stop_secs: 0.0,
            playback: Playback::PLAIN,
        };
        let (mut speed, mut after_jump) = (Speed::NORMAL, false);
        let Scratch { session: session_scratch, user: user_scratch } = scratch;
        let (mut session_scratch, mut user_scratch) = (Some(session_scratch), Some(user_scratch));
        let mut at = start;
        let mut end = start;
        for (index, kind) in self.kinds.iter().enumerate() {
            if index > 0 {
                if block.get(end) != Some(&b',') {
                    return Err(self.wrong_width(block, start));
                }
                at = end + 1;
            }
            end = match kind {
                Kind::Session => read_id(block, at, session_scratch.take(), &mut row.session),
                Kind::User => read_id(block, at, user_scratch.take(), &mut row.user),
                Kind::Moment => read_moment(block, at, &mut row.moment)?,
                Kind::Start => read_position(block, at, WANTED[3], &mut row.start_secs)?,
                Kind::Stop => read_position(block, at, WANTED[4], &mut row.stop_secs)?,
                Kind::Speed => {
                    let end = pass_cell(block, at, 0);
                    speed = Speed::of_record(parse_as_pandas(&slow_cell(block, at).0));
                    end
                }
                Kind::StartReason => {
                    let end = pass_cell(block, at, 0);
                    after_jump = Playback::is_jump(&slow_cell(block, at).0);
                    end
                }
                Kind::Other(usual) => pass_cell(block, at, *usual),
            };
        }
        row.playback = Playback::new(speed, after_jump);
        match block.get(end) {
            Some(b',') => Err(self.wrong_width(block, start)),
            _ => Ok((row, end)),
        }
    }

    #[cold]
    fn wrong_width(&self, block: &[u8], start: usize) -> Problem {
        let mut cells = 1;
        let mut end = slow_cell(block, start).1;
        while block.get(end) == Some(&b',') {
            cells += 1;
            end = slow_cell(block, end + 1).1;
        }
        Problem::of_row(format!("{cells} cells where the first line has {}", self.kinds.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Blocks, Columns};
    use crate::RealDisk;

    /// For every row: the speed in hundredths, and whether the run began with a jump.
    fn playback(text: &str, wanted: impl FnOnce(Columns) -> Columns) -> Vec<(u32, bool)> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("viewing_activity.csv");
        std::fs::write(&path, text).unwrap();
        let (mut blocks, columns) = Blocks::open(&RealDisk, &path).unwrap();
        let (columns, mut block, mut read) = (wanted(columns), Vec::new(), Vec::new());
        while blocks.next_block(&mut block).unwrap().is_some() {
            columns
                .for_each_row(&block, |row| {
                    read.push(((row.playback.speed().factor() * 100.0).round() as u32, row.playback.after_jump()));
                    Ok(())
                })
                .unwrap();
        }
        read
    }

    #[test]
    fn how_a_run_was_played_is_read_where_it_is_wanted_and_told() {
        let id = "84cef7f7-f168-4a80-9a5a-ac100144db29";
        let row =
            |speed: &str, reason: &str| format!("{id},{id},2024-01-01 00:00:00+00:00,{speed},0.0,{reason},5.0\r\n");
        let rows: String = [
            ("1.5", "Seek"),
            ("", "Start"),
            ("\"0.75\"", "\"Seek\""),
            ("2", " seek "),
            ("fast", "Resume"),
            ("-1.0", "Seek"),
            ("1.0", "\"Seek,\""),
        ]
        .iter()
        .map(|(speed, reason)| row(speed, reason))
        .collect();
        let names = "SessionId,UserId,DateTime,PlaybackSpeed,StartPosition,StartReason,StopPosition\n";
        let text = format!("{names}{rows}");
        let expected = [(150, true), (100, false), (75, true), (200, true), (100, false), (100, true), (100, false)];
        assert_eq!(playback(&text, Columns::with_playback), expected);
        assert_eq!(playback(&text, |columns| columns), [(100, false); 7], "chunking does without");
        // A file without these columns can still be read.
        let bare = text.replace("PlaybackSpeed", "A").replace("StartReason", "B");
        assert_eq!(playback(&bare, Columns::with_playback), [(100, false); 7]);
    }
}
