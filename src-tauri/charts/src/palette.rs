//! Every colour of the charts, for light, dark and paper. The window's tokens are checked against this file.
//!
//! Hues keep their meaning everywhere: blue = reached (watched some of it), warm red-orange = covered at least 75 % of
//! it, teal = time. They colour lines and bars. The areas under both lines are blue, because everybody who covered a part
//! also reached it, and deeper under the line of those who covered: calm, and told apart without hue.
//!
//! Heat runs from teal to blue in even steps of lightness (OKLab). In the dark it is reversed, so that more is always
//! further from the ground, and ends well below white, so that a well-watched course does not dazzle. Tiles carry text and
//! have a paler scale on which one text colour reads everywhere. Differences go from brown over white to blue.
//!
//! Deliberately absent: the colours of the window's own parts. Invariant, held by tests: on their ground, text has a
//! contrast of at least 4.5, lines and bars at least 3 (WCAG 2.2); colours that differ in meaning stay apart for the
//! colour-blind.

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
    fn luminance(self) -> f64 {
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
    /// The ground of tiles, from the lowest value to the highest: pale, so that [`Self::text`] reads on each of them.
    pub tile: [Rgb; HEAT_STEPS],
    /// From far below the usual to far above it; the one in the middle is the usual.
    pub difference: [Rgb; DIFFERENCE_STEPS],
}

/// Steps of the heat scale, without the colour for none.
pub const HEAT_STEPS: usize = 20;

/// Steps of the two-sided scale: four below the usual, the usual, four above it.
pub const DIFFERENCE_STEPS: usize = 9;

/// The light text of a window, as its own tokens have it on strong colours.
const LIGHT_TEXT: Rgb = Rgb::new(0xffffff);

impl Palette {
    /// The colours of a theme.
    pub const fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
            Theme::Print => &PRINT,
        }
    }

    /// Whether text on a colour is light: it is wherever light text has a contrast of 4.5. Where dark text has that too,
    /// the formula slightly favours black, but on blue the eye favours white.
    pub fn wants_light_text(&self, ground: Rgb) -> bool {
        ground.contrast(LIGHT_TEXT) >= 4.5
    }
}

const fn scale<const STEPS: usize>(steps: [u32; STEPS]) -> [Rgb; STEPS] {
    let mut colours = [Rgb(0, 0, 0); STEPS];
    let mut index = 0;
    while index < STEPS {
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
    tile: scale([
        0xe1f3ec, 0xdcf0eb, 0xd7ecea, 0xd1e9e9, 0xcce6e8, 0xc7e3e7, 0xc2dfe6, 0xbddce5, 0xb8d9e4, 0xb3d6e3, 0xadd2e2,
        0xa8cfe1, 0xa3cce0, 0x9ec9df, 0x99c5de, 0x94c2dd, 0x8fbfdc, 0x89bcda, 0x84b8d9, 0x7fb5d8,
    ]),
    difference: scale([0x7a4a06, 0xa8701c, 0xd9a24c, 0xf6d9a4, 0xffffff, 0xc3ddfa, 0x86b4e8, 0x4a82c0, 0x1c548e]),
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
    tile: scale([
        0x1a2c38, 0x1b2f3c, 0x1c3240, 0x1d3544, 0x1e3848, 0x1f3b4c, 0x203d50, 0x214054, 0x224359, 0x23475d, 0x244a61,
        0x254d65, 0x25506a, 0x26536e, 0x275673, 0x285977, 0x295c7b, 0x296080, 0x2a6384, 0x2b6689,
    ]),
    difference: scale([0xf0b958, 0xc48f38, 0x936a26, 0x60461a, 0x34373c, 0x2a4f7c, 0x3a72b0, 0x5a95d8, 0x86bdf7]),
};

const PRINT: Palette = Palette {
    surface: Rgb::new(0xffffff),
    text: Rgb::new(0x000000),
    text_muted: Rgb::new(0x44484e),
    axis: Rgb::new(0x6d7279),
    ..LIGHT
};
