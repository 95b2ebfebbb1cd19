//! Which colour a value has, and the legend that explains it.
//!
//! Index 0 is grey: exactly none, or no value. Shares have even steps from 0 to 100 %. Tiles have even steps from the
//! lowest shown value to the highest. Times watched and shares played again have fixed steps, the same in every course
//! and for all dates, so that a colour always means the same. Differences from the usual have fixed steps in both
//! directions.
//!
//! Deliberately absent: drawing. Invariant: the colour of a value is that of the rounded number that people read.

use model::{CourseFigures, HeatMeasure, MapMeasure, Statistic, Telling, words};

use crate::palette::{DIFFERENCE_STEPS, HEAT_STEPS, Palette, Rgb};

/// How values become colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Grading {
    /// In [`HEAT_STEPS`] even steps from 0 to 100 %.
    Shares,
    /// In [`HEAT_STEPS`] even steps between two values, on paler colours that carry text.
    Tiles {
        /// The lowest value shown, more than 0.
        low: f64,
        /// The highest.
        high: f64,
    },
    /// In steps between fixed, rising borders. A value on a border belongs to the step above it.
    Stepped(Steps),
    /// In steps on both sides of zero, as in [`DIFFERENCE_BORDERS`].
    TwoSided,
}

/// Fixed borders between colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Steps {
    borders: &'static [f64],
    /// The rounding that people see: 100 for hundredths, 10 for tenths.
    reads_per_one: f64,
}

/// Plays of a part by a viewer who reached it: less than once, once, or more often.
const TIMES: Steps = Steps { borders: &[1.0, 1.5, 2.0, 3.0], reads_per_one: 100.0 };

/// Percentage of the time spent in a part that went into playing it again. Below 5 % is noise: a few seconds back.
const AGAIN_PERCENT: Steps = Steps { borders: &[5.0, 10.0, 20.0, 30.0, 50.0], reads_per_one: 10.0 };

/// Points above or below the usual at which the colour changes. Within 5 points is usual: one viewer in twenty.
const DIFFERENCE_BORDERS: [f64; DIFFERENCE_STEPS / 2] = [5.0, 10.0, 20.0, 30.0];

/// A scale of colours, and the numbers along it.
#[derive(Debug, Clone, PartialEq)]
pub struct ColourScale {
    /// What the colour means: `Share of the video's viewers who reached the part`.
    pub label: &'static str,
    /// How values become colours.
    pub(crate) grading: Grading,
    /// Numbers along the scale: place from 0 to 1, and text. On a stepped scale a number is where its step begins.
    pub ticks: Vec<(f64, String)>,
}

impl ColourScale {
    /// The scale of the course map, the same for every course and all dates.
    pub fn of_map(measure: MapMeasure) -> Self {
        match measure {
            MapMeasure::Reached => Self::of_shares("Share of the video's viewers who reached the part"),
            MapMeasure::Covered => {
                Self::of_shares("Share of the video's viewers who covered at least 75 % of the part")
            }
            MapMeasure::Rewatched => {
                Self::stepped("Times watched by a viewer who reached the part", TIMES, "below 1", f64::to_string)
            }
            MapMeasure::PlayedAgain => {
                let percent = |border: &f64| words::whole_percent(*border);
                Self::stepped(
                    "Share of the time in the part spent playing it again",
                    AGAIN_PERCENT,
                    "below 5 %",
                    percent,
                )
            }
            MapMeasure::ComparedWithCourse => Self::two_sided(
                "Points more or less who reached the part than is usual in the course; the middle colour is usual",
            ),
            MapMeasure::Difference => Self::two_sided(
                "Points more or less who reached the part than in the other term; the middle colour is the same",
            ),
        }
    }

    fn stepped(label: &'static str, steps: Steps, first: &str, number: impl Fn(&f64) -> String) -> Self {
        let colours = steps.borders.len() as f64 + 1.0;
        let mut ticks = vec![(0.0, first.to_owned())];
        ticks.extend((1..).zip(steps.borders).map(|(index, border)| (f64::from(index) / colours, number(border))));
        if let Some((_, last)) = ticks.last_mut() {
            last.push_str(" or more");
        }
        Self { label, grading: Grading::Stepped(steps), ticks }
    }

    fn of_shares(label: &'static str) -> Self {
        let ticks = [0.0, 0.25, 0.5, 0.75, 1.0].map(|place| (place, words::whole_percent(place * 100.0)));
        Self { label, grading: Grading::Shares, ticks: ticks.to_vec() }
    }

    fn two_sided(label: &'static str) -> Self {
        let below = DIFFERENCE_BORDERS.iter().rev().map(|border| format!("–{border}"));
        let above = DIFFERENCE_BORDERS.iter().map(|border| format!("+{border}"));
        // A border is between two steps; the step of the usual has one on each side.
        let places = (1..DIFFERENCE_STEPS).map(|step| step as f64 / DIFFERENCE_STEPS as f64);
        Self { label, grading: Grading::TwoSided, ticks: places.zip(below.chain(above)).collect() }
    }

