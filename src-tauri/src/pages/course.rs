//! The page of a course: its viewers across time, and all its videos for the map, the heat map and the table.
//!
//! Deliberately absent: the columns of the table (`columns.rs`), the colours (`map.rs`), the top lists (`top.rs`) and the small charts (`timelines.rs`).

use std::collections::BTreeMap;
use std::sync::Arc;

use charts::{Palette, Theme};
use chrono::{DateTime, Utc};
use engine::dates::VideoInTime;
use engine::roster::ClassInView;
use model::{
    CourseFigures, DateRange as Days, Figure, HeatMeasure, MapMeasure, VideoInfo, VideoRow as RowFigures, readout,
    words,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::chart::{Chart, Frame};
use super::columns::{FigureColumn, TableColumns};
use super::comparing::{CompareWith, ComparedNow};
use super::explanation::{Explainer, Explanation};
use super::figure::ShownFigure;
use super::listed::{self, ShownNames};
use super::map::{ColourScale, HeatChoice, MapChoice, Scales, presented_heat, presented_measure};
use super::range::{DateRange, RangeState};
use super::sidebar::CourseSummary;
use super::top::TopVideo;
use crate::beside::{Beside, map_measure, with_differences};
use crate::open_course::OpenCourse;

/// What a marked coverage figure leaves out.
const BESIDE_NOTE: &str = "* First watched before these days: what viewers covered then is left out";
/// What hatched cells of the map stand for.
const HATCHED_NOTE: &str = "Hatched: fewer than 5 people";

/// How the videos of a course are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub enum CourseTab {
    /// One row for each video, 20 cells.
    #[default]
    Map,
    /// One cell for each video.
    Heat,
    /// One small chart for each video.
    Timelines,
    /// Sortable columns.
    Table,
    /// The most watched and the most completed.
    Top,
    /// Everybody of the course by its videos.
    People,
    /// The same people as a list.
    PeopleList,
}

/// How the table of videos is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct TableSort {
    /// By which column.
    pub key: SortKey,
    /// From the smallest up.
    pub up: bool,
}

impl Default for TableSort {
    fn default() -> Self {
        Self { key: SortKey::Video(VideoColumn::Order), up: true }
    }
}

/// What the table can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
#[ts(export_to = "course.ts")]
pub enum SortKey {
    /// A column that tells which video it is.
    Video(VideoColumn),
    /// A column with a figure.
    Figure(Figure),
}

/// The columns that tell which video it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub enum VideoColumn {
    /// Its place in lecture order.
    Order,
    /// Its name.
    Name,
    /// The subfolder it lies in.
    Folder,
}

/// In which order the map, the heat map and the timelines show the videos.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub enum VideoOrder {
    /// As Panopto lists them.
    #[default]
    Listed,
    /// By the day of their first viewing; unwatched videos come last.
    FirstViewed,
}

/// What a page shows that does not follow from the viewing of the course under a range.
pub(crate) struct Aside {
    /// What it is compared with.
    pub(crate) beside: Option<Beside>,
    /// Its videos under its dates; none where no video can be due.
    pub(crate) in_time: Arc<[VideoInTime]>,
    /// For how many sentences about what is new room is kept.
    pub(crate) room_for_news: u32,
}

/// What to show of a course.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct OverviewRequest {
    /// The course.
    pub course_id: String,
    /// The days; absent: all dates.
    pub range: Option<DateRange>,
    /// What the colour of the map means.
    pub map_measure: MapMeasure,
    /// What the colour of the heat map means.
    pub heat_measure: HeatMeasure,
    /// Room for a name in the view on screen, in widths of the digit 0; absent: names are not cut.
    pub name_room: Option<u32>,
    /// Light or dark.
    pub theme: Theme,
    /// What the course is compared with; absent: with nothing.
    #[serde(default)]
    pub compare: Option<CompareWith>,
    /// Size of the chart across time; absent if the one on screen is still right and need not be drawn again.
    pub time_frame: Option<Frame>,
}

