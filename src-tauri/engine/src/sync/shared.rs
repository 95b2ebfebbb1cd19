//! What the courses of one sync share. A listed course may lie inside another; every folder and video of it is then in
//! both.
//!
//! Each folder is listed once and each question about a video is asked once, by whichever course comes first. The other
//! course takes the answer into a staging directory of its own, so the files of each course are what they would be if
//! it were synced alone. Deliberately absent: sharing from one sync to the next, and any sharing when only one course
//! is synced.
//!
//! Invariant: staged files that are merged stay until all courses are done, so that the others can take them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use model::{FolderId, SessionId, UsageRange};
use tokio::sync::OnceCell;

use super::fetch::Fetched;
use crate::source::{FolderAnswer, FolderContent, Source, SourceVideo, UnprovenZero};
use crate::store::staging::{StagedVideo, Staging};
use crate::{Error, Result};

/// What one sync has in hand for all its courses.
#[derive(Default)]
pub(super) struct Shared {
    /// Whether there is anybody to share with.
    several_courses: bool,
    folders: Places<FolderId, OnceCell<Arc<FolderContent>>>,
    videos: Places<(SessionId, UsageRange), tokio::sync::Mutex<Option<InHand>>>,
    merged: Mutex<Vec<(Staging, Vec<StagedVideo>)>>,
}

/// One place for each key, made on first use.
type Places<K, V> = Mutex<HashMap<K, Arc<V>>>;

fn place<K: Hash + Eq, V: Default>(places: &Places<K, V>, key: K) -> Arc<V> {
    match places.lock().unwrap_or_else(PoisonError::into_inner).entry(key) {
        Entry::Occupied(known) => Arc::clone(known.get()),
        Entry::Vacant(new) => Arc::clone(new.insert(Arc::default())),
    }
}

/// The answer to a question about a video.
#[derive(Debug, Clone)]
pub(super) enum InHand {
    /// Its records are staged for some course.
    Staged(StagedVideo),
    /// There are none, as far as can be believed.
    Zero(UnprovenZero),
}

impl From<&Fetched> for InHand {
    fn from(fetched: &Fetched) -> Self {
        match fetched {
            Fetched::Staged(staged) => Self::Staged(staged.clone()),
            Fetched::Zero(zero) => Self::Zero(*zero),
        }
    }
}

impl Shared {
    /// For a sync of this many courses.
    pub(super) fn between(courses: usize) -> Self {
        Self { several_courses: courses > 1, ..Self::default() }
    }

    /// The lists of a folder, or its refusal. Tells `found` of its videos, page by page if this course is the one that
    /// asks.
    ///
    /// Neither failures nor refusals are shared: the next course asks again.
    pub(super) async fn folder(
        &self,
        source: &Source,
        folder: FolderId,
        found: &impl Fn(Vec<SourceVideo>),
    ) -> Result<Result<Arc<FolderContent>, Error>> {
        if !self.several_courses {
            return read_folder(source, folder, found).await;
        }
        let place = place(&self.folders, folder);
        let read = place.get_or_try_init(|| async {
            match read_folder(source, folder, found).await {
                Ok(Ok(content)) => Ok(content),
                Ok(Err(refusal)) => Err(Ok(refusal)),
                Err(failure) => Err(Err(failure)),
            }
        });
        match read.await {
            Ok(content) => {
                // `found` ignores videos that it was told of before.
                found(content.videos.clone());
                Ok(Ok(Arc::clone(content)))
            }
            Err(Ok(refusal)) => Ok(Err(refusal)),
            Err(Err(failure)) => Err(failure),
        }
    }

    /// The place for the answer to a question about a video. The course that finds it empty asks; the others wait.
    /// `None` if there is only one course.
    pub(super) fn question(
        &self,
        video: SessionId,
        range: UsageRange,
    ) -> Option<Arc<tokio::sync::Mutex<Option<InHand>>>> {
        self.several_courses.then(|| place(&self.videos, (video, range)))
    }

    /// Removes the staged files of merged videos; later if other courses may still take them.
    pub(super) fn remove_merged(&self, staging: &Staging, merged: Vec<StagedVideo>) -> Result<()> {
        if self.several_courses {
            self.merged.lock().unwrap_or_else(PoisonError::into_inner).push((staging.clone(), merged));
            return Ok(());
        }
        staging.remove(&merged)?;
        Ok(staging.tidy()?)
    }

    /// Call it when all courses are done: removes what was kept for them. Blocks on the disk.
    pub(super) fn remove_kept(&self) {
        for (staging, merged) in std::mem::take(&mut *self.merged.lock().unwrap_or_else(PoisonError::into_inner)) {
            if let Err(error) = staging.remove(&merged).and_then(|()| staging.tidy()) {
                // The next sync sees that they are merged and removes them.
                tracing::warn!(%error, "staged files could not be removed");
            }
        }
    }
}

/// The lists of a folder, or its refusal.
async fn read_folder(
    source: &Source,
    folder: FolderId,
    tell: &impl Fn(Vec<SourceVideo>),
) -> Result<Result<Arc<FolderContent>, Error>> {
    Ok(match source.folder(folder, tell).await? {
        FolderAnswer::Content(content) => Ok(Arc::new(content)),
        FolderAnswer::Refused(refusal) => Err(refusal),
    })
}
