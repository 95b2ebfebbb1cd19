//! Reads the viewing records of one course into memory with all threads, sorted by video only.
//!
//! A record takes 32 bytes: IDs become small numbers, and the moment becomes a local day. Each thread numbers the
//! viewers it meets in its own way; [`Part::viewers`] maps its numbers to those of the course. Each record keeps its
//! place in the file, so that "first met" does not depend on the threads.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono_tz::Tz;
use model::{Day, Decisions, Playback, PlayedRun, SessionId, UserId};
use rustc_hash::{FxBuildHasher, FxHashMap};
use tokio_util::sync::CancellationToken;

use super::ChunkOptions;
use super::work::{Work, locked};
use crate::local_days::LocalDays;
use crate::store::Disk;
use crate::store::columns::{BadId, BlockPlace, Blocks, Columns, ScannedRow, row_error};
use crate::store::staging::{StagedVideo, Staging};
use crate::{Error, Result};

/// One viewing record with what chunks need.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    /// Its place among the records of the file. For figures, which need no order, this holds instead the minute of its
    /// day and how it was played: see [`Keeping`].
    place: u64,
    /// Where the run started and stopped, uncut, in seconds.
    pub(super) start_secs: f64,
    pub(super) stop_secs: f64,
    /// The viewer's number: the thread's own while reading, the course's after gathering.
    pub(super) viewer: u32,
    /// The local day, in days since 1970-01-01.
    pub(super) day: i32,
}

/// What is kept of a record besides its run, in the same eight bytes, because a course can have millions of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    /// Its place: the dataset is written in the order of the file.
    Place,
    /// Its minute and its playback: figures follow from them and do not depend on the order.
    Playback,
}

/// The distance from one block's first place to the next block's. A row takes more than 32 bytes and a block less than
/// 64 MiB, so the rows of a block never reach the places of the next.
const BLOCK_BITS: u32 = 21;
/// In [`Keeping::Playback`] the minute stands above the playback's bits.
const MINUTE_BITS: u32 = u16::BITS;

impl Record {
    /// The minute of its day and how it was played, if these are kept.
    fn minute_and_playback(&self) -> (u16, Playback) {
        ((self.place >> MINUTE_BITS) as u16, Playback::from_bits(self.place as u16))
    }
}

/// The viewing records of one course.
#[derive(Debug, Default)]
pub(super) struct CourseRecords {
    parts: Vec<Part>,
    /// The course's viewers; the index is the viewer's number.
    pub(super) viewers: Vec<UserId>,
    /// How many records the file has, including those of videos that are not in the overview.
    pub(super) count: u64,
    /// Length and hash of the file that was read.
    pub(super) length: u64,
    pub(super) hash: u128,
}

/// A growing list of records that never moves those it already has, so that no large memory stays half empty.
#[derive(Debug, Clone, Default)]
struct Growing(Vec<Vec<Record>>);

/// The largest piece of a [`Growing`] list, in records: 64 KB.
const LARGEST_PIECE: usize = 2048;

