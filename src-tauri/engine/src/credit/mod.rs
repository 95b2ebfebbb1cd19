//! Credit for watching videos of a course by a deadline: the list, the file for a gradebook, and the text that says what was
//! counted.
//!
//! Deliberately absent: the arithmetic (crate `model`) and the forms of files (crate `roster`). Nothing of it is kept.
//!
//! Invariants: only people of whom it is sure who they are get a value, unless the teacher decides otherwise for one of them,
//! with a reason; the text names the rule, the deadline in its zone, and up to when records are there.

mod deadline;
mod files;
mod list;
mod text;

pub use deadline::{Deadline, typed_deadline};
pub use files::{CreditFile, credit_file, filled_gradebook};
pub use list::{CreditList, CreditOverride, CreditRequest, CreditRow, CreditVideo, CreditWho, credit_list};
pub use text::credit_text;
