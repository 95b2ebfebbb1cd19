//! `chart`: saves a chart of one video, as the window does.

use std::path::Path;
use std::sync::Arc;

use charts::{
    Caption, Chart, Seconds, Style, Theme, average_time, by_second, fitting_period, viewers_across_time,
    viewers_across_timeline,
};
use engine::dates::marked_dates;
use engine::store::{DataFolder, Durability, RealDisk, replace};
use engine::views::{CourseFacts, CourseInView, Views, course_facts};
use engine::{Error, ErrorCode, Result};
use model::{DateRange, Day, Flag, SessionId, Timeline, VideoFigures, days_across_time, moments, words};
use serde_json::json;

use crate::args::{ChartArgs, ChartKind, ChartTheme};
use crate::commands::zone::zone_to_look;
use crate::setup::{Setup, path_text};
use crate::terminal::{Outcome, shown};

/// Size of a saved chart in pixels, the same as in the window.
const SIZE_PX: (u32, u32) = (960, 420);
/// PNG pixels for each chart pixel, so that the chart stays sharp on a slide.
const PNG_SCALE: f32 = 2.0;

/// Draws the chart and saves it.
pub(crate) async fn chart(setup: &Setup, args: ChartArgs) -> Result<Outcome> {
    if args.out.is_dir() {
        let message = format!("`{}` is a folder, not a file for the chart", path_text(&args.out));
        return Err(Error::new(ErrorCode::Disk, message)
            .with_hint("Name a file in it that ends in .svg or .png, for example chart.svg"));
    }
    let form = Form::of(&args.out)?;
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    let session = args.session;
    let out = std::path::absolute(&args.out).unwrap_or_else(|_| args.out.clone());
    let (bytes, chart, name, unread) = super::blocking(move || {
        let (facts, course, video) = find(&folder, session, |views, course| views.course(&folder, course, zone))?;
        let marked = match args.kind {
            ChartKind::AcrossTime => marked_dates(&folder, &course, zone, Some(video)),
            ChartKind::Timeline | ChartKind::AverageTime | ChartKind::BySecond => Ok(Vec::new()),
        };
        // A chart without dates is still a chart.
        let (dates, unread) = marked.map_or_else(|error| (Vec::new(), Some(error)), |dates| (dates, None));
        let chart = draw(&facts, &course, video, range, dates, &args);
        let name = course.views.videos()[video].name.to_string();
        Ok((picture(&chart, form)?, chart, name, unread))
    })
    .await?;
    if let Some(error) = unread {
        let sentence = format!("The chart is saved without the dates of the course: {}", error.message());
        setup.terminal.warning(&sentence, error.hint());
    }
    replace(&RealDisk, &out, Durability::Remakable, |file| file.write_all(&bytes))?;
    let summary = chart.empty.as_ref().unwrap_or(&chart.summary);
    setup.terminal.note(&shown(summary));
    Ok(Outcome::done(
        path_text(&out),
        json!({
            "file": path_text(&out),
            "title": chart.title,
            "video": { "id": session, "name": name },
            "range": words::range(range),
            "summary": summary,
        }),
    ))
}

fn picture(chart: &Chart, form: Form) -> Result<Vec<u8>> {
    match form {
        Form::Svg => Ok(chart.svg.clone().into_bytes()),
        Form::Png => chart.png(PNG_SCALE).map_err(|error| {
            let converted = Error::new(ErrorCode::Internal, error.to_string());
            match error.hint() {
                Some(hint) => converted.with_hint(hint),
                None => converted,
            }
        }),
    }
}

#[derive(Clone, Copy)]
enum Form {
    Svg,
    Png,
}

impl Form {
    fn of(file: &Path) -> Result<Self> {
        let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            _ => Err(Error::new(
                ErrorCode::InvalidInput,
                format!("The ending of `{}` names no form of picture", path_text(file)),
            )
            .with_hint("End the file's name in .svg or .png")),
        }
    }
}

/// The course that holds the video, and the video's place there. If several do, the first on the list counts.
pub(super) fn find(
    folder: &DataFolder,
    session: SessionId,
    course_in_view: impl Fn(&Views, model::FolderId) -> Result<Arc<CourseInView>>,
) -> Result<(CourseFacts, Arc<CourseInView>, usize)> {
    let views = Views::default();
    let mut damage = None;
    for facts in course_facts(folder)?.into_iter().filter(|facts| facts.has_data || facts.is_listed) {
        match course_in_view(&views, facts.id) {
            Ok(course) => {
                let place = course.views.videos().iter().position(|video| video.session_id == session);
                if let Some(place) = place {
                    return Ok((facts, course, place));
                }
                damage = damage.or_else(|| course.not_fetched(session));
            }
            // The video may be in another course. If it is in none, this is why it was not found.
            Err(error) => damage = damage.or(Some(error)),
        }
        views.clear();
    }
    Err(damage.unwrap_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("No course on the list has a video {session}"))
            .with_hint("`panopto-analytics videos COURSE` lists the IDs of a course's videos; a new video is there after the next sync")
    }))
}

fn draw(
    facts: &CourseFacts,
    course: &CourseInView,
    video: usize,
    range: DateRange,
    dates: Vec<Flag>,
    args: &ChartArgs,
) -> Chart {
    let theme = match args.theme {
        ChartTheme::Light => Theme::Light,
        ChartTheme::Dark => Theme::Dark,
        ChartTheme::Print => Theme::Print,
    };
    let subject = course.views.videos()[video].name.to_string();
    let fetched = facts.fetched_through.map(Day::from_date);
    let across = course.views.days().map(|viewing| days_across_time(viewing, fetched, range));
    let drawn_over = if args.kind == ChartKind::AcrossTime { across } else { course.views.days() };
    let freshness = fetched.map(|day| format!("Data up to {}", words::day_year(day)));
    let caption = Caption {
        subject,
        course: facts.name.clone(),
        range: words::range_of(range, drawn_over),
        freshness: freshness.unwrap_or_default(),
        dates,
    };
    let style = Style::saved(theme, SIZE_PX.0, SIZE_PX.1, caption);
    let figures = || VideoFigures::new(&course.views, video, range).with_data_through(fetched);
    match args.kind {
        ChartKind::Timeline => viewers_across_timeline(&figures(), &style),
        ChartKind::AverageTime => average_time(&figures(), &style),
        ChartKind::BySecond => match course.borders(video) {
            Some(borders) => {
                let found = moments(&course.views, video, range);
                let wanted = Seconds { moments: found.found(), ..Seconds::default() };
                by_second(&Timeline::new(&course.views, &borders, range), wanted, &style).chart
            }
            // Without a length there is nothing to draw, and the chart of the parts says so.
            None => viewers_across_timeline(&figures(), &style),
        },
        ChartKind::AcrossTime => {
            let period = across.map_or(model::Period::Day, |days| fitting_period(&style, days));
            let periods = across.map(|days| course.views.viewers_across_time(Some(video), days, period));
            viewers_across_time(&periods.unwrap_or_default(), period, range, fetched, &style)
        }
    }
}
