//! Turns options, settings and environment into everything that a command works with.
//!
//! Invariant: nothing here asks the keychain or a server; commands do that when they need to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::connection::{Connector, Options, effective_server, variables};
use engine::environment::{Environment, FixedEnvironment, ProcessEnvironment};
use engine::lifetime::Lifetime;
use engine::people::WithNames;
use engine::roster::finish_forgetting;
use engine::secrets::{KeychainSecrets, MemorySecrets, SecretStore};
use engine::settings::{CONFIG_DIR_VARIABLE, Settings, SettingsFile, config_dir, default_data_folder};
pub(crate) use engine::store::path_text;
use engine::store::{DataFolder, FolderLock, RealDisk};
use engine::{Error, ErrorCode, Result};
use tokio_util::sync::CancellationToken;

use crate::args::Global;
use crate::exit::not_the_call;
use crate::terminal::Terminal;

/// What every command receives.
pub(crate) struct Setup {
    /// Where to write.
    pub(crate) terminal: Terminal,
    /// Cancelled when the user wants to stop.
    pub(crate) cancel: CancellationToken,
    /// This run, which ends with the process.
    pub(crate) lifetime: Lifetime,
    /// The settings file.
    pub(crate) settings_file: SettingsFile,
    /// Its folder.
    pub(crate) config_dir: PathBuf,
    /// The settings in the file; the defaults for a command that works without settings.
    pub(crate) settings: Settings,
    /// The environment variables.
    pub(crate) environment: Arc<dyn Environment>,
    /// The keychain, or memory with `--no-keychain`.
    pub(crate) secrets: Arc<dyn SecretStore>,
    /// The keychain itself, for checking that it answers; `None` with `--no-keychain`.
    pub(crate) keychain: Option<Arc<KeychainSecrets>>,
    /// Makes the clients that talk to the server.
    pub(crate) connector: Arc<Connector>,
    /// Whether names are shown.
    pub(crate) names: WithNames,
    /// Whether others see the screen.
    pub(crate) presents: bool,
    data: Option<PathBuf>,
}

impl Setup {
    /// Begins the run and reads nothing yet. For this run, `given` replaces a variable of the process.
    pub(crate) fn new(
        global: &Global,
        given: Option<Given>,
        terminal: Terminal,
        cancel: CancellationToken,
    ) -> Result<Self> {
        let environment: Arc<dyn Environment> = match given {
            Some(given) => Arc::new(given),
            None => Arc::new(ProcessEnvironment),
        };
        let config_dir = config_dir(&*environment)?;
        let keychain = (!global.no_keychain).then(|| Arc::new(KeychainSecrets::from_environment(&*environment)));
        let secrets: Arc<dyn SecretStore> = match &keychain {
            Some(keychain) => Arc::clone(keychain) as _,
            None => Arc::new(MemorySecrets::default()),
        };
        let lifetime = Lifetime::begin(
            Arc::new(RealDisk),
            &config_dir,
            Arc::clone(&secrets),
            Arc::clone(&environment),
            Options::default(),
        );
        Ok(Self {
            terminal,
            cancel,
            settings_file: lifetime.settings_file().clone(),
            settings: Settings::default(),
            connector: Arc::clone(lifetime.connector()),
            lifetime,
            config_dir,
            environment,
            secrets,
            keychain,
            names: if global.with_names { WithNames::Shown } else { WithNames::Hidden },
            presents: global.present,
            data: global.data.clone(),
        })
    }

