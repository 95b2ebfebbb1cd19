//! The window's built files, read once and served from memory: no path of a request ever reaches the disk.
//!
//! The page has the program's own content security policy, except that it talks to the server it came from.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

const INDEX: &str = "index.html";

/// The files of a page by their path below its folder.
#[derive(Debug, Clone, Default)]
pub struct Page(HashMap<String, (&'static str, Bytes)>);

impl Page {
    /// The files in this folder, as `vite build` makes them.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut files = HashMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(name) = path.strip_prefix(folder) {
                    let name = name.to_string_lossy().replace('\\', "/");
                    files.insert(name, (kind(&path), Bytes::from(std::fs::read(&path)?)));
                }
            }
        }
        Ok(Self(files))
    }

    /// The file at this path; the empty path gives the page itself.
    pub(crate) fn file(&self, path: &str) -> Response {
        match self.0.get(if path.is_empty() { INDEX } else { path }) {
            Some((kind, bytes)) => {
                ([(CONTENT_TYPE, *kind), (CONTENT_SECURITY_POLICY, policy())], bytes.clone()).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

/// The policy of `tauri.conf.json`, where calls go to tauri's own scheme.
fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let config: Value = serde_json::from_str(include_str!("../../../tauri.conf.json")).unwrap_or_default();
        let policy = config["app"]["security"]["csp"].as_str().unwrap_or("default-src 'none'");
        policy.replace("connect-src ipc: http://ipc.localhost", "connect-src 'self'")
    });
    &POLICY
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}
