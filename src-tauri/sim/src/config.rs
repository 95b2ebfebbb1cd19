//! Every knob of the simulator. What Panopto is known to do is the default; each thing nobody knows for certain is a
//! switch here, so that a client can be tried against all answers.
//!
//! All of them may be turned while the server runs ([`Handle::config_mut`](crate::Handle::config_mut)), except the
//! addresses, the seed and the initial time.

use crate::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REDIRECT, FaultPlan};
use chrono::{DateTime, Utc};
use std::net::SocketAddr;
use std::time::Duration;

/// How the server behaves.
#[derive(Clone)]
pub struct Config {
    /// Seed of everything random: tokens, random failures, phantom rows.
    pub seed: u64,
    /// Where plain http listens. Default 127.0.0.1 on a free port.
    pub http_addr: Option<SocketAddr>,
    /// Where https listens, besides or instead of http, over the same state.
    pub https: Option<Https>,
    /// The time at the start; it stands still until [`Handle::set_now`](crate::Handle::set_now). `None`: the system's.
    pub now: Option<DateTime<Utc>>,
    /// Pause before each reply.
    pub latency: Duration,

    /// The registered API clients.
    pub clients: Vec<ApiClient>,
    /// What happens to PKCE parameters.
    pub pkce: Pkce,
    /// Answer a valid authorization request at once with a code for the first user that has a password, as if a
    /// person had signed in and consented. For tests without a browser.
    pub auto_approve: bool,
    /// Life of an access token. Real: one hour.
    pub token_lifetime: Duration,
    /// Life of a refresh token from its issue; unknown for the real server. `None`: until it is used.
    pub refresh_lifetime: Option<Duration>,
    /// Life of an authorization code.
    pub code_lifetime: Duration,
    /// Life of a cookie; unknown for the real server, longer than an hour.
    pub cookie_lifetime: Duration,
    /// Whether a refresh answer brings a new refresh token and kills the old one, as the real server's does.
    pub rotate_refresh_tokens: bool,

    /// Entries on a page of a REST list. The real number is unknown (25 or 50 are guesses).
    pub page_size_rest: usize,
    /// What follows the last page of a REST or usage list.
    pub page_past_end: PastEnd,
    /// What an expired or unknown access token gets: 401 or 403.
    pub expired_token_status: u16,
    /// `folders/{id}/children` is empty for everybody, as seen on some sites.
    pub children_empty: bool,
    /// Probability that `folders/{id}/sessions` answers a bare 500, 0 to 1; about 0.5 was seen on one site.
    pub folder_sessions_500: f64,

    /// The language in a session's `CaptionDownloadUrl`, where it names one.
    pub caption_url_language: Option<String>,
    /// Captions are 403 for everybody.
    pub captions_refused: bool,

    /// What happens when `MaxNumberResults` is large.
    pub usage_limit: UsageLimit,
    /// Usage pages hold fewer rows than asked for, each a different number, one following the other.
    pub short_pages: bool,
    /// Whether `endRange` itself belongs to the range.
    pub end_range: EndRange,
    /// How a list without rows is written.
    pub empty_pages: EmptyList,
    /// `TotalNumberResponses` is left out.
    pub total_missing: bool,
    /// What a usage call without any sign-in gets.
    pub anonymous_usage: Anonymous,
    /// What a SOAP call with an expired or unknown cookie gets.
    pub dead_cookie: DeadCookie,
    /// How `LogOnWithPassword` refuses a wrong password.
    pub wrong_password: WrongPassword,

    /// Limit per REST endpoint and API client (else address). `None`: no limit.
    pub rest_limit: Option<RateLimit>,
    /// Limit per SOAP operation and user (else address); whether the real server has one is unknown.
    pub soap_limit: Option<RateLimit>,
    /// Whether a 429 says `Retry-After`.
    pub retry_after: bool,

