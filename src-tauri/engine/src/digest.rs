//! What is new in the courses of a data folder.
//!
//! Deliberately absent: the rules, which are in the model. Invariant: a course that cannot be read is reported, and the
//! others still give their news.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use model::{DateRange, Day, Digest, DigestOf, FolderId};

use crate::Result;
use crate::dates::dates_in_view;
use crate::store::DataFolder;
use crate::views::{CourseFacts, CourseInView, Views, facts_of_course};

/// The news of one course.
#[derive(Debug)]
pub struct CourseDigest {
    /// What is known about it.
    pub facts: CourseFacts,
    /// Its viewing.
    pub course: Arc<CourseInView>,
    /// What is new.
    pub digest: Digest,
}

/// What is new in a course. [`crate::ErrorCode::NotFound`] if nothing was fetched for it yet.
pub fn digest_of(
    folder: &DataFolder,
    views: &Views,
    id: FolderId,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<CourseDigest> {
    let facts = facts_of_course(folder, id)?;
    let course = views.course(folder, id, zone)?;
    let dates = dates_in_view(folder, &course, zone, facts.fetched_through.map(Day::from_date))?;
    let (figures, moments) = (course.figures(DateRange::ALL), course.moments(DateRange::ALL));
    let digest = match dates.through {
        Some(through) => Digest::new(DigestOf {
            views: &course.views,
            figures: &figures,
            moments: &moments,
            flags: &dates.flags,
            through,
            today: Day::from_date(now.with_timezone(&zone).date_naive()),
        }),
        // Nobody has watched, and no day was fetched in full.
        None => Digest::News(Vec::new()),
    };
    Ok(CourseDigest { facts, course, digest })
}
