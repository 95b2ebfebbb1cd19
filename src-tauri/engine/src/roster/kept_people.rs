//! Everybody of the course that was looked at last, kept as long as nothing they follow from has changed.
//!
//! A list is scrolled and a range is dragged over one course; who is who stays the same meanwhile. Deliberately absent: more
//! than one course.
//!
//! Invariant: the result is what the files held at the moment of the call.

use std::sync::{Arc, Mutex, PoisonError};

use super::everybody::Everybody;
use super::in_view::ClassInView;
use crate::Result;
use crate::people::WithNames;
use crate::store::DataFolder;
use crate::store::disk::Stat;
use crate::store::refusal::disk_error;
use crate::views::CourseInView;

/// Everybody of the course that was looked at last.
#[derive(Debug, Default)]
pub struct LastPeople(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    course: Arc<CourseInView>,
    class: Option<Arc<ClassInView>>,
    file: Option<Stat>,
    everybody: Arc<Everybody>,
}

impl LastPeople {
    /// Everybody of a course, with its class list where it has one.
    pub fn of(
        &self,
        folder: &DataFolder,
        course: &Arc<CourseInView>,
        class: Option<Arc<ClassInView>>,
        names: WithNames,
    ) -> Result<Arc<Everybody>> {
        let path = folder.people_file();
        let file = folder.disk().stat(&path).map_err(|error| disk_error("read", &path, error))?;
        let is_same_class = |one: &Option<Arc<ClassInView>>| match (one, &class) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = last.as_ref()
            && Arc::ptr_eq(&kept.course, course)
            && is_same_class(&kept.class)
            && kept.file == file
            && kept.everybody.names() == names
        {
            return Ok(Arc::clone(&kept.everybody));
        }
        let everybody = Arc::new(Everybody::new(folder, course, class.clone(), names));
        *last = Some(Kept { course: Arc::clone(course), class, file, everybody: Arc::clone(&everybody) });
        Ok(everybody)
    }
}
