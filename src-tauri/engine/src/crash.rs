//! What a process leaves behind when the system ends it by force.
//!
//! Its memory holds passwords and tokens, and systems like to write the memory of such a process to a file.
//! Deliberately absent: panics, which each front end reports in one line of its own.

/// From now on, the memory of this process is not written to a file if it ends by force. Windows and macOS write none
/// unless an administrator has set them up to.
pub fn leave_no_memory_behind() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // If this is refused, the limit is lower already.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}
