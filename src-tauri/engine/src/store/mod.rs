//! The data folder on disk: the only code that touches data files.

pub mod disk;
pub mod faulty;
pub mod layout;
pub mod lock;
pub mod refusal;
pub mod safe_name;

pub use disk::{Disk, DiskFile, Durability, RealDisk, Replacement, replace};
pub use layout::{Area, DataFolder, activity_file, chunked_file, overview_file};
pub use lock::FolderLock;