    /// The same with a separate data folder, a server from `environment`, and no keychain.
    pub(crate) fn of_sample(&self, data: &Path, environment: FixedEnvironment, options: Options) -> Self {
        let environment: Arc<dyn Environment> = Arc::new(environment);
        let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecrets::default());
        Self {
            terminal: self.terminal.clone(),
            cancel: self.cancel.clone(),
            lifetime: self.lifetime.clone(),
            settings_file: self.settings_file.clone(),
            config_dir: self.config_dir.clone(),
            settings: Settings::default(),
            connector: Arc::new(Connector::new(Arc::clone(&secrets), Arc::clone(&environment), options)),
            environment,
            secrets,
            keychain: None,
            names: self.names,
            presents: self.presents,
            data: Some(data.to_owned()),
        }
    }

    /// The path of the data folder, whether or not it exists.
    pub(crate) fn data_path(&self) -> Result<PathBuf> {
        match self.data.as_deref().or(self.settings.data_folder.as_deref()) {
            Some(path) => std::path::absolute(path).map_err(|error| {
                Error::new(ErrorCode::InvalidInput, format!("`{}` is not a folder: {error}", path.display()))
                    .with_hint("Give the path of the data folder with --data")
            }),
            None => default_data_folder(),
        }
    }

    /// The data folder. A folder that somebody chose must exist. The usual place need not exist yet and then counts as
    /// empty. Nothing is created; [`Setup::made_data_folder`] does that.
    pub(crate) fn data_folder(&self) -> Result<DataFolder> {
        let path = self.data_path()?;
        tracing::info!(folder = %path.display(), "data folder");
        if self.is_chosen() || path.exists() { self.chosen(&path) } else { Ok(DataFolder::to_come(path)) }
    }

    fn chosen(&self, path: &Path) -> Result<DataFolder> {
        DataFolder::open(path).map_err(Error::from).map_err(|error| match error.code() {
            ErrorCode::NotFound => error.with_hint(self.why_missing(path)),
            _ => no_folder(error),
        })
    }

    /// Takes the right to write a data folder. Reports what was repaired in doing so.
    pub(crate) fn lock(&self, folder: &DataFolder) -> Result<FolderLock> {
        let lock = folder.lock()?;
        for notice in lock.notices() {
            self.terminal.warning(notice, None);
        }
        finish_forgetting(folder, &lock);
        Ok(lock)
    }

    /// The data folder, to add to it. A missing one is created and reported, if its parent folder exists. If that is
    /// missing too, the path is misspelt or its drive is absent.
    pub(crate) fn made_data_folder(&self) -> Result<DataFolder> {
        let path = self.data_place()?;
        let is_new = !path.exists();
        let folder = DataFolder::create(&path).map_err(|error| no_folder(error.into()))?;
        if is_new && self.is_chosen() {
            self.terminal.note(&format!("Made a new data folder: {}", path_text(&path)));
        }
        Ok(folder)
    }

    /// Where [`Setup::made_data_folder`] will find or create the data folder, checked before anything else is done.
    pub(crate) fn data_place(&self) -> Result<PathBuf> {
        let path = self.data_path()?;
        let can_be_made = path.parent().is_none_or(Path::is_dir);
        if self.is_chosen() && !path.exists() && !can_be_made {
            return Err(Error::new(ErrorCode::NotFound, format!("There is no data folder `{}`", path_text(&path)))
                .with_hint(self.why_missing(&path)));
        }
        Ok(path)
    }

    /// The data folder that was given for this run.
    pub(crate) fn told_data(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// Whether `--data` was given.
    pub(crate) fn is_told_data(&self) -> bool {
        self.data.is_some()
    }

    fn is_chosen(&self) -> bool {
        self.data.is_some() || self.settings.data_folder.is_some()
    }

    fn why_missing(&self, path: &Path) -> String {
        const SET: &str = "`panopto-analytics settings set --data-folder DIR`";
        const ADD: &str = "`panopto-analytics courses add` makes a new one there";
        let absent = path.parent().filter(|parent| !parent.is_dir()).map(path_text);
        match (&self.data, absent) {
            (Some(_), Some(parent)) => {
                format!("Check the spelling after --data, or connect the drive: `{parent}` is not there either")
            }
            (Some(_), None) => format!("Check the spelling after --data; {ADD}"),
            (None, Some(parent)) => {
                format!(
                    "The settings name it, and `{parent}` is not there either: connect its drive, or choose another folder with {SET}"
                )
            }
            (None, None) => format!("The settings name it; {ADD}, and {SET} chooses another"),
        }
    }

    /// Checks that secrets can be kept; the error says why not. Call it before anyone types a secret.
    pub(crate) async fn keychain_is_there(&self) -> Result<()> {
        let Some(keychain) = self.keychain.clone() else {
            return Err(Error::new(ErrorCode::KeychainUnavailable, "With --no-keychain no secret can be kept")
                .with_hint("Leave out --no-keychain, or put the secrets into environment variables, see --help"));
        };
        tokio::task::spawn_blocking(move || keychain.probe()).await.map_err(|error| {
            Error::new(ErrorCode::Internal, "The keychain did not answer: the call was broken off").with_source(error)
        })?
    }
}

/// The variables of this process, except for one that was given as an option.
pub(crate) struct Given {
    name: &'static str,
    value: String,
}

/// The server of one run, which replaces the stored one and `PANOPTO_SERVER`.
pub(crate) fn given_server(server: Option<&str>) -> Result<Option<Given>> {
    let Some(server) = server else { return Ok(None) };
    let given = FixedEnvironment::new([(variables::SERVER, server)]);
    effective_server(&Settings::default(), &given).map_err(|error| {
        Error::new(ErrorCode::InvalidInput, error.message())
            .with_hint("Give --server a host name such as university.hosted.panopto.com")
    })?;
    Ok(Some(Given { name: variables::SERVER, value: server.to_owned() }))
}

/// The folder of the settings for one run, which replaces the usual one and `PANOPTO_ANALYTICS_CONFIG_DIR`.
pub(crate) fn given_settings(dir: Option<&Path>) -> Result<Option<Given>> {
    let Some(dir) = dir else { return Ok(None) };
    let text = dir.to_str().ok_or_else(|| {
        Error::new(ErrorCode::InvalidInput, format!("The name of the folder `{}` is not Unicode", path_text(dir)))
            .with_hint("Give it in PANOPTO_ANALYTICS_CONFIG_DIR instead of --config-dir")
    })?;
    Ok(Some(Given { name: CONFIG_DIR_VARIABLE, value: text.to_owned() }))
}

impl Environment for Given {
    fn variable(&self, name: &str) -> Option<String> {
        if name == self.name { Some(self.value.clone()) } else { ProcessEnvironment.variable(name) }
    }
}

/// There is a file in the place of the data folder.
fn no_folder(error: Error) -> Error {
    not_the_call(error, ErrorCode::Disk)
}
