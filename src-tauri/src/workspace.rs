//! Everything that belongs to one set of settings: its data folder, its sign-in, what is remembered of the window.
//!
//! There are at most two: the user's own, and the sample's, which lives in a temporary folder with secrets in memory.
//! Commands ask for the one on screen and need not know which it is.

use std::path::PathBuf;
use std::sync::Arc;

use chrono_tz::Tz;
use engine::captions::Words;
use engine::clock::Clock;
use engine::compare::Comparisons;
use engine::connection::{Connector, Options};
use engine::dates::VideosInTime;
use engine::environment::Environment;
use engine::lifetime::Lifetime;
use engine::roster::{ClassLists, LastPeople};
use engine::secrets::SecretStore;
use engine::settings::{Settings, SettingsFile};
use engine::store::{DataFolder, Disk, FolderLock, RealDisk};
use engine::time_zone::{choose, computer_time_zone, proposed_time_zone, settle, time_zone_named, time_zone_of};
use engine::views::Views;
use engine::{ErrorCode, Result};

use crate::decisions_made::DecisionsMade;
use crate::findings::Findings;
use crate::folder_use::FolderUse;
use crate::last_seen::LastSeen;
use crate::memory::Memory;
use crate::mended_pairs::MendedPairs;
use crate::pages::discretion::Discretion;
use crate::picked_folder::PickedFolder;
use crate::presenting::Presenting;
use crate::removals::Removals;
use crate::removed_dates::RemovedDates;
use crate::removed_lists::RemovedLists;

/// What a workspace is given from outside, so that a test or the sample can give it something else.
#[derive(Clone)]
pub struct Surroundings {
    /// The folder of the settings.
    pub config_dir: PathBuf,
    /// Where the data folder is made when nobody has chosen one.
    pub usual_data_folder: PathBuf,
    /// The disk of the data folder.
    pub disk: Arc<dyn Disk>,
    /// Where secrets are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// The variables of the process.
    pub environment: Arc<dyn Environment>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// How the server is talked to.
    pub options: Options,
}

/// One set of settings and everything that depends on it.
pub struct Workspace {
    /// Whether it is the sample's.
    pub is_sample: bool,
    /// This run of the program over its settings and sign-in.
    pub lifetime: Lifetime,
    /// Its settings.
    pub settings_file: SettingsFile,
    usual_data_folder: PathBuf,
    disk: Arc<dyn Disk>,
    /// Where its secrets are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// The variables of the process.
    pub environment: Arc<dyn Environment>,
    /// Makes clients for its server.
    pub connector: Arc<Connector>,
    /// What the window remembers.
    pub memory: Memory,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Whether somebody presents what it shows.
    pub(crate) presenting: Presenting,
    /// The courses that were looked at.
    pub views: Views,
    /// The class list that was looked at last.
    pub class_lists: ClassLists,
    /// Everybody of the course whose people were looked at last.
    pub(crate) last_people: LastPeople,
    /// The words that are said in them.
    pub words: Words,
    /// The two courses that were compared last.
    pub(crate) comparisons: Comparisons,
    /// Who was on time in the course that was looked at last.
    pub(crate) videos_in_time: VideosInTime,
    /// Removals that can be undone.
    pub removals: Removals,
    /// Which work of this program is writing the data folder.
    pub(crate) folder_use: FolderUse,
    /// Findings that the user should know about, though nobody asked.
    pub(crate) findings: Findings,
    /// Dates that were removed and can be put back.
    pub(crate) removed_dates: RemovedDates,
    /// What was said of pairs of videos and can be put back.
    pub(crate) mended_pairs: MendedPairs,
    /// Class lists that were removed and can be put back.
    pub(crate) removed_lists: RemovedLists,
    /// Decisions about people that can be taken back.
    pub(crate) decisions_made: DecisionsMade,
    /// The folder picked for the next export.
    pub picked_export: PickedFolder,
    /// How the data folder looked when the window last came to the front.
    pub last_seen: LastSeen,
}

