//! The colours of a course's map and heat map, their legends, and the exact values behind a row of the map.

use charts::{ColourScale as Scale, Palette, heat_text};
use model::readout::{self, PartReadout};
use model::{
    CHUNK_COUNT, CourseFigures, GroupSize, HeatMeasure, MapMeasure, Moment, Statistic, Telling, VideoFigures, VideoRow,
};
use serde::Serialize;
use ts_rs::TS;

use super::explanation::{Explainer, Explanation};
use super::figure::ShownFigure;
use crate::beside::{Beside, map_measure};

/// A perceptually even scale of colours and the numbers at its ends.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "map.ts")]
pub struct ColourScale {
    /// What the colour means, as part of a sentence: `Share of the video's viewers who reached each part`.
    pub label: String,
    /// From least to most, as `#rrggbb`. The first one means exactly none.
    pub colours: Vec<String>,
    /// Which of the two text colours is readable on each colour: `true` for light text.
    pub light_text: Vec<bool>,
    /// Real numbers along the scale.
    pub ticks: Vec<ScaleTick>,
    /// What it counts.
    pub explanation: Explanation,
}

/// A number at a place of the scale.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "map.ts")]
pub struct ScaleTick {
    /// Place from 0 (least) to 1 (most).
    pub place: f64,
    /// `0 %`, `50 %`, `61 viewers`.
    pub text: String,
}

/// The exact values behind one row of the map, requested when the pointer or the keyboard reaches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "map.ts")]
pub struct MapRowDetail {
    /// The video.
    pub session_id: String,
    /// One for each cell.
    pub cells: Vec<CellDetail>,
}

/// The exact values behind one cell of the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "map.ts")]
pub struct CellDetail {
    /// `0:12:00 – 0:18:00`.
    pub part: String,
    /// `31 of 61 viewers reached this part (51 %)`.
    pub reached: String,
    /// `20 covered at least 75 % of it (33 %)`.
    pub covered: String,
    /// `0:05:12 per viewer`; empty while presenting.
    pub time: String,
    /// The moments that lie in it: `Watched again at 0:12:40: 23 of 112 viewers`.
    pub moments: Vec<String>,
}

/// Whether the map can be coloured by this while presenting: by a share of people, but by no time and no comparison.
const fn can_be_presented(measure: MapMeasure) -> bool {
    match measure {
        MapMeasure::Reached | MapMeasure::Covered => true,
        MapMeasure::Rewatched | MapMeasure::PlayedAgain | MapMeasure::ComparedWithCourse | MapMeasure::Difference => {
            false
        }
    }
}

/// What the map is coloured by while presenting, where this is wanted.
pub(crate) fn presented_measure(wanted: MapMeasure) -> MapMeasure {
    if can_be_presented(wanted) { wanted } else { MapMeasure::default() }
}

/// The same for the heat map.
pub(crate) const fn presented_heat(wanted: HeatMeasure) -> HeatMeasure {
    match wanted {
        HeatMeasure::UniqueViewers | HeatMeasure::CoveredPercent => wanted,
        HeatMeasure::WatchTime => HeatMeasure::UniqueViewers,
    }
}

/// One choice of what the map is coloured by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct MapChoice {
    /// Which.
    pub id: MapMeasure,
    /// `Compared with the course`.
    pub label: String,
}

/// One choice of what the heat map is coloured by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct HeatChoice {
    /// Which.
    pub id: HeatMeasure,
    /// `Watch time`.
    pub label: String,
}

impl MapChoice {
    /// What is offered: nothing that needs another course where there is none, and while presenting only shares of people.
    pub(super) fn all(beside: Option<&Beside>, presents: bool) -> Vec<Self> {
        MapMeasure::ALL
            .into_iter()
            .filter(|measure| map_measure(*measure, beside) == *measure)
            .filter(|measure| !presents || can_be_presented(*measure))
            .map(|id| Self { id, label: id.name().to_owned() })
            .collect()
    }
}

impl HeatChoice {
    /// What is offered: while presenting only what counts people.
    pub(super) fn all(presents: bool) -> Vec<Self> {
        HeatMeasure::ALL
            .into_iter()
            .filter(|measure| !presents || presented_heat(*measure) == *measure)
            .map(|id| Self { id, label: id.name().to_owned() })
            .collect()
    }
}

