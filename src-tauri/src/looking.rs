//! Looking at courses and videos: from what is stored to what a page shows.

use std::sync::Arc;

use charts::{
    Palette, average_time, fitting_period, small_timeline, viewers_across_time, viewers_across_timeline, viewers_at_top,
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use engine::views::{CourseFacts, CourseInView, facts_of_course};
use engine::{Error, ErrorCode, Result};
use model::{DateRange, Day, Period, VideoFigures, days_across_time, words};

use crate::convert::explain::Explainer;
use crate::convert::overview::Scales;
use crate::convert::{self, id};
use crate::dto::chart::{Chart, ChartKind};
use crate::dto::overview::{CourseOverview, MapRowDetail, OverviewRequest, SmallTimeline, Timelines, TimelinesRequest};
use crate::dto::video::{VideoPage, VideoRequest};
use crate::workspace::Workspace;

/// Small charts drawn for one request at most.
const MOST_SMALL_CHARTS: usize = 100;

/// A course that is looked at.
pub struct Looked {
    /// Its viewing.
    pub course: Arc<CourseInView>,
    /// What the course list says of it.
    pub facts: CourseFacts,
    /// The reporting time zone.
    pub zone: Tz,
}

impl Workspace {
    /// A course as it is stored now.
    pub fn look(&self, course_id: &str) -> Result<Looked> {
        let folder = self.folder()?;
        let zone = self.zone(&self.settings()?)?;
        let facts = facts_of_course(&folder, id::course(course_id)?)?;
        let course = self.views.course(&folder, facts.id, zone)?;
        Ok(Looked { course, facts, zone })
    }

    /// Everything the four views and the table of a course need.
    pub fn overview(&self, request: &OverviewRequest) -> Result<CourseOverview> {
        let range = convert::range::asked(request.range.as_ref())?;
        let Looked { course, facts, zone } = self.look(&request.course_id)?;
        let figures = course.figures(range);
        let scales = Scales::new(&figures, request.map_measure, request.heat_measure);
        let palette = Palette::of(request.theme.into());
        let style = request.time_frame.map(|frame| convert::chart::screen(request.theme, frame));
        Ok(CourseOverview {
            facts: convert::overview::facts(&figures),
            range: convert::range::state(range, course.views.days(), facts.fetched_through),
            time_chart: style.map(|style| time_chart(&course, None, range, facts.fetched_through, &style)),
            videos: convert::overview::rows(&course, &figures, &scales),
            map_legend: scales.map_legend(palette),
            heat_legend: scales.heat_legend(palette),
            top_by_viewers: convert::overview::top_by_viewers(&course, &figures),
            top_by_covered: convert::overview::top_by_covered(&course, &figures),
            explanations: Explainer::new(range, &facts, zone).columns(),
            course: convert::course::summary(&facts, Some(&course), self.clock.now(), zone),
        })
    }

    /// The exact values behind one row of the map.
    pub fn map_row(&self, course_id: &str, session_id: &str, range: DateRange) -> Result<MapRowDetail> {
        let Looked { course, .. } = self.look(course_id)?;
        let video = course.video(id::video(session_id)?)?;
        Ok(convert::overview::map_row(session_id.to_owned(), &VideoFigures::new(&course.views, video, range)))
    }

    /// The small charts of the rows on screen.
    pub fn timelines(&self, request: &TimelinesRequest) -> Result<Timelines> {
        if request.session_ids.len() > MOST_SMALL_CHARTS {
            return Err(Error::new(
                ErrorCode::InvalidInput,
                format!("More than {MOST_SMALL_CHARTS} small charts were asked for"),
            ));
        }
        let range = convert::range::asked(request.range.as_ref())?;
        let Looked { course, .. } = self.look(&request.course_id)?;
        let figures = course.figures(range);
        let style = charts::Style::screen(
            request.theme.into(),
            request.frame.width.min(4_000),
            request.frame.height.min(2_000),
        );
        let top = viewers_at_top(&figures);
        let draw = |session_id: &String| {
            let row = &figures.rows[course.video(id::video(session_id)?)?];
            let watched = row.reached.iter().any(|viewers| *viewers > 0);
            let svg = if watched { small_timeline(row, top, &style) } else { String::new() };
            Ok(SmallTimeline { session_id: session_id.clone(), svg })
        };
        Ok(Timelines {
            scale_text: words::viewers(u64::from(top)),
            charts: request.session_ids.iter().map(draw).collect::<Result<_>>()?,
        })
    }

    /// A video: four figures and three charts.
    pub fn video(&self, request: &VideoRequest) -> Result<VideoPage> {
        let range = convert::range::asked(request.range.as_ref())?;
        let Looked { course, facts, zone } = self.look(&request.course_id)?;
        let video = course.video(id::video(&request.session_id)?)?;
        let fetched = facts.fetched_through.map(Day::from_date);
        let figures = VideoFigures::new(&course.views, video, range).with_data_through(fetched);
        let style = |frame| convert::chart::screen(request.theme, frame);
        let (previous, next) = convert::video::neighbours(&course, video);
        Ok(VideoPage {
            course_id: request.course_id.clone(),
            course_name: facts.name.clone(),
            session_id: request.session_id.clone(),
            name: course.views.videos()[video].name.to_string(),
            facts: convert::video::facts(&course, video),
            can_open_in_panopto: self.can_open_in_panopto()?,
            previous,
            next,
            range: convert::range::state(range, course.views.days(), facts.fetched_through),
            figures: convert::video::figures(&figures, &Explainer::new(range, &facts, zone)),
            time_chart: request
                .time_frame
                .map(|frame| time_chart(&course, Some(video), range, facts.fetched_through, &style(frame))),
            timeline_chart: convert::chart::chart(
                ChartKind::Timeline,
                viewers_across_timeline(&figures, &style(request.timeline_frame)),
            ),
            average_time_chart: convert::chart::chart(
                ChartKind::AverageTime,
                average_time(&figures, &style(request.average_time_frame)),
            ),
        })
    }

    /// Whether there is a server whose pages can be opened; the sample's has none.
    fn can_open_in_panopto(&self) -> Result<bool> {
        Ok(!self.is_sample && self.connector.server(&self.settings()?).is_ok())
    }

    /// The page of a video on the user's own server.
    pub fn video_page(&self, course_id: &str, session_id: &str) -> Result<tauri::Url> {
        if self.is_sample {
            return Err(Error::new(ErrorCode::InvalidInput, "The videos of the sample courses are not in Panopto"));
        }
        let Looked { course, .. } = self.look(course_id)?;
        let video = id::video(session_id)?;
        course.video(video)?;
        Ok(engine::folders::video_page(&self.connector.server(&self.settings()?)?, video))
    }
}

/// Viewers across time over all dates, and over the asked days where those reach further: the range is chosen on this
/// chart.
fn time_chart(
    course: &CourseInView,
    video: Option<usize>,
    asked: DateRange,
    fetched: Option<NaiveDate>,
    style: &charts::Style,
) -> Chart {
    let drawn = across_time(course, video, (asked, DateRange::ALL), fetched, style);
    convert::chart::chart(ChartKind::Time, drawn)
}

/// Viewers of the course or of one of its videos across time: over days that cover the asked ones, with the chosen ones
/// marked. `fetched` is the last fetched day.
pub fn across_time(
    course: &CourseInView,
    video: Option<usize>,
    (asked, chosen): (DateRange, DateRange),
    fetched: Option<NaiveDate>,
    style: &charts::Style,
) -> charts::Chart {
    match course.views.days() {
        None => viewers_across_time(&[], Period::Day, chosen, fetched.map(Day::from_date), style),
        Some(viewing) => {
            let domain = days_across_time(viewing, fetched.map(Day::from_date), asked);
            let period = fitting_period(style, domain);
            let periods = course.views.viewers_across_time(video, domain, period);
            viewers_across_time(&periods, period, chosen, fetched.map(Day::from_date), style)
        }
    }
}
