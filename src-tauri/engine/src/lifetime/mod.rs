//! One run of the program, from its start to its end, over one person's settings and sign-in. Window and command line begin
//! and end the same way.
//!
//! - At the start: the settings, or that they are damaged; what an earlier run promised to delete and did not; and a move of
//!   the data folder in the middle of which an earlier run was killed.
//! - In between: the locks that processes share ([`Locks`]).
//! - At the end: waiting for a sign-in that is being renewed, whose only valid token would be lost with the process;
//!   and the data that this run promised to delete.
//!
//! Deliberately absent: running jobs, which their starter owns and stops before the end; and the lock of a data folder,
//! which lies in that folder.

mod interruptions;
mod locks;
mod moves;
mod promises;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use interruptions::Interruptions;
pub(crate) use locks::Locks;
pub use promises::{CarriedOut, Promises};

use moves::Moves;
use tokio_util::sync::CancellationToken;

use crate::Result;
use crate::connection::{Connector, Options};
use crate::environment::Environment;
use crate::secrets::SecretStore;
use crate::settings::SettingsFile;
use crate::store::DataFolder;
use crate::store::disk::Disk;
use crate::store::relocate::LeftBehind;

/// How long the end waits for a renewal. A server that takes longer has most likely not received the old token.
const END_PATIENCE: Duration = Duration::from_secs(10);

/// One run. Clones are the same run.
#[derive(Clone)]
pub struct Lifetime {
    settings_file: SettingsFile,
    connector: Arc<Connector>,
    promises: Arc<Promises>,
    moves: Arc<Moves>,
}

impl Lifetime {
    /// Begins a run over the settings in `config_dir` and these secrets. Reads and writes nothing yet.
    pub fn begin(
        disk: Arc<dyn Disk>,
        config_dir: &Path,
        secrets: Arc<dyn SecretStore>,
        environment: Arc<dyn Environment>,
        options: Options,
    ) -> Self {
        let connector = Connector::new(secrets, environment, options).sharing(Locks::in_dir(config_dir));
        Self {
            promises: Arc::new(Promises::in_dir(Arc::clone(&disk), config_dir)),
            moves: Arc::new(Moves::in_dir(Arc::clone(&disk), config_dir)),
            settings_file: SettingsFile::in_dir(disk, config_dir),
            connector: Arc::new(connector),
        }
    }

    /// The settings' file.
    pub const fn settings_file(&self) -> &SettingsFile {
        &self.settings_file
    }

    /// The connection to the server.
    pub const fn connector(&self) -> &Arc<Connector> {
        &self.connector
    }

    /// What this run promises to delete at the end.
    pub const fn promises(&self) -> &Arc<Promises> {
        &self.promises
    }

    /// Moves the data folder to `target`, an empty or new directory; settings and promises follow. Blocks.
    ///
    /// Errors as [`DataFolder::copy_to`]; the old folder then stays in use, complete.
    pub fn move_data_folder(
        &self,
        folder: &DataFolder,
        target: &Path,
        cancel: &CancellationToken,
    ) -> Result<LeftBehind> {
        // Before it is written down: what a killed move left is removed, and that must never be somebody's backup.
        folder.check_target(target)?;
        let moving = self.moves.begin(folder.root(), target)?;
        let copied = match folder.copy_to(target, &|| cancel.is_cancelled()) {
            Ok(copied) => copied,
            // Nothing is left of the copy.
            Err(error) => {
                moving.end();
                return Err(error.into());
            }
        };
        if let Err(error) = self.settings_file.update(|settings| settings.data_folder = Some(target.to_owned())) {
            copied.give_up();
            moving.end();
            return Err(error);
        }
        if let Err(error) = self.promises.follow(folder.root(), target) {
            tracing::warn!(code = error.code().as_str(), "data of removed courses stays at the new place: {error}");
        }
        let left = copied.remove_old();
        moving.end();
        Ok(left)
    }

    /// Makes one place of the two that a move left when its run was killed; what a person should know about that. At the
    /// start, before the data folder is used and [`Self::keep_left_promises`] deletes something in one of the two.
    pub async fn finish_left_move(&self) -> Option<String> {
        let run = self.clone();
        let finishing = move || run.moves.finish_left(&run.settings_file, &run.promises);
        tokio::task::spawn_blocking(finishing).await.unwrap_or_default()
    }

    /// Deletes what finished runs promised to delete. Call it at the start, before anybody can remove a course again.
    pub async fn keep_left_promises(&self) -> CarriedOut {
        let promises = Arc::clone(&self.promises);
        tokio::task::spawn_blocking(move || promises.keep_left()).await.unwrap_or_default()
    }

    /// Ends the run: allows no new renewal, waits at most [`END_PATIENCE`] for the one in flight, and deletes what this
    /// run promised to delete. Ending it twice does no harm.
    pub async fn end(&self) {
        let promises = Arc::clone(&self.promises);
        let deleting = tokio::task::spawn_blocking(move || promises.keep_own());
        if !self.connector.end(END_PATIENCE).await {
            tracing::warn!(code = "timeout", "the sign-in was being renewed at the end and may be lost");
        }
        let _ = deleting.await;
    }
}
