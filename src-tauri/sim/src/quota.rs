//! Refuses requests that exceed the limit of their endpoint.

use crate::RateLimit;
use crate::limiter::Refusal;
use crate::shared::Call;
use crate::wire::Reply;
use http::HeaderName;
use tokio::time::Instant;

/// Applies a limit to one endpoint. `Some` is the reply to a request that exceeds it.
pub(crate) fn limited(call: &Call<'_>, limit: Option<RateLimit>, endpoint: &str, client: &str) -> Option<Reply> {
    let Refusal { allowed, period, wait } =
        call.state.limiter().admit(endpoint, client, limit?, Instant::now()).err()?;
    let message =
        serde_json::json!({ "Message": format!("API calls quota exceeded, at most {allowed} per {period}.") });
    let reply = Reply::json(429, &message)
        .with(HeaderName::from_static("x-ratelimit-limit"), &format!("{allowed} per {period}"));
    let secs = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Some(if call.config.retry_after { reply.with(http::header::RETRY_AFTER, &secs.max(1).to_string()) } else { reply })
}
