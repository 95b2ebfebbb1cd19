//! Viewers across time: one bar for each day, week or month. On screen this chart is the control of the date range.
//!
//! Deliberately absent: choosing dates, which is the window's. Invariant: what is said about the most viewers is said of
//! the chosen dates.

use model::line::listed_name;
use model::{DateRange, Day, Period, PeriodViewers, Telling, words};

use crate::canvas::{Canvas, line_over_marks, pixel};
use crate::caption::{Captioned, PADDING_PX};
use crate::chart::{Chart, Hue, PlotArea, Point, Series, Style, Value};
use crate::flags::{self, Flags};
use crate::frame::{
    Frame, Swatch, description, draw_base_line, draw_empty, draw_flat_axis, draw_legend, draw_tick, draw_upright_axis,
    viewers_extent, widest_px,
};
use crate::outline::{self, OtherViewers};
use crate::palette::{Palette, Rgb};
use crate::ticks::{Anchor, day_ticks, viewer_ticks};
use crate::timeline::FEW_TOP;

/// Title of the chart.
pub const TITLE: &str = "Viewers across time";

/// The thinnest bar, in pixels.
const THINNEST_BAR_PX: usize = 2;

/// The widest bar, in pixels: a single day should not become a wall.
const WIDEST_BAR_PX: i32 = 36;

/// The finest period whose bars can still be told apart in a chart of this style over these days.
pub fn fitting_period(style: &Style, domain: DateRange) -> Period {
    let plot = Frame::new(style, Captioned::new(style, TITLE, None, &[]).as_ref(), true, 0.0).plot;
    Period::finest(domain, plot.width().max(1) as usize / THINNEST_BAR_PX)
}

/// Draws viewers across time.
///
/// `periods` follow each other without gaps, as [`model::CourseViews::viewers_across_time`] gives them for
/// [`fitting_period`]. Where `chosen` is less than all dates, bars outside it are pale and the base line under it is
/// strong. `data_through` is the last day whose records were fetched, if that is known.
pub fn viewers_across_time(
    periods: &[PeriodViewers],
    period: Period,
    chosen: DateRange,
    data_through: Option<Day>,
    style: &Style,
) -> Chart {
    viewers_across_time_beside(periods, period, chosen, data_through, None, style)
}

