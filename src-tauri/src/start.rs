//! What the first paint needs: the state of the program without a request to a server.
//!
//! It is looked up while the web view starts, so that the page, once there, need not wait for keychain and files.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::settings::{Settings, SettingsRead};
use engine::store::DataFolder;
use engine::views::{CourseFacts, MarkedCounts, side_by_side};
use engine::{Error, ErrorCode, Result};
use model::FolderId;
use tokio::runtime::Handle;

use crate::error::IpcError;
use crate::error::lost_work;
use crate::pages::app::{AppState, Notice, NoticeAction, Platform};
use crate::pages::range;
use crate::pages::sidebar::CourseSummary;
use crate::plain;
use crate::state::{Shell, blocking};
use crate::workspace::Workspace;

/// Begins to look up the state and to read the course that is shown first, before the page can ask.
pub(crate) fn look_ahead(shell: &Arc<Shell>, runtime: &Handle) {
    let looking = Arc::clone(shell);
    let looking = runtime.spawn(async move { looking.app_state().await });
    shell.first_look.set(looking);
    let own = Arc::clone(&shell.own);
    runtime.spawn_blocking(move || own.read_ahead());
}

impl Shell {
    /// The state for the page that has just loaded: the one looked up ahead, or else the present one.
    pub(crate) async fn first_state(&self) -> Result<AppState> {
        match self.first_look.take() {
            Some(looking) => looking.await.map_err(lost_work)?,
            None => self.app_state().await,
        }
    }

    /// Everything the window needs before it draws anything.
    pub(crate) async fn app_state(&self) -> Result<AppState> {
        let workspace = self.workspace();
        let reading = {
            let workspace = Arc::clone(&workspace);
            blocking(move || Ok(of_workspace(&workspace)))
        };
        // The keychain may take its time, and so may the files.
        let (connection, read) = tokio::join!(workspace.connection(), reading);
        let (mut state, mut notices) = read?;
        match connection {
            Ok(connection) => state.sign_in = connection.sign_in,
            // Said only once: damaged settings cause this error as well.
            Err(error) if notices.iter().any(|said| said.message == plain::quoted(error.message())) => {}
            Err(error) => notices.push(notice(&error, [NoticeAction::Connect])),
        }
        if let Some(message) = workspace.connector.notice().await {
            notices.push(Notice { message: plain::quoted(&message), hint: None, actions: vec![NoticeAction::Connect] });
        }
        for finding in workspace.findings.all() {
            notices.push(Notice { message: finding, hint: None, actions: vec![NoticeAction::Dismiss] });
        }
        state.configured = state.configured || !matches!(state.sign_in, crate::pages::connect::SignIn::NotConfigured);
        state.notices = notices;
        // Also while the sample is shown, which remembers nothing.
        state.view.zoom_percent = self.own.memory.get().view.zoom_percent;
        Ok(state)
    }
}

fn of_workspace(workspace: &Workspace) -> (AppState, Vec<Notice>) {
    let mut notices = Vec::new();
    // The defaults only style the window: nothing is read or written with them.
    let settings = match workspace.settings_file.read() {
        Ok(SettingsRead::Whole(settings)) => settings,
        Ok(SettingsRead::Damaged(damaged)) => {
            let offered = damaged.backup.as_ref().map(|_| NoticeAction::RestoreSettings);
            notices.push(notice(&damaged.to_error(), offered.into_iter().chain([NoticeAction::DefaultSettings])));
            damaged.backup.unwrap_or_default()
        }
        Err(error) => {
            notices.push(notice(&error, [NoticeAction::Retry]));
            Settings::default()
        }
    };
    let readable = notices.is_empty();
    // Before the courses are read, so that any change from here on is noticed.
    workspace.has_changed();
    workspace.settings_have_changed();
    let courses = if readable { workspace.summaries() } else { Ok(Vec::new()) }.unwrap_or_else(|error| {
        let actions = match error.code() {
            ErrorCode::CourseFileInvalid => vec![NoticeAction::OpenDataFolder, NoticeAction::RepairCourses],
            ErrorCode::DataFileInvalid => vec![NoticeAction::OpenDataFolder],
            _ => vec![NoticeAction::Retry],
        };
        notices.push(notice(&error, actions));
        Vec::new()
    });
    let mut view = workspace.memory.get().view;
    // Chosen days are dropped with their course, and if they are no valid range. As long as something cannot be read,
    // no course counts as gone.
    let listed = |id: &String| !notices.is_empty() || courses.iter().any(|course| course.id == *id);
    view.ranges.retain(|id, chosen| listed(id) && range::days(Some(&chosen.range)).is_ok());
    let state = AppState {
        configured: !courses.is_empty() || workspace.is_sample || !notices.is_empty(),
        sample: workspace.is_sample,
        sign_in: crate::pages::connect::SignIn::NotConfigured,
        data_folder: workspace.data_path(&settings).display().to_string(),
        appearance: settings.appearance,
        discretion: workspace.discretion(),
        platform: platform(),
        courses,
        view,
        export_memory: workspace.export_memory(&settings),
        notices: Vec::new(),
    };
    (state, notices)
}

