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
            assert_eq!(sandbox.run(arguments).exits_with(0).stderr, "", "cron mails what is on standard error");
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
