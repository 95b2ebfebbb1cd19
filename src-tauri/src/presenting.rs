//! Presenting: others see the screen, so nothing that names or betrays one person may reach it.
//!
//! Whether somebody presents belongs to the window, not to a data folder: the user's own workspace and the sample share one
//! switch. What each command does meanwhile is in the table of commands. Deliberately absent: how a page is presented.
//!
//! Invariant: a command that has no presented form is refused, and what was asked before the switch is not answered after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use engine::{Error, ErrorCode};

/// Whether somebody presents. Clones are the same switch.
#[derive(Debug, Clone, Default)]
pub struct Presenting(Arc<AtomicBool>);

impl Presenting {
    /// Whether it is on.
    pub(crate) fn is_on(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Turns it on or off.
    pub(crate) fn set(&self, is_on: bool) {
        self.0.store(is_on, Ordering::SeqCst);
    }
}

/// The refusal of everything that has no presented form.
pub(crate) fn closed_while_presenting() -> Error {
    Error::new(ErrorCode::InvalidInput, "This is closed while presenting: it could show what one person did")
        .with_hint("Stop presenting first")
}
