//! The people of a course as the window looks at them, decides about them, and takes a decision back.
//!
//! Deliberately absent: what the pages say (`pages/`), files that are saved (`people_files.rs`). Invariant: what is looked at
//! and what is saved come from the same rows.

use std::sync::Arc;

use engine::dates::dates_in_view;
use engine::people::{count_again, decisions_back, leave_out, merge, part, say_different, say_taught, unsay_different};
use engine::roster::{Everybody, PeopleTable, Watched, forget_person};
use engine::{Error, ErrorCode, Result};
use model::words::counted;
use model::{Role, UserId, ViewingSpan};

use crate::open_course::OpenCourse;
use crate::pages::chosen_people::ChosenPeople;
use crate::pages::people::{MatrixPerson, PeopleOrder, PeoplePage, PeopleRequest, cell_in_words, rows_of, some_rows};
use crate::pages::person::{OfPerson, PersonPage, PersonRequest};
use crate::pages::tidy::{DecidedPeople, PeopleDecided, PeopleDecision, PeopleTidy};
use crate::pages::until::{ByWhen, Until};
use crate::pages::video_people::{VideoPeople, VideoPeopleRequest};
use crate::pages::{id, range};
use crate::workspace::Workspace;

/// A list of people that was asked for.
pub(crate) struct AskedPeople {
    pub(crate) open: OpenCourse,
    pub(crate) everybody: Arc<Everybody>,
    pub(crate) table: Arc<PeopleTable>,
    pub(crate) range: model::DateRange,
    /// Places in [`Everybody::people`].
    pub(crate) rows: Vec<usize>,
}

/// What was asked of a video.
pub(crate) struct AskedVideo {
    pub(crate) open: OpenCourse,
    pub(crate) everybody: Arc<Everybody>,
    pub(crate) video: usize,
    pub(crate) range: model::DateRange,
    pub(crate) until: Until,
    /// What everybody watched of it.
    pub(crate) watched: Vec<Option<Watched>>,
}

impl Workspace {
    /// A course and everybody of it, both in the same state.
    pub(crate) fn everybody(&self, course_id: &str) -> Result<(OpenCourse, Arc<Everybody>)> {
        let mut open = self.open_course(course_id)?;
        let names = self.discretion().names();
        let class = self.class_of(&open);
        let everybody = self.last_people.of(&self.folder()?, &open.course, class, names)?;
        open.course = Arc::clone(&everybody.seen.course);
        Ok((open, everybody))
    }

    pub(crate) fn asked_video(&self, request: &VideoPeopleRequest) -> Result<AskedVideo> {
        let range = range::days(request.range.as_ref())?;
        let (open, everybody) = self.everybody(&request.course_id)?;
        let range = open.days(range);
        let video = open.course.video(id::video(&request.session_id)?)?;
        let dates = dates_in_view(&self.folder()?, &open.course, open.zone, open.fetched_through())?;
        let until = Until::of(&open, &dates, video, &request.by, self.clock.now())?;
        let watched = everybody.watched_by_all(video, ViewingSpan { range, before: until.before });
        Ok(AskedVideo { open, everybody, video, range, until, watched })
    }

    /// Who has not opened, started and covered a video.
    pub(crate) fn video_people(&self, request: &VideoPeopleRequest) -> Result<VideoPeople> {
        if self.discretion().presents {
            return self.presented_video(request);
        }
        let asked = self.asked_video(request)?;
        let when = (asked.range, &asked.until);
        Ok(VideoPeople::new(&asked.open, &asked.everybody, asked.video, when, &asked.watched))
    }

    /// The same for others to see: two instants could show what one person did.
    fn presented_video(&self, request: &VideoPeopleRequest) -> Result<VideoPeople> {
        let asked = self.asked_video(&VideoPeopleRequest { by: ByWhen::Range, ..request.clone() })?;
        Ok(VideoPeople::presented(&asked.open, &asked.everybody, asked.video, asked.range, &asked.watched))
    }

