//! The charts over the timeline of a video: by second, or by part.
//!
//! Deliberately absent: the moments, which are asked for separately (`moments.rs`) because the charts follow a date
//! range while it is dragged.
//!
//! Invariant: each point of the chart by second has the exact numbers of one second in it.

use charts::{
    BySecond, OtherTimeline, Seconds, Style, Theme, average_time, by_second, viewers_across_timeline,
    viewers_across_timeline_beside,
};
use model::{
    Borders, CHUNK_COUNT, DateRange, Figure, Timeline, VideoFigures, can_be_usual, usual_viewers_percent, words,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::{Chart, ChartKind, Frame};
use super::explanation::Explainer;
use super::stretch::Stretch;
use crate::beside::Beside;
use crate::open_course::OpenCourse;

/// Why the usual curve is not outlined.
const NOTHING_USUAL: &str = "Fewer than 5 other videos of this course have enough viewers to compare with";

/// How the timeline of a video is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "timeline.ts")]
pub enum TimelineView {
    /// Second by second.
    #[default]
    BySecond,
    /// In the 20 parts.
    ByPart,
}

/// Which charts over the timeline are wanted, and how large.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, TS)]
#[serde(tag = "view", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export_to = "timeline.ts")]
pub enum TimelineRequest {
    /// Second by second.
    BySecond {
        /// Its size.
        frame: Frame,
        /// The stretch of the video to show; absent: all of it. It is brought within the video, and to at least 10 s.
        window: Option<Stretch>,
        /// Whether to outline the usual curve of this course.
        usual: bool,
    },
    /// In the 20 parts.
    ByPart {
        /// Size of the viewers across the timeline.
        frame: Frame,
        /// Size of the average time.
        average_time_frame: Frame,
    },
}

/// The charts over the timeline, drawn.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "view", rename_all = "camelCase")]
#[ts(export_to = "timeline.ts")]
pub enum TimelineCharts {
    /// Second by second.
    BySecond(SecondsChart),
    /// In the 20 parts.
    ByPart(PartsCharts),
}

/// The 20 parts, drawn.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "timeline.ts")]
pub struct PartsCharts {
    /// Viewers across the timeline.
    pub viewers: Chart,
    /// Average time per viewer and part; absent while presenting, because it follows from single people.
    pub average_time: Option<Chart>,
}

/// The timeline second by second, drawn.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "timeline.ts")]
pub struct SecondsChart {
    /// The chart.
    pub chart: Chart,
    /// The stretch of the video that it shows.
    pub window: Stretch,
    /// Length of the video in seconds; 0 where it is not known.
    pub duration_secs: f64,
    /// One for each point of the chart.
    pub readings: Vec<SecondReading>,
    /// Why the usual curve is not outlined although it was asked for.
    pub nothing_usual: Option<String>,
}

/// The exact numbers of one second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "timeline.ts")]
pub struct SecondReading {
    /// The second, from the start of the video.
    pub at_secs: u32,
    /// The second as people read it: `0:33:40`.
    pub label: String,
    /// The whole sentence: `0:33:40 · 57 viewers · 21 again`.
    pub text: String,
    /// The numbers, in the order of the chart's series.
    pub values: Vec<String>,
}

/// Whose timeline is drawn.
pub(crate) struct TimelineOf<'a> {
    pub(crate) open: &'a OpenCourse,
    /// Its place in the course.
    pub(crate) video: usize,
    pub(crate) figures: &'a VideoFigures,
    /// What it is compared with.
    pub(crate) beside: Option<&'a Beside>,
}

/// What the chart by second needs and the one by part does not. The cost is proportional to the runs of the video, and with
/// what is usual to those of the course: it can be made beside the other figures.
pub(crate) struct Exact<'a> {
    /// `None` where the video has no length.
    timeline: Option<Timeline<'a>>,
    /// What is usual for the video in its course, where that is wanted and known.
    usual: Option<[f64; CHUNK_COUNT]>,
}

impl<'a> Exact<'a> {
    /// That of a video whose borders these are.
    pub(crate) fn new(
        open: &'a OpenCourse,
        video: usize,
        borders: Option<&'a Borders>,
        range: DateRange,
        wants_usual: bool,
    ) -> Self {
        let views = &open.course.views;
        let usual = (wants_usual && can_be_usual(views.videos().len()))
            .then(|| usual_viewers_percent(&open.course.figures(range).rows, video));
        Self { timeline: borders.map(|borders| Timeline::new(views, borders, range)), usual: usual.flatten() }
    }
}

impl TimelineRequest {
    /// Whether what is usual is wanted, by itself or as what the course is compared with; `None` for the charts by part.
    pub(crate) fn wants_usual(&self, beside: Option<&Beside>) -> Option<bool> {
        match self {
            Self::BySecond { usual, .. } => Some(*usual || is_usual(beside)),
            Self::ByPart { .. } => None,
        }
    }
}

/// Whether the course is compared with what is usual in it.
pub(crate) fn is_usual(beside: Option<&Beside>) -> bool {
    beside.is_some_and(|beside| matches!(beside, Beside::Usual))
}

