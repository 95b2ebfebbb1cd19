//! A number on its way to the window: the value for sorting, the text for reading.

use model::{FigureOfVideo, Unit, VideoTotals, words};
use serde::Serialize;
use ts_rs::TS;

/// A number that people read.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "figure.ts")]
pub struct ShownFigure {
    /// The number itself, for sorting; absent where there is none (a share of nobody).
    pub value: Option<f64>,
    /// The number as people read it: `1,204`, `62.5 %`, `1:59:59`, `370 h 12 min`, or `–` where there is none.
    pub text: String,
}

impl ShownFigure {
    /// A figure of a video.
    pub fn of_video(figure: &FigureOfVideo, totals: &VideoTotals) -> Self {
        Self { value: figure.number(totals).value(), text: figure.text(totals) }
    }

    /// A number of this unit; `–` where there is none.
    pub fn new(unit: Unit, value: Option<f64>) -> Self {
        Self { value, text: unit.text(value) }
    }

    /// A count: `1,204`.
    pub fn count(number: u64) -> Self {
        Self { value: Some(number as f64), text: words::count(number) }
    }

    /// A number that is not known.
    pub fn unknown() -> Self {
        Self { value: None, text: words::NONE.to_owned() }
    }
}
