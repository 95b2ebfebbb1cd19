//! How fast it is: prints figures and asserts nothing about time. `cargo test --release -p panopto speed -- --ignored
//! --nocapture`

use std::time::{Duration, Instant};

use model::SessionId;
use panopto::wire::{Reply, usage_page};
use sim::{Config, Stress, World};

use crate::script::{usage_body, usage_row};
use crate::support::*;

#[test]
#[ignore = "prints figures"]
fn reading_pages() {
    let session = SessionId::from_bytes([3; 16]);
    for size in [100, 1000, 10_000] {
        let rows: String = (0..size).map(|second| usage_row(session, second % 3600)).collect();
        let body = usage_body(&rows, Some(size.into()));
        let (rounds, start) = (30_000 / size, Instant::now());
        for _ in 0..rounds {
            let Ok(Reply::Answer(page)) = usage_page(body.as_bytes(), session) else { panic!("unreadable") };
            assert_eq!(page.places, u64::from(size));
        }
        println!("a page of {size} records ({} kB): {:?}", body.len() / 1000, start.elapsed() / rounds);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints figures"]
async fn many_videos_at_fifty_milliseconds() {
    let spec = Stress { depth: 0, sessions_per_folder: 500, views_per_session: 10, ..Stress::default() };
    let config = Config { latency: Duration::from_millis(50), ..Config::default() };
    let server = sim::start(World::stress(5, &spec), config).await.unwrap();
    let client = client(&server.base_url(), by_password());
    let videos = sessions(&server);
    client.check_usage_access().await.unwrap();
    let start = Instant::now();
    let calls = videos.iter().map(|video| fetched(&client, *video, always()));
    let records: usize = futures_util::future::join_all(calls).await.iter().map(|(records, _)| records.len()).sum();
    let (took, ideal) = (start.elapsed(), Duration::from_millis(50) * videos.len().div_ceil(16) as u32);
    println!("{} videos, {records} records: {took:?}; 16 at once all the time: {ideal:?}", videos.len());
}
