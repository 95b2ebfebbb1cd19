//! Settings of the client: timeouts, bounds, pace. The defaults suit real servers.

use std::time::Duration;

/// How many REST calls to one route the server accepts: its published limits (`docs/panopto-protocol.md`, limits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestLimits {
    /// Calls in any second.
    pub per_second: u32,
    /// Calls in any minute.
    pub per_minute: u32,
    /// Calls in any hour.
    pub per_hour: u32,
}

impl Default for RestLimits {
    fn default() -> Self {
        Self { per_second: 5, per_minute: 100, per_hour: 5000 }
    }
}

/// A file with certificates to trust. The caller has read it; the name appears in errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaFile {
    /// The file, by the name that its owner uses.
    pub name: String,
    /// Its contents: one or more certificates in PEM form.
    pub content: Vec<u8>,
}

/// Settings of a [`crate::Client`] and of a [`crate::login::LoginAttempt`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Certificates to trust in addition to the system's.
    pub extra_roots: Vec<CaFile>,
    /// Longest time to connect.
    pub connect_timeout: Duration,
    /// Longest time within a call without any data from the server.
    pub silence_timeout: Duration,
    /// Longest time for one call, including the reply.
    pub call_timeout: Duration,
    /// Largest SOAP reply to read, in bytes.
    pub max_soap_bytes: usize,
    /// Largest JSON reply to read, in bytes.
    pub max_json_bytes: usize,
    /// Viewing records to request on one usage page. The server refuses more than 1000.
    pub usage_page_size: u32,
    /// How many usage pages of one video to request ahead of the one being read, once the first page has told how many
    /// there are.
    pub usage_pages_ahead: usize,
    /// Most pages of one list or of one video, as a protection against servers that never stop.
    pub max_pages: u32,
    /// Most bytes of JSON in all pages of one list, because the list is kept in memory.
    pub max_list_bytes: usize,
    /// Most viewing records of one video if the server does not give their number, because their fingerprints are kept
    /// in memory.
    pub max_records_untold: usize,
    /// The pace of REST calls.
    pub rest_limits: RestLimits,
    /// Most REST calls in flight.
    pub rest_in_flight: usize,
    /// SOAP calls in flight at the start; the number adapts to the server's answers.
    pub soap_in_flight_start: usize,
    /// Most SOAP calls in flight.
    pub soap_in_flight_max: usize,
    /// How many tries a call gets before it counts as failed (429, 5xx, resets, cut-off replies).
    pub attempts: u32,
    /// How many tries a call gets if it times out or finds no connection. Fewer, because each is a long wait for the
    /// user.
    pub attempts_unreachable: u32,
    /// Upper bound of the first random pause between tries; it doubles after each try.
    pub backoff_base: Duration,
    /// Upper bound of any random pause.
    pub backoff_cap: Duration,
    /// The longest `Retry-After` that the client obeys. A longer one fails the call with [`crate::Error::RateLimited`].
    pub max_retry_after: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            extra_roots: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            silence_timeout: Duration::from_secs(60),
            call_timeout: Duration::from_secs(180),
            max_soap_bytes: 16 << 20,
            max_json_bytes: 16 << 20,
            usage_page_size: 1000,
            usage_pages_ahead: 4,
            max_pages: 100_000,
            max_list_bytes: 128 << 20,
            max_records_untold: 1_000_000,
            rest_limits: RestLimits::default(),
            rest_in_flight: 16,
            soap_in_flight_start: 8,
            soap_in_flight_max: 16,
            attempts: 6,
            attempts_unreachable: 3,
            backoff_base: Duration::from_millis(250),
            backoff_cap: Duration::from_secs(10),
            max_retry_after: Duration::from_secs(90),
        }
    }
}
