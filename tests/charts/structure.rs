//! What each chart contains: marks, labels and values, all in agreement with the figures.

use charts::{Caption, Chart, Hue, MatrixRow, Palette, Style, Theme};
use model::readout::part_label;
use model::{
    CourseFigures, CourseViews, DateRange, Day, Figure, HeatMeasure, MapMeasure, MatrixCell, Period, Statistic,
    VideoFigures, words,
};
use roxmltree::{Document, Node};

use crate::gallery::every_chart;
use crate::sample::{self, FIRST_DAY};

pub(crate) fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
}

/// The rectangles of a colour: x, y, width, height. Thin ones may be parts of a path.
pub(crate) fn filled(svg: &str, colour: &str) -> Vec<(i32, i32, i32, i32)> {
    rectangles(svg, |fill| fill.eq_ignore_ascii_case(colour))
}

pub(crate) fn rectangles(svg: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<(i32, i32, i32, i32)> {
    let document = Document::parse(svg).unwrap();
    let number = |node: &Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<i32>().unwrap();
    let mut all = Vec::new();
    for node in document.descendants().filter(|node| node.attribute("fill").is_some_and(&is_wanted)) {
        match node.tag_name().name() {
            "rect" => {
                all.push((number(&node, "x"), number(&node, "y"), number(&node, "width"), number(&node, "height")));
            }
            "path" => {
                let marks = node.attribute("d").unwrap().strip_prefix('M').unwrap().split('M');
                all.extend(marks.map(|mark| {
                    let numbers = mark.split(|letter: char| letter != '-' && !letter.is_ascii_digit());
                    let numbers: Vec<i32> = numbers.filter_map(|number| number.parse().ok()).collect();
                    let [x, y, width, height, back] = numbers[..] else { panic!("{mark}") };
                    assert_eq!((mark, back), (&*format!("{x} {y}h{width}v{height}h-{width}z"), -width));
                    (x, y, width, height)
                }));
            }
            _ => {}
        }
    }
    all
}

fn count(svg: &str, tag: &str) -> usize {
    Document::parse(svg).unwrap().descendants().filter(|node| node.has_tag_name(tag)).count()
}

#[test]
fn every_chart_is_a_named_image_of_its_size_and_nothing_but_shapes() {
    for theme in [Theme::Light, Theme::Dark, Theme::Print] {
        for (name, chart) in every_chart(&sample::course(), theme) {
            let document = Document::parse(&chart.svg).unwrap();
            let root = document.root_element();
            assert_eq!(root.attribute("role"), Some("img"), "{name}");
            assert_eq!(root.attribute("width").unwrap(), chart.width_px.to_string());
            assert_eq!(root.attribute("height").unwrap(), chart.height_px.to_string());
            let first: Vec<&str> =
                root.children().filter(Node::is_element).take(2).map(|node| node.tag_name().name()).collect();
            assert_eq!(first, ["title", "desc"], "{name}");
            for node in document.descendants().filter(Node::is_element) {
                let tag = node.tag_name().name();
                assert!(
                    ["svg", "title", "desc", "rect", "path", "text", "line", "polygon", "polyline"].contains(&tag),
                    "{name}: <{tag}>"
                );
                for attribute in node.attributes() {
                    assert!(
                        !attribute.name().starts_with("on")
                            && !["style", "href", "id", "class"].contains(&attribute.name())
                    );
                    assert!(!attribute.value().contains("url("), "{name}");
                }
            }
            assert!(chart.points.iter().all(|point| point.values.len() == chart.series.len()), "{name}");
            let plot = chart.plot;
            assert!(plot.left < plot.right && plot.top < plot.bottom, "{name}");
            assert!(
                plot.right <= chart.width_px.cast_signed() && plot.bottom <= chart.height_px.cast_signed(),
                "{name}"
            );
        }
    }
}

fn across(views: &CourseViews, video: Option<usize>, chosen: DateRange, style: &Style) -> Chart {
    let domain = views.days().unwrap();
    let period = charts::fitting_period(style, domain);
    charts::viewers_across_time(&views.viewers_across_time(video, domain, period), period, chosen, None, style)
}

#[test]
fn a_bar_for_every_day_with_viewers_at_the_height_of_its_number() {
    let views = sample::course();
    let chart = across(&views, None, DateRange::ALL, &Style::screen(Theme::Light, 760, 150));
    let days = views.viewers_per_day(DateRange::ALL);
    let bars = filled(&chart.svg, &Palette::of(Theme::Light).reached.hex());
    assert_eq!(bars.len(), days.len());
    assert_eq!(chart.points.len() as u64, views.days().unwrap().day_count());
    let shown: Vec<_> = chart.points.iter().filter(|point| point.values[0].number != Some(0.0)).collect();
    assert_eq!(shown.len(), days.len());
    for ((bar, point), day) in bars.iter().zip(shown).zip(days) {
        assert_eq!(point.values[0].number, Some(f64::from(day.viewers)));
        assert_eq!(point.values[0].text, words::count(u64::from(day.viewers)));
        assert_eq!(point.label, words::day_year(day.day));
        assert_eq!(point.days, Some(DateRange::between(day.day, day.day)));
        assert!((f64::from(bar.1) - point.values[0].top).abs() <= 1.0, "{bar:?} {point:?}");
        assert_eq!(bar.1 + bar.3, chart.plot.bottom);
        assert!(f64::from(bar.0) >= point.left - 1.0 && f64::from(bar.0 + bar.2) <= point.right + 1.0);
    }
}

#[test]
fn points_fill_the_plot_without_gaps() {
    for (name, chart) in every_chart(&sample::course(), Theme::Light) {
        if !(name.starts_with("time-")
            || name.starts_with("second-")
            || name.starts_with("timeline-")
            || name.starts_with("average-"))
            || chart.points.is_empty()
        {
            continue;
        }
        assert!((chart.points[0].left - f64::from(chart.plot.left)).abs() < 1e-6, "{name}");
        assert!((chart.points[chart.points.len() - 1].right - f64::from(chart.plot.right)).abs() < 1e-6, "{name}");
        for pair in chart.points.windows(2) {
            assert!((pair[0].right - pair[1].left).abs() < 1e-6, "{name}");
        }
    }
}

#[test]
fn a_cell_of_the_matrix_is_as_high_as_its_coverage_and_deep_from_three_quarters_on() {
    let cells = [
        MatrixCell::NotOpened,
        MatrixCell::NoLength,
        MatrixCell::Coverage { percent: 50.0, is_covered: false },
        MatrixCell::Coverage { percent: 100.0, is_covered: true },
    ];
    let row = MatrixRow { label: "Ifeoma", cells: &cells, covered: 1, last: "3 Oct" };
    let style = Style::saved(Theme::Light, 800, 0, Caption::default());
    let chart = charts::people_matrix(&["a", "b", "c", "d"], &[row], &style);
    let palette = Palette::of(Theme::Light);
    let top = chart.plot.top;
    let within = |bars: Vec<(i32, i32, i32, i32)>| -> Vec<i32> {
        bars.into_iter().filter(|bar| bar.1 >= top && bar.1 < chart.plot.bottom).map(|bar| bar.3).collect()
    };
    assert_eq!(within(filled(&chart.svg, &palette.reached.hex())), [18]);
    assert_eq!(within(filled(&chart.svg, &palette.covered_area.hex())), [2, 9], "opened without a length; half");
    let texts: Vec<&str> = chart.points[0].values.iter().map(|value| value.text.as_str()).collect();
    assert_eq!(texts, ["", "opened", "50.0 %", "100.0 %"]);
}

#[test]
fn days_that_are_not_chosen_are_pale() {
    let views = sample::course();
    let chosen = DateRange::between(Day::new(FIRST_DAY + 5), Day::new(FIRST_DAY + 9));
    let chart = across(&views, None, chosen, &Style::screen(Theme::Light, 760, 150));
    let palette = Palette::of(Theme::Light);
    let chosen_days = views.viewers_per_day(chosen).len();
    let (marks, bars): (Vec<_>, Vec<_>) =
        filled(&chart.svg, &palette.reached.hex()).into_iter().partition(|mark| mark.1 == chart.plot.bottom);
    assert_eq!(bars.len(), chosen_days);
    let (first, last) = (&chart.points[5], &chart.points[9]);
    assert_eq!(marks.len(), 1);
    assert!(
        (f64::from(marks[0].0) - first.left).abs() <= 1.0
            && (f64::from(marks[0].0 + marks[0].2) - last.right).abs() <= 1.0
    );
    let all_days = views.viewers_per_day(DateRange::ALL).len();
    assert_eq!(filled(&chart.svg, &palette.unchosen.hex()).len(), all_days - chosen_days);
}

#[test]
fn long_courses_are_drawn_in_weeks_and_months() {
    let style = Style::screen(Theme::Light, 760, 150);
    let days = |count: i32| DateRange::between(Day::new(FIRST_DAY), Day::new(FIRST_DAY + count - 1));
    assert_eq!(charts::fitting_period(&style, days(120)), Period::Day);
    assert_eq!(charts::fitting_period(&style, days(3 * 365)), Period::Week);
    assert_eq!(charts::fitting_period(&style, days(12 * 365)), Period::Month);
    let views = sample::course();
    let domain = views.days().unwrap();
    let weeks = views.viewers_across_time(None, domain, Period::Week);
    let chart = charts::viewers_across_time(&weeks, Period::Week, DateRange::ALL, None, &style);
    assert_eq!((chart.position_label.as_str(), chart.series[0].label.as_str()), ("Week", "Viewers in a week"));
    assert_eq!(chart.subtitle.as_deref(), Some("each bar is a week"));
    assert_eq!(chart.points.len(), weeks.len());
}

#[test]
fn the_timeline_has_two_areas_twenty_steps_and_the_figures() {
    let views = sample::course();
    let figures = VideoFigures::new(&views, 2, DateRange::ALL);
    let chart = charts::viewers_across_timeline(&figures, &Style::screen(Theme::Light, 760, 220));
    assert_eq!((count(&chart.svg, "polygon"), count(&chart.svg, "polyline")), (2, 2));
    assert_eq!(chart.series.iter().map(|series| series.hue).collect::<Vec<_>>(), [Hue::Reached, Hue::Covered]);
    assert_eq!(chart.points.len(), 20);
    for ((index, point), chunk) in chart.points.iter().enumerate().zip(&figures.chunks) {
        assert_eq!(point.values[0].number, Some(f64::from(chunk.reached)));
        assert_eq!(point.values[1].number, Some(f64::from(chunk.covered)));
        assert!(point.values[0].top <= point.values[1].top);
        assert_eq!(point.label, part_label(index, chunk.start_secs, chunk.end_secs));
    }
    let labels = texts(&chart.svg);
    assert!(labels.contains(&"0:00:00".to_owned()) && labels.contains(&"1:59:59".to_owned()), "{labels:?}");
    assert_eq!(chart.subtitle.as_deref(), Some("each part 0:06:00"));
}

#[test]
fn every_label_of_the_timeline_stands_at_a_tick_and_chunk_borders_are_gaps_in_the_base_line() {
    let axis = Palette::of(Theme::Light).axis.hex();
    let mut videos = sample::videos();
    for duration_secs in [59.0, 412.3, 1337.0, 7199.4, 36_001.0] {
        videos[0].duration_secs = Some(duration_secs);
        let run = model::Run { video: 0, viewer: 0, day: Day::new(FIRST_DAY), start_secs: 0.0, stop_secs: 50.0 };
        let figures = VideoFigures::new(&CourseViews::new(videos.clone(), vec![run]), 0, DateRange::ALL);
        for width_px in [200, 420, 760, 1400] {
            let style = Style::screen(Theme::Light, width_px, 220);
            for chart in [charts::viewers_across_timeline(&figures, &style), charts::average_time(&figures, &style)] {
                let what = format!("{duration_secs} s, {width_px} px, {}", chart.title);
                let document = Document::parse(&chart.svg).unwrap();
                let labels: Vec<i32> = document
                    .descendants()
                    .filter(|node| node.has_tag_name("text") && node.text().is_some_and(|text| text.contains(':')))
                    .filter(|node| node.attribute("y").unwrap().parse::<i32>().unwrap() > chart.plot.bottom + 8)
                    .map(|node| node.attribute("x").unwrap().parse().unwrap())
                    .collect();
                let marks = filled(&chart.svg, &axis);
                let below: Vec<_> = marks.iter().filter(|mark| mark.1 == chart.plot.bottom + 1).collect();
                assert!(!labels.is_empty(), "{what}");
                assert_eq!(below.len(), labels.len(), "{what}: a tick for each label and no other");
                for x in labels {
                    assert!(below.iter().any(|tick| (tick.0 - x).abs() <= 1), "{what}: no tick at {x}: {below:?}");
                }
                if width_px < 420 {
                    continue;
                }
                let base: Vec<_> = marks.iter().filter(|mark| mark.1 == chart.plot.bottom).collect();
                assert_eq!(base.len(), 20, "{what}");
                for (piece, point) in base.iter().zip(&chart.points) {
                    let (from, to) = (f64::from(piece.0), f64::from(piece.0 + piece.2));
                    assert!((from - point.left).abs() <= 2.0 && (to - point.right).abs() <= 2.0, "{what}");
                }
            }
        }
    }
}

#[test]
fn a_chunk_nobody_reached_is_zero_and_not_bridged() {
    let runs: Vec<model::Run> = (0..10)
        .flat_map(|viewer| {
            [(0.0, 200.0), (300.0, 400.0)].map(|(start_secs, stop_secs)| model::Run {
                video: 0,
                viewer,
                day: Day::new(FIRST_DAY),
                start_secs,
                stop_secs,
            })
        })
        .collect();
    let mut videos = sample::videos();
    videos[0].duration_secs = Some(400.0);
    let views = CourseViews::new(videos, runs);
    let chart = charts::viewers_across_timeline(
        &VideoFigures::new(&views, 0, DateRange::ALL),
        &Style::screen(Theme::Light, 760, 220),
    );
    let document = Document::parse(&chart.svg).unwrap();
    let line = document.descendants().find(|node| node.has_tag_name("polyline")).unwrap();
    let points: Vec<(i32, i32)> = line
        .attribute("points")
        .unwrap()
        .split_whitespace()
        .map(|point| point.split_once(',').unwrap())
        .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
        .collect();
    // Down to zero and up again, both vertical: six corners.
    assert_eq!(points.len(), 6, "{points:?}");
    assert_eq!(points[1].0, points[2].0);
    // The line lies just outside its area.
    assert_eq!((points[2].1, points[3].1), (chart.plot.bottom - 1, chart.plot.bottom - 1));
    assert_eq!(points[3].0, points[4].0);
    assert_eq!(chart.points[12].values[0].number, Some(0.0));
}

#[test]
fn average_time_has_a_bar_for_every_chunk_reached_and_a_line_at_the_chunk_s_length() {
    let views = sample::course();
    let figures = VideoFigures::new(&views, 2, DateRange::ALL);
    let chart = charts::average_time(&figures, &Style::screen(Theme::Light, 760, 180));
    let bars = filled(&chart.svg, &Palette::of(Theme::Light).time.hex());
    assert_eq!(bars.len(), figures.chunks.iter().filter(|chunk| chunk.reached > 0).count());
    for ((bar, point), chunk) in bars.iter().zip(&chart.points).zip(&figures.chunks) {
        assert_eq!(point.values[0].number, Some(chunk.average_secs));
        assert_eq!(point.values[0].text, words::clock(chunk.average_secs));
        assert!((f64::from(bar.1) - point.values[0].top).abs() <= 1.0);
    }
    assert_eq!(count(&chart.svg, "polyline"), 1);
    assert_eq!(chart.subtitle.as_deref(), Some("each part 0:06:00, marked by the line"));
}

#[test]
fn the_map_has_twenty_cells_for_every_video_with_a_length() {
    let views = sample::course();
    let figures = CourseFigures::new(&views, DateRange::ALL);
    for measure in MapMeasure::ALL {
        let style = Style::saved(Theme::Light, 1000, 0, Caption::default());
        let chart = charts::course_map(views.videos(), &figures, measure, &style);
        let document = Document::parse(&chart.svg).unwrap();
        let cells = document
            .descendants()
            .filter(|node| node.has_tag_name("rect") && node.attribute("height") == Some("20"))
            .count();
        let with_length = views.videos().iter().filter(|video| video.duration_secs.is_some()).count();
        assert_eq!(cells, 20 * with_length, "{measure:?}");
        assert_eq!(chart.points.len(), views.videos().len());
        let labels = texts(&chart.svg);
        assert!(labels.contains(&"Costs II".to_owned()) && labels.contains(&"length unknown".to_owned()));
        assert!(chart.points[10].values.iter().all(|value| value.text == "–"));
        assert!(chart.points[11].values.iter().all(|value| value.number.is_none()));
    }
}

/// On paper a drawing that is longer than a page is cut in the middle of a row.
#[test]
fn a_map_in_parts_has_every_video_once_in_drawings_of_few_rows() {
    let videos: Vec<_> = sample::videos().into_iter().cycle().take(45).zip(1..).map(numbered).collect();
    let views = CourseViews::new(videos, Vec::new());
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let style = Style::saved(Theme::Print, 912, 0, Caption::default());
    let parts = charts::course_map_in_parts(views.videos(), &figures, MapMeasure::Reached, &style, 20);
    assert_eq!(parts.iter().map(|part| part.points.len()).collect::<Vec<_>>(), [15, 15, 15]);
    let listed: Vec<String> =
        parts.iter().flat_map(|part| part.points.iter().map(|point| point.label.clone())).collect();
    assert_eq!(listed, (1..=45).map(|number| format!("Lecture {number}")).collect::<Vec<_>>());
    // Printed at 186 mm, a page of A4 is 1030 px high.
    assert!(parts.iter().all(|part| part.height_px * 703 / part.width_px < 1030 / 2), "two fit on a page");
    let has = |part: &Chart, label: &str| texts(&part.svg).iter().any(|text| text.contains(label));
    for (index, part) in parts.iter().enumerate() {
        assert!(has(part, "Middle of the video") && has(part, &format!("Lecture {}", index * 15 + 1)));
        assert_eq!(has(part, "Unique viewers. "), index == 2, "what is counted is said once");
        assert_eq!(has(part, "100 %"), index == 0, "the colours are explained once");
        assert_eq!(has(part, "Course map, continued"), index > 0);
    }
    let whole = charts::course_map(views.videos(), &figures, MapMeasure::Reached, &style);
    let alone = charts::course_map_in_parts(views.videos(), &figures, MapMeasure::Reached, &style, 45);
    assert_eq!(alone.iter().map(|part| &part.svg).collect::<Vec<_>>(), [&whole.svg]);
    let none = CourseViews::new(Vec::new(), Vec::new());
    let figures = CourseFigures::new(&none, DateRange::ALL);
    assert_eq!(charts::course_map_in_parts(&[], &figures, MapMeasure::Reached, &style, 20).len(), 1);
}

fn numbered((video, number): (model::VideoInfo, u8)) -> model::VideoInfo {
    let name = format!("Lecture {number}").into();
    model::VideoInfo { name, session_id: model::SessionId::from_bytes([number; 16]), order: number.into(), ..video }
}

#[test]
fn a_video_without_a_name_is_listed_under_words() {
    let mut videos = sample::videos();
    videos.truncate(1);
    videos[0].name = " \u{202e}\n".into();
    let views = CourseViews::new(videos, Vec::new());
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let style = Style::saved(Theme::Light, 800, 0, Caption::default());
    for chart in [
        charts::course_map(views.videos(), &figures, MapMeasure::Reached, &style),
        charts::heat_map(views.videos(), &figures, HeatMeasure::UniqueViewers, &style),
        charts::timeline_grid(views.videos(), &figures, &style),
    ] {
        assert!(texts(&chart.svg).contains(&"Without a name".to_owned()), "{}", chart.title);
        assert_eq!(chart.points[0].label, "Without a name");
    }
}

#[test]
fn heat_colours_follow_the_values_and_the_legend_says_their_numbers() {
    let views = sample::course();
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let style = Style::saved(Theme::Light, 1000, 0, Caption::default());
    for measure in HeatMeasure::ALL {
        let chart = charts::heat_map(views.videos(), &figures, measure, &style);
        let (_, high) = figures.heat_extent(measure).unwrap();
        let labels = texts(&chart.svg);
        assert!(
            labels.contains(&charts::heat_text(measure, Statistic::Value(high), model::Telling::Exactly)),
            "{labels:?}"
        );
        let scale = charts::ColourScale::of_heat(&figures, measure);
        for (row, point) in figures.rows.iter().zip(&chart.points) {
            let value = measure.value(row);
            assert_eq!(point.values[0].number, value.value());
            let colour = scale.colour(value, Palette::of(Theme::Light)).hex();
            let cells = filled(&chart.svg, &colour);
            let (left, top) = (point.left.round() as i32, point.values[0].top.round() as i32);
            assert!(cells.iter().any(|cell| (cell.0, cell.1) == (left, top)), "{measure:?} {}", point.label);
        }
    }
}

#[test]
fn a_step_of_the_drawn_legend_has_its_number_under_its_border() {
    let views = sample::course();
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let scale = charts::ColourScale::of_map(MapMeasure::Rewatched);
    let palette = Palette::of(Theme::Light);
    let colours: Vec<String> = scale.colours(palette).map(charts::Rgb::hex).collect();
    for width_px in [480, 1000] {
        let style = Style::saved(Theme::Light, width_px, 0, Caption::default());
        let chart = charts::course_map(views.videos(), &figures, MapMeasure::Rewatched, &style);
        let document = Document::parse(&chart.svg).unwrap();
        for (colour, (_, said)) in colours.iter().skip(1).zip(&scale.ticks) {
            let step = filled(&chart.svg, colour).into_iter().find(|rect| rect.3 == 10).unwrap();
            let text = document.descendants().find(|node| node.text() == Some(said.as_str())).expect(said);
            let x: i32 = text.attribute("x").unwrap().parse().unwrap();
            let off = step.0 - x;
            assert!((0..=20).contains(&off), "{width_px}: `{said}` is {off} px off its step");
        }
        // Colours do not change the figure in any cell.
        for (row, point) in figures.rows.iter().zip(&chart.points) {
            for (chunk, value) in point.values.iter().enumerate() {
                assert_eq!(value.number, MapMeasure::Rewatched.value(row, chunk).value());
            }
        }
    }
}

#[test]
fn what_stands_alone_says_what_it_is_and_what_is_on_screen_does_not_repeat_it() {
    let views = sample::course();
    let figures = VideoFigures::new(&views, 2, DateRange::ALL);
    let caption = Caption {
        subject: "Costs II".to_owned(),
        course: "COMM 290".to_owned(),
        range: "all dates".to_owned(),
        freshness: "Data up to Sun 22 Nov 2020".to_owned(),
        ..Caption::default()
    };
    let saved = charts::viewers_across_timeline(&figures, &Style::saved(Theme::Light, 900, 360, caption));
    let labels = texts(&saved.svg);
    assert!(labels.contains(&"Viewers across the timeline".to_owned()));
    for said in ["Costs II", "COMM 290", "all dates · each part 0:06:00", "Data up to Sun 22 Nov 2020"] {
        assert!(labels.contains(&said.to_owned()), "{said}: {labels:?}");
    }
    // What the figures of the chart count, in the words of the window, without a word left out.
    let said = labels.join(" ");
    for figure in [Figure::ChunkReached, Figure::ChunkCovered] {
        assert!(said.contains(&format!("{}. {}", figure.name(), figure.definition())), "{said}");
    }
    assert!(
        labels.iter().any(
            |label| label.starts_with(&format!("{}: ", Figure::ChunkReached.name())) && label.ends_with(" viewers")
        )
    );
    assert_eq!(filled(&saved.svg, &Palette::of(Theme::Light).surface.hex()).len(), 1);
    let screen = charts::viewers_across_timeline(&figures, &Style::screen(Theme::Light, 900, 360));
    assert!(texts(&screen.svg).iter().all(|label| label.chars().all(|c| c.is_ascii_digit() || c == ':' || c == ',')));
    assert!(filled(&screen.svg, &Palette::of(Theme::Light).surface.hex()).is_empty());
}

#[test]
fn charts_under_each_other_share_their_positions() {
    let views = sample::course();
    let figures = VideoFigures::new(&views, 2, DateRange::ALL);
    for width_px in [200, 320, 500, 760, 1200, 2000] {
        let style = |height_px| Style::screen(Theme::Light, width_px, height_px);
        let plots = [
            across(&views, Some(2), DateRange::ALL, &style(92)).plot,
            charts::viewers_across_timeline(&figures, &style(220)).plot,
            charts::average_time(&figures, &style(180)).plot,
        ]
        .map(|plot| (plot.left, plot.right));
        assert!(plots.iter().all(|plot| *plot == plots[0]), "{width_px}: {plots:?}");
    }
}

/// The vertical axis of a chart: place and text of its labels, from zero upwards.
fn upright_labels(chart: &Chart) -> Vec<(i32, String)> {
    let document = Document::parse(&chart.svg).unwrap();
    let mut labels: Vec<(i32, String)> = document
        .descendants()
        .filter(|node| node.has_tag_name("text") && node.attribute("text-anchor") == Some("end"))
        .filter(|node| node.attribute("x").unwrap().parse::<i32>().unwrap() < chart.plot.left)
        .map(|node| {
            let y = node.attribute("y").unwrap().parse().unwrap();
            (y, node.text().unwrap().trim().to_owned())
        })
        .collect();
    labels.sort_by_key(|label| -label.0);
    labels
}

#[test]
fn the_upright_axis_ends_at_a_label_above_the_data_which_fill_two_thirds_of_it() {
    let mut videos = sample::videos();
    videos.truncate(1);
    videos[0].duration_secs = Some(1000.0);
    for (height_px, least, most) in [(92, 2, 3), (160, 2, 5), (300, 2, 6)] {
        for viewers in (1..=130).chain([999, 1000, 1001, 4_321, 100_000]) {
            let run =
                |viewer| model::Run { video: 0, viewer, day: Day::new(FIRST_DAY), start_secs: 0.0, stop_secs: 1000.0 };
            let views = CourseViews::new(videos.clone(), (0..viewers).map(run).collect());
            let chart = across(&views, None, DateRange::ALL, &Style::screen(Theme::Light, 760, height_px));
            let labels = upright_labels(&chart);
            let what = format!("{viewers} viewers, {height_px} px: {labels:?}");
            assert!((least..=most).contains(&labels.len()), "{what}");
            let value = |text: &str| text.replace(',', "").parse::<u32>().unwrap();
            let top = value(&labels[labels.len() - 1].1);
            assert!(top >= viewers && top * 2 <= viewers * 3, "{what}");
            // Its label is at the upper edge, where the axis ends.
            assert!((labels[labels.len() - 1].0 - chart.plot.top).abs() <= 2, "{what}");
            assert!(chart.points[0].values[0].top >= f64::from(chart.plot.top) - 1e-9, "{what}");
            let step = value(&labels[1].1);
            assert!(labels.iter().zip(0..).all(|((_, text), index)| value(text) == index * step), "{what}");
        }
    }
}

#[test]
fn the_last_week_has_its_tick_and_where_there_is_room_its_label() {
    let run = |day| model::Run { video: 0, viewer: 0, day: Day::new(day), start_secs: 0.0, stop_secs: 60.0 };
    // Thu 20 Aug to Mon 23 Nov 2026.
    let (first, last) = (20_685, 20_780);
    let views = CourseViews::new(sample::videos(), vec![run(first), run(last)]);
    for (width_px, labelled) in [(1000, "23 Nov"), (1400, "23 Nov")] {
        let chart = across(&views, None, DateRange::ALL, &Style::screen(Theme::Light, width_px, 92));
        let labels = texts(&chart.svg);
        assert!(labels.contains(&"16 Nov".to_owned()), "{labels:?}");
        let axis = filled(&chart.svg, &Palette::of(Theme::Light).axis.hex());
        let mondays = axis.iter().filter(|tick| tick.2 == 1 && tick.3 == 5).count();
        assert_eq!(mondays, 14, "{width_px}");
        assert!(mondays - labels.iter().filter(|label| label.contains(' ')).count() <= 1, "{labelled}: {labels:?}");
    }
}

#[test]
fn small_timelines_share_a_scale_and_hold_no_text() {
    let views = sample::course();
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let top = charts::viewers_at_top(&figures, &[]);
    let style = Style::screen(Theme::Dark, 160, 40);
    let svg = charts::small_timeline(&figures.rows[0], None, top, &style);
    assert_eq!((count(&svg, "polygon"), count(&svg, "text")), (2, 0));
    for nothing in [10, 11] {
        let svg = charts::small_timeline(&figures.rows[nothing], None, top, &style);
        assert_eq!((count(&svg, "polygon"), count(&svg, "rect")), (0, 1));
    }
}

#[test]
fn summaries_name_the_most() {
    let views = sample::course();
    let figures = VideoFigures::new(&views, 2, DateRange::ALL);
    let chart = across(&views, Some(2), DateRange::ALL, &Style::screen(Theme::Light, 760, 150));
    let most = figures.viewers_per_day.iter().map(|day| day.viewers).max().unwrap();
    assert!(chart.summary.ends_with(&format!("with {most} viewers")), "{}", chart.summary);
    let chart = charts::viewers_across_timeline(&figures, &Style::screen(Theme::Light, 760, 150));
    assert!(chart.summary.starts_with("Most viewers reached 0:00:00 – 0:06:00 ("), "{}", chart.summary);
    assert!(chart.svg.contains("<desc>Most viewers reached"));
}

#[test]
fn the_most_viewers_are_those_of_the_chosen_dates() {
    let views = sample::course();
    let busiest = views.viewers_per_day(DateRange::ALL).iter().max_by_key(|day| day.viewers).unwrap();
    let chosen = DateRange::between(Day::new(FIRST_DAY), busiest.day.plus(-1));
    let most = views.viewers_per_day(chosen).iter().map(|day| day.viewers).max().unwrap();
    assert!(most < busiest.viewers);
    let chart = across(&views, None, chosen, &Style::screen(Theme::Light, 760, 150));
    assert!(chart.summary.ends_with(&format!("with {most} viewers")), "{}", chart.summary);
}

/// The sample course with the kind of names that Panopto gives recordings: long, and identical at the beginning.
fn recorded() -> Vec<model::VideoInfo> {
    let mut videos = sample::videos();
    for (index, video) in videos.iter_mut().enumerate() {
        let day = 8 + 7 * (index / 2) % 28;
        let part = if index % 2 == 0 { "first" } else { "second" };
        video.name =
            format!("BAMA504-001 2021W1 {:02}/{day:02}/2021 8:00 AM-10:00 AM {part} half [SXRS]", 9 + index / 8).into();
    }
    videos
}

#[test]
fn names_that_share_their_beginning_are_told_apart_in_every_saved_list() {
    let figures = CourseFigures::new(&sample::course(), DateRange::ALL);
    let videos = recorded();
    for width_px in [480, 800, 1000] {
        let style = Style::saved(Theme::Light, width_px, 0, Caption::default());
        for chart in [
            charts::course_map(&videos, &figures, MapMeasure::Reached, &style),
            charts::heat_map(&videos, &figures, HeatMeasure::UniqueViewers, &style),
            charts::timeline_grid(&videos, &figures, &style),
        ] {
            let labels = texts(&chart.svg);
            assert!(labels.iter().any(|label| label.ends_with("all begin with BAMA504-001 2021W1")), "{labels:?}");
            assert!(chart.points.iter().zip(&videos).all(|(point, video)| *point.label == *video.name));
            if chart.title == "Heat map" {
                continue;
            }
            let mut names: Vec<&String> = labels.iter().filter(|label| label.contains(['/', '…'])).collect();
            assert_eq!(names.len(), videos.len(), "{width_px}: {labels:?}");
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), videos.len(), "{width_px}: {names:?}");
        }
    }
}
