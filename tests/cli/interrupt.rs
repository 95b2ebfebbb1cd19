//! Ctrl-C: what is done is kept, and the next run goes on from there.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use sim::{At, Fault, FaultPlan, Route, Stress, World};

#[cfg(target_os = "linux")]
use crate::support::golden;
use crate::support::{Sandbox, Server, clamped, end, kept_files, password_variables, past, signal, start, wait_until};

/// Longer than any test.
const NEVER: Duration = Duration::from_secs(3_600);

/// A server with much to do.
fn busy_server() -> Server {
    let spec = Stress {
        depth: 2,
        folders_per_level: 3,
        sessions_per_folder: 9,
        viewers: 12,
        views_per_session: 40,
        until: past(),
        ..Stress::default()
    };
    Server::start(World::stress(7, &spec), clamped(10))
}

/// The videos that are fetched, with all their figures, by ID; and how many there are in all.
fn fetched_videos(sandbox: &Sandbox, course: &str) -> (BTreeMap<String, Value>, usize) {
    let listed = sandbox.run(&["--no-keychain", "videos", course, "--json"]).exits_with(0).json();
    let videos = listed["result"]["videos"].as_array().expect("videos");
    let (fetched, others): (Vec<&Value>, Vec<&Value>) = videos.iter().partition(|video| video["isFetched"] == true);
    assert!(others.iter().all(|video| video["viewers"].is_null() && video["watchSecs"].is_null()), "{others:?}");
    let of_fetched = fetched.into_iter().map(|video| (video["id"].as_str().expect("an ID").to_owned(), video.clone()));
    (of_fetched.collect(), videos.len())
}

#[test]
fn a_stopped_sync_keeps_what_is_done_and_goes_on() {
    let undisturbed = {
        let server = busy_server();
        let mut sandbox = Sandbox::new();
        password_variables(&mut sandbox, &server);
        sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
        sandbox.run(&["--no-keychain", "sync"]).exits_with(0);
        (kept_files(&sandbox), server.usage_calls(), fetched_videos(&sandbox, &server.course()))
    };
    let half = undisturbed.1 / 2;
    for name in ["-INT", "-TERM", "-HUP"] {
        let server = busy_server();
        // It answers half of the calls and then none: the sync is in its middle however fast or slow this computer is.
        server.sim().set_faults(FaultPlan::new([(At::From(Route::SoapUsage, half as u64), Fault::Stall(NEVER))]));
        let mut sandbox = Sandbox::new();
        password_variables(&mut sandbox, &server);
        sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
        let child = start(&sandbox, &["--no-keychain", "--json", "sync"]);
        let staging = sandbox.data().join(".panopto-analytics/staging").join(server.course());
        let is_staged = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.is_ok_and(|entry| entry.path().extension().is_some_and(|kind| kind == "csv"))
        };
        let database = sandbox.data().join("database");
        let is_listed = || {
            let courses = std::fs::read_dir(&database).into_iter().flatten().flatten();
            courses.map(|course| course.path().join("sessions_overview.csv")).any(|overview| overview.is_file())
        };
        // The list of videos comes beside the first records, and is stored when it is whole.
        wait_until("the videos are listed, and what was answered is staged", || {
            server.usage_calls() >= half
                && is_listed()
                && std::fs::read_dir(&staging).is_ok_and(|mut entries| entries.any(is_staged))
        });
        signal(&child, name);
        // No call that is in flight is waited for: none of them is ever answered.
        let ran = end(&sandbox, child, &["--json", "sync"]).exits_with(130);
        assert_eq!(ran.json()["status"], "cancelled");
        assert_eq!(ran.json()["result"]["courses"][0]["outcome"]["type"], "cancelled");
        assert!(ran.stderr.contains("Stopping; what is done is kept"), "{}", ran.stderr);
        let (so_far, all) = fetched_videos(&sandbox, &server.course());
        assert!(!so_far.is_empty() && so_far.len() < all, "{} of {all}", so_far.len());
        for (id, video) in &so_far {
            assert_eq!(undisturbed.2.0.get(id), Some(video), "what is here is what it will be");
        }

        server.sim().set_faults(FaultPlan::default());
        server.sim().clear_requests();
        sandbox.run(&["--no-keychain", "sync"]).exits_with(0);
        assert_eq!(kept_files(&sandbox), undisturbed.0, "{name}: the same as undisturbed");
        let asked_again = server.usage_calls();
        assert!(asked_again < undisturbed.1, "{asked_again} of {} calls: it goes on", undisturbed.1);
        assert_eq!(fetched_videos(&sandbox, &server.course()), undisturbed.2);
    }
}

