//! The dates of a course as the window changes them: adding, changing, removing, undoing, importing.

use std::path::Path;

use engine::Result;
use engine::dates::{
    NewDate, ZoneAnswers, add_date, change_date, dates_in_view, import_dates, marked_dates, preview_import,
    remove_date, restore_date, set_on_time, set_term, typed_when,
};
use engine::store::{DataFolder, FolderLock};
use engine::time_zone::time_zone_named;
use model::{DateRange, Day, Flag, FolderId, OnTimeRule};

use crate::open_course::OpenCourse;
use crate::pages::dates::{DateInput, DatesImport, DatesImportRequest, DatesPage, RemovedDate};
use crate::pages::id;
use crate::workspace::Workspace;

impl Workspace {
    /// The dates of a course.
    pub(crate) fn dates(&self, course_id: &str) -> Result<DatesPage> {
        let open = self.open_course(course_id)?;
        let fetched = open.facts.fetched_through.map(Day::from_date);
        let dates = dates_in_view(&self.folder()?, &open.course, open.zone, fetched)?;
        let page = DatesPage::new(&open, &dates);
        Ok(if open.presents() { page.presented() } else { page })
    }

    /// The dates that a saved chart across time marks. One without them is still a chart: where they cannot be read, that is
    /// told in the window.
    pub(crate) fn marked_dates(&self, open: &OpenCourse, video: Option<usize>) -> Vec<Flag> {
        let marked = self.folder().and_then(|folder| marked_dates(&folder, &open.course, open.zone, video));
        marked.unwrap_or_else(|error| {
            self.findings.add(&format!("The chart is saved without the dates of the course: {}", error.message()));
            Vec::new()
        })
    }

    /// Adds a date, or replaces one.
    pub(crate) fn save_date(&self, input: DateInput) -> Result<DatesPage> {
        let zone = match &input.time_zone {
            Some(name) => time_zone_named(name)?,
            None => self.zone(&self.settings()?)?,
        };
        let videos = input.session_ids.iter().map(|video| id::video(video)).collect::<Result<_>>()?;
        let when = typed_when(&input.start, input.end.as_deref(), zone)?;
        let new = NewDate { kind: input.kind, name: input.name, when, videos };
        self.with_dates(&input.course_id, |folder, lock, course| match input.number {
            Some(number) => change_date(folder, lock, course, number, new).map(drop),
            None => add_date(folder, lock, course, new).map(drop),
        })
    }

    /// Removes a date.
    pub(crate) fn remove_date(&self, course_id: &str, number: u32) -> Result<RemovedDate> {
        let mut told = None;
        let page = self.with_dates(course_id, |folder, lock, course| {
            let removed = remove_date(folder, lock, course, number)?;
            let text = format!("{} was removed", removed.name);
            told = Some((text, self.removed_dates.add(course, removed)));
            Ok(())
        })?;
        let (text, undo) = told.unwrap_or_default();
        Ok(RemovedDate { text, undo, page })
    }

    /// Puts a removed date back.
    pub(crate) fn undo_date_removal(&self, undo: &str) -> Result<DatesPage> {
        let (course, date) = self.removed_dates.get(undo)?;
        self.with_dates(&course.to_string(), |folder, lock, course| restore_date(folder, lock, course, date).map(drop))
    }

    /// Sets the term; `None` lets the program guess it.
    pub(crate) fn set_term(&self, course_id: &str, term: Option<DateRange>) -> Result<DatesPage> {
        self.with_dates(course_id, |folder, lock, course| set_term(folder, lock, course, term))
    }

    /// Sets when a video is watched on time: within this many days of its first viewing or, without a number, by the
    /// next exam or deadline.
    pub(crate) fn set_on_time(&self, course_id: &str, days: Option<u16>) -> Result<DatesPage> {
        let rule = days.map_or(OnTimeRule::NextDate, OnTimeRule::DaysAfterFirstViewing);
        self.with_dates(course_id, |folder, lock, course| set_on_time(folder, lock, course, rule))
    }

    /// What importing a calendar would do.
    pub(crate) fn preview_dates(&self, course_id: &str, file: &Path) -> Result<DatesImport> {
        let (course, zone) = (id::course(course_id)?, self.zone(&self.settings()?)?);
        let today = Day::from_date(self.clock.now().with_timezone(&zone).date_naive());
        let plan = preview_import(&self.folder()?, course, file, zone, today, &ZoneAnswers::new())?;
        Ok(DatesImport::new(file, &plan))
    }

    /// Imports a calendar. As long as one of its zones is unknown, nothing is imported and the answer names that zone
    /// again.
    pub(crate) fn import_dates(&self, request: &DatesImportRequest) -> Result<DatesImport> {
        let (course, zone) = (id::course(&request.course_id)?, self.zone(&self.settings()?)?);
        let today = Day::from_date(self.clock.now().with_timezone(&zone).date_naive());
        let answers = request.zones.iter().map(|(name, zone)| Ok((name.clone(), time_zone_named(zone)?)));
        let answers = answers.collect::<Result<ZoneAnswers>>()?;
        let file = Path::new(&request.path);
        let plan =
            self.change_quickly(|folder, lock| import_dates(folder, lock, course, file, zone, today, &answers))?;
        plan.check_zones()?;
        Ok(DatesImport::new(file, &plan))
    }

    /// Changes the dates of a course and shows them.
    fn with_dates(
        &self,
        course_id: &str,
        change: impl FnOnce(&DataFolder, &FolderLock, FolderId) -> Result<()>,
    ) -> Result<DatesPage> {
        let course = id::course(course_id)?;
        self.change_quickly(|folder, lock| change(folder, lock, course))?;
        self.dates(course_id)
    }
}