    /// Faults to inject from the start.
    pub faults: FaultPlan,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            http_addr: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            https: None,
            now: None,
            latency: Duration::ZERO,
            clients: vec![ApiClient::demo()],
            pkce: Pkce::Accept,
            auto_approve: false,
            token_lifetime: Duration::from_secs(3600),
            refresh_lifetime: None,
            code_lifetime: Duration::from_secs(300),
            cookie_lifetime: Duration::from_secs(4 * 3600),
            rotate_refresh_tokens: true,
            page_size_rest: 25,
            page_past_end: PastEnd::Empty,
            expired_token_status: 401,
            children_empty: false,
            folder_sessions_500: 0.0,
            caption_url_language: None,
            captions_refused: false,
            usage_limit: UsageLimit::Fault(1000),
            short_pages: false,
            end_range: EndRange::Exclusive,
            empty_pages: EmptyList::Empty,
            total_missing: false,
            anonymous_usage: Anonymous::Fault,
            dead_cookie: DeadCookie::Fault,
            wrong_password: WrongPassword::False,
            rest_limit: None,
            soap_limit: None,
            retry_after: true,
            faults: FaultPlan::default(),
        }
    }
}

// Hand-written because a derived one would print keys and secrets.
impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("seed", &self.seed).field("http_addr", &self.http_addr).finish_non_exhaustive()
    }
}

/// Where and with which certificate https listens.
#[derive(Clone)]
pub struct Https {
    /// The address; port 0 for a free one.
    pub addr: SocketAddr,
    /// Certificate chain, PEM.
    pub cert_pem: String,
    /// Private key, PEM.
    pub key_pem: String,
}

/// An API client as an administrator of Panopto registers one.
#[derive(Clone)]
pub struct ApiClient {
    /// Its id.
    pub id: String,
    /// Its secret, any characters.
    pub secret: String,
    /// Redirect addresses; a request must name one of them character by character.
    pub redirects: Vec<String>,
    /// The grants that its type allows.
    pub grants: Vec<Grant>,
}

impl ApiClient {
    /// The client of the demo: every grant, redirect [`DEMO_REDIRECT`] and the same on 127.0.0.1.
    pub fn demo() -> Self {
        Self {
            id: DEMO_CLIENT_ID.to_owned(),
            secret: DEMO_CLIENT_SECRET.to_owned(),
            redirects: vec![DEMO_REDIRECT.to_owned(), DEMO_REDIRECT.replace("localhost", "127.0.0.1")],
            grants: vec![Grant::Code, Grant::Refresh, Grant::Password, Grant::ClientCredentials],
        }
    }
}

/// A way to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// `authorization_code`.
    Code,
    /// `refresh_token`.
    Refresh,
    /// `password`.
    Password,
    /// `client_credentials`: a token without a user.
    ClientCredentials,
}

/// What happens to PKCE parameters; sites differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pkce {
    /// Checked when sent.
    Accept,
    /// Refused at authorization when not sent.
    Require,
    /// The exchange of a code that came with them is `invalid_grant`.
    Refuse,
}

/// What a page number beyond the last page gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastEnd {
    /// No rows.
    Empty,
    /// The last page again.
    RepeatLast,
    /// For so many pages rows of earlier pages in another order, then none.
    Phantom(usize),
}

/// What happens when `MaxNumberResults` is large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageLimit {
    /// Above this a fault.
    Fault(usize),
    /// Never more rows on a page than this, silently; pages follow each other in this size.
    Clamp(usize),
    /// Nothing.
    Unlimited,
}

/// Whether `endRange` itself belongs to the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndRange {
    /// Records at that instant are returned.
    Inclusive,
    /// Only records before it.
    Exclusive,
}

/// How a list without rows is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyList {
    /// `<a:PagedResponses/>`.
    Empty,
    /// `<a:PagedResponses i:nil="true"/>`.
    Nil,
    /// No such element.
    Missing,
}

/// What a usage call without any sign-in gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anonymous {
    /// A SOAP fault.
    Fault,
    /// A normal reply without rows.
    Empty,
}

/// What a SOAP call with an expired or unknown cookie gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadCookie {
    /// A SOAP fault.
    Fault,
    /// A normal reply without rows.
    Empty,
    /// A redirect to the sign-in page, as web pages do.
    Redirect,
}

/// How `LogOnWithPassword` refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongPassword {
    /// 200 with `false` and without a cookie, as documented.
    False,
    /// A SOAP fault, as some failures do.
    Fault,
}

/// Requests that are let through within each span, counted over a sliding window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Within any second.
    pub per_second: usize,
    /// Within any minute.
    pub per_minute: usize,
    /// Within any hour.
    pub per_hour: usize,
}

impl RateLimit {
    /// Panopto's published limit.
    pub const PUBLISHED: Self = Self { per_second: 5, per_minute: 100, per_hour: 5000 };
}