/// A course, seen under one date range.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct CourseOverview {
    /// The course, over all dates.
    pub course: CourseSummary,
    /// One line of facts under the date range: `42 videos · 187 viewers · 370 h 12 min watched`. Where days are chosen,
    /// each number stands beside the one for all dates.
    pub facts: String,
    /// What its facts, its small charts and its top lists count.
    pub explained: Explained,
    /// Why there is nothing to see: nobody watched on the chosen days. Absent where somebody did, and for all dates.
    pub empty: Option<String>,
    /// For how many sentences about what is new the page keeps room until they are known.
    pub room_for_news: u32,
    /// The date range and its choices.
    pub range: RangeState,
    /// What the course is compared with; absent where it is not.
    pub compared: Option<ComparedNow>,
    /// Viewers across time over all dates (the range is chosen on it); absent where the request left it out.
    pub time_chart: Option<Chart>,
    /// The columns of the table with figures, from left to right.
    pub columns: Vec<FigureColumn>,
    /// The beginning that all names share and their short names leave out: `all begin with BAMA504-001 2021W1`.
    pub names_note: Option<String>,
    /// What marked figures of coverage leave out; absent where none is marked.
    pub beside_note: Option<String>,
    /// All videos in lecture order.
    pub videos: Vec<VideoRow>,
    /// Whether any of them lies in a subfolder, so that the table says which.
    pub has_subfolders: bool,
    /// What the map can be coloured by, in the order it is offered.
    pub map_measures: Vec<MapChoice>,
    /// What the map is coloured by: what was asked for, or the first choice where that is not offered now.
    pub map_measure: MapMeasure,
    /// What the heat map can be coloured by, in the order it is offered.
    pub heat_measures: Vec<HeatChoice>,
    /// What the heat map is coloured by: what was asked for, or the first choice where that is not offered now.
    pub heat_measure: HeatMeasure,
    /// What hatched cells of the map stand for; absent where none is hatched.
    pub hatched_note: Option<String>,
    /// What the colours of the map mean.
    pub map_legend: ColourScale,
    /// What the colours of the heat map mean.
    pub heat_legend: ColourScale,
    /// The five videos with most viewers.
    pub top_by_viewers: Vec<TopVideo>,
    /// The five videos with the largest share of viewers who covered at least 75 %.
    pub top_by_covered: Vec<TopVideo>,
}

/// What is counted where no column, legend or chart says it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct Explained {
    /// The line of facts.
    pub facts: Vec<Explanation>,
    /// The small charts.
    pub timelines: Vec<Explanation>,
    /// The videos with most viewers.
    pub top_by_viewers: Explanation,
    /// The videos with the largest share of viewers who covered at least 75 %.
    pub top_by_covered: Explanation,
}

/// One video of a course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct VideoRow {
    /// The video's ID.
    pub session_id: String,
    /// Place in lecture order, from 1.
    pub order: u32,
    /// Its name.
    pub name: String,
    /// Its name cut to the room there is, without the part that all names share. Different names stay different.
    pub short_name: String,
    /// What is read out when somebody points at it, line by line; the whole name first.
    pub readout: Vec<String>,
    /// What is shown beside its coverage if it was first watched before the chosen days: `in these days; 46.7 % in
    /// all`.
    pub beside: Option<String>,
    /// The subfolder it lies in; absent: in the course's own folder.
    pub folder: Option<String>,
    /// Its figures, one for each such column of the table.
    pub figures: BTreeMap<Figure, ShownFigure>,
    /// Its viewers with the right plural: `61 viewers`.
    pub viewers_text: String,
    /// The cells of the map that stand for fewer than 5 people, while presenting; from 0 to 19.
    pub hatched: Vec<u8>,
    /// Colours of its 20 cells in the map: indices into `mapLegend.colours`; empty where the video has no duration.
    pub cells: Vec<u8>,
    /// Its colour in the heat map: an index into `heatLegend.colours`.
    pub heat: u8,
    /// The figure behind that colour.
    pub heat_figure: ShownFigure,
}

impl CourseOverview {
    /// The page of a course under one date range.
    pub(crate) fn new(
        open: &OpenCourse,
        request: &OverviewRequest,
        range: Days,
        now: DateTime<Utc>,
        aside: &Aside,
    ) -> Self {
        let (figures, all_dates) = (open.figures(range), open.figures(Days::ALL));
        let beside = aside.beside.as_ref();
        let differing = with_differences(&figures, beside);
        let figures: &CourseFigures = differing.as_ref().unwrap_or(&figures);
        let names = ShownNames::new(open.course.views.videos(), figures, request.name_room);
        let measure = map_measure(request.map_measure, beside);
        let (measure, heat_measure) = if open.presents() {
            (presented_measure(measure), presented_heat(request.heat_measure))
        } else {
            (measure, request.heat_measure)
        };
        let scales = Scales::new(figures, measure, heat_measure);
        let columns = TableColumns { figures, beside, in_time: &aside.in_time };
        let palette = Palette::of(request.theme);
        let explainer = Explainer::new(range, &open.facts, open.zone);
        let across_time = |frame: Frame| {
            let style = frame.on_screen(request.theme).told(open.telling);
            Chart::across_time(open.across_time_beside(None, range, Days::ALL, beside, &style), open)
        };
        let videos = rows(open, &columns, &all_dates, &names, &scales);
        Self {
            course: summary(open, now),
            facts: readout::course(figures, &all_dates),
            empty: (figures.unique_viewers == 0 && !range.is_all())
                .then(|| words::nobody_watched(range, open.fetched_through())),
            room_for_news: aside.room_for_news,
            range: RangeState::of(open, range),
            time_chart: request.time_frame.map(across_time),
            compared: beside.map(ComparedNow::of_course),
            columns: columns.heads(&explainer),
            explained: Explained::new(&explainer, beside),
            beside_note: videos.iter().any(|video| video.beside.is_some()).then(|| BESIDE_NOTE.to_owned()),
            hatched_note: videos.iter().any(|video| !video.hatched.is_empty()).then(|| HATCHED_NOTE.to_owned()),
            has_subfolders: videos.iter().any(|video| video.folder.is_some()),
            videos,
            names_note: names.note,
            map_measures: MapChoice::all(beside, open.presents()),
            map_measure: measure,
            heat_measures: HeatChoice::all(open.presents()),
            heat_measure,
            map_legend: scales.map_legend(palette, &explainer),
            heat_legend: scales.heat_legend(palette, &explainer),
            top_by_viewers: TopVideo::by_viewers(open, figures),
            top_by_covered: TopVideo::by_covered(open, figures),
        }
    }
}

