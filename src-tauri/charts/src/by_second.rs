//! The timeline of a video by second: how many viewers reached each place, and how often it was played again.
//!
//! What was played again is stacked on what was reached, so that the upper line is what a counter of plays would show. A
//! column of the drawing is the mean of what lies in it; where the numbers within it differ, a thin mark reaches to the most
//! plays and to the fewest viewers, so that neither a short peak nor a short gap is lost.
//!
//! Deliberately absent: the marks of moments (`marks.rs`), and the 20 parts, which have a chart of their own (`timeline.rs`).

use model::{Bin, CHUNK_COUNT, DateRange, Extent, Figure, GroupSize, Interval, Moment, Reading, Timeline, words};

use crate::canvas::{Canvas, area, dots, dotted_area, pixel};
use crate::caption::{Captioned, PADDING_PX, definitions};
use crate::chart::{Chart, Hue, PlotArea, Point, Series, Style, Value};
use crate::frame::{
    Frame, Swatch, description, draw_base_line, draw_empty, draw_flat_axis, draw_legend, draw_tick, draw_upright_axis,
    widest_px,
};
use crate::marks;
use crate::outline::{self, OtherTimeline};
use crate::palette::{Palette, Rgb};
use crate::ticks::{OVER_PX, Tick, viewer_ticks, window_ticks};
use crate::timeline::{caution, dotted, part};

/// Title of the chart.
pub const TITLE: &str = "Viewers across the timeline, by second";

/// The narrowest window that is drawn, in seconds: closer than players report there is nothing to see.
const LEAST_WINDOW_SECS: f64 = 10.0;

/// Width of a column and of the lines, in pixels.
const COLUMN_PX: i32 = 2;
const LINE_PX: u32 = 2;

/// What to draw of a timeline.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seconds<'a> {
    /// A window; the whole video where there is none. It is moved and cut to lie within the video, and is at least
    /// [`LEAST_WINDOW_SECS`] long where the video is.
    pub window: Option<Interval>,
    /// The share of viewers that is usual in each part, in percent, where it is wanted as an outline.
    pub usual_percent: Option<&'a [f64; CHUNK_COUNT]>,
    /// The pair of the video in another term, where that is wanted as the outline; it takes the place of what is usual.
    pub other: Option<OtherTimeline<'a>>,
    /// The moments that a drawing to save marks; on screen they are the window's.
    pub moments: &'a [Moment],
}

/// A drawn timeline, what it shows of the video, and the numbers at one place of each of its points.
#[derive(Debug, Clone, PartialEq)]
pub struct BySecond {
    /// The chart.
    pub chart: Chart,
    /// Where it begins, in seconds of video.
    pub from_secs: f64,
    /// Where it ends, in seconds of video.
    pub to_secs: f64,
    /// One for each point of the chart.
    pub readings: Vec<Reading>,
}

