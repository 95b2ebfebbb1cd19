//! What is new in the courses of a data folder.
//!
//! Deliberately absent: the rules, which are in the model. Invariant: a course that cannot be read is reported, and the
//! others still give their news.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use model::line::listed_name;
use model::{DateRange, Day, Digest, DigestOf, FolderId};

use crate::dates::dates_in_view;
use crate::store::DataFolder;
use crate::views::{CourseFacts, CourseInView, Views, facts_of_course};
use crate::{Error, ErrorCode, Result};

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
    let today = Day::from_date(now.with_timezone(&zone).date_naive());
    let digest = match dates.through {
        Some(through) => Digest::new(DigestOf {
            views: &course.views,
            figures: &course.figures(DateRange::ALL),
            moments: &course.moments_where(|video| Digest::wants_moments(&course.views, video, through, today)),
            flags: &dates.flags,
            through,
            today,
        }),
        // Nobody has watched, and no day was fetched in full.
        None => Digest::News(Vec::new()),
    };
    Ok(CourseDigest { facts, course, digest })
}

/// The news of these courses, and why those of some cannot be told. A course that nothing was fetched for is left out. Blocks.
pub fn digests_of(
    folder: &DataFolder,
    courses: &[FolderId],
    zone: Tz,
    now: DateTime<Utc>,
) -> (Vec<CourseDigest>, Vec<Error>) {
    let (mut told, mut failed) = (Vec::new(), Vec::new());
    let views = Views::default();
    for course in courses {
        match digest_of(folder, &views, *course, zone, now) {
            Ok(digest) => told.push(digest),
            Err(error) if error.code() == ErrorCode::NotFound => {}
            Err(error) => failed.push(error),
        }
        // One course in memory at a time.
        views.clear();
    }
    (told, failed)
}

/// The news as Markdown: a heading for each course, a list of sentences below it. Names are text: what Markdown would read as
/// its own is written as it stands.
pub fn as_markdown(courses: &[CourseDigest]) -> String {
    let mut text = String::new();
    for course in courses {
        let _ = writeln!(text, "## {}\n", escaped(&course.facts.name));
        for entry in course.digest.entries() {
            let _ = writeln!(text, "- {}.", escaped(&entry.sentence));
        }
        if let Some(nothing) = course.digest.nothing() {
            let _ = writeln!(text, "{nothing}.");
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in listed_name(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&' | '~') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_is_no_markup_and_one_line() {
        assert_eq!(escaped("<b>[x](y)\n*1*"), "\\<b\\>\\[x\\](y) \\*1\\*");
    }
}
