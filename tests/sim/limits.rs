//! The rate limiter over the wire.

use crate::support::{Usage, cookie, fixed, get, tiny, tiny_with, token};
use sim::{Config, RateLimit, Route};
use std::collections::HashMap;

#[tokio::test]
async fn too_many_requests_get_429_per_endpoint() {
    let limit = RateLimit { per_second: 5, per_minute: 6, per_hour: 5000 };
    let server = tiny_with(Config { rest_limit: Some(limit), ..fixed() }).await;
    let token = token(&server).await;
    let course = server.world().folders[0].id;
    let mut refused = 0;
    for _ in 0..30 {
        let reply = get(&server, &token, &format!("folders/{course}")).await;
        if reply.status() == 429 {
            refused += 1;
            assert!(reply.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
            assert!(reply.headers()["x-ratelimit-limit"].to_str().unwrap().contains(" per "));
        }
    }
    assert!(refused >= 24, "{refused}: at most six in a minute");
    assert_eq!(get(&server, &token, &format!("folders/{course}/children")).await.status(), 200, "another endpoint");
    server.config_mut().retry_after = false;
    let reply = get(&server, &token, &format!("folders/{course}")).await;
    assert_eq!(reply.status(), 429);
    assert!(!reply.headers().contains_key("retry-after"));
    server.config_mut().rest_limit = None;
    assert_eq!(get(&server, &token, &format!("folders/{course}")).await.status(), 200);
}

#[tokio::test]
async fn soap_can_be_limited_too() {
    let server = tiny().await;
    let session = server.world().sessions[0].id;
    let usage = Usage::of(session, &cookie(&server, &token(&server).await).await);
    server.config_mut().soap_limit = Some(RateLimit { per_second: 2, per_minute: 2, per_hour: 2 });
    let mut statuses: HashMap<u16, usize> = HashMap::new();
    for _ in 0..5 {
        *statuses.entry(usage.send(&server).await.0.as_u16()).or_default() += 1;
    }
    assert_eq!(statuses, HashMap::from([(200, 2), (429, 3)]));
    assert_eq!(
        server.requests().iter().filter(|entry| entry.route == Route::SoapUsage && entry.status == 429).count(),
        3
    );
}
