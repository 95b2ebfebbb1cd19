//! What the first paint needs, and what the window remembers.

use std::collections::BTreeMap;

use engine::settings::Appearance;
use model::{HeatMeasure, MapMeasure};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::comparing::CompareWith;
use super::connect::SignIn;
use super::course::{CourseTab, TableSort, VideoOrder};
use super::discretion::Discretion;
use super::export::ExportMemory;
use super::range::{DateRange, PresetId};
use super::sidebar::CourseSummary;
use super::timeline::TimelineView;

/// Everything the window needs before it draws anything; read without a request to a server.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts")]
pub struct AppState {
    /// Whether the welcome screen is over: a connection is set, or a data folder with courses is open.
    pub configured: bool,
    /// Whether the sample courses are shown instead of the user's own.
    pub sample: bool,
    /// Who is signed in, as far as known without asking the server.
    pub sign_in: SignIn,
    /// The data folder in use, as the system writes paths.
    pub data_folder: String,
    /// System, light or dark.
    pub appearance: Appearance,
    /// What may be seen of people.
    pub discretion: Discretion,
    /// Which system this is: decides the names of keys (`⌘` or `Ctrl`).
    pub platform: Platform,
    /// The course list in its order.
    pub courses: Vec<CourseSummary>,
    /// What was on screen when the program last ended.
    pub view: ViewMemory,
    /// The last export, for *Export again*; absent before the first.
    pub export_memory: Option<ExportMemory>,
    /// What stands in the way of everything else, for example a damaged `courses.csv` or a busy data folder.
    pub notices: Vec<Notice>,
}

/// The system the program runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts")]
pub enum Platform {
    /// macOS.
    Mac,
    /// Windows.
    Windows,
    /// Linux and everything else.
    Linux,
}

/// What was on screen, remembered between runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts")]
pub struct ViewMemory {
    /// The course last looked at.
    pub course_id: Option<String>,
    /// How its videos were shown.
    pub tab: CourseTab,
    /// What the colour of the map meant.
    pub map_measure: MapMeasure,
    /// What the colour of the heat map meant.
    pub heat_measure: HeatMeasure,
    /// How the timeline of a video was shown.
    #[serde(default)]
    pub timeline: TimelineView,
    /// How the table was sorted.
    #[serde(default)]
    pub table_sort: TableSort,
    /// In which order the other views had the videos.
    #[serde(default)]
    pub video_order: VideoOrder,
    /// The chosen days by the ID of their course; a course with all dates has none.
    #[serde(default)]
    pub ranges: BTreeMap<String, RangeChoice>,
    /// What a course is compared with, by its ID; a course that is not compared has none.
    #[serde(default)]
    pub compared: BTreeMap<String, CompareWith>,
    /// How large everything is drawn, in per cent; 50 to 200.
    #[serde(default)]
    #[ts(type = "number")]
    pub zoom_percent: ZoomPercent,
}

/// How large everything is drawn. What a file or a page says beyond the bounds is brought within them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u32")]
pub struct ZoomPercent(u32);

impl ZoomPercent {
    const SMALLEST: u32 = 50;
    const LARGEST: u32 = 200;

    /// 1 is the size that everything is designed in.
    pub fn factor(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl From<u32> for ZoomPercent {
    fn from(percent: u32) -> Self {
        Self(percent.clamp(Self::SMALLEST, Self::LARGEST))
    }
}

impl Default for ZoomPercent {
    fn default() -> Self {
        Self(100)
    }
}

/// The days chosen for a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts")]
pub struct RangeChoice {
    /// The ready-made choice they came from; its days move on as the data does. Absent: exactly these days.
    pub preset: Option<PresetId>,
    /// The days.
    pub range: DateRange,
}

/// A condition of the whole program that the user should know of, shown as a banner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts")]
pub struct Notice {
    /// One sentence, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What the banner offers.
    pub actions: Vec<NoticeAction>,
}

/// What a banner can offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts")]
pub enum NoticeAction {
    /// *Open data folder*.
    OpenDataFolder,
    /// *Connect*.
    Connect,
    /// *Try again*: reads the application's state once more.
    Retry,
    /// *Restore the settings*: the settings kept last replace the damaged ones.
    RestoreSettings,
    /// *Start with the default settings*: they replace the damaged ones.
    DefaultSettings,
    /// *Make the list anew*: the course list, from what is stored.
    RepairCourses,
    /// *Dismiss*: the user has read it.
    Dismiss,
}

/// A folder of this program that can be shown in the system's file manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts")]
pub enum KnownFolder {
    /// The data folder.
    Data,
    /// The folder of the last export.
    Export,
    /// The folder of the last saved chart.
    Chart,
    /// The log folder.
    Log,
}

/// A choice in the native menu, sent to the window as the event `menu`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "app.ts")]
pub enum MenuCommand {
    /// Add a course.
    AddCourse,
    /// Sync every course.
    SyncAll,
    /// Sync the course on screen.
    SyncCourse,
    /// Open the export sheet.
    Export,
    /// Repeat the last export.
    ExportAgain,
    /// Begin or stop presenting.
    Present,
    /// Draw everything larger.
    ZoomIn,
    /// Draw everything smaller.
    ZoomOut,
    /// Draw everything at 100 %.
    ZoomReset,
    /// Open the settings.
    Settings,
    /// Show the user guide.
    Guide,
    /// Show the keyboard shortcuts.
    Shortcuts,
    /// Show versions and licences.
    About,
}
