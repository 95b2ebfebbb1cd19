//! The people of a course, of a video, and one of them.

use engine::store::NamedExport;

use crate::error::Answer;
use crate::pages::chart::SavedFile;
use crate::pages::chosen_people::ChosenPeople;
use crate::pages::people::{MatrixPerson, PeoplePage, PeopleRequest};
use crate::pages::people_saving::{PeopleSaveRequest, PersonSaveRequest};
use crate::pages::person::{PersonPage, PersonRequest};
use crate::pages::range::{self, DateRange};
use crate::pages::tidy::{PeopleDecided, PeopleDecision, PeopleTidy};
use crate::pages::video_people::{VideoPeople, VideoPeopleRequest};
use crate::people_files::{save_people, save_person, save_video};
use crate::state::{Shell, blocking};

pub(super) async fn video_people(shell: &Shell, request: VideoPeopleRequest) -> Answer<VideoPeople> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.video_people(&request)).await?)
}

pub(super) async fn video_people_save(shell: &Shell, request: VideoPeopleRequest) -> Answer<Option<SavedFile>> {
    Ok(save_video(&shell.workspace(), &*shell.desktop, request).await?)
}

pub(super) async fn people(shell: &Shell, request: PeopleRequest) -> Answer<PeoplePage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.people(&request)).await?)
}

pub(super) async fn people_rows(shell: &Shell, request: PeopleRequest, from: u32) -> Answer<Vec<MatrixPerson>> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.people_rows(&request, from)).await?)
}

pub(super) async fn people_chosen(shell: &Shell, course_id: String, keys: Vec<String>) -> Answer<ChosenPeople> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.people_chosen(&course_id, &keys)).await?)
}

pub(super) async fn people_cell(
    shell: &Shell,
    course_id: String,
    key: String,
    session_id: String,
    range: Option<DateRange>,
) -> Answer<String> {
    let (workspace, range) = (shell.workspace(), range::days(range.as_ref())?);
    Ok(blocking(move || workspace.people_cell(&course_id, &key, &session_id, range)).await?)
}

pub(super) async fn people_tidy(shell: &Shell, course_id: String) -> Answer<PeopleTidy> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.people_tidy(&course_id)).await?)
}

pub(super) async fn people_decide(shell: &Shell, request: PeopleDecision) -> Answer<PeopleDecided> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.decide_people(&request)).await?)
}

pub(super) async fn people_decide_undo(shell: &Shell, undo: String) -> Answer<()> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.undo_people(&undo)).await?)
}

pub(super) async fn people_save(shell: &Shell, request: PeopleSaveRequest) -> Answer<Option<SavedFile>> {
    Ok(save_people(&shell.workspace(), &*shell.desktop, request).await?)
}

pub(super) async fn person(shell: &Shell, request: PersonRequest) -> Answer<PersonPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.person(&request)).await?)
}

pub(super) async fn person_save(shell: &Shell, request: PersonSaveRequest) -> Answer<Option<SavedFile>> {
    Ok(save_person(&shell.workspace(), &*shell.desktop, request).await?)
}

pub(super) async fn addresses_copied(shell: &Shell) -> Answer<()> {
    let workspace = shell.workspace();
    let note = move || {
        workspace.note_named_export(NamedExport::Addresses, "the clipboard".to_owned());
        Ok(())
    };
    Ok(blocking(note).await?)
}

pub(super) async fn person_forget(shell: &Shell, course_id: String, key: String) -> Answer<String> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.forget_person(&course_id, &key)).await?)
}
