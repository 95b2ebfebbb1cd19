//! One exchange over HTTP: sends a request, reads a bounded reply, and distinguishes the ways in which it can fail.
//!
//! Invariants: redirects are never followed, because they lead to sign-in pages; certificates are always verified; a
//! reply is read only up to a given number of bytes, counted after decompression; no error holds a query string.

use std::error::Error as StdError;
use std::io;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Certificate, StatusCode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::pace::retry::{Again, Failed, retry_after};
use crate::pauses::Pauses;
use crate::server_clock::ServerClock;
use crate::unreadable::{Unreadable, clean};
use crate::{CaFile, CaFileProblem, CertificateProblem, Error, Options, Result, Server};

/// The HTTP client for one server.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) server: Server,
    pub(crate) options: Options,
    /// Where waits are reported; see [`crate::Client::pauses`].
    pub(crate) pauses: Pauses,
    pub(crate) counts: Counts,
    pub(crate) clock: ServerClock,
    http: reqwest::Client,
}

/// How many calls were made.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) rest: AtomicU64,
    pub(crate) soap: AtomicU64,
    pub(crate) usage: AtomicU64,
    pub(crate) token: AtomicU64,
    pub(crate) retries: AtomicU64,
}

impl Counts {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// A complete reply, whatever its status.
#[derive(Debug)]
pub(crate) struct HttpReply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Transport {
    pub(crate) fn new(server: Server, options: Options) -> Result<Self> {
        let http = client(&server, &options)?;
        Ok(Self {
            server,
            options,
            pauses: Pauses::default(),
            counts: Counts::default(),
            clock: ServerClock::default(),
            http,
        })
    }

    pub(crate) fn get(&self, url: url::Url) -> reqwest::RequestBuilder {
        self.http.get(url)
    }

    pub(crate) fn post(&self, url: url::Url) -> reqwest::RequestBuilder {
        self.http.post(url)
    }