impl Workspace {
    /// The workspace in these surroundings.
    pub fn new(around: Surroundings, memory: Memory, presenting: Presenting, is_sample: bool) -> Self {
        let lifetime = Lifetime::begin(
            Arc::new(RealDisk),
            &around.config_dir,
            Arc::clone(&around.secrets),
            Arc::clone(&around.environment),
            around.options,
        );
        Self {
            is_sample,
            settings_file: lifetime.settings_file().clone(),
            usual_data_folder: around.usual_data_folder,
            disk: around.disk,
            secrets: around.secrets,
            environment: around.environment,
            connector: Arc::clone(lifetime.connector()),
            lifetime,
            memory,
            clock: around.clock,
            presenting,
            views: Views::default(),
            class_lists: ClassLists::default(),
            last_people: LastPeople::default(),
            words: Words::default(),
            comparisons: Comparisons::default(),
            videos_in_time: VideosInTime::default(),
            removals: Removals::default(),
            folder_use: FolderUse::beside_nights(around.config_dir),
            findings: Findings::default(),
            removed_dates: RemovedDates::default(),
            mended_pairs: MendedPairs::default(),
            removed_lists: RemovedLists::default(),
            decisions_made: DecisionsMade::default(),
            picked_export: PickedFolder::default(),
            last_seen: LastSeen::default(),
        }
    }

    /// The settings as they are on the disk; an error where they are damaged, until the person has decided about that.
    pub fn settings(&self) -> Result<Settings> {
        self.settings_file.load()
    }

    /// What may be seen of people. While the settings are damaged, nobody has a name. Blocks.
    pub(crate) fn discretion(&self) -> Discretion {
        let show_names = self.settings().is_ok_and(|settings| settings.show_names);
        Discretion::new(show_names, self.presenting.is_on())
    }

    /// The reporting time zone: the data folder's own, or the one proposed for it. Blocks.
    pub fn zone(&self, settings: &Settings) -> Result<Tz> {
        match self.existing_folder()? {
            Some(folder) => time_zone_of(&folder, settings, &*self.environment),
            None => proposed_time_zone(settings, &*self.environment),
        }
    }

    /// The reporting time zone for work that writes days. From now on it is the data folder's own. Blocks.
    pub(crate) fn settled_zone(&self, folder: &DataFolder, lock: &FolderLock) -> Result<Tz> {
        Ok(settle(folder, lock, &self.settings()?, &*self.environment)?.zone)
    }

    /// The zone that the data folder has of its own. Blocks.
    pub(crate) fn own_zone(&self) -> Result<Option<Tz>> {
        match self.existing_folder()? {
            Some(folder) => Ok(folder.time_zone()?),
            None => Ok(None),
        }
    }

    /// Makes a zone, by its IANA name, the data folder's own; an empty name stands for the computer's. Blocks.
    pub(crate) fn choose_zone(&self, name: &str) -> Result<()> {
        let zone = match name.trim() {
            "" => computer_time_zone(&*self.environment)?,
            name => time_zone_named(name)?,
        };
        let (folder, lock) = self.lock_folder()?;
        choose(&folder, &lock, zone).map(drop)
    }

    /// Where the data folder is or would be.
    pub fn data_path(&self, settings: &Settings) -> PathBuf {
        settings.data_folder.clone().unwrap_or_else(|| self.usual_data_folder.clone())
    }

    /// The data folder, made if nobody chose one; [`ErrorCode::NotFound`] if a chosen one is gone.
    pub fn folder(&self) -> Result<DataFolder> {
        let settings = self.settings()?;
        let (path, disk) = (self.data_path(&settings), Arc::clone(&self.disk));
        Ok(if settings.data_folder.is_some() {
            DataFolder::open_on(disk, path)?
        } else {
            DataFolder::create_on(disk, path)?
        })
    }

    /// The data folder if it is there; looking does not make it.
    pub(crate) fn existing_folder(&self) -> Result<Option<DataFolder>> {
        let settings = self.settings()?;
        match DataFolder::open_on(Arc::clone(&self.disk), self.data_path(&settings)) {
            Err(error) if error.code() == ErrorCode::NotFound && settings.data_folder.is_none() => Ok(None),
            folder => Ok(Some(folder?)),
        }
    }
}
