//! Every chart in every theme, as files to look at.
//!
//! `CHARTS_GALLERY=<folder> cargo test -p charts --test charts -- --ignored --nocapture gallery`

use std::path::{Path, PathBuf};
use std::time::Instant;

use charts::{Caption, Chart, MatrixRow, Style, Theme};
use model::{
    Borders, CourseFigures, CourseViews, DateRange, Day, HeatMeasure, Interval, MapMeasure, PeopleMatrix, Period, Run,
    Timeline, VideoFigures, ViewingSpan, people_of_video,
};

use crate::extremes;
use crate::sample::{self, FIRST_DAY};

fn caption(subject: &str) -> Caption {
    Caption { subject: subject.to_owned(), range: "all dates".to_owned(), ..Caption::default() }
}

fn caption_of_video() -> Caption {
    Caption {
        course: "COMM 290 2021W1".to_owned(),
        freshness: "Data up to Sun 22 Nov 2020".to_owned(),
        ..caption("Costs II")
    }
}

/// The chart by second of a video that has a length.
pub(crate) fn by_second(views: &CourseViews, video: usize, window: Option<Interval>, style: &Style) -> Chart {
    let borders = Borders::new(views, video).unwrap();
    let wanted = charts::Seconds { window, ..charts::Seconds::default() };
    charts::by_second(&Timeline::new(views, &borders, DateRange::ALL), wanted, style).chart
}

/// The first people of a course by its videos.
pub(crate) fn people(views: &CourseViews, count: usize, style: &Style) -> Chart {
    let span = ViewingSpan::default();
    let seen = (0..views.videos().len()).flat_map(|video| people_of_video(views, video, span));
    let all = seen.map(|of| of.person as usize + 1).max().unwrap_or_default();
    let matrix = PeopleMatrix::new(views, all.max(count), span);
    let labels: Vec<String> = (0..count).map(|person| format!("Núñez-Ó Briain <{person}>, 数据")).collect();
    let rows: Vec<MatrixRow<'_>> = labels
        .iter()
        .enumerate()
        .map(|(person, label)| MatrixRow {
            label,
            cells: matrix.row(person),
            covered: matrix.totals()[person].covered,
            last: "22 Nov",
        })
        .collect();
    let videos: Vec<&str> = views.videos().iter().map(|video| &*video.name).collect();
    charts::people_matrix(&videos, &rows, style)
}

