//! Tells why the program cannot open its window, where the person who started it looks.
//!
//! On Windows and macOS a program that was double-clicked has no terminal: there it is a message of the system's own,
//! which needs no window of ours. Elsewhere it is standard error.

const TITLE: &str = "Panopto Video Analytics cannot be started";

/// Says it and returns when it was read.
pub fn tell(reason: &str) {
    tracing::error!("the program cannot be started: {reason}");
    #[allow(clippy::print_stderr, reason = "there is no window to say it in")]
    {
        eprintln!("{TITLE}: {reason}");
    }
    #[cfg(any(windows, target_os = "macos"))]
    {
        let message = rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error).set_title(TITLE);
        message.set_description(reason).show();
    }
}
