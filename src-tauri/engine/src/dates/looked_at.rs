//! The dates of a course beside its viewing: flags, term, the ranges that follow from them, and which videos are on
//! time.
//!
//! Everything is worked out from what is kept and what is in view, so that it can be asked for at each look. Deliberately
//! absent: keeping any of it in a file.

use std::sync::{Arc, Mutex, PoisonError};

use chrono_tz::Tz;
use model::{
    BeforeDate, CourseDates, CourseViews, Day, Due, Flag, FollowingRange, OnTime, OnTimeRule, Pace, PersonOnTime,
    ReadOut, Term, flags, ranges_that_follow,
};

use crate::store::DataFolder;
use crate::views::CourseInView;
use crate::{Error, ErrorCode, Result};

/// The dates of a course that is in view.
#[derive(Debug, Clone)]
pub struct DatesInView {
    /// The stored dates.
    pub kept: CourseDates,
    /// The dates on the reporting calendar, in the order of time.
    pub flags: Vec<Flag>,
    /// The term, set or guessed; `None` if nobody has watched and none is set.
    pub term: Option<Term>,
    /// The last day with data: the last fetched one, or else the last with viewing.
    pub through: Option<Day>,
}

/// A video under the dates of its course.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoInTime {
    /// When it is due; `None` if it is not due at all.
    pub due: Option<Due>,
    /// Who was on time, if it is due.
    pub on_time: Option<OnTime>,
    /// Whether the data reach past the date; if not, the count can still grow.
    pub has_passed: bool,
    /// In how many weeks it was watched, and how soon; `None` if nobody has watched it.
    pub pace: Option<Pace>,
}

/// Who was on time, of the course that was asked for last: a page asks for it many times while a date range is dragged, which
/// does not change it.
#[derive(Debug, Default)]
pub struct VideosInTime(Mutex<Option<KeptDates>>);

/// The videos of a course under its dates, and all that they follow from.
#[derive(Debug)]
struct KeptDates {
    course: Arc<CourseInView>,
    dates: CourseDates,
    through: Option<Day>,
    videos: Arc<[VideoInTime]>,
}

impl VideosInTime {
    /// Every video under the dates, in the order of [`model::CourseViews::videos`]; none where no video can be due.
    pub fn of(&self, dates: &DatesInView, course: &Arc<CourseInView>) -> Arc<[VideoInTime]> {
        if dates.kept.on_time == OnTimeRule::NextDate && !dates.flags.iter().any(|flag| flag.kind.is_due()) {
            return Arc::new([]);
        }
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_the_same = |kept: &&KeptDates| {
            Arc::ptr_eq(&kept.course, course) && kept.dates == dates.kept && kept.through == dates.through
        };
        if let Some(kept) = last.as_ref().filter(is_the_same) {
            return Arc::clone(&kept.videos);
        }
        let videos: Arc<[VideoInTime]> = dates.videos(course).into();
        let course = Arc::clone(course);
        *last =
            Some(KeptDates { course, dates: dates.kept.clone(), through: dates.through, videos: Arc::clone(&videos) });
        videos
    }
}

/// The dates of a course in view. `fetched` is the last day for which everything is fetched.
pub fn dates_in_view(
    folder: &DataFolder,
    course: &CourseInView,
    zone: Tz,
    fetched: Option<Day>,
) -> Result<DatesInView> {
    let kept = super::dates_of(folder, course.id)?;
    let through = fetched.or_else(|| course.views.days().map(model::DateRange::last));
    let flags = flags(&kept.dates, &course.views, zone);
    let term = through.and_then(|today| Term::of(&course.views, kept.term, today));
    Ok(DatesInView { kept, flags, term, through })
}

/// The dates that a chart across time marks, in the order of time: those of the course, or those that concern one of its
/// videos.
pub fn marked_dates(folder: &DataFolder, course: &CourseInView, zone: Tz, video: Option<usize>) -> Result<Vec<Flag>> {
    let kept = super::dates_of(folder, course.id)?;
    let mut marked = flags(&kept.dates, &course.views, zone);
    marked.retain(|flag| video.is_none_or(|video| flag.concerns(video)));
    Ok(marked)
}

/// Of the videos that were due, how many a person with these viewers' numbers had covered by then; `None` where nothing was.
/// `in_time` is of every video of the course.
pub fn person_on_time(views: &CourseViews, in_time: &[VideoInTime], viewers: &[u32]) -> Option<PersonOnTime> {
    let passed = in_time.iter().enumerate().filter(|(_, in_time)| in_time.has_passed);
    let due = passed.filter_map(|(video, in_time)| Some((video, in_time.due.as_ref()?.cutoff)));
    Some(PersonOnTime::of(views, viewers, due)).filter(|counted| counted.due > 0)
}

impl DatesInView {
    /// Ranges such as *Until Midterm*; none if nobody has watched.
    pub fn ranges(&self, course: &CourseInView) -> Vec<FollowingRange> {
        match (course.views.days(), self.through) {
            (Some(viewing), Some(through)) => ranges_that_follow(&self.flags, viewing, through),
            _ => Vec::new(),
        }
    }

    /// The flag of a date. [`ErrorCode::NotFound`] if there is no such number.
    pub fn flag(&self, number: u32) -> Result<&Flag> {
        self.flags.iter().find(|flag| flag.number == number).ok_or_else(|| {
            Error::new(ErrorCode::NotFound, format!("The course has no date number {number}"))
                .with_hint("Look up its number in the list of the course's dates")
        })
    }

    /// What a flag says when somebody points at it.
    pub fn read_out(&self, course: &CourseInView, number: u32) -> Result<ReadOut> {
        Ok(BeforeDate::of(&course.views, self.flag(number)?, self.through))
    }

    /// One video under the dates.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn video(&self, course: &CourseInView, video: usize) -> VideoInTime {
        let due = Due::of(&course.views, video, &self.kept, &self.flags);
        VideoInTime {
            on_time: due.as_ref().map(|due| OnTime::of(&course.views, video, due.cutoff)),
            has_passed: due.as_ref().is_some_and(|due| due.has_passed(self.through)),
            pace: Pace::of(&course.views, video, self.through),
            due,
        }
    }

    /// Every video under the dates, in the order of [`model::CourseViews::videos`].
    pub fn videos(&self, course: &CourseInView) -> Vec<VideoInTime> {
        (0..course.views.videos().len()).map(|video| self.video(course, video)).collect()
    }
}
