//! Opens a page or a folder with the program the person has chosen for it.
//!
//! Invariant: that program inherits none of the secrets in this one's environment. On Windows the system's shell starts
//! it, unless it is running already, as it mostly is.

use std::ffi::OsStr;
use std::io;

/// Opens `target` with its usual program, such as the browser or the file manager, and does not wait for it.
pub fn open(target: impl AsRef<OsStr>) -> io::Result<()> {
    #[cfg(windows)]
    return ::open::that_detached(target);
    #[cfg(not(windows))]
    unix::open(target.as_ref())
}

#[cfg(not(windows))]
mod unix {
    use std::ffi::OsStr;
    use std::io;
    use std::os::unix::process::CommandExt as _;
    use std::process::Stdio;
    use std::thread;
    use std::time::Duration;

    use crate::connection::variables;

    /// How long a launcher has to say that it failed; one that still runs then has done its work.
    const PATIENCE: Duration = Duration::from_millis(500);
    const LOOK_EVERY: Duration = Duration::from_millis(20);

    pub(super) fn open(target: &OsStr) -> io::Result<()> {
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        'launchers: for mut command in ::open::commands(target) {
            for secret in variables::SECRET {
                command.env_remove(secret);
            }
            // A group of its own, so that Ctrl-C here does not reach the browser.
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
            let mut child = match command.spawn() {
                Ok(child) => child,
                Err(error) => {
                    failure = error;
                    continue;
                }
            };
            let mut waited = Duration::ZERO;
            while waited < PATIENCE {
                match child.try_wait()? {
                    Some(status) if status.success() => return Ok(()),
                    Some(status) => {
                        failure = io::Error::other(format!("{} ended: {status}", command.get_program().display()));
                        continue 'launchers;
                    }
                    None => thread::sleep(LOOK_EVERY),
                }
                waited += LOOK_EVERY;
            }
            return Ok(());
        }
        Err(failure)
    }
}
