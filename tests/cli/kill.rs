//! `kill -9` at random instants: the next run produces the same bytes as if nothing had happened.
//!
//! `SWEEP_KILLS=500 cargo test -p cli --test cli kill` runs for long; `SWEEP_SEED` repeats a run.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sim::{Config, Stress, World};

use crate::support::{Sandbox, Server, clamped, kept_files, password_variables, past};

const USUAL_KILLS: u64 = 10;
const STEPS: [&[&str]; 3] = [
    &["--no-keychain", "sync"],
    &["--no-keychain", "chunk", "--timezone", "America/Vancouver"],
    &["--no-keychain", "export", "out", "--timezone", "America/Vancouver"],
];

/// A small generator of our own, so that a printed seed repeats a run (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}

/// How often to kill, and the seed that repeats a run.
#[expect(clippy::print_stdout, reason = "a failure is repeated by its seed")]
pub(crate) fn kills_and_seed() -> (u64, u64) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos() as u64;
    let (kills, seed) = (number("SWEEP_KILLS").unwrap_or(USUAL_KILLS), number("SWEEP_SEED").unwrap_or_else(now));
    println!("SWEEP_SEED={seed} SWEEP_KILLS={kills}");
    (kills, seed)
}

fn server() -> Server {
    let spec = Stress {
        // Few folders, because the published pace of REST calls would make every run wait.
        depth: 1,
        folders_per_level: 3,
        sessions_per_folder: 5,
        viewers: 15,
        views_per_session: 50,
        until: past(),
        ..Stress::default()
    };
    let config = Config { latency: Duration::from_millis(2), ..clamped(20) };
    Server::start(World::stress(11, &spec), config)
}

fn prepared(server: &Server) -> Sandbox {
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, server);
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
    sandbox
}

/// Checks that every CSV file under its own name is whole: it begins with its header, and its last line is ended.
fn all_whole(sandbox: &Sandbox, context: &str) {
    for (name, bytes) in sandbox.files("data").into_iter().chain(sandbox.files("out")) {
        let file = PathBuf::from(&name);
        let hidden = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let internal = name.starts_with(".panopto-analytics/");
        if hidden || internal || file.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{context}: {name} is not text"));
        assert!(text.ends_with('\n'), "{context}: {name} is cut off");
        let header = text.lines().next().unwrap_or_default();
        let known = ["PanoptoFolderName", "RootFolderID", "SessionId", "Order"];
        assert!(known.iter().any(|word| header.starts_with(word)), "{context}: {name} begins with {header}");
    }
}

#[test]
fn killed_at_any_instant_the_result_is_the_same() {
    let (kills, seed) = kills_and_seed();
    let mut random = Random(seed);
    let server = server();

    let undisturbed = prepared(&server);
    let mut spans = Vec::new();
    for step in STEPS {
        let begun = Instant::now();
        undisturbed.run(step).exits_with(0);
        spans.push(begun.elapsed());
    }
    let expected = (kept_files(&undisturbed), exported(&undisturbed));

    let mut struck = 0;
    while struck < kills {
        let sandbox = prepared(&server);
        for (step, span) in STEPS.iter().zip(&spans) {
            // Killed up to three times in a row, then run to the end.
            for _ in 0..random.below(4) {
                let instant = Duration::from_micros(random.below(span.as_micros() as u64 * 11 / 10));
                let data = sandbox.data().display().to_string();
                let arguments: Vec<&str> = ["--data", &data].into_iter().chain(step.iter().copied()).collect();
                let mut child = sandbox
                    .command(&arguments)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("the program starts");
                std::thread::sleep(instant);
                let context = format!("SWEEP_SEED={seed}, kill {struck}: {} after {instant:?}", step[1]);
                if child.try_wait().expect("it can be asked").is_none() {
                    struck += 1;
                }
                child.kill().expect("it can be killed");
                child.wait().expect("it ends");
                all_whole(&sandbox, &context);
            }
            sandbox.run(step).exits_with(0);
        }
        let found = (kept_files(&sandbox), exported(&sandbox));
        assert_eq!(names(&found.1), names(&expected.1), "SWEEP_SEED={seed}, {struck} kills: the same dataset");
        assert_eq!(names(&found.0), names(&expected.0), "SWEEP_SEED={seed}, {struck} kills: the same files");
        for (found, expected) in found.0.iter().chain(&found.1).zip(expected.0.iter().chain(&expected.1)) {
            assert!(found == expected, "SWEEP_SEED={seed}, {struck} kills: {} differs", found.0);
        }
    }
}

/// The dataset. A half-written file that a kill left there is removed only after an hour, because others may write in
/// that folder too.
fn exported(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let mut files = sandbox.files("out");
    files.retain(|(name, _)| !(name.starts_with('.') && name.contains(".tmp-")));
    files
}

fn names(files: &[(String, Vec<u8>)]) -> Vec<&str> {
    files.iter().map(|(name, _)| name.as_str()).collect()
}
