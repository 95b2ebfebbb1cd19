//! The figures people are shown, for a course and for a video, under one date range.
//!
//! One rule holds for all of them: only records of days within the range exist. So a viewer is somebody with a record in
//! the range, and what they covered is the union of their runs of those days, over all of them together. That is where
//! the screen differs from the dataset for Tableau, whose rows are judged day by day (`docs/figures.md`).

mod course;
mod definition;
mod of_video;
mod tally;
mod video;

pub use course::{CourseFigures, HeatMeasure, MapMeasure, VideoRow};
pub use definition::Figure;
pub use of_video::{Column, FIGURES_OF_VIDEO, FigureOfVideo, FigureValue, Unit, VideoTotals, figures_on_the_page};
pub use video::{ChunkFigures, VideoFigures};

/// `part` of `whole` in percent, 0 to 100; `None` of nothing.
fn percent(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole) * 100.0)
}
