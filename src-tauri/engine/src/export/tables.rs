//! The tables that an export can have beside the two: the exact timeline of each video in steps, its moments, and the dates
//! that concern it.
//!
//! They are over all dates, as the two are. Deliberately absent: viewers, and what a teacher notes on a moment: nobody's name
//! or remark leaves the data folder with them.
//!
//! Invariants: each row belongs to one video of `sessions_overview.csv`, by its `SessionId`; the steps of a video follow each
//! other without gaps from 0 to its end; all are written before the first file of the export is replaced.

use std::path::Path;

use chrono_tz::Tz;
use model::{CourseDate, DateRange, FolderId, SessionId, Timeline, VideoMoments, Word as _};
use rustc_hash::FxHashSet;
use tokio_util::sync::CancellationToken;

use super::fields::{CHUNKED, CHUNKED_FILE, Column, Kind, SESSIONS, SESSIONS_FILE, dimension, measure};
use super::{PlannedFile, WrittenFile};
use crate::captions::Words;
use crate::chunk::{OutputTable, TextCells};
use crate::dates::dates_in_view;
use crate::store::number::number_text;
use crate::store::{DataFolder, Disk, push_line};
use crate::views::{CourseInView, Views};
use crate::{Error, ErrorCode, Result};

/// The file of steps; also the name of its table.
pub(super) const STEPS_FILE: &str = "timeline_steps.csv";
/// The file of moments.
pub(super) const MOMENTS_FILE: &str = "video_moments.csv";
/// The file of dates. Not `dates.csv`, which is the name of what is kept in a data folder.
pub(super) const DATES_FILE: &str = "course_dates.csv";

/// A table of the workbook: its file, its columns, and the name of its video within the data source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub(super) file: &'static str,
    pub(super) columns: &'static [Column],
}

impl Table {
    /// The name of the column by which its rows belong to a video.
    pub(super) fn video(&self) -> &'static str {
        self.columns.iter().find(|column| column.header == "SessionId").map_or("SessionId", |column| column.local)
    }
}

const fn of_video(local: &'static str, caption: &'static str) -> Column {
    Column { local, ..dimension("SessionId", caption, Kind::Text) }
}

const STEPS: [Column; 5] = [
    of_video("SessionId (timeline_steps.csv)", "Video ID (timeline)"),
    measure("StepStart", "Step start (seconds)", Kind::Real),
    measure("StepEnd", "Step end (seconds)", Kind::Real),
    measure("StepViewers", "Viewers of the step", Kind::Whole),
    measure("StepPlays", "Plays of the step", Kind::Whole),
];
const MOMENTS: [Column; 8] = [
    of_video("SessionId (video_moments.csv)", "Video ID (moments)"),
    dimension("MomentNumber", "Moment", Kind::Whole),
    dimension("MomentKind", "Kind of moment", Kind::Text),
    measure("MomentStart", "Moment start (seconds)", Kind::Real),
    measure("MomentEnd", "Moment end (seconds)", Kind::Real),
    measure("MomentPeople", "People in the moment", Kind::Whole),
    dimension("MomentSentence", "Why it is a moment", Kind::Text),
    dimension("MomentWords", "Words said there", Kind::Text),
];
const DATES: [Column; 7] = [
    of_video("SessionId (course_dates.csv)", "Video ID (dates)"),
    dimension("DateNumber", "Number of the date", Kind::Whole),
    dimension("DateKind", "Kind of date", Kind::Text),
    dimension("DateName", "Name of the date", Kind::Text),
    dimension("DateStart", "First day of the date", Kind::Date),
    dimension("DateEnd", "Last day of the date", Kind::Date),
    dimension("DateTime", "Time of the date", Kind::Text),
];

const TWO: [Table; 2] =
    [Table { file: SESSIONS_FILE, columns: &SESSIONS }, Table { file: CHUNKED_FILE, columns: &CHUNKED }];
const MORE: [Table; 3] = [
    Table { file: STEPS_FILE, columns: &STEPS },
    Table { file: MOMENTS_FILE, columns: &MOMENTS },
    Table { file: DATES_FILE, columns: &DATES },
];

/// The tables of an export; the videos come first, then the chunks.
pub(super) fn tables(with_more: bool) -> Vec<Table> {
    TWO.into_iter().chain(MORE.into_iter().filter(|_| with_more)).collect()
}

/// What an export with more tables would write beside the two.
pub(super) fn planned(folder: &DataFolder, target: &Path) -> Result<Vec<PlannedFile>> {
    let planned = |table: Table| {
        let path = target.join(table.file);
        Ok::<_, Error>(PlannedFile { replaces: folder.exists(&path)?, path })
    };
    MORE.into_iter().map(planned).collect()
}

/// Refuses what would end the writing of these tables: dates that cannot be read.
pub(super) fn check(folder: &DataFolder) -> Result<()> {
    folder.dates().map(drop).map_err(|error| {
        let error = Error::from(error);
        let remedy = error.hint().map_or_else(String::new, |hint| format!("{hint}; or "));
        Error::new(error.code(), error.message().to_owned())
            .with_hint(format!("{remedy}export without the tables of timeline, moments and dates"))
    })
}

/// The tables while they are written.
pub(super) struct MoreTables<'d> {
    files: [OutputTable<'d>; 3],
    rows: [u64; 3],
    paths: [std::path::PathBuf; 3],
}

