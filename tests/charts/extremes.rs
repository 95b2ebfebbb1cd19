//! The most extreme possible courses, with every chart of each: for the tests of collisions, and to look at.

use charts::{Caption, Chart, Style, Theme};
use model::{
    CourseFigures, CourseViews, DateRange, Day, HeatMeasure, MapMeasure, Period, Run, SessionId, VideoFigures,
    VideoInfo,
};

use crate::sample::{FIRST_DAY, Numbers};

const NAMES: [&str; 7] = [
    "Costs",
    "مقدمة في المحاسبة الإدارية: التكاليف الثابتة والمتغيرة ونقطة التعادل مع أمثلة محلولة",
    "🎬📈 Break-even 👩‍🏫 with emoji 🇨🇦 and a family 👨‍👩‍👧‍👦 in it 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
    "管理会计导论:成本、数量与利润分析以及盈亏平衡点的计算方法与实例讲解",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "שלום – Lecture 4 (עברית) and English in one name",
    "",
];

fn video(index: usize, name: &str, duration_secs: Option<f64>) -> VideoInfo {
    VideoInfo {
        session_id: SessionId::from_bytes([index as u8 + 1; 16]),
        name: name.into(),
        folder_name: "Extremes".into(),
        duration_secs,
        order: index as u32 + 1,
    }
}

fn run(video: usize, viewer: u32, day: u32, start_secs: f64, stop_secs: f64) -> Run {
    let day = Day::new(FIRST_DAY + day.cast_signed());
    Run { video: video as u32, viewer, day, start_secs, stop_secs }
}

/// A lecture that seven people watched, each stopping a little earlier than the one before.
pub(crate) fn few() -> CourseViews {
    let runs = (0..7).map(|viewer| run(0, viewer, viewer, 0.0, 5400.0 - 700.0 * f64::from(viewer)));
    CourseViews::new(vec![video(0, "Seminar", Some(5400.0))], runs.collect())
}

/// The courses with their names.
pub(crate) fn courses() -> Vec<(&'static str, CourseViews)> {
    let long = "A name of three hundred characters, as some lecture recordings have it. ".repeat(5);
    let mut named: Vec<VideoInfo> =
        NAMES.iter().enumerate().map(|(index, name)| video(index, name, Some(1800.0))).collect();
    named.push(video(NAMES.len(), &long[..300], Some(1800.0)));
    let named_runs = (0..named.len())
        .flat_map(|at| (0..20).map(move |viewer| run(at, viewer, viewer % 5, 0.0, f64::from(viewer + 1) * 90.0)));

    let mut numbers = Numbers::new(5);
    let lecture = || vec![video(0, "Costs II", Some(5400.0))];
    let crowd = (0..5_000).flat_map(|viewer| {
        let stop_secs = 5400.0 * numbers.share().sqrt();
        [
            run(0, viewer, numbers.below(90), 0.0, stop_secs),
            run(0, viewer, 89, 2600.0, 2600.0 + numbers.share() * 600.0),
        ]
    });
    let mut many = Numbers::new(7);
    let years = (0..6_000).map(|_| {
        let start_secs = 5000.0 * many.share();
        run(0, many.below(400), many.below(3 * 365), start_secs, start_secs + 400.0)
    });
    vec![
        ("no-videos", CourseViews::new(Vec::new(), Vec::new())),
        ("nobody", CourseViews::new(lecture(), Vec::new())),
        ("zeros", CourseViews::new(lecture(), (0..9).map(|viewer| run(0, viewer, viewer, 0.0, 0.0)).collect())),
        ("one-viewer", CourseViews::new(lecture(), vec![run(0, 0, 0, 700.0, 2900.0)])),
        ("one-day", CourseViews::new(lecture(), (0..30).map(|viewer| run(0, viewer, 0, 0.0, 5400.0)).collect())),
        ("over-and-over", CourseViews::new(lecture(), (0..60).map(|_| run(0, 0, 0, 1000.0, 1100.0)).collect())),
        ("crowd", CourseViews::new(lecture(), crowd.collect())),
        ("years", CourseViews::new(lecture(), years.collect())),
        (
            "clip",
            CourseViews::new(vec![video(0, "Clip", Some(3.0))], vec![run(0, 0, 0, 0.0, 2.0), run(0, 1, 1, 0.0, 3.0)]),
        ),
        ("days-long", CourseViews::new(vec![video(0, "Stream", Some(400_000.0))], vec![run(0, 0, 0, 0.0, 390_000.0)])),
        ("no-length", CourseViews::new(vec![video(0, "Live", None)], vec![run(0, 0, 0, 0.0, 50.0)])),
        ("names", CourseViews::new(named, named_runs.collect())),
    ]
}

/// Every chart of a course and of its last video.
pub(crate) fn charts_of(views: &CourseViews, theme: Theme, width_px: u32, stands_alone: bool) -> Vec<(String, Chart)> {
    let subject = views.videos().last().map_or_else(String::new, |video| video.name.to_string());
    let style = |height_px| {
        let caption = Caption {
            subject: subject.clone(),
            course: NAMES[1].to_owned(),
            range: "all dates, 8 Sept 2020 – 7 Sept 2023".to_owned(),
            freshness: "Data up to Sun 22 Nov 2023".to_owned(),
            ..Caption::default()
        };
        if stands_alone {
            Style::saved(theme, width_px, height_px, caption)
        } else {
            Style::screen(theme, width_px, height_px)
        }
    };
    let mut charts = Vec::new();
    let across = match views.days() {
        None => charts::viewers_across_time(&[], Period::Day, DateRange::ALL, None, &style(92)),
        Some(domain) => {
            let period = charts::fitting_period(&style(92), domain);
            let periods = views.viewers_across_time(None, domain, period);
            charts::viewers_across_time(&periods, period, DateRange::ALL, None, &style(92))
        }
    };
    charts.push(("time".to_owned(), across));
    if let Some(last) = views.videos().len().checked_sub(1) {
        let figures = VideoFigures::new(views, last, DateRange::ALL);
        charts.push(("timeline".to_owned(), charts::viewers_across_timeline(&figures, &style(220))));
        charts.push(("average".to_owned(), charts::average_time(&figures, &style(180))));
    }
    if stands_alone {
        let figures = CourseFigures::new(views, DateRange::ALL);
        let videos = views.videos();
        charts.push(("map".to_owned(), charts::course_map(videos, &figures, MapMeasure::Rewatched, &style(0))));
        charts.push(("heat".to_owned(), charts::heat_map(videos, &figures, HeatMeasure::WatchTime, &style(0))));
        charts.push(("grid".to_owned(), charts::timeline_grid(videos, &figures, &style(0))));
    }
    charts
}
