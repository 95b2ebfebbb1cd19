//! One exchange over HTTP: sent, bounded, and every way it can fail told apart.
//!
//! Invariants: redirects are never followed (they lead to sign-in pages); certificates are always verified; at most the
//! given number of bytes is read, counted after decompression; an error never holds a query string.

use std::error::Error as StdError;
use std::io;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Certificate, StatusCode};

use crate::pace::retry::{Again, Failed, retry_after};
use crate::pauses::Pauses;
use crate::server_clock::ServerClock;
use crate::wire::{Unreadable, clean};
use crate::{Error, Options, Result, Server};

/// The HTTP client for one server.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) server: Server,
    pub(crate) options: Options,
    pub(crate) counts: Counts,
    pub(crate) clock: ServerClock,
    http: reqwest::Client,
}

/// Calls made.
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
        let options = Options { pauses: Pauses::default(), ..options };
        let http = client(&server, &options)?;
        Ok(Self { server, options, counts: Counts::default(), clock: ServerClock::default(), http })
    }

    pub(crate) fn get(&self, url: url::Url) -> reqwest::RequestBuilder {
        self.http.get(url)
    }

    pub(crate) fn post(&self, url: url::Url) -> reqwest::RequestBuilder {
        self.http.post(url)
    }

    /// Sends a request and reads the whole reply. `call` names it in errors.
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
        // The call's name and no address: addresses and bodies can hold secrets.
        let (status, millis) = (response.status().as_u16(), asked.elapsed().as_millis());
        tracing::debug!(call, status, bytes = body.len(), millis, "answered");
        Ok(HttpReply { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
    }

    /// 429, 5xx: worth another try. Other statuses are the caller's to judge.
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

    /// A reply that could not be read. One whose end got lost is asked for again, a web page (a proxy's error page, mostly
    /// passing) once or twice; a reply that is whole but of another form would come again the same.
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
        if let Some(reason) = certificate_problem(error) {
            return Failed::finally(Error::Certificate { server, detail: reason });
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
        // An error means that the program has chosen one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let extra_roots = match &options.extra_root_pem {
        None => Vec::new(),
        Some(pem) => {
            let roots = Certificate::from_pem_bundle(pem).unwrap_or_default();
            if roots.is_empty() {
                return Err(Error::NotConfigured(
                    "The extra certificate is not in PEM form (`-----BEGIN CERTIFICATE-----`)".to_owned(),
                ));
            }
            roots
        }
    };
    let builder = || {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("panopto-analytics/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(options.connect_timeout)
            .read_timeout(options.silence_timeout)
            .timeout(options.call_timeout)
            .pool_max_idle_per_host(options.soap_in_flight_max.max(options.rest_in_flight));
        // This computer is never reached through a proxy, whatever the environment says.
        if server.is_loopback() { builder.no_proxy() } else { builder }
    };
    let built = if server.is_plain_http() {
        // Needs no certificates, and reading the system's takes a while.
        builder().tls_certs_only(extra_roots).build()
    } else if extra_roots.is_empty() {
        builder().build()
    } else {
        // A bare machine may have no certificates of its own at all: the extra ones must then do.
        builder()
            .tls_certs_merge(extra_roots.clone())
            .build()
            .or_else(|_| builder().tls_certs_only(extra_roots).build())
    };
    built.map_err(|error| {
        Error::NotConfigured(format!("The system's certificates cannot be read ({})", root_cause(&error)))
    })
}

fn with_status(status: StatusCode, detail: &str) -> String {
    if detail.is_empty() { format!("HTTP {status}") } else { format!("HTTP {}, {detail}", status.as_u16()) }
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // An io::Error hides the error it wraps from `source`: it shows that one's own source instead.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

fn root_cause(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(|cause| clean(&cause.to_string())).unwrap_or_default()
}

/// What is wrong with the server's certificate, in words, if that is why the connection failed.
fn certificate_problem(error: &(dyn StdError + 'static)) -> Option<String> {
    use rustls::CertificateError as Problem;
    let problem = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>())?;
    Some(match problem {
        rustls::Error::InvalidCertificate(problem) => match problem {
            Problem::Expired | Problem::ExpiredContext { .. } => "it has expired".to_owned(),
            Problem::NotValidYet | Problem::NotValidYetContext { .. } => {
                "it is not valid yet (check this computer's clock)".to_owned()
            }
            Problem::NotValidForName | Problem::NotValidForNameContext { .. } => {
                "it belongs to another server".to_owned()
            }
            Problem::Revoked => "it has been revoked".to_owned(),
            Problem::UnknownIssuer => "its issuer is unknown to this computer".to_owned(),
            other => clean(&other.to_string()),
        },
        rustls::Error::NoCertificatesPresented => "it shows none".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificate_problems_have_words() {
        let wrapped = |problem| io::Error::other(rustls::Error::InvalidCertificate(problem));
        let words = |problem| certificate_problem(&wrapped(problem));
        assert_eq!(words(rustls::CertificateError::Expired).as_deref(), Some("it has expired"));
        assert_eq!(
            words(rustls::CertificateError::UnknownIssuer).as_deref(),
            Some("its issuer is unknown to this computer")
        );
        assert_eq!(certificate_problem(&io::Error::other("something else")), None);
    }
}
