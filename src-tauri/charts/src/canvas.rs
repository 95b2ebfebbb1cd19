//! The drawing surface of all charts: plotters' SVG backend, with the few marks that these charts need.
//!
//! Lines are drawn as rectangles of whole pixels, so that hairlines are sharp on every screen. The finished document is
//! plain SVG: no script, no style, no link; it has a title and a description for screen readers; every text is escaped.
//! Deliberately absent: figures and words.
//!
//! Invariant: the same calls give the same bytes.

use std::fmt::Write as _;

use model::line::one_line;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    AreaSeries, Cartesian2d, Color, DrawingArea, FontFamily, FontStyle, IntoDrawingArea, PathElement, RGBColor,
    Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, ShapeStyle, TextStyle};

use crate::chart::{Ground, PlotArea, Style};
use crate::palette::Rgb;
use crate::ticks::Anchor;

/// Drawing into memory cannot fail.
const IN_MEMORY: &str = "an SVG document in memory takes every drawing";

/// The backend divides font sizes by this.
const BACKEND_SIZE: f64 = 1.24;

/// A place for the values of a chart: x to the right, y upwards, both in the units of the axes.
pub(crate) type Plot<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The appearance of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ink {
    pub(crate) colour: Rgb,
    pub(crate) size_px: f64,
    pub(crate) bold: bool,
    pub(crate) anchor: Anchor,
}

impl Ink {
    pub(crate) const fn new(colour: Rgb, size_px: f64) -> Self {
        Self { colour, size_px, bold: false, anchor: Anchor::Start }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// A drawing in progress.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    font_family: &'a str,
}

impl<'a> Canvas<'a> {
    /// Draws a document of this size and returns it. Screen readers read `title` and `description`.
    pub(crate) fn document(
        style: &Style,
        (width_px, height_px): (u32, u32),
        title: &str,
        description: &str,
        draw: impl FnOnce(&Canvas<'_>),
    ) -> String {
        let mut svg = String::with_capacity(16 * 1024);
        let font_family = one_line(&style.font_family);
        {
            let area = SVGBackend::with_string(&mut svg, (width_px, height_px)).into_drawing_area();
            let canvas = Canvas { area, font_family: &font_family };
            if style.ground == Ground::Surface {
                canvas.fill(0, 0, width_px.cast_signed(), height_px.cast_signed(), style.palette().surface);
            }
            draw(&canvas);
            canvas.area.present().expect(IN_MEMORY);
        }
        finished(&svg, &font_family, title, description)
    }

    /// Draws a filled rectangle; nothing if it has no width or height.
    pub(crate) fn fill(&self, left: i32, top: i32, right: i32, bottom: i32, colour: Rgb) {
        if left < right && top < bottom {
            self.area.draw(&Rectangle::new([(left, top), (right, bottom)], filled(colour))).expect(IN_MEMORY);
        }
    }

    /// Draws slanting lines over a rectangle.
    pub(crate) fn hatch(&self, left: i32, top: i32, right: i32, bottom: i32, colour: Rgb) {
        const APART_PX: usize = 5;
        let height = bottom - top;
        for start in (left - height..right).step_by(APART_PX) {
            // From the lower left to the upper right, cut to the rectangle.
            let from = (left - start).max(0);
            let to = (right - start).min(height);
            if from < to {
                let line = vec![(start + from, bottom - from), (start + to, bottom - to)];
                self.area.draw(&PathElement::new(line, rgb(colour).stroke_width(1))).expect(IN_MEMORY);
            }
        }
    }

    /// Draws a text with the tops of its capitals at `top`.
    pub(crate) fn text(&self, text: &str, x: i32, top: i32, ink: Ink) {
        self.draw_text(text, x, top, ink, VPos::Top);
    }

    /// Draws a text with its digits centred on `middle`.
    pub(crate) fn text_middle(&self, text: &str, x: i32, middle: i32, ink: Ink) {
        // plotters centres the x-height; digits are taller by about a tenth of the font size.
        self.draw_text(text, x, middle + (ink.size_px * 0.1).round() as i32, ink, VPos::Center);
    }

    fn draw_text(&self, text: &str, x: i32, y: i32, ink: Ink, v_pos: VPos) {
        if text.is_empty() {
            return;
        }
        let weight = if ink.bold { FontStyle::Bold } else { FontStyle::Normal };
        let h_pos = match ink.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font = FontDesc::new(FontFamily::Name(self.font_family), ink.size_px * BACKEND_SIZE, weight);
        let colour = rgb(ink.colour);
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(h_pos, v_pos));
        self.area.draw(&Text::new(text, (x, y), style)).expect(IN_MEMORY);
    }

    /// The plot area as a place for values: x from 0 to `x_end`, y from 0 to `y_end`.
    pub(crate) fn plot(&self, plot: PlotArea, x_end: f64, y_end: f64) -> Plot<'a> {
        self.area.apply_coord_spec(Cartesian2d::new(
            0.0..x_end,
            0.0..y_end,
            (plot.left..plot.right, plot.bottom..plot.top),
        ))
    }
}

