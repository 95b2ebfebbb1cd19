//! Writing down that something with names left the data folder.
//!
//! Deliberately absent: the names. Invariant: what was saved stands, whatever becomes of the journal; a failure is told as a
//! finding.

use std::path::Path;
use std::sync::Arc;

use engine::Result;
use engine::store::{NamedExport, NamedExportEntry};

use crate::pages::chart::SavedFile;
use crate::state::blocking;
use crate::workspace::Workspace;

impl Workspace {
    /// Writes down that names went somewhere. Blocks.
    pub(crate) fn note_named_export(&self, what: NamedExport, place: String) {
        let entry = NamedExportEntry { at: self.clock.now(), what: what.into(), place };
        let noted = self.change_quickly(|folder, lock| Ok(folder.note_named_export(lock, entry)?));
        if let Err(error) = noted {
            let told = format!("The export is not in the journal of exports with names: {}", error.message());
            tracing::warn!(code = error.code().as_str(), "{told}");
            self.findings.add(&told);
        }
    }
}

/// The same for a file, where one was saved. `had_names` says whether names were shown when it was made: they may have been
/// switched off while the dialog was open.
pub(crate) async fn noted(
    workspace: &Arc<Workspace>,
    what: NamedExport,
    had_names: bool,
    saved: Option<SavedFile>,
) -> Result<Option<SavedFile>> {
    if let Some(file) = &saved {
        let place = Path::new(&file.folder).join(&file.name).display().to_string();
        let workspace = Arc::clone(workspace);
        blocking(move || {
            // Switched on meanwhile, one entry too many is harmless.
            if had_names || workspace.discretion().names_shown {
                workspace.note_named_export(what, place);
            }
            Ok(())
        })
        .await?;
    }
    Ok(saved)
}