/// Draws viewers across time with the viewers of another course as a grey outline, one number for each of `periods`.
pub fn viewers_across_time_beside(
    periods: &[PeriodViewers],
    period: Period,
    chosen: DateRange,
    data_through: Option<Day>,
    other: Option<OtherViewers<'_>>,
    style: &Style,
) -> Chart {
    let palette = style.palette();
    let viewers = || periods.iter().map(|entry| entry.viewers);
    let other = other.filter(|other| other.viewers.len() == periods.len());
    let there = other.map_or(&[][..], |other| other.viewers);
    let max = viewers().chain(there.iter().copied()).max().unwrap_or(0);
    let max = if style.telling.is_few(max) { FEW_TOP as u32 } else { max };
    let subtitle = match period {
        Period::Day => None,
        Period::Week => Some("each bar is a week".to_owned()),
        Period::Month => Some("each bar is a month".to_owned()),
    };
    let label = match period {
        Period::Day => "Viewers on a day",
        Period::Week => "Viewers in a week",
        Period::Month => "Viewers in a month",
    };
    let mut series =
        vec![Series { label: label.to_owned(), hue: Hue::Reached, extent: viewers_extent(viewers(), style.telling) }];
    series.extend(other.map(|other| outline::series(other.label, there.iter().map(|many| f64::from(*many)))));
    let pale = periods.iter().any(|entry| entry.viewers > 0 && chosen.within(entry.days).is_none());
    let domain = periods
        .first()
        .zip(periods.last())
        .map(|(first, last)| DateRange::between(first.days.first(), last.days.last()));
    let dates = if max == 0 { Vec::new() } else { flags::within(style, domain) };
    let mut notes = vec![note(label, period, pale)];
    notes.extend(other.map(|other| {
        let course = listed_name(other.label);
        format!("Grey outline: the same count of {course}, whose term is laid over this one week by week.")
    }));
    notes.extend(flags::notes(&dates));
    let captioned = Captioned::new(style, TITLE, subtitle.as_deref(), &notes);
    let measure = |frame: Frame| viewer_ticks(max, f64::from(frame.plot.height()));
    let first_frame = Frame::new(style, captioned.as_ref(), true, 0.0);
    let frame = Frame::new(style, captioned.as_ref(), true, widest_px(&measure(first_frame).1));
    let (y_end, y_ticks) = measure(frame);
    let flags = domain.map_or_else(Flags::default, |domain| Flags::new(&dates, domain, frame.plot));
    let frame = frame.lowered(flags.height_px());

    let mut chart = Chart {
        title: TITLE.to_owned(),
        subtitle,
        svg: String::new(),
        width_px: frame.size_px.0,
        height_px: frame.size_px.1,
        plot: frame.plot,
        position_label: match period {
            Period::Day => "Day",
            Period::Week => "Week",
            Period::Month => "Month",
        }
        .to_owned(),
        series,
        points: domain
            .map_or_else(Vec::new, |domain| points(periods, there, (domain, style.telling), frame.plot, y_end)),
        summary: summary(periods, chosen, data_through, style.telling),
        empty: (viewers().max().unwrap_or(0) == 0).then(|| words::nobody_watched(chosen, data_through)),
        caution: None,
    };
    chart.svg = Canvas::document(style, frame.size_px, TITLE, &description(style, &chart), |canvas| {
        if let Some(captioned) = &captioned {
            captioned.draw(canvas, palette, chart.height_px);
            if chart.empty.is_none() {
                draw_legend(canvas, palette, frame, PADDING_PX + captioned.height_px() + 4, &chart.series, Swatch::Bar);
            }
        }
        draw_upright_axis(canvas, palette, frame.plot, &y_ticks, y_end);
        if let Some(domain) = domain {
            let days = domain.day_count() as f64;
            let plot = canvas.plot(frame.plot, days, y_end);
            for (entry, point) in periods.iter().zip(&chart.points).filter(|(entry, _)| entry.viewers > 0) {
                let colour = if chosen.within(entry.days).is_some() { palette.reached } else { palette.unchosen };
                let (left, right) = bar(point, frame.plot);
                let few = style.telling.is_few(entry.viewers);
                let height = if few { FEW_TOP } else { f64::from(entry.viewers) };
                let top = pixel(&plot, 0.0, height).1.min(frame.plot.bottom - 1);
                mark(canvas, (left, top, right, frame.plot.bottom), colour, few);
            }
            draw_outline(canvas, palette, frame.plot, &chart.points, there, y_end);
            draw_base_line(canvas, palette, frame.plot);
            if let Some(marked) = chosen.within(domain).filter(|marked| *marked != domain) {
                let from_first = |day: Day| f64::from(day.days_since_1970() - domain.first().days_since_1970());
                let (left, right) = (from_first(marked.first()), from_first(marked.last()) + 1.0);
                let base = frame.plot.bottom;
                canvas.fill(pixel(&plot, left, 0.0).0, base, pixel(&plot, right, 0.0).0, base + 3, palette.reached);
            }
            let x_ticks = day_ticks(domain, f64::from(frame.plot.width()));
            for tick in x_ticks.iter().filter(|tick| tick.anchor == Anchor::Start) {
                draw_tick(canvas, frame.plot, pixel(&plot, tick.at, 0.0).0, 5, palette.axis);
            }
            draw_flat_axis(canvas, palette, frame.plot, &x_ticks, days);
            flags.draw(canvas, palette, frame.plot);
        } else {
            draw_base_line(canvas, palette, frame.plot);
        }
        if let Some(message) = &chart.empty {
            draw_empty(canvas, palette, frame.plot, message);
        }
    });
    chart
}

