//! The program as a process of its own, beside the test and other processes: started, waited for, signalled.

#[cfg(unix)]
use std::process::Command;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{Ran, Sandbox};

/// Starts the program on the sandbox's data folder.
pub(crate) fn start(sandbox: &Sandbox, arguments: &[&str]) -> Child {
    let data = sandbox.data().display().to_string();
    let mut all = vec!["--data", &data];
    all.extend(arguments);
    sandbox.command(&all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// Sends a signal, such as `-TERM`.
#[cfg(unix)]
pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill is there");
    assert!(sent.success());
}

/// Sends a signal and waits until the program has taken it, so that another of its kind is a second one.
#[cfg(target_os = "linux")]
pub(crate) fn signal_taken(child: &Child, name: &str) {
    signal(child, name);
    let status = format!("/proc/{}/status", child.id());
    wait_until("the signal is taken", || {
        // One that has ended has taken it as well.
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        let pending = status.lines().filter_map(|line| line.strip_prefix("SigPnd:").or(line.strip_prefix("ShdPnd:")));
        pending.into_iter().all(|mask| mask.trim().trim_start_matches('0').is_empty())
    });
}

/// Waits until a condition outside the test is met, and fails if it never is.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut reached: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !reached() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits for the process to end.
pub(crate) fn end(sandbox: &Sandbox, child: Child, arguments: &[&str]) -> Ran {
    sandbox.ran(arguments, &child.wait_with_output().expect("it ends"))
}
