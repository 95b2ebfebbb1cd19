//! The words of a course, read once and kept as long as its captions do not change.
//!
//! Deliberately absent: writing. Reading needs no lock, because every file is replaced in one step.
//!
//! Invariant: a file that cannot be read as captions costs only the words of its own video, and is named.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use model::text::decoded;
use model::{
    Captions, CaptionsState, CourseViews, DateRange, FolderId, Place, Query, Recorded, SessionId, WordIndex,
    watched_points,
};

use crate::Result;
use crate::store::DataFolder;
use crate::store::captions::CourseCaptions;
use crate::store::disk::Stat;
use crate::store::refusal::disk_error;
use crate::views::CourseInView;

/// How many courses' words are kept in memory: some ten megabytes each for a term of lectures.
const MOST_COURSES: usize = 2;

/// Whether the captions of a video are here, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaptionsOfVideo {
    /// They are here.
    Kept,
    /// Nobody has asked for them yet.
    NotFetched,
    /// Panopto has none, or none with a word in it.
    NoCaptions,
    /// Panopto does not give them to this user.
    NotGiven,
    /// Panopto took the call for signed out.
    SignedOut,
    /// The file is not text; this is its path.
    Unreadable(PathBuf),
}

/// The words of the videos of a course, in the order of [`CourseViews::videos`].
#[derive(Debug)]
pub struct CourseWords {
    index: WordIndex,
    videos: Vec<CaptionsOfVideo>,
    /// One sentence, if the list of captions is damaged.
    pub damage: Option<String>,
}

/// A place, and how it was watched.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidAt {
    /// Where it is said.
    pub place: Place,
    /// Viewers at its first second.
    pub viewers: u32,
    /// Plays of its first second beyond each viewer's first.
    pub replays: u32,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundWords {
    /// The first places, in the order of videos and seconds.
    pub places: Vec<SaidAt>,
    /// How many there are.
    pub total: usize,
}

impl CourseWords {
    /// The places where everything in the query is said: the first `most` of them, each with how it was watched in a
    /// range.
    ///
    /// # Panics
    /// If `views` are of another course.
    pub fn find(&self, views: &CourseViews, query: &Query, range: DateRange, most: usize) -> FoundWords {
        let found = self.index.find(query, most);
        let mut places = Vec::with_capacity(found.places.len());
        for of_video in found.places.chunk_by(|a, b| a.video == b.video) {
            let secs: Vec<f64> = of_video.iter().map(|place| place.start_secs).collect();
            let points = watched_points(views, of_video[0].video, range, &secs);
            places.extend(of_video.iter().zip(points).map(|(place, point)| SaidAt {
                place: place.clone(),
                viewers: point.viewers,
                replays: point.replays(),
            }));
        }
        FoundWords { places, total: found.total }
    }

    /// The captions of a video; empty where there are none.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn captions(&self, video: usize) -> &Arc<Captions> {
        self.index.captions(video)
    }

    /// Whether the captions of each video are here.
    pub fn videos(&self) -> &[CaptionsOfVideo] {
        &self.videos
    }

    /// The number of videos for which this is true.
    pub fn count(&self, is_so: impl Fn(&CaptionsOfVideo) -> bool) -> usize {
        self.videos.iter().filter(|video| is_so(video)).count()
    }
}

/// The words of the courses that were looked at most recently.
#[derive(Debug, Default)]
pub struct Words(Mutex<WordsKept>);

#[derive(Debug, Default)]
struct WordsKept {
    courses: HashMap<FolderId, (WordsSeen, Arc<CourseWords>, u64)>,
    clock: u64,
}

/// What decides whether the words must be read again.
#[derive(Debug, Clone, PartialEq)]
struct WordsSeen {
    index: Option<Stat>,
    videos: Vec<SessionId>,
}

impl Words {
    /// The words of a course. Reads them if they are not here yet or the captions have changed; blocks.
    pub fn of(&self, folder: &DataFolder, course: &CourseInView) -> Result<Arc<CourseWords>> {
        let captions = CourseCaptions::open(folder, course.id)?;
        let index = match &captions {
            Some(captions) => {
                let path = captions.index_file();
                folder.disk().stat(&path).map_err(|error| disk_error("read", &path, error))?
            }
            None => None,
        };
        let videos = course.views.videos().iter().map(|video| video.session_id).collect();
        let seen = WordsSeen { index, videos };
        if let Some(found) = self.find(course.id, &seen) {
            return Ok(found);
        }
        let read = Arc::new(read(captions.as_ref(), &seen.videos)?);
        self.keep(course.id, seen, Arc::clone(&read));
        Ok(read)
    }

    fn find(&self, course: FolderId, seen: &WordsSeen) -> Option<Arc<CourseWords>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock += 1;
        let now = kept.clock;
        let (_, words, used) = kept.courses.get_mut(&course).filter(|(before, ..)| before == seen)?;
        *used = now;
        Some(Arc::clone(words))
    }

    fn keep(&self, course: FolderId, seen: WordsSeen, words: Arc<CourseWords>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clock += 1;
        let now = kept.clock;
        kept.courses.insert(course, (seen, words, now));
        while kept.courses.len() > MOST_COURSES {
            let oldest = kept.courses.iter().min_by_key(|(_, (.., used))| *used).map(|(id, _)| *id);
            oldest.and_then(|id| kept.courses.remove(&id));
        }
    }
}

fn read(captions: Option<&CourseCaptions>, videos: &[SessionId]) -> Result<CourseWords> {
    let mut texts = Vec::with_capacity(videos.len());
    let mut states = Vec::with_capacity(videos.len());
    for video in videos {
        let (text, state) = match captions {
            Some(captions) => read_video(captions, *video)?,
            None => (Captions::default(), CaptionsOfVideo::NotFetched),
        };
        texts.push(Arc::new(text));
        states.push(state);
    }
    let damage = captions.and_then(|captions| captions.damage.clone());
    Ok(CourseWords { index: WordIndex::new(texts), videos: states, damage })
}

fn read_video(captions: &CourseCaptions, video: SessionId) -> Result<(Captions, CaptionsOfVideo)> {
    let state = match captions.note(video)?.map(|note| &note.state) {
        Some(Recorded::Known(CaptionsState::Kept)) => CaptionsOfVideo::Kept,
        Some(Recorded::Known(CaptionsState::NoCaptions | CaptionsState::EmptyCaptions)) => CaptionsOfVideo::NoCaptions,
        Some(Recorded::Known(CaptionsState::Refused)) => CaptionsOfVideo::NotGiven,
        Some(Recorded::Known(CaptionsState::SignedOut)) => CaptionsOfVideo::SignedOut,
        Some(Recorded::Unknown(_)) | None => CaptionsOfVideo::NotFetched,
    };
    // A file that was removed between the two looks counts as missing.
    let Some(bytes) = captions.text(video)? else { return Ok((Captions::default(), state)) };
    Ok(match decoded(&bytes) {
        Ok(text) => {
            let read = Captions::read(&text);
            let state = if read.is_empty() { CaptionsOfVideo::NoCaptions } else { state };
            (read, state)
        }
        Err(_) => (Captions::default(), CaptionsOfVideo::Unreadable(captions.file(video))),
    })
}
