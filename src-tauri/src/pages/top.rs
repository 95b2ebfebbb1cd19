//! The top lists of a course: the videos with most viewers, and those covered by the largest share of them.

use model::{CourseFigures, Unit, readout};
use serde::Serialize;
use ts_rs::TS;

use super::figure::ShownFigure;
use crate::open_course::OpenCourse;

/// Lines of a top list.
const TOP: usize = 5;

/// One line of a top list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "top.ts")]
pub struct TopVideo {
    /// The video.
    pub session_id: String,
    /// Its name.
    pub name: String,
    /// What is said about it in the list, line by line; the whole name first.
    pub readout: Vec<String>,
    /// The figure that put it in the list.
    pub figure: ShownFigure,
    /// Length of its bar, 0 to 1: viewers relative to the largest number in the list, shares relative to 100 %.
    pub share: f64,
}

impl TopVideo {
    /// The videos with most viewers.
    pub(super) fn by_viewers(open: &OpenCourse, figures: &CourseFigures) -> Vec<Self> {
        let ranked = figures.top_by_viewers(TOP);
        let viewers = |video: usize| figures.rows[video].totals.unique_viewers;
        let most = ranked.first().map_or(0, |video| viewers(*video));
        let figure = |video: usize| ShownFigure {
            value: (!figures.telling.is_few(viewers(video))).then(|| viewers(video).into()),
            text: figures.telling.count(viewers(video)),
        };
        ranked.iter().map(|video| Self::new(open, figures, *video, figure(*video), most.into())).collect()
    }

    /// The videos with the largest share of viewers who covered at least 75 %.
    pub(super) fn by_covered(open: &OpenCourse, figures: &CourseFigures) -> Vec<Self> {
        let ranked = figures.top_by_covered_percent(TOP);
        let share = |video: usize| ShownFigure::new(Unit::Percent, figures.rows[video].totals.covered_percent.value());
        ranked.iter().map(|video| Self::new(open, figures, *video, share(*video), 100.0)).collect()
    }

    /// A figure equal to `whole` has a bar of full length.
    fn new(open: &OpenCourse, figures: &CourseFigures, video: usize, figure: ShownFigure, whole: f64) -> Self {
        let info = open.video(video);
        let share = figure.value.filter(|_| whole > 0.0).map_or(0.0, |value| value / whole);
        Self {
            session_id: info.session_id.to_string(),
            name: info.name.to_string(),
            readout: super::listed::lines(readout::video(info, &figures.rows[video]), None),
            figure,
            share,
        }
    }
}
