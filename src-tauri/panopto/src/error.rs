//! What can go wrong with the server, in a form that callers can act on.
//!
//! `Display` is one sentence that names the call; [`Error::hint`] says what to do. Invariant: neither holds a secret or
//! a query string.

use std::sync::Arc;
use std::time::Duration;

/// The caller's own error, passed through.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a caller should do about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// Sign-in details are missing or unusable: show the settings.
    NotConfigured,
    /// The server does not accept the credentials: sign in again.
    BadCredentials,
    /// Signed in, but not allowed to see this.
    NoRights,
    /// The folder or video does not exist, or is hidden.
    NotFound,
    /// The server cannot be reached or trusted.
    Network,
    /// The server did not answer in time.
    Timeout,
    /// The server asks for longer pauses than retries allow.
    RateLimited,
    /// The server refused the call for another reason.
    ServerRejected,
    /// The answer has a form that Panopto is not known to send.
    ServerChanged,
    /// Another sign-in is running, or its port is taken.
    Busy,
    /// The user cancelled it.
    Cancelled,
    /// The caller's own [`crate::UsageSink`] or [`crate::TokenStore`] failed; its error is inside [`Error::Sink`] or
    /// [`Error::TokenStore`].
    Caller,
}

/// Why credentials were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The API client's ID or secret is wrong.
    ApiClient,
    /// The API client is of a type that does not allow this way of signing in.
    GrantNotAllowed,
    /// The user name or the password is wrong.
    Password,
    /// The refresh token is no longer accepted.
    SignInExpired,
    /// The code of the browser sign-in was not accepted.
    Code {
        /// Whether the attempt used PKCE.
        pkce: bool,
    },
    /// The person or the server refused on the sign-in page.
    Denied,
    /// Even a fresh access token is not accepted.
    Token,
    /// Even a fresh SOAP sign-in is not accepted.
    Soap,
}

/// What is wrong with a server's certificate. `Display` completes a sentence: "... cannot be verified: {}".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateProblem {
    /// It has expired.
    #[error("it has expired")]
    Expired,
    /// It is not valid yet.
    #[error("it is not valid yet")]
    NotYetValid,
    /// It names another server.
    #[error("it belongs to another server")]
    OtherServer,
    /// Its issuer has withdrawn it.
    #[error("it has been revoked")]
    Revoked,
    /// No trusted authority has signed it.
    #[error("its issuer is unknown to this computer")]
    UnknownIssuer,
    /// It is a certificate authority's own certificate, as the usual recipes for self-signed certificates produce.
    #[error("it is self-signed and made to sign other certificates, not to be shown by a server")]
    SelfSigned,
    /// It was made for another purpose than identifying a server.
    #[error("it is not meant to be shown by a server")]
    OtherPurpose,
    /// The server presents no certificate.
    #[error("it shows none")]
    NoneShown,
    /// Anything else, in the words of the library that checks certificates.
    #[error("it is not accepted ({0})")]
    Other(String),
}

/// What is wrong with a file of certificates. `Display` completes a sentence that names the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaFileProblem {
    /// The file is empty.
    #[error("is empty")]
    Empty,
    /// It holds a certificate in binary form.
    #[error("is not in PEM form but in the binary form DER")]
    Der,
    /// It holds no certificate.
    #[error("is not in PEM form (`-----BEGIN CERTIFICATE-----`)")]
    NotPem,
    /// One of its certificates cannot be read.
    #[error("holds a damaged certificate")]
    Damaged,
}

