//! Makes the chunk rows of one video from its records.
//!
//! Order: viewers as first met in the file, then a viewer's local days as first met, then chunks ascending. Once its
//! buffers have grown, nothing is allocated.

use model::{
    CHUNK_COUNT, ChunkBounds, Interval, SessionId, UserId, chunk_coverage, clipped, covered_secs, is_completed, union,
};
use rustc_hash::FxHashMap;

use super::records::Record;
use crate::Result;
use crate::store::moment::{date_of_day, push_date};
use crate::store::number::push_number;

/// The buffer is handed on when it has grown to this size.
const HAND_ON_BYTES: usize = 256 * 1024;

/// The columns of `output[CHUNKED]/…/chunked_data.csv`.
pub(crate) const CHUNKED_HEADER: &[u8] =
    b"SessionId,UserId,Date,ChunkIndex,ChunkStart,ChunkEnd,ChunkPercentCovered,TotalTimeSpent,Completed(75%)\n";

/// How many people viewed a video.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Viewing {
    /// Distinct viewers with any record.
    pub(crate) unique_viewers: u32,
    /// Viewers who covered at least 75 % of the video over all days.
    pub(crate) completed_viewers: u32,
    /// Chunk rows.
    pub(crate) rows: u64,
}

/// Makes chunk rows. Keeps its buffers from one video to the next.
pub(super) struct VideoChunker<'c> {
    viewers: &'c [UserId],
    /// For each viewer of the course, the place among the viewers of this video, or [`NOT_MET`].
    places: Vec<u32>,
    met: Vec<u32>,
    /// Where each viewer's records of this video end, once `sort_by_viewer` has run.
    ends: Vec<usize>,
    by_viewer: Vec<Record>,
    day_places: FxHashMap<i32, u32>,
    days: Vec<i32>,
    day_ends: Vec<usize>,
    runs: Vec<(f64, f64)>,
    coverage: Vec<Interval>,
    total: Vec<Interval>,
    row_start: Vec<u8>,
    chunk_texts: [Vec<u8>; CHUNK_COUNT],
}

const NOT_MET: u32 = u32::MAX;

impl<'c> VideoChunker<'c> {
    /// For the videos of a course with these viewers.
    pub(super) fn new(viewers: &'c [UserId]) -> Self {
        Self {
            viewers,
            places: vec![NOT_MET; viewers.len()],
            met: Vec::new(),
            ends: Vec::new(),
            by_viewer: Vec::new(),
            day_places: FxHashMap::default(),
            days: Vec::new(),
            day_ends: Vec::new(),
            runs: Vec::new(),
            coverage: Vec::new(),
            total: Vec::new(),
            row_start: Vec::new(),
            chunk_texts: Default::default(),
        }
    }

    /// Appends the chunk rows of a video to `out`. `hand_on` may take the contents whenever they have grown.
    ///
    /// `records` are in the order of the file.
    pub(super) fn push_rows(
        &mut self,
        session: SessionId,
        duration_secs: Option<f64>,
        records: &[Record],
        out: &mut Vec<u8>,
        mut hand_on: impl FnMut(&mut Vec<u8>) -> Result<()>,
    ) -> Result<Viewing> {
        self.sort_by_viewer(records);
        let mut viewing = Viewing { unique_viewers: self.met.len() as u32, ..Viewing::default() };
        let Some((duration_secs, bounds)) = duration_secs.and_then(|secs| Some((secs, ChunkBounds::new(secs)?))) else {
            return Ok(viewing);
        };
        self.write_chunk_texts(&bounds);
        let mut from = 0;
        for place in 0..self.met.len() {
            let to = self.ends[place];
            self.sort_by_day(from, to);
            self.start_row(session, self.viewers[self.met[place] as usize]);
            self.total.clear();
            let (mut day_from, unfinished) = (0, self.row_start.len());
            for day in 0..self.days.len() {
                let day_to = self.day_ends[day];
                self.row_start.truncate(unfinished);
                push_date(&mut self.row_start, date_of_day(self.days[day]).unwrap_or_default());
                self.row_start.push(b',');
                viewing.rows += self.push_day(&bounds, duration_secs, day_from..day_to, out);
                day_from = day_to;
            }
            if self.days.len() > 1 {
                union(&mut self.total);
            }
            viewing.completed_viewers += u32::from(is_completed(covered_secs(&self.total), duration_secs));
            from = to;
            if out.len() >= HAND_ON_BYTES {
                hand_on(out)?;
            }
        }
        Ok(viewing)
    }

