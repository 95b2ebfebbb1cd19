//! What is new in a course, what it can be compared with, and which videos of two terms belong together.

use crate::error::Answer;
use crate::pages::comparing::CompareChoices;
use crate::pages::news::WhatIsNew;
use crate::pages::pairs::{PairRequest, PairsMended, PairsPage};
use crate::state::{Shell, blocking};

pub(super) async fn what_is_new(shell: &Shell, course_id: String) -> Answer<WhatIsNew> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.what_is_new(&course_id)).await?)
}

pub(super) async fn news_put_away(shell: &Shell, course_id: String, is_away: bool) -> Answer<WhatIsNew> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.put_news_away(&course_id, is_away)).await?)
}

pub(super) async fn compare_choices(shell: &Shell, course_id: String) -> Answer<CompareChoices> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.compare_choices(&course_id)).await?)
}

pub(super) async fn pairs(shell: &Shell, course_id: String, other_id: String) -> Answer<PairsPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.pairs(&course_id, &other_id)).await?)
}

pub(super) async fn pair_mend(shell: &Shell, request: PairRequest) -> Answer<PairsMended> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.mend_pair(&request)).await?)
}

pub(super) async fn pair_mend_undo(shell: &Shell, undo: String) -> Answer<PairsPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.undo_pair(&undo)).await?)
}