/// The other course as steps from period to period, over the bars.
fn draw_outline(canvas: &Canvas<'_>, palette: &Palette, place: PlotArea, points: &[Point], there: &[u32], y_end: f64) {
    if there.iter().all(|viewers| *viewers == 0) {
        return;
    }
    let plot = canvas.plot(place, f64::from(place.width()), y_end);
    let across = |px: f64| px - f64::from(place.left);
    let steps = points.iter().zip(there).flat_map(|(point, viewers)| {
        let height = f64::from(*viewers);
        [(across(point.left), height), (across(point.right), height)]
    });
    line_over_marks(&plot, &steps.collect::<Vec<_>>(), palette.text_muted, palette.surface);
}

fn points(
    periods: &[PeriodViewers],
    there: &[u32],
    (domain, telling): (DateRange, Telling),
    plot: PlotArea,
    y_end: f64,
) -> Vec<Point> {
    let days = domain.day_count() as f64;
    let x = |days_from_first: i32| f64::from(plot.left) + f64::from(days_from_first) / days * f64::from(plot.width());
    let first = domain.first().days_since_1970();
    let value = |viewers: u32| Value {
        number: (!telling.is_few(viewers)).then(|| f64::from(viewers)),
        text: telling.count(viewers),
        top: f64::from(plot.bottom) - f64::from(viewers) / y_end * f64::from(plot.height()),
    };
    periods
        .iter()
        .enumerate()
        .map(|(index, entry)| Point {
            left: x(entry.days.first().days_since_1970() - first),
            right: x(entry.days.last().days_since_1970() - first + 1),
            label: words::range(entry.days),
            days: Some(entry.days),
            values: std::iter::once(entry.viewers).chain(there.get(index).copied()).map(value).collect(),
        })
        .collect()
}

/// A bar; hatched where only *fewer than 5* may be told.
fn mark(canvas: &Canvas<'_>, (left, top, right, bottom): (i32, i32, i32, i32), colour: Rgb, few: bool) {
    if few {
        canvas.hatch(left, top, right, bottom, colour);
    } else {
        canvas.fill(left, top, right, bottom, colour);
    }
}

/// Left and right edge of a bar within its band: whole pixels, a gap where there is room for one.
fn bar(point: &Point, plot: PlotArea) -> (i32, i32) {
    let (left, right) = (point.left.round() as i32, point.right.round() as i32);
    let width = right - left;
    let gap = match width {
        ..=2 => 0,
        3..=7 => 1,
        _ => width / 5,
    };
    let bar_px = (width - gap).clamp(1, WIDEST_BAR_PX);
    let start = left + (width - bar_px) / 2;
    (start.max(plot.left), (start + bar_px).min(plot.right))
}

/// What the bars count, for a chart that stands alone.
fn note(label: &str, period: Period, pale: bool) -> String {
    let (span, each) = match period {
        Period::Day => ("day", "Somebody who came on three days counts on each of them."),
        Period::Week => ("week", "Somebody who came in three weeks counts in each of them."),
        Period::Month => ("month", "Somebody who came in three months counts in each of them."),
    };
    let marked = if pale { " Bars outside the chosen dates are pale." } else { "" };
    format!(
        "{label}. Different people with at least one viewing record of that {span}, in the reporting time zone. {each}{marked}"
    )
}

/// The period with most viewers among those that meet the chosen dates.
fn summary(periods: &[PeriodViewers], chosen: DateRange, data_through: Option<Day>, telling: Telling) -> String {
    periods
        .iter()
        .filter(|entry| entry.viewers > 0 && chosen.within(entry.days).is_some())
        .max_by_key(|entry| (entry.viewers, std::cmp::Reverse(entry.days.first())))
        .map_or_else(
            || words::nobody_watched(chosen, data_through),
            |most| format!("Most on {}, with {}", words::range(most.days), telling.viewers(most.viewers)),
        )
}
