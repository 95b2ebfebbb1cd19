//! Stored videos that no list shows. Each is asked about, because a list that is short or empty proves nothing.
//!
//! A video leaves the course only if the source says so about that very video: it does not exist, or it lies in a
//! folder outside the course. A video that is still there is taken in, and so is a whole subfolder that no list shows.
//! A video in doubt keeps its place, is reported under the name of its folder, and is asked about again by the next
//! sync. Deliberately absent: videos that were never stored. Whether a list leaves any of those out cannot be known.
//!
//! Invariant: whatever the lists say, [`Listing::gone`] holds only videos with a [`ProvenGone`] of their own.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt as _};
use model::{FolderId, SessionId, words};

use super::doubt::Doubt;
use super::listing::{FoundVideos, Listing, ToldCourse};
use super::run::SyncRun;
use crate::source::{Containment, KnownPlaces, ProvenGone, SourceVideo, VideoAnswer};
use crate::store::overview::OverviewRow;
use crate::{Error, ErrorCode, Result};

/// How many videos one sync of a course asks about; later syncs ask about the rest.
const MOST_ASKED: usize = 50;
/// Videos asked about at the same time.
const ASKED_AT_ONCE: usize = 8;

/// What is stored of a course, as far as it matters here.
pub(super) struct StoredVideos {
    /// The overview.
    pub(super) rows: Vec<OverviewRow>,
    /// When each video was last asked about in vain.
    pub(super) asked: BTreeMap<SessionId, DateTime<Utc>>,
}

/// What the questions have shown so far.
#[derive(Default)]
struct Findings {
    gone: Vec<ProvenGone>,
    /// Videos that are in the course, by the folder they lie in.
    still_there: Vec<SourceVideo>,
    refused: Vec<SessionId>,
    failed: Vec<(SessionId, Error)>,
}

/// Compares the lists with what is stored, and asks about stored videos that they do not show. `name` is the course's
/// name. Videos that turn up after all go to `found`.
pub(super) async fn compare(
    run: &SyncRun<'_>,
    mut told: ToldCourse,
    name: String,
    stored: &StoredVideos,
    found: &FoundVideos,
) -> Result<Listing> {
    let listed = told.videos();
    let missing: Vec<&OverviewRow> = stored.rows.iter().filter(|row| !listed.contains(&row.session_id)).collect();
    // Videos in a refused folder are in doubt already.
    let is_refused = |row: &&OverviewRow| row.containing_folder_id.is_some_and(|folder| told.refuses(folder));
    let (_, mut open): (Vec<&OverviewRow>, Vec<&OverviewRow>) = missing.into_iter().partition(is_refused);
    // The sort is stable: first the videos that were never asked about, then those asked about longest ago.
    open.sort_by_key(|row| stored.asked.get(&row.session_id));
    let later = open.split_off(open.len().min(MOST_ASKED));

    let mut findings = ask(run, &open).await?;
    let unlisted = place(run, &told, &mut findings).await?;
    run.halt.unless_stopped(told.read_unlisted(run.source, &run.shared, unlisted, found)).await?;

    let mut doubts: Vec<Doubt> = Vec::new();
    let mut left_out: HashMap<FolderId, u64> = HashMap::new();
    let listed_now = told.videos();
    for video in std::mem::take(&mut findings.still_there) {
        // A video whose folder turned out to be refused shares that folder's doubt.
        if !listed_now.contains(&video.id) && !told.refuses(video.folder) {
            *left_out.entry(video.folder).or_default() += 1;
            found.tell(vec![video.clone()]);
            told.add_left_out(video);
        }
    }
    let later = later.into_iter().filter(|row| !listed_now.contains(&row.session_id)).collect::<Vec<_>>();
    let rows: HashMap<SessionId, &OverviewRow> = open.iter().map(|row| (row.session_id, *row)).collect();
    let folder_of = |video: &SessionId| rows.get(video).map_or_else(String::new, |row| folder_name(row, &name));

    doubts.extend(told.refusals().map(|(folder, error)| Doubt { folder: folder.to_owned(), error: error.repeated() }));
    doubts.extend(told.unlisted().map(|folder| Doubt { folder: folder.to_owned(), error: unlisted_folder() }));
    doubts.extend(counted(left_out.iter().map(|(folder, count)| (folder_title(&told, *folder, &name), *count)), left));
    let refused = findings.refused.iter().map(|video| (folder_of(video), 1));
    doubts.extend(counted(refused, hidden));
    doubts.extend(counted(later.iter().map(|row| (folder_name(row, &name), 1)), not_asked_yet));
    for (video, error) in &findings.failed {
        let folder = folder_of(video);
        if !doubts.iter().any(|doubt| doubt.folder == folder && doubt.error.code() == error.code()) {
            doubts.push(Doubt { folder, error: not_answered(error) });
        }
    }
    doubts.sort_by(|a, b| (&a.folder, a.error.message()).cmp(&(&b.folder, b.error.message())));
    let failed = findings.failed.iter().map(|(video, _)| *video);
    let folders_mark = Some(told.folders_mark());
    Ok(Listing {
        folders: told.folders_read(),
        videos: told.into_videos(&name),
        name,
        asked_in_vain: findings.refused.iter().copied().chain(failed).collect(),
        gone: findings.gone,
        doubts,
        folders_mark,
    })
}