    pub(crate) fn asked_people(&self, request: &PeopleRequest) -> Result<AskedPeople> {
        let range = range::days(request.range.as_ref())?;
        let (open, everybody) = self.everybody(&request.course_id)?;
        let table = everybody.table(ViewingSpan::of_days(range), open.known_through());
        let video = match &request.order {
            PeopleOrder::Video { session_id } => Some(open.course.video(id::video(session_id)?)?),
            PeopleOrder::Behind
            | PeopleOrder::Name
            | PeopleOrder::Opened
            | PeopleOrder::Covered
            | PeopleOrder::WatchTime
            | PeopleOrder::LastSeen => None,
        };
        let rows = rows_of(&everybody, &table, request, video);
        Ok(AskedPeople { open, everybody, table, range, rows })
    }

    /// The people of a course, with the first of their rows.
    pub(crate) fn people(&self, request: &PeopleRequest) -> Result<PeoplePage> {
        let asked = self.asked_people(request)?;
        let start = request.start.as_deref();
        Ok(PeoplePage::new(&asked.open, &asked.everybody, &asked.table, asked.range, &asked.rows, start))
    }

    /// More of their rows.
    pub(crate) fn people_rows(&self, request: &PeopleRequest, from: u32) -> Result<Vec<MatrixPerson>> {
        let asked = self.asked_people(request)?;
        Ok(some_rows(&asked.everybody, &asked.table, &asked.rows, from as usize))
    }

    /// What can be done with people who are chosen.
    pub(crate) fn people_chosen(&self, course_id: &str, keys: &[String]) -> Result<ChosenPeople> {
        let (_, everybody) = self.everybody(course_id)?;
        let people: Vec<usize> = keys.iter().filter_map(|key| everybody.find(key)).collect();
        Ok(ChosenPeople::new(&everybody, people))
    }

    /// One cell of the matrix in words.
    pub(crate) fn people_cell(
        &self,
        course_id: &str,
        key: &str,
        session_id: &str,
        range: model::DateRange,
    ) -> Result<String> {
        let (open, everybody) = self.everybody(course_id)?;
        let (who, video) = (found(&everybody, key)?, open.course.video(id::video(session_id)?)?);
        let watched = everybody.watched_by(video, who, ViewingSpan::of_days(range));
        Ok(cell_in_words(everybody.label(who), &open.video(video).name, watched.as_ref()))
    }

    /// One person, with who comes before and after in the list they were opened from.
    pub(crate) fn person(&self, request: &PersonRequest) -> Result<PersonPage> {
        let asked = self.asked_people(&request.list)?;
        let who = found(&asked.everybody, &request.key)?;
        let in_time = self.in_time(&asked.open);
        let of = OfPerson {
            everybody: &asked.everybody,
            table: &asked.table,
            who,
            rows: &asked.rows,
            range: asked.range,
            in_time: &in_time,
        };
        Ok(PersonPage::new(&asked.open, &of))
    }

    /// What there is to tidy among the people of a course.
    pub(crate) fn people_tidy(&self, course_id: &str) -> Result<PeopleTidy> {
        let (_, everybody) = self.everybody(course_id)?;
        let signed_in = self.memory.get().signed_in.map(|signed_in| signed_in.name);
        let me: Vec<String> = signed_in.into_iter().chain(self.settings()?.user_name).collect();
        Ok(PeopleTidy::new(&everybody, &self.folder()?.people()?, &me))
    }

