//! Stored data prepared for looking at: facts for the course list, and a course's viewing laid out for figures.
//!
//! Deliberately absent: writing, and figures, which come from the model. Looking needs no lock, because every file is
//! replaced in one step.

mod cache;
mod counts;
mod course;
mod facts;
mod fetched;
mod load;
mod looked_at;
mod side_by_side;
#[cfg(test)]
mod tests;

pub use cache::Views;
pub use counts::{CourseCounts, MarkedCounts};
pub use course::CourseInView;
pub use facts::{CourseFacts, course_facts, facts_of_course};
pub use side_by_side::{both, side_by_side};
