//! What can be between this program and the server: a proxy, and servers that redirect elsewhere.

use std::process::Command;
use std::sync::Arc;

use panopto::{Client, Error, ErrorKind, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::script::{Reply, Script, signed_in, token};
use crate::support::*;

const FOLDER: model::FolderId = model::FolderId::from_bytes([2; 16]);
const SESSION: model::SessionId = model::SessionId::from_bytes([1; 16]);

fn elsewhere(status: u16) -> Reply {
    Reply::status(status).with("location", "https://uni.hosted.panopto.com/Panopto/Login.aspx?ticket=secret")
}

fn is_told(error: &Error, call: &str) {
    let sentence = error.to_string();
    assert!(matches!(error, Error::Redirected { .. }), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::ServerChanged);
    assert!(
        sentence.ends_with(&format!("answers `{call}` by pointing to https://uni.hosted.panopto.com")),
        "{sentence}"
    );
    assert!(error.hint().unwrap().contains("set it as the server"));
}

#[tokio::test]
async fn a_server_that_points_elsewhere_is_named_with_its_target() {
    for status in [301, 302, 303, 307, 308] {
        let server = Script::start(move |_, _| elsewhere(status)).await;
        let client = client(&server.base_url, by_password());
        is_told(&client.folder(FOLDER).await.unwrap_err(), "oauth2/connect/token");
        assert_eq!(server.requests().len(), 1, "the same would come again");
    }
    let server = signed_in(|_, _| elsewhere(302)).await;
    let client = client(&server.base_url, by_password());
    is_told(&client.folder(FOLDER).await.unwrap_err(), &format!("folders/{FOLDER}"));
    let error = client.usage(SESSION, always(), &mut Collected::default()).await.unwrap_err();
    is_told(&error, &format!("UsageReporting.GetSessionExtendedDetailedUsage of video {SESSION}"));
    let log_on = Script::start(|request, _| match request.path.as_str() {
        "/Panopto/oauth2/connect/token" => token(),
        _ => elsewhere(302),
    })
    .await;
    let client = crate::support::client(&log_on.base_url, auth_in_call());
    is_told(&client.check_usage_access().await.unwrap_err(), "Auth.LogOnWithPassword");
}

#[tokio::test]
async fn a_server_that_points_to_its_own_sign_in_page_is_signed_out() {
    for location in ["/Panopto/Pages/Auth/Login.aspx", "", "mailto:x@uni.example", "javascript:x"] {
        let server = signed_in(move |_, _| Reply::status(302).with("location", location)).await;
        let error = client(&server.base_url, by_password()).folder(FOLDER).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadCredentials, "{location}: {error}");
        assert_eq!(server.count(&FOLDER.to_string()), 2, "a fresh token is tried");
    }
}

/// Proxies are found in the environment, which a test must not change for all the others, so these lines run in a
/// separate process.
#[test]
fn a_child_that_goes_through_a_proxy() {
    let Ok(server) = std::env::var("TEST_SERVER_BEHIND_A_PROXY") else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(async {
        let server = Server::parse(&server).unwrap();
        let client = Client::new(server, by_password(), Arc::new(Kept::default()), hurried()).unwrap();
        client.folder(FOLDER).await.unwrap_err()
    });
    println!("KIND {:?}\nSAYS {error}\nHINT {}", error.kind(), error.hint().unwrap());
}

async fn through(proxy: &str, server: &str) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "detours::a_child_that_goes_through_a_proxy", "--nocapture"]);
    child.env("TEST_SERVER_BEHIND_A_PROXY", server).env("HTTPS_PROXY", proxy);
    for other in ["https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
        child.env_remove(other);
    }
    let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_proxy_is_told_as_a_proxy() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let told =
        through(&format!("http://somebody:pass%20word@127.0.0.1:{port}"), "https://uni.hosted.panopto.com").await;
    assert!(told.contains("KIND Network"), "{told}");
    let sentence = format!(
        "SAYS The proxy 127.0.0.1:{port}, which this computer is set to use, gives no connection to uni.hosted.panopto.com for `oauth2/connect/token`: "
    );
    assert!(told.contains(&sentence), "{told}");
    assert!(told.contains("HINT Check the proxy") && told.contains("NO_PROXY"), "{told}");
    assert!(!told.contains("somebody") && !told.contains("word@"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_is_told_as_a_proxy() {
    for answer in ["407 Proxy Authentication Required", "502 Bad Gateway", "403 Forbidden"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxy = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).await;
                let _ = stream.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await;
            }
        });
        let told = through(&format!("http://{address}"), "https://uni.hosted.panopto.com").await;
        assert!(told.contains("KIND Network") && told.contains(&format!("SAYS The proxy {address}, ")), "{told}");
        proxy.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn this_computer_is_never_reached_through_a_proxy() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let told = through("http://127.0.0.1:1", &format!("http://127.0.0.1:{port}")).await;
    assert!(told.contains(&format!("SAYS The server http://127.0.0.1:{port} cannot be reached")), "{told}");
}
