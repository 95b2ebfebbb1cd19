//! The browser sign-in, with the test in place of the browser.
//!
//! One attempt at a time in a process is part of the contract, so these tests take turns.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use panopto::login::{LoginAttempt, LoginOptions, SignedInTokens};
use panopto::{Error, ErrorKind, Refusal, Server};
use sim::{Config, Pkce, Route};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, MutexGuard};
use url::Url;

use crate::support::*;

static TURN: Mutex<()> = Mutex::const_new(());

/// A free port for this test: the simulator compares redirects character by character.
struct LoopbackPort {
    number: u16,
    _turn: MutexGuard<'static, ()>,
}

impl LoopbackPort {
    async fn new() -> Self {
        let turn = TURN.lock().await;
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { number: port, _turn: turn }
    }

    fn redirect(&self) -> String {
        format!("http://localhost:{}/redirect", self.number)
    }

    fn options(&self) -> LoginOptions {
        LoginOptions { redirect: self.redirect(), ..LoginOptions::default() }
    }

    async fn sim(&self, config: Config) -> sim::Handle {
        let client = sim::ApiClient { redirects: vec![self.redirect()], ..sim::ApiClient::demo() };
        tiny(Config { clients: vec![client], auto_approve: true, ..config }).await
    }

    /// A raw request to the loopback server.
    async fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.number)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        reply
    }

    async fn get(&self, target: &str) -> String {
        self.ask(&format!("GET {target} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.number)).await
    }
}

async fn begin(server: &sim::Handle, options: LoginOptions) -> panopto::Result<LoginAttempt> {
    LoginAttempt::begin(&Server::parse(&server.base_url()).unwrap(), &api_client(), options, &hurried()).await
}

/// Opens the address as a browser whose owner agrees to everything; returns the redirect that it receives.
async fn visit(url: &Url) -> Url {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let reply = http.get(url.clone()).send().await.unwrap();
    reply.headers()["location"].to_str().unwrap().parse().unwrap()
}

/// The whole journey: returns the sign-in and what the browser shows at the end.
async fn journey(
    port: &LoopbackPort,
    server: &sim::Handle,
    options: LoginOptions,
) -> (panopto::Result<SignedInTokens>, String) {
    let attempt = begin(server, options).await.unwrap();
    let url = attempt.url().clone();
    tokio::join!(attempt.finish(pending()), async {
        let back = visit(&url).await;
        port.get(&back[url::Position::BeforePath..]).await
    })
}

#[tokio::test]
async fn a_person_signs_in() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    for pkce in [false, true] {
        let (tokens, page) = journey(&port, &server, LoginOptions { pkce, ..port.options() }).await;
        let tokens = tokens.unwrap();
        assert!(tokens.refresh_token.is_some());
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("You are signed in"), "{page}");
        assert!(page.contains("cache-control: no-store") && !page.contains("<script"), "{page}");
        assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
        let sign_in = panopto::SignIn {
            api_client: Some(api_client()),
            refresh_token: tokens.refresh_token,
            ..Default::default()
        };
        let who = client(&server.base_url(), sign_in).who_am_i().await.unwrap();
        assert!(who.user_id.is_some());
        assert_eq!(listeners_on(port.number).len(), 1, "for those who come late");
    }
    // The next attempt, at any port, closes it.
    let elsewhere = LoginOptions { redirect: free_redirect(), ..LoginOptions::default() };
    drop(begin(&server, elsewhere).await.unwrap());
    TcpStream::connect(("127.0.0.1", port.number)).await.expect_err("the port is closed");
}

/// A redirect address at a port of its own.
fn free_redirect() -> String {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("http://localhost:{port}/redirect")
}

/// A browser that prefetches, a link scanner, a reload: every load with the right `state` sees how the sign-in ended.
#[tokio::test]
async fn a_redirect_that_is_loaded_more_than_once_shows_the_same_page() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let attempt = begin(&server, port.options()).await.unwrap();
    let back = visit(&attempt.url().clone()).await;
    let target = back[url::Position::BeforePath..].to_owned();
    server.set_faults(sim::FaultPlan::new([(
        sim::At::Nth(Route::Token, 1),
        sim::Fault::Stall(Duration::from_millis(300)),
    )]));
    let (tokens, first, second) = tokio::join!(attempt.finish(pending()), port.get(&target), async {
        until(|| server.requests().iter().any(|request| request.route == Route::Token)).await;
        port.get(&target).await
    });
    tokens.unwrap();
    let third = port.get(&target).await;
    for page in [&first, &second, &third] {
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("You are signed in"), "{page}");
    }
    let exchanges = server.requests().iter().filter(|request| request.route == Route::Token).count();
    assert_eq!(exchanges, 1, "the code is exchanged once");
    assert!(port.get("/redirect?code=x&state=wrong").await.starts_with("HTTP/1.1 400"), "still nobody else");
}

