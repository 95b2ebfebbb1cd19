//! People of a data folder: who they are called, what is decided about them, and being forgotten.
//!
//! Names are an enrichment: they are fetched after the records, kept apart from them, and nothing here makes a sync fail or
//! changes a record, but for what is removed on purpose. Deliberately absent: what somebody watched, which the model counts.
//!
//! Invariant: names come from `people.csv` only, and leave this module only where the caller says that they may be shown.

mod decide;
mod facts;
mod forget;
mod forgotten;
mod in_view;
mod keep_for;
mod names;
mod panopto_roles;

pub use decide::{count_again, decisions_back, leave_out, merge, part, say_different, say_taught, unsay_different};
pub use facts::{FACTS, Fact, Keeps, SETTINGS_FACTS, statements};
pub use forget::{ForgetReport, RetentionReport, finish_forgetting, forget, remove_older, would_remove_older};
pub(crate) use forgotten::Forgotten;
pub use in_view::{PeopleInView, WithNames, numbered};
pub use keep_for::{kept_from, remove_too_old};
pub use names::{NamesAsk, NamesFetch, NamesProgress, NamesReport};
