//! What the program tells its window: the events of a running job, and facts that belong to no call.
//!
//! Deliberately absent: how an event travels. In the program that is tauri; in development it is a loopback connection.
//!
//! Invariant: an event that nobody can receive any more is dropped. A window that is gone is not an error.

use std::fmt;
use std::sync::Arc;

use engine::settings::Appearance;
use serde::Serialize;
use serde_json::Value;

use crate::pages::app::{MenuCommand, ZoomPercent};
use crate::pages::discretion::Discretion;
use crate::pages::settings::Settings;

/// Receives the events of one job. Clones send to the same place.
pub struct JobEvents<E>(Arc<dyn Fn(E) + Send + Sync>);

impl<E> JobEvents<E> {
    /// Passes every event to this function.
    pub fn new(receive: impl Fn(E) + Send + Sync + 'static) -> Self {
        Self(Arc::new(receive))
    }

    /// Sends one event.
    pub fn send(&self, event: E) {
        (self.0)(event);
    }
}

impl<E> Clone for JobEvents<E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<E> fmt::Debug for JobEvents<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JobEvents")
    }
}

/// A fact for the whole window.
#[derive(Debug, Clone)]
pub enum WindowEvent {
    /// Stored data of these courses has changed; an empty list means all of them.
    DataChanged(Vec<String>),
    /// Another process has changed settings that can be seen.
    SettingsChanged(Box<Settings>),
    /// What may be seen of people has changed.
    DiscretionChanged(Discretion),
    /// Something was chosen in the native menu.
    Menu(MenuCommand),
}

impl WindowEvent {
    /// Its name in `docs/ipc.md`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::DataChanged(_) => "data-changed",
            Self::SettingsChanged(_) => "settings-changed",
            Self::DiscretionChanged(_) => "discretion-changed",
            Self::Menu(_) => "menu",
        }
    }

    /// What it carries.
    pub fn payload(&self) -> Value {
        match self {
            Self::DataChanged(courses) => as_json(courses),
            Self::SettingsChanged(settings) => as_json(settings),
            Self::DiscretionChanged(discretion) => as_json(discretion),
            Self::Menu(command) => as_json(command),
        }
    }
}

fn as_json(payload: &impl Serialize) -> Value {
    serde_json::to_value(payload).unwrap_or_default()
}

/// The window, as the commands need it.
pub trait Screen: Send + Sync {
    /// Tells the window a fact.
    fn tell(&self, event: &WindowEvent);
    /// Makes title bar, menus and `prefers-color-scheme` follow a choice of the user.
    fn follow(&self, appearance: Appearance);
    /// Draws everything in this size.
    fn zoom(&self, zoom: ZoomPercent);
}
