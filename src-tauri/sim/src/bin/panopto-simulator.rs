//! The simulator as a program: a Panopto server on this computer, for trying out clients by hand.
//!
//! A thin wrapper: it turns the command line into a [`Config`] and a [`World`], prints where the server listens and
//! waits for Ctrl-C.

use clap::{Parser, ValueEnum};
use sim::{
    Anonymous, Config, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_COURSES, DEMO_PASSWORD, DEMO_REDIRECT, DEMO_USER,
    DeadCookie, EmptyList, EndRange, FaultPlan, Https, PastEnd, Pkce, RateLimit, Stress, UsageLimit, World,
};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// A simulated Panopto server: OAuth2, REST v1, SOAP sign-in and usage reporting, with two sample courses.
///
/// Everything it holds is made up from the seed. It prints one line with its address and the API client, user and
/// password to use, and serves until Ctrl-C.
#[derive(Parser)]
#[command(
    version,
    after_help = "\
Examples:
  panopto-simulator                                     two sample courses on http://127.0.0.1:8910
  panopto-simulator --world stress --page-size 5        deep folders and hostile names in short lists
  panopto-simulator --usage-clamp 100 --latency 50      small usage pages, as slow as across a continent
  panopto-simulator --rest-limit --faults 42            published rate limit, and some faults
  panopto-simulator --https 127.0.0.1:8443 --cert c.pem --key k.pem    http and https over the same state

Then, for instance:
  curl http://127.0.0.1:8910/Panopto/oauth2/.well-known/openid-configuration
  open http://127.0.0.1:8910/Panopto/PublicAPI/4.0/UsageReporting.svc?singleWsdl"
)]
struct Arguments {
    /// Where plain http listens; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8910")]
    http: SocketAddr,
    /// Where https listens as well.
    #[arg(long, value_name = "ADDR", requires = "cert", requires = "key")]
    https: Option<SocketAddr>,
    /// Certificate chain for https, PEM.
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// Private key for https, PEM.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Seed of everything made up: courses, tokens, random failures.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What the server holds.
    #[arg(long, value_enum, default_value = "demo")]
    world: WorldKind,
    /// Make some rows odd: out of range, without speed, with unknown words, twice the same; some videos lose their
    /// duration.
    #[arg(long)]
    odd_rows: bool,
    /// Pause before each reply, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,

    /// Entries on a page of a REST list.
    #[arg(long, value_name = "N", default_value_t = 25)]
    page_size: usize,
    /// Rows on a usage page at most, silently, whatever is asked for. Without it, over 1000 is a fault.
    #[arg(long, value_name = "N")]
    usage_clamp: Option<usize>,
    /// Usage pages hold fewer rows than asked for, each another number.
    #[arg(long)]
    short_pages: bool,
    /// What follows the last page of a list.
    #[arg(long, value_enum, default_value = "empty")]
    past_end: PastEndKind,
    /// The end of a range belongs to it.
    #[arg(long)]
    end_inclusive: bool,
    /// How a usage page without rows is written.
    #[arg(long, value_enum, default_value = "empty")]
    empty_pages: EmptyKind,
    /// Leave TotalNumberResponses out.
    #[arg(long)]
    no_total: bool,

    /// What PKCE parameters meet.
    #[arg(long, value_enum, default_value = "accept")]
    pkce: PkceKind,
    /// Answer authorization requests at once, without a page.
    #[arg(long)]
    auto_approve: bool,
    /// Life of an access token, in seconds.
    #[arg(long, value_name = "SECS", default_value_t = 3600)]
    token_lifetime: u64,
    /// Life of a cookie, in seconds.
    #[arg(long, value_name = "SECS", default_value_t = 4 * 3600)]
    cookie_lifetime: u64,
    /// What a SOAP call with a dead cookie gets.
    #[arg(long, value_enum, default_value = "fault")]
    dead_cookie: DeadCookieKind,
    /// A usage call without sign-in gets an empty reply instead of a fault.
    #[arg(long)]
    anonymous_empty: bool,
    /// Status for an expired access token.
    #[arg(long, value_name = "401|403", default_value_t = 401, value_parser = expired_status)]
    expired_status: u16,

