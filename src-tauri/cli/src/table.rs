//! Tables for people. Columns are as wide as their widest cell, measured as terminals display letters.
//!
//! On a terminal that is too narrow, the first column, which holds names, is shortened. If that is not enough, each row
//! becomes a few lines of its own, so that nothing is broken in the middle or left out. In a pipe nothing is cut.

use console::{Alignment, measure_text_width, pad_str};
use model::line::cut;
use model::names::fitted;

use crate::terminal::{shown, stdout_width};

/// On which side of its column a cell is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Headings and rows.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

/// The widest cell on a terminal: a folder ID and a little more.
const WIDEST_CELL: usize = 48;
/// This much of a name is always shown.
const NARROWEST_NAME: usize = 20;
const GAP: &str = "  ";

impl Table {
    /// An empty table with these headings.
    pub(crate) fn new<'a>(columns: impl IntoIterator<Item = (&'a str, Side)>) -> Self {
        let columns = columns.into_iter().map(|(heading, side)| (heading.to_owned(), side));
        Self { columns: columns.collect(), rows: Vec::new() }
    }

    /// Adds a row, with as many cells as there are columns.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().map(|cell| shown(&cell)).collect();
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// The lines, as wide as standard output allows, without blanks at their ends and without the last line break.
    pub(crate) fn to_text(&self) -> String {
        self.to_text_within(stdout_width())
    }

    fn to_text_within(&self, room: Option<usize>) -> String {
        let widest = if room.is_some() { WIDEST_CELL } else { usize::MAX };
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| measure_text_width(&row[column]).min(widest));
            cells.max().unwrap_or(0).max(measure_text_width(&self.columns[column].0))
        };
        let mut widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let needed = widths.iter().sum::<usize>() + GAP.len() * (widths.len() - 1);
        if let Some(excess) = room.and_then(|room| needed.checked_sub(room)) {
            match widths[0].checked_sub(excess).filter(|left| *left >= NARROWEST_NAME) {
                Some(left) => widths[0] = left,
                None if excess > 0 => return self.row_by_row(room.unwrap_or(usize::MAX)),
                None => {}
            }
        }
        let headings: Vec<String> = self.columns.iter().map(|(heading, _)| heading.clone()).collect();
        let width_of = |text: &str| measure_text_width(text) as f64;
        let all_names: Vec<String> = self.rows.iter().map(|row| row[0].clone()).collect();
        let names = fitted(&all_names, widths[0] as f64, width_of);
        let lines =
            std::iter::once((&headings, &headings[0])).chain(self.rows.iter().zip(&names)).map(|(cells, first)| {
                let cells = std::iter::once(first).chain(&cells[1..]);
                let padded = cells.zip(&widths).zip(&self.columns).map(|((cell, width), (_, side))| {
                    let side = if *side == Side::Left { Alignment::Left } else { Alignment::Right };
                    let cell = cut(cell, *width as f64, width_of);
                    pad_str(&cell, *width, side, None).into_owned()
                });
                padded.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
            });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Each row in lines of its own: its name, and below it the values of its columns.
    fn row_by_row(&self, room: usize) -> String {
        let mut lines = Vec::new();
        for row in &self.rows {
            lines.push(row[0].clone());
            let mut line = String::new();
            for ((heading, _), cell) in self.columns.iter().zip(row).skip(1).filter(|(_, cell)| !cell.is_empty()) {
                let fact = format!("{heading}: {cell}");
                let fits = |line: &str, gap: &str, text: &str| {
                    measure_text_width(line) + gap.len() + measure_text_width(text) <= room
                };
                if !line.is_empty() && !fits(&line, GAP, &fact) {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(GAP);
                if fits(&line, "", &fact) {
                    line.push_str(&fact);
                    continue;
                }
                // Longer than a whole line: broken between words, with the rest indented a little further.
                for (index, word) in fact.split(' ').enumerate() {
                    if index > 0 && !fits(&line, " ", word) {
                        lines.push(std::mem::replace(&mut line, GAP.repeat(2)));
                    } else if index > 0 {
                        line.push(' ');
                    }
                    line.push_str(word);
                }
            }
            lines.extend((!line.is_empty()).then_some(line));
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn courses() -> Table {
        let mut table = Table::new([("Course", Side::Left), ("Videos", Side::Right), ("ID", Side::Left)]);
        let id = "6513270e-269e-4d37-b2a7-4de452e6b438".to_owned();
        table.row(["COMM 290, the first half of the year".to_owned(), "7".to_owned(), id.clone()]);
        table.row(["数据".to_owned(), String::new(), id]);
        table
    }

    #[test]
    fn columns_line_up_in_every_script() {
        let mut table = Table::new([("Course", Side::Left), ("Videos", Side::Right)]);
        table.row(["数据".to_owned(), "7".to_owned()]);
        table.row(["COMM 290".to_owned(), "1,204".to_owned()]);
        for room in [None, Some(80)] {
            assert_eq!(table.to_text_within(room), "Course    Videos\n数据           7\nCOMM 290   1,204");
        }
    }

    #[test]
    fn on_a_terminal_a_name_gives_way_to_the_other_columns() {
        let mut table = Table::new([("Course", Side::Left), ("ID", Side::Left)]);
        table.row(["x".repeat(300), "1".to_owned()]);
        assert!(table.to_text_within(Some(200)).lines().all(|line| measure_text_width(line) <= WIDEST_CELL + 4));
        assert_eq!(
            courses().to_text_within(Some(72)),
            "Course                      Videos  ID\n\
             COMM 290, the … the year         7  6513270e-269e-4d37-b2a7-4de452e6b438\n\
             数据                                6513270e-269e-4d37-b2a7-4de452e6b438"
        );
    }

    #[test]
    fn on_a_narrow_terminal_each_row_has_lines_of_its_own() {
        assert_eq!(
            courses().to_text_within(Some(40)),
            "COMM 290, the first half of the year\n  Videos: 7\n  ID:\n    6513270e-269e-4d37-b2a7-4de452e6b438\n\
             数据\n  ID:\n    6513270e-269e-4d37-b2a7-4de452e6b438"
        );
    }

    #[test]
    fn behind_a_pipe_nothing_is_cut() {
        let mut table = Table::new([("Course", Side::Left), ("ID", Side::Left)]);
        table.row(["x".repeat(300), "1".to_owned()]);
        assert!(table.to_text_within(None).contains(&"x".repeat(300)));
    }
}
