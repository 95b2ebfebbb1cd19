//! Two courses of the data folder side by side, and pairs of videos that a person has corrected.
//!
//! Deliberately absent: keeping a comparison; it is worked out at each look.

use std::sync::Arc;

use chrono_tz::Tz;
use model::{Comparison, DateRange, Day, FolderId, SessionId, pair_videos};

use crate::dates::dates_in_view;
use crate::store::{DataFolder, FolderLock};
use crate::views::{CourseFacts, CourseInView, Views, facts_of_course};
use crate::{Error, ErrorCode, Result};

/// One of the compared courses.
#[derive(Debug)]
pub struct ComparedCourse {
    /// What is known about it.
    pub facts: CourseFacts,
    /// Its viewing.
    pub course: Arc<CourseInView>,
    /// Its term, as far as the data go.
    pub term: DateRange,
}

/// Two courses side by side.
#[derive(Debug)]
pub struct TwoTerms {
    /// This course.
    pub here: ComparedCourse,
    /// The other.
    pub there: ComparedCourse,
    /// What was compared.
    pub comparison: Comparison,
}

/// Compares two courses over their terms. [`ErrorCode::InvalidInput`] for a course with itself, [`ErrorCode::NotFound`]
/// if one of them has no data or no viewing.
pub fn compare(folder: &DataFolder, views: &Views, here: FolderId, there: FolderId, zone: Tz) -> Result<TwoTerms> {
    if here == there {
        return Err(Error::new(ErrorCode::InvalidInput, "A course cannot be compared with itself")
            .with_hint("Name another course of the course list"));
    }
    let [here, there] = [here, there].map(|id| in_its_term(folder, views, id, zone));
    let (here, there) = (here?, there?);
    let pairs = pair_videos(here.course.views.videos(), there.course.views.videos(), &folder.pairs()?);
    let comparison = Comparison::new((&here.course.views, here.term), (&there.course.views, there.term), pairs);
    Ok(TwoTerms { here, there, comparison })
}

fn in_its_term(folder: &DataFolder, views: &Views, id: FolderId, zone: Tz) -> Result<ComparedCourse> {
    let facts = facts_of_course(folder, id)?;
    let course = views.course(folder, id, zone)?;
    let dates = dates_in_view(folder, &course, zone, facts.fetched_through.map(Day::from_date))?;
    let term = dates.term.zip(dates.through).map(|(term, through)| term.days(through)).ok_or_else(|| {
        Error::new(
            ErrorCode::NotFound,
            format!("Nobody has watched {} yet, so there is nothing to compare", facts.name),
        )
        .with_hint("Choose a course with viewing")
    })?;
    Ok(ComparedCourse { facts, course, term })
}

/// Says that two videos belong together, or that a video has no pair; what was said of it before no longer counts.
pub fn mend_pair(folder: &DataFolder, lock: &FolderLock, video: SessionId, other: Option<SessionId>) -> Result<()> {
    if other == Some(video) {
        return Err(Error::new(ErrorCode::InvalidInput, "A video is no pair with itself")
            .with_hint("Name a video of the other course"));
    }
    let mut pairs = folder.pairs()?;
    let is_named = |id: SessionId| id == video || Some(id) == other;
    pairs.retain(|(one, two)| !is_named(*one) && !two.is_some_and(is_named));
    pairs.push((video, other));
    Ok(folder.save_pairs(lock, &pairs)?)
}

/// Forgets what was said of a video, so that it pairs by its name again.
pub fn forget_pair(folder: &DataFolder, lock: &FolderLock, video: SessionId) -> Result<()> {
    let mut pairs = folder.pairs()?;
    pairs.retain(|(one, two)| *one != video && *two != Some(video));
    Ok(folder.save_pairs(lock, &pairs)?)
}
