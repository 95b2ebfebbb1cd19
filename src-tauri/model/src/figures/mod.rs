//! The figures people are shown, for a course and for a video, under one date range.
//!
//! One rule holds for all of them: only records of days within the range exist. So a viewer is somebody with a record
//! in the range, and their coverage is the union of their runs on those days, all days together. Here the screen
//! differs from the dataset for Tableau, whose rows are judged day by day (`docs/figures.md`).
//!
//! Deliberately absent: colours, layout, dates of terms. Invariant: a figure is one function here, wherever it is
//! shown.

mod about;
mod arithmetic;
mod beside;
mod course;
mod definition;
mod fair;
mod measure;
mod of_people;
mod of_video;
mod presented;
mod rests_on_coverage;
mod row;
mod statistic;
mod tally;
mod usual;
mod video;

use arithmetic::average_secs;
pub(crate) use arithmetic::{median, percent};
pub use course::CourseFigures;
pub use definition::Figure;
pub use fair::ComparedCoverage;
pub use measure::{HeatMeasure, MapMeasure};
pub use of_video::{Column, FIGURES_OF_VIDEO, FigureOfVideo, FigureValue, Unit, VideoTotals, figures_on_the_page};
pub use row::VideoRow;
pub use statistic::{GroupSize, Statistic, TOO_FEW};
pub use usual::{can_be_usual, usual_viewers_percent};
pub use video::{ChunkFigures, VideoFigures};