/// Every chart of the sample course, with its name.
pub(crate) fn every_chart(views: &CourseViews, theme: Theme) -> Vec<(String, Chart)> {
    let figures = CourseFigures::new(views, DateRange::ALL);
    let video = VideoFigures::new(views, 2, DateRange::ALL);
    let nobody = VideoFigures::new(views, 10, DateRange::ALL);
    let no_length = VideoFigures::new(views, 11, DateRange::ALL);
    let domain = views.days().unwrap();
    let chosen = DateRange::between(Day::new(FIRST_DAY + 20), Day::new(FIRST_DAY + 41));
    let across = |video, style: &Style, chosen| {
        let period = charts::fitting_period(style, domain);
        charts::viewers_across_time(&views.viewers_across_time(video, domain, period), period, chosen, None, style)
    };
    let screen = |width, height| Style::screen(theme, width, height);
    let saved = |width, height| Style::saved(theme, width, height, caption_of_video());
    let mut charts = vec![
        ("time-screen".to_owned(), across(None, &screen(760, 150), DateRange::ALL)),
        ("time-saved".to_owned(), across(Some(2), &saved(900, 320), chosen)),
        ("time-narrow".to_owned(), across(Some(2), &screen(240, 90), DateRange::ALL)),
        ("timeline-screen".to_owned(), charts::viewers_across_timeline(&video, &screen(760, 220))),
        ("timeline-saved".to_owned(), charts::viewers_across_timeline(&video, &saved(900, 360))),
        ("timeline-narrow".to_owned(), charts::viewers_across_timeline(&video, &screen(300, 120))),
        ("timeline-nobody".to_owned(), charts::viewers_across_timeline(&nobody, &screen(760, 220))),
        ("timeline-no-length".to_owned(), charts::viewers_across_timeline(&no_length, &saved(900, 300))),
        ("second-screen".to_owned(), by_second(views, 2, None, &screen(760, 220))),
        ("second-saved".to_owned(), by_second(views, 2, None, &saved(900, 360))),
        ("second-near".to_owned(), by_second(views, 2, Interval::new(3300.0, 3900.0), &saved(900, 360))),
        ("second-narrow".to_owned(), by_second(views, 2, None, &screen(240, 90))),
        ("second-nobody".to_owned(), by_second(views, 10, None, &screen(760, 220))),
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
    charts.push(("people-saved".to_owned(), people(views, 40, &style)));
    charts.push(("people-nobody".to_owned(), people(views, 0, &style)));
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
    charts::viewers_across_time(&views.viewers_across_time(None, domain, period), period, DateRange::ALL, None, &style)
}

/// Charts for saving in which names or numbers are extreme.
fn extremes(views: &CourseViews, theme: Theme) -> Vec<(String, Chart)> {
    let mut charts = Vec::new();
    let mut add = |name: &str, views: &CourseViews, video: usize, style: &Style| {
        let figures = VideoFigures::new(views, video, DateRange::ALL);
        charts.push((format!("{name}-timeline"), charts::viewers_across_timeline(&figures, style)));
        charts.push((format!("{name}-average"), charts::average_time(&figures, style)));
        let domain = views.days().unwrap();
        let period = charts::fitting_period(style, domain);
        let across = views.viewers_across_time(Some(video), domain, period);
        charts
            .push((format!("{name}-time"), charts::viewers_across_time(&across, period, DateRange::ALL, None, style)));
    };
    let named = |video: usize| {
        Style::saved(
            theme,
            800,
            240,
            Caption {
                subject: views.videos()[video].name.to_string(),
                course: "مقدمة في المحاسبة الإدارية".to_owned(),
                ..caption_of_video()
            },
        )
    };
    add("long", views, 3, &named(3));
    add("rtl", views, 8, &named(8));
    add("nobody", views, 10, &named(10));
    add("small", views, 2, &Style::saved(theme, 320, 120, caption_of_video()));
    for viewers in [1, 7, 100_000] {
        let runs = (0..viewers).map(|viewer| Run {
            video: 0,
            viewer,
            day: Day::new(FIRST_DAY + (viewer % 3).cast_signed()),
            start_secs: 0.0,
            stop_secs: 412.0 - f64::from(viewer % 400),
        });
        add(&format!("{viewers}-viewers"), &CourseViews::new(sample::videos(), runs.collect()), 0, &named(0));
    }
    charts
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
        let few = extremes::few();
        let figures = VideoFigures::new(&few, 0, DateRange::ALL);
        let style = Style::saved(theme, 800, 240, caption_of_video());
        charts.push(("few-timeline".to_owned(), charts::viewers_across_timeline(&figures, &style)));
        charts.extend(extremes(&views, theme));
        for (course, views) in extremes::courses() {
            for (kind, chart) in extremes::charts_of(&views, theme, 800, true) {
                charts.push((format!("x-{course}-{kind}"), chart));
            }
            for (kind, chart) in extremes::charts_of(&views, theme, 760, false) {
                charts.push((format!("x-{course}-{kind}-window"), chart));
            }
        }
        for (chart_name, chart) in charts {
            write(
                &folder,
                &format!("{name}-{chart_name}"),
                &chart,
                ["saved", "-map"].iter().any(|ending| chart_name.ends_with(ending))
                    || ["map-", "heat-", "timelines", "few-"].iter().any(|beginning| chart_name.starts_with(beginning)),
            );
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

fn write(folder: &Path, name: &str, chart: &Chart, as_png: bool) {
    // A transparent chart is shown on its own background, as in the window.
    let svg = folder.join(format!("{name}.svg"));
    std::fs::write(svg, &chart.svg).unwrap();
    if as_png {
        std::fs::write(folder.join(format!("{name}.png")), chart.png(2.0).unwrap()).unwrap();
    }
}
