//! The window's commands in this process and the command line as processes of its own, on one sign-in in a real keychain.
//!
//! The outer test starts a session bus with a keyring and runs the inner one inside it. Two command lines on one sign-in are
//! in `tests/cli/keychain.rs`.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use engine::secrets::{KeychainSecrets, SERVICE_VARIABLE};
use serde_json::json;

use crate::sign_in::{follow, wait_for};
use crate::support::{CHANNEL, Program, first_home, serve, set_connection};

/// Set inside the bus.
const INSIDE: &str = "PANOPTO_IPC_TEST_KEYCHAIN";
/// How often the sign-in is renewed under a running sync.
const RENEWALS: usize = 5;

#[test]
fn on_a_real_keychain() {
    for program in ["dbus-run-session", "gnome-keyring-daemon"] {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|folder| folder.join(program).is_file());
        if !found {
            eprintln!("SKIPPED: window and command line on a real keychain need `{program}`, which is not installed");
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let script = "printf 'keyring password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && \
                  exec \"$0\" --ignored --exact --nocapture --test-threads=1 \
                  one_keychain::a_sync_of_the_window_beside_a_command_line_that_renews";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env(INSIDE, "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// The command line with the window's configuration and keychain, and another data folder.
fn command_line(program: &Program, service: &str, arguments: &[&str]) -> Output {
    let window = Path::new(env!("CARGO_BIN_EXE_panopto-video-analytics"));
    let path = window.with_file_name("panopto-analytics");
    assert!(path.exists(), "build the command line first: cargo build --workspace --bins");
    Command::new(path)
        .arg("--data")
        .arg(program.dir.path().join("data of the command line"))
        .args(arguments)
        .env("PANOPTO_ANALYTICS_CONFIG_DIR", program.dir.path().join("config"))
        .env(SERVICE_VARIABLE, service)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The lists of folders and videos are read with the token, the reports with a cookie.
fn is_list(route: sim::Route) -> bool {
    matches!(route, sim::Route::FolderChildren | sim::Route::FolderSessions)
}

#[test]
#[ignore = "run by on_a_real_keychain, on a bus of its own"]
fn a_sync_of_the_window_beside_a_command_line_that_renews() {
    assert!(std::env::var_os(INSIDE).is_some(), "run by `on_a_real_keychain`");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let redirect = format!("http://localhost:{port}/redirect");
    let client = sim::ApiClient { redirects: vec![redirect.clone()], ..sim::ApiClient::demo() };
    let server = serve(sim::Config { clients: vec![client], auto_approve: true, ..sim::Config::default() });
    let service = format!("Panopto Video Analytics test {}", std::process::id());
    let program = Program::start_with(first_home(), Arc::new(KeychainSecrets::new(service.clone())));
    let run = |arguments: &[&str]| command_line(&program, &service, arguments);
    let succeeds = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    succeeds(&["settings", "set", "--redirect", &redirect]);
    set_connection(&program, &server);
    let signing_in = program.begin("sign_in_browser", json!({ "jobId": "sign in", "onEvent": CHANNEL }));
    follow(&wait_for(|| program.desktop.opened.lock().unwrap().first().cloned()));
    signing_in.join().unwrap().unwrap();

    let course = sim::DEMO_COURSES[1].folder_id;
    succeeds(&["courses", "add", course]);
    program.get("courses_add", json!({ "inputs": [course] }));
    server.clear_requests();
    server.config_mut().latency = Duration::from_millis(40);
    let start = json!({ "courseIds": null, "jobId": "sync", "onEvent": CHANNEL });
    let syncing = program.begin("sync_start", start.clone());
    let mut renewed_here = 0;
    for renewal in 1..=RENEWALS {
        // In between the window gets on: a token that ends with each request would be a server that lets nobody in.
        let answered = || server.requests().iter().filter(|entry| entry.status == 200 && is_list(entry.route)).count();
        let before = answered();
        wait_for(|| (answered() > before + 6 || syncing.is_finished()).then_some(()));
        assert!(!syncing.is_finished() || renewal > 1, "the sync is at work when the first token ends");
        renewed_here += usize::from(!syncing.is_finished());
        server.expire_tokens();
        succeeds(&["credentials", "show", "--check"]);
    }
    assert!(renewed_here >= 2, "renewed under a running sync {renewed_here} times");
    let report = syncing.join().unwrap().unwrap_or_else(|error| panic!("the window's sync failed: {error}"));
    assert_eq!(report["courses"][0]["outcome"], "synced", "{report}");
    server.config_mut().latency = Duration::ZERO;

    // Both sync at the same time, each with a token that has just ended.
    server.expire_tokens();
    let syncing = program.begin("sync_start", start);
    succeeds(&["sync"]);
    syncing.join().unwrap().unwrap();
    assert_eq!(program.get("who_am_i", json!({}))["state"], "signedIn");
    succeeds(&["credentials", "show", "--check"]);

    // Signed out means signed out, everywhere.
    program.get("sign_out", json!({}));
    let refused = run(&["sync"]);
    assert_eq!(refused.status.code(), Some(3), "{}", String::from_utf8_lossy(&refused.stderr));
}
