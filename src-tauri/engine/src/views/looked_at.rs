//! What is kept while a course is looked at: the sorted borders and the moments of one video, and the moments of all its
//! videos.
//!
//! All follow from the viewing alone. Deliberately absent: figures, which come from the model; and how long a course
//! is kept, which `cache.rs` decides.
//!
//! Invariant: for each course at most one video's borders, one video's moments and one range's moments are kept, so
//! memory does not grow with looking.

use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use model::{Borders, CourseViews, DateRange, VideoMoments, moments};

/// The results that were requested last.
#[derive(Debug, Default)]
pub(super) struct LookedAt {
    borders: Mutex<Option<(usize, Arc<Borders>)>>,
    of_video: Mutex<Option<(DateRange, usize, VideoMoments)>>,
    moments: Mutex<Option<(DateRange, Arc<[VideoMoments]>)>>,
}

impl LookedAt {
    /// The sorted borders of a video, from which its timeline follows for any range; `None` if the video has no length.
    /// Those of the video requested last are kept, because a range is dragged, and a window moved, many times over one
    /// video.
    ///
    /// # Panics
    /// If there is no such video.
    pub(super) fn borders(&self, views: &CourseViews, video: usize) -> Option<Arc<Borders>> {
        let mut last = self.borders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, borders)) = last.as_ref().filter(|(kept, _)| *kept == video) {
            return Some(Arc::clone(borders));
        }
        let borders = Arc::new(Borders::new(views, video)?);
        *last = Some((video, Arc::clone(&borders)));
        Some(borders)
    }

    /// The moments of one video in a range; those requested last are kept. Looks at no other video.
    ///
    /// # Panics
    /// If there is no such video.
    pub(super) fn moments_of(&self, views: &CourseViews, video: usize, range: DateRange) -> VideoMoments {
        // Does not wait: while the moments of all videos are being searched for, one video is done sooner by itself.
        let all = self.moments.try_lock().ok().and_then(|last| last.clone());
        if let Some((_, moments)) = all.filter(|(kept, _)| *kept == range) {
            return moments[video].clone();
        }
        let mut last = self.of_video.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., moments)) = last.as_ref().filter(|(kept, of, _)| (*kept, *of) == (range, video)) {
            return moments.clone();
        }
        let found = moments(views, video, range);
        *last = Some((range, video, found.clone()));
        found
    }

    /// The moments of every video for a range, in the order of [`CourseViews::videos`]. Those of the range requested
    /// last are kept. Uses all processors.
    pub(super) fn moments(&self, views: &CourseViews, range: DateRange) -> Arc<[VideoMoments]> {
        let mut last = self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, moments)) = last.as_ref().filter(|(kept, _)| *kept == range) {
            return Arc::clone(moments);
        }
        let all: Vec<usize> = (0..views.videos().len()).collect();
        let moments: Arc<[VideoMoments]> =
            moments_of_videos(views, &all, range).into_iter().map(|(_, moments)| moments).collect();
        *last = Some((range, Arc::clone(&moments)));
        moments
    }

    /// The moments of some videos over all dates.
    pub(super) fn moments_of_some(&self, views: &CourseViews, videos: &[usize]) -> Vec<(usize, VideoMoments)> {
        let last = self.moments.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match last.filter(|(kept, _)| *kept == DateRange::ALL) {
            Some((_, kept)) => videos.iter().map(|video| (*video, kept[*video].clone())).collect(),
            None => moments_of_videos(views, videos, DateRange::ALL),
        }
    }
}

/// With n threads, each takes every nth video, because neighbours are often similar in length.
fn moments_of_videos(views: &CourseViews, videos: &[usize], range: DateRange) -> Vec<(usize, VideoMoments)> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(videos.len().max(1));
    let mut found = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                let of = move |video: &usize| (*video, moments(views, *video, range));
                scope.spawn(move || videos.iter().skip(first).step_by(threads).map(of).collect::<Vec<_>>())
            })
            .collect();
        let done = workers.into_iter().map(thread::ScopedJoinHandle::join);
        // A panic in one thread becomes a panic of this call.
        done.flat_map(|found| found.unwrap_or_else(|fault| std::panic::resume_unwind(fault))).collect::<Vec<_>>()
    });
    found.sort_unstable_by_key(|(video, _)| *video);
    found
}
