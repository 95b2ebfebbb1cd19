//! `nightly install`, `status`, `run` and `remove`, with a pretended `systemctl` on Linux. That a night lets the window have the
//! folder is in `tests/ipc/beside_the_command_line.rs`.

#[cfg(target_os = "linux")]
use crate::support::snapshot;
use crate::support::{Sandbox, Server, password_variables};

/// A sandbox with a course and an export to repeat.
fn connected(server: &Server) -> Sandbox {
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, server);
    sandbox.run(&["--no-keychain", "courses", "add", &server.course()]).exits_with(0);
    sandbox
}

/// Puts a `systemctl` before the system's own that notes its calls and succeeds.
#[cfg(target_os = "linux")]
fn with_systemd(sandbox: &mut Sandbox) {
    use std::os::unix::fs::PermissionsExt as _;

    let calls = sandbox.path("calls").display().to_string();
    let program = sandbox.write("bin/systemctl", format!("#!/bin/sh\necho \"$@\" >> '{calls}'\n"));
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    let path = std::env::var("PATH").unwrap_or_default();
    sandbox.set("PATH", format!("{}:{path}", sandbox.path("bin").display()));
    let place = std::path::Path::new(env!("CARGO_BIN_EXE_panopto-analytics")).display().to_string();
    sandbox.hide(place, "[PROGRAM]");
}

#[cfg(target_os = "linux")]
#[test]
fn the_job_is_installed_shown_and_removed_and_nothing_is_left() {
    let server = Server::tiny();
    let mut sandbox = connected(&server);
    with_systemd(&mut sandbox);
    sandbox.run(&["settings", "set", "--lookback", "3"]).exits_with(0);
    let folders = |sandbox: &Sandbox| [sandbox.files("home"), sandbox.files("config")].concat();
    let before = folders(&sandbox);

    let off = sandbox.run(&["nightly", "status"]).exits_with(0).shown();
    let nothing = sandbox.run(&["nightly", "install"]).exits_with(1).shown();
    let on = sandbox.run(&["nightly", "install", "--at", "3:05", "--to", "Tableau", "--digest"]).exits_with(0);
    assert!(on.stdout.contains("Next: "), "{}", on.stdout);
    let units: Vec<String> = sandbox.files("home").into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        units,
        [
            ".config/systemd/user/panopto-analytics-nightly.service",
            ".config/systemd/user/panopto-analytics-nightly.timer"
        ]
    );
    // The same settings, whatever the variables of the system's job are.
    let service = String::from_utf8(sandbox.files("home").remove(0).1).expect("text");
    let config = sandbox.path("config").display().to_string();
    assert!(service.contains(&format!("\"nightly\" \"run\" \"--config-dir\" \"{config}\"")), "{service}");
    let json = sandbox.run(&["--json", "nightly", "status"]).exits_with(0).json();
    assert_eq!((&json["result"]["on"], &json["result"]["at"]), (&true.into(), &"03:05".into()));

    let timer = sandbox.path("home/.config/systemd/user/panopto-analytics-nightly.timer");
    std::fs::write(&timer, "mine").expect("it can be written");
    let foreign = sandbox.run(&["nightly", "status"]).exits_with(5).shown();
    let refused = sandbox.run(&["nightly", "remove"]).exits_with(1).shown();
    std::fs::remove_file(&timer).expect("it is there");
    let damaged = sandbox.run(&["nightly", "status"]).exits_with(5).shown();
    // Again without --at: the time stays.
    sandbox.run(&["nightly", "install"]).exits_with(0);
    assert!(std::fs::read_to_string(&timer).expect("it is there").contains("*-*-* 03:05:00"));

    let removed = sandbox.run(&["nightly", "remove"]).exits_with(0).shown();
    let again = sandbox.run(&["nightly", "remove"]).exits_with(0).shown();
    let named = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(named(&folders(&sandbox)), named(&before));
    assert!(!sandbox.path("home/.config/systemd").exists());
    snapshot!("nightly_job", [off, nothing, foreign, refused, damaged, removed, again].join("\n"));
    let calls = std::fs::read_to_string(sandbox.path("calls")).expect("they are noted");
    assert!(calls.contains("--user enable panopto-analytics-nightly.timer\n"), "{calls}");
    assert!(calls.ends_with("--user daemon-reload\n"), "{calls}");
}

/// No user manager answers in a sandbox.
#[cfg(target_os = "linux")]
#[test]
fn without_systemd_the_line_for_cron_is_printed() {
    let server = Server::tiny();
    let sandbox = connected(&server);
    let ran = sandbox.run_bare(&["nightly", "install", "--to", "Tableau"]).exits_with(1);
    let config = sandbox.path("config").display().to_string();
    assert!(ran.stdout.starts_with("30 2 * * *  /") && ran.stdout.contains(&config), "{}", ran.stdout);
    assert!(ran.stderr.contains("systemd starts no jobs for this user") && ran.stderr.contains("crontab -e"));
    assert!(sandbox.files("home").is_empty());
    let json = sandbox.run_bare(&["--json", "nightly", "install", "--to", "Tableau"]).exits_with(1).json();
    assert_eq!(json["result"]["cron"].as_str(), Some(ran.stdout.trim_end()));
}

