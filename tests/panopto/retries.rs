//! Retrying, and giving up: statuses, broken connections, silence, sizes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use model::{FolderId, SessionId};
use panopto::{Error, ErrorKind, Options, Refusal};
use sim::{At, Config, Fault, FaultPlan, RateLimit, Route, World};

use crate::script::{Reply, fault_body, signed_in, usage_body, usage_row};
use crate::support::*;

const SESSION: SessionId = SessionId::from_bytes([3; 16]);

async fn usage_error(server: &crate::script::Script, options: Options) -> Error {
    let client = client_with(&server.base_url, by_password(), Arc::new(Kept::default()), options);
    client.usage(SESSION, always(), &mut Collected::default()).await.unwrap_err()
}

#[tokio::test]
async fn what_is_passing_is_tried_six_times_and_no_more() {
    for (status, kind) in [
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::ServerRejected),
        (502, ErrorKind::ServerRejected),
        (503, ErrorKind::ServerRejected),
    ] {
        let server = signed_in(move |_, _| Reply::status(status)).await;
        let error = usage_error(&server, hurried()).await;
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(server.count("UsageReporting.svc"), 6, "{status}");
        let error = client(&server.base_url, by_password()).sessions_by_page(FolderId::NIL, |_| ()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(server.count("/sessions"), 6, "{status}");
        assert!(!error.to_string().contains('?'), "no query in {error}");
    }
}

#[tokio::test]
async fn what_is_final_is_tried_once() {
    for status in [400, 404, 405, 409, 410, 413] {
        let server = signed_in(move |_, _| Reply::status(status)).await;
        let error = usage_error(&server, hurried()).await;
        assert!(matches!(error, Error::Rejected { passing: false, .. }), "{error}");
        assert_eq!(server.count("UsageReporting.svc"), 1, "{status}");
        let error = client(&server.base_url, by_password()).sessions_by_page(FolderId::NIL, |_| ()).await.unwrap_err();
        assert_eq!(
            error.kind(),
            if status == 404 { ErrorKind::NotFound } else { ErrorKind::ServerRejected },
            "{error}"
        );
        assert_eq!(server.count("/sessions"), 1, "{status}");
    }
}

#[tokio::test]
async fn retry_after_is_waited_out() {
    for route in [Route::FolderSessions, Route::SoapUsage, Route::LegacyLogin] {
        let fault = Fault::Status { status: 429, retry_after: Some(1) };
        let server = tiny(Config { faults: FaultPlan::new([(At::Nth(route, 1), fault)]), ..Config::default() }).await;
        let client = client(&server.base_url(), by_password());
        let start = Instant::now();
        client.sessions_by_page(course(&server), |_| ()).await.unwrap();
        client.usage(sessions(&server)[0], always(), &mut Collected::default()).await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(1), "{route:?}");
        assert_eq!(client.counters().retries, 1);
    }
}

fn is_an_hour(error: &Error) -> bool {
    matches!(error, Error::RateLimited { retry_after: Some(pause), .. } if *pause == Duration::from_secs(3600))
}

#[tokio::test]
async fn an_hour_is_not_waited_out_but_reported() {
    let server = signed_in(|_, _| Reply::status(429).with("retry-after", "3600")).await;
    let error = usage_error(&server, hurried()).await;
    assert!(is_an_hour(&error), "{error:?}");
    assert_eq!(server.count("UsageReporting.svc"), 1);
    let client = client(&server.base_url, by_password());
    let error = client.sessions_by_page(FolderId::NIL, |_| ()).await.unwrap_err();
    assert!(is_an_hour(&error), "{error:?}");
}

