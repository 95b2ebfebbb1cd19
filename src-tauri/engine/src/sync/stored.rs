//! What is stored of one course, and storing what was fetched. Everything here blocks on the disk.
//!
//! A course is stored in this order, so that being killed at any instant does no harm:
//! 1. a new journal, before an overview names videos that it does not know;
//! 2. the overview, once the listing is whole;
//! 3. records into `viewing_activity.csv`;
//! 4. the journal, which claims only what step 3 has stored;
//! 5. `state.csv`, which claims only what the journal does;
//! 6. the staged files are removed.
//!
//! The next sync does whatever of this did not happen, and doing it twice changes nothing.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use model::{FolderId, SessionId, UsageRange};

use super::listing::Listing;
use super::plan::{LookBack, last_day, range_for, suffices, whole_day};
use super::shared::Shared;
use crate::Result;
use crate::store::journal::{Attempt, Journal, JournalFile, ListsRead, StoredCounts, Witness};
use crate::store::merge::{Contents, merge};
use crate::store::missing::lacks_records;
use crate::store::number::Reading;
use crate::store::overview::{OverviewRow, read_overview, write_overview};
use crate::store::staging::{StagedVideo, Staging};
use crate::store::state::FetchedCourse;
use crate::store::{Area, DataFolder, FolderLock, activity_file, overview_file};

/// A course as it is stored.
pub(super) struct StoredCourse {
    pub(super) folder: DataFolder,
    lock: Arc<FolderLock>,
    /// Held while a course is stored: `state.csv` and the course list belong to all courses, and one merge at a time
    /// bounds the memory.
    turn: Arc<Mutex<()>>,
    /// What other courses of this sync may take.
    shared: Arc<Shared>,
    pub(super) course: FolderId,
    /// The course's directory in `database`, once there is one.
    pub(super) dir: Option<PathBuf>,
    pub(super) staging: Staging,
    pub(super) journal: Journal,
    /// Whether the journal is on the disk.
    journal_is_saved: bool,
    /// Whether the original fetched it, and no sync of ours has touched its files.
    pub(super) is_taken_over: bool,
    /// The last day through which anything can be fetched, if the clocks could tell.
    at_most: Option<NaiveDate>,
    /// The overview as it was before this sync.
    pub(super) overview: Vec<OverviewRow>,
    /// What the user should know about the state in which it was found.
    pub(super) warnings: Vec<String>,
}

impl StoredCourse {
    /// Reads what is stored of a course; `name` is what the course list calls it.
    pub(super) fn open(
        folder: DataFolder,
        lock: Arc<FolderLock>,
        (turn, shared): (Arc<Mutex<()>>, Arc<Shared>),
        course: FolderId,
        name: &str,
    ) -> Result<Self> {
        let dir = folder.course_dir(Area::Database, course)?;
        let overview = match dir.as_deref().map(overview_file) {
            Some(path) if folder.exists(&path)? => read_overview(folder.disk(), &path, Reading::Nearest)?,
            _ => Vec::new(),
        };
        let mut stored = Self {
            staging: Staging::of_course(&folder, course),
            journal: Journal::new(course, name),
            journal_is_saved: false,
            is_taken_over: false,
            folder,
            lock,
            turn,
            shared,
            course,
            dir,
            at_most: None,
            overview,
            warnings: Vec::new(),
        };
        match Journal::load(&stored.folder, course)? {
            JournalFile::Journal(journal) => {
                stored.journal = *journal;
                stored.journal_is_saved = true;
                stored.distrust_if_data_is_missing()?;
            }
            JournalFile::Nothing => {
                stored.is_taken_over = true;
                stored.take_over_from_state()?;
            }
            JournalFile::Damaged(message) => {
                stored.warnings.push(message);
                stored.take_over_from_state()?;
            }
        }
        Ok(stored)
    }

    /// Whether usage calls will be needed: a video of the overview lacks days up to `day`, or nothing is known yet.
    pub(super) fn lacks_days_before_end_of(&self, day: NaiveDate) -> bool {
        let has_it = |row: &OverviewRow| {
            let state = self.journal.videos.get(&row.session_id);
            state.and_then(|state| state.fetched_through).is_some_and(|fetched| fetched >= day)
        };
        self.journal.last_complete.is_none() || !self.overview.iter().all(has_it)
    }

    /// Withdraws an earlier sync's claims about days later than `at_most`, which are not over by any clock. That sync's
    /// clock was ahead, and what was watched since is not stored. Nobody knows how far it was ahead, so those videos
    /// are asked for their whole history again; stored records stay. Says so if there was such a claim.
    pub(super) fn forget_days_not_over(&mut self, at_most: Option<NaiveDate>) -> Option<String> {
        self.at_most = at_most;
        let at_most = at_most?;
        let mut any = false;
        for video in self.journal.videos.values_mut() {
            if video.fetched_through.is_some_and(|fetched| fetched > at_most) {
                (video.fetched_through, video.only_agreed, any) = (None, false, true);
            }
        }
        any.then(|| {
            format!(
                "An earlier sync of `{}` took days for complete that are not over; its videos are fetched again",
                self.journal.name
            )
        })
    }

