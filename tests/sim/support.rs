//! A client without opinions: it sends what a test says and shows what came.

use chrono::{DateTime, Utc};
use sim::{Config, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PASSWORD, DEMO_USER, Handle, World};

/// The time at which most tests begin.
pub(crate) fn noon() -> DateTime<Utc> {
    "2024-03-15T12:00:00Z".parse().unwrap()
}

pub(crate) fn fixed() -> Config {
    Config { now: Some(noon()), ..Config::default() }
}

pub(crate) async fn tiny() -> Handle {
    sim::start(World::tiny(noon()), fixed()).await.unwrap()
}

pub(crate) fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// An access token by the password grant.
pub(crate) async fn token(server: &Handle, scope: &str) -> serde_json::Value {
    let reply = client()
        .post(format!("{}/Panopto/oauth2/connect/token", server.base_url()))
        .basic_auth(DEMO_CLIENT_ID, Some(DEMO_CLIENT_SECRET))
        .form(&[("grant_type", "password"), ("username", DEMO_USER), ("password", DEMO_PASSWORD), ("scope", scope)])
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    reply.json().await.unwrap()
}