impl<'d> MoreTables<'d> {
    pub(super) fn begin(disk: &'d dyn Disk, target: &Path) -> Result<Self> {
        let paths = MORE.map(|table| target.join(table.file));
        let begin = |index: usize| {
            let mut file = OutputTable::begin(disk, &paths[index])?;
            let mut header = Vec::new();
            push_line(&mut header, MORE[index].columns.iter().map(|column| column.header));
            file.write(&header)?;
            Ok::<_, Error>(file)
        };
        Ok(Self { files: [begin(0)?, begin(1)?, begin(2)?], rows: [0; 3], paths })
    }

    /// Adds the chosen videos of a course, in the order of the course.
    pub(super) fn add(&mut self, course: &CourseToTell<'_>, cancel: &CancellationToken) -> Result<()> {
        course.tell(cancel, &mut |table, rows| {
            self.rows[table] += rows.count;
            self.files[table].write(&rows.text)
        })
    }

    /// Hands everything to the system; the old files are still in place.
    pub(super) fn finish_writing(&mut self) -> Result<()> {
        self.files.iter_mut().try_for_each(OutputTable::finish_writing)
    }

    /// What is written.
    pub(super) fn written(&self) -> Vec<WrittenFile> {
        let files = self.paths.iter().zip(&self.files).zip(self.rows);
        files
            .map(|((path, file), rows)| WrittenFile { path: path.clone(), rows: Some(rows), bytes: file.length() })
            .collect()
    }

    /// Puts the files in place.
    pub(super) fn commit(self) -> Result<()> {
        self.files.into_iter().try_for_each(|file| file.commit().map(drop))
    }
}

/// A course of which these tables tell.
pub(super) struct CourseToTell<'a> {
    pub(super) folder: &'a DataFolder,
    pub(super) id: FolderId,
    /// The videos to tell of.
    pub(super) videos: FxHashSet<SessionId>,
    pub(super) zone: Tz,
    pub(super) texts: TextCells,
}

impl CourseToTell<'_> {
    /// Gives the rows of the three tables, by the table's place among them, video by video.
    pub(super) fn tell(
        &self,
        cancel: &CancellationToken,
        write: &mut dyn FnMut(usize, &Rows) -> Result<()>,
    ) -> Result<()> {
        let (folder, zone, texts) = (self.folder, self.zone, self.texts);
        let course = match Views::default().course(folder, self.id, zone) {
            Ok(course) => course,
            // Of none of its videos anything was fetched.
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let found = course.moments(DateRange::ALL);
        let words = Words::default().of(folder, &course)?;
        let dates = dates_in_view(folder, &course, zone, None)?;
        for (video, info) in course.views.videos().iter().enumerate() {
            if !self.videos.contains(&info.session_id) {
                continue;
            }
            if cancel.is_cancelled() {
                return Err(Error::cancelled());
            }
            let id = info.session_id.to_string();
            write(0, &steps(&course, video, &id))?;
            let captions = words.captions(video);
            write(1, &moments(&found[video], &id, texts, |from_secs, to_secs| captions.words_of(from_secs, to_secs)))?;
            let mut rows = Rows::default();
            for flag in dates.flags.iter().filter(|flag| flag.concerns(video)) {
                let time = dates.kept.date(flag.number).and_then(|date| time_of_day(date, zone));
                rows.push([
                    &id,
                    &flag.number.to_string(),
                    flag.kind.word(),
                    &texts.write(&flag.name),
                    &flag.days.first().date().to_string(),
                    &flag.days.last().date().to_string(),
                    &time.unwrap_or_default(),
                ]);
            }
            write(2, &rows)?;
        }
        Ok(())
    }
}

/// Rows of one of the tables.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) text: Vec<u8>,
    pub(super) count: u64,
}

impl Rows {
    fn push<const CELLS: usize>(&mut self, cells: [&str; CELLS]) {
        push_line(&mut self.text, cells);
        self.count += 1;
    }
}

fn steps(course: &CourseInView, video: usize, id: &str) -> Rows {
    let mut rows = Rows::default();
    let Some(borders) = course.borders(video) else { return rows };
    for step in Timeline::new(&course.views, &borders, DateRange::ALL).steps() {
        rows.push([
            id,
            &number_text(step.from_secs),
            &number_text(step.to_secs),
            &step.viewers.to_string(),
            &step.plays.to_string(),
        ]);
    }
    rows
}

fn moments(found: &VideoMoments, id: &str, texts: TextCells, words_of: impl Fn(f64, f64) -> Option<String>) -> Rows {
    let mut rows = Rows::default();
    for (index, moment) in found.found().iter().enumerate() {
        rows.push([
            id,
            &(index + 1).to_string(),
            moment.kind.as_str(),
            &number_text(moment.start_secs),
            &number_text(moment.end_secs),
            &moment.people.to_string(),
            &moment.sentence,
            &texts.write(&words_of(moment.start_secs, moment.end_secs).unwrap_or_default()),
        ]);
    }
    rows
}

/// The time of a date that has one, on the clocks of the reporting time zone.
fn time_of_day(date: &CourseDate, zone: Tz) -> Option<String> {
    match date.when {
        model::When::Days(_) => None,
        model::When::At(at, _) => Some(at.with_timezone(&zone).format("%H:%M").to_string()),
    }
}
