//! Credit for watching as the window previews and saves it.
//!
//! Deliberately absent: who gets what, which the engine works out for window and command line alike. Invariant: a gradebook
//! export that somebody picks is only read; what is filled is saved under a name of its own.

use std::path::Path;
use std::sync::Arc;

use engine::credit::{
    CreditFile, CreditList, CreditOverride, CreditRequest, CreditWho, credit_file, credit_list, credit_text,
    filled_gradebook, typed_deadline,
};
use engine::dates::dates_in_view;
use engine::roster::{ClassInView, GradebookFormat};
use engine::store::{Disk as _, Durability, NamedExport, RealDisk, replace};
use engine::{Error, ErrorCode, Result};
use model::line::one_line;
use model::words::{count, counted};
use model::{CreditRule, CreditScale, When};

use crate::desktop::{Desktop, PickerQuestion, PickerTarget};
use crate::open_course::OpenCourse;
use crate::pages::credit::{
    CreditAsked, CreditChoices, CreditDate, CreditFillRequest, CreditPreview, CreditSaveRequest, CreditSaved,
    CreditZero,
};
use crate::pages::id;
use crate::saving::{with_ending, write};
use crate::state::blocking;
use crate::workspace::Workspace;

/// A gradebook export is not larger.
const MOST_EXPORT_BYTES: u64 = 16 << 20;

/// A credit list that was worked out.
struct Worked {
    open: OpenCourse,
    class: Arc<ClassInView>,
    list: CreditList,
    text: String,
}

impl Workspace {
    /// What of a course can count.
    pub(crate) fn credit_choices(&self, course_id: &str) -> Result<CreditChoices> {
        let open = self.open_course(course_id)?;
        let class = self.class_of(&open);
        let dates = dates_in_view(&self.folder()?, &open.course, open.zone, open.fetched_through())?;
        let due = dates.flags.iter().filter(|flag| flag.kind.is_due()).filter_map(|flag| {
            let by = match dates.kept.date(flag.number)?.when {
                When::Days(days) => days.last().date().to_string(),
                When::At(at, _) => at.with_timezone(&open.zone).format("%Y-%m-%d %H:%M").to_string(),
            };
            Some(CreditDate { label: flag.text(), by })
        });
        Ok(CreditChoices::new(open.course.views.videos(), class.as_deref(), due.collect(), open.zone.name()))
    }

    /// What everybody of the class gets.
    pub(crate) fn credit_preview(&self, asked: &CreditAsked) -> Result<CreditPreview> {
        let names = self.discretion().names();
        let worked = self.worked(asked)?;
        Ok(CreditPreview::new(&worked.class, &worked.list, worked.text, names))
    }

    fn worked(&self, asked: &CreditAsked) -> Result<Worked> {
        let open = self.open_course(&asked.course_id)?;
        let class = self.class_of(&open).ok_or_else(|| {
            Error::new(ErrorCode::NotFound, "The course has no class list").with_hint("Add the class list first")
        })?;
        let decided = asked.decided.iter().map(|decided| CreditOverride {
            who: CreditWho::Place(decided.place as usize),
            points: decided.points,
            reason: one_line(&decided.reason),
        });
        let request = CreditRequest {
            videos: asked.session_ids.iter().map(|video| id::video(video)).collect::<Result<_>>()?,
            deadline: typed_deadline(&asked.by, open.zone, asked.grace_minutes)?,
            rule: CreditRule {
                threshold_percent: asked.threshold_percent,
                points: asked.points,
                scale: if asked.proportional { CreditScale::Proportional } else { CreditScale::Full },
                decimals: asked.decimals,
                nothing_is_zero: asked.zero_for != CreditZero::Nobody,
            },
            not_found_is_zero: asked.zero_for == CreditZero::NotFound,
            overrides: decided.collect(),
        };
        let list = credit_list(&class, &request, open.zone, open.facts.fetched_through)?;
        let now = self.clock.now().with_timezone(&open.zone).format("%Y-%m-%d %H:%M %Z");
        let text = credit_text(&list, &open.facts.name, &format!("Panopto Video Analytics on {now}"));
        Ok(Worked { open, class, list, text })
    }
}

