//! Which failures are worth a retry, how many times, and how long to wait in between.

use std::future::Future;
use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::pauses::Pauses;
use crate::{Error, Options, Result};

/// A try that failed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: Error,
    /// Set if a retry is worth it.
    pub(crate) again: Option<Again>,
}

/// How to retry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Again {
    /// Most tries for a failure of this kind.
    pub(crate) attempts: u32,
    /// How long the server asks to wait.
    pub(crate) after: Option<Duration>,
}

impl Failed {
    /// A final failure: a retry would fail in the same way.
    pub(crate) fn finally(error: Error) -> Self {
        Self { error, again: None }
    }

    pub(crate) fn again(error: Error, attempts: u32) -> Self {
        Self { error, again: Some(Again { attempts, after: None }) }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::finally(error)
    }
}

/// Runs `attempt` until it succeeds, fails for good, or has failed too often. The argument of `attempt` counts the
/// tries from 0.
pub(crate) async fn persist<T, F>(options: &Options, pauses: &Pauses, mut attempt: impl FnMut(u32) -> F) -> Result<T>
where
    F: Future<Output = Result<T, Failed>>,
{
    let mut tried = 0;
    loop {
        let Failed { error, again } = match attempt(tried).await {
            Ok(answer) => return Ok(answer),
            Err(failed) => failed,
        };
        tried += 1;
        let Some(again) = again.filter(|again| tried < again.attempts) else { return Err(error) };
        if again.after.is_some_and(|after| after > options.max_retry_after) {
            return Err(error);
        }
        let pause = match (again.after, &error) {
            // A random pause on top of what the server asks for: calls that were all told the same moment should not
            // all come back at it.
            (Some(after), _) => after + jittered(options, tried),
            // The server asks for fewer calls but does not say for how long, so this pause is never short.
            (None, Error::RateLimited { .. }) => bound(options, tried + 2).mul_f64(0.5) + jittered(options, tried),
            (None, _) => jittered(options, tried),
        };
        tracing::debug!(%error, tried, pause_ms = pause.as_millis(), "trying again");
        pauses.before_retry(&error, pause);
        tokio::time::sleep(pause).await;
    }
}

/// A random pause below the bound ("full jitter").
fn jittered(options: &Options, tried: u32) -> Duration {
    bound(options, tried).mul_f64(rand::random::<f64>())
}

/// The longest pause after this many tries; it doubles with each.
fn bound(options: &Options, tried: u32) -> Duration {
    options.backoff_base.saturating_mul(1 << (tried - 1).min(16)).min(options.backoff_cap)
}

/// Reads `Retry-After`, in seconds or as a date. A date is by the server's own clock and useless if that is unknown.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(secs) = text.parse::<f64>() {
        return (secs.is_finite() && secs >= 0.0).then(|| Duration::from_secs_f64(secs.min(1e9)));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let now = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    fn headers(retry_after: &str, date: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        headers
    }

    #[test]
    fn reads_seconds_and_dates() {
        let secs = |text: &str, date| super::retry_after(&headers(text, date)).map(|d| d.as_secs_f64());
        assert_eq!(secs("7", None), Some(7.0));
        assert_eq!(secs(" 0.5 ", None), Some(0.5));
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(secs("Sun, 06 Nov 1994 08:50:07 GMT", date), Some(30.0));
        assert_eq!(secs("Sun, 06 Nov 1994 08:49:00 GMT", date), Some(0.0), "a moment in the past");
        assert_eq!(secs("Sun, 06 Nov 1994 08:50:07 GMT", None), None, "no clock to measure it on");
        for nonsense in ["soon", "-3", "NaN", "inf", ""] {
            assert_eq!(secs(nonsense, None), None, "{nonsense}");
        }
        assert_eq!(super::retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn pauses_grow_to_their_bound() {
        let options = Options::default();
        for tried in 1..40 {
            let bound = Duration::from_millis(250 * (1 << (tried - 1).min(6))).min(Duration::from_secs(10));
            assert!(jittered(&options, tried) <= bound, "try {tried}");
        }
    }

    async fn run(again: impl Fn(u32) -> Option<Again>) -> (u32, Duration) {
        let (mut tries, start) = (0, Instant::now());
        let _: Result<(), _> = persist(&Options::default(), &Pauses::default(), |tried| {
            tries += 1;
            let failed = Failed { error: Error::Cancelled, again: again(tried) };
            async { Err(failed) }
        })
        .await;
        (tries, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_after_its_number_of_tries() {
        assert_eq!(run(|_| Some(Again { attempts: 6, after: None })).await.0, 6);
        assert_eq!(run(|_| None).await, (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn fewer_calls_are_asked_for_without_a_time() {
        let start = Instant::now();
        let _: Result<(), _> = persist(&Options::default(), &Pauses::default(), |_| async {
            let error = Error::RateLimited { server: String::new(), call: String::new(), retry_after: None };
            Err(Failed::again(error, 6))
        })
        .await;
        assert!(start.elapsed() >= Duration::from_millis(500 + 1000 + 2000 + 4000 + 5000), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn waits_as_long_as_the_server_asks_within_reason() {
        let (tries, waited) = run(|_| Some(Again { attempts: 3, after: Some(Duration::from_secs(20)) })).await;
        assert_eq!(tries, 3);
        assert!(waited >= Duration::from_secs(40), "{waited:?}");
        let (tries, waited) = run(|_| Some(Again { attempts: 3, after: Some(Duration::from_secs(3600)) })).await;
        assert_eq!((tries, waited), (1, Duration::ZERO), "an hour is not waited out");
    }
}
