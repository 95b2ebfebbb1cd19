//! Signing in and out: the engine's functions, and what the window remembers about who signed in.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use engine::connection::SignedIn;
use engine::secrets::{Secret, SecretName, on_blocking_thread};
use engine::settings::Settings;
use engine::store::{Disk as _, RealDisk};
use engine::{Error, ErrorCode, Result};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::desktop::Desktop;
use crate::events::JobEvents;
use crate::pages::connect::{Connection, EnvImport, SignIn, SignInEvent};
use crate::plain;
use crate::signed_in_as::SignedInAs;
use crate::state::blocking;
use crate::workspace::Workspace;

/// Largest `.env` file that is read; the original's has five lines.
const MAX_ENV_BYTES: u64 = 64 * 1024;

impl Workspace {
    /// What is set up and who is signed in. Asks no server.
    pub async fn connection(self: &Arc<Self>) -> Result<Connection> {
        let settings = self.settings()?;
        let info = self.connector.info(&settings).await?;
        let known = self.memory.get().signed_in;
        Ok(Connection::new(info, &settings, known.as_ref(), self.is_lasting().await?))
    }

    /// Whether secrets outlive the program. Asks the keychain the first time.
    pub async fn is_lasting(self: &Arc<Self>) -> Result<bool> {
        on_blocking_thread(&self.secrets, |store| Ok(store.is_lasting())).await
    }

    /// Takes over server and API client as the user typed them.
    pub fn set_connection(&self, server: &str, client_id: &str, pkce: bool) -> Result<()> {
        let mut settings = self.settings()?;
        settings.server = Some(reduced(server));
        settings.client_id = Some(client_id.trim().to_owned()).filter(|id| !id.is_empty());
        settings.pkce = pkce;
        self.connector.server(&settings).map_err(|error| match error.code() {
            // The field is on screen, unless the environment overrides it.
            ErrorCode::InvalidInput if std::env::var_os("PANOPTO_SERVER").is_none() => {
                error.with_hint("Copy it from the address bar of your browser while Panopto is open there")
            }
            _ => error,
        })?;
        self.settings_file.update(|kept| {
            kept.server = settings.server;
            kept.client_id = settings.client_id;
            kept.pkce = pkce;
        })?;
        Ok(())
    }

    async fn remember(self: &Arc<Self>, settings: &Settings, who: &SignedIn) -> Result<()> {
        let server = self.connector.server(settings)?.to_string();
        let name = who.name.clone().or_else(|| who.user_name.clone()).unwrap_or_else(|| "this account".to_owned());
        let workspace = Arc::clone(self);
        blocking(move || {
            workspace.memory.update(|memory| memory.signed_in = Some(SignedInAs { server, name, refused: false }));
            Ok(())
        })
        .await
    }
}

/// A pasted link cut to the server it leads into; anything else as it is, for the engine to judge.
fn reduced(server: &str) -> String {
    let server = server.trim();
    let with_scheme = if server.contains("://") { server.to_owned() } else { format!("https://{server}") };
    match Url::parse(&with_scheme) {
        Ok(mut url) if url.path().len() > 1 || url.query().is_some() || url.fragment().is_some() => {
            url.set_path("");
            url.set_query(None);
            url.set_fragment(None);
            let cut = url.as_str().trim_end_matches('/');
            if server.contains("://") { cut } else { cut.trim_start_matches("https://") }.to_owned()
        }
        _ => server.to_owned(),
    }
}

/// Signs in through the user's browser.
pub(crate) async fn with_browser(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    tell: &JobEvents<SignInEvent>,
    cancel: &CancellationToken,
) -> Result<()> {
    let settings = workspace.settings()?;
    let attempt = workspace.connector.begin_browser_sign_in(&settings).await?;
    let browser_opened = desktop.open_page(attempt.url()).is_ok();
    tell.send(SignInEvent::Waiting { url: attempt.url().to_string(), browser_opened });
    let came_back = {
        let tell = tell.clone();
        move || tell.send(SignInEvent::Checking)
    };
    let who = attempt.finish_telling(&settings, cancel, came_back).await?;
    workspace.remember(&settings, &who).await
}

/// Signs in with user name and password; without a password the stored one is tried again.
pub async fn with_password(workspace: &Arc<Workspace>, user_name: &str, password: Option<Secret>) -> Result<()> {
    let settings = workspace.settings()?;
    let user_name = user_name.trim().to_owned();
    let password = match password {
        Some(password) => password,
        None => stored_password(workspace, &settings).await?,
    };
    let who = workspace.connector.sign_in_with_password(&settings, &user_name, password).await?;
    workspace.settings_file.update(|kept| kept.user_name = Some(user_name))?;
    workspace.remember(&settings, &who).await
}