#[tokio::test]
async fn a_failed_sign_in_is_shown_to_those_who_load_it_again() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let attempt = begin(&server, port.options()).await.unwrap();
    let state = attempt.url().query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
    let target = format!("/redirect?error=access_denied&state={state}");
    let (result, _) = tokio::join!(attempt.finish(pending()), port.get(&target));
    result.unwrap_err();
    assert!(port.get(&target).await.contains("Not signed in"));
}

#[tokio::test]
async fn connections_that_say_nothing_delay_nobody() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let attempt = begin(&server, port.options()).await.unwrap();
    let url = attempt.url().clone();
    let finish = tokio::spawn(attempt.finish(pending()));
    let mut silent = Vec::new();
    for _ in 0..200 {
        silent.push(TcpStream::connect(("127.0.0.1", port.number)).await.unwrap());
    }
    let begun = std::time::Instant::now();
    let back = visit(&url).await;
    let page = port.get(&back[url::Position::BeforePath..]).await;
    assert!(page.contains("You are signed in"), "{page}");
    finish.await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_address_holds_what_the_server_needs_and_nothing_secret() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let attempt = begin(&server, LoginOptions { pkce: true, ..port.options() }).await.unwrap();
    let url = attempt.url().clone();
    assert_eq!(url.path(), "/Panopto/oauth2/connect/authorize");
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(value("response_type").as_deref(), Some("code"));
    assert_eq!(value("client_id").as_deref(), Some(sim::DEMO_CLIENT_ID));
    assert_eq!(value("redirect_uri"), Some(port.redirect()));
    assert_eq!(value("scope").as_deref(), Some("openid api offline_access"));
    assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
    assert!(value("state").unwrap().len() >= 40 && value("code_challenge").unwrap().len() == 43);
    assert!(!url.as_str().contains("Secret") && value("code_verifier").is_none());
    let shown = format!("{attempt:?}");
    assert!(!shown.contains(sim::DEMO_CLIENT_SECRET), "{shown}");
}