impl TimelineCharts {
    /// The charts of a video that were asked for. `exact` is there if those by second may be shown.
    pub(crate) fn new(
        of: &TimelineOf<'_>,
        request: TimelineRequest,
        exact: Option<&Exact<'_>>,
        theme: Theme,
        explainer: &Explainer,
    ) -> Self {
        let style = |frame: Frame| frame.on_screen(theme).told(of.open.telling);
        match (request, exact) {
            (TimelineRequest::BySecond { frame, window, usual }, Some(exact)) => {
                Self::BySecond(SecondsChart::new(of, exact, window, usual, &style(frame), explainer))
            }
            // The exact timeline shows where single people came and went.
            (TimelineRequest::BySecond { frame, .. }, None) => of.parts_presented(&style(frame), explainer),
            (TimelineRequest::ByPart { frame, .. }, _) if of.open.presents() => {
                of.parts_presented(&style(frame), explainer)
            }
            (TimelineRequest::ByPart { frame, average_time_frame }, _) => {
                let viewers = of.by_part(&style(frame));
                let average = average_time(of.figures, &style(average_time_frame));
                let mut counted = vec![Figure::ChunkReached, Figure::ChunkCovered];
                counted.extend(of.beside.and_then(Beside::counts));
                let spent = [Figure::ChunkAverageTime];
                Self::ByPart(PartsCharts {
                    viewers: Chart::new(ChartKind::Timeline, viewers, &counted, explainer),
                    average_time: Some(Chart::new(ChartKind::AverageTime, average, &spent, explainer)),
                })
            }
        }
    }
}

impl TimelineOf<'_> {
    /// The charts by part as they are presented: how long a viewer stays is not among them.
    fn parts_presented(&self, style: &Style, explainer: &Explainer) -> TimelineCharts {
        let counted = [Figure::ChunkReached, Figure::ChunkCovered];
        let viewers = Chart::new(ChartKind::Timeline, self.by_part(style), &counted, explainer);
        TimelineCharts::ByPart(PartsCharts { viewers, average_time: None })
    }

    /// The chart over the 20 parts.
    pub(crate) fn by_part(&self, style: &Style) -> charts::Chart {
        match self.beside {
            Some(beside) => {
                let course = self.open.course.figures(self.figures.range);
                beside.with_outline(&course, self.video, |outline| {
                    viewers_across_timeline_beside(self.figures, outline, style)
                })
            }
            None => viewers_across_timeline(self.figures, style),
        }
    }

    /// The chart by second; the one over the parts, which says why, where the video has no length.
    pub(crate) fn by_second(&self, exact: &Exact<'_>, wanted: Seconds<'_>, style: &Style) -> BySecond {
        let pair = self.beside.and_then(|beside| beside.pair_by_second(self.video));
        let there = pair.as_ref().map(|pair| Timeline::new(pair.views, &pair.borders, pair.days));
        let label = self.beside.map_or("", Beside::label);
        let other = there.as_ref().map(|timeline| OtherTimeline { label, timeline });
        let wanted = Seconds { other, usual_percent: exact.usual.as_ref(), ..wanted };
        if let Some(timeline) = &exact.timeline {
            return by_second(timeline, wanted, style);
        }
        let chart = viewers_across_timeline(self.figures, style);
        BySecond { chart, from_secs: 0.0, to_secs: 0.0, readings: Vec::new() }
    }
}

impl SecondsChart {
    fn new(
        of: &TimelineOf<'_>,
        exact: &Exact<'_>,
        window: Option<Stretch>,
        wants_usual: bool,
        style: &Style,
        explainer: &Explainer,
    ) -> Self {
        let wanted = Seconds { window: window.and_then(Stretch::interval), ..Seconds::default() };
        let BySecond { chart, from_secs, to_secs, readings } = of.by_second(exact, wanted, style);
        let readings = chart.points.iter().zip(readings).map(|(point, reading)| {
            let (label, again) = (words::clock(reading.at_secs), words::count(reading.replays.into()));
            let viewers = words::viewers(reading.viewers.into());
            let mut values = vec![words::count(reading.viewers.into()), again.clone()];
            values.extend(point.values.get(2).map(|usual| usual.text.clone()));
            let text = format!("{label} · {viewers} · {again} again");
            SecondReading { at_secs: reading.at_secs.max(0.0) as u32, label, text, values }
        });
        let readings = if chart.empty.is_none() { readings.collect() } else { Vec::new() };
        let is_other = of.beside.is_some_and(|beside| beside.pair_by_second(of.video).is_some());
        let outlined = if is_other { Figure::OtherTermOutline } else { Figure::SecondUsual };
        let counted = [Figure::SecondReached, Figure::SecondPlayedAgain, outlined];
        Self {
            window: Stretch { from_secs, to_secs },
            duration_secs: of.figures.totals.duration_secs.unwrap_or(0.0),
            readings,
            nothing_usual: (wants_usual && !is_other && exact.usual.is_none()).then(|| NOTHING_USUAL.to_owned()),
            chart: Chart::new(ChartKind::BySecond, chart, &counted, explainer),
        }
    }
}