/// Draws the timeline of a video.
pub fn by_second(timeline: &Timeline<'_>, wanted: Seconds<'_>, style: &Style) -> BySecond {
    let palette = style.palette();
    let window = fitted(wanted.window, timeline.duration_secs());
    let subtitle = (window.1 - window.0 < timeline.duration_secs()).then(|| part(window.0, window.1));
    let mut counted = vec![Figure::SecondReached, Figure::SecondPlayedAgain];
    counted.extend(match (wanted.other, wanted.usual_percent) {
        (Some(_), _) => Some(Figure::OtherTermOutline),
        (None, Some(_)) => Some(Figure::SecondUsual),
        (None, None) => None,
    });
    let mut notes = definitions(&counted);
    notes.extend(marks::notes(wanted.moments, window));
    let captioned = Captioned::new(style, TITLE, subtitle.as_deref(), &notes);
    let first_frame = Frame::new(style, captioned.as_ref(), true, 0.0);
    let columns = |frame: Frame| {
        let count = (frame.plot.width() / COLUMN_PX).max(1) as usize;
        let bins = Interval::new(window.0, window.1).map_or_else(Vec::new, |window| timeline.bins(window, count));
        let outlined = outlined(timeline, &wanted, window, &bins);
        let outlined = outlined.into_iter().map(Some).chain(std::iter::repeat(None));
        bins.into_iter().zip(outlined).map(|(bin, usual)| Column { bin, usual }).collect()
    };
    let scale = |columns: &[Column], frame: Frame| {
        let most = columns.iter().map(Column::most).max().unwrap_or(0);
        viewer_ticks(most, f64::from(frame.plot.height()))
    };
    let first_columns: Vec<Column> = columns(first_frame);
    let frame = Frame::new(style, captioned.as_ref(), true, widest_px(&scale(&first_columns, first_frame).1));
    // A wider label leaves fewer columns.
    let columns = if frame.plot.width() == first_frame.plot.width() { first_columns } else { columns(frame) };
    let (y_end, y_ticks) = scale(&columns, frame);

    let mut chart = Chart {
        title: TITLE.to_owned(),
        subtitle,
        svg: String::new(),
        width_px: frame.size_px.0,
        height_px: frame.size_px.1,
        plot: frame.plot,
        position_label: "Time in the video".to_owned(),
        series: all_series(&columns, wanted.other.map_or(Figure::SecondUsual.name(), |other| other.label)),
        points: points(&columns, frame.plot, y_end),
        summary: summary(&columns),
        empty: nothing(timeline, &columns),
        caution: caution(GroupSize::of(timeline.unique_viewers())),
    };
    chart.svg = Canvas::document(style, frame.size_px, TITLE, &description(style, &chart), |canvas| {
        if let Some(captioned) = &captioned {
            captioned.draw(canvas, palette, chart.height_px);
            if chart.empty.is_none() {
                let top = PADDING_PX + captioned.height_px() + 4;
                draw_legend(canvas, palette, frame, top, &chart.series, Swatch::Line(LINE_PX.cast_signed()));
            }
        }
        draw_upright_axis(canvas, palette, frame.plot, &y_ticks, y_end);
        if chart.empty.is_none() {
            draw_columns(
                canvas,
                palette,
                frame.plot,
                &columns,
                y_end,
                dotted(GroupSize::of(timeline.unique_viewers())),
            );
            if captioned.is_some() {
                marks::draw(canvas, palette, frame.plot, wanted.moments, window);
            }
        }
        draw_axis(canvas, palette, frame.plot, window);
        if let Some(message) = &chart.empty {
            draw_empty(canvas, palette, frame.plot, message);
        }
    });
    let readings = columns.iter().map(|column| column.bin.reading).collect();
    BySecond { chart, from_secs: window.0, to_secs: window.1, readings }
}

/// What is drawn at one place.
struct Column {
    bin: Bin,
    /// Viewers that would be usual here, or would be here as in the other term, where that is wanted.
    usual: Option<f64>,
}

impl Column {
    fn most(&self) -> u32 {
        self.bin.plays.max.max(self.usual.unwrap_or(0.0).ceil() as u32)
    }
}

/// The viewers that this video would have in each column if it held them as its pair did, or as others do; none where
/// neither is wanted, or the pair has too few.
fn outlined(timeline: &Timeline<'_>, wanted: &Seconds<'_>, window: (f64, f64), bins: &[Bin]) -> Vec<f64> {
    let viewers = f64::from(timeline.unique_viewers());
    if let Some(OtherTimeline { timeline: there, .. }) = wanted.other {
        let stretched = there.duration_secs() / timeline.duration_secs();
        let window = Interval::new(window.0 * stretched, window.1 * stretched);
        let is_enough = match GroupSize::of(there.unique_viewers()) {
            GroupSize::Nobody | GroupSize::TooFew => false,
            GroupSize::Few | GroupSize::Enough => true,
        };
        let Some(window) = window.filter(|_| is_enough) else { return Vec::new() };
        let share = |bin: Bin| bin.viewers.mean / f64::from(there.unique_viewers());
        return there.bins(window, bins.len()).into_iter().map(|bin| share(bin) * viewers).collect();
    }
    let Some(percent) = wanted.usual_percent else { return Vec::new() };
    let usual = |bin: &Bin| {
        let middle_secs = f64::midpoint(bin.from_secs, bin.to_secs);
        let part = (middle_secs / timeline.duration_secs() * CHUNK_COUNT as f64) as usize;
        percent[part.min(CHUNK_COUNT - 1)] / 100.0 * viewers
    };
    bins.iter().map(usual).collect()
}

