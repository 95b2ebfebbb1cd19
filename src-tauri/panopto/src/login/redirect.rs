//! The small web server to which the browser returns.
//!
//! A browser may load the redirect more than once: it prefetches, a link scanner looks first, a person reloads. The
//! first load with the right `state` decides the sign-in; every later one sees how it ended. For those the port stays
//! open for some seconds after the end, or until the next attempt begins. It does not stay open longer, because another
//! program may want it.
//!
//! Invariant: a connection that sends nothing cannot block a sign-in. When there are too many connections, the oldest
//! one that has not shown the right `state` is closed.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use url::{Host, Url, form_urlencoded};

use crate::unreadable::clean;
use crate::{Error, Result, Secret};

/// How long the browser may take to fetch the closing page after the sign-in is decided.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long later loads of the redirect still see how the sign-in ended.
const LINGER: Duration = Duration::from_secs(15);
/// How long a connection may take to send its request.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most connections at once; a browser needs two or three.
const MOST_CONNECTIONS: usize = 64;

/// The task that still answers later loads on the port of the latest finished attempt.
static LINGERING: Mutex<Option<JoinHandle<()>>> = Mutex::new(None);

/// A redirect address on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RedirectAddress {
    port: u16,
    path: String,
}

/// What the browser brought back.
#[derive(Debug)]
pub(super) enum Answer {
    Code(Secret),
    /// The `error` word of OAuth2.
    Refused(String),
}

impl RedirectAddress {
    pub(super) fn parse(text: &str) -> Result<Self> {
        Self::read(text).map_err(|what| {
            let text = clean(text);
            Error::NotConfigured(format!(
                "The redirect address `{text}` cannot be used: {what}; `{}` is what it usually is",
                super::DEFAULT_REDIRECT
            ))
        })
    }

    /// Reads the address, or says what is wrong with it.
    pub(super) fn read(text: &str) -> std::result::Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "it is not a web address")?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
            Some(Host::Ipv6(_)) | None => false,
        };
        if url.scheme() != "http" || !here || !url.username().is_empty() || url.password().is_some() {
            return Err("it must begin with `http://localhost:` or `http://127.0.0.1:`");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("nothing may follow its path");
        }
        let port = url.port().filter(|port| *port != 0).ok_or("it needs a port")?;
        Ok(Self { port, path: url.path().to_owned() })
    }
}

/// The open port of an attempt, and every connection to it.
#[derive(Debug)]
pub(super) struct Reception {
    port: Port,
    first: oneshot::Receiver<Answer>,
}

#[derive(Debug)]
struct Port {
    socket: TcpListener,
    attempt: Arc<Attempt>,
    /// Dropping the set ends every connection, so that none outlives the port.
    connections: JoinSet<()>,
    /// The same connections, oldest first.
    by_age: VecDeque<WaitingConnection>,
}

#[derive(Debug)]
struct WaitingConnection {
    task: AbortHandle,
    /// Whether the right `state` came over this connection.
    is_browser: Arc<AtomicBool>,
}

/// What the connections of one attempt share.
#[derive(Debug)]
struct Attempt {
    address: RedirectAddress,
    state: Secret,
    /// Taken by the first load with the right `state`.
    first: Mutex<Option<oneshot::Sender<Answer>>>,
    /// The closing page, once the sign-in is decided.
    page: watch::Sender<Option<String>>,
    /// Signals that a browser has received the closing page.
    shown: Notify,
}

impl Reception {
    /// Opens the port. A load that carries this `state` counts as the person's browser.
    pub(super) async fn open(address: RedirectAddress, state: Secret) -> Result<Self> {
        close_lingering().await;
        let port = address.port;
        // Binds this one address only, even if the redirect says `localhost`.
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Error::PortTaken { port },
            _ => Error::NotConfigured(format!("Port {port} on this computer cannot be opened: {error}")),
        })?;
        let (sender, first) = oneshot::channel();
        let (page, _) = watch::channel(None);
        let (first_sender, shown) = (Mutex::new(Some(sender)), Notify::new());
        let attempt = Arc::new(Attempt { address, state, first: first_sender, page, shown });
        Ok(Self { port: Port { socket, attempt, connections: JoinSet::new(), by_age: VecDeque::new() }, first })
    }

    /// Serves until the browser returns. Everything else is turned away and changes nothing.
    pub(super) async fn wait(&mut self) -> Answer {
        tokio::select! {
            Ok(answer) = &mut self.first => answer,
            never = self.port.serve() => match never {},
        }
    }

    /// Serves while `work` runs, so that a second load waits for its outcome like the first.
    pub(super) async fn during<T>(&mut self, work: impl Future<Output = T>) -> T {
        tokio::select! {
            done = work => done,
            never = self.port.serve() => match never {},
        }
    }

    /// Shows the closing page and waits until a browser has received it. Later loads see it for a while longer.
    pub(super) async fn show(mut self, page: String) {
        let attempt = self.port.attempt.clone();
        attempt.page.send_replace(Some(page));
        let _ = self.during(tokio::time::timeout(FAREWELL, attempt.shown.notified())).await;
        let mut port = self.port;
        let lingering = tokio::spawn(async move {
            let _ = tokio::time::timeout(LINGER, port.serve()).await;
        });
        *LINGERING.lock().unwrap_or_else(PoisonError::into_inner) = Some(lingering);
    }
}

