//! Contrast, colour-blindness and evenness of every palette.

use charts::{ColourScale, DIFFERENCE_STEPS, HEAT_STEPS, Palette, Rgb, Theme};
use model::{CourseFigures, CourseViews, DateRange, Day, HeatMeasure, MapMeasure, Run, Statistic};

use crate::sample;

const THEMES: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::Print];

#[test]
fn contrast_is_reckoned_as_wcag_does() {
    let (black, white) = (Rgb::new(0x00_0000), Rgb::new(0xff_ffff));
    assert!((black.contrast(white) - 21.0).abs() < 1e-9);
    assert!((Rgb::new(0x77_7777).contrast(white) - 4.478).abs() < 0.001);
    assert_eq!(Rgb::new(0x4e_79a7).hex(), "#4e79a7");
}

#[test]
fn text_has_four_and_a_half_and_marks_three() {
    for theme in THEMES {
        let palette = Palette::of(theme);
        for (name, colour) in [("text", palette.text), ("text_muted", palette.text_muted)] {
            let contrast = colour.contrast(palette.surface);
            assert!(contrast >= 4.5, "{theme:?} {name}: {contrast:.2}");
        }
        for (name, colour) in [
            ("reached", palette.reached),
            ("covered", palette.covered),
            ("time", palette.time),
            ("axis", palette.axis),
            ("most heat", palette.heat[HEAT_STEPS - 1]),
        ] {
            let contrast = colour.contrast(palette.surface);
            assert!(contrast >= 3.0, "{theme:?} {name}: {contrast:.2}");
        }
        // The outline of each area is also seen against the other area.
        for (line, area) in [(palette.covered, palette.reached_area), (palette.reached, palette.reached_area)] {
            assert!(line.contrast(area) >= 3.0, "{theme:?}: {:.2}", line.contrast(area));
        }
        // Chosen bars stand out from the others.
        assert!(palette.reached.contrast(palette.unchosen) >= 3.0, "{theme:?}");
    }
}

#[test]
fn one_colour_of_text_reads_on_every_tile() {
    for theme in THEMES {
        let palette = Palette::of(theme);
        for ground in palette.tile.into_iter().chain([palette.heat_none]) {
            let contrast = palette.text.contrast(ground);
            assert!(contrast >= 4.5, "{theme:?} {}: {contrast:.2}", ground.hex());
        }
        let light = palette.tile.map(|ground| palette.wants_light_text(ground));
        assert!(light.iter().all(|wants| *wants == light[0]), "{theme:?}: black and white letters side by side");
    }
}

