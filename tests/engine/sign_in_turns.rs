//! One sign-in in several processes, and at the end of one of them: nobody gets signed out by accident, and signed out
//! means signed out.
//!
//! Here a process is a connector of its own; keychain, settings directory and server are shared.

use std::sync::Arc;
use std::time::Duration;

use engine::ErrorCode;
use engine::connection::Connector;
use engine::environment::FixedEnvironment;
use engine::lifetime::Lifetime;
use engine::secrets::{MemorySecrets, Secret, SecretName, SecretStore};
use engine::settings::Settings;
use engine::store::RealDisk;
use sim::{Config, Handle, World};

use crate::support::{noon, quick, refresh_token};

const HOST: &str = "127.0.0.1";

fn token_name() -> SecretName {
    SecretName::RefreshToken { server: HOST.into() }
}

/// One person: a server, a keychain, a directory of settings.
struct Person {
    server: Handle,
    settings: Settings,
    secrets: Arc<MemorySecrets>,
    config: tempfile::TempDir,
}

impl Person {
    async fn signed_in() -> Self {
        let server = sim::start(World::tiny(noon()), Config { now: Some(noon()), ..Config::default() }).await.unwrap();
        let settings = Settings {
            server: Some(server.base_url()),
            client_id: Some(sim::DEMO_CLIENT_ID.into()),
            ..Settings::default()
        };
        let person = Self { server, settings, secrets: Arc::default(), config: tempfile::tempdir().unwrap() };
        let secret = SecretName::ClientSecret { server: HOST.into() };
        person.secrets.set(&secret, &Secret::new(sim::DEMO_CLIENT_SECRET)).unwrap();
        person.secrets.set(&token_name(), &refresh_token(&person.server).await).unwrap();
        person
    }

    /// A process that uses this keychain.
    fn process_with(&self, secrets: Arc<dyn SecretStore>) -> Lifetime {
        let nothing = Arc::new(FixedEnvironment::default());
        Lifetime::begin(Arc::new(RealDisk), self.config.path(), secrets, nothing, quick())
    }

    fn process(&self) -> Lifetime {
        self.process_with(Arc::clone(&self.secrets) as _)
    }

    fn kept(&self) -> Option<Secret> {
        self.secrets.get(&token_name()).unwrap()
    }

    fn renewals(&self) -> usize {
        self.server.requests().iter().filter(|entry| entry.grant.as_deref() == Some("refresh_token")).count()
    }

    async fn asks(&self, connector: &Connector) -> engine::Result<()> {
        connector.client(&self.settings).await?.who_am_i().await?;
        Ok(())
    }
}

