//! The part of a web browser that a sign-in needs: one request, one answer, no cookies.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// Status, `Location` and body of an answer.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The address that it redirects to, if any.
    pub(crate) location: Option<String>,
    /// The text of the page.
    pub(crate) body: String,
}

/// Opens an `http://host:port/path` address.
pub(crate) fn get(url: &str) -> Answer {
    ask(url, "GET", "", "")
}

/// Sends a form.
pub(crate) fn post_form(url: &str, form: &str) -> Answer {
    ask(url, "POST", "Content-Type: application/x-www-form-urlencoded\r\n", form)
}

fn ask(url: &str, method: &str, headers: &str, body: &str) -> Answer {
    let rest = url.strip_prefix("http://").expect("plain http on this computer");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).unwrap_or_else(|error| panic!("{host}: {error}"));
    let length = body.len();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers text");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let location = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then(|| value.to_owned())
    });
    Answer { status, location, body: body.to_owned() }
}
