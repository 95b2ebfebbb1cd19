//! Dates of the course on saved charts across time.

use charts::{Caption, Chart, Palette, Style, Theme};
use chrono_tz::Tz;
use model::{CourseDate, CourseViews, DateKind, DateRange, Day, Flag, When, flags};

use crate::collisions::check;
use crate::hostile::{self, is_harmless};
use crate::sample::{self, FIRST_DAY};
use crate::structure::{filled, texts};

fn date(number: u32, kind: DateKind, name: &str, day: i32) -> CourseDate {
    let day = Day::new(FIRST_DAY + day);
    let when = When::Days(DateRange::between(day, day));
    CourseDate { number, kind, name: name.to_owned(), when, videos: Vec::new(), source: None }
}

fn placed(views: &CourseViews, dates: &[CourseDate]) -> Vec<Flag> {
    flags(dates, views, Tz::UTC)
}

fn saved(width_px: u32, dates: Vec<Flag>) -> Style {
    let caption = Caption { subject: "COMM 290".to_owned(), dates, ..Caption::default() };
    Style::saved(Theme::Light, width_px, 240, caption)
}

fn drawn(views: &CourseViews, style: &Style) -> Chart {
    let domain = views.days().unwrap();
    let period = charts::fitting_period(style, domain);
    charts::viewers_across_time(&views.viewers_across_time(None, domain, period), period, DateRange::ALL, None, style)
}

/// The lines of the flags: left edge, upper end and lower end.
fn lines(chart: &Chart) -> Vec<(i32, i32, i32)> {
    let all = filled(&chart.svg, &Palette::of(Theme::Light).text_muted.hex());
    let upright = all.into_iter().filter(|(.., width, height)| *width == 1 && *height >= chart.plot.height());
    upright.map(|(x, y, _, height)| (x, y, y + height)).collect()
}

#[test]
fn a_date_is_a_line_on_its_day_with_its_name_and_is_told_in_full_below() {
    let views = sample::course();
    let long = "Midterm about everything since the first week, in the large lecture theatre";
    let dates = [
        date(1, DateKind::Exam, long, 30),
        date(2, DateKind::Deadline, "Essay", 60),
        date(3, DateKind::Other, "Before the data", -40),
        date(4, DateKind::Other, "Long after", 900),
    ];
    let plain = drawn(&views, &saved(900, Vec::new()));
    let chart = drawn(&views, &saved(900, placed(&views, &dates)));
    let lines = lines(&chart);
    assert_eq!(lines.len(), 2, "{lines:?}");
    for ((x, top, bottom), day) in lines.iter().zip([30, 60]) {
        let point = chart.points.iter().find(|point| point.days.unwrap().contains(Day::new(FIRST_DAY + day))).unwrap();
        assert!((point.left..point.right).contains(&f64::from(*x)), "{x}: {point:?}");
        assert!(*top < chart.plot.top && *bottom == chart.plot.bottom);
    }
    let said = texts(&chart.svg);
    assert!(said.iter().any(|text| text.starts_with("Midterm") && text.ends_with('…')), "{said:?}");
    assert!(said.contains(&format!("Thu 8 Oct 2020, Exam: {long}")), "{said:?}");
    assert!(said.contains(&"Essay".to_owned()) && said.contains(&"Sat 7 Nov 2020, Deadline: Essay".to_owned()));
    assert!(!said.iter().any(|text| text.contains("Before the data") || text.contains("Long after")), "{said:?}");
    // Flags make the drawing taller, and leave the plot as it is.
    assert!(chart.height_px > plain.height_px);
    assert_eq!((chart.plot.width(), chart.plot.height()), (plain.plot.width(), plain.plot.height()));
    // On screen the window draws them.
    let screen = drawn(&views, &Style::screen(Theme::Light, 900, 92));
    assert_eq!(self::lines(&screen), []);
}

#[test]
fn many_dates_keep_their_names_apart_and_none_is_lost() {
    let views = sample::course();
    let last = views.days().unwrap().day_count() as i32 - 1;
    let mut dates = Vec::new();
    for day in 0..=last {
        let number = dates.len() as u32 + 1;
        match day % 7 {
            0 | 2 => dates.push(date(number, DateKind::Lecture, "Lecture", day)),
            4 => dates.push(date(number, DateKind::Deadline, &format!("Problem set {number}"), day)),
            _ => {}
        }
    }
    dates.push(date(dates.len() as u32 + 1, DateKind::Exam, "Final exam", last));
    dates.push(date(dates.len() as u32 + 1, DateKind::Exam, "Oral exam on the same day", last));
    let all = placed(&views, &dates);
    for width_px in [320, 480, 720, 1000, 1600] {
        let chart = drawn(&views, &saved(width_px, all.clone()));
        check(&chart, &format!("{width_px} px")).unwrap();
        let lines = lines(&chart);
        assert_eq!(lines.len(), dates.len(), "{width_px}: a line each");
        let said = texts(&chart.svg);
        assert!(said.contains(&"Final exam".to_owned()), "{width_px}: {said:?}");
        assert!(said.iter().any(|text| text.starts_with("And ") && text.ends_with(" more dates")), "{said:?}");
        // No line goes through a name.
        let document = roxmltree::Document::parse(&chart.svg).unwrap();
        for text in document.descendants().filter(|node| node.has_tag_name("text")) {
            let (words, at) = (text.text().unwrap_or_default().trim(), |name: &str| -> f64 {
                text.attribute(name).unwrap().parse().unwrap()
            });
            if !dates.iter().any(|date| date.name == words) {
                continue;
            }
            let wide = charts::measure_px(words, 12.0);
            let (from, to) = if text.attribute("text-anchor") == Some("end") {
                (at("x") - wide, at("x"))
            } else {
                (at("x"), at("x") + wide)
            };
            for (x, top, bottom) in &lines {
                let through = f64::from(*x) > from && f64::from(*x) < to;
                let beside = at("y") > f64::from(*top) && at("y") < f64::from(*bottom);
                assert!(!(through && beside), "{width_px}: the line at {x} goes through `{words}` from {from} to {to}");
            }
        }
    }
}

#[test]
fn names_of_dates_are_text_whatever_they_hold() {
    let views = sample::course();
    let named = (1..).zip(hostile::NAMES.iter());
    let dates: Vec<CourseDate> =
        named.map(|(number, name)| date(number, DateKind::Exam, name, (number.cast_signed() - 1) * 6)).collect();
    for width_px in [320, 900] {
        is_harmless(&drawn(&views, &saved(width_px, placed(&views, &dates))).svg).unwrap();
    }
}
