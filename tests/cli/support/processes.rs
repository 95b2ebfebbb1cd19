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
