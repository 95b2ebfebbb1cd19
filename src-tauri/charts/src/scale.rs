//! The heat scale with its numbers: which colour a value has, and the legend that says so.
//!
//! Every scale starts at zero, so that colours can be compared from one look to the next. Index 0 means exactly none.

use model::{CHUNK_COUNT, CourseFigures, HeatMeasure, MapMeasure, words};

use crate::palette::{HEAT_STEPS, Palette, Rgb};

/// Where the scale of times watched ends at the latest: one viewer who plays a minute over and over must not wash out the
/// rest of the course.
const MOST_TIMES: f64 = 4.0;

/// A scale of colours from none to much, and the numbers along it.
#[derive(Debug, Clone, PartialEq)]
pub struct ColourScale {
    /// What the colour means: `Share of the video's viewers who reached the chunk`.
    pub label: &'static str,
    /// The value of the last colour, more than 0; larger values have that colour too.
    pub high: f64,
    /// Real numbers along the scale: place from 0 to 1, and text.
    pub ticks: Vec<(f64, String)>,
}

impl ColourScale {
    /// The scale of the course map. Shares go from 0 to 100 % whatever the course; times watched to the largest there is, but
    /// at least to 2 and at most to 4.
    pub fn of_map(figures: &CourseFigures, measure: MapMeasure) -> Self {
        match measure {
            MapMeasure::Reached => Self::of_shares("Share of the video's viewers who reached the chunk"),
            MapMeasure::Covered => {
                Self::of_shares("Share of the video's viewers who covered at least 75 % of the chunk")
            }
            MapMeasure::Rewatched => {
                let values = figures
                    .rows
                    .iter()
                    .flat_map(|row| (0..CHUNK_COUNT).filter_map(move |chunk| measure.value(row, chunk)));
                let largest = values.fold(0.0, f64::max);
                let high = largest.clamp(2.0, MOST_TIMES);
                let last = if largest > high { format!("{high:.0} times or more") } else { times(high) };
                Self {
                    label: "Times watched by a viewer who reached the chunk",
                    high,
                    ticks: vec![(0.0, "0".to_owned()), (1.0 / high, "1 time".to_owned()), (1.0, last)],
                }
            }
        }
    }

    fn of_shares(label: &'static str) -> Self {
        let ticks = [0.0, 0.25, 0.5, 0.75, 1.0].map(|place| (place, words::whole_percent(place * 100.0)));
        Self { label, high: 100.0, ticks: ticks.to_vec() }
    }

    /// The scale of the heat map: from none to the largest value of the course.
    pub fn of_heat(figures: &CourseFigures, measure: HeatMeasure) -> Self {
        let largest = figures.heat_extent(measure).map_or(0.0, |(_, high)| high);
        let high = if largest > 0.0 { largest } else { 1.0 };
        let label = match measure {
            HeatMeasure::UniqueViewers => "Unique viewers",
            HeatMeasure::CoveredPercent => "Share of viewers who covered at least 75 % of the video",
            HeatMeasure::WatchTime => "Watch time",
        };
        let ticks = if largest > 0.0 {
            vec![(0.0, heat_text(measure, Some(0.0))), (1.0, heat_text(measure, Some(high)))]
        } else {
            vec![(0.0, heat_text(measure, Some(0.0)))]
        };
        Self { label, high, ticks }
    }

    /// Which colour a value has: 0 for none, 1 to [`HEAT_STEPS`] for more than none.
    pub fn index(&self, value: Option<f64>) -> u8 {
        match value {
            Some(value) if value > 0.0 => {
                ((value / self.high * HEAT_STEPS as f64).ceil() as u8).clamp(1, HEAT_STEPS as u8)
            }
            _ => 0,
        }
    }

    /// The colour of a value.
    pub fn colour(&self, value: Option<f64>, palette: &Palette) -> Rgb {
        palette.heat_at(self.index(value))
    }
}

/// Times watched, in words: `1.4 times`, `1 time`.
fn times(value: f64) -> String {
    let tenths = (value * 10.0).round();
    match tenths {
        10.0 => "1 time".to_owned(),
        _ if tenths % 10.0 == 0.0 => format!("{:.0} times", tenths / 10.0),
        _ => format!("{:.1} times", tenths / 10.0),
    }
}

/// The value of a chunk in the course map as people read it; `–` where there is none.
pub fn map_text(measure: MapMeasure, value: Option<f64>) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| match measure {
            MapMeasure::Reached | MapMeasure::Covered => words::percent(value),
            MapMeasure::Rewatched => times(value),
        },
    )
}

/// The value of a video in the heat map as people read it; `–` where there is none.
pub fn heat_text(measure: HeatMeasure, value: Option<f64>) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| match measure {
            HeatMeasure::UniqueViewers => words::viewers(value as u64),
            HeatMeasure::CoveredPercent => words::percent(value),
            HeatMeasure::WatchTime => words::time(value),
        },
    )
}