    /// Sorts the records by viewer, in the order in which viewers are first met. A viewer's records keep their order.
    fn sort_by_viewer(&mut self, records: &[Record]) {
        for viewer in self.met.drain(..) {
            self.places[viewer as usize] = NOT_MET;
        }
        self.ends.clear();
        for record in records {
            let place = &mut self.places[record.viewer as usize];
            if *place == NOT_MET {
                *place = self.met.len() as u32;
                self.met.push(record.viewer);
                self.ends.push(0);
            }
            self.ends[*place as usize] += 1;
        }
        starts_of(&mut self.ends);
        self.by_viewer.clear();
        if let Some(first) = records.first() {
            self.by_viewer.resize(records.len(), *first);
        }
        for record in records {
            let next = &mut self.ends[self.places[record.viewer as usize] as usize];
            self.by_viewer[*next] = *record;
            *next += 1;
        }
    }

    /// Sorts the runs of one viewer by local day in the same way.
    fn sort_by_day(&mut self, from: usize, to: usize) {
        let records = &self.by_viewer[from..to];
        self.day_places.clear();
        self.days.clear();
        self.day_ends.clear();
        for record in records {
            let place = *self.day_places.entry(record.day).or_insert_with(|| {
                self.days.push(record.day);
                self.day_ends.push(0);
                self.days.len() as u32 - 1
            });
            self.day_ends[place as usize] += 1;
        }
        starts_of(&mut self.day_ends);
        self.runs.clear();
        self.runs.resize(records.len(), (0.0, 0.0));
        for record in records {
            let next = &mut self.day_ends[self.day_places[&record.day] as usize];
            self.runs[*next] = (record.start_secs, record.stop_secs);
            *next += 1;
        }
    }

    fn push_day(
        &mut self,
        bounds: &ChunkBounds,
        duration_secs: f64,
        runs: std::ops::Range<usize>,
        out: &mut Vec<u8>,
    ) -> u64 {
        let runs = &self.runs[runs];
        self.coverage.clear();
        self.coverage.extend(runs.iter().filter_map(|&(start, stop)| clipped(start, stop, duration_secs)));
        union(&mut self.coverage);
        self.total.extend_from_slice(&self.coverage);
        let mut rows = 0;
        chunk_coverage(bounds, runs, &self.coverage, |chunk| {
            out.extend_from_slice(&self.row_start);
            out.extend_from_slice(&self.chunk_texts[chunk.index]);
            push_number(out, chunk.percent_covered);
            out.push(b',');
            push_number(out, chunk.spent_secs);
            out.extend_from_slice(if chunk.completed { b",True\n" } else { b",False\n" });
            rows += 1;
        });
        rows
    }

    fn start_row(&mut self, session: SessionId, viewer: UserId) {
        let mut text = [0; 36];
        self.row_start.clear();
        self.row_start.extend_from_slice(session.encode(&mut text).as_bytes());
        self.row_start.push(b',');
        self.row_start.extend_from_slice(viewer.encode(&mut text).as_bytes());
        self.row_start.push(b',');
    }

    fn write_chunk_texts(&mut self, bounds: &ChunkBounds) {
        for (index, text) in self.chunk_texts.iter_mut().enumerate() {
            text.clear();
            text.extend_from_slice(itoa::Buffer::new().format(index).as_bytes());
            for border_secs in [bounds.start_secs(index), bounds.end_secs(index)] {
                text.push(b',');
                push_number(text, border_secs);
            }
            text.push(b',');
        }
    }
}

/// Turns counts into the index at which each group starts.
fn starts_of(counts: &mut [usize]) {
    let mut start = 0;
    for count in counts {
        let next = start + *count;
        *count = start;
        start = next;
    }
}
