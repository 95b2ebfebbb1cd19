//! A desktop and a window without a person in front of them: a test sets the pickers' answers and reads what was
//! opened.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use engine::settings::Appearance;
use serde::Serialize;
use serde_json::json;
use shell::desktop::{Desktop, PickerQuestion, PickerTarget, check_page};
use shell::events::{Screen, WindowEvent};
use shell::pages::app::ZoomPercent;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::Url;

/// Answers pickers from a list; records what is opened instead of opening it.
#[derive(Debug, Default)]
pub(crate) struct ScriptedDesktop {
    picks: Mutex<VecDeque<Option<PathBuf>>>,
    seen: Mutex<Seen>,
}

/// What was asked of the desktop so far.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Seen {
    /// Titles of the pickers, in order.
    pickers: Vec<String>,
    /// Names offered by the pickers that save, in order.
    names: Vec<String>,
    /// Pages opened in the browser.
    pages: Vec<String>,
    /// Folders shown in the file manager.
    folders: Vec<PathBuf>,
}

impl ScriptedDesktop {
    /// Sets the answer of the next picker that has none yet; `None` closes it without a choice.
    pub(crate) fn will_pick(&self, path: Option<PathBuf>) {
        self.picks.lock().unwrap_or_else(PoisonError::into_inner).push_back(path);
    }

    /// What was asked so far.
    pub(crate) fn seen(&self) -> Seen {
        self.lock_seen().clone()
    }

    fn lock_seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Desktop for ScriptedDesktop {
    async fn pick(&self, question: PickerQuestion) -> Option<PathBuf> {
        let mut seen = self.lock_seen();
        seen.pickers.push(question.title.to_owned());
        if let PickerTarget::Save { name, .. } = question.what {
            seen.names.push(name);
        }
        self.picks.lock().unwrap_or_else(PoisonError::into_inner).pop_front().flatten()
    }

    fn open_page(&self, page: &Url) -> engine::Result<()> {
        check_page(page)?;
        self.lock_seen().pages.push(page.to_string());
        Ok(())
    }

    fn open_folder(&self, folder: &Path) -> engine::Result<()> {
        self.lock_seen().folders.push(folder.to_owned());
        Ok(())
    }
}

/// Passes facts on to every page that listens.
#[derive(Debug, Default)]
pub(crate) struct StreamedScreen(Mutex<Vec<UnboundedSender<String>>>);

impl StreamedScreen {
    /// Everything that the window is told from now on, as lines of JSON.
    pub(crate) fn listen(&self) -> UnboundedReceiver<String> {
        let (send, lines) = unbounded_channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(send);
        lines
    }
}

impl Screen for StreamedScreen {
    fn tell(&self, event: &WindowEvent) {
        let line = json!({ "name": event.name(), "payload": event.payload() }).to_string();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|page| page.send(line.clone()).is_ok());
    }

    // A browser has no theme to set here; the page follows the choice by itself.
    fn follow(&self, _: Appearance) {}

    // A browser has a zoom of its own.
    fn zoom(&self, _: ZoomPercent) {}
}