/// Closes the port that an earlier attempt has left open.
async fn close_lingering() {
    let lingering = LINGERING.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(lingering) = lingering {
        lingering.abort();
        let _ = lingering.await;
    }
}

impl Port {
    /// Serves every connection. Never ends.
    async fn serve(&mut self) -> Infallible {
        loop {
            tokio::select! {
                Some(_) = self.connections.join_next() => {
                    self.by_age.retain(|connection| !connection.task.is_finished());
                }
                Ok((stream, _)) = self.socket.accept() => self.receive(stream),
            }
        }
    }

    fn receive(&mut self, stream: TcpStream) {
        if self.by_age.len() >= MOST_CONNECTIONS {
            let is_silent = |connection: &WaitingConnection| !connection.is_browser.load(Ordering::Relaxed);
            // If all of them have shown the right state, the new connection is refused.
            let Some(oldest) = self.by_age.iter().position(is_silent) else { return };
            if let Some(oldest) = self.by_age.remove(oldest) {
                oldest.task.abort();
            }
        }
        let is_browser = Arc::new(AtomicBool::new(false));
        let task = self.connections.spawn(serve(stream, self.attempt.clone(), is_browser.clone()));
        self.by_age.push_back(WaitingConnection { task, is_browser });
    }
}

async fn serve(stream: TcpStream, attempt: Arc<Attempt>, is_browser: Arc<AtomicBool>) {
    let service = service_fn(|request| answer(&attempt, request, &is_browser));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .keep_alive(false)
        .max_headers(100)
        .serve_connection(TokioIo::new(stream), service);
    // A connection that breaks off concerns only the browser.
    let _ = connection.await;
    if is_browser.load(Ordering::Relaxed) {
        attempt.shown.notify_one();
    }
}

async fn answer(
    attempt: &Attempt,
    request: Request<Incoming>,
    is_browser: &AtomicBool,
) -> Result<Response<String>, Infallible> {
    if request.uri().path() != attempt.address.path || !is_for_here(&request, attempt.address.port) {
        return Ok(response(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "Nothing here".to_owned()));
    }
    if request.method() != Method::GET {
        return Ok(response(StatusCode::METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", "Only GET".to_owned()));
    }
    let Some(answer) = read(request.uri().query().unwrap_or_default(), &attempt.state) else {
        let text = "Not the sign-in in progress".to_owned();
        return Ok(response(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", text));
    };
    is_browser.store(true, Ordering::Relaxed);
    if let Some(first) = attempt.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // Fails only if the attempt has just ended: then the closing page exists, or nobody waits for one.
        let _ = first.send(answer);
    }
    let page = attempt.page.subscribe().wait_for(Option::is_some).await.map(|page| page.clone().unwrap_or_default());
    Ok(match page {
        Ok(page) => response(StatusCode::OK, "text/html; charset=utf-8", page),
        Err(_) => response(StatusCode::OK, "text/plain; charset=utf-8", "The sign-in was stopped".to_owned()),
    })
}

/// Reads the parameters of the redirect, if its `state` is ours.
fn read(query: &str, state: &Secret) -> Option<Answer> {
    let parameter = |name: &str| {
        form_urlencoded::parse(query.as_bytes()).find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    };
    let theirs = Secret::from(parameter("state")?);
    if !bool::from(theirs.expose().as_bytes().ct_eq(state.expose().as_bytes())) {
        return None;
    }
    if let Some(error) = parameter("error") {
        return Some(Answer::Refused(clean(&error)));
    }
    parameter("code").filter(|code| !code.is_empty()).map(|code| Answer::Code(code.into()))
}

/// Whether the request names this computer as its host. A web page elsewhere must not reach the port under a host name
/// of its own.
fn is_for_here(request: &Request<Incoming>, port: u16) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    ["localhost", "127.0.0.1"].iter().any(|name| {
        host.strip_prefix(name).is_some_and(|rest| rest == format!(":{port}") || (rest.is_empty() && port == 80))
    })
}

fn response(status: StatusCode, content_type: &'static str, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
