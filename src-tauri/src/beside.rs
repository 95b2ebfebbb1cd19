//! What a page is compared with: another course, or what is usual for the course itself; and the outlines that follow.
//!
//! Deliberately absent: finding it (`comparing.rs`), words of the page (`pages/comparing.rs`), drawing (crate `charts`).
//!
//! Invariant: an outline never shows fewer than five people.

use std::sync::Arc;

use charts::{GridOutlines, Outline};
use engine::compare::TwoTerms;
use model::{Borders, CHUNK_COUNT, CourseFigures, CourseViews, DateRange, Figure, MapMeasure};

/// What a page is compared with.
#[derive(Debug)]
pub(crate) enum Beside {
    /// What is usual for the course.
    Usual,
    /// Another course.
    Term {
        /// Both.
        terms: Box<TwoTerms>,
        /// By how many weeks its viewing is drawn later across time.
        later_weeks: i32,
    },
    /// Another course that cannot be compared.
    Refused {
        /// Its name, as far as it is known.
        label: String,
        /// Why.
        why: String,
    },
}

/// The pair of a video, ready for its timeline.
pub(crate) struct PairBySecond<'a> {
    pub(crate) views: &'a CourseViews,
    pub(crate) borders: Arc<Borders>,
    /// The days of its term that are compared.
    pub(crate) days: DateRange,
}

impl Beside {
    /// What it is, for chip and legend.
    pub(crate) fn label(&self) -> &str {
        match self {
            Self::Usual => "Usual for this course",
            Self::Term { terms, .. } => &terms.there.facts.name,
            Self::Refused { label, .. } => label,
        }
    }

    /// What the outlines over the parts count; none where there are none.
    pub(crate) fn counts(&self) -> Option<Figure> {
        match self {
            Self::Usual => Some(Figure::ChunkUsual),
            Self::Term { .. } => Some(Figure::OtherTermOutline),
            Self::Refused { .. } => None,
        }
    }

    /// The share of viewers who reached each part of what a video is compared with; `None` where there is nothing.
    fn percent(&self, figures: &CourseFigures, video: usize) -> Option<[f64; CHUNK_COUNT]> {
        match self {
            Self::Usual => figures.rows[video].usual_reached_percent,
            Self::Term { terms, .. } => terms.comparison.of_video(video)?.reached_percent_there,
            Self::Refused { .. } => None,
        }
    }

    /// The same of every video of the course.
    pub(crate) fn percents(&self, figures: &CourseFigures) -> Vec<Option<[f64; CHUNK_COUNT]>> {
        (0..figures.rows.len()).map(|video| self.percent(figures, video)).collect()
    }

    /// Draws with the outline over the parts of one video.
    pub(crate) fn with_outline<T>(
        &self,
        figures: &CourseFigures,
        video: usize,
        draw: impl FnOnce(Option<Outline<'_>>) -> T,
    ) -> T {
        let percent = self.percent(figures, video);
        let outline = percent.as_ref().zip(self.counts()).map(|(percent, counts)| Outline {
            label: self.label(),
            counts,
            percent,
        });
        draw(outline)
    }

    /// Draws with the outlines of all videos.
    pub(crate) fn with_outlines<T>(
        &self,
        figures: &CourseFigures,
        draw: impl FnOnce(Option<GridOutlines<'_>>) -> T,
    ) -> T {
        let percent = self.percents(figures);
        let label = self.label();
        draw(self.counts().map(|counts| GridOutlines { label, counts, percent: &percent }))
    }

    /// The pair of a video in the other course, for its timeline by second; `None` where it has none, or none with a length.
    pub(crate) fn pair_by_second(&self, video: usize) -> Option<PairBySecond<'_>> {
        let Self::Term { terms, .. } = self else { return None };
        let there = terms.comparison.of_video(video)?.pair.there;
        let course = &terms.there.course;
        Some(PairBySecond { views: &course.views, borders: course.borders(there)?, days: terms.comparison.days_there })
    }

    /// Viewers of the other course, or of the pair of a video, in stretches of days of this one; `None` where there is no
    /// other course, or the video has no pair.
    pub(crate) fn viewers_in(&self, video: Option<usize>, stretches: &[DateRange]) -> Option<Vec<u32>> {
        let Self::Term { terms, later_weeks } = self else { return None };
        let video = match video {
            Some(video) => Some(terms.comparison.of_video(video)?.pair.there),
            None => None,
        };
        Some(terms.comparison.viewers_there(&terms.there.course.views, video, stretches, *later_weeks))
    }
}

/// What the map is coloured by: a difference from another course only where there is one.
pub(crate) fn map_measure(wanted: MapMeasure, beside: Option<&Beside>) -> MapMeasure {
    match (wanted, beside) {
        (MapMeasure::Difference, None | Some(Beside::Usual | Beside::Refused { .. })) => MapMeasure::default(),
        (wanted, _) => wanted,
    }
}

/// Figures of the course, with the differences from the other one where that is compared.
pub(crate) fn with_differences(figures: &CourseFigures, beside: Option<&Beside>) -> Option<CourseFigures> {
    match beside? {
        Beside::Term { terms, .. } => Some(terms.comparison.beside(figures)),
        Beside::Usual | Beside::Refused { .. } => None,
    }
}
