//! PNG from exactly the same SVG.

use charts::{Caption, PngError, Style, Theme};
use model::{CourseFigures, CourseViews, DateRange, MapMeasure, VideoFigures, VideoInfo};
use resvg::tiny_skia::Pixmap;

use crate::sample;

#[test]
fn a_png_has_the_size_and_the_colours_of_its_chart() {
    let views = sample::course();
    let figures = VideoFigures::new(&views, 2, DateRange::ALL);
    let style = Style::saved(Theme::Dark, 400, 200, Caption::default());
    let chart = charts::viewers_across_timeline(&figures, &style);
    // The caption is added to the requested height.
    let (width_px, height_px) = (chart.width_px, chart.height_px);
    assert!(width_px == 400 && height_px > 200);
    for (scale, factor) in [(1.0, 1), (2.0, 2), (0.1, 1)] {
        let bytes = chart.png(scale).unwrap();
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        let picture = Pixmap::decode_png(&bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (width_px * factor, height_px * factor));
        let corner = picture.pixel(0, 0).unwrap();
        assert_eq!((corner.red(), corner.green(), corner.blue(), corner.alpha()), (0x17, 0x18, 0x1a, 255));
    }
    let picture = Pixmap::decode_png(&chart.png(1.0).unwrap()).unwrap();
    let covered = picture.pixel(chart.plot.left.unsigned_abs() + 40, chart.plot.bottom.unsigned_abs() - 6).unwrap();
    let area = style_colour();
    assert_eq!((covered.red(), covered.green(), covered.blue()), area);
}

fn style_colour() -> (u8, u8, u8) {
    let colour = charts::Palette::of(Theme::Dark).covered_area;
    (colour.0, colour.1, colour.2)
}

#[test]
fn text_is_drawn() {
    let views = sample::course();
    let figures = VideoFigures::new(&views, 2, DateRange::ALL);
    let chart = charts::viewers_across_timeline(&figures, &Style::saved(Theme::Print, 400, 200, Caption::default()));
    let picture = Pixmap::decode_png(&chart.png(1.0).unwrap()).unwrap();
    let dark = (16..200)
        .flat_map(|x| (16..32).map(move |y| (x, y)))
        .filter(|(x, y)| picture.pixel(*x, *y).unwrap().red() < 80);
    assert!(dark.count() > 100);
}

#[test]
fn a_list_too_long_for_a_picture_is_refused_with_a_hint() {
    let video = sample::videos().swap_remove(0);
    let videos: Vec<VideoInfo> = (1..=2000).map(|order| VideoInfo { order, ..video.clone() }).collect();
    let views = CourseViews::new(videos, Vec::new());
    let figures = CourseFigures::new(&views, DateRange::ALL);
    let style = Style::saved(Theme::Light, 1000, 0, Caption::default());
    let chart = charts::course_map(views.videos(), &figures, MapMeasure::Reached, &style);
    let error = chart.png(2.0).unwrap_err();
    assert!(matches!(error, PngError::TooLarge { .. }));
    assert_eq!(
        error.to_string(),
        format!("The picture would have 1000 x {} pixels, which is too large for a PNG", chart.height_px)
    );
    assert_eq!(error.hint(), Some("Save it as SVG instead"));
}