impl Growing {
    #[inline]
    fn push(&mut self, record: Record) {
        match self.0.last_mut() {
            Some(last) if last.len() < last.capacity() => last.push(record),
            last => {
                let capacity = last.map_or(16, |last| (last.capacity() * 2).min(LARGEST_PIECE));
                let mut piece = Vec::with_capacity(capacity);
                piece.push(record);
                self.0.push(piece);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Record> {
        self.0.iter().flatten()
    }
}

/// The number of a viewer who is left out.
const LEFT_OUT: u32 = u32::MAX;

/// What one thread has read.
#[derive(Debug)]
struct Part {
    /// The records of each video, in their order in the file.
    videos: Vec<Growing>,
    /// Maps the thread's numbers of viewers to the course's.
    viewers: Vec<u32>,
}

impl CourseRecords {
    /// Reads the records of the videos `sessions` from a file. The videos are numbered in this order.
    pub(super) fn read(work: &Work<'_>, path: &Path, sessions: &[SessionId], days: &LocalDays) -> Result<Self> {
        let (readers, (length, hash)) =
            read_all(work, path, Blocks::open(work.disk, path)?, (sessions, days), Keeping::Place)?;
        Ok(Self { length, hash, ..Self::joined(readers) })
    }

    /// No records, for this many videos.
    pub(super) fn without_any(videos: usize) -> Self {
        Self { parts: vec![Part { videos: vec![Growing::default(); videos], viewers: Vec::new() }], ..Self::default() }
    }

    fn joined(readers: Vec<RunsReader>) -> Self {
        let mut joined = Self::default();
        let mut numbers: FxHashMap<UserId, u32> = FxHashMap::default();
        for reader in readers {
            joined.count += reader.count;
            let viewers = reader.viewers.ids.iter().map(|id| {
                *numbers.entry(*id).or_insert_with(|| {
                    joined.viewers.push(*id);
                    joined.viewers.len() as u32 - 1
                })
            });
            joined.parts.push(Part { viewers: viewers.collect(), videos: reader.videos });
        }
        joined
    }

    /// Puts accounts of one person together, and takes away those who are left out.
    pub(super) fn by_person(&mut self, decisions: &Decisions) {
        if !decisions.change_figures() {
            return;
        }
        let mut people = Vec::new();
        let mut places: FxHashMap<UserId, u32> = FxHashMap::default();
        let place = |viewer: &UserId| {
            if decisions.is_left_out(*viewer) {
                return LEFT_OUT;
            }
            let person = decisions.person_of(*viewer).account();
            *places.entry(person).or_insert_with(|| {
                people.push(person);
                people.len() as u32 - 1
            })
        };
        let numbers: Vec<u32> = self.viewers.iter().map(place).collect();
        for part in &mut self.parts {
            part.viewers.iter_mut().for_each(|viewer| *viewer = numbers[*viewer as usize]);
        }
        self.viewers = people;
    }

    /// Puts the records of one video into `records`, in their order in the file.
    pub(super) fn gather(&self, video: usize, records: &mut Vec<Record>) {
        records.clear();
        for part in &self.parts {
            let numbers = &part.viewers;
            let of_course = |record: &Record| Record { viewer: numbers[record.viewer as usize], ..*record };
            records.extend(part.videos[video].iter().map(of_course).filter(|record| record.viewer != LEFT_OUT));
        }
        // Each part is sorted already, and this sort is quick at joining a few sorted runs.
        records.sort_by_key(|record| record.place);
    }
}

/// Reads a table with all threads; returns what each has read, and the table's length and hash.
fn read_all(
    work: &Work<'_>,
    path: &Path,
    (blocks, columns): (Blocks, Columns),
    (sessions, days): (&[SessionId], &LocalDays),
    keeping: Keeping,
) -> Result<(Vec<RunsReader>, (u64, u128))> {
    let columns = if keeping == Keeping::Playback { columns.with_playback() } else { columns };
    let blocks = Mutex::new(blocks);
    let first_error = FirstError::default();
    let readers = work.on_all_threads(|| {
        let mut reader = RunsReader::new(sessions, days.clone(), keeping);
        reader.read_blocks(work, &blocks, &columns, &first_error, path);
        reader
    });
    if let Some((_, error)) = first_error.0.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    Ok((readers, blocks.into_inner().unwrap_or_else(PoisonError::into_inner).length_and_hash()))
}

/// Where runs for figures come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunSources<'a> {
    /// The file of the course's records, if there is one.
    pub(crate) stored: Option<&'a Path>,
    /// Videos that a running or stopped sync has fetched but not merged yet. Their records in the file are skipped,
    /// because a sync killed between merging and writing its journal has left them in both places.
    pub(crate) staged: (&'a Staging, &'a [StagedVideo]),
}

/// The runs of the videos `sessions` for figures, in no particular order; with all threads; with the minute of each and how
/// it was played. With them the viewers, by number and by ID alike.
pub(crate) fn read_runs(
    disk: &dyn Disk,
    sources: RunSources<'_>,
    sessions: &[SessionId],
    zone: Tz,
) -> Result<(Vec<PlayedRun>, Vec<UserId>)> {
    let never = CancellationToken::new();
    let work = Work::new(disk, ChunkOptions::new(zone).thread_count(), &never, &|_| {}, 0);
    let days = LocalDays::new(zone);
    let (staging, staged) = sources.staged;
    let mut readers = Vec::new();
    if let Some(path) = sources.stored {
        (readers, _) = read_all(&work, path, Blocks::open(disk, path)?, (sessions, &days), Keeping::Playback)?;
        let is_staged = |video: &SessionId| staged.binary_search_by_key(video, |staged| staged.video).is_ok();
        for (place, _) in sessions.iter().enumerate().filter(|(_, video)| is_staged(video)) {
            for reader in &mut readers {
                reader.videos[place] = Growing::default();
            }
        }
    }
    if !staged.is_empty() {
        let blocks = Blocks::of_staged(staging, staged)?;
        readers.extend(read_all(&work, staging.dir(), blocks, (sessions, &days), Keeping::Playback)?.0);
    }
    let records = CourseRecords::joined(readers);
    let numbers = numbers_by_id(&records.viewers);
    let mut runs = Vec::with_capacity(records.count as usize);
    for part in records.parts {
        for (video, of_video) in part.videos.into_iter().enumerate() {
            runs.extend(of_video.iter().map(|record| {
                let (minute, playback) = record.minute_and_playback();
                PlayedRun {
                    video: video as u32,
                    viewer: numbers[part.viewers[record.viewer as usize] as usize],
                    day: Day::new(record.day),
                    minute,
                    playback,
                    start_secs: record.start_secs,
                    stop_secs: record.stop_secs,
                }
            }));
        }
    }
    let mut viewers = records.viewers;
    viewers.sort_unstable();
    Ok((runs, viewers))
}

/// Numbers viewers by their IDs. Otherwise the order in which figures add up seconds would depend on which thread met a
/// viewer first, and the last digit of a sum depends on that order.
fn numbers_by_id(viewers: &[UserId]) -> Vec<u32> {
    let mut by_id: Vec<u32> = (0..viewers.len() as u32).collect();
    by_id.sort_unstable_by_key(|viewer| viewers[*viewer as usize]);
    let mut numbers = vec![0; viewers.len()];
    for (number, viewer) in by_id.into_iter().enumerate() {
        numbers[viewer as usize] = number as u32;
    }
    numbers
}

/// The error that comes first in the file, whichever thread finds its error first.
#[derive(Default)]
struct FirstError(Mutex<Option<(u64, Error)>>);

impl FirstError {
    fn is_set(&self) -> bool {
        locked(&self.0).is_some()
    }

    fn offer(&self, at: u64, error: impl FnOnce() -> Error) {
        let mut first = locked(&self.0);
        if first.as_ref().is_none_or(|(other, _)| at < *other) {
            *first = Some((at, error()));
        }
    }
}

/// The reader of one thread.
struct RunsReader {
    keeping: Keeping,
    days: LocalDays,
    sessions: Sessions,
    viewers: Viewers,
    videos: Vec<Growing>,
    count: u64,
}

impl RunsReader {
    fn new(sessions: &[SessionId], days: LocalDays, keeping: Keeping) -> Self {
        Self {
            keeping,
            days,
            sessions: Sessions::new(sessions),
            viewers: Viewers::default(),
            videos: vec![Growing::default(); sessions.len()],
            count: 0,
        }
    }

    /// Takes block after block until there are no more. Blocks are given out in order, and a thread reads its block to
    /// the end, so the first error of the file is always found.
    fn read_blocks(
        &mut self,
        work: &Work<'_>,
        blocks: &Mutex<Blocks>,
        columns: &Columns,
        first_error: &FirstError,
        path: &Path,
    ) {
        let mut block = Vec::new();
        while !first_error.is_set() {
            let next = locked(blocks).next_block(&mut block);
            let place = match next {
                Ok(Some(place)) => place,
                Ok(None) => return,
                Err(error) => return first_error.offer(u64::MAX - 1, || error.into()),
            };
            if let Err(error) = work.advance(block.len() as u64) {
                return first_error.offer(0, || error);
            }
            if let Err(bad) = self.read_block(&block, columns, place) {
                first_error.offer(place.offset + bad.at as u64, || row_error(work.disk, path, place, bad).into());
            }
        }
    }

    fn read_block(
        &mut self,
        block: &[u8],
        columns: &Columns,
        place: BlockPlace,
    ) -> Result<(), crate::store::columns::BadRow> {
        let mut number = u64::from(place.number) << BLOCK_BITS;
        columns.for_each_row(block, |row: ScannedRow<'_>| {
            number += 1;
            let video = self.sessions.number(row.session).ok_or(BadId::Session)?;
            let viewer = self.viewers.number(row.user).ok_or(BadId::User)?;
            self.count += 1;
            if let Some(records) = self.videos.get_mut(video as usize) {
                let (day, minute) = self.days.day_and_minute_of(row.moment);
                records.push(Record {
                    place: match self.keeping {
                        Keeping::Place => number,
                        Keeping::Playback => u64::from(minute) << MINUTE_BITS | u64::from(row.playback.to_bits()),
                    },
                    start_secs: row.start_secs,
                    stop_secs: row.stop_secs,
                    viewer,
                    day,
                });
            }
            Ok(())
        })
    }
}

/// An ID in its usual spelling.
type IdText = [u8; 36];

/// The number of a video that is not in the overview.
const NOT_LISTED: u32 = u32::MAX;

/// The videos' numbers, by the text of their IDs.
struct Sessions {
    texts: FxHashMap<IdText, u32>,
    ids: FxHashMap<SessionId, u32>,
}

impl Sessions {
    fn new(sessions: &[SessionId]) -> Self {
        let ids: FxHashMap<_, _> = sessions.iter().enumerate().map(|(number, id)| (*id, number as u32)).collect();
        Self { texts: FxHashMap::with_capacity_and_hasher(sessions.len(), FxBuildHasher), ids }
    }

