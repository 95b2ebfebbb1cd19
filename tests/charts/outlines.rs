//! Grey outlines: of another term, and of what is usual. Each has its numbers in the data, its entry in the legend, and a
//! sentence in what is saved.

use charts::{Caption, Chart, GridOutlines, Hue, OtherTimeline, OtherViewers, Outline, Palette, Seconds, Style, Theme};
use model::{Borders, CourseFigures, DateRange, Figure, Period, Timeline, VideoFigures};
use roxmltree::Document;

use crate::sample;
use crate::structure::texts;

const OTHER: &str = "GEOG 204 <2025>";

fn screen() -> Style {
    Style::screen(Theme::Light, 900, 220)
}

fn saved() -> Style {
    Style::saved(Theme::Light, 900, 220, Caption { subject: "GEOG 204".to_owned(), ..Caption::default() })
}

/// The lines of a drawing in the colour of outlines.
fn outlines(svg: &str) -> usize {
    let grey = Palette::of(Theme::Light).text_muted.hex();
    let document = Document::parse(svg).unwrap();
    let lines = document.descendants().filter(|node| node.has_tag_name("polyline"));
    lines.filter(|line| line.attribute("stroke").is_some_and(|stroke| stroke.eq_ignore_ascii_case(&grey))).count()
}

fn says(chart: &Chart, what: &str) -> bool {
    texts(&chart.svg).join(" ").contains(what)
}

#[test]
fn another_course_across_time_stands_over_the_bars_with_its_numbers() {
    let views = sample::course();
    let periods = views.viewers_across_time(None, views.days().unwrap(), Period::Day);
    let there: Vec<u32> = (0..periods.len() as u32).map(|index| 3 * index).collect();
    let drawn = |style: &Style, other| {
        charts::viewers_across_time_beside(&periods, Period::Day, DateRange::ALL, None, other, style)
    };
    let other = OtherViewers { label: OTHER, viewers: &there };
    let (plain, beside) = (drawn(&screen(), None), drawn(&screen(), Some(other)));
    assert_eq!((outlines(&plain.svg), outlines(&beside.svg)), (0, 1));
    assert_eq!((beside.series[1].hue, beside.series[1].label.as_str()), (Hue::Usual, OTHER));
    for (point, viewers) in beside.points.iter().zip(&there) {
        assert_eq!(point.values[1].number, Some(f64::from(*viewers)));
        assert!(point.values[1].top >= f64::from(beside.plot.top) - 1e-9, "its highest number is on the chart");
    }
    let file = drawn(&saved(), Some(other));
    assert!(says(&file, OTHER) && says(&file, "Grey outline"), "{:?}", texts(&file.svg));
    // One number for each period, or none is drawn.
    let short = OtherViewers { label: OTHER, viewers: &there[1..] };
    assert_eq!(drawn(&screen(), Some(short)), plain);
}

#[test]
fn the_other_term_by_part_is_as_high_as_its_share_of_the_viewers_here() {
    let views = sample::course();
    let figures = VideoFigures::new(&views, 2, DateRange::ALL);
    let percent: [f64; 20] = std::array::from_fn(|part| 100.0 - 4.0 * part as f64);
    let outline = Outline { label: OTHER, counts: Figure::OtherTermOutline, percent: &percent };
    let plain = charts::viewers_across_timeline(&figures, &screen());
    let beside = charts::viewers_across_timeline_beside(&figures, Some(outline), &screen());
    assert_eq!((outlines(&plain.svg), outlines(&beside.svg)), (0, 1));
    let viewers = f64::from(figures.totals.unique_viewers);
    for (point, percent) in beside.points.iter().zip(percent) {
        assert_eq!(point.values[2].number, Some(percent / 100.0 * viewers));
    }
    let file = charts::viewers_across_timeline_beside(&figures, Some(outline), &saved());
    assert!(says(&file, OTHER) && says(&file, Figure::OtherTermOutline.name()));
}

#[test]
fn a_video_beside_itself_by_second_is_its_own_outline() {
    let views = sample::course();
    let borders = Borders::new(&views, 2).unwrap();
    let timeline = Timeline::new(&views, &borders, DateRange::ALL);
    let other = Some(OtherTimeline { label: OTHER, timeline: &timeline });
    let drawn = charts::by_second(&timeline, Seconds { other, ..Seconds::default() }, &screen()).chart;
    assert_eq!(drawn.series[2].label, OTHER);
    for point in &drawn.points {
        let (here, there) = (point.values[0].number.unwrap(), point.values[2].number.unwrap());
        assert!((here - there).abs() < 1e-9, "{point:?}");
    }
    // A pair that hardly anybody watched is not drawn.
    let few = sample::videos().into_iter().take(1).collect();
    let run = model::Run { video: 0, viewer: 0, day: model::Day::new(1), start_secs: 0.0, stop_secs: 400.0 };
    let few = model::CourseViews::new(few, (0..4).map(|viewer| model::Run { viewer, ..run }).collect());
    let borders = Borders::new(&few, 0).unwrap();
    let pair = Timeline::new(&few, &borders, DateRange::ALL);
    let other = Some(OtherTimeline { label: OTHER, timeline: &pair });
    let drawn = charts::by_second(&timeline, Seconds { other, ..Seconds::default() }, &screen()).chart;
    assert_eq!(drawn.series.len(), 2);
}

#[test]
fn the_grid_has_the_outline_of_each_video_that_has_one() {
    let views = sample::course();
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let percent: Vec<_> = (0..figures.rows.len()).map(|video| (video % 2 == 0).then_some([100.0; 20])).collect();
    let given = GridOutlines { label: OTHER, counts: Figure::ChunkUsual, percent: &percent };
    let drawn = charts::timeline_grid_beside(views.videos(), &figures, Some(given), &saved());
    let drawable = figures
        .rows
        .iter()
        .enumerate()
        .filter(|(video, row)| video % 2 == 0 && row.reached.iter().any(|viewers| *viewers > 0));
    assert_eq!(outlines(&drawn.svg), drawable.count());
    assert!(says(&drawn, OTHER) && says(&drawn, Figure::ChunkUsual.name()));
    let most = figures.rows.iter().step_by(2).map(|row| row.totals.unique_viewers).max().unwrap();
    assert!(charts::viewers_at_top(&figures, &percent) >= most, "all of the outlines is on the scale");
}
