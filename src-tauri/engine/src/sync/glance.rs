//! A look at a whole course in a few calls: whether its lists would show what is stored.
//!
//! Some sites answer what is in many folders at once, through a service whose calls no published limit counts. The lists of a
//! course of 14 folders cost 28 calls of a limited route; this look costs 5. It only ever replaces lists that would show
//! nothing new: where it shows anything but what is stored, where it fails, and where it cannot be had, the lists are read as
//! always. So a site that answers it wrongly costs calls and changes nothing, with one exception: what the look leaves out
//! although the lists would show it. Against that the lists are read at least every [`LISTS_EVERY_DAYS`] days.
//!
//! Deliberately absent: anything that is new, gone or in doubt. That is for [`super::listing`] and [`super::missing`].
//!
//! Invariant: the listing that a look gives is the stored overview, row by row, and never an empty one: an answer that was
//! signed out shows nothing.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use model::{FolderId, SessionId};

use super::listing::{ListedVideo, Listing};
use super::tree::{mark_of, plain};
use crate::Result;
use crate::source::{GLANCED_AT_ONCE, GlancedFolder, GlancedVideo, Source, SourceVideo};
use crate::store::journal::{Journal, ListsRead};
use crate::store::overview::OverviewRow;

/// At least so often the lists themselves are read.
const LISTS_EVERY_DAYS: i64 = 7;
/// Looks at the same time, for one course.
const AT_ONCE: usize = 4;
/// More folders than a look follows: a course this large has its lists read.
const MOST_FOLDERS: usize = 5_000;

/// What a look needs to know of a stored course.
pub(super) struct StoredLook {
    rows: Vec<OverviewRow>,
    /// The mark of its folders, as the lists showed them.
    folders: u64,
}

impl StoredLook {
    /// The stored course, if a look at it can replace its lists: they were read not long ago and left nothing in doubt.
    pub(super) fn of(journal: &Journal, rows: &[OverviewRow], now: DateTime<Utc>) -> Option<Self> {
        let was_whole = journal.last.as_ref().is_some_and(|last| journal.last_complete == Some(last.at));
        let ListsRead { at, folders } = journal.lists_read?;
        let age = now - at;
        let is_recent = age >= TimeDelta::zero() && age < TimeDelta::days(LISTS_EVERY_DAYS);
        let is_in_doubt = |row: &OverviewRow| {
            row.containing_folder_id.is_none()
                || journal.videos.get(&row.session_id).is_some_and(|state| state.asked_in_vain.is_some())
        };
        (was_whole && is_recent && !rows.is_empty() && !rows.iter().any(is_in_doubt))
            .then(|| Self { rows: rows.to_vec(), folders })
    }
}

/// Looks at a course. `None` where it is not as stored, or where the source does not say.
pub(super) async fn as_stored(source: &Source, course: FolderId, stored: &StoredLook) -> Result<Option<Listing>> {
    let Some(folders) = folders_below(source, course).await? else { return Ok(None) };
    let Some(name) = folders.get(&course).map(|folder| folder.name.clone()) else { return Ok(None) };
    let below = folders.values().flat_map(|folder| {
        folder.subfolders.iter().filter_map(|child| Some((folder.id, *child, folders.get(child)?.name.as_str())))
    });
    if mark_of(below) != stored.folders {
        return Ok(None);
    }
    let shown: HashMap<SessionId, FolderId> =
        folders.values().flat_map(|folder| folder.videos.iter().map(|video| (*video, folder.id))).collect();
    let is_shown = |row: &OverviewRow| {
        let folder = shown.get(&row.session_id).and_then(|folder| folders.get(folder));
        folder.is_some_and(|folder| {
            row.containing_folder_id == Some(folder.id)
                && is_same_text(&row.containing_folder_name, &folder.name)
                && is_same_text(&row.root_folder_name, &name)
        })
    };
    let is_listed_once = shown.len() == folders.values().map(|folder| folder.videos.len()).sum::<usize>();
    if !is_listed_once || shown.len() != stored.rows.len() || !stored.rows.iter().all(is_shown) {
        return Ok(None);
    }
    let ids: Vec<SessionId> = stored.rows.iter().map(|row| row.session_id).collect();
    let Some(videos) = videos(source, &ids).await? else { return Ok(None) };
    let is_same = |row: &OverviewRow| videos.get(&row.session_id).is_some_and(|told| is_as_stored(told, row));
    if !stored.rows.iter().all(is_same) {
        return Ok(None);
    }
    Ok(Some(Listing {
        name: stored.rows.first().map_or(name, |row| row.root_folder_name.clone()),
        folders: folders.len(),
        videos: stored.rows.iter().map(listed).collect(),
        gone: Vec::new(),
        doubts: Vec::new(),
        asked_in_vain: Vec::new(),
        folders_mark: None,
    }))
}

