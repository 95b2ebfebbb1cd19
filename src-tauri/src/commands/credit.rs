//! Credit for watching.

use crate::crediting;
use crate::error::Answer;
use crate::pages::credit::{
    CreditAsked, CreditChoices, CreditFillRequest, CreditPreview, CreditSaveRequest, CreditSaved,
};
use crate::state::{Shell, blocking};

pub(super) async fn credit_choices(shell: &Shell, course_id: String) -> Answer<CreditChoices> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.credit_choices(&course_id)).await?)
}

pub(super) async fn credit_preview(shell: &Shell, request: CreditAsked) -> Answer<CreditPreview> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.credit_preview(&request)).await?)
}

pub(super) async fn credit_save(shell: &Shell, request: CreditSaveRequest) -> Answer<Option<CreditSaved>> {
    Ok(crediting::save(&shell.workspace(), &*shell.desktop, request).await?)
}

pub(super) async fn credit_fill(shell: &Shell, request: CreditFillRequest) -> Answer<Option<CreditSaved>> {
    Ok(crediting::fill(&shell.workspace(), &*shell.desktop, request).await?)
}
