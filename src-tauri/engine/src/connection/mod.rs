//! From settings, secrets and environment to a signed-in client.
//!
//! Deliberately absent: protocols (crate `panopto`) and opening a browser, which the shell and the command line do.
//!
//! Invariant: within a process, one sign-in has one client at a time, however many callers ask for it; between
//! processes, renewals take turns. Two clients with the same refresh token would sign the person out, because the
//! server kills the token at its first use.

mod credentials;
mod token_keeper;
mod turns;

use std::sync::Arc;
use std::time::Duration;

use panopto::login::{LoginAttempt, LoginOptions};
use panopto::{Secret, SignIn};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

pub use credentials::{Credentials, Origin, Sourced, effective_server, variables};
pub use panopto::{Client, Options, RestLimits, Server, SignedIn};
use token_keeper::TokenKeeper;
use turns::Turns;

use crate::environment::Environment;
use crate::lifetime::Locks;
use crate::secrets::{SecretName, SecretStore, on_blocking_thread};
use crate::settings::Settings;
use crate::store::disk::{Disk as _, RealDisk};
use crate::{Error, ErrorCode, Result};

/// How long a person may take to finish a sign-in in the browser.
const BROWSER_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// What is set up, without any secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionInfo {
    /// The server, as the user would write it; absent until it is set.
    pub server: Option<String>,
    /// The API client's ID.
    pub client_id: Option<Sourced<String>>,
    /// Where the client secret comes from, if there is one.
    pub client_secret: Option<Origin>,
    /// The user name.
    pub user_name: Option<Sourced<String>>,
    /// Where the password comes from, if there is one.
    pub password: Option<Origin>,
    /// Where the browser sign-in comes from, if there is one.
    pub browser_sign_in: Option<Origin>,
    /// Whether all this is enough to sign in.
    pub is_complete: bool,
    /// Why the keychain could not be read; `None` if it was read or was not needed.
    pub keychain_refusal: Option<String>,
}

/// Makes clients. Everything in a process that talks to the server shares one connector.
pub struct Connector {
    secrets: Arc<dyn SecretStore>,
    environment: Arc<dyn Environment>,
    options: Options,
    current: tokio::sync::Mutex<Option<Connected>>,
    turns: Arc<Turns>,
}

/// The client in use, and what it was made from.
struct Connected {
    server: Server,
    credentials: Credentials,
    /// [`Turns::sign_ins`] at the moment when the credentials were read.
    sign_ins: u64,
    keeper: Arc<TokenKeeper>,
    client: Client,
}

impl Connected {
    /// Whether these credentials would give the same client. Refresh tokens are not compared: each renewal changes
    /// them, here or in another process, and the client finds the one that is stored.
    fn fits(&self, server: &Server, credentials: &Credentials, sign_ins: u64) -> bool {
        self.server == *server && self.sign_ins == sign_ins && self.credentials.are_alike(credentials)
    }
}

impl Connector {
    /// A connector that uses these secrets and variables. `options` are the client's; certificates from
    /// `PANOPTO_CA_FILE` are added to them.
    pub fn new(secrets: Arc<dyn SecretStore>, environment: Arc<dyn Environment>, options: Options) -> Self {
        let turns = Arc::new(Turns::new(None));
        Self { secrets, environment, options, current: tokio::sync::Mutex::new(None), turns }
    }

    /// The same for secrets that other processes also use: renewals then take turns through these locks.
    #[must_use]
    pub(crate) fn sharing(mut self, locks: Locks) -> Self {
        self.turns = Arc::new(Turns::new(Some(locks)));
        self
    }

    /// The server in use.
    pub fn server(&self, settings: &Settings) -> Result<Server> {
        effective_server(settings, &*self.environment)
    }

    /// A client for what is set up; the same one as long as nothing changes.
    ///
    /// [`ErrorCode::NotConfigured`] if something is missing. [`ErrorCode::KeychainUnavailable`] or
    /// [`ErrorCode::KeychainLocked`] if it is missing because the keychain could not be asked.
    pub async fn client(&self, settings: &Settings) -> Result<Client> {
        let server = self.server(settings)?;
        let mut current = self.current.lock().await;
        // Counted before the secrets are read. If somebody signs in between the two, the client will find out; with the
        // other order it would not.
        let sign_ins = self.turns.sign_ins(server.host()).await;
        let (credentials, refusal) = self.collect(&server, settings).await?;
        if let Some(connected) = &*current
            && connected.fits(&server, &credentials, sign_ins)
        {
            return Ok(connected.client.clone());
        }
        let sign_in = credentials.sign_in(&server).map_err(|missing| refusal.unwrap_or(missing))?;
        let keeper = self.keeper(&server, &credentials, sign_ins);
        let client = Client::new(server.clone(), sign_in, Arc::clone(&keeper) as _, self.options()?)?;
        if let Some(before) = current.take() {
            before.keeper.retire();
        }
        *current = Some(Connected { server, credentials, sign_ins, keeper, client: client.clone() });
        Ok(client)
    }

