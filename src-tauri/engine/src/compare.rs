//! Two courses of the data folder side by side, and pairs of videos that a person has corrected.
//!
//! Deliberately absent: keeping a comparison in a file; it follows from what is stored.
//!
//! Invariant: a comparison that is kept in memory is of the very viewing, terms and pairs that were asked for.

use std::sync::{Arc, Mutex, PoisonError};

use chrono_tz::Tz;
use model::{Comparison, DateRange, Day, FolderId, SessionId, pair_videos};

use crate::dates::dates_in_view;
use crate::store::{DataFolder, FolderLock, MendedPair};
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
    pub comparison: Arc<Comparison>,
    /// What somebody has said of pairs.
    pub mended: Vec<MendedPair>,
}

/// The comparison that was made last: a page asks for the same one many times while a date range is dragged.
#[derive(Debug, Default)]
pub struct Comparisons(Mutex<Option<KeptComparison>>);

/// A comparison, and all that it follows from.
#[derive(Debug)]
struct KeptComparison {
    courses: [Arc<CourseInView>; 2],
    terms: [DateRange; 2],
    mended: Vec<MendedPair>,
    comparison: Arc<Comparison>,
}

impl Comparisons {
    /// Compares two courses over their terms, as [`compare`] does.
    pub fn compare(
        &self,
        folder: &DataFolder,
        views: &Views,
        here: FolderId,
        there: FolderId,
        zone: Tz,
    ) -> Result<TwoTerms> {
        if here == there {
            return Err(Error::new(ErrorCode::InvalidInput, "A course cannot be compared with itself")
                .with_hint("Name another course of the course list"));
        }
        let [here, there] = [here, there].map(|id| in_its_term(folder, views, id, zone));
        let (here, there) = (here?, there?);
        let mended = folder.pairs()?;
        let comparison = self.of(&here, &there, &mended);
        Ok(TwoTerms { here, there, comparison, mended })
    }

    fn of(&self, here: &ComparedCourse, there: &ComparedCourse, mended: &[MendedPair]) -> Arc<Comparison> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_the_same = |kept: &&KeptComparison| {
            Arc::ptr_eq(&kept.courses[0], &here.course)
                && Arc::ptr_eq(&kept.courses[1], &there.course)
                && kept.terms == [here.term, there.term]
                && kept.mended == mended
        };
        if let Some(kept) = last.as_ref().filter(is_the_same) {
            return Arc::clone(&kept.comparison);
        }
        let pairs = pair_videos(here.course.views.videos(), there.course.views.videos(), mended);
        let sides = ((&here.course.views, here.term), (&there.course.views, there.term));
        let comparison = Arc::new(Comparison::new(sides.0, sides.1, pairs));
        let courses = [Arc::clone(&here.course), Arc::clone(&there.course)];
        let (terms, mended) = ([here.term, there.term], mended.to_vec());
        *last = Some(KeptComparison { courses, terms, mended, comparison: Arc::clone(&comparison) });
        comparison
    }
}

/// Compares two courses over their terms. [`ErrorCode::InvalidInput`] for a course with itself, [`ErrorCode::NotFound`]
/// if one of them has no data or no viewing.
pub fn compare(folder: &DataFolder, views: &Views, here: FolderId, there: FolderId, zone: Tz) -> Result<TwoTerms> {
    Comparisons::default().compare(folder, views, here, there, zone)
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

/// Says that two videos belong together, or that a video has no pair; what was said of them before no longer counts, and is
/// the answer.
pub fn mend_pair(
    folder: &DataFolder,
    lock: &FolderLock,
    video: SessionId,
    other: Option<SessionId>,
) -> Result<Vec<MendedPair>> {
    if other == Some(video) {
        return Err(Error::new(ErrorCode::InvalidInput, "A video is no pair with itself")
            .with_hint("Name a video of the other course"));
    }
    restate(folder, lock, [Some(video), other], &[(video, other)])
}

/// Forgets what was said of a video, so that it pairs by its name again; answers what was said.
pub fn forget_pair(folder: &DataFolder, lock: &FolderLock, video: SessionId) -> Result<Vec<MendedPair>> {
    restate(folder, lock, [Some(video), None], &[])
}

/// Puts back what was said of these videos before.
pub fn restore_pairs(
    folder: &DataFolder,
    lock: &FolderLock,
    videos: [Option<SessionId>; 2],
    earlier: &[MendedPair],
) -> Result<()> {
    restate(folder, lock, videos, earlier).map(drop)
}

/// Replaces all that is said of these videos; answers what was said.
fn restate(
    folder: &DataFolder,
    lock: &FolderLock,
    videos: [Option<SessionId>; 2],
    said: &[MendedPair],
) -> Result<Vec<MendedPair>> {
    let names = |id: SessionId| videos.contains(&Some(id));
    let is_about_them = |(one, two): &MendedPair| names(*one) || two.is_some_and(names);
    let (before, mut pairs): (Vec<_>, Vec<_>) = folder.pairs()?.into_iter().partition(is_about_them);
    pairs.extend_from_slice(said);
    folder.save_pairs(lock, &pairs)?;
    Ok(before)
}
