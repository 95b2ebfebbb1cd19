//! Tokens, cookies and passwords: renewed once for everybody, stored before use, and refused in plain words.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use panopto::{ApiClient, ErrorKind, PasswordSignIn, Refusal, SignIn};
use sim::{Config, DEMO_PASSWORD, DEMO_USER, DeadCookie, Grant, Route, WrongPassword};

use crate::script::{Reply, Script, signed_in, token, usage_body};
use crate::support::*;

fn grants(server: &sim::Handle) -> Vec<String> {
    server.requests().into_iter().filter_map(|request| request.grant).collect()
}

fn count(server: &sim::Handle, route: Route) -> usize {
    server.requests().iter().filter(|request| request.route == route).count()
}

#[tokio::test]
async fn each_way_to_sign_in_reads_lists_and_records() {
    let server = tiny(Config::default()).await;
    for sign_in in [by_password(), auth_in_call(), by_browser(&server).await] {
        let client = client(&server.base_url(), sign_in);
        assert_eq!(client.sessions_by_page(course(&server), |_| ()).await.unwrap().len(), 1);
        client.check_usage_access().await.unwrap();
        let session = sessions(&server)[0];
        assert_eq!(fetched(&client, session, always()).await.0, held(&server, session, always()));
        let who = client.who_am_i().await.unwrap();
        assert!(
            who.user_id.is_some() && who.user_name.as_deref().is_some_and(|name| name.contains(DEMO_USER)),
            "{who:?}"
        );
    }
}

#[tokio::test]
async fn the_password_alone_reads_records_and_says_who() {
    let server = tiny(Config::default()).await;
    let client = client(&server.base_url(), SignIn { password: Some(password()), ..SignIn::default() });
    assert_eq!(client.who_am_i().await.unwrap().user_name.as_deref(), Some(DEMO_USER));
    let session = sessions(&server)[0];
    assert_eq!(fetched(&client, session, always()).await.0.len(), 4);
    assert_eq!((count(&server, Route::SoapAuth), count(&server, Route::Token)), (1, 0));
}

