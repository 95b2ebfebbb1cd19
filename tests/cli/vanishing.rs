//! The data folder disappears in the middle of the work, like a network drive or a stick that is pulled out, and comes
//! back.

#![cfg(unix)]

use std::process::Stdio;
use std::time::{Duration, Instant};

use sim::{Config, Route, World};

use crate::support::{Sandbox, Server, clamped, kept_files, password_variables, past};

fn signed_in(server: &Server) -> Sandbox {
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, server);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox
}

#[test]
fn a_data_folder_that_vanishes_during_a_sync_comes_back_unharmed() {
    let server = Server::start(World::tiny(past()), Config { latency: Duration::from_millis(60), ..clamped(1) });
    let undisturbed = signed_in(&server);
    undisturbed.run(&["sync"]).exits_with(0);
    let expected = kept_files(&undisturbed);

    for usage_calls in [1, 4] {
        let sandbox = signed_in(&server);
        server.sim().clear_requests();
        let data = sandbox.data().display().to_string();
        let child = sandbox
            .command(&["--data", &data, "--no-keychain", "sync"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let begun = Instant::now();
        while server.sim().requests().iter().filter(|entry| entry.route == Route::SoapUsage).count() < usage_calls {
            assert!(begun.elapsed() < Duration::from_secs(60), "it asks for records");
            std::thread::sleep(Duration::from_millis(5));
        }
        let elsewhere = sandbox.path("unplugged");
        std::fs::rename(sandbox.data(), &elsewhere).expect("the folder can be moved");
        let ran = sandbox.ran(&["sync"], &child.wait_with_output().expect("it ends")).exits_with(1);
        let told: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(told.len(), 1, "one sentence: {}", ran.stderr);
        assert!(told[0].ends_with("it, its folder or its drive is not there"), "{}", ran.stderr);
        assert!(ran.stderr.contains("hint: Connect the drive again or choose another folder"), "{}", ran.stderr);
        assert!(!sandbox.data().exists(), "no second folder is begun in its place");

        // While the folder is away, a sync says so; when it is back, a sync completes it.
        sandbox.run(&["sync"]).exits_with(1);
        std::fs::rename(&elsewhere, sandbox.data()).expect("the folder comes back");
        sandbox.run(&["sync"]).exits_with(0);
        assert!(kept_files(&sandbox) == expected, "the same files as if nothing had happened");
    }
}
