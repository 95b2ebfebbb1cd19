//! The two grids of a course in lecture order, as they are saved: the heat map, and the timelines of all videos on one
//! scale.
//!
//! Deliberately absent: sorting. Invariant: names that differ stay different, however narrow their place.

use model::line::{cut, listed_name};
use model::names::ListedNames;
use model::{CHUNK_COUNT, CourseFigures, Figure, GroupSize, HeatMeasure, VideoInfo, VideoRow, words};

use crate::canvas::{Canvas, Ink};
use crate::caption::{Captioned, PADDING_PX, definitions};
use crate::chart::{Chart, Hue, PlotArea, Point, Series, Style, Value};
use crate::frame::{Frame, LEGEND_PX, Swatch, description, draw_legend, viewers_extent};
use crate::legend;
use crate::outline;
use crate::scale::{ColourScale, heat_text};
use crate::text::{measure_px, wrap};
use crate::ticks::LABEL_PX;
use crate::timeline::{SMALL_LINE_PX, draw_small};

/// The share of two lines that a name may take, so that breaking it between words leaves room for its end.
const TWO_LINES: f64 = 1.6;

/// Font size of a tile's number, in pixels.
const NUMBER_PX: f64 = 15.0;

/// Title of the heat map.
pub const HEAT_TITLE: &str = "Heat map";

/// Title of the grid of timelines.
pub const TIMELINES_TITLE: &str = "Viewers across the timelines";

const NAME_PX: f64 = 13.0;

/// Height of the line that says that there are no videos, in pixels.
const NOTHING_PX: i32 = 20;

/// Places of equal size, row by row.
#[derive(Debug, Clone, Copy)]
struct Grid {
    columns: i32,
    cell_px: (i32, i32),
    gap_px: i32,
    top: i32,
}

impl Grid {
    fn new(width_px: i32, least_cell_px: i32, cell_height_px: i32, gap_px: i32, top: i32) -> Self {
        let room = width_px - 2 * PADDING_PX;
        let columns = ((room + gap_px) / (least_cell_px + gap_px)).clamp(1, 6);
        Self { columns, cell_px: ((room - gap_px * (columns - 1)) / columns, cell_height_px), gap_px, top }
    }

    /// Upper left corner of a place.
    fn place(self, index: usize) -> (i32, i32) {
        let (column, row) = (index as i32 % self.columns, index as i32 / self.columns);
        (PADDING_PX + column * (self.cell_px.0 + self.gap_px), self.top + row * (self.cell_px.1 + self.gap_px))
    }

    /// Lower edge of the last row; without any, of the line that says so.
    fn bottom(self, count: usize) -> i32 {
        count.checked_sub(1).map_or(self.top + NOTHING_PX, |last| self.place(last).1 + self.cell_px.1)
    }

    fn plot(self, count: usize) -> PlotArea {
        let right = PADDING_PX + self.columns * self.cell_px.0 + (self.columns - 1) * self.gap_px;
        PlotArea { left: PADDING_PX, top: self.top, right, bottom: self.bottom(count) }
    }

    fn point(self, index: usize, label: String, values: Vec<(Option<f64>, String)>) -> Point {
        let (left, top) = self.place(index);
        let values = values.into_iter().map(|(number, text)| Value { number, text, top: f64::from(top) }).collect();
        Point { left: f64::from(left), right: f64::from(left + self.cell_px.0), label, days: None, values }
    }
}

/// The style with a caption, and wide enough for one place.
fn with_caption(style: &Style) -> Style {
    let caption = Some(style.caption.clone().unwrap_or_default());
    Style { caption, width_px: style.width_px.max(320), ..style.clone() }
}

