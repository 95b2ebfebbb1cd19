//! Saving a chart as a file that can stand alone: with title, names, dates, legend and background, what its figures
//! count, and the chosen days marked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use charts::{
    Caption, Chart, Seconds, Style, average_time, course_map, heat_map, timeline_grid, timeline_grid_beside, titles,
};
use engine::store::refusal::disk_error;
use engine::store::safe_name::safe_name;
use engine::store::{Disk as _, Durability, RealDisk, replace};
use engine::{Error, ErrorCode, Result};
use model::{Day, VideoFigures, days_across_time, words};

use crate::beside::{map_measure, with_differences};
use crate::desktop::{Desktop, PickerQuestion, PickerTarget};
use crate::open_course::OpenCourse;
use crate::pages::chart::{ChartFormat, ChartKind, ChartRequest, SavedFile};
use crate::pages::map::{presented_heat, presented_measure};
use crate::pages::stretch::Stretch;
use crate::pages::timeline::{Exact, TimelineOf, is_usual};
use crate::pages::{id, range, when};
use crate::presenting::closed_while_presenting;
use crate::state::blocking;
use crate::workspace::Workspace;

/// Scale of a PNG, relative to the size on screen.
const PNG_SCALE: f32 = 2.0;

/// The smallest chart that can stand alone, in pixels of width and height; on screen a chart may be a slim strip.
const LEAST_PX: (u32, u32) = (720, 240);

/// A drawing that is ready to be saved.
pub(crate) struct Ready {
    pub(crate) bytes: Vec<u8>,
    /// The course or video and what the drawing shows: the file name that is proposed.
    pub(crate) subject: String,
    pub(crate) title: &'static str,
}

/// A kind of file, as the dialog names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) title: &'static str,
    pub(crate) words: &'static str,
    pub(crate) ending: &'static str,
}

/// Draws the chart, asks where to save it, and writes it; `None` where the user closes the dialog.
pub async fn save(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    request: ChartRequest,
) -> Result<Option<SavedFile>> {
    let format = request.format;
    let drawing = Arc::clone(workspace);
    let ready = blocking(move || draw(&drawing, &request)).await?;
    let (words, ending) = match format {
        ChartFormat::Svg => ("Scalable drawing (SVG)", "svg"),
        ChartFormat::Png => ("Picture (PNG)", "png"),
    };
    deliver(workspace, desktop, Kind { title: "Save the chart", words, ending }, ready).await
}

/// Asks where to save it, and writes it; `None` where the user closes the dialog.
pub(crate) async fn deliver(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    kind: Kind,
    ready: Ready,
) -> Result<Option<SavedFile>> {
    let start = workspace.memory.get().chart_dir.filter(|dir| dir.is_dir());
    let name = format!("{}.{}", safe_name(&format!("{} – {}", ready.subject, ready.title)), kind.ending);
    let question =
        PickerQuestion { title: kind.title, what: PickerTarget::Save { name, kind: (kind.words, kind.ending) }, start };
    let Some(path) = desktop.pick(question).await else { return Ok(None) };
    let workspace = Arc::clone(workspace);
    blocking(move || write(&workspace, &with_ending(path, kind.ending)?, &ready.bytes)).await.map(Some)
}

pub(crate) fn write(workspace: &Workspace, path: &Path, bytes: &[u8]) -> Result<SavedFile> {
    replace(&RealDisk, path, Durability::Remakable, |file| file.write_all(bytes))?;
    let folder = path.parent().unwrap_or(path).to_owned();
    let saved = SavedFile {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        folder: folder.display().to_string(),
    };
    workspace.memory.update(|memory| memory.chart_dir = Some(folder));
    Ok(saved)
}

