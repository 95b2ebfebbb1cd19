//! The one-page report of a course or a video: the figures and charts of its page, as a document that can stand alone.
//!
//! Deliberately absent: how the document is written (`charts::report_page`) and saved (`saving`). Invariant: nothing in it
//! tells one viewer from another.

use std::sync::Arc;

use charts::{
    Caption, Chart, Report, ReportFact, Style, Theme, average_time, course_map_in_parts, report_page,
    viewers_across_timeline,
};
use engine::Result;
use model::{DateRange, Day, Figure, Flag, MapMeasure, VideoFigures, days_across_time, figures_on_the_page, words};

use crate::desktop::Desktop;
use crate::open_course::OpenCourse;
use crate::pages::chart::SavedFile;
use crate::pages::report::ReportRequest;
use crate::pages::{id, range, when};
use crate::saving::{Kind, Ready, deliver};
use crate::state::blocking;
use crate::workspace::Workspace;

/// Width of its drawings, in pixels: that of a sheet of paper.
const WIDTH_PX: u32 = 912;
const CHART_PX: u32 = 200;
/// Rows of the map that fit under the figures and the first drawing on a sheet of paper; two such parts fit on a further one.
const ROWS_OF_MAP: usize = 20;

const KIND: Kind = Kind { title: "Save the report", words: "Page for a browser (HTML)", ending: "html" };

/// Makes the report, asks where to save it, and writes it; `None` if the user closes the dialog.
pub(crate) async fn save(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    request: ReportRequest,
) -> Result<Option<SavedFile>> {
    let reporting = Arc::clone(workspace);
    let ready = blocking(move || report(&reporting, &request)).await?;
    deliver(workspace, desktop, KIND, ready).await
}

fn report(workspace: &Workspace, request: &ReportRequest) -> Result<Ready> {
    let range = range::days(request.range.as_ref())?;
    let open = workspace.open_course(&request.course_id)?;
    let video = request.session_id.as_deref().map(|session| open.course.video(id::video(session)?)).transpose()?;
    let viewing = open.course.views.days().map(|days| days_across_time(days, open.fetched_through(), range));
    let up_to = open.facts.fetched_through.map(|day| format!("data up to {}", when::date(day)));
    let name = video.map_or_else(|| open.facts.name.clone(), |video| open.video(video).name.to_string());
    let (facts, charts) = match video {
        Some(video) => of_video(&open, video, range, workspace.marked_dates(&open, Some(video))),
        None => of_course(&open, range, workspace.marked_dates(&open, None)),
    };
    let page = report_page(&Report {
        subject: &name,
        course: if video.is_some() { &open.facts.name } else { "" },
        range: words::range_of(range, viewing),
        freshness: up_to.unwrap_or_default(),
        facts,
        charts,
        ..Report::default()
    });
    Ok(Ready { bytes: page.into_bytes(), subject: name.clone(), title: "Report" })
}

/// The style of a drawing on the report, which itself names the course or video and the dates.
fn style() -> Style {
    with_dates(Vec::new())
}

/// The same with dates of the course, for a chart across time.
fn with_dates(dates: Vec<Flag>) -> Style {
    Style::saved(Theme::Print, WIDTH_PX, CHART_PX, Caption { dates, ..Caption::default() })
}

fn of_course(open: &OpenCourse, range: DateRange, dates: Vec<Flag>) -> (Vec<ReportFact>, Vec<Chart>) {
    let figures = open.course.figures(range);
    let fact = |figure, text| ReportFact { figure, text, detail: None };
    let facts = vec![
        fact(Figure::Videos, words::count(figures.rows.len() as u64)),
        fact(Figure::CourseViewers, words::count(u64::from(figures.unique_viewers))),
        fact(Figure::WatchTime, words::time(figures.watch_secs)),
    ];
    let videos = open.course.views.videos();
    let map = course_map_in_parts(videos, &figures, MapMeasure::default(), &style(), ROWS_OF_MAP);
    let across_time = open.across_time(None, range, range, &with_dates(dates));
    (facts, std::iter::once(across_time).chain(map).collect())
}

fn of_video(open: &OpenCourse, video: usize, range: DateRange, dates: Vec<Flag>) -> (Vec<ReportFact>, Vec<Chart>) {
    let figures = VideoFigures::new(&open.course.views, video, range)
        .with_data_through(open.facts.fetched_through.map(Day::from_date));
    let facts = figures_on_the_page()
        .map(|of| ReportFact { figure: of.figure, text: of.text(&figures.totals), detail: of.detail(&figures.totals) })
        .collect();
    let charts = vec![
        open.across_time(Some(video), range, range, &with_dates(dates)),
        viewers_across_timeline(&figures, &style()),
        average_time(&figures, &style()),
    ];
    (facts, charts)
}
