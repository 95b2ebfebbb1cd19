//! `retention`: for how long viewing records are kept, and removing those that are older, each with a preview.

use chrono::NaiveDate;
use engine::clock::{Clock as _, SystemClock};
use engine::people::{RetentionReport, kept_from, remove_older, would_remove_older};
use engine::store::DataFolder;
use engine::{Error, ErrorCode, Result};
use model::FolderId;
use model::words::{count, counted};
use serde_json::{Value, json};

use crate::args::{KeepFor, RetentionArgs};
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::terminal::Outcome;

/// Removes records that are too old, says for how long they are kept from now on, or shows what would go.
pub(crate) async fn retention(setup: &Setup, args: RetentionArgs) -> Result<Outcome> {
    let folder = setup.data_folder()?;
    let course = course_named(&listed_courses(&folder)?, &args.course, Parts::for_deleting(args.delete))?;
    let today = SystemClock.now().date_naive();
    match (args.keep_for, args.before, args.days) {
        (Some(keep_for), ..) => keep(setup, folder, course, keep_for, today, args.delete).await,
        (None, Some(day), _) => remove_before(setup, folder, course, day.date(), today, args.delete).await,
        (None, None, Some(days)) => {
            remove_before(setup, folder, course, kept_from(today, days), today, args.delete).await
        }
        (None, None, None) if args.delete => {
            Err(Error::new(ErrorCode::InvalidInput, "`--delete` does not say which records")
                .with_hint("Give --keep-for, --before or --days with it"))
        }
        (None, None, None) => super::blocking(move || shown(&folder, course, today)).await,
    }
}

async fn remove_before(
    setup: &Setup,
    folder: DataFolder,
    course: FolderId,
    before: NaiveDate,
    today: NaiveDate,
    delete: bool,
) -> Result<Outcome> {
    if before > today {
        return Err(Error::new(ErrorCode::InvalidInput, format!("{before} has not come yet"))
            .with_hint("Give a day that is over"));
    }
    let lock = if delete { Some(setup.lock(&folder)?) } else { None };
    let (report, kept) = super::blocking(move || {
        let report = match lock {
            Some(lock) => remove_older(&folder, &lock, course, before)?,
            None => would_remove_older(&folder, course, before)?,
        };
        Ok((report, days_of(&folder, course)?))
    })
    .await?;
    let records = counted(report.records, "viewing record", "viewing records");
    let text = match (delete, report.records) {
        (_, 0) => format!("Nothing was recorded before {before}"),
        (true, _) => {
            format!("Deleted {records} from before {before}; the dataset is made again by the next `chunk` or `export`")
        }
        (false, _) => format!(
            "Would delete {records} from before {before}, in {} files; --delete does it, and cannot be undone",
            count(report.files)
        ),
    };
    Ok(Outcome::done(text, as_json(course, !delete, &report, kept)))
}

async fn keep(
    setup: &Setup,
    folder: DataFolder,
    course: FolderId,
    keep_for: KeepFor,
    today: NaiveDate,
    delete: bool,
) -> Result<Outcome> {
    let days = match keep_for {
        KeepFor::Always => None,
        KeepFor::Days(days) => Some(days),
    };
    // Keeping everything deletes nothing and needs no preview.
    let is_done = delete || days.is_none();
    let lock = if is_done { Some(setup.lock(&folder)?) } else { None };
    super::blocking(move || {
        if let Some(lock) = lock {
            folder.set_keep_for(&lock, course, days)?;
            return shown(&folder, course, today);
        }
        let days = days.unwrap_or_default();
        let report = would_remove_older(&folder, course, kept_from(today, days))?;
        let text = format!(
            "Would keep viewing records for {}; the next sync would delete {} from before {}. --delete sets this period; what a \
             sync deletes cannot be brought back",
            counted(days.into(), "day", "days"),
            counted(report.records, "viewing record", "viewing records"),
            report.before
        );
        Ok(Outcome::done(text, as_json(course, true, &report, days_of(&folder, course)?)))
    })
    .await
}

/// For how long the records of a course are kept, and what the next sync deletes.
fn shown(folder: &DataFolder, course: FolderId, today: NaiveDate) -> Result<Outcome> {
    let Some(days) = days_of(folder, course)? else {
        let json =
            json!({ "id": course, "isPreview": true, "before": null, "records": 0, "files": 0, "keepDays": null });
        return Ok(Outcome::done("Viewing records are kept until the course is removed".to_owned(), json));
    };
    let report = would_remove_older(folder, course, kept_from(today, days))?;
    let text = format!(
        "Viewing records are kept for {}; the next sync deletes {} from before {}",
        counted(days.into(), "day", "days"),
        counted(report.records, "viewing record", "viewing records"),
        report.before
    );
    Ok(Outcome::done(text, as_json(course, true, &report, Some(days))))
}

fn days_of(folder: &DataFolder, course: FolderId) -> Result<Option<u32>> {
    Ok(folder.keep_for()?.into_iter().find(|(id, _)| *id == course).map(|(_, days)| days))
}

fn as_json(course: FolderId, is_preview: bool, report: &RetentionReport, keep_days: Option<u32>) -> Value {
    let mut json = json!(report);
    json["id"] = json!(course);
    json["isPreview"] = json!(is_preview);
    json["keepDays"] = json!(keep_days);
    json
}