async fn until(what: &str, mut reached: impl FnMut() -> bool) {
    for _ in 0..2000 {
        if reached() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{what}");
}

/// A keychain that is slow to store a token, as real ones are.
struct SlowToKeep {
    inner: Arc<MemorySecrets>,
    pause: Duration,
}

impl SecretStore for SlowToKeep {
    fn get(&self, name: &SecretName) -> engine::Result<Option<Secret>> {
        self.inner.get(name)
    }

    fn set(&self, name: &SecretName, secret: &Secret) -> engine::Result<()> {
        if *name == token_name() {
            std::thread::sleep(self.pause);
        }
        self.inner.set(name, secret)
    }

    fn delete(&self, name: &SecretName) -> engine::Result<()> {
        self.inner.delete(name)
    }

    fn is_lasting(&self) -> bool {
        true
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_sync_goes_on_after_another_process_has_renewed_the_sign_in() {
    let person = Person::signed_in().await;
    let (long, other) = (person.process(), person.process());
    let client = long.connector().client(&person.settings).await.unwrap();
    client.who_am_i().await.unwrap();
    for _ in 0..3 {
        person.server.expire_tokens();
        person.asks(other.connector()).await.unwrap();
        client.who_am_i().await.unwrap();
    }
    // Any further caller that asks the long-running process for a client gets the one it has.
    let again = long.connector().client(&person.settings).await.unwrap();
    let before = person.renewals();
    again.who_am_i().await.unwrap();
    assert_eq!(person.renewals(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_renew_at_the_same_time_do_not_sign_each_other_out() {
    let person = Person::signed_in().await;
    person.server.config_mut().latency = Duration::from_millis(10);
    let slow = SlowToKeep { inner: Arc::clone(&person.secrets), pause: Duration::from_millis(30) };
    let slow: Arc<dyn SecretStore> = Arc::new(slow);
    let processes = [0; 3].map(|_| person.process_with(Arc::clone(&slow)));
    for _ in 0..3 {
        person.server.expire_tokens();
        let all = processes.iter().map(|process| person.asks(process.connector()));
        for outcome in futures_util::future::join_all(all).await {
            outcome.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_waits_for_a_renewal_in_flight_and_lets_none_begin() {
    let person = Person::signed_in().await;
    let process = person.process();
    let client = process.connector().client(&person.settings).await.unwrap();
    let first = person.kept().unwrap();
    person.server.config_mut().latency = Duration::from_millis(300);
    let asking = tokio::spawn({
        let client = client.clone();
        async move { client.who_am_i().await }
    });
    until("the renewal is in flight", || process.connector().is_renewing()).await;
    // Its caller is gone, as after Ctrl-C.
    asking.abort();
    process.end().await;
    let second = person.kept().unwrap();
    assert_ne!(first, second, "the successor is kept");

    person.server.config_mut().latency = Duration::ZERO;
    person.server.expire_tokens();
    let error: engine::Error = client.who_am_i().await.unwrap_err().into();
    assert_eq!(error.code(), ErrorCode::Cancelled);
    assert_eq!(person.kept().unwrap(), second);
    person.asks(person.process().connector()).await.expect("the next start is signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_against_a_renewal_leaves_nothing_wherever_it_is_done() {
    for same_process in [true, false] {
        for pause in [0, 20, 60, 120] {
            let person = Person::signed_in().await;
            let slow = SlowToKeep { inner: Arc::clone(&person.secrets), pause: Duration::from_millis(80) };
            let (syncing, other) = (person.process_with(Arc::new(slow)), person.process());
            let client = syncing.connector().client(&person.settings).await.unwrap();
            person.server.config_mut().latency = Duration::from_millis(30);
            let asking = tokio::spawn(async move { client.who_am_i().await });
            until("the renewal is in flight", || syncing.connector().is_renewing()).await;
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let signs_out = if same_process { &syncing } else { &other };
            signs_out.connector().sign_out(&person.settings, false).await.unwrap();
            let _ = asking.await.unwrap();
            syncing.end().await;
            assert_eq!(person.kept(), None, "same process: {same_process}, after {pause} ms");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_of_somebody_who_signed_out_elsewhere_keeps_nothing() {
    let person = Person::signed_in().await;
    let (syncing, other) = (person.process(), person.process());
    let client = syncing.connector().client(&person.settings).await.unwrap();
    client.who_am_i().await.unwrap();
    other.connector().sign_out(&person.settings, false).await.unwrap();
    person.server.expire_tokens();
    client.who_am_i().await.expect("it may end its work");
    assert_eq!(person.kept(), None);
    assert_eq!(syncing.connector().client(&person.settings).await.unwrap_err().code(), ErrorCode::NotConfigured);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_sign_in_elsewhere_is_neither_used_nor_replaced_by_an_older_sync() {
    let person = Person::signed_in().await;
    let (syncing, other) = (person.process(), person.process());
    let client = syncing.connector().client(&person.settings).await.unwrap();
    client.who_am_i().await.unwrap();
    other.connector().sign_out(&person.settings, false).await.unwrap();
    let newer = refresh_token(&person.server).await;
    person.secrets.set(&token_name(), &newer).unwrap();
    person.server.expire_tokens();
    client.who_am_i().await.unwrap();
    assert_eq!(person.kept(), Some(newer), "not used up by the older one");
    person.asks(syncing.connector()).await.expect("asked anew, the process takes over the new sign-in");
}

/// A read-only home, as a nightly job may have: no locks, but no reason not to work.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn where_no_lock_can_be_made_the_sign_in_works_without() {
    let person = Person::signed_in().await;
    std::fs::write(person.config.path().join("locks"), "in the way").unwrap();
    let process = person.process();
    person.asks(process.connector()).await.unwrap();
    process.connector().sign_out(&person.settings, false).await.unwrap();
    assert_eq!(person.kept(), None);
    assert!(person.config.path().join("locks").is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_makes_no_locks() {
    let person = Person::signed_in().await;
    let process = person.process();
    process.settings_file().load().unwrap();
    process.connector().client(&person.settings).await.unwrap();
    process.connector().info(&person.settings).await.unwrap();
    process.end().await;
    assert_eq!(std::fs::read_dir(person.config.path()).unwrap().count(), 0);
}
