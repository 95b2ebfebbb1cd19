//! No two texts of a chart touch, and none extends beyond the chart. The renderer itself measures them, in the widest
//! usual font.

use std::sync::{Arc, LazyLock};

use charts::{Caption, Chart, Style, Theme};
use model::{CourseFigures, CourseViews, DateRange, Day, HeatMeasure, MapMeasure, Run, VideoFigures, VideoInfo};
use proptest::prelude::*;
use resvg::usvg::{Group, Node, Options, Rect, Tree, fontdb};

use crate::extremes;
use crate::sample::{self, FIRST_DAY};

static FONT: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(include_bytes!("../../src-tauri/charts/fonts/fallback.ttf").to_vec());
    fonts.set_sans_serif_family("Chart Fallback Sans");
    fonts.set_serif_family("Chart Fallback Sans");
    Arc::new(fonts)
});

fn boxes(svg: &str) -> Vec<(String, Rect)> {
    fn collect(group: &Group, found: &mut Vec<(String, Rect)>) {
        for node in group.children() {
            match node {
                Node::Text(text) => {
                    let said = text.chunks().iter().map(resvg::usvg::TextChunk::text).collect::<String>();
                    found.push((said.trim().to_owned(), text.abs_bounding_box()));
                }
                Node::Group(inner) => collect(inner, found),
                Node::Path(_) | Node::Image(_) => {}
            }
        }
    }
    let options = Options { fontdb: FONT.clone(), ..Options::default() };
    let mut found = Vec::new();
    collect(Tree::from_str(svg, &options).unwrap().root(), &mut found);
    found
}

/// Letters on two lines may come closer than the full height of their font, so boxes shrink by this much above and
/// below.
const LINE_SLACK_PX: f32 = 1.5;

pub(crate) fn check(chart: &Chart, what: &str) -> Result<usize, String> {
    let boxes = boxes(&chart.svg);
    for (index, (text, one)) in boxes.iter().enumerate() {
        if one.left() < -0.5 || one.right() > chart.width_px as f32 + 0.5 {
            return Err(format!("{what}: `{text}` leaves the drawing: {one:?}"));
        }
        if one.top() < -2.0 || one.bottom() > chart.height_px as f32 + 2.0 {
            return Err(format!("{what}: `{text}` leaves the drawing: {one:?}"));
        }
        for (other_text, other) in &boxes[..index] {
            let apart = one.right() <= other.left()
                || other.right() <= one.left()
                || one.bottom() - LINE_SLACK_PX <= other.top() + LINE_SLACK_PX
                || other.bottom() - LINE_SLACK_PX <= one.top() + LINE_SLACK_PX;
            if !apart {
                return Err(format!("{what}: `{text}` {one:?} touches `{other_text}` {other:?}"));
            }
        }
    }
    Ok(boxes.len())
}

fn views(duration_secs: f64, viewers: u32, first_day: i32, days: i32) -> CourseViews {
    let video = VideoInfo { duration_secs: Some(duration_secs), ..sample::videos().swap_remove(0) };
    let runs = (0..viewers)
        .map(|viewer| Run {
            video: 0,
            viewer,
            day: Day::new(first_day + if viewer == 0 { days - 1 } else { 0 }),
            start_secs: 0.0,
            stop_secs: duration_secs,
        })
        .collect();
    CourseViews::new(vec![video], runs)
}

fn check_two_axes(views: &CourseViews, style: &Style, what: &str) -> Result<(), String> {
    let figures = VideoFigures::new(views, 0, DateRange::ALL);
    let domain = views.days().unwrap();
    let period = charts::fitting_period(style, domain);
    let across = views.viewers_across_time(None, domain, period);
    let time = charts::viewers_across_time(&across, period, DateRange::ALL, None, style);
    let labelled = check(&time, &format!("{what} time"))?;
    if style.width_px >= 400 && style.height_px >= 90 && labelled < 3 {
        return Err(format!("{what}: time has only {labelled} labels"));
    }
    check(&charts::viewers_across_timeline(&figures, style), &format!("{what} timeline"))?;
    check(&charts::average_time(&figures, style), &format!("{what} average"))?;
    Ok(())
}