#[tokio::test]
async fn many_calls_share_one_token_and_one_cookie() {
    let server = tiny(Config { latency: Duration::from_millis(5), ..Config::default() }).await;
    let sign_in = by_browser(&server).await;
    let store = Arc::new(Kept { pause: Duration::from_millis(20), ..Kept::default() });
    let client = client_with(&server.base_url(), sign_in, store.clone(), hurried());
    let session = sessions(&server)[0];
    let calls = (0..20).map(|_| {
        let client = client.clone();
        async move { client.usage(session, always(), &mut Collected::default()).await.map(|usage| usage.records) }
    });
    for result in futures_util::future::join_all(calls).await {
        assert_eq!(result.unwrap(), 4);
    }
    assert_eq!((grants(&server), count(&server, Route::LegacyLogin)), (vec!["refresh_token".to_owned()], 1));
    assert_eq!(store.tokens.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_for_everybody() {
    for expired_token_status in [401, 403] {
        let server =
            tiny(Config { expired_token_status, latency: Duration::from_millis(5), ..Config::default() }).await;
        let sign_in = by_browser(&server).await;
        let store = Arc::new(Kept::default());
        let client = client_with(&server.base_url(), sign_in, store.clone(), hurried());
        let folder = course(&server);
        for round in 1..=3 {
            let calls = (0..10).map(|_| client.folder(folder));
            for result in futures_util::future::join_all(calls).await {
                result.unwrap();
            }
            assert_eq!(grants(&server).len(), round, "status {expired_token_status}");
            server.expire_tokens();
        }
        let kept = store.tokens.lock().unwrap().clone();
        assert_eq!(kept.len(), 3);
        assert!(kept[0] != kept[1] && kept[1] != kept[2], "each renewal brings a new refresh token");
    }
}

#[tokio::test]
async fn the_new_refresh_token_is_stored_before_the_new_access_token_is_used() {
    let server = tiny(Config::default()).await;
    let sign_in = by_browser(&server).await;
    let store = Arc::new(Kept::default());
    *store.failing.lock().unwrap() = true;
    let client = client_with(&server.base_url(), sign_in, store.clone(), hurried());
    let error = client.folder(course(&server)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Caller);
    assert_eq!(error.to_string(), "The renewed sign-in could not be stored: the keychain is locked");
    assert_eq!(count(&server, Route::Folder), 0, "the access token was not used");
    let _ = client.folder(course(&server)).await.unwrap_err();
    assert_eq!(grants(&server).len(), 1, "nor was a second one asked for");
    // Once the keychain is open again, the token that waited in memory is stored and used.
    *store.failing.lock().unwrap() = false;
    client.folder(course(&server)).await.unwrap();
    assert_eq!((grants(&server).len(), store.tokens.lock().unwrap().len()), (1, 1));
    server.expire_tokens();
    client.folder(course(&server)).await.unwrap();
    assert_eq!(grants(&server).len(), 2, "the rotated token works");
}

#[tokio::test]
async fn a_renewal_outlives_the_call_that_began_it() {
    let server = tiny(Config::default()).await;
    let sign_in = by_browser(&server).await;
    server.config_mut().latency = Duration::from_millis(100);
    let store = Arc::new(Kept::default());
    let client = client_with(&server.base_url(), sign_in, store.clone(), hurried());
    let folder = course(&server);
    // Dropped during the renewal: the server has already used up the old token.
    let _ = tokio::time::timeout(Duration::from_millis(50), client.folder(folder)).await.unwrap_err();
    until(|| store.tokens.lock().unwrap().len() == 1).await;
    client.folder(folder).await.unwrap();
    assert_eq!(grants(&server).len(), 1);
}

#[tokio::test]
async fn a_refresh_token_used_elsewhere_asks_to_sign_in_again() {
    let server = tiny(Config::default()).await;
    let sign_in = by_browser(&server).await;
    server.use_refresh_tokens();
    let client = client(&server.base_url(), sign_in);
    for _ in 0..3 {
        let error = client.folder(course(&server)).await.unwrap_err();
        assert!(matches!(error, panopto::Error::BadCredentials { refusal: Refusal::SignInExpired, .. }), "{error}");
        assert_eq!(error.hint().as_deref(), Some("Sign in again"));
    }
    assert_eq!(grants(&server).len(), 1, "refused credentials are not sent again");
}

async fn refusal(config: Config, sign_in: SignIn) -> (Refusal, String, sim::Handle) {
    let server = tiny(config).await;
    let error = client(&server.base_url(), sign_in).who_am_i().await.unwrap_err();
    let sentence = error.to_string();
    let panopto::Error::BadCredentials { refusal, .. } = error else { panic!("{sentence}") };
    (refusal, sentence, server)
}

#[tokio::test]
async fn each_refusal_has_its_own_sentence() {
    let wrong_password = || PasswordSignIn { password: "wrong".into(), ..password() };
    let sign_in = SignIn { password: Some(wrong_password()), ..by_password() };
    let (found, sentence, server) = refusal(Config::default(), sign_in).await;
    assert_eq!(found, Refusal::Password);
    assert!(sentence.ends_with("does not accept this user name and password"), "{sentence}");
    assert_eq!(grants(&server).len(), 1, "a wrong password is tried once, not until the account is locked");

    let wrong_client = ApiClient { secret: "wrong".into(), ..api_client() };
    let sign_in = SignIn { api_client: Some(wrong_client), ..by_password() };
    let (found, sentence, _) = refusal(Config::default(), sign_in).await;
    assert_eq!(found, Refusal::ApiClient);
    assert!(sentence.ends_with("does not accept the client ID or the client secret"), "{sentence}");

    let no_password_grant = sim::ApiClient { grants: vec![Grant::Code, Grant::Refresh], ..sim::ApiClient::demo() };
    let config = Config { clients: vec![no_password_grant], ..Config::default() };
    let (found, sentence, _) = refusal(config, by_password()).await;
    assert_eq!(found, Refusal::GrantNotAllowed);
    assert!(sentence.ends_with("does not allow signing in with user name and password"), "{sentence}");

    for wrong in [WrongPassword::False, WrongPassword::Fault] {
        let config = Config { wrong_password: wrong, ..Config::default() };
        let sign_in = SignIn { password: Some(wrong_password()), ..SignIn::default() };
        let (found, _, server) = refusal(config, sign_in).await;
        assert_eq!(found, Refusal::Password);
        assert_eq!(count(&server, Route::SoapAuth), 1);
    }
}

#[tokio::test]
async fn credentials_go_in_the_body_where_the_header_is_refused() {
    let server = Script::start(|request, _| match request.path.as_str() {
        "/Panopto/oauth2/connect/token" if request.head.to_lowercase().contains("authorization:") => {
            Reply { status: 400, ..Reply::ok(r#"{"error":"invalid_client"}"#) }
        }
        "/Panopto/oauth2/connect/token" => {
            let form: Vec<_> = url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
            let has = |name: &str, value: &str| form.iter().any(|(key, found)| key == name && found == value);
            assert!(has("client_secret", "a+b/c=&<"), "{form:?}");
            Reply { body: token().body, ..Reply::ok(r"") }
        }
        _ => Reply::status(401),
    })
    .await;
    let api_client = ApiClient { id: "id".to_owned(), secret: "a+b/c=&<".into() };
    let client = client(&server.base_url, SignIn { api_client: Some(api_client), ..by_password() });
    let _ = client.who_am_i().await;
    // First Basic, then the body; then, for the 401 of userinfo, a renewal that already knows to use the body.
    assert_eq!(server.count("/token"), 3);
}

#[tokio::test]
async fn basic_credentials_are_raw_base64() {
    let server = Script::start(|_, _| token()).await;
    let secret = "p+/=&<ü%";
    let api_client = ApiClient { id: "the-id".to_owned(), secret: secret.into() };
    let client = client(&server.base_url, SignIn { api_client: Some(api_client), ..by_password() });
    let _ = client.who_am_i().await;
    let expected = base64::engine::general_purpose::STANDARD.encode(format!("the-id:{secret}"));
    let head = &server.requests()[0].head;
    assert!(head.contains(&format!("Basic {expected}")), "{head}");
    let form: Vec<_> = url::form_urlencoded::parse(server.requests()[0].body.as_bytes()).into_owned().collect();
    assert!(form.contains(&("password".to_owned(), DEMO_PASSWORD.to_owned())), "{form:?}");
}

#[tokio::test]
async fn a_server_without_legacy_login_takes_the_password() {
    let log_on = "<s:Envelope xmlns:s='x'><s:Body><LogOnWithPasswordResponse><LogOnWithPasswordResult>true\
        </LogOnWithPasswordResult></LogOnWithPasswordResponse></s:Body></s:Envelope>";
    for legacy in [404, 401, 200] {
        for with_cookie in [true, false] {
            let server = Script::start(move |request, _| match request.path.as_str() {
                "/Panopto/oauth2/connect/token" => token(),
                "/Panopto/api/v1/auth/legacyLogin" => Reply::status(legacy),
                "/Panopto/PublicAPI/4.2/Auth.svc" if with_cookie => {
                    Reply::ok(log_on).with("set-cookie", "other=1").with("set-cookie", ".ASPXAUTH=LOGGEDON; path=/")
                }
                "/Panopto/PublicAPI/4.2/Auth.svc" => Reply::ok(log_on),
                _ => {
                    let cookie = request.head.to_lowercase().contains("cookie: .aspxauth=loggedon\r\n");
                    assert_eq!(cookie || request.head.ends_with(".ASPXAUTH=LOGGEDON"), with_cookie, "{}", request.head);
                    assert_eq!(request.body.contains("<t:auth>"), !with_cookie, "else the password goes in the call");
                    Reply::ok(usage_body("", Some(0)))
                }
            })
            .await;
            let client = client(&server.base_url, by_password());
            let session = model::SessionId::from_bytes([1; 16]);
            let usage = client.usage(session, always(), &mut Collected::default()).await.unwrap();
            assert_eq!(usage.emptiness.is_some(), with_cookie, "legacyLogin {legacy}");
        }
    }
}

#[tokio::test]
async fn a_token_without_a_cookie_is_an_error_that_says_so() {
    let server = Script::start(|request, _| match request.path.as_str() {
        "/Panopto/oauth2/connect/token" => token(),
        _ => Reply::ok(""),
    })
    .await;
    let sign_in = SignIn { refresh_token: Some("r".into()), password: None, ..by_password() };
    let error = client(&server.base_url, sign_in).check_usage_access().await.unwrap_err();
    assert!(error.to_string().contains("no cookie named `.ASPXAUTH`"), "{error}");
}

#[tokio::test]
async fn a_dead_cookie_is_replaced_once_for_everybody() {
    for dead_cookie in [DeadCookie::Fault, DeadCookie::Redirect] {
        let server = tiny(Config { dead_cookie, latency: Duration::from_millis(5), ..Config::default() }).await;
        let client = client(&server.base_url(), by_password());
        let session = sessions(&server)[0];
        fetched(&client, session, always()).await;
        server.kill_cookies();
        let calls = (0..10).map(|_| fetched(&client, session, always()));
        for (records, _) in futures_util::future::join_all(calls).await {
            assert_eq!(records.len(), 4);
        }
        assert_eq!(count(&server, Route::LegacyLogin), 2, "{dead_cookie:?}");
    }
}

#[tokio::test]
async fn no_rights_is_said_after_one_renewal_and_not_one_for_each_folder() {
    let server = signed_in(|_, _| Reply::status(403)).await;
    let client = client(&server.base_url, by_password());
    for _ in 0..5 {
        let error = client.sessions_by_page(model::FolderId::NIL, |_| ()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoRights, "{error}");
    }
    assert_eq!(server.count("/token"), 2);
    assert_eq!(server.count("/sessions"), 6);
}

#[tokio::test]
async fn a_token_that_is_about_to_die_is_renewed_beforehand() {
    let server = Script::start(|request, _| match request.path.as_str() {
        "/Panopto/oauth2/connect/token" => token(),
        _ => Reply::ok(r#"{"Results":[]}"#),
    })
    .await;
    let client = client(&server.base_url, by_password());
    let list = || client.sessions_by_page(model::FolderId::NIL, |_| ());
    list().await.unwrap();
    // An hour of life, minus the minute in which the token could expire during a call.
    for (later, renewals) in [(Duration::from_secs(3500), 1), (Duration::from_secs(60), 2)] {
        pass(later).await;
        list().await.unwrap();
        assert_eq!(server.count("/token"), renewals, "{later:?} later");
    }
}

/// Calls can run on any thread of the program's runtime.
#[test]
fn every_call_can_be_spawned() {
    fn assert_send<T: Send>(_: T) {}
    fn all(client: &panopto::Client, sink: &mut Collected) {
        assert_send(client.who_am_i());
        assert_send(client.sessions_by_page(model::FolderId::NIL, |_| ()));
        assert_send(client.usage(model::SessionId::NIL, always(), sink));
        assert_send(client.prove_signed_in(None));
    }
    let _ = all;
}

/// Repeated wrong passwords often lock an account: two services take passwords, and only one of them receives it, once.
#[tokio::test]
async fn a_wrong_password_reaches_the_server_once() {
    let wrong = || PasswordSignIn { password: "wrong".into(), ..password() };
    for soap in [panopto::SoapSignIn::Cookie, panopto::SoapSignIn::AuthInCall] {
        let server = tiny(Config::default()).await;
        let client = client(&server.base_url(), SignIn { password: Some(wrong()), soap, ..by_password() });
        let (folder, video) = (course(&server), sessions(&server)[0]);
        let mut sink = Collected::default();
        let (list, usage, again) =
            tokio::join!(client.folder(folder), client.usage(video, always(), &mut sink), client.check_usage_access(),);
        let later = client.folder(folder).await;
        let errors = [list.unwrap_err(), usage.unwrap_err(), again.unwrap_err(), later.unwrap_err()];
        for error in &errors {
            assert!(matches!(error, panopto::Error::BadCredentials { refusal: Refusal::Password, .. }), "{error}");
            assert_eq!(error.to_string(), errors[0].to_string(), "one failure, shared");
        }
        let asked = server.requests();
        let heard = asked.iter().filter(|request| matches!(request.route, Route::Token | Route::SoapAuth));
        assert_eq!(heard.count(), 1, "{soap:?}: {asked:?}");
    }
}
