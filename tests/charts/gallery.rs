//! Every chart in every theme, as files to look at.
//!
//! `CHARTS_GALLERY=<folder> cargo test -p charts --test charts -- --ignored --nocapture gallery`

use std::path::{Path, PathBuf};
use std::time::Instant;

use charts::{Caption, Chart, Style, Theme};
use model::{CourseFigures, CourseViews, DateRange, Day, HeatMeasure, MapMeasure, Period, Run, VideoFigures};

use crate::sample::{self, FIRST_DAY};

fn caption(subject: &str) -> Caption {
    Caption { subject: subject.to_owned(), range: "all dates".to_owned() }
}

/// Every chart of the sample course, named.
pub(crate) fn every_chart(views: &CourseViews, theme: Theme) -> Vec<(String, Chart)> {
    let figures = CourseFigures::new(views, DateRange::ALL);
    let video = VideoFigures::new(views, 2, DateRange::ALL);
    let nobody = VideoFigures::new(views, 10, DateRange::ALL);
    let no_length = VideoFigures::new(views, 11, DateRange::ALL);
    let domain = views.days().unwrap();
    let chosen = DateRange::between(Day::new(FIRST_DAY + 20), Day::new(FIRST_DAY + 41));
    let across = |video, style: &Style, chosen| {
        let period = charts::fitting_period(style, domain);
        charts::viewers_across_time(&views.viewers_across_time(video, domain, period), period, chosen, style)
    };
    let screen = |width, height| Style::screen(theme, width, height);
    let saved = |width, height| Style::saved(theme, width, height, caption("Costs II"));
    let mut charts = vec![
        ("time-screen".to_owned(), across(None, &screen(760, 150), DateRange::ALL)),
        ("time-saved".to_owned(), across(Some(2), &saved(900, 320), chosen)),
        ("time-narrow".to_owned(), across(Some(2), &screen(240, 90), DateRange::ALL)),
        ("timeline-screen".to_owned(), charts::viewers_across_timeline(&video, &screen(760, 220))),
        ("timeline-saved".to_owned(), charts::viewers_across_timeline(&video, &saved(900, 360))),
        ("timeline-narrow".to_owned(), charts::viewers_across_timeline(&video, &screen(300, 120))),
        ("timeline-nobody".to_owned(), charts::viewers_across_timeline(&nobody, &screen(760, 220))),
        ("timeline-no-length".to_owned(), charts::viewers_across_timeline(&no_length, &saved(900, 300))),
        ("average-screen".to_owned(), charts::average_time(&video, &screen(760, 180))),
        ("average-saved".to_owned(), charts::average_time(&video, &saved(900, 320))),
    ];
    for measure in MapMeasure::ALL {
        let style = Style::saved(theme, 1000, 0, caption("COMM 290"));
        charts.push((
            format!("map-{measure:?}").to_lowercase(),
            charts::course_map(views.videos(), &figures, measure, &style),
        ));
    }
    for measure in HeatMeasure::ALL {
        let style = Style::saved(theme, 1000, 0, caption("COMM 290"));
        charts.push((
            format!("heat-{measure:?}").to_lowercase(),
            charts::heat_map(views.videos(), &figures, measure, &style),
        ));
    }
    let style = Style::saved(theme, 1000, 0, caption("COMM 290"));
    charts.push(("timelines".to_owned(), charts::timeline_grid(views.videos(), &figures, &style)));
    charts
}

/// A course of three years: weeks, and ticks in months.
fn years(theme: Theme) -> Chart {
    let mut numbers = sample::Numbers::new(3);
    let runs = (0..4000)
        .map(|_| Run {
            video: 0,
            viewer: numbers.below(300),
            day: Day::new(FIRST_DAY + (numbers.below(3) * 365 + numbers.below(100)).cast_signed()),
            start_secs: 0.0,
            stop_secs: 60.0,
        })
        .collect();
    let views = CourseViews::new(sample::videos(), runs);
    let domain = views.days().unwrap();
    let style = Style::screen(theme, 760, 160);
    let period = charts::fitting_period(&style, domain);
    assert_eq!(period, Period::Week);
    charts::viewers_across_time(&views.viewers_across_time(None, domain, period), period, DateRange::ALL, &style)
}

#[test]
#[ignore = "writes files; for a person to look at"]
fn gallery() {
    let folder = PathBuf::from(std::env::var("CHARTS_GALLERY").unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    let views = sample::course();
    for theme in [Theme::Light, Theme::Dark, Theme::Print] {
        let name = format!("{theme:?}").to_lowercase();
        let start = Instant::now();
        let mut charts = every_chart(&views, theme);
        println!("{name}: {} charts in {:?}", charts.len(), start.elapsed());
        charts.push(("time-years".to_owned(), years(theme)));
        for (chart_name, chart) in charts {
            write(&folder, &format!("{name}-{chart_name}"), &chart);
        }
    }
    let video = VideoFigures::new(&views, 2, DateRange::ALL);
    let style = Style::screen(Theme::Light, 760, 220);
    let start = Instant::now();
    for _ in 0..100 {
        charts::viewers_across_timeline(&video, &style);
    }
    println!("one timeline chart: {:?}", start.elapsed() / 100);
}

fn write(folder: &Path, name: &str, chart: &Chart) {
    // A transparent chart is shown on its own ground, as in the window.
    let svg = folder.join(format!("{name}.svg"));
    std::fs::write(svg, &chart.svg).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), chart.png(2.0).unwrap()).unwrap();
}
