//! A course under one date range: its videos as map, heat map and table, its top lists.

use charts::{ColourScale as Scale, Palette, heat_text};
use engine::views::CourseInView;
use model::{
    CHUNK_COUNT, CourseFigures, HeatMeasure as Heat, MapMeasure as Map, VideoFigures, VideoRow as Row, readout, words,
};

use super::figure;
use crate::dto::Figure;
use crate::dto::overview::{
    CellDetail, ColourScale, HeatMeasure, MapMeasure, MapRowDetail, ScaleTick, TopVideo, VideoRow,
};

/// Lines of a top list.
const TOP: usize = 5;

impl From<MapMeasure> for Map {
    fn from(measure: MapMeasure) -> Self {
        match measure {
            MapMeasure::Reached => Self::Reached,
            MapMeasure::Covered => Self::Covered,
            MapMeasure::Rewatched => Self::Rewatched,
        }
    }
}

impl From<HeatMeasure> for Heat {
    fn from(measure: HeatMeasure) -> Self {
        match measure {
            HeatMeasure::Viewers => Self::UniqueViewers,
            HeatMeasure::CoveredShare => Self::CoveredPercent,
            HeatMeasure::WatchTime => Self::WatchTime,
        }
    }
}

/// The two colour scales of a page.
pub struct Scales {
    map: (Map, Scale),
    heat: (Heat, Scale),
}

impl Scales {
    /// The scales for what the colours mean now.
    pub fn new(figures: &CourseFigures, map: MapMeasure, heat: HeatMeasure) -> Self {
        let (map, heat) = (Map::from(map), Heat::from(heat));
        Self { map: (map, Scale::of_map(map)), heat: (heat, Scale::of_heat(figures, heat)) }
    }

    /// The legend of the map.
    pub fn map_legend(&self, palette: &Palette) -> ColourScale {
        legend(&self.map.1, palette)
    }

    /// The legend of the heat map.
    pub fn heat_legend(&self, palette: &Palette) -> ColourScale {
        legend(&self.heat.1, palette)
    }

    fn cells(&self, row: &Row) -> Vec<u8> {
        if row.duration_secs.is_none() {
            return Vec::new();
        }
        (0..CHUNK_COUNT).map(|chunk| self.map.1.index(self.map.0.value(row, chunk))).collect()
    }

    fn heat(&self, row: &Row) -> (u8, Figure) {
        let value = self.heat.0.value(row);
        (self.heat.1.index(value), Figure { value: value.value(), text: heat_text(self.heat.0, value) })
    }
}

fn legend(scale: &Scale, palette: &Palette) -> ColourScale {
    ColourScale {
        label: scale.label.to_owned(),
        colours: scale.colours(palette).map(charts::Rgb::hex).collect(),
        light_text: scale.colours(palette).map(|colour| palette.wants_light_text(colour)).collect(),
        ticks: scale.ticks.iter().map(|(place, text)| ScaleTick { place: *place, text: text.clone() }).collect(),
    }
}

/// All videos in lecture order.
pub fn rows(course: &CourseInView, figures: &CourseFigures, scales: &Scales) -> Vec<VideoRow> {
    let videos = course.views.videos().iter().zip(&course.in_subfolder);
    videos
        .zip(&figures.rows)
        .map(|((video, in_subfolder), row)| {
            let (heat, heat_figure) = scales.heat(row);
            VideoRow {
                session_id: video.session_id.to_string(),
                order: row.order,
                name: video.name.to_string(),
                folder: in_subfolder.then(|| video.folder_name.to_string()),
                duration: figure::length(row.duration_secs),
                viewers: figure::count(u64::from(row.unique_viewers)),
                viewers_text: words::viewers(u64::from(row.unique_viewers)),
                covered: match row.duration_secs {
                    Some(_) => figure::count(u64::from(row.covered_viewers)),
                    None => figure::unknown(),
                },
                covered_share: figure::percent(row.covered_percent),
                watch_time: match row.duration_secs {
                    Some(_) => figure::time(row.watch_secs),
                    None => figure::unknown(),
                },
                typical: figure::percent(row.typical_percent),
                cells: scales.cells(row),
                heat,
                heat_figure,
            }
        })
        .collect()
}

/// `42 videos · 187 viewers · 370 h 12 min watched`.
pub fn facts(figures: &CourseFigures) -> String {
    format!(
        "{} · {} · {} watched",
        words::counted(figures.rows.len() as u64, "video", "videos"),
        words::viewers(u64::from(figures.unique_viewers)),
        words::time(figures.watch_secs)
    )
}

/// The videos with most viewers.
pub fn top_by_viewers(course: &CourseInView, figures: &CourseFigures) -> Vec<TopVideo> {
    let ranked = figures.top_by_viewers(TOP);
    let most = ranked.first().map_or(0, |video| figures.rows[*video].unique_viewers);
    let viewers = |video: usize| figure::count(u64::from(figures.rows[video].unique_viewers));
    top(course, &ranked, f64::from(most), viewers)
}

/// The videos with the largest share of viewers who covered at least 75 %.
pub fn top_by_covered(course: &CourseInView, figures: &CourseFigures) -> Vec<TopVideo> {
    let covered = |video: usize| figure::percent(figures.rows[video].covered_percent);
    top(course, &figures.top_by_covered_percent(TOP), 100.0, covered)
}

/// The bar of `whole` has the full length.
fn top(course: &CourseInView, ranked: &[usize], whole: f64, of: impl Fn(usize) -> Figure) -> Vec<TopVideo> {
    ranked
        .iter()
        .map(|video| {
            let (figure, info) = (of(*video), &course.views.videos()[*video]);
            let share = figure.value.filter(|_| whole > 0.0).map_or(0.0, |value| value / whole);
            TopVideo { session_id: info.session_id.to_string(), name: info.name.to_string(), figure, share }
        })
        .collect()
}

/// The exact values behind one row of the map, in words.
pub fn map_row(session_id: String, figures: &VideoFigures) -> MapRowDetail {
    let cells = (0..CHUNK_COUNT).filter_map(|index| readout::part(figures, index)).map(|said| CellDetail {
        part: said.part,
        reached: said.reached,
        covered: said.covered,
        time: match (said.played, said.time, said.too_few) {
            (Some(played), Some(time), _) => format!("{played}, {time}"),
            (_, _, Some(too_few)) => too_few.to_owned(),
            (_, _, None) => "nobody reached it".to_owned(),
        },
    });
    MapRowDetail { session_id, cells: cells.collect() }
}
