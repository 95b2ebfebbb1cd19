//! The span of time that a usage report covers.

use chrono::{DateTime, Utc};

/// A half-open span of time, `[begin, end)`. A request asks for the viewing records that the server stored within it.
///
/// Use whole seconds: the wire carries no fractions, so a fraction makes the request wider by up to a second (and the
/// extra records are dropped again).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UsageRange {
    /// The first instant that belongs to it.
    pub begin: DateTime<Utc>,
    /// The first instant that no longer does.
    pub end: DateTime<Utc>,
}

impl UsageRange {
    /// Whether an instant belongs to it.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.begin <= at && at < self.end
    }
}