/// The folders of a course, level by level, each once.
async fn folders_below(source: &Source, course: FolderId) -> Result<Option<HashMap<FolderId, GlancedFolder>>> {
    let mut found = HashMap::new();
    let (mut met, mut level) = (HashSet::from([course]), vec![course]);
    while !level.is_empty() {
        let parts: Vec<Vec<FolderId>> = level.chunks(GLANCED_AT_ONCE).map(<[_]>::to_vec).collect();
        let looks = stream::iter(parts).map(|part| async move { source.glance_at_folders(&part).await });
        let told: Vec<Option<Vec<GlancedFolder>>> = looks.buffered(AT_ONCE).try_collect().await?;
        let told: Option<Vec<Vec<GlancedFolder>>> = told.into_iter().collect();
        let Some(told) = told else { return Ok(None) };
        let told: HashMap<FolderId, GlancedFolder> =
            told.into_iter().flatten().map(|folder| (folder.id, folder)).collect();
        if !level.iter().all(|folder| told.contains_key(folder)) {
            return Ok(None);
        }
        let mut next: Vec<FolderId> = told.values().flat_map(|folder| folder.subfolders.iter().copied()).collect();
        next.retain(|folder| met.insert(*folder));
        // The calls do not depend on the order in which the answers are looked through.
        next.sort_unstable();
        if met.len() > MOST_FOLDERS {
            return Ok(None);
        }
        found.extend(told);
        level = next;
    }
    Ok(Some(found))
}

async fn videos(source: &Source, ids: &[SessionId]) -> Result<Option<HashMap<SessionId, GlancedVideo>>> {
    let parts: Vec<Vec<SessionId>> = ids.chunks(GLANCED_AT_ONCE).map(<[_]>::to_vec).collect();
    let looks = stream::iter(parts).map(|part| async move { source.glance_at_videos(&part).await });
    let told: Vec<Option<Vec<GlancedVideo>>> = looks.buffered(AT_ONCE).try_collect().await?;
    let told: Option<Vec<Vec<GlancedVideo>>> = told.into_iter().collect();
    Ok(told.map(|told| told.into_iter().flatten().map(|told| (told.video.id, told)).collect()))
}

/// Whether a video is told as it is stored.
fn is_as_stored(told: &GlancedVideo, row: &OverviewRow) -> bool {
    let GlancedVideo { video, is_complete } = told;
    // The lists give no length for a video that is only planned; the look gives the planned one.
    let is_only_planned = !is_complete && row.duration_secs.is_none();
    Some(video.folder) == row.containing_folder_id
        && is_same_text(&video.name, &row.session_name)
        && is_same_text(video.description.as_deref().unwrap_or_default(), &row.description)
        && (video.duration_secs == row.duration_secs || is_only_planned)
}

fn is_same_text(one: &str, other: &str) -> bool {
    one == other || plain(one) == plain(other)
}

fn listed(row: &OverviewRow) -> ListedVideo {
    let folder = row.containing_folder_id.unwrap_or(FolderId::NIL);
    ListedVideo {
        video: SourceVideo {
            id: row.session_id,
            name: row.session_name.clone(),
            description: Some(row.description.clone()),
            duration_secs: row.duration_secs,
            folder,
            folder_name: None,
        },
        folder_name: row.containing_folder_name.clone(),
    }
}
