//! Syncs a data folder as of an earlier day, so that a sync of today finds what a nightly job would find.
//!
//! `earlier_sync DIR DAYS SERVER CLIENT_ID USER`, with the API client's secret and the password in
//! PANOPTO_CLIENT_SECRET and PANOPTO_PASSWORD. Reads the existing course list, and keeps no pace, because the server is
//! a simulated one.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use engine::clock::{Clock as _, FixedClock, SystemClock};
use engine::events::SyncEvent;
use engine::store::DataFolder;
use engine::sync::{SyncRequest, run};
use panopto::{ApiClient, BoxError, Client, Options, PasswordSignIn, Secret, Server, SignIn, TokenStore};
use tokio_util::sync::CancellationToken;

/// Signs in by password, so that no token has to be stored.
struct Forgetful;

#[async_trait]
impl TokenStore for Forgetful {
    async fn refresh_token_rotated(&self, _: &Secret) -> Result<(), BoxError> {
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, days, server, client_id, user] = &arguments[..] else {
        return Err("DIR DAYS SERVER CLIENT_ID USER are needed".into());
    };
    let secret = |name: &str| std::env::var(name).map(Secret::new);
    let sign_in = SignIn {
        api_client: Some(ApiClient { id: client_id.clone(), secret: secret("PANOPTO_CLIENT_SECRET")? }),
        password: Some(PasswordSignIn { user_name: user.clone(), password: secret("PANOPTO_PASSWORD")? }),
        ..SignIn::default()
    };
    let client = Client::new(Server::parse(server)?, sign_in, Arc::new(Forgetful), Options::default())?;
    let folder = DataFolder::open(directory)?;
    let lock = Arc::new(folder.lock()?);
    let clock = FixedClock::at(SystemClock.now() - TimeDelta::days(days.parse()?));
    let cancel = CancellationToken::new();
    let report = run(
        &folder,
        &lock,
        &engine::source::Source::new(client),
        &SyncRequest::default(),
        &clock,
        &|_: SyncEvent| {},
        &cancel,
    )
    .await?;
    if report.is_complete() { Ok(()) } else { Err(format!("the sync is not complete: {report:?}").into()) }
}
