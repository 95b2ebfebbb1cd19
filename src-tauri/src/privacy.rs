//! For how long records are kept, what went out with names, and the fact sheet.
//!
//! Deliberately absent: deleting, which follows a sync (`syncing.rs`). Invariant: a damaged file of periods or of exports is told
//! and is in the way of nothing else.

use chrono::NaiveDate;
use engine::connection::effective_server;
use engine::people::{kept_from, statements, would_remove_older};
use engine::{Error, Result};

use crate::error::IpcError;
use crate::pages::id;
use crate::pages::privacy::{ExportRow, FactRow, KeepPreview, KeptCourse, PrivacyPage};
use crate::workspace::Workspace;

impl Workspace {
    /// The part of the settings about people's data. Blocks.
    pub(crate) fn privacy_page(&self) -> Result<PrivacyPage> {
        let settings = self.settings()?;
        let host = effective_server(&settings, &*self.environment).ok().map(|server| server.to_string());
        let mut page = PrivacyPage {
            statements: statements(host.as_deref()).into(),
            files: FactRow::of_data_folder(),
            settings_files: FactRow::beside_the_settings(),
            courses: Vec::new(),
            courses_error: None,
            exports: Vec::new(),
            exports_error: None,
        };
        let Some(folder) = self.existing_folder()? else { return Ok(page) };
        match folder.keep_for() {
            Ok(periods) => {
                let of = |course| periods.iter().find(|(id, _)| *id == course).map(|(_, days)| *days);
                let listed = folder.courses()?.into_iter();
                page.courses =
                    listed.map(|course| KeptCourse::new(course.id.to_string(), course.name, of(course.id))).collect();
            }
            Err(error) => page.courses_error = Some(IpcError::within_report(&Error::from(error))),
        }
        match folder.name_journal() {
            Ok(entries) => {
                let zone = self.zone(&settings)?;
                page.exports = entries.iter().rev().map(|entry| ExportRow::new(entry, zone)).collect();
            }
            Err(error) => page.exports_error = Some(IpcError::within_report(&Error::from(error))),
        }
        Ok(page)
    }

    /// What keeping the records of a course for so many days would delete. Blocks.
    pub(crate) fn keep_preview(&self, course_id: &str, days: Option<u32>) -> Result<KeepPreview> {
        let (course, folder) = (id::course(course_id)?, self.folder()?);
        let days = days.map(period);
        let report = days.map(|days| would_remove_older(&folder, course, kept_from(self.today(), days))).transpose()?;
        Ok(KeepPreview::new(course_id.to_owned(), days, report.as_ref()))
    }

    /// Keeps the records of a course for so many days from now on. Blocks.
    pub(crate) fn keep_for(&self, course_id: &str, days: Option<u32>) -> Result<PrivacyPage> {
        let course = id::course(course_id)?;
        let days = days.map(period);
        self.change_quickly(|folder, lock| Ok(folder.set_keep_for(lock, course, days)?))?;
        self.privacy_page()
    }

    fn today(&self) -> NaiveDate {
        self.clock.now().date_naive()
    }
}

/// A period that can be kept, in days.
fn period(days: u32) -> u32 {
    days.clamp(1, engine::store::MOST_KEEP_DAYS)
}
