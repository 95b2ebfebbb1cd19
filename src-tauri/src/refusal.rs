//! Says why the program cannot open its window, where the person who started it will look.
//!
//! On Windows and macOS a program that was double-clicked has no terminal: there it is a message of the system's own,
//! which needs no window of ours. Elsewhere it is standard error.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

const TITLE: &str = "Panopto Video Analytics cannot be started";

/// What works where no window does.
const WITHOUT: &str = "without a window, use the command line: panopto-analytics";

/// Why no window can be opened, and what to do.
pub(crate) fn of_window(error: &impl Display) -> String {
    let missing = if cfg!(windows) { "; install Microsoft Edge WebView2, then start it again" } else { "" };
    format!("no window can be opened: {error}{missing}; {WITHOUT}")
}

/// Runs a function that needs a display. Without one, the windowing library on Linux panics; this turns the panic into
/// a refusal and keeps its unhelpful message from being printed.
pub(crate) fn unless_no_display<T, E: Display>(begin: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let outcome = catch_unwind(AssertUnwindSafe(begin));
    set_hook(hook);
    match outcome {
        Ok(result) => result.map_err(|error| of_window(&error)),
        Err(_) => Err(of_window(&"this computer gives the program no display")),
    }
}

/// Shows the reason; where that is a message box, returns once it is closed.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_and_a_panic_become_one_sentence_that_names_the_command_line() {
        let refused = unless_no_display(|| Err::<(), _>("no web view")).unwrap_err();
        assert!(refused.contains("no web view") && refused.ends_with("panopto-analytics"), "{refused}");
        let panicked = unless_no_display(|| -> Result<(), &str> { panic!("gtk") }).unwrap_err();
        assert!(panicked.contains("no display") && !panicked.contains("gtk"), "{panicked}");
        assert_eq!(unless_no_display(|| Ok::<_, &str>(1)), Ok(1));
    }
}
