//! A course that a page shows: its viewing, what the course list says about it, and the time zone of its days.
//!
//! Deliberately absent: pages (`pages/`), and which course it is (`looking.rs`).

use std::sync::Arc;

use charts::{Chart, OtherViewers, Style, fitting_period, viewers_across_time, viewers_across_time_beside};
use chrono_tz::Tz;
use engine::views::{CourseFacts, CourseInView};
use model::{DateRange, Day, Period, VideoInfo, days_across_time, days_of_video};

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
}

impl OpenCourse {
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
        let period = fitting_period(style, domain);
        let periods = self.course.views.viewers_across_time(video, domain, period);
        let days: Vec<DateRange> = periods.iter().map(|entry| entry.days).collect();
        let there = beside.and_then(|beside| Some((beside.label(), beside.viewers_in(video, &days)?)));
        let other = there.as_ref().map(|(label, viewers)| OtherViewers { label, viewers });
        viewers_across_time_beside(&periods, period, chosen, fetched, other, style)
    }
}