/// The two colour scales of a page, for the measures that are chosen.
pub(super) struct Scales {
    map: (MapMeasure, Scale),
    heat: (HeatMeasure, Scale),
}

impl Scales {
    pub(super) fn new(figures: &CourseFigures, map: MapMeasure, heat: HeatMeasure) -> Self {
        Self { map: (map, Scale::of_map(map)), heat: (heat, Scale::of_heat(figures, heat)) }
    }

    pub(super) fn map_legend(&self, palette: &Palette, explainer: &Explainer) -> ColourScale {
        ColourScale::new(&self.map.1, palette, explainer.explain(self.map.0.figure()))
    }

    pub(super) fn heat_legend(&self, palette: &Palette, explainer: &Explainer) -> ColourScale {
        ColourScale::new(&self.heat.1, palette, explainer.explain(self.heat.0.figure()))
    }

    /// The colours of a video's cells in the map; none where it has no length.
    pub(super) fn cells(&self, row: &VideoRow) -> Vec<u8> {
        if row.totals.duration_secs.is_none() {
            return Vec::new();
        }
        (0..CHUNK_COUNT).map(|chunk| self.map.1.index(self.map.0.value(row, chunk))).collect()
    }

    /// The cells of a video that stand for fewer than 5 people, while presenting.
    pub(super) fn hatched(&self, row: &VideoRow) -> Vec<u8> {
        let is_few = |chunk: &usize| self.map.0.value(row, *chunk) == Statistic::TooFew;
        match (row.totals.telling, row.totals.group_size()) {
            (Telling::InFives, GroupSize::Few | GroupSize::Enough) => {
                (0..CHUNK_COUNT).filter(is_few).map(|chunk| chunk as u8).collect()
            }
            (Telling::InFives, GroupSize::Nobody | GroupSize::TooFew) | (Telling::Exactly, _) => Vec::new(),
        }
    }

    /// A video's colour in the heat map, and the figure behind it.
    pub(super) fn heat(&self, row: &VideoRow) -> (u8, ShownFigure) {
        let value = self.heat.0.value(row);
        (
            self.heat.1.index(value),
            ShownFigure { value: value.value(), text: heat_text(self.heat.0, value, row.totals.telling) },
        )
    }
}

impl ColourScale {
    fn new(scale: &Scale, palette: &Palette, explanation: Explanation) -> Self {
        Self {
            explanation,
            label: scale.label.to_owned(),
            colours: scale.colours(palette).map(charts::Rgb::hex).collect(),
            light_text: scale.colours(palette).map(|colour| palette.wants_light_text(colour)).collect(),
            ticks: scale.ticks.iter().map(|(place, text)| ScaleTick { place: *place, text: text.clone() }).collect(),
        }
    }
}

impl MapRowDetail {
    /// The exact values behind one row of the map, in words.
    pub fn new(session_id: String, figures: &VideoFigures, moments: &[Moment]) -> Self {
        let parts: Vec<_> = moments
            .iter()
            .map(|moment| (figures.totals.duration_secs.map_or_else(Vec::new, |secs| moment.parts(secs)), moment))
            .collect();
        let cell = |index| {
            let here = parts.iter().filter(|(parts, _)| parts.contains(&index));
            let told = here.map(|(_, moment)| readout::moment(moment, figures.totals.telling)).collect();
            let telling = figures.totals.telling;
            Some(CellDetail::new(readout::part(figures, index)?, told, telling))
        };
        Self { session_id, cells: (0..CHUNK_COUNT).filter_map(cell).collect() }
    }
}

impl CellDetail {
    fn new(said: PartReadout, moments: Vec<String>, telling: Telling) -> Self {
        let time = match (said.played, said.time, said.too_few) {
            // Times follow from single people.
            (None, None, None) if telling == Telling::InFives => String::new(),
            (Some(played), Some(time), _) => format!("{played}, {time}"),
            (_, _, Some(too_few)) => too_few.to_owned(),
            (_, _, None) => "nobody reached it".to_owned(),
        };
        Self { part: said.part, reached: said.reached, covered: said.covered, time, moments }
    }
}
