//! Two command lines at the same time on one data folder and one configuration. Cases that need a shared keychain are
//! in [`crate::keychain`].

use std::time::Duration;

use sim::{Config, Stress, World};

use crate::support::{Sandbox, Server, clamped, end, kept_files, password_variables, past, start, wait_until};

/// A server whose sync takes long enough for another command to run in the middle of it.
fn busy_server() -> Server {
    let spec = Stress {
        depth: 1,
        folders_per_level: 3,
        sessions_per_folder: 6,
        viewers: 10,
        views_per_session: 40,
        until: past(),
        ..Stress::default()
    };
    Server::start(World::stress(5, &spec), Config { latency: Duration::from_millis(20), ..clamped(10) })
}

fn with_a_course(server: &Server) -> Sandbox {
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, server);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox
}

/// Begins a sync and returns in the middle of it.
fn syncing(sandbox: &Sandbox, server: &Server) -> std::process::Child {
    server.sim().clear_requests();
    let child = start(sandbox, &["--no-keychain", "sync"]);
    wait_until("the sync is in the middle", || server.usage_calls() > 10);
    child
}

fn undisturbed(server: &Server) -> Vec<(String, Vec<u8>)> {
    let sandbox = with_a_course(server);
    sandbox.run(&["sync"]).exits_with(0);
    kept_files(&sandbox)
}

#[test]
fn sync_and_sync() {
    let server = busy_server();
    let expected = undisturbed(&server);
    let sandbox = with_a_course(&server);
    let first = syncing(&sandbox, &server);
    let second = sandbox.run(&["sync"]).exits_with(1);
    assert!(second.stderr.contains("is being written by another window or command"), "{}", second.stderr);
    end(&sandbox, first, &["sync"]).exits_with(0);
    assert_eq!(kept_files(&sandbox), expected);
    sandbox.run(&["sync"]).exits_with(0);
    assert_eq!(kept_files(&sandbox), expected, "nothing is stored twice");
}

#[test]
fn sync_and_remove() {
    let server = busy_server();
    let expected = undisturbed(&server);
    for remove in [&["courses", "remove", "--delete-data"][..], &["courses", "remove"]] {
        let sandbox = with_a_course(&server);
        let course = server.course();
        let remove: Vec<&str> = remove.iter().copied().chain([course.as_str()]).collect();
        let first = syncing(&sandbox, &server);
        let refused = sandbox.run(&remove).exits_with(1);
        assert!(refused.stderr.contains("is being written by another window or command"), "{}", refused.stderr);
        end(&sandbox, first, &["sync"]).exits_with(0);
        assert_eq!(kept_files(&sandbox), expected, "the refused removal has changed nothing");
        sandbox.run(&remove).exits_with(0);
        assert!(!sandbox.run(&["courses", "list"]).exits_with(0).stdout.contains(&course));
    }
}

#[test]
fn sync_and_move() {
    let server = busy_server();
    let expected = undisturbed(&server);
    let sandbox = with_a_course(&server);
    let (data, moved) = (sandbox.data().display().to_string(), sandbox.path("moved"));
    sandbox.run_bare(&["settings", "set", "--data-folder", &data]).exits_with(0);
    let first = syncing(&sandbox, &server);
    let refused = sandbox.run_bare(&["settings", "move-data", "moved"]).exits_with(1);
    assert!(refused.stderr.contains("is being written by another window or command"), "{}", refused.stderr);
    assert!(!moved.exists());
    end(&sandbox, first, &["sync"]).exits_with(0);
    assert_eq!(kept_files(&sandbox), expected);

    sandbox.run_bare(&["settings", "move-data", "moved"]).exits_with(0);
    assert!(!sandbox.data().exists());
    let mut files = sandbox.files("moved");
    files.retain(|(name, _)| !name.starts_with(".panopto-analytics/") && !name.ends_with("captions/index.json"));
    assert_eq!(files, expected, "everything, and nothing else");
    let shown = sandbox.run_bare(&["settings", "show", "--json"]).exits_with(0).json();
    assert_eq!(shown["result"]["dataFolder"], moved.display().to_string());
    sandbox.run_bare(&["--no-keychain", "sync"]).exits_with(0);
    assert!(!sandbox.data().exists(), "the old place is not begun anew");
}

/// Looking before anything has been added creates no files.
#[test]
fn looking_makes_no_files() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.data()).expect("it can be made");
    for look in [&["status"][..], &["courses", "list"], &["settings", "show"], &["credentials", "show"]] {
        sandbox.run(&[&["--no-keychain"], look].concat()).exits_with(0);
    }
    for refused in [&["videos", "X"][..], &["chunk"], &["export", "out"], &["sync"], &["courses", "remove", "X"]] {
        assert_ne!(sandbox.run(&[&["--no-keychain"], refused].concat()).code, Some(0));
    }
    assert_eq!(sandbox.files(""), Vec::new());
    assert_eq!(std::fs::read_dir(sandbox.data()).expect("it is there").count(), 0);
}

#[test]
fn a_missing_course_list_is_told_and_made_anew() {
    let server = Server::tiny();
    let sandbox = with_a_course(&server);
    sandbox.run(&["sync"]).exits_with(0);
    let before = kept_files(&sandbox);
    std::fs::remove_file(sandbox.path("data/courses.csv")).expect("it is ours");
    for command in [&["status"][..], &["courses", "list"], &["sync"], &["chunk"], &["courses", "add", &server.course()]]
    {
        let told = sandbox.run(command).exits_with(1);
        assert!(
            told.stderr.contains("courses.csv` is missing, though the data folder holds 1 course"),
            "{}",
            told.stderr
        );
        assert!(told.stderr.contains("`panopto-analytics courses repair`"), "{}", told.stderr);
    }
    assert!(!sandbox.path("data/courses.csv").exists());
    sandbox.run(&["courses", "repair"]).exits_with(0);
    assert_eq!(kept_files(&sandbox), before);
}

#[test]
fn looking_is_never_refused() {
    let server = busy_server();
    let sandbox = with_a_course(&server);
    let first = syncing(&sandbox, &server);
    for look in [&["status"][..], &["courses", "list"], &["settings", "show"]] {
        sandbox.run(look).exits_with(0);
    }
    end(&sandbox, first, &["sync"]).exits_with(0);
}

#[test]
fn settings_and_settings() {
    const ROUNDS: u32 = 6;
    let sandbox = Sandbox::new();
    for round in 1..=ROUNDS {
        let (days, server) = (round.to_string(), format!("uni{round}.example"));
        let name = format!("user{round}");
        let changes: [&[&str]; 4] = [
            &["settings", "set", "--lookback", &days],
            &["settings", "set", "--server", &server],
            &["settings", "set", "--username", &name],
            &["settings", "set", "--pkce", if round % 2 == 0 { "on" } else { "off" }],
        ];
        let children = changes.map(|change| (change, start(&sandbox, change)));
        for (change, child) in children {
            end(&sandbox, child, change).exits_with(0);
        }
        let shown = sandbox.run(&["settings", "show", "--json"]).exits_with(0).json();
        let settings = &shown["result"];
        assert_eq!(
            (&settings["lookbackDays"], &settings["server"], &settings["userName"], &settings["pkce"]),
            (&round.into(), &server.into(), &name.into(), &(round % 2 == 0).into()),
            "round {round}: each change is kept"
        );
    }
}
