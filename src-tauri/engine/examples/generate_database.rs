//! Writes a data folder of made-up courses, for measuring: the same one for the same arguments.
//!
//! `generate_database DIR [--courses N] [--videos N] [--viewers N] [--runs N] [--seed N]`, by default 4 courses of 40
//! videos, each watched by 300 viewers in 24 runs on some days: 1.14 million viewing records, 172 MB, in random order.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a benchmark reads and writes by itself")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use chrono::{DateTime, Duration, Utc};
use engine::store::activity::{push_activity_header, push_activity_row};
use engine::store::safe_name::safe_name;
use model::{SessionId, StartReason, StopReason, UserId, ViewingRecord};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use uuid::Builder;

struct Size {
    courses: usize,
    videos: usize,
    viewers: usize,
    runs: usize,
    seed: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let root = PathBuf::from(arguments.next().ok_or("a folder is needed")?);
    let mut size = Size { courses: 4, videos: 40, viewers: 300, runs: 24, seed: 1 };
    while let Some(name) = arguments.next() {
        let value: u64 = arguments.next().ok_or("a number is needed")?.parse()?;
        match name.as_str() {
            "--courses" => size.courses = value as usize,
            "--videos" => size.videos = value as usize,
            "--viewers" => size.viewers = value as usize,
            "--runs" => size.runs = value as usize,
            "--seed" => size.seed = value,
            _ => return Err(format!("unknown argument {name}").into()),
        }
    }
    fs::create_dir_all(&root)?;
    let mut random = StdRng::seed_from_u64(size.seed);
    let mut list = "PanoptoFolderName,PanoptoFolderID\n".to_owned();
    for course in 0..size.courses {
        let name = format!("Course {} 2023W", course + 1);
        let id = random_id(&mut random);
        writeln!(list, "{name},{id}")?;
        let directory = root.join("database").join(format!("{}[{id}]", safe_name(&name)));
        fs::create_dir_all(&directory)?;
        write_course(&directory, &name, &id, &size, &mut random)?;
    }
    fs::write(root.join("courses.csv"), list)?;
    Ok(())
}

fn random_id(random: &mut StdRng) -> String {
    Builder::from_random_bytes(random.random()).into_uuid().to_string()
}

/// Seconds to the millisecond, as Panopto tells them.
fn millis(secs: f64) -> f64 {
    (secs * 1000.0).round() / 1000.0
}

fn write_course(
    directory: &std::path::Path,
    name: &str,
    id: &str,
    size: &Size,
    random: &mut StdRng,
) -> Result<(), Box<dyn std::error::Error>> {
    let term_start: DateTime<Utc> = "2023-09-04T15:00:00Z".parse()?;
    let mut overview =
        "RootFolderID,RootFolderName,ContainingFolderId,ContainingFolderName,SessionId,SessionName,Description,Duration\n"
            .to_owned();
    let viewers: Vec<UserId> =
        (0..size.viewers).map(|_| UserId::parse(&random_id(random))).collect::<Result<_, _>>()?;
    let mut records = Vec::with_capacity(size.videos * size.viewers * size.runs);
    for video in 0..size.videos as u32 {
        let session_id = SessionId::parse(&random_id(random))?;
        let duration_secs = millis(random.random_range(600.0..5400.0));
        writeln!(overview, "{id},{name},{id},{name},{session_id},Lecture {},,{duration_secs:?}", video + 1)?;
        for viewer in &viewers {
            let first_day = i64::from(video) * 2 + random.random_range(0..40);
            // Some watch in one sitting, some come back.
            let sittings: u32 = random.random_range(1..=4);
            let mut at = 0.0;
            for run in 0..size.runs as u32 {
                let day = first_day + i64::from(run * sittings / size.runs as u32) * random.random_range(1..30);
                if random.random_bool(0.15) {
                    at = random.random_range(0.0..duration_secs);
                }
                let start_secs = millis(at);
                let seconds_viewed = millis(random.random_range(0.5..duration_secs / 8.7));
                at = if start_secs + seconds_viewed < duration_secs { start_secs + seconds_viewed } else { 0.0 };
                records.push(ViewingRecord {
                    session_id,
                    user_id: *viewer,
                    recorded_at: term_start
                        + Duration::days(day)
                        + Duration::milliseconds(random.random_range(0..86_400_000)),
                    playback_speed: Some([1.0, 1.0, 1.0, 1.25, 1.5, 2.0][random.random_range(0..6)]),
                    start_secs,
                    start_reason: StartReason::from(["Start", "Seek", "Resume", "NewSpeed"][random.random_range(0..4)]),
                    stop_reason: StopReason::from(
                        ["End", "Seek", "Pause", "SpeedChange", "PlayerClose"][random.random_range(0..5)],
                    ),
                    seconds_viewed,
                });
            }
        }
    }
    records.shuffle(random);
    fs::write(directory.join("sessions_overview.csv"), overview)?;
    let mut file = BufWriter::new(fs::File::create(directory.join("viewing_activity.csv"))?);
    let mut line = Vec::new();
    push_activity_header(&mut line);
    for record in &records {
        push_activity_row(&mut line, record);
        file.write_all(&line)?;
        line.clear();
    }
    file.flush()?;
    Ok(())
}
