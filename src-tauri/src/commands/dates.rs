//! The dates of a course.

use std::path::PathBuf;

use crate::desktop::{PickerQuestion, PickerTarget};
use crate::error::Answer;
use crate::pages::dates::{DateInput, DatesImport, DatesImportRequest, DatesPage, RemovedDate};
use crate::pages::range;
use crate::pages::range::DateRange;
use crate::state::{Shell, blocking};

pub(super) async fn dates(shell: &Shell, course_id: String) -> Answer<DatesPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.dates(&course_id)).await?)
}

pub(super) async fn date_save(shell: &Shell, request: DateInput) -> Answer<DatesPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.save_date(request)).await?)
}

pub(super) async fn date_remove(shell: &Shell, course_id: String, number: u32) -> Answer<RemovedDate> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.remove_date(&course_id, number)).await?)
}

pub(super) async fn date_remove_undo(shell: &Shell, undo: String) -> Answer<DatesPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.undo_date_removal(&undo)).await?)
}

pub(super) async fn dates_term_set(shell: &Shell, course_id: String, range: Option<DateRange>) -> Answer<DatesPage> {
    let term = range.as_ref().map(|range| range::days(Some(range))).transpose()?;
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.set_term(&course_id, term)).await?)
}

pub(super) async fn dates_on_time_set(shell: &Shell, course_id: String, days: Option<u16>) -> Answer<DatesPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.set_on_time(&course_id, days)).await?)
}

pub(super) async fn dates_import_pick(shell: &Shell, course_id: String) -> Answer<Option<DatesImport>> {
    let what = PickerTarget::File { kind: Some(("Calendar", "ics")) };
    let question = PickerQuestion { title: "Choose a calendar file", what, start: None };
    match shell.desktop.pick(question).await {
        Some(file) => Ok(Some(dates_import_path(shell, course_id, file).await?)),
        None => Ok(None),
    }
}

pub(super) async fn dates_import_path(shell: &Shell, course_id: String, path: PathBuf) -> Answer<DatesImport> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.preview_dates(&course_id, &path)).await?)
}

pub(super) async fn dates_import(shell: &Shell, request: DatesImportRequest) -> Answer<DatesImport> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.import_dates(&request)).await?)
}
