//! The course list.

use std::path::PathBuf;

use crate::desktop::{PickerQuestion, PickerTarget};
use crate::error::Answer;
use crate::pages::add::{AddReport, FolderHits, Removed};
use crate::pages::app::AppState;
use crate::pages::id;
use crate::pages::sidebar::CourseSummary;
use crate::state::{Shell, blocking};

pub(super) async fn courses_list(shell: &Shell) -> Answer<Vec<CourseSummary>> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.summaries()).await?)
}

pub(super) async fn folders_search(shell: &Shell, query: String) -> Answer<FolderHits> {
    Ok(shell.workspace().search_folders(&query).await?)
}

pub(super) async fn folders_mine(shell: &Shell) -> Answer<FolderHits> {
    Ok(shell.workspace().my_folders().await?)
}

pub(super) async fn courses_add(shell: &Shell, inputs: Vec<String>) -> Answer<AddReport> {
    let report = shell.workspace().add_courses(inputs).await?;
    shell.tell_findings();
    Ok(report)
}

pub(super) async fn courses_import_pick(shell: &Shell) -> Answer<Option<AddReport>> {
    let what = PickerTarget::File { kind: Some(("Course list", "csv")) };
    let question = PickerQuestion { title: "Choose a courses.csv", what, start: None };
    match shell.desktop.pick(question).await {
        Some(file) => Ok(Some(courses_import_path(shell, file).await?)),
        None => Ok(None),
    }
}

pub(super) async fn courses_import_path(shell: &Shell, path: PathBuf) -> Answer<AddReport> {
    let report = shell.workspace().import_courses(path).await?;
    shell.tell_findings();
    Ok(report)
}

pub(super) async fn course_remove(shell: &Shell, course_id: String, delete_data: bool) -> Answer<Removed> {
    let removed = shell.workspace().remove_course(id::course(&course_id)?, delete_data).await?;
    shell.tell_findings();
    Ok(removed)
}

pub(super) async fn course_remove_undo(shell: &Shell, undo: String) -> Answer<Vec<CourseSummary>> {
    Ok(shell.workspace().undo_removal(undo).await?)
}

pub(super) async fn courses_repair(shell: &Shell) -> Answer<AppState> {
    shell.workspace().repair_courses().await?;
    Ok(shell.app_state().await?)
}