    pub(super) fn activity_path(&self) -> Option<PathBuf> {
        self.dir.as_deref().map(activity_file)
    }

    /// Rejects a journal that claims more records than the file has room for.
    fn distrust_if_data_is_missing(&mut self) -> Result<()> {
        if lacks_records(&self.folder, &self.journal, self.activity_path().as_deref())? {
            self.warnings.push(format!(
                "The viewing records of `{}` are not there or shorter than they were; all are fetched again",
                self.journal.name
            ));
            self.journal.videos.clear();
            self.journal.stored = None;
            self.journal.lost_records = true;
            self.journal.witness = None;
        }
        Ok(())
    }

    /// Prepares for fetching: makes the directory, keeps a new journal, takes in what an interrupted sync left.
    ///
    /// Returns the videos that an interrupted sync of today has already fetched.
    pub(super) fn prepare(
        &mut self,
        name: &str,
        through: NaiveDate,
        look_back: LookBack,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<Vec<StagedVideo>> {
        self.dir = Some(self.folder.make_course_dir(&self.lock, Area::Database, self.course, name)?);
        // Before the journal and the overview become ours: the original's overview tells how often it stored each
        // record.
        self.reduce_what_the_original_multiplied(is_cancelled)?;
        if !self.journal_is_saved {
            self.save_journal()?;
        }
        let (usable, others) = self.recover(through, look_back)?;
        if !others.is_empty() {
            let turn = Arc::clone(&self.turn);
            let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            self.merge(&others, is_cancelled)?;
            self.save_journal()?;
            self.staging.remove(&others)?;
        }
        Ok(usable)
    }

    /// Sorts what an interrupted sync left into files that answer exactly what this sync asks and files to merge at
    /// once, because they end on an earlier day. Files that are already merged, or that end on a day that is not over,
    /// are removed.
    fn recover(&mut self, through: NaiveDate, look_back: LookBack) -> Result<(Vec<StagedVideo>, Vec<StagedVideo>)> {
        let (mut usable, mut others, mut merged) = (Vec::new(), Vec::new(), Vec::new());
        for staged in self.staging.recover()? {
            let state = self.journal.videos.get(&staged.video);
            let is_merged =
                state.and_then(|state| state.fetched_through).is_some_and(|fetched| fetched >= last_day(staged.range));
            match range_for(state, through, look_back) {
                // Fetched under a clock that was ahead: its last days were not over.
                _ if is_merged || last_day(staged.range) > through => merged.push(staged),
                Some(needed) if suffices(staged.range, needed) => usable.push(staged),
                _ => others.push(staged),
            }
        }
        self.staging.remove(&merged)?;
        Ok((usable, others))
    }

    /// Writes the overview, if it has changed.
    pub(super) fn write_overview(&self, listing: &Listing) -> Result<()> {
        let Some(dir) = &self.dir else { return Ok(()) };
        let rows = overview_rows(self.course, listing, &self.overview);
        let path = overview_file(dir);
        if rows != self.overview || !self.folder.exists(&path)? {
            write_overview(self.folder.disk(), &path, &rows)?;
        }
        Ok(())
    }

    /// Stores the fetched videos in the given order, the videos that only agreement shows to be empty, and how the sync
    /// went. Returns the number of new records.
    pub(super) fn store(
        &mut self,
        listing: &Listing,
        staged: &[StagedVideo],
        only_agreed: &[(SessionId, UsageRange)],
        mut attempt: Attempt,
        anew: bool,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<u64> {
        let turn = Arc::clone(&self.turn);
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if anew {
            // Until the merge has counted the file, a journal that claims more must not look like a loss of data.
            self.journal.stored = None;
            self.save_journal()?;
            self.reduce_to_server(staged, is_cancelled)?;
        }
        let new_records = self.merge(staged, is_cancelled)?;
        attempt.new_records = new_records;
        for (video, range) in only_agreed {
            self.note_fetched(*video, *range);
            self.journal.videos.entry(*video).or_default().only_agreed = true;
        }
        // A video that keeps failing does not make the rest of the course unusable.
        let has_failed_before = |video| self.journal.videos.get(&video).is_some_and(|state| state.failed.is_some());
        if attempt.failed.iter().filter_map(|part| part.video).all(has_failed_before) {
            self.journal.lost_records = false;
        }
        for part in &attempt.failed {
            if let Some(video) = part.video {
                self.journal.videos.entry(video).or_default().failed = Some(part.failure.clone());
            }
        }
        if attempt.failed.is_empty() {
            self.journal.last_complete = Some(attempt.at);
        }
        if let Some(folders) = listing.folders_mark {
            self.journal.lists_read = listing.doubts.is_empty().then_some(ListsRead { at: attempt.at, folders });
        }
        for listed in &listing.videos {
            if let Some(state) = self.journal.videos.get_mut(&listed.video.id) {
                state.asked_in_vain = None;
            }
        }
        for video in &listing.asked_in_vain {
            self.journal.videos.entry(*video).or_default().asked_in_vain = Some(attempt.at);
        }
        self.journal.last = Some(attempt);
        self.journal.name.clone_from(&listing.name);
        self.save_journal()?;
        self.save_state(listing)?;
        self.shared.remove_merged(&self.staging, staged.to_vec())?;
        Ok(new_records)
    }

    /// Notes how a sync that stored nothing of this course ended.
    pub(super) fn note(&mut self, attempt: Attempt) -> Result<()> {
        self.journal.last = Some(attempt);
        self.save_journal()
    }

    /// Merges into `viewing_activity.csv` and notes it in the journal, which is not saved yet.
    fn merge(&mut self, staged: &[StagedVideo], is_cancelled: &dyn Fn() -> bool) -> Result<u64> {
        let Some(path) = self.activity_path() else { return Ok(0) };
        let is_counted = self.journal.stored.is_some();
        if staged.is_empty() && is_counted && self.folder.exists(&path)? {
            return Ok(0);
        }
        let (new_records, contents) = merge(self.folder.disk(), &path, staged, is_cancelled)?;
        let Contents { records, viewers, file_bytes } = contents;
        self.journal.stored = Some(StoredCounts { records, viewers, file_bytes });
        for video in staged {
            self.note_fetched(video.video, video.range);
            if let Some(day) = video.last_day {
                self.journal.witness = Some(Witness::new(video.video, day));
            }
        }
        Ok(new_records)
    }

    /// A video is fetched up to the end of a range only if nothing is missing before its beginning.
    fn note_fetched(&mut self, video: SessionId, range: UsageRange) {
        let state = self.journal.videos.entry(video).or_default();
        let through = last_day(range);
        let needed = range_for(Some(state), through, LookBack::NONE);
        if needed.is_some_and(|needed| suffices(range, needed)) {
            state.fetched_through = Some(through);
            state.only_agreed = false;
        }
        state.failed = None;
    }

    fn save_journal(&mut self) -> Result<()> {
        self.journal.save(&self.folder, &self.lock)?;
        self.journal_is_saved = true;
        Ok(())
    }

    /// Advances the course's date in `state.csv` to the last day that all its videos have; moves it back only from days
    /// in the future. Takes over the course's name, also into the course list.
    fn save_state(&self, listing: &Listing) -> Result<()> {
        let complete = self.journal.complete_through(self.stored_videos(listing));
        // A course may be added to the list during a sync.
        let _turn = self.lock.turn();
        let mut state = self.folder.state()?;
        let before = state.iter().find(|row| row.id == self.course).cloned();
        let is_possible = |day: &NaiveDate| self.at_most.is_none_or(|at_most| *day <= at_most);
        let last_day = before.as_ref().and_then(|row| row.last_day).filter(is_possible).max(complete);
        let row = FetchedCourse { id: self.course, name: listing.name.clone(), last_day };
        if before.as_ref() != Some(&row) && (before.is_some() || last_day.is_some()) {
            match state.iter_mut().find(|row| row.id == self.course) {
                // The original cannot read a row without a date.
                _ if last_day.is_none() => state.retain(|row| row.id != self.course),
                Some(place) => *place = row,
                None => state.push(row),
            }
            self.folder.save_state(&self.lock, &state)?;
        }
        let mut courses = self.folder.courses()?;
        if let Some(listed) = courses.iter_mut().find(|listed| listed.id == self.course)
            && listed.name != listing.name.trim()
        {
            listing.name.trim().clone_into(&mut listed.name);
            self.folder.save_courses(&self.lock, &courses)?;
        }
        Ok(())
    }

    /// The videos that the overview now has.
    pub(super) fn stored_videos(&self, listing: &Listing) -> Vec<SessionId> {
        overview_rows(self.course, listing, &self.overview).into_iter().map(|row| row.session_id).collect()
    }

    /// Where to look for proof of being signed in: a video of the course that is known to have records.
    pub(super) fn witness(&self, listing: &Listing) -> Option<(SessionId, UsageRange)> {
        let witness = self.journal.witness?;
        let is_listed = listing.videos.iter().any(|video| video.video.id == witness.video);
        is_listed.then(|| (witness.video, whole_day(witness.day)))
    }
}

/// The overview for a listing. A stored video that no list shows keeps its row, unless it is proven to be gone.
fn overview_rows(course: FolderId, listing: &Listing, before: &[OverviewRow]) -> Vec<OverviewRow> {
    let mut rows: Vec<OverviewRow> = listing
        .videos
        .iter()
        .map(|video| OverviewRow {
            root_folder_id: course,
            root_folder_name: listing.name.clone(),
            containing_folder_id: Some(video.video.folder),
            containing_folder_name: video.folder_name.clone(),
            session_id: video.video.id,
            session_name: video.video.name.clone(),
            description: video.video.description.clone().unwrap_or_default(),
            duration_secs: video.video.duration_secs,
        })
        .collect();
    let mut done_with: HashSet<SessionId> = rows.iter().map(|row| row.session_id).collect();
    done_with.extend(listing.gone.iter().map(|gone| gone.video()));
    let kept = before.iter().filter(|row| !done_with.contains(&row.session_id));
    rows.extend(kept.map(|row| OverviewRow { root_folder_name: listing.name.clone(), ..row.clone() }));
    rows
}
