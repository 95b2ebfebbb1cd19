//! The course list.

use std::path::PathBuf;

use tauri::State;

use crate::convert;
use crate::desktop::{Ask, AskFor};
use crate::dto::course::{AddReport, CourseSummary, FolderHits, Removed};
use crate::error::Answer;
use crate::state::{Shell, blocking};

#[tauri::command]
pub(super) async fn courses_list(shell: State<'_, Shell>) -> Answer<Vec<CourseSummary>> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.summaries()).await?)
}

#[tauri::command]
pub(super) async fn folders_search(shell: State<'_, Shell>, query: String) -> Answer<FolderHits> {
    Ok(shell.workspace().search_folders(&query).await?)
}

#[tauri::command]
pub(super) async fn folders_mine(shell: State<'_, Shell>) -> Answer<FolderHits> {
    Ok(shell.workspace().my_folders().await?)
}

#[tauri::command]
pub(super) async fn courses_add(shell: State<'_, Shell>, inputs: Vec<String>) -> Answer<AddReport> {
    Ok(shell.workspace().add_courses(inputs).await?)
}

#[tauri::command]
pub(super) async fn courses_import_pick(shell: State<'_, Shell>) -> Answer<Option<AddReport>> {
    let what = AskFor::File { kind: Some(("Course list", "csv")) };
    let ask = Ask { title: "Choose a courses.csv", what, start: None };
    match shell.desktop.pick(ask).await {
        Some(file) => Ok(Some(shell.workspace().import_courses(file).await?)),
        None => Ok(None),
    }
}

#[tauri::command]
pub(super) async fn courses_import_path(shell: State<'_, Shell>, path: PathBuf) -> Answer<AddReport> {
    Ok(shell.workspace().import_courses(path).await?)
}

#[tauri::command]
pub(super) async fn course_remove(shell: State<'_, Shell>, course_id: String, delete_data: bool) -> Answer<Removed> {
    Ok(shell.workspace().remove_course(convert::id::course(&course_id)?, delete_data).await?)
}

#[tauri::command]
pub(super) async fn course_remove_undo(shell: State<'_, Shell>, undo: String) -> Answer<Vec<CourseSummary>> {
    Ok(shell.workspace().undo_removal(undo).await?)
}
