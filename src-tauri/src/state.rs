//! What the commands share: the workspaces, the jobs under way, the desktop.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use engine::clock::SystemClock;
use engine::connection::Options;
use engine::environment::{Environment, ProcessEnvironment};
use engine::nightly::Scheduler;
use engine::settings::{Recovery, Settings, SettingsFile, SettingsRead, config_dir, default_data_folder};
use engine::store::RealDisk;
use engine::time_zone::computer_time_zone;
use engine::{Error, ErrorCode};

use crate::desktop::{Desktop, PickerQuestion, PickerTarget};
use crate::events::{Screen, WindowEvent};
use crate::first_look::FirstLook;
use crate::jobs::Jobs;
use crate::keychain::BestSecrets;
use crate::log::Warnings;
use crate::memory::Memory;
use crate::pages::app::KnownFolder;
use crate::pages::discretion::Discretion;
use crate::pages::settings::SettingsPatch;
use crate::presenting::Presenting;
use crate::sample::Sample;
pub use crate::threads::blocking;
use crate::workspace::{Surroundings, Workspace};

/// What a start of the program needs to know.
pub struct Start {
    /// The folder of the log files.
    pub log_dir: PathBuf,
    /// Where the last warnings are found.
    pub warnings: Warnings,
    /// The system's way to start jobs.
    pub scheduler: Scheduler,
    /// The surroundings of the user's own workspace.
    pub around: Surroundings,
}

impl Start {
    /// Reads the variables of this process and begins to log.
    pub(crate) fn from_process() -> engine::Result<Self> {
        let environment: Arc<dyn Environment> = Arc::new(ProcessEnvironment);
        let log_dir = crate::log::log_dir(&*environment);
        let warnings = crate::log::start(&log_dir, &*environment);
        let around = Surroundings {
            config_dir: config_dir(&*environment)?,
            usual_data_folder: default_data_folder()?,
            disk: Arc::new(RealDisk),
            secrets: Arc::new(BestSecrets::new(&*environment)),
            environment,
            clock: Arc::new(SystemClock),
            options: Options::default(),
        };
        Ok(Self { log_dir, warnings, scheduler: Scheduler::of_this_system()?, around })
    }
}

/// How long the end waits for jobs that were asked to stop.
const JOBS_PATIENCE: Duration = Duration::from_secs(3);

/// The state of the program.
pub struct Shell {
    /// The user's own workspace.
    pub own: Arc<Workspace>,
    /// Work under way.
    pub jobs: Jobs,
    /// Pickers, browser, file manager.
    pub desktop: Arc<dyn Desktop>,
    /// The window.
    pub screen: Arc<dyn Screen>,
    /// What the program was started with.
    pub start: Start,
    /// What the page will ask for first.
    pub first_look: FirstLook,
    /// Whether somebody presents what is on screen.
    pub(crate) presenting: Presenting,
    sample: RwLock<Option<Sample>>,
}

impl Shell {
    /// The state at the start.
    pub fn new(start: Start, desktop: Arc<dyn Desktop>, screen: Arc<dyn Screen>) -> Self {
        let memory = Memory::in_dir(&start.around.config_dir);
        let presenting = Presenting::default();
        let own = Workspace::new(start.around.clone(), memory, presenting.clone(), false);
        presenting.set(starts_presenting(&own.settings_file));
        Self {
            own: Arc::new(own),
            jobs: Jobs::default(),
            desktop,
            screen,
            start,
            first_look: FirstLook::default(),
            presenting,
            sample: RwLock::new(None),
        }
    }

    /// The workspace on screen: the sample's while it is shown, or else the user's own.
    pub fn workspace(&self) -> Arc<Workspace> {
        let sample = self.sample.read().unwrap_or_else(PoisonError::into_inner);
        sample.as_ref().map_or_else(|| Arc::clone(&self.own), |sample| Arc::clone(&sample.workspace))
    }

    /// Shows the sample instead of the user's own data.
    pub(crate) fn show_sample(&self, sample: Sample) {
        *self.sample.write().unwrap_or_else(PoisonError::into_inner) = Some(sample);
    }

