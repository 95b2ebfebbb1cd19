//! The span of time a usage report is asked for.

use chrono::{DateTime, Utc};

/// A half-open span of time, `[begin, end)`, in which the server stored the viewing records that are asked for.
///
/// Give whole seconds: the wire carries no fractions, so a fraction makes the request wider by up to a second (and the
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
