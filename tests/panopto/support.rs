//! The simulated server and a client for it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::{FolderId, SessionId, ViewingRecord};
use panopto::{
    ApiClient, BoxError, Client, Options, PasswordSignIn, Secret, Server, SignIn, SoapSignIn, TokenStore, UsageRange,
    UsageSink,
};
use sim::{Config, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PASSWORD, DEMO_REDIRECT, DEMO_USER, Handle, World};

pub(crate) fn noon() -> DateTime<Utc> {
    "2024-03-15T12:00:00Z".parse().unwrap()
}

/// All time until now.
pub(crate) fn always() -> UsageRange {
    UsageRange { begin: "2010-01-01T00:00:00Z".parse().unwrap(), end: "2024-03-15T00:00:00Z".parse().unwrap() }
}

/// The simulator with a clock that stands still.
pub(crate) async fn tiny(config: Config) -> Handle {
    sim::start(World::tiny(noon()), Config { now: Some(noon()), ..config }).await.unwrap()
}

/// Lets time pass at once for the client. Do not use it during a call, whose timeouts would pass too.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Waits for something that another task is about to do.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let patience = std::time::Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(std::time::Instant::now() < patience, "it does not come");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Short pauses, so that a test with retries takes no time.
pub(crate) fn hurried() -> Options {
    Options {
        backoff_base: Duration::from_millis(2),
        backoff_cap: Duration::from_millis(10),
        rest_limits: panopto::RestLimits { per_second: 10_000, per_minute: 100_000, per_hour: 1_000_000 },
        ..Options::default()
    }
}

pub(crate) fn api_client() -> ApiClient {
    ApiClient { id: DEMO_CLIENT_ID.to_owned(), secret: DEMO_CLIENT_SECRET.into() }
}

pub(crate) fn password() -> PasswordSignIn {
    PasswordSignIn { user_name: DEMO_USER.to_owned(), password: DEMO_PASSWORD.into() }
}

/// API client and password: the password grant, then `legacyLogin`.
pub(crate) fn by_password() -> SignIn {
    SignIn { api_client: Some(api_client()), password: Some(password()), ..SignIn::default() }
}

/// User name and password in every usage call.
pub(crate) fn auth_in_call() -> SignIn {
    SignIn { soap: SoapSignIn::AuthInCall, ..by_password() }
}

pub(crate) fn client(base_url: &str, sign_in: SignIn) -> Client {
    client_with(base_url, sign_in, Arc::new(Kept::default()), hurried())
}

pub(crate) fn client_with(base_url: &str, sign_in: SignIn, store: Arc<dyn TokenStore>, options: Options) -> Client {
    Client::new(Server::parse(base_url).unwrap(), sign_in, store, options).unwrap()
}

/// A refresh token as from a browser sign-in. The simulator must approve automatically.
pub(crate) async fn refresh_token(server: &Handle) -> Secret {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    server.config_mut().auto_approve = true;
    let reply = http
        .get(format!("{}/Panopto/oauth2/connect/authorize", server.base_url()))
        .query(&[
            ("response_type", "code"),
            ("client_id", DEMO_CLIENT_ID),
            ("redirect_uri", DEMO_REDIRECT),
            ("scope", "openid api offline_access"),
            ("state", "s"),
        ])
        .send()
        .await
        .unwrap();
    let location: url::Url = reply.headers()["location"].to_str().unwrap().parse().unwrap();
    let code = location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let reply = http
        .post(format!("{}/Panopto/oauth2/connect/token", server.base_url()))
        .basic_auth(DEMO_CLIENT_ID, Some(DEMO_CLIENT_SECRET))
        .form(&[("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", DEMO_REDIRECT)])
        .send()
        .await
        .unwrap();
    let answer: serde_json::Value = reply.json().await.unwrap();
    answer["refresh_token"].as_str().unwrap().into()
}

/// The sign-in of a person who used the browser.
pub(crate) async fn by_browser(server: &Handle) -> SignIn {
    let token = refresh_token(server).await;
    server.clear_requests();
    SignIn { api_client: Some(api_client()), refresh_token: Some(token), ..SignIn::default() }
}

/// A token store in memory that can be made to fail.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) tokens: Mutex<Vec<Secret>>,
    pub(crate) failing: Mutex<bool>,
    /// How long storing takes.
    pub(crate) pause: Duration,
}

#[async_trait]
impl TokenStore for Kept {
    async fn refresh_token_rotated(&self, new: &Secret) -> Result<(), BoxError> {
        tokio::time::sleep(self.pause).await;
        if *self.failing.lock().unwrap() {
            return Err("the keychain is locked".into());
        }
        self.tokens.lock().unwrap().push(new.clone());
        Ok(())
    }
}

/// Collects records, and starts again when told to.
#[derive(Default)]
pub(crate) struct Collected {
    pub(crate) records: Vec<ViewingRecord>,
    pub(crate) pages: usize,
    pub(crate) restarts: usize,
    pub(crate) largest_page: usize,
}

impl UsageSink for Collected {
    fn restart(&mut self) {
        self.records.clear();
        self.restarts += 1;
    }

    fn records(&mut self, page: &mut Vec<ViewingRecord>, _total: Option<u64>) -> Result<(), BoxError> {
        self.pages += 1;
        self.largest_page = self.largest_page.max(page.len());
        self.records.append(page);
        Ok(())
    }
}

/// A record as a line of text, to compare multisets.
pub(crate) fn line(record: &ViewingRecord) -> String {
    let ViewingRecord { user_id, recorded_at, playback_speed, start_secs, seconds_viewed, .. } = record;
    let (start, stop) = (record.start_reason.as_str(), record.stop_reason.as_str());
    let time = recorded_at.timestamp_micros();
    format!("{user_id} {time} {playback_speed:?} {start_secs} {seconds_viewed} {start} {stop}")
}

/// The records of a video that the server holds in a range, as sorted lines.
pub(crate) fn held(server: &Handle, session: SessionId, range: UsageRange) -> Vec<String> {
    let world = server.world();
    let views = world.views.iter().filter(|view| SessionId::from_bytes(*view.session.as_bytes()) == session);
    let views = views.filter(|view| range.contains(view.time));
    let mut lines: Vec<_> = views
        .map(|view| {
            let (time, speed) = (view.time.timestamp_micros(), view.playback_speed);
            let (start, seconds) = (view.start_position, view.seconds_viewed);
            format!("{} {time} {speed:?} {start} {seconds} {} {}", view.user, view.start_reason, view.stop_reason)
        })
        .collect();
    lines.sort();
    lines
}

/// The records that a client receives, as sorted lines.
pub(crate) async fn fetched(client: &Client, session: SessionId, range: UsageRange) -> (Vec<String>, Collected) {
    let mut sink = Collected::default();
    let usage = client.usage(session, range, &mut sink).await.unwrap();
    let mut lines: Vec<_> = sink.records.iter().map(line).collect();
    lines.sort();
    assert_eq!(usage.records as usize, lines.len());
    (lines, sink)
}

/// The ids of the simulator's sessions, in its order.
pub(crate) fn sessions(server: &Handle) -> Vec<SessionId> {
    server.world().sessions.iter().map(|session| SessionId::from_bytes(*session.id.as_bytes())).collect()
}

/// The simulator's first folder: the course.
pub(crate) fn course(server: &Handle) -> FolderId {
    FolderId::from_bytes(*server.world().folders[0].id.as_bytes())
}