    /// Sends a request and reads the whole reply. `call` is its name in errors.
    pub(crate) async fn exchange(
        &self,
        request: reqwest::RequestBuilder,
        call: &str,
        max_bytes: usize,
    ) -> Result<HttpReply, Failed> {
        let asked = std::time::Instant::now();
        let mut response = request.send().await.map_err(|error| self.broken(&error, call))?;
        if response.status().is_success() {
            self.clock.heard(response.headers());
        }
        let length =
            response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > max_bytes as u64) {
            return Err(self.too_large(call, max_bytes));
        }
        let mut body = Vec::with_capacity(length.unwrap_or_default().min(1 << 20) as usize);
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(&error, call))? {
            if body.len() + chunk.len() > max_bytes {
                return Err(self.too_large(call, max_bytes));
            }
            body.extend_from_slice(&chunk);
        }
        // Logs the call's name but no address or body: those can hold secrets.
        let (status, millis) = (response.status().as_u16(), asked.elapsed().as_millis());
        tracing::debug!(call, status, bytes = body.len(), millis, "answered");
        Ok(HttpReply { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
    }

    /// Recognises 429 and 5xx, which are worth a retry. The caller judges every other status.
    pub(crate) fn try_again_later(&self, reply: &HttpReply, call: &str, detail: &str) -> Option<Failed> {
        let after = retry_after(&reply.headers);
        let (server, call) = (self.server.to_string(), call.to_owned());
        let error = if reply.status == StatusCode::TOO_MANY_REQUESTS {
            Error::RateLimited { server, call, retry_after: after }
        } else if reply.status.is_server_error() {
            Error::Rejected { server, call, detail: with_status(reply.status, detail), passing: true }
        } else {
            return None;
        };
        Some(Failed { error, again: Some(Again { attempts: self.options.attempts, after }) })
    }

    /// The error for a redirect to another server. `None` for a redirect within this server, which leads to its sign-in
    /// page.
    pub(crate) fn redirected(&self, reply: &HttpReply, call: &str) -> Option<Error> {
        if !reply.status.is_redirection() {
            return None;
        }
        let target = self.server.url("/").join(reply.headers.get(LOCATION)?.to_str().ok()?).ok()?;
        let is_elsewhere = matches!(target.scheme(), "http" | "https") && !self.server.serves(&target);
        is_elsewhere.then(|| Error::Redirected {
            server: self.server.to_string(),
            call: call.to_owned(),
            target: clean(&target.origin().ascii_serialization()),
        })
    }

    /// Decides what to do about an unreadable reply. A reply that was cut off is requested again. A web page is
    /// requested again once or twice, because it is usually a temporary error of a proxy. A complete reply of another
    /// form would come back the same.
    pub(crate) fn unreadable(&self, unreadable: &Unreadable, call: &str) -> Failed {
        let error =
            Error::Changed { server: self.server.to_string(), call: call.to_owned(), detail: unreadable.to_string() };
        if unreadable.is_cut_off() {
            Failed::again(error, self.options.attempts)
        } else if unreadable.is_html() {
            Failed::again(error, self.options.attempts.min(3))
        } else {
            Failed::finally(error)
        }
    }

    pub(crate) fn rejected(&self, status: StatusCode, call: &str, detail: &str) -> Error {
        let (server, call) = (self.server.to_string(), call.to_owned());
        Error::Rejected { server, call, detail: with_status(status, detail), passing: status.is_server_error() }
    }

    fn too_large(&self, call: &str, max_bytes: usize) -> Failed {
        let detail = format!("it is larger than {} MiB", max_bytes.div_ceil(1 << 20));
        Failed::finally(Error::Changed { server: self.server.to_string(), call: call.to_owned(), detail })
    }

    fn broken(&self, error: &reqwest::Error, call: &str) -> Failed {
        let (server, call) = (self.server.to_string(), call.to_owned());
        if let Some(problem) = certificate_problem(error) {
            return Failed::finally(Error::Certificate { server, problem });
        }
        if error.is_connect()
            && let Some(proxy) = proxy_to(&self.server)
        {
            let error = Error::Proxy { server, call, proxy, detail: root_cause(error) };
            return Failed::again(error, self.options.attempts_unreachable);
        }
        if error.is_connect() {
            let error = Error::Unreachable { server, call, detail: root_cause(error) };
            return Failed::again(error, self.options.attempts_unreachable);
        }
        if error.is_timeout() {
            return Failed::again(Error::Timeout { server, call }, self.options.attempts_unreachable);
        }
        if error.is_builder() {
            return Failed::finally(Error::NotConfigured(format!(
                "The call `{call}` cannot be made: {}",
                root_cause(error)
            )));
        }
        let detail = format!("the connection broke ({})", root_cause(error));
        Failed::again(Error::Unreachable { server, call, detail }, self.options.attempts)
    }
}

fn client(server: &Server, options: &Options) -> Result<reqwest::Client> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // An error means that the program has already installed a provider, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let mut extra_roots = Vec::new();
    for file in &options.extra_roots {
        extra_roots.extend(certificates(file)?);
    }
    let builder = || {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("panopto-analytics/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(options.connect_timeout)
            .read_timeout(options.silence_timeout)
            .timeout(options.call_timeout)
            .pool_max_idle_per_host(options.soap_in_flight_max.max(options.rest_in_flight));
        // Calls to this computer never go through a proxy, whatever the environment says.
        if server.is_loopback() { builder.no_proxy() } else { builder }
    };
    let built = if server.is_plain_http() {
        // Plain http needs no certificates, and reading the system's takes a while.
        builder().tls_certs_only(extra_roots).build()
    } else if extra_roots.is_empty() {
        builder().build()
    } else {
        // A bare machine may have no certificates of its own; the extra ones must then suffice.
        builder()
            .tls_certs_merge(extra_roots.clone())
            .build()
            .or_else(|_| builder().tls_certs_only(extra_roots).build())
    };
    built.map_err(|error| {
        Error::NotConfigured(format!("The system's certificates cannot be read ({})", root_cause(&error)))
    })
}

/// The certificates in a file, after checking that each can be trusted.
fn certificates(file: &CaFile) -> Result<Vec<Certificate>> {
    let refused = |problem| Error::CaFile { name: clean(&file.name), problem };
    if file.content.trim_ascii().is_empty() {
        return Err(refused(CaFileProblem::Empty));
    }
    let mut found = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(&file.content) {
        let certificate = certificate.map_err(|_| refused(CaFileProblem::Damaged))?;
        is_usable_root(&certificate).then_some(()).ok_or_else(|| refused(CaFileProblem::Damaged))?;
        found.push(Certificate::from_der(&certificate).map_err(|_| refused(CaFileProblem::Damaged))?);
    }
    if found.is_empty() {
        let is_der = is_usable_root(&CertificateDer::from(file.content.as_slice()));
        return Err(refused(if is_der { CaFileProblem::Der } else { CaFileProblem::NotPem }));
    }
    Ok(found)
}

fn is_usable_root(certificate: &CertificateDer<'_>) -> bool {
    rustls::RootCertStore::empty().add(certificate.clone().into_owned()).is_ok()
}

fn with_status(status: StatusCode, detail: &str) -> String {
    if detail.is_empty() { format!("HTTP {status}") } else { format!("HTTP {}, {detail}", status.as_u16()) }
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // The `source` of an io::Error skips the error that it wraps.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

fn root_cause(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(|cause| clean(&cause.to_string())).unwrap_or_default()
}

/// What is wrong with the server's certificate, if that is why the connection failed.
fn certificate_problem(error: &(dyn StdError + 'static)) -> Option<CertificateProblem> {
    use rustls::CertificateError as Cause;
    let cause = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>())?;
    match cause {
        rustls::Error::InvalidCertificate(cause) => Some(match cause {
            Cause::Expired | Cause::ExpiredContext { .. } => CertificateProblem::Expired,
            Cause::NotValidYet | Cause::NotValidYetContext { .. } => CertificateProblem::NotYetValid,
            Cause::NotValidForName | Cause::NotValidForNameContext { .. } => CertificateProblem::OtherServer,
            Cause::Revoked => CertificateProblem::Revoked,
            Cause::UnknownIssuer => CertificateProblem::UnknownIssuer,
            Cause::InvalidPurpose | Cause::InvalidPurposeContext { .. } => CertificateProblem::OtherPurpose,
            Cause::Other(other) => match other.0.downcast_ref() {
                Some(webpki::Error::CaUsedAsEndEntity) => CertificateProblem::SelfSigned,
                _ => CertificateProblem::Other(clean(&other.0.to_string())),
            },
            other => CertificateProblem::Other(clean(&other.to_string())),
        }),
        rustls::Error::NoCertificatesPresented => Some(CertificateProblem::NoneShown),
        // The error is not about the certificate.
        _ => None,
    }
}

/// Host and port of the proxy between this computer and the server, by the same rules as the HTTP library. The library
/// does not tell which proxy it used.
fn proxy_to(server: &Server) -> Option<String> {
    if server.is_loopback() {
        return None;
    }
    let target = server.url("/").as_str().parse().ok()?;
    let proxy = Matcher::from_system().intercept(&target)?;
    // The authority without any name and password in front of it.
    let host = proxy.uri().host()?;
    Some(proxy.uri().port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificate_problems_are_told_apart() {
        let wrapped = |problem| io::Error::other(rustls::Error::InvalidCertificate(problem));
        let found = |problem| certificate_problem(&wrapped(problem));
        assert_eq!(found(rustls::CertificateError::Expired), Some(CertificateProblem::Expired));
        assert_eq!(found(rustls::CertificateError::UnknownIssuer), Some(CertificateProblem::UnknownIssuer));
        assert_eq!(certificate_problem(&io::Error::other("something else")), None);
    }
}
