//! A course in view: its viewing, and the figures that were requested last.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use model::{
    Borders, CourseFigures, CourseViews, DateRange, FolderId, PeopleOfCourse, SessionId, VideoInfo, VideoMoments,
};

use super::looked_at::LookedAt;
use crate::{Error, ErrorCode, Result};

/// A course, ready for figures.
#[derive(Debug)]
pub struct CourseInView {
    /// The course.
    pub id: FolderId,
    /// Its viewing.
    pub views: CourseViews,
    /// The videos that were never fetched: only their names and lengths are known.
    pub waiting: Vec<VideoInfo>,
    /// Viewing records of its videos.
    pub records: usize,
    /// Distinct people over all dates, without those who are left out.
    pub viewer_count: u32,
    /// Who they are: the place is the number with which `views` knows them.
    pub people: PeopleOfCourse,
    /// For each video, whether it is in a subfolder of the course's own folder.
    pub in_subfolder: Vec<bool>,
    pub(super) all_dates: OnceLock<Arc<CourseFigures>>,
    pub(super) last_figures: Mutex<Option<Arc<CourseFigures>>>,
    pub(super) looked_at: LookedAt,
}

impl CourseInView {
    /// The figures of the course for a range. Those of all dates are kept, because others are compared with them. Those
    /// requested last are kept too, because one screen asks many questions.
    pub fn figures(&self, range: DateRange) -> Arc<CourseFigures> {
        if range.is_all() {
            return Arc::clone(self.all_dates.get_or_init(|| Arc::new(CourseFigures::new(&self.views, range))));
        }
        let mut last = self.last_figures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(figures) = last.as_ref().filter(|figures| figures.range == range) {
            return Arc::clone(figures);
        }
        let figures = Arc::new(CourseFigures::new(&self.views, range));
        *last = Some(Arc::clone(&figures));
        figures
    }

    /// The place of a video in [`CourseViews::videos`]; [`ErrorCode::NotFound`] if the course has no such video, or if
    /// it was never fetched.
    pub fn video(&self, id: SessionId) -> Result<usize> {
        let place = self.views.videos().iter().position(|video| video.session_id == id);
        place.ok_or_else(|| self.not_fetched(id)).map_err(|waiting| {
            waiting.unwrap_or_else(|| {
                Error::new(ErrorCode::NotFound, "This video is no longer in the course")
                    .with_hint("It was perhaps removed or moved in Panopto before the last sync")
            })
        })
    }

    /// The refusal to show a video whose viewing records were never fetched; `None` for any other video.
    pub fn not_fetched(&self, id: SessionId) -> Option<Error> {
        let video = self.waiting.iter().find(|video| video.session_id == id)?;
        let message = format!("The viewing records of the video `{}` are not fetched yet", video.name);
        Some(Error::new(ErrorCode::NotFound, message).with_hint("Sync its course first"))
    }

    /// The sorted borders of a video, from which its timeline follows for any range; `None` if it has no length. Those
    /// of the video requested last are kept, because a range is dragged, and a window moved, many times over one video.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn borders(&self, video: usize) -> Option<Arc<Borders>> {
        self.looked_at.borders(&self.views, video)
    }

    /// The moments of one video in a range; those requested last are kept. Looks at no other video.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn moments_of(&self, video: usize, range: DateRange) -> VideoMoments {
        self.looked_at.moments_of(&self.views, video, range)
    }

    /// The moments of every video for a range, in the order of [`CourseViews::videos`]. Those of the range requested
    /// last are kept. Uses all processors.
    pub fn moments(&self, range: DateRange) -> Arc<[VideoMoments]> {
        self.looked_at.moments(&self.views, range)
    }

    /// The moments over all dates of the videos that are wanted, in their order. Uses all processors; those of all videos are
    /// taken where they are kept.
    pub(crate) fn moments_where(&self, is_wanted: impl Fn(usize) -> bool) -> Vec<(usize, VideoMoments)> {
        let wanted: Vec<usize> = (0..self.views.videos().len()).filter(|video| is_wanted(*video)).collect();
        self.looked_at.moments_of_some(&self.views, &wanted)
    }
}
