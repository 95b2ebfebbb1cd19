//! Dates of the course on a saved chart across time: a line where each is, its name above the plot, and a note that says when
//! it is and tells the name in full.
//!
//! Deliberately absent: the flags on screen, which are buttons of the window. Invariants: a date that has a line is told below;
//! no name touches another, or the line of another. What has no room for its name keeps its line.

use model::line::{cut, one_line};
use model::{DateRange, Flag, words};

use crate::canvas::{Canvas, Ink};
use crate::chart::{PlotArea, Style};
use crate::palette::Palette;
use crate::text::measure_px;
use crate::ticks::{Anchor, LABEL_PX};

/// Height of a row of names.
const ROW_PX: i32 = 16;
/// More rows would be higher than the chart.
const MOST_ROWS: usize = 4;
/// A longer name is told in full below.
const LONGEST_PX: f64 = 150.0;
/// Room between a line and the name beside it, and between two names.
const OFF_PX: i32 = 5;
/// Dates that are told one by one; a timetable of lectures has more.
const MOST_TOLD: usize = 12;

/// The flags of a chart, each in its place.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    placed: Vec<Placed>,
    rows: usize,
}

#[derive(Debug)]
struct Placed {
    /// Where the line is.
    x: i32,
    /// The name, with its row from the plot upwards; `None` where it has no room.
    name: Option<Name>,
}

#[derive(Debug)]
struct Name {
    text: String,
    row: usize,
    from: i32,
    to: i32,
    /// Whether it stands at the left of its line.
    is_turned: bool,
}

/// The dates that a chart over these days marks.
pub(crate) fn within(style: &Style, days: Option<DateRange>) -> Vec<&Flag> {
    let all = style.caption.iter().flat_map(|caption| &caption.dates);
    all.filter(|flag| days.is_some_and(|days| days.contains(flag.day()))).collect()
}

/// What each of them is: `Mon 5 Oct 09:00, Exam: Midterm`. Where there are too many, what is due is told first.
pub(crate) fn notes(flags: &[&Flag]) -> Vec<String> {
    let mut told = flags.to_vec();
    if told.len() > MOST_TOLD {
        told.sort_by_key(|flag| !flag.kind.is_due());
    }
    // The name comes last, so that one written from right to left does not reorder the words beside it.
    let in_words = |flag: &&Flag| format!("{}, {}: {}", flag.when(), flag.kind.name(), one_line(&flag.name));
    let mut notes: Vec<String> = told.iter().take(MOST_TOLD).map(in_words).collect();
    let more = told.len().saturating_sub(MOST_TOLD);
    if more > 0 {
        notes.push(format!("And {}", words::counted(more as u64, "more date", "more dates")));
    }
    notes
}

impl Flags {
    /// Places the names of these flags over a plot of these days.
    pub(crate) fn new(flags: &[&Flag], days: DateRange, plot: PlotArea) -> Self {
        let x = |flag: &Flag| {
            let day = f64::from(flag.day().days_since_1970() - days.first().days_since_1970()) + 0.5;
            plot.left + (day / days.day_count() as f64 * f64::from(plot.width())).round() as i32
        };
        let lines: Vec<i32> = flags.iter().map(|flag| x(flag)).collect();
        let mut placed: Vec<Placed> = lines.iter().map(|x| Placed { x: *x, name: None }).collect();
        let mut rows = 0;
        // What is due has the first choice.
        for due in [true, false] {
            for (index, flag) in flags.iter().enumerate().filter(|(_, flag)| flag.kind.is_due() == due) {
                let name = (0..MOST_ROWS).find_map(|row| named(flag, lines[index], row, plot, &placed));
                rows = rows.max(name.as_ref().map_or(0, |name| name.row + 1));
                placed[index].name = name;
            }
        }
        Self { placed, rows }
    }

    /// The room that the names need above the plot.
    pub(crate) const fn height_px(&self) -> i32 {
        ROW_PX * self.rows as i32
    }

    /// Draws lines and names.
    pub(crate) fn draw(&self, canvas: &Canvas<'_>, palette: &Palette, plot: PlotArea) {
        for Placed { x, name } in &self.placed {
            let top = name.as_ref().map_or(plot.top, |name| plot.top - ROW_PX * (name.row as i32 + 1));
            canvas.fill(*x, top, x + 1, plot.bottom, palette.text_muted);
            if let Some(name) = name {
                let (at, anchor) = if name.is_turned { (x - OFF_PX, Anchor::End) } else { (x + OFF_PX, Anchor::Start) };
                canvas.text_middle(&name.text, at, top + ROW_PX / 2, Ink::new(palette.text, LABEL_PX).at(anchor));
            }
        }
    }
}

/// The name of a flag in this row, where nothing is in its way.
fn named(flag: &Flag, x: i32, row: usize, plot: PlotArea, placed: &[Placed]) -> Option<Name> {
    let text =
        cut(&one_line(&flag.name), LONGEST_PX.min(f64::from(plot.width()) / 2.0), |text| measure_px(text, LABEL_PX));
    if text.is_empty() {
        return None;
    }
    let wide = measure_px(&text, LABEL_PX).ceil() as i32 + OFF_PX;
    let is_turned = x + wide > plot.right;
    let (from, to) = if is_turned { (x - wide, x) } else { (x, x + wide) };
    let is_free = placed.iter().all(|other| {
        let crosses = |line: i32| line > from - OFF_PX && line < to + OFF_PX && line != x;
        match &other.name {
            Some(name) if name.row == row => name.to + OFF_PX <= from || to + OFF_PX <= name.from,
            // Its line goes through this row.
            Some(name) if name.row > row => !crosses(other.x) && (other.x != x || name.is_turned == is_turned),
            // This line goes through its row.
            Some(name) => x <= name.from - OFF_PX || x >= name.to + OFF_PX || other.x == x,
            None => true,
        }
    });
    is_free.then_some(Name { text, row, from, to, is_turned })
}
