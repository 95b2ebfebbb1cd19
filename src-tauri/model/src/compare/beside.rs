//! The other course laid over this one: its viewers on the days of this term, its differences in the rows of this course, and
//! both courses in one sentence.
//!
//! Deliberately absent: drawing. Invariant: the outline of the other course keeps its days of the week, because terms are
//! laid on each other in whole weeks.

use super::Comparison;
use super::weeks::viewers_in;
use crate::figures::CourseFigures;
use crate::line::listed_name;
use crate::period::Period;
use crate::words::{counted, percent};
use crate::{ComparedPair, CourseViews, DateRange};

impl Comparison {
    /// What is compared of a video of this course; `None` where it has no pair.
    pub fn of_video(&self, video: usize) -> Option<&ComparedPair> {
        self.pairs.iter().find(|compared| compared.pair.here == video)
    }

    /// Viewers of the other course, or of the pair of a video, in stretches of days of this one: those of the same weeks since
    /// the terms began, moved by `later_weeks`. The stretches are in the order of time and do not overlap.
    ///
    /// # Panics
    /// If the other course has no such video.
    pub fn viewers_there(
        &self,
        there: &CourseViews,
        video: Option<usize>,
        stretches: &[DateRange],
        later_weeks: i32,
    ) -> Vec<u32> {
        let monday = |days: DateRange| Period::Week.start(days.first()).days_since_1970();
        let ahead = monday(self.days_here) - monday(self.days_there) + later_weeks.saturating_mul(7);
        let moved = |days: &DateRange| DateRange::between(days.first().plus(-ahead), days.last().plus(-ahead));
        viewers_in(there, video, &stretches.iter().map(moved).collect::<Vec<_>>())
    }

    /// Figures of this course, each video with the difference of its parts from its pair.
    pub fn beside(&self, figures: &CourseFigures) -> CourseFigures {
        let mut figures = figures.clone();
        for compared in &self.pairs {
            figures.rows[compared.pair.here].difference_of_terms = compared.reached_differences;
        }
        figures
    }

    /// Both courses in one sentence: `62.0 % here, 68.4 % in GEOG 204 2025, over 34 paired videos`; of the shares who covered
    /// at least 75 %. Says so where no pair can be compared.
    pub fn sentence(&self, other: &str) -> String {
        match self.mean_covered {
            Some(mean) => format!(
                "{} here, {} in {}, over {}",
                percent(mean.here),
                percent(mean.there),
                listed_name(other),
                counted(self.compared.into(), "paired video", "paired videos")
            ),
            None => "No pair of videos has 10 viewers on both sides".to_owned(),
        }
    }
}
