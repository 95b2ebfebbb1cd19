//! What a chart that stands alone says about itself: title, subject and dates above it; below it what its figures count,
//! and how recent the data are.
//!
//! Deliberately absent: the chart itself. Invariant: every name has a line of its own, so that a name written from right
//! to left does not reorder the text beside it.

use model::line::{cut, cut_middle, one_line};
use model::{Figure, Telling};

use crate::canvas::{Canvas, Ink};
use crate::chart::Style;
use crate::palette::Palette;
use crate::text::{measure_bold_px, measure_px, wrap};
use crate::ticks::LABEL_PX;

/// Room between the border of a saved drawing and what is in it.
pub(crate) const PADDING_PX: i32 = 16;

/// Font size of titles, in pixels.
const TITLE_PX: f64 = 15.0;
/// Font size of the name of what is shown, in pixels.
const SUBJECT_PX: f64 = 13.0;

/// Height of the title and of each further line.
const TITLE_LINE_PX: i32 = 23;
const LINE_PX: i32 = 18;
const NOTE_LINE_PX: i32 = 16;
/// What a chart says that was saved while presenting.
const PRESENTED: &str = "Groups below 5 are hidden; numbers of people are rounded down to fives.";

/// Room above the notes.
const NOTES_OFF_PX: i32 = 14;

/// The most lines a note may take: many, for narrow drawings.
const MOST_NOTE_LINES: usize = 16;

/// A caption set for a width.
pub(crate) struct Captioned {
    title: String,
    /// Text and font size of the lines under the title.
    lines: Vec<(String, f64)>,
    notes: Vec<String>,
    room_px: f64,
}

impl Captioned {
    /// Title, subject, course, dates and subtitle; below the chart the notes and how recent the data are. `None` for a
    /// chart on screen, where the window says all this.
    pub(crate) fn new(style: &Style, title: &str, subtitle: Option<&str>, notes: &[String]) -> Option<Self> {
        let caption = style.caption.as_ref()?;
        let room_px = f64::from(style.width_px.cast_signed().max(40) - 2 * PADDING_PX);
        let facts = [caption.range.as_str(), subtitle.unwrap_or_default()];
        let facts: Vec<String> = facts.into_iter().map(one_line).filter(|fact| !fact.is_empty()).collect();
        let lines = [
            (one_line(&caption.subject), SUBJECT_PX),
            (one_line(&caption.course), LABEL_PX),
            (facts.join(" · "), LABEL_PX),
        ];
        let freshness = one_line(&caption.freshness);
        let presented = match style.telling {
            Telling::Exactly => None,
            Telling::InFives => Some(PRESENTED.to_owned()),
        };
        let notes = notes
            .iter()
            .chain(&presented)
            .chain((!freshness.is_empty()).then_some(&freshness))
            .flat_map(|note| wrap(note, room_px, MOST_NOTE_LINES, |text| measure_px(text, LABEL_PX)))
            .collect();
        Some(Self {
            title: title.to_owned(),
            lines: lines.into_iter().filter(|(line, _)| !line.is_empty()).collect(),
            notes,
            room_px,
        })
    }

    /// Height of title and lines, in pixels.
    pub(crate) fn height_px(&self) -> i32 {
        TITLE_LINE_PX + LINE_PX * self.lines.len() as i32
    }

    /// Height of the notes with the room above them, in pixels.
    pub(crate) fn notes_px(&self) -> i32 {
        if self.notes.is_empty() { 0 } else { NOTES_OFF_PX + NOTE_LINE_PX * self.notes.len() as i32 }
    }

    /// Draws title and lines into the upper left corner, the notes into the lower one of a drawing of this height.
    pub(crate) fn draw(&self, canvas: &Canvas<'_>, palette: &Palette, height_px: u32) {
        let title = cut(&self.title, self.room_px, |text| measure_bold_px(text, TITLE_PX));
        canvas.text(&title, PADDING_PX, PADDING_PX, Ink::new(palette.text, TITLE_PX).bold());
        let mut top = PADDING_PX + TITLE_LINE_PX;
        for (line, size_px) in &self.lines {
            let colour = if *size_px > LABEL_PX { palette.text } else { palette.text_muted };
            let line = cut_middle(line, self.room_px, |text| measure_px(text, *size_px));
            canvas.text(&line, PADDING_PX, top, Ink::new(colour, *size_px));
            top += LINE_PX;
        }
        let mut top = height_px.cast_signed() - PADDING_PX - NOTE_LINE_PX * self.notes.len() as i32 + 2;
        for note in &self.notes {
            canvas.text(note, PADDING_PX, top, Ink::new(palette.text_muted, LABEL_PX));
            top += NOTE_LINE_PX;
        }
    }
}

/// What figures count, in the words of *What is this?*: one note for each.
pub(crate) fn definitions(figures: &[Figure]) -> Vec<String> {
    figures.iter().map(|figure| format!("{}. {}", figure.name(), figure.definition())).collect()
}
