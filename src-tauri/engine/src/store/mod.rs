//! The data folder on disk: the only code that touches data files.

pub mod activity;
pub mod columns;
pub mod course_list;
pub mod disk;
pub mod faulty;
pub mod journal;
pub mod layout;
pub mod lock;
pub mod merge;
pub mod missing;
pub mod moment;
pub mod number;
pub mod overview;
pub mod refusal;
pub mod relocate;
mod reporting_zone;
pub mod safe_name;
pub mod staging;
pub mod stamp;
pub mod state;
pub(crate) mod table;
pub mod trash;

pub use disk::{Disk, DiskFile, Durability, RealDisk, Replacement, replace};
pub use layout::{Area, DataFolder, activity_file, chunked_file, overview_file};
pub use lock::FolderLock;
