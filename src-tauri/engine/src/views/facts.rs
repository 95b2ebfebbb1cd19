//! What the course list says about a course, without reading its viewing records.

use chrono::NaiveDate;
use model::FolderId;

use crate::store::course_list::ListedCourse;
use crate::store::journal::{Attempt, Found, Journal};
use crate::store::{Area, DataFolder, overview_file};
use crate::{Error, ErrorCode, Result};

/// One course of the list and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseFacts {
    /// The Panopto folder.
    pub id: FolderId,
    /// Its name; the ID where neither the list nor a sync has told one.
    pub name: String,
    /// Whether anything was ever fetched: its videos are known.
    pub has_data: bool,
    /// The last UTC day of which everything is fetched.
    pub fetched_through: Option<NaiveDate>,
    /// How the last sync of it ended, where this program did it.
    pub last_attempt: Option<Attempt>,
}

/// The facts of every course on the list, in its order.
///
/// A damaged journal costs what it told about the last sync and is no error: the next sync says so and goes on.
pub fn course_facts(folder: &DataFolder) -> Result<Vec<CourseFacts>> {
    let state = folder.state()?;
    folder.courses()?.into_iter().map(|course| facts(folder, course, &state)).collect()
}

/// The facts of one course. [`ErrorCode::NotFound`] where it is not on the list.
pub fn facts_of_course(folder: &DataFolder, id: FolderId) -> Result<CourseFacts> {
    let listed = folder.courses()?.into_iter().find(|course| course.id == id).ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("The course {id} is not on the course list"))
            .with_hint("It was perhaps removed in another window; start the program again")
    })?;
    facts(folder, listed, &folder.state()?)
}

fn facts(
    folder: &DataFolder,
    course: ListedCourse,
    state: &[crate::store::state::FetchedCourse],
) -> Result<CourseFacts> {
    let has_data = match folder.course_dir(Area::Database, course.id)? {
        Some(directory) => folder.exists(&overview_file(&directory))?,
        None => false,
    };
    let last_attempt = match Journal::load(folder, course.id)? {
        Found::Journal(journal) => journal.last,
        Found::Nothing | Found::Damaged(_) => None,
    };
    let fetched = state.iter().find(|fetched| fetched.id == course.id);
    let names = [Some(course.name), fetched.map(|fetched| fetched.name.clone())];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    Ok(CourseFacts {
        name: name.unwrap_or_else(|| course.id.to_string()),
        id: course.id,
        has_data,
        fetched_through: fetched.and_then(|fetched| fetched.last_day),
        last_attempt,
    })
}
