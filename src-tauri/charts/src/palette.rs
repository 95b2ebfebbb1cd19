//! Every colour of the charts, for light, dark and paper. The window's tokens are checked against this file.
//!
//! The two hues with a meaning are the same everywhere: blue = reached (watched some of it), warm red-orange = covered at
//! least 75 % of it. The hues are those of lines and bars; areas under both lines are blue, because whoever covered also
//! reached, and deeper under the line of those who covered: calm, and told apart without hue. Teal = time. Heat is one
//! scale from teal to blue, in even steps of lightness (OKLab), turned round in the dark so that more is always further
//! from the ground; there it ends well below the white of text, so that a course many people watched to the end does not
//! dazzle. Text on it is white or black: one of them always reads.
//!
//! Invariant, held by tests: on their ground, text has a contrast of at least 4.5, lines and bars at least 3 (WCAG 2.2);
//! the two hues stay apart for the colour-blind.

#![allow(clippy::unreadable_literal, reason = "colours are read as pairs of digits")]

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(
    /// Red, 0 to 255.
    pub u8,
    /// Green, 0 to 255.
    pub u8,
    /// Blue, 0 to 255.
    pub u8,
);

impl Rgb {
    /// The colour written as `0xrrggbb`.
    pub const fn new(rrggbb: u32) -> Self {
        Self((rrggbb >> 16) as u8, (rrggbb >> 8) as u8, rrggbb as u8)
    }

    /// The colour as CSS writes it: `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast ratio with another colour, 1 to 21, as WCAG 2.2 defines it.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(two) / one.min(two)
    }
}

/// What a chart is looked at on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ts", derive(serde::Deserialize, ts_rs::TS), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", ts(export_to = "chart.ts"))]
pub enum Theme {
    /// A light window.
    #[default]
    Light,
    /// A dark window.
    Dark,
    /// Paper or a slide: white ground, black text.
    Print,
}

/// The colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// The ground the chart lies on.
    pub surface: Rgb,
    /// Titles and names.
    pub text: Rgb,
    /// Labels of axes and legends.
    pub text_muted: Rgb,
    /// Base lines, ticks and reference lines.
    pub axis: Rgb,
    /// Grid lines, which carry no information of their own.
    pub grid: Rgb,
    /// Reached: watched some of it. Bars and outlines.
    pub reached: Rgb,
    /// The same as an area under its outline.
    pub reached_area: Rgb,
    /// Covered at least 75 %. Outlines.
    pub covered: Rgb,
    /// The same as an area under its outline.
    pub covered_area: Rgb,
    /// Time spent. Bars.
    pub time: Rgb,
    /// Bars outside the chosen dates.
    pub unchosen: Rgb,
    /// Heat of exactly none.
    pub heat_none: Rgb,
    /// Heat from little to much.
    pub heat: [Rgb; HEAT_STEPS],
    /// Light text on heat.
    pub text_on_heat_light: Rgb,
    /// Dark text on heat.
    pub text_on_heat_dark: Rgb,
}

/// Steps of the heat scale, without the colour for none.
pub const HEAT_STEPS: usize = 20;

impl Palette {
    /// The colours of a theme.
    pub const fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
            Theme::Print => &PRINT,
        }
    }

    /// The heat colour of an index: 0 is none, 1 to [`HEAT_STEPS`] little to much; larger ones are the last.
    pub fn heat_at(&self, index: u8) -> Rgb {
        match usize::from(index) {
            0 => self.heat_none,
            step => self.heat[step.min(HEAT_STEPS) - 1],
        }
    }

    /// All colours of the heat scale, the one for none first: what an index of [`crate::ColourScale`] points into.
    pub fn heat_colours(&self) -> impl Iterator<Item = Rgb> + '_ {
        std::iter::once(self.heat_none).chain(self.heat)
    }

    /// Whether text on a colour is light: wherever that has a contrast of 4.5. Where both have it, the formula favours black
    /// by a little but the eye white, on blue by far.
    pub fn wants_light_text(&self, ground: Rgb) -> bool {
        ground.contrast(self.text_on_heat_light) >= 4.5
    }

    /// The text colour that reads better on a heat colour.
    pub fn text_on(&self, ground: Rgb) -> Rgb {
        if self.wants_light_text(ground) { self.text_on_heat_light } else { self.text_on_heat_dark }
    }
}

const fn scale(steps: [u32; HEAT_STEPS]) -> [Rgb; HEAT_STEPS] {
    let mut colours = [Rgb(0, 0, 0); HEAT_STEPS];
    let mut index = 0;
    while index < HEAT_STEPS {
        colours[index] = Rgb::new(steps[index]);
        index += 1;
    }
    colours
}

const LIGHT: Palette = Palette {
    surface: Rgb::new(0xfbfbfa),
    text: Rgb::new(0x1d1f22),
    text_muted: Rgb::new(0x5b6068),
    axis: Rgb::new(0x868b93),
    grid: Rgb::new(0xe6e7e8),
    reached: Rgb::new(0x3f6fa5),
    reached_area: Rgb::new(0xdbe6f1),
    covered: Rgb::new(0xc8442a),
    covered_area: Rgb::new(0xb4cae2),
    time: Rgb::new(0x3a8f94),
    unchosen: Rgb::new(0xc3cdd8),
    heat_none: Rgb::new(0xeceded),
    heat: scale([
        0xc1eade, 0xb3e3d8, 0xa5dbd3, 0x96d4cd, 0x88ccc9, 0x7ac4c5, 0x6cbcc1, 0x5fb4bd, 0x52abb9, 0x46a2b5, 0x3b9ab1,
        0x3191ad, 0x2988a8, 0x237fa3, 0x1e759d, 0x1c6c97, 0x1c6390, 0x1d5a89, 0x1e5181, 0x1f4979,
    ]),
    text_on_heat_light: Rgb::new(0xffffff),
    text_on_heat_dark: Rgb::new(0x000000),
};

const DARK: Palette = Palette {
    surface: Rgb::new(0x17181a),
    text: Rgb::new(0xececea),
    text_muted: Rgb::new(0xa3a8af),
    axis: Rgb::new(0x6f757d),
    grid: Rgb::new(0x2a2c2f),
    reached: Rgb::new(0x7aa6d8),
    reached_area: Rgb::new(0x253a53),
    covered: Rgb::new(0xfb8567),
    covered_area: Rgb::new(0x34557a),
    time: Rgb::new(0x4ba3a6),
    unchosen: Rgb::new(0x3a4653),
    heat_none: Rgb::new(0x232528),
    heat: scale([
        0x153255, 0x15395d, 0x154064, 0x14486c, 0x134f73, 0x11577a, 0x0f5f81, 0x0d6788, 0x0b6f8e, 0x0b7794, 0x0e7f99,
        0x13879e, 0x1a8fa3, 0x2297a8, 0x2b9fac, 0x35a7b0, 0x3fafb4, 0x4ab7b8, 0x56bfbb, 0x61c6bf,
    ]),
    text_on_heat_light: Rgb::new(0xffffff),
    text_on_heat_dark: Rgb::new(0x000000),
};

const PRINT: Palette = Palette {
    surface: Rgb::new(0xffffff),
    text: Rgb::new(0x000000),
    text_muted: Rgb::new(0x44484e),
    axis: Rgb::new(0x6d7279),
    ..LIGHT
};
