//! Charts as they cross to the window.

use charts::{Hue as Drawn, Style};
use model::DateRange;

use super::range;
use crate::dto::chart::{Chart, ChartKind, ChartPoint, ChartSeries, Frame, Hue, PlotArea};
use crate::dto::{Figure, Theme};

/// The style of a chart on screen, of the size the window asks for, within bounds.
pub fn screen(theme: Theme, frame: Frame) -> Style {
    let (width, height) = bounded(frame);
    Style::screen(theme.into(), width, height)
}

/// The size the window asks for, within what the contract allows.
pub fn bounded(frame: Frame) -> (u32, u32) {
    (frame.width.clamp(200, 4_000), frame.height.clamp(40, 2_000))
}

impl From<Theme> for charts::Theme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self::Light,
            Theme::Dark => Self::Dark,
        }
    }
}

/// A drawn chart.
pub fn chart(kind: ChartKind, drawn: charts::Chart) -> Chart {
    Chart {
        kind,
        title: drawn.title,
        subtitle: drawn.subtitle,
        svg: drawn.svg,
        frame: Frame { width: drawn.width_px, height: drawn.height_px },
        plot: PlotArea {
            left: f64::from(drawn.plot.left),
            top: f64::from(drawn.plot.top),
            right: f64::from(drawn.plot.right),
            bottom: f64::from(drawn.plot.bottom),
        },
        position_label: drawn.position_label,
        series: drawn
            .series
            .into_iter()
            .map(|series| ChartSeries { label: series.label, hue: hue(series.hue), extent: series.extent })
            .collect(),
        points: drawn.points.into_iter().map(point).collect(),
        summary: drawn.summary,
        empty: drawn.empty,
    }
}

/// Places in hundredths of a pixel: nobody sees more, and a page sends hundreds of them.
fn place(px: f64) -> f64 {
    (px * 100.0).round() / 100.0
}

fn point(point: charts::Point) -> ChartPoint {
    ChartPoint {
        left: place(point.left),
        right: place(point.right),
        label: point.label,
        days: point.days.map(|days: DateRange| range::crossed(days)),
        tops: point.values.iter().map(|value| place(value.top)).collect(),
        values: point.values.into_iter().map(|value| Figure { value: value.number, text: value.text }).collect(),
    }
}

/// The heat scale is never a series on screen: maps and grids cross as cells.
const fn hue(hue: Drawn) -> Hue {
    match hue {
        Drawn::Reached => Hue::Reached,
        Drawn::Covered => Hue::Covered,
        Drawn::Time | Drawn::Heat => Hue::Time,
    }
}
