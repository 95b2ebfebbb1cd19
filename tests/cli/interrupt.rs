//! Ctrl-C: what is done is kept, and the next run goes on from there.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sim::{Config, Stress, World};

#[cfg(target_os = "linux")]
use crate::support::golden;
use crate::support::{Sandbox, Server, clamped, end, kept_files, password_variables, past, signal, start, wait_until};

/// A server with enough to do for a few seconds.
fn busy_server(latency_ms: u64) -> Server {
    let spec = Stress {
        depth: 2,
        folders_per_level: 3,
        sessions_per_folder: 9,
        viewers: 12,
        views_per_session: 40,
        until: past(),
        ..Stress::default()
    };
    let config = Config { latency: Duration::from_millis(latency_ms), ..clamped(10) };
    Server::start(World::stress(7, &spec), config)
}

#[test]
fn a_stopped_sync_keeps_what_is_done_and_goes_on() {
    let undisturbed = {
        let server = busy_server(0);
        let mut sandbox = Sandbox::new();
        password_variables(&mut sandbox, &server);
        sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
        sandbox.run(&["--no-keychain", "sync"]).exits_with(0);
        (kept_files(&sandbox), server.usage_calls())
    };
    for name in ["-INT", "-TERM", "-HUP"] {
        let server = busy_server(20);
        let mut sandbox = Sandbox::new();
        password_variables(&mut sandbox, &server);
        sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
        let child = start(&sandbox, &["--no-keychain", "--json", "sync"]);
        wait_until("the sync is in the middle", || server.usage_calls() > undisturbed.1 / 2);
        let begun = Instant::now();
        signal(&child, name);
        let ran = end(&sandbox, child, &["--json", "sync"]).exits_with(130);
        assert!(begun.elapsed() < Duration::from_secs(5), "it stops at once");
        assert_eq!(ran.json()["status"], "cancelled");
        assert_eq!(ran.json()["result"]["courses"][0]["outcome"]["type"], "cancelled");
        assert!(ran.stderr.contains("Stopping; what is done is kept"), "{}", ran.stderr);

        server.sim().clear_requests();
        sandbox.run(&["--no-keychain", "sync"]).exits_with(0);
        assert_eq!(kept_files(&sandbox), undisturbed.0, "{name}: the same as undisturbed");
        let asked_again = server.usage_calls();
        assert!(asked_again < undisturbed.1 * 3 / 4, "{asked_again} of {} calls: it goes on", undisturbed.1);
    }
}

#[test]
fn a_second_ctrl_c_stops_at_once() {
    let server = busy_server(300);
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
    server.sim().clear_requests();
    let mut child = start(&sandbox, &["--no-keychain", "sync"]);
    wait_until("the sync has begun", || !server.sim().requests().is_empty());
    signal(&child, "-INT");
    let mut heard = BufReader::new(child.stderr.take().expect("piped")).lines();
    assert!(heard.any(|line| line.is_ok_and(|line| line.starts_with("Stopping;"))), "the first is heard");
    // It may have ended by the first.
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
    end(&sandbox, child, &["sync"]).exits_with(130);
}

/// Makes of a file one that never ends: whoever reads it waits.
#[cfg(target_os = "linux")]
fn endless(sandbox: &Sandbox, name: &str) -> std::path::PathBuf {
    let path = sandbox.path(name);
    std::fs::remove_file(&path).expect("it was there");
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo is there").success());
    path
}

/// The writing end of it, as soon as the program reads the other.
#[cfg(target_os = "linux")]
fn held_open(path: &std::path::Path) -> std::fs::File {
    use std::os::unix::fs::OpenOptionsExt as _;
    /// `O_NONBLOCK`: without a reader it is refused, and a program that never reads cannot hold up the test.
    const AT_ONCE: i32 = 0o4000;
    let mut writing = None;
    wait_until("the program reads it", || {
        writing = std::fs::OpenOptions::new().write(true).custom_flags(AT_ONCE).open(path).ok();
        writing.is_some()
    });
    writing.expect("it is open")
}

#[cfg(target_os = "linux")]
#[test]
fn what_only_looks_ends_at_the_first() {
    let mut sandbox = Sandbox::new();
    golden(&sandbox, "data", false);
    sandbox.always(&["--no-keychain"]);
    let listed = sandbox.run(&["videos", "COMM 291", "--json"]).exits_with(0).json();
    let video = listed["result"]["videos"][0]["id"].as_str().expect("an ID").to_owned();
    let files = sandbox.files("data");
    let records = files
        .iter()
        .find(|(name, _)| name.contains("720ecd90") && name.ends_with("viewing_activity.csv"))
        .expect("records");
    let records = endless(&sandbox, &format!("data/{}", records.0));
    for arguments in
        [&["videos", "COMM 291"][..], &["chart", &video, "--out", "a.svg"], &["--json", "videos", "COMM 291"]]
    {
        let child = start(&sandbox, arguments);
        let writing = held_open(&records);
        signal(&child, "-INT");
        let ran = end(&sandbox, child, arguments).exits_with(130);
        drop(writing);
        assert!(!ran.stderr.contains("once more") && !ran.stderr.contains("kept"), "{}", ran.stderr);
        if arguments[0] == "--json" {
            assert_eq!(ran.json()["status"], "cancelled");
        } else {
            assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "Stopped\n"));
        }
    }
    assert!(!sandbox.path("a.svg").exists());
}

/// The list alone is shown without a look at what is stored, however much that is; `status` counts it, and one Ctrl-C
/// ends that.
#[cfg(target_os = "linux")]
#[test]
fn the_course_list_waits_for_no_stored_file() {
    let sandbox = Sandbox::new();
    golden(&sandbox, "data", false);
    let listed = sandbox.run(&["courses", "list"]).exits_with(0);
    let files = sandbox.files("data");
    let videos = files.iter().find(|(name, _)| name.ends_with("sessions_overview.csv")).expect("videos");
    let videos = endless(&sandbox, &format!("data/{}", videos.0));

    let mut child = start(&sandbox, &["courses", "list"]);
    wait_until("the list is shown", || child.try_wait().expect("it runs").is_some());
    assert_eq!(end(&sandbox, child, &["courses", "list"]).exits_with(0).stdout, listed.stdout);

    let child = start(&sandbox, &["status"]);
    let writing = held_open(&videos);
    signal(&child, "-INT");
    assert_eq!(end(&sandbox, child, &["status"]).exits_with(130).stderr, "Stopped\n");
    drop(writing);
}

#[test]
fn a_stopped_demo_can_be_run_again() {
    let sandbox = Sandbox::new();
    let child = sandbox.command(&["demo", "demo"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.expect("the program starts");
    wait_until("the sync has begun", || sandbox.path("demo/.panopto-analytics/staging").exists());
    signal(&child, "-INT");
    let ran = end(&sandbox, child, &["demo"]).exits_with(130);
    assert!(ran.stderr.contains("Stopped; what was done is kept"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("error"), "{}", ran.stderr);
    sandbox.run_bare(&["demo", "demo"]).exits_with(0);
}