#[tokio::test]
async fn the_published_limits_are_kept_without_a_single_429() {
    let server =
        sim::start(World::tiny(noon()), Config { rest_limit: Some(RateLimit::PUBLISHED), ..Config::default() });
    let server = server.await.unwrap();
    let options = Options { rest_limits: panopto::RestLimits::default(), ..hurried() };
    let client = client_with(&server.base_url(), by_password(), Arc::new(Kept::default()), options);
    let (folder, start) = (course(&server), Instant::now());
    for result in futures_util::future::join_all((0..17).map(|_| client.folder(folder))).await {
        result.unwrap();
    }
    // 5 at once, then 5 after each second. The tests of `pace` check the exact times.
    assert!(start.elapsed() >= Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(server.requests().iter().all(|request| request.status == 200));
}

/// The calls that queued up during a pause go out at the usual pace, by the server's own count.
#[tokio::test]
async fn after_a_pause_the_limits_are_kept_as_before() {
    let server =
        sim::start(World::tiny(noon()), Config { rest_limit: Some(RateLimit::PUBLISHED), ..Config::default() });
    let server = server.await.unwrap();
    let options = Options { rest_limits: panopto::RestLimits::default(), ..hurried() };
    let client = client_with(&server.base_url(), by_password(), Arc::new(Kept::default()), options);
    let folder = course(&server);
    client.folder(folder).await.unwrap();
    let asked_to_wait = Fault::Status { status: 429, retry_after: Some(2) };
    server.set_faults(FaultPlan::new([(At::Nth(Route::Folder, 1), asked_to_wait)]));
    for result in futures_util::future::join_all((0..18).map(|_| client.folder(folder))).await {
        result.unwrap();
    }
    let asked = server.requests();
    let too_many = asked.iter().filter(|request| request.status == 429).count();
    assert_eq!(too_many, 1, "only the one that was asked to wait; the server counted no more than its limit");
    let mut moments: Vec<_> =
        asked.iter().filter(|request| request.route == Route::Folder).map(|request| request.at).collect();
    moments.sort();
    for run in moments.windows(6) {
        assert!((run[5] - run[0]).num_milliseconds() >= 1000, "six calls within a second: {moments:?}");
    }
}

/// A token can expire in the queue, and renewing it may take long. The calls that wait for it do not all go out
/// together afterwards.
#[tokio::test]
async fn calls_that_waited_for_a_token_keep_the_limits() {
    // The client uses the first half of such a token's life: two seconds, in which fifteen of the calls get their turn.
    let token_lifetime = Duration::from_secs(4);
    let slow_renewal = Fault::Stall(Duration::from_millis(2500));
    let config = Config {
        rest_limit: Some(RateLimit::PUBLISHED),
        token_lifetime,
        faults: FaultPlan::new([(At::Nth(Route::Token, 2), slow_renewal.clone())]),
        ..Config::default()
    };
    let server = sim::start(World::tiny(noon()), config).await.unwrap();
    let options = Options { rest_limits: panopto::RestLimits::default(), ..hurried() };
    let client = client_with(&server.base_url(), by_password(), Arc::new(Kept::default()), options);
    let folder = course(&server);
    for result in futures_util::future::join_all((0..22).map(|_| client.folder(folder))).await {
        result.unwrap();
    }
    assert_eq!(server.struck_faults(), [slow_renewal], "the token died in the queue");
    assert!(server.requests().iter().all(|request| request.status != 429), "the server counted no more than its limit");
}

#[tokio::test]
async fn soap_calls_slow_down_when_asked_and_lose_nothing() {
    let limit = RateLimit { per_second: 40, per_minute: 100_000, per_hour: 100_000 };
    let server =
        sim::start(World::tiny(noon()), Config { soap_limit: Some(limit), retry_after: false, ..Config::default() });
    let server = server.await.unwrap();
    let options =
        Options { backoff_base: Duration::from_millis(100), backoff_cap: Duration::from_secs(2), ..hurried() };
    let client = client_with(&server.base_url(), by_password(), Arc::new(Kept::default()), options);
    let session = sessions(&server)[0];
    let calls = (0..120).map(|_| fetched(&client, session, always()));
    for (records, _) in futures_util::future::join_all(calls).await {
        assert_eq!(records.len(), 4);
    }
    assert!(server.requests().iter().any(|request| request.status == 429), "the limit was met");
}

#[tokio::test]
async fn cut_off_replies_are_asked_for_again() {
    let body = usage_body(&usage_row(SESSION, 1), Some(1));
    let length = body.len();
    for cut_after in [0, 10, length / 2, length - 1] {
        let body = body.clone();
        let server = signed_in(move |_, before| {
            let cut_after = (before < 2).then_some(cut_after);
            // Once with a length that reveals that something is missing, once without any.
            let reply = Reply { cut_after, ..Reply::ok(body.clone()) };
            if before == 1 {
                Reply { body: body.as_bytes()[..cut_after.unwrap()].to_vec(), cut_after: None, ..reply }
            } else {
                reply
            }
        })
        .await;
        let client = client(&server.base_url, by_password());
        assert_eq!(fetched(&client, SESSION, always()).await.0.len(), 1, "cut after {cut_after}");
        assert_eq!(server.count("UsageReporting.svc"), 3);
    }
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let faults = FaultPlan::new([(At::From(Route::SoapUsage, 1), Fault::Stall(Duration::from_secs(20)))]);
    let server = tiny(Config { faults, ..Config::default() }).await;
    let options = Options { silence_timeout: Duration::from_millis(100), ..hurried() };
    let client = client_with(&server.base_url(), by_password(), Arc::new(Kept::default()), options);
    let start = Instant::now();
    let error = client.usage(sessions(&server)[0], always(), &mut Collected::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(client.counters().usage, 3, "time-outs cost the user time: three tries");
}

#[tokio::test]
async fn silence_in_the_middle_of_a_reply_is_cured_by_asking_again() {
    let faults = FaultPlan::new([(At::Nth(Route::SoapUsage, 1), Fault::StallBody(Duration::from_secs(20)))]);
    let server = tiny(Config { faults, ..Config::default() }).await;
    let options = Options { silence_timeout: Duration::from_millis(150), ..hurried() };
    let client = client_with(&server.base_url(), by_password(), Arc::new(Kept::default()), options);
    let session = sessions(&server)[0];
    assert_eq!(fetched(&client, session, always()).await.0, held(&server, session, always()));
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = client(&format!("http://127.0.0.1:{port}"), by_password());
    let error = client.who_am_i().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network, "{error}");
    assert!(error.to_string().starts_with(&format!("The server http://127.0.0.1:{port} cannot be reached")), "{error}");
    assert_eq!(client.counters().token, 3);
}

#[tokio::test]
async fn no_more_is_read_than_allowed() {
    let claimed = signed_in(|_, _| Reply::ok("x").with("content-length", "99999999999")).await;
    let options = || Options { max_soap_bytes: 100_000, max_json_bytes: 100_000, ..hurried() };
    let error = usage_error(&claimed, options()).await;
    assert!(error.to_string().contains("it is larger than 1 MiB"), "{error}");
    let streamed = signed_in(|_, _| Reply::ok(vec![b' '; 2_000_000]).with("content-length", "2000000")).await;
    assert_eq!(usage_error(&streamed, options()).await.kind(), ErrorKind::ServerChanged);
    assert_eq!(streamed.count("UsageReporting.svc"), 1);
    // 10 MB of blanks in a few kB.
    let bomb = include_bytes!("../fixtures/panopto/blanks.xml.gz");
    let server = signed_in(|_, _| Reply::ok(bomb.to_vec()).with("content-encoding", "gzip")).await;
    let error = usage_error(&server, options()).await;
    assert!(error.to_string().contains("it is larger than 1 MiB"), "{error}");
}

#[tokio::test]
async fn a_web_page_is_no_answer() {
    let server = signed_in(|_, _| Reply::ok("<!DOCTYPE html><html><form action=login></form></html>")).await;
    let error = usage_error(&server, hurried()).await;
    assert_eq!(error.kind(), ErrorKind::ServerChanged);
    assert!(error.to_string().ends_with("is not understood: it is a web page"), "{error}");
    assert_eq!(server.count("legacyLogin"), 2, "it might have been the sign-in page");
    let error = client(&server.base_url, by_password()).sessions_by_page(FolderId::NIL, |_| ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ServerChanged);
    assert_eq!(server.count("/sessions"), 3);
}

#[tokio::test]
async fn a_redirect_means_signed_out_and_is_not_followed() {
    let server = signed_in(|request, _| {
        assert!(!request.path.contains("SignIn"), "followed to the sign-in page");
        Reply::status(302).with("location", "/Panopto/Pages/Auth/SignIn.aspx")
    })
    .await;
    let error = usage_error(&server, hurried()).await;
    assert!(matches!(error, Error::BadCredentials { refusal: Refusal::Soap, .. }), "{error}");
    assert_eq!((server.count("legacyLogin"), server.count("UsageReporting.svc")), (2, 2));
    let error = client(&server.base_url, by_password()).sessions_by_page(FolderId::NIL, |_| ()).await.unwrap_err();
    assert!(matches!(error, Error::BadCredentials { refusal: Refusal::Token, .. }), "{error}");
}

#[tokio::test]
async fn faults_that_are_final_are_reported_in_the_servers_words() {
    for (text, kind) in [
        ("Session was not found.", ErrorKind::NotFound),
        ("You do not have access to this session", ErrorKind::NoRights),
        ("Value cannot be null. Parameter name: x", ErrorKind::ServerRejected),
        ("System error.", ErrorKind::ServerRejected),
        ("Unable to authenticate the user.", ErrorKind::BadCredentials),
    ] {
        let server = signed_in(move |_, _| Reply { status: 500, ..Reply::ok(fault_body(text)) }).await;
        let error = usage_error(&server, hurried()).await;
        assert_eq!(error.kind(), kind, "{error}");
        if kind != ErrorKind::BadCredentials {
            assert!(error.to_string().ends_with(text.trim_end_matches('.')), "{error}");
        }
        let (calls, sign_ins) = (server.count("UsageReporting.svc"), server.count("legacyLogin"));
        let expected = match kind {
            ErrorKind::ServerRejected if text.starts_with("Value") => (1, 1),
            ErrorKind::ServerRejected => (6, 2),
            _ => (2, 2),
        };
        assert_eq!((calls, sign_ins), expected, "{text}: a fresh sign-in is tried once where it may help");
    }
}

#[tokio::test]
async fn many_refused_videos_do_not_mean_many_sign_ins() {
    let server = tiny(Config::default()).await;
    let client = client(&server.base_url(), by_password());
    for unknown in 1..=20 {
        let session = SessionId::from_bytes([unknown; 16]);
        let error = client.usage(session, always(), &mut Collected::default()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    let logins = server.requests().iter().filter(|request| request.route == Route::LegacyLogin).count();
    assert!(logins <= 2, "{logins} sign-ins");
    // Once some video is known to have records, no fresh sign-in is needed at all.
    client.usage(sessions(&server)[0], always(), &mut Collected::default()).await.unwrap();
    server.clear_requests();
    let error = client.usage(SessionId::from_bytes([99; 16]), always(), &mut Collected::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(server.requests().iter().all(|request| request.route == Route::SoapUsage));
}
