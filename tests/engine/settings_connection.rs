//! Signing in to the simulated server, through settings, secrets and environment.

use std::sync::Arc;

use engine::ErrorCode;
use engine::connection::{Connector, Origin, variables};
use engine::environment::FixedEnvironment;
use engine::secrets::{MemorySecrets, Secret, SecretName, SecretStore};
use engine::settings::{Settings, check_client_id, check_redirect_url, import_env};
use sim::{ApiClient, Config, Handle, Pkce, Route, World};
use tokio_util::sync::CancellationToken;

use crate::support::{http, noon, quick, refresh_token};

/// A person's configuration, and the server.
struct Desk {
    server: Handle,
    settings: Settings,
    secrets: Arc<MemorySecrets>,
}

impl Desk {
    async fn new(config: Config) -> Self {
        let server = sim::start(World::tiny(noon()), Config { now: Some(noon()), ..config }).await.unwrap();
        let mut settings = Settings { server: Some(server.base_url()), ..Settings::default() };
        settings.client_id = Some(sim::DEMO_CLIENT_ID.into());
        let secrets = Arc::new(MemorySecrets::default());
        let desk = Self { server, settings, secrets };
        desk.keep(&client_secret(), sim::DEMO_CLIENT_SECRET);
        desk
    }

    fn keep(&self, name: &SecretName, text: &str) {
        self.secrets.set(name, &Secret::new(text)).unwrap();
    }

    fn kept(&self, name: &SecretName) -> Option<String> {
        self.secrets.get(name).unwrap().map(|secret| secret.expose().to_owned())
    }

    fn connector(&self, variables: &[(&str, &str)]) -> Connector {
        connector_over(Arc::clone(&self.secrets) as _, variables)
    }

    fn token_requests(&self) -> usize {
        self.server.requests().iter().filter(|entry| entry.route == Route::Token).count()
    }
}

fn connector_over(secrets: Arc<dyn SecretStore>, variables: &[(&str, &str)]) -> Connector {
    Connector::new(secrets, Arc::new(FixedEnvironment::new(variables.iter().copied())), quick())
}

fn client_secret() -> SecretName {
    SecretName::ClientSecret { server: "127.0.0.1".into() }
}

fn kept_token() -> SecretName {
    SecretName::RefreshToken { server: "127.0.0.1".into() }
}

fn password() -> SecretName {
    SecretName::Password { server: "127.0.0.1".into() }
}

/// A store as on a machine without a keychain.
struct NoKeychain;

impl NoKeychain {
    fn error() -> engine::Error {
        engine::Error::new(ErrorCode::KeychainUnavailable, "This computer has no keychain that answers")
    }
}

impl SecretStore for NoKeychain {
    fn get(&self, _: &SecretName) -> engine::Result<Option<Secret>> {
        Err(Self::error())
    }

    fn set(&self, _: &SecretName, _: &Secret) -> engine::Result<()> {
        Err(Self::error())
    }

    fn delete(&self, _: &SecretName) -> engine::Result<()> {
        Err(Self::error())
    }

