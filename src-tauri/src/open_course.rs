//! A course that a page shows: its viewing, what the course list says about it, and the time zone of its days.
//!
//! Deliberately absent: pages (`pages/`), and which course it is (`looking.rs`).

use std::sync::Arc;

use charts::{Chart, OtherViewers, Style, fitting_period, viewers_across_time, viewers_across_time_beside};
use chrono_tz::Tz;
use engine::views::{CourseFacts, CourseInView};
use model::{
    CourseFigures, DateRange, Day, Period, Telling, VideoFigures, VideoInfo, days_across_time, days_of_video,
    whole_weeks,
};

use crate::beside::Beside;

/// A course as it is stored at the moment of looking.
pub struct OpenCourse {
    /// Its viewing.
    pub course: Arc<CourseInView>,
    /// What the course list says about it.
    pub facts: CourseFacts,
    /// The reporting time zone.
    pub zone: Tz,
    /// The term, where the teacher has set it.
    pub term: Option<DateRange>,
    /// How its numbers of people are told: as they are, or as they are presented.
    pub telling: Telling,
}

impl OpenCourse {
    /// Whether others see what is shown of it.
    pub(crate) fn presents(&self) -> bool {
        self.telling == Telling::InFives
    }

    /// The days that are looked at where these were chosen: while presenting, the whole weeks that hold them.
    pub(crate) fn days(&self, chosen: DateRange) -> DateRange {
        if self.presents() { whole_weeks(chosen) } else { chosen }
    }

    /// The figures of the course for a range, as they may be told.
    pub(crate) fn figures(&self, range: DateRange) -> Arc<CourseFigures> {
        let figures = self.course.figures(range);
        if self.presents() { Arc::new(figures.presented()) } else { figures }
    }

    /// The figures of a video for a range, as they may be told.
    pub(crate) fn video_figures(&self, video: usize, range: DateRange) -> VideoFigures {
        let figures = VideoFigures::new(&self.course.views, video, range).with_data_through(self.fetched_through());
        if self.presents() { figures.presented() } else { figures }
    }

    /// A video by its place in the course.
    pub fn video(&self, video: usize) -> &VideoInfo {
        &self.course.views.videos()[video]
    }

    /// Viewers of the course or of one of its videos across time: over days that cover `asked`, with `chosen` marked.
    pub fn across_time(&self, video: Option<usize>, asked: DateRange, chosen: DateRange, style: &Style) -> Chart {
        self.across_time_beside(video, asked, chosen, None, style)
    }

    /// The same with the other course that it is compared with as an outline.
    pub(crate) fn across_time_beside(
        &self,
        video: Option<usize>,
        asked: DateRange,
        chosen: DateRange,
        beside: Option<&Beside>,
        style: &Style,
    ) -> Chart {
        let domain = self.course.views.days().map(|viewing| days_across_time(viewing, self.fetched_through(), asked));
        self.over(domain, video, chosen, beside, style)
    }

    /// Viewers of a video across only the days of its own viewing, so that a video of ten days fills the chart.
    pub(crate) fn across_its_days(
        &self,
        video: usize,
        chosen: DateRange,
        beside: Option<&Beside>,
        style: &Style,
    ) -> Chart {
        self.over(days_of_video(&self.course.views, video, DateRange::ALL), Some(video), chosen, beside, style)
    }

    /// The last fetched day.
    pub fn fetched_through(&self) -> Option<Day> {
        self.facts.fetched_through.map(Day::from_date)
    }

    /// See [`CourseFacts::known_through`].
    pub(crate) fn known_through(&self) -> Option<Day> {
        self.facts.known_through(&self.course.views)
    }

    fn over(
        &self,
        domain: Option<DateRange>,
        video: Option<usize>,
        chosen: DateRange,
        beside: Option<&Beside>,
        style: &Style,
    ) -> Chart {
        let fetched = self.fetched_through();
        let Some(domain) = domain else { return viewers_across_time(&[], Period::Day, chosen, fetched, style) };
        // Neither the first day of somebody nor a single day is presented.
        let (domain, finest) =
            if self.presents() { (whole_weeks(domain), Period::Week) } else { (domain, Period::Day) };
        let period = fitting_period(style, domain).max(finest);
        let mut periods = self.course.views.viewers_across_time(video, domain, period);
        for entry in &mut periods {
            entry.viewers = self.telling.told(entry.viewers);
        }
        let days: Vec<DateRange> = periods.iter().map(|entry| entry.days).collect();
        let there = beside.and_then(|beside| Some((beside.label(), beside.viewers_in(video, &days)?)));
        let other = there.as_ref().map(|(label, viewers)| OtherViewers { label, viewers });
        viewers_across_time_beside(&periods, period, chosen, fetched, other, style)
    }
}
