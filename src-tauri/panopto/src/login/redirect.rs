//! The tiny web server the browser comes back to.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use url::{Host, Url, form_urlencoded};

use crate::wire::clean;
use crate::{Error, Result, Secret};

/// How long the browser may take to fetch the closing page once the sign-in is decided.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long a visitor may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);
/// Visitors served at once; a browser needs two or three.
const VISITORS: usize = 16;

/// A redirect address of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RedirectAddress {
    port: u16,
    path: String,
}

/// What came back with the browser.
#[derive(Debug)]
pub(super) enum Answer {
    Code(Secret),
    /// The `error` word of OAuth2.
    Refused(String),
}

/// The browser, waiting to be told how it ended.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) answer: Answer,
    page: oneshot::Sender<String>,
    shown: oneshot::Receiver<()>,
}

/// The open port.
#[derive(Debug)]
pub(super) struct Listener {
    socket: TcpListener,
    address: RedirectAddress,
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

    /// The address, or what is wrong with it.
    pub(super) fn read(text: &str) -> std::result::Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "it is not a web address")?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
            _ => false,
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

impl Listener {
    pub(super) async fn open(address: RedirectAddress) -> Result<Self> {
        let port = address.port;
        // Never anything but this one address, also where the redirect says `localhost`.
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Error::PortTaken { port },
            _ => Error::NotConfigured(format!("Port {port} on this computer cannot be opened: {error}")),
        })?;
        Ok(Self { socket, address })
    }

    /// Serves until somebody comes with the right `state`. Everything else is turned away and changes nothing.
    pub(super) async fn wait(&self, state: &Secret) -> Visit {
        let (found, mut visits) = mpsc::channel(1);
        let door =
            Arc::new(Door { address: self.address.clone(), state: state.clone(), found: Mutex::new(Some(found)) });
        // Dropping the set ends every connection, so that nothing outlives the attempt.
        let mut visitors = JoinSet::new();
        loop {
            tokio::select! {
                Some(visit) = visits.recv() => {
                    // The one that waits for its closing page lives on; `Visit::show` sees to its end.
                    visitors.detach_all();
                    return visit;
                }
                Some(_) = visitors.join_next() => {}
                Ok((stream, _)) = self.socket.accept(), if visitors.len() < VISITORS => {
                    visitors.spawn(serve(stream, door.clone()));
                }
            }
        }
    }
}

impl Visit {
    /// Shows the closing page and waits until the browser has it.
    pub(super) async fn show(self, page: String) {
        if self.page.send(page).is_ok() {
            let _ = tokio::time::timeout(FAREWELL, self.shown).await;
        }
    }
}

struct Door {
    address: RedirectAddress,
    state: Secret,
    /// Taken by the first right visitor.
    found: Mutex<Option<mpsc::Sender<Visit>>>,
}

async fn serve(stream: TcpStream, door: Arc<Door>) {
    let (shown, waiting) = oneshot::channel();
    let waiting = Mutex::new(Some(waiting));
    let service = service_fn(|request| answer(&door, request, &waiting));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .keep_alive(false)
        .max_headers(100)
        .serve_connection(TokioIo::new(stream), service);
    // A visitor that breaks off is none of our business.
    let _ = connection.await;
    let _ = shown.send(());
}

async fn answer(
    door: &Door,
    request: Request<Incoming>,
    shown: &Mutex<Option<oneshot::Receiver<()>>>,
) -> Result<Response<String>, Infallible> {
    if request.uri().path() != door.address.path || !is_for_here(&request, door.address.port) {
        return Ok(response(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "Nothing here".to_owned()));
    }
    if request.method() != Method::GET {
        return Ok(response(StatusCode::METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", "Only GET".to_owned()));
    }
    let stray =
        || response(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", "Not the sign-in in progress".to_owned());
    let Some(answer) = read(request.uri().query().unwrap_or_default(), &door.state) else { return Ok(stray()) };
    let found = door.found.lock().unwrap_or_else(PoisonError::into_inner).take();
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (Some(found), Some(shown)) = (found, shown) else { return Ok(stray()) };
    let (page, outcome) = oneshot::channel();
    if found.send(Visit { answer, page, shown }).await.is_err() {
        return Ok(stray());
    }
    Ok(match outcome.await {
        Ok(page) => response(StatusCode::OK, "text/html; charset=utf-8", page),
        // The attempt was stopped while the code was exchanged.
        Err(_) => response(StatusCode::OK, "text/plain; charset=utf-8", "The sign-in was stopped".to_owned()),
    })
}

/// The parameters of the redirect, if its `state` is ours.
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

/// Whether the request names this computer: a page elsewhere must not reach it under a name of its own.
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
