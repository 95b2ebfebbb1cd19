//! The server's clock, read from the `Date` header of its replies.
//!
//! Deliberately absent: this computer's own clock; the caller compares the two. Invariant: a header that is not a date,
//! or whose date is before this program existed, is ignored.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap};
use tokio::time::Instant;

/// 2020-01-01. A server that shows an earlier date has lost its clock's battery.
const EARLIEST_SECS: i64 = 1_577_836_800;

/// The latest time that a reply gave, and when that reply came.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<(DateTime<Utc>, Instant)>>);

impl ServerClock {
    /// Takes the time from a reply's headers.
    pub(crate) fn heard(&self, headers: &HeaderMap) {
        if let Some(told) = date(headers) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((told, Instant::now()));
        }
    }

    /// The server's time now. The true time may be up to a second later, because the header has whole seconds.
    pub(crate) fn now(&self) -> Option<DateTime<Utc>> {
        let (told, heard) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        told.checked_add_signed(TimeDelta::from_std(heard.elapsed()).ok()?)
    }
}

fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let told: SystemTime = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    Some(DateTime::<Utc>::from(told)).filter(|told| told.timestamp() >= EARLIEST_SECS)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn headers(date: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, date.parse().unwrap());
        headers
    }

    #[tokio::test(start_paused = true)]
    async fn it_goes_on_from_what_was_told() {
        let clock = ServerClock::default();
        assert_eq!(clock.now(), None);
        clock.heard(&headers("Fri, 15 Mar 2024 12:00:00 GMT"));
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(clock.now().unwrap().to_rfc3339(), "2024-03-15T12:01:30+00:00");
        clock.heard(&HeaderMap::new());
        clock.heard(&headers("yesterday"));
        assert_eq!(clock.now().unwrap().to_rfc3339(), "2024-03-15T12:01:30+00:00", "what is no date changes nothing");
    }

    #[test]
    fn nonsense_is_not_believed() {
        for nonsense in [
            "",
            "0",
            "2024-03-15T12:00:00Z",
            "Fri, 15 Mar 2024 12:00:00",
            "Fri, 15 Mar 2024 25:00:00 GMT",
            "Fri, 32 Mar 2024 12:00:00 GMT",
            "Fri, 15 Mar 99999 12:00:00 GMT",
            "Fri, 15 Mar 2024 12:00:00 GMT, Sat, 16 Mar 2024 12:00:00 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(date(&headers(nonsense)), None, "{nonsense}");
        }
        let mut bytes = HeaderMap::new();
        bytes.insert(DATE, reqwest::header::HeaderValue::from_bytes(b"\xff\xfe").unwrap());
        assert_eq!(date(&bytes), None);
        assert!(date(&headers("Fri, 31 Dec 9999 23:59:59 GMT")).is_some(), "the caller bounds the future");
    }
}