/// Draws the heat map with its legend, as high as it needs to be; `videos` are those of `figures`. Narrower than 320 pixels
/// is drawn as 320.
pub fn heat_map(videos: &[VideoInfo], figures: &CourseFigures, measure: HeatMeasure, style: &Style) -> Chart {
    let style = &with_caption(style);
    let palette = style.palette();
    let scale = ColourScale::of_heat(figures, measure);
    let width_px = style.width_px.cast_signed();
    let counted = match measure {
        HeatMeasure::UniqueViewers => Figure::UniqueViewers,
        HeatMeasure::CoveredPercent => Figure::CoveredPercent,
        HeatMeasure::WatchTime => Figure::WatchTime,
    };
    let names = ListedNames::new(videos.iter().map(|video| &*video.name));
    let shared = names.note(|index| videos[index].order);
    let captioned = Captioned::new(style, HEAT_TITLE, shared.as_deref(), &definitions(&[counted]));
    let legend_top = PADDING_PX + captioned.as_ref().map_or(0, Captioned::height_px) + 10;
    let grid = Grid::new(width_px, 200, 76, 2, legend_top + legend::HEIGHT_PX + 16);
    let count = figures.rows.len();
    let mut chart = Chart {
        title: HEAT_TITLE.to_owned(),
        subtitle: Some(scale.label.to_owned()),
        svg: String::new(),
        width_px: width_px.unsigned_abs(),
        height_px: (grid.bottom(count) + PADDING_PX + captioned.as_ref().map_or(0, Captioned::notes_px)).unsigned_abs(),
        plot: grid.plot(count),
        position_label: "Video".to_owned(),
        series: vec![Series { label: scale.label.to_owned(), hue: Hue::Heat, extent: String::new() }],
        points: named(videos, figures)
            .enumerate()
            .map(|(index, (name, row))| {
                let value = measure.value(row);
                grid.point(index, name, vec![(value.value(), heat_text(measure, value, style.telling))])
            })
            .collect(),
        summary: format!("{} of {}", scale.label, words::counted(count as u64, "video", "videos")),
        empty: (count == 0).then(|| "No videos yet".to_owned()),
        caution: None,
    };
    let size_px = (chart.width_px, chart.height_px);
    chart.svg = Canvas::document(style, size_px, HEAT_TITLE, &description(style, &chart), |canvas| {
        let room_px = width_px - 2 * PADDING_PX;
        if let Some(captioned) = &captioned {
            captioned.draw(canvas, palette, chart.height_px);
        }
        legend::draw(canvas, palette, &scale, PADDING_PX, legend_top, room_px);
        if let Some(message) = &chart.empty {
            canvas.text(message, PADDING_PX, grid.top, Ink::new(palette.text_muted, NAME_PX));
        }
        let name_room = f64::from(grid.cell_px.0 - 24);
        let fitted = names.fitted(name_room * TWO_LINES, |text| measure_px(text, NAME_PX));
        for (index, (row, name)) in figures.rows.iter().zip(&fitted).enumerate() {
            let (left, top) = grid.place(index);
            let (right, bottom) = (left + grid.cell_px.0, top + grid.cell_px.1);
            let value = measure.value(row);
            canvas.fill(left, top, right, bottom, scale.colour(value, palette));
            let said = cut(&heat_text(measure, value, style.telling), name_room, |text| measure_px(text, NUMBER_PX));
            canvas.text(&said, left + 12, top + 11, Ink::new(palette.text, NUMBER_PX));
            let lines = wrap(name, name_room, 2, |text| measure_px(text, NAME_PX));
            for (number, line) in (0..).zip(lines) {
                canvas.text(&line, left + 12, top + 33 + 17 * number, Ink::new(palette.text, NAME_PX));
            }
        }
    });
    chart
}

/// Draws the timelines of all videos with one scale of viewers, as high as it needs to be; `videos` are those of
/// `figures`. Narrower than 320 pixels is drawn as 320.
pub fn timeline_grid(videos: &[VideoInfo], figures: &CourseFigures, style: &Style) -> Chart {
    timeline_grid_beside(videos, figures, None, style)
}