    /// The scale of the heat map: from the lowest value of its tiles to the highest. Zero means none and is grey.
    pub fn of_heat(figures: &CourseFigures, measure: HeatMeasure) -> Self {
        let label = match measure {
            HeatMeasure::UniqueViewers => "Unique viewers",
            HeatMeasure::CoveredPercent => "Share of viewers who covered at least 75 % of the video",
            HeatMeasure::WatchTime => "Watch time",
        };
        let text = |value: f64| heat_text(measure, Statistic::Value(value), figures.telling);
        match figures.heat_extent(measure) {
            None => Self { label, grading: Grading::Tiles { low: 0.0, high: 1.0 }, ticks: vec![(0.0, text(0.0))] },
            Some((low, high)) => {
                let ticks = if text(low) == text(high) {
                    vec![(1.0, text(high))]
                } else {
                    vec![(0.0, text(low)), (1.0, text(high))]
                };
                Self { label, grading: Grading::Tiles { low, high }, ticks }
            }
        }
    }

    /// How many colours there are, not counting the grey of none.
    pub fn steps(&self) -> usize {
        match &self.grading {
            Grading::Shares | Grading::Tiles { .. } => HEAT_STEPS,
            Grading::Stepped(steps) => steps.borders.len() + 1,
            Grading::TwoSided => DIFFERENCE_STEPS,
        }
    }

    /// Which colour a value has: 0 for none, 1 to [`Self::steps`] otherwise.
    pub fn index(&self, value: Statistic) -> u8 {
        let Some(value) = value.value().filter(|value| !value.is_nan()) else { return 0 };
        // The step of an even scale for a share; each step includes its upper border.
        let even = |share: f64| ((share * HEAT_STEPS as f64).ceil() as u8).clamp(1, HEAT_STEPS as u8);
        match &self.grading {
            Grading::TwoSided => {
                let read = (value * 10.0).round() / 10.0;
                let far = DIFFERENCE_BORDERS.iter().filter(|border| **border <= read.abs()).count() as u8;
                let usual = DIFFERENCE_STEPS as u8 / 2 + 1;
                if read < 0.0 { usual - far } else { usual + far }
            }
            _ if value <= 0.0 => 0,
            Grading::Shares => even(value / 100.0),
            Grading::Tiles { low, high } if high > low => even((value - low) / (high - low)),
            Grading::Tiles { .. } => HEAT_STEPS as u8,
            Grading::Stepped(steps) => {
                let read = (value * steps.reads_per_one).round() / steps.reads_per_one;
                1 + steps.borders.partition_point(|border| *border <= read) as u8
            }
        }
    }

    /// The colours that [`Self::index`] refers to, with the grey of none first.
    pub fn colours(&self, palette: &Palette) -> impl Iterator<Item = Rgb> {
        (0..=self.steps() as u8).map(|index| self.colour_at(index, palette))
    }

    /// The colour of a value.
    pub fn colour(&self, value: Statistic, palette: &Palette) -> Rgb {
        self.colour_at(self.index(value), palette)
    }

    fn colour_at(&self, index: u8, palette: &Palette) -> Rgb {
        let Some(step) = usize::from(index).checked_sub(1) else { return palette.heat_none };
        match &self.grading {
            Grading::TwoSided => palette.difference[step.min(DIFFERENCE_STEPS - 1)],
            Grading::Tiles { .. } => palette.tile[step.min(HEAT_STEPS - 1)],
            // When there are few steps, their colours are as far apart on the heat scale as possible, and as far from
            // its ends as from each other.
            Grading::Shares | Grading::Stepped(_) => {
                palette.heat[((2 * step + 1) * HEAT_STEPS / (2 * self.steps())).min(HEAT_STEPS - 1)]
            }
        }
    }
}

/// The value of a part in the course map, as people read it.
pub fn map_text(measure: MapMeasure, value: Statistic) -> String {
    value.text(|value| match measure {
        MapMeasure::Reached | MapMeasure::Covered | MapMeasure::PlayedAgain => words::percent(value),
        MapMeasure::Rewatched => words::times(value),
        MapMeasure::ComparedWithCourse | MapMeasure::Difference => words::points(value),
    })
}

/// The value of a video in the heat map, as people read it.
pub fn heat_text(measure: HeatMeasure, value: Statistic, telling: Telling) -> String {
    if measure == HeatMeasure::UniqueViewers && value == Statistic::TooFew {
        return telling.viewers(1);
    }
    value.text(|value| match measure {
        HeatMeasure::UniqueViewers => telling.viewers(value as u32),
        HeatMeasure::CoveredPercent => words::percent(value),
        HeatMeasure::WatchTime => words::time(value),
    })
}