fn notice(error: &Error, actions: impl IntoIterator<Item = NoticeAction>) -> Notice {
    let actions = actions.into_iter().collect();
    Notice { message: plain::quoted(error.message()), hint: error.hint().map(plain::quoted), actions }
}

const fn platform() -> Platform {
    if cfg!(target_os = "macos") {
        Platform::Mac
    } else if cfg!(windows) {
        Platform::Windows
    } else {
        Platform::Linux
    }
}

impl Workspace {
    /// Reads the course that the page shows first: the one looked at last, or else the first of the list. What is wrong
    /// with it is told when it is asked for.
    fn read_ahead(&self) {
        let Ok(Some(folder)) = self.existing_folder() else { return };
        let (Ok(listed), Ok(zone)) = (folder.courses(), self.settings().and_then(|settings| self.zone(&settings)))
        else {
            return;
        };
        let last = self.memory.with(|memory| memory.view.course_id.as_deref().and_then(|id| id.parse().ok()));
        let shown = listed.iter().find(|course| Some(course.id) == last).or_else(|| listed.first());
        if let Some(course) = shown {
            let _ = self.views.course(&folder, course.id, zone);
        }
    }

    /// The course list in its order, with what is stored. Blocks; reads every course whose counts are not remembered.
    pub(crate) fn summaries(&self) -> Result<Vec<CourseSummary>> {
        let Some(folder) = self.existing_folder()? else { return Ok(Vec::new()) };
        let zone = self.zone(&self.settings()?)?;
        let facts = engine::views::course_facts(&folder)?;
        let presents = self.presenting.is_on();
        let known = self.memory.with(|memory| memory.counts.clone());
        let summaries = side_by_side(&facts, |facts| {
            let (summary, counts) = self.summary(&folder, facts, zone, known.get(&facts.id).copied());
            (if presents { summary.presented() } else { summary }, counts)
        });
        let counted = facts.iter().zip(&summaries).filter_map(|(facts, (_, counts))| Some((facts.id, (*counts)?)));
        let counts: BTreeMap<FolderId, MarkedCounts> = counted.collect();
        if counts != known {
            self.memory.update(|memory| memory.counts = counts);
        }
        Ok(summaries.into_iter().map(|(summary, _)| summary).collect())
    }

    /// One course of the list.
    pub(crate) fn summary_of(&self, course: FolderId) -> Result<CourseSummary> {
        let folder = self.folder()?;
        let zone = self.zone(&self.settings()?)?;
        Ok(self.summary(&folder, &engine::views::facts_of_course(&folder, course)?, zone, None).0)
    }

    /// A course, and how much of it is stored, if that could be told.
    fn summary(
        &self,
        folder: &DataFolder,
        facts: &CourseFacts,
        zone: chrono_tz::Tz,
        known: Option<MarkedCounts>,
    ) -> (CourseSummary, Option<MarkedCounts>) {
        let now = self.clock.now();
        if let Some(trouble) = &facts.trouble {
            return (CourseSummary::unreadable(facts, IpcError::of_failure(trouble), now, zone), None);
        }
        let is_there = facts.has_data || facts.is_listed;
        match is_there.then(|| self.views.counts(folder, facts.id, zone, known)).transpose() {
            Ok(counted) => (CourseSummary::new(facts, counted.map(|counted| counted.counts), now, zone), counted),
            // A damaged file is reported at its course and must not hide the others.
            Err(error) => (CourseSummary::unreadable(facts, IpcError::within_report(&error), now, zone), None),
        }
    }
}
