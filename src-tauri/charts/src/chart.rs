//! A drawn chart, and the style it is drawn in.
//!
//! Deliberately absent: drawing. Invariant: a chart has one value for each series at each point.

use model::{DateRange, Flag, Telling};

use crate::{Palette, Theme};

/// How a chart looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// Light, dark or paper.
    pub theme: Theme,
    /// Width in pixels; less than 40 is drawn as 40.
    pub width_px: u32,
    /// Height of plot and axis in pixels; less than 24 is drawn as 24. A caption makes the drawing higher. Charts that list
    /// videos are as high as they need to be instead.
    pub height_px: u32,
    /// CSS font family, `sans-serif` at its end.
    pub font_family: String,
    /// What lies under the drawing. On screen the window's ground shows through; a saved file needs its own.
    pub ground: Ground,
    /// How numbers of people are told. Where they are presented, the figures are too.
    pub telling: Telling,
    /// Title and legend within the drawing; `None` where the window shows them.
    pub caption: Option<Caption>,
}

/// The system's own interface font, wherever the drawing is shown.
const SYSTEM_FONT: &str =
    "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";

impl Style {
    /// A chart for the screen: nothing but axes, labels and marks, over the window's ground.
    pub fn screen(theme: Theme, width_px: u32, height_px: u32) -> Self {
        Self {
            theme,
            width_px,
            height_px,
            font_family: SYSTEM_FONT.to_owned(),
            ground: Ground::Transparent,
            telling: Telling::Exactly,
            caption: None,
        }
    }

    /// A chart to save: with title, legend, ground and what its figures count, so that it can stand alone.
    pub fn saved(theme: Theme, width_px: u32, height_px: u32, caption: Caption) -> Self {
        Self { ground: Ground::Surface, caption: Some(caption), ..Self::screen(theme, width_px, height_px) }
    }

    /// The same with numbers of people told in this way.
    #[must_use]
    pub fn told(self, telling: Telling) -> Self {
        Self { telling, ..self }
    }

    pub(crate) const fn palette(&self) -> &'static Palette {
        Palette::of(self.theme)
    }
}

/// What lies under a drawing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Ground {
    /// Nothing.
    #[default]
    Transparent,
    /// The theme's surface.
    Surface,
}

/// What a chart that stands alone says about itself, beside its own title.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// What it is about: the name of the video or course.
    pub subject: String,
    /// The course of a video; empty where the subject is the course.
    pub course: String,
    /// Under which dates: `all dates, 15 Sept – 14 Dec 2025`, `8 – 14 Sept 2020`.
    pub range: String,
    /// How far the data go: `Data up to Mon 23 Nov 2026`; empty where that is not known.
    pub freshness: String,
    /// Dates that a chart across time marks, in the order of time.
    pub dates: Vec<Flag>,
}

/// A drawn chart: the drawing, where things are in it, and the exact values behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// `Viewers across the timeline`.
    pub title: String,
    /// A line that belongs to the title: `each part 0:06:00`.
    pub subtitle: Option<String>,
    /// An SVG document without script, style sheet, link or foreign content.
    pub svg: String,
    /// Its width in pixels.
    pub width_px: u32,
    /// Its height in pixels.
    pub height_px: u32,
    /// Where values are drawn.
    pub plot: PlotArea,
    /// Head of the first column of the data table: `Day`, `Part of the video`.
    pub position_label: String,
    /// What is drawn, in the order of [`Point::values`]: legend and heads of the other columns.
    pub series: Vec<Series>,
    /// From left to right without gaps (in a list of videos: from the top): the rows of the data table.
    pub points: Vec<Point>,
    /// One sentence that says what the chart shows.
    pub summary: String,
    /// What to say instead of the chart where there is nothing to draw; the drawing says it too.
    pub empty: Option<String>,
    /// What to say beside the chart where too few people are behind it; a saved drawing says it too.
    pub caution: Option<&'static str>,
}

/// The rectangle within which values are drawn, in pixels from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "ts", derive(serde::Serialize, ts_rs::TS), ts(export_to = "chart.ts"))]
pub struct PlotArea {
    /// Left edge.
    pub left: i32,
    /// Upper edge.
    pub top: i32,
    /// Right edge.
    pub right: i32,
    /// Lower edge, where zero is.
    pub bottom: i32,
}

impl PlotArea {
    /// Its width, at least 1.
    pub const fn width(self) -> i32 {
        self.right - self.left
    }

    /// Its height, at least 1.
    pub const fn height(self) -> i32 {
        self.bottom - self.top
    }
}

/// One thing that is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ts", derive(serde::Serialize, ts_rs::TS), ts(export_to = "chart.ts", rename = "ChartSeries"))]
pub struct Series {
    /// `Viewers`, `Covered at least 75 % of the part`.
    pub label: String,
    /// Its hue.
    pub hue: Hue,
    /// Its real numbers: `12 to 187 viewers`.
    pub extent: String,
}

/// What a colour means, in every chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ts", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", ts(export_to = "chart.ts"))]
pub enum Hue {
    /// Blue: watched some of it.
    Reached,
    /// Red-orange: covered at least 75 % of it.
    Covered,
    /// Teal: time.
    Time,
    /// Grey outline: what is usual.
    Usual,
    /// The heat scale.
    Heat,
}

/// One position of the chart: a day (or week, or month), a part, or a video in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Left edge of the band that belongs to it.
    pub left: f64,
    /// Right edge of the band.
    pub right: f64,
    /// `Tue 8 Sept 2020`, `part 2, 0:12:00 – 0:18:00`, or a video's name.
    pub label: String,
    /// Its days, in a chart across time.
    pub days: Option<DateRange>,
    /// The exact values, one for each series.
    pub values: Vec<Value>,
}

/// An exact value of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The number; `None` where there is none.
    pub number: Option<f64>,
    /// The number as people read it; `–` where there is none.
    pub text: String,
    /// The height of its mark's upper end, in pixels from the top.
    pub top: f64,
}