async fn stored_password(workspace: &Arc<Workspace>, settings: &Settings) -> Result<Secret> {
    let server = workspace.connector.server(settings)?.host().to_owned();
    let stored =
        on_blocking_thread(&workspace.secrets, move |store| store.get(&SecretName::Password { server })).await?;
    stored.ok_or_else(|| {
        Error::new(ErrorCode::InvalidInput, "The password is missing").with_hint("Type the password of this user name")
    })
}

/// Removes every secret of the server.
pub async fn out(workspace: &Arc<Workspace>) -> Result<()> {
    workspace.connector.sign_out(&workspace.settings()?, true).await?;
    let workspace = Arc::clone(workspace);
    blocking(move || {
        workspace.memory.update(|memory| memory.signed_in = None);
        Ok(())
    })
    .await
}

/// Asks the server who is signed in. A refusal is an answer too, and is remembered.
pub async fn check(workspace: &Arc<Workspace>) -> Result<SignIn> {
    let settings = workspace.settings()?;
    match workspace.connector.who_am_i(&settings).await {
        Ok(who) => workspace.remember(&settings, &who).await?,
        Err(error) if error.code() == ErrorCode::BadCredentials => {
            let workspace = Arc::clone(workspace);
            blocking(move || {
                workspace.remember_refusal();
                Ok(())
            })
            .await?;
            let reason = error.hint().map_or_else(|| error.to_string(), |hint| format!("{error}. {hint}"));
            let reason = plain::quoted(&reason);
            return Ok(SignIn::SignedOut { reason: Some(reason) });
        }
        Err(error) if error.code() == ErrorCode::NotConfigured => {}
        Err(error) => return Err(error),
    }
    Ok(workspace.connection().await?.sign_in)
}

/// Takes over the original's `.env`.
pub async fn import_env(workspace: &Arc<Workspace>, file: PathBuf) -> Result<EnvImport> {
    let name = file.display().to_string();
    let own = Arc::clone(workspace);
    let imported = blocking(move || {
        let text = read_env(&file)?;
        let mut settings = own.settings()?;
        let imported = engine::settings::import_env(&text, &mut settings, &*own.secrets)?;
        own.settings_file.update(|kept| {
            kept.server = settings.server;
            kept.client_id = settings.client_id;
            kept.user_name = settings.user_name;
        })?;
        Ok(imported)
    })
    .await?;
    let lasting = workspace.is_lasting().await?;
    Ok(EnvImport::new(name, &imported, lasting, workspace.connection().await?))
}

fn read_env(file: &std::path::Path) -> Result<String> {
    let unreadable = |reason: &str| {
        Error::new(ErrorCode::InvalidInput, format!("The file `{}` cannot be used: {reason}", file.display()))
            .with_hint("Choose the `.env` file that the scripts used: a text file with SERVER=…, USERNAME=… and so on")
    };
    match RealDisk.stat(file) {
        Ok(Some(found)) if found.is_dir => return Err(unreadable("it is a folder")),
        Ok(Some(found)) if found.length > MAX_ENV_BYTES => return Err(unreadable("it is too large for a `.env` file")),
        Ok(Some(_)) => {}
        Ok(None) => return Err(unreadable("it is not there")),
        Err(error) => return Err(unreadable(&error.to_string())),
    }
    let bytes = RealDisk.read(file).map_err(|error| unreadable(&error.to_string()))?;
    model::text::decoded(&bytes).map(Cow::into_owned).map_err(|damage| unreadable(&damage.to_string()))
}

#[cfg(test)]
mod tests {
    use super::reduced;

    #[test]
    fn a_pasted_link_is_cut_to_its_server() {
        for (given, kept) in [
            ("uni.hosted.panopto.com", "uni.hosted.panopto.com"),
            (
                " https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%22x%22 ",
                "https://uni.hosted.panopto.com",
            ),
            ("uni.hosted.panopto.com/Panopto/Pages/Home.aspx", "uni.hosted.panopto.com"),
            ("http://127.0.0.1:8080/Panopto", "http://127.0.0.1:8080"),
            ("not a server", "not a server"),
            ("", ""),
        ] {
            assert_eq!(reduced(given), kept);
        }
    }
}
