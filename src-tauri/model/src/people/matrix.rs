//! People by videos: how much of each video each person covered, and what that adds up to.
//!
//! Deliberately absent: sorting and choosing, which follow from the cells. Invariant: one cell for each person and video, in
//! the order of [`super::PeopleOfCourse::people`] and [`crate::CourseViews::videos`].

use super::of_video::{ViewingSpan, WatchState, glances};
use super::together::furthest;
use crate::{CourseViews, Day};

/// One person and one video.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum MatrixCell {
    /// No viewing is recorded.
    #[default]
    NotOpened,
    /// Opened; the video has no length, so nothing can be covered of it.
    NoLength,
    /// The share covered, 0 to 100, and whether it is at least 75 %.
    Coverage {
        /// 0 to 100.
        percent: f32,
        /// [`WatchState::Covered`].
        is_covered: bool,
    },
}

impl MatrixCell {
    /// How far.
    pub const fn state(self) -> WatchState {
        match self {
            Self::NotOpened => WatchState::NotOpened,
            Self::NoLength | Self::Coverage { is_covered: false, .. } => WatchState::Started,
            Self::Coverage { is_covered: true, .. } => WatchState::Covered,
        }
    }

    /// More coverage ranks higher; for comparing only.
    pub const fn rank(self) -> f32 {
        match self {
            Self::NotOpened => -2.0,
            Self::NoLength => -1.0,
            Self::Coverage { percent, .. } => percent,
        }
    }

    /// The share covered, 0 to 100; 0 for what was not opened, `None` for a video without a length.
    pub const fn percent(self) -> Option<f32> {
        match self {
            Self::NotOpened => Some(0.0),
            Self::NoLength => None,
            Self::Coverage { percent, .. } => Some(percent),
        }
    }
}

/// What one person watched of a whole course.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PersonTotals {
    /// Videos with a record.
    pub opened: u32,
    /// Videos covered at least 75 %.
    pub covered: u32,
    /// Seconds of video played, repeats counted.
    pub watch_secs: f64,
    /// The first day with a record; `None` without any.
    pub first_day: Option<Day>,
    /// The last day with a record; `None` without any.
    pub last_day: Option<Day>,
}

/// The coverage of every person and video of a course.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleMatrix {
    videos: usize,
    cells: Vec<MatrixCell>,
    totals: Vec<PersonTotals>,
}

impl PeopleMatrix {
    /// Of a course with so many people; one pass over its runs.
    pub fn new(views: &CourseViews, people: usize, span: ViewingSpan) -> Self {
        let videos = views.videos().len();
        let mut cells = vec![MatrixCell::NotOpened; people * videos];
        let mut totals = vec![PersonTotals::default(); people];
        for video in 0..videos {
            for of in glances(views, video, span) {
                let person = of.person as usize;
                let is_covered = of.is_covered;
                cells[person * videos + video] = match of.coverage_percent {
                    Some(percent) => MatrixCell::Coverage { percent: percent as f32, is_covered },
                    None => MatrixCell::NoLength,
                };
                let total = &mut totals[person];
                total.opened += 1;
                total.covered += u32::from(is_covered);
                total.watch_secs += of.watch_secs;
                total.first_day = Some(total.first_day.map_or(of.first_day, |day| day.min(of.first_day)));
                total.last_day = total.last_day.max(Some(of.last_day));
            }
        }
        Self { videos, cells, totals }
    }

    /// The cells of one person, one for each video.
    ///
    /// # Panics
    /// If there is no such person.
    pub fn row(&self, person: usize) -> &[MatrixCell] {
        &self.cells[person * self.videos..(person + 1) * self.videos]
    }

    /// Several people as one, as [`super::accounts_together`] takes them: of each video what the furthest of them covered. Their
    /// watch times are added.
    ///
    /// # Panics
    /// If there is no such person.
    pub fn together(&self, people: &[u32]) -> (Vec<MatrixCell>, PersonTotals) {
        let how_far = |cell: &MatrixCell| (cell.state(), cell.percent().unwrap_or_default().into());
        let of_video = |video: usize| furthest(people.iter().map(|person| self.row(*person as usize)[video]), how_far);
        let cells: Vec<MatrixCell> = (0..self.videos).map(|video| of_video(video).unwrap_or_default()).collect();
        let mut totals = PersonTotals::default();
        for person in people {
            let of = self.totals[*person as usize];
            totals.watch_secs += of.watch_secs;
            totals.first_day = [totals.first_day, of.first_day].into_iter().flatten().min();
            totals.last_day = totals.last_day.max(of.last_day);
        }
        totals.opened = cells.iter().filter(|cell| cell.state() != WatchState::NotOpened).count() as u32;
        totals.covered = cells.iter().filter(|cell| cell.state() == WatchState::Covered).count() as u32;
        (cells, totals)
    }

    /// What each person watched of the course, by number.
    pub fn totals(&self) -> &[PersonTotals] {
        &self.totals
    }
}
