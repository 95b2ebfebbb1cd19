//! The address of a Panopto server: https to any host, plain http to this computer only.

use std::fmt;

use model::line::quotable;
use url::{Host, Url};

/// A Panopto server, made by [`Server::parse`]. Shown as its host name, or as a URL if the host name is not enough
/// (another port, plain http).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Server {
    /// Scheme, host and port; the path is `/`.
    base: Url,
}

/// Why a text is not the address of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerError {
    /// The text is empty.
    #[error("The name of the Panopto server is missing; something like `university.hosted.panopto.com` is expected")]
    Empty,
    /// Not a host name and not a URL.
    #[error("`{text}` is not the name of a server; something like `university.hosted.panopto.com` is expected")]
    NotAnAddress {
        /// The text; a long one is cut and ends in `…`.
        text: String,
    },
    /// Neither https nor http.
    #[error("A Panopto server is reached over https, not over `{scheme}`")]
    Scheme {
        /// The scheme that was given.
        scheme: String,
    },
    /// Plain http to another computer.
    #[error("`{host}` must be reached over https: plain http would show passwords and viewing data to the network")]
    PlainHttp {
        /// The host.
        host: String,
    },
    /// It holds `user:password@`.
    #[error("The address of the server must not hold a user name or password")]
    UserInfo,
    /// It names more than a server.
    #[error("Only the name of the server is expected, without `{path}`")]
    Path {
        /// The path; a long one is cut and ends in `…`.
        path: String,
    },
}

impl Server {
    /// Reads `university.hosted.panopto.com`, `https://university.hosted.panopto.com/Panopto` or, for this computer,
    /// `http://127.0.0.1:8080`. Blanks around the text are ignored; a bare host name means https.
    pub fn parse(text: &str) -> Result<Self, ServerError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ServerError::Empty);
        }
        let not_an_address = || ServerError::NotAnAddress { text: quotable(text) };
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&with_scheme).map_err(|_| not_an_address())?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(ServerError::Scheme { scheme: url.scheme().to_owned() });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ServerError::UserInfo);
        }
        let host = url.host().ok_or_else(not_an_address)?;
        if url.port() == Some(0) || url.host_str().is_some_and(|host| host.contains(['%', '*'])) {
            return Err(not_an_address());
        }
        if url.scheme() == "http" && !is_loopback(&host) {
            return Err(ServerError::PlainHttp { host: host.to_string() });
        }
        let path = url.path().trim_end_matches('/');
        if !(path.is_empty() || path.eq_ignore_ascii_case("/Panopto"))
            || url.query().is_some()
            || url.fragment().is_some()
        {
            let path = quotable(&url[url::Position::BeforePath..]);
            return Err(ServerError::Path { path });
        }
        let mut base = url.clone();
        base.set_path("/");
        Ok(Self { base })
    }

    /// The host name or address, without a port.
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// Whether the server is this computer itself.
    pub fn is_loopback(&self) -> bool {
        self.base.host().is_some_and(|host| is_loopback(&host))
    }

    pub(crate) fn is_plain_http(&self) -> bool {
        self.base.scheme() == "http"
    }

    /// The URL of a path on this server. `path` starts at the root (`/Panopto/api/v1/...`), and the caller has escaped
    /// it.
    pub fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    /// Whether a URL points to this server: host and port must match, the scheme need not.
    pub(crate) fn serves(&self, url: &Url) -> bool {
        url.host() == self.base.host()
            && (url.port_or_known_default() == self.base.port_or_known_default() || url.port().is_none())
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.base.scheme() == "https" && self.base.port().is_none() {
            f.write_str(self.host())
        } else {
            f.write_str(self.base.as_str().trim_end_matches('/'))
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({self})")
    }
}