/// Draws an area from zero up to a line, and the line on top. The line is moved down by `down_px`, so that two lines of
/// the same height lie one below the other and both can be seen.
pub(crate) fn area(plot: &Plot<'_>, line: &[(f64, f64)], fill: Rgb, stroke: Rgb, width_px: u32, down_px: i32) {
    for element in AreaSeries::new(line.iter().copied(), 0.0, filled(fill)) {
        plot.draw(&element).expect(IN_MEMORY);
    }
    let moved = line.iter().map(|point| plot.map_coordinate(point)).map(|(x, y)| (x, y + down_px)).collect::<Vec<_>>();
    let path = PathElement::new(moved, rgb(stroke).stroke_width(width_px));
    plot.strip_coord_spec().draw(&path).expect(IN_MEMORY);
}

/// Draws an area from zero up to a line, with its outline as dots of `width_px`, so that it does not look certain.
pub(crate) fn dotted_area(
    canvas: &Canvas<'_>,
    plot: &Plot<'_>,
    line: &[(f64, f64)],
    fill: Rgb,
    stroke: Rgb,
    width_px: u32,
    down_px: i32,
) {
    for element in AreaSeries::new(line.iter().copied(), 0.0, filled(fill)) {
        plot.draw(&element).expect(IN_MEMORY);
    }
    dots(canvas, plot, line, stroke, width_px, down_px);
}

/// A line of dots of `width_px`, so that it does not look certain.
pub(crate) fn dots(
    canvas: &Canvas<'_>,
    plot: &Plot<'_>,
    line: &[(f64, f64)],
    stroke: Rgb,
    width_px: u32,
    down_px: i32,
) {
    let width_px = width_px.cast_signed();
    let mut along_px = 0;
    for pair in line.windows(2) {
        let ((x, y), (x_end, y_end)) = (plot.map_coordinate(&pair[0]), plot.map_coordinate(&pair[1]));
        let length_px = (x_end - x).abs().max((y_end - y).abs());
        let step = ((x_end - x).signum(), (y_end - y).signum());
        for at in 0..length_px {
            if (along_px + at) % (2 * DOT_PX) == 0 {
                let (left, top) = (x + step.0 * at, y + step.1 * at + down_px);
                let (dot_px, high_px) = if step.1 == 0 { (DOT_PX, width_px) } else { (width_px, DOT_PX) };
                let end = if step.1 == 0 { (left + dot_px).min(x_end.max(x)) } else { left + dot_px };
                canvas.fill(left, top, end, top + high_px, stroke);
            }
        }
        along_px += length_px;
    }
}

/// Length of a dot and of the gap after it, in pixels.
const DOT_PX: i32 = 3;

/// Draws a line through points, in the units of the axes.
pub(crate) fn line(plot: &Plot<'_>, points: &[(f64, f64)], colour: Rgb) {
    plot.draw(&PathElement::new(points.to_vec(), rgb(colour).stroke_width(1))).expect(IN_MEMORY);
}

/// Draws a line through points over marks of any colour: with an edge in the colour of the ground, so that it stands out.
pub(crate) fn line_over_marks(plot: &Plot<'_>, points: &[(f64, f64)], colour: Rgb, ground: Rgb) {
    for (colour, width_px) in [(ground, 4), (colour, 2)] {
        plot.draw(&PathElement::new(points.to_vec(), rgb(colour).stroke_width(width_px))).expect(IN_MEMORY);
    }
}

/// Where a value is drawn, in pixels.
pub(crate) fn pixel(plot: &Plot<'_>, x: f64, y: f64) -> (i32, i32) {
    plot.map_coordinate(&(x, y))
}

fn rgb(colour: Rgb) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

fn filled(colour: Rgb) -> ShapeStyle {
    rgb(colour).filled()
}

/// Adds what the backend leaves out: the document's role and its names. Also writes its font only once.
fn finished(svg: &str, font_family: &str, title: &str, description: &str) -> String {
    let mut escaped_family = String::new();
    escape(font_family, &mut escaped_family);
    // Texts are escaped, so only the backend's own attribute can match this.
    let svg = svg.replace(&format!(" font-family=\"{escaped_family}\""), "").replace(" opacity=\"1\"", "");
    // These are the defaults and need not be written.
    let svg = svg.replace(" stroke=\"none\"", "").replace(" stroke-width=\"1\"", "");
    // The backend puts texts on lines of their own; some programs show the line breaks as blanks.
    let svg = svg.replace("\">\n", "\">").replace("\n</text>", "</text>");
    let svg = whole_font_sizes(&thin_marks_together(&svg));
    let head_end = svg.find('>').map_or(svg.len(), |end| end);
    let mut document = String::with_capacity(svg.len() + 512);
    document.push_str(&svg[..head_end]);
    document.push_str(" role=\"img\" font-family=\"");
    document.push_str(&escaped_family);
    document.push_str("\">\n<title>");
    escape(title, &mut document);
    document.push_str("</title>\n<desc>");
    escape(description, &mut document);
    document.push_str("</desc>\n");
    document.push_str(&svg[(head_end + 1).min(svg.len())..]);
    document
}

