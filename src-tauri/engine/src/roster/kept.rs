//! The class list that was looked at last, kept as long as nothing it follows from has changed.
//!
//! A range is dragged over one course, many times a second; who is who stays the same meanwhile. Deliberately absent: more than
//! one course.
//!
//! Invariant: the result is what the files held at the moment of the call.

use std::sync::{Arc, Mutex, PoisonError};

use chrono_tz::Tz;
use model::FolderId;

use super::in_view::{ClassInView, class_in_view};
use crate::Result;
use crate::store::DataFolder;
use crate::store::disk::Stat;
use crate::store::refusal::disk_error;
use crate::views::{CourseInView, Views};

/// The class list that was looked at last.
#[derive(Debug, Default)]
pub struct ClassLists(Mutex<Option<KeptClass>>);

#[derive(Debug)]
struct KeptClass {
    course: FolderId,
    list: Stat,
    people: Option<Stat>,
    seen: Option<Arc<CourseInView>>,
    class: Arc<ClassInView>,
}

impl ClassLists {
    /// The class list of a course beside its viewers; `None` where it has none.
    pub fn of(
        &self,
        folder: &DataFolder,
        views: &Views,
        course: FolderId,
        zone: Tz,
    ) -> Result<Option<Arc<ClassInView>>> {
        let Some(list) = stat(folder, &folder.class_list_file(course))? else { return Ok(None) };
        let people = stat(folder, &folder.people_file())?;
        let seen = views.course(folder, course, zone).ok();
        let is_same = |one: &Option<Arc<CourseInView>>| match (one, &seen) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| kept.course == course && kept.list == list && kept.people == people && is_same(&kept.seen))
        {
            return Ok(Some(Arc::clone(&kept.class)));
        }
        let Some(class) = class_in_view(folder, views, course, zone)?.map(Arc::new) else { return Ok(None) };
        *kept = Some(KeptClass { course, list, people, seen, class: Arc::clone(&class) });
        Ok(Some(class))
    }
}

fn stat(folder: &DataFolder, path: &std::path::Path) -> Result<Option<Stat>> {
    Ok(folder.disk().stat(path).map_err(|error| disk_error("read", path, error))?)
}