/// A window that lies within the video, from second to second.
fn fitted(window: Option<Interval>, duration_secs: f64) -> (f64, f64) {
    let Some(window) = window else { return (0.0, duration_secs) };
    let length_secs = window.length_secs().max(LEAST_WINDOW_SECS).min(duration_secs);
    let middle_secs = f64::midpoint(window.start_secs(), window.end_secs());
    let from_secs = (middle_secs - length_secs / 2.0).clamp(0.0, duration_secs - length_secs);
    (from_secs, from_secs + length_secs)
}

fn all_series(columns: &[Column], outline_label: &str) -> Vec<Series> {
    let bins = || columns.iter().map(|column| column.bin);
    let mut all = vec![
        series(Figure::SecondReached, Hue::Reached, bins().map(|bin| bin.viewers), words::viewers),
        series(Figure::SecondPlayedAgain, Hue::Time, bins().map(|bin| bin.replays), |most| {
            words::counted(most, "time", "times")
        }),
    ];
    if columns.iter().any(|column| column.usual.is_some()) {
        all.push(outline::series(outline_label, columns.iter().filter_map(|column| column.usual)));
    }
    all
}

fn series(figure: Figure, hue: Hue, extents: impl Iterator<Item = Extent>, many: impl Fn(u64) -> String) -> Series {
    let (low, high) = extents.fold((u32::MAX, 0), |(low, high), extent| (low.min(extent.min), high.max(extent.max)));
    let most = many(u64::from(high));
    let extent = if low >= high { most } else { format!("{} to {most}", words::count(u64::from(low))) };
    Series { label: figure.name().to_owned(), hue, extent }
}

fn points(columns: &[Column], plot: PlotArea, y_end: f64) -> Vec<Point> {
    let x = |index: usize| f64::from(plot.left) + index as f64 / columns.len() as f64 * f64::from(plot.width());
    let top = |number: f64| f64::from(plot.bottom) - number / y_end * f64::from(plot.height());
    let value = |extent: Extent, height: f64| Value {
        number: Some(extent.mean),
        text: if extent.min == extent.max {
            words::count(u64::from(extent.max))
        } else {
            format!("{} to {}", words::count(u64::from(extent.min)), words::count(u64::from(extent.max)))
        },
        top: top(height),
    };
    let point = |(index, Column { bin, usual }): (usize, &Column)| {
        let mut values = vec![value(bin.viewers, bin.viewers.mean), value(bin.replays, bin.plays.mean)];
        values.extend(usual.map(|viewers| Value {
            number: Some(viewers),
            text: words::count(outline::whole(viewers)),
            top: top(viewers),
        }));
        Point { left: x(index), right: x(index + 1), label: place(bin), days: None, values }
    };
    columns.iter().enumerate().map(point).collect()
}

/// Where a column lies: the second, or from which to which.
fn place(bin: &Bin) -> String {
    let (from, to) = (words::clock(bin.from_secs), words::clock(bin.to_secs));
    if bin.to_secs - bin.from_secs < 1.5 || from == to { from } else { format!("{from} – {to}") }
}

fn draw_columns(canvas: &Canvas<'_>, palette: &Palette, place: PlotArea, columns: &[Column], y_end: f64, dotted: bool) {
    let plot = canvas.plot(place, columns.len() as f64, y_end);
    let again = softened(palette.time, palette.surface);
    let draw = |heights: &mut dyn Iterator<Item = f64>, fill, stroke| {
        let line = outline(heights);
        if dotted {
            dotted_area(canvas, &plot, &line, fill, stroke, LINE_PX, 0);
        } else {
            area(&plot, &line, fill, stroke, LINE_PX, 0);
        }
    };
    draw(&mut columns.iter().map(|column| column.bin.plays.mean), again, palette.time);
    draw(&mut columns.iter().map(|column| column.bin.viewers.mean), palette.reached_area, palette.reached);
    for (index, Column { bin, .. }) in columns.iter().enumerate() {
        let (left, most) = pixel(&plot, index as f64, f64::from(bin.plays.max));
        let right = (left + COLUMN_PX).min(place.right);
        let height = |number: f64| pixel(&plot, index as f64, number).1;
        let (plays, viewers) = (height(bin.plays.mean), height(bin.viewers.mean));
        let fewest = height(f64::from(bin.viewers.min));
        // Less than the width of the line would not be seen beside it. Where only viewers vary, nothing was played again.
        let replays_px = height(bin.replays.mean) - height(f64::from(bin.replays.max));
        if plays - most > LINE_PX.cast_signed() && replays_px > LINE_PX.cast_signed() {
            canvas.fill(left, most, right, plays, palette.time);
        }
        if fewest - viewers > LINE_PX.cast_signed() {
            canvas.fill(left, viewers, right, fewest, palette.reached);
        }
    }
    let usual = outline(columns.iter().filter_map(|column| column.usual));
    dots(canvas, &plot, &usual, palette.text_muted, 1, 0);
}