/// Text as markup has it.
pub(crate) fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&apos;"),
            other => into.push(other),
        }
    }
}

/// Makes thin rectangles of one colour that follow each other one path: a timeline has hundreds of dots and marks, and a page
/// needs time for each element. They cover the same pixels.
fn thin_marks_together(svg: &str) -> String {
    /// Fewer than this are left as they are.
    const FEWEST: usize = 4;

    let mut together = String::with_capacity(svg.len());
    let mut lines = svg.split_inclusive('\n').peekable();
    let mut marks: Vec<Mark<'_>> = Vec::new();
    let mut written = Vec::new();
    while let Some(line) = lines.next() {
        let Some(mark) = Mark::of(line) else {
            together.push_str(line);
            continue;
        };
        marks.push(mark);
        written.push(line);
        let goes_on = lines.peek().and_then(|next| Mark::of(next)).is_some_and(|next| next.fill == mark.fill);
        if goes_on {
            continue;
        }
        if marks.len() < FEWEST {
            together.extend(written.iter().copied());
        } else {
            together.push_str("<path d=\"");
            for Mark { x, y, width, height, .. } in &marks {
                let _ = write!(together, "M{x} {y}h{width}v{height}h-{width}z");
            }
            let _ = writeln!(together, "\" fill=\"{}\"/>", mark.fill);
        }
        marks.clear();
        written.clear();
    }
    together
}

/// A filled rectangle of few pixels, as the backend writes it.
#[derive(Debug, Clone, Copy)]
struct Mark<'a> {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
    fill: &'a str,
}

impl<'a> Mark<'a> {
    /// The mark that a line of the document draws.
    fn of(line: &'a str) -> Option<Self> {
        let rest = line.trim_end().strip_prefix("<rect ")?.strip_suffix("/>")?;
        let mut attributes = rest.split_whitespace().map(|attribute| attribute.split_once('='));
        let mut next = |wanted: &str| {
            let (name, value) = attributes.next()??;
            (name == wanted).then(|| value.trim_matches('"'))
        };
        let (x, y) = (next("x")?.parse().ok()?, next("y")?.parse().ok()?);
        let (width, height) = (next("width")?.parse().ok()?, next("height")?.parse().ok()?);
        let fill = next("fill")?;
        let is_thin = i32::min(width, height) <= DOT_PX;
        (is_thin && attributes.next().is_none()).then_some(Self { x, y, width, height, fill })
    }
}

/// Restores the intended font sizes: the division leaves `13.000000000000002`.
fn whole_font_sizes(svg: &str) -> String {
    const ATTRIBUTE: &str = " font-size=\"";
    let mut parts = svg.split(ATTRIBUTE);
    let mut whole = String::with_capacity(svg.len());
    whole.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (number, rest) = part.split_once('"').unwrap_or((part, ""));
        whole.push_str(ATTRIBUTE);
        match number.parse::<f64>() {
            Ok(size_px) => whole.push_str(&((size_px * 100.0).round() / 100.0).to_string()),
            Err(_) => whole.push_str(number),
        }
        whole.push('"');
        whole.push_str(rest);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::{thin_marks_together, whole_font_sizes};

    #[test]
    fn many_marks_of_one_colour_become_one_element() {
        let mark =
            |x: i32, fill: &str| format!("<rect x=\"{x}\" y=\"-2\" width=\"3\" height=\"1\" fill=\"{fill}\"/>\n");
        let marks = |from: i32, fill: &str| (from..from + 4).map(|x| mark(x, fill)).collect::<String>();
        let other = "<text x=\"1\">2</text>\n";
        let wide = "<rect x=\"1\" y=\"1\" width=\"9\" height=\"9\" fill=\"#00AA00\"/>\n";
        let few = mark(1, "#0000AA");
        let svg = [&*marks(1, "#AA0000"), &marks(5, "#00AA00"), wide, &few, other].concat();
        let path = |from: i32, fill: &str| {
            let each = (from..from + 4).map(|x| format!("M{x} -2h3v1h-3z")).collect::<Vec<_>>().concat();
            format!("<path d=\"{each}\" fill=\"{fill}\"/>\n")
        };
        let expected = [&*path(1, "#AA0000"), &path(5, "#00AA00"), wide, &few, other].concat();
        assert_eq!(thin_marks_together(&svg), expected);
    }

    #[test]
    fn font_sizes_come_out_whole() {
        let svg = "<text x=\"1\" font-size=\"13.000000000000002\" fill=\"a\">1</text><text font-size=\"12\">2</text>";
        let whole = "<text x=\"1\" font-size=\"13\" fill=\"a\">1</text><text font-size=\"12\">2</text>";
        assert_eq!(whole_font_sizes(svg), whole);
    }
}