/// What the videos of a course are compared with, one by one.
#[derive(Debug, Clone, Copy)]
pub struct GridOutlines<'a> {
    /// What they are of: `Usual for this course`, `GEOG 204 2025`.
    pub label: &'a str,
    /// The figure that says what they count.
    pub counts: Figure,
    /// The share of viewers who reached each part, in percent, for each video; `None` where it is compared with nothing.
    pub percent: &'a [Option<[f64; CHUNK_COUNT]>],
}

impl GridOutlines<'_> {
    fn of(&self, index: usize) -> Option<&[f64; CHUNK_COUNT]> {
        self.percent.get(index)?.as_ref()
    }
}

/// Draws the timelines of all videos with what each is compared with as a grey outline.
pub fn timeline_grid_beside(
    videos: &[VideoInfo],
    figures: &CourseFigures,
    outlines: Option<GridOutlines<'_>>,
    style: &Style,
) -> Chart {
    let style = &with_caption(style);
    let palette = style.palette();
    let width_px = style.width_px.cast_signed();
    let most = viewers_at_top(figures, outlines.map_or(&[], |outlines| outlines.percent));
    let names = ListedNames::new(videos.iter().map(|video| &*video.name));
    let edge = format!("upper edge of each: {}", style.telling.viewers(most));
    let shared = names.note(|index| videos[index].order);
    let scale_text = shared.map_or_else(|| edge.clone(), |shared| format!("{edge} · {shared}"));
    let mut counted = vec![Figure::ChunkReached, Figure::ChunkCovered];
    counted.extend(outlines.map(|outlines| outlines.counts));
    let notes = definitions(&counted);
    let captioned = Captioned::new(style, TIMELINES_TITLE, Some(&scale_text), &notes);
    let legend_top = PADDING_PX + captioned.as_ref().map_or(0, Captioned::height_px) + 6;
    let grid = Grid::new(width_px, 200, 118, 24, legend_top + LEGEND_PX + 12);
    let count = figures.rows.len();
    let chunks =
        |pick: fn(&VideoRow) -> &[u32]| viewers_extent(figures.rows.iter().flat_map(pick).copied(), style.telling);
    let mut chart = Chart {
        title: TIMELINES_TITLE.to_owned(),
        subtitle: Some(scale_text),
        svg: String::new(),
        width_px: width_px.unsigned_abs(),
        height_px: (grid.bottom(count) + PADDING_PX + captioned.as_ref().map_or(0, Captioned::notes_px)).unsigned_abs(),
        plot: grid.plot(count),
        position_label: "Video".to_owned(),
        series: vec![
            Series {
                label: Figure::ChunkReached.name().to_owned(),
                hue: Hue::Reached,
                extent: chunks(|row| &row.reached),
            },
            Series {
                label: Figure::ChunkCovered.name().to_owned(),
                hue: Hue::Covered,
                extent: chunks(|row| &row.covered),
            },
        ],
        points: named(videos, figures)
            .enumerate()
            .map(|(index, (name, row))| {
                let largest = |viewers: &[u32]| viewers.iter().copied().max().unwrap_or(0);
                let values = [largest(&row.reached), largest(&row.covered)].map(|viewers| told(style, viewers));
                let mut values = values.to_vec();
                values.extend(outlines.map(|outlines| {
                    let of = f64::from(row.totals.unique_viewers) / 100.0;
                    let most = outlines.of(index).map(|percent| percent.iter().fold(0.0_f64, |a, b| a.max(*b)) * of);
                    (most, most.map_or_else(|| words::NONE.to_owned(), |most| words::count(outline::whole(most))))
                }));
                grid.point(index, name, values)
            })
            .collect(),
        summary: format!("Timelines of {}", words::counted(count as u64, "video", "videos")),
        empty: (count == 0).then(|| "No videos yet".to_owned()),
        caution: None,
    };
    chart.series.extend(outlines.map(|outlines| {
        let rows = figures.rows.iter().enumerate();
        let viewers = rows.filter_map(|(index, row)| {
            let of = f64::from(row.totals.unique_viewers) / 100.0;
            Some(outlines.of(index)?.map(|percent| percent * of))
        });
        outline::series(outlines.label, viewers.flatten())
    }));
    let size_px = (chart.width_px, chart.height_px);
    chart.svg = Canvas::document(style, size_px, TIMELINES_TITLE, &description(style, &chart), |canvas| {
        let frame =
            Frame { size_px, plot: chart.plot, text_left: PADDING_PX, text_px: f64::from(width_px - 2 * PADDING_PX) };
        if let Some(captioned) = &captioned {
            captioned.draw(canvas, palette, chart.height_px);
        }
        draw_legend(canvas, palette, frame, legend_top, &chart.series, Swatch::Line(SMALL_LINE_PX));
        if let Some(message) = &chart.empty {
            canvas.text(message, PADDING_PX, grid.top, Ink::new(palette.text_muted, NAME_PX));
        }
        let order_room = figures.rows.iter().map(|row| measure_px(&words::count(u64::from(row.order)), NAME_PX) + 6.0);
        let name_room = f64::from(grid.cell_px.0) - order_room.fold(0.0, f64::max);
        let fitted = names.fitted(name_room, |text| measure_px(text, NAME_PX));
        for (index, (row, name)) in figures.rows.iter().zip(&fitted).enumerate() {
            let (left, top) = grid.place(index);
            let (right, bottom) = (left + grid.cell_px.0, top + grid.cell_px.1);
            // Drawn by itself, so that a name written from right to left does not move it.
            let order = words::count(u64::from(row.order));
            let order_px = measure_px(&order, NAME_PX) + 6.0;
            canvas.text(&order, left, top, Ink::new(palette.text_muted, NAME_PX));
            canvas.text(name, left + order_px.round() as i32, top, Ink::new(palette.text, NAME_PX));
            let facts = match (row.totals.duration_secs, row.totals.group_size()) {
                (None, _) => "length unknown".to_owned(),
                (Some(_), GroupSize::Nobody) => "nobody watched".to_owned(),
                (Some(_), GroupSize::TooFew) => {
                    format!("{}: too few", style.telling.viewers(row.totals.unique_viewers))
                }
                (Some(_), GroupSize::Few | GroupSize::Enough) => style.telling.viewers(row.totals.unique_viewers),
            };
            canvas.text(&facts, left, top + 20, Ink::new(palette.text_muted, LABEL_PX));
            let place = PlotArea { left, top: top + 42, right, bottom: bottom - 1 };
            let outline = outlines.as_ref().and_then(|outlines| outlines.of(index));
            draw_small(canvas, palette, place, (row, outline), most);
        }
    });
    chart
}

/// A number of viewers and its text, as the style tells it.
fn told(style: &Style, viewers: u32) -> (Option<f64>, String) {
    ((!style.telling.is_few(viewers)).then(|| f64::from(viewers)), style.telling.count(viewers))
}

/// The common scale of small timelines: the most viewers any part of the course was reached by, or would have been in the
/// outlines, at least 1.
pub fn viewers_at_top(figures: &CourseFigures, outlines_percent: &[Option<[f64; CHUNK_COUNT]>]) -> u32 {
    let reached = figures.rows.iter().flat_map(|row| row.reached).max().unwrap_or(0);
    let outlined = figures.rows.iter().zip(outlines_percent).filter_map(|(row, percent)| {
        let most = (*percent)?.into_iter().fold(0.0, f64::max);
        Some((most / 100.0 * f64::from(row.totals.unique_viewers)).ceil() as u32)
    });
    reached.max(outlined.max().unwrap_or(0)).max(1)
}

fn named<'a>(videos: &'a [VideoInfo], figures: &'a CourseFigures) -> impl Iterator<Item = (String, &'a VideoRow)> + 'a {
    videos.iter().zip(&figures.rows).map(|(video, row)| (listed_name(&video.name), row))
}