#[test]
fn a_night_runs_in_the_foreground_and_is_remembered() {
    let server = Server::tiny();
    let sandbox = connected(&server);
    let refused = sandbox.run(&["--no-keychain", "nightly", "run"]).exits_with(1);
    assert!(refused.stderr.contains("There is no export to repeat"), "{}", refused.stderr);
    std::fs::create_dir(sandbox.path("Tableau")).expect("a folder");
    let last = serde_json::json!({ "lastExport": { "dir": sandbox.path("Tableau") } });
    // The folder of the settings is given, as the system's schedule does it.
    sandbox.write("elsewhere/settings.json", last.to_string());
    let elsewhere = sandbox.path("elsewhere").display().to_string();
    let night = ["--no-keychain", "nightly", "run", "--config-dir", &elsewhere];
    let ran = sandbox.run(&night).exits_with(0);
    assert!(ran.stdout.trim_end().ends_with("dataset saved"), "{}", ran.stdout);
    assert!(sandbox.path("Tableau/chunked_data.csv").is_file());
    let quiet = sandbox.run(&[&["-q"], &night[..]].concat()).exits_with(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""), "what cron would mail");
    let kept = std::fs::read_to_string(sandbox.path("elsewhere/nightly.json")).expect("it is remembered");
    assert_eq!(kept.matches("\"done\"").count(), 2, "{kept}");
}

#[test]
fn a_night_without_a_network_fails_with_4_and_says_what_to_do() {
    let mut server = Server::tiny();
    let sandbox = connected(&server);
    std::fs::create_dir(sandbox.path("Tableau")).expect("a folder");
    sandbox.write(
        "config/settings.json",
        serde_json::json!({ "lastExport": { "dir": sandbox.path("Tableau") } }).to_string(),
    );
    server.stop();
    let json = sandbox.run(&["--json", "--no-keychain", "nightly", "run", "--wait", "0"]).exits_with(4).json();
    assert_eq!(json["result"]["outcome"], "failed");
    assert_eq!(json["error"]["code"], "network");
    let wrong = sandbox.run(&["nightly", "install", "--at", "25:00"]).exits_with(2);
    assert!(wrong.stderr.contains("hours and minutes such as 02:30"), "{}", wrong.stderr);
}

/// On a session bus of its own, watched by `dbus-monitor`.
#[cfg(target_os = "linux")]
#[test]
fn a_failure_is_shown_as_a_notification_on_the_desktop() {
    let found = |program: &str| {
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|folder| folder.join(program).is_file())
    };
    if !["dbus-run-session", "dbus-monitor"].into_iter().all(found) {
        eprintln!("SKIPPED: needs `dbus-run-session` and `dbus-monitor`, which are not installed");
        return;
    }
    let mut server = Server::tiny();
    let sandbox = connected(&server);
    sandbox.write("config/settings.json", r#"{"lastExport":{"dir":"/nowhere/<b>at all</b>"}}"#);
    server.stop();
    let log = sandbox.path("bus.log").display().to_string();
    let script = format!(
        "dbus-monitor --session \"interface='org.freedesktop.Notifications'\" > '{log}' & watcher=$!; \
         while ! grep -q NameAcquired '{log}'; do sleep 0.05; done; \
         \"$@\"; ended=$?; \
         while ! grep -q Notify '{log}'; do sleep 0.05; done; \
         kill $watcher; exit $ended"
    );
    let mut command = std::process::Command::new("dbus-run-session");
    sandbox.prepare(&mut command);
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").args(["--", "timeout", "60", "sh", "-c", &script, "sh"]);
    command.arg(env!("CARGO_BIN_EXE_panopto-analytics")).arg("--data").arg(sandbox.data());
    command.args(["--no-keychain", "nightly", "run", "--wait", "0"]);
    let ran = sandbox.finish(command, &["nightly", "run"], None);
    assert_eq!(ran.code, Some(1), "{}\n{}", ran.stdout, ran.stderr);
    let seen = std::fs::read_to_string(sandbox.path("bus.log")).expect("the monitor wrote it");
    assert!(seen.contains("member=Notify") && seen.contains("string \"The nightly sync failed\""), "{seen}");
    assert!(seen.contains("/nowhere/&lt;b&gt;at all&lt;/b&gt;") && seen.contains("Connect its drive again"), "{seen}");
}

/// With a pretended list of users, and a `runuser` that says what it was asked for.
#[cfg(target_os = "linux")]
#[test]
fn the_package_takes_the_job_of_every_user_away_and_an_update_does_not() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::new();
    let home = sandbox.path("ada").display().to_string();
    sandbox.write("ada/.config/systemd/user/panopto-analytics-nightly.timer", "");
    let users = format!("echo 'ada:x:1000:1000:Ada, L.:{home}:/bin/sh'\necho 'bob:x:1001:1001::/nowhere:/bin/sh'\n");
    for (name, text) in [("getent", users.as_str()), ("runuser", "echo \"$@\" >&3\n")] {
        let program = sandbox.write(&format!("bin/{name}"), format!("#!/bin/sh\n{text}"));
        std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../packaging/before-removal.sh");
    let asked = |why: &str| {
        let mut command = std::process::Command::new("sh");
        let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
        command.env_clear().env("PATH", path).args(["-c", "exec 3>&1; sh \"$0\" \"$1\"", script, why]);
        let output = command.output().expect("a shell is there");
        assert!(output.status.success());
        String::from_utf8(output.stdout).expect("text")
    };
    for (kept, removed) in [("upgrade", "remove"), ("1", "0")] {
        assert_eq!(asked(kept), "");
        let asked = asked(removed);
        assert!(asked.starts_with(&format!("-u ada -- env -i HOME={home} ")), "{asked}");
        assert!(asked.ends_with("/usr/bin/panopto-analytics --quiet --no-keychain nightly remove\n"), "{asked}");
        assert_eq!(asked.lines().count(), 1, "nobody else is touched");
    }
}
