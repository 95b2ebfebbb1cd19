//! The chart by second: its columns match the figures, and neither a short peak nor a short gap gets lost.

use charts::{BySecond, Chart, Hue, Palette, Seconds, Style, Theme};
use model::{Borders, CourseViews, DateRange, Day, Interval, Moment, MomentKind, Run, Timeline};

use crate::sample::{self, FIRST_DAY};
use crate::structure::{filled, texts};

fn drawn(views: &CourseViews, video: usize, window: Option<Interval>) -> Chart {
    crate::gallery::by_second(views, video, window, &Style::screen(Theme::Light, 760, 220))
}

/// A video of two hours with 50 viewers. 40 of them play three seconds again, and nobody reaches three other seconds.
fn peak_and_gap() -> CourseViews {
    let run = |viewer, start_secs: f64, stop_secs: f64| Run {
        video: 0,
        viewer,
        day: Day::new(FIRST_DAY),
        start_secs,
        stop_secs,
    };
    let mut videos = sample::videos();
    videos[0].duration_secs = Some(7200.0);
    let both = (0..50).flat_map(|viewer| [run(viewer, 0.0, 5000.0), run(viewer, 5003.0, 7200.0)]);
    let again = (0..40).map(|viewer| run(viewer, 3600.0, 3603.0));
    CourseViews::new(videos, both.chain(again).collect())
}

#[test]
fn every_column_has_the_figures_of_its_place() {
    let views = sample::course();
    let borders = Borders::new(&views, 2).unwrap();
    let timeline = Timeline::new(&views, &borders, DateRange::ALL);
    for window in [None, Interval::new(3000.0, 3300.0)] {
        let chart = drawn(&views, 2, window);
        let bins = timeline.bins(window.or(timeline.whole()).unwrap(), chart.points.len());
        assert_eq!(chart.points.len(), chart.plot.width().unsigned_abs() as usize / 2);
        assert_eq!(chart.series.iter().map(|series| series.hue).collect::<Vec<_>>(), [Hue::Reached, Hue::Time]);
        for (point, bin) in chart.points.iter().zip(&bins) {
            assert_eq!(point.values[0].number, Some(bin.viewers.mean));
            assert_eq!(point.values[1].number, Some(bin.replays.mean));
            assert!(point.values[1].top <= point.values[0].top + 1e-9, "played again stands on reached");
        }
    }
}

#[test]
fn a_peak_and_a_gap_of_three_seconds_are_seen_in_two_hours() {
    let chart = drawn(&peak_and_gap(), 0, None);
    let palette = Palette::of(Theme::Light);
    let peaks = filled(&chart.svg, &palette.time.hex());
    let gaps = filled(&chart.svg, &palette.reached.hex());
    assert_eq!((peaks.len(), gaps.len()), (1, 1), "{peaks:?} {gaps:?}");
    // The axis ends at 90, the largest number of plays. The mark begins there and ends at the mean.
    let mean_top = chart.points.iter().map(|point| point.values[1].top).fold(f64::INFINITY, f64::min);
    assert_eq!(peaks[0].1, chart.plot.top, "{peaks:?}");
    assert!((f64::from(peaks[0].1 + peaks[0].3) - mean_top).abs() <= 1.0, "{peaks:?} {mean_top}");
    assert_eq!(gaps[0].1 + gaps[0].3, chart.plot.bottom, "the gap reaches to nobody");
    assert_eq!(chart.series[0].extent, "0 to 50 viewers");
    assert_eq!(chart.series[1].extent, "0 to 40 times");
    let near = drawn(&peak_and_gap(), 0, Interval::new(3596.0, 3606.0));
    let values: Vec<&str> = near.points.iter().map(|point| point.values[1].text.as_str()).collect();
    assert!(values.contains(&"40") && values.contains(&"0"), "near enough, every column has one number");
}

#[test]
fn a_window_has_round_times_and_says_where_it_is() {
    let chart = drawn(&sample::course(), 2, Interval::new(3300.0, 3900.0));
    assert_eq!(chart.subtitle.as_deref(), Some("0:55:00 – 1:05:00"));
    let labels = texts(&chart.svg);
    assert!(labels.contains(&"1:00:00".to_owned()) && !labels.contains(&"0:00:00".to_owned()), "{labels:?}");
    let nobody = drawn(&sample::course(), 10, None);
    assert_eq!(nobody.empty.as_deref(), Some("Nobody has watched this video yet"));
}

