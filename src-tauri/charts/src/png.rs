//! A chart as PNG: the very same SVG, rasterised with resvg.
//!
//! Text is set in the system's fonts, or on a bare server in a small font that is built in. Deliberately absent: colour
//! profiles, metadata. Invariant: the picture shows what the SVG shows.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FallbackSelectionFn, FontResolver, Options, Tree, fontdb};

use crate::Chart;

/// The largest picture that is made, in pixels: 160 MB while it is drawn.
const MOST_PIXELS: f64 = 40e6;

/// Latin, Greek, Cyrillic and punctuation, for systems without fonts. See `fonts/LICENSE.txt`.
const FALLBACK_FONT: &[u8] = include_bytes!("../fonts/fallback.ttf");
const FALLBACK_FAMILY: &str = "Chart Fallback Sans";

/// Interface fonts of the systems, the first that is there is taken for `sans-serif` and `system-ui`.
const INTERFACE_FAMILIES: [&str; 12] = [
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Cantarell",
    "Inter",
    "Noto Sans",
    "Ubuntu",
    "Liberation Sans",
    "Arial",
    "Helvetica",
    "DejaVu Sans",
    FALLBACK_FAMILY,
];

/// Why a chart cannot be a PNG.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// It has too many pixels even at its own size.
    #[error("The picture would have {width_px} x {height_px} pixels, which is too large for a PNG")]
    TooLarge {
        /// Width of the chart in pixels.
        width_px: u32,
        /// Height of the chart in pixels.
        height_px: u32,
    },
    /// The SVG could not be read back: a fault of this program.
    #[error("The drawing could not be read back: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// The picture could not be encoded.
    #[error("The picture could not be encoded: {0}")]
    Encoding(String),
}

impl PngError {
    /// What to do about it, where something can be done.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::TooLarge { .. } => Some("Save it as SVG instead"),
            Self::Svg(_) | Self::Encoding(_) => None,
        }
    }
}

impl Chart {
    /// The chart as PNG, `scale` times its size in pixels (2 for a sharp picture); a long list is scaled less, but never
    /// below its own size.
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, PngError> {
        let pixels = f64::from(self.width_px) * f64::from(self.height_px);
        if pixels > MOST_PIXELS {
            return Err(PngError::TooLarge { width_px: self.width_px, height_px: self.height_px });
        }
        let scale = scale.clamp(1.0, (MOST_PIXELS / pixels).sqrt().max(1.0) as f32);
        let font_resolver =
            FontResolver { select_font: FontResolver::default_font_selector(), select_fallback: closest_font() };
        let options = Options { fontdb: fonts(), font_resolver, ..Options::default() };
        let tree = Tree::from_str(&self.svg, &options)?;
        let (width_px, height_px) = (self.width_px as f32 * scale, self.height_px as f32 * scale);
        let mut picture = Pixmap::new(width_px.round() as u32, height_px.round() as u32)
            .ok_or(PngError::TooLarge { width_px: self.width_px, height_px: self.height_px })?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
        picture.encode_png().map_err(|error| PngError::Encoding(error.to_string()))
    }
}

/// The fonts of this computer, looked up once.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = fontdb::Database::new();
            fonts.load_system_fonts();
            Arc::new(with_fallback(fonts))
        })
        .clone()
}

/// How many fonts that have a character are looked at for the one that suits best.
const CANDIDATES: usize = 16;

/// For a character that the font lacks: of the fonts that have it, the closest in style and weight. (The renderer's own
/// choice is the first that it finds, often a bold one.)
fn closest_font() -> FallbackSelectionFn<'static> {
    let first_found = FontResolver::default_fallback_selector();
    Box::new(move |character, used, fonts| {
        let (base_style, base_weight) = fonts.face(*used.first()?).map(|face| (face.style, face.weight.0))?;
        let mut passed_over = used.to_vec();
        let mut best = None;
        for _ in 0..CANDIDATES {
            let Some(found) = first_found(character, &passed_over, fonts) else { break };
            let Some(face) = fonts.face(found) else { break };
            let distance = (face.style != base_style, face.weight.0.abs_diff(base_weight));
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, found));
            }
            if distance == (false, 0) {
                break;
            }
            passed_over.push(found);
        }
        best.map(|(_, found)| found)
    })
}

/// Makes sure that every generic family is one that exists.
fn with_fallback(mut fonts: fontdb::Database) -> fontdb::Database {
    fonts.load_font_data(FALLBACK_FONT.to_vec());
    let exists = |family: &str| {
        let families = [fontdb::Family::Name(family)];
        fonts.query(&fontdb::Query { families: &families, ..fontdb::Query::default() }).is_some()
    };
    let family = INTERFACE_FAMILIES.into_iter().find(|family| exists(family)).unwrap_or(FALLBACK_FAMILY);
    fonts.set_sans_serif_family(family);
    // The renderer falls back to the serif family where no named one exists.
    fonts.set_serif_family(family);
    fonts
}

#[cfg(test)]
mod tests {
    use super::{FALLBACK_FAMILY, with_fallback};
    use resvg::usvg::fontdb::{Database, Family, Query};

    #[test]
    fn a_system_without_fonts_has_the_built_in_one() {
        let fonts = with_fallback(Database::new());
        let found = fonts.query(&Query { families: &[Family::SansSerif], ..Query::default() }).unwrap();
        assert_eq!(fonts.face(found).unwrap().families[0].0, FALLBACK_FAMILY);
    }
}
