//! Charts of nothing, and in sizes that nobody would choose.

use charts::{Caption, Style, Theme};
use model::{
    CourseFigures, CourseViews, DateRange, Day, HeatMeasure, MapMeasure, Period, Run, TOO_FEW, VideoFigures, words,
};
use roxmltree::Document;

use crate::sample::{self, FIRST_DAY};
use crate::structure::texts;

#[test]
fn a_chart_of_nothing_says_so() {
    let views = CourseViews::new(sample::videos(), Vec::new());
    let style = Style::screen(Theme::Light, 760, 200);
    let time = charts::viewers_across_time(&[], Period::Day, DateRange::ALL, None, &style);
    let nobody = VideoFigures::new(&views, 0, DateRange::ALL);
    let chosen = DateRange::between(Day::new(FIRST_DAY), Day::new(FIRST_DAY + 6));
    let nobody_then = VideoFigures::new(&views, 0, chosen);
    let no_length = VideoFigures::new(&views, 11, DateRange::ALL);
    for (chart, message) in [
        (time, "Nobody has watched yet"),
        (charts::viewers_across_time(&[], Period::Day, chosen, None, &style), "Nobody watched from 8 to 14 Sept 2020"),
        (charts::viewers_across_timeline(&nobody, &style), "Nobody has watched this video yet"),
        (charts::average_time(&nobody, &style), "Nobody has watched this video yet"),
        (charts::viewers_across_timeline(&nobody_then, &style), "Nobody watched from 8 to 14 Sept 2020"),
        (charts::average_time(&nobody_then, &style), "Nobody watched from 8 to 14 Sept 2020"),
        (
            charts::viewers_across_timeline(&no_length, &style),
            "Panopto gives no length for this video, so it has no timeline",
        ),
        (charts::average_time(&no_length, &style), "Panopto gives no length for this video, so it has no timeline"),
    ] {
        assert_eq!(chart.empty.as_deref(), Some(message));
        assert!(texts(&chart.svg).contains(&message.to_owned()));
        assert!(chart.svg.contains(&format!("<desc>{message}.</desc>")));
    }
}

#[test]
fn viewers_who_played_nothing_are_not_nobody() {
    let views = |viewers: u32| {
        let run = |viewer| Run { video: 0, viewer, day: Day::new(FIRST_DAY), start_secs: 0.0, stop_secs: 0.0 };
        CourseViews::new(sample::videos(), (0..viewers).map(run).collect())
    };
    let style = Style::screen(Theme::Light, 760, 200);
    let said = |viewers, range| {
        let figures = VideoFigures::new(&views(viewers), 0, range);
        let chart = charts::viewers_across_timeline(&figures, &style);
        assert_eq!(chart.empty, charts::average_time(&figures, &style).empty);
        chart.empty.unwrap()
    };
    let chosen = DateRange::between(Day::new(FIRST_DAY), Day::new(FIRST_DAY + 6));
    assert_eq!(said(1, DateRange::ALL), "1 viewer opened this video and played nothing of it");
    assert_eq!(said(9, chosen), "9 viewers opened this video on these dates and played nothing of it");
}

#[test]
fn a_course_without_videos_has_lists_that_say_so() {
    let views = CourseViews::new(Vec::new(), Vec::new());
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let style = Style::saved(Theme::Dark, 1000, 0, Caption::default());
    for chart in [
        charts::course_map(views.videos(), &figures, MapMeasure::Rewatched, &style),
        charts::heat_map(views.videos(), &figures, HeatMeasure::WatchTime, &style),
        charts::timeline_grid(views.videos(), &figures, &style),
    ] {
        assert_eq!(chart.empty.as_deref(), Some("No videos yet"));
        assert!(texts(&chart.svg).contains(&"No videos yet".to_owned()));
    }
}

#[test]
fn no_size_and_no_number_is_too_strange() {
    let mut videos = sample::videos();
    videos[0].duration_secs = Some(f64::MIN_POSITIVE);
    videos[1].duration_secs = Some(1e300);
    videos[2].duration_secs = Some(0.001);
    let runs = (0..3)
        .flat_map(|video| [i32::MIN, FIRST_DAY, i32::MAX].map(|day| (video, day)))
        .map(|(video, day)| Run { video, viewer: 0, day: Day::new(day), start_secs: -1e300, stop_secs: 1e300 })
        .collect();
    let views = CourseViews::new(videos, runs);
    for (width_px, height_px) in [(0, 0), (1, 1), (40, 24), (50, 4000), (4000, 30)] {
        for style in [
            Style::screen(Theme::Light, width_px, height_px),
            Style::saved(Theme::Light, width_px, height_px, Caption::default()),
        ] {
            for video in 0..views.videos().len() {
                let figures = VideoFigures::new(&views, video, DateRange::ALL);
                for chart in [charts::viewers_across_timeline(&figures, &style), charts::average_time(&figures, &style)]
                {
                    Document::parse(&chart.svg).unwrap();
                    assert!(chart.plot.width() >= 1 && chart.plot.height() >= 1, "{width_px}x{height_px}");
                }
            }
            let domain = DateRange::between(Day::new(FIRST_DAY), Day::new(FIRST_DAY + 40));
            for period in [Period::Day, Period::Week, Period::Month] {
                let across = views.viewers_across_time(None, domain, period);
                Document::parse(&charts::viewers_across_time(&across, period, DateRange::ALL, None, &style).svg)
                    .unwrap();
            }
            let figures = CourseFigures::new(&views, DateRange::ALL);
            Document::parse(&charts::course_map(views.videos(), &figures, MapMeasure::Rewatched, &style).svg).unwrap();
            Document::parse(&charts::heat_map(views.videos(), &figures, HeatMeasure::WatchTime, &style).svg).unwrap();
            Document::parse(&charts::timeline_grid(views.videos(), &figures, &style).svg).unwrap();
            Document::parse(&charts::small_timeline(&figures.rows[0], None, 0, &style)).unwrap();
        }
    }
}