fn with(wanted: Seconds<'_>, style: &Style) -> BySecond {
    let views = sample::course();
    let borders = Borders::new(&views, 2).unwrap();
    charts::by_second(&Timeline::new(&views, &borders, DateRange::ALL), wanted, style)
}

#[test]
fn what_is_usual_is_an_outline_over_all_of_the_plot_and_a_column_of_the_data() {
    let style = Style::screen(Theme::Light, 760, 220);
    let usual: [f64; 20] = std::array::from_fn(|part| 100.0 - 5.0 * part as f64);
    let plain = with(Seconds::default(), &style);
    let drawn = with(Seconds { usual_percent: Some(&usual), ..Seconds::default() }, &style);
    assert_eq!(plain.chart.series.len(), 2);
    assert_eq!(drawn.chart.series[2].hue, Hue::Usual);
    let views = sample::course();
    let borders = Borders::new(&views, 2).unwrap();
    let viewers = f64::from(Timeline::new(&views, &borders, DateRange::ALL).unique_viewers());
    for (index, point) in drawn.chart.points.iter().enumerate() {
        let (middle, of) = ((2 * index + 1) * 20, 2 * drawn.chart.points.len());
        if middle % of == 0 {
            continue; // between two parts
        }
        let part = middle / of;
        let expected = usual[part] / 100.0 * viewers;
        assert!((point.values[2].number.unwrap() - expected).abs() < 1e-9, "{index}: {:?} {expected}", point.values[2]);
    }
    let grey = Palette::of(Theme::Light).text_muted.hex();
    let dots = |chart: &Chart| filled(&chart.svg, &grey).into_iter().filter(|dot| dot.3 == 1).count();
    assert_eq!(dots(&plain.chart), 0);
    assert!(dots(&drawn.chart) > 50, "{}", dots(&drawn.chart));
}

#[test]
fn every_point_has_the_numbers_of_one_second_in_it() {
    let style = Style::screen(Theme::Light, 760, 220);
    for window in [None, Interval::new(3000.0, 3030.0)] {
        let drawn = with(Seconds { window, ..Seconds::default() }, &style);
        assert_eq!(drawn.readings.len(), drawn.chart.points.len());
        let views = sample::course();
        let borders = Borders::new(&views, 2).unwrap();
        let timeline = Timeline::new(&views, &borders, DateRange::ALL);
        for reading in &drawn.readings {
            let here = timeline.steps().find(|step| (step.from_secs..step.to_secs).contains(&reading.at_secs)).unwrap();
            assert_eq!((reading.viewers, reading.replays), (here.viewers, here.replays()), "{reading:?}");
            assert!((drawn.from_secs..drawn.to_secs).contains(&reading.at_secs));
        }
    }
}

#[test]
fn a_saved_drawing_marks_and_tells_the_moments_that_lie_in_it() {
    let moment = |start_secs, kind: MomentKind| Moment {
        kind,
        start_secs,
        end_secs: start_secs + 60.0,
        people: 7,
        of_people: 12,
        involved_secs: 1.0,
        sentence: format!("Seen by 7 <of> 12 at {start_secs}"),
    };
    let moments = [moment(600.0, MomentKind::WatchedAgain), moment(3500.0, MomentKind::Skipped)];
    let caption = charts::Caption { subject: "Lecture".to_owned(), ..charts::Caption::default() };
    let saved = Style::saved(Theme::Light, 900, 360, caption);
    let told = |window, style: &Style| {
        let drawn = with(Seconds { window, moments: &moments, ..Seconds::default() }, style);
        texts(&drawn.chart.svg).join(" ")
    };
    let whole = told(None, &saved);
    assert!(whole.contains("1. 0:10:00 – 0:11:00, Watched again. Seen by 7"), "{whole}");
    assert!(whole.contains("2. 0:58:20 – 0:59:20, Skipped."), "{whole}");
    // Each keeps its number where the other is out of sight.
    let near = told(Interval::new(3300.0, 3900.0), &saved);
    assert!(near.contains("2. 0:58:20") && !near.contains("1. 0:10:00"), "{near}");
    // On screen they are the window's.
    assert!(!told(None, &Style::screen(Theme::Light, 900, 360)).contains("Skipped"));
}
