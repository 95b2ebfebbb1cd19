//! Every knob of the simulator. The defaults are what Panopto is known to do. Wherever its behaviour is uncertain there
//! is a switch, so that a client can be tried against every possible answer.
//!
//! Everything can be changed while the server runs ([`Handle::config_mut`](crate::Handle::config_mut)), except the
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
    /// Where https listens, in addition to http or instead of it. Both share the same state.
    pub https: Option<Https>,
    /// The time at the start; it stands still until [`Handle::set_now`](crate::Handle::set_now). `None`: the system's
    /// time.
    pub now: Option<DateTime<Utc>>,
    /// Pause before each reply.
    pub latency: Duration,

    /// The registered API clients.
    pub clients: Vec<ApiClient>,
    /// How the server treats PKCE parameters.
    pub pkce: Pkce,
    /// Answers a valid authorization request at once, as if a person had signed in and consented: with a code for the
    /// first user who has a password. For tests without a browser.
    pub auto_approve: bool,
    /// Lifetime of an access token. Real: one hour.
    pub token_lifetime: Duration,
    /// Lifetime of a refresh token, from its issue; unknown for the real server. `None`: until it is used.
    pub refresh_lifetime: Option<Duration>,
    /// Lifetime of an authorization code.
    pub code_lifetime: Duration,
    /// Lifetime of a cookie. For the real server it is unknown, but longer than an hour.
    pub cookie_lifetime: Duration,
    /// Whether a refresh returns a new refresh token and kills the old one, as on the real server.
    pub rotate_refresh_tokens: bool,

    /// Entries on one page of a REST list. The real number is unknown (25 or 50 are guesses).
    pub page_size_rest: usize,
    /// What a request beyond the last page of a REST or usage list gets.
    pub page_past_end: PastEnd,
    /// The status that answers an expired or unknown access token: 401 or 403.
    pub expired_token_status: u16,
    /// Whether `folders/{id}/children` is empty for everybody, as seen on some sites.
    pub children_empty: bool,
    /// Probability that `folders/{id}/sessions` answers a bare 500, 0 to 1. About 0.5 was seen on one site.
    pub folder_sessions_500: f64,

    /// The language in a session's `CaptionDownloadUrl`, where it names one.
    pub caption_url_language: Option<String>,
    /// Captions are 403 for everybody.
    pub captions_refused: bool,

    /// `sessions/{id}/viewers` is 403 for everybody.
    pub viewers_refused: bool,
    /// What `GetUsers` does. Which rights it needs is not published.
    pub get_users: GetUsers,

    /// What `GetFoldersById` and `GetSessionsById` do.
    pub many_at_once: ManyAtOnce,

    /// What a large `MaxNumberResults` does.
    pub usage_limit: UsageLimit,
    /// Makes each usage page hold fewer rows than asked for, and each a different number. The pages still join up.
    pub short_pages: bool,
    /// Whether a range includes the instant `endRange`.
    pub end_range: EndRange,
    /// How a list without rows is written.
    pub empty_pages: EmptyList,
    /// Whether `TotalNumberResponses` is left out.
    pub total_missing: bool,
    /// What a usage call without any sign-in gets.
    pub anonymous_usage: Anonymous,
    /// What a SOAP call with an expired or unknown cookie gets.
    pub dead_cookie: DeadCookie,
    /// How `LogOnWithPassword` refuses a wrong password.
    pub wrong_password: WrongPassword,

    /// Limit for each REST endpoint and API client (or address, if there is no client). `None`: no limit.
    pub rest_limit: Option<RateLimit>,
    /// Limit for each SOAP operation and user (or address, if there is no user). It is unknown whether the real server
    /// has one.
    pub soap_limit: Option<RateLimit>,
    /// Whether a 429 carries `Retry-After`.
    pub retry_after: bool,

    /// The faults that are injected from the start.
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
            viewers_refused: false,
            get_users: GetUsers::Tells,
            many_at_once: ManyAtOnce::Tells,
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

// Written by hand, because a derived one would print keys and secrets.
impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("seed", &self.seed).field("http_addr", &self.http_addr).finish_non_exhaustive()
    }
}

/// Where https listens, and with which certificate.
#[derive(Clone)]
pub struct Https {
    /// The address; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Certificate chain, PEM.
    pub cert_pem: String,
    /// Private key, PEM.
    pub key_pem: String,
}

/// An API client as an administrator of Panopto registers one.
#[derive(Clone)]
pub struct ApiClient {
    /// The client's id.
    pub id: String,
    /// The client's secret; it may contain any character.
    pub secret: String,
    /// Redirect addresses. A request must name one of them character by character.
    pub redirects: Vec<String>,
    /// The grants that the client's type allows.
    pub grants: Vec<Grant>,
}

impl ApiClient {
    /// The client of the demo: every grant, and as redirects [`DEMO_REDIRECT`] and the same address on 127.0.0.1.
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

/// How the server treats PKCE parameters; sites differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pkce {
    /// Checked if sent.
    Accept,
    /// Refused at authorization if not sent.
    Require,
    /// `invalid_grant` when a code that came with them is exchanged.
    Refuse,
}

/// What `GetUsers` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GetUsers {
    /// The accounts that exist; others are left out.
    Tells,
    /// Names, but no e-mail addresses.
    TellsNoAddresses,
    /// A fault for the whole call where one account does not exist or was deleted, or more than this many are asked for.
    SpoiledByOne(usize),
    /// A refusal for everybody.
    Refuses,
    /// A fault that says that the caller is not signed in, for everybody.
    KnowsNobody,
}

/// What `GetFoldersById` and `GetSessionsById` answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManyAtOnce {
    /// What the lists show. A folder or session that does not exist or is hidden spoils the call, and so do more than 53 ids.
    Tells,
    /// The same, but folders seem to hold no sessions.
    LeavesOutSessions,
    /// The same, but folders seem to hold no folders.
    LeavesOutFolders,
    /// Folders without the members that say what is in them.
    SaysNothing,
    /// A normal reply without entries, as for somebody who is not signed in.
    Empty,
    /// A refusal for everybody.
    Refuses,
    /// `System error.` for everybody.
    Fails,
    /// No such service.
    Unknown,
}

/// What a page number beyond the last page gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastEnd {
    /// No rows.
    Empty,
    /// The last page again.
    RepeatLast,
    /// For this many pages, rows of earlier pages in another order; then none.
    Phantom(usize),
}

/// What a large `MaxNumberResults` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageLimit {
    /// A fault above this number.
    Fault(usize),
    /// Silently at most this many rows on a page. The following pages have the same size.
    Clamp(usize),
    /// Every row that was asked for.
    Unlimited,
}

/// Whether a range includes the instant `endRange`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndRange {
    /// Records at that instant are returned.
    Inclusive,
    /// Only records before that instant are returned.
    Exclusive,
}

/// How a list without rows is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyList {
    /// `<a:PagedResponses/>`.
    Empty,
    /// `<a:PagedResponses i:nil="true"/>`.
    Nil,
    /// No such element at all.
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
    /// A redirect to the sign-in page, as web pages get.
    Redirect,
}

/// How `LogOnWithPassword` refuses a wrong password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongPassword {
    /// 200 with `false` and without a cookie, as documented.
    False,
    /// A SOAP fault, as for some failures.
    Fault,
}

/// How many requests are let through, counted over a sliding window.
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
