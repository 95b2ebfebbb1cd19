//! The class list of a course: importing it, looking at it beside the viewers, and deciding who is who.
//!
//! Window and command line do it with the same functions. Deliberately absent: reading the bytes (crate `roster`), matching
//! (crate `model`), and the file it is kept in (crate `store`).
//!
//! Invariants: the preview is the import without keeping it; a class list never touches viewing records; Panopto is not told.

mod decide;
mod everybody;
mod import;
mod in_view;
mod kept;
mod kept_people;
mod of_video;
mod who;

pub use ::roster::{GradebookFormat, Reading};
pub use decide::{
    WhoIsIt, confirm_domain, decide_match, find_listed, finish_forgetting, forget_person, remove_class_list,
};
pub use everybody::{Everybody, PeopleRow, PeopleTable, Somebody, Standing};
pub(crate) use import::unreadable;
pub use import::{Roster, RosterPlan, import_roster, pasted_roster, preview_roster, roster_of_file};
pub use in_view::{ClassInView, OfEnrolled, class_in_view, hidden_label};
pub use kept::ClassLists;
pub use kept_people::LastPeople;
pub use of_video::{Watched, state_of};