#[tokio::test]
async fn only_this_computer_only_the_path_only_the_state() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let attempt = begin(&server, port.options()).await.unwrap();
    let url = attempt.url().clone();
    let state = url.query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
    let listening = listeners_on(port.number);
    assert_eq!(listening, vec![SocketAddr::from(([127, 0, 0, 1], port.number))]);
    let finish = tokio::spawn(attempt.finish(pending()));
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "404"),
        ("GET /favicon.ico HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "404"),
        ("GET /redirect/ HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "404"),
        ("GET /redirect?code=x&state=STATE HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n", "404"),
        ("GET /redirect?code=x&state=STATE HTTP/1.1\r\n\r\n", "404"),
        ("POST /redirect?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 0\r\n\r\n", "405"),
        ("GET /redirect HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "400"),
        ("GET /redirect?code=x HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "400"),
        ("GET /redirect?code=x&state= HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "400"),
        ("GET /redirect?code=x&state=STATEx HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "400"),
        ("GET /redirect?error=access_denied&state=wrong HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", "400"),
        ("GET /redirect?state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "400"),
        ("nonsense\r\n\r\n", "400"),
    ] {
        let request = request.replace("PORT", &port.number.to_string()).replace("STATE", &state);
        let reply = port.ask(&request).await;
        assert!(reply.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {reply}");
        assert!(!finish.is_finished(), "{request} ended the attempt");
    }
    assert!(server.requests().iter().all(|request| request.route != Route::Token), "no code was exchanged");
    // After all that, the person can still sign in.
    let back = visit(&url).await;
    port.get(&back[url::Position::BeforePath..]).await;
    finish.await.unwrap().unwrap();
}

/// The addresses that listen on a port, from the kernel's own table if there is one.
fn listeners_on(port: u16) -> Vec<SocketAddr> {
    let Ok(table) = std::fs::read_to_string("/proc/net/tcp") else {
        return vec![SocketAddr::from(([127, 0, 0, 1], port))];
    };
    let all = table + &std::fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    let listening = all.lines().filter_map(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let (local, _, state) = (columns.next()?, columns.next()?, columns.next()?);
        let (address, hex_port) = local.split_once(':')?;
        (state == "0A" && u16::from_str_radix(hex_port, 16) == Ok(port)).then(|| address.to_owned())
    });
    listening
        .map(|address| match u32::from_str_radix(&address, 16) {
            Ok(v4) => SocketAddr::from((v4.to_le_bytes(), port)),
            Err(_) => SocketAddr::from(([0u16; 8], port)),
        })
        .collect()
}

#[tokio::test]
async fn a_second_attempt_is_refused_politely() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let first = begin(&server, port.options()).await.unwrap();
    let error = begin(&server, port.options()).await.unwrap_err();
    assert!(matches!(error, Error::SignInRunning), "{error}");
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Busy, "A sign-in is already running"));
    drop(first);
    begin(&server, port.options()).await.expect("free again as soon as the first is gone");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let taken = std::net::TcpListener::bind(("127.0.0.1", port.number)).unwrap();
    let error = begin(&server, port.options()).await.unwrap_err();
    assert!(matches!(error, Error::PortTaken { port: taken } if taken == port.number), "{error}");
    assert!(error.to_string().contains(&port.number.to_string()));
    drop(taken);
    begin(&server, port.options()).await.expect("a failed attempt leaves nothing behind");
}

#[tokio::test]
async fn redirect_addresses_elsewhere_are_refused() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    for redirect in [
        "",
        "localhost:9127/redirect",
        "https://localhost:9127/redirect",
        "http://localhost/redirect",
        "http://localhost:0/redirect",
        "http://0.0.0.0:9127/redirect",
        "http://127.0.0.2:9127/redirect",
        "http://[::1]:9127/redirect",
        "http://example.org:9127/redirect",
        "http://user@localhost:9127/redirect",
        "http://localhost:9127/redirect?x=1",
        "http://localhost:9127/redirect#x",
    ] {
        let options = LoginOptions { redirect: redirect.to_owned(), ..LoginOptions::default() };
        let error = begin(&server, options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotConfigured, "{redirect}: {error}");
    }
}

#[tokio::test]
async fn the_user_stops_it_or_nobody_comes() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let attempt = begin(&server, port.options()).await.unwrap();
    let error = attempt.finish(tokio::time::sleep(Duration::from_millis(20))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    TcpStream::connect(("127.0.0.1", port.number)).await.expect_err("the port is closed");
    let options = LoginOptions { timeout: Duration::from_millis(30), ..port.options() };
    let error = begin(&server, options).await.unwrap().finish(pending()).await.unwrap_err();
    assert!(matches!(error, Error::SignInTimedOut { .. }), "{error}");
}

#[tokio::test]
async fn a_refusal_on_the_sign_in_page_is_told_here_and_there() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    for (word, refusal) in [
        ("access_denied", Refusal::Denied),
        ("unauthorized_client", Refusal::GrantNotAllowed),
        ("invalid_scope", Refusal::GrantNotAllowed),
        ("%3Cscript%3Ealert(1)%3C/script%3E", Refusal::Denied),
    ] {
        let attempt = begin(&server, port.options()).await.unwrap();
        let state = attempt.url().query_pairs().find(|(key, _)| key == "state").unwrap().1.into_owned();
        let target = format!("/redirect?error={word}&error_description=x&state={state}");
        let (result, page) = tokio::join!(attempt.finish(pending()), port.get(&target));
        match result.unwrap_err() {
            Error::BadCredentials { refusal: found, .. } => assert_eq!(found, refusal, "{word}"),
            error => panic!("{word}: {error}"),
        }
        assert!(page.contains("Not signed in") && !page.contains("<script"), "{page}");
    }
}

#[tokio::test]
async fn where_pkce_is_refused_or_demanded_the_hint_says_switch_it() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config { pkce: Pkce::Refuse, ..Config::default() }).await;
    let (result, page) = journey(&port, &server, LoginOptions { pkce: true, ..port.options() }).await;
    let error = result.unwrap_err();
    assert!(matches!(error, Error::BadCredentials { refusal: Refusal::Code { pkce: true }, .. }), "{error}");
    assert!(error.hint().unwrap().starts_with("Switch PKCE off"));
    assert!(page.contains("Switch PKCE off"), "{page}");
    let (result, _) = journey(&port, &server, port.options()).await;
    result.unwrap();
}

#[tokio::test]
async fn a_wrong_secret_is_told_at_the_exchange() {
    let port = LoopbackPort::new().await;
    let server = port.sim(Config::default()).await;
    let wrong = panopto::ApiClient { secret: "wrong".into(), ..api_client() };
    let address = Server::parse(&server.base_url()).unwrap();
    let attempt = LoginAttempt::begin(&address, &wrong, port.options(), &hurried()).await.unwrap();
    let url = attempt.url().clone();
    let (result, page) = tokio::join!(attempt.finish(pending()), async {
        let back = visit(&url).await;
        port.get(&back[url::Position::BeforePath..]).await
    });
    assert!(matches!(result, Err(Error::BadCredentials { refusal: Refusal::ApiClient, .. })), "{result:?}");
    assert!(page.contains("Not signed in"), "{page}");
}
