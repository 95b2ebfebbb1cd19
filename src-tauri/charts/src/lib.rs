//! Figures drawn as SVG with plotters, and as PNG from the very same SVG.
//!
//! Screen, saved file and command line call the same functions and cannot disagree. Beside the drawing, a [`Chart`] has the
//! places of things in it and the exact values behind it, so that nothing is computed twice.
//!
//! Deliberately absent: files, fonts of the screen, interaction, and figures (crate `model` has them).
//!
//! Invariants: the same figures and style give the same bytes; names from a server are drawn as text and nothing else; a
//! chart of nothing is still a chart, and says so.

#![allow(clippy::cast_possible_wrap, reason = "counts of videos and chunks are far below 2^31")]

mod across_time;
mod average_time;
mod by_second;
mod canvas;
mod caption;
mod chart;
mod course_map;
mod flags;
mod frame;
mod grid;
mod legend;
mod marks;
mod outline;
mod palette;
mod people_matrix;
mod png;
mod report;
mod scale;
mod text;
mod ticks;
mod timeline;

pub use across_time::{fitting_period, viewers_across_time, viewers_across_time_beside};
pub use average_time::average_time;
pub use by_second::{BySecond, Seconds, by_second};
pub use chart::{Caption, Chart, Ground, Hue, PlotArea, Point, Series, Style, Value};
pub use course_map::{course_map, course_map_in_parts};
pub use grid::{GridOutlines, heat_map, timeline_grid, timeline_grid_beside, viewers_at_top};
pub use outline::{OtherTimeline, OtherViewers, Outline};
pub use palette::{DIFFERENCE_STEPS, HEAT_STEPS, Palette, Rgb, Theme};
pub use people_matrix::{MatrixRow, people_matrix};
pub use png::PngError;
pub use report::{Report, ReportFact, report_page};
pub use scale::{ColourScale, heat_text, map_text};
pub use text::measure_px;
pub use timeline::{part, small_timeline, viewers_across_timeline, viewers_across_timeline_beside};

/// Titles of the charts, as people read them.
pub mod titles {
    pub use crate::across_time::TITLE as ACROSS_TIME;
    pub use crate::average_time::TITLE as AVERAGE_TIME;
    pub use crate::by_second::TITLE as BY_SECOND;
    pub use crate::course_map::TITLE as COURSE_MAP;
    pub use crate::grid::{HEAT_TITLE as HEAT_MAP, TIMELINES_TITLE as TIMELINE_GRID};
    pub use crate::people_matrix::TITLE as PEOPLE_BY_VIDEOS;
    pub use crate::timeline::TITLE as ACROSS_TIMELINE;
}
