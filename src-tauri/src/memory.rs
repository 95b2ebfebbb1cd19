//! What the window remembers between runs: the screen, who signed in, the folder of the last chart.
//!
//! Kept in `window.json` beside the settings. Deliberately absent: settings, which the command line shares, and secrets.
//!
//! Invariant: nothing depends on it. A damaged or missing file counts as a first start and is written anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use engine::store::{Disk as _, Durability, RealDisk, replace};
use engine::views::MarkedCounts;
use model::FolderId;
use serde::{Deserialize, Serialize};

use crate::news_away::NewsAway;
use crate::news_told::NewsTold;
use crate::pages::app::ViewMemory;
use crate::signed_in_as::SignedInAs;

const FILE: &str = "window.json";

/// What is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Remembered {
    /// What was on screen.
    pub view: ViewMemory,
    /// Who signed in last.
    pub signed_in: Option<SignedInAs>,
    /// The folder of the chart saved last.
    pub chart_dir: Option<PathBuf>,
    /// When the last export was written, and what it was.
    pub exported_at: Option<chrono::DateTime<chrono::Utc>>,
    /// What is new and was put away, by the ID of its course.
    pub news_away: BTreeMap<String, Vec<NewsAway>>,
    /// How many sentences about what is new were told last, by the ID of their course.
    pub news_told: BTreeMap<String, NewsTold>,
    /// How much of each course was stored, so that a start need not read every course to say it.
    pub counts: BTreeMap<FolderId, MarkedCounts>,
}

/// The memory and its file. For the sample there is no file.
#[derive(Debug)]
pub struct Memory {
    file: Option<PathBuf>,
    remembered: Mutex<Remembered>,
}

impl Memory {
    /// What is remembered in this directory.
    pub fn in_dir(dir: &Path) -> Self {
        let file = dir.join(FILE);
        let remembered =
            RealDisk.read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { file: Some(file), remembered: Mutex::new(remembered) }
    }

    /// A memory that ends with the program.
    pub fn passing() -> Self {
        Self { file: None, remembered: Mutex::default() }
    }

    /// Everything that is remembered.
    pub fn get(&self) -> Remembered {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks at what is remembered, without copying it.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&Remembered) -> T) -> T {
        look(&self.remembered.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes what is remembered and writes it. A failed write is only logged. Blocks.
    pub fn update(&self, change: impl FnOnce(&mut Remembered)) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let before = remembered.clone();
        change(&mut remembered);
        if let Some(file) = &self.file
            && *remembered != before
            && let Err(error) = write(file, &remembered)
        {
            tracing::warn!(code = error.code().as_str(), "what was on screen cannot be remembered: {error}");
        }
    }
}

fn write(file: &Path, remembered: &Remembered) -> engine::Result<()> {
    let text = serde_json::to_vec_pretty(remembered).map_err(crate::error::lost_work)?;
    if let Some(dir) = file.parent() {
        RealDisk.create_dir_all(dir).map_err(crate::error::lost_work)?;
    }
    Ok(replace(&RealDisk, file, Durability::Remakable, |out| out.write_all(&text))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_there_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let inside = dir.path().join("not there yet");
        Memory::in_dir(&inside).update(|memory| memory.view.course_id = Some("x".to_owned()));
        assert_eq!(Memory::in_dir(&inside).get().view.course_id.as_deref(), Some("x"));
        std::fs::write(inside.join(FILE), "{damaged").unwrap();
        assert_eq!(Memory::in_dir(&inside).get(), Remembered::default());
    }

    #[test]
    fn the_sample_leaves_nothing_behind() {
        let memory = Memory::passing();
        memory.update(|memory| memory.view.course_id = Some("x".to_owned()));
        assert_eq!(memory.get().view.course_id.as_deref(), Some("x"));
    }
}