/// What went wrong. Cheap to clone.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// Something needed to sign in is missing or unusable. The text is the whole sentence.
    #[error("{0}")]
    NotConfigured(String),
    /// The server does not accept the credentials.
    #[error("{message}")]
    BadCredentials {
        /// Why they were refused.
        refusal: Refusal,
        /// The whole sentence.
        message: String,
    },
    /// Signed in, but not allowed to see this.
    #[error("The server {server} does not allow this user to call `{call}`{}", colon(.detail))]
    NoRights {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// What the server said; may be empty.
        detail: String,
    },
    /// The folder or video does not exist, or is hidden.
    #[error("The server {server} does not know what `{call}` asks for{}", colon(.detail))]
    NotFound {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// What the server said; may be empty.
        detail: String,
    },
    /// The connection could not be made, or it broke.
    #[error("The server {server} cannot be reached for `{call}`: {detail}")]
    Unreachable {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// What happened.
        detail: String,
    },
    /// The proxy between this computer and the server cannot be reached, or does not let the call through.
    #[error(
        "The proxy {proxy}, which this computer is set to use, gives no connection to {server} for `{call}`: {detail}"
    )]
    Proxy {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// Host and port of the proxy.
        proxy: String,
        /// What happened.
        detail: String,
    },
    /// The server's certificate is not trusted.
    #[error("The certificate of {server} cannot be verified: {problem}")]
    Certificate {
        /// The server.
        server: String,
        /// Why it is not trusted.
        problem: CertificateProblem,
    },
    /// A file of certificates to trust cannot be used.
    #[error("The certificate file `{name}` {problem}")]
    CaFile {
        /// The file, by the name that its owner uses.
        name: String,
        /// Why it cannot be used.
        problem: CaFileProblem,
    },
    /// The server redirects the call to another server.
    #[error("The server {server} answers `{call}` by pointing to {target}")]
    Redirected {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// Scheme and host of that server. Never a path, which could hold a secret.
        target: String,
    },
    /// The server did not answer in time.
    #[error("The server {server} did not answer `{call}` in time")]
    Timeout {
        /// The server.
        server: String,
        /// The call.
        call: String,
    },
    /// Too many calls, even after waiting.
    #[error("The server {server} asks for fewer calls (`{call}`)")]
    RateLimited {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// How long the server asks to wait, if it said so.
        retry_after: Option<Duration>,
    },
    /// The server refused the call for another reason: an HTTP status or a SOAP fault.
    #[error("The server {server} refused `{call}`: {detail}")]
    Rejected {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// The status line or the fault's text.
        detail: String,
        /// Whether the same call may succeed later (5xx).
        passing: bool,
    },
    /// The answer has an unknown form.
    #[error("The answer of the server {server} to `{call}` is not understood: {detail}")]
    Changed {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// What is wrong with the answer.
        detail: String,
    },
    /// A report changed each time it was read.
    #[error("The server {server} gave a different report each time for `{call}`: {detail}")]
    Unsettled {
        /// The server.
        server: String,
        /// The call.
        call: String,
        /// What changed.
        detail: String,
    },
    /// A browser sign-in is already running in this program.
    #[error("A sign-in is already running")]
    SignInRunning,
    /// The port of the redirect address is in use.
    #[error(
        "Port {port} on this computer, to which the browser returns after signing in, is in use by another program"
    )]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// The person did not finish the sign-in in the browser in time.
    #[error("The sign-in was not finished in the browser within {minutes} minutes")]
    SignInTimedOut {
        /// How long this program waited.
        minutes: u64,
    },
    /// The user cancelled it.
    #[error("Stopped")]
    Cancelled,
    /// The new refresh token could not be stored.
    #[error("The renewed sign-in could not be stored: {0}")]
    TokenStore(Arc<dyn std::error::Error + Send + Sync>),
    /// The caller's [`crate::UsageSink`] failed.
    #[error("The viewing records could not be stored: {0}")]
    Sink(Arc<dyn std::error::Error + Send + Sync>),
}

fn colon(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(": {detail}") }
}

