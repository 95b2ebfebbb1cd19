//! A server, and requests written by hand, because a client library would not send a wrong `Host`.

use std::net::SocketAddr;

use dev::{Origins, Page, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Another page that may call.
pub(crate) const VITE: &str = "http://127.0.0.1:5173";

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    /// Every line of the body as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Server {
    /// A server that runs as long as the test's runtime.
    pub(crate) async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("assets")).unwrap();
        std::fs::write(dir.path().join("index.html"), "<p>The page</p>").unwrap();
        std::fs::write(dir.path().join("assets/window.js"), "'the script'").unwrap();
        let page = Page::read(dir.path()).unwrap();
        let (serving, ended) = serve(page, Origins(vec![VITE.to_owned()]), std::future::pending()).await.unwrap();
        tokio::spawn(ended);
        Self { address: serving.address, token: serving.token.reveal().to_owned() }
    }

    /// Sends a request to a path below the token, with the right `Host`.
    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> Reply {
        let path = format!("/{}/{path}", self.token);
        self.send_raw(method, &path, &[("Host", &self.address.to_string())], &body.to_string()).await
    }

    /// Sends exactly these headers.
    pub(crate) async fn send_raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let headers = headers.concat();
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        // A body that is too large is refused before it has been read to its end.
        let _ = stream.write_all(body.as_bytes()).await;
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text).await;
        let text = String::from_utf8(text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        Reply {
            status: head.split(' ').nth(1).unwrap_or_default().parse().unwrap_or_default(),
            head: head.to_owned(),
            body: if chunked { unchunked(body) } else { body.to_owned() },
        }
    }

    /// Starts a program. Returns its address below the token, and what the server said about it.
    pub(crate) async fn program(&self, situations: &[&str]) -> (String, Value) {
        let reply = self.send("POST", "program", &json!({ "situations": situations })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let said: Value = serde_json::from_str(&reply.body).unwrap();
        (format!("program/{}", said["name"].as_str().unwrap()), said)
    }

    /// Calls a command that must succeed.
    pub(crate) async fn get(&self, program: &str, command: &str, arguments: Value) -> Value {
        let reply = self.send("POST", &format!("{program}/command/{command}"), &arguments).await;
        let last = reply.lines().pop().unwrap_or_default();
        assert!(last.get("answer").is_some(), "`{command}`: {} {}", reply.status, reply.body);
        last["answer"].clone()
    }
}

fn unchunked(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, more)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.push_str(&more[..size]);
        rest = more[size..].trim_start_matches("\r\n");
    }
    body
}
