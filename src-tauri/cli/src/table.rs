//! Tables for people: columns as wide as their widest cell, in the width that letters take on a terminal.

use console::{Alignment, measure_text_width, pad_str};

use crate::terminal::shown;

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Headings and rows. Longer names than [`WIDEST_CELL`] are cut, with `…`.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

/// The widest a cell gets, in columns of the terminal: a folder ID and a little.
pub(crate) const WIDEST_CELL: usize = 48;

impl Table {
    /// An empty table with these headings.
    pub(crate) fn new<const N: usize>(columns: [(&str, Side); N]) -> Self {
        Self { columns: columns.map(|(heading, side)| (heading.to_owned(), side)).into(), rows: Vec::new() }
    }

    /// Adds a row; as many cells as there are columns.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        debug_assert_eq!(N, self.columns.len());
        self.rows.push(cells.map(|cell| fitted(&shown(&cell))).into());
    }

    /// The lines, without blanks at their ends and without the last line break.
    pub(crate) fn to_text(&self) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| measure_text_width(&row[column]));
            cells.max().unwrap_or(0).max(measure_text_width(&self.columns[column].0))
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let headings: Vec<String> = self.columns.iter().map(|(heading, _)| heading.clone()).collect();
        let lines = std::iter::once(&headings).chain(&self.rows).map(|cells| {
            let padded = cells.iter().zip(&widths).zip(&self.columns).map(|((cell, width), (_, side))| {
                let side = if *side == Side::Left { Alignment::Left } else { Alignment::Right };
                pad_str(cell, *width, side, None)
            });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn fitted(cell: &str) -> String {
    console::truncate_str(cell, WIDEST_CELL, "…").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_in_every_script() {
        let mut table = Table::new([("Course", Side::Left), ("Videos", Side::Right)]);
        table.row(["数据".to_owned(), "7".to_owned()]);
        table.row(["COMM 290".to_owned(), "1,204".to_owned()]);
        assert_eq!(table.to_text(), "Course    Videos\n数据           7\nCOMM 290   1,204");
    }

    #[test]
    fn a_long_name_does_not_push_the_others_away() {
        let mut table = Table::new([("Course", Side::Left), ("ID", Side::Left)]);
        table.row(["x".repeat(300), "1".to_owned()]);
        assert!(table.to_text().lines().all(|line| measure_text_width(line) <= WIDEST_CELL + 4));
    }
}
