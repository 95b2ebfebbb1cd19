//! The listening side: sockets, TLS, connections, and the handle with which a test steers a running server.

use crate::answer::{Outcome, answer};
use crate::config::{Config, Https};
use crate::faults::{Fault, FaultPlan, Injector};
use crate::index::Content;
use crate::lies::Lies;
use crate::log::RequestLogEntry;
use crate::reset::Resettable;
use crate::shared::Shared;
use crate::wire::{Body, Reply, Request, Spoiling};
use crate::world::World;
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::{IpAddr, SocketAddr};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Requests with a longer body are refused with 413.
const MAX_BODY_BYTES: usize = 1 << 20;

/// Starts the server on the current tokio runtime. It serves until the handle is stopped or dropped.
///
/// Fails if an address cannot be bound, or if the certificate or the key cannot be used.
pub async fn start(world: World, config: Config) -> std::io::Result<Handle> {
    async fn bind(addr: SocketAddr) -> std::io::Result<TcpListener> {
        TcpListener::bind(addr)
            .await
            .map_err(|error| std::io::Error::new(error.kind(), format!("Cannot listen on {addr}: {error}")))
    }
    let tls = config.https.as_ref().map(|https| Ok::<_, std::io::Error>((https.addr, acceptor(https)?))).transpose()?;
    let http = match config.http_addr {
        Some(addr) => Some(bind(addr).await?),
        None => None,
    };
    let https = match tls {
        Some((addr, acceptor)) => Some((bind(addr).await?, acceptor)),
        None => None,
    };
    let handle = Handle {
        state: Arc::new(Shared::new(world, config)),
        http: http.as_ref().map(TcpListener::local_addr).transpose()?,
        https: https.as_ref().map(|(listener, _)| listener.local_addr()).transpose()?,
        stopping: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    if let Some(listener) = http {
        handle.listen(listener, None);
    }
    if let Some((listener, acceptor)) = https {
        handle.listen(listener, Some(acceptor));
    }
    Ok(handle)
}

/// A running server. Dropping it stops the server.
///
/// The guards from [`world`](Self::world) and [`config_mut`](Self::config_mut) hold up every request while they live.
/// Take each in a statement of its own: never two in one statement, and never across an `await`.
pub struct Handle {
    state: Arc<Shared>,
    http: Option<SocketAddr>,
    https: Option<SocketAddr>,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl Handle {
    /// The address without TLS, `http://127.0.0.1:PORT`; the https address if the server offers only that.
    pub fn base_url(&self) -> String {
        self.http.map(|addr| format!("http://{addr}")).or_else(|| self.https_url()).unwrap_or_default()
    }

    /// The address with TLS, `https://localhost:PORT` when it listens on loopback.
    pub fn https_url(&self) -> Option<String> {
        self.https.map(|addr| {
            if addr.ip().is_loopback() {
                format!("https://localhost:{}", addr.port())
            } else {
                format!("https://{addr}")
            }
        })
    }

    /// What the server holds, to read and to change.
    pub fn world(&self) -> WorldGuard<'_> {
        WorldGuard(self.state.content())
    }

    /// How the server behaves, to change.
    pub fn config_mut(&self) -> RwLockWriteGuard<'_, Config> {
        self.state.config_mut()
    }

    /// Where the server's replies contradict what it holds, to change. Holds up requests like the other guards.
    pub fn lies(&self) -> MutexGuard<'_, Lies> {
        self.state.lies()
    }

    /// Replaces the fault plan. Counting starts again, and the lies of the old plan end.
    pub fn set_faults(&self, plan: FaultPlan) {
        *self.state.injector() = Injector::new(plan);
    }

    /// The planned faults that have struck since the plan was set.
    pub fn struck_faults(&self) -> Vec<Fault> {
        self.state.injector().struck()
    }

    /// All requests since the start or the last [`clear_requests`](Self::clear_requests), in order of arrival.
    pub fn requests(&self) -> Vec<RequestLogEntry> {
        self.state.log.all()
    }

    /// Empties the request log.
    pub fn clear_requests(&self) {
        self.state.log.clear();
    }

    /// Sets the time, which then stands still.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.state.clock.set(now);
    }

    /// Moves the time on by `span`; it then stands still.
    pub fn advance(&self, span: Duration) {
        let now = self.now();
        self.set_now(TimeDelta::from_std(span).ok().and_then(|span| now.checked_add_signed(span)).unwrap_or(now));
    }

    /// The server's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.state.clock.now()
    }

    /// Expires every access token. Refresh tokens stay valid.
    pub fn expire_tokens(&self) {
        self.state.accounts().expire_tokens();
    }

    /// Kills every cookie. [`Config::dead_cookie`] says what then happens to a call that carries one.
    pub fn kill_cookies(&self) {
        self.state.accounts().kill_cookies();
    }

    /// Uses up every refresh token, as another process that shares them would.
    pub fn use_refresh_tokens(&self) {
        self.state.accounts().use_refresh_tokens();
    }

    /// Stops listening, drops all connections and waits until they are closed.
    pub async fn stop(self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn listen(&self, listener: TcpListener, tls: Option<TlsAcceptor>) {
        let (state, stopping, tasks) = (Arc::clone(&self.state), self.stopping.clone(), self.tasks.clone());
        self.tasks.spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = stopping.cancelled() => break,
                    accepted = listener.accept() => accepted,
                };
                let Ok((stream, peer)) = accepted else {
                    // For instance, out of file handles, which may be temporary.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                };
                let (state, stopping, tls) = (Arc::clone(&state), stopping.clone(), tls.clone());
                tasks.spawn(async move {
                    tokio::select! {
                        () = stopping.cancelled() => {}
                        () = connection(stream, peer.ip(), tls, state) => {}
                    }
                });
            }
        });
    }
}