    /// Decides something about people.
    pub(crate) fn decide_people(&self, decision: &PeopleDecision) -> Result<PeopleDecided> {
        let (_, everybody) = self.everybody(&decision.course_id)?;
        let left_out = everybody.seen.course.people.left_out();
        let mut accounts: Vec<UserId> = Vec::new();
        for key in &decision.keys {
            let of_left_out = left_out.iter().find(|person| person.id.to_string() == *key);
            let theirs = match of_left_out {
                Some(person) => person.accounts.clone(),
                None => everybody.user_ids(found(&everybody, key)?),
            };
            if theirs.is_empty() {
                return Err(Error::new(
                    ErrorCode::InvalidInput,
                    "Somebody who was never seen is in no figure of viewers",
                )
                .with_hint("Choose people with viewing"));
            }
            accounts.extend(theirs);
        }
        let people = counted(decision.keys.len() as u64, "person", "people");
        let text = match decision.what {
            DecidedPeople::LeaveOut | DecidedPeople::LeaveOutStaff | DecidedPeople::LeaveOutTest => {
                format!("{people} left out of every figure")
            }
            DecidedPeople::CountAgain => format!("{people} counted again"),
            DecidedPeople::Join => format!("{people} made one"),
            DecidedPeople::Part => "The accounts count as people of their own".to_owned(),
            DecidedPeople::Different => "Remembered as different people".to_owned(),
            DecidedPeople::Taught => format!("{people} remembered as not staff"),
            DecidedPeople::SuggestAgain => "May be suggested again".to_owned(),
        };
        let (before, after) = self.change_quickly(|folder, lock| {
            let before = folder.people()?.decisions;
            match decision.what {
                DecidedPeople::LeaveOut => leave_out(folder, lock, &accounts, None),
                DecidedPeople::LeaveOutStaff => leave_out(folder, lock, &accounts, Some(Role::Staff)),
                DecidedPeople::LeaveOutTest => leave_out(folder, lock, &accounts, Some(Role::Test)),
                DecidedPeople::CountAgain => count_again(folder, lock, &accounts).map(drop),
                DecidedPeople::Join => merge(folder, lock, &accounts).map(drop),
                DecidedPeople::Part => part(folder, lock, &accounts).map(drop),
                DecidedPeople::Different => say_different(folder, lock, &accounts),
                DecidedPeople::Taught => say_taught(folder, lock, &accounts, true),
                DecidedPeople::SuggestAgain if decision.keys.len() == 1 => say_taught(folder, lock, &accounts, false),
                DecidedPeople::SuggestAgain => unsay_different(folder, lock, &accounts).map(drop),
            }?;
            Ok((before, folder.people()?.decisions))
        })?;
        Ok(PeopleDecided { text, undo: self.decisions_made.add(before, after) })
    }

    /// Takes a decision about people back, as long as no other was made after it.
    pub(crate) fn undo_people(&self, undo: &str) -> Result<()> {
        let (before, after) = self.decisions_made.get(undo)?;
        self.change_quickly(|folder, lock| decisions_back(folder, lock, &after, &before))
    }

    /// Finishes forgetting somebody where an earlier run was cut off. Where the folder is in use, the next change does it.
    pub(crate) fn finish_forgetting(&self) {
        // Looking at a folder that is not there yet does not make it.
        let begun = self.existing_folder().and_then(|folder| match folder {
            Some(folder) => Ok(folder.being_forgotten()?),
            None => Ok(Vec::new()),
        });
        let is_cut_off = begun.is_ok_and(|begun| !begun.is_empty());
        if is_cut_off && let Err(error) = self.change_quickly(|_, _| Ok(())) {
            tracing::warn!(code = error.code().as_str(), "forgetting somebody is not finished: {error}");
        }
    }

    /// Forgets a person for good; returns what was removed, in words.
    pub(crate) fn forget_person(&self, course_id: &str, key: &str) -> Result<String> {
        let (_, everybody) = self.everybody(course_id)?;
        let accounts = everybody.user_ids(found(&everybody, key)?);
        if accounts.is_empty() {
            return Err(Error::new(
                ErrorCode::InvalidInput,
                "Nothing but the line of the class list is kept of this person",
            )
            .with_hint("Import a class list without them"));
        }
        let (folder, lock) = self.lock_folder()?;
        // First, so that nothing can bring the person back where forgetting is cut off.
        self.decisions_made.clear();
        self.removed_lists.clear();
        let report = forget_person(&folder, &lock, &accounts)?;
        Ok(format!(
            "Forgotten: {} and {}",
            counted(report.records, "viewing record", "viewing records"),
            counted(report.accounts as u64, "account", "accounts")
        ))
    }
}

fn found(everybody: &Everybody, key: &str) -> Result<usize> {
    everybody.find(key).ok_or_else(|| {
        Error::new(ErrorCode::NotFound, "This person is no longer in the course")
            .with_hint("They may have been left out, joined to somebody else, or taken off the class list")
    })
}
