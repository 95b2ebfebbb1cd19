//! The page of a video: its figures and its charts under one date range.
//!
//! Which figures, in which order, is the model's (`figures_on_the_page`): this file names none of them.

use charts::Theme;
use engine::dates::VideoInTime;
use engine::roster::OfEnrolled;
use engine::views::both;
use model::{DateRange as Days, Figure, FigureOfVideo, Note, Unit, VideoTotals, figures_on_the_page, readout, words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::{Chart, Frame};
use super::comparing::{CompareWith, ComparedNow};
use super::explanation::{Explainer, Explanation};
use super::figure::ShownFigure;
use super::range::{DateRange, RangeState};
use super::timeline::{Exact, TimelineCharts, TimelineOf, TimelineRequest};
use crate::beside::Beside;
use crate::open_course::OpenCourse;

/// Which video to show, and how large.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "video.ts")]
pub struct VideoRequest {
    /// The course it is seen in.
    pub course_id: String,
    /// The video.
    pub session_id: String,
    /// The days; absent: all dates.
    pub range: Option<DateRange>,
    /// Light or dark.
    pub theme: Theme,
    /// Whether the chart across time shows the days of the video alone, not those of the whole course.
    #[serde(default)]
    pub its_days: bool,
    /// What the course is compared with; absent: with nothing.
    #[serde(default)]
    pub compare: Option<CompareWith>,
    /// Size of the chart across time; absent if the one on screen is still right and need not be drawn again.
    pub time_frame: Option<Frame>,
    /// The charts over the timeline.
    pub timeline: TimelineRequest,
}

/// A video, seen under one date range.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "video.ts")]
pub struct VideoPage {
    /// The course it is seen in.
    pub course_id: String,
    /// The course's name.
    pub course_name: String,
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
    /// One line of facts: `1:59:59 · video 3 of 42 · in Week 1`.
    pub facts: String,
    /// Whether the server's page for it can be opened (a server is known, and this is not the sample).
    pub can_open_in_panopto: bool,
    /// The video before in lecture order.
    pub previous: Option<Neighbour>,
    /// The video after.
    pub next: Option<Neighbour>,
    /// The date range and its choices.
    pub range: RangeState,
    /// What it is compared with; absent where it is not.
    pub compared: Option<ComparedNow>,
    /// The large figures, in the order they are shown.
    pub figures: Vec<FigureCard>,
    /// Viewers of this video across time, over all dates of the course or of the video; absent where the request left it
    /// out.
    pub time_chart: Option<Chart>,
    /// The charts over the timeline.
    pub timeline: TimelineCharts,
}

/// The video before or after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "video.ts")]
pub struct Neighbour {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
}

/// One large figure of the page.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "video.ts")]
pub struct FigureCard {
    /// `Unique viewers`.
    pub label: String,
    /// The figure.
    pub figure: ShownFigure,
    /// A smaller text beside it: `62.5 % of viewers`.
    pub detail: Option<String>,
    /// What it counts.
    pub explanation: Explanation,
}

impl VideoPage {
    /// The page of a video, by its place in the course.
    pub(crate) fn new(
        open: &OpenCourse,
        video: usize,
        request: &VideoRequest,
        range: Days,
        aside: &VideoAside,
    ) -> Self {
        let compared = aside.beside.as_ref();
        let figures = || open.video_figures(video, range);
        // By second there is about twice as much to count, so both halves are counted at the same time.
        let wants_usual = request.timeline.wants_usual(compared).filter(|_| !open.presents());
        let borders = wants_usual.and_then(|_| open.course.borders(video));
        let (exact, figures) = match wants_usual {
            Some(usual) => {
                let (exact, figures) = both(|| Exact::new(open, video, borders.as_deref(), range, usual), figures);
                (Some(exact), figures)
            }
            None => (None, figures()),
        };
        let all_dates = open.figures(Days::ALL);
        let beside = readout::beside_all_dates(&figures.totals, &all_dates.rows[video].totals);
        let explainer = Explainer::new(range, &open.facts, open.zone);
        let style = |frame: Frame| frame.on_screen(request.theme).told(open.telling);
        let of = TimelineOf { open, video, figures: &figures, beside: compared };
        let timeline = TimelineCharts::new(&of, request.timeline, exact.as_ref(), request.theme, &explainer);
        let across_time = |frame| {
            let drawn = if request.its_days {
                open.across_its_days(video, Days::ALL, compared, &style(frame))
            } else {
                open.across_time_beside(Some(video), range, Days::ALL, compared, &style(frame))
            };
            Chart::across_time(drawn, open)
        };
        Self {
            course_id: request.course_id.clone(),
            course_name: open.facts.name.clone(),
            session_id: request.session_id.clone(),
            name: open.video(video).name.to_string(),
            facts: facts(open, video),
            can_open_in_panopto: aside.can_open_in_panopto,
            previous: video.checked_sub(1).and_then(|before| Neighbour::at(open, before)),
            next: Neighbour::at(open, video + 1),
            range: RangeState::of(open, range),
            figures: figures_on_the_page()
                .filter(|of| !open.presents() || of.can_be_presented())
                .map(|of| FigureCard::new(of, &figures.totals, beside.as_deref(), &explainer))
                .chain(aside.in_time.as_ref().and_then(|in_time| FigureCard::on_time(in_time, &explainer)))
                .collect(),
            compared: compared.map(|beside| ComparedNow::of_video(beside, video, &aside.notes)),
            time_chart: request.time_frame.map(across_time),
            timeline,
        }
    }
}

impl VideoPage {
    /// The page with shares of those enrolled, where there is a class list.
    #[must_use]
    pub(crate) fn with_enrolled(mut self, enrolled: Option<OfEnrolled>) -> Self {
        if let Some(of) = enrolled {
            let share = |part: u32| words::percent(f64::from(part) / f64::from(of.enrolled.max(1)) * 100.0);
            let people = words::count(of.enrolled.into());
            for card in &mut self.figures {
                let beside = if card.label == Figure::UniqueViewers.name() {
                    format!("{} of {people} enrolled", words::count(of.opened.into()))
                } else if card.label == Figure::CoveredViewers.name() {
                    format!("{} of {people} enrolled", share(of.covered))
                } else {
                    continue;
                };
                card.detail =
                    Some(card.detail.take().map_or_else(|| beside.clone(), |detail| format!("{detail} · {beside}")));
            }
        }
        self
    }
}

/// What the page shows that does not follow from the viewing of the video under a range.
pub(crate) struct VideoAside {
    /// What its course is compared with.
    pub(crate) beside: Option<Beside>,
    /// The video under the dates of the course; `None` where nothing is due.
    pub(crate) in_time: Option<VideoInTime>,
    /// What the teacher has noted of moments, where it is compared with another course.
    pub(crate) notes: Vec<Note>,
    /// Whether the server's page for it can be opened.
    pub(crate) can_open_in_panopto: bool,
}

impl FigureCard {
    /// Who was on time; `None` where the video is not due.
    fn on_time(in_time: &VideoInTime, explainer: &Explainer) -> Option<Self> {
        let (due, on_time) = (in_time.due.as_ref()?, in_time.on_time?);
        let so_far = if in_time.has_passed { "" } else { " so far" };
        let mut explanation = explainer.explain(Figure::OnTime);
        explanation.range = format!("Due: {}. {}", due.text, explanation.range);
        let (many, of) = (words::count(on_time.on_time.into()), words::viewers(on_time.viewers.into()));
        Some(Self {
            label: Figure::OnTime.name().to_owned(),
            figure: ShownFigure { value: on_time.percent.value(), text: Unit::Percent.text(on_time.percent) },
            detail: Some(format!("{many} of {of}{so_far}")),
            explanation,
        })
    }

    fn new(of: &FigureOfVideo, totals: &VideoTotals, beside: Option<&str>, explainer: &Explainer) -> Self {
        let detail = of.detail(totals);
        Self {
            label: of.figure.name().to_owned(),
            figure: ShownFigure::of_video(of, totals),
            detail: match beside.filter(|_| of.figure == Figure::CoveredViewers) {
                Some(beside) => Some(detail.map_or_else(|| beside.to_owned(), |detail| format!("{detail} {beside}"))),
                None => detail,
            },
            explanation: explainer.explain(of.figure),
        }
    }
}

impl Neighbour {
    fn at(open: &OpenCourse, place: usize) -> Option<Self> {
        let info = open.course.views.videos().get(place)?;
        Some(Self { session_id: info.session_id.to_string(), name: info.name.to_string() })
    }
}

/// `1:59:59 · video 3 of 42 · in Week 1`.
fn facts(open: &OpenCourse, video: usize) -> String {
    let (info, count) = (open.video(video), open.course.views.videos().len());
    let length = info.usable_duration_secs().map_or_else(|| "length not known".to_owned(), words::clock);
    let place = format!("video {} of {}", words::count(video as u64 + 1), words::count(count as u64));
    if open.course.in_subfolder[video] {
        format!("{length} · {place} · in {}", info.folder_name)
    } else {
        format!("{length} · {place}")
    }
}
