//! Average time in each part of a video, per viewer who reached it, beside the length of a part.
//!
//! Deliberately absent: who spent it. Invariant: a video with too few viewers for an average has none drawn.

use model::{CHUNK_COUNT, Figure, VideoFigures, words};

use crate::canvas::{Canvas, line, pixel};
use crate::caption::{Captioned, PADDING_PX, definitions};
use crate::chart::{Chart, Hue, Series, Style};
use crate::frame::{Frame, Swatch, description, draw_empty, draw_legend, draw_upright_axis, widest_px};
use crate::ticks::spent_ticks;
use crate::timeline::{caution, chunk_points, draw_timeline_axis, nothing, part};

/// Title of the chart.
pub const TITLE: &str = "Average time per viewer and part";

/// The scale reaches the length of a part, unless that is more than this many times the highest bar.
const LEAST_SHARE: f64 = 4.0;

/// Draws the average time per viewer in each part. A line marks the length of a part: bars above it were watched again.
pub fn average_time(figures: &VideoFigures, style: &Style) -> Chart {
    let palette = style.palette();
    let caution = caution(figures.totals.group_size());
    // An average of one to four people is what single people did.
    let secs: Vec<f64> =
        figures.chunks.iter().map(|chunk| if caution.is_some() { 0.0 } else { chunk.average_secs }).collect();
    let max_secs = secs.iter().copied().fold(0.0, f64::max);
    let chunk_secs = figures.totals.duration_secs.map(|duration_secs| duration_secs / CHUNK_COUNT as f64);
    let spent = || secs.iter().copied().filter(|secs| *secs > 0.0);
    let least_secs = spent().fold(max_secs, f64::min);
    let extent = if words::clock(least_secs) == words::clock(max_secs) {
        words::clock(max_secs)
    } else {
        format!("{} to {}", words::clock(least_secs), words::clock(max_secs))
    };
    let series = vec![Series { label: Figure::ChunkAverageTime.name().to_owned(), hue: Hue::Time, extent }];

    let empty = nothing(figures).or(caution.map(str::to_owned));
    let marked_secs = chunk_secs.filter(|secs| *secs <= max_secs * LEAST_SHARE && empty.is_none());
    let subtitle = chunk_secs.map(|secs| {
        let length = words::clock(secs);
        if marked_secs.is_some() {
            format!("each part {length}, marked by the line")
        } else {
            format!("each part {length}")
        }
    });
    let captioned = Captioned::new(style, TITLE, subtitle.as_deref(), &definitions(&[Figure::ChunkAverageTime]));
    let scale = |frame: Frame| spent_ticks(max_secs.max(marked_secs.unwrap_or(0.0)), f64::from(frame.plot.height()));
    let first_frame = Frame::new(style, captioned.as_ref(), true, 0.0);
    let frame = Frame::new(style, captioned.as_ref(), true, widest_px(&scale(first_frame).1));
    let (y_end, y_ticks) = scale(frame);

    let mut chart = Chart {
        title: TITLE.to_owned(),
        subtitle,
        svg: String::new(),
        width_px: frame.size_px.0,
        height_px: frame.size_px.1,
        plot: frame.plot,
        position_label: "Part of the video".to_owned(),
        series,
        points: chunk_points(figures, frame.plot, |index| {
            vec![(secs[index], words::clock(secs[index]), secs[index] / y_end)]
        }),
        summary: summary(figures),
        empty,
        caution,
    };
    chart.svg = Canvas::document(style, frame.size_px, TITLE, &description(style, &chart), |canvas| {
        if let Some(captioned) = &captioned {
            captioned.draw(canvas, palette, chart.height_px);
            if chart.empty.is_none() {
                draw_legend(canvas, palette, frame, PADDING_PX + captioned.height_px() + 4, &chart.series, Swatch::Bar);
            }
        }
        draw_upright_axis(canvas, palette, frame.plot, &y_ticks, y_end);
        let plot = canvas.plot(frame.plot, CHUNK_COUNT as f64, y_end);
        for (index, secs) in secs.iter().enumerate().filter(|(_, secs)| **secs > 0.0) {
            let (left, top) = pixel(&plot, index as f64, *secs);
            let right = pixel(&plot, index as f64 + 1.0, 0.0).0;
            let gap = ((right - left) / 9).clamp(i32::from(right - left >= 3), 6);
            canvas.fill(
                left + gap / 2,
                top.min(frame.plot.bottom - 1),
                right - gap + gap / 2,
                frame.plot.bottom,
                palette.time,
            );
        }
        if let Some(secs) = marked_secs {
            line(&plot, &[(0.0, secs), (CHUNK_COUNT as f64, secs)], palette.text_muted);
        }
        draw_timeline_axis(canvas, palette, frame.plot, figures.totals.duration_secs);
        if let Some(message) = &chart.empty {
            draw_empty(canvas, palette, frame.plot, message);
        }
    });
    chart
}

fn summary(figures: &VideoFigures) -> String {
    figures.chunks.iter().rev().max_by(|a, b| a.average_secs.total_cmp(&b.average_secs)).map_or_else(
        String::new,
        |most| {
            format!(
                "Most time in {}, {} per viewer",
                part(most.start_secs, most.end_secs),
                words::time(most.average_secs)
            )
        },
    )
}