#[test]
fn a_second_ctrl_c_stops_at_once() {
    let server = busy_server();
    // It never answers, so that the sync cannot end by itself.
    server.sim().set_faults(FaultPlan::new([(At::From(Route::SoapUsage, 1), Fault::Stall(NEVER))]));
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
    server.sim().clear_requests();
    let mut child = start(&sandbox, &["--no-keychain", "sync"]);
    wait_until("the sync is at work", || server.usage_calls() > 0);
    signal(&child, "-INT");
    let mut heard = BufReader::new(child.stderr.take().expect("piped")).lines();
    assert!(heard.any(|line| line.is_ok_and(|line| line.starts_with("Stopping;"))), "the first is heard");
    // The first signal may have ended it already.
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
    end(&sandbox, child, &["sync"]).exits_with(130);
}

/// Makes a file of records that takes a while to read.
#[cfg(target_os = "linux")]
fn long(sandbox: &Sandbox, name: &str) -> std::path::PathBuf {
    const LENGTH_BYTES: usize = 300 << 20;
    let path = sandbox.path(name);
    let text = std::fs::read(&path).expect("it is there");
    let rows = &text[text.iter().position(|byte| *byte == b'\n').expect("a header") + 1..];
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("it can be written"));
    std::io::Write::write_all(&mut file, &text).expect("room for it");
    for _ in 0..LENGTH_BYTES / rows.len() {
        std::io::Write::write_all(&mut file, rows).expect("room for it");
    }
    path
}

/// The program, stopped by the system while it has the file open: whatever this computer does, it is in the middle of it.
#[cfg(target_os = "linux")]
fn caught_reading(path: &std::path::Path, sandbox: &Sandbox, arguments: &[&str]) -> std::process::Child {
    const TRIES: u32 = 20;
    let real = path.canonicalize().expect("it is there");
    for _ in 0..TRIES {
        let mut child = start(sandbox, arguments);
        let open = format!("/proc/{}/fd", child.id());
        let is_read = || {
            let files = std::fs::read_dir(&open).into_iter().flatten().flatten();
            files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|file| file == real)
        };
        wait_until("the program reads it", || is_read() || child.try_wait().expect("it is ours").is_some());
        if child.try_wait().expect("it is ours").is_none() {
            signal(&child, "-STOP");
            if is_read() {
                return child;
            }
            child.kill().expect("it is ours");
        }
        child.wait().expect("it ends");
    }
    panic!("the program is never caught reading `{}`", path.display());
}

/// One Ctrl-C for a program that was caught.
#[cfg(target_os = "linux")]
fn interrupt(child: &std::process::Child) {
    signal(child, "-INT");
    signal(child, "-CONT");
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
    let records = long(&sandbox, &format!("data/{}", records.0));
    for arguments in
        [&["videos", "COMM 291"][..], &["chart", &video, "--out", "a.svg"], &["--json", "videos", "COMM 291"]]
    {
        let child = caught_reading(&records, &sandbox, arguments);
        interrupt(&child);
        let ran = end(&sandbox, child, arguments).exits_with(130);
        assert!(!ran.stderr.contains("once more") && !ran.stderr.contains("kept"), "{}", ran.stderr);
        if arguments[0] == "--json" {
            assert_eq!(ran.json()["status"], "cancelled");
        } else {
            assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "Stopped\n"));
        }
    }
    assert!(!sandbox.path("a.svg").exists());
}

/// `courses list` does not read what is stored, however much that is. `status` counts it, and one Ctrl-C ends that.
#[cfg(target_os = "linux")]
#[test]
fn the_course_list_waits_for_no_stored_file() {
    let sandbox = Sandbox::new();
    golden(&sandbox, "data", false);
    let listed = sandbox.run(&["courses", "list"]).exits_with(0);
    let files = sandbox.files("data");
    let records = files.iter().find(|(name, _)| name.ends_with("viewing_activity.csv")).expect("records");
    let records = long(&sandbox, &format!("data/{}", records.0));

    let child = caught_reading(&records, &sandbox, &["status"]);
    interrupt(&child);
    assert_eq!(end(&sandbox, child, &["status"]).exits_with(130).stderr, "Stopped\n");

    // If anything read the records, it would now find a pipe in their place and say so.
    std::fs::remove_file(&records).expect("it was there");
    assert!(Command::new("mkfifo").arg(&records).status().expect("mkfifo is there").success());
    assert!(sandbox.run(&["status"]).exits_with(5).stderr.contains("it is not a plain file"));
    let list = sandbox.run(&["courses", "list"]).exits_with(0);
    assert_eq!((list.stdout, list.stderr), (listed.stdout, listed.stderr));
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
