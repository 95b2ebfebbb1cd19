//! What the lists of a course show: its folder and all folders below it, with their videos.
//!
//! Each folder is read once, whatever the server says about its parents, so that a ring of folders ends. Folders are
//! read several at a time, but the order of the result does not depend on which answer comes first: a folder's videos
//! in the server's order, then its subfolders in the server's order, each with everything below it.
//!
//! Invariant: lists alone are not stored. [`ToldCourse`] becomes a [`Listing`] only in [`super::missing`], which asks
//! about stored videos that no list shows.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use model::{FolderId, SessionId};
use tokio::sync::mpsc::UnboundedSender;

use super::doubt::Doubt;
use super::shared::Shared;
use super::tree::mark_of;
use crate::source::{FolderContent, ProvenGone, Source, SourceVideo};
use crate::{Error, ErrorCode, Result};

/// Folders that are read at the same time.
const FOLDERS_AT_ONCE: usize = 8;
/// More folders than any course has: a server that invents folders without end must not hold us for ever.
const MOST_FOLDERS: usize = 20_000;
/// The same limit for videos.
const MOST_VIDEOS: usize = 200_000;
/// The same limit, in bytes, for names and descriptions of all videos, which are held in memory.
const MOST_TEXT_BYTES: usize = 256 << 20;

/// A video and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ListedVideo {
    pub(super) video: SourceVideo,
    pub(super) folder_name: String,
}

/// Everything in a course, and what is in doubt.
#[derive(Debug)]
pub(super) struct Listing {
    /// The name of the course's folder.
    pub(super) name: String,
    /// How many folders were read, the course's own included.
    pub(super) folders: usize,
    /// The videos, each once, in order.
    pub(super) videos: Vec<ListedVideo>,
    /// Stored videos that have left the course.
    pub(super) gone: Vec<ProvenGone>,
    /// Where the lists are incomplete. While there is any doubt, the course is not complete.
    pub(super) doubts: Vec<Doubt>,
    /// Stored videos that were asked about and are still in doubt.
    pub(super) asked_in_vain: Vec<SessionId>,
    /// The mark of the folders, if the lists were read; a look at many folders at once gives a listing without.
    pub(super) folders_mark: Option<u64>,
}

/// How large a course is, to stop a server that invents one without end.
#[derive(Debug, Default)]
struct Extent {
    videos: usize,
    text_bytes: usize,
}

impl Extent {
    /// Adds a folder's videos; `false` if the sum is no longer believable.
    fn add(&mut self, videos: &[SourceVideo]) -> bool {
        self.videos += videos.len();
        let text = |video: &SourceVideo| video.name.len() + video.description.as_ref().map_or(0, String::len);
        self.text_bytes += videos.iter().map(text).sum::<usize>();
        self.videos <= MOST_VIDEOS && self.text_bytes <= MOST_TEXT_BYTES
    }
}

/// Receives videos as they are found, each once, long before the listing is whole.
pub(super) struct FoundVideos(Mutex<Telling>);

struct Telling {
    told: HashSet<SessionId>,
    to: Option<UnboundedSender<Vec<SourceVideo>>>,
}

impl FoundVideos {
    pub(super) fn new(to: UnboundedSender<Vec<SourceVideo>>) -> Self {
        Self(Mutex::new(Telling { told: HashSet::new(), to: Some(to) }))
    }

    pub(super) fn tell(&self, mut videos: Vec<SourceVideo>) {
        let Telling { told, to } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        videos.retain(|video| told.insert(video.id));
        if let Some(to) = to
            && !videos.is_empty()
        {
            // The fetching may have been stopped, which is reported elsewhere.
            let _ = to.send(videos);
        }
    }

    /// No more videos will come: the fetching ends with what it has.
    pub(super) fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).to = None;
    }
}

/// Everything that the lists of a course show.
pub(super) struct ToldCourse {
    course: FolderId,
    contents: HashMap<FolderId, Arc<FolderContent>>,
    /// The folders met, with their names; the course's own has none here.
    names: HashMap<FolderId, String>,
    /// Folders found to be in the course that no list has shown.
    unlisted: Vec<FolderId>,
    refused: HashMap<FolderId, Error>,
    extent: Extent,
}

impl ToldCourse {
    /// Reads everything below the folder of `course`. Does not wait for the folder's name.
    ///
    /// Fails as a whole when the course's own folder is refused, or when any call fails for another reason.
    pub(super) async fn read(source: &Source, shared: &Shared, course: FolderId, found: &FoundVideos) -> Result<Self> {
        let mut told = Self {
            course,
            contents: HashMap::new(),
            names: HashMap::from([(course, String::new())]),
            unlisted: Vec::new(),
            refused: HashMap::new(),
            extent: Extent::default(),
        };
        told.walk(source, shared, vec![course], found).await?;
        match told.refused.remove(&course) {
            Some(refusal) => Err(refusal),
            None => Ok(told),
        }
    }

    /// Also reads these folders, which belong to the course though no list shows them, and everything below them.
    pub(super) async fn read_unlisted(
        &mut self,
        source: &Source,
        shared: &Shared,
        folders: Vec<(FolderId, String)>,
        found: &FoundVideos,
    ) -> Result<()> {
        let ids = folders.iter().map(|(folder, _)| *folder).collect();
        for (folder, name) in folders {
            self.names.insert(folder, name);
            self.unlisted.push(folder);
        }
        self.walk(source, shared, ids, found).await
    }

