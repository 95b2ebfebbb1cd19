//! Calls of the window against the real permissions.