#[test]
fn days_after_the_data_are_not_days_without_viewers() {
    let views = sample::course();
    let domain = views.days().unwrap();
    let later = DateRange::between(domain.last().plus(30), domain.last().plus(36));
    let style = Style::screen(Theme::Light, 760, 150);
    let period = charts::fitting_period(&style, domain);
    let periods = views.viewers_across_time(Some(2), domain, period);
    let known = Some(domain.last());
    let said = words::nobody_watched(later, known);
    assert!(said.starts_with("No data yet "), "{said}");
    let chart = charts::viewers_across_time(&periods, period, later, known, &style);
    assert_eq!((chart.summary, chart.empty), (said.clone(), None));
    let figures = VideoFigures::new(&views, 2, later).with_data_through(known);
    assert_eq!(charts::viewers_across_timeline(&figures, &style).empty.as_ref(), Some(&said));
    assert_eq!(charts::average_time(&figures, &style).empty, Some(said));
}

/// A course of one lecture of 400 s. Each viewer watched its first half and its last quarter.
fn few(viewers: u32) -> CourseViews {
    let mut videos = sample::videos();
    videos.truncate(1);
    videos[0].duration_secs = Some(400.0);
    let runs = (0..viewers).flat_map(|viewer| {
        [(0.0, 200.0), (300.0, 400.0)].map(|(start_secs, stop_secs)| Run {
            video: 0,
            viewer,
            day: Day::new(FIRST_DAY),
            start_secs,
            stop_secs,
        })
    });
    CourseViews::new(videos, runs.collect())
}

fn drawn(svg: &str, tag: &str) -> usize {
    Document::parse(svg).unwrap().descendants().filter(|node| node.has_tag_name(tag)).count()
}

#[test]
fn fewer_than_ten_viewers_have_dotted_lines_and_fewer_than_five_a_caution() {
    let style = Style::screen(Theme::Light, 760, 220);
    for (viewers, lines, caution) in
        [(1, 0, Some(TOO_FEW)), (4, 0, Some(TOO_FEW)), (5, 0, None), (9, 0, None), (10, 2, None)]
    {
        let views = few(viewers);
        let figures = VideoFigures::new(&views, 0, DateRange::ALL);
        let chart = charts::viewers_across_timeline(&figures, &style);
        assert_eq!((drawn(&chart.svg, "polyline"), drawn(&chart.svg, "polygon")), (lines, 2), "{viewers}");
        let dots = crate::structure::rectangles(&chart.svg, |_| true).len();
        assert_eq!(dots > 200, lines == 0, "{viewers}: {dots}");
        assert_eq!(chart.caution, caution, "{viewers}");
        let said = chart.subtitle.unwrap();
        assert_eq!(said.contains(TOO_FEW), caution.is_some(), "{said}");
        let row = &CourseFigures::new(&views, DateRange::ALL).rows[0];
        assert_eq!(drawn(&charts::small_timeline(row, None, viewers, &style), "polyline"), lines, "{viewers}");
        let average = charts::average_time(&figures, &style);
        assert_eq!(average.empty.as_deref(), caution, "{viewers}");
        assert_eq!(average.points.iter().any(|point| point.values[0].number > Some(0.0)), caution.is_none());
    }
}

#[test]
fn a_row_of_the_map_with_too_few_viewers_has_no_cells() {
    let style = Style::saved(Theme::Light, 1000, 0, Caption::default());
    for measure in MapMeasure::ALL {
        let figures = CourseFigures::new(&few(4), DateRange::ALL);
        let chart = charts::course_map(few(4).videos(), &figures, measure, &style);
        assert!(texts(&chart.svg).contains(&TOO_FEW.to_owned()));
        assert!(texts(&chart.svg).contains(&"too few".to_owned()));
        assert!(chart.points[0].values.iter().all(|value| value.number.is_none()), "{measure:?}");
        assert!(!chart.svg.contains("height=\"20\""), "{measure:?}");
    }
}
