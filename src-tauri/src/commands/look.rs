//! Looking at courses and videos, and saving what is seen.

use crate::error::Answer;
use crate::pages::captions::VideoCaptions;
use crate::pages::chart::{ChartRequest, SavedFile};
use crate::pages::chart_table::{ChartTable, ChartTableRequest};
use crate::pages::course::{CourseOverview, OverviewRequest};
use crate::pages::map::MapRowDetail;
use crate::pages::moments::{MapMoments, NoteRequest, VideoMomentsShown};
use crate::pages::range;
use crate::pages::range::DateRange;
use crate::pages::report::ReportRequest;
use crate::pages::timelines::{Timelines, TimelinesRequest};
use crate::pages::typed_range::TypedRange;
use crate::pages::video::{VideoPage, VideoRequest};
use crate::pages::words::{WordsFound, WordsRequest};
use crate::state::{Shell, blocking};
use crate::{reporting, saving};

pub(super) async fn course_overview(shell: &Shell, request: OverviewRequest) -> Answer<CourseOverview> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.overview(&request)).await?)
}

pub(super) async fn map_row(
    shell: &Shell,
    course_id: String,
    session_id: String,
    range: Option<DateRange>,
) -> Answer<MapRowDetail> {
    let (workspace, range) = (shell.workspace(), range::days(range.as_ref())?);
    Ok(blocking(move || workspace.map_row(&course_id, &session_id, range)).await?)
}

pub(super) async fn range_typed(shell: &Shell, request: TypedRange) -> Answer<Option<DateRange>> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.typed_range(&request)).await?)
}

pub(super) async fn timelines(shell: &Shell, request: TimelinesRequest) -> Answer<Timelines> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.timelines(&request)).await?)
}

pub(super) async fn chart_table(shell: &Shell, request: ChartTableRequest) -> Answer<ChartTable> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.chart_table(&request)).await?)
}

pub(super) async fn find_words(shell: &Shell, request: WordsRequest) -> Answer<WordsFound> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.find_words(&request)).await?)
}

pub(super) async fn video(shell: &Shell, request: VideoRequest) -> Answer<VideoPage> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.video(&request)).await?)
}

pub(super) async fn chart_save(shell: &Shell, request: ChartRequest) -> Answer<Option<SavedFile>> {
    let saved = saving::save(&shell.workspace(), &*shell.desktop, request).await;
    shell.tell_findings();
    Ok(saved?)
}

pub(super) async fn report_save(shell: &Shell, request: ReportRequest) -> Answer<Option<SavedFile>> {
    let saved = reporting::save(&shell.workspace(), &*shell.desktop, request).await;
    shell.tell_findings();
    Ok(saved?)
}

pub(super) async fn map_moments(shell: &Shell, course_id: String, range: Option<DateRange>) -> Answer<MapMoments> {
    let (workspace, range) = (shell.workspace(), range::days(range.as_ref())?);
    Ok(blocking(move || workspace.map_moments(&course_id, range)).await?)
}

pub(super) async fn video_moments(
    shell: &Shell,
    course_id: String,
    session_id: String,
    range: Option<DateRange>,
) -> Answer<VideoMomentsShown> {
    let (workspace, range) = (shell.workspace(), range::days(range.as_ref())?);
    Ok(blocking(move || workspace.video_moments(&course_id, &session_id, range)).await?)
}

pub(super) async fn video_captions(shell: &Shell, course_id: String, session_id: String) -> Answer<VideoCaptions> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.video_captions(&course_id, &session_id)).await?)
}

pub(super) async fn note_keep(shell: &Shell, request: NoteRequest) -> Answer<NoteRequest> {
    let workspace = shell.workspace();
    Ok(blocking(move || workspace.keep_note(request)).await?)
}

pub(super) async fn open_in_panopto(
    shell: &Shell,
    course_id: String,
    session_id: String,
    at_secs: Option<u32>,
) -> Answer<()> {
    let (workspace, desktop) = (shell.workspace(), std::sync::Arc::clone(&shell.desktop));
    Ok(blocking(move || desktop.open_page(&workspace.video_page(&course_id, &session_id, at_secs)?)).await?)
}
