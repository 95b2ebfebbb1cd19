//! Fetches the captions of courses: once for each video, again after it was changed, and from time to time if there
//! were none.
//!
//! Each answer is kept as it comes, so that a run that is stopped or killed goes on where it stopped. Deliberately
//! absent: the pace of the calls, which the client decides.
//!
//! Invariant: the records of a course are not touched; a failure is in the report, and the next run asks again.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use futures_util::stream;
use model::{CaptionsState, FolderId, Recorded, SessionId};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::outcome::{Failure, PartFailure};
use crate::source::{CaptionsAnswer, Source};
use crate::store::captions::{CaptionsNote, CourseCaptions};
use crate::store::course_list::ListedCourse;
use crate::store::number::Reading;
use crate::store::overview::{OverviewRow, read_overview};
use crate::store::{Area, DataFolder, FolderLock, overview_file};
use crate::{Error, ErrorCode, Result};

/// How many videos are asked about at the same time. The server's limits allow no more than a few.
const VIDEOS_AT_ONCE: usize = 4;
/// What is known is saved after this many videos.
const SAVED_AFTER: usize = 16;
/// After this many failures in a row, the rest is left for the next run.
const MOST_FAILURES_IN_A_ROW: usize = 3;
/// Captions often come days after a video, rarely later. Asking costs one call.
const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::days(7);
/// Rights and sign-ins change from one day to the next.
const TRY_AGAIN_AFTER: TimeDelta = TimeDelta::hours(20);

/// How soon to ask again for captions that were not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// After some days: for the sync, which asks every night.
    Patient,
    /// Now: for a person who asks for captions.
    Impatient,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptionsProgress {
    /// The course.
    pub course: FolderId,
    /// Its name.
    pub name: String,
    /// Videos that were asked about in this run.
    pub done: usize,
    /// Videos to ask about.
    pub total: usize,
}

/// One course in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CourseCaptionsReport {
    /// The course.
    pub course: FolderId,
    /// Its name.
    pub name: String,
    /// Videos in it.
    pub videos: usize,
    /// Videos whose captions are kept, those of earlier runs included.
    pub kept: usize,
    /// Videos whose captions came in this run.
    pub fetched: usize,
    /// Videos that Panopto has no captions for, as far as is known.
    pub no_captions: usize,
    /// Videos with a place for captions and nothing in it.
    pub empty_captions: usize,
    /// Videos whose captions this user may not see.
    pub refused: usize,
    /// Videos about which nothing is known yet.
    pub unknown: usize,
    /// Videos that failed in this run.
    pub failed: Vec<PartFailure>,
    /// What the user should know, such as a damaged list.
    pub warnings: Vec<String>,
    /// Why the rest was left for the next run.
    pub ended_early: Option<Failure>,
}

/// What came of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptionsReport {
    /// The courses in the order asked for.
    pub courses: Vec<CourseCaptionsReport>,
    /// Whether the user stopped it.
    pub is_cancelled: bool,
}

impl CaptionsReport {
    /// Whether everything that was due was answered.
    pub fn is_complete(&self) -> bool {
        !self.is_cancelled && self.courses.iter().all(|course| course.failed.is_empty() && course.ended_early.is_none())
    }

    /// Videos whose captions came in this run.
    pub fn fetched(&self) -> usize {
        self.courses.iter().map(|course| course.fetched).sum()
    }

    /// The first reason why something was not fetched.
    pub fn first_failure(&self) -> Option<&Failure> {
        self.courses
            .iter()
            .find_map(|course| course.ended_early.as_ref().or_else(|| course.failed.first().map(|part| &part.failure)))
    }
}

/// What a run works with.
pub struct CaptionsFetch<'a> {
    /// The data folder.
    pub folder: &'a DataFolder,
    /// The right to write it.
    pub lock: &'a Arc<FolderLock>,
    /// Where captions come from.
    pub source: &'a Source,
    /// How soon to ask again.
    pub patience: Patience,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Receives the progress; must return quickly.
    pub tell: &'a (dyn Fn(CaptionsProgress) + Send + Sync),
}

impl CaptionsFetch<'_> {
    /// Fetches the captions that are due in these courses, one course after the other. The videos are those of the last
    /// sync.
    ///
    /// Failures are in the report; an error means that the data folder cannot be read or written. When `cancel` is
    /// triggered, calls end at once and answers received so far are kept.
    pub async fn run(&self, courses: &[ListedCourse], cancel: &CancellationToken) -> Result<CaptionsReport> {
        let mut report = CaptionsReport::default();
        let mut ended: Option<Failure> = None;
        for course in courses {
            let mut fetching = CourseFetch::open(self, course).await?;
            match &ended {
                // A reason that stopped one course also stops the others.
                Some(reason) if !fetching.due.is_empty() => fetching.report.ended_early = Some(reason.clone()),
                Some(_) => {}
                None => fetching.fetch(self, cancel).await?,
            }
            ended = ended.or_else(|| fetching.report.ended_early.clone());
            report.courses.push(fetching.report);
        }
        report.is_cancelled = cancel.is_cancelled();
        Ok(report)
    }
}

