//! The program on a terminal of its own, through `script` (util-linux).

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Sandbox;

/// A shell command on a terminal.
pub(crate) struct OnTerminal {
    child: Child,
    typing: ChildStdin,
    seen: Arc<Mutex<String>>,
    reading: JoinHandle<()>,
}

impl OnTerminal {
    /// Starts the command, in which `$PROGRAM` is the program. `None` if there is no `script`.
    pub(crate) fn start(sandbox: &Sandbox, shell_command: &str) -> Option<Self> {
        let mut command = Command::new("script");
        sandbox.prepare(&mut command);
        command
            .args(["--quiet", "--flush", "--return", "--command", shell_command, "/dev/null"])
            .env("PROGRAM", env!("CARGO_BIN_EXE_panopto-analytics"))
            .env("TERM", "xterm-256color")
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        let mut output = child.stdout.take().expect("piped");
        let seen = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&seen);
        let reading = std::thread::spawn(move || {
            let mut block = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut block) {
                shared.lock().expect("not poisoned").push_str(&String::from_utf8_lossy(&block[..length]));
            }
        });
        let typing = child.stdin.take().expect("piped");
        Some(Self { child, typing, seen, reading })
    }

    /// Waits until this text can be read on the terminal.
    #[track_caller]
    pub(crate) fn wait_for(&self, text: &str) {
        let begun = Instant::now();
        while !self.seen.lock().expect("not poisoned").contains(text) {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "`{text}` in: {}",
                self.seen.lock().expect("not poisoned")
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.typing.write_all(keys.as_bytes()).and_then(|()| self.typing.flush()).expect("it listens");
    }

    /// Waits for the end and returns the exit code and everything that could be seen.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("it ends");
        drop(self.typing);
        self.reading.join().expect("it is read");
        let seen = self.seen.lock().expect("not poisoned").clone();
        (status.code(), seen)
    }
}
