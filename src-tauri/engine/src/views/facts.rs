//! What the course list, the state and the journal say about a course, without reading its videos and viewing records.
//!
//! Window and command line describe a course by these facts; [`crate::status`] adds counts of what is stored.
//!
//! Invariant: an unreadable course does not hide the others. Its trouble is reported in its place.

use chrono::{DateTime, NaiveDate, Utc};
use model::{CourseViews, DateRange, Day, FolderId};

use crate::outcome::Failure;
use crate::store::course_list::ListedCourse;
use crate::store::journal::{Attempt, Journal, JournalFile, StoredCounts};
use crate::store::missing::check_by_journal;
use crate::store::state::FetchedCourse;
use crate::store::{Area, DataFolder, activity_file, overview_file};
use crate::{Error, ErrorCode, Result};

/// One course of the list, and how far it has been fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseFacts {
    /// The Panopto folder.
    pub id: FolderId,
    /// The course's name; its ID if neither the list nor a sync has given a name.
    pub name: String,
    /// Whether the list or a sync has given a name.
    pub is_named: bool,
    /// Whether viewing has ever been fetched. A first sync that is stopped early has stored only the list of videos.
    pub has_data: bool,
    /// Whether the list of its videos is stored, even if nothing else is.
    pub is_listed: bool,
    /// The last UTC day for which everything is fetched.
    pub fetched_through: Option<NaiveDate>,
    /// How the course's last sync ended, if this program ran it.
    pub last_attempt: Option<Attempt>,
    /// When a sync last completed the course.
    pub last_complete: Option<DateTime<Utc>>,
    /// What its records held when they were last written; valid only for a file of that length.
    pub counted: Option<StoredCounts>,
    /// Why the course cannot be read, if it cannot: its folder, its journal, or files that are gone or cut off.
    pub trouble: Option<Failure>,
}

impl CourseFacts {
    /// The last day of which everything is known: the last fetched one, or else the last with viewing. `views` are of this
    /// course.
    pub fn known_through(&self, views: &CourseViews) -> Option<Day> {
        self.fetched_through.map(Day::from_date).or_else(|| views.days().map(DateRange::last))
    }
}

/// The facts of every course on the list, in its order.
///
/// A damaged journal only costs what it knew about the last sync and does not count as trouble: the next sync reports
/// it and goes on.
pub fn course_facts(folder: &DataFolder) -> Result<Vec<CourseFacts>> {
    let state = folder.state()?;
    Ok(folder.courses()?.into_iter().map(|course| facts(folder, course, &state)).collect())
}

/// The facts of one course. [`ErrorCode::NotFound`] if it is not on the list.
pub fn facts_of_course(folder: &DataFolder, id: FolderId) -> Result<CourseFacts> {
    let listed = folder.courses()?.into_iter().find(|course| course.id == id).ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("The course {id} is not on the course list"))
            .with_hint("It was perhaps removed in another window; start the program again")
    })?;
    Ok(facts(folder, listed, &folder.state()?))
}

fn facts(folder: &DataFolder, course: ListedCourse, state: &[FetchedCourse]) -> CourseFacts {
    let fetched = state.iter().find(|fetched| fetched.id == course.id);
    let names = [Some(course.name), fetched.map(|fetched| fetched.name.clone())];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    let mut facts = CourseFacts {
        id: course.id,
        is_named: name.is_some(),
        name: name.unwrap_or_else(|| course.id.to_string()),
        has_data: false,
        is_listed: false,
        fetched_through: fetched.and_then(|fetched| fetched.last_day),
        last_attempt: None,
        last_complete: None,
        counted: None,
        trouble: None,
    };
    let (mut missing, mut is_only_listed) = (None, false);
    match Journal::load(folder, course.id) {
        Ok(JournalFile::Journal(journal)) => {
            missing = check_by_journal(folder, &journal).err();
            is_only_listed = !tells_of_viewing(&journal);
            (facts.last_attempt, facts.last_complete) = (journal.last, journal.last_complete);
            facts.counted = journal.stored;
        }
        Ok(JournalFile::Nothing | JournalFile::Damaged(_)) => {}
        Err(error) => facts.trouble = Some(Failure::from(&error)),
    }
    match listed_and_fetched(folder, course.id, is_only_listed) {
        Ok(found) => (facts.is_listed, facts.has_data) = found,
        Err(error) => facts.trouble = Some(Failure::from(&error)),
    }
    if let Some(error) = missing {
        // Something was fetched but is not there now.
        (facts.has_data, facts.trouble) = (true, Some(Failure::from(&error)));
    }
    facts
}

/// Whether a sync has ever stored what it fetched, even if nobody had watched.
fn tells_of_viewing(journal: &Journal) -> bool {
    journal.stored.is_some() || journal.last_complete.is_some() || journal.claims_records()
}

/// Whether the videos are listed, and whether viewing was fetched. `is_only_listed` says that the journal knows of no
/// viewing. A file of records still counts as viewing: a sync killed right after writing one has noted nothing in its
/// journal yet.
fn listed_and_fetched(folder: &DataFolder, course: FolderId, is_only_listed: bool) -> Result<(bool, bool)> {
    let Some(directory) = folder.course_dir(Area::Database, course)? else { return Ok((false, false)) };
    let is_listed = folder.exists(&overview_file(&directory))?;
    Ok((is_listed, is_listed && (!is_only_listed || folder.exists(&activity_file(&directory))?)))
}