    fn is_lasting(&self) -> bool {
        true
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_named() {
    let mut desk = Desk::new(Config::default()).await;
    let error = desk.connector(&[]).client(&desk.settings).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotConfigured);
    assert!(error.message().starts_with("Nobody is signed in to http://127.0.0.1:"), "{error}");
    desk.secrets.delete(&client_secret()).unwrap();
    let error = desk.connector(&[]).client(&desk.settings).await.unwrap_err();
    assert!(error.message().starts_with("No client secret is set for"), "{error}");
    desk.settings.client_id = None;
    let error = desk.connector(&[]).client(&desk.settings).await.unwrap_err();
    assert!(error.message().starts_with("No client ID is set for"), "{error}");
    desk.settings.server = None;
    let error = desk.connector(&[]).client(&desk.settings).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (ErrorCode::NotConfigured, "No Panopto server is set"));
    desk.settings.server = Some("http://panopto.example".into());
    let error = desk.connector(&[]).client(&desk.settings).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert!(error.message().contains("must be reached over https") && error.hint().is_some(), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_checked_before_it_is_kept() {
    let mut desk = Desk::new(Config::default()).await;
    let connector = desk.connector(&[]);
    let wrong = Secret::new("hunter2");
    let error = connector.sign_in_with_password(&desk.settings, sim::DEMO_USER, wrong).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::BadCredentials);
    assert!(!format!("{error:?}").contains("hunter2"));
    assert_eq!(desk.kept(&password()), None);

    let right = Secret::new(sim::DEMO_PASSWORD);
    connector.sign_in_with_password(&desk.settings, sim::DEMO_USER, right).await.unwrap();
    assert_eq!(desk.kept(&password()).as_deref(), Some(sim::DEMO_PASSWORD));
    desk.settings.user_name = Some(sim::DEMO_USER.into());
    let who = connector.who_am_i(&desk.settings).await.unwrap();
    assert_eq!(who.user_name.as_deref(), Some(sim::DEMO_USER));
    assert!(connector.info(&desk.settings).await.unwrap().is_complete);

    connector.sign_out(&desk.settings, false).await.unwrap();
    assert_eq!(desk.kept(&password()), None);
    assert!(desk.kept(&client_secret()).is_some());
    assert_eq!(connector.client(&desk.settings).await.unwrap_err().code(), ErrorCode::NotConfigured);
    connector.sign_out(&desk.settings, true).await.unwrap();
    assert!(desk.kept(&client_secret()).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_token_is_kept_before_it_is_used_and_found_by_the_next_process() {
    let desk = Desk::new(Config::default()).await;
    let first = refresh_token(&desk.server).await;
    desk.keep(&kept_token(), first.expose());
    desk.connector(&[]).who_am_i(&desk.settings).await.unwrap();
    let second = desk.kept(&kept_token()).unwrap();
    assert_ne!(second, first.expose());
    desk.server.expire_tokens();
    // Another process: only what was stored works.
    desk.connector(&[]).who_am_i(&desk.settings).await.unwrap();
    assert_ne!(desk.kept(&kept_token()).unwrap(), second);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_uses_a_token_once_however_many_ask() {
    let desk = Desk::new(Config::default()).await;
    desk.keep(&kept_token(), refresh_token(&desk.server).await.expose());
    let before = desk.token_requests();
    let connector = desk.connector(&[]);
    let ask = || async { connector.client(&desk.settings).await.unwrap().who_am_i().await.unwrap() };
    tokio::join!(ask(), ask(), ask(), ask());
    ask().await;
    assert_eq!(desk.token_requests() - before, 1);
}

/// A keychain that is slow, as real ones are: a value may be out of date when it arrives.
struct Slow(Arc<MemorySecrets>);

impl SecretStore for Slow {
    fn get(&self, name: &SecretName) -> engine::Result<Option<Secret>> {
        let found = self.0.get(name);
        if matches!(name, SecretName::RefreshToken { .. }) {
            std::thread::sleep(std::time::Duration::from_millis(60));
        }
        found
    }

    fn set(&self, name: &SecretName, secret: &Secret) -> engine::Result<()> {
        self.0.set(name, secret)?;
        std::thread::sleep(std::time::Duration::from_millis(40));
        Ok(())
    }

    fn delete(&self, name: &SecretName) -> engine::Result<()> {
        self.0.delete(name)
    }

    fn is_lasting(&self) -> bool {
        true
    }
}

/// The token is being replaced while others ask: nobody gets a client with the one that is used up.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_while_a_token_is_renewed_gets_the_same_client() {
    let desk = Desk::new(Config::default()).await;
    desk.keep(&kept_token(), refresh_token(&desk.server).await.expose());
    let connector = connector_over(Arc::new(Slow(Arc::clone(&desk.secrets))), &[]);
    for _ in 0..3 {
        desk.server.expire_tokens();
        let before = desk.token_requests();
        let ask = || async { connector.client(&desk.settings).await.unwrap().who_am_i().await.unwrap() };
        tokio::join!(ask(), ask(), ask(), ask());
        assert_eq!(desk.token_requests() - before, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_sign_in_is_not_overwritten_by_an_older_client() {
    let desk = Desk::new(Config::default()).await;
    desk.keep(&kept_token(), refresh_token(&desk.server).await.expose());
    let connector = desk.connector(&[]);
    let old = connector.client(&desk.settings).await.unwrap();
    connector.sign_out(&desk.settings, false).await.unwrap();
    // A sync that goes on with the old client renews its token.
    old.who_am_i().await.unwrap();
    assert_eq!(desk.kept(&kept_token()), None, "signed out means signed out");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_wins_and_needs_no_keychain() {
    let desk = Desk::new(Config::default()).await;
    let nothing = Settings::default();
    let base = desk.server.base_url();
    let all = [
        (variables::SERVER, base.as_str()),
        (variables::CLIENT_ID, sim::DEMO_CLIENT_ID),
        (variables::CLIENT_SECRET, sim::DEMO_CLIENT_SECRET),
        (variables::USERNAME, sim::DEMO_USER),
        (variables::PASSWORD, sim::DEMO_PASSWORD),
    ];
    let connector = connector_over(Arc::new(NoKeychain), &all);
    connector.who_am_i(&nothing).await.unwrap();
    let info = connector.info(&nothing).await.unwrap();
    assert_eq!((info.password, info.client_secret), (Some(Origin::Environment), Some(Origin::Environment)));
    assert!(info.is_complete);
    let shown = format!("{info:?}{}", serde_json::to_string(&info).unwrap());
    assert!(!shown.contains(sim::DEMO_PASSWORD) && !shown.contains(sim::DEMO_CLIENT_SECRET));

    // If something is missing, the keychain's own trouble is the reason.
    let error = connector_over(Arc::new(NoKeychain), &all[..4]).client(&nothing).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeychainUnavailable);

    // A wrong password in the environment wins over the right one in the store.
    desk.keep(&password(), sim::DEMO_PASSWORD);
    let mut wrong = all;
    wrong[4].1 = "hunter2";
    let error = desk.connector(&wrong).who_am_i(&desk.settings).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::BadCredentials, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_from_the_environment_works_every_night() {
    let desk = Desk::new(Config::default()).await;
    let token = refresh_token(&desk.server).await;
    let variables = [(variables::REFRESH_TOKEN, token.expose())];
    for _night in 0..3 {
        desk.server.expire_tokens();
        desk.connector(&variables).who_am_i(&desk.settings).await.unwrap();
    }
    // A new token given from outside is used, whatever is stored.
    let newer = refresh_token(&desk.server).await;
    desk.server.expire_tokens();
    desk.connector(&[(variables::REFRESH_TOKEN, newer.expose())]).who_am_i(&desk.settings).await.unwrap();

    // Without a keychain it works once, and says so.
    let token = refresh_token(&desk.server).await;
    let variables = [(variables::REFRESH_TOKEN, token.expose()), (variables::CLIENT_SECRET, sim::DEMO_CLIENT_SECRET)];
    let connector = connector_over(Arc::new(NoKeychain), &variables);
    assert_eq!(connector.notice().await, None);
    connector.who_am_i(&desk.settings).await.unwrap();
    desk.server.expire_tokens();
    connector.who_am_i(&desk.settings).await.unwrap();
    assert!(connector.notice().await.unwrap().contains("used up"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_sign_in_keeps_the_refresh_token() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let redirect = format!("http://localhost:{port}/redirect");
    for (pkce, at_server) in [(false, Pkce::Refuse), (true, Pkce::Require)] {
        let client = ApiClient { redirects: vec![redirect.clone()], ..ApiClient::demo() };
        let config = Config { clients: vec![client], auto_approve: true, pkce: at_server, ..Config::default() };
        let mut desk = Desk::new(config).await;
        desk.settings.redirect_url.clone_from(&redirect);
        desk.settings.pkce = pkce;
        let connector = desk.connector(&[]);
        let attempt = connector.begin_browser_sign_in(&desk.settings).await.unwrap();
        let url = attempt.url().to_string();
        assert!(!url.contains(sim::DEMO_CLIENT_SECRET));
        let browser = async {
            let (head, _) = http("GET", &url, "").await;
            let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();
            http("GET", &location.replace("localhost", "127.0.0.1"), "").await
        };
        let cancel = CancellationToken::new();
        let (who, _) = tokio::join!(attempt.finish(&desk.settings, &cancel), browser);
        assert_eq!(who.unwrap().user_name.as_deref(), Some(sim::DEMO_USER));
        assert!(desk.kept(&kept_token()).is_some());
        assert!(connector.info(&desk.settings).await.unwrap().is_complete);
    }
    // The user changes their mind.
    let desk = Desk::new(Config::default()).await;
    let settings = Settings { redirect_url: redirect, ..desk.settings.clone() };
    let connector = desk.connector(&[]);
    let attempt = connector.begin_browser_sign_in(&settings).await.unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    assert_eq!(attempt.finish(&settings, &cancel).await.unwrap_err().code(), ErrorCode::Cancelled);
}

/// The message while a person types the address, and the sign-in, follow the same rule.
#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_address_is_taken_exactly_where_the_sign_in_takes_it() {
    let desk = Desk::new(Config::default()).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (mut taken, mut refused) = (0, 0);
    for address in [
        &format!("http://localhost:{port}/redirect"),
        &format!("http://127.0.0.1:{port}"),
        &format!("http://LOCALHOST:{port}/a/b"),
        "http://localhost/redirect",
        "http://localhost:80/redirect",
        "http://localhost:0/redirect",
        "http://localhost:99999/redirect",
        "https://localhost:9127/redirect",
        "http://localhost:9127/redirect?a=b",
        "http://localhost:9127/redirect#a",
        "http://me:pw@localhost:9127/redirect",
        "http://0.0.0.0:9127/redirect",
        "http://[::1]:9127/redirect",
        "http://uni.example:9127/redirect",
        "http://localhost.uni.example:9127/redirect",
        "localhost:9127/redirect",
        "ftp://localhost:9127/",
        "nonsense",
        "",
    ] {
        let settings = Settings { redirect_url: address.to_owned(), ..desk.settings.clone() };
        let connector = desk.connector(&[]);
        let begun = connector.begin_browser_sign_in(&settings).await.map(drop);
        match check_redirect_url(address) {
            Ok(()) => {
                begun.unwrap_or_else(|error| panic!("`{address}`: {error}"));
                taken += 1;
            }
            Err(error) => {
                assert_eq!(error.code(), ErrorCode::InvalidInput);
                let why = error.message().rsplit(": ").next().unwrap();
                let theirs = begun.expect_err(address);
                assert!(theirs.message().contains(why), "`{address}`: {error}; {theirs}");
                refused += 1;
            }
        }
    }
    assert_eq!((taken, refused), (3, 16));
}

#[test]
fn a_client_id_is_a_guid_and_what_is_none_is_not_repeated() {
    for id in [sim::DEMO_CLIENT_ID, &sim::DEMO_CLIENT_ID.to_uppercase()] {
        check_client_id(id).unwrap();
    }
    let without_hyphens = sim::DEMO_CLIENT_ID.replace('-', "");
    for text in [sim::DEMO_CLIENT_SECRET, &without_hyphens, &format!("{{{}}}", sim::DEMO_CLIENT_ID), "hunter2"] {
        let error = check_client_id(text).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidInput);
        assert!(!format!("{error:?} {error} {:?}", error.hint()).contains(text), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_originals_env_file_is_all_that_is_needed() {
    let desk = Desk::new(Config::default()).await;
    let (mut settings, secrets) = (Settings::default(), Arc::new(MemorySecrets::default()));
    let text = format!(
        "SERVER={}\nUSERNAME='{}'\nPASSWORD='{}'\nCLIENT_ID='{}'\nCLIENT_SECRET='{}'\n",
        desk.server.base_url(),
        sim::DEMO_USER,
        sim::DEMO_PASSWORD,
        sim::DEMO_CLIENT_ID,
        sim::DEMO_CLIENT_SECRET
    );
    import_env(&text, &mut settings, &*secrets).unwrap();
    let who = connector_over(secrets, &[]).who_am_i(&settings).await.unwrap();
    assert_eq!(who.user_name.as_deref(), Some(sim::DEMO_USER));
    let stored = serde_json::to_string(&settings).unwrap();
    assert!(!stored.contains(sim::DEMO_CLIENT_SECRET) && !stored.contains("p&ss"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_certificate_file_is_named() {
    let desk = Desk::new(Config::default()).await;
    desk.keep(&password(), sim::DEMO_PASSWORD);
    let settings = Settings { user_name: Some(sim::DEMO_USER.into()), ..desk.settings.clone() };
    let error = desk.connector(&[(variables::CA_FILE, "/nowhere/ca.pem")]).client(&settings).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert!(error.message().contains("`/nowhere/ca.pem`"), "{error}");
}