/// Saves the file of a gradebook, with what was counted beside it; `None` where the user closes the dialog.
pub(crate) async fn save(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    request: CreditSaveRequest,
) -> Result<Option<CreditSaved>> {
    let working = Arc::clone(workspace);
    let (bytes, told, text, name) = blocking(move || {
        let format = GradebookFormat::ALL.into_iter().find(|format| format.word() == request.format);
        let format = format.ok_or_else(|| {
            Error::new(ErrorCode::InvalidInput, "This is no form of a gradebook").with_hint("Choose one of the list")
        })?;
        let Worked { open, class, list, text } = working.worked(&request.of)?;
        let CreditFile { bytes, title, people, without_key } = credit_file(&class, &list, format, &request.title)?;
        let mut told = format!("{} in the file. {}", counted(people as u64, "person", "people"), format.advice());
        if without_key > 0 {
            let missing = counted(without_key as u64, "person with a value is", "people with a value are");
            told = format!(
                "{told}. {missing} not in it: the class list does not say what this gradebook tells them apart by"
            );
        }
        let name = format!("{} – {title}", open.facts.name);
        Ok((bytes, told, text, name))
    })
    .await?;
    deliver(workspace, desktop, name, bytes, told, text).await
}

/// Fills one column of a gradebook export that somebody picks; `None` where the user closes a dialog.
pub(crate) async fn fill(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    request: CreditFillRequest,
) -> Result<Option<CreditSaved>> {
    let question = PickerQuestion {
        title: "Choose the export of your gradebook",
        what: PickerTarget::File { kind: None },
        start: workspace.memory.get().chart_dir.filter(|dir| dir.is_dir()),
    };
    let Some(export) = desktop.pick(question).await else { return Ok(None) };
    let working = Arc::clone(workspace);
    let (bytes, told, text, name) = blocking(move || {
        let Worked { class, list, text, .. } = working.worked(&request.of)?;
        let (bytes, shown) = read_export(&export)?;
        let filled = filled_gradebook(&class, &list, &bytes, &shown, &request.column)?;
        let told = format!(
            "“{}” filled for {}; {} without a value keep what they have",
            filled.column,
            counted(filled.people as u64, "person", "people"),
            count(filled.unchanged as u64)
        );
        let stem = export.file_stem().map_or_else(|| "Gradebook".to_owned(), |stem| one_line(&stem.to_string_lossy()));
        Ok((filled.bytes, told, text, format!("{stem} filled")))
    })
    .await?;
    deliver(workspace, desktop, name, bytes, told, text).await
}

fn read_export(path: &Path) -> Result<(Vec<u8>, String)> {
    let shown = path.display().to_string();
    match RealDisk.read_at_most(path, MOST_EXPORT_BYTES) {
        Ok(bytes) => Ok((bytes, shown)),
        Err(error) => {
            Err(Error::new(ErrorCode::NotFound, format!("The gradebook export `{shown}` cannot be read: {error}"))
                .with_hint("Choose the file that the gradebook exports"))
        }
    }
}

async fn deliver(
    workspace: &Arc<Workspace>,
    desktop: &dyn Desktop,
    name: String,
    bytes: Vec<u8>,
    told: String,
    text: String,
) -> Result<Option<CreditSaved>> {
    let name = format!("{}.csv", engine::store::safe_name::safe_name(&name));
    let question = PickerQuestion {
        title: "Save the credit",
        what: PickerTarget::Save { name, kind: ("Table (CSV)", "csv") },
        start: workspace.memory.get().chart_dir.filter(|dir| dir.is_dir()),
    };
    let Some(path) = desktop.pick(question).await else { return Ok(None) };
    let workspace = Arc::clone(workspace);
    blocking(move || {
        let path = with_ending(path, "csv")?;
        let mut beside = path.file_stem().unwrap_or_default().to_owned();
        beside.push(" – what was counted");
        // Without its ending, so that no file is replaced that nobody was asked about.
        let beside = with_ending(path.with_file_name(beside), "txt")?;
        replace(&RealDisk, &beside, Durability::Remakable, |file| file.write_all(text.as_bytes()))?;
        let file = write(&workspace, &path, &bytes)?;
        // A gradebook's file names people, whatever is shown on screen.
        workspace.note_named_export(NamedExport::Credit, path.display().to_string());
        Ok(Some(CreditSaved { file, text: told }))
    })
    .await
}
