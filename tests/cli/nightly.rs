//! A job that runs every night: nobody to ask, no keychain, everything in environment variables.

use crate::support::{Sandbox, Server, password_variables, refresh_token, snapshot};

#[test]
fn with_a_password_it_runs_night_after_night_and_says_nothing() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
    for _ in 0..3 {
        for arguments in [&["-q", "--no-keychain", "sync"][..], &["-q", "--no-keychain", "export", "out"]] {
            let ran = sandbox.run(arguments).exits_with(0);
            assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""), "what cron would mail");
        }
    }
    assert!(sandbox.files("config").is_empty(), "nothing is kept besides the data folder and the export");
    assert!(sandbox.files("home").is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn without_the_option_a_missing_keychain_is_no_reason_to_fail() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    assert_eq!(sandbox.run(&["-q", "sync"]).exits_with(0).stderr, "");
}

#[test]
fn a_refresh_token_without_a_keychain_is_good_for_one_run() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.unset("PANOPTO_USERNAME").unset("PANOPTO_PASSWORD");
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]);
    sandbox.set("PANOPTO_REFRESH_TOKEN", refresh_token(&server));
    let first = sandbox.run(&["--no-keychain", "sync"]).exits_with(0);
    let second = sandbox.run(&["--no-keychain", "sync"]).exits_with(3);
    snapshot!("nightly_refresh_token", format!("{}\n{}", first.shown(), second.shown()));
    let stored: Vec<_> = sandbox.files("data/database").into_iter().map(|(name, _)| name).collect();
    assert!(stored.iter().any(|name| name.ends_with("viewing_activity.csv")), "the first run did all its work");
}

#[test]
fn a_wrong_password_is_told_once_and_not_for_each_course() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    let subfolder = server.sim().world().folders[1].id.to_string();
    sandbox.run(&["--no-keychain", "courses", "add", &server.course(), &subfolder]).exits_with(0);
    sandbox.set("PANOPTO_PASSWORD", "mistyped");
    let refused = sandbox.run(&["--no-keychain", "sync"]).exits_with(3);
    assert_eq!(refused.stderr.matches("does not accept").count(), 1, "{}", refused.stderr);
}

#[test]
fn the_server_may_be_given_for_one_run() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.set("PANOPTO_SERVER", "uni.example");
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]);
    sandbox.run(&["--no-keychain", "sync", "--server", &server.url()]).exits_with(0);
    let refused = sandbox.run(&["--no-keychain", "sync", "--server", "ftp://uni.example"]).exits_with(2);
    assert!(refused.stderr.contains("hint: Give --server a host name"), "{}", refused.stderr);
    assert!(sandbox.files("config").is_empty(), "nothing is remembered");
}

#[test]
fn pseudonyms_without_a_keychain_need_a_key_of_ones_own() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["sync"]).exits_with(0);
    let mut keyed = |key: &str, folder: &str, code: i32| {
        sandbox.set("PANOPTO_ANALYTICS_PSEUDONYM_KEY", key);
        sandbox.run(&["export", folder, "--pseudonyms", "--timezone", "UTC"]).exits_with(code)
    };
    assert!(keyed("too short", "none", 2).stderr.contains("at least 16 characters"));
    for (key, folder) in
        [("a key that nobody guesses", "one"), ("a key that nobody guesses", "two"), ("another key, as long", "three")]
    {
        let ran = keyed(key, folder, 0);
        assert!(!ran.stdout.contains(key) && !ran.stderr.contains(key));
    }
    sandbox.run(&["export", "plain", "--timezone", "UTC"]).exits_with(0);
    let csv = |folder: &str| std::fs::read_to_string(sandbox.path(folder).join("chunked_data.csv")).expect("written");
    assert_eq!(csv("one"), csv("two"));
    assert_ne!(csv("one"), csv("three"));
    assert_ne!(csv("one"), csv("plain"));
    assert_eq!(csv("one").lines().count(), csv("plain").lines().count());
}
