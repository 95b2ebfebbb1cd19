//! The connection to the user's own server. The sample has a connection of its own, which nobody sees or changes.

use std::path::PathBuf;

use engine::secrets::Secret;

use crate::desktop::{PickerQuestion, PickerTarget};
use crate::error::Answer;
use crate::events::JobEvents;
use crate::jobs::JobKind;
use crate::pages::connect::{Connection, ConnectionInput, EnvImport, PasswordInput, SignIn, SignInEvent};
use crate::state::{Shell, blocking};

pub(super) async fn connection_get(shell: &Shell) -> Answer<Connection> {
    Ok(shell.own.connection().await?)
}

pub(super) async fn connection_set(shell: &Shell, request: ConnectionInput) -> Answer<Connection> {
    shell.own.set_connection(&request.server, &request.client_id, request.pkce)?;
    if let Some(secret) = request.client_secret {
        shell.own.connector.set_client_secret(&shell.own.settings()?, Secret::new(secret)).await?;
    }
    Ok(shell.own.connection().await?)
}

pub(super) async fn sign_in_browser(
    shell: &Shell,
    job_id: String,
    on_event: JobEvents<SignInEvent>,
) -> Answer<Connection> {
    let job = shell.jobs.begin(&job_id, JobKind::SignIn)?;
    crate::sign_in::with_browser(&shell.own, &*shell.desktop, &on_event, job.token()).await?;
    Ok(shell.own.connection().await?)
}

pub(super) async fn sign_in_password(shell: &Shell, request: PasswordInput) -> Answer<Connection> {
    crate::sign_in::with_password(&shell.own, &request.user_name, request.password.map(Secret::new)).await?;
    Ok(shell.own.connection().await?)
}

pub(super) async fn sign_out(shell: &Shell) -> Answer<Connection> {
    crate::sign_in::out(&shell.own).await?;
    Ok(shell.own.connection().await?)
}

pub(super) async fn who_am_i(shell: &Shell) -> Answer<SignIn> {
    Ok(crate::sign_in::check(&shell.own).await?)
}

pub(super) async fn env_import_pick(shell: &Shell) -> Answer<Option<EnvImport>> {
    let question = PickerQuestion {
        title: "Choose the .env file of the scripts",
        what: PickerTarget::File { kind: None },
        start: None,
    };
    match shell.desktop.pick(question).await {
        Some(file) => Ok(Some(crate::sign_in::import_env(&shell.own, file).await?)),
        None => Ok(None),
    }
}

pub(super) async fn env_import_path(shell: &Shell, path: PathBuf) -> Answer<EnvImport> {
    Ok(crate::sign_in::import_env(&shell.own, path).await?)
}

pub(super) async fn it_text(shell: &Shell, server: String) -> Answer<String> {
    let own = std::sync::Arc::clone(&shell.own);
    let settings = blocking(move || own.settings()).await?;
    Ok(crate::it_text::it_text(&server, &settings.redirect_url, settings.pkce))
}