/// Asks about each of these videos.
async fn ask(run: &SyncRun<'_>, rows: &[&OverviewRow]) -> Result<Findings> {
    let ids: Vec<SessionId> = rows.iter().map(|row| row.session_id).collect();
    let mut answers = stream::iter(ids)
        .map(|id| async move { (id, run.halt.unless_stopped(run.source.video(id)).await) })
        .buffered(ASKED_AT_ONCE);
    let mut findings = Findings::default();
    while let Some((id, answer)) = answers.next().await {
        match answer {
            Ok(VideoAnswer::Gone(gone)) => findings.gone.push(gone),
            Ok(VideoAnswer::Found(video)) => findings.still_there.push(*video),
            Ok(VideoAnswer::Refused) => findings.refused.push(id),
            Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
            Err(error) => {
                run.halt.failed(&error);
                findings.failed.push((id, error));
                continue;
            }
        }
        run.halt.reached();
    }
    Ok(findings)
}

/// Finds out in which folders of the course the videos that are still there lie. Returns the course's folders that no
/// list showed; moves videos that lie outside the course to those that are gone.
async fn place(run: &SyncRun<'_>, told: &ToldCourse, findings: &mut Findings) -> Result<Vec<(FolderId, String)>> {
    let inside = told.known_folders();
    let mut places = KnownPlaces::default();
    let mut unlisted: BTreeMap<FolderId, String> = BTreeMap::new();
    for video in std::mem::take(&mut findings.still_there) {
        if inside.contains(&video.folder) {
            // A video in a refused folder shares that folder's doubt.
            if !told.refuses(video.folder) {
                findings.still_there.push(video);
            }
            continue;
        }
        match run.halt.unless_stopped(places.of(run.source, video.folder, &inside)).await {
            Ok(Containment::Inside) => {
                unlisted.insert(video.folder, video.folder_name.clone().unwrap_or_else(|| video.folder.to_string()));
                findings.still_there.push(video);
            }
            Ok(Containment::Outside(proof)) => findings.gone.push(ProvenGone::moved(&video, *proof)),
            Ok(Containment::Unknown(error)) => findings.failed.push((video.id, error.repeated())),
            Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
            Err(error) => {
                run.halt.failed(&error);
                findings.failed.push((video.id, error));
            }
        }
    }
    Ok(unlisted.into_iter().collect())
}

fn folder_name(row: &OverviewRow, course: &str) -> String {
    if row.containing_folder_name.is_empty() { course.to_owned() } else { row.containing_folder_name.clone() }
}

fn folder_title(told: &ToldCourse, folder: FolderId, course: &str) -> String {
    told.name_of(folder).filter(|name| !name.is_empty()).unwrap_or(course).to_owned()
}

/// One doubt for each folder, which counts its videos.
fn counted(videos: impl Iterator<Item = (String, u64)>, doubt: impl Fn(u64) -> Error) -> Vec<Doubt> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (folder, count) in videos {
        *counts.entry(folder).or_default() += count;
    }
    counts.into_iter().map(|(folder, count)| Doubt { folder, error: doubt(count) }).collect()
}

fn videos(count: u64) -> String {
    words::counted(count, "video", "videos")
}

fn unlisted_folder() -> Error {
    Error::new(ErrorCode::ServerChanged, "No list shows this folder, though the server still has it in the course")
        .with_hint("Its videos are kept and fetched; the next sync reads the lists again")
}

fn left(count: u64) -> Error {
    let message = format!("Its list leaves out {} that the server still has", videos(count));
    Error::new(ErrorCode::ServerChanged, message)
        .with_hint("They are kept and fetched; the next sync reads the list again")
}

fn hidden(count: u64) -> Error {
    let (are, them) = if count == 1 { ("is", "it") } else { ("are", "them") };
    let message = format!("{} of it {are} in no list, and this user may not see {them} any more", videos(count));
    Error::new(ErrorCode::NoRights, message).with_hint(
        "They are kept; ask the owner of the folder, or a Panopto administrator, for access, or wait until they are deleted",
    )
}

fn not_asked_yet(count: u64) -> Error {
    let exist = if count == 1 { "exists" } else { "exist" };
    let message = format!("Whether {} that no list shows still {exist} is asked by the next syncs", videos(count));
    Error::new(ErrorCode::NotFound, message).with_hint(format!("They are kept; each sync asks about {MOST_ASKED}"))
}

fn not_answered(error: &Error) -> Error {
    let told = Error::new(error.code(), format!("Whether videos that no list shows still exist is not known: {error}"));
    told.with_hint(error.hint().unwrap_or("They are kept, and the next sync asks again"))
}
