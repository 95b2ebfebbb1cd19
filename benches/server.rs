//! The simulated server as a separate process, so that a sync's time and memory are only the client's.
//!
//! `bench_server [--courses N] [--weeks N] [--videos N] [--records N] [--latency MS] [--quiet-days N]`
//!
//! Each course has `--weeks` subfolders (0: all videos are in the course's own folder) and `--videos` videos in total.
//! Each video has `--records` viewing records, none of them from the last `--quiet-days` days. REST answers within the
//! published limits. The first line printed gives the address and the contents. Each line `log` on standard input
//! prints the requests since the last one; the end of standard input ends the program.

use std::io::BufRead as _;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use serde_json::{Value, json};
use sim::{Config, DEMO_PASSWORD, DEMO_USER, Folder, RateLimit, RequestLogEntry, Session, User, View, World, sql_time};
use uuid::Uuid;

const VIEWERS: usize = 300;
/// The records are spread over this many days.
const TERM_DAYS: i64 = 90;

struct Size {
    courses: usize,
    weeks: usize,
    videos: usize,
    records: usize,
    latency_ms: u64,
    quiet_days: i64,
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is the program's output")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut size = Size { courses: 1, weeks: 0, videos: 50, records: 100, latency_ms: 0, quiet_days: 10 };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value: u64 = arguments.next().ok_or("a number is needed")?.parse()?;
        match name.as_str() {
            "--courses" => size.courses = value as usize,
            "--weeks" => size.weeks = value as usize,
            "--videos" => size.videos = value as usize,
            "--records" => size.records = value as usize,
            "--latency" => size.latency_ms = value,
            "--quiet-days" => size.quiet_days = value.cast_signed(),
            _ => return Err(format!("unknown argument {name}").into()),
        }
    }
    #[expect(clippy::disallowed_methods, reason = "the client under test asks up to the real yesterday")]
    let now = Utc::now();
    let (world, courses) = world(&size, now);
    let config = Config {
        latency: Duration::from_millis(size.latency_ms),
        rest_limit: Some(RateLimit::PUBLISHED),
        ..Config::default()
    };
    let server = sim::start(world, config).await?;
    println!(
        "{}",
        json!({
            "url": server.base_url(), "courses": courses,
            "client": sim::DEMO_CLIENT_ID, "secret": sim::DEMO_CLIENT_SECRET, "user": DEMO_USER, "password": DEMO_PASSWORD,
        })
    );
    let (lines, mut asked) = tokio::sync::mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.blocking_send(line).is_err() {
                break;
            }
        }
    });
    while let Some(line) = asked.recv().await {
        if line == "log" {
            let requests: Vec<Value> = server.requests().iter().map(described).collect();
            server.clear_requests();
            println!("{}", Value::from(requests));
        }
    }
    server.stop().await;
    Ok(())
}

/// What the calculation of the bound needs to know about a request.
fn described(request: &RequestLogEntry) -> Value {
    let id = request.path.split('/').find_map(|part| Uuid::try_parse(part).ok());
    let page = request.query.split('&').find_map(|pair| pair.strip_prefix("pageNumber=")?.parse::<i64>().ok());
    let soap = request.soap.as_ref();
    json!({
        "route": format!("{:?}", request.route),
        "status": request.status,
        "id": soap.and_then(|call| call.session_id).or(id),
        "page": soap.and_then(|call| call.page).or(page),
        "operation": soap.map(|call| &call.operation),
        "at_ms": request.at.timestamp_millis(),
    })
}

fn world(size: &Size, now: DateTime<Utc>) -> (World, Vec<Uuid>) {
    let mut random = ChaCha12Rng::seed_from_u64(1);
    let teacher = User {
        id: id(&mut random),
        username: DEMO_USER.to_owned(),
        password: Some(DEMO_PASSWORD.to_owned()),
        name: "Demo Teacher".to_owned(),
        ..User::default()
    };
    let viewers: Vec<Uuid> = (0..VIEWERS).map(|_| id(&mut random)).collect();
    let mut world = World { users: vec![teacher], ..World::default() };
    let mut courses = Vec::new();
    for number in 1..=size.courses {
        let course = id(&mut random);
        world.folders.push(Folder::new(course, format!("Course {number:02}"), None));
        courses.push(course);
        let weeks: Vec<Uuid> = (0..size.weeks).map(|_| id(&mut random)).collect();
        for (week, folder) in weeks.iter().enumerate() {
            world.folders.push(Folder::new(*folder, format!("Week {:02}", week + 1), Some(course)));
        }
        for video in 0..size.videos {
            let folder = if weeks.is_empty() { course } else { weeks[video * weeks.len() / size.videos] };
            let duration = f64::from(random.random_range(600_000..5_400_000_u32)) / 1000.0;
            let session = Session::new(id(&mut random), folder, format!("Lecture {:03}", video + 1), duration);
            for _ in 0..size.records {
                let back = TimeDelta::days(size.quiet_days)
                    + TimeDelta::milliseconds(random.random_range(0..TERM_DAYS * 86_400_000));
                let start = (random.random_range(0.0..duration) * 1e3).round() / 1e3;
                let seconds = (random.random_range(0.0..=(duration - start).max(0.0)) * 1e3).round() / 1e3;
                let viewer = viewers[random.random_range(0..VIEWERS)];
                world.views.push(View::new(session.id, viewer, sql_time(now - back), start, seconds));
            }
            world.sessions.push(session);
        }
    }
    (world, courses)
}

fn id(random: &mut ChaCha12Rng) -> Uuid {
    let mut bytes = [0; 16];
    random.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