    /// What the user should know about the sign-in: the refresh token in the environment is used up, and its successor
    /// could not be stored. `None` if all is well.
    pub async fn notice(&self) -> Option<String> {
        let current = self.current.lock().await;
        current.as_ref().filter(|connected| connected.keeper.is_unsaved()).map(|_| {
            "The refresh token in PANOPTO_REFRESH_TOKEN is used up and its successor could not be kept, because there is \
             no keychain: the next run needs a new one, or user name and password"
                .to_owned()
        })
    }

    /// Asks the server who is signed in, and checks that usage calls can be signed in too.
    pub async fn who_am_i(&self, settings: &Settings) -> Result<SignedIn> {
        let client = self.client(settings).await?;
        let who = client.who_am_i().await?;
        client.check_usage_access().await?;
        Ok(who)
    }

    /// What is set up, without asking any server.
    pub async fn info(&self, settings: &Settings) -> Result<ConnectionInfo> {
        let server = match self.server(settings) {
            Ok(server) => Some(server),
            Err(error) if error.code() == ErrorCode::NotConfigured => None,
            Err(error) => return Err(error),
        };
        let (credentials, refusal) = match &server {
            Some(server) => self.collect(server, settings).await?,
            None => (Credentials::default(), None),
        };
        Ok(ConnectionInfo {
            is_complete: server.as_ref().is_some_and(|server| credentials.sign_in(server).is_ok()),
            server: server.map(|server| server.to_string()),
            client_id: credentials.client_id,
            client_secret: credentials.client_secret.map(|secret| secret.origin),
            user_name: credentials.user_name,
            password: credentials.password.map(|password| password.origin),
            browser_sign_in: credentials.refresh_token.map(|token| token.origin),
            keychain_refusal: refusal.map(|error| error.to_string()),
        })
    }

