//! Keeping records for a time: what is older goes after each sync, in the courses of which the teacher has said so.
//!
//! Deliberately absent: how records are removed (`forget.rs`), and a preview, which is `would_remove_older` of the day that
//! [`kept_from`] gives. Invariant: nothing goes in a course without a period, nor where the periods cannot be read.

use chrono::{Days, NaiveDate};
use model::FolderId;

use super::forget::{RetentionReport, remove_older, would_remove_older};
use crate::Result;
use crate::store::{DataFolder, FolderLock};

/// The first UTC day that is kept where records are kept for so many days.
pub fn kept_from(today: NaiveDate, days: u32) -> NaiveDate {
    today.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

/// Removes what is older than it may be kept, in every course that has a period. Returns what went; courses of which nothing
/// did are left out.
pub fn remove_too_old(
    folder: &DataFolder,
    lock: &FolderLock,
    today: NaiveDate,
) -> Result<Vec<(FolderId, RetentionReport)>> {
    let mut removed = Vec::new();
    for (course, days) in folder.keep_for()? {
        let before = kept_from(today, days);
        if would_remove_older(folder, course, before)?.records > 0 {
            removed.push((course, remove_older(folder, lock, course, before)?));
        }
    }
    Ok(removed)
}
