//! Names from a server are text, whatever they contain.

use charts::{Caption, Style, Theme};
use model::{CourseFigures, CourseViews, DateRange, HeatMeasure, MapMeasure, VideoFigures, VideoInfo};
use proptest::prelude::*;
use roxmltree::{Document, Node};

use crate::sample;

pub(crate) const NAMES: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><image href=\"https://example.org/x.png\" onerror=\"alert(1)\"/>",
    "</text></svg><svg onload=alert(1)>",
    "]]><!--",
    "&lt;b&gt; &amp;amp; &#x0;",
    " font-family=\"x\" opacity=\"1\"",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "\u{0}\u{1}\u{8}\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{fffe}\u{ffff}",
    "\u{202e}gpj.exe\u{202c}\u{2066}\u{2069}",
    "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>&x;",
    "𝕏\u{10ffff}👩‍👩‍👧‍👦 \u{fdfd}\u{fdfd} Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́O",
];

fn drawings(names: &[String]) -> Vec<String> {
    let course = sample::course();
    let videos: Vec<VideoInfo> = course
        .videos()
        .iter()
        .zip(names.iter().cycle())
        .map(|(video, name)| VideoInfo { name: name.as_str().into(), ..video.clone() })
        .collect();
    let views = CourseViews::new(videos, Vec::new());
    let figures = CourseFigures::new(&course, DateRange::ALL);
    let mut drawings = Vec::new();
    for name in names {
        let name = || name.clone();
        let caption =
            Caption { subject: name(), course: name(), range: name(), freshness: name(), ..Caption::default() };
        let style = Style { font_family: name(), ..Style::saved(Theme::Light, 900, 300, caption) };
        drawings.push(charts::viewers_across_timeline(&VideoFigures::new(&course, 2, DateRange::ALL), &style).svg);
        drawings.push(charts::course_map(views.videos(), &figures, MapMeasure::Reached, &style).svg);
        drawings.push(charts::heat_map(views.videos(), &figures, HeatMeasure::UniqueViewers, &style).svg);
        drawings.push(charts::timeline_grid(views.videos(), &figures, &style).svg);
    }
    drawings
}

pub(crate) fn is_harmless(svg: &str) -> Result<(), String> {
    let document = Document::parse(svg).map_err(|error| error.to_string())?;
    for node in document.descendants().filter(Node::is_element) {
        let tag = node.tag_name().name();
        if !["svg", "title", "desc", "rect", "path", "text", "polygon", "polyline"].contains(&tag) {
            return Err(format!("<{tag}>"));
        }
        for attribute in node.attributes() {
            let known = [
                "d",
                "width",
                "height",
                "viewBox",
                "role",
                "font-family",
                "x",
                "y",
                "dy",
                "fill",
                "stroke",
                "stroke-width",
                "points",
                "opacity",
                "text-anchor",
                "font-size",
                "font-weight",
            ];
            if !known.contains(&attribute.name()) {
                return Err(attribute.name().to_owned());
            }
        }
    }
    let forbidden =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    svg.chars().find(|c| forbidden(*c)).map_or(Ok(()), |c| Err(format!("{c:?}")))
}

#[test]
fn hostile_names_are_text() {
    let names = NAMES.map(str::to_owned);
    let drawings = drawings(&names);
    assert_eq!(drawings.len(), 4 * NAMES.len());
    for svg in &drawings {
        is_harmless(svg).unwrap();
    }
    let document = Document::parse(&drawings[1]).unwrap();
    let said: Vec<&str> =
        document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text()).collect();
    assert!(said.iter().any(|text| text.trim() == "<script>alert(1)</script>"), "{said:?}");
}

#[test]
fn a_name_of_a_thousand_characters_stays_in_its_place() {
    let names = ["x".repeat(1000), "數".repeat(1000), "a ".repeat(1000)];
    for svg in drawings(&names) {
        is_harmless(&svg).unwrap();
        let document = Document::parse(&svg).unwrap();
        for node in document.descendants().filter(|node| node.has_tag_name("text")) {
            let text = node.text().unwrap().trim();
            assert!(charts::measure_px(text, 12.0) <= 900.0, "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_name_is_text(name in any::<String>()) {
        for svg in drawings(&[name]) {
            let outcome = is_harmless(&svg);
            prop_assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
        }
    }
}