    /// Begins a sign-in in the browser: opens the port of the redirect address.
    pub async fn begin_browser_sign_in(&self, settings: &Settings) -> Result<BrowserSignIn<'_>> {
        let server = self.server(settings)?;
        let (credentials, refusal) = self.collect(&server, settings).await?;
        let api_client = credentials.api_client(&server).map_err(|missing| refusal.unwrap_or(missing))?;
        let login = LoginOptions {
            redirect: settings.redirect_url.clone(),
            pkce: settings.pkce,
            timeout: BROWSER_TIMEOUT,
            ..LoginOptions::default()
        };
        let options = self.options()?;
        let attempt = LoginAttempt::begin(&server, &api_client, login, &options).await?;
        Ok(BrowserSignIn { connector: self, server, attempt })
    }

    /// Signs in with user name and password: checks them with the server first, and stores the password only if the
    /// server accepts it. The caller puts the user name into the settings.
    pub async fn sign_in_with_password(
        &self,
        settings: &Settings,
        user_name: &str,
        password: Secret,
    ) -> Result<SignedIn> {
        let server = self.server(settings)?;
        let (mut credentials, refusal) = self.collect(&server, settings).await?;
        credentials.user_name = Some(Sourced { value: user_name.to_owned(), origin: Origin::Stored });
        credentials.password = Some(Sourced { value: password.clone(), origin: Origin::Stored });
        // Only the password is being tested; an older browser sign-in would be used instead of it.
        credentials.refresh_token = None;
        let sign_in = credentials.sign_in(&server).map_err(|missing| refusal.unwrap_or(missing))?;
        let who = self.try_out(&server, sign_in).await?;
        self.keep_password(settings, password).await?;
        Ok(who)
    }

    /// Stores a password that has not been tested, and ends an earlier browser sign-in.
    pub async fn keep_password(&self, settings: &Settings, password: Secret) -> Result<()> {
        let host = self.server(settings)?.host().to_owned();
        self.change_sign_in(&host.clone(), move |store| {
            store.set(&SecretName::Password { server: host.clone() }, &password)?;
            // The latest sign-in counts; an older one of somebody else would win over the password.
            store.delete(&SecretName::RefreshToken { server: host.clone() })?;
            store.delete(&SecretName::RefreshTokenOrigin { server: host })
        })
        .await
    }

    /// Removes the password and the browser sign-in for this server from the secret store; with `client_secret` also
    /// the secret of the API client. Environment variables stay, because they are not ours.
    pub async fn sign_out(&self, settings: &Settings, client_secret: bool) -> Result<()> {
        let host = self.server(settings)?.host().to_owned();
        self.change_sign_in(&host.clone(), move |store| {
            for name in SecretName::of_server(&host) {
                if client_secret || !matches!(name, SecretName::ClientSecret { .. }) {
                    store.delete(&name)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Stores the secret of the API client.
    pub async fn set_client_secret(&self, settings: &Settings, secret: Secret) -> Result<()> {
        let host = self.server(settings)?.host().to_owned();
        on_blocking_thread(&self.secrets, move |store| store.set(&SecretName::ClientSecret { server: host }, &secret))
            .await
    }

    /// Allows no renewal from now on. Waits for a renewal in flight, whose new token would be lost with the process.
    /// `false` if that takes longer than `patience`.
    pub async fn end(&self, patience: Duration) -> bool {
        self.turns.end(patience).await
    }

    /// Whether a renewal is in flight.
    pub fn is_renewing(&self) -> bool {
        !self.turns.is_idle()
    }

    /// Changes the stored sign-in. Clients that still use the old one, here or in another process, store nothing more
    /// for it. A running sync may finish; the tokens that it gets from now on are not kept beyond it.
    async fn change_sign_in(
        &self,
        host: &str,
        change: impl FnOnce(&dyn SecretStore) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        if let Some(connected) = self.current.lock().await.take() {
            connected.keeper.retire();
        }
        let _turn = self.turns.take_anyway(host).await;
        // Done before the change: a renewal that this did not wait for checks the count after it has stored its token.
        self.turns.count_sign_in(host).await;
        on_blocking_thread(&self.secrets, change).await
    }

    async fn collect(&self, server: &Server, settings: &Settings) -> Result<(Credentials, Option<Error>)> {
        let (server, settings, environment) = (server.clone(), settings.clone(), Arc::clone(&self.environment));
        on_blocking_thread(&self.secrets, move |store| {
            Ok(Credentials::collect(&server, &settings, &*environment, store))
        })
        .await
    }

    fn keeper(&self, server: &Server, credentials: &Credentials, sign_ins: u64) -> Arc<TokenKeeper> {
        Arc::new(TokenKeeper::new(
            Arc::clone(&self.secrets),
            Arc::clone(&self.turns),
            server.host().to_owned(),
            credentials.token_origin.clone(),
            sign_ins,
        ))
    }

    /// Signs in once with these credentials and stores nothing.
    async fn try_out(&self, server: &Server, sign_in: SignIn) -> Result<SignedIn> {
        let nowhere = Arc::new(TokenKeeper::new(
            Arc::new(crate::secrets::MemorySecrets::default()),
            Arc::new(Turns::new(None)),
            server.host().to_owned(),
            None,
            0,
        ));
        let client = Client::new(server.clone(), sign_in, nowhere, self.options()?)?;
        let who = client.who_am_i().await?;
        client.check_usage_access().await?;
        Ok(who)
    }

    fn options(&self) -> Result<Options> {
        let mut options = self.options.clone();
        if let Some(file) = self.environment.variable(variables::CA_FILE) {
            let content = RealDisk.read(std::path::Path::new(&file)).map_err(|error| {
                Error::new(ErrorCode::InvalidInput, format!("The certificate file `{file}` cannot be read: {error}"))
                    .with_hint("Correct PANOPTO_CA_FILE: it names a file with certificates in PEM form")
            })?;
            options.extra_roots.push(panopto::CaFile { name: file, content });
        }
        Ok(options)
    }
}

/// A browser sign-in in progress. Dropping it closes the port.
pub struct BrowserSignIn<'a> {
    connector: &'a Connector,
    server: Server,
    attempt: LoginAttempt,
}

impl BrowserSignIn<'_> {
    /// The address for the person's browser. It holds no secret that outlives the attempt.
    pub fn url(&self) -> &url::Url {
        self.attempt.url()
    }

    /// Waits for the browser to return, stores the refresh token and returns who signed in.
    pub async fn finish(self, settings: &Settings, cancel: &CancellationToken) -> Result<SignedIn> {
        self.finish_telling(settings, cancel, || {}).await
    }

    /// Like [`BrowserSignIn::finish`], but calls `came_back` when the browser has returned, before the server is asked.
    pub async fn finish_telling(
        self,
        settings: &Settings,
        cancel: &CancellationToken,
        came_back: impl FnOnce() + Send,
    ) -> Result<SignedIn> {
        let tokens = self.attempt.finish(cancel.cancelled()).await?;
        came_back();
        let Some(refresh_token) = tokens.refresh_token else {
            return Err(Error::new(
                ErrorCode::BadCredentials,
                format!("{} gave no refresh token, so the sign-in would not last", self.server),
            )
            .with_hint("In Panopto, allow offline access for this API client, or use one of type `Server-side Web Application`"));
        };
        let host = self.server.host().to_owned();
        let keep = move |store: &dyn SecretStore| {
            store.set(&SecretName::RefreshToken { server: host.clone() }, &refresh_token)?;
            store.delete(&SecretName::RefreshTokenOrigin { server: host })
        };
        self.connector.change_sign_in(self.server.host(), keep).await?;
        self.connector.who_am_i(settings).await
    }
}