/// A video to ask about.
#[derive(Debug, Clone)]
struct DueVideo {
    id: SessionId,
    name: String,
    duration_secs: Option<f64>,
}

struct CourseFetch {
    lock: Arc<FolderLock>,
    captions: Option<CourseCaptions>,
    due: Vec<DueVideo>,
    report: CourseCaptionsReport,
    in_a_row: usize,
}

impl CourseFetch {
    async fn open(run: &CaptionsFetch<'_>, course: &ListedCourse) -> Result<Self> {
        let (folder, lock, course) = (run.folder.clone(), Arc::clone(run.lock), course.clone());
        let (now, patience) = (run.clock.now(), run.patience);
        on_the_disk(move || {
            let report = CourseCaptionsReport::new(&course);
            let mut fetching = Self { captions: None, lock, due: Vec::new(), report, in_a_row: 0 };
            let rows = overview(&folder, course.id)?;
            let Some(captions) = CourseCaptions::open(&folder, course.id)?.filter(|_| !rows.is_empty()) else {
                return Ok(fetching);
            };
            fetching.report.videos = rows.len();
            fetching.report.warnings.extend(captions.damage.clone());
            for row in rows {
                let note = captions.note(row.session_id)?;
                fetching.report.count(note.map(|note| &note.state), 1);
                if is_due(note, &row, now, patience) {
                    let (id, name, duration_secs) = (row.session_id, row.session_name, row.duration_secs);
                    fetching.due.push(DueVideo { id, name, duration_secs });
                }
            }
            fetching.captions = Some(captions);
            Ok(fetching)
        })
        .await
    }

    async fn fetch(&mut self, run: &CaptionsFetch<'_>, cancel: &CancellationToken) -> Result<()> {
        let Some(mut captions) = self.captions.take() else { return Ok(()) };
        if self.due.is_empty() {
            return Ok(());
        }
        captions.begin(&self.lock)?;
        let total = self.due.len();
        let (course, name) = (self.report.course, self.report.name.clone());
        let progress = |done| CaptionsProgress { course, name: name.clone(), done, total };
        (run.tell)(progress(0));
        let due = std::mem::take(&mut self.due);
        let mut answers = stream::iter(due)
            .map(|video| async move {
                let answer = run.source.captions(video.id).await;
                (video, answer)
            })
            .buffer_unordered(VIDEOS_AT_ONCE);
        let mut unsaved = 0;
        for done in 1..=total {
            let (video, answer) = tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                answer = answers.next() => match answer {
                    Some(answer) => answer,
                    None => break,
                },
            };
            match answer {
                Ok(answer) => {
                    captions = self.keep(captions, video, answer, run.clock.now()).await?;
                    unsaved += 1;
                }
                Err(error) => self.failed(video, &error),
            }
            if unsaved >= SAVED_AFTER {
                captions = self.save(captions).await?;
                unsaved = 0;
            }
            (run.tell)(progress(done));
            if self.report.ended_early.is_some() {
                break;
            }
        }
        drop(answers);
        if unsaved > 0 {
            self.save(captions).await?;
        }
        Ok(())
    }

    /// Keeps an answer.
    async fn keep(
        &mut self,
        mut captions: CourseCaptions,
        video: DueVideo,
        answer: CaptionsAnswer,
        now: DateTime<Utc>,
    ) -> Result<CourseCaptions> {
        self.in_a_row = 0;
        let (state, language, text) = match answer {
            CaptionsAnswer::None => (CaptionsState::NoCaptions, None, None),
            CaptionsAnswer::Empty => (CaptionsState::EmptyCaptions, None, None),
            CaptionsAnswer::Refused => (CaptionsState::Refused, None, None),
            CaptionsAnswer::SignedOut => (CaptionsState::SignedOut, None, None),
            CaptionsAnswer::Text { language, bytes } => (CaptionsState::Kept, language, Some(bytes)),
        };
        let note = CaptionsNote {
            state: state.into(),
            asked_at: now,
            duration_secs: video.duration_secs,
            language: language.map(str::to_owned),
            file_bytes: 0,
        };
        let lock = Arc::clone(&self.lock);
        let (captions, before, after) = on_the_disk(move || {
            let before = captions.note(video.id)?.map(|note| note.state.clone());
            captions.take(&lock, video.id, note, text.as_deref())?;
            let after = captions.note(video.id)?.map(|note| note.state.clone());
            Ok((captions, before, after))
        })
        .await?;
        self.report.count(before.as_ref(), -1);
        self.report.count(after.as_ref(), 1);
        match state {
            CaptionsState::Kept => self.report.fetched += 1,
            CaptionsState::SignedOut => self.report.ended_early = Some(Failure::from(&signed_out())),
            CaptionsState::NoCaptions | CaptionsState::EmptyCaptions | CaptionsState::Refused => {}
        }
        Ok(captions)
    }

    async fn save(&self, captions: CourseCaptions) -> Result<CourseCaptions> {
        let lock = Arc::clone(&self.lock);
        on_the_disk(move || {
            captions.save(&lock)?;
            Ok(captions)
        })
        .await
    }

    fn failed(&mut self, video: DueVideo, error: &Error) {
        let failure = Failure::from(error);
        self.in_a_row += 1;
        let concerns_all = match error.code() {
            ErrorCode::BadCredentials
            | ErrorCode::NotConfigured
            | ErrorCode::KeychainUnavailable
            | ErrorCode::KeychainLocked
            | ErrorCode::Disk
            | ErrorCode::Cancelled => true,
            ErrorCode::Network | ErrorCode::Timeout | ErrorCode::RateLimited => self.in_a_row >= MOST_FAILURES_IN_A_ROW,
            ErrorCode::NoRights
            | ErrorCode::NotFound
            | ErrorCode::ServerRejected
            | ErrorCode::ServerChanged
            | ErrorCode::InvalidInput
            | ErrorCode::CourseFileInvalid
            | ErrorCode::DataFileInvalid
            | ErrorCode::Busy
            | ErrorCode::Internal => false,
        };
        if concerns_all {
            self.report.ended_early = Some(failure.clone());
        }
        self.report.failed.push(PartFailure { video: Some(video.id), name: video.name, failure });
    }
}

