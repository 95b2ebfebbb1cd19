//! The class list of a course.

use crate::desktop::{PickerQuestion, PickerTarget};
use crate::error::Answer;
use crate::pages::class_list::{ClassDecision, ClassListImport, ClassListPage, ClassListRequest, RemovedClassList};
use crate::state::{Shell, blocking};

pub(super) async fn class_list(shell: &Shell, course_id: String) -> Answer<ClassListPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.class_list(&course_id)).await?)
}

pub(super) async fn class_list_pick(shell: &Shell, course_id: String) -> Answer<Option<ClassListImport>> {
    let what = PickerTarget::File { kind: None };
    let question = PickerQuestion { title: "Choose a class list", what, start: None };
    match shell.desktop.pick(question).await {
        Some(file) => {
            let path = Some(file.display().to_string());
            Ok(Some(class_list_preview(shell, ClassListRequest { course_id, path, pasted: None }).await?))
        }
        None => Ok(None),
    }
}

pub(super) async fn class_list_preview(shell: &Shell, request: ClassListRequest) -> Answer<ClassListImport> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.preview_class_list(&request)).await?)
}

pub(super) async fn class_list_import(shell: &Shell, request: ClassListRequest) -> Answer<ClassListPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.import_class_list(&request)).await?)
}

pub(super) async fn class_list_decide(shell: &Shell, request: ClassDecision) -> Answer<ClassListPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.decide_class(&request)).await?)
}

pub(super) async fn class_list_remove(shell: &Shell, course_id: String) -> Answer<RemovedClassList> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.remove_class(&course_id)).await?)
}

pub(super) async fn class_list_remove_undo(shell: &Shell, undo: String) -> Answer<ClassListPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.undo_class_removal(&undo)).await?)
}