// Written by hand, because the state holds tokens.
impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle").field("http", &self.http).field("https", &self.https).finish_non_exhaustive()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

/// The world of a running server, on loan.
#[derive(Debug)]
pub struct WorldGuard<'a>(MutexGuard<'a, Content>);

impl Deref for WorldGuard<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0.world
    }
}

impl DerefMut for WorldGuard<'_> {
    fn deref_mut(&mut self) -> &mut World {
        self.0.change()
    }
}

fn acceptor(https: &Https) -> std::io::Result<TlsAcceptor> {
    use rustls_pki_types::pem::PemObject as _;
    use rustls_pki_types::{CertificateDer, PrivateKeyDer};
    let invalid = |what: &str, why: String| {
        std::io::Error::new(std::io::ErrorKind::InvalidInput, format!("{what} cannot be used: {why}"))
    };
    let chain = CertificateDer::pem_slice_iter(https.cert_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| invalid("The certificate", error.to_string()))?;
    // Leaves out the reason, which could quote the key.
    let key = PrivateKeyDer::from_pem_slice(https.key_pem.as_bytes())
        .map_err(|_| invalid("The private key", "not a PEM key".to_owned()))?;
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| invalid("TLS", error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| invalid("The certificate with this key", error.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn connection(stream: TcpStream, peer: IpAddr, tls: Option<TlsAcceptor>, state: Arc<Shared>) {
    // Without this, small replies wait for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let reset = Arc::new(AtomicBool::new(false));
    let stream = Resettable { stream, reset: Arc::clone(&reset) };
    match tls {
        None => serve(stream, "http", peer, state, reset).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, "https", peer, state, reset).await;
            }
        }
    }
}

async fn serve<S>(stream: S, scheme: &'static str, peer: IpAddr, state: Arc<Shared>, reset: Arc<AtomicBool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request: http::Request<Incoming>| {
        let (state, reset) = (Arc::clone(&state), Arc::clone(&reset));
        async move {
            let Some(request) = read(request, scheme, peer).await else {
                return Ok(Reply::empty(413).into_http(Spoiling::None));
            };
            match answer(&state, &request).await {
                Outcome::Reply(reply, spoiling) => {
                    Ok::<http::Response<Body>, std::io::Error>(reply.into_http(spoiling))
                }
                Outcome::Reset => {
                    reset.store(true, Ordering::Relaxed);
                    Err(std::io::Error::other("reset on purpose"))
                }
            }
        }
    });
    // An error here is an injected fault, or means that the client has gone.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn read(request: http::Request<Incoming>, scheme: &str, peer: IpAddr) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await.ok()?.to_bytes();
    let host = parts.headers.get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    Some(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        origin: format!("{scheme}://{host}"),
        headers: parts.headers,
        body,
        peer,
    })
}
