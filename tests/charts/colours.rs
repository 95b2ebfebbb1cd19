//! Contrast, colour-blindness and evenness of every palette.

use charts::{ColourScale, Grading, HEAT_STEPS, Palette, Rgb, Theme};

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
        // The outline of the one area is also seen against the other.
        for (line, area) in [(palette.covered, palette.reached_area), (palette.reached, palette.reached_area)] {
            assert!(line.contrast(area) >= 3.0, "{theme:?}: {:.2}", line.contrast(area));
        }
        // Chosen bars stand out from those that are not.
        assert!(palette.reached.contrast(palette.unchosen) >= 3.0, "{theme:?}");
    }
}

#[test]
fn text_on_every_heat_colour_has_four_and_a_half() {
    for theme in THEMES {
        let palette = Palette::of(theme);
        for index in 0..=HEAT_STEPS as u8 {
            let ground = palette.heat_at(index);
            let contrast = palette.text_on(ground).contrast(ground);
            assert!(contrast >= 4.5, "{theme:?} {index}: {contrast:.2}");
        }
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
        let lightness: Vec<f64> = palette.heat.iter().map(|colour| oklab(linear(*colour))[0]).collect();
        let ground = oklab(linear(palette.surface))[0];
        let mean = (lightness[HEAT_STEPS - 1] - lightness[0]) / (HEAT_STEPS - 1) as f64;
        for pair in lightness.windows(2) {
            assert!((pair[1] - ground).abs() > (pair[0] - ground).abs(), "{theme:?} {pair:?}");
            assert!(((pair[1] - pair[0]) / mean - 1.0).abs() < 0.25, "{theme:?} {pair:?} {mean}");
        }
        assert!(!palette.heat.contains(&palette.heat_none));
        assert!(palette.heat_colours().zip(0..).all(|(colour, index)| colour == palette.heat_at(index)));
    }
}

#[test]
fn the_scale_keeps_none_apart_and_ends_at_the_most() {
    let scale = ColourScale { label: "", high: 100.0, grading: Grading::Even, ticks: Vec::new() };
    for (value, index) in [
        (None, 0),
        (Some(0.0), 0),
        (Some(0.001), 1),
        (Some(5.0), 1),
        (Some(5.001), 2),
        (Some(100.0), 20),
        (Some(900.0), 20),
        (Some(f64::NAN), 0),
    ] {
        assert_eq!(scale.index(value), index, "{value:?}");
    }
    for theme in THEMES {
        let palette = Palette::of(theme);
        assert!(scale.colours(palette).eq(palette.heat_colours()));
    }
}

#[test]
fn steps_have_the_colour_of_the_number_that_is_read() {
    let grading = Grading::Stepped(vec![8, 10, 12]);
    let scale = ColourScale { label: "", high: 1.2, grading, ticks: Vec::new() };
    for (value, index) in [
        (None, 0),
        (Some(0.0), 0),
        (Some(0.001), 1),
        (Some(0.74), 1),
        (Some(0.76), 2),
        (Some(0.96), 3),
        (Some(1.14), 3),
        (Some(1.16), 4),
        (Some(1e300), 4),
        (Some(f64::INFINITY), 4),
        (Some(f64::NAN), 0),
    ] {
        assert_eq!(scale.index(value), index, "{value:?}");
    }
}

#[test]
fn steps_are_told_apart_in_every_theme_and_by_the_colour_blind() {
    for theme in THEMES {
        let palette = Palette::of(theme);
        for count in 1..=5 {
            let grading = Grading::Stepped((1..=count).map(|border| border * 10).collect());
            let scale = ColourScale { label: "", high: 5.0, grading, ticks: Vec::new() };
            let colours: Vec<Rgb> = scale.colours(palette).collect();
            assert_eq!(colours.len(), scale.steps() + 1);
            for (pair, index) in colours.windows(2).zip(0..) {
                let apart = distance(oklab(linear(pair[0])), oklab(linear(pair[1])));
                assert!(apart > 0.06, "{theme:?} {count}: {} {} {apart:.3}", pair[0].hex(), pair[1].hex());
                // The grey of none is close to the first for some eyes; a cell of none also reads `–`.
                let least = if index == 0 { 0.03 } else { 0.05 };
                for matrix in BLINDNESS {
                    let [one, two] = [pair[0], pair[1]].map(|colour| oklab(times(matrix, linear(colour))));
                    let apart = distance(one, two);
                    assert!(apart > least, "{theme:?} {count}: {} {} {apart:.3}", pair[0].hex(), pair[1].hex());
                }
            }
            for colour in colours {
                assert!(palette.text_on(colour).contrast(colour) >= 4.5, "{theme:?} {}", colour.hex());
            }
        }
    }
}