/// The outline of columns, each from its left to its right border; columns of the same height go on.
fn outline(heights: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
    let mut line: Vec<(f64, f64)> = Vec::new();
    for (index, height) in heights.enumerate() {
        let (from, to) = (index as f64, index as f64 + 1.0);
        match line.last_mut() {
            Some(last) if last.1.to_bits() == height.to_bits() => last.0 = to,
            _ => line.extend([(from, height), (to, height)]),
        }
    }
    line
}

/// A colour as an area: half of the way to the ground.
const fn softened(colour: Rgb, ground: Rgb) -> Rgb {
    Rgb(u8::midpoint(colour.0, ground.0), u8::midpoint(colour.1, ground.1), u8::midpoint(colour.2, ground.2))
}

fn draw_axis(canvas: &Canvas<'_>, palette: &Palette, plot: PlotArea, (from_secs, to_secs): (f64, f64)) {
    draw_base_line(canvas, palette, plot);
    let length_secs = to_secs - from_secs;
    if length_secs <= 0.0 {
        return;
    }
    let ticks: Vec<Tick> = window_ticks(from_secs, to_secs, f64::from(plot.width()), f64::from(OVER_PX));
    for tick in &ticks {
        let x = plot.left + (tick.at / length_secs * f64::from(plot.width())).round() as i32;
        draw_tick(canvas, plot, x.min(plot.right - 1), 5, palette.axis);
    }
    draw_flat_axis(canvas, palette, plot, &ticks, length_secs);
}

fn nothing(timeline: &Timeline<'_>, columns: &[Column]) -> Option<String> {
    if columns.iter().any(|column| column.bin.plays.max > 0) {
        return None;
    }
    let then = if timeline.range() == DateRange::ALL { "" } else { " on these dates" };
    Some(match timeline.unique_viewers() {
        0 if then.is_empty() => "Nobody has watched this video yet".to_owned(),
        0 => "Nobody watched on these dates".to_owned(),
        _ if timeline.watch_secs() > 0.0 => format!("Nobody watched this part of the video{then}"),
        viewers => format!("{} opened this video{then} and played nothing of it", words::viewers(u64::from(viewers))),
    })
}

fn summary(columns: &[Column]) -> String {
    let bins = || columns.iter().map(|column| &column.bin);
    let most = bins().rev().max_by_key(|bin| bin.viewers.max);
    let again = bins().rev().max_by_key(|bin| bin.replays.max);
    most.zip(again).map_or_else(String::new, |(most, again)| {
        let reached = format!("Most viewers at {} ({})", place(most), words::count(u64::from(most.viewers.max)));
        match again.replays.max {
            0 => format!("{reached}, nothing played again"),
            times => format!(
                "{reached}, most played again at {} ({})",
                place(again),
                words::counted(u64::from(times), "time", "times")
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{fitted, outline};
    use model::Interval;

    #[test]
    fn a_window_lies_within_the_video_and_is_never_too_narrow() {
        let within = |from, to| fitted(Interval::new(from, to), 600.0);
        assert_eq!(fitted(None, 600.0), (0.0, 600.0));
        assert_eq!(within(100.0, 200.0), (100.0, 200.0));
        assert_eq!(within(100.0, 101.0), (95.5, 105.5));
        assert_eq!(within(-50.0, 50.0), (0.0, 100.0));
        assert_eq!(within(595.0, 700.0), (495.0, 600.0));
        assert_eq!(within(-50.0, 1e9), (0.0, 600.0));
        assert_eq!(fitted(Interval::new(1.0, 2.0), 4.0), (0.0, 4.0));
    }

    #[test]
    fn columns_of_one_height_are_one_step() {
        let line = outline([2.0, 2.0, 3.0].into_iter());
        assert_eq!(line, [(0.0, 2.0), (2.0, 2.0), (2.0, 3.0), (3.0, 3.0)]);
    }
}
