//! What a process leaves behind that the system ends by force.
//!
//! Its memory holds passwords and tokens, and systems like to write the memory of such a process to a file. Deliberately
//! absent: panics; each front end tells them in one line of its own.

/// From now on the memory of this process is not written to a file when it ends by force. Windows and macOS write none
/// unless an administrator has configured them to.
pub fn leave_no_memory_behind() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where that is refused, the limit is lower already.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}
