//! The system's own commands for schedules, behind a small port, so that tests see the calls.
//!
//! Invariant: a command inherits none of the secrets in this program's environment.

use std::fmt::Debug;
use std::io;
use std::process::{Command, Stdio};

use crate::connection::variables;

/// How a command ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandAnswer {
    /// Whether it did what it was asked to do.
    pub success: bool,
    /// What it printed on standard output.
    pub output: Vec<u8>,
    /// What it printed on standard error.
    pub said: String,
}

/// Runs commands of the system.
pub trait SystemCommands: Debug + Send + Sync {
    /// Runs one to its end. An error means that it could not be started.
    fn run(&self, program: &str, arguments: &[&str]) -> io::Result<CommandAnswer>;
}

/// The commands of this computer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RealCommands;

impl SystemCommands for RealCommands {
    fn run(&self, program: &str, arguments: &[&str]) -> io::Result<CommandAnswer> {
        let mut command = without_secrets(program);
        let output = command.args(arguments).stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Ok(CommandAnswer { success: output.status.success(), output: output.stdout, said })
    }
}

/// A command that shows no window of its own.
pub(super) fn without_secrets(program: &str) -> Command {
    let mut command = Command::new(program);
    for secret in variables::SECRET {
        command.env_remove(secret);
    }
    #[cfg(windows)]
    {
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        std::os::windows::process::CommandExt::creation_flags(&mut command, CREATE_NO_WINDOW);
    }
    command
}

/// Notes the calls instead of making them, for tests.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Default)]
pub struct PretendCommands {
    calls: std::sync::Mutex<Vec<String>>,
    refused: std::sync::Mutex<Vec<String>>,
    printed: std::sync::Mutex<Vec<u8>>,
}

#[cfg(any(test, feature = "testing"))]
impl PretendCommands {
    /// The calls so far, each with its arguments; they are forgotten.
    pub fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.calls))
    }

    /// From here on a call that begins like one of these fails.
    pub fn refuse(&self, calls: &[&str]) {
        *locked(&self.refused) = calls.iter().map(|&call| call.to_owned()).collect();
    }

    /// From here on every call prints this.
    pub fn print(&self, output: &[u8]) {
        output.clone_into(&mut *locked(&self.printed));
    }
}

#[cfg(any(test, feature = "testing"))]
impl SystemCommands for PretendCommands {
    fn run(&self, program: &str, arguments: &[&str]) -> io::Result<CommandAnswer> {
        let call = format!("{program} {}", arguments.join(" "));
        let success = !locked(&self.refused).iter().any(|refused| call.starts_with(refused.as_str()));
        locked(&self.calls).push(call);
        let said = if success { "" } else { "refused on purpose" };
        Ok(CommandAnswer { success, output: locked(&self.printed).clone(), said: said.to_owned() })
    }
}

#[cfg(any(test, feature = "testing"))]
fn locked<T>(value: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