fn draw(workspace: &Workspace, request: &ChartRequest) -> Result<Ready> {
    let chosen = range::days(request.range.as_ref())?;
    let open = workspace.open_course(&request.course_id)?;
    let range = open.days(chosen);
    let OpenCourse { course, facts, .. } = &open;
    let video = request.session_id.as_deref().map(|session| course.video(id::video(session)?)).transpose()?;
    let name_of = |video: usize| course.views.videos()[video].name.to_string();
    let subject = video.map_or_else(|| facts.name.clone(), name_of);
    let beside = if open.presents() { None } else { workspace.beside(&open, request.compare.as_ref()) };
    let beside = beside.as_ref();
    let (width, height) = request.frame.bounded();
    // The dates above the chart are those that it is drawn over.
    let drawn_over = course.views.days().map(|viewing| open.days(viewing)).map(|viewing| match request.kind {
        ChartKind::Time => days_across_time(viewing, facts.fetched_through.map(Day::from_date), range),
        ChartKind::Timeline
        | ChartKind::BySecond
        | ChartKind::AverageTime
        | ChartKind::Map
        | ChartKind::Heat
        | ChartKind::Timelines => viewing,
    });
    let up_to = facts.fetched_through.map(|day| format!("Data up to {}", when::date(day)));
    let caption = Caption {
        subject: subject.clone(),
        course: if video.is_some() { facts.name.clone() } else { String::new() },
        range: words::range_of(range, drawn_over),
        freshness: up_to.unwrap_or_default(),
        dates: if request.kind == ChartKind::Time { workspace.marked_dates(&open, video) } else { Vec::new() },
    };
    let style = Style::saved(request.theme, width.max(LEAST_PX.0), height.max(LEAST_PX.1), caption).told(open.telling);
    let of_video = || -> Result<(usize, VideoFigures)> {
        let video = video.ok_or_else(|| Error::new(ErrorCode::InvalidInput, "This chart is that of a video"))?;
        Ok((video, open.video_figures(video, range)))
    };
    let (title, drawn) = match request.kind {
        // Both show what single people did.
        ChartKind::BySecond | ChartKind::AverageTime if open.presents() => return Err(closed_while_presenting()),
        ChartKind::Time => (titles::ACROSS_TIME, open.across_time_beside(video, range, range, beside, &style)),
        ChartKind::Timeline => {
            let (video, figures) = &of_video()?;
            let of = TimelineOf { open: &open, video: *video, figures, beside };
            (titles::ACROSS_TIMELINE, of.by_part(&style))
        }
        ChartKind::BySecond => {
            let (video, figures) = &of_video()?;
            let of = TimelineOf { open: &open, video: *video, figures, beside };
            (titles::BY_SECOND, second_by_second(&of, request, &style))
        }
        ChartKind::AverageTime => (titles::AVERAGE_TIME, average_time(&of_video()?.1, &style)),
        ChartKind::Map => {
            let measure = map_measure(request.map_measure.unwrap_or_default(), beside);
            let measure = if open.presents() { presented_measure(measure) } else { measure };
            let figures = open.figures(range);
            let differing = with_differences(&figures, beside);
            let figures = differing.as_ref().unwrap_or(&figures);
            (titles::COURSE_MAP, course_map(course.views.videos(), figures, measure, &style))
        }
        ChartKind::Heat => {
            let measure = request.heat_measure.unwrap_or_default();
            let measure = if open.presents() { presented_heat(measure) } else { measure };
            (titles::HEAT_MAP, heat_map(course.views.videos(), &open.figures(range), measure, &style))
        }
        ChartKind::Timelines => {
            let (videos, figures) = (course.views.videos(), open.figures(range));
            let drawn = match beside {
                Some(beside) => {
                    beside.with_outlines(&figures, |outlines| timeline_grid_beside(videos, &figures, outlines, &style))
                }
                None => timeline_grid(videos, &figures, &style),
            };
            (titles::TIMELINE_GRID, drawn)
        }
    };
    Ok(Ready { bytes: as_bytes(drawn, request.format)?, subject, title })
}

/// A drawing as the bytes of a file.
pub(crate) fn as_bytes(drawn: Chart, format: ChartFormat) -> Result<Vec<u8>> {
    match format {
        ChartFormat::Svg => Ok(drawn.svg.into_bytes()),
        ChartFormat::Png => drawn.png(PNG_SCALE).map_err(|error| {
            Error::new(ErrorCode::InvalidInput, error.to_string()).with_hint("Save it as SVG").with_source(error)
        }),
    }
}

/// The timeline of a video as it is on screen, with its moments.
fn second_by_second(of: &TimelineOf<'_>, request: &ChartRequest, style: &Style) -> Chart {
    let borders = of.open.course.borders(of.video);
    let wants_usual = request.usual || is_usual(of.beside);
    let exact = Exact::new(of.open, of.video, borders.as_deref(), of.figures.range, wants_usual);
    let found = of.open.course.moments_of(of.video, of.figures.range);
    let window = request.window.and_then(Stretch::interval);
    let wanted = Seconds { window, moments: found.found(), ..Seconds::default() };
    of.by_second(&exact, wanted, style).chart
}

/// The chosen path with its ending. The dialog asks before a file is replaced, and not every system's dialog adds the ending:
/// where it is added here and the dialog has not asked about that file, the new one gets a number.
pub(crate) fn with_ending(path: PathBuf, ending: &str) -> Result<PathBuf> {
    if path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending)) {
        return Ok(path);
    }
    let chosen = path.file_name().unwrap_or_default();
    for number in 1.. {
        let mut name = chosen.to_owned();
        name.push(if number == 1 { format!(".{ending}") } else { format!(" ({number}).{ending}") });
        let named = path.with_file_name(name);
        if !RealDisk.exists(&named).map_err(|error| disk_error("read", &named, error))? {
            return Ok(named);
        }
    }
    unreachable!("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gets_its_ending_once() {
        for (given, made) in [("a/chart.svg", "a/chart.svg"), ("a/Week 1.2", "a/Week 1.2.svg"), ("a/x.SVG", "a/x.SVG")]
        {
            assert_eq!(with_ending(given.into(), "svg").unwrap(), Path::new(made));
        }
    }

    #[test]
    fn a_file_that_the_dialog_has_not_asked_about_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        replace(&RealDisk, &path("chart.svg"), Durability::Remakable, |file| file.write_all(b"theirs")).unwrap();
        assert_eq!(with_ending(path("chart"), "svg").unwrap(), path("chart (2).svg"));
        replace(&RealDisk, &path("chart (2).svg"), Durability::Remakable, |file| file.write_all(b"theirs")).unwrap();
        assert_eq!(with_ending(path("chart"), "svg").unwrap(), path("chart (3).svg"));
        assert_eq!(with_ending(path("chart.svg"), "svg").unwrap(), path("chart.svg"), "asked about");
    }
}
