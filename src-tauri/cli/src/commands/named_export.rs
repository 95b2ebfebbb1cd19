//! Writing down that something with names left the data folder.

use engine::clock::{Clock as _, SystemClock};
use engine::store::{DataFolder, NamedExport, NamedExportEntry};

use crate::terminal::Terminal;

/// Adds a line to the journal. What was saved stands, whatever becomes of it: a failure is a warning.
pub(super) fn note(terminal: &Terminal, folder: &DataFolder, what: NamedExport, place: String) {
    let entry = NamedExportEntry { at: SystemClock.now(), what: what.into(), place };
    let noted = folder.lock().and_then(|lock| folder.note_named_export(&lock, entry));
    if let Err(error) = noted {
        let error = engine::Error::from(error);
        terminal.warning(
            &format!("The export is not in the journal of exports with names: {}", error.message()),
            error.hint(),
        );
    }
}