    /// The video's number, or [`NOT_LISTED`] for other videos. `None` if the text is not an ID.
    #[inline]
    fn number(&mut self, text: &[u8]) -> Option<u32> {
        if let Ok(text) = <&IdText>::try_from(text)
            && let Some(number) = self.texts.get(text)
        {
            return Some(*number);
        }
        let id = SessionId::parse(std::str::from_utf8(text).ok()?).ok()?;
        let number = self.ids.get(&id).copied().unwrap_or(NOT_LISTED);
        if let Ok(text) = IdText::try_from(text) {
            self.texts.insert(text, number);
        }
        Some(number)
    }
}

/// Numbers viewers as they are met, by the text of their IDs.
#[derive(Default)]
struct Viewers {
    texts: FxHashMap<IdText, u32>,
    numbers: FxHashMap<UserId, u32>,
    ids: Vec<UserId>,
}

impl Viewers {
    /// The viewer's number. `None` if the text is neither an ID nor empty. An empty text means the zero ID, which
    /// stands for no particular viewer.
    #[inline]
    fn number(&mut self, text: &[u8]) -> Option<u32> {
        if let Ok(text) = <&IdText>::try_from(text)
            && let Some(number) = self.texts.get(text)
        {
            return Some(*number);
        }
        let id = if text.is_empty() { UserId::NIL } else { UserId::parse(std::str::from_utf8(text).ok()?).ok()? };
        let number = *self.numbers.entry(id).or_insert_with(|| {
            self.ids.push(id);
            self.ids.len() as u32 - 1
        });
        if let Ok(text) = IdText::try_from(text) {
            self.texts.insert(text, number);
        }
        Some(number)
    }
}
