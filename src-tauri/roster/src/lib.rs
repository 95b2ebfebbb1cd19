//! Class lists and gradebooks: the bytes of a file in, people out; points in, the bytes of a file for a gradebook out.
//!
//! Reads what learning platforms, spreadsheets and mail programs export, and writes what gradebooks import. Pure: the same
//! bytes give the same people, so that a preview is the import. Deliberately absent: files, the data folder, Panopto, and which
//! person of a list is which viewer (crate `model`).
//!
//! Everything that is read is hostile: bounded, never run, never markup, never a path.

mod csv;
mod decode;
mod error;
mod field;
mod fill;
mod gradebook;
mod header;
mod held;
mod html;
mod lines;
mod people;
mod read;
mod sheet;
mod system;
mod table;

pub use decode::TextEncoding;
pub use error::{Problem, Unreadable};
pub use field::Field;
pub use fill::{Filled, fill};
pub use gradebook::{Gradebook, GradebookFile, GradebookFormat, NoGradebook, gradebook_file};
pub use people::{SkipReason, SkippedRow};
pub use read::{ClassFile, Reading, read};
pub use system::System;
pub use table::{Container, MOST_BYTES};