impl CourseCaptionsReport {
    fn new(course: &ListedCourse) -> Self {
        Self {
            course: course.id,
            name: course.name.clone(),
            videos: 0,
            kept: 0,
            fetched: 0,
            no_captions: 0,
            empty_captions: 0,
            refused: 0,
            unknown: 0,
            failed: Vec::new(),
            warnings: Vec::new(),
            ended_early: None,
        }
    }

    /// Counts a video in (1) or out (-1).
    fn count(&mut self, state: Option<&Recorded<CaptionsState>>, change: isize) {
        let counter = match state {
            Some(Recorded::Known(CaptionsState::Kept)) => &mut self.kept,
            Some(Recorded::Known(CaptionsState::NoCaptions)) => &mut self.no_captions,
            Some(Recorded::Known(CaptionsState::EmptyCaptions)) => &mut self.empty_captions,
            Some(Recorded::Known(CaptionsState::Refused)) => &mut self.refused,
            Some(Recorded::Known(CaptionsState::SignedOut) | Recorded::Unknown(_)) | None => &mut self.unknown,
        };
        *counter = counter.saturating_add_signed(change);
    }
}

fn signed_out() -> Error {
    Error::new(ErrorCode::BadCredentials, "Panopto gives no captions to this sign-in: it shows the page to sign in at")
        .with_hint("Sign in with the browser, or with user name and password but not in each call; records are fetched all the same")
}

/// Whether to ask about a video now.
fn is_due(note: Option<&CaptionsNote>, row: &OverviewRow, now: DateTime<Utc>, patience: Patience) -> bool {
    let Some(note) = note else { return true };
    let has_changed = note.duration_secs.map(f64::to_bits) != row.duration_secs.map(f64::to_bits);
    let is_old = |after| patience == Patience::Impatient || now.signed_duration_since(note.asked_at) >= after;
    match &note.state {
        Recorded::Known(CaptionsState::Kept) => has_changed,
        Recorded::Known(CaptionsState::NoCaptions | CaptionsState::EmptyCaptions) => {
            has_changed || is_old(ASK_AGAIN_AFTER)
        }
        Recorded::Known(CaptionsState::Refused | CaptionsState::SignedOut) | Recorded::Unknown(_) => {
            is_old(TRY_AGAIN_AFTER)
        }
    }
}

fn overview(folder: &DataFolder, course: FolderId) -> Result<Vec<OverviewRow>> {
    let Some(dir) = folder.course_dir(Area::Database, course)? else { return Ok(Vec::new()) };
    let path = overview_file(&dir);
    if !folder.exists(&path)? {
        return Ok(Vec::new());
    }
    Ok(read_overview(folder.disk(), &path, Reading::Nearest)?)
}

async fn on_the_disk<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::new(ErrorCode::Internal, "Keeping captions did not end").with_source(error))?
}