impl CourseOverview {
    /// The page with how many of those enrolled have any viewing, where there is a class list.
    #[must_use]
    pub(crate) fn with_class(mut self, class: Option<&ClassInView>) -> Self {
        if let Some(class) = class {
            let (seen, people) = (words::count(class.seen().into()), words::count(class.counted() as u64));
            self.facts = format!("{} · {seen} of {people} enrolled", self.facts);
        }
        self
    }
}

fn summary(open: &OpenCourse, now: DateTime<Utc>) -> CourseSummary {
    let summary = CourseSummary::new(&open.facts, Some(open.course.counts()), now, open.zone);
    if open.presents() { summary.presented() } else { summary }
}

fn rows(
    open: &OpenCourse,
    columns: &TableColumns<'_>,
    all_dates: &CourseFigures,
    names: &ShownNames,
    scales: &Scales,
) -> Vec<VideoRow> {
    let videos = open.course.views.videos().iter().enumerate();
    let row = |(place, video): (usize, &VideoInfo)| {
        let row = &columns.figures.rows[place];
        // An unwatched video has no coverage that could be lower.
        let beside = readout::beside_all_dates(&row.totals, &all_dates.rows[place].totals)
            .filter(|_| row.totals.unique_viewers > 0);
        let folder = open.course.in_subfolder[place].then(|| video.folder_name.to_string());
        let mut shown = VideoRow::new(video, &names.names[place], row, beside, scales);
        shown.readout.extend(columns.lines(place));
        VideoRow { folder, figures: columns.of_video(place), ..shown }
    };
    videos.map(row).collect()
}

impl VideoRow {
    fn new(video: &VideoInfo, short_name: &str, row: &RowFigures, beside: Option<String>, scales: &Scales) -> Self {
        let (heat, heat_figure) = scales.heat(row);
        Self {
            session_id: video.session_id.to_string(),
            order: row.order,
            name: video.name.to_string(),
            short_name: short_name.to_owned(),
            readout: listed::lines(readout::video(video, row), beside.clone()),
            beside,
            folder: None,
            figures: BTreeMap::new(),
            viewers_text: row.totals.telling.viewers(row.totals.unique_viewers),
            hatched: scales.hatched(row),
            cells: scales.cells(row),
            heat,
            heat_figure,
        }
    }
}

impl Explained {
    fn new(explainer: &Explainer, beside: Option<&Beside>) -> Self {
        let small = [Figure::ChunkReached, Figure::ChunkCovered].into_iter().chain(beside.and_then(Beside::counts));
        Self {
            facts: explainer.explain_all([Figure::Videos, Figure::CourseViewers, Figure::WatchTime]),
            timelines: explainer.explain_all(small),
            top_by_viewers: explainer.explain(Figure::TopByViewers),
            top_by_covered: explainer.explain(Figure::TopByCoveredPercent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Earlier versions stored a sort order under these words, and this version still does.
    #[test]
    fn a_remembered_sorting_is_read_as_it_was_written() {
        for (word, key) in [
            ("order", SortKey::Video(VideoColumn::Order)),
            ("name", SortKey::Video(VideoColumn::Name)),
            ("duration", SortKey::Figure(Figure::Duration)),
            ("viewers", SortKey::Figure(Figure::UniqueViewers)),
            ("covered", SortKey::Figure(Figure::CoveredViewers)),
            ("coveredShare", SortKey::Figure(Figure::CoveredPercent)),
            ("typical", SortKey::Figure(Figure::TypicalPercent)),
            ("watchTime", SortKey::Figure(Figure::WatchTime)),
        ] {
            let text = format!(r#"{{"key":"{word}","up":false}}"#);
            let sort: TableSort = serde_json::from_str(&text).unwrap();
            assert_eq!((sort.key, sort.up), (key, false));
            assert_eq!(serde_json::to_string(&sort).unwrap(), text);
        }
        assert!(serde_json::from_str::<TableSort>(r#"{"key":"nonsense","up":true}"#).is_err());
    }

    #[test]
    fn remembered_measures_are_read_as_they_were_written() {
        for word in ["viewers", "coveredShare", "watchTime"] {
            let measure: HeatMeasure = serde_json::from_value(word.into()).unwrap();
            assert_eq!(serde_json::to_value(measure).unwrap(), word);
        }
        for word in ["reached", "covered", "rewatched"] {
            let measure: MapMeasure = serde_json::from_value(word.into()).unwrap();
            assert_eq!(serde_json::to_value(measure).unwrap(), word);
        }
    }
}
