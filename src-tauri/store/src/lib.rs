//! The data folder: every file in it, the lock, atomic replacement, merging, staging and the journal.
//!
//! The only code that touches data files. Other files that a person chooses (a `.env`, a list to import, a chart to
//! save) also go through its [`Disk`]. Deliberately absent: the server, and what the figures mean.
//!
//! Invariant: whenever the process is killed and however full the disk is, no half-written file has its final name, no
//! stored record is lost, and none is stored twice.

pub mod activity;
pub mod captions;
mod class_lists;
pub mod columns;
pub mod course_list;
pub mod dates;
pub mod directory_name;
pub mod disk;
mod duplicate;
mod error;
#[cfg(any(test, feature = "testing"))]
pub mod faulty;
mod forgotten;
pub mod journal;
mod keep_for;
pub mod layout;
mod leads_out;
mod lock;
pub mod merge;
pub mod missing;
pub mod moment;
mod name_journal;
mod notes;
pub mod number;
pub mod overview;
mod pairs;
mod path_text;
mod people;
mod permissions;
mod process_lock;
mod raw_rows;
pub mod refusal;
pub mod relocate;
pub mod removal;
mod reporting_zone;
pub mod safe_name;
pub mod staging;
pub mod stamp;
pub mod state;
pub mod surplus;
mod table;
pub mod trash;
mod unfit;
mod within;

pub use disk::{Disk, DiskFile, Durability, RealDisk, Replacement, replace};
pub use error::{Error, ErrorKind, Result};
pub use forgotten::ForgottenAccount;
pub use keep_for::MOST_KEEP_DAYS;
pub use layout::{Area, DataFolder, activity_file, chunked_file, overview_file};
pub use lock::FolderLock;
pub use name_journal::{NamedExport, NamedExportEntry};
pub use pairs::MendedPair;
pub use path_text::path_text;
pub use people::{KnownName, People};
pub use process_lock::ProcessLock;
pub use table::{push_line, quoted};
pub use unfit::Unfit;
