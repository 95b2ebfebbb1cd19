//! The export for Tableau, with the folder and the choices remembered.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::chunk::ChunkOptions;
use engine::export::{CourseChoice, ExportProgress, ExportRequest, export, plan};
use engine::pseudonym::Pseudonyms;
use engine::secrets::pseudonym_key;
use engine::settings::Settings;
use engine::{Error, ErrorCode, Result};
use tokio_util::sync::CancellationToken;

use crate::desktop::{Desktop, PickerQuestion, PickerTarget};
use crate::error::lost_work;
use crate::events::JobEvents;
use crate::pages::export::{ExportChoice, ExportEvent, ExportMemory, ExportPreview, ExportReport};
use crate::pages::{id, when};
use crate::state::blocking;
use crate::workspace::Workspace;

/// The shortest time between two progress events.
const PACE: Duration = Duration::from_millis(100);

impl Workspace {
    /// What an export with these choices would write.
    pub(crate) fn export_preview(&self, choice: &ExportChoice) -> Result<ExportPreview> {
        let settings = self.settings()?;
        let target = self.export_folder(&settings);
        // Without a folder, the preview plans into one that does not exist.
        let planned_for = target.clone().unwrap_or_else(|| std::env::temp_dir().join("panopto-export-preview"));
        let request = self.export_request(choice, &settings, &planned_for)?;
        match plan(&self.folder()?, &request) {
            Err(error) if !matches!(error.code(), ErrorCode::InvalidInput | ErrorCode::NotFound) => Err(error),
            planned => Ok(ExportPreview::new(target.as_deref(), planned)),
        }
    }

    /// The folder picked for the next export, or else that of the last one.
    fn export_folder(&self, settings: &Settings) -> Option<PathBuf> {
        self.picked_export.get().or_else(|| settings.last_export.as_ref().map(|last| last.dir.clone()))
    }

    fn export_request(&self, choice: &ExportChoice, settings: &Settings, target: &Path) -> Result<ExportRequest> {
        let courses = id::courses(choice.course_ids.as_deref())?;
        Ok(ExportRequest {
            target: target.to_owned(),
            courses: courses.map_or(CourseChoice::All, CourseChoice::Some),
            pseudonyms: None,
            guard_formulas: choice.formula_guard,
            tables: choice.tables,
            chunk: ChunkOptions::new(self.zone(settings)?),
        })
    }

    /// Asks for the folder of the next export.
    pub(crate) async fn pick_export_folder(self: &Arc<Self>, desktop: &dyn Desktop) -> Result<bool> {
        let start = self.export_folder(&self.settings()?).filter(|dir| dir.is_dir());
        let question =
            PickerQuestion { title: "Choose the folder for the Tableau dataset", what: PickerTarget::Folder, start };
        let Some(folder) = desktop.pick(question).await else { return Ok(false) };
        self.picked_export.set(folder);
        Ok(true)
    }

    /// Exports with these choices into the picked folder, and remembers both.
    pub async fn export(
        self: &Arc<Self>,
        choice: ExportChoice,
        tell: JobEvents<ExportEvent>,
        cancel: &CancellationToken,
    ) -> Result<ExportReport> {
        let (workspace, cancel) = (Arc::clone(self), cancel.clone());
        blocking(move || workspace.export_now(&choice, &tell, &cancel)).await
    }

    /// The choices of the last export.
    pub(crate) fn last_choice(&self) -> Result<ExportChoice> {
        let last = self.settings()?.last_export;
        last.as_ref().map(ExportChoice::of_last).ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "Nothing was exported yet").with_hint("Choose a folder and export once")
        })
    }

    fn export_now(
        &self,
        choice: &ExportChoice,
        tell: &JobEvents<ExportEvent>,
        cancel: &CancellationToken,
    ) -> Result<ExportReport> {
        let settings = self.settings()?;
        let target = self.export_folder(&settings).ok_or_else(|| {
            Error::new(ErrorCode::InvalidInput, "No folder is chosen for the export").with_hint("Choose a folder first")
        })?;
        let mut request = self.export_request(choice, &settings, &target)?;
        if choice.pseudonyms {
            let key = pseudonym_key(&*self.secrets)?;
            request.pseudonyms =
                Some(Pseudonyms::new(&key).ok_or_else(|| lost_work("the key for pseudonyms is too short"))?);
        }
        let (folder, lock) = self.lock_folder()?;
        request.chunk = ChunkOptions::new(self.settled_zone(&folder, &lock)?);
        let paced = Paced::new(tell);
        let report = export(&folder, &lock, &request, cancel, &|progress| paced.send(progress))?;
        drop(lock);
        let last = choice.remembered(&target)?;
        let kept = self.settings_file.update(|settings| settings.last_export = Some(last))?;
        let now = self.clock.now();
        self.memory.update(|memory| memory.exported_at = Some(now));
        let memory = self.export_memory(&kept).ok_or_else(|| lost_work("the export was not remembered"))?;
        Ok(ExportReport::new(&target, &report, memory))
    }

    /// The last export, as it is remembered.
    pub(crate) fn export_memory(&self, settings: &Settings) -> Option<ExportMemory> {
        let last = settings.last_export.as_ref()?;
        let zone = self.zone(settings).ok()?;
        Some(ExportMemory {
            folder: last.dir.display().to_string(),
            choice: ExportChoice::of_last(last),
            last: self.memory.get().exported_at.map(|at| when::at(at, zone)),
        })
    }
}

/// Sends the first and the last progress event, and in between no more than the eye can follow.
struct Paced<'a> {
    tell: &'a JobEvents<ExportEvent>,
    sent: Mutex<Option<Instant>>,
}

impl<'a> Paced<'a> {
    fn new(tell: &'a JobEvents<ExportEvent>) -> Self {
        Self { tell, sent: Mutex::new(None) }
    }

    fn send(&self, progress: ExportProgress) {
        let is_last =
            matches!(progress, ExportProgress::Writing { written_bytes, total_bytes } if written_bytes >= total_bytes);
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if is_last || sent.is_none_or(|sent| sent.elapsed() >= PACE) {
            *sent = Some(Instant::now());
            self.tell.send(ExportEvent::new(progress));
        }
    }
}
