//! The nightly job.

use crate::error::Answer;
use crate::pages::nightly::{Nightly, NightlyInput};
use crate::state::Shell;

pub(super) async fn nightly_get(shell: &Shell) -> Answer<Nightly> {
    Ok(shell.nightly().await?)
}

pub(super) async fn nightly_set(shell: &Shell, request: NightlyInput) -> Answer<Nightly> {
    Ok(shell.set_nightly(request).await?)
}