    /// Apply the published limit (5 a second, 100 a minute, 5000 an hour) to REST.
    #[arg(long)]
    rest_limit: bool,
    /// Apply the same limit to SOAP.
    #[arg(long)]
    soap_limit: bool,
    /// Answer 429 without Retry-After.
    #[arg(long)]
    no_retry_after: bool,
    /// Probability of a bare 500 from folders/{id}/sessions, 0 to 1.
    #[arg(long, value_name = "P", default_value_t = 0.0)]
    sessions_500: f64,
    /// Inject a few faults, chosen by this seed.
    #[arg(long, value_name = "SEED")]
    faults: Option<u64>,
    /// Let lists lie and things really change, chosen by this seed: empty or shorter lists, hidden folders.
    #[arg(long, value_name = "SEED", conflicts_with = "faults")]
    lies: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum WorldKind {
    /// Two sample courses of a term that ended a few days ago.
    Demo,
    /// Folders five levels deep, many videos, hostile names, odd rows.
    Stress,
    /// One course with three videos and eight viewing records.
    Tiny,
}

#[derive(Clone, Copy, ValueEnum)]
enum PastEndKind {
    /// Nothing.
    Empty,
    /// The last page again and again.
    Repeat,
    /// Ten pages of earlier rows in another order.
    Phantom,
}

#[derive(Clone, Copy, ValueEnum)]
enum EmptyKind {
    /// A self-closed element.
    Empty,
    /// The element with nil="true".
    Nil,
    /// No element.
    Missing,
}

#[derive(Clone, Copy, ValueEnum)]
enum PkceKind {
    /// Checked when sent.
    Accept,
    /// Must be sent.
    Require,
    /// Makes the exchange fail with `invalid_grant`.
    Refuse,
}

#[derive(Clone, Copy, ValueEnum)]
enum DeadCookieKind {
    /// A SOAP fault.
    Fault,
    /// An empty reply.
    Empty,
    /// A redirect to the sign-in page.
    Redirect,
}

impl Arguments {
    #[expect(clippy::disallowed_methods, reason = "the certificate it is told to use; it knows nothing of the store")]
    fn config(&self) -> std::io::Result<Config> {
        let read = |path: &Option<PathBuf>| {
            let path = path.as_deref().unwrap_or_else(|| std::path::Path::new(""));
            std::fs::read_to_string(path)
                .map_err(|error| std::io::Error::new(error.kind(), format!("Cannot read {}: {error}", path.display())))
        };
        let https = match self.https {
            Some(addr) => Some(Https { addr, cert_pem: read(&self.cert)?, key_pem: read(&self.key)? }),
            None => None,
        };
        Ok(Config {
            seed: self.seed,
            http_addr: Some(self.http),
            https,
            latency: Duration::from_millis(self.latency),
            page_size_rest: self.page_size,
            usage_limit: self.usage_clamp.map_or(UsageLimit::Fault(1000), UsageLimit::Clamp),
            short_pages: self.short_pages,
            page_past_end: match self.past_end {
                PastEndKind::Empty => PastEnd::Empty,
                PastEndKind::Repeat => PastEnd::RepeatLast,
                PastEndKind::Phantom => PastEnd::Phantom(10),
            },
            end_range: if self.end_inclusive { EndRange::Inclusive } else { EndRange::Exclusive },
            empty_pages: match self.empty_pages {
                EmptyKind::Empty => EmptyList::Empty,
                EmptyKind::Nil => EmptyList::Nil,
                EmptyKind::Missing => EmptyList::Missing,
            },
            total_missing: self.no_total,
            pkce: match self.pkce {
                PkceKind::Accept => Pkce::Accept,
                PkceKind::Require => Pkce::Require,
                PkceKind::Refuse => Pkce::Refuse,
            },
            auto_approve: self.auto_approve,
            token_lifetime: Duration::from_secs(self.token_lifetime),
            cookie_lifetime: Duration::from_secs(self.cookie_lifetime),
            dead_cookie: match self.dead_cookie {
                DeadCookieKind::Fault => DeadCookie::Fault,
                DeadCookieKind::Empty => DeadCookie::Empty,
                DeadCookieKind::Redirect => DeadCookie::Redirect,
            },
            anonymous_usage: if self.anonymous_empty { Anonymous::Empty } else { Anonymous::Fault },
            expired_token_status: self.expired_status,
            rest_limit: self.rest_limit.then_some(RateLimit::PUBLISHED),
            soap_limit: self.soap_limit.then_some(RateLimit::PUBLISHED),
            retry_after: !self.no_retry_after,
            folder_sessions_500: self.sessions_500,
            faults: self
                .faults
                .map(FaultPlan::seeded)
                .or_else(|| self.lies.map(FaultPlan::seeded_lies))
                .unwrap_or_default(),
            ..Config::default()
        })
    }

    fn world(&self) -> World {
        #[expect(clippy::disallowed_methods, reason = "the sample courses end a few days before the real today")]
        let now = chrono::Utc::now();
        let mut world = match self.world {
            WorldKind::Demo => World::demo(self.seed, now),
            WorldKind::Stress => World::stress(self.seed, &Stress { until: now, ..Stress::default() }),
            WorldKind::Tiny => World::tiny(now),
        };
        if self.odd_rows {
            world.make_odd(self.seed);
        }
        world
    }
}

fn expired_status(text: &str) -> Result<u16, String> {
    match text {
        "401" => Ok(401),
        "403" => Ok(403),
        _ => Err("expected 401 or 403".to_owned()),
    }
}

/// Prints the address and the API client, user and password on one line, then the courses.
#[expect(clippy::print_stdout, reason = "this is the program's output")]
fn announce(server: &sim::Handle, arguments: &Arguments) {
    let https = server.https_url().map(|url| format!(" and {url}")).unwrap_or_default();
    println!(
        "Panopto simulator on {}{https} client-id={DEMO_CLIENT_ID} client-secret={DEMO_CLIENT_SECRET} \
         user={DEMO_USER} password={DEMO_PASSWORD} redirect={DEMO_REDIRECT}",
        server.base_url()
    );
    match arguments.world {
        WorldKind::Demo => {
            for course in DEMO_COURSES {
                println!("Course: {}  {}", course.folder_id, course.name);
            }
        }
        WorldKind::Stress | WorldKind::Tiny => {
            let world = server.world();
            world.folders.iter().take(1).for_each(|course| println!("Course: {}  {}", course.id, course.name));
        }
    }
}

#[tokio::main]
#[expect(clippy::print_stderr, reason = "this is the program's output")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let started = match arguments.config() {
        Ok(config) => sim::start(arguments.world(), config).await,
        Err(error) => Err(error),
    };
    match started {
        Ok(server) => {
            announce(&server, &arguments);
            let _ = tokio::signal::ctrl_c().await;
            server.stop().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}\nhint: choose another address with --http or --https, or check the files named");
            ExitCode::FAILURE
        }
    }
}