fn linear(colour: Rgb) -> [f64; 3] {
    [colour.0, colour.1, colour.2].map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

fn oklab(rgb: [f64; 3]) -> [f64; 3] {
    let cones = times(
        [
            [0.412_221_47, 0.536_332_54, 0.051_445_99],
            [0.211_903_50, 0.680_699_55, 0.107_396_96],
            [0.088_302_46, 0.281_718_84, 0.629_978_70],
        ],
        rgb,
    )
    .map(|value| value.max(0.0).cbrt());
    times(
        [
            [0.210_454_26, 0.793_617_79, -0.004_072_05],
            [1.977_998_50, -2.428_592_21, 0.450_593_71],
            [0.025_904_04, 0.782_771_77, -0.808_675_77],
        ],
        cones,
    )
}

fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// Full protanopia, deuteranopia and tritanopia after Machado, Oliveira and Fernandes (2009), on linear RGB.
const BLINDNESS: [[[f64; 3]; 3]; 3] = [
    [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
];

#[test]
fn the_two_hues_stay_apart_for_the_colour_blind() {
    for theme in THEMES {
        let palette = Palette::of(theme);
        for matrix in BLINDNESS {
            for (one, other) in [
                (palette.reached, palette.covered),
                (palette.reached_area, palette.covered_area),
                (palette.reached, palette.unchosen),
            ] {
                let apart = distance(oklab(times(matrix, linear(one))), oklab(times(matrix, linear(other))));
                assert!(apart > 0.05, "{theme:?}: {} {} {apart:.3}", one.hex(), other.hex());
            }
        }
    }
}

#[test]
fn heat_gets_further_from_the_ground_in_even_steps() {
    for theme in THEMES {
        let palette = Palette::of(theme);
        let ground = oklab(linear(palette.surface))[0];
        for scale in [palette.heat, palette.tile] {
            let lightness: Vec<f64> = scale.iter().map(|colour| oklab(linear(*colour))[0]).collect();
            let mean = (lightness[HEAT_STEPS - 1] - lightness[0]) / (HEAT_STEPS - 1) as f64;
            for pair in lightness.windows(2) {
                assert!((pair[1] - ground).abs() > (pair[0] - ground).abs(), "{theme:?} {pair:?}");
                assert!(((pair[1] - pair[0]) / mean - 1.0).abs() < 0.25, "{theme:?} {pair:?} {mean}");
            }
            assert!(!scale.contains(&palette.heat_none));
        }
    }
}

#[test]
fn differences_are_told_apart_by_everybody_and_white_is_usual() {
    for theme in THEMES {
        let palette = Palette::of(theme);
        let eyes = BLINDNESS.map(Some).into_iter().chain([None]);
        for matrix in eyes {
            let seen = |colour: Rgb| oklab(matrix.map_or(linear(colour), |matrix| times(matrix, linear(colour))));
            for one in 0..DIFFERENCE_STEPS {
                for other in 0..one {
                    let apart = distance(seen(palette.difference[one]), seen(palette.difference[other]));
                    assert!(apart > 0.06, "{theme:?} {matrix:?}: steps {other} and {one}: {apart:.3}");
                }
            }
        }
        // The colour of the usual has no hue, and is closest to the background.
        let usual = oklab(linear(palette.difference[DIFFERENCE_STEPS / 2]));
        assert!(usual[1].hypot(usual[2]) < 0.01, "{theme:?}");
        let ground = oklab(linear(palette.surface))[0];
        for colour in palette.difference {
            assert!((usual[0] - ground).abs() <= (oklab(linear(colour))[0] - ground).abs(), "{theme:?}");
        }
    }
    assert_eq!(Palette::of(Theme::Light).difference[DIFFERENCE_STEPS / 2], Rgb::new(0xff_ffff));
}

/// Checks the colour index of each value on a scale.
fn indices(scale: &ColourScale, values: &[(f64, u8)]) {
    for (value, index) in values {
        assert_eq!(scale.index(Statistic::Value(*value)), *index, "{value} in {}", scale.label);
    }
    assert_eq!(
        [Statistic::Absent, Statistic::TooFew, Statistic::Value(f64::NAN)].map(|none| scale.index(none)),
        [0; 3]
    );
}

#[test]
fn shares_keep_none_apart_and_end_at_all() {
    let scale = ColourScale::of_map(MapMeasure::Reached);
    indices(&scale, &[(0.0, 0), (0.001, 1), (5.0, 1), (5.001, 2), (100.0, 20)]);
    for theme in THEMES {
        let palette = Palette::of(theme);
        assert!(scale.colours(palette).eq(std::iter::once(palette.heat_none).chain(palette.heat)));
    }
}

#[test]
fn times_watched_are_the_same_colour_in_every_course_and_as_they_read() {
    let scale = ColourScale::of_map(MapMeasure::Rewatched);
    indices(
        &scale,
        &[(0.0, 0), (0.001, 1), (0.97, 1), (0.994, 1), (0.996, 2), (1.49, 2), (1.5, 3), (2.0, 4), (3.0, 5), (1e300, 5)],
    );
    let said: Vec<&str> = scale.ticks.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(said, ["below 1", "1", "1.5", "2", "3 or more"]);
    let scale = ColourScale::of_map(MapMeasure::PlayedAgain);
    indices(
        &scale,
        &[(0.0, 0), (4.94, 1), (4.96, 2), (10.0, 3), (20.0, 4), (30.0, 5), (49.9, 5), (50.0, 6), (100.0, 6)],
    );
}

#[test]
fn differences_from_the_usual_have_two_sides() {
    let scale = ColourScale::of_map(MapMeasure::ComparedWithCourse);
    indices(
        &scale,
        &[
            (0.0, 5),
            (4.94, 5),
            (-4.94, 5),
            (4.96, 6),
            (-4.96, 4),
            (10.0, 7),
            (-20.0, 2),
            (30.0, 9),
            (100.0, 9),
            (-100.0, 1),
        ],
    );
    let said: Vec<&str> = scale.ticks.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(said, ["–30", "–20", "–10", "–5", "+5", "+10", "+20", "+30"]);
    assert_eq!(scale.colours(Palette::of(Theme::Light)).count(), 10);
}

/// A course with one video for each of these numbers of viewers.
fn watched_by(viewers: &[u32]) -> CourseFigures {
    let videos = sample::videos().into_iter().cycle().take(viewers.len()).collect();
    let runs = (0..).zip(viewers).flat_map(|(video, viewers)| {
        (0..*viewers).map(move |viewer| Run { video, viewer, day: Day::new(1), start_secs: 0.0, stop_secs: 60.0 })
    });
    CourseFigures::new(&CourseViews::new(videos, runs.collect()), DateRange::ALL)
}

#[test]
fn tiles_use_the_whole_scale_for_the_values_shown() {
    let figures = watched_by(&[82, 100, 128, 0]);
    let scale = ColourScale::of_heat(&figures, HeatMeasure::UniqueViewers);
    indices(&scale, &[(0.0, 0), (82.0, 1), (105.0, 10), (128.0, 20)]);
    let said: Vec<&str> = scale.ticks.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(said, ["82 viewers", "128 viewers"]);
    let same = ColourScale::of_heat(&watched_by(&[7, 7]), HeatMeasure::UniqueViewers);
    assert_eq!(same.ticks, [(1.0, "7 viewers".to_owned())]);
    let none = ColourScale::of_heat(&watched_by(&[0]), HeatMeasure::UniqueViewers);
    assert_eq!(none.ticks, [(0.0, "0 viewers".to_owned())]);
}

#[test]
fn steps_are_told_apart_in_every_theme_and_by_the_colour_blind() {
    for theme in THEMES {
        let palette = Palette::of(theme);
        for measure in [MapMeasure::Rewatched, MapMeasure::PlayedAgain] {
            let scale = ColourScale::of_map(measure);
            let colours: Vec<Rgb> = scale.colours(palette).collect();
            assert_eq!(colours.len(), scale.steps() + 1);
            for (pair, index) in colours.windows(2).zip(0..) {
                let apart = distance(oklab(linear(pair[0])), oklab(linear(pair[1])));
                assert!(apart > 0.06, "{theme:?} {measure:?}: {} {} {apart:.3}", pair[0].hex(), pair[1].hex());
                // To some eyes the grey of none is close to the first colour; a cell of none also reads `–`.
                let least = if index == 0 { 0.03 } else { 0.05 };
                for matrix in BLINDNESS {
                    let [one, two] = [pair[0], pair[1]].map(|colour| oklab(times(matrix, linear(colour))));
                    let apart = distance(one, two);
                    assert!(apart > least, "{theme:?} {measure:?}: {} {} {apart:.3}", pair[0].hex(), pair[1].hex());
                }
            }
        }
    }
}
