//! Who: the people behind user IDs, what the teacher has decided about them, and what one person watched.
//!
//! A *person* is one or more user IDs of Panopto. Nothing is known of a person but IDs until names are fetched, and every
//! figure works without names. Deliberately absent: class lists and matching, files, and where names come from.
//!
//! Invariants: an ID belongs to one person; seconds that two accounts of a person watched are united and never added twice;
//! where nothing is decided, every ID is a person of its own and nothing is left out.

mod account;
mod behind;
mod by_day;
mod decisions;
mod in_order;
mod matrix;
mod of_course;
mod of_video;
mod panopto_role;
mod person_id;
mod segments;
mod strip;
mod suggest;
mod together;

pub use account::{Account, AccountName, NameState, user_key_parts};
pub use behind::is_behind;
pub use by_day::watched_by_day;
pub use decisions::{Decisions, MergeRefusal, Role};
pub use in_order::{folded_name, name_order};
pub use matrix::{MatrixCell, PeopleMatrix, PersonTotals};
pub use of_course::{Numbered, PeopleOfCourse, Person};
pub use of_video::{PersonOfVideo, ViewingSpan, WatchState, people_of_video, people_with_strips, person_of_video};
pub use panopto_role::PanoptoRole;
pub use person_id::PersonId;
pub use strip::StripLevel;
pub use suggest::{SameBecause, merge_suggestions};
pub use together::accounts_together;
