//! A course that a page shows: its viewing, what the course list says of it, and the days it is seen in.
//!
//! Deliberately absent: pages (`pages/`), and which course it is (`looking.rs`).

use std::sync::Arc;

use charts::{Chart, Style, fitting_period, viewers_across_time};
use chrono_tz::Tz;
use engine::views::{CourseFacts, CourseInView};
use model::{DateRange, Day, Period, VideoInfo, days_across_time};

/// A course as it is stored at the moment of looking.
pub struct OpenCourse {
    /// Its viewing.
    pub course: Arc<CourseInView>,
    /// What the course list says of it.
    pub facts: CourseFacts,
    /// The reporting time zone.
    pub zone: Tz,
}

impl OpenCourse {
    /// A video by its place in the course.
    pub fn video(&self, video: usize) -> &VideoInfo {
        &self.course.views.videos()[video]
    }

    /// Viewers of the course or of one of its videos across time: over days that cover `asked`, with `chosen` marked.
    pub fn across_time(&self, video: Option<usize>, asked: DateRange, chosen: DateRange, style: &Style) -> Chart {
        let views = &self.course.views;
        let fetched = self.facts.fetched_through.map(Day::from_date);
        match views.days() {
            None => viewers_across_time(&[], Period::Day, chosen, fetched, style),
            Some(viewing) => {
                let domain = days_across_time(viewing, fetched, asked);
                let period = fitting_period(style, domain);
                let periods = views.viewers_across_time(video, domain, period);
                viewers_across_time(&periods, period, chosen, fetched, style)
            }
        }
    }
}