#[test]
fn no_label_touches_another_over_a_table_of_sizes_and_ranges() {
    for width_px in [200, 320, 480, 760, 1600] {
        for height_px in [40, 90, 220] {
            let style = Style::screen(Theme::Light, width_px, height_px);
            for days in [1, 2, 5, 9, 14, 30, 76, 120, 200, 365, 800, 2000, 5800] {
                let views = views(7199.4, 187, FIRST_DAY - 40, days);
                check_two_axes(&views, &style, &format!("{width_px}x{height_px}, {days} days")).unwrap();
            }
            for duration_secs in [0.4, 7.0, 59.0, 61.0, 1234.5, 3600.0, 7199.4, 35_999.0, 36_000.0, 400_000.0] {
                let views = views(duration_secs, 3, FIRST_DAY, 9);
                check_two_axes(&views, &style, &format!("{width_px}x{height_px}, {duration_secs} s")).unwrap();
            }
            for viewers in [1, 2, 3, 4, 5, 7, 9, 11, 49, 99, 101, 999, 1001, 12_345] {
                let views = views(600.0, viewers, FIRST_DAY, 9);
                check_two_axes(&views, &style, &format!("{width_px}x{height_px}, {viewers} viewers")).unwrap();
            }
        }
    }
}

#[test]
fn extreme_courses_keep_their_texts_apart() {
    for (name, views) in extremes::courses() {
        for width_px in [320, 800] {
            for stands_alone in [false, true] {
                for (kind, chart) in extremes::charts_of(&views, Theme::Light, width_px, stands_alone) {
                    check(&chart, &format!("{name} {kind}, {width_px} px, alone: {stands_alone}")).unwrap();
                    let numbers = chart.points.iter().flat_map(|point| &point.values);
                    assert!(
                        numbers.clone().all(|value| value.top.is_finite() && value.number.is_none_or(f64::is_finite)),
                        "{name} {kind}"
                    );
                }
            }
        }
    }
}

#[test]
fn saved_charts_and_lists_keep_their_texts_apart() {
    let views = sample::course();
    let figures = CourseFigures::new(&views, DateRange::ALL);
    for width_px in [320, 480, 640, 1000, 1600] {
        let caption = Caption {
            subject: "Break-even analysis, worked example with three products".to_owned(),
            course: "COMM 290, a course with a name as long as such names are".to_owned(),
            range: "8 Sept – 3 Oct 2020".to_owned(),
            freshness: "Data up to Sun 22 Nov 2020".to_owned(),
            ..Caption::default()
        };
        let style = Style::saved(Theme::Light, width_px, 260, caption);
        for video in 0..views.videos().len() {
            let video_figures = VideoFigures::new(&views, video, DateRange::ALL);
            let what = format!("{width_px} video {video}");
            check(&charts::viewers_across_timeline(&video_figures, &style), &what).unwrap();
            check(&charts::average_time(&video_figures, &style), &what).unwrap();
        }
        for measure in MapMeasure::ALL {
            check(&charts::course_map(views.videos(), &figures, measure, &style), &format!("{width_px} map")).unwrap();
        }
        for measure in HeatMeasure::ALL {
            check(&charts::heat_map(views.videos(), &figures, measure, &style), &format!("{width_px} heat")).unwrap();
        }
        check(&charts::timeline_grid(views.videos(), &figures, &style), &format!("{width_px} grid")).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_label_touches_another(
        width_px in 200u32..1800,
        height_px in 40u32..500,
        duration_secs in 0.5f64..50_000.0,
        viewers in 1u32..400,
        first_day in 14_000i32..22_000,
        days in 1i32..3000,
    ) {
        let views = views(duration_secs, viewers, first_day, days);
        let outcome = check_two_axes(&views, &Style::screen(Theme::Dark, width_px, height_px), "screen");
        prop_assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    }
    #[test]
    fn no_label_of_a_saved_chart_touches_another(
        width_px in 240u32..1800,
        duration_secs in 0.5f64..50_000.0,
        viewers in 1u32..400,
        days in 1i32..3000,
        name in "[A-Za-z\u{0627}-\u{064a}\u{4e00}-\u{4e20} ]{0,160}",
    ) {
        let caption = Caption {
            subject: name.clone(),
            course: name,
            range: "8 Sept 2020 – 3 Oct 2021".to_owned(),
            freshness: "Data up to Sun 22 Nov 2020".to_owned(),
            ..Caption::default()
        };
        let outcome = check_two_axes(
            &views(duration_secs, viewers, FIRST_DAY, days),
            &Style::saved(Theme::Light, width_px, 240, caption),
            "saved",
        );
        prop_assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    }
}