    /// Shows the user's own data again. Dropping what is returned deletes the sample; that blocks.
    pub fn take_sample(&self) -> Option<Sample> {
        self.sample.write().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The settings as the window shows them. Even in the sample, the data folder is the user's own.
    pub(crate) async fn settings_view(&self) -> engine::Result<crate::pages::settings::Settings> {
        let (own, shown, log_dir) = (Arc::clone(&self.own), self.workspace(), self.start.log_dir.clone());
        blocking(move || {
            let kept = own.settings()?;
            let computer = computer_time_zone(&*own.environment).ok();
            // The settings can be seen and repaired even if the folder is gone or its zone cannot be read.
            let zone = own.own_zone().ok().flatten();
            let mut view =
                crate::pages::settings::Settings::new(&kept, zone, computer, &own.data_path(&kept), &log_dir);
            // Names are a choice for what is on screen.
            view.show_names = shown.settings()?.show_names;
            Ok(view)
        })
        .await
    }

    /// Applies changed settings, and also to the sample while it is shown.
    pub(crate) async fn change_settings(&self, patch: SettingsPatch) -> engine::Result<Settings> {
        let (own, shown) = (Arc::clone(&self.own), self.workspace());
        blocking(move || {
            if let Some(zone) = &patch.time_zone {
                own.choose_zone(zone)?;
                if shown.is_sample {
                    shown.choose_zone(zone)?;
                }
            }
            // Names that are wanted in the sample are not wanted of one's own students for that.
            let of_own = SettingsPatch { show_names: patch.show_names.filter(|_| !shown.is_sample), ..patch.clone() };
            let changed = own.settings_file.update(|kept| of_own.apply(kept))?;
            if shown.is_sample {
                shown.settings_file.update(|kept| patch.apply(kept))?;
            }
            shown.settings_have_changed();
            Ok(changed)
        })
        .await
    }

    /// What may be seen of people in the workspace on screen.
    pub(crate) async fn discretion(&self) -> engine::Result<Discretion> {
        let workspace = self.workspace();
        blocking(move || Ok(workspace.discretion())).await
    }

    /// Replaces damaged settings with those kept last or with the defaults.
    pub(crate) async fn restore_settings(&self, defaults: bool) -> engine::Result<Settings> {
        let own = Arc::clone(&self.own);
        blocking(move || {
            let recovered = own.settings_file.recover(if defaults { Recovery::Defaults } else { Recovery::Backup })?;
            own.views.clear();
            Ok(recovered.settings)
        })
        .await
    }

    /// Asks where to put the data folder.
    pub(crate) async fn pick_new_data_folder(&self) -> engine::Result<Option<PathBuf>> {
        let current = self.own.data_path(&self.own.settings()?);
        let start = current.parent().map(PathBuf::from);
        let title = "Choose an empty folder for the data";
        Ok(self.desktop.pick(PickerQuestion { title, what: PickerTarget::Folder, start }).await)
    }

    /// Makes the window ask for its state again if something was found since it last did.
    pub(crate) fn tell_findings(&self) {
        if self.workspace().findings.has_new() {
            self.screen.tell(&WindowEvent::DataChanged(Vec::new()));
        }
    }

    /// Where a folder of this program is.
    pub(crate) fn known_folder(&self, folder: KnownFolder) -> engine::Result<PathBuf> {
        let workspace = self.workspace();
        let settings = workspace.settings()?;
        let missing = |what: &str| Error::new(ErrorCode::NotFound, format!("Nothing was {what} yet"));
        match folder {
            KnownFolder::Data => Ok(self.own.data_path(&self.own.settings()?)),
            KnownFolder::Export => settings.last_export.map(|last| last.dir).ok_or_else(|| missing("exported")),
            KnownFolder::Chart => workspace.memory.get().chart_dir.ok_or_else(|| missing("saved")),
            KnownFolder::Log => Ok(self.start.log_dir.clone()),
        }
    }

    /// Ends everything that must not outlive the window: jobs, the sample, a sign-in that is being renewed, and the data
    /// that was promised to be deleted.
    pub async fn leave(&self) {
        self.jobs.cancel_all();
        // A sync that is stopping keeps the data folder locked until it is done.
        self.jobs.until_idle(JOBS_PATIENCE).await;
        self.own.lifetime.end().await;
        drop(self.take_sample());
    }
}

/// Whether the program starts presenting. Damaged settings are asked for what they said last.
fn starts_presenting(file: &SettingsFile) -> bool {
    match file.read() {
        Ok(SettingsRead::Whole(settings)) => settings.start_presenting,
        Ok(SettingsRead::Damaged(damaged)) => damaged.backup.is_some_and(|settings| settings.start_presenting),
        Err(_) => false,
    }
}
