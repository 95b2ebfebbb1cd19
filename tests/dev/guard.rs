//! Refused: callers without the token, other pages, other names for this computer.

use serde_json::json;

use crate::support::{Server, VITE};

#[tokio::test]
async fn it_listens_on_this_computer_alone_and_each_server_has_a_token_of_its_own() {
    let (one, other) = (Server::start().await, Server::start().await);
    assert!(one.address.ip().is_loopback() && one.address.port() != other.address.port());
    assert!(one.token.len() == 64 && one.token != other.token);
}

#[tokio::test]
async fn without_the_token_there_is_nothing() {
    let server = Server::start().await;
    let host = server.address.to_string();
    let wrong = "0".repeat(64);
    let (short, long) = (&server.token[..63], format!("{}0", server.token));
    for token in ["", "x", &wrong, short, &long] {
        let path = format!("/{token}/program");
        let reply = server.send_raw("POST", &path, &[("Host", &host)], r#"{"situations":["firstStart"]}"#).await;
        assert_eq!((reply.status, reply.body.as_str()), (404, ""), "{token}");
    }
    assert_eq!(server.send("POST", "program", &json!({ "situations": ["firstStart"] })).await.status, 200);
}

#[tokio::test]
async fn another_name_for_this_computer_is_refused_although_the_token_is_right() {
    let server = Server::start().await;
    let path = format!("/{}/program", server.token);
    let port = server.address.port();
    for host in ["evil.example", &format!("localhost:{port}"), "127.0.0.1", &format!("127.0.0.1:{port}.evil.example")] {
        let reply = server.send_raw("POST", &path, &[("Host", host)], r#"{"situations":["firstStart"]}"#).await;
        assert_eq!(reply.status, 403, "{host}");
    }
    // HTTP/1.1 without any `Host` is not a valid request.
    assert!([400, 403].contains(&server.send_raw("POST", &path, &[], "{}").await.status));
}

#[tokio::test]
async fn a_page_from_elsewhere_is_refused_and_the_known_ones_are_not() {
    let server = Server::start().await;
    let (path, host) = (format!("/{}/program", server.token), server.address.to_string());
    let own = format!("http://{host}");
    let send = |origin: String| {
        let (server, path, host) = (&server, &path, &host);
        async move {
            let headers = [("Host", host.as_str()), ("Origin", origin.as_str())];
            server.send_raw("POST", path, &headers, r#"{"situations":["firstStart"]}"#).await.status
        }
    };
    for origin in ["https://evil.example", "null", "http://127.0.0.1:5174", "http://127.0.0.1:5173.evil.example"] {
        assert_eq!(send(origin.to_owned()).await, 403, "{origin}");
    }
    assert_eq!((send(own).await, send(VITE.to_owned()).await), (200, 200));
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let server = Server::start().await;
    let reply = server.send("POST", "program", &json!({ "situations": ["x".repeat(2 * 1024 * 1024)] })).await;
    assert_eq!(reply.status, 413, "{}", reply.head);
}

#[tokio::test]
async fn files_of_the_page_are_served_and_no_others() {
    let server = Server::start().await;
    let (program, _) = server.program(&["firstStart"]).await;
    let get = |path: &'static str| {
        let (server, path) = (&server, format!("{program}/page/{path}"));
        async move { server.send("GET", &path, &json!(null)).await }
    };
    let page = get("").await;
    assert_eq!((page.status, page.body.as_str()), (200, "<p>The page</p>"));
    assert!(
        page.head.contains("text/html")
            && page.head.to_lowercase().contains("content-security-policy: default-src 'self'")
    );
    assert_eq!(get("assets/window.js").await.body, "'the script'");
    for path in ["../main.rs", "%2e%2e/%2e%2e/etc/passwd", "assets/../index.html", "assets", "nothing"] {
        assert_eq!(get(path).await.status, 404, "{path}");
    }
}
