//! A video under one date range: four figures and what stands around them.

use engine::views::CourseInView;
use model::{Figure, Statistic, TOO_FEW, VideoFigures, words};

use super::explain::Explainer;
use super::figure;
use crate::dto::video::{FigureCard, Neighbour};

/// `1:59:59 · video 3 of 42 · in Week 1`.
pub fn facts(course: &CourseInView, video: usize) -> String {
    let info = &course.views.videos()[video];
    let length = info.usable_duration_secs().map_or_else(|| "length not known".to_owned(), words::clock);
    let place =
        format!("video {} of {}", words::count(video as u64 + 1), words::count(course.views.videos().len() as u64));
    if course.in_subfolder[video] {
        format!("{length} · {place} · in {}", info.folder_name)
    } else {
        format!("{length} · {place}")
    }
}

/// The videos before and after in lecture order.
pub fn neighbours(course: &CourseInView, video: usize) -> (Option<Neighbour>, Option<Neighbour>) {
    let videos = course.views.videos();
    let neighbour = |index: usize| {
        let info = videos.get(index)?;
        Some(Neighbour { session_id: info.session_id.to_string(), name: info.name.to_string() })
    };
    (video.checked_sub(1).and_then(neighbour), neighbour(video + 1))
}

/// Unique viewers, watch time, covered at least 75 %, typical coverage.
pub fn figures(figures: &VideoFigures, explainer: &Explainer) -> Vec<FigureCard> {
    let viewers = u64::from(figures.unique_viewers);
    let known = figures.duration_secs.is_some();
    let card = |of: Figure, value, detail: Option<String>| FigureCard {
        label: of.name().to_owned(),
        figure: value,
        detail,
        explanation: explainer.explain(of),
    };
    let per_viewer = (known && viewers > 0)
        .then(|| format!("{} per viewer", words::time(figures.watch_secs / f64::from(figures.unique_viewers))));
    let detail = |statistic: Statistic, written: fn(f64) -> String| match statistic {
        Statistic::Absent => None,
        Statistic::TooFew => Some(TOO_FEW.to_owned()),
        Statistic::Value(value) => Some(written(value)),
    };
    let share = detail(figures.covered_percent, |share| format!("{} of viewers", words::percent(share)));
    let of_the_video = detail(figures.typical_percent, |_| "of the video".to_owned());
    vec![
        card(Figure::UniqueViewers, figure::count(viewers), None),
        card(Figure::WatchTime, if known { figure::time(figures.watch_secs) } else { figure::unknown() }, per_viewer),
        card(
            Figure::CoveredViewers,
            if known { figure::count(u64::from(figures.covered_viewers)) } else { figure::unknown() },
            share,
        ),
        card(Figure::TypicalPercent, figure::percent(figures.typical_percent), of_the_video),
    ]
}