impl Error {
    /// What a caller should do about this error.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotConfigured(_) | Self::CaFile { .. } => ErrorKind::NotConfigured,
            Self::BadCredentials { .. } => ErrorKind::BadCredentials,
            Self::NoRights { .. } => ErrorKind::NoRights,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Unreachable { .. } | Self::Proxy { .. } | Self::Certificate { .. } => ErrorKind::Network,
            Self::Timeout { .. } | Self::SignInTimedOut { .. } => ErrorKind::Timeout,
            Self::RateLimited { .. } => ErrorKind::RateLimited,
            Self::Rejected { .. } => ErrorKind::ServerRejected,
            Self::Changed { .. } | Self::Unsettled { .. } | Self::Redirected { .. } => ErrorKind::ServerChanged,
            Self::SignInRunning | Self::PortTaken { .. } => ErrorKind::Busy,
            Self::Cancelled => ErrorKind::Cancelled,
            Self::TokenStore(_) | Self::Sink(_) => ErrorKind::Caller,
        }
    }

    /// Whether the error is about who is signed in: other calls will then fail in the same way.
    pub(crate) const fn is_auth(&self) -> bool {
        matches!(self, Self::NotConfigured(_) | Self::BadCredentials { .. } | Self::TokenStore(_))
    }

    /// What to do about the error, if anything can be done.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::BadCredentials { refusal, .. } => refusal.hint(),
            Self::NoRights { .. } => {
                "Ask a Panopto administrator for the right to see the statistics of this folder, or sign in as a user who has it"
            }
            Self::NotFound { .. } => {
                "Check the folder or video in Panopto: it may have been deleted, or may not be shared with this user"
            }
            Self::Unreachable { .. } => "Check the name of the server and the network connection, then try again",
            Self::Proxy { .. } => {
                "Check the proxy in this computer's network settings or in HTTPS_PROXY; where the server can be reached without it, add the server's name to NO_PROXY"
            }
            Self::Certificate { problem, .. } => problem.hint(),
            Self::CaFile { problem, .. } => problem.hint(),
            Self::Redirected { .. } => {
                "If that is the address of your Panopto site, set it as the server; if not, open the server in a browser: a network's own sign-in page may stand in between"
            }
            Self::Timeout { .. } => "Try again later; what was fetched is kept",
            Self::RateLimited { .. } => "Wait a while, then try again; what was fetched is kept",
            Self::Rejected { passing: true, .. } | Self::Unsettled { .. } => {
                "Try again later; the fault is on the server's side"
            }
            Self::Changed { .. } => "Check that the address is that of a Panopto server; if it is, please report this",
            Self::SignInRunning => "Finish it in the browser or stop it first",
            Self::PortTaken { .. } => {
                "Close that program and try again, or sign in with user name and password instead"
            }
            Self::SignInTimedOut { .. } => "Start the sign-in again",
            Self::NotConfigured(_) | Self::Rejected { .. } | Self::Cancelled | Self::TokenStore(_) | Self::Sink(_) => {
                return None;
            }
        };
        Some(hint.to_owned())
    }
}

impl CertificateProblem {
    const fn hint(&self) -> &'static str {
        match self {
            Self::Expired | Self::Revoked => "Tell the people who run the server: only they can renew its certificate",
            Self::NotYetValid => "Check the date and the time of this computer",
            Self::OtherServer => "Check the server's name",
            Self::SelfSigned => {
                "Tell the people who run the server: it needs a certificate that a certificate authority has signed; trusting this one does not help"
            }
            Self::UnknownIssuer | Self::OtherPurpose | Self::NoneShown | Self::Other(_) => {
                "Check the server's name; if the site uses a certificate authority of its own, add its certificate (PANOPTO_CA_FILE)"
            }
        }
    }
}

impl CaFileProblem {
    const fn hint(self) -> &'static str {
        match self {
            Self::Der => {
                "Convert it (`openssl x509 -inform der -in FILE -out ca.pem`) and set PANOPTO_CA_FILE to the new file"
            }
            Self::Empty | Self::NotPem | Self::Damaged => {
                "Correct PANOPTO_CA_FILE: it names a file with certificates in PEM form"
            }
        }
    }
}

impl Refusal {
    const fn hint(self) -> &'static str {
        match self {
            Self::ApiClient => "Check the client ID and the client secret of the API client in Panopto",
            Self::GrantNotAllowed => {
                "In Panopto, use an API client of type `Server-side Web Application` for the browser sign-in, or of type `User Based Server Application` for user name and password"
            }
            Self::Password => {
                "Check the user name and the password; people who sign in through their institution have no Panopto password and use the browser sign-in"
            }
            Self::SignInExpired => "Sign in again",
            Self::Code { pkce: true } => "Switch PKCE off and sign in again: some Panopto sites refuse it",
            Self::Code { pkce: false } => "Switch PKCE on and sign in again: some Panopto sites demand it",
            Self::Denied => "Sign in again and allow the access",
            Self::Token | Self::Soap => {
                "Sign in again; if that does not help, ask a Panopto administrator about this API client"
            }
        }
    }
}
