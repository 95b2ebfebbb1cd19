//! People's data: facts, periods, and what went out with names.

use crate::error::Answer;
use crate::pages::privacy::{KeepPreview, PrivacyPage};
use crate::state::{Shell, blocking};

pub(super) async fn privacy(shell: &Shell) -> Answer<PrivacyPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.privacy_page()).await?)
}

pub(super) async fn keep_preview(shell: &Shell, course_id: String, days: Option<u32>) -> Answer<KeepPreview> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.keep_preview(&course_id, days)).await?)
}

pub(super) async fn keep_for(shell: &Shell, course_id: String, days: Option<u32>) -> Answer<PrivacyPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.keep_for(&course_id, days)).await?)
}