    async fn walk(
        &mut self,
        source: &Source,
        shared: &Shared,
        mut waiting: Vec<FolderId>,
        found: &FoundVideos,
    ) -> Result<()> {
        let tell = |videos: Vec<SourceVideo>| found.tell(videos);
        let mut reading = FuturesUnordered::new();
        loop {
            while reading.len() < FOLDERS_AT_ONCE
                && let Some(folder) = waiting.pop()
            {
                let tell = &tell;
                reading.push(async move { (folder, shared.folder(source, folder, tell).await) });
            }
            let Some((folder, answer)) = reading.next().await else { return Ok(()) };
            let content = match answer? {
                Ok(content) => content,
                Err(refusal) => {
                    self.refused.insert(folder, refusal);
                    continue;
                }
            };
            if !self.extent.add(&content.videos) {
                return Err(endless(&format!("{MOST_VIDEOS} videos")));
            }
            for (child, name) in &content.subfolders {
                if self.names.len() >= MOST_FOLDERS {
                    return Err(endless(&format!("{MOST_FOLDERS} subfolders")));
                }
                if self.names.insert(*child, name.clone()).is_none() {
                    waiting.push(*child);
                }
            }
            self.contents.insert(folder, content);
        }
    }

    /// Every video that some list shows.
    pub(super) fn videos(&self) -> HashSet<SessionId> {
        self.contents.values().flat_map(|content| &content.videos).map(|video| video.id).collect()
    }

    /// The folders known to be in the course, whether they could be read or not.
    pub(super) fn known_folders(&self) -> HashSet<FolderId> {
        self.names.keys().copied().collect()
    }

    /// Whether the lists of this folder were refused.
    pub(super) fn refuses(&self, folder: FolderId) -> bool {
        self.refused.contains_key(&folder)
    }

    /// The refused folders by name, and why.
    pub(super) fn refusals(&self) -> impl Iterator<Item = (&str, &Error)> {
        self.refused.iter().map(|(folder, refusal)| (self.names.get(folder).map_or("", String::as_str), refusal))
    }

    /// The names of the folders that were read though no list showed them.
    pub(super) fn unlisted(&self) -> impl Iterator<Item = &str> {
        let read = self.unlisted.iter().filter(|folder| self.contents.contains_key(*folder));
        read.filter_map(|folder| self.names.get(folder)).map(String::as_str)
    }

    /// Adds a video that its folder's list left out. Its folder must be one that was read.
    pub(super) fn add_left_out(&mut self, video: SourceVideo) {
        if let Some(content) = self.contents.get_mut(&video.folder) {
            Arc::make_mut(content).videos.push(video);
        }
    }

    /// The name of a folder that was met.
    pub(super) fn name_of(&self, folder: FolderId) -> Option<&str> {
        self.names.get(&folder).map(String::as_str)
    }

    /// The mark of the folders that the lists show.
    pub(super) fn folders_mark(&self) -> u64 {
        mark_of(self.contents.iter().flat_map(|(above, content)| {
            content.subfolders.iter().map(|(child, name)| (*above, *child, name.as_str()))
        }))
    }

    /// How many folders were read.
    pub(super) fn folders_read(&self) -> usize {
        self.contents.len()
    }

    /// The videos in their order, in a course of this name.
    pub(super) fn into_videos(self, name: &str) -> Vec<ListedVideo> {
        let Self { course, mut contents, names, unlisted, .. } = self;
        let mut videos = Vec::new();
        let mut seen: HashSet<SessionId> = HashSet::new();
        let last_first = |folder: &FolderId| (*folder, names.get(folder).cloned().unwrap_or_default());
        let mut path: Vec<(FolderId, String)> = unlisted.iter().rev().map(last_first).collect();
        path.push((course, name.to_owned()));
        while let Some((folder, folder_name)) = path.pop() {
            // Taken out, so that a folder met again on a ring is not walked again.
            let Some(content) = contents.remove(&folder) else { continue };
            let FolderContent { subfolders, videos: here } = Arc::unwrap_or_clone(content);
            for video in here {
                if seen.insert(video.id) {
                    let video = SourceVideo { folder, ..video };
                    videos.push(ListedVideo { video, folder_name: folder_name.clone() });
                }
            }
            path.extend(subfolders.into_iter().rev());
        }
        videos
    }
}

fn endless(more_than: &str) -> Error {
    Error::new(ErrorCode::ServerChanged, format!("The course's folder seems to have no end: more than {more_than}"))
        .with_hint("Check in Panopto that this is a course's folder, and choose one further down if it is not")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_without_end_is_given_up() {
        let video = |description: usize| SourceVideo {
            id: SessionId::NIL,
            name: "x".repeat(10),
            description: Some("y".repeat(description)),
            duration_secs: None,
            folder: FolderId::NIL,
            folder_name: None,
        };
        let mut extent = Extent::default();
        let folder = vec![video(0); 1000];
        assert!((0..200).all(|_| extent.add(&folder)), "many, but believable");
        assert!(!extent.add(&[video(0)]));
        let mut extent = Extent::default();
        let long = [video(8 << 20)];
        assert!((0..31).all(|_| extent.add(&long)));
        assert!(!extent.add(&long));
    }
}
