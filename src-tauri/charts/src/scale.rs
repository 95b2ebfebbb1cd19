//! The heat scale with its numbers: which colour a value has, and the legend that says so.
//!
//! Index 0 means exactly none. Shares and counts have an even scale from zero. Times watched have none: most values lie
//! around one and a few far out, so their colours change at round numbers where this course's values differ, and the
//! legend names every one of these numbers.

use model::{CHUNK_COUNT, CourseFigures, HeatMeasure, MapMeasure, words};

use crate::palette::{HEAT_STEPS, Palette, Rgb};
use crate::steps::{borders, tenths};

/// How values become colours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd)]
pub enum Grading {
    /// In [`HEAT_STEPS`] even steps from zero.
    Even,
    /// In steps between borders, which rise, in tenths. A value belongs to the step above a border from the border on, as it
    /// reads: rounded to a tenth.
    Stepped(Vec<u32>),
}

/// A scale of colours from none to much, and the numbers along it.
#[derive(Debug, Clone, PartialEq)]
pub struct ColourScale {
    /// What the colour means: `Share of the video's viewers who reached the chunk`.
    pub label: &'static str,
    /// The value of the last colour, more than 0; larger values have that colour too.
    pub high: f64,
    /// How values up to there become colours.
    pub grading: Grading,
    /// Real numbers along the scale: place from 0 to 1, and text. The last of a stepped scale stands at the last border and
    /// says `or more`.
    pub ticks: Vec<(f64, String)>,
}

impl ColourScale {
    /// The scale of the course map. Shares go from 0 to 100 % whatever the course; times watched have steps where the values
    /// of this course differ.
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
                let borders = borders(values.filter(|value| *value > 0.0).map(tenths));
                Self::stepped("Times watched by a viewer who reached the chunk", borders)
            }
        }
    }

    /// A scale in steps; there is at least one border.
    fn stepped(label: &'static str, borders: Vec<u32>) -> Self {
        let colours = borders.len() as f64 + 1.0;
        let number = |border: u32| (f64::from(border) / 10.0).to_string();
        let mut ticks = vec![(0.0, "0".to_owned())];
        ticks.extend((1..).zip(&borders).map(|(index, border)| (f64::from(index) / colours, number(*border))));
        if let Some((_, last)) = ticks.last_mut() {
            last.push_str(" or more");
        }
        let high = borders.last().map_or(1.0, |border| f64::from(*border) / 10.0);
        Self { label, high, grading: Grading::Stepped(borders), ticks }
    }

    fn of_shares(label: &'static str) -> Self {
        let ticks = [0.0, 0.25, 0.5, 0.75, 1.0].map(|place| (place, words::whole_percent(place * 100.0)));
        Self { label, high: 100.0, grading: Grading::Even, ticks: ticks.to_vec() }
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
        Self { label, high, grading: Grading::Even, ticks }
    }

    /// How many colours there are, without the one for none.
    pub fn steps(&self) -> usize {
        match &self.grading {
            Grading::Even => HEAT_STEPS,
            Grading::Stepped(borders) => borders.len() + 1,
        }
    }

    /// Which colour a value has: 0 for none, 1 to [`Self::steps`] for more than none.
    pub fn index(&self, value: Option<f64>) -> u8 {
        match (value, &self.grading) {
            (Some(value), Grading::Even) if value > 0.0 => {
                ((value / self.high * HEAT_STEPS as f64).ceil() as u8).clamp(1, HEAT_STEPS as u8)
            }
            (Some(value), Grading::Stepped(borders)) if value > 0.0 => {
                let read = tenths(value);
                1 + borders.partition_point(|border| *border <= read) as u8
            }
            _ => 0,
        }
    }

    /// The colours that [`Self::index`] points into, the one for none first. Those of steps lie as far apart as they can,
    /// and as far from the ends of the heat scale as from each other: with two or three, none shouts.
    pub fn colours(&self, palette: &Palette) -> impl Iterator<Item = Rgb> {
        (0..=self.steps() as u8).map(|index| self.colour_at(index, palette))
    }

    /// The colour of a value.
    pub fn colour(&self, value: Option<f64>, palette: &Palette) -> Rgb {
        self.colour_at(self.index(value), palette)
    }

    fn colour_at(&self, index: u8, palette: &Palette) -> Rgb {
        match usize::from(index) {
            0 => palette.heat_none,
            // The heat colour at the middle of the step's share of the scale.
            step => palette.heat[((2 * step - 1) * HEAT_STEPS / (2 * self.steps())).min(HEAT_STEPS - 1)],
        }
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
