//! Notices what another process did to the data folder and to the settings: a nightly job, the command line, an editor.
//!
//! It looks when the window comes to the front, which is when a person would see a change. Deliberately absent:
//! watching the disk all the time.

use crate::events::WindowEvent;
use crate::jobs::JobKind;
use crate::state::{Shell, blocking};
use crate::workspace::Workspace;

impl Workspace {
    /// Whether course list or state have changed since this was last asked. It is first asked when the window gets the
    /// courses, so that no change is missed before the window first comes to the front. Blocks.
    pub(crate) fn has_changed(&self) -> bool {
        let Ok(Some(folder)) = self.existing_folder() else { return false };
        let look = |path: std::path::PathBuf| folder.disk().stat(&path).ok().flatten();
        let now = [look(folder.courses_file()), look(folder.state_file())];
        self.last_seen.files_differ(now)
    }

    /// Whether visible settings have changed since this was last asked. It is also asked after each change made in the
    /// window, so that only changes from outside count. Blocks.
    pub(crate) fn settings_have_changed(&self) -> bool {
        let Ok(settings) = self.settings() else { return false };
        let now = (settings.data_folder, self.own_zone().ok().flatten(), settings.appearance, settings.show_names);
        self.last_seen.settings_differ(now)
    }
}

/// Tells the window if something has changed. Not during the window's own sync, which reports its changes anyway.
pub async fn look_for_changes(shell: &Shell) {
    if shell.jobs.refuse_during(&[JobKind::Sync, JobKind::Move]).is_err() {
        return;
    }
    let workspace = shell.workspace();
    let looked = blocking(move || Ok((workspace.settings_have_changed(), workspace.has_changed()))).await;
    let (settings, data) = looked.unwrap_or_default();
    if settings && let Ok(view) = shell.settings_view().await {
        shell.screen.follow(view.appearance);
        shell.screen.tell(&WindowEvent::SettingsChanged(Box::new(view)));
        if let Ok(discretion) = shell.discretion().await {
            shell.screen.tell(&WindowEvent::DiscretionChanged(discretion));
        }
    }
    // Another time zone changes figures, another data folder everything.
    if settings || data {
        shell.screen.tell(&WindowEvent::DataChanged(Vec::new()));
    }
}
